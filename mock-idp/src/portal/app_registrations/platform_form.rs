//! GET|POST /portal/apps/{appId}/authentication/add/{web|spa|native}: "Add Redirect URI", formerly "Add a platform".

use axum::{Router, extract::Path, response::Response, routing::get};
use maud::{Markup, html};

use super::{
    Part, SECTION,
    authentication::{apply_settings, implicit_boxes},
    find, mistakes_of,
    new::platform,
};
use crate::{
    directory::{
        application::{Application, Platform},
        directory_role::Action,
        validation::{UriRules, redirect_uris},
    },
    portal::{
        PortalState,
        form::Fields,
        inputs::{Field, csrf_field, tick_box},
        mistakes::Mistakes,
        page::Page,
        visit::{Instead, Visit},
    },
};

/// The platforms: their name in addresses, the words for them, and what kind of app they are for.
const PLATFORMS: [(&str, &str, &str); 3] = [
    ("web", "Web", "An app on a server, which can keep a secret. The course builds one."),
    ("spa", "Single-page application", "An app that runs in the browser and redeems its codes itself."),
    ("native", "Mobile and desktop applications", "A program on a device, which cannot keep a secret."),
];

const FIELDS: [(&str, &str, &str); 4] = [
    ("web.redirectUris", "redirect_uri", "Redirect URI"),
    ("spa.redirectUris", "redirect_uri", "Redirect URI"),
    ("publicClient.redirectUris", "redirect_uri", "Redirect URI"),
    ("web.logoutUrl", "logout_url", "Front-channel logout URL"),
];

/// The routes.
pub fn routes() -> Router<PortalState> {
    Router::new()
        .route("/portal/apps/{app_id}/authentication/add", get(choose))
        .route("/portal/apps/{app_id}/authentication/add/{platform}", get(show).post(add))
}

async fn choose(visit: Visit, Path(app_id): Path<String>) -> Result<Response, Instead> {
    let app = find(&visit, &app_id)?;
    let path = Part::Authentication.path(&app);
    Ok(visit.show(page(&app, "Add Redirect URI").also_called("Configure platforms").body(html! {
        p { "Select a platform to add redirect URI." }
        ul class="tiles" {
            @for (key, name, purpose) in PLATFORMS {
                li { a class="tile" href={ (path) "/add/" (key) } { span class="name" { (name) } span class="note" { (purpose) } } }
            }
        }
    })))
}

fn page(app: &Application, part: &str) -> Page {
    Page::part(SECTION, &app.display_name, part)
        .under(&app.display_name, Part::Overview.path(app))
        .under(Part::Authentication.name(), Part::Authentication.path(app))
}

fn known(visit: &Visit, app: &Application, name: &str) -> Result<(Platform, &'static str), Instead> {
    let words = PLATFORMS.iter().find(|(key, ..)| *key == name).map(|(_, words, _)| *words);
    platform(name).zip(words).ok_or_else(|| {
        visit.not_found(SECTION, "platform", html! { p { a href={ (Part::Authentication.path(app)) "/add" } { "The platforms" } } })
    })
}

async fn show(visit: Visit, Path((app_id, name)): Path<(String, String)>) -> Result<Response, Instead> {
    let app = find(&visit, &app_id)?;
    let (platform, words) = known(&visit, &app, &name)?;
    Ok(visit.show(render(&visit, &app, (platform, &name, words), &Fields::default(), &Mistakes::none())))
}

