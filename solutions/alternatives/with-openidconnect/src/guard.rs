//! Layers in front of the pages: who is there, and has she the role?

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::{ACCEPT, HeaderMap};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::CookieJar;
use url::form_urlencoded::byte_serialize;

use crate::App;
use crate::pages::{problem_json, refused};
use crate::sign_in::SESSION;
use crate::sign_in_records::Person;

/// A program names JSON and nothing else; a browser names HTML.
pub fn wants_json(headers: &HeaderMap) -> bool {
    let accept = headers.get(ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    accept.contains("application/json") && !accept.contains("text/html")
}

/// Lets signed-in people pass, and gives the person to the handler.
pub async fn only_signed_in(State(app): State<App>, jar: CookieJar, mut request: Request, next: Next) -> Response {
    if let Some(person) = jar.get(SESSION).and_then(|cookie| app.sessions.person(cookie.value())) {
        request.extensions_mut().insert(person);
        return next.run(request).await;
    }
    if wants_json(request.headers()) {
        return (StatusCode::UNAUTHORIZED, problem_json("nobody is signed in")).into_response();
    }
    let wanted = request.uri().path_and_query().map_or("/", |it| it.as_str());
    let encoded: String = byte_serialize(wanted.as_bytes()).collect();
    Redirect::to(&format!("/login?return_to={encoded}")).into_response()
}

/// Lets people with the role pass. It stands behind [`only_signed_in`].
pub async fn only_for(role: &'static str, request: Request, next: Next) -> Response {
    match request.extensions().get::<Person>() {
        Some(person) if person.has_role(role) => next.run(request).await,
        _ => refused(wants_json(request.headers())),
    }
}
