//! Access tokens for a user: which resource, which scopes, and what the answer says about them.

use time::{Duration, OffsetDateTime};

use crate::{
    directory::{application::Application, microsoft_graph::GRAPH_APP_ID, user::User},
    endpoints::ProtocolState,
    faults::{Fault, FaultScope},
    oauth::{error::ProtocolError, scope::ScopeSet},
    tokens::{
        issue::{self, AccessTokenTarget, ClientAuthentication, Issuer, Resource, delegated_claims},
        mint,
    },
};

/// A user's grant to an app, for the scopes in force.
#[derive(Debug, Clone, Copy)]
pub struct UserGrant<'a> {
    /// Origin and tenant.
    pub issuer: Issuer<'a>,
    /// The app.
    pub application: &'a Application,
    /// The user.
    pub user: &'a User,
    /// The scopes in force, as they were asked for.
    pub scope: &'a ScopeSet,
    /// How the app proved who it is.
    pub authentication: ClientAuthentication,
}

/// An access token and what the answer says about it.
#[derive(Debug, Clone)]
pub struct IssuedAccessToken {
    /// The token.
    pub token: String,
    /// The `scope` of the answer.
    pub scope: String,
    /// The `expires_in` of the answer, in seconds.
    pub expires_in: i64,
}

/// Issues an access token for the first of `resources`; for Graph if the scopes name none.
///
/// # Errors
/// [`ProtocolError::ConsentMissing`] if a scope that was asked for is not granted.
pub fn access_token(
    state: &ProtocolState,
    grant: &UserGrant<'_>,
    resources: &[(String, Resource)],
    now: OffsetDateTime,
) -> Result<IssuedAccessToken, ProtocolError> {
    let UserGrant { issuer, application, user, scope, authentication } = *grant;
    let graph = (GRAPH_APP_ID.to_owned(), Resource::MicrosoftGraph);
    let (asked, resource) = resources.first().unwrap_or(&graph);
    let granted = issuer.directory.granted_scopes(&application.app_id, &user.id, resource.app_id());
    let is_granted = |name: &str| granted.iter().any(|known| known.eq_ignore_ascii_case(name));
    let of_resource: Vec<_> = scope.api_scopes().filter(|it| it.resource == *asked).collect();
    // The scopes of OpenID Connect are Graph's, whatever resource the token is for.
    let of_openid = issuer.directory.granted_scopes(&application.app_id, &user.id, GRAPH_APP_ID);
    let openid_missing = scope.iter().any(|it| it.is_openid() && !of_openid.contains(&it.name));
    // An app that asks for a token for itself needs nobody's consent.
    let nothing_granted = granted.is_empty() && !resource.app_id().eq_ignore_ascii_case(&application.app_id);
    if openid_missing || nothing_granted || of_resource.iter().any(|it| !it.is_default() && !is_granted(&it.name)) {
        return Err(ProtocolError::ConsentMissing { client_id: application.app_id.clone(), name: application.display_name.clone() });
    }

    // The token holds all that was ever granted on this resource; `offline_access` is no permission of an API.
    let held: Vec<String> = granted.iter().filter(|name| *name != "offline_access").cloned().collect();
    let lifetime = lifetime(state, application, user);
    let target = AccessTokenTarget { resource, asked: audience(asked, resource, scope), lifetime, authentication };
    let claims = delegated_claims(issuer, application, user, target, &held, now, &state.entropy);
    Ok(IssuedAccessToken {
        token: shaped(mint::access_token(&claims, &state.keys), state, application, user),
        scope: answered_scope(scope, asked, &held),
        expires_in: (lifetime.whole_seconds() - 1).max(1),
    })
}

/// The resource in `aud`: a request for `User.Read` gets Graph's id, one for `https://graph.microsoft.com/User.Read` the URL.
fn audience<'a>(asked: &'a str, resource: &'a Resource, scope: &ScopeSet) -> &'a str {
    let by_url = scope.api_scopes().any(|it| it.resource == asked && it.spelled != it.name);
    match resource {
        Resource::MicrosoftGraph if !by_url => GRAPH_APP_ID,
        _ => asked,
    }
}

fn lifetime(state: &ProtocolState, application: &Application, user: &User) -> Duration {
    let scope = FaultScope { app_id: Some(&application.app_id), username: Some(&user.user_principal_name) };
    if state.faults.strikes(Fault::ShortLivedToken, &scope) { Duration::seconds(1) } else { issue::LIFETIME }
}

/// The token as it leaves: a JWT, unless the fault hides that.
fn shaped(jwt: String, state: &ProtocolState, application: &Application, user: &User) -> String {
    let scope = FaultScope { app_id: Some(&application.app_id), username: Some(&user.user_principal_name) };
    if state.faults.strikes(Fault::OpaqueAccessToken, &scope) { mint::opaque(&jwt) } else { jwt }
}

/// What was asked for, spelled as it was asked for, then what else the token holds.
fn answered_scope(scope: &ScopeSet, asked_resource: &str, held: &[String]) -> String {
    let mut answered: Vec<String> = Vec::new();
    let asked =
        scope.iter().filter(|it| (it.is_openid() && it.name != "offline_access") || (!it.is_openid() && it.resource == asked_resource));
    answered.extend(asked.map(|it| it.spelled.clone()));
    let by_url = scope.api_scopes().any(|it| it.spelled.starts_with(asked_resource));
    for name in held {
        let known = scope.iter().any(|it| it.name.eq_ignore_ascii_case(name) && (it.is_openid() || it.resource == asked_resource));
        if !known {
            let openid = matches!(name.as_str(), "openid" | "profile" | "email");
            answered.push(if by_url && !openid { format!("{asked_resource}/{name}") } else { name.clone() });
        }
    }
    answered.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_answered_scope_repeats_the_spelling_that_was_asked_for() {
        let held = ["User.Read", "openid", "profile"].map(str::to_owned);
        let short = ScopeSet::parse("openid profile offline_access User.Read").expect("well-formed");
        assert_eq!(answered_scope(&short, "https://graph.microsoft.com", &held), "openid profile User.Read");
        let long = ScopeSet::parse("https://graph.microsoft.com/.default").expect("well-formed");
        assert_eq!(
            answered_scope(&long, "https://graph.microsoft.com", &held),
            "https://graph.microsoft.com/.default https://graph.microsoft.com/User.Read openid profile"
        );
    }
}
