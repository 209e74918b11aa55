//! U5-20: where tokens may not be, now that they are used.

use mock_idp::Fault;

use super::{
    short_token::sign_in_with_ended_token,
    visiting::{open_profile, see_profile},
};
use crate::{
    check::{AppUse, Check, Gate, USUAL_LIMIT},
    checks::unit_04::confidentiality::leak,
    stage::Stage,
    unit::{Profile, Unit},
    verdict::{Failure, Outcome},
    world::{World, people::Casting},
};

/// U5-20
pub const NO_TOKEN_OUTSIDE: Check = Check {
    id: "U5-20",
    unit: Unit::CallGraph,
    title: "no token in an address, a cookie, a page or the log, also when calls fail",
    points: 5,
    gate: Some(Gate::Security),
    depends_on: &["U5-01", "U5-07"],
    profile: Profile::Core,
    misconceptions: &["M26"],
    hint: "Print no request and no token response. Tokens stay in the cache and in the header Authorization.",
    page: "unit-5/token-cache.html#refresh-token",
    app: AppUse::Shared,
    limit: USUAL_LIMIT,
    run: |stage| Box::pin(no_token_outside(stage)),
};

/// Where the app wrote a secret into an address that it called. Servers and proxies keep addresses.
pub(in crate::checks) fn in_called_address(world: &World, secrets: &[(&str, String)]) -> Option<String> {
    for event in world.idp().trace().events().iter().filter(|event| event.from == "app") {
        let place = |name: &str| {
            Some(format!("{name} is in the address that the app called: {} {}?….", event.method, event.url.split('?').next()?))
        };
        // The trace masks a client secret, and tells its name.
        if event.url.contains("client_secret=") {
            return place("the client secret");
        }
        if let Some((name, _)) = secrets.iter().find(|(_, secret)| event.url.contains(secret.as_str())) {
            return place(name);
        }
    }
    None
}

async fn no_token_outside(stage: &Stage) -> Outcome {
    let (world, user) = (stage.world(), stage.invite(0, Casting::employee(&[])));
    let mut browser = stage.browser();
    sign_in_with_ended_token(world, &mut browser, &user).await?;
    see_profile(&mut browser, &user, "The access token had ended, and there is a refresh token.").await?;
    // What fails is written to logs and onto pages.
    for fault in [Fault::GraphWrongAudience, Fault::GraphMissingScope, Fault::GraphUnavailable] {
        let fault = world.idp().inject(fault.always().for_user(&user.username));
        open_profile(&mut browser, &user, "Graph refused every call.").await?;
        browser.get_json("/profile").await?;
        world.idp().faults().remove(fault);
    }
    see_profile(&mut browser, &user, "Graph is well again.").await?;

    let mut secrets = vec![("the client secret", world.registration().client_secret.clone())];
    // Everybody's, and those that the app has in its own name: they all may be in its log.
    for request in world.idp().trace().token_requests() {
        for (name, member) in [("the ID token", "id_token"), ("the access token", "access_token"), ("the refresh token", "refresh_token")] {
            secrets.extend(request.response.body[member].as_str().map(|token| (name, token.to_owned())));
        }
    }
    let place = leak(&browser, &stage.app().output().text(), &secrets).or_else(|| in_called_address(world, &secrets));
    match place {
        None => Ok(()),
        Some(place) => Err(Failure::new(
            "A user signed in and opened /profile, while Graph worked and while it failed.",
            place,
            "tokens in the server's memory (or its store) and in requests to the provider and to Graph, nowhere else",
            "Logs are copied, addresses stay in histories, and a cookie or a page lies on the person's computer. Whoever reads a token there can use \
             it in the person's name; a refresh token works for months.",
        )
        .attack("The user's data at Microsoft Graph, from a log file, a cookie or a history.")
        .into()),
    }
}
