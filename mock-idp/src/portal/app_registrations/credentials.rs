//! GET /portal/apps/{appId}/credentials: "Certificates & secrets". Also deletes a secret.

use axum::{
    Router,
    extract::{Path, Query},
    response::Response,
    routing::get,
};
use maud::{Markup, html};
use serde::Deserialize;

use super::{Part, SECTION, find, or_refused, page_of};
use crate::{
    directory::{application::Application, credential::PasswordCredential, directory_role::Action},
    html::outside_text,
    portal::{
        PortalState,
        icon::Icon,
        inputs::csrf_field,
        page::Page,
        right::Right,
        values::{Callout, callout, copy_button, copyable, day, table},
        visit::{Instead, Visit},
    },
};

/// The routes.
pub fn routes() -> Router<PortalState> {
    Router::new()
        .route("/portal/apps/{app_id}/credentials", get(show))
        .route("/portal/apps/{app_id}/credentials/{key_id}/delete", get(ask).post(delete))
}

#[derive(Debug, Default, Deserialize)]
struct Asked {
    tab: Option<String>,
    created: Option<String>,
}

/// A secret in the one moment in which it is known.
struct JustMade {
    key_id: String,
    value: String,
}

async fn show(visit: Visit, Path(app_id): Path<String>, Query(asked): Query<Asked>) -> Result<Response, Instead> {
    let app = find(&visit, &app_id)?;
    let right = visit.right(Action::ManageApplication, Some(&app.id));
    let kept = asked.created.as_deref().and_then(|token| visit.take_for_one_page(token));
    let just_made = kept.as_deref().and_then(|kept| kept.split_once(' '));
    let just_made = just_made.map(|(key_id, value)| JustMade { key_id: key_id.to_owned(), value: value.to_owned() });
    let (tab, content) = match asked.tab.as_deref() {
        Some("certificates") => ("certificates", certificates(&app)),
        Some("federated") => ("federated", federated()),
        _ => ("secrets", secrets(&visit, &app, &right, just_made.as_ref())),
    };
    let page = page_of(&app, Part::Credentials).body(html! {
        p class="prose" {
            "Credentials let a confidential client prove to the identity platform which app it is. Anybody who has one can be the app, so "
            "it never goes into the source code."
        }
        @if let Some(made) = &just_made { (shown_once(&app, made)) }
        (right.note())
        section class="card" aria-label="Credentials" { (tabs(&app, tab)) (content) }
    });
    Ok(visit.show(page))
}

fn tabs(app: &Application, current: &str) -> Markup {
    let tabs = [
        ("certificates", format!("Certificates ({})", app.key_credentials.len())),
        ("secrets", format!("Client secrets ({})", app.password_credentials.len())),
        ("federated", "Federated credentials (0)".to_owned()),
    ];
    html! {
        nav class="tabs" aria-label="Kind of credential" {
            @for (tab, words) in &tabs {
                a href={ (Part::Credentials.path(app)) "?tab=" (tab) } aria-current=[(*tab == current).then_some("page")] { (words) }
            }
        }
    }
}

/// The commonest mistake of beginners is to note the Secret ID: so both are named where they can still be told apart.
fn shown_once(app: &Application, made: &JustMade) -> Markup {
    html! {
        section class="card" aria-labelledby="copy-now" {
            header { h2 id="copy-now" { "Copy the value now" } span class="badge warn" { (Icon::Exclamation) "Shown only once" } }
            dl class="facts" {
                div {
                    dt { strong { "Value" } br; "The secret. Your app needs it." }
                    dd { (copyable("secret value", &made.value)) }
                }
                div {
                    dt { strong { "Secret ID" } br; "Not a secret. Your app does not need it." }
                    dd { (copyable("Secret ID", &made.key_id)) }
                }
                div {
                    dt { "For the settings of your app" }
                    dd { code class="value long" { "CLIENT_SECRET=\"" (made.value) "\"" }
                        (copy_button("the line with the secret", &format!("CLIENT_SECRET=\"{}\"", made.value))) }
                }
            }
            div class="pad stack" {
                (callout(Callout::Warning, html! {
                    p { "When you leave or reload this page, the value is gone: the directory keeps only a hash of it. If you lose it, make "
                        "another secret and delete this one. An app that sends the Secret ID is refused with AADSTS7000215." }
                }))
                p class="note" { "Secrets of " (outside_text(&app.display_name)) " are listed below, with the first three characters of each." }
            }
        }
    }
}

