//! `GET /me`: who is signed in.

use axum::response::Response;
use maud::{Markup, html};
use serde::Serialize;

use crate::refusal::Refusal;
use crate::session::Session;
use crate::visitor::Visitor;

/// The title of the page.
pub const TITLE: &str = "Your account";

/// What the page says, for a program.
#[derive(Debug, Serialize)]
pub struct AccountFacts<'a> {
    name: &'a str,
    preferred_username: &'a str,
    oid: &'a str,
    tid: &'a str,
    roles: &'a [String],
}

impl<'a> AccountFacts<'a> {
    /// The facts of a signed-in person.
    pub fn of(session: &'a Session) -> Self {
        Self {
            name: &session.account.name,
            preferred_username: &session.account.preferred_username,
            oid: &session.account.object_id,
            tid: &session.account.tenant_id,
            roles: session.roles.values(),
        }
    }
}

/// `GET /me`: only for signed-in people.
///
/// # Errors
/// When nobody is signed in.
pub async fn me(visitor: Visitor) -> Result<Response, Refusal> {
    let session = visitor.signed_in()?;
    Ok(visitor.accepts.answer(TITLE, &AccountFacts::of(session), account_page(session)))
}

/// The same facts for a person, with the form that signs out.
pub fn account_page(session: &Session) -> Markup {
    html! {
        dl {
            dt { "Name" }
            dd data-field="name" { (session.account.name) }
            dt { "User name" }
            dd data-field="preferred_username" { (session.account.preferred_username) }
            dt { "Object id" }
            dd data-field="oid" { (session.account.object_id) }
            dt { "Tenant id" }
            dd data-field="tid" { (session.account.tenant_id) }
            dt { "Roles" }
            @for role in session.roles.values() {
                dd data-field="roles" { (role) }
            }
            @if session.roles.values().is_empty() {
                dd { "none yet; the policy administrator assigns roles" }
            }
        }
        form method="post" action="/logout" {
            button type="submit" { "Sign out" }
        }
    }
}
