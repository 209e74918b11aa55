//! The practice portal: the pages on which people register apps, make secrets and assign roles.
//!
//! GET|POST /portal/…
//!
//! Its pages, fields, labels and rules are those of the Microsoft Entra admin center ("Register an application", "Add app roles",
//! "Assign users and groups"). Everything is links and forms; the script only copies and filters. A form is accepted only from a page
//! of the portal that this browser was shown (`portal/guard.rs`), and a change is acknowledged only when the directory has kept it.

mod app_registrations;
mod assets;
mod enterprise_apps;
mod faults;
mod form;
mod groups;
mod guard;
mod help;
mod home;
mod icon;
mod inputs;
mod listing;
mod mistakes;
mod page;
mod principal;
mod right;
mod session;
mod sign_in_page;
mod theme;
mod users;
mod values;
mod visit;

use axum::{Router, middleware, routing::get};

use crate::{clock::Clock, directory::Tenants, faults::Faults, random::Entropy};
pub use session::PortalSessions;

/// What the pages share. Cloning gives another handle to the same state.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "each member is the only one of its type")]
pub struct PortalState {
    pub clock: Clock,
    pub entropy: Entropy,
    pub tenants: Tenants,
    pub sessions: PortalSessions,
    /// `None` where nobody may set faults from outside: while an app is graded.
    pub faults: Option<Faults>,
}

/// The routes of the portal. Each feature brings its own; none of them can be reached around the guard.
pub fn routes(state: PortalState) -> Router {
    Router::new()
        .merge(home::routes())
        .merge(enterprise_apps::routes())
        .merge(users::routes())
        .merge(groups::routes())
        .merge(help::routes())
        .merge(faults::routes())
        .merge(app_registrations::routes())
        .merge(sign_in_page::routes())
        .merge(theme::routes())
        .merge(assets::routes())
        .route("/portal/{*rest}", get(visit::nothing_here))
        .layer(middleware::from_fn_with_state(state.clone(), guard::pass))
        .with_state(state)
}
