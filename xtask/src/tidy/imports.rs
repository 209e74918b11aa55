//! Which module may use which: the vocabulary at the bottom, the protocol above it, the server on top.

use super::{Finding, SourceFile};

/// What one module of `mock-idp` may use of the others.
struct Rule {
    module: &'static str,
    may_use: May,
    axum: Axum,
}

enum May {
    Only(&'static [&'static str]),
    AllBut(&'static [&'static str]),
}

#[derive(PartialEq)]
enum Axum {
    Allowed,
    Forbidden,
}

/// The table of ARCHITECTURE.md. A module that is not listed is an error: say first what it may use.
const RULES: &[Rule] = &[
    Rule { module: "clock", may_use: May::Only(&[]), axum: Axum::Forbidden },
    Rule { module: "random", may_use: May::Only(&[]), axum: Axum::Forbidden },
    Rule { module: "oauth", may_use: May::Only(&[]), axum: Axum::Forbidden },
    Rule { module: "html", may_use: May::Only(&[]), axum: Axum::Forbidden },
    Rule { module: "faults", may_use: May::Only(&[]), axum: Axum::Forbidden },
    Rule { module: "write_later", may_use: May::Only(&[]), axum: Axum::Forbidden },
    Rule { module: "directory", may_use: May::Only(&["oauth", "clock", "random"]), axum: Axum::Forbidden },
    Rule {
        module: "tokens",
        may_use: May::Only(&["directory", "oauth", "clock", "random", "faults", "write_later"]),
        axum: Axum::Forbidden,
    },
    Rule { module: "trace", may_use: May::Only(&["clock", "oauth", "faults"]), axum: Axum::Allowed },
    Rule { module: "request_context", may_use: May::Only(&["clock", "random", "oauth", "trace"]), axum: Axum::Allowed },
    Rule { module: "sign_in_log", may_use: May::Only(&["directory", "oauth", "request_context", "tokens"]), axum: Axum::Forbidden },
    Rule {
        module: "sign_in",
        may_use: May::Only(&[
            "directory",
            "oauth",
            "clock",
            "random",
            "faults",
            "html",
            "request_context",
            "sign_in_log",
            "trace",
            "write_later",
        ]),
        axum: Axum::Allowed,
    },
    Rule { module: "endpoints", may_use: May::AllBut(&["graph", "portal", "control", "server", "store", "testing"]), axum: Axum::Allowed },
    Rule {
        module: "graph",
        may_use: May::AllBut(&["endpoints", "portal", "sign_in", "control", "server", "store", "testing"]),
        axum: Axum::Allowed,
    },
    Rule {
        module: "portal",
        may_use: May::AllBut(&["endpoints", "graph", "sign_in", "control", "server", "store", "testing"]),
        axum: Axum::Allowed,
    },
    Rule {
        module: "control",
        may_use: May::AllBut(&["endpoints", "graph", "portal", "html", "server", "store", "testing"]),
        axum: Axum::Allowed,
    },
    Rule { module: "snapshots", may_use: May::Only(&["directory", "clock", "random"]), axum: Axum::Forbidden },
    Rule { module: "store", may_use: May::Only(&["directory", "tokens", "write_later"]), axum: Axum::Forbidden },
    Rule { module: "server", may_use: May::AllBut(&["testing"]), axum: Axum::Allowed },
    // The binary: it uses the library by its public name, as any program would.
    Rule { module: "command_line", may_use: May::Only(&[]), axum: Axum::Forbidden },
    // A test handle drives pages by their published contract only.
    Rule { module: "testing", may_use: May::AllBut(&["html", "sign_in", "endpoints", "graph", "portal", "store"]), axum: Axum::Allowed },
];

/// Packages on the trusted side; a learner's app and its solution must not know them.
const TRUSTED: [&str; 2] = ["mock_idp", "unit_checks"];

pub fn check(file: &SourceFile) -> Vec<Finding> {
    if !file.path.ends_with(".rs") {
        return Vec::new();
    }
    if let Some(path) = file.path.strip_prefix("mock-idp/src/") {
        return check_module(file, path);
    }
    if is_learner_source(&file.path) { check_learner(file) } else { Vec::new() }
}

