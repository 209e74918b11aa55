//! U6-12: a user name gets a new owner while the old one is still at work.

use std::time::Duration;

use super::own_stage;
use crate::{
    check::{AppUse, Check, Gate},
    checks::{unit_04::ownership, unit_05::visiting::see_profile},
    stage::Stage,
    unit::{Profile, Unit},
    verdict::Outcome,
    visit::sign_in,
    world::{insurance::OWNERS_PER_CHECK, people::Casting, role},
};

/// U6-12
pub const RECYCLED: Check = Check {
    id: "U6-12",
    unit: Unit::Summary,
    title: "whoever gets somebody's old user name gets neither the policies nor the profile",
    points: 4,
    gate: Some(Gate::Security),
    depends_on: &[],
    profile: Profile::Core,
    misconceptions: &["M11"],
    hint: "Sessions, policies, tokens and everything that is kept about a person belong to tid and oid. A user name is a label that others get.",
    page: "unit-4/roles-and-ownership.html#ownership",
    app: AppUse::Fresh,
    limit: Duration::from_secs(90),
    run: |stage| Box::pin(recycled(stage)),
};

/// Two people are signed in at the same time, and each has the user name that belonged to the other or to nobody before.
async fn recycled(stage: &Stage) -> Outcome {
    let stage = own_stage(stage, 1).await?;
    let client = |recycles| Casting { recycles, ..Casting::employee(&[role::CLIENT]) };
    let app = stage.start(&stage.environment()).await?;
    let first = stage.invite(0, client(None));
    let mut old_browser = stage.browser_for(&app);
    sign_in(&mut old_browser, &first).await?;
    see_profile(&mut old_browser, &first, "A client signed in.").await?;

    let renamed = stage.invite(0, client(Some(OWNERS_PER_CHECK)));
    let newcomer = stage.invite(1, client(Some(0)));
    let mut new_browser = stage.browser_for(&app);
    sign_in(&mut new_browser, &newcomer).await?;
    for _ in 0..2 {
        ownership::lists_exactly(&mut new_browser, &newcomer, &ownership::own_ids(&newcomer)).await?;
        see_profile(&mut new_browser, &newcomer, "A new client, who was given the old user name of another, signed in.").await?;
        ownership::lists_exactly(&mut old_browser, &renamed, &ownership::own_ids(&renamed)).await?;
        see_profile(&mut old_browser, &renamed, "A client was renamed while she was signed in; her old name has a new owner.").await?;
    }
    Ok(())
}
