//! The user whom a path names: `/me` or `/users/{id | userPrincipalName}`.

use std::convert::Infallible;

use axum::{
    RequestPartsExt,
    extract::{FromRequestParts, RawPathParams},
    http::request::Parts,
};

use super::{bearer::Caller, error::GraphError};
use crate::directory::user::User;

/// Whom a path is about. Most of what follows `/me` follows `/users/{key}`, too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Person {
    /// The signed-in user.
    Me,
    /// The user with this object id or user principal name.
    Named(String),
}

impl Person {
    /// The user.
    ///
    /// # Errors
    /// [`GraphError::NeedsSignedInUser`], [`GraphError::ResourceNotFound`].
    pub(super) fn of<'c>(&self, caller: &'c Caller) -> Result<&'c User, GraphError> {
        match self {
            Self::Me => caller.signed_in_user(),
            Self::Named(key) => find(caller, key).ok_or_else(|| GraphError::ResourceNotFound(key.clone())),
        }
    }

    /// Whether this is the signed-in user, who needs less permission for what is her own.
    pub(super) fn is_own(&self, caller: &Caller) -> bool {
        match self {
            Self::Me => true,
            Self::Named(key) => caller.signed_in_user().is_ok_and(|own| find(caller, key).is_some_and(|user| user.id == own.id)),
        }
    }
}

fn find<'c>(caller: &'c Caller, key: &str) -> Option<&'c User> {
    caller.directory.user(key).or_else(|| caller.directory.user_by_principal_name(key))
}

impl<S: Send + Sync> FromRequestParts<S> for Person {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        // A key that is no text names nobody.
        let params = parts.extract::<RawPathParams>().await;
        let key = params.map(|params| params.iter().find(|(name, _)| *name == "key").map(|(_, key)| key.to_owned()));
        Ok(key.map_or_else(|_| Self::Named(String::new()), |key| key.map_or(Self::Me, Self::Named)))
    }
}
