//! U6-08: Monday morning.

use std::{sync::Arc, time::Duration};

use mock_idp::{
    Fault,
    testing::browser::{Browser, Page},
};
use serde_json::Value;
use tokio::task::JoinSet;

use crate::{
    check::{AppUse, Check},
    checks::unit_05::visiting::{is_friendly_refusal, open_profile},
    stage::Stage,
    stopwatch::Stopwatch,
    unit::{Profile, Unit},
    verdict::{Failure, Outcome, Problem},
    visit::{describe, sign_in},
    world::{
        people::{Casting, Groups, Person},
        role,
    },
};

/// U6-08
pub const PEAK: Check = Check {
    id: "U6-08",
    unit: Unit::Summary,
    title: "fifty people sign in at once while Graph is busy, and each sees only what is theirs",
    points: 5,
    gate: None,
    depends_on: &[],
    profile: Profile::Core,
    misconceptions: &["M27", "M35"],
    hint: "Whatever is kept or shared to save work needs the person in its key. Repeat a throttled call a few times at most, within a time \
           limit for the whole page, and then say that Graph is busy.",
    page: "unit-6/index.html#drill",
    // An app of its own: other checks would wait in the same queue.
    app: AppUse::Fresh,
    limit: Duration::from_secs(300),
    run: |stage| Box::pin(peak(stage)),
};

const PEOPLE: usize = 50;
/// How long one answer may take. A person would not wait so long; a small machine with fifty visitors may need it.
const PATIENCE: Duration = Duration::from_secs(30);
const PAUSE: Duration = Duration::from_millis(250);

const CIRCUMSTANCES: &str = "Fifty people signed in at the same moment, while Graph answered some of them with 429 and Retry-After.";

/// One of the fifty, with a browser of their own.
#[derive(Debug)]
struct Visitor {
    person: Person,
    browser: Browser,
}

async fn peak(stage: &Stage) -> Outcome {
    let app = stage.start(&stage.environment()).await?;
    let people: Vec<Person> = (0..PEOPLE).map(|number| stage.invite(number, casting(number))).collect();
    let everybody: Arc<[String]> = people.iter().map(|person| person.object_id.clone()).collect();
    let idp = stage.world().idp();
    let faults = people.iter().enumerate().filter_map(|(number, person)| {
        let fault = match number % 10 {
            1 | 4 | 7 => Fault::GraphThrottled.once(),
            9 => Fault::GraphThrottled.always(),
            _ => return None,
        };
        Some(idp.inject(fault.for_user(&person.username)))
    });
    let faults: Vec<_> = faults.collect();
    let mut guardian = stage.browser_for(&app).with_patience(PATIENCE);

    let mut arriving = JoinSet::new();
    for person in people {
        let visitor = Visitor { person, browser: stage.browser_for(&app).with_patience(PATIENCE) };
        arriving.spawn(arrives(visitor, Arc::clone(&everybody)));
    }
    let visitors = all(arriving, &mut guardian).await?;
    // Now all are in, and all want the same page, for which the app needs Graph.
    let mut curious = JoinSet::new();
    for visitor in visitors {
        curious.spawn(opens_profile(visitor, Arc::clone(&everybody)));
    }
    let visitors = all(curious, &mut guardian).await?;
    for fault in faults {
        idp.faults().remove(fault);
    }
    let mut calm = JoinSet::new();
    for visitor in visitors {
        calm.spawn(sees_profile_in_the_end(visitor, Arc::clone(&everybody)));
    }
    all(calm, &mut guardian).await.map(|_| ())
}

/// Everybody of the role matrix. Those with the first numbers own policies.
fn casting(number: usize) -> Casting<'static> {
    match number {
        0 => Casting::client(),
        1 => Casting { namesake_of: Some(0), ..Casting::client() },
        2 => Casting::employee(&[role::CLIENT, role::ADJUSTER]),
        3 => Casting::employee(&[]),
        4 => Casting::employee(&[role::ADJUSTER]),
        5..=8 => Casting::client(),
        9 => Casting::analyst(Groups::AnalystsAndManyMore),
        _ => match number % 6 {
            0 => Casting::employee(&[role::ADJUSTER]),
            1 => Casting::analyst(Groups::Analysts),
            2 => Casting::employee(&[role::ADMINISTRATOR]),
            3 => Casting::employee(&[]),
            4 => Casting::employee(&role::UNKNOWN),
            _ => Casting::client(),
        },
    }
}

/// Waits for all of them. After each one, whoever watches over the app looks whether it is up.
async fn all(mut visits: JoinSet<Result<Visitor, Problem>>, guardian: &mut Browser) -> Result<Vec<Visitor>, Problem> {
    let mut visitors = Vec::new();
    while let Some(visit) = visits.join_next().await {
        visitors.push(visit.map_err(|error| Problem::Broken(error.to_string()))?.map_err(in_the_peak)?);
        let health = guardian.get("/healthz").await.map_err(|error| in_the_peak(error.into()))?;
        if health.status() != 200 {
            let why = "Whoever watches over the app asks there, and restarts an app that does not answer: in the middle of the peak.";
            return Err(Failure::new(format!("{CIRCUMSTANCES} Meanwhile GET /healthz"), describe(&health), "200", why).into());
        }
    }
    Ok(visitors)
}

