//! U6-10: the app moves to another tenant, and nothing but its configuration changes.

use std::time::Duration;

use mock_idp::testing::browser::Browser;

use super::own_stage;
use crate::{
    app_process::AppProcess,
    check::{AppUse, Check},
    stage::Stage,
    unit::{Profile, Unit},
    verdict::{Failure, Outcome, Problem},
    visit::sign_in,
    world::people::Person,
};

/// U6-10
pub const MOVES: Check = Check {
    id: "U6-10",
    unit: Unit::Summary,
    title: "the same program works in another tenant after a change of its configuration",
    points: 4,
    gate: None,
    depends_on: &[],
    profile: Profile::Core,
    misconceptions: &["M40", "M41"],
    hint: "Everything about the tenant comes from the configuration, at every start: nothing in the code, nothing in a file of the app's own.",
    page: "unit-6/index.html#drill",
    app: AppUse::Fresh,
    limit: Duration::from_secs(90),
    run: |stage| Box::pin(moves(stage)),
};

/// Starts the app in one tenant, stops it, and starts it in another one, in the same folder as an operator does.
async fn moves(stage: &Stage) -> Outcome {
    let folder = tempfile::tempdir().map_err(|error| Problem::Broken(error.to_string()))?;
    let (before, after) = (own_stage(stage, 1).await?, own_stage(stage, 2).await?);
    let (old, new) = (before.client(0), after.client(0));
    let app = before.start_in(folder.path(), &before.environment()).await?;
    visit(&before, &app, &old, &[]).await?;
    drop(app);

    let seen = before.world().idp().trace().last_seq();
    let app = after.start_in(folder.path(), &after.environment()).await.map_err(moved)?;
    let strangers = [before.world().tenant_id(), &before.world().registration().app_id, before.world().provider_origin(), &old.object_id];
    visit(&after, &app, &new, &strangers).await.map_err(moved)?;
    let asked = before.world().idp().trace().last_seq() - seen;
    if asked > 0 {
        return Err(moved(of_the_old_tenant(&format!("The app sent {asked} requests to the provider of the old tenant."))));
    }
    Ok(())
}

/// Signs a person in and looks at the pages: nothing of the other tenant may be on them.
async fn visit(stage: &Stage, app: &AppProcess, person: &Person, strangers: &[&str]) -> Outcome {
    let mut browser: Browser = stage.browser_for(app);
    let me = sign_in(&mut browser, person).await?.me;
    if me["tid"] != stage.world().tenant_id() {
        return Err(of_the_old_tenant(&format!(
            "/me names the tenant {}, and the configuration {}.",
            me["tid"],
            stage.world().tenant_id()
        )));
    }
    for path in ["/", "/me", "/my/policies", "/profile"] {
        let page = browser.open(path).await?;
        if let Some(stranger) = strangers.iter().find(|stranger| page.body().contains(**stranger)) {
            return Err(of_the_old_tenant(&format!("The page {path} holds {stranger}, which is of the old tenant.")));
        }
    }
    Ok(())
}

const SENT: &str = "The app ran in one tenant. Then the same program was started in the same folder with the configuration of another tenant: AUTHORITY, \
                    CLIENT_ID, CLIENT_SECRET, ENDPOINT, SESSION_KEY and POLICY_DATA. A person of that tenant signed in.";
const WHY: &str = "A test tenant becomes the real one on the day when the app goes live, and nobody wants to build it again for that. What is written into \
                   the code, or kept from an earlier start, is wrong from then on.";
const EXPECTED: &str = "the new tenant and its people, and no request to the old one";

fn of_the_old_tenant(received: &str) -> Problem {
    Failure::new(SENT, received, EXPECTED, WHY).into()
}

/// What went wrong after the move, with the move told.
fn moved(problem: Problem) -> Problem {
    let Problem::Failed(failure) = problem else { return problem };
    if failure.sent == SENT {
        return Problem::Failed(failure);
    }
    Failure { sent: format!("{SENT}\n{}", failure.sent), expected: EXPECTED.to_owned(), why: WHY.to_owned(), ..*failure }.into()
}
