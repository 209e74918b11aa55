//! GET|POST /{tenant}/oauth2/v2.0/authorize
//!
//! Where the browser brings the user to sign in (RFC 6749 §4.1.1; OIDC Core §3.1.2.1; Microsoft identity platform,
//! "OAuth 2.0 authorization code flow"). The request is judged in [`request`], what comes next is decided in [`decide`](mod@decide),
//! and the answer is sent by [`answer`].

pub mod answer;
pub mod decide;
mod explain;
mod log;
pub(super) mod pages;
pub mod request;
pub mod resource;
mod respond;

pub use respond::client_info as respond_client_info;

use axum::{
    Router,
    body::Bytes,
    extract::{Path, RawQuery, State},
    http::HeaderMap,
    response::Response,
    routing::get,
};

use self::{
    answer::RedirectTarget,
    decide::{Situation, Step, decide},
    explain::{Asked, explain},
    log::Attempt,
};
use super::{ProtocolState, path_tenant::PathTenant};
use crate::{
    oauth::{error::ProtocolError, parameters::Parameters, prompt::Prompt, response::ResponseMode},
    request_context::RequestContext,
    sign_in::{self, ConsentAnswer, Interaction, Proof, with_session},
    trace::Recording,
};

/// Longer requests could not come back from the sign-in pages by redirect: servers and browsers limit the length of a URL.
const LONGEST_QUERY: usize = 32 * 1024;

/// The routes of this file.
pub fn routes() -> Router<ProtocolState> {
    Router::new().route("/{tenant}/oauth2/v2.0/authorize", get(authorize).post(authorize_by_form))
}

async fn authorize(
    State(state): State<ProtocolState>,
    context: RequestContext,
    recording: Recording,
    headers: HeaderMap,
    Path(tenant): Path<String>,
    RawQuery(query): RawQuery,
) -> Response {
    Visit { state: &state, context: &context, recording: &recording, headers: &headers }
        .answer(&tenant, query.unwrap_or_default().as_bytes())
}

/// The same request as a form (OIDC Core §3.1.2.1 asks for both methods).
async fn authorize_by_form(
    State(state): State<ProtocolState>,
    context: RequestContext,
    recording: Recording,
    headers: HeaderMap,
    Path(tenant): Path<String>,
    body: Bytes,
) -> Response {
    Visit { state: &state, context: &context, recording: &recording, headers: &headers }.answer(&tenant, &body)
}

/// One visit of a browser at `/authorize`.
#[derive(Clone, Copy)]
struct Visit<'a> {
    state: &'a ProtocolState,
    context: &'a RequestContext,
    recording: &'a Recording,
    headers: &'a HeaderMap,
}

impl Visit<'_> {
    /// The interaction that the request names. Its answers count only in the browser that began it, and only for the very request that
    /// it began with: consent to one app is not consent to another.
    fn interaction(self, parameters: &Parameters, authorize_path: &str) -> Option<Interaction> {
        let session = self.state.sessions.of(self.headers)?;
        let found = self.state.interactions.find(parameters.first("interaction")?, &session.browser, self.context.now);
        found.filter(|it| it.authorize_path == authorize_path)
    }

    fn answer(self, tenant: &str, query: &[u8]) -> Response {
        let Self { state, context, recording, headers } = self;
        let parameters = Parameters::parse(query);
        recording.parameters(&parameters);
        let query = parameters.encoded_without(&["interaction"]);
        let interaction = self.interaction(&parameters, &format!("/{tenant}/oauth2/v2.0/authorize?{query}"));
        let flow_id = interaction.as_ref().map_or_else(|| context.request_id.clone(), |it| it.flow_id.clone());
        recording.flow(&flow_id);

        let value = |name| parameters.first(name).unwrap_or_default();
        let asked = Asked { tenant, client_id: value("client_id"), redirect_uri: value("redirect_uri") };
        let refuse = |error: &ProtocolError| pages::refuse(context, error, explain(error, asked, &state.tenants));
        let tenant = match recording.judge("tenant", "The tenant exists", PathTenant::resolve(tenant, &state.tenants)) {
            Ok(tenant) => tenant,
            Err(error) => return refuse(&error),
        };
        let attempt = Attempt::begin(self, &tenant, &parameters);
        let refuse = |attempt: &Attempt<'_>, error: &ProtocolError| {
            attempt.ends(Err(error));
            refuse(error)
        };
        if query.len() > LONGEST_QUERY {
            return refuse(&attempt, &ProtocolError::QueryStringTooLong);
        }
        let client = match request::trust(&parameters, &tenant, &state.tenants, recording) {
            Ok(client) => client,
            Err(error) => return refuse(&attempt, &error),
        };
        let echoed = parameters.first("state");
        let target = |mode| RedirectTarget::new(&client, mode, echoed);
        let request = match request::parse(&parameters, &client, &tenant, &state.tenants, recording) {
            Ok(request) => request,
            Err(error) => {
                attempt.ends(Err(&error));
                return target(ResponseMode::for_error(&parameters)).send_error(context, &error);
            }
        };
        let target = target(request.response_mode);
        let session = state.sessions.of_or_new(headers, &state.entropy);
        let situation = Situation {
            tenant: &tenant,
            tenants: &state.tenants,
            client: &client,
            request: &request,
            accounts: &session.accounts,
            interaction: interaction.as_ref(),
        };
        let under_way = || {
            interaction.clone().unwrap_or_else(|| {
                let begun = Interaction {
                    id: String::new(),
                    browser: session.browser.clone(),
                    flow_id: flow_id.clone(),
                    authorize_path: format!("/{}/oauth2/v2.0/authorize?{query}", tenant.segment()),
                    client_id: client.application.app_id.clone(),
                    app_origin: client.redirect_uri.origin(),
                    path_tenant: tenant.segment().to_owned(),
                    login_hint: request.login_hint.clone(),
                    proof: if request.prompt == Some(Prompt::Login) { Proof::Password } else { Proof::AccountChoice },
                    account: None,
                    consent: None,
                    started_at: context.now,
                };
                state.interactions.begin(begun, &state.entropy)
            })
        };
        let step = decide(situation);
        let attempt = attempt.at(situation);
        if let (Some(interaction), Step::Answer(_) | Step::Redirect(_)) = (&interaction, &step) {
            state.interactions.end(&interaction.id);
        }
        let response = match step {
            Step::PickAccount => sign_in::first_page(&state.tenants, &session, &under_way()),
            Step::Consent(needed) => match interaction.as_ref().map(|it| (it, it.consent)) {
                Some((interaction, Some(ConsentAnswer::Accepted(for_whom)))) if needed.by_user => {
                    state.interactions.end(&interaction.id);
                    match pages::grant(state, &client.application.app_id, &needed, for_whom) {
                        Ok(()) => respond::with_tokens(self, &client, &request, &needed.user, &attempt, &flow_id, target),
                        Err(error) => {
                            attempt.ends(Err(&error));
                            target.send_error(context, &error)
                        }
                    }
                }
                _ => pages::ask_consent(&needed, &client.application, &session, &under_way()),
            },
            Step::Show(error) => {
                recording.failed("account", "The account may sign in to the application", None, Some(error.to_string()));
                refuse(&attempt, &error)
            }
            Step::Redirect(error) => {
                attempt.ends(Err(&error));
                recording.failed("account", "The account may sign in to the application", None, Some(error.to_string()));
                target.send_error(context, &error)
            }
            Step::Answer(user) => respond::with_tokens(self, &client, &request, &user, &attempt, &flow_id, target),
        };
        with_session(response, &session)
    }
}
