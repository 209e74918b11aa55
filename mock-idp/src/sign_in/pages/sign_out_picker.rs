//! "Which account do you want to sign out of?", when this browser has several sessions.

use maud::{Markup, html};

use super::{FormTarget, avatar};
use crate::html::{layout, outside_text};

/// What the page shows.
#[derive(Debug, Clone)]
pub struct SignOutPicker {
    /// The accounts with a session in this browser.
    pub accounts: Vec<SignedInAccount>,
    /// Where the choice is sent.
    pub target: FormTarget,
}

/// An account with a session.
#[derive(Debug, Clone)]
pub struct SignedInAccount {
    /// The person's name.
    pub display_name: String,
    /// The value that the button sends as `username`.
    pub user_principal_name: String,
}

/// Renders the page. Its buttons are `name="username"` with the UPN as value.
pub fn render(page: &SignOutPicker) -> Markup {
    layout::document(
        "Sign out: pick an account",
        html! {
            div class="card" {
                h1 { "Pick an account" }
                p class="towards" { "Which account do you want to sign out of?" }
                (page.target.form(html! {
                    ul class="tiles" aria-label="Accounts" {
                        @for account in &page.accounts {
                            li {
                                button class="tile" type="submit" name="username" value=(account.user_principal_name) {
                                    (avatar(&account.display_name))
                                    span class="who" {
                                        span class="name" { (outside_text(&account.display_name)) }
                                        span class="detail" { (outside_text(&account.user_principal_name)) }
                                    }
                                }
                            }
                        }
                    }
                }))
            }
        },
    )
}
