//! The app roles that somebody holds: assigned directly, or to a group of which she is a direct member.

use maud::{Markup, html};

use super::super::{principal::role_cell, values::table};
use crate::{
    directory::{
        Directory,
        application::Application,
        entries::Index,
        group::Group,
        service_principal::{AppRoleAssignment, ServicePrincipal},
    },
    html::outside_text,
};

/// A role in one app, and by which way it is held.
struct Held<'a> {
    assignment: &'a AppRoleAssignment,
    via: Option<&'a Group>,
}

/// The table of roles that a user or group holds.
pub fn roles_of(directory: &Directory, principal_id: &str) -> Markup {
    let held = held(directory, principal_id);
    let rows = html! {
        @for Held { assignment, via } in &held {
            @if let Some((principal, application)) = app_of(directory, assignment) {
                tr {
                    th scope="row" {
                        a href={ "/portal/enterprise-apps/" (principal.id) "/users-and-groups" } { (outside_text(&application.display_name)) }
                    }
                    td { (role_cell(&application.app_roles, &assignment.app_role_id)) }
                    td {
                        @match via {
                            None => "Direct",
                            Some(group) => { "via " a href={ "/portal/groups/" (group.id) } { (outside_text(&group.display_name)) } }
                        }
                    }
                }
            }
        }
    };
    html! {
        @if held.is_empty() { p class="empty" { "No role in any app." } }
        @else { (table("App roles", &["App", "Role", "Assigned"], rows)) }
    }
}

fn held<'a>(directory: &'a Directory, principal_id: &str) -> Vec<Held<'a>> {
    let mut held: Vec<Held<'a>> = Vec::new();
    held.extend(directory.app_role_assignments.by(Index::Principal, principal_id).map(|assignment| Held { assignment, via: None }));
    // A group inside a group passes nothing on ("Assign users and groups to an application").
    for group in directory.groups_of(principal_id).filter(|_| directory.user(principal_id).is_some()) {
        let assignments = directory.app_role_assignments.by(Index::Principal, &group.id);
        held.extend(assignments.map(|assignment| Held { assignment, via: Some(group) }));
    }
    held
}

fn app_of<'a>(directory: &'a Directory, assignment: &AppRoleAssignment) -> Option<(&'a ServicePrincipal, &'a Application)> {
    let principal = directory.service_principals.get(&assignment.resource_id)?;
    Some((principal, directory.application(&principal.app_id)?))
}
