//! U4-06: an honest sign-in.

use mock_idp::testing::browser::Page;

use crate::world::people::MARKUP;
use crate::{
    check::{AppUse, Check, USUAL_LIMIT},
    stage::Stage,
    unit::{Profile, Unit},
    verdict::{Failure, Outcome},
    visit::{describe, sign_in},
    world::{people::Casting, people::Person, role},
};

/// U4-06
pub const HONEST: Check = Check {
    id: "U4-06",
    unit: Unit::SignIn,
    title: "an honest sign-in works, and /me shows who is signed in",
    points: 8,
    gate: None,
    depends_on: &["U4-01"],
    profile: Profile::Core,
    misconceptions: &["M12", "M22"],
    hint: "Follow one sign-in through your code: the callback finds the pending login, redeems the code, validates the ID token, and puts its \
           facts into a session.",
    page: "unit-4/callback.html#get-and-post",
    app: AppUse::Shared,
    limit: USUAL_LIMIT,
    run: |stage| Box::pin(honest(stage)),
};

async fn honest(stage: &Stage) -> Outcome {
    // One role: that all of several count is the subject of U4-21.
    let user = stage.invite(0, Casting::employee(&[role::ADJUSTER]));
    let mut browser = stage.browser();
    let signed_in = sign_in(&mut browser, &user).await?;
    if signed_in.landing.status() >= 400 {
        return Err(Failure::new(
            format!("{} signed in.", user.username),
            describe(&signed_in.landing),
            "a page after the sign-in, for example /me",
            "The person is signed in, but the first page that she sees says that something is wrong.",
        )
        .into());
    }
    let mut roles: Vec<String> =
        signed_in.me["roles"].as_array().into_iter().flatten().filter_map(|role| role.as_str().map(str::to_owned)).collect();
    roles.sort();
    let facts = |name: &str| signed_in.me[name].as_str().unwrap_or_default().to_owned();
    compare("JSON", &user, stage.world().tenant_id(), &facts, &roles)?;

    let page = browser.open("/me").await?;
    if page.status() != 200 || !page.is_html() {
        return Err(Failure::new(
            "The signed-in user opened /me in a browser.",
            describe(&page),
            "200 and a page with the user's facts",
            "Without Accept: application/json, /me is a page for a person.",
        )
        .into());
    }
    let mut roles = page.fields("roles");
    roles.sort();
    compare("HTML", &user, stage.world().tenant_id(), &|name| field(&page, name), &roles)?;
    a_name_is_text(stage).await
}

/// People choose their names themselves, in a directory that somebody else keeps.
async fn a_name_is_text(stage: &Stage) -> Outcome {
    let user = stage.invite(1, Casting { has_markup: true, ..Casting::employee(&[role::ADJUSTER]) });
    let mut browser = stage.browser();
    sign_in(&mut browser, &user).await?;
    for address in ["/", "/me"] {
        let page = browser.open(address).await?;
        if page.body().contains(MARKUP) {
            return Err(Failure::new(
                format!("A user whose name is {} signed in and opened {address}.", user.display_name),
                "The page holds the markup of the name as it came.",
                "the name as text: &lt; in place of <",
                "A name is a text from outside. What a page takes from outside goes through the template's escaping.",
            )
            .attack("A script in a name runs in the page of whoever looks at it: an administrator, say.")
            .into());
        }
    }
    Ok(())
}

fn field(page: &Page, name: &str) -> String {
    page.field(name).unwrap_or_default()
}

fn compare(form: &str, user: &Person, tenant_id: &str, facts: &dyn Fn(&str) -> String, roles: &[String]) -> Outcome {
    let marked = if form == "HTML" { " (the element's attribute is data-field)" } else { "" };
    let sent = format!("The user signed in and asked for /me as {form}.");
    let expected = [
        ("oid", user.object_id.as_str()),
        ("tid", tenant_id),
        ("name", user.display_name.as_str()),
        ("preferred_username", user.username.as_str()),
    ];
    for (name, value) in expected {
        let received = facts(name);
        if received != value {
            let why = "oid and tid are how the app knows this person again; the name is what the person recognises. All four stand in the ID token.";
            return Err(Failure::new(sent, format!("{name} is \"{received}\"{marked}"), format!("{name} is \"{value}\""), why).into());
        }
    }
    let mut wanted = user.roles.clone();
    wanted.sort();
    if roles != wanted {
        let why = "The roles claim of the ID token is a list with every role that the directory assigned. One element data-field=\"roles\" for each.";
        let received = format!("roles are [{}]{marked}", roles.join(", "));
        return Err(Failure::new(sent, received, format!("roles are [{}]", wanted.join(", ")), why).into());
    }
    Ok(())
}
