//! U4-21: every kind of person on every page.

use std::time::Duration;

use mock_idp::testing::browser::{Browser, Page};
use serde_json::Value;

use crate::{
    check::{AppUse, Check},
    comparison::Compared,
    stage::Stage,
    unit::{Profile, Unit},
    verdict::{Failure, Outcome, Problem},
    visit::sign_in,
    world::{
        insurance::{OWNERS_PER_CHECK, Policy},
        people::{Casting, Groups, Person},
        role,
    },
};

/// U4-21
pub const ROLE_MATRIX: Check = Check {
    id: "U4-21",
    unit: Unit::SignIn,
    title: "everybody sees the pages of their roles and no others",
    points: 8,
    gate: None,
    depends_on: &["U4-06"],
    profile: Profile::Core,
    misconceptions: &["M01", "M02", "M08", "M38"],
    hint: "Each handler asks: is somebody signed in (else 302 to /login, or 401 for JSON)? Does one of the roles allow this page (else 403)? \
           Compare whole role values, and all of the list.",
    page: "unit-4/roles-and-ownership.html#roles",
    app: AppUse::Shared,
    limit: Duration::from_secs(60),
    run: |stage| Box::pin(role_matrix(stage)),
};

/// So many wrong answers are told.
pub(crate) const MOST_SHOWN: usize = 8;

/// What a page should answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answer {
    Allow,
    Deny,
    Login,
}

/// Everybody whose roles differ, with words for who it is.
pub(crate) fn people(stage: &Stage) -> [(&'static str, Person); 9] {
    let employee = Casting::employee;
    [
        ("a client", stage.client(0)),
        ("a client with the same display name", stage.invite(1, Casting { namesake_of: Some(0), ..Casting::client() })),
        ("an adjuster", stage.invite(2, employee(&[role::ADJUSTER]))),
        ("an analyst, by a group", stage.invite(3, Casting::analyst(Groups::Analysts))),
        ("an analyst in 250 groups", stage.invite(4, Casting::analyst(Groups::AnalystsAndManyMore))),
        ("an employee who is also a client", stage.invite(5, employee(&[role::CLIENT, role::ADJUSTER]))),
        ("an administrator of policies", stage.invite(6, employee(&[role::ADMINISTRATOR]))),
        ("an employee without a role", stage.invite(7, employee(&[]))),
        ("an employee with roles that this app does not know", stage.invite(OWNERS_PER_CHECK - 1, employee(&role::UNKNOWN))),
    ]
}

async fn role_matrix(stage: &Stage) -> Outcome {
    let people = people(stage);
    let mut wrong = Vec::new();
    for (address, _) in pages_for(stage, &people[0].1) {
        look(&mut stage.browser(), "anonymous", &address, Answer::Login, &mut wrong).await?;
    }
    for (who, person) in &people {
        let mut browser = stage.browser();
        sign_in(&mut browser, person).await?;
        let who = format!("{who} [{}]", person.roles.join(", "));
        for (address, answer) in pages_for(stage, person) {
            look(&mut browser, &who, &address, answer, &mut wrong).await?;
        }
        if person.roles.iter().any(|held| held == role::ANALYST) {
            insights_are_aggregates(stage, &mut browser, &who, &mut wrong).await?;
        }
        if person.roles.iter().any(|held| held == role::ADMINISTRATOR) {
            roles_are_listed(&mut browser, &who, &mut wrong).await?;
        }
    }
    roles_are_those_of_this_sign_in(stage, &mut wrong).await?;
    report(&wrong, misconception(&wrong))
}

/// A person changes the job: the next sign-in has the new role and no longer the old one.
async fn roles_are_those_of_this_sign_in(stage: &Stage, wrong: &mut Vec<Compared>) -> Result<(), Problem> {
    let invite = |role: &str| stage.invite(OWNERS_PER_CHECK, Casting::employee(&[role]));
    sign_in(&mut stage.browser(), &invite(role::ADMINISTRATOR)).await?;
    let now = invite(role::ADJUSTER);
    let mut browser = stage.browser();
    sign_in(&mut browser, &now).await?;
    let who = format!("somebody who was {} at the sign-in before [{}]", role::ADMINISTRATOR, now.roles.join(", "));
    for (address, answer) in pages_for(stage, &now) {
        look(&mut browser, &who, &address, answer, wrong).await?;
    }
    Ok(())
}

/// What the first answer that tells it shows about the app: whom it believes to be allowed, and how it says no.
fn misconception(wrong: &[Compared]) -> Option<&'static str> {
    wrong.iter().find_map(|answer| {
        let (who, _) = answer.name.split_once(": ").unwrap_or_default();
        let (allowed, denied) = (answer.found == "200", answer.expected == "403");
        match who {
            "anonymous" => Some("M02"),
            _ if denied && !allowed => Some("M02"),
            _ if denied && who.contains("does not know") => Some("M38"),
            _ if who.contains("at the sign-in before") => Some("M08"),
            _ if denied => Some("M01"),
            _ if answer.found == "403" && who.contains("also a client") => Some("M38"),
            _ if answer.found == "403" && who.contains("analyst") => Some("M08"),
            _ => None,
        }
    })
}

