//! GET /portal/apps/{appId}: the essentials of one app, and what a beginner needs to know about them. Also its endpoints.

use axum::{Router, extract::Path, response::Response, routing::get};
use maud::{Markup, html};

use super::{Part, find, new::account_types, page_of, readiness};
use crate::{
    directory::{application::Application, directory_role::Action},
    html::outside_text,
    portal::{
        PortalState,
        icon::Icon,
        page::Page,
        values::{card, copy_button, copyable, table},
        visit::{Instead, Visit},
    },
};

/// The routes.
pub fn routes() -> Router<PortalState> {
    Router::new().route("/portal/apps/{app_id}", get(overview)).route("/portal/apps/{app_id}/endpoints", get(endpoints))
}

async fn overview(visit: Visit, Path(app_id): Path<String>) -> Result<Response, Instead> {
    let app = find(&visit, &app_id)?;
    let right = visit.right(Action::ManageApplication, Some(&app.id));
    let overview = Part::Overview.path(&app);
    let principal = visit.directory.service_principal(&app.app_id);
    let page = page_of(&app, Part::Overview)
        .actions(html! {
            a class="btn" href={ (overview) "/endpoints" } { (Icon::Link) "Endpoints" }
            @if let Some(principal) = principal {
                a class="btn" href={ "/portal/enterprise-apps/" (principal.id) } { (Icon::Building) "Open enterprise app" }
            }
            (right.link("danger", Icon::Bin, "Delete", &format!("{overview}/delete")))
            (right.note())
        })
        .body(html! {
            (card("essentials", "Essentials", essentials(&visit, &app)))
            div class="cols" {
                div class="stack" {
                    (card("which", "Which ID goes where", which_id()))
                    (card("settings", "App settings", settings(&visit, &app)))
                }
                (readiness::card(&visit, &app))
            }
        });
    Ok(visit.show(page))
}

fn essentials(visit: &Visit, app: &Application) -> Markup {
    let tenant = &visit.directory.organization;
    let principal = visit.directory.service_principal(&app.app_id);
    let counts = [&app.web.redirect_uris, &app.spa.redirect_uris, &app.public_client.redirect_uris].map(Vec::len);
    let certificates = app.key_credentials.len();
    let secrets = app.password_credentials.len();
    let link = |part: Part, words: Markup| html! { a href=(part.path(app)) { (words) } };
    html! {
        dl class="ess" {
            (fact("Display name", link(Part::Branding, outside_text(&app.display_name))))
            (fact("Application (client) ID", copyable("Application (client) ID", &app.app_id)))
            (fact("Object ID", copyable("Object ID", &app.id)))
            (fact("Directory (tenant) ID", copyable("Directory (tenant) ID", &tenant.id)))
            (fact("Supported account types", link(Part::Authentication, outside_text(&audience(visit, app)))))
            (fact("Client credentials", link(Part::Credentials, html! {
                (certificates) " " (plural(certificates, "certificate")) ", " (secrets) " " (plural(secrets, "secret"))
            })))
            (fact("Redirect URIs", link(Part::Authentication, html! {
                (counts[0]) " web, " (counts[1]) " spa, " (counts[2]) " public client"
            })))
            (fact("Application ID URI", html! {
                @match app.identifier_uris.first() { Some(uri) => code { (outside_text(uri)) }, None => "None: this app is no API" }
            }))
            (fact("Managed application in local directory", html! {
                @match principal {
                    Some(principal) => a href={ "/portal/enterprise-apps/" (principal.id) } { (outside_text(&app.display_name)) },
                    None => "None: nobody can be given a role until somebody consents",
                }
            }))
            (fact("State", state(principal.map(|it| it.account_enabled))))
        }
    }
}

fn fact(name: &str, value: Markup) -> Markup {
    html! { div { dt { (name) } dd { (value) } } }
}

fn state(enabled: Option<bool>) -> Markup {
    html! {
        @match enabled {
            Some(true) => span class="badge ok" { (Icon::Tick) "Activated" },
            Some(false) => span class="badge bad" { "Deactivated" },
            None => span class="badge warn" { (Icon::Exclamation) "No enterprise app" },
        }
    }
}

/// "1 secret" and "0 secrets"; the portal of the real thing writes "0 certificate".
fn plural(count: usize, word: &str) -> String {
    if count == 1 { word.to_owned() } else { format!("{word}s") }
}

fn audience(visit: &Visit, app: &Application) -> String {
    let types = account_types(&visit.directory.organization.display_name);
    types.into_iter().find(|(_, audience, _)| *audience == app.sign_in_audience).map(|(_, _, words)| words).unwrap_or_default()
}

fn which_id() -> Markup {
    table(
        "Which ID goes where",
        &["Value", "In your app", "Mixing it up gives"],
        html! {
            tr { th scope="row" { "Application (client) ID" } td { code { "CLIENT_ID" } } td { "AADSTS700016, application not found" } }
            tr { th scope="row" { "Directory (tenant) ID" } td { "Last part of " code { "AUTHORITY" } } td { "AADSTS90002, tenant not found" } }
            tr { th scope="row" { "Secret value" } td { code { "CLIENT_SECRET" } } td { "AADSTS7000215 if you paste the Secret ID" } }
            tr { th scope="row" { "Object ID" } td { strong { "Nowhere." } " Only for calls to Microsoft Graph" } td { "AADSTS700016 again" } }
        },
    )
}

fn settings(visit: &Visit, app: &Application) -> Markup {
    let tenant = visit.directory.tenant_id();
    let lines = [
        ("AUTHORITY", format!("{}/{tenant}", visit.origin)),
        ("CLIENT_ID", app.app_id.clone()),
        ("REDIRECT_URI", app.web.redirect_uris.first().cloned().unwrap_or_default()),
        ("SCOPE", "User.Read".to_owned()),
        ("ENDPOINT", format!("{}/graph/v1.0/me", visit.origin)),
    ];
    let text = lines.iter().map(|(name, value)| format!("{name}={value}\n")).collect::<String>();
    html! {
        div class="pad stack" {
            pre class="code wrap" {
                @for (name, value) in &lines { b { (name) } "=" (outside_text(value)) "\n" }
                b { "CLIENT_SECRET" } "=" i { "shown once, when you make it" }
            }
            p class="row" { (copy_button("App settings", &text)) span class="note" { "Moving to a real tenant changes these lines and nothing in your code." } }
        }
    }
}

async fn endpoints(visit: Visit, Path(app_id): Path<String>) -> Result<Response, Instead> {
    let app = find(&visit, &app_id)?;
    let authority = format!("{}/{}", visit.origin, visit.directory.tenant_id());
    let addresses = [
        ("OAuth 2.0 authorization endpoint (v2)", format!("{authority}/oauth2/v2.0/authorize")),
        ("OAuth 2.0 token endpoint (v2)", format!("{authority}/oauth2/v2.0/token")),
        ("OpenID Connect metadata document", format!("{authority}/v2.0/.well-known/openid-configuration")),
        ("Microsoft Graph API endpoint", format!("{}/graph/v1.0", visit.origin)),
    ];
    let body = card(
        "endpoints",
        "Endpoints",
        html! {
            dl class="facts" { @for (name, address) in &addresses { (fact(name, copyable(name, address))) } }
            p class="pad note" { "A library needs only the metadata document, or the authority above it: the others are written in it." }
        },
    );
    let page = Page::part(super::SECTION, &app.display_name, "Endpoints").under(&app.display_name, Part::Overview.path(&app));
    Ok(visit.show(page.body(body)))
}
