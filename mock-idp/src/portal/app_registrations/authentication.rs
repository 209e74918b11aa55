//! GET|POST /portal/apps/{appId}/authentication: redirect URIs and the settings of sign-in.
//!
//! The page is a draft until it is saved: "Add URI" and "Remove" give it back with one row more or less, and nothing is changed.

mod draft;

use axum::{Router, extract::Path, response::Response, routing::get};
use maud::{Markup, html};

use super::{Part, SECTION, find, page_of};
use crate::{
    directory::{
        application::Application,
        directory_role::Action,
        refusal::Refusal,
        validation::{UriRules, redirect_uris},
    },
    html::outside_text,
    portal::{
        PortalState,
        form::Fields,
        icon::Icon,
        inputs::{Field, csrf_field, tick_box},
        mistakes::Mistakes,
        page::Page,
        right::Right,
        values::{Callout, callout},
        visit::{Instead, Visit},
    },
};
pub use draft::apply_settings;
use draft::{Draft, Rows};

/// The route.
pub fn routes() -> Router<PortalState> {
    Router::new().route("/portal/apps/{app_id}/authentication", get(show).post(answer))
}

async fn show(visit: Visit, Path(app_id): Path<String>) -> Result<Response, Instead> {
    let app = find(&visit, &app_id)?;
    Ok(visit.show(render(&visit, &app, &Draft::of(&app), &Mistakes::none())))
}

async fn answer(visit: Visit, Path(app_id): Path<String>, fields: Fields) -> Result<Response, Instead> {
    let app = find(&visit, &app_id)?;
    let mut draft = Draft::sent(&fields);
    if draft.edit_rows(&fields) {
        return Ok(visit.show(render(&visit, &app, &draft, &Mistakes::none())));
    }
    visit.require(Action::ManageApplication, Some(&app.id), SECTION)?;
    draft.drop_empty_rows();
    let mistakes = new_uri_mistakes(&app, &draft);
    if !mistakes.is_empty() {
        return Ok(visit.show_again(render(&visit, &app, &draft, &mistakes)));
    }
    let (id, wanted) = (app.id.clone(), draft.clone());
    match visit.edit(move |directory| directory.update_application(&id, |app| wanted.apply(app))).await {
        Ok(_) => Ok(visit.done(&Part::Authentication.path(&app), "Saved the authentication settings.")),
        Err(Refusal::NotKept(error)) => Err(visit.not_kept(SECTION, &error)),
        Err(refusal) => Ok(visit.show_again(render(&visit, &app, &draft, &draft.mistakes_of(&refusal)))),
    }
}

/// What the text boxes refuse about addresses that were not registered before. Those that a manifest brought may stay.
fn new_uri_mistakes(app: &Application, draft: &Draft) -> Mistakes {
    let mut mistakes = Mistakes::none();
    for rows in &draft.rows {
        let known: Vec<&str> = app.redirect_uris().filter(|(platform, _)| *platform == rows.platform).map(|(_, uri)| uri).collect();
        for (index, uri) in rows.uris.iter().enumerate().filter(|(_, uri)| !known.contains(&uri.as_str())) {
            if let Err(problem) = redirect_uris::uri(uri, rows.platform, UriRules::TextBox) {
                mistakes.about(rows.field(index), rows.name, problem.to_string());
            }
        }
    }
    mistakes
}