fn check_module(file: &SourceFile, path: &str) -> Vec<Finding> {
    let segments: Vec<&str> = path.trim_end_matches(".rs").split('/').collect();
    let module = segments[0];
    let is_test_file = segments.last().is_some_and(|name| *name == "tests");
    if matches!(module, "lib" | "main") || is_test_file {
        return Vec::new();
    }
    let finding = |line, message| Finding { rule: "imports", file: file.path.clone(), line, message };
    let Some(rule) = RULES.iter().find(|rule| rule.module == module) else {
        return vec![finding(None, format!("`{module}` is not in the table of import directions; add it to xtask/src/tidy/imports.rs"))];
    };
    let source = code_only(&file.text);
    let mut findings = Vec::new();
    for (line, used) in used_modules(&source, segments.len()) {
        let allowed = match rule.may_use {
            May::Only(list) => list.contains(&used.as_str()),
            May::AllBut(list) => !list.contains(&used.as_str()),
        };
        // `crate::MockIdp`, `crate::{Fault}`: a re-export of the crate root, whose home is what counts.
        let is_module = RULES.iter().any(|rule| rule.module == used);
        if used != module && is_module && !allowed {
            findings.push(finding(Some(line), format!("`{module}` must not use `{used}`")));
        }
    }
    if rule.axum == Axum::Forbidden {
        // `axum::http` is the crate `http`: types without a framework.
        for line in lines_with_word(&source.replace("axum::http::", "http::"), "axum") {
            findings.push(finding(Some(line), format!("`{module}` must not use axum; it is tested without a server")));
        }
    }
    findings
}

/// `exercises/04-sign-in/src/…`, `solutions/04-sign-in/src/…`.
fn is_learner_source(path: &str) -> bool {
    let mut segments = path.split('/');
    let (top, unit, source) = (segments.next(), segments.next(), segments.next());
    matches!(top, Some("exercises" | "solutions"))
        && source == Some("src")
        && unit.is_some_and(|unit| unit.starts_with(|c: char| c.is_ascii_digit()))
}

fn check_learner(file: &SourceFile) -> Vec<Finding> {
    let source = code_only(&file.text);
    TRUSTED
        .into_iter()
        .flat_map(|package| lines_with_word(&source, package).into_iter().map(move |line| (package, line)))
        .map(|(package, line)| Finding {
            rule: "imports",
            file: file.path.clone(),
            line: Some(line),
            message: format!("an app must not use `{package}`: it is judged from outside"),
        })
        .collect()
}

/// The source without comments and without its tests, which may use what they like. Lines keep their numbers.
fn code_only(text: &str) -> String {
    let mut code = String::new();
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        if line.trim() == "#[cfg(test)]" && lines.peek().is_some_and(|next| next.starts_with("mod ") && next.ends_with('{')) {
            break;
        }
        // `//` inside a string hides the rest of that line; a URL is no import.
        code += line.split("//").next().unwrap_or_default();
        code.push('\n');
    }
    code
}

/// Every module named directly after `crate::`, or after as many `super::` as lead to the crate root, with its line.
fn used_modules(source: &str, depth: usize) -> Vec<(usize, String)> {
    let to_root = "super::".repeat(depth);
    let mut used = Vec::new();
    for prefix in ["crate::", &to_root] {
        for (start, _) in source.match_indices(prefix) {
            let before = source[..start].chars().next_back();
            if before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':') {
                continue;
            }
            let line = source[..start].matches('\n').count() + 1;
            used.extend(first_names(&source[start + prefix.len()..]).into_iter().map(|name| (line, name)));
        }
    }
    used
}

/// The first name of a path, or the first name of each member of a group: `{a::b, c::{d, e}}` gives `a` and `c`.
fn first_names(path: &str) -> Vec<String> {
    let identifier = |text: &str| text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    let Some(group) = path.strip_prefix('{') else {
        return vec![identifier(path)];
    };
    let mut names = Vec::new();
    let (mut depth, mut expected) = (1, true);
    for (index, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 1 => expected = true,
            c if expected && !c.is_whitespace() => {
                names.push(identifier(&group[index..]));
                expected = false;
            }
            _ => {}
        }
        if depth == 0 {
            break;
        }
    }
    names
}

/// Numbers of the lines that hold `word` as a whole word.
fn lines_with_word(source: &str, word: &str) -> Vec<usize> {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    let mut lines: Vec<usize> = source
        .match_indices(word)
        .filter(|(start, _)| !source[..*start].ends_with(is_part) && !source[start + word.len()..].starts_with(is_part))
        .map(|(start, _)| source[..start].matches('\n').count() + 1)
        .collect();
    lines.dedup();
    lines
}

#[cfg(test)]
mod tests;