/// The pages, with what this person should be answered.
fn pages_for(stage: &Stage, person: &Person) -> Vec<(String, Answer)> {
    let has = |wanted: &str| person.roles.iter().any(|held| held == wanted);
    let if_any = |allowed: bool| if allowed { Answer::Allow } else { Answer::Deny };
    let mut pages = vec![
        ("/me".to_owned(), Answer::Allow),
        ("/my/policies".to_owned(), if_any(has(role::CLIENT))),
        ("/insights".to_owned(), if_any(has(role::ANALYST))),
        ("/admin/roles".to_owned(), if_any(has(role::ADMINISTRATOR))),
    ];
    let is_own = |policy: &Policy| person.owns(policy);
    let in_region = |policy: &Policy| person.regions.contains(&policy.region);
    let may_see = |policy: &Policy| (has(role::CLIENT) && is_own(policy)) || (has(role::ADJUSTER) && in_region(policy));
    let all = &stage.world().insurance().policies;
    // One policy of each kind: own or not, in a region of this person's or not. Where only the owner stands between a client and a
    // policy, U4-22 looks.
    for (own, region) in [(true, true), (true, false), (false, true), (false, false)] {
        let of_kind = |policy: &&Policy| is_own(policy) == own && in_region(policy) == region;
        if let Some(policy) = all.iter().find(of_kind).filter(|policy| own || may_see(policy) || !has(role::CLIENT)) {
            pages.push((format!("/policies/{}", policy.id), if_any(may_see(policy))));
        }
    }
    pages
}

/// Asks for a page as a program and as a person.
pub(crate) async fn look(
    browser: &mut Browser,
    who: &str,
    address: &str,
    expected: Answer,
    wrong: &mut Vec<Compared>,
) -> Result<(), Problem> {
    let json = browser.get_json(address).await?;
    let html = browser.get(address).await?;
    let is_policy = address.starts_with("/policies/");
    // Whoever hides that a policy exists answers 404.
    let is_denial = |status: u16| status == 403 || (is_policy && status == 404);
    let (json_is_right, html_is_right, words) = match expected {
        Answer::Allow => (json.status() == 200 && json.json().is_some(), html.status() == 200, "200"),
        Answer::Deny => (is_denial(json.status()), is_denial(html.status()), "403"),
        Answer::Login => (json.status() == 401, leads_to_login(browser, &html), "a redirect to /login (401 for JSON)"),
    };
    for (form, page, is_right) in [("JSON", &json, json_is_right), ("HTML", &html, html_is_right)] {
        if !is_right {
            let name = format!("{who}: {address} ({form})");
            wrong.push(Compared::judged(name, page.status().to_string(), words, false));
        }
    }
    Ok(())
}

/// Whether an answer is a redirect to `/login` of the app.
pub(crate) fn leads_to_login(browser: &Browser, page: &Page) -> bool {
    let Ok(Some(next)) = page.redirect() else { return false };
    matches!(page.status(), 302 | 303 | 307)
        && next.url.origin().ascii_serialization() == browser.app_origin()
        && next.url.path() == "/login"
}

