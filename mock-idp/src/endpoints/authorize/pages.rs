//! The pages that `/authorize` itself shows: consent, and refusals that must not travel to an app that is not trusted.

use axum::response::Response;

use super::decide::ConsentNeeded;
use crate::{
    directory::{
        EditError,
        application::Application,
        microsoft_graph::{self, GRAPH_APP_ID},
        service_principal::ConsentType,
    },
    endpoints::ProtocolState,
    oauth::error::ProtocolError,
    request_context::RequestContext,
    sign_in::{
        BrowserSession, FormAction, Interaction, page,
        pages::{
            consent::{self, AdminConsent, AdminRequiredPage, ConsentPage, Permission, Publisher},
            error::{self, ErrorPage, Explanation},
        },
        target,
    },
};

/// A refusal as a page.
pub fn refuse(context: &RequestContext, error: &ProtocolError, explanation: Option<Explanation>) -> Response {
    let markup = error::render(&ErrorPage {
        heading: "Sign in".to_owned(),
        code: error.number(),
        message: error.to_string(),
        request_id: context.request_id.clone(),
        correlation_id: context.correlation_id.clone(),
        timestamp: context.timestamp(),
        explanation,
    });
    let mut response = page(markup, FormAction::SelfAnd(None), None);
    // The status of Entra's page is not documented; a refusal that no client can mistake for success is 400.
    *response.status_mut() = axum::http::StatusCode::BAD_REQUEST;
    response
}

/// The consent page, or the page that sends the user to an administrator.
pub fn ask_consent(needed: &ConsentNeeded, application: &Application, session: &BrowserSession, interaction: &Interaction) -> Response {
    let permissions = permissions(needed);
    let target = target(interaction, session, "consent");
    let username = needed.user.user.user_principal_name.clone();
    let app_name = application.display_name.clone();
    let markup = if needed.by_user {
        consent::render(&ConsentPage {
            app_name,
            username,
            publisher: publisher(application),
            permissions,
            admin: if needed.user.user.is_administrator() { AdminConsent::Offered } else { AdminConsent::Hidden },
            target,
        })
    } else {
        consent::render_admin_required(&AdminRequiredPage { app_name, username, permissions, target })
    };
    page(markup, FormAction::SelfAnd(interaction.app_origin.clone()), None)
}

/// Who is known to have made the app: the registration's `verifiedPublisher`, if it has one.
fn publisher(application: &Application) -> Publisher {
    let name = application.other_properties.get("verifiedPublisher").and_then(|publisher| publisher.get("displayName")?.as_str());
    name.map_or(Publisher::Unverified, |name| Publisher::Verified(name.to_owned()))
}

fn permissions(needed: &ConsentNeeded) -> Vec<Permission> {
    let mut permissions = Vec::new();
    for (resource, names) in &needed.scopes {
        for name in names {
            let known = microsoft_graph::delegated(name).filter(|_| resource == GRAPH_APP_ID);
            permissions.push(match known {
                Some(scope) => {
                    Permission { text: scope.consent_text.to_owned(), description: format!("{} ({name})", scope.consent_description) }
                }
                None => Permission { text: format!("Use {name}"), description: format!("The permission {name} of the API {resource}.") },
            });
        }
    }
    permissions
}

/// Keeps what the user, or an administrator for everybody, has just granted.
///
/// # Errors
/// [`ProtocolError::ServerError`] if it cannot be kept.
pub fn grant(state: &ProtocolState, app_id: &str, needed: &ConsentNeeded, for_whom: ConsentType) -> Result<(), ProtocolError> {
    let user = &needed.user.user;
    let everybody = for_whom == ConsentType::AllPrincipals && user.is_administrator();
    let principal = (!everybody).then_some(user.id.as_str());
    let granted = state.tenants.edit(needed.user.directory.tenant_id(), |directory| {
        for (resource, names) in &needed.scopes {
            directory.grant_consent(app_id, principal, resource, names);
        }
        Ok::<(), EditError>(())
    });
    granted.map_err(|_| ProtocolError::ServerError)
}
