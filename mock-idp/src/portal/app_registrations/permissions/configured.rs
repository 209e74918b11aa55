//! The permissions that a registration asks for beforehand, in words; and granting all of them.

use time::OffsetDateTime;

use crate::directory::{
    Directory,
    application::Application,
    entries::Index,
    microsoft_graph::{self, Consenter, GRAPH_APP_ID},
    refusal::Refusal,
    service_principal::ConsentType,
};

/// Whether the app acts for a person or for itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// For the person who is signed in.
    Delegated,
    /// For itself.
    Application,
}

impl Kind {
    /// The word in the table.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Delegated => "Delegated",
            Self::Application => "Application",
        }
    }
}

/// Whether an administrator granted it for everybody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Yes.
    Granted,
    /// No; a person may have, for herself.
    NotGranted,
}

/// One configured permission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Permission {
    /// The client id of the API.
    pub api_app_id: String,
    /// The name of the API.
    pub api: String,
    /// The permission's id.
    pub id: String,
    /// The permission's name.
    pub name: String,
    /// What it lets the app do.
    pub description: String,
    /// For whom the app acts.
    pub kind: Kind,
    /// Whether a person cannot consent for herself.
    pub needs_admin: bool,
    /// Whether it was granted for everybody.
    pub status: Status,
}

/// The permissions of an app, in the order of its registration.
pub fn of(directory: &Directory, app: &Application) -> Vec<Permission> {
    let resources = app.required_resource_access.iter();
    let accesses = resources.flat_map(|resource| resource.resource_access.iter().map(|access| (resource.resource_app_id.as_str(), access)));
    accesses
        .map(|(api_app_id, access)| {
            let kind = if access.access_type == "Role" { Kind::Application } else { Kind::Delegated };
            let mut permission = described(directory, api_app_id, &access.id, kind);
            permission.status = status(directory, app, &permission);
            permission
        })
        .collect()
}

fn described(directory: &Directory, api_app_id: &str, id: &str, kind: Kind) -> Permission {
    let api = directory.application(api_app_id);
    let is_graph = api_app_id.eq_ignore_ascii_case(GRAPH_APP_ID);
    let mut permission = Permission {
        api_app_id: api_app_id.to_owned(),
        api: api
            .map_or_else(|| if is_graph { "Microsoft Graph".to_owned() } else { api_app_id.to_owned() }, |api| api.display_name.clone()),
        id: id.to_owned(),
        name: id.to_owned(),
        description: "The practice directory does not know this permission.".to_owned(),
        kind,
        needs_admin: kind == Kind::Application,
        status: Status::NotGranted,
    };
    let of_graph = microsoft_graph::DELEGATED.iter().find(|it| is_graph && kind == Kind::Delegated && it.id.eq_ignore_ascii_case(id));
    let role_of_graph =
        microsoft_graph::APPLICATION.iter().find(|it| is_graph && kind == Kind::Application && it.id.eq_ignore_ascii_case(id));
    let scope = api.and_then(|api| api.api.oauth2_permission_scopes.iter().find(|it| it.id.eq_ignore_ascii_case(id)));
    let role = api.and_then(|api| api.app_roles.iter().find(|it| it.id.eq_ignore_ascii_case(id)));
    if let Some(known) = of_graph {
        (permission.name, permission.description) = (known.value.to_owned(), known.consent_text.to_owned());
        permission.needs_admin = known.consenter == Consenter::Administrator;
    } else if let Some(known) = role_of_graph {
        (permission.name, permission.description) = (known.value.to_owned(), "Without a signed-in user, in the whole tenant.".to_owned());
    } else if let Some(known) = scope {
        (permission.name, permission.description) = (known.value.clone(), String::new());
        permission.needs_admin = known.consent_type == "Admin";
    } else if let Some(known) = role {
        (permission.name, permission.description) = (known.value.clone().unwrap_or_default(), known.description.clone());
    }
    permission
}

fn status(directory: &Directory, app: &Application, permission: &Permission) -> Status {
    let (client, resource) = (directory.service_principal(&app.app_id), directory.service_principal(&permission.api_app_id));
    let (Some(client), Some(resource)) = (client, resource) else { return Status::NotGranted };
    let granted = match permission.kind {
        Kind::Delegated => directory
            .oauth2_permission_grants
            .by(Index::Client, &client.id)
            .filter(|grant| grant.consent_type == ConsentType::AllPrincipals && grant.resource_id == resource.id)
            .any(|grant| grant.scope.split_whitespace().any(|scope| scope == permission.name)),
        Kind::Application => directory
            .app_role_assignments
            .by(Index::Principal, &client.id)
            .any(|held| held.resource_id == resource.id && held.app_role_id.eq_ignore_ascii_case(&permission.id)),
    };
    if granted { Status::Granted } else { Status::NotGranted }
}

/// Grants every configured permission for everybody.
///
/// # Errors
/// Those of `create_service_principal` and `assign_app_role`.
pub fn grant_all(directory: &mut Directory, app: &Application, now: OffsetDateTime) -> Result<(), Refusal> {
    for permission in of(directory, app).into_iter().filter(|it| it.status == Status::NotGranted) {
        match permission.kind {
            Kind::Delegated => directory.grant_tenant_wide_consent(&app.app_id, &permission.api_app_id, &permission.name),
            Kind::Application => {
                let client = directory.ensure_service_principal(&app.app_id).id.clone();
                let resource = directory.ensure_service_principal(&permission.api_app_id).id.clone();
                directory.assign_app_role(&client, &resource, &permission.id, now)?;
            }
        }
    }
    Ok(())
}
