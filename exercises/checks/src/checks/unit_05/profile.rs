//! U5-01 and U5-16: what `/profile` shows.

use std::collections::BTreeSet;

use mock_idp::{Fault, testing::browser::Page};
use serde_json::Value;

use super::visiting::{profile_json, see_profile};
use crate::{
    check::{AppUse, Check, USUAL_LIMIT},
    comparison::Compared,
    stage::Stage,
    unit::{Profile, Unit},
    verdict::{Failure, Outcome},
    visit::{describe, sign_in},
    world::{
        people::{Casting, Groups, Person},
        role,
    },
};

/// U5-01
pub const FACTS: Check = Check {
    id: "U5-01",
    unit: Unit::CallGraph,
    title: "/profile shows what Microsoft Graph knows of the signed-in user",
    points: 8,
    gate: None,
    depends_on: &[],
    profile: Profile::Core,
    misconceptions: &["M12"],
    hint: "Call ENDPOINT with `Authorization: Bearer` and the access token of the signed-in user, and show the properties under their names.",
    page: "unit-5/calling-graph.html#call",
    app: AppUse::Shared,
    limit: USUAL_LIMIT,
    run: |stage| Box::pin(facts(stage)),
};

const WHY: &str =
    "The ID token says who signed in. What the directory knows of the person, Graph tells to an app with the person's access token.";

async fn facts(stage: &Stage) -> Outcome {
    let anonymous = stage.browser().get_json("/profile").await?;
    if anonymous.status() != 401 {
        let expected = "401: nobody is signed in";
        return Err(Failure::new("A program without a session asked for /profile as JSON.", describe(&anonymous), expected, WHY).into());
    }
    let user = stage.invite(0, Casting::analyst(Groups::Analysts));
    let mut browser = stage.browser();
    sign_in(&mut browser, &user).await?;
    let page = see_profile(&mut browser, &user, "The user signed in.").await?.page;
    let on_page = |name: &str| page.field(name).unwrap_or_default();
    compare("a page", &user, &on_page)?;
    compare_groups("a page", stage, &user, page.fields("memberOf").into_iter().collect())?;

    let facts = profile_json(&mut browser, "The user has seen the profile.", "A program gets the same facts as JSON.").await?;
    compare("JSON", &user, &|name| facts[name].as_str().unwrap_or_default().to_owned())?;
    compare_groups("JSON", stage, &user, member_of(&facts))
}

fn compare(form: &str, user: &Person, fact: &dyn Fn(&str) -> String) -> Outcome {
    let expected =
        [("displayName", &user.display_name), ("mail", &user.mail), ("userPrincipalName", &user.username), ("id", &user.object_id)];
    let values = expected.map(|(name, value)| Compared::equal(name, fact(name), value));
    let Some(Compared { name, found, expected, .. }) = values.iter().find(|value| value.offends).cloned() else { return Ok(()) };
    Err(Failure::new(
        format!("A user signed in and asked for /profile as {form}."),
        format!("{name} is \"{found}\""),
        format!("{name} is \"{expected}\", as Graph says (on a page: an element with data-field=\"{name}\")"),
        WHY,
    )
    .compares(values)
    .into())
}

fn compare_groups(form: &str, stage: &Stage, user: &Person, shown: BTreeSet<String>) -> Outcome {
    let expected = super::memberships::groups_of(stage.world(), user);
    if shown == expected {
        return Ok(());
    }
    let list = |ids: BTreeSet<String>| format!("[{}]", ids.into_iter().collect::<Vec<_>>().join(", "));
    Err(Failure::new(
        format!("A user signed in and asked for /profile as {form}."),
        format!("memberOf is {}", list(shown)),
        format!("memberOf is {}: the ids of Graph's list /me/memberOf (on a page: one element data-field=\"memberOf\" for each)", list(expected)),
        "The groups are another call: the last part of ENDPOINT, with /memberOf after it. With User.Read alone Graph tells ids and no names.",
    )
    .into())
}

/// `memberOf` of the JSON.
pub(super) fn member_of(facts: &Value) -> BTreeSet<String> {
    facts["memberOf"].as_array().into_iter().flatten().filter_map(|id| id.as_str().map(str::to_owned)).collect()
}

