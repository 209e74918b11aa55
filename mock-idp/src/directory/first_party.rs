//! The provider's own application: known in every tenant, registered in none, as Entra's first-party applications are.
//!
//! The Azure SDKs sign scripts in as the vendor's command-line tool unless they are told another client id (Azure SDK for Python and for
//! JavaScript, "InteractiveBrowserCredential" and "DeviceCodeCredential", default of the client id). With this one known, a script can
//! sign in as the administrator and register the first app. It is no entry of any directory: no list shows it and no file exports it.

use super::{
    application::{Application, SignInAudience},
    microsoft_graph::{self, GRAPH_APP_ID},
};

/// The client id that the Azure SDKs use by default.
pub const COMMAND_LINE_TOOL: &str = "04b07795-8ddb-461a-bbee-02f9e1bf7b46";

/// The delegated permissions of Graph that the tool holds without anybody's consent, in the order of their bytes. They bound what it can ask for; what
/// comes of it is bounded by what its user may do, too.
///
/// Departs from Entra: `User.Read` is among them, because it is what every example asks for.
const PRE_AUTHORIZED: &[&str] = &[
    "AppRoleAssignment.ReadWrite.All",
    "Application.ReadWrite.All",
    "AuditLog.Read.All",
    "DelegatedPermissionGrant.ReadWrite.All",
    "Directory.AccessAsUser.All",
    "Group.ReadWrite.All",
    "User.Read",
    "User.Read.All",
    "User.ReadWrite.All",
    "email",
    "offline_access",
    "openid",
    "profile",
];

/// The first-party application with this client id.
pub fn application(app_id: &str) -> Option<Application> {
    app_id.eq_ignore_ascii_case(COMMAND_LINE_TOOL).then(command_line_tool)
}

/// Whether the application with this client id is the provider's own. Nobody is asked to consent to it.
pub fn is_first_party(app_id: &str) -> bool {
    app_id.eq_ignore_ascii_case(COMMAND_LINE_TOOL)
}

/// The scopes of a resource that a first-party application holds for everybody, those only that the resource offers.
pub fn pre_authorized_scopes(resource_app_id: &str) -> Vec<String> {
    if resource_app_id != GRAPH_APP_ID {
        return Vec::new();
    }
    let offered = |name: &&&str| microsoft_graph::delegated(name).is_some();
    PRE_AUTHORIZED.iter().filter(offered).map(|name| (*name).to_owned()).collect()
}

/// A public client of any tenant that is answered at any port of this machine (RFC 8252 §7.3).
fn command_line_tool() -> Application {
    let mut application = Application::web("Practice command-line tool", "");
    application.app_id = COMMAND_LINE_TOOL.to_owned();
    application.sign_in_audience = SignInAudience::AzureADMultipleOrgs;
    application.web.redirect_uris.clear();
    // The SDKs ask for the first, older scripts for the second; the slash counts.
    application.public_client.redirect_uris = vec!["http://localhost".to_owned(), "http://localhost/".to_owned()];
    application.is_fallback_public_client = Some(true);
    application
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tool_holds_scopes_of_graph_and_of_nothing_else() {
        let scopes = pre_authorized_scopes(GRAPH_APP_ID);
        assert!(scopes.contains(&"Application.ReadWrite.All".to_owned()), "{scopes:?}");
        assert!(!scopes.contains(&"Mail.Read".to_owned()), "{scopes:?}");
        assert!(scopes.is_sorted());
        assert!(pre_authorized_scopes("7e92b0d4-5368-4fac-814e-06283a4c5e70").is_empty());
    }

    #[test]
    fn the_tool_is_found_in_any_case_and_nothing_else_is() {
        assert!(application(&COMMAND_LINE_TOOL.to_uppercase()).is_some_and(|it| it.app_id == COMMAND_LINE_TOOL));
        assert_eq!(application(GRAPH_APP_ID), None);
    }
}
