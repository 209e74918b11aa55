//! The learner's `.env`: written once, then only compared. What a learner changed is never overwritten; a placeholder of ours, which no learner
//! wrote, makes way for the real value.

use anyhow::{Context, Result};

/// What stands in `.env` before the app is registered.
pub const UNREGISTERED_CLIENT_ID: &str = "00000000-0000-0000-0000-000000000000";
/// As above.
pub const UNREGISTERED_CLIENT_SECRET: &str = "not-registered-yet";

/// One line of `.env`.
#[derive(Debug, Clone)]
pub struct Setting {
    pub name: &'static str,
    pub value: String,
    /// Any value will do, and this says which; `None` when it must be `value`.
    pub free: Option<&'static str>,
}

impl Setting {
    pub fn exact(name: &'static str, value: impl Into<String>) -> Self {
        Self { name, value: value.into(), free: None }
    }
}

/// A line that is missing or has another value.
#[derive(Debug, PartialEq, Eq)]
pub struct Difference {
    pub name: &'static str,
    pub has: Option<String>,
    pub needs: String,
}

/// A new file.
pub fn text(settings: &[Setting], unit: u8) -> String {
    let mut text = format!(
        "# Settings of your app, as unit {unit} begins. Written by `cargo xtask start --unit {unit}`.\n\
         # The environment of the process wins over this file. It is not for git: it holds a secret.\n"
    );
    for setting in settings {
        if let Some(note) = setting.free {
            text += &format!("# {note}\n");
        }
        text += &format!("{}={}\n", setting.name, quoted(&setting.value));
    }
    text
}

/// The file with real values where placeholders stood, and the names of these; none if there was no such line.
pub fn without_placeholders(settings: &[Setting], text: &str) -> (String, Vec<&'static str>) {
    let placeholders = [("CLIENT_ID", UNREGISTERED_CLIENT_ID), ("CLIENT_SECRET", UNREGISTERED_CLIENT_SECRET)];
    let (mut filled, mut names) = (String::new(), Vec::new());
    for line in text.split_inclusive('\n') {
        let bare = line.trim_end();
        let of_line = placeholders.iter().find(|(name, value)| bare == format!("{name}={value}"));
        let setting = of_line.and_then(|(name, value)| settings.iter().find(|it| it.name == *name && it.value != *value));
        match setting {
            Some(setting) => {
                filled += &format!("{}={}{}", setting.name, quoted(&setting.value), &line[bare.len()..]);
                names.push(setting.name);
            }
            None => filled += line,
        }
    }
    (filled, names)
}

/// What `.env` says otherwise than it should. An empty value counts as missing.
pub fn differences(settings: &[Setting], text: &str) -> Result<Vec<Difference>> {
    let present = dotenvy::from_read_iter(text.as_bytes())
        .collect::<Result<Vec<(String, String)>, _>>()
        .context("a line of it is not NAME=value; correct it, or delete the file to have a new one written")?;
    // The first line of a name wins, as it does in the app.
    let value = |name: &str| present.iter().find(|(it, _)| it == name).map(|(_, value)| value.clone()).filter(|value| !value.is_empty());
    let mut differences = Vec::new();
    for setting in settings {
        let has = value(setting.name);
        let right = match (&has, setting.free) {
            (None, _) => false,
            (Some(_), Some(_)) => true,
            (Some(value), None) => *value == setting.value,
        };
        if !right {
            differences.push(Difference { name: setting.name, has, needs: format!("{}={}", setting.name, quoted(&setting.value)) });
        }
    }
    Ok(differences)
}

pub fn render_differences(differences: &[Difference], unit: u8) -> String {
    if differences.is_empty() {
        return format!("\n.env is right for unit {unit}.\n");
    }
    let mut text = format!("\n.env is there, and what you wrote in it stays. For unit {unit} these lines should be:\n");
    for difference in differences {
        let has = match difference.has.as_deref() {
            None => "missing".to_owned(),
            Some(_) if difference.name == "CLIENT_SECRET" => "now another value".to_owned(),
            Some(value) => format!("now {value}"),
        };
        text += &format!("  {}\n    ({has})\n", difference.needs);
    }
    text
}

