//! "Stay signed in?" (KMSI: "keep me signed in").

use maud::{Markup, html};

use super::FormTarget;
use crate::html::{layout, outside_text};

/// What the page shows.
#[derive(Debug, Clone)]
pub struct StaySignedInPage {
    /// The account that has just signed in.
    pub username: String,
    /// Where the answer is sent.
    pub target: FormTarget,
}

/// Renders the page. Its buttons are `name="kmsi"` with `yes` and `no`.
pub fn render(page: &StaySignedInPage) -> Markup {
    layout::document(
        "Stay signed in?",
        html! {
            div class="card" {
                p class="account" { (outside_text(&page.username)) }
                h1 { "Stay signed in?" }
                p { "“Yes” keeps this session when the browser is closed, so that you sign in less often." }
                p { "“No” ends it together with the browser." }
                (page.target.form(html! {
                    div class="actions" {
                        button class="button" type="submit" name="kmsi" value="no" { "No" }
                        button class="button primary" type="submit" name="kmsi" value="yes" { "Yes" }
                    }
                }))
            }
        },
    )
}
