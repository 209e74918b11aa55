//! "You signed out of your account".

use maud::{Markup, html};

use crate::html::{layout, outside_text};

/// What the page shows.
#[derive(Debug, Clone)]
pub struct SignedOutPage {
    /// The user principal names of the accounts whose session has ended; empty when there was none.
    pub accounts: Vec<String>,
    /// The apps of the session, and whether each was told by its front-channel logout URL (OIDC Front-Channel Logout 1.0).
    pub front_channel: Vec<(String, bool)>,
    /// The way back to the app, when it asked for one that is registered.
    pub return_link: Option<String>,
}

/// Renders the page.
pub fn render(page: &SignedOutPage) -> Markup {
    let title = if page.accounts.is_empty() { "You are signed out" } else { "You signed out of your account" };
    layout::document(
        title,
        html! {
            div class="card" {
                h1 { (title) }
                @for account in &page.accounts { p class="account" { (outside_text(account)) } }
                p { "It's a good idea to close all browser windows." }
                @if !page.front_channel.is_empty() { (told_apps(&page.front_channel)) }
                @if let Some(return_link) = &page.return_link {
                    p { a class="onward" href=(return_link) { "Return to the app" } }
                }
            }
        },
    )
}

fn told_apps(apps: &[(String, bool)]) -> Markup {
    html! {
        section class="explanation" aria-labelledby="told-apps" {
            h2 id="told-apps" { "In this practice directory" }
            p { "Each app keeps a session of its own, which only the app can end. Was it told to do so?" }
            ul class="outcomes" {
                @for (app, was_told) in apps {
                    li {
                        strong { (outside_text(app)) }
                        @if *was_told { span class="badge" { "told" } } @else { span class="badge warn" { "not told" } }
                    }
                }
            }
        }
    }
}
