//! U3-01, 02, 05, 12, 17, 19: the registration and the app's instance in the tenant.

use mock_idp::directory::{
    application::Platform,
    microsoft_graph::{self, GRAPH_APP_ID},
};

use super::{
    USUAL,
    handed_in::{Matrix, read},
};
use crate::{
    check::Check,
    comparison::Compared,
    stage::Stage,
    verdict::{Failure, Outcome},
};

/// U3-01
pub const REGISTERED: Check = Check {
    id: "U3-01",
    title: "exactly one app claims-portal, for accounts of this directory only",
    points: 4,
    depends_on: &[],
    misconceptions: &["M42"],
    hint: "App registrations, New registration, \"Single tenant only\". The practice portal cannot change it later: delete the app (Overview, Delete) and register it again.",
    page: "unit-3/redirect-uri.html#account-types",
    run: |stage| Box::pin(async { registered(stage) }),
    ..USUAL
};

/// U3-02
pub const WEB_PLATFORM: Check = Check {
    id: "U3-02",
    title: "the platform is Web, not single-page application or mobile",
    misconceptions: &["M04"],
    hint: "Authentication: Add Redirect URI, Web. Remove the address of every other platform, and press Save.",
    page: "unit-3/redirect-uri.html#platform",
    run: |stage| Box::pin(async { web_platform(stage) }),
    ..USUAL
};

/// U3-05
pub const NO_IMPLICIT_GRANT: Check = Check {
    id: "U3-05",
    title: "implicit and hybrid grants are off",
    misconceptions: &["M12"],
    hint: "Authentication, Implicit grant and hybrid flows: both boxes stay empty.",
    page: "unit-3/redirect-uri.html#implicit",
    run: |stage| Box::pin(async { no_implicit_grant(stage) }),
    ..USUAL
};

/// U3-12
pub const SERVICE_PRINCIPAL: Check = Check {
    id: "U3-12",
    title: "the app is present in the tenant as an enterprise app, and enabled",
    misconceptions: &["M08"],
    hint: "The portal makes the enterprise app (the service principal) together with the registration. If you deleted it, register the app anew.",
    page: "unit-3/two-objects.html#two-objects",
    run: |stage| Box::pin(async { service_principal(stage) }),
    ..USUAL
};

/// U3-17
pub const PERMISSIONS: Check = Check {
    id: "U3-17",
    title: "the only permission asked for is the delegated User.Read",
    misconceptions: &["M33"],
    hint: "API permissions: Microsoft Graph, delegated, User.Read. Remove everything else.",
    page: "unit-5/graph-and-permissions.html#permissions",
    run: |stage| Box::pin(async { permissions(stage) }),
    ..USUAL
};

/// U3-19
pub const ASSIGNMENT_REQUIRED: Check = Check {
    id: "U3-19",
    title: "the decision about \"assignment required\" is written down and fits the matrix",
    misconceptions: &["M08"],
    hint: "Read the row of the employee without a role in the matrix: may Nils sign in? Write true or false, and a sentence why.",
    page: "unit-3/app-roles.html#assignment-required",
    run: |stage| Box::pin(async { assignment_required(stage) }),
    ..USUAL
};

fn registered(stage: &Stage) -> Outcome {
    let app = read(stage)?.application;
    if app.sign_in_audience == mock_idp::directory::application::SignInAudience::AzureADMyOrg {
        return Ok(());
    }
    Err(Failure::new(
        "The grader read the app's signInAudience.",
        format!("{:?}", app.sign_in_audience),
        "AzureADMyOrg: accounts in this organizational directory only (single tenant)",
        "ABC's portal is for people in ABC's directory; clients are guests there. With a wider audience, people of every other tenant get \
         ID tokens for your app, and only your own code stands between them and the data.",
    )
    .compares([Compared::equal("signInAudience", format!("{:?}", app.sign_in_audience), "AzureADMyOrg")])
    .into())
}

fn web_platform(stage: &Stage) -> Outcome {
    let app = read(stage)?.application;
    let elsewhere: Vec<String> = app
        .redirect_uris()
        .filter(|(platform, _)| *platform != Platform::Web)
        .map(|(platform, uri)| format!("{uri} ({platform:?})"))
        .collect();
    let public = app.is_fallback_public_client == Some(true);
    if elsewhere.is_empty() && !public && !app.web.redirect_uris.is_empty() {
        return Ok(());
    }
    let received = match (elsewhere.is_empty(), public) {
        (false, _) => format!("Redirect URIs of another platform: {}", elsewhere.join(", ")),
        (true, true) => "\"Allow public client flows\" is on.".to_owned(),
        (true, false) => "There is no redirect URI under the platform Web.".to_owned(),
    };
    Err(Failure::new(
        "The grader read the app's platforms.",
        received,
        "redirect URIs under the platform Web only, and public client flows off",
        "The platform decides how a code is exchanged. A server keeps a secret and must show it; for a single-page app or a mobile app the \
         provider wants none, and refuses a server that sends one (AADSTS9002327, AADSTS700025).",
    )
    .into())
}

