//! U3-10, 11: the roles that the app defines.

use std::collections::BTreeSet;

use super::{USUAL, handed_in::read};
use crate::{
    check::Check,
    comparison::Compared,
    stage::Stage,
    verdict::{Failure, Outcome},
    world::role,
};

/// U3-10
pub const FOUR_ROLES: Check = Check {
    id: "U3-10",
    title: "four app roles with the right values, enabled",
    points: 4,
    misconceptions: &["M10"],
    hint: "App roles: the Value is what the token carries. It is compared letter by letter; the display name is only for people. Each role is enabled.",
    page: "unit-3/app-roles.html#define",
    run: |stage| Box::pin(async { four_roles(stage) }),
    ..USUAL
};

/// U3-11
pub const FOR_USERS: Check = Check {
    id: "U3-11",
    title: "the roles are for users and groups",
    depends_on: &["U3-01", "U3-10"],
    misconceptions: &["M09"],
    hint: "App roles: Allowed member types is Users/Groups.",
    page: "unit-3/app-roles.html#define",
    run: |stage| Box::pin(async { for_users(stage) }),
    ..USUAL
};

fn four_roles(stage: &Stage) -> Outcome {
    let app = read(stage)?.application;
    let expected = format!("the values {}, each once and enabled", role::ALL.join(", "));
    let sent = "The grader read the app's appRoles.";
    let why = "The value travels in the token's roles claim, and the app compares it letter by letter. A display name such as \"Claims adjuster\" never \
               reaches the app.";
    let values: Vec<&str> = app.app_roles.iter().map(|role| role.value.as_deref().unwrap_or_default()).collect();
    let wanted: BTreeSet<&str> = role::ALL.into();
    let present: BTreeSet<&str> = values.iter().copied().collect();
    if present != wanted || values.len() != wanted.len() {
        let roles: Vec<String> = app
            .app_roles
            .iter()
            .map(|role| format!("{} (display name: {})", role.value.as_deref().unwrap_or("no value"), role.display_name))
            .collect();
        let received = if roles.is_empty() { "There is no role.".to_owned() } else { roles.join("\n") };
        let here = wanted.iter().map(|value| Compared::equal("role value", if present.contains(value) { value } else { "" }, *value));
        let extra = present.difference(&wanted).map(|value| Compared::judged("role value", *value, "no such role", false));
        return Err(Failure::new(sent, received, expected, why).compares(here).compares(extra).into());
    }
    let ids: BTreeSet<&str> = app.app_roles.iter().map(|role| role.id.as_str()).collect();
    let disabled: Vec<&str> = app.app_roles.iter().filter(|role| !role.is_enabled).filter_map(|role| role.value.as_deref()).collect();
    let received = match (disabled.is_empty(), ids.len() == values.len()) {
        (true, true) => return Ok(()),
        (false, _) => format!("Disabled: {}", disabled.join(", ")),
        (true, false) => "Two roles share one id.".to_owned(),
    };
    Err(Failure::new(sent, received, expected, "A disabled role can be given to nobody, and an id that two roles share names neither.")
        .into())
}

fn for_users(stage: &Stage) -> Outcome {
    let app = read(stage)?.application;
    let is_for_users = |types: &[String]| types.iter().any(|kind| kind == "User");
    let types = app.app_roles.iter().map(|role| {
        let (value, types) = (role.value.as_deref().unwrap_or_default(), &role.allowed_member_types);
        Compared::judged(value, types.join(", "), "User", is_for_users(types))
    });
    let types: Vec<Compared> = types.collect();
    let others: Vec<String> = types.iter().filter(|it| it.offends).map(|it| format!("{}: {}", it.name, it.found)).collect();
    if others.is_empty() {
        return Ok(());
    }
    Err(Failure::new(
        "The grader read the roles' allowedMemberTypes.",
        others.join("\n"),
        "User (the portal says Users/Groups) for every role",
        "A role for Application is for programs that act without a person. It can be given to no user and no group.",
    )
    .compares(types)
    .into())
}
