//! App registrations: the pages on which developers say what their app is.
//!
//! Sources: Microsoft identity platform, "Register an application", "Add a redirect URI to your application", "Add and manage app
//! credentials", "Add app roles to your application"; the order and the names of fields are those of the admin center.

mod authentication;
mod branding;
mod credentials;
mod delete;
mod list;
mod new;
mod new_secret;
mod overview;
mod permissions;
mod platform_form;
mod readiness;
mod role_form;
mod roles;

use axum::Router;
use maud::{Markup, html};

use super::{
    PortalState,
    mistakes::Mistakes,
    page::{Page, Section},
    visit::{Instead, Visit, see_other},
};
use crate::directory::{application::Application, directory_role::Action, entries::Index, refusal::Refusal};

const SECTION: Section = Section::AppRegistrations;

/// All pages of app registrations.
pub fn routes() -> Router<PortalState> {
    Router::new()
        .merge(list::routes())
        .merge(new::routes())
        .merge(overview::routes())
        .merge(branding::routes())
        .merge(authentication::routes())
        .merge(platform_form::routes())
        .merge(credentials::routes())
        .merge(new_secret::routes())
        .merge(permissions::routes())
        .merge(roles::routes())
        .merge(role_form::routes())
        .merge(delete::routes())
}

/// The pages about one app, in the order of its menu.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Overview,
    Branding,
    Authentication,
    Credentials,
    Permissions,
    Roles,
}

impl Part {
    const MANAGE: [Self; 5] = [Self::Branding, Self::Authentication, Self::Credentials, Self::Permissions, Self::Roles];

    const fn name(self) -> &'static str {
        match self {
            Self::Overview => "Overview",
            Self::Branding => "Branding & properties",
            Self::Authentication => "Authentication",
            Self::Credentials => "Certificates & secrets",
            Self::Permissions => "API permissions",
            Self::Roles => "App roles",
        }
    }

    /// The address of this page of an app.
    fn path(self, app: &Application) -> String {
        let part = match self {
            Self::Overview => "",
            Self::Branding => "/branding",
            Self::Authentication => "/authentication",
            Self::Credentials => "/credentials",
            Self::Permissions => "/permissions",
            Self::Roles => "/roles",
        };
        format!("/portal/apps/{}{part}", app.app_id)
    }

    fn count(self, app: &Application) -> Option<usize> {
        match self {
            Self::Overview | Self::Branding => None,
            Self::Authentication => Some(app.redirect_uris().count()),
            Self::Credentials => Some(app.password_credentials.len() + app.key_credentials.len()),
            Self::Permissions => Some(app.required_resource_access.iter().map(|it| it.resource_access.len()).sum()),
            Self::Roles => Some(app.app_roles.len()),
        }
    }
}

/// The app with this client id, as it is now.
///
/// # Errors
/// A redirect from the object id to the client id's address; a page that helps (404).
fn find(visit: &Visit, app_id: &str) -> Result<Application, Instead> {
    let directory = &visit.directory;
    if let Some(app) = directory.application(app_id) {
        if !directory.may(&visit.user, Action::ManageApplication, Some(&app.id)) {
            visit.require(Action::ReadDirectory, None, SECTION)?;
        }
        return Ok(app.clone());
    }
    if let Some(app) = directory.applications.get(app_id) {
        return Err(see_other(&visit.path().replacen(app_id, &app.app_id, 1)).into());
    }
    Err(visit.not_found(SECTION, "app registration", hint(visit, app_id)))
}

/// Most wrong addresses hold the id of something else.
fn hint(visit: &Visit, id: &str) -> Markup {
    let directory = &visit.directory;
    let deleted = directory.deleted_applications.by(Index::AppId, id).next().or_else(|| directory.deleted_applications.get(id));
    let principal = directory.service_principals.get(id);
    html! {
        @if deleted.is_some() {
            p { "The app with this ID was deleted. " a href="/portal/apps?tab=deleted" { "Deleted applications" } " can bring it back." }
        } @else if let Some(principal) = principal {
            p { "This is the object ID of an enterprise app. Its registration is found by its Application (client) ID: "
                a href={ "/portal/apps/" (principal.app_id) } { (principal.app_id) } "." }
        } @else {
            p { "Addresses hold the Application (client) ID. Is it from another tenant, or was the directory reset since?" }
        }
        p { a href="/portal/apps?tab=all" { "All applications" } " lists the apps of this tenant." }
    }
}

/// What all pages about one app have: its name, its menu.
fn page_of(app: &Application, part: Part) -> Page {
    let page = match part {
        Part::Overview => Page::overview(SECTION, &app.display_name),
        part => Page::part(SECTION, &app.display_name, part.name()).under(&app.display_name, Part::Overview.path(app)),
    };
    page.kind("App registration").menu(menu(app, part))
}

fn menu(app: &Application, current: Part) -> Markup {
    let entry = |part: Part| {
        html! {
            a href=(part.path(app)) aria-current=[(part == current).then_some("page")] {
                (part.name()) @if let Some(count) = part.count(app) { span class="badge" { (count) } }
            }
        }
    };
    html! {
        nav class="subnav" aria-label="This app" {
            (entry(Part::Overview))
            h2 { "Manage" }
            @for part in Part::MANAGE { (entry(part)) }
        }
    }
}

/// A refused change as mistakes of the form that asked for it. `fields` says which field holds which property, and its label.
///
/// # Errors
/// The page that says that the store could not keep the change.
fn mistakes_of(visit: &Visit, refusal: &Refusal, fields: &[(&str, &str, &str)]) -> Result<Mistakes, Instead> {
    if let Refusal::NotKept(error) = refusal {
        return Err(visit.not_kept(SECTION, error));
    }
    let mut mistakes = Mistakes::none();
    let held = fields.iter().find(|(property, ..)| refusal.property() == Some(property));
    match held {
        Some((_, field, label)) => mistakes.about(*field, label, refusal.to_string()),
        None => mistakes.add("", refusal.to_string()),
    }
    Ok(mistakes)
}

/// A change that has no form to be shown again: done, or a page that says why not.
///
/// # Errors
/// The page.
fn or_refused<R>(visit: &Visit, result: Result<R, Refusal>) -> Result<R, Instead> {
    result.map_err(|refusal| match mistakes_of(visit, &refusal, &[]) {
        Ok(_) => visit.refused(SECTION, &refusal.to_string()),
        Err(page) => page,
    })
}
