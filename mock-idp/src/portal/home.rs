//! GET /portal: where everybody begins.

use axum::{Router, response::Response, routing::get};
use maud::html;

use super::{
    PortalState,
    page::{Page, Section},
    visit::Visit,
};

/// The route.
pub fn routes() -> Router<PortalState> {
    Router::new().route("/portal", get(home)).route("/portal/", get(home))
}

async fn home(visit: Visit) -> Response {
    visit.show(Page::new(Section::Home, "Home").body(html! {
        p { a class="btn fill" href="/portal/apps/new" { "Register an application" } }
    }))
}