fn secrets(visit: &Visit, app: &Application, right: &Right, just_made: Option<&JustMade>) -> Markup {
    let path = Part::Credentials.path(app);
    html! {
        div class="pad stack" {
            p { "A secret string that the application uses to prove its identity when requesting a token. Also called an application password." }
            p { (right.link("line", Icon::Plus, "New client secret", &format!("{path}/new-secret"))) }
        }
        @if app.password_credentials.is_empty() {
            p class="empty" { "No client secrets have been created for this application." }
        } @else {
            (table("Client secrets", &["Description", "Expires", "Value", "Secret ID", "Actions"], html! {
                @for secret in &app.password_credentials { (row(visit, &path, secret, right, just_made)) }
            }))
        }
    }
}

fn row(visit: &Visit, path: &str, secret: &PasswordCredential, right: &Right, just_made: Option<&JustMade>) -> Markup {
    let hint = secret.hint.as_deref().unwrap_or_default();
    let is_new = just_made.is_some_and(|made| made.key_id == secret.key_id);
    html! {
        tr {
            th scope="row" { (outside_text(name(secret))) @if is_new { " " span class="badge ok" { "New" } } }
            td class="day" {
                @match secret.end_date_time { Some(end) => (day(end)), None => "Never" }
                @if !secret.is_current(visit.now) {
                    " " @if secret.start_date_time.is_some_and(|start| visit.now < start) { span class="badge warn" { "Not yet valid" } }
                    @else { span class="badge bad" { "Expired" } }
                }
            }
            td { code { (outside_text(hint)) "******************" } }
            td { code class="id" { (secret.key_id) } }
            td class="act" { (right.link("sm danger", Icon::Bin, "Delete", &format!("{path}/{}/delete", secret.key_id))) }
        }
    }
}

fn name(secret: &PasswordCredential) -> &str {
    secret.display_name.as_deref().filter(|name| !name.trim().is_empty()).unwrap_or("(no description)")
}

fn certificates(app: &Application) -> Markup {
    html! {
        div class="pad" { p { "Certificates can be used as secrets to prove the application's identity. The course does not need one; Microsoft Graph's "
            code { "PATCH /applications" } " adds one here." } }
        @if app.key_credentials.is_empty() {
            p class="empty" { "No certificates have been added for this application." }
        } @else {
            (table("Certificates", &["Certificate ID"], html! {
                @for key in &app.key_credentials { tr { th scope="row" { code { (outside_text(&key.key_id)) } } } }
            }))
        }
    }
}

fn federated() -> Markup {
    html! {
        div class="pad" { p { "A federated credential lets another identity, for example that of a GitHub Actions run, get tokens as this app "
            "without a secret. This practice directory does not model it." } }
    }
}

async fn ask(visit: Visit, Path((app_id, key_id)): Path<(String, String)>) -> Result<Response, Instead> {
    let app = find(&visit, &app_id)?;
    let secret = app.password_credentials.iter().find(|secret| secret.key_id.eq_ignore_ascii_case(&key_id));
    let Some(secret) = secret else {
        return Err(visit.not_found(
            SECTION,
            "client secret",
            html! { p { a href=(Part::Credentials.path(&app)) { "Certificates & secrets" } } },
        ));
    };
    let right = visit.right(Action::ManageApplication, Some(&app.id));
    let path = Part::Credentials.path(&app);
    let page = Page::part(SECTION, &app.display_name, "Delete client secret").under(&app.display_name, Part::Overview.path(&app));
    Ok(visit.show(page.under(Part::Credentials.name(), path.clone()).body(html! {
        (right.note())
        form class="card pad stack" method="post" action={ (path) "/" (secret.key_id) "/delete" } {
            (csrf_field(&visit.session.csrf))
            p { "Delete the client secret “" (outside_text(name(secret))) "” with the Secret ID " code { (secret.key_id) } "?" }
            p { "An app that still uses it can get no more tokens from that moment on. Tokens that it has stay valid until they expire." }
            div class="submit" { (right.submit("line danger", "Delete")) a class="btn line" href=(path) { "Cancel" } }
        }
    })))
}

async fn delete(visit: Visit, Path((app_id, key_id)): Path<(String, String)>) -> Result<Response, Instead> {
    let app = find(&visit, &app_id)?;
    visit.require(Action::ManageApplication, Some(&app.id), SECTION)?;
    let id = app.id.clone();
    let removed = visit.edit(move |directory| directory.remove_password(&id, &key_id)).await;
    or_refused(&visit, removed)?;
    Ok(visit.done(&Part::Credentials.path(&app), "Deleted the client secret."))
}
