//! GET /portal/groups, /portal/groups/{id}: groups, their members and the roles that they hold. To look at only.

use axum::{
    Router,
    extract::{Path, Query},
    response::Response,
    routing::get,
};
use maud::{Markup, html};

use super::{
    PortalState,
    listing::{Asked, any_holds},
    page::{Page, Section},
    principal::{Principal, counted},
    users::roles_of,
    values::{card, copyable, table},
    visit::{Instead, Visit},
};
use crate::{
    directory::{assignment::PrincipalType, group::Group},
    html::outside_text,
};

const PATH: &str = "/portal/groups";

/// The routes.
pub fn routes() -> Router<PortalState> {
    Router::new().route("/portal/groups", get(list)).route("/portal/groups/{id}", get(group))
}

async fn list(visit: Visit, Query(asked): Query<Asked>) -> Response {
    let words = asked.words();
    let part = asked.part(&visit.directory.groups, |group| any_holds(&[&group.display_name], &words));
    let rows = html! {
        @for group in &part.entries {
            tr {
                th scope="row" { a href={ (PATH) "/" (group.id) } { (outside_text(&group.display_name)) } }
                td { (counted(group.members.len(), "member")) }
                td { (outside_text(description(group))) }
            }
        }
    };
    let body = html! {
        section class="card" aria-label="All groups" {
            (asked.search(PATH, "Search by name"))
            @if part.entries.is_empty() { (asked.nothing("This directory has no groups.")) }
            @else { (table("Groups", &["Name", "Members", "Description"], rows)) }
            (asked.pages(PATH, &part))
        }
    };
    let page = Page::new(Section::Groups, "Groups").also_called("Identity > Groups > All groups; Azure Active Directory > Groups");
    visit.show(page.body(body))
}

fn description(group: &Group) -> &str {
    group.other_properties.get("description").and_then(|text| text.as_str()).unwrap_or_default()
}

async fn group(visit: Visit, Path(id): Path<String>, Query(asked): Query<Asked>) -> Result<Response, Instead> {
    let group = visit.directory.groups.get(&id).cloned();
    let group = group.ok_or_else(|| visit.not_found(Section::Groups, "group", html! { p { a href=(PATH) { "See all groups" } } }))?;
    let page = Page::new(Section::Groups, group.display_name.as_str()).kind("Group").body(html! {
        (card("properties", "Properties", html! {
            dl class="facts" {
                div { dt { "Object ID" } dd { (copyable("Object ID", &group.id)) } }
                div { dt { "Description" } dd { @if description(&group).is_empty() { "none" } @else { (outside_text(description(&group))) } } }
                div { dt { "Members" } dd { (group.members.len()) } }
            }
        }))
        (card("roles", "App roles", roles_of(&visit.directory, &group.id)))
        (card("members", "Members", members(&visit, &group, &asked)))
    });
    Ok(visit.show(page))
}

fn members(visit: &Visit, group: &Group, asked: &Asked) -> Markup {
    let path = format!("{PATH}/{}", group.id);
    let words = asked.words();
    let all = group.members.iter().filter_map(|id| Principal::find(&visit.directory, id));
    let part = asked.part_of(all.filter(|it| any_holds(&[&it.name, &it.detail], &words)).collect(), |it| &it.id);
    let holds_groups = part.entries.iter().any(|it| it.kind == PrincipalType::Group);
    let rows = html! {
        @for member in &part.entries { tr { th scope="row" { (member.linked()) } td { (member.kind_name()) } } }
    };
    html! {
        (asked.search(&path, "Search the members"))
        @if part.entries.is_empty() { (asked.nothing("This group has no members.")) }
        @else { (table("Members", &["Name", "Type"], rows)) }
        (asked.pages(&path, &part))
        @if holds_groups {
            p class="pad note" { "A group inside this group passes no app role on: a role reaches the direct members only." }
        }
    }
}
