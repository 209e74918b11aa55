//! `GET /admin/roles`: the roles that this app knows.

use axum::response::Response;
use maud::html;
use serde::Serialize;
use web_app::{Refusal, Role, Visitor};

use crate::access::require_role;

#[derive(Serialize)]
struct RoleValue {
    value: &'static str,
}

#[derive(Serialize)]
struct AdminRoles {
    roles: Vec<RoleValue>,
}

/// `GET /admin/roles`: for the policy administrator. That is a role of this app; an administrator of the directory has
/// no say here.
///
/// # Errors
/// For everybody else.
pub async fn admin_roles(visitor: Visitor) -> Result<Response, Refusal> {
    require_role(&visitor, Role::PolicyAdmin)?;
    let facts = AdminRoles { roles: Role::ALL.into_iter().map(|role| RoleValue { value: role.value() }).collect() };
    let content = html! {
        ul {
            @for role in &facts.roles {
                li data-field="role-value" { (role.value) }
            }
        }
    };
    Ok(visitor.accepts.answer("Roles of this app", &facts, content))
}
