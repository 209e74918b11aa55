//! The pages, each as HTML with a table and as JSON.

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use axum_extra::extract::CookieJar;
use maud::{DOCTYPE, Markup, html};
use serde_json::{Value, json};

use crate::App;
use crate::guard::wants_json;
use crate::sign_in::SESSION;
use crate::sign_in_records::Person;

fn page(title: &str, content: Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head { meta charset="utf-8"; title { (title) } }
            body { main { h1 { (title) } (content) } }
        }
    }
}

/// Facts in a table: name, mark, value. A fact with several values has a row for each.
fn table(rows: &[(&str, &str, String)]) -> Markup {
    html! {
        table {
            @for (name, field, value) in rows {
                tr { th scope="row" { (name) } td data-field=(field) { (value) } }
            }
        }
    }
}

fn answer(headers: &HeaderMap, title: &str, facts: Value, content: Markup) -> Response {
    if wants_json(headers) { Json(facts).into_response() } else { page(title, content).into_response() }
}

pub fn problem_json(problem: &str) -> Json<Value> {
    Json(json!({ "problem": problem }))
}

/// Signed in, without the right.
pub fn refused(as_json: bool) -> Response {
    let text = "Your account may not see this.";
    if as_json {
        return (StatusCode::FORBIDDEN, problem_json(text)).into_response();
    }
    (StatusCode::FORBIDDEN, page("Not for you", html! { p { (text) } })).into_response()
}

pub fn sign_in_failed(explanation: &str) -> Response {
    let content = html! { p { (explanation) } p { a href="/login" { "Sign in" } } };
    (StatusCode::BAD_REQUEST, page("You are not signed in", content)).into_response()
}

pub fn provider_unavailable() -> Response {
    let content = html! { p { "The sign-in service does not answer. Please try again later." } };
    (StatusCode::SERVICE_UNAVAILABLE, page("No sign-in at the moment", content)).into_response()
}

pub async fn front_page(State(app): State<App>, jar: CookieJar) -> Markup {
    let person = jar.get(SESSION).and_then(|cookie| app.sessions.person(cookie.value()));
    page(
        "ABC Insurance",
        match person {
            Some(person) => html! { p { "Hello, " a href="/me" { (person.name) } } },
            None => html! { form action="/login" { button { "Sign in with your work account" } } },
        },
    )
}

pub async fn me(headers: HeaderMap, Extension(person): Extension<Person>) -> Response {
    let facts = json!({
        "name": person.name, "preferred_username": person.username,
        "oid": person.object_id, "tid": person.tenant_id, "roles": person.roles,
    });
    let mut rows = vec![
        ("Name", "name", person.name),
        ("Signs in as", "preferred_username", person.username),
        ("Object", "oid", person.object_id),
        ("Tenant", "tid", person.tenant_id),
    ];
    rows.extend(person.roles.into_iter().map(|role| ("Role", "roles", role)));
    let content = html! {
        (table(&rows))
        form action="/logout" method="post" { button { "Leave" } }
    };
    answer(&headers, "Who you are", facts, content)
}

pub async fn my_policies(State(app): State<App>, headers: HeaderMap, Extension(person): Extension<Person>) -> Response {
    let policies = app.config.policy_data.policies.iter();
    let own: Vec<&str> = policies
        .filter(|policy| (&policy.tenant_id, &policy.owner_object_id) == (&person.tenant_id, &person.object_id))
        .map(|policy| policy.id.as_str())
        .collect();
    let facts = json!({ "policies": own.iter().map(|id| json!({ "id": id })).collect::<Vec<_>>() });
    let rows: Vec<_> = own.iter().map(|id| ("Policy", "policy-id", (*id).to_owned())).collect();
    answer(&headers, "Your policies", facts, table(&rows))
}

/// A policy that may not be seen is answered like one that does not exist.
pub async fn policy(State(app): State<App>, headers: HeaderMap, Extension(person): Extension<Person>, Path(id): Path<String>) -> Response {
    let data = &app.config.policy_data;
    let Person { tenant_id, object_id, .. } = &person;
    let visible = data.policy(&id).filter(|policy| {
        let is_own = (&policy.tenant_id, &policy.owner_object_id) == (tenant_id, object_id);
        (is_own && person.has_role("Client"))
            || (person.has_role("Claims.Adjuster") && data.is_adjuster_of(tenant_id, object_id, &policy.region))
    });
    let Some(policy) = visible else {
        return (StatusCode::NOT_FOUND, page("No such policy", html! { p { "You have no policy of this number." } })).into_response();
    };
    let facts = json!({ "id": policy.id, "region": policy.region, "premium": policy.premium });
    let rows = [
        ("Policy", "id", policy.id.clone()),
        ("Region", "region", policy.region.clone()),
        ("Premium", "premium", policy.premium.to_string()),
    ];
    answer(&headers, "One policy", facts, table(&rows))
}

pub async fn insights(State(app): State<App>, headers: HeaderMap) -> Response {
    let premiums: Vec<f64> = app.config.policy_data.policies.iter().map(|policy| policy.premium).collect();
    let average = premiums.iter().sum::<f64>() / premiums.len().max(1) as f64;
    let facts = json!({ "policy_count": premiums.len(), "average_premium": average });
    let rows = [("Policies", "policy_count", premiums.len().to_string()), ("Average premium", "average_premium", average.to_string())];
    answer(&headers, "Figures", facts, table(&rows))
}

pub async fn admin_roles(headers: HeaderMap) -> Response {
    let roles = ["Client", "Claims.Adjuster", "Insights.Analyst", "Policy.Admin"];
    let facts = json!({ "roles": roles.map(|role| json!({ "value": role })) });
    let rows: Vec<_> = roles.map(|role| ("Role", "role-value", role.to_owned())).into();
    answer(&headers, "Roles of this app", facts, table(&rows))
}
