//! What the properties of a user may hold: "user resource type", and "Password policies and account restrictions in Microsoft Entra ID".

use serde_json::Value;

use crate::directory::{refusal::Refusal, user::User, validation::Problem};

/// The most characters of properties that are texts, by "user resource type".
const LIMITS: [(&str, usize); 13] = [
    ("city", 128),
    ("companyName", 64),
    ("country", 128),
    ("department", 64),
    ("employeeId", 16),
    ("mailNickname", 64),
    ("mobilePhone", 64),
    ("officeLocation", 128),
    ("postalCode", 40),
    ("preferredLanguage", 128),
    ("state", 128),
    ("streetAddress", 1024),
    ("usageLocation", 2),
];

/// "The display name … maximum length is 256 characters".
const LONGEST_DISPLAY_NAME: usize = 256;

/// "Password policies": a user principal name has 113 characters at most, 64 of them before the `@`.
const LONGEST_PRINCIPAL_NAME: usize = 113;
const LONGEST_LOCAL_PART: usize = 64;

/// Judges everything about a user that needs no look at other users.
///
/// # Errors
/// [`Refusal::ValueNeeded`], [`Refusal::Invalid`].
pub fn judge_names(user: &User) -> Result<(), Refusal> {
    let other = |name: &str| user.other_properties.get(name).and_then(Value::as_str);
    let needed = [("displayName", Some(user.display_name.as_str())), ("userPrincipalName", Some(user.user_principal_name.as_str()))];
    let missing = needed.into_iter().find(|(_, value)| value.is_none_or(|value| value.trim().is_empty()));
    if let Some((property, _)) = missing {
        return Err(Refusal::ValueNeeded { resource: "User", property });
    }
    let local = user.user_principal_name.split('@').next().unwrap_or_default();
    within("displayName", &user.display_name, LONGEST_DISPLAY_NAME)?;
    within("userPrincipalName", &user.user_principal_name, LONGEST_PRINCIPAL_NAME)?;
    within("userPrincipalName", local, LONGEST_LOCAL_PART)?;
    within("givenName", user.given_name.as_deref().unwrap_or_default(), 64)?;
    within("surname", user.surname.as_deref().unwrap_or_default(), 64)?;
    within("jobTitle", user.job_title.as_deref().unwrap_or_default(), 128)?;
    within("mail", user.mail.as_deref().unwrap_or_default(), 256)?;
    for (property, limit) in LIMITS {
        within(property, other(property).unwrap_or_default(), limit)?;
    }
    match user.mail.as_deref() {
        Some(mail) if !mail.contains('@') => Err(Refusal::invalid("mail", Problem::NotAnAddress(mail.to_owned()))),
        _ => Ok(()),
    }
}

fn within(property: &'static str, value: &str, limit: usize) -> Result<(), Refusal> {
    let length = value.chars().count();
    if length > limit { Err(Refusal::invalid(property, Problem::TooLong { length, limit })) } else { Ok(()) }
}

/// Judges a new password: 8 to 256 characters, of three of the four kinds.
///
/// # Errors
/// [`Refusal::WeakPassword`].
pub fn judge_password(password: &str) -> Result<(), Refusal> {
    let kinds: [fn(char) -> bool; 4] =
        [|it| it.is_lowercase(), |it| it.is_uppercase(), |it| it.is_ascii_digit(), |it| !it.is_alphanumeric()];
    let found = kinds.iter().filter(|is_kind| password.chars().any(is_kind)).count();
    let is_strong = (8..=256).contains(&password.chars().count()) && found >= 3;
    if is_strong { Ok(()) } else { Err(Refusal::WeakPassword) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn judged(change: impl FnOnce(&mut User)) -> Result<(), Refusal> {
        let mut user = User::member("u", "u@abc-insurance.example", "U");
        change(&mut user);
        judge_names(&user)
    }

    #[test]
    fn texts_end_where_the_documentation_says() {
        let too_long = |length, limit| Problem::TooLong { length, limit };
        assert_eq!(judged(|user| user.display_name = "ä".repeat(256)), Ok(()));
        assert_eq!(judged(|user| user.display_name = "ä".repeat(257)), Err(Refusal::invalid("displayName", too_long(257, 256))));
        let department = judged(|user| drop(user.other_properties.insert("department".to_owned(), json!("x".repeat(1_000_000)))));
        assert_eq!(department, Err(Refusal::invalid("department", too_long(1_000_000, 64))));
        let name = judged(|user| user.user_principal_name = format!("{}@x.example", "x".repeat(65)));
        assert_eq!(name, Err(Refusal::invalid("userPrincipalName", too_long(65, 64))));
    }

    #[test]
    fn a_name_is_needed_and_an_address_has_an_at_sign() {
        let needed = Refusal::ValueNeeded { resource: "User", property: "displayName" };
        assert_eq!(judged(|user| user.display_name = " ".to_owned()), Err(needed));
        let mail = judged(|user| user.mail = Some("ada".to_owned()));
        assert_eq!(mail, Err(Refusal::invalid("mail", Problem::NotAnAddress("ada".to_owned()))));
    }

    #[test]
    fn a_password_is_long_and_mixed() {
        for password in ["Short-1", "alllowercase", "lower-only-signs", "12345678"] {
            assert_eq!(judge_password(password), Err(Refusal::WeakPassword), "{password}");
        }
        for password in ["Practice-2026", "lower1Upper", "pässwort-1"] {
            assert_eq!(judge_password(password), Ok(()), "{password}");
        }
    }
}
