//! U5-19: a role is taken away.

use crate::{
    check::{AppUse, Check, USUAL_LIMIT},
    stage::Stage,
    unit::{Profile, Unit},
    verdict::{Failure, Outcome},
    visit::{describe, sign_in},
    world::{people::Casting, role},
};

/// U5-19
pub const REMOVED: Check = Check {
    id: "U5-19",
    unit: Unit::CallGraph,
    title: "a role that the directory took away is gone after the next sign-in",
    points: 3,
    gate: None,
    depends_on: &["U5-01"],
    profile: Profile::Core,
    misconceptions: &["M08"],
    hint: "The roles of a session are those of its ID token. Never add them to what an earlier session had.",
    page: "unit-5/silent.html#roles",
    app: AppUse::Shared,
    limit: USUAL_LIMIT,
    run: |stage| Box::pin(removed(stage)),
};

async fn removed(stage: &Stage) -> Outcome {
    let (world, casting) = (stage.world(), Casting::employee(&[role::ANALYST]));
    let (user, colleague) = (stage.invite(0, casting), stage.invite(1, casting));
    let (mut browser, mut other) = (stage.browser(), stage.browser());
    for (browser, user) in [(&mut browser, &user), (&mut other, &colleague)] {
        sign_in(browser, user).await?;
        let before = browser.get_json("/insights").await?;
        if before.status() != 200 {
            let why = "The role Insights.Analyst allows /insights (unit 4).";
            return Err(Failure::new("An analyst signed in. GET /insights", describe(&before), "200", why).into());
        }
    }
    world.idp().edit_directory(world.tenant_id(), |directory| directory.unassign(&user.object_id, &world.registration().app_id));
    let signed_in = sign_in(&mut browser, &user).await?;
    let after = browser.get_json("/insights").await?;
    if after.status() != 403 || signed_in.me["roles"].as_array().is_some_and(|roles| !roles.is_empty()) {
        return Err(Failure::new(
            "The directory took the role Insights.Analyst from a signed-in user. The user signed in again, in the same browser.",
            format!("{} /me names the roles {}.", describe(&after), signed_in.me["roles"]),
            "403 from /insights, and no roles at /me",
            "A role is lent. Between the change in the directory and its end in the app lies at most one session; who remembers roles beyond \
             that lets people in who have left.",
        )
        .attack("The figures, read by somebody who has changed to a competitor.")
        .into());
    }
    sign_in(&mut other, &colleague).await?;
    let kept = other.get_json("/insights").await?;
    if kept.status() == 200 {
        return Ok(());
    }
    let why = "The role was taken from one person.";
    Err(Failure::new("A colleague who keeps the role signed in again. GET /insights", describe(&kept), "200", why).into())
}
