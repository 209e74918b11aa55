//! How the checks of the ID token work: the provider misbehaves once for one user, and the app must not let the user in.

use mock_idp::{Fault, testing::browser::Request};
use serde_json::Value;
use time::OffsetDateTime;

use crate::{
    stage::Stage,
    verdict::{Failure, Outcome},
    visit::{Login, authorize, begin_login, describe_error, id_token_of, sign_in, who_is_signed_in},
    world::people::Person,
};

/// One forgery.
#[derive(Debug, Clone, Copy)]
pub struct Forgery {
    /// What the provider does.
    pub fault: Fault,
    /// What is wrong with the token.
    pub flaw: &'static str,
    /// The header members and claims that show it.
    pub evidence: &'static [&'static str],
}

/// What a whole check says about its forgeries.
#[derive(Debug, Clone, Copy)]
pub struct Lesson {
    /// What the app should have compared.
    pub expected: &'static str,
    /// Why.
    pub why: &'static str,
    /// What an attacker gets otherwise.
    pub attack: &'static str,
}

/// Each forgery is refused; an honest token, on the same way, is accepted.
pub async fn refuses_all(stage: &Stage, user: &Person, forgeries: &[Forgery], lesson: Lesson) -> Outcome {
    for forgery in forgeries {
        refuses(stage, user, *forgery, lesson).await?;
    }
    sign_in(&mut stage.browser(), user).await.map(|_| ())
}

async fn refuses(stage: &Stage, user: &Person, forgery: Forgery, lesson: Lesson) -> Outcome {
    let idp = stage.world().idp();
    let mut browser = stage.browser();
    let login = begin_login(&mut browser, "/login").await?;
    let callback = authorize(&mut browser, &login, user).await?;
    let app_id = &stage.world().registration().app_id;
    let fault = idp.inject(forgery.fault.once().for_app(app_id).for_user(&user.username));
    let answer = browser.go(callback.clone()).await;
    let struck = !idp.faults().remove(fault);
    let signed_in = who_is_signed_in(&mut browser).await?;
    let sent = sent(&login, &callback, forgery, id_token_of(stage.world(), &login), idp.now());
    match (struck, signed_in) {
        (true, None) => Ok(()),
        (true, Some(_)) => Err(Failure::new(
            sent,
            format!("{} Afterwards the user is signed in: the app accepted this token.", describe_error(&answer)),
            lesson.expected,
            lesson.why,
        )
        .attack(lesson.attack)
        .shows(misconception(forgery.fault))
        .into()),
        (false, _) => Err(Failure::new(
            sent,
            format!("{} The app did not redeem the code, so it never saw the token.", describe_error(&answer)),
            "the code is redeemed at the token endpoint, and the ID token of that answer is judged",
            "The ID token says who signs in. An app that does not fetch it does not know.",
        )
        .into()),
    }
}

/// What an app believes that accepts this forgery, where a check tries forgeries of several kinds.
fn misconception(fault: Fault) -> Option<&'static str> {
    match fault {
        Fault::AlgNone | Fault::Hs256PublicKey => Some("M17"),
        Fault::ForeignKey => Some("M13"),
        Fault::OtherTenant => Some("M42"),
        Fault::WrongIssuer | Fault::IssuerLookAlike | Fault::IssuerTemplate => Some("M15"),
        _ => None,
    }
}

/// What the app sent beside what the token says.
fn sent(login: &Login, callback: &Request, forgery: Forgery, token: Option<(Value, Value)>, now: OffsetDateTime) -> String {
    let mut text = format!("A sign-in in which the ID token is wrong: {}.", forgery.flaw);
    if forgery.evidence.contains(&"nonce") {
        text += &format!("\nYour authorize request has nonce = {}", login.parameter("nonce"));
    }
    let Some((header, claims)) = token else {
        text += &format!("\n{}", super::callback::shown(callback));
        return text;
    };
    for name in forgery.evidence {
        let value = if header.get(name).is_some() { &header[*name] } else { &claims[*name] };
        let shown = if value.is_null() { "(missing)".to_owned() } else { value.to_string() };
        text += &format!("\nThe ID token has {name} = {shown}");
    }
    if forgery.evidence.iter().any(|name| matches!(*name, "exp" | "nbf")) {
        text += &format!("\nThe time is             {}", now.unix_timestamp());
    }
    text
}
