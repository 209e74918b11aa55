//! The web app of ABC Insurance at the end of the course: unit 5's app, which also tells its operator when something is wrong.
//!
//! [`secret_check`] asks the identity provider whether it accepts the app's secret, [`operator_message`] puts the answer into words.

pub mod operator_message;
pub mod secret_check;

use axum::Router;
use call_graph::web_app::Config;

/// The app: unit 5's, with the check of the secret beside it.
pub fn router(config: Config) -> Router {
    secret_check::begin(config.clone());
    call_graph::router(config)
}
