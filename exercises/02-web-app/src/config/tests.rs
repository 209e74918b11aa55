use super::{port, session_key, web_address};

#[test]
fn a_wrong_value_is_named_and_a_secret_one_is_not_shown() {
    assert!(port("http").unwrap_err().to_string().contains("PORT has a wrong value"));
    assert!(web_address("AUTHORITY", "localhost:8400/t".to_owned()).unwrap_err().to_string().contains("AUTHORITY"));
    let short = session_key("short".to_owned()).unwrap_err().to_string();
    assert!(short.contains("SESSION_KEY") && !short.contains("short"), "{short}");
}

// Add tests of your own here: `Config::from_variables` takes any source of variables, for example a map.
