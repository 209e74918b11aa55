//! GET|POST /portal/faults, POST /portal/faults/clear: the provider's deliberate misbehaviour, for those who try an app by hand.
//! `GET /portal/faults?fault=wrongNonce` chooses one already, so that a course can link to it; a link alone changes nothing.
//!
//! *Departs from Entra:* nobody can tell a real provider to misbehave. Where the `/mock` API is off, as while an app is graded, this page is
//! off as well: it does the same.

use axum::{
    Router,
    extract::RawQuery,
    response::Response,
    routing::{get, post},
};
use maud::{Markup, html};

use super::{
    PortalState,
    form::Fields,
    inputs::{Field, csrf_field},
    mistakes::Mistakes,
    page::{Page, Section},
    values::{card, table},
    visit::{Instead, Visit},
};
use crate::{
    faults::{Fault, Faults, Injection},
    html::outside_text,
};

const PATH: &str = "/portal/faults";
const ONCE: &str = "once";
const ALWAYS: &str = "always";

/// The routes.
pub fn routes() -> Router<PortalState> {
    Router::new().route(PATH, get(show).post(inject)).route("/portal/faults/clear", post(clear))
}

/// What was chosen in the form.
#[derive(Debug, Clone)]
struct Choice {
    fault: String,
    username: String,
    times: String,
}

impl Choice {
    /// What a link has chosen; a link without parameters chooses the first fault, once.
    fn asked(query: &Fields) -> (Self, Mistakes) {
        let asked = |name: &str, usual: &str| Some(query.text(name)).filter(|text| !text.is_empty()).unwrap_or(usual).to_owned();
        let choice = Self { fault: asked("fault", &Fault::ALL[0].name()), username: asked("username", ""), times: asked("times", ONCE) };
        let is_known = Fault::ALL.iter().any(|fault| fault.name() == choice.fault);
        let mistakes = match is_known {
            true => Mistakes::none(),
            false => Mistakes::one("fault", format!("There is no fault '{}'. Choose one of the list.", choice.fault)),
        };
        (choice, mistakes)
    }

    /// The fault with its scope.
    ///
    /// # Errors
    /// What to correct.
    fn injection(&self, visit: &Visit) -> Result<Injection, Mistakes> {
        let fault = Fault::ALL.iter().find(|fault| fault.name() == self.fault);
        let fault = fault.ok_or_else(|| Mistakes::one("fault", "Choose one of the list."))?;
        let injection = if self.times == ALWAYS { fault.always() } else { fault.once() };
        if self.username.is_empty() {
            return Ok(injection);
        }
        if visit.tenants().of_user(&self.username).is_some() {
            Ok(injection.for_user(&self.username))
        } else {
            Err(Mistakes::one("username", "Nobody has this user principal name, so the fault would never strike."))
        }
    }
}

/// The faults, where this page is on.
fn faults(visit: &Visit) -> Result<&Faults, Instead> {
    visit
        .faults()
        .ok_or_else(|| visit.not_found(Section::Help, "page", html! { p { a href="/portal" { "Home" } " lists what there is." } }))
}

async fn show(visit: Visit, RawQuery(query): RawQuery) -> Result<Response, Instead> {
    let (choice, mistakes) = Choice::asked(&Fields::parse(query.unwrap_or_default().as_bytes()));
    Ok(visit.show(page(&visit, faults(&visit)?, &choice, &mistakes)))
}

async fn inject(visit: Visit, fields: Fields) -> Result<Response, Instead> {
    let faults = faults(&visit)?;
    let text = |name| fields.text(name).trim().to_owned();
    let choice = Choice { fault: text("fault"), username: text("username"), times: text("times") };
    match choice.injection(&visit) {
        Ok(injection) => {
            let notice = format!("In force: {}, {}.", injection.fault.name(), injection.extent());
            faults.inject(injection);
            Ok(visit.done(PATH, notice))
        }
        Err(mistakes) => Ok(visit.show_again(page(&visit, faults, &choice, &mistakes))),
    }
}

async fn clear(visit: Visit) -> Result<Response, Instead> {
    faults(&visit)?.clear();
    Ok(visit.done(PATH, "No fault is in force."))
}

fn page(visit: &Visit, faults: &Faults, choice: &Choice, mistakes: &Mistakes) -> Page {
    Page::new(Section::Help, "Faults").body(html! {
        p class="callout" {
            "A fault is something that this provider does wrong on purpose. An app must cope with it, or refuse what it gets. "
            "No real provider has this page."
        }
        (mistakes.summary())
        (card("in-force", "In force", in_force(visit, faults)))
        (card("inject", "Make the provider misbehave", form(visit, choice, mistakes)))
    })
}

/// Without the marks of code, which a list of words cannot show.
fn sentence(fault: Fault) -> String {
    fault.sentence().replace('`', "")
}

fn in_force(visit: &Visit, faults: &Faults) -> Markup {
    let active = faults.list();
    html! {
        @if active.is_empty() { p class="empty" { "No fault is in force: the provider is honest." } }
        @else {
            (table("Faults in force", &["Fault", "How often, and for whom", "What goes wrong"], html! {
                @for it in &active {
                    tr {
                        th scope="row" { code { (it.injection.fault.name()) } }
                        td { (outside_text(&it.injection.extent())) }
                        td { (sentence(it.injection.fault)) }
                    }
                }
            }))
            form class="pad" method="post" action="/portal/faults/clear" {
                (csrf_field(&visit.session.csrf))
                button class="btn line" type="submit" { "Clear all faults" }
            }
        }
    }
}

fn form(visit: &Visit, choice: &Choice, mistakes: &Mistakes) -> Markup {
    let words: Vec<(String, String)> = Fault::ALL.iter().map(|it| (it.name(), format!("{}. {}", it.name(), sentence(*it)))).collect();
    let options: Vec<(&str, &str)> = words.iter().map(|(name, words)| (name.as_str(), words.as_str())).collect();
    let times = [(ONCE, "Once", "The next request that it concerns."), (ALWAYS, "Always", "Until it is cleared.")];
    html! {
        form class="pad stack" method="post" action=(PATH) {
            (csrf_field(&visit.session.csrf))
            (Field::required("fault", "Fault").choice(&options, &choice.fault, mistakes))
            (Field::optional("username", "User principal name").hint(html! { "Whom it concerns. Left empty: everybody." })
                .text(&choice.username, mistakes))
            (Field::required("times", "How often").radio(&times, &choice.times, mistakes))
            div class="submit" { button class="btn fill" type="submit" { "Put in force" } }
        }
    }
}
