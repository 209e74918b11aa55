//! U6-18: every page for everybody.

mod rules;

use std::time::Duration;

use mock_idp::testing::browser::{Browser, Page};

use self::rules::{Finding, findings};
use crate::{
    check::{AppUse, Check},
    checks::unit_05::visiting::see_profile,
    comparison::Compared,
    stage::Stage,
    unit::{Profile, Unit},
    verdict::{Failure, Outcome, Problem},
    visit::{describe, follow_own_redirects, sign_in},
    world::{
        insurance::OWNERS_PER_CHECK,
        people::{Casting, Groups, Person},
        role,
    },
};

/// U6-18
pub const ACCESSIBLE: Check = Check {
    id: "U6-18",
    unit: Unit::Summary,
    title: "every page can be used with a screen reader, by keyboard and without JavaScript",
    points: 3,
    gate: None,
    depends_on: &[],
    profile: Profile::Core,
    misconceptions: &[],
    hint: "One layout for all pages, error pages too: lang, title, one h1, headings in order. A label for each field, words in each button and \
           link, alt on images, a submit button in each form.",
    page: "unit-2/health-errors-headers.html#pages",
    app: AppUse::Shared,
    limit: Duration::from_secs(90),
    run: |stage| Box::pin(accessible(stage)),
};

/// So many findings are told.
const MOST_SHOWN: usize = 8;

async fn accessible(stage: &Stage) -> Outcome {
    let mut obstacles = Vec::new();
    let mut anonymous = stage.browser();
    page(&mut anonymous, "a visitor", "/", &mut obstacles).await?;
    refusal(&mut anonymous, "a visitor", "/there-is-no-such-page", &mut obstacles).await?;
    refusal(&mut anonymous, "a visitor", "/getAToken?error=access_denied&state=made-up", &mut obstacles).await?;
    for (who, person, pages, refusals) in visits(stage) {
        let mut browser = stage.browser();
        sign_in(&mut browser, &person).await?;
        for address in pages {
            page(&mut browser, who, &address, &mut obstacles).await?;
        }
        let visit = see_profile(&mut browser, &person, "One user after the other signed in.").await?;
        look(&visit.page, who, "/profile", &mut obstacles);
        for address in refusals {
            refusal(&mut browser, who, address, &mut obstacles).await?;
        }
    }
    report(&obstacles)
}

/// Who looks at what: pages that open, and pages that say no.
fn visits(stage: &Stage) -> Vec<(&'static str, Person, Vec<String>, Vec<&'static str>)> {
    let client = stage.client(0);
    let policies = client.policies.iter().take(1).map(|policy| format!("/policies/{}", policy.id));
    let of_client = ["/", "/me", "/my/policies"].map(str::to_owned).into_iter().chain(policies).collect();
    let pages = |pages: &[&str]| pages.iter().map(|address| (*address).to_owned()).collect();
    vec![
        ("a client", client, of_client, vec!["/admin/roles", "/there-is-no-such-page"]),
        ("a client without policies", stage.client(OWNERS_PER_CHECK), pages(&["/my/policies"]), vec![]),
        ("an analyst", stage.invite(1, Casting::analyst(Groups::Analysts)), pages(&["/me", "/insights"]), vec![]),
        ("an administrator", stage.invite(2, Casting::employee(&[role::ADMINISTRATOR])), pages(&["/me", "/admin/roles"]), vec![]),
        ("an employee without a role", stage.invite(3, Casting::employee(&[])), pages(&["/me"]), vec!["/insights"]),
    ]
}

/// A page that opens.
async fn page(browser: &mut Browser, who: &str, address: &str, obstacles: &mut Vec<Obstacle>) -> Result<(), Problem> {
    let page = browser.open(address).await?;
    if page.status() != 200 || !page.is_html() {
        let why = "A page that is not there helps nobody. The checks of units 2, 4 and 5 say more about it.";
        return Err(Failure::new(format!("{who} opened {address}."), describe(&page), "200 and an HTML page", why).into());
    }
    look(&page, who, address, obstacles);
    Ok(())
}

/// A page that says no. An answer without a page is not judged: the browser shows one of its own then.
async fn refusal(browser: &mut Browser, who: &str, address: &str, obstacles: &mut Vec<Obstacle>) -> Result<(), Problem> {
    let page = follow_own_redirects(browser, address).await?;
    if page.is_html() && !page.body().trim().is_empty() && page.redirect()?.is_none() {
        look(&page, who, address, obstacles);
    }
    Ok(())
}

fn look(page: &Page, who: &str, address: &str, obstacles: &mut Vec<Obstacle>) {
    for finding in findings(page.body()) {
        match obstacles.iter_mut().find(|known| known.finding == finding) {
            Some(known) => known.more += 1,
            None => obstacles.push(Obstacle { finding, first: format!("{address} for {who}"), more: 0 }),
        }
    }
}

/// What is wrong on one page, or the same on many: a layout's mistake is told once.
struct Obstacle {
    finding: Finding,
    first: String,
    more: usize,
}

impl Obstacle {
    fn shown(&self) -> Compared {
        let name = match self.more {
            0 => self.first.clone(),
            more => format!("{}, and {more} more times", self.first),
        };
        Compared::judged(name, &*self.finding.found, self.finding.expected, false)
    }
}

fn report(obstacles: &[Obstacle]) -> Outcome {
    if obstacles.is_empty() {
        return Ok(());
    }
    let mut received = match obstacles.len() {
        1 => "One obstacle was found in the markup.".to_owned(),
        number => format!("{number} different obstacles were found in the markup."),
    };
    if obstacles.len() > MOST_SHOWN {
        received += &format!(" The first {MOST_SHOWN} are shown.");
    }
    Err(Failure::new(
        "A visitor, a client, an analyst, an administrator and an employee without a role opened their pages, and some that refuse.",
        received,
        "pages without these obstacles (WCAG 2.2)",
        "Some of ABC's clients hear pages instead of seeing them, some cannot hold a mouse. What they need costs nothing while a page is \
         written, and in many countries a law asks for it.",
    )
    .compares(obstacles.iter().take(MOST_SHOWN).map(Obstacle::shown))
    .into())
}
