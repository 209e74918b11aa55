//! The controls of a form: each with a label, a hint and its mistake, tied together for those who hear the page.

use maud::{Markup, html};

use super::{guard::CSRF_FIELD, mistakes::Mistakes};
use crate::html::outside_text;

/// What stands around a control. `name` is the control's name and its id.
#[derive(Debug, Clone)]
pub struct Field<'a> {
    /// The name under which the value is sent.
    pub name: &'a str,
    /// The words beside it.
    pub label: &'a str,
    /// What to know before filling it in.
    pub hint: Option<Markup>,
    /// Whether the form needs it.
    pub need: Need,
}

/// Whether a field may stay empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// The form needs a value.
    Required,
    /// It may stay empty.
    Optional,
}

impl<'a> Field<'a> {
    /// A field that needs a value.
    pub const fn required(name: &'a str, label: &'a str) -> Self {
        Self { name, label, hint: None, need: Need::Required }
    }

    /// A field that may stay empty.
    pub const fn optional(name: &'a str, label: &'a str) -> Self {
        Self { name, label, hint: None, need: Need::Optional }
    }

    /// Adds the hint.
    pub fn hint(mut self, hint: Markup) -> Self {
        self.hint = Some(hint);
        self
    }

    /// A line of text.
    pub fn text(&self, value: &str, mistakes: &Mistakes) -> Markup {
        self.line("text", value, mistakes)
    }

    /// A day.
    pub fn date(&self, value: &str, mistakes: &Mistakes) -> Markup {
        self.line("date", value, mistakes)
    }

    fn line(&self, kind: &str, value: &str, mistakes: &Mistakes) -> Markup {
        let mistake = mistakes.of(self.name);
        self.around(
            mistake,
            html! {
                input id=(self.name) name=(self.name) type=(kind) value=(value) dir="auto" autocomplete="off" spellcheck="false"
                    aria-required=[(self.need == Need::Required).then_some("true")]
                    aria-invalid=[mistake.map(|_| "true")] aria-describedby=[self.described_by(mistake)];
            },
        )
    }

    /// Several lines of text.
    pub fn lines(&self, value: &str, rows: u8, mistakes: &Mistakes) -> Markup {
        let mistake = mistakes.of(self.name);
        self.around(
            mistake,
            html! {
                textarea id=(self.name) name=(self.name) rows=(rows) dir="auto" spellcheck="false"
                    aria-invalid=[mistake.map(|_| "true")] aria-describedby=[self.described_by(mistake)] { "\n" (value) }
            },
        )
    }

    /// A choice from a drop-down list of values and the words for them.
    pub fn choice(&self, options: &[(&str, &str)], chosen: &str, mistakes: &Mistakes) -> Markup {
        let mistake = mistakes.of(self.name);
        self.around(
            mistake,
            html! {
                select id=(self.name) name=(self.name)
                    aria-invalid=[mistake.map(|_| "true")] aria-describedby=[self.described_by(mistake)] {
                    @for (value, words) in options { option value=(value) selected[*value == chosen] { (words) } }
                }
            },
        )
    }

    /// A choice from buttons of which one is pressed. `options` holds values, words and an explanation, which may be empty.
    pub fn radio(&self, options: &[(&str, &str, &str)], chosen: &str, mistakes: &Mistakes) -> Markup {
        let mistake = mistakes.of(self.name);
        html! {
            fieldset class="field" id=(self.name) aria-describedby=[self.described_by(mistake)] {
                legend { (self.label) (self.star()) }
                (self.notes(mistake))
                @for (value, words, explanation) in options {
                    label class="tick" {
                        input type="radio" name=(self.name) value=(value) checked[*value == chosen];
                        span { (words) @if !explanation.is_empty() { small { (explanation) } } }
                    }
                }
            }
        }
    }

    fn around(&self, mistake: Option<&str>, control: Markup) -> Markup {
        html! {
            div class={ "field" @if mistake.is_some() { " wrong" } } {
                label for=(self.name) { (self.label) (self.star()) }
                (self.notes(mistake))
                (control)
            }
        }
    }

    fn star(&self) -> Markup {
        html! {
            @match self.need {
                Need::Required => { " " span class="star" { "*" span class="vh" { " (required)" } } }
                Need::Optional => {}
            }
        }
    }

    fn notes(&self, mistake: Option<&str>) -> Markup {
        html! {
            @if let Some(hint) = &self.hint { p class="hint" id={ (self.name) "-hint" } { (hint) } }
            @if let Some(mistake) = mistake { p class="mistake" id={ (self.name) "-mistake" } { "Error: " (outside_text(mistake)) } }
        }
    }

    fn described_by(&self, mistake: Option<&str>) -> Option<String> {
        let hint = self.hint.as_ref().map(|_| format!("{}-hint", self.name));
        let mistake = mistake.map(|_| format!("{}-mistake", self.name));
        let ids: Vec<String> = hint.into_iter().chain(mistake).collect();
        (!ids.is_empty()).then(|| ids.join(" "))
    }
}

/// A box to tick.
pub fn tick_box(name: &str, value: &str, label: Markup, ticked: bool) -> Markup {
    html! {
        label class="tick" {
            input type="checkbox" name=(name) value=(value) checked[ticked];
            span { (label) }
        }
    }
}

/// The hidden field without which no form is accepted.
pub fn csrf_field(csrf: &str) -> Markup {
    html! { input type="hidden" name=(CSRF_FIELD) value=(csrf); }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_tied_to_its_hint_and_its_mistake() {
        let field = Field::required("value", "Value").hint(html! { "No spaces." });
        let markup = field.text("\"><script>", &Mistakes::one("value", "There is a space.")).into_string();
        insta::assert_snapshot!(markup.replace("><", ">\n<"));
    }

    #[test]
    fn an_optional_field_without_hint_and_mistake_is_described_by_nothing() {
        let markup = Field::optional("note", "Note").lines("a", 3, &Mistakes::none()).into_string();
        assert!(!markup.contains("aria-describedby") && !markup.contains("required"), "{markup}");
    }
}
