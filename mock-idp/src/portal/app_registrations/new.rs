//! GET|POST /portal/apps/new: "Register an application".

use axum::{Router, response::Response, routing::get};
use maud::{Markup, html};

use super::{Part, SECTION, mistakes_of};
use crate::{
    directory::{
        application::{Application, Platform, SignInAudience},
        directory_role::Action,
        refusal::Refusal,
        validation::{self, UriRules},
    },
    html::outside_text,
    portal::{
        PortalState,
        form::Fields,
        inputs::{Field, csrf_field},
        mistakes::Mistakes,
        page::Page,
        visit::{Instead, Visit},
    },
};

/// The properties of an application, the fields that hold them, and their labels.
const FIELDS: [(&str, &str, &str); 4] = [
    ("displayName", "name", "Name"),
    ("web.redirectUris", "redirect_uri", "Redirect URI"),
    ("spa.redirectUris", "redirect_uri", "Redirect URI"),
    ("publicClient.redirectUris", "redirect_uri", "Redirect URI"),
];

/// The platforms in the order of the drop-down list.
const PLATFORMS: [(&str, &str); 4] = [
    ("", "Select a platform"),
    ("native", "Public client/native (mobile & desktop)"),
    ("web", "Web"),
    ("spa", "Single-page application (SPA)"),
];

/// The platform under this name in forms and addresses.
pub fn platform(name: &str) -> Option<Platform> {
    match name {
        "web" => Some(Platform::Web),
        "spa" => Some(Platform::SinglePage),
        "native" => Some(Platform::PublicClient),
        _ => None,
    }
}

/// The supported account types in the order of the drop-down list: value and words.
pub fn account_types(tenant_name: &str) -> [(&'static str, SignInAudience, String); 4] {
    [
        ("AzureADMyOrg", SignInAudience::AzureADMyOrg, format!("Single tenant only - {tenant_name}")),
        ("AzureADMultipleOrgs", SignInAudience::AzureADMultipleOrgs, "Multiple Entra ID tenants".to_owned()),
        (
            "AzureADandPersonalMicrosoftAccount",
            SignInAudience::AzureADandPersonalMicrosoftAccount,
            "Any Entra ID Tenant + Personal Microsoft accounts".to_owned(),
        ),
        ("PersonalMicrosoftAccount", SignInAudience::PersonalMicrosoftAccount, "Personal accounts only".to_owned()),
    ]
}

/// The routes.
pub fn routes() -> Router<PortalState> {
    Router::new().route("/portal/apps/new", get(show).post(register))
}

async fn show(visit: Visit) -> Response {
    visit.show(render(&visit, &Fields::default(), &Mistakes::none()))
}

async fn register(visit: Visit, fields: Fields) -> Result<Response, Instead> {
    visit.require(Action::RegisterApplication, None, SECTION)?;
    let (application, mistakes) = read(&visit, &fields);
    if !mistakes.is_empty() {
        return Ok(visit.show_again(render(&visit, &fields, &mistakes)));
    }
    let (owner, now, entropy) = (visit.user.id.clone(), visit.now, visit.entropy().clone());
    let registered = visit.edit(move |directory| directory.register_application(application, Some(&owner), now, &entropy)).await;
    match registered {
        Ok(app) => Ok(visit.done(
            &Part::Overview.path(&app),
            format!("Registered {}. Its service principal, the enterprise app, was made with it.", app.display_name),
        )),
        Err(refusal) => Ok(visit.show_again(render(&visit, &fields, &mistakes_of(&visit, &refusal, &FIELDS)?))),
    }
}

/// The application that the form describes, and everything that the directory would refuse about it.
fn read(visit: &Visit, fields: &Fields) -> (Application, Mistakes) {
    let mut application = Application::web(fields.text("name").trim(), "");
    application.web.redirect_uris.clear();
    let types = account_types("");
    let audience = types.iter().find(|(value, ..)| *value == fields.text("account_types"));
    application.sign_in_audience = audience.map_or(SignInAudience::AzureADMyOrg, |(_, audience, _)| *audience);
    let uri = fields.text("redirect_uri").trim();
    let mut mistakes = Mistakes::none();
    if !uri.is_empty() {
        match platform(fields.text("platform")) {
            Some(platform) => application.redirect_uris_of(platform).push(uri.to_owned()),
            None => mistakes.about("platform", "Platform", "Select a platform for the redirect URI."),
        }
    }
    for refusal in validation::problems(&application, &visit.directory.organization, UriRules::TextBox) {
        note(&refusal, &mut mistakes);
    }
    (application, mistakes)
}

fn note(refusal: &Refusal, mistakes: &mut Mistakes) {
    match FIELDS.iter().find(|(property, ..)| refusal.property() == Some(property)) {
        Some((_, field, label)) => mistakes.about(*field, label, refusal.to_string()),
        None => mistakes.add("", refusal.to_string()),
    }
}

fn render(visit: &Visit, fields: &Fields, mistakes: &Mistakes) -> Page {
    let right = visit.right(Action::RegisterApplication, None);
    Page::new(SECTION, "Register an application").body(html! {
        (mistakes.summary())
        (right.note())
        form class="card pad stack" method="post" action="/portal/apps/new" {
            (csrf_field(&visit.session.csrf))
            (Field::required("name", "Name")
                .hint(html! { "What people see when they sign in. You can change it at any time." })
                .text(fields.text("name"), mistakes))
            (supported_account_types(visit, fields, mistakes))
            (redirect_uri(fields, mistakes))
            div class="submit" {
                (right.submit("fill", "Register"))
                a class="btn line" href="/portal/apps" { "Cancel" }
            }
        }
        section class="prose" aria-labelledby="registers" {
            h2 id="registers" { "What “Register” does" }
            ul class="list" {
                li { "makes the application object, with an Application (client) ID and an Object ID;" }
                li { "makes the service principal in this tenant, which the portal shows as the enterprise app;" }
                li { "asks for Microsoft Graph's delegated permission " code { "User.Read" } ";" }
                li { "makes you its owner." }
            }
            p class="note" { "A script that calls " code { "POST /applications" } " gets only the first of these." }
        }
    })
}

fn supported_account_types(visit: &Visit, fields: &Fields, mistakes: &Mistakes) -> Markup {
    let tenant = &visit.directory.organization.display_name;
    let types = account_types(tenant);
    let options: Vec<(&str, &str)> = types.iter().map(|(value, _, words)| (*value, words.as_str())).collect();
    Field::required("account_types", "Supported account types")
        .hint(html! {
            "Whose accounts may sign in. Choose single tenant: the insurance company's people, and its clients as "
            "guests, are all in this directory. Also called: “Accounts in this organizational directory only ("
            (outside_text(tenant)) " only - Single tenant)”."
        })
        .choice(&options, fields.text("account_types"), mistakes)
}

fn redirect_uri(fields: &Fields, mistakes: &Mistakes) -> Markup {
    html! {
        fieldset class="group" aria-describedby="redirect-hint" {
            legend { "Redirect URI (optional)" }
            p class="hint" id="redirect-hint" {
                "The authentication response is sent to this address after the user has signed in. It can be given and changed later."
            }
            div class="pairs" {
                (Field::optional("platform", "Platform").choice(&PLATFORMS, fields.text("platform"), mistakes))
                (Field::optional("redirect_uri", "Address").text(fields.text("redirect_uri"), mistakes))
            }
            p class="hint" { "For the course: Web, " code { "http://localhost:5000/getAToken" } }
        }
    }
}
