//! GET|POST /portal/sign-in, POST /portal/sign-out
//!
//! Departs from Entra: choosing an account is enough and no password is asked, so that practice stays quick and people can see the
//! portal with the eyes of an administrator and of somebody without rights.

use std::sync::Arc;

use axum::{
    Router,
    extract::{Query, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use maud::{Markup, html};
use serde::Deserialize;

use super::{
    PortalState,
    form::Fields,
    inputs::{Field, csrf_field},
    mistakes::Mistakes,
    page,
    session::{Person, PortalSession},
    theme::Theme,
    visit::{local_path, see_other},
};
use crate::{
    directory::{Directory, user::User},
    html::outside_text,
};

/// So many accounts are offered to pick; any other is typed.
const OFFERED: usize = 12;

/// The routes.
pub fn routes() -> Router<PortalState> {
    Router::new().route("/portal/sign-in", get(show).post(sign_in)).route("/portal/sign-out", post(sign_out))
}

#[derive(Debug, Default, Deserialize)]
struct Asked {
    #[serde(rename = "return")]
    back: Option<String>,
}

async fn show(State(state): State<PortalState>, headers: HeaderMap, Query(asked): Query<Asked>) -> Response {
    let known = state.sessions.of(&headers);
    let is_new = known.is_none();
    let session = known.unwrap_or_else(|| state.sessions.begin(&state.entropy));
    let back = local_path(asked.back.as_deref().unwrap_or("/portal"));
    let page = render(&state, &session, Theme::of(&headers), &back, "", &Mistakes::none());
    if is_new { ([(header::SET_COOKIE, session.cookie())], page).into_response() } else { page.into_response() }
}

async fn sign_in(State(state): State<PortalState>, headers: HeaderMap, fields: Fields) -> Response {
    let picked = fields.text("username").trim().to_owned();
    let session = state.sessions.of(&headers).unwrap_or_default();
    let back = local_path(fields.text("return"));
    match find_person(&state, &picked) {
        Ok(person) => {
            let session = state.sessions.sign_in(&session.id, person, &state.entropy);
            ([(header::SET_COOKIE, session.cookie())], see_other(&back)).into_response()
        }
        Err(message) => {
            let mistakes = Mistakes::one("username", message);
            (StatusCode::UNPROCESSABLE_ENTITY, render(&state, &session, Theme::of(&headers), &back, &picked, &mistakes)).into_response()
        }
    }
}

async fn sign_out(State(state): State<PortalState>, headers: HeaderMap) -> Response {
    if let Some(session) = state.sessions.of(&headers) {
        state.sessions.end(&session.id);
    }
    see_other("/portal/sign-in")
}

fn find_person(state: &PortalState, name: &str) -> Result<Person, String> {
    if name.is_empty() {
        return Err("Pick an account, or type a user name.".to_owned());
    }
    let directory = state.tenants.of_user(name).ok_or_else(|| format!("No tenant has an account named '{name}'."))?;
    match directory.user_by_principal_name(name) {
        Some(user) if user.account_enabled => Ok(Person { tenant_id: directory.tenant_id().to_owned(), user_id: user.id.clone() }),
        _ => Err(format!("The account '{name}' is disabled.")),
    }
}

fn render(state: &PortalState, session: &PortalSession, theme: Theme, back: &str, typed: &str, mistakes: &Mistakes) -> Markup {
    let tenants = state.tenants.all();
    let username = Field::required("username", "Or type the user name of any account");
    page::outside(
        "Sign in to the portal",
        theme,
        None,
        html! {
            h1 { "Sign in to the portal" }
            p { "Pick who you are. No password is asked here, because this is practice." }
            (mistakes.summary())
            (form_of(session, back, html! { @for directory in &tenants { (accounts_of(directory)) } }))
            // A form of its own: Enter in the field must not press the first account's button.
            (form_of(session, back, html! {
                (username.text(typed, mistakes))
                p { button class="btn line" type="submit" { "Sign in" } }
            }))
        },
    )
}

fn form_of(session: &PortalSession, back: &str, content: Markup) -> Markup {
    html! {
        form class="stack" method="post" action="/portal/sign-in" {
            (csrf_field(&session.csrf))
            input type="hidden" name="return" value=(back);
            (content)
        }
    }
}

/// Those who hold a directory role come first, since most steps need one.
fn accounts_of(directory: &Arc<Directory>) -> Markup {
    let enabled = || directory.users.iter().filter(|user| user.account_enabled);
    let administrators = enabled().filter(|user| !user.directory_roles.is_empty()).take(OFFERED);
    let others = enabled().filter(|user| user.directory_roles.is_empty()).take(OFFERED);
    let offered: Vec<&User> = administrators.chain(others).take(OFFERED).collect();
    html! {
        fieldset class="accounts" {
            legend { (outside_text(&directory.organization.display_name)) }
            ul class="tiles" { @for user in offered { li { (tile(user)) } } }
        }
    }
}

fn tile(user: &User) -> Markup {
    html! {
        button class="tile" type="submit" name="username" value=(user.user_principal_name) {
            span class="name" { (outside_text(&user.display_name)) }
            span class="note" { (outside_text(&user.user_principal_name)) }
            @match user.directory_roles.as_slice() {
                [] => span class="badge" { "cannot administer" },
                roles => @for role in roles { span class="badge ok" { (outside_text(role)) } },
            }
        }
    }
}
