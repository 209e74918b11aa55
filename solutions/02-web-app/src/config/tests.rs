use std::collections::HashMap;

use super::{Config, ConfigError, VARIABLES};

/// A file without policies.
const POLICY_DATA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/no-policies.json");

fn read(change: impl Fn(&mut HashMap<&'static str, String>)) -> Result<Config, ConfigError> {
    let mut variables = HashMap::from([
        ("AUTHORITY", "http://localhost:8400/tenant-1/".to_owned()),
        ("CLIENT_ID", "client-1".to_owned()),
        ("CLIENT_SECRET", "very-secret".to_owned()),
        ("REDIRECT_URI", "http://localhost:5000/getAToken".to_owned()),
        ("SCOPE", "User.Read  Mail.Read".to_owned()),
        ("ENDPOINT", "http://localhost:8400/graph/v1.0/me".to_owned()),
        ("PORT", "5000".to_owned()),
        ("SESSION_KEY", "0123456789abcdef0123456789abcdef".to_owned()),
        ("POLICY_DATA", POLICY_DATA.to_owned()),
    ]);
    change(&mut variables);
    Config::from_variables(|name| variables.get(name).cloned())
}

#[test]
fn a_complete_configuration_is_read() {
    let config = read(|_| {}).unwrap();
    assert_eq!(config.authority, "http://localhost:8400/tenant-1");
    assert_eq!(config.tenant_id(), "tenant-1");
    assert_eq!(config.issuer(), "http://localhost:8400/tenant-1/v2.0");
    assert_eq!(config.scopes, ["User.Read", "Mail.Read"]);
    assert_eq!(config.port, 5000);
    assert_eq!(config.post_logout_redirect_uri(), "http://localhost:5000/");
}

#[test]
fn each_missing_or_empty_variable_is_named() {
    for name in VARIABLES {
        let absent = read(|variables| drop(variables.remove(name))).unwrap_err().to_string();
        let empty = read(|variables| drop(variables.insert(name, String::new()))).unwrap_err().to_string();
        assert!(absent.starts_with(&format!("{name} not set")), "{absent}");
        assert_eq!(absent, empty);
    }
}

#[test]
fn all_missing_variables_are_named_at_once() {
    let text = Config::from_variables(|_| None).unwrap_err().to_string();
    assert!(text.contains("CLIENT_SECRET") && text.contains("PORT"), "{text}");
}

#[test]
fn a_wrong_value_is_named_and_a_secret_one_is_not_shown() {
    let with = |name, value: &str| read(|variables| drop(variables.insert(name, value.to_owned()))).unwrap_err().to_string();
    assert!(with("PORT", "http").contains("PORT has a wrong value"));
    assert!(with("AUTHORITY", "localhost:8400/t").contains("AUTHORITY"));
    assert!(with("POLICY_DATA", "no-such-file.json").contains("no-such-file.json"));
    let short = with("SESSION_KEY", "short");
    assert!(short.contains("SESSION_KEY") && !short.contains("short"), "{short}");
}

#[test]
fn the_printed_configuration_holds_no_secret() {
    let text = format!("{:?}", read(|_| {}).unwrap());
    assert!(!text.contains("very-secret") && !text.contains("0123456789abcdef"), "{text}");
}
