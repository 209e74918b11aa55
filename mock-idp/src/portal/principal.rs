//! Whoever a role can be assigned to: a user, a group, or an app.

use maud::{Markup, html};

use crate::{
    directory::{
        Directory,
        application::AppRole,
        assignment::{DEFAULT_ACCESS, PrincipalType},
    },
    html::outside_text,
};

/// A user, a group, or an app, as the lists of assignments show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Principal {
    /// Its object id.
    pub id: String,
    /// What it is.
    pub kind: PrincipalType,
    /// Its display name.
    pub name: String,
    /// What tells it from others of the same name: the user principal name, or the number of members.
    pub detail: String,
}

impl Principal {
    /// The principal with this object id.
    pub fn find(directory: &Directory, id: &str) -> Option<Self> {
        let of = |kind, name: &str, detail: String| Self { id: id.to_owned(), kind, name: name.to_owned(), detail };
        if let Some(user) = directory.user(id) {
            return Some(of(PrincipalType::User, &user.display_name, user.user_principal_name.clone()));
        }
        if let Some(group) = directory.groups.get(id) {
            return Some(of(PrincipalType::Group, &group.display_name, counted(group.members.len(), "member")));
        }
        let principal = directory.service_principals.get(id)?;
        let name = directory.application(&principal.app_id).map_or(principal.app_id.as_str(), |application| &application.display_name);
        Some(of(PrincipalType::ServicePrincipal, name, principal.app_id.clone()))
    }

    /// What it is, in the words of the lists.
    pub const fn kind_name(&self) -> &'static str {
        match self.kind {
            PrincipalType::User => "User",
            PrincipalType::Group => "Group",
            PrincipalType::ServicePrincipal => "Service principal",
        }
    }

    /// The page about it.
    pub fn href(&self) -> String {
        match self.kind {
            PrincipalType::User => format!("/portal/users/{}", self.id),
            PrincipalType::Group => format!("/portal/groups/{}", self.id),
            PrincipalType::ServicePrincipal => format!("/portal/enterprise-apps/{}", self.id),
        }
    }

    /// Name and detail, the name as a link to its page.
    pub fn linked(&self) -> Markup {
        html! { a href=(self.href()) { (outside_text(&self.name)) } " " span class="note" { (outside_text(&self.detail)) } }
    }
}

/// `1 member`, `2 members`.
pub fn counted(count: usize, thing: &str) -> String {
    if count == 1 { format!("1 {thing}") } else { format!("{count} {thing}s") }
}

/// A role in a list: its name and value, and whether it is disabled. An unknown id is a role that was deleted.
pub fn role_cell(roles: &[AppRole], role_id: &str) -> Markup {
    html! {
        @match roles.iter().find(|role| role.id == role_id) {
            Some(role) => {
                (outside_text(&role.display_name))
                @if let Some(value) = &role.value { " " code { (outside_text(value)) } }
                @if !role.is_enabled { " " span class="badge warn" { "disabled" } }
            }
            None if role_id == DEFAULT_ACCESS => "Default Access",
            None => code { (role_id) },
        }
    }
}
