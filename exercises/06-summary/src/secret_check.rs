//! Does the identity provider still accept the app's secret? Better to know before the first person cannot sign in.

use std::time::Duration;

use call_graph::web_app::Config;
use call_graph::web_app::discovery::{Provider, ProviderError};

use crate::operator_message::{TokenError, message};

/// A secret ends at a certain minute. Whoever looks once an hour knows it an hour later at most.
const PAUSE: Duration = Duration::from_secs(60 * 60);

/// An app that acts for nobody asks for what it has been granted at an API, `/.default`. Any API serves; every tenant has this one.
const SCOPE: &str = "https://graph.microsoft.com/.default";

/// Looks now and then once an hour, beside the app's other work.
///
/// A refused secret does not stop the app: the front page works, and whoever is signed in stays so. What it must not do is go unnoticed.
pub fn begin(config: Config) {
    tokio::spawn(async move {
        let provider = Provider::new(&config);
        loop {
            match ask(&config, &provider).await {
                Ok(Some(refusal)) => eprintln!("{}", message(&refusal)),
                Ok(None) => {}
                Err(error) => eprintln!("CLIENT_SECRET could not be checked: {error}"),
            }
            tokio::time::sleep(PAUSE).await;
        }
    });
}

/// Asks for a token in the app's own name (RFC 6749 §4.4), and throws it away: only whether there is one matters.
///
/// # Errors
/// When the provider does not answer.
async fn ask(config: &Config, provider: &Provider) -> Result<Option<TokenError>, ProviderError> {
    // TODO: Step 1. Ask the token endpoint of `provider.metadata()` with the grant `client_credentials`: client_id, client_secret and
    // scope go into the form. A token means that the secret is good: Ok(None). An error answer is a TokenError.
    let _ = (provider, &config.client_secret, SCOPE);
    Ok(None)
}
