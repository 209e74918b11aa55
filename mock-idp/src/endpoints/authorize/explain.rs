//! What this practice directory knows about a refusal beyond what Entra says: what would have been right, and the page of the portal on
//! which it is put right.

use crate::{
    directory::{Directory, Tenants, application::Application},
    oauth::{error::ProtocolError, redirect_uri::RedirectUri},
    sign_in::pages::error::{Explanation, Fix, nearest_first},
};

/// So many right values are listed.
const LISTED: usize = 3;

/// What the refused request asked for.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// The first segment of the request's path.
    pub tenant: &'a str,
    /// `client_id`.
    pub client_id: &'a str,
    /// `redirect_uri`.
    pub redirect_uri: &'a str,
}

/// The explanation of a refusal, where there is more to say than its text.
pub fn explain(error: &ProtocolError, asked: Asked<'_>, tenants: &Tenants) -> Option<Explanation> {
    let home = tenants.home_of(asked.client_id);
    let registered = home.as_ref().and_then(|home| Some((home.as_ref(), home.application(asked.client_id)?)));
    match error {
        ProtocolError::TenantNotFound(_) | ProtocolError::MalformedTenant(_) => Some(unknown_tenant(asked.tenant, tenants)),
        ProtocolError::ApplicationNotFound { .. } => Some(unknown_application(asked, tenants)),
        ProtocolError::MissingParameter("client_id") => Some(advice(
            "The address of this page has no client_id. Does your app append it? If it does: is the setting CLIENT_ID of the app empty?",
            fix("Look it up under App registrations", "/portal/apps"),
        )),
        ProtocolError::RedirectUriMismatch { .. } => registered.map(|(_, application)| other_redirect_uri(asked, application)),
        ProtocolError::NoReplyAddress => registered.map(|(_, application)| {
            advice(
                "The app has no redirect URI yet. Register the one at which it waits for the answer.",
                authentication_page(&application.app_id),
            )
        }),
        ProtocolError::UserNotAssigned { .. } => registered.and_then(|(home, application)| {
            let remedy = "“Assignment required?” is set to Yes for this app. Assign the user, or a group of which the user is a direct member; or set it to No on the app's Properties page.";
            Some(advice(remedy, enterprise_page("Open the app's users and groups", home, application, "users-and-groups")?))
        }),
        ProtocolError::ApplicationDisabled { .. } => registered.and_then(|(home, application)| {
            let remedy = "“Enabled for users to sign in?” is set to No for this app. Set it to Yes.";
            Some(advice(remedy, enterprise_page("Open the app's properties", home, application, "properties")?))
        }),
        ProtocolError::UserNotInTenant { .. } => Some(advice(
            "Sign in with an account of this tenant, or invite the account as a guest. An app of one organization lets nobody else in.",
            fix("See the users of the tenant", "/portal/users"),
        )),
        ProtocolError::UserDisabled => Some(advice(
            "Sign in with another account. An administrator can enable this one again.",
            fix("See the users of the tenant", "/portal/users"),
        )),
        _ => None,
    }
}

fn advice(remedy: &str, fix: Fix) -> Explanation {
    Explanation { expected: Vec::new(), not_listed: 0, received: String::new(), remedy: remedy.to_owned(), fix: Some(fix) }
}

fn fix(text: &'static str, href: &str) -> Fix {
    Fix { text, href: href.to_owned() }
}

fn authentication_page(app_id: &str) -> Fix {
    Fix { text: "Open the app's Authentication page", href: format!("/portal/apps/{app_id}/authentication") }
}

fn enterprise_page(text: &'static str, home: &Directory, application: &Application, page: &str) -> Option<Fix> {
    let principal = home.service_principal(&application.app_id)?;
    Some(Fix { text, href: format!("/portal/enterprise-apps/{}/{page}", principal.id) })
}

fn unknown_tenant(tenant: &str, tenants: &Tenants) -> Explanation {
    let known = tenants.all().iter().map(|directory| directory.tenant_id().to_owned()).collect();
    let (expected, not_listed) = nearest_first(known, tenant, LISTED);
    Explanation {
        expected,
        not_listed,
        received: tenant.to_owned(),
        remedy: "The address must begin with the Directory (tenant) ID, or a domain, of a tenant that exists. Compare the setting AUTHORITY of the app.".to_owned(),
        fix: Some(fix("Look it up in the portal", "/portal")),
    }
}

fn other_redirect_uri(asked: Asked<'_>, application: &Application) -> Explanation {
    let received = RedirectUri::new(asked.redirect_uri);
    let registered = application.redirect_uris().map(|(_, uri)| received.as_if_registered(uri)).collect();
    let (expected, not_listed) = nearest_first(registered, asked.redirect_uri, LISTED);
    Explanation {
        expected,
        not_listed,
        received: asked.redirect_uri.to_owned(),
        remedy: "Send one of the registered redirect URIs, or register the one that was sent. Scheme, host, path and the case of the path must be equal; only the port of http://localhost does not count.".to_owned(),
        fix: Some(authentication_page(&application.app_id)),
    }
}

/// The commonest reason first: one of the other ids of the same app was copied.
fn unknown_application(asked: Asked<'_>, tenants: &Tenants) -> Explanation {
    let id = asked.client_id;
    let is = |known: &str| known.eq_ignore_ascii_case(id);
    let meant = tenants.all().into_iter().find_map(|directory| {
        let name = |application: &Application| application.display_name.clone();
        if let Some(application) = directory.applications.get(id) {
            return Some((
                format!("This is the Object ID of {}. Send its application (client) ID.", name(application)),
                application.app_id.clone(),
            ));
        }
        if let Some(application) = directory.service_principals.get(id).and_then(|it| directory.application(&it.app_id)) {
            let remedy = format!("This is the Object ID of the enterprise app {}. Send its application (client) ID.", name(application));
            return Some((remedy, application.app_id.clone()));
        }
        let secret_id = |application: &&Application| application.password_credentials.iter().any(|it| is(&it.key_id));
        let application = directory.applications.iter().find(secret_id)?;
        Some((
            format!("This is the ID of a client secret of {}. Send its application (client) ID.", name(application)),
            application.app_id.clone(),
        ))
    });
    let (remedy, expected) = match meant {
        Some((remedy, app_id)) => (remedy, vec![app_id]),
        None if tenants.all().iter().any(|directory| is(directory.tenant_id())) => {
            ("This is a directory (tenant) ID. Send the application (client) ID of the app.".to_owned(), Vec::new())
        }
        None => match tenants.home_of(id) {
            Some(home) => {
                let owner = &home.organization.display_name;
                (format!("This app is registered in {owner}, and the address names another tenant. Send the sign-in to {owner}."), Vec::new())
            }
            None => (
                "Send the application (client) ID of an app that is registered in this tenant. The object ID and the tenant ID are other values.".to_owned(),
                Vec::new(),
            ),
        },
    };
    Explanation { expected, not_listed: 0, received: id.to_owned(), remedy, fix: Some(fix("See all app registrations", "/portal/apps")) }
}
