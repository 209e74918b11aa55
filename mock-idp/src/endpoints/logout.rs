//! GET|POST /{tenant}/oauth2/v2.0/logout
//!
//! Ends the browser's session at the provider (OpenID Connect RP-Initiated Logout 1.0 §2; Microsoft identity platform, "OpenID Connect",
//! section "Send a sign-out request"). The app must end its own session itself; refresh tokens stay valid.

use axum::{
    Router,
    body::Bytes,
    extract::{Path, RawQuery, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};

use super::{ProtocolState, path_tenant::PathTenant};
use crate::{
    oauth::{parameters::Parameters, redirect_uri::RedirectUri},
    request_context::RequestContext,
    sign_in::{
        BrowserSession, FormAction, FormTarget, SignedInAccount, goes_by, page,
        pages::{sign_out_picker, signed_out},
    },
    tokens::issue::user_of_login_hint,
    trace::Recording,
};

/// The fields of the page that asks: they belong to one answer of it, not to the request.
const FORM_FIELDS: &[&str] = &["username", "csrf", "interaction"];

/// The routes of this file.
pub fn routes() -> Router<ProtocolState> {
    Router::new().route("/{tenant}/oauth2/v2.0/logout", get(logout).post(logout_by_form))
}

async fn logout(
    State(state): State<ProtocolState>,
    context: RequestContext,
    recording: Recording,
    headers: HeaderMap,
    Path(tenant): Path<String>,
    RawQuery(query): RawQuery,
) -> Response {
    sign_out(&state, &context, &recording, &headers, &tenant, query.unwrap_or_default().as_bytes())
}

async fn logout_by_form(
    State(state): State<ProtocolState>,
    context: RequestContext,
    recording: Recording,
    headers: HeaderMap,
    Path(tenant): Path<String>,
    RawQuery(query): RawQuery,
    body: Bytes,
) -> Response {
    // The page that asks which account leaves posts to the address it was shown at.
    let both = [query.unwrap_or_default().as_bytes(), b"&", &body].concat();
    sign_out(&state, &context, &recording, &headers, &tenant, &both)
}

fn sign_out(
    state: &ProtocolState,
    context: &RequestContext,
    recording: &Recording,
    headers: &HeaderMap,
    tenant: &str,
    query: &[u8],
) -> Response {
    let parameters = Parameters::parse(query);
    recording.parameters(&parameters);
    let tenant = match PathTenant::resolve(tenant, &state.tenants) {
        Ok(tenant) => tenant,
        Err(error) => return super::authorize::pages::refuse(context, &error, None),
    };
    let session = state.sessions.of(headers).unwrap_or_default();
    let leaving = match who_leaves(state, &session, &parameters) {
        Ok(leaving) => leaving,
        Err(Undecided) => return ask_who(state, &session, &tenant, &parameters),
    };
    let left = state.sessions.sign_out(&session.id, leaving.as_deref());
    if let [account] = left.as_slice() {
        recording.user(&account.user_id);
    }
    match return_address(state, &session, &tenant, &parameters) {
        Some(location) => {
            let no_store = HeaderValue::from_static("no-store");
            (StatusCode::FOUND, [(header::LOCATION, location), (header::CACHE_CONTROL, no_store)]).into_response()
        }
        None => signed_out_page(state, &session, &left),
    }
}

/// Several accounts are signed in and the request names none.
struct Undecided;

/// The user to sign out; `None` for the only one there is.
fn who_leaves(state: &ProtocolState, session: &BrowserSession, parameters: &Parameters) -> Result<Option<String>, Undecided> {
    // The answer of the page that asks; only a form of this browser counts. It is newer than the hint that led to the page.
    let answered = parameters.first("username").filter(|_| session.owns_form(parameters.first("csrf").unwrap_or_default()));
    let named = answered.map(str::to_owned).or_else(|| parameters.first("logout_hint").map(user_of_login_hint));
    let account = named.and_then(|name| session.accounts.iter().find(|account| has_name(state, account, &name)));
    match (account, session.accounts.len()) {
        (Some(account), _) => Ok(Some(account.user_id.clone())),
        (None, 0 | 1) => Ok(None),
        (None, _) => Err(Undecided),
    }
}

fn has_name(state: &ProtocolState, account: &SignedInAccount, name: &str) -> bool {
    let directory = state.tenants.find(&account.tenant_id);
    let user = directory.as_ref().and_then(|directory| directory.user(&account.user_id));
    user.is_some_and(|user| goes_by(user, name))
}

fn ask_who(state: &ProtocolState, session: &BrowserSession, tenant: &PathTenant, parameters: &Parameters) -> Response {
    let named = |account: &SignedInAccount| {
        let directory = state.tenants.find(&account.tenant_id)?;
        let user = directory.user(&account.user_id)?;
        Some(sign_out_picker::SignedInAccount {
            display_name: user.display_name.clone(),
            user_principal_name: user.user_principal_name.clone(),
        })
    };
    let markup = sign_out_picker::render(&sign_out_picker::SignOutPicker {
        accounts: session.accounts.iter().filter_map(named).collect(),
        target: FormTarget {
            action: format!("/{}/oauth2/v2.0/logout?{}", tenant.segment(), parameters.encoded_without(FORM_FIELDS)),
            interaction: String::new(),
            csrf: session.csrf.clone(),
        },
    });
    page(markup, FormAction::SelfAnd(None), None)
}

/// Where the browser goes afterwards: only to a redirect URI that an app of this session, or of this tenant, has registered.
fn return_address(state: &ProtocolState, session: &BrowserSession, tenant: &PathTenant, parameters: &Parameters) -> Option<HeaderValue> {
    let asked = RedirectUri::new(parameters.first("post_logout_redirect_uri")?);
    let by_session = session.apps.iter().filter_map(|app_id| state.tenants.application(app_id));
    let of_tenant = tenant.directory().into_iter().flat_map(|directory| directory.applications.iter().cloned());
    let is_registered = by_session.chain(of_tenant).any(|application| application.redirect_uris().any(|(_, uri)| asked.matches(uri)));
    if !is_registered {
        return None;
    }
    let location = match parameters.first("state") {
        Some(echoed) => {
            let separator = if asked.as_str().contains('?') { '&' } else { '?' };
            let encoded = url::form_urlencoded::Serializer::new(String::new()).append_pair("state", echoed).finish();
            format!("{}{separator}{encoded}", asked.as_str())
        }
        None => asked.as_str().to_owned(),
    };
    HeaderValue::from_str(&location).ok()
}

fn signed_out_page(state: &ProtocolState, session: &BrowserSession, left: &[SignedInAccount]) -> Response {
    let name = |account: &SignedInAccount| {
        let directory = state.tenants.find(&account.tenant_id)?;
        directory.user(&account.user_id).map(|user| user.user_principal_name.clone())
    };
    // Departs from Entra: apps with a front-channel logout URL are named, but not yet told.
    let told = session.apps.iter().filter_map(|app_id| {
        let application = state.tenants.application(app_id).filter(|application| application.web.logout_url.is_some())?;
        Some((application.display_name, false))
    });
    let markup = signed_out::render(&signed_out::SignedOutPage {
        accounts: left.iter().filter_map(name).collect(),
        front_channel: told.collect(),
        return_link: None,
    });
    page(markup, FormAction::SelfAnd(None), None)
}