fn render(visit: &Visit, app: &Application, draft: &Draft, mistakes: &Mistakes) -> Page {
    let right = visit.right(Action::ManageApplication, Some(&app.id));
    let path = Part::Authentication.path(app);
    page_of(app, Part::Authentication).also_called("Authentication (Preview), with the tabs Redirect URI configuration and Settings").body(html! {
        (mistakes.summary())
        (right.note())
        (port_warning(app))
        p class="row" { (right.link("line", Icon::Plus, "Add Redirect URI", &format!("{path}/add"))) span class="note" { "Also called: Add a platform" } }
        form class="stack" method="post" action=(path) {
            (csrf_field(&visit.session.csrf))
            // Enter in a field presses the first button of a form: it must be the one that saves.
            button class="vh" type="submit" name="save" value="1" tabindex="-1" aria-hidden="true" disabled[right != Right::Held] { "Save" }
            section class="card" aria-labelledby="uris" {
                header { h2 id="uris" { "Redirect URI configuration" } }
                div class="pad stack" {
                    @if draft.rows.iter().all(|rows| rows.uris.is_empty()) { p class="note" { "No redirect URI is registered: nobody can sign in to the app yet." } }
                    @for rows in draft.rows.iter().filter(|rows| !rows.uris.is_empty()) { (uri_rows(rows, mistakes)) }
                    p class="note" { "A request must name one of them letter by letter; only the port of " code { "http://localhost" } " does not count. "
                        "A script's PATCH replaces the whole list, so it must send the old ones too." }
                }
            }
            section class="card" aria-labelledby="web-settings" {
                header { h2 id="web-settings" { "Settings" } }
                div class="pad stack" { (settings(draft, mistakes)) }
            }
            div class="submit" {
                button class="btn fill" type="submit" name="save" value="1" disabled[right != Right::Held] { "Save" }
                a class="btn line" href=(path) { "Discard" }
            }
        }
    })
}

fn uri_rows(rows: &Rows, mistakes: &Mistakes) -> Markup {
    html! {
        fieldset class="group" {
            legend { (rows.name) }
            ul class="uris" {
                @for (index, uri) in rows.uris.iter().enumerate() {
                    @let (id, mistake) = (rows.field(index), mistakes.of(&rows.field(index)));
                    li {
                        input id=(id) name=(rows.key) type="text" value=(uri) dir="ltr" autocomplete="off" spellcheck="false"
                            aria-label={ (rows.name) " redirect URI " (index + 1) }
                            aria-invalid=[mistake.map(|_| "true")] aria-describedby=[mistake.map(|_| format!("{id}-mistake"))];
                        button class="btn line" type="submit" name="remove" value={ (rows.key) ":" (index) } aria-label={ "Remove " (rows.name) " redirect URI " (index + 1) } {
                            (Icon::Bin) "Remove"
                        }
                        @if let Some(mistake) = mistake { p class="mistake" id={ (id) "-mistake" } { "Error: " (outside_text(mistake)) } }
                    }
                }
            }
            p { button class="btn sm" type="submit" name="add" value=(rows.key) { (Icon::Plus) "Add URI" } }
        }
    }
}

fn settings(draft: &Draft, mistakes: &Mistakes) -> Markup {
    html! {
        (Field::optional("logout_url", "Front-channel logout URL")
            .hint(html! { "The provider calls this address when a person signs out, so that the app ends its session too. For example " code { "https://example.com/logout" } "." })
            .text(&draft.logout_url, mistakes))
        (implicit_boxes(draft.access_tokens, draft.id_tokens))
        (Field::optional("public_client", "Allow public client flows")
            .hint(html! { "For apps that cannot keep a secret, for example on a phone. An app on a server does not need it." })
            .radio(&[("no", "No", ""), ("yes", "Yes", "")], if draft.public_client { "yes" } else { "no" }, mistakes))
    }
}

/// The two boxes of the implicit and hybrid flows.
pub fn implicit_boxes(access_tokens: bool, id_tokens: bool) -> Markup {
    html! {
        fieldset class="field" {
            legend { "Implicit grant and hybrid flows" }
            p class="hint" {
                "Which tokens /authorize may hand out by itself. The authorization code flow of this course needs "
                "neither. Without ID tokens, " code { "response_type=id_token" } " fails with AADSTS700054."
            }
            (tick_box("access_tokens", "1", html! { "Access tokens (used for implicit flows)" }, access_tokens))
            (tick_box("id_tokens", "1", html! { "ID tokens (used for implicit and hybrid flows)" }, id_tokens))
        }
    }
}

fn port_warning(app: &Application) -> Markup {
    let pairs = redirect_uris::differ_only_by_port(app);
    html! {
        @if !pairs.is_empty() {
            (callout(Callout::Warning, html! {
                p { strong { "These differ only by the port of localhost, which does not count:" } }
                @for (one, other) in &pairs { p { code { (outside_text(one)) } " and " code { (outside_text(other)) } } }
                p { "The first one that is registered is taken for both. Use different paths to tell two apps apart." }
            }))
        }
    }
}
