//! `GET /profile`: what Microsoft Graph knows of the signed-in person.

use axum::extract::State;
use axum::response::Response;
use axum_extra::extract::SignedCookieJar;
use maud::{Markup, html};
use serde::Serialize;
use sign_in::web_app::{Account, Refusal, Visitor};
use tokio::time::Instant;

use crate::AppState;
use crate::acquire::acquire_token_silent;
use crate::graph::{PATIENCE, User};
use crate::graph_error::GraphError;
use crate::interactive::acquire_token_interactive;
use crate::member_of::member_of;
use crate::refresh::RefreshError;

/// What the page says, for a program. A property that Graph does not have is null.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Profile {
    display_name: Option<String>,
    mail: Option<String>,
    user_principal_name: Option<String>,
    id: String,
    member_of: Vec<String>,
}

/// Why there is no profile.
enum NoProfile {
    Token(RefreshError),
    Graph(GraphError),
}

// ANCHOR: profile
/// `GET /profile`: for everybody who is signed in.
///
/// # Errors
/// When nobody is signed in, or the provider is down. Trouble with Graph is a page of its own.
pub async fn profile(State(app): State<AppState>, visitor: Visitor, jar: SignedCookieJar) -> Result<Response, Refusal> {
    let account = &visitor.signed_in()?.account;
    match read_profile(&app, account).await {
        Ok(profile) => {
            app.challenges.end(account);
            Ok(visitor.accepts.answer("Your profile", &profile, page(&profile)))
        }
        Err(NoProfile::Token(RefreshError::InteractionNeeded)) => acquire_token_interactive(&app, &visitor, account, jar, None).await,
        Err(NoProfile::Token(RefreshError::Provider(error))) => Err(visitor.refuse(error)),
        Err(NoProfile::Graph(GraphError::ClaimsChallenge(claims))) if app.challenges.begin(account) => {
            acquire_token_interactive(&app, &visitor, account, jar, Some(&claims)).await
        }
        Err(NoProfile::Graph(error)) => Ok(error.answer(visitor.accepts)),
    }
}

/// A token, and with it two calls.
async fn read_profile(app: &AppState, account: &Account) -> Result<Profile, NoProfile> {
    let token = acquire_token_silent(app, account).await.map_err(NoProfile::Token)?;
    let deadline = Instant::now() + PATIENCE;
    let User { id, display_name, mail, user_principal_name } = app.graph.me(&token, deadline).await.map_err(NoProfile::Graph)?;
    let member_of = member_of(&app.graph, &token, deadline).await.map_err(NoProfile::Graph)?;
    Ok(Profile { display_name, mail, user_principal_name, id, member_of })
}
// ANCHOR_END: profile

fn page(profile: &Profile) -> Markup {
    let facts = [
        ("Name", "displayName", &profile.display_name),
        ("Mail", "mail", &profile.mail),
        ("User name", "userPrincipalName", &profile.user_principal_name),
    ];
    html! {
        dl {
            @for (label, field, value) in facts {
                dt { (label) }
                dd data-field=(field) { (value.as_deref().unwrap_or_default()) }
            }
            dt { "Object id" }
            dd data-field="id" { (profile.id) }
            dt { "Groups and directory roles" }
            @for id in &profile.member_of {
                dd data-field="memberOf" { (id) }
            }
            @if profile.member_of.is_empty() {
                dd { "none" }
            }
        }
    }
}
