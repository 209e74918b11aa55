//! The pages on which people sign in and consent. Each answer goes back to `/authorize` by redirect.
//!
//! POST /{tenant}/login, /{tenant}/login/username, /{tenant}/login/password, /{tenant}/consent
//!
//! Departs from Entra: without a session the picker offers the tenant's accounts and signs in without a password, so that practice
//! stays quick; `prompt=login` and "Use another account" ask for the password.

mod interaction;
pub mod pages;
mod picker;
mod response;
mod session;

use axum::{
    Form, Router,
    extract::{Path, Query, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde::Deserialize;

use crate::{
    clock::Clock,
    directory::{
        Directory, Tenants,
        entries::Index,
        password,
        service_principal::ConsentType,
        user::{User, UserType},
    },
    oauth::error::ProtocolError,
    random::Entropy,
    request_context::RequestContext,
    sign_in_log::{SignIn, SignInLog},
    trace::Recording,
};
pub use interaction::{ChosenAccount, ConsentAnswer, Interaction, Interactions, Proof};
pub use pages::FormTarget;
use pages::{
    password::PasswordPage,
    refused_form::{self, RefusedFormPage},
    username::UsernamePage,
};
use picker::pick_account;
pub use response::{FormAction, page, with_session};
pub use session::{BrowserSession, SignInSessions, SignedInAccount};

/// What the pages share.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "each member is the only one of its type")]
pub struct SignInState {
    pub clock: Clock,
    pub entropy: Entropy,
    pub tenants: Tenants,
    pub sessions: SignInSessions,
    pub interactions: Interactions,
    pub sign_in_log: SignInLog,
}

/// The routes of the sign-in.
pub fn routes(state: SignInState) -> Router {
    Router::new()
        .route("/{tenant}/login", get(search).post(choose))
        .route("/{tenant}/login/username", post(give_username))
        .route("/{tenant}/login/password", post(give_password))
        .route("/{tenant}/consent", post(answer_consent))
        .with_state(state)
}

/// Any form of these pages: everything optional, nothing judged.
#[derive(Debug, Default, Deserialize)]
struct PageForm {
    interaction: Option<String>,
    csrf: Option<String>,
    username: Option<String>,
    password: Option<String>,
    another_account: Option<String>,
    consent: Option<String>,
    on_behalf: Option<String>,
}

/// A form of a page that this browser was shown, and the sign-in that it belongs to.
struct Answered {
    form: PageForm,
    session: BrowserSession,
    interaction: Interaction,
}

/// Why a form is not accepted.
enum Refused {
    /// The page was left open too long, or the server was started anew.
    Stale,
    /// The form does not come from a page that this browser was shown.
    Foreign,
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let (status, shown) = match self {
            Self::Stale => (
                StatusCode::BAD_REQUEST,
                RefusedFormPage {
                    title: "This sign-in is over",
                    reason: "This sign-in page is no longer valid. It was answered already, was open for more than an hour, or the server was started anew.",
                    remedy: "Go back to the app and sign in again.",
                },
            ),
            Self::Foreign => (
                StatusCode::FORBIDDEN,
                RefusedFormPage {
                    title: "This form was not accepted",
                    reason: "This form does not belong to a page that this browser was shown.",
                    remedy: "Go back to the app and sign in again. Cookies must be allowed for this address.",
                },
            ),
        };
        let mut response = page(refused_form::render(&shown), FormAction::SelfAnd(None), None);
        *response.status_mut() = status;
        response
    }
}

impl SignInState {
    /// Accepts a form only with the browser's own cookie and CSRF token (RFC 6749 §10.12), for a sign-in under way.
    fn accept(&self, headers: &HeaderMap, form: PageForm, context: &RequestContext, recording: &Recording) -> Result<Answered, Refused> {
        let session = self.sessions.of(headers).ok_or(Refused::Foreign)?;
        let same_origin = headers.get(header::ORIGIN).is_none_or(|origin| origin.as_bytes() == context.origin.as_bytes());
        if !same_origin || !session.owns_form(form.csrf.as_deref().unwrap_or_default()) {
            return Err(Refused::Foreign);
        }
        let interaction = self.interaction(form.interaction.as_deref(), &session, context)?;
        recording.flow(&interaction.flow_id);
        recording.app(&interaction.client_id);
        Ok(Answered { form, session, interaction })
    }

    fn interaction(&self, id: Option<&str>, session: &BrowserSession, context: &RequestContext) -> Result<Interaction, Refused> {
        id.and_then(|id| self.interactions.find(id, &session.browser, context.now)).ok_or(Refused::Stale)
    }

    /// Signs the user in and goes back to `/authorize`.
    fn finish(&self, answered: &Answered, tenant_id: &str, user: &User, context: &RequestContext, recording: &Recording) -> Response {
        recording.user(&user.id);
        let account = SignedInAccount {
            tenant_id: tenant_id.to_owned(),
            user_id: user.id.clone(),
            sid: self.entropy.guid(),
            authenticated_at: context.now,
        };
        let session = self.sessions.sign_in(&answered.session.id, account, &self.entropy);
        let chosen = ChosenAccount { tenant_id: tenant_id.to_owned(), user_id: user.id.clone() };
        self.interactions.choose(&answered.interaction.id, chosen);
        with_session(back_to_authorize(&answered.interaction), &session)
    }

    /// A name or a password that is not accepted leaves a row in the sign-in log, and a page on which to try again. Whose name it is
    /// not, is not told: what was typed may be a password.
    fn refused(&self, answered: &Answered, username: &str, error: &ProtocolError, context: &RequestContext) {
        let interaction = &answered.interaction;
        let all = self.tenants.all();
        let known = all.iter().find_map(|directory| Some((directory.tenant_id(), directory.user_by_principal_name(username)?)));
        let path_tenant = self.tenants.find(&interaction.path_tenant);
        let here = path_tenant.as_ref().map(|directory| directory.tenant_id());
        let Some(tenant_id) = here.or(known.map(|(tenant_id, _)| tenant_id)) else { return };
        let application = self.tenants.application(&interaction.client_id);
        let row = SignIn::new(context, tenant_id, &interaction.client_id, Err(error)).to(application.as_ref());
        self.sign_in_log.record(row.by(known.map(|(_, user)| user)));
    }

    fn username_page(&self, answered: &Answered, username: &str, error: Option<&ProtocolError>) -> Response {
        let Answered { session, interaction, .. } = answered;
        let markup = pages::username::render(&UsernamePage {
            app_name: picker::app_name(&self.tenants, interaction),
            username: username.to_owned(),
            error: error.map(inline),
            target: target(interaction, session, "login/username"),
        });
        page(markup, FormAction::SelfAnd(interaction.app_origin.clone()), None)
    }

    fn password_page(&self, answered: &Answered, username: &str, error: Option<&ProtocolError>) -> Response {
        ask_password(&self.tenants, &answered.session, &answered.interaction, username, error)
    }
}

/// The first page of a sign-in: the password page for the account that the app hinted at, else the account picker.
pub fn first_page(tenants: &Tenants, session: &BrowserSession, interaction: &Interaction) -> Response {
    let Some(hint) = interaction.login_hint.as_deref() else { return pick_account(tenants, session, interaction, "") };
    let named = find_user(tenants, hint).ok().filter(|(tenant_id, _)| belongs_to_path(tenants, interaction, tenant_id));
    match named {
        Some((_, user)) => ask_password(tenants, session, interaction, &user.user_principal_name, None),
        None => pick_account(tenants, session, interaction, hint),
    }
}

/// Whether a tenant's accounts are offered in this sign-in: those of the path tenant, or all where it names none.
fn belongs_to_path(tenants: &Tenants, interaction: &Interaction, tenant_id: &str) -> bool {
    tenants.find(&interaction.path_tenant).is_none_or(|directory| directory.tenant_id() == tenant_id)
}

fn ask_password(
    tenants: &Tenants,
    session: &BrowserSession,
    interaction: &Interaction,
    username: &str,
    error: Option<&ProtocolError>,
) -> Response {
    let markup = pages::password::render(&PasswordPage {
        app_name: picker::app_name(tenants, interaction),
        username: username.to_owned(),
        error: error.map(inline),
        target: target(interaction, session, "login/password"),
    });
    page(markup, FormAction::SelfAnd(interaction.app_origin.clone()), None)
}

fn inline(error: &ProtocolError) -> String {
    format!("AADSTS{}: {error}", error.number())
}

/// A form of this sign-in that posts to `page` under the path tenant.
pub fn target(interaction: &Interaction, session: &BrowserSession, page: &str) -> FormTarget {
    FormTarget { action: format!("/{}/{page}", interaction.path_tenant), interaction: interaction.id.clone(), csrf: session.csrf.clone() }
}

/// Goes back to the authorize request, which now finds the answer.
fn back_to_authorize(interaction: &Interaction) -> Response {
    let location = format!("{}&interaction={}", interaction.authorize_path, interaction.id);
    match HeaderValue::from_str(&location) {
        Ok(location) => (StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response(),
        Err(_) => Refused::Stale.into_response(),
    }
}

/// GET /{tenant}/login: the picker again, with the accounts that match a search.
async fn search(
    State(state): State<SignInState>,
    context: RequestContext,
    headers: HeaderMap,
    Query(form): Query<SearchForm>,
) -> Result<Response, Refused> {
    let session = state.sessions.of(&headers).ok_or(Refused::Foreign)?;
    let interaction = state.interaction(form.interaction.as_deref(), &session, &context)?;
    Ok(pick_account(&state.tenants, &session, &interaction, form.search.as_deref().unwrap_or_default()))
}

#[derive(Debug, Deserialize)]
struct SearchForm {
    interaction: Option<String>,
    search: Option<String>,
}

/// POST /{tenant}/login: a button of the picker.
async fn choose(
    State(state): State<SignInState>,
    context: RequestContext,
    recording: Recording,
    headers: HeaderMap,
    Path(_): Path<String>,
    Form(form): Form<PageForm>,
) -> Result<Response, Refused> {
    let answered = state.accept(&headers, form, &context, &recording)?;
    let username = match (&answered.form.username, &answered.form.another_account) {
        (Some(username), None) if !username.is_empty() => username.clone(),
        _ => return Ok(state.username_page(&answered, "", None)),
    };
    if answered.interaction.proof == Proof::Password {
        return Ok(state.password_page(&answered, &username, None));
    }
    Ok(match find_user(&state.tenants, &username) {
        Ok((tenant_id, user)) => state.finish(&answered, &tenant_id, &user, &context, &recording),
        Err(error) => {
            state.refused(&answered, &username, &error, &context);
            state.username_page(&answered, &username, Some(&error))
        }
    })
}

/// POST /{tenant}/login/username: the first of the two typed pages.
async fn give_username(
    State(state): State<SignInState>,
    context: RequestContext,
    recording: Recording,
    headers: HeaderMap,
    Path(_): Path<String>,
    Form(form): Form<PageForm>,
) -> Result<Response, Refused> {
    let answered = state.accept(&headers, form, &context, &recording)?;
    let username = answered.form.username.clone().unwrap_or_default();
    Ok(match find_user(&state.tenants, username.trim()) {
        Ok((_, user)) => state.password_page(&answered, &user.user_principal_name, None),
        Err(error) => {
            state.refused(&answered, username.trim(), &error, &context);
            state.username_page(&answered, &username, Some(&error))
        }
    })
}

/// POST /{tenant}/login/password: the second.
async fn give_password(
    State(state): State<SignInState>,
    context: RequestContext,
    recording: Recording,
    headers: HeaderMap,
    Path(_): Path<String>,
    Form(form): Form<PageForm>,
) -> Result<Response, Refused> {
    let answered = state.accept(&headers, form, &context, &recording)?;
    if answered.form.another_account.is_some() {
        return Ok(state.username_page(&answered, "", None));
    }
    let username = answered.form.username.clone().unwrap_or_default();
    let password = answered.form.password.clone().unwrap_or_default();
    // argon2id takes tens of milliseconds on purpose: not on a thread that serves others.
    let tenants = state.tenants.clone();
    let name = username.clone();
    let checked = tokio::task::spawn_blocking(move || check_password(&tenants, &name, &password)).await;
    Ok(match checked.unwrap_or(Err(ProtocolError::WrongPassword)) {
        Ok((tenant_id, user)) => state.finish(&answered, &tenant_id, &user, &context, &recording),
        Err(error) => {
            state.refused(&answered, &username, &error, &context);
            state.password_page(&answered, &username, Some(&error))
        }
    })
}

/// The user with this name, in whatever tenant. A guest may also be named by the mail address of his home.
///
/// # Errors
/// [`ProtocolError::UserUnknown`], [`ProtocolError::UserDisabled`].
fn find_user(tenants: &Tenants, username: &str) -> Result<(String, User), ProtocolError> {
    let unknown = || ProtocolError::UserUnknown { user: username.to_owned(), tenant: "practice".to_owned() };
    let all = tenants.all();
    let by_name = all.iter().find_map(|directory| Some((directory, directory.user_by_principal_name(username)?)));
    let by_mail = || {
        let guest = |directory: &Directory| directory.users.by(Index::Mail, username).find(|user| goes_by(user, username)).cloned();
        all.iter().find_map(|directory| Some((directory, guest(directory)?)))
    };
    let by_name = by_name.map(|(directory, user)| (directory, user.clone()));
    let (directory, user) = by_name.or_else(by_mail).ok_or_else(unknown)?;
    if !user.account_enabled {
        return Err(ProtocolError::UserDisabled);
    }
    Ok((directory.tenant_id().to_owned(), user))
}

/// Whether `name` is how the user signs in: the user principal name, in any case; for a guest also the mail address of his home, which
/// is what his tokens call him (`preferred_username`).
pub fn goes_by(user: &User, name: &str) -> bool {
    let home = user.mail.as_ref().filter(|_| user.user_type == UserType::Guest);
    user.user_principal_name.eq_ignore_ascii_case(name) || home.is_some_and(|mail| mail.eq_ignore_ascii_case(name))
}

fn check_password(tenants: &Tenants, username: &str, typed: &str) -> Result<(String, User), ProtocolError> {
    let (tenant_id, user) = find_user(tenants, username)?;
    match &user.password_hash {
        None => Err(ProtocolError::UserWithoutPassword),
        Some(hash) if password::verify(typed, hash) => Ok((tenant_id, user)),
        Some(_) => Err(ProtocolError::WrongPassword),
    }
}

/// POST /{tenant}/consent: the user grants what the page listed, or not.
async fn answer_consent(
    State(state): State<SignInState>,
    context: RequestContext,
    recording: Recording,
    headers: HeaderMap,
    Path(_): Path<String>,
    Form(form): Form<PageForm>,
) -> Result<Response, Refused> {
    let answered = state.accept(&headers, form, &context, &recording)?;
    let Answered { form, interaction, .. } = &answered;
    let for_whom = if form.on_behalf.is_some() { ConsentType::AllPrincipals } else { ConsentType::Principal };
    let answer = match form.consent.as_deref() {
        Some("accept") => ConsentAnswer::Accepted(for_whom),
        _ => ConsentAnswer::Declined,
    };
    state.interactions.answer_consent(&interaction.id, answer);
    Ok(back_to_authorize(interaction))
}
