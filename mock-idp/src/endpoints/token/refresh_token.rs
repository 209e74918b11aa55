//! Using a refresh token (RFC 6749 §6; Microsoft identity platform, "Refresh tokens").

use super::{Caller, Exchange, TokenResponse, authorization_code::Holder};
use crate::{
    directory::{application::Platform, microsoft_graph::GRAPH_APP_ID},
    endpoints::path_tenant::PathTenant,
    faults::{Fault, FaultScope},
    oauth::{error::ProtocolError, token_request::RefreshTokenGrant},
    tokens::refresh_tokens::{RefreshToken, RefreshTokens},
};

impl Exchange<'_> {
    /// Exchanges a refresh token for new tokens. The old one stays valid, unless a fault says otherwise.
    ///
    /// # Errors
    /// In this order: shape of the token, client authentication, the token itself, scope.
    pub(super) fn refresh(
        self,
        caller: &Caller<'_>,
        grant: &RefreshTokenGrant,
        wants_client_info: bool,
    ) -> Result<TokenResponse, ProtocolError> {
        let Self { state, context, recording, .. } = self;
        let shape = if RefreshTokens::is_well_formed(&grant.refresh_token) { Ok(()) } else { Err(ProtocolError::MalformedGrant) };
        recording.judge("refresh_token_shape", "The refresh token has the shape of one", shape)?;
        let found = state.refresh_tokens.find(&grant.refresh_token);
        self.authenticate(caller, found.as_ref().map_or(Platform::Web, |token| token.platform))?;
        let token = recording.judge(
            "refresh_token",
            "The refresh token was issued to this client and is valid",
            self.judge_token(caller, found),
        )?;
        let scope = if grant.scope.is_empty() { &token.scope } else { &grant.scope };
        let holder = Holder {
            tenant_id: &token.tenant_id,
            user_id: &token.user_id,
            session_id: &token.session_id,
            authenticated_at: token.authenticated_at,
            flow_id: &token.flow_id,
            platform: token.platform,
            first_issued_at: token.first_issued_at,
            nonce: None,
            consented: &token.scope,
        };
        let tenant = PathTenant::resolve(&token.tenant_id, &state.tenants)?;
        let mut resources = self.resources(caller, scope, &tenant)?;
        // With several resources the first one's is meant.
        resources.truncate(1);
        let answer = self.answer_user(caller, &holder, scope, &resources, wants_client_info, context.now)?;
        let directory = state.tenants.find(&token.tenant_id);
        let user = directory.as_ref().and_then(|directory| directory.user(&token.user_id));
        let fault_scope = FaultScope { app_id: Some(&token.client_id), username: user.map(|user| user.user_principal_name.as_str()) };
        if state.faults.strikes(Fault::OldRefreshTokenRevoked, &fault_scope) {
            recording.fault(Fault::OldRefreshTokenRevoked);
            state.refresh_tokens.revoke(&grant.refresh_token);
        }
        Ok(answer)
    }

    fn judge_token(self, caller: &Caller<'_>, found: Option<RefreshToken>) -> Result<RefreshToken, ProtocolError> {
        let token = found.filter(|token| token.client_id == caller.application.app_id).ok_or(ProtocolError::UnknownRefreshToken)?;
        // Whose token it was is known also where it is refused.
        self.recording.flow(&token.flow_id);
        self.recording.user(&token.user_id);
        let directory = self.state.tenants.find(&token.tenant_id);
        let user = directory.as_ref().and_then(|directory| directory.user(&token.user_id));
        let scope = FaultScope { app_id: Some(&token.client_id), username: user.map(|user| user.user_principal_name.as_str()) };
        if let Some((fault, error)) = self.strike(&scope, caller) {
            self.recording.fault(fault);
            return Err(error);
        }
        if token.is_expired(self.context.now) {
            let issued = token.issued_at.format(&time::format_description::well_known::Rfc3339).unwrap_or_default();
            return Err(match token.platform {
                Platform::SinglePage => ProtocolError::SinglePageRefreshTokenExpired { issued },
                Platform::Web | Platform::PublicClient => ProtocolError::RefreshTokenExpired { issued },
            });
        }
        Ok(token)
    }

    /// The fault that answers in the place of new tokens.
    fn strike(self, scope: &FaultScope<'_>, caller: &Caller<'_>) -> Option<(Fault, ProtocolError)> {
        let strikes = |fault| self.state.faults.strikes(fault, scope);
        let application = &caller.application;
        let answers: [(Fault, &dyn Fn() -> ProtocolError); 4] = [
            (Fault::RefreshTokenRevoked, &|| ProtocolError::GrantRevoked),
            (Fault::MfaRequired, &|| ProtocolError::SecondFactorRequired { resource: GRAPH_APP_ID.to_owned() }),
            (Fault::ConsentWithdrawn, &|| ProtocolError::InteractiveConsentRequired {
                client_id: application.app_id.clone(),
                name: application.display_name.clone(),
            }),
            (Fault::RefreshUnavailable, &|| ProtocolError::TemporarilyUnavailable),
        ];
        answers.into_iter().find(|(fault, _)| strikes(*fault)).map(|(fault, error)| (fault, error()))
    }
}
