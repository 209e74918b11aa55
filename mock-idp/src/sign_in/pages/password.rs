//! "Enter password".

use maud::{Markup, html};

use super::{FormTarget, field_error, title_with, to_continue_to};
use crate::html::{layout, outside_text};

/// What the password page shows.
#[derive(Debug, Clone)]
pub struct PasswordPage {
    /// The display name of the app that asked for the sign-in.
    pub app_name: String,
    /// The user name given on the page before; sent again with the password.
    pub username: String,
    /// Why the last try was refused.
    pub error: Option<String>,
    /// Where the form is sent.
    pub target: FormTarget,
}

/// Renders the page. Its input is `name="password"`; `username` goes along unseen, and a button
/// `name="another_account"` goes back to the user name.
pub fn render(page: &PasswordPage) -> Markup {
    let error = page.error.as_ref();
    layout::document(
        &title_with("Enter password", error),
        html! {
            div class="card" {
                p class="account" { (outside_text(&page.username)) }
                h1 { "Enter password" }
                (to_continue_to(&page.app_name))
                (page.target.form(html! {
                    input type="hidden" name="username" value=(page.username) autocomplete="username";
                    div class="field" {
                        label for="password" { "Password" }
                        p class="hint" id="password-hint" {
                            "Practice accounts share one password; it is printed when this server starts."
                        }
                        @if let Some(error) = error { (field_error(error)) }
                        input id="password" type="password" name="password" required autofocus
                            autocomplete="current-password"
                            aria-invalid=[error.map(|_| "true")]
                            aria-describedby=(if error.is_some() { "password-hint field-error" } else { "password-hint" });
                    }
                    div class="actions" { button class="button primary" type="submit" { "Sign in" } }
                    button class="quiet" type="submit" name="another_account" value="1" formnovalidate {
                        "Use another account"
                    }
                }))
            }
        },
    )
}
