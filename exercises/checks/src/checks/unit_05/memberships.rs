//! U5-17 and U5-18: lists in pages, and people with very many groups.

use std::{collections::BTreeSet, time::Duration};

use mock_idp::{Fault, directory::group::Group, random::derived_guid};
use serde_json::Map;

use super::{
    graph_stand_in::GraphStandIn,
    profile::member_of,
    throttling::PATIENCE,
    visiting::{profile_json, see_profile},
};
use crate::{
    check::{AppUse, Check, USUAL_LIMIT},
    stage::Stage,
    unit::{Profile, Unit},
    verdict::{Failure, Outcome},
    visit::{describe, sign_in},
    world::{
        World,
        people::{Casting, Groups, Person},
        role,
    },
};

/// The ids of the groups of this person, as the directory has them.
pub(super) fn groups_of(world: &World, user: &Person) -> BTreeSet<String> {
    world.idp().edit_directory(world.tenant_id(), |directory| directory.groups_of(&user.object_id).map(|group| group.id.clone()).collect())
}

/// U5-17
pub const PAGES: Check = Check {
    id: "U5-17",
    unit: Unit::CallGraph,
    title: "all pages of memberOf are read, up to a limit",
    points: 4,
    gate: None,
    depends_on: &["U5-01", "U5-02"],
    profile: Profile::Core,
    misconceptions: &["M36"],
    hint: "As long as an answer has `@odata.nextLink`, call that address as it is, if scheme, host and port are those of ENDPOINT. Stop after some \
           number of pages all the same.",
    page: "unit-5/calling-graph.html#paging",
    app: AppUse::Fresh,
    limit: Duration::from_secs(60),
    run: |stage| Box::pin(pages(stage)),
};

const GROUPS: usize = 7;
/// So many calls for one list are no limit any more.
const MOST_PAGES: usize = 150;

async fn pages(stage: &Stage) -> Outcome {
    let (world, user) = (stage.world(), stage.invite(0, Casting::employee(&[role::ADJUSTER])));
    world.idp().edit_directory(world.tenant_id(), |directory| {
        let id = |number: usize| derived_guid(&["U5-17", &user.object_id, &number.to_string()]);
        directory.groups.retain(|group| (0..GROUPS).all(|number| group.id != id(number)));
        directory.groups.extend((0..GROUPS).map(|number| Group {
            id: id(number),
            display_name: format!("Team {number}"),
            members: vec![user.object_id.clone()],
            other_properties: Map::new(),
        }));
    });
    world.idp().inject(Fault::GraphNextPage.always().for_user(&user.username));
    let app = stage.start(&stage.environment()).await?;
    let mut browser = stage.browser_for(&app);
    sign_in(&mut browser, &user).await?;
    let sent =
        format!("The user is a member of {GROUPS} groups. Graph answered with pages of two, each with @odata.nextLink but the last.");
    see_profile(&mut browser, &user, &sent).await?;
    let shown = member_of(&profile_json(&mut browser, &sent, "The list is a part of the profile.").await?);
    if shown != groups_of(world, &user) {
        return Err(Failure::new(
            sent,
            format!("memberOf has {} of the {GROUPS} ids", shown.intersection(&groups_of(world, &user)).count()),
            format!("all {GROUPS} ids"),
            "Graph never promises a whole list in one answer. Who reads only the first page decides on half of the facts.",
        )
        .into());
    }
    drop(app);
    endless(stage).await?;
    for way in [Way::NextLink, Way::Redirect] {
        nothing_for_strangers(stage, way).await?;
    }
    Ok(())
}

/// How an answer of Graph can name another host.
#[derive(Debug, Clone, Copy)]
enum Way {
    NextLink,
    Redirect,
}