async fn insights_are_aggregates(stage: &Stage, browser: &mut Browser, who: &str, wrong: &mut Vec<Compared>) -> Result<(), Problem> {
    let insurance = stage.world().insurance();
    let page = browser.get_json("/insights").await?;
    let Some(json) = page.json() else { return Ok(()) };
    let count = u64::try_from(insurance.policies.len()).unwrap_or(u64::MAX);
    if json["policy_count"].as_u64() != Some(count) {
        let name = format!("{who}: policy_count of /insights");
        wrong.push(Compared::judged(name, json["policy_count"].to_string(), count.to_string(), false));
    }
    let average = json["average_premium"].as_f64();
    if average.is_none_or(|average| (average - insurance.average_premium()).abs() > 0.01) {
        let name = format!("{who}: average_premium of /insights");
        wrong.push(Compared::judged(name, json["average_premium"].to_string(), format!("{:.2}", insurance.average_premium()), false));
    }
    let html = browser.get("/insights").await?;
    for (form, body) in [("JSON", page.body()), ("HTML", html.body())] {
        let leaks = |policy: &&Policy| body.contains(&policy.id) || body.contains(&policy.owner_object_id);
        if let Some(policy) = insurance.policies.iter().find(leaks) {
            let found = format!("names the policy {} or its owner", policy.id);
            wrong.push(Compared::judged(format!("{who}: /insights ({form})"), found, "figures only", false));
        }
    }
    Ok(())
}

async fn roles_are_listed(browser: &mut Browser, who: &str, wrong: &mut Vec<Compared>) -> Result<(), Problem> {
    let page = browser.get_json("/admin/roles").await?;
    let Some(json) = page.json() else { return Ok(()) };
    let mut listed: Vec<&str> = json["roles"].as_array().into_iter().flatten().filter_map(|role: &Value| role["value"].as_str()).collect();
    listed.sort_unstable();
    let mut expected = role::ALL;
    expected.sort_unstable();
    if listed != expected {
        wrong.push(Compared::judged(format!("{who}: /admin/roles"), listed.join(", "), expected.join(", "), false));
    }
    Ok(())
}

fn report(wrong: &[Compared], misconception: Option<&'static str>) -> Outcome {
    if wrong.is_empty() {
        return Ok(());
    }
    let mut received = match wrong.len() {
        1 => "One answer is not that of the matrix.".to_owned(),
        number => format!("{number} answers are not those of the matrix."),
    };
    if wrong.len() > MOST_SHOWN {
        received += &format!(" The first {MOST_SHOWN} are shown.");
    }
    Err(Failure::new(
        "Nine people with different roles, and a visitor who is not signed in, opened every page, as JSON and as HTML.",
        received,
        "the role matrix of the exercise: 200 with the right, 403 without it, and the way to /login for a visitor",
        "401 and 302 say \"I do not know who you are\"; 403 says \"I know, and you may not\". A new sign-in does not help against 403, so it \
         must not be offered.",
    )
    .compares(wrong.iter().take(MOST_SHOWN).cloned())
    .shows(misconception)
    .attack("People read what their role does not allow, or are sent in circles between the page and the sign-in.")
    .into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_telling_answer_says_what_the_app_believes() {
        let answer = |who: &str, found: &str, expected: &str| Compared::judged(format!("{who}: /insights (HTML)"), found, expected, false);
        for (who, found, expected, shown) in [
            ("anonymous", "403", "a redirect to /login (401 for JSON)", Some("M02")),
            ("a client [Client]", "302", "403", Some("M02")),
            ("an employee without a role []", "200", "403", Some("M01")),
            ("an employee with roles that this app does not know [Insights]", "200", "403", Some("M38")),
            ("an employee who is also a client [Client, Claims.Adjuster]", "403", "200", Some("M38")),
            ("an analyst, by a group [Insights.Analyst]", "403", "200", Some("M08")),
            ("somebody who was Policy.Admin at the sign-in before [Claims.Adjuster]", "200", "403", Some("M08")),
            ("a client [Client]", "500", "200", None),
        ] {
            assert_eq!(misconception(&[answer(who, found, expected)]), shown, "{who}");
        }
    }
}
