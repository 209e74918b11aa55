//! The answer of `/authorize` to the app, in the mode that it asked for.
//! Sources: RFC 6749 §4.1.2; OAuth 2.0 Multiple Response Type Encoding Practices §2.1; OAuth 2.0 Form Post Response Mode §2.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

use crate::{
    endpoints::error_response::{describe, error_uri},
    oauth::{error::ProtocolError, redirect_uri::RedirectUri, response::ResponseMode},
    request_context::RequestContext,
    sign_in::{FormAction, page, pages::form_post},
};

/// Where an answer goes. Made only from a redirect URI that is registered for the app.
#[derive(Debug, Clone)]
pub struct RedirectTarget {
    redirect_uri: RedirectUri,
    mode: ResponseMode,
    state: Option<String>,
}

impl RedirectTarget {
    /// The target of a request whose client is trusted.
    pub fn new(client: &super::request::TrustedClient, mode: ResponseMode, state: Option<&str>) -> Self {
        Self { redirect_uri: client.redirect_uri.clone(), mode, state: state.map(str::to_owned) }
    }

    /// The same target with another `state`: a deliberate fault.
    pub fn with_state(mut self, state: String) -> Self {
        self.state = Some(state);
        self
    }

    /// Sends these members, and `state`, to the app.
    pub fn send(&self, members: &[(&str, &str)]) -> Response {
        let mut fields: Vec<(&str, &str)> = members.to_vec();
        if let Some(state) = &self.state {
            fields.push(("state", state));
        }
        match self.mode {
            ResponseMode::FormPost => {
                let markup = form_post::render(self.redirect_uri.as_str(), &fields);
                page(markup, FormAction::Only(self.redirect_uri.origin()), Some(form_post::SCRIPT_HASH))
            }
            ResponseMode::Query => redirect(&append(&self.redirect_uri.with_path(), '?', &fields)),
            ResponseMode::Fragment => redirect(&append(&self.redirect_uri.with_path(), '#', &fields)),
        }
    }

    /// Tells the app why its request was refused.
    pub fn send_error(&self, context: &RequestContext, error: &ProtocolError) -> Response {
        let code = error.code_at_authorize().as_str();
        // Leaving the page that asks for an administrator says no more than that.
        if matches!(error, ProtocolError::AdministratorConsentRequired { .. }) {
            return self.send(&[("error", code), ("error_subcode", "cancel")]);
        }
        let description = describe(context, error);
        let uri = error_uri(context, error);
        let mut members = vec![("error", code), ("error_description", &description)];
        if let Some(uri) = &uri {
            members.push(("error_uri", uri));
        }
        if matches!(error, ProtocolError::ConsentDeclined) {
            members.push(("error_subcode", "cancel"));
        }
        self.send(&members)
    }
}

fn append(uri: &str, separator: char, fields: &[(&str, &str)]) -> String {
    let encoded = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let separator = if separator == '?' && uri.contains('?') { '&' } else { separator };
    format!("{uri}{separator}{encoded}")
}

fn redirect(location: &str) -> Response {
    match HeaderValue::from_str(location) {
        Ok(location) => {
            let no_store = HeaderValue::from_static("no-store, no-cache");
            (StatusCode::FOUND, [(header::LOCATION, location), (header::CACHE_CONTROL, no_store)]).into_response()
        }
        Err(_) => (StatusCode::BAD_REQUEST, "The redirect URI cannot stand in a header.").into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_joins_a_query_that_is_there_already() {
        assert_eq!(append("https://a.example/cb?x=1", '?', &[("code", "a b")]), "https://a.example/cb?x=1&code=a+b");
        assert_eq!(append("https://a.example/cb", '#', &[("code", "&")]), "https://a.example/cb#code=%26");
    }
}
