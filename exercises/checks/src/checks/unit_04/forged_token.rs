//! How the checks of the ID token work: the provider misbehaves once for one user, and the app must not let the user in.

use mock_idp::{Fault, testing::browser::Request};
use serde_json::Value;
use time::OffsetDateTime;

use crate::{
    checks::unit_04::callback::judge_refusal,
    comparison::Compared,
    stage::Stage,
    verdict::{Failure, Outcome},
    visit::{Login, authorize, begin_login, deliver, describe_error, id_token_of, sign_in, who_is_signed_in},
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
    let answer = deliver(&mut browser, callback.clone()).await;
    let struck = !idp.faults().remove(fault);
    let signed_in = who_is_signed_in(&mut browser).await?;
    let token = id_token_of(stage.world(), &login);
    let sent = sent(&callback, forgery, token.is_some());
    let compared = token.map(|token| compared(stage, &login, forgery, &token, idp.now())).unwrap_or_default();
    match (struck, signed_in) {
        (true, None) => judge_refusal(&answer?, sent),
        (true, Some(_)) => Err(Failure::new(
            sent,
            format!("{} Afterwards the user is signed in: the app accepted this token.", describe_error(&answer)),
            lesson.expected,
            lesson.why,
        )
        .compares(compared)
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

fn sent(callback: &Request, forgery: Forgery, is_issued: bool) -> String {
    let text = format!("A sign-in in which the ID token is wrong: {}.", forgery.flaw);
    if is_issued { text } else { format!("{text}\n{}", super::callback::shown(callback)) }
}

/// What the token says beside what the app should have asked for.
fn compared(stage: &Stage, login: &Login, forgery: Forgery, token: &(Value, Value), now: OffsetDateTime) -> Vec<Compared> {
    let (header, claims) = token;
    let text = |value: &Value| match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let mut values: Vec<Compared> = forgery
        .evidence
        .iter()
        .map(|name| {
            let found = text(if header.get(name).is_some() { &header[*name] } else { &claims[*name] });
            match *name {
                "nonce" => Compared::equal("nonce", found, login.parameter("nonce")),
                "alg" => Compared::equal("alg", found, "RS256"),
                "kid" => {
                    let is_published = forgery.fault != Fault::UnknownKid;
                    Compared::judged("kid", found, "one that the key set holds", is_published)
                }
                "aud" => Compared::equal("aud", found, &*stage.world().registration().app_id),
                "iss" => Compared::equal("iss", found, format!("{}/v2.0", stage.world().authority())),
                "tid" => Compared::equal("tid", found, stage.world().tenant_id()),
                "exp" => Compared::judged("exp", found, format!("after {}, which is now", now.unix_timestamp()), false),
                _ => Compared::judged(*name, found, format!("not after {}, which is now", now.unix_timestamp()), false),
            }
        })
        .collect();
    if forgery.evidence.contains(&"alg") {
        let found = if forgery.fault == Fault::AlgNone { "" } else { "does not fit the key of this kid" };
        values.push(Compared::judged("signature", found, "made with a key of the provider", false));
    }
    values
}
