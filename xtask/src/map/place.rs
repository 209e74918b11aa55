//! Where something is: a page of the book, a check, a question, a file.

/// One entry of `at`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place<'a> {
    /// `unit-4/callback.html#state`
    Page { path: &'a str, anchor: Option<&'a str> },
    /// `U4-09`
    Check(&'a str),
    /// `U4-*`: every check of a unit, written `U4-`.
    ChecksOfUnit(&'a str),
    /// `U4-Q2`
    Question(&'a str),
    /// Any file or folder, from the workspace root.
    File(&'a str),
}

impl<'a> Place<'a> {
    pub fn parse(text: &'a str) -> Self {
        let (path, anchor) = text.split_once('#').map_or((text, None), |(path, anchor)| (path, Some(anchor)));
        if path.ends_with(".html") {
            return Self::Page { path, anchor };
        }
        match unit_and_rest(text) {
            Some((unit, "*")) => Self::ChecksOfUnit(unit),
            Some((_, rest)) if rest.starts_with('Q') => Self::Question(text),
            Some((_, rest)) if rest.len() == 2 && rest.chars().all(|digit| digit.is_ascii_digit()) => Self::Check(text),
            _ => Self::File(text),
        }
    }
}

/// `U4-09` is `U4-` and `09`.
fn unit_and_rest(text: &str) -> Option<(&str, &str)> {
    let is_unit = |unit: &str| unit.len() == 3 && unit.starts_with('U') && unit.ends_with('-') && unit.as_bytes()[1].is_ascii_digit();
    text.split_at_checked(3).filter(|(unit, _)| is_unit(unit))
}

/// Whether a page's source has the heading with this id.
pub fn has_anchor(source: &str, anchor: &str) -> bool {
    source.lines().any(|line| line.starts_with('#') && line.trim_end().ends_with(&format!("{{#{anchor}}}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_of_place_is_known_by_its_form() {
        let cases = [
            ("unit-4/callback.html#state", Place::Page { path: "unit-4/callback.html", anchor: Some("state") }),
            ("introduction.html", Place::Page { path: "introduction.html", anchor: None }),
            ("U4-09", Place::Check("U4-09")),
            ("U4-*", Place::ChecksOfUnit("U4-")),
            ("U4-Q2", Place::Question("U4-Q2")),
            ("exercises/04-sign-in/README.md", Place::File("exercises/04-sign-in/README.md")),
        ];
        for (text, place) in cases {
            assert_eq!(Place::parse(text), place);
        }
    }

    #[test]
    fn only_the_id_of_a_heading_is_an_anchor() {
        let page = "# Callback\n\n## Compare `state` first {#state}\n\nSee {#other}\n";
        assert_eq!([has_anchor(page, "state"), has_anchor(page, "other"), has_anchor(page, "stat")], [true, false, false]);
    }
}
