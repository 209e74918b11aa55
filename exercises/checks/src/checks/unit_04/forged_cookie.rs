//! A cookie whose facts are replaced, as somebody does it who holds one of his own.

use base64::{
    Engine,
    alphabet::{STANDARD, URL_SAFE},
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};

/// How facts can be written in a cookie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Writing {
    /// As they are.
    Plain,
    /// Percent-encoded, as in an address.
    Percent,
    /// In base64, as in a JWT or a cookie that looks secret.
    Base64,
}

/// All of them.
pub(super) const WRITINGS: [Writing; 3] = [Writing::Plain, Writing::Percent, Writing::Base64];

impl Writing {
    /// For a message.
    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::Plain => "they stood there as they are",
            Self::Percent => "they stood there percent-encoded",
            Self::Base64 => "they stood there in base64, which everybody can read and write",
        }
    }

    /// The value with the second text of each pair for the first; `None` if it holds none of the first.
    pub(super) fn forge(self, value: &str, swaps: &[(&str, &str)]) -> Option<String> {
        match self {
            Self::Plain => swapped(value, swaps),
            Self::Percent => {
                let plain = percent_decoded(value)?;
                let encoded = |text: String| url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>().replace('+', "%20");
                swapped(&plain, swaps).map(encoded)
            }
            Self::Base64 => in_base64(value, swaps),
        }
    }
}

fn swapped(text: &str, swaps: &[(&str, &str)]) -> Option<String> {
    let changed = swaps.iter().fold(text.to_owned(), |text, (own, other)| text.replace(own, other));
    (changed != text).then_some(changed)
}

fn percent_decoded(value: &str) -> Option<String> {
    let pair = format!("v={}", value.replace('+', "%2B"));
    let (_, decoded) = url::form_urlencoded::parse(pair.as_bytes()).next()?;
    value.contains('%').then(|| decoded.into_owned())
}

/// Each run of base64 letters for itself: of a JWT the header, the claims and the signature.
fn in_base64(value: &str, swaps: &[(&str, &str)]) -> Option<String> {
    let is_letter = |letter: char| letter.is_ascii_alphanumeric() || "+/-_".contains(letter);
    let mut forged = String::new();
    let mut rest = value;
    let mut is_changed = false;
    while !rest.is_empty() {
        let end = rest.find(|letter| !is_letter(letter)).unwrap_or(rest.len());
        let (run, behind) = rest.split_at(end);
        let new = other_run(run, behind.starts_with('='), swaps);
        is_changed |= new.is_some();
        // What stands behind a run that was padded is its old padding.
        let behind = if new.is_some() { behind.trim_start_matches('=') } else { behind };
        forged.push_str(new.as_deref().unwrap_or(run));
        let next = behind.find(is_letter).unwrap_or(behind.len());
        forged.push_str(&behind[..next]);
        rest = &behind[next..];
    }
    is_changed.then_some(forged)
}

fn other_run(run: &str, is_padded: bool, swaps: &[(&str, &str)]) -> Option<String> {
    let alphabet = if run.contains(['-', '_']) { URL_SAFE } else { STANDARD };
    let config = GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent).with_encode_padding(is_padded);
    let engine = GeneralPurpose::new(&alphabet, config);
    let text = String::from_utf8(engine.decode(run).ok()?).ok()?;
    swapped(&text, swaps).map(|text| engine.encode(text))
}

#[cfg(test)]
mod tests {
    use base64::engine::general_purpose::{STANDARD as PADDED, URL_SAFE_NO_PAD};

    use super::*;

    const SWAPS: &[(&str, &str)] = &[("ben@abc.example", "ada@abc.example"), ("Client", "Policy.Admin")];

    #[test]
    fn facts_are_replaced_in_each_writing() {
        assert_eq!(Writing::Plain.forge("ben@abc.example|Client", SWAPS).as_deref(), Some("ada@abc.example|Policy.Admin"));
        assert_eq!(Writing::Percent.forge("ben%40abc.example%7CClient", SWAPS).as_deref(), Some("ada%40abc.example%7CPolicy.Admin"));
        let padded = PADDED.encode("{\"u\":\"ben@abc.example\"}");
        assert_eq!(Writing::Base64.forge(&padded, SWAPS), Some(PADDED.encode("{\"u\":\"ada@abc.example\"}")));
    }

    #[test]
    fn of_a_token_the_claims_are_replaced_and_the_signature_stays() {
        let token = |name: &str| format!("eyJhbGciOiJIUzI1NiJ9.{}.c2lnbmF0dXJl", URL_SAFE_NO_PAD.encode(format!("{{\"u\":\"{name}\"}}")));
        assert_eq!(Writing::Base64.forge(&token("ben@abc.example"), SWAPS), Some(token("ada@abc.example")));
    }

    #[test]
    fn a_random_value_is_left_alone() {
        for writing in WRITINGS {
            assert_eq!(writing.forge("q8QxAbcdEfghIjklMnopQrstUvwx0123456789_-abc", SWAPS), None);
        }
    }
}
