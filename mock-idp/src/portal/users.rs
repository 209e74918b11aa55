//! GET /portal/users, /portal/users/{id}: people and the roles that they hold. To look at only.

mod roles_held;

use axum::{
    Router,
    extract::{Path, Query},
    response::Response,
    routing::get,
};
use maud::{Markup, html};

pub use roles_held::roles_of;

use super::{
    PortalState,
    listing::{Asked, any_holds},
    page::{Page, Section},
    values::{card, copyable, table},
    visit::{Instead, Visit},
};
use crate::{
    directory::user::{User, UserType},
    html::outside_text,
};

const PATH: &str = "/portal/users";

/// The routes.
pub fn routes() -> Router<PortalState> {
    Router::new().route("/portal/users", get(list)).route("/portal/users/{id}", get(person))
}

async fn list(visit: Visit, Query(asked): Query<Asked>) -> Response {
    let words = asked.words();
    let holds = |user: &User| any_holds(&[&user.display_name, &user.user_principal_name, user.mail.as_deref().unwrap_or_default()], &words);
    let part = asked.part(&visit.directory.users, holds);
    let rows = html! {
        @for user in &part.entries {
            tr {
                th scope="row" { a href={ (PATH) "/" (user.id) } { (outside_text(&user.display_name)) } }
                td { (outside_text(&user.user_principal_name)) }
                td { (type_name(user)) }
                td { (enabled(user)) }
                td { @for (index, role) in user.directory_roles.iter().enumerate() { @if index > 0 { ", " } (outside_text(role)) } }
            }
        }
    };
    let body = html! {
        section class="card" aria-label="All users" {
            (asked.search(PATH, "Search by name, user name or mail"))
            @if part.entries.is_empty() { (asked.nothing("This directory has no users.")) }
            @else { (table("Users", &["Display name", "User principal name", "User type", "Account enabled", "Directory roles"], rows)) }
            (asked.pages(PATH, &part))
        }
    };
    let page = Page::new(Section::Users, "Users").also_called("Identity > Users > All users; Azure Active Directory > Users");
    visit.show(page.body(body))
}

const fn type_name(user: &User) -> &'static str {
    match user.user_type {
        UserType::Member => "Member",
        UserType::Guest => "Guest",
    }
}

const fn enabled(user: &User) -> &'static str {
    if user.account_enabled { "Yes" } else { "No" }
}

async fn person(visit: Visit, Path(id): Path<String>) -> Result<Response, Instead> {
    let user = visit.directory.user(&id).cloned();
    let user = user.ok_or_else(|| visit.not_found(Section::Users, "user", html! { p { a href=(PATH) { "See all users" } } }))?;
    let page = Page::new(Section::Users, user.display_name.as_str()).kind("User").body(html! {
        (card("properties", "Properties", properties(&user)))
        (card("roles", "App roles", roles_of(&visit.directory, &user.id)))
        (card("groups", "Groups", groups(&visit, &user)))
    });
    Ok(visit.show(page))
}

fn properties(user: &User) -> Markup {
    html! {
        dl class="facts" {
            div { dt { "User principal name" } dd { (copyable("User principal name", &user.user_principal_name)) } }
            div { dt { "Object ID" } dd { (copyable("Object ID", &user.id)) } }
            div { dt { "Mail" } dd { @match &user.mail { Some(mail) => (outside_text(mail)), None => "none" } } }
            @if let Some(title) = &user.job_title { div { dt { "Job title" } dd { (outside_text(title)) } } }
            div { dt { "User type" } dd { (type_name(user)) } }
            div { dt { "Account enabled" } dd { (enabled(user)) } }
            div {
                dt { "Directory roles" }
                dd { @if user.directory_roles.is_empty() { "none" } @else { (outside_text(&user.directory_roles.join(", "))) } }
            }
        }
    }
}

fn groups(visit: &Visit, user: &User) -> Markup {
    let groups: Vec<_> = visit.directory.groups_of(&user.id).collect();
    html! {
        @if groups.is_empty() { p class="empty" { "A member of no group." } }
        @else {
            ul class="pad names" {
                @for group in &groups { li { a href={ "/portal/groups/" (group.id) } { (outside_text(&group.display_name)) } } }
            }
        }
    }
}
