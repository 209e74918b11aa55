//! Redeeming an authorization code (RFC 6749 §4.1.3; RFC 7636 §4.6; Microsoft identity platform, "OAuth 2.0 authorization code flow").

use axum::http::header;

use super::{
    Caller, Exchange, TokenResponse,
    client_authentication::{authenticate, secret_id_sent},
    grant::{UserGrant, access_token},
};
use crate::{
    directory::application::Platform,
    endpoints::{
        admission,
        authorize::{resource, respond_client_info},
        path_tenant::PathTenant,
    },
    faults::{Fault, FaultScope},
    oauth::{error::ProtocolError, scope::ScopeSet, token_request::AuthorizationCodeGrant},
    tokens::{
        authorization_codes::{AuthorizationCode, AuthorizationCodes},
        issue::{Channel, ClientAuthentication, IdTokenContext, Issuer, Resource, id_token_claims},
        mint,
        refresh_tokens::RefreshToken,
        signing_keys::Rotation,
    },
};

impl Exchange<'_> {
    /// Exchanges a code for tokens.
    ///
    /// # Errors
    /// In this order: shape of the code, client authentication, the code itself, redirect URI, PKCE, scope, user and app.
    pub(super) fn redeem_code(
        self,
        caller: &Caller<'_>,
        grant: &AuthorizationCodeGrant,
        wants_client_info: bool,
    ) -> Result<TokenResponse, ProtocolError> {
        let Self { state, context, recording, .. } = self;
        let shape = if AuthorizationCodes::is_well_formed(&grant.code) { Ok(()) } else { Err(ProtocolError::MalformedGrant) };
        recording.judge("code_shape", "The code has the shape of a code", shape)?;
        let found = state.codes.find(&grant.code);
        let platform = found.as_ref().map_or_else(|| self.platform_of(caller, grant), |code| code.platform);
        self.authenticate(caller, platform)?;
        let code = recording.judge(
            "code",
            "The code was issued to this client and can be redeemed",
            self.judge_code(caller, found, &grant.code),
        )?;
        recording.flow(&code.flow_id);
        recording.user(&code.user_id);
        let redirect = if code.redirect_uri == grant.redirect_uri {
            Ok(())
        } else {
            Err(ProtocolError::RedirectUriDiffers {
                presented: grant.redirect_uri.as_str().to_owned(),
                expected: code.redirect_uri.as_str().to_owned(),
            })
        };
        recording.judge("redirect_uri", "The redirect URI is the one of the authorize request", redirect)?;
        recording.judge(
            "code_verifier",
            "The code verifier meets the code challenge",
            judge_verifier(&code, grant.code_verifier.as_deref()),
        )?;
        if grant.scope.resources().len() > 1 {
            let several = Err(ProtocolError::SeveralResources(grant.scope.spelled()));
            return recording.judge("scope", "The scopes are those of one resource", several);
        }
        // Used up before anything is issued: of two requests at once only one gets tokens.
        if !state.codes.redeem(&grant.code) {
            return Err(ProtocolError::CodeAlreadyRedeemed);
        }
        let scope = if grant.scope.is_empty() { &code.scope } else { &grant.scope };
        let holder = Holder {
            tenant_id: &code.tenant_id,
            user_id: &code.user_id,
            session_id: &code.session_id,
            authenticated_at: code.authenticated_at,
            flow_id: &code.flow_id,
            platform: code.platform,
            first_issued_at: context.now,
            nonce: code.nonce.as_deref(),
            consented: &code.scope,
        };
        let tenant = PathTenant::resolve(&code.tenant_id, &state.tenants)?;
        let resources = self.resources(caller, scope, &tenant)?;
        self.answer_user(caller, &holder, scope, &resources, wants_client_info, context.now)
    }

    fn platform_of(self, caller: &Caller<'_>, grant: &AuthorizationCodeGrant) -> Platform {
        let mut registered = caller.application.redirect_uris();
        registered.find(|(_, uri)| grant.redirect_uri.matches(uri)).map_or(Platform::Web, |(platform, _)| platform)
    }

    /// Judges the client's proof of identity.
    pub(super) fn authenticate(self, caller: &Caller<'_>, platform: Platform) -> Result<(), ProtocolError> {
        let origin = self.headers.get(header::ORIGIN).and_then(|value| value.to_str().ok());
        let judged = authenticate(&caller.application, platform, &caller.credential, origin, self.context.now);
        let (check, title) = ("client_authentication", "The client proves who it is");
        match (&judged, secret_id_sent(&caller.application, &caller.credential)) {
            (Err(_), Some(mistake)) => {
                self.recording.failed(check, title, Some("the value of a client secret".to_owned()), Some(mistake));
                judged
            }
            _ => self.recording.judge(check, title, judged),
        }
    }

    fn judge_code(self, caller: &Caller<'_>, found: Option<AuthorizationCode>, text: &str) -> Result<AuthorizationCode, ProtocolError> {
        let code = found.ok_or(ProtocolError::UnknownCode)?;
        if !code.client_id.eq_ignore_ascii_case(&caller.application.app_id) {
            return Err(ProtocolError::UnknownCode);
        }
        if caller.tenant.directory().is_some_and(|directory| directory.tenant_id() != code.tenant_id) {
            return Err(ProtocolError::CodeOfAnotherTenant);
        }
        if code.is_redeemed {
            self.recording.flow(&code.flow_id);
            return Err(ProtocolError::CodeAlreadyRedeemed);
        }
        let directory = self.state.tenants.find(&code.tenant_id);
        let user = directory.as_ref().and_then(|directory| directory.user(&code.user_id));
        let scope = FaultScope { app_id: Some(&code.client_id), username: user.map(|user| user.user_principal_name.as_str()) };
        for (fault, error) in [(Fault::CodeTwice, ProtocolError::CodeAlreadyRedeemed), (Fault::CodeExpired, ProtocolError::CodeExpired)] {
            if self.state.faults.strikes(fault, &scope) {
                self.recording.fault(fault);
                self.state.codes.redeem(text);
                return Err(error);
            }
        }
        if code.is_expired(self.context.now) { Err(ProtocolError::CodeExpired) } else { Ok(code) }
    }

    /// The resources of the scopes: at most one in a token request.
    pub(super) fn resources(
        self,
        caller: &Caller<'_>,
        scope: &ScopeSet,
        tenant: &PathTenant,
    ) -> Result<Vec<(String, Resource)>, ProtocolError> {
        let names = scope.resources();
        let mut resources = Vec::new();
        for name in names {
            let found = resource::resolve(name, &caller.application, tenant, &self.state.tenants)?;
            for asked in scope.api_scopes().filter(|asked| asked.resource == name && !asked.is_default()) {
                resource::require_scope(asked, &found, &caller.application)?;
            }
            resources.push((name.to_owned(), found));
        }
        Ok(resources)
    }

    /// Issues the tokens of a user's grant.
    pub(super) fn answer_user(
        self,
        caller: &Caller<'_>,
        holder: &Holder<'_>,
        scope: &ScopeSet,
        resources: &[(String, Resource)],
        wants_client_info: bool,
        now: time::OffsetDateTime,
    ) -> Result<TokenResponse, ProtocolError> {
        let Self { state, context, recording, .. } = self;
        let application = &caller.application;
        let directory = state.tenants.find(holder.tenant_id).ok_or_else(|| ProtocolError::TenantNotFound(holder.tenant_id.to_owned()))?;
        let user = directory.user(holder.user_id).ok_or(ProtocolError::GrantRevoked)?;
        recording.judge("admission", "The account may still use the application", admission::admit(&directory, user, application))?;
        let fault_scope = FaultScope { app_id: Some(&application.app_id), username: Some(&user.user_principal_name) };
        for (fault, rotation) in [(Fault::KeyRollover, Rotation::WithGrace), (Fault::KeyRolloverWithoutGrace, Rotation::WithoutGrace)] {
            if state.faults.strikes(fault, &fault_scope) {
                recording.fault(fault);
                // Where the new order cannot be kept, the fault finds nothing to break.
                let _ = state.keys.rotate(rotation);
            }
        }
        let issuer = Issuer { origin: &context.origin, directory: &directory };
        let authentication = match holder.platform {
            Platform::Web => ClientAuthentication::Secret,
            Platform::SinglePage | Platform::PublicClient => ClientAuthentication::None,
        };
        let grant = UserGrant { issuer, application, user, scope, authentication };
        let access = recording.judge("scope", "The scopes are granted", access_token(state, &grant, resources, now))?;
        let id_token = scope.has("openid").then(|| {
            let context = IdTokenContext {
                scope,
                nonce: holder.nonce,
                session_id: holder.session_id,
                authenticated_at: holder.authenticated_at,
                code: None,
                access_token: None,
                channel: Channel::TokenEndpoint,
            };
            let claims = id_token_claims(issuer, application, user, &context, now, &state.entropy);
            mint::id_token(claims, &state.keys, &state.faults, &fault_scope)
        });
        if let Some(fault) = id_token.as_ref().and_then(|token| token.fault) {
            recording.fault(fault);
        }
        let is_slow = state.faults.strikes(Fault::TokenSlow, &fault_scope);
        if is_slow {
            recording.fault(Fault::TokenSlow);
        }
        let wants_refresh_token = scope.has("offline_access");
        let is_withheld = wants_refresh_token && state.faults.strikes(Fault::NoRefreshToken, &fault_scope);
        if is_withheld {
            recording.fault(Fault::NoRefreshToken);
        }
        let refresh_token = (wants_refresh_token && !is_withheld).then(|| {
            let token = RefreshToken {
                client_id: application.app_id.clone(),
                platform: holder.platform,
                tenant_id: holder.tenant_id.to_owned(),
                user_id: holder.user_id.to_owned(),
                scope: holder.consented.clone(),
                session_id: holder.session_id.to_owned(),
                authenticated_at: holder.authenticated_at,
                flow_id: holder.flow_id.to_owned(),
                first_issued_at: holder.first_issued_at,
                issued_at: now,
            };
            state.refresh_tokens.issue(token, &state.entropy)
        });
        Ok(TokenResponse {
            token_type: "Bearer",
            scope: Some(access.scope),
            expires_in: access.expires_in,
            ext_expires_in: access.expires_in,
            access_token: access.token,
            refresh_token,
            id_token: id_token.map(|token| token.token),
            client_info: wants_client_info.then(|| respond_client_info(&user.id, holder.tenant_id)),
            is_slow,
        })
    }
}

/// The user that a code or refresh token stands for, and the sign-in that it comes from.
pub(super) struct Holder<'a> {
    pub(super) tenant_id: &'a str,
    pub(super) user_id: &'a str,
    pub(super) session_id: &'a str,
    pub(super) authenticated_at: time::OffsetDateTime,
    pub(super) flow_id: &'a str,
    pub(super) platform: Platform,
    /// When the first refresh token of this sign-in was issued.
    pub(super) first_issued_at: time::OffsetDateTime,
    /// The nonce goes into the ID token of the code only, not into those of a refresh.
    pub(super) nonce: Option<&'a str>,
    /// The scopes of the first request: what a later refresh without scopes asks for.
    pub(super) consented: &'a ScopeSet,
}

/// A challenge needs its verifier (RFC 7636 §4.6); a verifier without a challenge proves that the two requests differ.
fn judge_verifier(code: &AuthorizationCode, verifier: Option<&str>) -> Result<(), ProtocolError> {
    match (&code.code_challenge, verifier) {
        (None, None) => Ok(()),
        (Some(challenge), Some(verifier)) if challenge.is_met_by(verifier) => Ok(()),
        _ => Err(ProtocolError::CodeVerifierMismatch),
    }
}
