//! Requests and answers. Cookies are read and written here by hand, and so is HTML.

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::http::header::{ACCEPT, COOKIE, LOCATION, SET_COOKIE};
use axum::http::{HeaderMap, HeaderName, StatusCode, Uri};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};
use url::Url;
use url::form_urlencoded::byte_serialize;

use crate::Settings;
use crate::graph::{Graph, Sorrow};
use crate::oidc::{Provider, Trouble, authorization_request};
use crate::records::{Attempt, Forgetful, Person, random};

const TICKET: &str = "ticket";
const CALLBACK: &str = "/getAToken";

pub struct App {
    settings: Settings,
    provider: Provider,
    attempts: Forgetful<Attempt>,
    people: Forgetful<Person>,
    graph: Graph,
}

impl App {
    pub fn new(settings: Settings) -> Self {
        let graph = Graph::new(settings.endpoint.clone());
        Self { settings, provider: Provider::new(), attempts: Forgetful::new(15), people: Forgetful::new(480), graph }
    }

    fn person(&self, headers: &HeaderMap) -> Option<Person> {
        self.people.get(&cookie(headers, TICKET)?)
    }
}

type Shared = State<Arc<App>>;

pub fn router(app: Arc<App>) -> Router {
    Router::new()
        .route("/", get(front_page))
        .route("/healthz", get(async || "ok\n"))
        .route("/login", get(login))
        .route(CALLBACK, get(callback))
        .route("/logout", post(logout))
        .route("/me", get(me))
        .route("/profile", get(profile))
        .route("/my/policies", get(my_policies))
        .route("/policies/{id}", get(policy))
        .route("/insights", get(insights))
        .route("/admin/roles", get(admin_roles))
        .fallback(async || page(StatusCode::NOT_FOUND, "Nothing here", "<p>There is no such page.</p>"))
        .layer(axum::middleware::map_response(with_headers))
        .with_state(app)
}

async fn with_headers(mut response: Response) -> Response {
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("content-security-policy", "script-src 'none'; object-src 'none'; base-uri 'none'"),
        ("cache-control", "no-store"),
        ("referrer-policy", "same-origin"),
    ] {
        response.headers_mut().insert(HeaderName::from_static(name), value.parse().expect("these values are plain text"));
    }
    response
}

// ---- cookies and redirects ----

fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    let pairs = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok()).flat_map(|line| line.split("; "));
    pairs.filter_map(|pair| pair.split_once('=')).find(|(found, _)| *found == name).map(|(_, value)| value.to_owned())
}

/// `path` is the part of the app that needs the cookie.
fn set_cookie(app: &App, (name, path): (&str, &str), value: &str, seconds: u32) -> (HeaderName, String) {
    let secure = if app.settings.redirect_uri.scheme() == "https" { "; Secure" } else { "" };
    (SET_COOKIE, format!("{name}={value}; Path={path}; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}"))
}

fn see_other(location: &str) -> Response {
    (StatusCode::SEE_OTHER, [(LOCATION, location.to_owned())]).into_response()
}

// ---- signing in and out ----

/// The cookie of one attempt is named after its state, so that attempts in several tabs do not meet.
fn attempt_cookie(state: &str) -> String {
    format!("attempt-{}", &state[..state.len().min(12)])
}

/// Path, query and fragment of one of our own pages, as browsers understand `wanted`; else the page of the account.
fn own_page(app: &App, wanted: Option<&String>) -> String {
    let home = app.settings.home();
    let understood = wanted.and_then(|wanted| home.join(wanted).ok()).filter(|url| url.origin() == home.origin());
    let path = understood.map(|url| url[url::Position::BeforePath..].to_owned());
    // A path with two slashes in front would be read as a host the next time.
    path.filter(|path| !path.starts_with("//")).unwrap_or_else(|| "/me".to_owned())
}

async fn login(State(app): Shared, Query(query): Query<HashMap<String, String>>) -> Response {
    to_provider(&app, own_page(&app, query.get("return_to")), None).await
}

/// Begins an attempt and sends the browser away with it.
async fn to_provider(app: &App, return_to: String, claims: Option<String>) -> Response {
    let Ok(metadata) = app.provider.metadata(&app.settings).await else { return provider_down() };
    let (state, browser_proof) = (random(), random());
    let code_verifier = random() + &random();
    let attempt = Attempt { browser_proof: browser_proof.clone(), nonce: random(), code_verifier, return_to, claims };
    let next = authorization_request(&app.settings, &metadata, &state, &attempt);
    app.attempts.put(state.clone(), attempt);
    ([set_cookie(app, (&attempt_cookie(&state), CALLBACK), &browser_proof, 900)], see_other(next.as_str())).into_response()
}

