//! A form of the sign-in that is not accepted: it came too late, or from somewhere else.

use maud::{Markup, html};

use crate::html::layout;

/// What the page says.
#[derive(Debug, Clone)]
pub struct RefusedFormPage {
    /// The heading and title.
    pub title: &'static str,
    /// Why, in a sentence or two.
    pub reason: &'static str,
    /// What the person can do.
    pub remedy: &'static str,
}

/// Renders the page.
pub fn render(page: &RefusedFormPage) -> Markup {
    layout::document(
        page.title,
        html! {
            div class="card" {
                h1 { (page.title) }
                p { (page.reason) }
                p class="remedy" { strong { "What to do: " } (page.remedy) }
            }
        },
    )
}
