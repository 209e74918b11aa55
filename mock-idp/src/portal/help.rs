//! GET /portal/help: which page does what, and what it was called before.

use axum::{Router, response::Response, routing::get};
use maud::{Markup, html};

use super::{
    PortalState,
    page::{Page, Section},
    values::{card, table},
    visit::Visit,
};
use crate::html::BOOK;

/// What people want to do, where, and under which names older texts know the place.
const PLACES: [(&str, &str, &str, &str); 5] = [
    ("Register an app, note its IDs", "App registrations", "/portal/apps", "Azure Active Directory > App registrations"),
    ("Make a client secret", "App registrations > your app > Certificates & secrets", "/portal/apps", "Keys"),
    ("Define app roles", "App registrations > your app > App roles", "/portal/apps", "App roles | Preview; before that, in the manifest"),
    (
        "Give roles to people and groups",
        "Enterprise apps > your app > Users and groups",
        "/portal/enterprise-apps",
        "Enterprise applications",
    ),
    ("See who is in the company", "Users", "/portal/users", "Azure Active Directory > Users"),
];

/// The route.
pub fn routes() -> Router<PortalState> {
    Router::new().route("/portal/help", get(help))
}

async fn help(visit: Visit) -> Response {
    visit.show(Page::new(Section::Help, "Help").body(html! {
        (card("where", "What is done where", table("What is done where", &["You want to", "Go to", "Older texts say"], rows())))
        (card("words", "Two words to keep apart", html! { dl class="pad terms" {
            dt { "App registration" }
            dd { "What the developers say about the app: its name, redirect URIs, secrets, and which roles exist." }
            dt { "Enterprise app" }
            dd { "What the company says about the app: who may use it and who has which role. It is made together with the registration." }
        } }))
        @if visit.faults().is_some() {
            div class="prose" { p {
                "To try what an app does when its provider misbehaves: " a href="/portal/faults" { "Faults" } ". No real portal has that page."
            } }
        }
        div class="prose" { p { "The book explains each step. While it is served, it is at " a href=(BOOK) { (BOOK) } "." } }
    }))
}

fn rows() -> Markup {
    html! {
        @for (wish, place, path, before) in PLACES {
            tr { th scope="row" { (wish) } td { a href=(path) { (place) } } td { (before) } }
        }
    }
}
