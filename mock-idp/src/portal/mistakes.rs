//! What is wrong with a form that was sent, field by field.

use maud::{Markup, html};

use crate::html::outside_text;

/// The mistakes of one form, in the order of its fields.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mistakes {
    found: Vec<(String, String)>,
}

impl Mistakes {
    /// No mistakes: a form that nobody has sent yet.
    pub fn none() -> Self {
        Self::default()
    }

    /// One mistake, in the field with this name.
    pub fn one(field: impl Into<String>, message: impl Into<String>) -> Self {
        let mut mistakes = Self::none();
        mistakes.add(field, message);
        mistakes
    }

    /// Adds a mistake.
    pub fn add(&mut self, field: impl Into<String>, message: impl Into<String>) {
        self.found.push((field.into(), message.into()));
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// The first mistake in this field.
    pub fn of(&self, field: &str) -> Option<&str> {
        self.found.iter().find(|(name, _)| name == field).map(|(_, message)| message.as_str())
    }

    /// The list at the top of the page: what is wrong, with links to where (W3C WCAG 2.2, technique G139).
    pub fn summary(&self) -> Markup {
        html! {
            @if !self.is_empty() {
                div class="summary" role="alert" aria-labelledby="summary" tabindex="-1" {
                    h2 id="summary" { "Nothing was saved. Correct this and try again:" }
                    ul { @for (field, message) in &self.found { li { a href={ "#" (field) } { (outside_text(message)) } } } }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_summary_links_to_the_field_and_escapes_what_was_typed() {
        let mistakes = Mistakes::one("name", "'<b>' is too long.");
        assert_eq!((mistakes.of("name"), mistakes.of("other")), (Some("'<b>' is too long."), None));
        let summary = mistakes.summary().into_string();
        assert!(summary.contains(r##"<a href="#name"><bdi>'&lt;b&gt;' is too long.</bdi></a>"##), "{summary}");
        assert_eq!(Mistakes::none().summary().into_string(), "");
    }
}
