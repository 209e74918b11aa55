//! What an AADSTS number means: where `error_uri` of an error answer leads.

use maud::{Markup, html};

use crate::html::{layout, outside_text};

/// What the page shows.
#[derive(Debug, Clone)]
pub struct ErrorCodePage {
    /// The number that was asked for, as it was written.
    pub asked: String,
    /// The errors with this number; empty if this mock answers none.
    pub causes: Vec<Cause>,
}

/// One error.
#[derive(Debug, Clone)]
pub struct Cause {
    /// The value of `error`, which clients branch on.
    pub error: &'static str,
    /// The HTTP status at the token endpoint.
    pub status: u16,
    /// The text, with names in braces in the place of values.
    pub message: String,
}

/// Renders the page.
pub fn render(page: &ErrorCodePage) -> Markup {
    layout::document(
        "Error code",
        html! {
            div class="card wide" {
                h1 { "Error code" }
                p class="code-line" { bdi { "AADSTS" (page.asked) } }
                @if page.causes.is_empty() {
                    p { "This mock never answers with this number." }
                }
                @for cause in &page.causes {
                    dl class="facts" {
                        div { dt { "error" } dd { code { (cause.error) } } }
                        div { dt { "HTTP status" } dd { code { (cause.status) } } }
                        div { dt { "Message" } dd { (outside_text(&cause.message)) } }
                    }
                }
                p class="note" {
                    "A client looks at " code { "error" } " and never at the number or the text: Microsoft may change both. "
                    "Names in braces stand for values of the request."
                }
            }
        },
    )
}
