//! An app that acts for itself (RFC 6749 §4.4; Microsoft identity platform, "OAuth 2.0 client credentials flow").

use super::{Caller, Exchange, TokenResponse};
use crate::{
    directory::{
        application::Platform,
        microsoft_graph::{GRAPH_APP_ID, GRAPH_RESOURCE},
    },
    endpoints::{admission, authorize::resource, path_tenant::PathTenant},
    oauth::{error::ProtocolError, token_request::ClientCredentialsGrant},
    tokens::{
        issue::{self, AccessTokenTarget, ClientAuthentication, Issuer, Resource, app_only_claims},
        mint,
    },
};

impl Exchange<'_> {
    /// Issues a token in which the app is its own subject.
    ///
    /// # Errors
    /// [`ProtocolError::GrantNotSupportedAtCommon`], those of client authentication, [`ProtocolError::SeveralResources`],
    /// [`ProtocolError::ScopeWithoutDotDefault`], [`ProtocolError::UnknownResource`], [`ProtocolError::ApplicationDisabled`],
    /// [`ProtocolError::MissingServicePrincipal`], [`ProtocolError::UserNotAssigned`].
    pub(super) fn act_for_itself(self, caller: &Caller<'_>, grant: &ClientCredentialsGrant) -> Result<TokenResponse, ProtocolError> {
        let Self { state, context, recording, .. } = self;
        let PathTenant::Tenant(directory) = caller.tenant else {
            return Err(ProtocolError::GrantNotSupportedAtCommon("client_credentials".to_owned()));
        };
        self.authenticate(caller, Platform::Web)?;
        let (asked, resource) = recording.judge("scope", "The scope is one resource and /.default", self.resource(caller, grant))?;
        let application = &caller.application;
        admission::require_enabled(directory, application)?;
        let required = directory.service_principal(resource.app_id()).is_some_and(|it| it.app_role_assignment_required);
        let missing = || ProtocolError::MissingServicePrincipal {
            client_id: application.app_id.clone(),
            tenant: directory.organization.display_name.clone(),
        };
        let principal = directory.service_principal(&application.app_id).ok_or_else(missing)?.id.clone();
        if required && !directory.is_assigned(&principal, resource.app_id()) {
            return Err(ProtocolError::UserNotAssigned {
                name: resource.app_id().to_owned(),
                client_id: resource.app_id().to_owned(),
                user: application.app_id.clone(),
            });
        }
        let asked = if resource == Resource::MicrosoftGraph && asked != GRAPH_APP_ID { GRAPH_RESOURCE.to_owned() } else { asked };
        let issuer = Issuer { origin: &context.origin, directory };
        let target = AccessTokenTarget {
            resource: &resource,
            asked: &asked,
            lifetime: issue::LIFETIME,
            authentication: ClientAuthentication::Secret,
        };
        let claims = app_only_claims(issuer, application, target, context.now, &state.entropy);
        let expires_in = issue::LIFETIME.whole_seconds() - 1;
        Ok(TokenResponse {
            token_type: "Bearer",
            scope: None,
            expires_in,
            ext_expires_in: expires_in,
            access_token: mint::access_token(&claims, &state.keys),
            refresh_token: None,
            id_token: None,
            client_info: None,
            is_slow: false,
        })
    }

    fn resource(self, caller: &Caller<'_>, grant: &ClientCredentialsGrant) -> Result<(String, Resource), ProtocolError> {
        let names = grant.scope.resources();
        let [name] = names.as_slice() else {
            return Err(match names.is_empty() {
                true => ProtocolError::ScopeWithoutDotDefault(grant.spelled_scope.clone()),
                false => ProtocolError::SeveralResources(grant.spelled_scope.clone()),
            });
        };
        if !grant.scope.iter().all(|scope| scope.is_default()) {
            return Err(ProtocolError::ScopeWithoutDotDefault(grant.spelled_scope.clone()));
        }
        let found = match resource::resolve(name, &caller.application, caller.tenant, &self.state.tenants) {
            // An app may ask for a token for itself here, also by its App ID URI.
            Err(ProtocolError::TokenForItself { .. }) => Ok(Resource::Api(Box::new(caller.application.clone()))),
            found => found,
        };
        found.map(|resource| ((*name).to_owned(), resource))
    }
}
