//! What is wrong with a form that was sent, field by field.

use maud::{Markup, html};

use crate::html::outside_text;

/// One mistake.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Mistake {
    /// The field's name, empty for what belongs to none.
    field: String,
    /// The field's label, for where the sentence stands alone.
    label: Option<String>,
    message: String,
}

/// The mistakes of one form, in the order of its fields.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mistakes {
    found: Vec<Mistake>,
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

    /// Adds a mistake, as a sentence that names its field.
    pub fn add(&mut self, field: impl Into<String>, message: impl Into<String>) {
        self.found.push(Mistake { field: field.into(), label: None, message: message.into() });
    }

    /// Adds a mistake, as a sentence that needs the field's label where it stands alone.
    pub fn about(&mut self, field: impl Into<String>, label: &str, message: impl Into<String>) {
        self.found.push(Mistake { field: field.into(), label: Some(label.to_owned()), message: message.into() });
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// The first mistake in this field.
    pub fn of(&self, field: &str) -> Option<&str> {
        self.found.iter().find(|mistake| mistake.field == field).map(|mistake| mistake.message.as_str())
    }

    /// The list at the top of the page: what is wrong, with links to where (W3C WCAG 2.2, technique G139).
    pub fn summary(&self) -> Markup {
        html! {
            @if !self.is_empty() {
                div class="summary" role="alert" aria-labelledby="summary" tabindex="-1" {
                    h2 id="summary" { "Nothing was saved. Correct this and try again:" }
                    ul { @for mistake in &self.found { li { (entry(mistake)) } } }
                }
            }
        }
    }
}

fn entry(mistake: &Mistake) -> Markup {
    let words = html! { @if let Some(label) = &mistake.label { (label) ": " } (outside_text(&mistake.message)) };
    html! { @if mistake.field.is_empty() { (words) } @else { a href={ "#" (mistake.field) } { (words) } } }
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