/// A link in an answer must not carry the token to another host. What the page shows then is left to the app.
async fn nothing_for_strangers(stage: &Stage, way: Way) -> Outcome {
    let (graph, stranger) = (GraphStandIn::start(stage.world()).await, wiremock::MockServer::start().await);
    let user = stage.invite(2, Casting::employee(&[]));
    graph.publish_profile(&user, &user.display_name).await;
    // By another name of this machine: another host.
    let elsewhere = format!("{}/v1.0/me/memberOf", stranger.uri());
    let what = match way {
        Way::NextLink => {
            graph.publish_memberships_that_go_on_at(&elsewhere).await;
            "memberOf named a next page at another host"
        }
        Way::Redirect => {
            graph.redirect_memberships_to(&elsewhere).await;
            "memberOf answered with a redirect to another host"
        }
    };
    let app = stage.start(&stage.environment().with_endpoint(graph.endpoint())).await?;
    let mut browser = stage.browser_for(&app).with_patience(PATIENCE);
    sign_in(&mut browser, &user).await?;
    browser.get("/profile").await?;
    let arrived = stranger.received_requests().await.unwrap_or_default();
    if !arrived.iter().any(|request| request.headers.contains_key("authorization")) {
        return Ok(());
    }
    Err(Failure::new(
        format!("{what}, {}. The user opened /profile.", stranger.uri()),
        "The other host was called with the header Authorization.",
        "no token for anybody but Graph: compare scheme, host and port with those of ENDPOINT, and follow no redirect",
        "The token goes along with every call. An address in an answer is a text from outside, as any other.",
    )
    .attack("The user's access token, and with it the user's data at Microsoft Graph.")
    .into())
}

async fn endless(stage: &Stage) -> Outcome {
    let graph = GraphStandIn::start(stage.world()).await;
    let app = stage.start(&stage.environment().with_endpoint(graph.endpoint())).await?;
    let user = stage.invite(1, Casting::employee(&[]));
    graph.publish_profile(&user, &user.display_name).await;
    graph.publish_endless_memberships().await;
    let mut browser = stage.browser_for(&app).with_patience(PATIENCE);
    sign_in(&mut browser, &user).await?;
    let page = browser.get("/profile").await;
    let calls = graph.requests().await.len();
    if page.as_ref().is_ok_and(|page| page.status() == 200) && (2..=MOST_PAGES).contains(&calls) {
        return Ok(());
    }
    Err(Failure::new(
        "Each page of memberOf named a next one, without end. The user opened /profile.",
        format!("{} It cost {calls} calls.", crate::visit::describe_error(&page)),
        format!("200 and the ids so far, after at most {MOST_PAGES} calls"),
        "An answer of another service never decides how long your app works. Take what is enough for the page, and stop.",
    )
    .into())
}

/// U5-18
pub const OVERAGE: Check = Check {
    id: "U5-18",
    unit: Unit::CallGraph,
    title: "an analyst with hundreds of groups keeps the role and has a profile",
    points: 3,
    gate: None,
    depends_on: &["U5-01"],
    profile: Profile::Core,
    misconceptions: &["M39"],
    hint: "With more than 200 groups the ID token has no `groups` but a pointer to Graph. Roles are in the token all the same: decide by them.",
    page: "unit-5/calling-graph.html#overage",
    app: AppUse::Shared,
    limit: USUAL_LIMIT,
    run: |stage| Box::pin(overage(stage)),
};

async fn overage(stage: &Stage) -> Outcome {
    let user = stage.invite(0, Casting::analyst(Groups::AnalystsAndManyMore));
    let mut browser = stage.browser();
    sign_in(&mut browser, &user).await?;
    let insights = browser.get_json("/insights").await?;
    let sent = "An analyst with 250 groups signed in. The ID token has _claim_names in the place of groups, and the role Insights.Analyst.";
    if insights.status() != 200 {
        let why = "Too many groups for a token are not no groups. The role was assigned to a group and stands in `roles` by itself.";
        return Err(Failure::new(format!("{sent} GET /insights"), describe(&insights), "200: the role allows it", why).into());
    }
    see_profile(&mut browser, &user, sent).await?;
    let shown = member_of(&profile_json(&mut browser, sent, "A long list is a list.").await?);
    if !shown.is_empty() && shown.is_subset(&groups_of(stage.world(), &user)) {
        return Ok(());
    }
    let why = "For a person with many groups, Graph is the place where they can be read.";
    Err(Failure::new(sent, format!("memberOf has {} ids", shown.len()), "ids of this user's groups, as many pages as the app reads", why)
        .into())
}
