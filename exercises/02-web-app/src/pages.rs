//! The look of all pages, and the pages of unit 2.

use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::IntoResponse;
use maud::{DOCTYPE, Markup, html};

use crate::session::Session;

/// The one layout. `title` becomes the only `h1`.
///
/// maud writes every value in round brackets as text: a name such as `<script>` is shown, not run.
pub fn page(title: &str, content: Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) " · ABC Insurance" }
                link rel="stylesheet" href="/style.css";
            }
            body {
                a.skip href="#content" { "Skip to the content" }
                header {
                    p { "ABC Insurance" }
                    nav aria-label="Main" {
                        ul {
                            li { a href="/" { "Front page" } }
                            li { a href="/me" { "My account" } }
                        }
                    }
                }
                main id="content" tabindex="-1" {
                    h1 { (title) }
                    (content)
                }
            }
        }
    }
}

/// `GET /`: for everybody.
pub fn front_page(session: Option<&Session>) -> Markup {
    page(
        "Welcome to ABC Insurance",
        html! {
            // TODO: Step 4. Say what clients and what employees find here.
            @match session {
                Some(session) => p { "You are signed in as " (session.account.name) ". " a href="/me" { "Go to your account" } }
                None => p { "TODO: Step 4. A link to /login with the text Sign in belongs here." }
            }
        },
    )
}

/// `GET /style.css`. The only answer that a browser may keep.
pub async fn style_sheet() -> impl IntoResponse {
    let headers = [(CONTENT_TYPE, "text/css; charset=utf-8"), (CACHE_CONTROL, "max-age=3600")];
    (headers, include_str!("style.css"))
}
