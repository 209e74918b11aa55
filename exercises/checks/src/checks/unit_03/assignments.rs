//! U3-13, 14, 15: who holds a role.

use mock_idp::{
    Directory,
    directory::{application::Application, entries::Index},
};

use super::{
    USUAL,
    handed_in::{Matrix, Registered, called, read},
};
use crate::{
    check::Check,
    stage::Stage,
    verdict::{Failure, Outcome, Problem},
    world::role,
};

const DEPENDS_ON: &[&str] = &["U3-01", "U3-10", "U3-12"];

/// U3-13
pub const DIRECT: Check = Check {
    id: "U3-13",
    title: "everybody of the matrix has the role that is assigned directly",
    points: 4,
    depends_on: DEPENDS_ON,
    misconceptions: &["M08"],
    hint: "Enterprise apps, claims-portal, Users and groups, Add user/group: one person or more, and one role, each time. Step 6 lists who has which role. Look at the user name, too: names are alike.",
    page: "unit-3/index.html#assign-roles",
    run: |stage| Box::pin(async { direct(stage) }),
    ..USUAL
};

/// U3-14
pub const BY_GROUP: Check = Check {
    id: "U3-14",
    title: "analysts have their role by the group, not one by one",
    points: 4,
    depends_on: DEPENDS_ON,
    misconceptions: &["M09"],
    hint: "Assign Insights.Analyst to the group Insights Analysts, and to nobody else.",
    page: "unit-3/app-roles.html#assign",
    run: |stage| Box::pin(async { by_group(stage) }),
    ..USUAL
};

/// U3-15
pub const NOBODY_ELSE: Check = Check {
    id: "U3-15",
    title: "nobody else has a role",
    points: 4,
    depends_on: DEPENDS_ON,
    misconceptions: &["M09"],
    hint: "Enterprise apps, claims-portal, Users and groups: remove the assignments that the list of step 6 does not name.",
    page: "unit-3/index.html#assign-roles",
    run: |stage| Box::pin(async { nobody_else(stage) }),
    ..USUAL
};

/// Principal (object id) and role (value).
type Assignment = (String, String);

/// Every assignment to the app; one without a role has a text that says so.
pub(super) fn of(directory: &Directory, application: &Application) -> Vec<Assignment> {
    let Some(resource) = directory.service_principal(&application.app_id) else { return Vec::new() };
    let value = |id: &str| application.app_roles.iter().find(|role| role.id == id).and_then(|role| role.value.clone());
    let assignments = directory.app_role_assignments.by(Index::Resource, &resource.id);
    assignments
        .map(|it| (it.principal_id.clone(), value(&it.app_role_id).unwrap_or_else(|| "no role (default access)".to_owned())))
        .collect()
}

/// The learner's assignments, and the matrix if it speaks of the people in this directory.
fn compared(stage: &Stage) -> Result<(Registered, Vec<Assignment>, Matrix), Problem> {
    let registered = read(stage)?;
    let matrix = Matrix::new();
    matrix.people(&registered.directory)?;
    let made = of(&registered.directory, &registered.application);
    Ok((registered, made, matrix))
}

fn listed(directory: &Directory, assignments: &[Assignment]) -> String {
    assignments.iter().map(|(principal, role)| format!("{}: {role}", called(directory, principal))).collect::<Vec<_>>().join("\n")
}

fn direct(stage: &Stage) -> Outcome {
    let (registered, made, matrix) = compared(stage)?;
    let missing: Vec<Assignment> =
        matrix.assignments().into_iter().filter(|wanted| matrix.is_user(&wanted.0) && !made.contains(wanted)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    Err(Failure::new(
        "The grader compared the assignments of claims-portal with the matrix.",
        format!("Missing:\n{}", listed(&registered.directory, &missing)),
        "every person of the matrix with the role of the matrix",
        "To define a role gives it to nobody. Without the assignment the token has no role, and the app refuses.",
    )
    .into())
}

fn by_group(stage: &Stage) -> Outcome {
    let (registered, made, matrix) = compared(stage)?;
    let analysts: Vec<Assignment> = made.into_iter().filter(|(_, role)| role == role::ANALYST).collect();
    let wanted: Vec<Assignment> = matrix.assignments().into_iter().filter(|(_, role)| role == role::ANALYST).collect();
    let has_group = wanted.iter().all(|it| analysts.contains(it));
    // Somebody outside the group is the subject of U3-15.
    let one_by_one: Vec<_> = analysts
        .iter()
        .filter(|(principal, _)| registered.directory.user(principal).is_some() && is_in_a_group(&registered.directory, principal, &wanted))
        .cloned()
        .collect();
    if has_group && one_by_one.is_empty() {
        return Ok(());
    }
    let received = match one_by_one.is_empty() {
        true => "The group Insights Analysts does not have the role.".to_owned(),
        false => format!("One by one:\n{}", listed(&registered.directory, &one_by_one)),
    };
    Err(Failure::new(
        "The grader looked who has the role Insights.Analyst.",
        received,
        "the group Insights Analysts, and none of its members by name",
        "Analysts come and go. Who joins the group has the role at the next sign-in, and who leaves it loses it, without anybody touching \
         the app. A second assignment by name stays behind when the person leaves the group.",
    )
    .into())
}

fn is_in_a_group(directory: &Directory, user: &str, groups: &[Assignment]) -> bool {
    directory.groups_of(user).any(|group| groups.iter().any(|(principal, _)| *principal == group.id))
}

fn nobody_else(stage: &Stage) -> Outcome {
    let (registered, made, matrix) = compared(stage)?;
    let wanted = matrix.assignments();
    let groups: Vec<Assignment> = wanted.iter().filter(|(principal, _)| !matrix.is_user(principal)).cloned().collect();
    let twice = |it: &(String, String)| it.1 == role::ANALYST && is_in_a_group(&registered.directory, &it.0, &groups);
    // A member of the analysts with the role by name is the subject of U3-14.
    let others: Vec<Assignment> = made.into_iter().filter(|it| !wanted.contains(it) && !twice(it)).collect();
    if others.is_empty() {
        return Ok(());
    }
    Err(Failure::new(
        "The grader compared the assignments of claims-portal with the matrix.",
        format!("Too many:\n{}", listed(&registered.directory, &others)),
        "no assignment besides those of the matrix",
        "A role that somebody should not have is a door that stands open, and nobody complains about it. An administrator of the directory, \
         for example, needs no role in the app.",
    )
    .attack("Whoever holds the role by mistake sees the pages of the role, and the app cannot know that it was a mistake.")
    .into())
}
