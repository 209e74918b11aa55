//! U2-15: no secret among the files that are handed in.
//!
//! A long random text may as well be a test vector of a specification, and a right app must pass. So only three things count: the very value of the
//! learner's `.env`, a text in the shape that Entra gives its client secrets, and a private key.

use crate::{
    check::{AppUse, Check, USUAL_LIMIT},
    stage::Stage,
    unit::{Profile, Unit},
    verdict::{Failure, Outcome},
};

/// U2-15
pub const NO_COMMITTED_SECRET: Check = Check {
    id: "U2-15",
    unit: Unit::WebApp,
    title: "no secret lies in src/",
    points: 1,
    gate: None,
    depends_on: &[],
    profile: Profile::Core,
    misconceptions: &["M40"],
    hint: "Read the secret from the environment. The file .env, which git ignores, is the place for its value.",
    page: "unit-2/configuration.html#secrets",
    app: AppUse::None,
    limit: USUAL_LIMIT,
    run: |stage| Box::pin(async { no_committed_secret(stage) }),
};

fn no_committed_secret(stage: &Stage) -> Outcome {
    let files = stage.files()?;
    let own: Vec<(&str, String)> =
        ["CLIENT_SECRET", "SESSION_KEY"].into_iter().filter_map(|name| Some((name, files.env_value(name)?))).collect();
    for (file, text) in files.texts() {
        for (index, line) in text.lines().enumerate() {
            if let Some(what) = secret_in(line, &own) {
                return Err(found(&file, index + 1, &what));
            }
        }
    }
    Ok(())
}

/// What secret a line holds, in words that do not repeat it.
fn secret_in(line: &str, own: &[(&str, String)]) -> Option<String> {
    if let Some((name, _)) = own.iter().find(|(_, value)| value.len() >= SHORTEST && line.contains(value.as_str())) {
        return Some(format!("the value that {name} has in your .env"));
    }
    if line.contains("-----BEGIN ") && line.contains("PRIVATE KEY-----") {
        return Some("the beginning of a private key".to_owned());
    }
    has_entra_secret(line).then(|| "a text in the shape of a client secret of Microsoft Entra".to_owned())
}

/// A shorter value of `.env` is a word, which may stand anywhere.
const SHORTEST: usize = 12;

/// Three characters, a digit, `Q~`, and 31 to 34 characters: the shape that secret scanners know (Microsoft Purview: "Azure AD client secret").
fn has_entra_secret(line: &str) -> bool {
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || b"_-.~".contains(byte);
    let bytes = line.as_bytes();
    line.match_indices("Q~").any(|(at, _)| {
        let before = bytes[..at].iter().rev().take_while(|byte| is_part(byte)).count();
        let after = bytes[at + 2..].iter().take_while(|byte| is_part(byte)).count();
        before == 4 && bytes[at - 1].is_ascii_digit() && (31..=34).contains(&after)
    })
}

fn found(file: &str, line: usize, what: &str) -> crate::verdict::Problem {
    Failure::new(
        "The grader read every file under src/.",
        format!("src/{file}, line {line}, holds {what}."),
        "no secret in any file that is handed in",
        "What was committed stays in the history, also after the line is deleted. A real secret that was there must be replaced: make a new one first, \
         then remove the old one.",
    )
    .attack("Whoever can read the repository signs in as the app.")
    .into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_a_secret_for_certain_is_found() {
        let own = [("CLIENT_SECRET", "practice-secret-of-mine".to_owned()), ("SESSION_KEY", "key".to_owned())];
        let tail = "b".repeat(31);
        for line in [
            format!("let secret = \"abc8Q~{tail}\";"),
            format!("CLIENT_SECRET=abc8Q~{tail}bbb"),
            "    // the one of Tuesday: practice-secret-of-mine".to_owned(),
            "-----BEGIN RSA PRIVATE KEY-----".to_owned(),
        ] {
            assert!(secret_in(&line, &own).is_some(), "{line}");
        }
        for line in [
            // RFC 7636, Appendix B.
            "let challenge = \"E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM\";".to_owned(),
            format!("abcdefgh8Q~{tail}"),
            format!("abcdQ~{tail}"),
            format!("abc8Q~{tail}bbbb"),
            "Q~".to_owned(),
            "let key = config.session_key;".to_owned(),
        ] {
            assert_eq!(secret_in(&line, &own), None, "{line}");
        }
    }
}
