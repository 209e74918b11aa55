//! U4-10: how the app proves who it is when it redeems a code.

use mock_idp::trace::Event;

use crate::{
    check::{AppUse, Check, USUAL_LIMIT},
    comparison::Compared,
    redact,
    stage::Stage,
    unit::{Profile, Unit},
    verdict::{Failure, Outcome},
    visit::sign_in,
};

/// U4-10
pub const CLIENT_AUTHENTICATION: Check = Check {
    id: "U4-10",
    unit: Unit::SignIn,
    title: "the secret goes to the token endpoint only, with the matching code verifier",
    points: 4,
    gate: None,
    depends_on: &["U4-06"],
    profile: Profile::Core,
    misconceptions: &["M04", "M21"],
    hint: "The token request is a POST from your server with code, redirect_uri, code_verifier and the client secret. The browser sees none \
           of it.",
    page: "unit-4/redeem-code.html#client-authentication",
    app: AppUse::Shared,
    limit: USUAL_LIMIT,
    run: |stage| Box::pin(client_authentication(stage)),
};

async fn client_authentication(stage: &Stage) -> Outcome {
    let mut browser = stage.browser();
    let user = stage.client(0);
    let signed_in = sign_in(&mut browser, &user).await?;
    let secret = &stage.world().registration().client_secret;
    let failed = |received: String, expected: &str, why: &str, attack: &str| -> Outcome {
        let failure = Failure::new("An honest sign-in, with everything that went over the network.", received, expected, why);
        Err(failure.attack(attack).shows(Some("M04")).into())
    };

    for hop in browser.hops() {
        let form = hop.form.iter().flatten().any(|(_, value)| value == secret);
        let in_cookie = hop.cookies.iter().any(|(_, value)| value.contains(secret.as_str()));
        let decoded = percent_decoded(hop.url.as_str());
        let in_answer =
            hop.body.contains(secret.as_str()) || hop.headers.iter().any(|(_, value)| percent_decoded(value).contains(secret.as_str()));
        if form || in_cookie || in_answer || decoded.contains(secret.as_str()) {
            return failed(
                format!("The client secret was in the browser, at {} {}", hop.method, redact::url(&hop.url)),
                "the client secret only between the app's server and the token endpoint",
                "Everything in the browser can be read by the user, by extensions, and in the history.",
                "the app's own identity: whoever has the secret can redeem codes as the app",
            );
        }
    }
    let requests = stage.world().token_requests(&signed_in.login.request);
    let Some(request) = requests.iter().find(|event| event.status == 200) else {
        return failed(
            format!("{} token requests, none of them successful", requests.len()),
            "one successful token request that belongs to the authorize request",
            "The code of this login must be redeemed, and not something else.",
            "a session without any proof from the provider",
        );
    };
    // The provider refuses a confidential client that does not prove who it is, so a status of 200 says that it did.
    let parameter = |name: &str| request.request.params.get(name).is_some_and(|value| !value.is_empty());
    if let Some(event) = stage.world().idp().trace().events().iter().find(|event| event.url.contains("client_secret=")) {
        return failed(
            format!("{} {} carried the secret in its address", event.method, event.url),
            "the secret in the body of the token request, or in its Authorization header",
            "Addresses are written to logs, by servers and by proxies (RFC 6749 §2.3.1).",
            "the app's own identity: whoever reads a log can redeem codes as the app",
        );
    }
    // Without a challenge there is no verifier to send; U4-05 looks at that.
    let used_pkce = !signed_in.login.parameter("code_challenge").is_empty();
    let needed: Vec<&str> =
        [("code_verifier", used_pkce), ("redirect_uri", true)].iter().filter(|(_, it)| *it).map(|(name, _)| *name).collect();
    let Some(missing) = needed.iter().find(|name| !parameter(name)) else { return Ok(()) };
    Err(Failure::new(
        "An honest sign-in, with everything that went over the network.",
        shown(request),
        format!("{missing} in the token request"),
        "The provider compares both with the authorize request (RFC 6749 §4.1.3, RFC 7636 §4.5).",
    )
    .compares(needed.iter().map(|name| {
        let found = request.request.params.get(*name).cloned().unwrap_or_default();
        let expected = if *name == "redirect_uri" { "as in the authorize request" } else { "what the code_challenge was made from" };
        Compared::judged(*name, found, expected, parameter(name))
    }))
    .attack("Whoever finds a code can redeem it.")
    .shows((*missing == "code_verifier").then_some("M21"))
    .into())
}

fn shown(request: &Event) -> String {
    let parameters: Vec<String> = request.request.params.iter().map(|(name, value)| format!("{name}={value}")).collect();
    format!("the token request had {}", parameters.join(" "))
}

fn percent_decoded(text: &str) -> String {
    let query = text.split_once('?').map_or("", |(_, query)| query);
    let pairs: Vec<String> = url::form_urlencoded::parse(query.as_bytes()).map(|(name, value)| format!("{name}={value}")).collect();
    format!("{text} {}", pairs.join(" "))
}
