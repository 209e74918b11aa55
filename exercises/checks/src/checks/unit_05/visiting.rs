//! Visiting `/profile` as a person does: with a trip to the provider where the app asks for one.

use mock_idp::{
    testing::browser::{Accept, Browser, Consent, Page, Request, SignIn, Site},
    trace::{Event, event::Kind},
};
use serde_json::Value;

use crate::{
    redact,
    verdict::{Failure, Problem},
    visit::{describe, has_heading},
    world::{World, people::Person},
};

/// So many trips to the provider belong to no visit that ends.
const MOST_TRIPS: usize = 3;
const MOST_HOPS: usize = 40;

/// A visit of `/profile` that came to an end.
pub(crate) struct Visit {
    /// The page at the end.
    pub(crate) page: Page,
    /// The authorize requests on the way.
    pub(crate) trips: Vec<Request>,
}

/// Opens `/profile`, answers the provider's pages as `user`, and follows all redirects. `circumstances` say, in whole sentences, what
/// was special about this visit.
pub(crate) async fn open_profile(browser: &mut Browser, user: &Person, circumstances: &str) -> Result<Visit, Problem> {
    let mut next = browser.request("/profile", Accept::Html)?;
    let mut trips = Vec::new();
    for _ in 0..MOST_HOPS {
        if browser.site(&next.url) == Some(Site::Provider) {
            trips.push(next.clone());
            if trips.len() > MOST_TRIPS {
                break;
            }
            next = match browser.sign_in(next, &user.username, Consent::Accept).await? {
                SignIn::Returns(request) => request,
                SignIn::Stays(page) => return Err(stays(circumstances, &trips, &page)),
            };
            continue;
        }
        let page = browser.send(next).await?;
        match browser.next(&page)? {
            Some(request) => next = request,
            None => return Ok(Visit { page, trips }),
        }
    }
    Err(Failure::new(
        format!("{circumstances} A signed-in user opened /profile in a browser."),
        format!("{} trips to the identity provider, and no end. The last redirect led to {}", trips.len(), redact::url(&next.url)),
        "a page after one trip at most: the profile, or a page that says why there is none",
        "Who comes back from the provider and is sent there again at once travels in a circle. A new token does not help with every \
         refusal.",
    )
    .into())
}

fn stays(circumstances: &str, trips: &[Request], page: &Page) -> Problem {
    let request = trips.last().map(|request| redact::url(&request.url)).unwrap_or_default();
    Failure::new(
        format!("{circumstances} A user opened /profile. The app redirected the browser to the identity provider:\n{request}"),
        format!(
            "The identity provider did not send the browser back. {} {}",
            describe(page),
            page.texts("body").join(" ").chars().take(300).collect::<String>()
        ),
        "an authorize request that the provider accepts",
        "A request for more than the registration and the directory allow ends at the provider.",
    )
    .into()
}

/// Opens `/profile`, which must show the profile of `user` in the end.
pub(crate) async fn see_profile(browser: &mut Browser, user: &Person, circumstances: &str) -> Result<Visit, Problem> {
    let visit = open_profile(browser, user, circumstances).await?;
    if visit.page.status() == 200 && visit.page.field("id").as_deref() == Some(user.object_id.as_str()) {
        return Ok(visit);
    }
    let shown = match visit.page.field("id") {
        Some(id) => format!(" Its element data-field=\"id\" says {id}."),
        None => " It has no element data-field=\"id\".".to_owned(),
    };
    Err(Failure::new(
        format!("{circumstances} The user {} (object id {}) opened /profile.", user.username, user.object_id),
        format!("{}{shown}{}", describe(&visit.page), words(&visit.page)),
        format!("200 and the profile from Microsoft Graph, with data-field=\"id\" {}", user.object_id),
        "The page shows what Graph knows of the signed-in person, and of nobody else.",
    )
    .into())
}

/// What a page of a refusal says: mostly the app's own words for the cause.
fn words(page: &Page) -> String {
    const MOST_LETTERS: usize = 300;
    let is_refusal = page.status() >= 400 && page.is_html();
    let text = page.texts("main").into_iter().chain(page.texts("body")).next().filter(|_| is_refusal).unwrap_or_default();
    let text: String = text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(MOST_LETTERS).collect();
    if text.is_empty() { text } else { format!(" It says: {text}") }
}

/// `/profile` as JSON, which must answer 200 at once.
pub(crate) async fn profile_json(browser: &mut Browser, circumstances: &str, why: &str) -> Result<Value, Problem> {
    let page = browser.get_json("/profile").await?;
    match (page.status(), page.json()) {
        (200, Some(facts)) => Ok(facts),
        _ => Err(Failure::new(
            format!("{circumstances} A program asked for /profile with Accept: application/json."),
            describe(&page),
            "200 and the profile as JSON, without a sign-in in between",
            why,
        )
        .into()),
    }
}

/// A page that tells a person what happened: no success, no crash, and with a heading.
pub(crate) fn is_friendly_refusal(page: &Page) -> bool {
    page.status() >= 400 && page.status() != 500 && has_heading(page)
}

/// The events of this kind in which this user took part, from `since` on.
pub(crate) fn events_of(world: &World, user: &Person, kind: Kind, since: u64) -> Vec<Event> {
    let is_theirs = |event: &Event| event.kind == kind && event.user_id.as_deref() == Some(user.object_id.as_str());
    world.idp().trace().since(since).into_iter().filter(is_theirs).collect()
}

/// The token requests that used a refresh token, whatever became of them.
pub(crate) fn refreshes(events: &[Event]) -> Vec<&Event> {
    events.iter().filter(|event| event.request.params.get("grant_type").is_some_and(|grant| grant == "refresh_token")).collect()
}
