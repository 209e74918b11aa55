//! No file may name a place that exists on one machine only.

use std::path::Path;

use super::{Finding, SourceFile};

/// Written in pieces, so that this file does not find itself.
const STRAY: [&str; 6] = [
    concat!("/ro", "ot/"),
    concat!("/wo", "rk/"),
    concat!("/ho", "me/"),
    concat!("/Us", "ers/"),
    concat!(r"\Us", r"ers\"),
    concat!("sha", "red/"),
];

/// Lock files hold what a package manager wrote, not what we did.
const GENERATED: [&str; 2] = ["Cargo.lock", "package-lock.json"];

pub fn check(file: &SourceFile, root: &Path) -> Vec<Finding> {
    let name = file.path.rsplit('/').next().unwrap_or(&file.path);
    if GENERATED.contains(&name) {
        return Vec::new();
    }
    let root = root.to_string_lossy();
    let mut findings = Vec::new();
    for (index, line) in file.text.lines().enumerate() {
        let stray = STRAY.into_iter().find(|stray| names_a_place(line, stray));
        // The root of a container can be `/`, which every path holds.
        let own = (root.len() > 4 && line.contains(root.as_ref())).then_some(root.as_ref());
        if let Some(place) = stray.or(own) {
            findings.push(Finding {
                rule: "stray-path",
                file: file.path.clone(),
                line: Some(index + 1),
                message: format!("`{place}` exists on one machine only; write the path from the workspace root"),
            });
        }
    }
    findings
}

/// True when `place` begins a path in `line`: the middle of a URL is no beginning.
fn names_a_place(line: &str, place: &str) -> bool {
    line.match_indices(place).any(|(start, _)| {
        let before = line[..start].chars().next_back();
        !before.is_some_and(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '}' | '{' | '*'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<usize> {
        let file = SourceFile { path: "book/src/unit-1/index.md".to_owned(), text: text.to_owned() };
        check(&file, Path::new("/srv/checkout-of-ana")).iter().filter_map(|finding| finding.line).collect()
    }

    #[test]
    fn paths_of_one_machine_are_found() {
        let text =
            format!("fine\nsee ..{}design.md\ncd {}ana\n/srv/checkout-of-ana/target\n", concat!("/sha", "red/"), concat!("/ho", "me/"));
        assert_eq!(lines(&text), [2, 3, 4]);
    }

    #[test]
    fn urls_and_relative_folders_are_no_stray_paths() {
        let text = format!("https://portal.example{}page\n{{origin}}{}me\n", concat!("/ho", "me/"), concat!("/Us", "ers/"));
        assert_eq!(lines(&text), [0; 0]);
    }
}
