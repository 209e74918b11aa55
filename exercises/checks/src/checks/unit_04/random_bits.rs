//! An estimate of how much of a value is left to chance, seen from outside.

/// How many bits the changing part of the values can hold: without what all begin and end with, by the alphabet that they use.
pub(super) fn random_bits(values: &[String]) -> f64 {
    let letters: Vec<Vec<char>> = values.iter().map(|value| value.chars().collect()).collect();
    let shortest = letters.iter().map(Vec::len).min().unwrap_or(0);
    let all_same = |pick: &dyn Fn(&[char]) -> char| letters.windows(2).all(|pair| pick(&pair[0]) == pick(&pair[1]));
    let prefix = (0..shortest).take_while(|index| all_same(&|value| value[*index])).count();
    let suffix = (0..shortest - prefix).take_while(|index| all_same(&|value| value[value.len() - 1 - *index])).count();
    let changing: String = letters.iter().flat_map(|value| &value[prefix..value.len() - suffix]).collect();
    let length = letters.iter().map(|value| value.len() - prefix - suffix).min().unwrap_or(0);
    let length = u32::try_from(length).map_or(f64::MAX, f64::from);
    // A value that happens to begin alike would seem too short; one letter is given back.
    (length + 1.0) * bits_per_letter(&changing)
}

fn bits_per_letter(text: &str) -> f64 {
    let has = |class: fn(&char) -> bool| text.chars().any(|letter| class(&letter));
    let is_hex = text.chars().all(|letter| letter.is_ascii_hexdigit() || letter == '-');
    let mut size = 0.0;
    if has(char::is_ascii_digit) {
        size += 10.0;
    }
    if is_hex && size > 0.0 {
        // A UUID's hyphens hold nothing; the letters around them are hexadecimal.
        return if has(|letter| *letter == '-') { 4.0 * 32.0 / 36.0 } else { 4.0 };
    }
    if has(char::is_ascii_lowercase) {
        size += 26.0;
    }
    if has(char::is_ascii_uppercase) {
        size += 26.0;
    }
    if has(|letter| !letter.is_ascii_alphanumeric()) {
        size += 2.0;
    }
    f64::max(size, 2.0).log2()
}

#[cfg(test)]
mod tests {
    use super::random_bits;

    fn bits(values: &[&str]) -> f64 {
        random_bits(&values.iter().map(|value| (*value).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn a_counter_behind_a_long_name_holds_few_bits() {
        assert!(bits(&["my-very-long-state-value-000000000041", "my-very-long-state-value-000000000042"]) < 10.0);
        assert!(bits(&["1764061112345", "1764061112391"]) < 20.0);
    }

    #[test]
    fn base64url_hex_and_uuid_are_long_enough() {
        assert!(bits(&["q8QxAbcdEfghIjklMnopQrstUvwx0123456789_-abc", "A1bxZbcdEfghIjklMnopQrstUvwx0123456789_-xyz"]) > 128.0);
        assert!(bits(&["0f3a9c4e5b6d7f8091a2b3c4d5e6f708", "1e4b8d5f6a7c8e9182b3c4d5e6f7a819"]) >= 128.0);
        assert!(bits(&["7f9c24e8-3b5d-4f6a-9c8e-1a2b3c4d5e6f", "0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d"]) >= 128.0);
    }

    #[test]
    fn what_msal_for_python_sends_is_enough_for_core() {
        assert!(bits(&["kQzTnWbYpLcRsHgX", "MdVfJuKeAoZiNqBt"]) >= 80.0);
    }
}
