//! "Pick an account": who signs in.
//!
//! Departs from Entra: without a session the picker offers the tenant's users and asks for no password, so that trying
//! the app as somebody else costs one click. It also shows the app roles each account holds.

use maud::{Markup, html};

use super::{FormTarget, avatar, to_continue_to};
use crate::html::{layout, outside_text};

/// What the account picker shows.
#[derive(Debug, Clone)]
pub struct AccountPicker {
    /// The display name of the app that asked for the sign-in.
    pub app_name: String,
    /// The display name of the tenant.
    pub tenant_name: String,
    /// The accounts to choose from.
    pub accounts: Vec<AccountTile>,
    /// The words searched for; empty for the whole list.
    pub search: String,
    /// How many accounts match beyond those in `accounts`.
    pub hidden_matches: HiddenMatches,
    /// Where the search is sent (GET, query keys `search` and `interaction`).
    pub search_action: String,
    /// Where the choice is sent.
    pub target: FormTarget,
}

/// How many accounts a list leaves out. Counting stops early: a directory may hold very many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HiddenMatches {
    /// Just so many.
    Exactly(usize),
    /// More than so many.
    MoreThan(usize),
}

/// One account to choose.
#[derive(Debug, Clone)]
pub struct AccountTile {
    /// The person's name.
    pub display_name: String,
    /// The value that the button sends as `username`.
    pub user_principal_name: String,
    /// The values of the app roles that the account holds in the app, directly or by a group.
    pub roles: Vec<String>,
    /// Whether this browser has a session for the account.
    pub is_signed_in: bool,
}

/// Renders the page. Its buttons are `name="username"` with the UPN as value, and `name="another_account"`.
pub fn render(page: &AccountPicker) -> Markup {
    layout::document(
        "Pick an account",
        html! {
            div class="card" {
                p class="tenant" { (outside_text(&page.tenant_name)) }
                h1 { "Pick an account" }
                (to_continue_to(&page.app_name))
                (search_form(page))
                (result_line(page))
                (page.target.form(html! {
                    @if !page.accounts.is_empty() {
                        ul class="tiles" aria-label="Accounts" {
                            @for account in &page.accounts { li { (tile(account)) } }
                        }
                    }
                    (hidden_line(page.hidden_matches))
                    button class="tile another" type="submit" name="another_account" value="1" {
                        span class="avatar plus" aria-hidden="true" { "+" }
                        span class="who" {
                            span class="name" { "Use another account" }
                            span class="detail" { "Type a user name and a password" }
                        }
                    }
                }))
            }
        },
    )
}

fn search_form(page: &AccountPicker) -> Markup {
    html! {
        form class="search" role="search" method="get" action=(page.search_action) {
            input type="hidden" name="interaction" value=(page.target.interaction);
            label for="search" { "Find an account" }
            div class="row" {
                input id="search" type="search" name="search" value=(page.search) dir="auto" autocomplete="off"
                    spellcheck="false";
                button class="button" type="submit" { "Search" }
            }
        }
    }
}

fn result_line(page: &AccountPicker) -> Markup {
    html! {
        @match (page.accounts.is_empty(), page.search.is_empty()) {
            (true, true) => p class="note" { "This directory has no account that can sign in." },
            (true, false) => p class="note" {
                "No account matches “" (outside_text(&page.search)) "”. Empty the field and search again to see all."
            },
            (false, false) => p class="note" { "Accounts that match “" (outside_text(&page.search)) "”:" },
            (false, true) => {}
        }
    }
}

fn hidden_line(hidden_matches: HiddenMatches) -> Markup {
    html! {
        @match hidden_matches {
            HiddenMatches::Exactly(0) => {}
            HiddenMatches::Exactly(1) => p class="note" { "One more account is not shown. Search for a name to find it." },
            HiddenMatches::Exactly(more) => p class="note" { (more) " more accounts are not shown. Search for a name to find one." },
            HiddenMatches::MoreThan(many) => {
                p class="note" { "More than " (many) " more accounts are not shown. Search for a name to find one." }
            }
        }
    }
}

fn tile(account: &AccountTile) -> Markup {
    html! {
        button class="tile" type="submit" name="username" value=(account.user_principal_name) {
            (avatar(&account.display_name))
            span class="who" {
                span class="name" {
                    (outside_text(&account.display_name))
                    @if account.is_signed_in { " " span class="badge" { "Signed in" } }
                }
                span class="detail" { (outside_text(&account.user_principal_name)) }
                span class="roles" {
                    @match account.roles.as_slice() {
                        [] => "No role in this app",
                        roles => {
                            @if roles.len() == 1 { "App role: " } @else { "App roles: " }
                            @for (index, role) in roles.iter().enumerate() {
                                @if index > 0 { ", " }
                                code { (outside_text(role)) }
                            }
                        }
                    }
                }
            }
        }
    }
}
