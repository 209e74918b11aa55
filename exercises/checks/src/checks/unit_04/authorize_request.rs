//! U4-01 to U4-05: what `/login` sends to the provider.

use std::collections::HashSet;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};

use super::random_bits::random_bits;
use crate::{
    check::{AppUse, Check, USUAL_LIMIT},
    comparison::Compared,
    redact,
    stage::Stage,
    unit::{Profile, Unit},
    verdict::{Failure, Outcome, Problem},
    visit::{Login, begin_login},
};

/// So many logins are begun to see whether a value is fresh.
const LOGINS: usize = 5;

/// What `state` and `nonce` should hold (RFC 6749 §10.10 asks for 128 bits and wishes for 160).
const STRICT_BITS: f64 = 128.0;
/// MSAL for Python draws 16 of 52 letters, which is 88 bits. `core` accepts what MSAL does.
const CORE_BITS: f64 = 80.0;

/// U4-01
pub const ENDPOINT: Check = Check {
    id: "U4-01",
    unit: Unit::SignIn,
    title: "/login redirects to the authorization endpoint with client id, redirect URI and response type",
    points: 4,
    gate: None,
    depends_on: &[],
    profile: Profile::Core,
    misconceptions: &["M03", "M05", "M41"],
    hint: "Take the authorization endpoint from the discovery document of AUTHORITY, and CLIENT_ID and REDIRECT_URI from the environment.",
    page: "unit-4/authorize-request.html#endpoint",
    app: AppUse::Shared,
    limit: USUAL_LIMIT,
    run: |stage| Box::pin(endpoint(stage)),
};

async fn endpoint(stage: &Stage) -> Outcome {
    let login = begin_login(&mut stage.browser(), "/login").await?;
    let sent = format!("A browser opened /login. The app redirected it to\n{}", login.shown());
    let mut address = login.request.url.clone();
    address.set_query(None);
    address.set_fragment(None);
    let parameter = |name: &str, expected: &str| Compared::equal(name, login.parameter(name), expected);
    let values = [
        (
            Compared::equal("address", address.as_str(), stage.world().endpoint("authorize")),
            "The address stands in the discovery document, under authorization_endpoint. It belongs to the tenant of AUTHORITY: another \
             one, such as `common`, would let strangers in, or nobody.",
        ),
        (parameter("client_id", &stage.world().registration().app_id), "The provider knows the app by this id."),
        (
            parameter("redirect_uri", &stage.app().redirect_uri()),
            "The provider compares this text with the registration, letter by letter.",
        ),
        (parameter("response_type", "code"), "Only a code travels through the browser. Tokens go directly to the server."),
    ];
    let Some((first, why)) = values.iter().find(|(value, _)| value.offends) else { return Ok(()) };
    let (received, expected) = (format!("{}={}", first.name, first.found), format!("{}={}", first.name, first.expected));
    let shown = match first.name.as_str() {
        "address" => Some("M41"),
        "client_id" => Some("M05"),
        _ => None,
    };
    Err(Failure::new(sent, received, expected, *why).shows(shown).compares(values.map(|(value, _)| value)).into())
}

/// U4-02
pub const SCOPES: Check = Check {
    id: "U4-02",
    unit: Unit::SignIn,
    title: "the scopes contain openid and profile",
    points: 2,
    gate: None,
    depends_on: &["U4-01"],
    profile: Profile::Core,
    misconceptions: &["M33"],
    hint: "`openid` asks for an ID token, `profile` for name, preferred_username and oid in it. Scopes are separated by spaces.",
    page: "unit-4/authorize-request.html#scopes",
    app: AppUse::Shared,
    limit: USUAL_LIMIT,
    run: |stage| Box::pin(scopes(stage)),
};

async fn scopes(stage: &Stage) -> Outcome {
    let login = begin_login(&mut stage.browser(), "/login").await?;
    let scope = login.parameter("scope");
    let scopes: HashSet<&str> = scope.split(' ').collect();
    match ["openid", "profile"].into_iter().find(|needed| !scopes.contains(needed)) {
        None => Ok(()),
        Some(missing) => Err(Failure::new(
            "A browser opened /login.",
            format!("scope={scope}"),
            format!("a scope with openid and profile; {missing} is missing"),
            "Without openid there is no ID token (OIDC Core §3.1.2.1). Without profile the token has no oid, which is how the app knows \
             people again.",
        )
        .compares(["openid", "profile"].map(|needed| {
            let found = if scopes.contains(needed) { needed } else { "" };
            Compared::equal(format!("scope {needed}"), found, needed)
        }))
        .into()),
    }
}

/// U4-03
pub const STATE: Check = Check {
    id: "U4-03",
    unit: Unit::SignIn,
    title: "state is long, random and new for each login",
    points: 4,
    gate: None,
    depends_on: &["U4-01"],
    profile: Profile::Core,
    misconceptions: &["M19"],
    hint: "Draw 32 random bytes for each login and encode them, for example as base64url.",
    page: "unit-4/authorize-request.html#state",
    app: AppUse::Shared,
    limit: USUAL_LIMIT,
    run: |stage| Box::pin(state_is_fresh(stage)),
};

async fn state_is_fresh(stage: &Stage) -> Outcome {
    let values = values_of(&logins(stage).await?, "state");
    let attack = "Who can guess the state can make your browser finish a sign-in that he began: you then work in his account.";
    let bits = if stage.profile() == Profile::Strict { STRICT_BITS } else { CORE_BITS };
    judge_freshness(
        "state",
        &values,
        bits,
        "state ties the provider's answer to the browser that began the login (RFC 6749 §10.12).",
        attack,
    )
}

