//! GET|POST /graph/oidc/userinfo
//!
//! The signed-in user's claims (OIDC Core §5.3; Microsoft identity platform: "UserInfo endpoint"). `sub` is the one of the app's
//! own ID tokens, so that OpenID Connect clients, which compare the two, accept the answer.

use axum::response::Response;
use serde::Serialize;

use super::{bearer::Caller, call::Call, error::GraphError, permissions::Operation};
use crate::tokens::issue::pairwise_subject;

/// The claims; those that the scopes do not cover, or that have no value, are left out.
#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "OIDC Core §5.1 defines the claims")]
pub struct UserInfo {
    pub sub: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub family_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub given_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub picture: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
}

pub(super) async fn userinfo(call: Call) -> Response {
    let answer = call.permitted(Operation::ReadUserInfo, |caller| user_info(caller, &call.ids.origin));
    call.reply_plain(answer)
}

fn user_info(caller: &Caller, origin: &str) -> Result<UserInfo, GraphError> {
    let user = caller.signed_in_user()?;
    let claims = &caller.claims;
    let client_id = claims.client_id().unwrap_or_default();
    let own_subject = || pairwise_subject(client_id, caller.directory.tenant_id(), &user.id);
    let profile = claims.has_scope("profile");
    Ok(UserInfo {
        sub: claims.xms_st.as_ref().map_or_else(own_subject, |subject| subject.sub.clone()),
        name: profile.then(|| user.display_name.clone()),
        family_name: user.surname.clone().filter(|_| profile),
        given_name: user.given_name.clone().filter(|_| profile),
        picture: profile.then(|| format!("{origin}/graph/v1.0/me/photo/$value")),
        email: user.mail.clone().filter(|_| claims.has_scope("email")),
    })
}