/// U5-16
pub const UNUSUAL: Check = Check {
    id: "U5-16",
    unit: Unit::CallGraph,
    title: "missing values, foreign letters and markup in a name are shown as they are",
    points: 3,
    gate: None,
    depends_on: &["U5-01"],
    profile: Profile::Core,
    misconceptions: &["M36"],
    hint: "Every property but `id` may be null. Write values into the page with something that escapes HTML.",
    page: "unit-5/calling-graph.html#values",
    app: AppUse::Shared,
    limit: USUAL_LIMIT,
    run: |stage| Box::pin(unusual(stage)),
};

const MARKUP: &str = "<b>Żółć & Søn</b> \"李\"";

async fn unusual(stage: &Stage) -> Outcome {
    let user = stage.invite(0, Casting::employee(&[role::ADJUSTER]));
    stage.world().idp().edit_directory(stage.world().tenant_id(), |directory| {
        directory.users.edit(&user.object_id, |entry| {
            entry.display_name = MARKUP.to_owned();
            entry.mail = None;
        })
    });
    let mut browser = stage.browser();
    sign_in(&mut browser, &user).await?;
    let page = see_profile(&mut browser, &user, "The directory has no mail address for this user (null), and an unusual name.").await?.page;
    let failed = |received: String, expected: &str, why: &str| -> Outcome {
        Err(Failure::new(format!("A user named {MARKUP} without a mail address opened /profile."), received, expected, why).into())
    };
    let escaping =
        "A name is a text that somebody typed. If it is read as HTML, its owner writes into your page, and into your visitors' browsers.";
    if page.body().contains("<b>Żółć") || name_on(&page) != MARKUP {
        return failed(format!("the name is shown as {}", name_on(&page)), "the name letter by letter, escaped", escaping);
    }
    let mail = page.field("mail").unwrap_or_default();
    if ["null", "none", "nil", "undefined", "some"].iter().any(|word| mail.trim().to_ascii_lowercase().starts_with(word)) && mail.len() < 12
    {
        let why = "null is how a program says that there is nothing. A person sees nothing, or a word of her own language.";
        return failed(format!("data-field=\"mail\" says {mail}"), "an empty element, none, or words such as \"not set\"", why);
    }
    let facts = profile_json(&mut browser, "Mail is null, the name unusual.", "Null is a value like others.").await?;
    if facts["displayName"] != MARKUP {
        return failed(format!("displayName in JSON is {}", facts["displayName"]), "the name letter by letter", escaping);
    }
    if facts["mail"].as_str().is_some_and(|mail| !mail.is_empty()) {
        return failed(format!("mail in JSON is {}", facts["mail"]), "null, an empty text, or no such key", "There is no mail address.");
    }
    // The honest half: others are shown with all they have.
    let other = stage.invite(1, Casting::employee(&[]));
    let mut browser = stage.browser();
    sign_in(&mut browser, &other).await?;
    compare("a page", &other, &{
        let page = see_profile(&mut browser, &other, "The user signed in.").await?.page;
        move |name: &str| page.field(name).unwrap_or_default()
    })
}

fn name_on(page: &Page) -> String {
    page.field("displayName").unwrap_or_default()
}

/// U5-04
pub const OPAQUE: Check = Check {
    id: "U5-04",
    unit: Unit::CallGraph,
    title: "an access token that is no JWT works as well",
    points: 3,
    gate: None,
    depends_on: &["U5-01"],
    profile: Profile::Core,
    misconceptions: &["M12"],
    hint: "Do not decode or validate the access token. Its reader is Graph; take its end from `expires_in`.",
    page: "unit-5/graph-and-permissions.html#audience",
    app: AppUse::Shared,
    limit: USUAL_LIMIT,
    run: |stage| Box::pin(opaque(stage)),
};

async fn opaque(stage: &Stage) -> Outcome {
    let user = stage.client(0);
    stage.world().idp().inject(Fault::OpaqueAccessToken.always().for_user(&user.username));
    let mut browser = stage.browser();
    sign_in(&mut browser, &user).await?;
    let circumstances = "The provider gave an access token that is no JWT, as it may (RFC 6749 §1.4). An app cannot read it, Graph can.";
    see_profile(&mut browser, &user, circumstances).await.map(|_| ())
}
