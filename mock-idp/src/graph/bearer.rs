//! Who calls: the access token, checked as Graph checks it.
//! Sources: Microsoft identity platform, "Access tokens", section "Validate tokens"; RFC 6750 §2.1.

use std::sync::Arc;

use axum::http::{HeaderMap, header};
use time::OffsetDateTime;

use super::error::GraphError;
use crate::{
    directory::{
        Directory, Tenants,
        microsoft_graph::{GRAPH_APP_ID, GRAPH_RESOURCE},
        user::User,
    },
    faults::FaultScope,
    tokens::{
        SigningKeys,
        claims::AccessTokenClaims,
        mint,
        verify::{self, AccessTokenRejection},
    },
};

/// An app that calls Graph, for a user or for itself.
#[derive(Debug, Clone)]
pub struct Caller {
    /// What the token says.
    pub claims: AccessTokenClaims,
    /// The tenant that the token is for, as it is now.
    pub directory: Arc<Directory>,
}

impl Caller {
    /// The user for whom the app calls.
    ///
    /// # Errors
    /// [`GraphError::NeedsSignedInUser`] if the app calls for itself, [`GraphError::ResourceNotFound`] if the user is gone.
    pub fn signed_in_user(&self) -> Result<&User, GraphError> {
        if self.claims.is_app_only() {
            return Err(GraphError::NeedsSignedInUser);
        }
        self.directory.user(&self.claims.oid).ok_or_else(|| GraphError::ResourceNotFound(self.claims.oid.clone()))
    }

    /// Whose request this is, for faults.
    pub fn fault_scope(&self) -> FaultScope<'_> {
        let username = self.signed_in_user().ok().map(|user| user.user_principal_name.as_str());
        FaultScope { app_id: self.claims.client_id(), username }
    }
}

/// The token of `Authorization: Bearer`. The scheme's name may be in any case (RFC 7235 §2.1).
///
/// # Errors
/// [`GraphError::TokenMissing`].
pub fn bearer_token(headers: &HeaderMap) -> Result<&str, GraphError> {
    let credentials = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).and_then(|text| text.split_once(' '));
    let bearer = credentials.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer")).map(|(_, token)| token.trim());
    bearer.filter(|token| !token.is_empty()).ok_or(GraphError::TokenMissing)
}

/// The caller, if the token is one of ours, in its time, and for Graph. A token that was issued under the other origin of this
/// mock is as good, because both are one service.
///
/// # Errors
/// One of the `Token…` variants of [`GraphError`].
pub fn authenticate(tenants: &Tenants, keys: &SigningKeys, token: &str, now: OffsetDateTime) -> Result<Caller, GraphError> {
    let opaque = mint::jwt_of_opaque(token);
    let token = opaque.as_deref().unwrap_or(token);
    if !token.contains('.') {
        return Err(GraphError::TokenNotAJwt);
    }
    let claims = verify::access_token(keys, token, now).map_err(|rejection| match rejection {
        AccessTokenRejection::Malformed => GraphError::TokenMalformed,
        AccessTokenRejection::Signature => GraphError::TokenSignature,
        AccessTokenRejection::Lifetime => GraphError::TokenLifetime,
    })?;
    // A v1.0 token repeats the resource as the app asked for it: by address, with or without the last slash, or by client id.
    if claims.aud.trim_end_matches('/') != GRAPH_RESOURCE && claims.aud != GRAPH_APP_ID {
        return Err(GraphError::TokenAudience);
    }
    let directory = tenants.find(&claims.tid).filter(|directory| directory.tenant_id() == claims.tid).ok_or(GraphError::TokenIssuer)?;
    Ok(Caller { claims, directory })
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn token_of(value: &'static str) -> Result<String, GraphError> {
        bearer_token(&HeaderMap::from_iter([(header::AUTHORIZATION, HeaderValue::from_static(value))])).map(str::to_owned)
    }

    #[test]
    fn the_scheme_may_be_in_any_case() {
        assert_eq!(token_of("bearer a.b.c"), Ok("a.b.c".to_owned()));
        assert_eq!(token_of("Bearer  a.b.c"), Ok("a.b.c".to_owned()));
    }

    #[test]
    fn another_scheme_or_an_empty_token_is_no_token() {
        for value in ["Basic YTpi", "Bearer", "Bearer ", ""] {
            assert_eq!(token_of(value), Err(GraphError::TokenMissing), "{value}");
        }
        assert_eq!(bearer_token(&HeaderMap::new()), Err(GraphError::TokenMissing));
    }
}
