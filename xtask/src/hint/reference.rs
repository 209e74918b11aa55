//! The last level: your work beside the solution's, for one check alone.

use std::{fs, path::Path};

use anyhow::{Context, Result};
use similar::{ChangeTag, TextDiff};

/// The differences at these places, `src/id_token.rs::check_claims` or `src/policy.toml`, from the learner's folder to the solution's.
///
/// # Errors
/// When the solution has no such place: a mistake in the hints.
pub fn comparison(own: &Path, solution: &Path, places: &[String]) -> Result<String> {
    let mut text = "Lines with - are yours, lines with + are the reference solution's. It is one right way of several.\n".to_owned();
    for place in places {
        let (file, item) = place.split_once("::").map_or((place.as_str(), None), |(file, item)| (file, Some(item)));
        let source = fs::read_to_string(solution.join(file)).with_context(|| format!("the solution has no file {file}"))?;
        let reference = match item {
            None => source.clone(),
            Some(name) => part(file, &source, name).with_context(|| format!("{file} of the solution has no {name}"))?,
        };
        let own = fs::read_to_string(own.join(file)).unwrap_or_default();
        let own = match item {
            None => own,
            Some(name) => part(file, &own, name).unwrap_or_default(),
        };
        text += &format!("\n{place}\n{}", difference(&own, &reference));
    }
    Ok(text)
}

fn difference(own: &str, reference: &str) -> String {
    if own == reference {
        return "  Here you have what the solution has.\n".to_owned();
    }
    let sign = |tag| match tag {
        ChangeTag::Delete => '-',
        ChangeTag::Insert => '+',
        ChangeTag::Equal => ' ',
    };
    let difference = TextDiff::from_lines(own, reference);
    difference.iter_all_changes().map(|change| format!("{} {}\n", sign(change.tag()), change.value().trim_end())).collect()
}

/// A part of a file: a function of a Rust source, what a pointer (RFC 6901) leads to in a JSON file, or a key of a TOML file.
fn part(file: &str, source: &str, name: &str) -> Option<String> {
    if file.ends_with(".toml") {
        return value_of_key(source, name);
    }
    if !file.ends_with(".json") {
        return function(source, name);
    }
    let document: serde_json::Value = serde_json::from_str(source).ok()?;
    Some(serde_json::to_string_pretty(document.pointer(name)?).ok()? + "\n")
}

/// The line of a key, which may stand in quotation marks, and the lines of its list if that begins there.
fn value_of_key(source: &str, name: &str) -> Option<String> {
    let is_key = |line: &&str| line.split_once('=').is_some_and(|(key, _)| key.trim().trim_matches('"') == name);
    let mut lines = source.lines().skip_while(|line| !is_key(line));
    let mut text = format!("{}\n", lines.next()?);
    if text.ends_with("[\n") {
        for line in lines {
            text += &format!("{line}\n");
            if line == "]" {
                break;
            }
        }
    }
    Some(text)
}

/// A function with its documentation and attributes. Sources are formatted, so it ends at the first closing bracket below its own
/// indentation.
fn function(source: &str, name: &str) -> Option<String> {
    let lines: Vec<&str> = source.lines().collect();
    let is_head = |line: &str| {
        let head = line.trim_start();
        let after = head.split_once("fn ").filter(|(before, _)| !before.contains("//")).map(|(_, rest)| rest);
        after.and_then(|rest| rest.strip_prefix(name)).is_some_and(|rest| rest.starts_with(['(', '<']))
    };
    let head = lines.iter().position(|line| is_head(line))?;
    let indentation = lines[head].len() - lines[head].trim_start().len();
    let belongs = |line: &&&str| ["///", "#["].iter().any(|start| line.trim_start().starts_with(start));
    let begin = head - lines[..head].iter().rev().take_while(belongs).count();
    let closing = format!("{}}}", " ".repeat(indentation));
    let end = lines[head..].iter().position(|line| **line == closing).map_or(head, |length| head + length);
    Some(lines[begin..=end].iter().map(|line| format!("{}\n", line.get(indentation..).unwrap_or_default())).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: &str = "\
impl Keys {
    /// Finds the key.
    #[must_use]
    pub async fn key(&self, id: &str) -> Option<Key> {
        match id {
            \"\" => None,
            _ => self.find(id),
        }
    }
}

fn keys() {}
";

    #[test]
    fn a_function_is_found_with_its_documentation_and_without_its_neighbours() {
        let found = function(SOURCE, "key").expect("it is there");
        assert!(found.starts_with("/// Finds the key.\n#[must_use]\npub async fn key(") && found.ends_with("    }\n}\n"), "{found}");
        assert_eq!(function(SOURCE, "keys").as_deref(), Some("fn keys() {}\n"));
        assert_eq!(function(SOURCE, "ke"), None);
    }

    #[test]
    fn a_key_of_a_toml_file_is_found_with_its_list() {
        let source = "order = [\n  \"a\",\n]\n[pages]\n\"Claims.Adjuster\" = [\"deny\"] # ask\nno-role = [\"deny\"]\n";
        assert_eq!(part("src/policy.toml", source, "Claims.Adjuster").as_deref(), Some("\"Claims.Adjuster\" = [\"deny\"] # ask\n"));
        assert_eq!(part("src/policy.toml", source, "order").as_deref(), Some("order = [\n  \"a\",\n]\n"));
        assert_eq!(part("src/policy.toml", source, "role"), None);
    }

    #[test]
    fn your_lines_and_those_of_the_solution_are_told_apart() {
        let (own, solution) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
        fs::write(own.path().join("a.rs"), "fn f() {\n    todo()\n}\n").expect("written");
        fs::write(solution.path().join("a.rs"), "fn f() {\n    check()\n}\n").expect("written");
        let shown = comparison(own.path(), solution.path(), &["a.rs::f".to_owned()]).expect("a comparison");
        assert!(shown.ends_with("a.rs::f\n  fn f() {\n-     todo()\n+     check()\n  }\n"), "{shown}");
        let missing = comparison(own.path(), solution.path(), &["a.rs::g".to_owned()]).unwrap_err();
        assert!(missing.to_string().contains("has no g"));
    }
}