/// The value as dotenvy and the other readers of `.env` files take it: bare when nothing in it is special.
fn quoted(value: &str) -> String {
    let bare = |c: char| c.is_ascii_alphanumeric() || "_-./:~@%+=,".contains(c);
    if value.chars().all(bare) {
        value.to_owned()
    } else if value.contains('\'') {
        let escaped = value.replace('\\', r"\\").replace('"', "\\\"").replace('$', r"\$");
        format!("\"{escaped}\"")
    } else {
        format!("'{value}'")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings() -> Vec<Setting> {
        vec![
            Setting::exact("CLIENT_SECRET", "~a.b_c-d"),
            Setting::exact("PORT", "5000"),
            Setting { name: "SESSION_KEY", value: "k".repeat(64), free: Some("any text of 32 bytes or more") },
            Setting::exact("POLICY_DATA", r"C:\My Work\policies.json"),
        ]
    }

    #[test]
    fn a_written_file_reads_back_without_a_difference() {
        let text = text(&settings(), 4);
        assert_eq!(differences(&settings(), &text).unwrap(), []);
        for value in [r"C:\a b\c", "it's $HOME \"quoted\" \\", "plain", "a#b"] {
            let read: Vec<_> = dotenvy::from_read_iter(format!("X={}", quoted(value)).as_bytes()).map(Result::unwrap).collect();
            assert_eq!(read, [("X".to_owned(), value.to_owned())]);
        }
    }

    #[test]
    fn only_lines_that_matter_are_named() {
        let text = "CLIENT_SECRET='~a.b_c-d'\nPORT=5001\nSESSION_KEY='my own key, thirty-two bytes long'\nPOLICY_DATA=\nEXTRA=1\n";
        insta::assert_snapshot!(render_differences(&differences(&settings(), text).unwrap(), 4), @r"

        .env is there, and what you wrote in it stays. For unit 4 these lines should be:
          PORT=5000
            (now 5001)
          POLICY_DATA='C:\My Work\policies.json'
            (missing)
        ");
        insta::assert_snapshot!(render_differences(&[], 4), @"
        
        .env is right for unit 4.
        ");
    }

    #[test]
    fn placeholders_make_way_and_a_learners_values_stay() {
        let settings = [Setting::exact("CLIENT_ID", "cf9e"), Setting::exact("CLIENT_SECRET", "a b")];
        let before = format!("# mine\r\nCLIENT_ID={UNREGISTERED_CLIENT_ID}\r\nPORT=5001\nCLIENT_SECRET={UNREGISTERED_CLIENT_SECRET}");
        let (filled, names) = without_placeholders(&settings, &before);
        assert_eq!(
            (filled.as_str(), names),
            ("# mine\r\nCLIENT_ID=cf9e\r\nPORT=5001\nCLIENT_SECRET='a b'", vec!["CLIENT_ID", "CLIENT_SECRET"])
        );
        let own = "CLIENT_ID=my-own\nCLIENT_SECRET=\n";
        assert_eq!(without_placeholders(&settings, own), (own.to_owned(), vec![]));
    }

    #[test]
    fn a_file_that_cannot_be_read_says_what_to_do() {
        let error = differences(&settings(), "CLIENT SECRET\n").unwrap_err();
        assert!(format!("{error:#}").contains("delete the file"), "{error:#}");
    }

    #[test]
    fn a_new_file_explains_its_free_values() {
        insta::assert_snapshot!(text(&settings()[1..3], 2).replace(&"k".repeat(64), "kkk"), @r"
        # Settings of your app, as unit 2 begins. Written by `cargo xtask start --unit 2`.
        # The environment of the process wins over this file. It is not for git: it holds a secret.
        PORT=5000
        # any text of 32 bytes or more
        SESSION_KEY=kkk
        ");
    }
}
