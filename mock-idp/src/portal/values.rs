//! Values on a page: ids to copy, tables, notes.

use maud::{Markup, html};
use time::{OffsetDateTime, macros::format_description};

use super::icon::Icon;
use crate::html::outside_text;

/// A value that people carry elsewhere. The button copies it and appears only where the script runs; the value can be selected anyway.
pub fn copyable(label: &str, value: &str) -> Markup {
    html! {
        code class="value" { (outside_text(value)) }
        (copy_button(label, value))
    }
}

/// The button alone.
pub fn copy_button(label: &str, value: &str) -> Markup {
    html! {
        button class="copy" type="button" hidden data-copy=(value) aria-label={ "Copy " (label) } title={ "Copy " (label) } { (Icon::Copy) }
    }
}

/// A box with a heading. `id` names the heading for those who jump from one to the next.
pub fn card(id: &str, heading: &str, body: Markup) -> Markup {
    html! {
        section class="card" aria-labelledby=(id) {
            header { h2 id=(id) { (heading) } }
            (body)
        }
    }
}

/// A table that may be wider than the screen. `columns` are its headings; `rows` holds `<tr>` elements.
pub fn table(label: &str, columns: &[&str], rows: Markup) -> Markup {
    html! {
        div class="scroll" tabindex="0" role="group" aria-label={ (label) ", scrolls sideways" } {
            table aria-label=(label) {
                thead { tr { @for column in columns { th scope="col" { (column) } } } }
                tbody { (rows) }
            }
        }
    }
}

/// A remark that matters.
pub fn callout(kind: Callout, body: Markup) -> Markup {
    let class = match kind {
        Callout::Warning => "callout warn",
        Callout::Refusal => "callout bad",
    };
    html! { div class=(class) { (body) } }
}

/// How much a remark matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Callout {
    /// Easily done wrong.
    Warning,
    /// Why something cannot be done.
    Refusal,
}

/// A day, as the portal's lists write it: `2026-11-25`. ISO 8601 is read alike everywhere.
pub fn day(instant: OffsetDateTime) -> String {
    instant.format(format_description!("[year]-[month]-[day]")).expect("a UTC instant has all these parts")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copyable_value_is_escaped_in_text_and_attribute() {
        let markup = copyable("Value", "\"><script>").into_string();
        assert!(!markup.contains("<script>") && markup.matches("&quot;&gt;&lt;script&gt;").count() == 2, "{markup}");
    }
}
