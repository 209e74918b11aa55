//! U4-26: what the browser holds of a session can neither be guessed nor made.

use mock_idp::testing::browser::{Browser, Site};

use super::{forged_cookie, random_bits::random_bits, session::session_cookies};
use crate::{
    check::{AppUse, Check, Gate, USUAL_LIMIT},
    stage::Stage,
    unit::{Profile, Unit},
    verdict::{Failure, Outcome, Problem},
    visit::sign_in,
    world::{people::Casting, role},
};

/// U4-26
pub const NOT_MADE_UP: Check = Check {
    id: "U4-26",
    unit: Unit::SignIn,
    title: "nobody can guess or make the cookie of a session",
    points: 4,
    gate: Some(Gate::Security),
    depends_on: &["U4-06"],
    profile: Profile::Core,
    misconceptions: &["M25"],
    hint: "The cookie holds a long random id and nothing else, or facts that the server has signed or encrypted with SESSION_KEY.",
    page: "unit-4/session-and-logout.html#session",
    app: AppUse::Shared,
    limit: USUAL_LIMIT,
    run: |stage| Box::pin(not_made_up(stage)),
};

/// So many people sign in to see what is left to chance.
const PEOPLE: usize = 4;

/// What an id of a session must hold at least (OWASP Session Management Cheat Sheet, "Session ID Entropy").
const LEAST_BITS: f64 = 64.0;

async fn not_made_up(stage: &Stage) -> Outcome {
    cannot_be_guessed(stage).await?;
    cannot_be_made(stage).await
}

async fn cannot_be_guessed(stage: &Stage) -> Outcome {
    let mut values: Vec<String> = Vec::new();
    for number in 0..PEOPLE {
        let mut browser = stage.browser();
        sign_in(&mut browser, &stage.client(number)).await?;
        // All cookies of a session together: one of them may be a counter, if another one is random.
        let mut cookies = session_cookies(&mut browser).await?;
        if cookies.is_empty() {
            // Each of two cookies alone is enough for a session.
            cookies.extend(browser.cookies().of(Site::App).cloned());
        }
        cookies.sort_by(|left, right| left.name.cmp(&right.name));
        values.push(cookies.into_iter().map(|cookie| cookie.value).collect());
    }
    let bits = random_bits(&values);
    if bits >= LEAST_BITS {
        return Ok(());
    }
    let shown: Vec<String> = values.iter().map(|value| value.chars().take(24).collect()).collect();
    Err(made_up(
        format!("{PEOPLE} people signed in, one after the other. The cookies of their sessions are {}.", shown.join(", ")),
        format!("What differs between them holds about {bits:.0} bits: the next one can be found by trying."),
    ))
}

/// A client writes an administrator's facts in the place of his own.
async fn cannot_be_made(stage: &Stage) -> Outcome {
    let (client, administrator) = (stage.client(0), stage.invite(PEOPLE, Casting::employee(&[role::ADMINISTRATOR])));
    // She is at work: a session of hers exists on the server.
    sign_in(&mut stage.browser(), &administrator).await?;
    let mut browser = stage.browser();
    sign_in(&mut browser, &client).await?;
    let facts = [
        (&client.object_id, &administrator.object_id),
        (&client.username, &administrator.username),
        (&client.mail, &administrator.mail),
        (&client.display_name, &administrator.display_name),
    ];
    let mut swaps: Vec<(&str, &str)> = facts.iter().map(|(own, other)| (own.as_str(), other.as_str())).collect();
    swaps.push((role::CLIENT, role::ADMINISTRATOR));
    for writing in forged_cookie::WRITINGS {
        let mut forger = browser.clone();
        let cookies: Vec<_> = browser.cookies().of(Site::App).cloned().collect();
        let mut changed = Vec::new();
        for cookie in cookies {
            if let Some(value) = writing.forge(&cookie.value, &swaps) {
                forger.cookies_mut().overwrite(Site::App, &cookie.name, &value);
                changed.push(cookie.name);
            }
        }
        if changed.is_empty() {
            continue;
        }
        if let Some(gain) = gain(&mut forger, &administrator.object_id).await? {
            let sent = format!(
                "{} signed in. Then a program put the facts of {} into the cookie {}, in place of his own ({}).",
                client.username,
                administrator.username,
                changed.join(", "),
                writing.words()
            );
            return Err(made_up(sent, gain));
        }
    }
    Ok(())
}

/// What the forger sees that is not his. An app that breaks off gives nothing away.
async fn gain(forger: &mut Browser, other: &str) -> Result<Option<String>, Problem> {
    let me = forger.get_json("/me").await?;
    if me.status() == 200 && me.json().is_some_and(|me| me["oid"] == other) {
        return Ok(Some(format!("/me answers 200 with the oid {other}: the browser is signed in as the other person.")));
    }
    let roles = forger.get_json("/admin/roles").await?;
    Ok((roles.status() == 200).then(|| "/admin/roles answers 200, which needs the role Policy.Admin.".to_owned()))
}

fn made_up(sent: String, received: String) -> Problem {
    Failure::new(
        sent,
        received,
        "a cookie that only the server can make: at least 64 bits of chance, or facts with a signature that the server verifies",
        "Whoever shows the cookie is the person. HttpOnly keeps scripts away from it; it does not keep anybody from sending another one.",
    )
    .attack("The attacker needs no password: a loop over all numbers, or a cookie with another person's id, opens that person's session.")
    .into()
}
