//! U4-20: where tokens may not be.

use base64::{
    Engine,
    engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD},
};

use mock_idp::{
    Fault,
    testing::browser::{Browser, Site},
};

use crate::{
    check::{AppUse, Check, Gate, USUAL_LIMIT},
    stage::Stage,
    unit::{Profile, Unit},
    verdict::{Failure, Outcome, Problem},
    visit::{authorize, begin_login, deliver, sign_in},
    world::{
        people::{Casting, Person},
        role,
    },
};

/// U4-20
pub const NO_TOKEN_OUTSIDE: Check = Check {
    id: "U4-20",
    unit: Unit::SignIn,
    title: "no token in a cookie, a page, an address or the log",
    points: 5,
    gate: Some(Gate::Security),
    depends_on: &["U4-06"],
    profile: Profile::Core,
    misconceptions: &["M26"],
    hint: "Keep tokens on the server, in the session's record. The cookie holds only the record's id. Derive Debug for nothing that holds a \
           token.",
    page: "unit-4/session-and-logout.html#session",
    app: AppUse::Shared,
    limit: USUAL_LIMIT,
    run: |stage| Box::pin(no_token_outside(stage)),
};

async fn no_token_outside(stage: &Stage) -> Outcome {
    let user = stage.invite(0, Casting::employee(&role::ALL));
    // First, so that its lines have long been read from the app's output when the log is looked through.
    let of_refused = of_refused_token(stage, &user).await?;
    let mut browser = stage.browser();
    let signed_in = sign_in(&mut browser, &user).await?;
    for page in ["/", "/me", "/my/policies", "/insights", "/admin/roles", "/no-such-page"] {
        browser.open(page).await?;
    }

    let mut secrets = vec![("the client secret", stage.world().registration().client_secret.clone())];
    for request in stage.world().token_requests(&signed_in.login.request) {
        for (name, member) in [("the ID token", "id_token"), ("the access token", "access_token")] {
            secrets.extend(request.response.body[member].as_str().map(|token| (name, token.to_owned())));
        }
    }
    secrets.extend(of_refused);
    let found = |place: String| -> Outcome {
        Err(Failure::new(
            "A user signed in and opened the app's pages.",
            place,
            "tokens and secrets in the server's memory (or its store) and in requests to the provider, nowhere else",
            "Whoever holds an access token acts as the user until it expires; nobody can call it back. Cookies, pages and logs are read by \
             more people than one thinks.",
        )
        .attack("The user's data at Microsoft Graph, from a log file or from a borrowed browser.")
        .into())
    };
    if let Some(place) = leak(&browser, &stage.app().output().text(), &secrets) {
        return found(place);
    }
    // What the browser itself has, and the log should not.
    let code = signed_in.callback.parameter("code").unwrap_or_default();
    let cookies = browser.cookies().of(Site::App).filter(|cookie| cookie.http_only && cookie.value.len() >= 16);
    let of_browser = cookies.map(|cookie| ("the value of a cookie", cookie.value.clone())).chain([("the authorization code", code)]);
    let log = stage.app().output().text();
    match of_browser.into_iter().find(|(_, value)| !value.is_empty() && log.contains(value.as_str())) {
        Some((name, _)) => found(format!("{name} is in the log.")),
        None => Ok(()),
    }
}

/// A sign-in whose ID token is refused: what goes wrong is what people print.
async fn of_refused_token(stage: &Stage, user: &Person) -> Result<Vec<(&'static str, String)>, Problem> {
    let mut browser = stage.browser();
    let login = begin_login(&mut browser, "/login").await?;
    let callback = authorize(&mut browser, &login, user).await?;
    let app_id = &stage.world().registration().app_id;
    stage.world().idp().inject(Fault::WrongNonce.once().for_app(app_id).for_user(&user.username));
    deliver(&mut browser, callback).await?;
    let mut secrets = Vec::new();
    for request in stage.world().token_requests(&login.request) {
        secrets.extend(request.response.body["id_token"].as_str().map(|token| ("an ID token that was refused", token.to_owned())));
    }
    Ok(secrets)
}

/// Where one of these secrets can be read: in what the browser got from the app, or in what the app printed.
pub(in crate::checks) fn leak(browser: &Browser, output: &str, secrets: &[(&str, String)]) -> Option<String> {
    for (name, secret) in secrets {
        for hop in browser.hops().iter().filter(|hop| hop.site == Site::App) {
            if holds(hop.url.as_str(), secret) {
                return Some(format!("{name} is in the address {}?….", hop.url.path()));
            }
            if holds(&hop.body, secret) {
                return Some(format!("{name} is in the answer of {} {}.", hop.method, hop.url.path()));
            }
            if let Some((header, _)) = hop.headers.iter().find(|(_, value)| holds(value, secret)) {
                return Some(format!("{name} is in the header {header} of {} {}.", hop.method, hop.url.path()));
            }
        }
        if holds(output, secret) {
            return Some(format!("{name} is in what the app printed."));
        }
    }
    None
}

/// Whether a text holds a secret: as it is, by its signature alone, or in base64.
pub(in crate::checks) fn holds(text: &str, secret: &str) -> bool {
    // The last part of a JWT is its signature, which no claim of a page can hold by chance.
    let needle = secret.rsplit('.').next().filter(|part| part.len() >= 20).unwrap_or(secret);
    text.contains(needle) || decoded_parts(text).any(|part| part.contains(needle))
}

/// Every longer run of base64 letters, decoded: a cookie that is signed but not encrypted.
fn decoded_parts(text: &str) -> impl Iterator<Item = String> {
    text.split(|letter: char| !(letter.is_ascii_alphanumeric() || "+/-_".contains(letter))).filter(|part| part.len() >= 40).filter_map(
        |part| {
            let bytes = URL_SAFE_NO_PAD.decode(part).or_else(|_| STANDARD_NO_PAD.decode(part)).ok()?;
            Some(String::from_utf8_lossy(&bytes).into_owned())
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_found_whole_by_its_signature_and_inside_base64() {
        let token = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhIn0.c2lnbmF0dXJlLXRoYXQtaXMtbG9uZw";
        assert!(holds(&format!("session={token}; Path=/"), token));
        assert!(holds("part c2lnbmF0dXJlLXRoYXQtaXMtbG9uZw", token));
        let cookie = URL_SAFE_NO_PAD.encode(format!("{{\"t\":\"{token}\"}}"));
        assert!(holds(&format!("session={cookie}.abc"), token));
        assert!(!holds("session=8fd2c1", token));
    }
}
