//! The token endpoint misbehaves on purpose when a code is redeemed.

use jsonwebtoken::jwk::JwkSet;
use mock_idp::{Fault, MockIdp};

use crate::{
    token::{code, refused},
    visitor::{TENANT, mock_with_app, redeeming, token},
};

#[tokio::test]
async fn a_code_can_be_spent_or_expired_before_it_is_redeemed() {
    let (idp, app) = mock_with_app().await;
    for (fault, number) in [(Fault::CodeTwice, 54005), (Fault::CodeExpired, 70008)] {
        let form = redeeming(&app, &code(&idp, &app).await);
        idp.inject(fault.once().for_app(&app.app_id));
        assert_eq!(refused(&token(&idp, TENANT, &form).await), (400, "invalid_grant", number), "{fault:?}");
        assert_eq!(refused(&token(&idp, TENANT, &form).await), (400, "invalid_grant", 54005), "{fault:?} has used the code up");
        assert_eq!(token(&idp, TENANT, &redeeming(&app, &code(&idp, &app).await)).await.0, 200, "{fault:?} strikes once");
    }
}

#[tokio::test]
async fn after_a_rollover_the_new_key_is_published_with_the_old_ones_or_alone() {
    let (idp, app) = mock_with_app().await;
    for (fault, old_ones_stay) in [(Fault::KeyRollover, true), (Fault::KeyRolloverWithoutGrace, false)] {
        let before = published(&idp).await;
        idp.inject(fault.once());
        let (_, body) = token(&idp, TENANT, &redeeming(&app, &code(&idp, &app).await)).await;
        let signed_by = jsonwebtoken::decode_header(body["id_token"].as_str().expect("a token")).expect("a header").kid.expect("a kid");
        let after = published(&idp).await;
        assert!(after.contains(&signed_by) && !before.contains(&signed_by), "{fault:?}");
        assert_eq!(before.iter().all(|old| after.contains(old)), old_ones_stay, "{fault:?}");
        assert_eq!(after.len() == 1, !old_ones_stay, "{fault:?}: {after:?}");
    }
}

/// The ids of the published keys.
async fn published(idp: &MockIdp) -> Vec<String> {
    let keys = reqwest::get(format!("{}/{TENANT}/discovery/v2.0/keys", idp.origin())).await.expect("an answer");
    let keys: JwkSet = keys.json().await.expect("a key set");
    keys.keys.into_iter().filter_map(|key| key.common.key_id).collect()
}
