//! `GET /me`: who is signed in, and where this person can go.

use axum::extract::State;
use axum::response::Response;
use maud::{Markup, html};
use web_app::account::{AccountFacts, TITLE, account_page};
use web_app::policy_data::PolicyData;
use web_app::{Refusal, Role, Session, Visitor};

use crate::AppState;
use crate::access::may_read_policy;

/// `GET /me`: for everybody who is signed in, also without a role.
///
/// # Errors
/// When nobody is signed in.
pub async fn me(State(app): State<AppState>, visitor: Visitor) -> Result<Response, Refusal> {
    let session = visitor.signed_in()?;
    let content = html! {
        (account_page(session))
        (what_the_roles_allow(session, &app.web.config.policy_data))
    };
    Ok(visitor.accepts.answer(TITLE, &AccountFacts::of(session), content))
}

/// Links for convenience. They protect nothing: every page checks the role itself.
fn what_the_roles_allow(session: &Session, data: &PolicyData) -> Markup {
    let has = |role| session.roles.has(role);
    html! {
        h2 { "Your pages" }
        ul {
            @if has(Role::Client) { li { a href="/my/policies" { "My policies" } } }
            @if has(Role::InsightsAnalyst) { li { a href="/insights" { "Insights" } } }
            @if has(Role::PolicyAdmin) { li { a href="/admin/roles" { "Roles of this app" } } }
            @if has(Role::ClaimsAdjuster) {
                @for policy in data.policies.iter().filter(|policy| may_read_policy(session, policy, data)) {
                    li { a href={ "/policies/" (policy.id) } { "Policy " (policy.id) } }
                }
            }
            @if !Role::ALL.into_iter().any(has) { li { "None yet." } }
        }
    }
}