async fn callback(State(app): Shared, headers: HeaderMap, Query(query): Query<HashMap<String, String>>) -> Response {
    let parameter = |name: &str| query.get(name).map(String::as_str).unwrap_or_default();
    let state = parameter("state");
    let proof = if state.is_ascii() { cookie(&headers, &attempt_cookie(state)).unwrap_or_default() } else { String::new() };
    let Some(attempt) = app.attempts.take_if(state, |attempt| attempt.browser_proof == proof) else {
        return not_signed_in("this browser did not begin this sign-in, or it has ended");
    };
    let forget = set_cookie(&app, (&attempt_cookie(state), CALLBACK), "", 0);
    if query.contains_key("error") {
        let words = format!("{} {}", parameter("error"), parameter("error_description"));
        return ([forget], not_signed_in(&words)).into_response();
    }
    match app.provider.person(&app.settings, parameter("code"), &attempt).await {
        Ok(person) => {
            if let Some(old) = cookie(&headers, TICKET) {
                app.people.take_if(&old, |_| true);
            }
            let ticket = random();
            app.people.put(ticket.clone(), person);
            let mut response = see_other(&attempt.return_to);
            for (name, value) in [forget, set_cookie(&app, (TICKET, "/"), &ticket, 8 * 60 * 60)] {
                response.headers_mut().append(name, value.parse().expect("a cookie of ours is plain text"));
            }
            response
        }
        Err(Trouble::ProviderDown) => provider_down(),
        Err(Trouble::Refused(why)) => not_signed_in(why),
    }
}

async fn logout(State(app): Shared, headers: HeaderMap) -> Response {
    if let Some(ticket) = cookie(&headers, TICKET) {
        app.people.take_if(&ticket, |_| true);
    }
    let home = app.settings.home();
    let next = match app.provider.metadata(&app.settings).await {
        Ok(metadata) => {
            let mut url: Url = metadata.end_session_endpoint;
            url.query_pairs_mut().append_pair("post_logout_redirect_uri", home.as_str());
            url
        }
        Err(_) => home,
    };
    ([set_cookie(&app, (TICKET, "/"), "", 0)], see_other(next.as_str())).into_response()
}

// ---- pages ----

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\'', "&#39;")
}

fn page(status: StatusCode, title: &str, content: &str) -> Response {
    let document = format!(
        "<!doctype html>\n<html lang=en>\n<head><meta charset=utf-8><title>{title}</title></head>\n<body><h1>{title}</h1>\n{content}\n</body></html>\n"
    );
    (status, Html(document)).into_response()
}

fn not_signed_in(why: &str) -> Response {
    page(StatusCode::BAD_REQUEST, "Not signed in", &format!("<p>{}</p><p><a href=/login>Try again</a></p>", escaped(why)))
}

fn provider_down() -> Response {
    page(StatusCode::SERVICE_UNAVAILABLE, "Signing in is not possible now", "<p>Please wait a minute.</p>")
}

fn wants_json(headers: &HeaderMap) -> bool {
    headers.get(ACCEPT).is_some_and(|value| value.as_bytes().starts_with(b"application/json"))
}

/// The person, if she has one of the roles; with no roles named, everybody who is signed in.
fn admit(app: &App, headers: &HeaderMap, uri: &Uri, roles: &[&str]) -> Result<Person, Response> {
    match app.person(headers) {
        Some(person) if roles.is_empty() || roles.iter().any(|role| has(&person, role)) => Ok(person),
        Some(_) => Err(page(StatusCode::FORBIDDEN, "Not allowed", "<p>None of your roles opens this page.</p>")),
        None if wants_json(headers) => Err((StatusCode::UNAUTHORIZED, Json(json!({ "error": "sign in first" }))).into_response()),
        None => {
            let wanted: String = byte_serialize(uri.to_string().as_bytes()).collect();
            Err(see_other(&format!("/login?return_to={wanted}")))
        }
    }
}

fn has(person: &Person, role: &str) -> bool {
    person.roles.iter().any(|held| held == role)
}

/// The facts as JSON, or each in an element with its mark.
fn facts(headers: &HeaderMap, title: &str, json: Value, marked: &[(&str, String)], more: &str) -> Response {
    if wants_json(headers) {
        return Json(json).into_response();
    }
    let lines: String =
        marked.iter().map(|(field, value)| format!("<p>{field}: <b data-field={field}>{}</b></p>\n", escaped(value))).collect();
    page(StatusCode::OK, title, &format!("{lines}{more}"))
}

async fn front_page(State(app): Shared, headers: HeaderMap) -> Response {
    let content = match app.person(&headers) {
        Some(person) => {
            format!("<p>Good day, {}. <a href=/me>Your account</a> <a href=/profile>Your profile</a></p>", escaped(&person.name))
        }
        None => "<p>Clients and employees: <a href=/login>sign in</a>.</p>".to_owned(),
    };
    page(StatusCode::OK, "ABC Insurance", &content)
}

