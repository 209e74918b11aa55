//! U6-09: somebody loses a role, and everybody else goes on.

use std::time::Duration;

use mock_idp::testing::browser::Browser;

use crate::{
    check::{AppUse, Check},
    stage::Stage,
    unit::{Profile, Unit},
    verdict::{Failure, Outcome, Problem},
    visit::{describe, sign_in},
    world::{
        people::{Casting, Groups, Person},
        role,
    },
};

/// U6-09
pub const REVOKED: Check = Check {
    id: "U6-09",
    unit: Unit::Summary,
    title: "an adjuster who loses the role sees no more policies, and the others go on",
    points: 3,
    gate: None,
    depends_on: &[],
    profile: Profile::Core,
    misconceptions: &["M08"],
    hint: "What somebody may do follows from the roles of the newest ID token, at each request. Keep no answer from an earlier one.",
    page: "unit-4/roles-and-ownership.html#roles",
    app: AppUse::Shared,
    limit: Duration::from_secs(60),
    run: |stage| Box::pin(revoked(stage)),
};

async fn revoked(stage: &Stage) -> Outcome {
    let adjuster = || Casting::employee(&[role::ADJUSTER]);
    let people =
        [stage.invite(0, adjuster()), stage.invite(1, adjuster()), stage.invite(2, Casting::analyst(Groups::Analysts)), stage.client(3)];
    let addresses = [in_region(stage, &people[0])?, in_region(stage, &people[1])?, "/insights".to_owned(), "/my/policies".to_owned()];
    let mut browsers = Vec::new();
    for (person, address) in people.iter().zip(&addresses) {
        let mut browser = stage.browser();
        sign_in(&mut browser, person).await?;
        opens(&mut browser, address, 200, "Two adjusters, an analyst and a client signed in.").await?;
        browsers.push(browser);
    }

    let world = stage.world();
    world.idp().edit_directory(world.tenant_id(), |directory| directory.unassign(&people[0].object_id, &world.registration().app_id));
    sign_in(&mut browsers[0], &people[0]).await?;
    let circumstances = "The directory took the role Claims.Adjuster from one of two adjusters, who signed in again in the same browser.";
    opens(&mut browsers[0], &addresses[0], 403, circumstances).await?;
    for (browser, address) in browsers.iter_mut().zip(&addresses).skip(1) {
        opens(browser, address, 200, "A role was taken from another person.").await?;
    }
    Ok(())
}

/// The address of a policy in a region of this adjuster's, owned by somebody else.
fn in_region(stage: &Stage, adjuster: &Person) -> Result<String, Problem> {
    let mut policies = stage.world().insurance().policies.iter();
    let policy = policies.find(|policy| !adjuster.owns(policy) && adjuster.regions.contains(&policy.region));
    policy
        .map(|policy| format!("/policies/{}", policy.id))
        .ok_or_else(|| Problem::Broken("no policy lies in the adjuster's region".to_owned()))
}

async fn opens(browser: &mut Browser, address: &str, status: u16, circumstances: &str) -> Outcome {
    for page in [browser.get_json(address).await?, browser.get(address).await?] {
        // Whoever hides that a policy exists answers 404.
        let is_right = page.status() == status || (status == 403 && page.status() == 404);
        if !is_right {
            let failure = Failure::new(
                format!("{circumstances} GET {address}"),
                describe(&page),
                status.to_string(),
                "A role is lent. Who loses it must lose what it opened, and nobody else may notice.",
            );
            return Err(if status == 403 { failure.attack("Somebody who changed to a competitor reads on.") } else { failure }.into());
        }
    }
    Ok(())
}
