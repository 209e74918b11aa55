//! GET|POST /portal/enterprise-apps/{spId}/users-and-groups/add: "Add Assignment".
//!
//! The two panes of the real page, one below the other in one form: who, and which role. Every button keeps what was chosen so far.
//! Microsoft Entra: "Manage users and groups assignment to an application".

use axum::{
    Router,
    extract::{Path, RawQuery},
    response::Response,
    routing::get,
};

use super::{
    super::{
        PortalState,
        form::Fields,
        mistakes::Mistakes,
        page::Section,
        principal::Principal,
        visit::{Instead, Visit, encoded, see_other},
    },
    app::{EnterpriseApp, Home},
};
use crate::directory::{
    application::AppRole,
    assignment::{DEFAULT_ACCESS, PrincipalType},
    directory_role::Action,
    refusal::Refusal,
};

mod pane;

/// The routes.
pub fn routes() -> Router<PortalState> {
    Router::new().route("/portal/enterprise-apps/{id}/users-and-groups/add", get(show).post(answer))
}

/// What was chosen so far.
#[derive(Debug, Clone, Default)]
struct Choice {
    principals: Vec<Principal>,
    role: String,
    words: String,
}

impl Choice {
    fn read(visit: &Visit, fields: &Fields) -> Self {
        let mut ids: Vec<&str> = Vec::new();
        for id in fields.all("principal") {
            if !ids.contains(&id) {
                ids.push(id);
            }
        }
        Self {
            principals: ids.into_iter().filter_map(|id| Principal::find(&visit.directory, id)).collect(),
            role: fields.text("role").to_owned(),
            words: fields.text("q").trim().to_owned(),
        }
    }

    /// The address of the page with this choice, for the redirect after a button that only goes on choosing.
    fn path(&self, app: &EnterpriseApp) -> String {
        let mut pairs: Vec<(&str, &str)> = self.principals.iter().map(|it| ("principal", it.id.as_str())).collect();
        pairs.extend([("role", self.role.as_str()), ("q", self.words.as_str())].into_iter().filter(|(_, value)| !value.is_empty()));
        format!("{}?{}", app.path("users-and-groups/add"), encoded(&pairs))
    }
}

/// The roles that can be assigned to users and groups now. A disabled one cannot, though those who have it keep it
/// ("Add app roles to your application").
fn offered(app: &EnterpriseApp) -> Vec<&AppRole> {
    let for_people = |role: &&AppRole| role.allowed_member_types.iter().any(|it| it == PrincipalType::User.member_type());
    app.roles().iter().filter(|role| role.is_enabled).filter(for_people).collect()
}

async fn show(visit: Visit, Path(id): Path<String>, RawQuery(query): RawQuery) -> Result<Response, Instead> {
    let app = allowed(&visit, &id)?;
    let choice = Choice::read(&visit, &Fields::parse(query.unwrap_or_default().as_bytes()));
    Ok(visit.show(pane::page(&visit, &app, &choice, &Mistakes::none())))
}

/// The app, if the visitor may assign its roles.
fn allowed(visit: &Visit, id: &str) -> Result<EnterpriseApp, Instead> {
    let app = EnterpriseApp::find(visit, id)?;
    match app.obstacle(visit, Action::AssignAppRole) {
        Some(reason) => Err(visit.forbidden(Section::EnterpriseApps, &reason)),
        None => Ok(app),
    }
}

async fn answer(visit: Visit, Path(id): Path<String>, fields: Fields) -> Result<Response, Instead> {
    let app = allowed(&visit, &id)?;
    let choice = Choice::read(&visit, &fields);
    match fields.text("go") {
        "assign" => assign(&visit, &app, choice).await,
        "show-all" => Ok(see_other(&Choice { words: String::new(), ..choice }.path(&app))),
        _ => Ok(see_other(&choice.path(&app))),
    }
}

async fn assign(visit: &Visit, app: &EnterpriseApp, mut choice: Choice) -> Result<Response, Instead> {
    if choice.role.is_empty() && app.roles().is_empty() && app.home != Home::Microsoft {
        choice.role = DEFAULT_ACCESS.to_owned();
    }
    let mut mistakes = Mistakes::none();
    if choice.principals.is_empty() {
        mistakes.add("principals", "Select at least one user or group.");
    }
    if choice.role.is_empty() {
        mistakes.add("role", "Select a role.");
    }
    if mistakes.is_empty() {
        let (resource, role, now) = (app.principal.id.clone(), choice.role.clone(), visit.now);
        let ids: Vec<String> = choice.principals.iter().map(|it| it.id.clone()).collect();
        let assigned = visit.edit(move |directory| {
            let mut assign =
                |id: &String| directory.assign_app_role(id, &resource, &role, now).map_err(|refusal| Refused { id: id.clone(), refusal });
            ids.iter().try_for_each(|id| assign(id).map(drop))
        });
        match assigned.await {
            Ok(()) => {
                let whom = match choice.principals.as_slice() {
                    [one] => one.name.clone(),
                    several => format!("{} users and groups", several.len()),
                };
                return Ok(visit.done(&app.path("users-and-groups"), format!("Assigned the role to {whom}.")));
            }
            Err(refused) => mistakes = refused.mistake(visit, app, &choice)?,
        }
    }
    Ok(visit.show_again(pane::page(visit, app, &choice, &mistakes)))
}

/// The first of several assignments that was refused; then none was made.
struct Refused {
    id: String,
    refusal: Refusal,
}

impl From<crate::directory::EditError> for Refused {
    fn from(error: crate::directory::EditError) -> Self {
        Self { id: String::new(), refusal: error.into() }
    }
}

impl Refused {
    fn mistake(self, visit: &Visit, app: &EnterpriseApp, choice: &Choice) -> Result<Mistakes, Instead> {
        let name = choice.principals.iter().find(|it| it.id == self.id).map_or("One of them", |it| it.name.as_str());
        match self.refusal {
            Refusal::AlreadyAssigned => {
                Ok(Mistakes::one("principals", format!("{name} already holds this role. Take it off the selection.")))
            }
            Refusal::MemberTypeNotAllowed(_) => {
                Ok(Mistakes::one("role", format!("This role cannot be assigned to {name}: it is for applications.")))
            }
            Refusal::RoleNotFound(_) | Refusal::RoleNeeded => {
                Ok(Mistakes::one("role", "This role is disabled or was deleted. Select another one."))
            }
            refusal => Err(app.refused(visit, &refusal)),
        }
    }
}
