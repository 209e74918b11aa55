//! GET /portal: where everybody begins.

use axum::{Router, response::Response, routing::get};
use maud::{Markup, html};

use super::{
    PortalState,
    icon::Icon,
    page::{Page, Section},
    values::{card, copyable, table},
    visit::Visit,
};
use crate::{
    directory::{application::Application, directory_role::Action, entries::Index},
    html::outside_text,
};

/// So many of one's own apps are listed here; the others are under "Owned applications".
const SHOWN: usize = 10;

/// The route.
pub fn routes() -> Router<PortalState> {
    Router::new().route("/portal", get(home)).route("/portal/", get(home))
}

async fn home(visit: Visit) -> Response {
    let register = visit.right(Action::RegisterApplication, None);
    let page = Page::new(Section::Home, Section::Home.name())
        .actions(html! {
            (register.link("", Icon::Plus, "Register an application", "/portal/apps/new"))
            a class="btn" href="/portal/enterprise-apps" { (Icon::Building) "Assign users and groups" }
            (register.note())
        })
        .body(html! {
            div class="cols" {
                div class="stack" {
                    (card("mine", "Your apps", apps(&visit)))
                    (card("steps", "Register an app, step by step", steps()))
                }
                div class="stack" { (card("tenant", "This tenant", tenant(&visit))) }
            }
        });
    visit.show(page)
}

fn apps(visit: &Visit) -> Markup {
    let owned: Vec<&Application> = visit.directory.applications.by(Index::Owner, &visit.user.id).take(SHOWN).collect();
    html! {
        @if owned.is_empty() {
            p class="empty" { "You own no app registration yet. " a href="/portal/apps?tab=all" { "All applications" } " lists those of others." }
        } @else {
            (table("Your apps", &["Display name", "Application (client) ID"], html! {
                @for app in owned {
                    tr {
                        th scope="row" { a href={ "/portal/apps/" (app.app_id) } { (outside_text(&app.display_name)) } }
                        td { code { (app.app_id) } }
                    }
                }
            }))
        }
    }
}

/// The steps of unit 3, in its order.
fn steps() -> Markup {
    html! {
        ol class="ready numbered" {
            li { span { a href="/portal/apps/new" { "Register the application" } small { "Name, supported account types, redirect URI." } } }
            li { span { "Add a client secret" small { "App registrations > your app > Certificates & secrets. Copy its value at once." } } }
            li { span { "Take note of the values" small { "Application (client) ID, Directory (tenant) ID, and the secret's value." } } }
            li { span { "Add app roles" small { "App registrations > your app > App roles." } } }
            li { span { a href="/portal/enterprise-apps" { "Assign the roles to users and groups" } small { "Enterprise apps > your app > Users and groups." } } }
        }
    }
}

fn tenant(visit: &Visit) -> Markup {
    let directory = &visit.directory;
    html! {
        dl class="facts narrow" {
            div { dt { "Name" } dd { (outside_text(&directory.organization.display_name)) } }
            div { dt { "Directory (tenant) ID" } dd { (copyable("Directory (tenant) ID", directory.tenant_id())) } }
            div { dt { "Primary domain" } dd { (outside_text(directory.organization.default_domain().unwrap_or_default())) } }
            div { dt { "Users" } dd { a href="/portal/users" { (directory.users.len()) } } }
            div { dt { "Groups" } dd { a href="/portal/groups" { (directory.groups.len()) } } }
            div { dt { "Applications" } dd { a href="/portal/apps?tab=all" { (directory.applications.len()) } } }
        }
    }
}
