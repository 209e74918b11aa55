//! "Sign in": asks for the user name.

use maud::{Markup, html};

use super::{FormTarget, field_error, title_with, to_continue_to};
use crate::html::layout;

/// What the user name page shows.
#[derive(Debug, Clone)]
pub struct UsernamePage {
    /// The display name of the app that asked for the sign-in.
    pub app_name: String,
    /// What the field holds at first: the login hint, or what was typed before.
    pub username: String,
    /// Why the last try was refused.
    pub error: Option<String>,
    /// Where the form is sent.
    pub target: FormTarget,
}

/// Renders the page. Its input is `name="username"`.
pub fn render(page: &UsernamePage) -> Markup {
    let error = page.error.as_ref();
    layout::document(
        &title_with("Sign in", error),
        html! {
            div class="card" {
                h1 { "Sign in" }
                (to_continue_to(&page.app_name))
                (page.target.form(html! {
                    div class="field" {
                        label for="username" { "User name" }
                        p class="hint" id="username-hint" { "The full name with the domain, for example ada@your-company.example" }
                        @if let Some(error) = error { (field_error(error)) }
                        input id="username" type="text" name="username" value=(page.username) required autofocus
                            inputmode="email" autocomplete="username" autocapitalize="none" spellcheck="false"
                            aria-invalid=[error.map(|_| "true")]
                            aria-describedby=(if error.is_some() { "username-hint field-error" } else { "username-hint" });
                    }
                    div class="actions" { button class="button primary" type="submit" { "Next" } }
                }))
            }
        },
    )
}