/// Tells about a failure of one visitor what was going on around it.
fn in_the_peak(problem: Problem) -> Problem {
    match problem {
        Problem::Failed(mut failure) if !failure.sent.starts_with(CIRCUMSTANCES) => {
            failure.sent = format!("{CIRCUMSTANCES} {}", failure.sent);
            Problem::Failed(failure)
        }
        other => other,
    }
}

async fn arrives(mut visitor: Visitor, everybody: Arc<[String]>) -> Result<Visitor, Problem> {
    let Visitor { person, browser } = &mut visitor;
    sign_in(browser, person).await?;
    let me = browser.get("/me").await?;
    if me.status() != 200 || me.field("oid").as_deref() != Some(person.object_id.as_str()) {
        let shown = me.field("oid").unwrap_or_else(|| "missing".to_owned());
        return Err(wrong_page(person, "/me", &me, &format!("The oid on it is {shown}."), "200 and the own account"));
    }
    names_nobody_else(person, "/me", &me, &everybody)?;
    let has = |wanted: &str| person.roles.iter().any(|held| held == wanted);
    for (address, is_allowed) in
        [("/my/policies", has(role::CLIENT)), ("/insights", has(role::ANALYST)), ("/admin/roles", has(role::ADMINISTRATOR))]
    {
        let page = browser.get_json(address).await?;
        let expected = if is_allowed { 200 } else { 403 };
        if page.status() != expected {
            return Err(wrong_page(person, address, &page, "", &expected.to_string()));
        }
        if is_allowed && address == "/my/policies" {
            lists_own(person, &page)?;
        }
    }
    Ok(visitor)
}

fn lists_own(person: &Person, page: &Page) -> Outcome {
    let json = page.json().unwrap_or_default();
    let mut listed: Vec<&str> =
        json["policies"].as_array().into_iter().flatten().filter_map(|policy: &Value| policy["id"].as_str()).collect();
    let mut own: Vec<&str> = person.policies.iter().map(|policy| policy.id.as_str()).collect();
    listed.sort_unstable();
    own.sort_unstable();
    if listed == own {
        return Ok(());
    }
    let received = format!("It lists [{}].", listed.join(", "));
    Err(wrong_page(person, "/my/policies", page, &received, &format!("exactly [{}]", own.join(", "))))
}

async fn opens_profile(mut visitor: Visitor, everybody: Arc<[String]>) -> Result<Visitor, Problem> {
    let page = open_profile(&mut visitor.browser, &visitor.person, "Graph was busy.").await?.page;
    judge_profile(&visitor.person, &page, &everybody)?;
    Ok(visitor)
}

/// Graph is well again. An app may still wait for the end of the last Retry-After.
async fn sees_profile_in_the_end(mut visitor: Visitor, everybody: Arc<[String]>) -> Result<Visitor, Problem> {
    let stopwatch = Stopwatch::start();
    loop {
        let page = open_profile(&mut visitor.browser, &visitor.person, "The peak was over and Graph answered again.").await?.page;
        judge_profile(&visitor.person, &page, &everybody)?;
        if page.status() == 200 {
            return Ok(visitor);
        }
        if stopwatch.elapsed() > PATIENCE {
            let received = format!("{} So it was for {} seconds.", describe(&page), PATIENCE.as_secs());
            let sent = format!("The peak was over and Graph answered again. {} opened /profile.", visitor.person.username);
            let why = "The wait that Graph asked for was one second. Who waits for longer than that turns a busy moment into an outage.";
            return Err(Failure::new(sent, received, "the profile", why).shows(Some("M35")).into());
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// The own profile, or a page that says that Graph is busy. An app that leaves Graph alone for everybody as long as it asked one to wait
/// is right as well.
fn judge_profile(person: &Person, page: &Page, everybody: &[String]) -> Outcome {
    names_nobody_else(person, "/profile", page, everybody)?;
    let is_own = page.status() == 200 && page.field("id").as_deref() == Some(person.object_id.as_str());
    if is_own || is_friendly_refusal(page) {
        return Ok(());
    }
    let received = format!("{} The id on it is {}.", describe(page), page.field("id").unwrap_or_else(|| "missing".to_owned()));
    Err(Failure::new(
        format!("{} opened /profile at the same moment as all others.", person.username),
        received,
        format!(
            "the profile with the id {}, or a page with a heading that says that Graph is busy (503 or 429, not 500)",
            person.object_id
        ),
        "A peak is the normal case of every Monday. Graph refuses some calls then; the person whom it hits must be told so.",
    )
    .shows(Some("M35"))
    .into())
}

fn names_nobody_else(person: &Person, address: &str, page: &Page, everybody: &[String]) -> Outcome {
    let mut others = everybody.iter().filter(|id| **id != person.object_id);
    match others.find(|id| page.body().contains(id.as_str())) {
        None => Ok(()),
        Some(other) => Err(wrong_page(
            person,
            address,
            page,
            &format!("It names the object id {other}, which is somebody else's."),
            "the own data only",
        )),
    }
}

fn wrong_page(person: &Person, address: &str, page: &Page, received: &str, expected: &str) -> Problem {
    let roles = if person.roles.is_empty() { "no role".to_owned() } else { person.roles.join(", ") };
    Failure::new(
        format!("{} ({roles}, oid {}) opened {address}.", person.username, person.object_id),
        format!("{} {received}", describe(page)),
        expected,
        "What is kept or shared to save work in a peak belongs to one person, or to nobody. Alone, every test passes; the mix-up comes with \
         the crowd.",
    )
    .shows(Some("M27"))
    .attack("Nobody attacks: on a busy morning people simply read what belongs to others.")
    .into()
}
