//! GET /error?code=N
//!
//! Where the `error_uri` of an error answer leads: what this AADSTS number means, from the one table of errors (Microsoft identity platform, "Microsoft Entra authentication and authorization error codes", section on looking up a code).

use axum::{
    Router,
    extract::RawQuery,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::get,
};

use super::ProtocolState;
use crate::{
    oauth::{error::ProtocolError, parameters::Parameters},
    sign_in::{
        FormAction, page,
        pages::error_code::{self, Cause, ErrorCodePage},
    },
};

/// The routes of this file.
pub fn routes() -> Router<ProtocolState> {
    Router::new().route("/error", get(look_up))
}

async fn look_up(RawQuery(query): RawQuery) -> Response {
    let parameters = Parameters::parse(query.unwrap_or_default());
    // No number has more digits; what else was written is not repeated.
    let asked: String = parameters.first("code").unwrap_or_default().chars().filter(char::is_ascii_digit).take(10).collect();
    let errors = asked.parse().map(ProtocolError::with_number).unwrap_or_default();
    let cause = |error: &ProtocolError| {
        let (code, _, status) = error.wire();
        Cause { error: code.as_str(), status: status.as_u16(), message: error.to_string() }
    };
    let status = if errors.is_empty() { StatusCode::NOT_FOUND } else { StatusCode::OK };
    let markup = error_code::render(&ErrorCodePage { asked, causes: errors.iter().map(cause).collect() });
    (status, page(markup, FormAction::SelfAnd(None), None)).into_response()
}