async fn add(visit: Visit, Path((app_id, name)): Path<(String, String)>, fields: Fields) -> Result<Response, Instead> {
    let app = find(&visit, &app_id)?;
    let (platform, words) = known(&visit, &app, &name)?;
    visit.require(Action::ManageApplication, Some(&app.id), SECTION)?;
    let again = |mistakes: &Mistakes| visit.show_again(render(&visit, &app, (platform, &name, words), &fields, mistakes));
    let uris: Vec<String> = fields.all("redirect_uri").map(|uri| uri.trim().to_owned()).filter(|uri| !uri.is_empty()).collect();
    let wrong = uris.iter().find_map(|uri| redirect_uris::uri(uri, platform, UriRules::TextBox).err());
    let missing = uris.is_empty().then(|| "Give the address to which the answer is sent.".to_owned());
    if let Some(sentence) = wrong.map(|problem| problem.to_string()).or(missing) {
        let mut mistakes = Mistakes::none();
        mistakes.about("redirect_uri", "Redirect URI", sentence);
        return Ok(again(&mistakes));
    }
    let (id, sent) = (app.id.clone(), fields.clone());
    let change = move |app: &mut Application| {
        app.redirect_uris_of(platform).extend(uris);
        if platform == Platform::Web {
            apply_settings(app, sent.text("logout_url").trim(), sent.has("access_tokens"), sent.has("id_tokens"));
        }
    };
    match visit.edit(move |directory| directory.update_application(&id, change)).await {
        Ok(_) => Ok(visit.done(&Part::Authentication.path(&app), "Added the redirect URI.")),
        Err(refusal) => Ok(again(&mistakes_of(&visit, &refusal, &FIELDS)?)),
    }
}

fn render(visit: &Visit, app: &Application, (platform, key, words): (Platform, &str, &str), fields: &Fields, mistakes: &Mistakes) -> Page {
    let right = visit.right(Action::ManageApplication, Some(&app.id));
    let path = Part::Authentication.path(app);
    page(app, &format!("Add Redirect URI, {words}")).body(html! {
        (mistakes.summary())
        (right.note())
        form class="card pad stack" method="post" action={ (path) "/add/" (key) } {
            (csrf_field(&visit.session.csrf))
            @if platform == Platform::PublicClient { (suggestions(app, fields)) }
            (Field::required("redirect_uri", "Redirect URI")
                .hint(hint(platform))
                .text(typed(app, fields), mistakes))
            @if platform == Platform::Web { (web_settings(app, fields, mistakes)) }
            div class="submit" { (right.submit("fill", "Configure")) a class="btn line" href=(path) { "Cancel" } }
        }
    })
}

/// The last one that was sent and is no suggestion: the suggestions stand above the text box.
fn typed<'a>(app: &Application, fields: &'a Fields) -> &'a str {
    let suggested = suggested(app);
    fields.all("redirect_uri").filter(|uri| !suggested.iter().any(|it| it == uri)).last().unwrap_or_default()
}

fn hint(platform: Platform) -> Markup {
    html! {
        "The address to which the answer is sent after sign-in. It starts with https, or with http://localhost while you develop."
        @match platform {
            Platform::Web => " For the course: http://localhost:5000/getAToken",
            Platform::SinglePage => " Codes that are sent here can only be redeemed from the browser.",
            Platform::PublicClient => " Leave it empty if a suggestion above is enough.",
        }
    }
}

fn suggested(app: &Application) -> [String; 2] {
    [format!("msal{}://auth", app.app_id), "http://localhost".to_owned()]
}

fn suggestions(app: &Application, fields: &Fields) -> Markup {
    html! {
        fieldset class="field" {
            legend { "Suggested redirect URIs" }
            @for uri in suggested(app) {
                (tick_box("redirect_uri", &uri, html! { code { (uri) } }, fields.all("redirect_uri").any(|it| it == uri)))
            }
        }
    }
}

fn web_settings(app: &Application, fields: &Fields, mistakes: &Mistakes) -> Markup {
    // Untouched, the form keeps what is set already.
    let is_new = !fields.has("redirect_uri");
    let implicit = &app.web.implicit_grant_settings;
    let logout_url = if is_new { app.web.logout_url.as_deref().unwrap_or_default() } else { fields.text("logout_url") };
    html! {
        (Field::optional("logout_url", "Front-channel logout URL").text(logout_url, mistakes))
        (implicit_boxes(
            if is_new { implicit.enable_access_token_issuance } else { fields.has("access_tokens") },
            if is_new { implicit.enable_id_token_issuance } else { fields.has("id_tokens") },
        ))
    }
}
