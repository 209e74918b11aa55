//! The pages of the sign-in, as pure functions from plain data to HTML.
//!
//! Nothing here knows about requests or sessions. The names of inputs and buttons (`username`, `password`, `consent`
//! and so on) are a published contract: programs drive these pages.

pub mod account_picker;
pub mod consent;
mod difference;
pub mod error;
pub mod error_code;
pub mod form_post;
pub mod home;
pub mod password;
pub mod refused_form;
pub mod sign_out_picker;
pub mod signed_out;
pub mod username;

#[cfg(test)]
mod tests;

use maud::{Markup, html};

use crate::html::outside_text;

/// Where a form is sent and what it carries unseen.
#[derive(Debug, Clone)]
pub struct FormTarget {
    /// The address the form is posted to.
    pub action: String,
    /// Names the sign-in under way; the server keeps its validated authorization request.
    pub interaction: String,
    /// Proves that the form came from a page of ours (RFC 6749 §10.12 asks for this on the authorization server too).
    pub csrf: String,
}

impl FormTarget {
    /// A form that posts to this target.
    fn form(&self, content: Markup) -> Markup {
        html! {
            form method="post" action=(self.action) {
                input type="hidden" name="interaction" value=(self.interaction);
                input type="hidden" name="csrf" value=(self.csrf);
                (content)
            }
        }
    }
}

/// The line under the heading that tells which app the person is on the way to.
fn to_continue_to(app_name: &str) -> Markup {
    html! { p class="towards" { "to continue to " strong { (outside_text(app_name)) } } }
}

/// The message about a field that was filled in wrongly. The field refers to it by `aria-describedby="field-error"`.
fn field_error(error: &str) -> Markup {
    html! {
        p class="field-error" id="field-error" {
            strong { "Error: " } (outside_text(error))
        }
    }
}

/// A page's title, which says first that something is wrong, because a screen reader reads it first.
fn title_with(title: &str, error: Option<&String>) -> String {
    match error {
        Some(_) => format!("Error: {title}"),
        None => title.to_owned(),
    }
}

/// The disc with a person's initials. Decoration: the name stands beside it.
fn avatar(display_name: &str) -> Markup {
    let initial = |word: &str| word.chars().find(|character| character.is_alphanumeric());
    let mut words = display_name.split_whitespace().filter_map(initial);
    let first = words.next();
    let last = words.next_back();
    html! {
        span class="avatar" aria-hidden="true" {
            @for letter in first.into_iter().chain(last) { (letter.to_uppercase()) }
        }
    }
}
