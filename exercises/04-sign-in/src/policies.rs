//! `GET /my/policies` and `GET /policies/{id}`: the insurance data of one person, and one policy.

use axum::extract::{Path, State};
use axum::response::Response;
use maud::html;
use serde::Serialize;
use web_app::{Reason, Refusal, Role, Visitor};

use crate::AppState;
use crate::access::{may_read_policy, owns_policy, require_role};

#[derive(Serialize)]
struct PolicyId<'a> {
    id: &'a str,
}

#[derive(Serialize)]
struct MyPolicies<'a> {
    policies: Vec<PolicyId<'a>>,
}

#[derive(Serialize)]
struct PolicyFacts<'a> {
    id: &'a str,
    region: &'a str,
    premium: f64,
}

/// `GET /my/policies`: a client's own policies, perhaps none.
///
/// # Errors
/// For everybody who is not a client.
pub async fn my_policies(State(app): State<AppState>, visitor: Visitor) -> Result<Response, Refusal> {
    let session = require_role(&visitor, Role::Client)?;
    let all = &app.web.config.policy_data.policies;
    let own = all.iter().filter(|policy| owns_policy(&session.account, policy));
    let facts = MyPolicies { policies: own.map(|policy| PolicyId { id: &policy.id }).collect() };
    let content = html! {
        @if facts.policies.is_empty() {
            p { "You have no policy with us yet." }
        }
        ul {
            @for policy in &facts.policies {
                li { a href={ "/policies/" (policy.id) } data-field="policy-id" { (policy.id) } }
            }
        }
    };
    Ok(visitor.accepts.answer("My policies", &facts, content))
}

/// `GET /policies/{id}`: one policy, for its owner and for the adjusters of its region.
///
/// # Errors
/// For everybody else. An id that does not exist gets the same answer as one that belongs to another client, so that
/// nobody learns which ids exist.
pub async fn policy(State(app): State<AppState>, visitor: Visitor, Path(id): Path<String>) -> Result<Response, Refusal> {
    let session = visitor.signed_in()?;
    let data = &app.web.config.policy_data;
    let policy =
        data.policy(&id).filter(|policy| may_read_policy(session, policy, data)).ok_or_else(|| visitor.refuse(Reason::Forbidden))?;
    let facts = PolicyFacts { id: &policy.id, region: &policy.region, premium: policy.premium };
    let content = html! {
        dl {
            dt { "Policy" }
            dd data-field="id" { (facts.id) }
            dt { "Region" }
            dd data-field="region" { (facts.region) }
            dt { "Premium a year" }
            dd data-field="premium" { (facts.premium) }
        }
    };
    Ok(visitor.accepts.answer("Policy", &facts, content))
}