fn no_implicit_grant(stage: &Stage) -> Outcome {
    let settings = read(stage)?.application.web.implicit_grant_settings;
    let on: Vec<&str> = [(settings.enable_id_token_issuance, "ID tokens"), (settings.enable_access_token_issuance, "access tokens")]
        .into_iter()
        .filter_map(|(on, name)| on.then_some(name))
        .collect();
    if on.is_empty() {
        return Ok(());
    }
    Err(Failure::new(
        "The grader read the app's implicitGrantSettings.",
        format!("The authorization endpoint may hand out {}.", on.join(" and ")),
        "both switches off",
        "Your app gets its tokens from the token endpoint, from server to server. With these switches on, the provider also sends tokens \
         through the browser, where scripts, extensions and logs can read them.",
    )
    .compares([
        Compared::equal("enableIdTokenIssuance", settings.enable_id_token_issuance.to_string(), "false"),
        Compared::equal("enableAccessTokenIssuance", settings.enable_access_token_issuance.to_string(), "false"),
    ])
    .into())
}

fn service_principal(stage: &Stage) -> Outcome {
    let registered = read(stage)?;
    let principal = registered.directory.service_principal(&registered.application.app_id);
    let received = match principal {
        Some(principal) if principal.account_enabled => return Ok(()),
        Some(_) => "The enterprise app is there, but \"Enabled for users to sign in?\" is No.",
        None => "There is no service principal with the app's client id.",
    };
    Err(Failure::new(
        "The grader looked for the app under Enterprise apps.",
        received,
        "an enabled service principal of claims-portal",
        "The registration says what the app is. The service principal is the app in this tenant: roles are assigned there, and an \
         administrator can switch the sign-in off there.",
    )
    .into())
}

fn permissions(stage: &Stage) -> Outcome {
    let registered = read(stage)?;
    let user_read = microsoft_graph::delegated("User.Read").map(|permission| permission.id);
    let mut asked = Vec::new();
    for api in &registered.application.required_resource_access {
        for access in &api.resource_access {
            let is_right = api.resource_app_id == GRAPH_APP_ID && access.access_type == "Scope" && Some(access.id.as_str()) == user_read;
            asked.push((is_right, format!("{} {} of {}", access.access_type, access.id, api.resource_app_id)));
        }
    }
    let others: Vec<&str> = asked.iter().filter(|(right, _)| !right).map(|(_, text)| text.as_str()).collect();
    if others.is_empty() && asked.len() == 1 {
        return Ok(());
    }
    Err(Failure::new(
        "The grader read the app's requiredResourceAccess.",
        if others.is_empty() { "User.Read is not asked for.".to_owned() } else { format!("Besides or instead of User.Read: {}", others.join(", ")) },
        "Microsoft Graph, delegated, User.Read, and nothing else",
        "A delegated permission (Scope) lets the app act for the person who signed in. An application permission (Role) works without anybody, \
         for everybody's data. Ask for what you need and no more: what is granted can be stolen with the app.",
    )
    .into())
}

fn assignment_required(stage: &Stage) -> Outcome {
    let registered = read(stage)?;
    let sent = "The grader compared src/registration.toml with the enterprise app's properties.";
    let why = "With \"assignment required\" the provider turns away everybody who has no role (AADSTS50105). The matrix says that an employee \
               without a role signs in and sees /me, so the provider must let them in; the app decides what they see.";
    let Some(noted) = registered.notes.decision("app_role_assignment_required") else {
        let expected = "app_role_assignment_required = true or false under [decisions]";
        return Err(Failure::new(sent, "The decision is not written down.", expected, why).into());
    };
    let is_set = registered.directory.service_principal(&registered.application.app_id).is_some_and(|it| it.app_role_assignment_required);
    if noted != is_set {
        let received = format!("The notes say {noted}, the directory says {is_set}.");
        let values = [("in the notes", noted), ("in the directory", is_set)]
            .map(|(place, found)| Compared::equal(place, found.to_string(), false.to_string()));
        return Err(Failure::new(sent, received, "the same in both, and what the matrix says about an employee without a role", why)
            .compares(values)
            .into());
    }
    if noted {
        // By the matrix: these people have no role and sign in all the same.
        let matrix = Matrix::new();
        let locked_out: Vec<String> = match matrix.people(&registered.directory) {
            Ok(people) => {
                let without = people.into_iter().filter(|user| user.account_enabled && matrix.roles(user).is_empty());
                without.map(|user| user.display_name.clone()).collect()
            }
            Err(_) => vec!["everybody without a role".to_owned()],
        };
        let received = format!("true. Locked out: {}.", locked_out.join(", "));
        return Err(Failure::new(sent, received, "false, in the notes and in the directory", why).into());
    }
    if registered.notes.reason().split_whitespace().count() < 4 {
        let expected = "a reason in a sentence of your own, under [decisions]";
        return Err(Failure::new(
            sent,
            "There is no reason, or one of less than four words.",
            expected,
            "In a year somebody asks why, and you will not remember.",
        )
        .into());
    }
    Ok(())
}
