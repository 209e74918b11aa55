//! What is shown, as HTML to people and as JSON to programs.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State},
    http::{HeaderMap, StatusCode, header::ACCEPT},
    response::{IntoResponse, Redirect, Response},
};
use axum_extra::extract::SignedCookieJar;
use maud::{DOCTYPE, Markup, html};
use serde_json::{Value, json};

use crate::{
    Portal, WARNING,
    policy_data::Policy,
    rules::{Page, Rule, role},
    session::Account,
    sign_in::SESSION,
};

/// The layout of every page.
fn layout(title: &str, content: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head { meta charset="utf-8"; meta name="viewport" content="width=device-width"; title { (title) " · vulnerable-app" } }
            body {
                p role="note" { strong { (WARNING) } }
                nav aria-label="Main" {
                    a href="/me" { "My account" } " " a href="/my/policies" { "My policies" } " " a href="/admin/roles" { "Roles" }
                }
                main { h1 { (title) } (content) }
            }
        }
    }
}

/// A page that refuses, and names the function that said no.
pub fn refusal(title: &str, text: &str, said_no: Option<&str>) -> Markup {
    layout(title, &html! { p { (text) } @if let Some(name) = said_no { p { "Said no: " code data-field="said-no" { (name) } } } })
}

/// `GET /`
pub async fn front_page() -> Markup {
    layout("The portal of ABC's clients", &html! { p { a href="/login" { "Sign in" } } })
}

/// Who asks, and in which form the answer shall be.
struct Visitor {
    account: Option<Account>,
    wants_json: bool,
}

impl Visitor {
    fn new(portal: &Portal, jar: &SignedCookieJar, headers: &HeaderMap) -> Self {
        let accept = headers.get(ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
        Self {
            account: portal.sessions.current(jar, SESSION).map(|session| session.account),
            wants_json: accept.contains("application/json"),
        }
    }

    /// The person, if the rule says yes.
    fn account_for(&self, portal: &Portal, page: Page) -> Result<&Account, Refusal> {
        let account = self.account.as_ref().ok_or(Refusal { wants_json: self.wants_json, why: Why::Anonymous })?;
        if (portal.rules.may_open)(account, page) { Ok(account) } else { Err(self.forbidden(Rule::MayOpen)) }
    }

    fn forbidden(&self, rule: Rule) -> Refusal {
        Refusal { wants_json: self.wants_json, why: Why::SaidNo(rule) }
    }

    fn answer(&self, title: &str, facts: Value, content: &Markup) -> Response {
        if self.wants_json { Json(facts).into_response() } else { layout(title, content).into_response() }
    }
}

/// A page that is not shown.
pub struct Refusal {
    wants_json: bool,
    why: Why,
}

enum Why {
    Anonymous,
    SaidNo(Rule),
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let text = "You are signed in, and may not see this.";
        match (self.why, self.wants_json) {
            (Why::Anonymous, true) => (StatusCode::UNAUTHORIZED, Json(json!({ "error": "not signed in" }))).into_response(),
            (Why::Anonymous, false) => Redirect::to("/login").into_response(),
            (Why::SaidNo(rule), true) => (StatusCode::FORBIDDEN, Json(json!({ "error": text, "said_no": rule.name() }))).into_response(),
            (Why::SaidNo(rule), false) => (StatusCode::FORBIDDEN, refusal("Not for you", text, Some(rule.name()))).into_response(),
        }
    }
}

/// What a page answers.
type Answer = Result<Response, Refusal>;

/// `GET /me`
pub async fn me(State(portal): State<Arc<Portal>>, jar: SignedCookieJar, headers: HeaderMap) -> Answer {
    let visitor = Visitor::new(&portal, &jar, &headers);
    let account = visitor.account_for(&portal, Page::Me)?;
    let Account { tenant_id, object_id, name, preferred_username, roles } = account;
    let facts = json!({ "name": name, "preferred_username": preferred_username, "oid": object_id, "tid": tenant_id, "roles": roles });
    let content = html! {
        dl {
            dt { "Name" } dd data-field="name" { (name) }
            dt { "Signed in as" } dd data-field="preferred_username" { (preferred_username) }
            dt { "Object id" } dd data-field="oid" { (object_id) }
            dt { "Tenant" } dd data-field="tid" { (tenant_id) }
            dt { "Roles" } @for role in roles { dd data-field="roles" { (role) } }
        }
        form method="post" action="/logout" { button { "Sign out" } }
    };
    Ok(visitor.answer("My account", facts, &content))
}

/// `GET /my/policies`
pub async fn my_policies(State(portal): State<Arc<Portal>>, jar: SignedCookieJar, headers: HeaderMap) -> Answer {
    let visitor = Visitor::new(&portal, &jar, &headers);
    let account = visitor.account_for(&portal, Page::Policies)?;
    let own: Vec<&Policy> = portal.config.policy_data.policies.iter().filter(|policy| (portal.rules.owns)(account, policy)).collect();
    let ids: Vec<Value> = own.iter().map(|policy| json!({ "id": policy.id })).collect();
    let content =
        html! { ul { @for policy in &own { li { a href={ "/policies/" (policy.id) } data-field="policy-id" { (policy.id) } } } } };
    Ok(visitor.answer("My policies", json!({ "policies": ids }), &content))
}

/// `GET /policies/{id}`
pub async fn policy(State(portal): State<Arc<Portal>>, Path(id): Path<String>, jar: SignedCookieJar, headers: HeaderMap) -> Answer {
    let visitor = Visitor::new(&portal, &jar, &headers);
    let account = visitor.account_for(&portal, Page::Policies)?;
    let found = portal.config.policy_data.policies.iter().find(|policy| policy.id == id);
    let policy = found.filter(|policy| (portal.rules.owns)(account, policy)).ok_or_else(|| visitor.forbidden(Rule::Owns))?;
    let facts = json!({ "id": policy.id, "region": policy.region, "premium": policy.premium });
    let content = html! { p { (policy.id) ", " (policy.region) ", " (policy.premium) " Euro a year" } };
    Ok(visitor.answer("A policy", facts, &content))
}

/// `GET /admin/roles`
pub async fn roles(State(portal): State<Arc<Portal>>, jar: SignedCookieJar, headers: HeaderMap) -> Answer {
    let visitor = Visitor::new(&portal, &jar, &headers);
    visitor.account_for(&portal, Page::Roles)?;
    let values: Vec<Value> = role::ALL.iter().map(|value| json!({ "value": value })).collect();
    let content = html! { ul { @for value in role::ALL { li data-field="role-value" { (value) } } } };
    Ok(visitor.answer("The roles of the portal", json!({ "roles": values }), &content))
}
