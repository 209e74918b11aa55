//! U4-22 to U4-24: whose data it is.

use mock_idp::testing::browser::Browser;
use serde_json::Value;

use crate::{
    check::{AppUse, Check, Gate, USUAL_LIMIT},
    stage::Stage,
    unit::{Profile, Unit},
    verdict::{Failure, Outcome, Problem},
    visit::{describe, sign_in, who_is_signed_in},
    world::{
        insurance::OWNERS_PER_CHECK,
        people::{Casting, Person},
        role,
    },
};

/// U4-22
pub const OWN_POLICIES: Check = Check {
    id: "U4-22",
    unit: Unit::SignIn,
    title: "a client sees her own policies and nobody else's",
    points: 6,
    gate: Some(Gate::Security),
    depends_on: &["U4-06"],
    profile: Profile::Core,
    misconceptions: &["M37"],
    hint: "The role says that somebody is a client; it does not say whose policy it is. Compare tenantId and ownerObjectId with tid and oid of \
           the session, for every single policy.",
    page: "unit-4/roles-and-ownership.html#ownership",
    app: AppUse::Shared,
    limit: USUAL_LIMIT,
    run: |stage| Box::pin(own_policies(stage)),
};

async fn own_policies(stage: &Stage) -> Outcome {
    let first = stage.client(0);
    let second = stage.invite(1, Casting { namesake_of: Some(0), ..Casting::client() });
    for (client, other) in [(&first, &second), (&second, &first)] {
        let mut browser = stage.browser();
        sign_in(&mut browser, client).await?;
        lists_exactly(&mut browser, client, &own_ids(client)).await?;
        for policy in &client.policies {
            let page = browser.get_json(&format!("/policies/{}", policy.id)).await?;
            if page.status() != 200 || page.json().is_none_or(|json| json["id"] != policy.id.as_str()) {
                return Err(wrong(client, describe(&page), format!("200 and the policy {}, which is her own", policy.id)));
            }
        }
        not_of_the_double(stage, &mut browser, client).await?;
        pages_name_own_policies_only(stage, &mut browser, client).await?;
        for policy in &other.policies {
            let address = format!("/policies/{}", policy.id);
            for page in [browser.get_json(&address).await?, browser.get(&address).await?] {
                if !matches!(page.status(), 403 | 404) {
                    let received = format!("{} The policy belongs to another client.", describe(&page));
                    return Err(wrong(
                        client,
                        received,
                        format!("403 for {}, which belongs to another client of the same name", policy.id),
                    ));
                }
                if page.body().contains(&policy.owner_mail) || page.body().contains(&policy.owner_object_id) {
                    let received = format!("{} The answer names the owner of the policy all the same.", describe(&page));
                    return Err(wrong(client, received, format!("a refusal of {} without anything of the policy in it", policy.id)));
                }
            }
        }
    }
    adjuster_who_is_a_client(stage, &first).await
}

/// What a person sees, and not only what a program reads.
async fn pages_name_own_policies_only(stage: &Stage, browser: &mut Browser, client: &Person) -> Outcome {
    for address in ["/me", "/my/policies"] {
        let page = browser.get(address).await?;
        let mut others = stage.world().insurance().policies.iter().filter(|policy| !client.owns(policy));
        if let Some(policy) = others.find(|policy| page.body().contains(&policy.id)) {
            let received = format!("{} It names {}, which is not hers.", describe(&page), policy.id);
            return Err(wrong(client, received, format!("a page at {address} with her own policies at most")));
        }
    }
    Ok(())
}

/// The policies of somebody with the same object id, in another tenant.
async fn not_of_the_double(stage: &Stage, browser: &mut Browser, client: &Person) -> Outcome {
    let tenant_id = stage.world().tenant_id();
    for policy in stage.world().insurance().of_the_double(tenant_id, &client.object_id) {
        let page = browser.get_json(&format!("/policies/{}", policy.id)).await?;
        if !matches!(page.status(), 403 | 404) {
            let received = format!("{} Its ownerObjectId is hers, its tenantId is {}.", describe(&page), policy.tenant_id);
            let expected = format!("403 for {}: its owner has an account in another tenant, and hers is in {tenant_id}", policy.id);
            return Err(wrong(client, received, expected));
        }
    }
    Ok(())
}

/// Two roles add up: own policies as a client, those of a region as an adjuster. Nothing else.
async fn adjuster_who_is_a_client(stage: &Stage, other: &Person) -> Outcome {
    let both = stage.invite(2, Casting::employee(&[role::CLIENT, role::ADJUSTER]));
    let mut browser = stage.browser();
    sign_in(&mut browser, &both).await?;
    for policy in both.policies.iter().chain(&other.policies) {
        let is_own = both.owns(policy);
        let may_see = is_own || both.regions.contains(&policy.region);
        let page = browser.get_json(&format!("/policies/{}", policy.id)).await?;
        let is_right = if may_see { page.status() == 200 } else { matches!(page.status(), 403 | 404) };
        if !is_right {
            let whose = if is_own { "her own" } else { "another client's" };
            let expected = if may_see { "200" } else { "403" };
            let region = format!("{whose}, region {}; she works for {}", policy.region, both.regions.join(", "));
            return Err(wrong(&both, describe(&page), format!("{expected} for {} ({region})", policy.id)));
        }
    }
    Ok(())
}

