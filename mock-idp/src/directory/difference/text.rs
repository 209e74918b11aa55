//! The difference as people read it.

use std::fmt::Write;

use serde_json::Value;

use super::{Difference, Effect, EntryDifference, EntryKind, PropertyChange};

/// Whether the text is coloured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Colours {
    /// For files, pipes and whoever does not want colour.
    None,
    /// For a terminal.
    Ansi,
}

/// How many entries of one kind and effect are listed one by one; of more the number is told. JSON holds all.
const LISTED: usize = 20;

/// How many letters of a name or value are shown.
const SHOWN: usize = 100;

const KINDS: [EntryKind; 7] = [
    EntryKind::Organization,
    EntryKind::User,
    EntryKind::Group,
    EntryKind::Application,
    EntryKind::ServicePrincipal,
    EntryKind::AppRoleAssignment,
    EntryKind::OAuth2PermissionGrant,
];

impl EntryKind {
    /// What people call one and several of it.
    const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Organization => ("tenant", "tenants"),
            Self::User => ("user", "users"),
            Self::Group => ("group", "groups"),
            Self::Application => ("app registration", "app registrations"),
            Self::ServicePrincipal => ("enterprise application", "enterprise applications"),
            Self::AppRoleAssignment => ("assignment", "assignments"),
            Self::OAuth2PermissionGrant => ("consent", "consents"),
        }
    }
}

impl Effect {
    const fn sign(self) -> (char, &'static str) {
        match self {
            Self::Added => ('+', "32"),
            Self::Removed => ('-', "31"),
            Self::Changed => ('~', "33"),
            Self::Unchanged => ('=', "2"),
        }
    }
}

impl Difference {
    /// The difference in lines, with a line break at the end.
    pub fn to_text(&self, colours: Colours) -> String {
        let mut text = format!("{} ({}): {}\n", shown(&self.display_name), shown(&self.tenant_id), self.summary());
        for kind in KINDS {
            for effect in [Effect::Removed, Effect::Changed, Effect::Added] {
                let all: Vec<_> = self.entries.iter().filter(|it| it.kind == kind && it.effect == effect).collect();
                all.iter().take(LISTED).for_each(|it| text += &entry(it, colours));
                if let Some(more @ 1..) = all.len().checked_sub(LISTED) {
                    let (one, several) = kind.words();
                    let line = format!("and {more} more {}", if more == 1 { one } else { several });
                    text += &signed(effect, &line, colours);
                }
            }
        }
        text
    }

    fn summary(&self) -> String {
        let whole = match self.effect {
            Effect::Unchanged => return "no difference".to_owned(),
            Effect::Changed => "",
            Effect::Added => "the whole tenant is new: ",
            Effect::Removed => "the whole tenant is removed: ",
        };
        let counts = [(Effect::Added, "added"), (Effect::Changed, "changed"), (Effect::Removed, "removed")].map(|(effect, word)| {
            let count = self.entries.iter().filter(|it| it.effect == effect).count();
            (count > 0).then(|| format!("{count} {word}"))
        });
        let counts: Vec<String> = counts.into_iter().flatten().collect();
        format!("{whole}{}", if counts.is_empty() { "nothing in it".to_owned() } else { counts.join(", ") })
    }
}

fn entry(entry: &EntryDifference, colours: Colours) -> String {
    let mut text = signed(entry.effect, &format!("{} {}", entry.kind.words().0, shown(&entry.name)), colours);
    for property in &entry.properties {
        let _ = writeln!(text, "      {}", line(property));
    }
    text
}

fn signed(effect: Effect, line: &str, colours: Colours) -> String {
    let (sign, colour) = effect.sign();
    match colours {
        Colours::None => format!("  {sign} {line}\n"),
        Colours::Ansi => format!("  \x1b[{colour}m{sign} {line}\x1b[0m\n"),
    }
}

fn line(PropertyChange { path, old, new }: &PropertyChange) -> String {
    let path = shown(path);
    match (old, new) {
        (None, None) => format!("{path}: changed (not shown)"),
        (None, Some(Value::Object(_))) => format!("{path}: added"),
        (Some(Value::Object(_)), None) => format!("{path}: removed"),
        (None, Some(new)) => format!("{path}: + {}", value(new)),
        (Some(old), None) => format!("{path}: - {}", value(old)),
        (Some(old), Some(new)) => format!("{path}: {} -> {}", value(old), value(new)),
    }
}

fn value(value: &Value) -> String {
    shown(&value.to_string())
}

/// A text of a directory, made safe for a terminal: one line, of bearable length, without letters that steer the terminal or turn the
/// direction of writing.
pub fn shown(text: &str) -> String {
    let steers = |letter: char| {
        letter.is_control() || matches!(letter, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
    };
    let mut shown = String::new();
    let mut letters = text.chars();
    for letter in letters.by_ref().take(SHOWN) {
        match letter {
            _ if steers(letter) => shown.extend(letter.escape_unicode()),
            _ => shown.push(letter),
        }
    }
    match letters.count() {
        0 => shown,
        more => format!("{shown}… ({more} more letters)"),
    }
}
