//! A token that ends soon, and waiting for its end.

use std::time::Duration;

use mock_idp::{Fault, testing::browser::Browser, trace::event::Kind};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use super::visiting::{events_of, open_profile};
use crate::{
    verdict::Problem,
    visit::sign_in,
    world::{World, people::Person},
};

pub(super) const POLL: Duration = Duration::from_millis(20);

/// Signs `user` in. The app then holds a token for Graph that has ended, and a refresh token.
pub(in crate::checks) async fn sign_in_with_ended_token(world: &World, browser: &mut Browser, user: &Person) -> Result<(), Problem> {
    let short = || world.idp().inject(Fault::ShortLivedToken.once().for_user(&user.username));
    short();
    let signed_in = sign_in(browser, user).await?;
    // An app may sign in without Graph's scopes, and ask for them when they are needed.
    let asks_for_graph = signed_in.login.parameter("scope").to_ascii_lowercase().contains("user.read");
    if !asks_for_graph {
        short();
        open_profile(browser, user, "The user signed in.").await?;
    }
    wait_until_ended(world, user).await
}

/// Waits until the newest token of this user has ended: an event whose time is known, a second or two away.
pub(super) async fn wait_until_ended(world: &World, user: &Person) -> Result<(), Problem> {
    let issued = events_of(world, user, Kind::Token, 0);
    let newest = issued.iter().rev().find(|event| event.response.body["access_token"].is_string());
    let Some(newest) = newest else { return Err(Problem::Broken("no token was issued to wait for".to_owned())) };
    let at = OffsetDateTime::parse(&newest.at, &Rfc3339).map_err(|error| Problem::Broken(error.to_string()))?;
    // A token ends with a whole second, and the event may be written a moment after the token.
    let ended = at + time::Duration::seconds(2);
    while world.idp().now() < ended {
        tokio::time::sleep(POLL).await;
    }
    Ok(())
}

/// Waits for the beginning of a second. A token for one second that is issued now lives for most of it.
pub(super) async fn wait_for_a_new_second(world: &World) {
    while world.idp().now().millisecond() > 150 {
        tokio::time::sleep(POLL).await;
    }
}
