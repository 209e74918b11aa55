//! GET|POST /portal/enterprise-apps/{spId}/properties
//!
//! Microsoft Entra: "Properties of an enterprise application".

use axum::{Router, extract::Path, response::Response, routing::get};
use maud::{Markup, html};
use serde_json::Value;

use super::{
    super::{
        PortalState,
        form::Fields,
        inputs::{Field, csrf_field},
        mistakes::Mistakes,
        page::{Page, Section},
        values::copyable,
        visit::{Instead, Visit},
    },
    app::{EnterpriseApp, Home, Part, obstacle_note},
};
use crate::{
    directory::{directory_role::Action, service_principal::ServicePrincipal},
    html::outside_text,
};

/// The tag that keeps an app out of people's app launcher. Microsoft Graph v1.0: "servicePrincipal", `tags`.
const HIDE_APP: &str = "HideApp";

/// The routes.
pub fn routes() -> Router<PortalState> {
    Router::new().route("/portal/enterprise-apps/{id}/properties", get(show).post(save))
}

/// What the form holds.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Form {
    enabled: Answer,
    assignment_required: Answer,
    visible: Answer,
    notes: String,
}

/// One of the switches of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Answer {
    Yes,
    No,
}

impl Answer {
    const fn of(value: bool) -> Self {
        if value { Self::Yes } else { Self::No }
    }

    const fn value(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::No => "no",
        }
    }
}

impl Form {
    fn of(principal: &ServicePrincipal) -> Self {
        let notes = principal.other_properties.get("notes").and_then(Value::as_str).unwrap_or_default().to_owned();
        Self {
            enabled: Answer::of(principal.account_enabled),
            assignment_required: Answer::of(principal.app_role_assignment_required),
            visible: Answer::of(!tags(principal).iter().any(|tag| tag == HIDE_APP)),
            notes,
        }
    }

    fn sent(fields: &Fields) -> Self {
        let answer = |name: &str| Answer::of(fields.text(name) == "yes");
        // Browsers send a line break as two characters (HTML, "multipart/form-data" and its like).
        let notes = fields.text("notes").replace("\r\n", "\n");
        Self { enabled: answer("enabled"), assignment_required: answer("assignment_required"), visible: answer("visible"), notes }
    }

    fn write(&self, principal: &mut ServicePrincipal) {
        principal.account_enabled = self.enabled == Answer::Yes;
        principal.app_role_assignment_required = self.assignment_required == Answer::Yes;
        let mut tags = tags(principal);
        tags.retain(|tag| tag != HIDE_APP);
        if self.visible == Answer::No {
            tags.push(HIDE_APP.to_owned());
        }
        principal.other_properties.insert("tags".to_owned(), tags.into());
        let notes = if self.notes.is_empty() { Value::Null } else { Value::from(self.notes.as_str()) };
        principal.other_properties.insert("notes".to_owned(), notes);
    }
}

fn tags(principal: &ServicePrincipal) -> Vec<String> {
    let tags = principal.other_properties.get("tags").and_then(Value::as_array);
    tags.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

async fn show(visit: Visit, Path(id): Path<String>) -> Result<Response, Instead> {
    let app = EnterpriseApp::find(&visit, &id)?;
    Ok(visit.show(page(&visit, &app, &Form::of(&app.principal), &Mistakes::none())))
}

async fn save(visit: Visit, Path(id): Path<String>, fields: Fields) -> Result<Response, Instead> {
    let app = EnterpriseApp::find(&visit, &id)?;
    if let Some(reason) = app.obstacle(&visit, Action::ManageServicePrincipal) {
        return Err(visit.forbidden(Section::EnterpriseApps, &reason));
    }
    let form = Form::sent(&fields);
    let (id, sent) = (app.principal.id.clone(), form.clone());
    match visit.edit(move |directory| directory.update_service_principal(&id, |principal| sent.write(principal))).await {
        Ok(_) => Ok(visit.done(&app.path("properties"), "Saved the properties.")),
        Err(refusal) if refusal.property() == Some("notes") => {
            Ok(visit.show_again(page(&visit, &app, &form, &Mistakes::one("notes", refusal.to_string()))))
        }
        Err(refusal) => Err(app.refused(&visit, &refusal)),
    }
}

fn page(visit: &Visit, app: &EnterpriseApp, form: &Form, mistakes: &Mistakes) -> Page {
    let obstacle = app.obstacle(visit, Action::ManageServicePrincipal);
    app.page(Part::Properties).body(html! {
        (obstacle_note(obstacle.as_deref()))
        (mistakes.summary())
        section class="card" aria-label="Properties" {
            form method="post" action=(app.path("properties")) class="pad stack" {
                (csrf_field(&visit.session.csrf))
                fieldset class="stack" disabled[obstacle.is_some()] {
                    legend class="vh" { "Properties" }
                    (yes_no("enabled", "Enabled for users to sign in?", form.enabled, "No: nobody can sign in, assigned or not.", mistakes))
                    (name_and_ids(app))
                    (yes_no("assignment_required", "Assignment required?", form.assignment_required,
                        "Yes: only assigned users get in, and users can no longer consent for themselves, an administrator must. Global Administrators get in regardless.",
                        mistakes))
                    (yes_no("visible", "Visible to users?", form.visible,
                        "Yes: the app appears in people's My Apps, where the real directory has such a page. It changes nothing about who may sign in.", mistakes))
                    (Field::optional("notes", "Notes").hint(html! { "For administrators only, at most 1024 characters." }).lines(&form.notes, 4, mistakes))
                    div class="submit" {
                        button class="btn fill" type="submit" { "Save" }
                        a class="btn line" href=(app.path("properties")) { "Discard" }
                    }
                }
            }
        }
    })
}

fn yes_no(name: &str, label: &str, answer: Answer, explanation: &str, mistakes: &Mistakes) -> Markup {
    let field = Field::optional(name, label).hint(html! { (explanation) });
    field.radio(&[("yes", "Yes", ""), ("no", "No", "")], answer.value(), mistakes)
}

/// What cannot be changed here.
fn name_and_ids(app: &EnterpriseApp) -> Markup {
    let homepage = app.application.as_ref().and_then(|it| it.web.other_properties.get("homePageUrl")).and_then(Value::as_str);
    html! {
        dl class="facts flat" {
            div {
                dt { "Name" }
                dd {
                    (outside_text(&app.name))
                    @if app.home == Home::Here {
                        " " a class="note" href={ "/portal/apps/" (app.app_id()) "/branding" } { "Change it in the app registration" }
                    }
                }
            }
            div { dt { "Homepage URL" } dd { @match homepage { Some(url) => (outside_text(url)), None => span class="note" { "none" } } } }
            div { dt { "Application ID" } dd { (copyable("Application ID", app.app_id())) } }
            div { dt { "Object ID" } dd { (copyable("Object ID", &app.principal.id)) } }
        }
    }
}