/// U4-04
pub const NONCE: Check = Check {
    id: "U4-04",
    unit: Unit::SignIn,
    title: "nonce is new for each login and differs from state",
    points: 4,
    gate: None,
    depends_on: &["U4-01"],
    profile: Profile::Core,
    misconceptions: &["M20"],
    hint: "Draw a second random value for each login, and keep both in the record of the pending login.",
    page: "unit-4/authorize-request.html#nonce",
    app: AppUse::Shared,
    limit: USUAL_LIMIT,
    run: |stage| Box::pin(nonce_is_fresh(stage)),
};

async fn nonce_is_fresh(stage: &Stage) -> Outcome {
    let logins = logins(stage).await?;
    let attack = "Who can guess the nonce can bring an ID token from another sign-in: yesterday's, or another person's.";
    judge_freshness(
        "nonce",
        &values_of(&logins, "nonce"),
        CORE_BITS,
        "nonce ties the ID token to this login (OIDC Core §15.5.2).",
        attack,
    )?;
    let follows = |login: &&Login| {
        let (nonce, state) = (login.parameter("nonce"), login.state());
        nonce == state || nonce == state.chars().rev().collect::<String>() || nonce == s256(&state)
    };
    match logins.iter().find(follows) {
        None => Ok(()),
        Some(login) => Err(Failure::new(
            "A browser opened /login.",
            format!("nonce is {} and follows from state, {}", redact::secret(&login.parameter("nonce")), redact::secret(&login.state())),
            "two values that do not follow from each other",
            "state stands in the address of the callback, in the browser's history and perhaps in logs. The nonce then stands there too.",
        )
        .attack(attack)
        .into()),
    }
}

/// U4-05
pub const PKCE: Check = Check {
    id: "U4-05",
    unit: Unit::SignIn,
    title: "PKCE with S256 and a new challenge for each login",
    points: 4,
    gate: None,
    depends_on: &["U4-01"],
    profile: Profile::Core,
    misconceptions: &["M21"],
    hint: "Draw a code_verifier for each login, and send code_challenge = base64url(SHA-256(code_verifier)) with code_challenge_method=S256.",
    page: "unit-4/authorize-request.html#pkce",
    app: AppUse::Shared,
    limit: USUAL_LIMIT,
    run: |stage| Box::pin(pkce(stage)),
};

async fn pkce(stage: &Stage) -> Outcome {
    let logins = logins(stage).await?;
    let why = "With PKCE a code is useless to whoever did not begin the login: redeeming it takes the verifier, which never left the server \
               (RFC 7636 §1).";
    let failed = |received: String, expected: &str| -> Failure {
        let attack = "Who reads a code, in a log or in the browser's history, redeems it or slips it into another session.";
        Failure::new("A browser opened /login.", received, expected, why).attack(attack)
    };
    for login in &logins {
        let method = login.parameter("code_challenge_method");
        let challenge = login.parameter("code_challenge");
        let is_base64url = challenge.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '-' || letter == '_');
        let is_sha256 = challenge.len() == 43 && is_base64url;
        let values = [
            Compared::equal("code_challenge_method", &*method, "S256"),
            Compared::judged("code_challenge", &*challenge, "43 letters of base64url without padding", is_sha256),
        ];
        if method != "S256" {
            let expected = "code_challenge_method=S256 (without it, the method is `plain`)";
            return Err(failed(format!("code_challenge_method={method}"), expected).compares(values).into());
        }
        if !is_sha256 {
            let expected = "43 letters of base64url without padding, which is a SHA-256 (RFC 7636 §4.2)";
            return Err(failed(format!("code_challenge={challenge}"), expected).compares(values).into());
        }
    }
    for login in &logins {
        for name in ["state", "nonce"] {
            if s256(&login.parameter(name)) == login.parameter("code_challenge") {
                let received = format!("the code_challenge is the hash of {name}, so {name} is the code_verifier");
                return Err(failed(received, "a code_verifier of its own, which stands in no address").into());
            }
        }
    }
    let values = values_of(&logins, "code_challenge");
    let distinct: HashSet<&String> = values.iter().collect();
    if distinct.len() < values.len() {
        let received = format!("the same code_challenge for several of {LOGINS} logins: {}", values[0]);
        return Err(failed(received, "a new code_challenge for each login").into());
    }
    Ok(())
}

/// `code_challenge` of a verifier (RFC 7636 §4.2).
fn s256(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(verifier))
}

/// Several logins, in a browser each and two in one browser.
async fn logins(stage: &Stage) -> Result<Vec<Login>, Problem> {
    let mut browser = stage.browser();
    let mut logins = vec![begin_login(&mut browser, "/login").await?, begin_login(&mut browser, "/login").await?];
    while logins.len() < LOGINS {
        logins.push(begin_login(&mut stage.browser(), "/login").await?);
    }
    Ok(logins)
}

fn values_of(logins: &[Login], name: &str) -> Vec<String> {
    logins.iter().map(|login| login.parameter(name)).collect()
}

fn judge_freshness(name: &str, values: &[String], bits: f64, why: &str, attack: &str) -> Outcome {
    let failed = |received: String, expected: String| -> Outcome {
        let sent = format!("Browsers opened /login {LOGINS} times.");
        Err(Failure::new(sent, received, expected, why).attack(attack).into())
    };
    if values.iter().any(String::is_empty) {
        return failed(format!("an authorize request without {name}"), format!("{name} in every authorize request"));
    }
    if values.iter().collect::<HashSet<_>>().len() < values.len() {
        return failed(format!("the same {name} twice: {}", values.join(", ")), format!("a new {name} for each login"));
    }
    let found = random_bits(values);
    if found < bits {
        let received = format!("{}\nOnly about {found:.0} bits of this change from login to login.", values.join(", "));
        return failed(received, format!("{bits:.0} random bits or more"));
    }
    Ok(())
}
