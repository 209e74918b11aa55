//! The document around every page.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::{ICON, ICON_PATH, STYLESHEET_PATH};

/// Puts `body` into a whole document: head, skip link, the strip that says what this place is, and `<main>`.
///
/// The body brings the page's only `<h1>`. `title` must not contain text from outside, since a title cannot isolate its
/// writing direction.
pub fn document(title: &str, body: Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) " - practice directory" }
                link rel="icon" href=(ICON_PATH) type="image/svg+xml";
                link rel="stylesheet" href=(STYLESHEET_PATH);
            }
            body {
                a class="skip" href="#main" { "Skip to content" }
                (strip())
                main id="main" tabindex="-1" { (body) }
            }
        }
    }
}

/// The strip at the top of every page. A learner must never get used to typing a real password into a page like this,
/// so it also names the address at which the real sign-in page lives.
fn strip() -> Markup {
    html! {
        header class="strip" {
            p class="brand" { (PreEscaped(ICON.trim_end())) "Practice directory" }
            p {
                "This is not Microsoft. Check the address bar: the real sign-in page is at "
                span class="address" { "https://login.microsoftonline.com" }
                ". Never type a real password here."
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_document_looks_as_it_did() {
        let document = document("Pick an account", html! { h1 { "Pick an account" } });
        insta::assert_snapshot!(document.into_string().replace("><", ">\n<"));
    }
}
