//! The pages: short sentences with the facts in them, or the facts alone as JSON.

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum_extra::extract::SignedCookieJar;
use maud::{DOCTYPE, Markup, Render, html};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::App;
use crate::access::Visitor;
use crate::cookies::session;

pub fn layout(title: &str, content: impl Render) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en-GB" {
            head { meta charset="utf-8"; title { "ABC: " (title) } }
            body { nav { a href="/" { "Start" } } h1 { (title) } section { (content) } }
        }
    }
}

/// A page that goes on to `next` by itself, at once; the link is for those whose browser does not.
pub fn greeting(next: &str) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en-GB" {
            head { meta charset="utf-8"; title { "ABC: Welcome" } meta http-equiv="refresh" content={ "0; url=" (next) }; }
            body { h1 { "Welcome" } p { a href=(next) { "Go on" } } }
        }
    }
}

fn answer(visitor: &Visitor, title: &str, facts: Value, content: Markup) -> Response {
    if visitor.wants_json { Json(facts).into_response() } else { layout(title, content).into_response() }
}

pub fn unavailable() -> Response {
    (StatusCode::SERVICE_UNAVAILABLE, layout("Please come back later", "Signing in is not possible at the moment.")).into_response()
}

#[derive(Deserialize)]
pub struct Failure {
    #[serde(default)]
    reason: String,
}

/// `reason` comes from the address, so anybody can have written it: the page knows a few, and shows no other.
pub async fn sign_in_failed(failure: Result<Query<Failure>, QueryRejection>) -> (StatusCode, Markup) {
    let text = match failure.as_ref().ok().map(|Query(failure)| failure.reason.as_str()) {
        Some("access_denied") => "You pressed Cancel, or your account may not use this app.",
        Some("consent_required") => "An administrator must first allow this app to sign you in.",
        Some("token") => "The answer did not fit to this sign-in.",
        _ => "The sign-in service could not sign you in.",
    };
    (StatusCode::FORBIDDEN, layout("You are not signed in", html! { p { (text) } a href="/login" { "Once more" } }))
}

pub async fn front_page(State(app): State<App>, jar: SignedCookieJar) -> Markup {
    match session(&jar, &app.ended) {
        Some(session) => layout("ABC Insurance", html! { p { (session.name) ", " a href="/me" { "your page" } " is here." } }),
        None => layout("ABC Insurance", html! { form action="/login" { button { "Sign in" } } p { a href="/login" { "Sign in" } } }),
    }
}

pub async fn me(visitor: Visitor) -> Response {
    let session = &visitor.session;
    let facts = json!({
        "oid": session.oid, "tid": session.tid, "name": session.name,
        "preferred_username": session.preferred_username, "roles": session.roles,
    });
    let content = html! {
        p {
            "You are " b data-field="name" { (session.name) } ", signed in as " span data-field="preferred_username" { (session.preferred_username) }
            ". The directory " code data-field="tid" { (session.tid) } " knows you as " code data-field="oid" { (session.oid) } "."
        }
        ul { @for role in &session.roles { li data-field="roles" { (role) } } }
        form method="post" action="/logout" { input type="hidden" name="from" value="me"; button { "Sign out" } }
    };
    answer(&visitor, "Your page", facts, content)
}

pub async fn my_policies(State(app): State<App>, visitor: Visitor) -> Result<Response, Response> {
    visitor.require("Client")?;
    let Visitor { session, .. } = &visitor;
    let is_own = |policy: &&solution_02::policy_data::Policy| policy.tenant_id == session.tid && policy.owner_object_id == session.oid;
    let own: Vec<_> = app.config.policy_data.policies.iter().filter(is_own).map(|policy| &policy.id).collect();
    let facts = json!({ "policies": own.iter().map(|id| json!({ "id": id })).collect::<Vec<_>>() });
    let content = html! {
        p { "You have " (own.len()) " policies with us." }
        @for id in &own { p { a href={ "/policies/" (id) } { "Policy " span data-field="policy-id" { (id) } } } }
    };
    Ok(answer(&visitor, "Your policies", facts, content))
}

pub async fn policy(State(app): State<App>, visitor: Visitor, Path(id): Path<String>) -> Result<Response, Response> {
    let Visitor { session, .. } = &visitor;
    let data = &app.config.policy_data;
    let policy = data.policy(&id).ok_or_else(|| visitor.refusal())?;
    let is_owner = policy.tenant_id == session.tid && policy.owner_object_id == session.oid;
    let is_adjuster = data.is_adjuster_of(&session.tid, &session.oid, &policy.region);
    if !(visitor.has("Client") && is_owner || visitor.has("Claims.Adjuster") && is_adjuster) {
        return Err(visitor.refusal());
    }
    let facts = json!({ "id": policy.id, "region": policy.region, "premium": policy.premium });
    let content = html! {
        p {
            "Policy " b data-field="id" { (policy.id) } ", region " b data-field="region" { (policy.region) }
            ", costs " b data-field="premium" { (policy.premium) } " a year."
        }
    };
    Ok(answer(&visitor, "Policy", facts, content))
}

pub async fn insights(State(app): State<App>, visitor: Visitor) -> Result<Response, Response> {
    visitor.require("Insights.Analyst")?;
    let policies = &app.config.policy_data.policies;
    let average = policies.iter().map(|policy| policy.premium / policies.len() as f64).sum::<f64>();
    let facts = json!({ "policy_count": policies.len(), "average_premium": average });
    let content = html! {
        p {
            "We have " b data-field="policy_count" { (policies.len()) } " policies, on average at "
            b data-field="average_premium" { (format!("{average:.2}")) } " a year."
        }
    };
    Ok(answer(&visitor, "Insights", facts, content))
}

pub async fn admin_roles(visitor: Visitor) -> Result<Response, Response> {
    visitor.require("Policy.Admin")?;
    let roles = solution_02::Role::ALL.map(solution_02::Role::value);
    let content = html! { ol { @for role in roles { li data-field="role-value" { (role) } } } };
    Ok(answer(&visitor, "Roles", json!({ "roles": roles.map(|value| json!({ "value": value })) }), content))
}