async fn me(State(app): Shared, headers: HeaderMap, uri: Uri) -> Result<Response, Response> {
    let Person { key: (tid, oid), name, username, roles, .. } = admit(&app, &headers, &uri, &[])?;
    let json = json!({ "name": name, "preferred_username": username, "oid": oid, "tid": tid, "roles": roles });
    let mut marked = vec![("name", name), ("preferred_username", username), ("oid", oid), ("tid", tid)];
    marked.extend(roles.into_iter().map(|role| ("roles", role)));
    let form = "<form method=post action=/logout><input type=submit value='Sign out'></form>";
    Ok(facts(&headers, "Your account", json, &marked, form))
}

async fn profile(State(app): Shared, headers: HeaderMap, uri: Uri) -> Result<Response, Response> {
    let Person { purse, .. } = admit(&app, &headers, &uri, &[])?;
    let token = match purse.access_token(&app.provider, &app.settings).await {
        Ok(Some(token)) => token,
        Ok(None) => return Ok(ask_the_person(&app, &headers, &uri, None).await),
        Err(_) => return Ok(provider_down()),
    };
    match app.graph.profile(&token).await {
        Ok(json) => {
            purse.served();
            let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
            let mut marked: Vec<_> =
                ["displayName", "mail", "userPrincipalName", "id"].map(|name| (name, text(&json[name]))).into_iter().collect();
            marked.extend(json["memberOf"].as_array().into_iter().flatten().map(|id| ("memberOf", text(id))));
            Ok(facts(&headers, "Your profile", json, &marked, "<p><a href=/me>Your account</a></p>"))
        }
        Err(Sorrow::Claims(claims)) if purse.challenge() => Ok(ask_the_person(&app, &headers, &uri, Some(claims)).await),
        Err(Sorrow::Later) => {
            let content = "<p>Microsoft Graph does not answer now. <a href=/profile>Try again</a> in a minute.</p>";
            Err(page(StatusCode::SERVICE_UNAVAILABLE, "No profile now", content))
        }
        Err(Sorrow::Claims(_) | Sorrow::Never) => {
            let content = "<p>Microsoft Graph refuses this app. <a href=/me>Sign out</a> and in again, or tell the operator.</p>";
            Err(page(StatusCode::BAD_GATEWAY, "No profile", content))
        }
    }
}

/// Through the sign-in and back to this page. A program cannot go there.
async fn ask_the_person(app: &App, headers: &HeaderMap, uri: &Uri, claims: Option<String>) -> Response {
    if wants_json(headers) {
        return (StatusCode::UNAUTHORIZED, Json(json!({ "error": "sign in again" }))).into_response();
    }
    to_provider(app, uri.to_string(), claims).await
}

async fn my_policies(State(app): Shared, headers: HeaderMap, uri: Uri) -> Result<Response, Response> {
    let person = admit(&app, &headers, &uri, &["Client"])?;
    let own = app.settings.insurance.of_owner(&person.key);
    let json = json!({ "policies": own.iter().map(|policy| json!({ "id": policy.id })).collect::<Vec<_>>() });
    let marked: Vec<_> = own.iter().map(|policy| ("policy-id", policy.id.clone())).collect();
    Ok(facts(&headers, "Your policies", json, &marked, ""))
}

async fn policy(State(app): Shared, headers: HeaderMap, uri: Uri, Path(id): Path<String>) -> Result<Response, Response> {
    let person = admit(&app, &headers, &uri, &["Client", "Claims.Adjuster"])?;
    let (is_client, is_adjuster) = (has(&person, "Client"), has(&person, "Claims.Adjuster"));
    let Some(policy) = app.settings.insurance.visible(&id, &person.key, is_client, is_adjuster) else {
        return Err(page(StatusCode::FORBIDDEN, "Not allowed", "<p>This is not a policy of yours.</p>"));
    };
    let json = json!({ "id": policy.id, "region": policy.region, "premium": policy.premium });
    let marked = [("id", policy.id.clone()), ("region", policy.region.clone()), ("premium", policy.premium.to_string())];
    Ok(facts(&headers, "A policy", json, &marked, ""))
}

async fn insights(State(app): Shared, headers: HeaderMap, uri: Uri) -> Result<Response, Response> {
    admit(&app, &headers, &uri, &["Insights.Analyst"])?;
    let (count, average) = app.settings.insurance.figures();
    let marked = [("policy_count", count.to_string()), ("average_premium", format!("{average:.2}"))];
    Ok(facts(&headers, "Figures", json!({ "policy_count": count, "average_premium": average }), &marked, ""))
}

async fn admin_roles(State(app): Shared, headers: HeaderMap, uri: Uri) -> Result<Response, Response> {
    admit(&app, &headers, &uri, &["Policy.Admin"])?;
    let roles = ["Client", "Claims.Adjuster", "Insights.Analyst", "Policy.Admin"];
    let json = json!({ "roles": roles.map(|role| json!({ "value": role })) });
    Ok(facts(&headers, "Roles", json, &roles.map(|role| ("role-value", role.to_owned())), ""))
}
