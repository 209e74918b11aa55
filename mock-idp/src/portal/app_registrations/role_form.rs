//! GET|POST /portal/apps/{appId}/roles/{new|id}: "Create app role" and "Edit app role".

use axum::{Router, extract::Path, response::Response, routing::get};
use maud::html;
use serde_json::Map;

use super::{Part, SECTION, find, mistakes_of, roles::find_role};
use crate::{
    directory::{
        application::{AppRole, Application},
        directory_role::Action,
        refusal::Refusal,
    },
    portal::{
        PortalState,
        form::Fields,
        icon::Icon,
        inputs::{Field, csrf_field, tick_box},
        mistakes::Mistakes,
        page::Page,
        visit::{Instead, Visit},
    },
};

const FIELDS: [(&str, &str, &str); 6] = [
    ("appRoles.displayName", "display_name", "Display name"),
    ("appRoles.allowedMemberTypes", "member_types", "Allowed member types"),
    ("appRoles.value", "value", "Value"),
    ("appRoles.description", "description", "Description"),
    ("appRoles.isEnabled", "enabled", "Do you want to enable this app role?"),
    ("appRoles", "value", "App role"),
];

/// The choices of "Allowed member types": value, words, what that means.
const MEMBER_TYPES: [(&str, &str, &str); 3] = [
    ("User", "Users/Groups", "For people. A group passes the role on to its direct members."),
    ("Application", "Applications", "For other apps that call this one as themselves."),
    ("User,Application", "Both (Users/Groups + Applications)", ""),
];

/// The routes.
pub fn routes() -> Router<PortalState> {
    Router::new()
        .route("/portal/apps/{app_id}/roles/new", get(show_new).post(create))
        .route("/portal/apps/{app_id}/roles/{role_id}", get(show).post(apply))
}

/// A role that nobody has filled in yet. An app role is enabled unless somebody says otherwise.
fn blank() -> AppRole {
    AppRole {
        id: String::new(),
        allowed_member_types: Vec::new(),
        display_name: String::new(),
        description: String::new(),
        value: None,
        is_enabled: true,
        other_properties: Map::new(),
    }
}

async fn show_new(visit: Visit, Path(app_id): Path<String>) -> Result<Response, Instead> {
    let app = find(&visit, &app_id)?;
    Ok(visit.show(render(&visit, &app, &blank(), &Mistakes::none())))
}

async fn show(visit: Visit, Path((app_id, role_id)): Path<(String, String)>) -> Result<Response, Instead> {
    let app = find(&visit, &app_id)?;
    let role = find_role(&visit, &app, &role_id)?;
    Ok(visit.show(render(&visit, &app, role, &Mistakes::none())))
}

async fn create(visit: Visit, Path(app_id): Path<String>, fields: Fields) -> Result<Response, Instead> {
    let app = find(&visit, &app_id)?;
    visit.require(Action::ManageApplication, Some(&app.id), SECTION)?;
    let role = filled(blank(), &fields);
    let (id, mut added) = (app.id.clone(), role.clone());
    added.id = visit.entropy().guid();
    let result = visit.edit(move |directory| directory.update_application(&id, |app| app.app_roles.push(added))).await;
    answer(&visit, &app, &role, result, "Created")
}

async fn apply(visit: Visit, Path((app_id, role_id)): Path<(String, String)>, fields: Fields) -> Result<Response, Instead> {
    let app = find(&visit, &app_id)?;
    visit.require(Action::ManageApplication, Some(&app.id), SECTION)?;
    let role = filled(find_role(&visit, &app, &role_id)?.clone(), &fields);
    let (id, changed) = (app.id.clone(), role.clone());
    let change = move |app: &mut Application| {
        if let Some(place) = app.app_roles.iter_mut().find(|it| it.id == changed.id) {
            *place = changed;
        }
    };
    let result = visit.edit(move |directory| directory.update_application(&id, change)).await;
    answer(&visit, &app, &role, result, "Saved")
}

fn answer(visit: &Visit, app: &Application, role: &AppRole, result: Result<Application, Refusal>, done: &str) -> Result<Response, Instead> {
    match result {
        Ok(_) => Ok(visit.done(&Part::Roles.path(app), format!("{done} the app role {}.", role.display_name))),
        Err(refusal) => Ok(visit.show_again(render(visit, app, role, &mistakes_of(visit, &refusal, &FIELDS)?))),
    }
}

fn filled(mut role: AppRole, fields: &Fields) -> AppRole {
    let text = |name: &str| fields.text(name).trim().to_owned();
    role.display_name = text("display_name");
    role.allowed_member_types = fields.text("member_types").split(',').filter(|it| !it.is_empty()).map(str::to_owned).collect();
    role.value = Some(text("value"));
    role.description = text("description");
    role.is_enabled = fields.has("enabled");
    role
}

fn render(visit: &Visit, app: &Application, role: &AppRole, mistakes: &Mistakes) -> Page {
    let right = visit.right(Action::ManageApplication, Some(&app.id));
    let path = Part::Roles.path(app);
    let is_new = role.id.is_empty();
    let (part, action) = if is_new { ("Create app role", "new") } else { ("Edit app role", role.id.as_str()) };
    let page = Page::part(SECTION, &app.display_name, part).under(&app.display_name, Part::Overview.path(app));
    page.under(Part::Roles.name(), path.clone()).body(html! {
        (mistakes.summary())
        (right.note())
        form class="card pad stack" method="post" action={ (path) "/" (action) } {
            (csrf_field(&visit.session.csrf))
            (Field::required("display_name", "Display name")
                .hint(html! { "For people, in the list of roles to assign. It may hold spaces. For example: Claims adjuster." })
                .text(&role.display_name, mistakes))
            (Field::required("member_types", "Allowed member types").radio(&MEMBER_TYPES, &role.allowed_member_types.join(","), mistakes))
            (Field::required("value", "Value")
                .hint(html! { "For the code, in the " code { "roles" } " claim: it must match there letter by letter. No spaces, at most 120 characters. "
                    "For example: Claims.Adjuster." })
                .text(role.value.as_deref().unwrap_or_default(), mistakes))
            (Field::required("description", "Description").text(&role.description, mistakes))
            (tick_box("enabled", "1", html! { "Do you want to enable this app role?" small {
                "A disabled role can be given to nobody new. Whoever has it keeps it, and it can be deleted." } }, role.is_enabled))
            div class="submit" {
                (right.submit("fill", "Apply"))
                a class="btn line" href=(path) { "Cancel" }
                @if !is_new { (right.link("danger", Icon::Bin, "Delete", &format!("{path}/{}/delete", role.id))) }
            }
        }
    })
}