pub(crate) fn own_ids(person: &Person) -> Vec<String> {
    let mut ids: Vec<String> = person.policies.iter().map(|policy| policy.id.clone()).collect();
    ids.sort();
    ids
}

pub(crate) async fn lists_exactly(browser: &mut Browser, person: &Person, expected: &[String]) -> Outcome {
    let page = browser.get_json("/my/policies").await?;
    let listed = page.json().and_then(|json| ids_in(&json));
    if page.status() == 200 && listed.as_deref() == Some(expected) {
        return Ok(());
    }
    let listed = listed.map_or_else(|| describe(&page), |ids| format!("/my/policies lists [{}].", ids.join(", ")));
    Err(wrong(person, listed, format!("exactly [{}]", expected.join(", "))))
}

fn ids_in(json: &Value) -> Option<Vec<String>> {
    let mut ids: Vec<String> = json["policies"].as_array()?.iter().filter_map(|policy| policy["id"].as_str().map(str::to_owned)).collect();
    ids.sort();
    Some(ids)
}

fn wrong(person: &Person, received: String, expected: String) -> Problem {
    Failure::new(
        format!(
            "{} (\"{}\", oid {}, role Client) signed in and asked for policies.",
            person.username, person.display_name, person.object_id
        ),
        received,
        expected,
        "Two clients have the same role, and may have the same name. Only tid and oid together say who somebody is.",
    )
    .attack("A client changes the number in the address and reads other people's contracts, one after the other.")
    .into()
}

/// U4-23
pub const SAME_PERSON: Check = Check {
    id: "U4-23",
    unit: Unit::SignIn,
    title: "a renamed user keeps her policies, and whoever gets her old name does not",
    points: 5,
    gate: Some(Gate::Security),
    depends_on: &["U4-06"],
    profile: Profile::Core,
    misconceptions: &["M11"],
    hint: "Know people by oid and tid (or sub). preferred_username and mail change, and are given to others. ownerMail is a trap.",
    page: "unit-4/roles-and-ownership.html#ownership",
    app: AppUse::Shared,
    limit: USUAL_LIMIT,
    run: |stage| Box::pin(same_person(stage)),
};

async fn same_person(stage: &Stage) -> Outcome {
    let before = stage.invite(0, Casting::employee(&[role::CLIENT]));
    let mut browser = stage.browser();
    sign_in(&mut browser, &before).await?;
    lists_exactly(&mut browser, &before, &own_ids(&before)).await?;

    // She marries: a new name, the same object. Then a new hire, another object, gets her old address.
    let renamed = stage.invite(0, Casting { recycles: Some(OWNERS_PER_CHECK), ..Casting::employee(&[role::CLIENT]) });
    let newcomer = stage.invite(OWNERS_PER_CHECK + 1, Casting { recycles: Some(0), ..Casting::employee(&[role::CLIENT]) });
    let mut browser = stage.browser();
    sign_in(&mut browser, &renamed).await?;
    lists_exactly(&mut browser, &renamed, &own_ids(&before)).await?;
    let mut browser = stage.browser();
    sign_in(&mut browser, &newcomer).await?;
    lists_exactly(&mut browser, &newcomer, &[]).await
}

/// U4-24
pub const TWO_BROWSERS: Check = Check {
    id: "U4-24",
    unit: Unit::SignIn,
    title: "two browsers that sign in at the same time keep their users",
    points: 5,
    gate: Some(Gate::Security),
    depends_on: &["U4-06"],
    profile: Profile::Core,
    misconceptions: &["M27"],
    hint: "Pending logins and sessions are one record for each browser. A static variable, or one token store for the process, mixes people up.",
    page: "unit-4/session-and-logout.html#session",
    app: AppUse::Shared,
    limit: USUAL_LIMIT,
    run: |stage| Box::pin(two_browsers(stage)),
};

async fn two_browsers(stage: &Stage) -> Outcome {
    use crate::visit::{authorize, begin_login};
    let (first, second) = (stage.client(0), stage.client(1));
    let (mut left, mut right) = (stage.browser(), stage.browser());
    // Each step of one sign-in lies between two steps of the other.
    let left_login = begin_login(&mut left, "/login").await?;
    let right_login = begin_login(&mut right, "/login").await?;
    let right_callback = authorize(&mut right, &right_login, &second).await?;
    let left_callback = authorize(&mut left, &left_login, &first).await?;
    left.go(left_callback).await?;
    right.go(right_callback).await?;
    for (name, browser, user) in [("first", &mut left, &first), ("second", &mut right, &second)] {
        let me = who_is_signed_in(browser).await?;
        let oid = me.as_ref().map_or("nobody", |me| me["oid"].as_str().unwrap_or("an account without oid"));
        if oid != user.object_id {
            return Err(Failure::new(
                "Two browsers signed in as two people, each step of one between two steps of the other.",
                format!("In the {name} browser /me shows {oid}."),
                format!("the oid {} in the {name} browser", user.object_id),
                "Many people sign in at the same moment. What belongs to one sign-in must not be kept where the next one overwrites it.",
            )
            .attack("Nobody attacks: on a busy morning people simply find themselves in other people's accounts.")
            .into());
        }
    }
    Ok(())
}
