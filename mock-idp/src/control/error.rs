//! What the control API refuses, and how it says so.

use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Serialize;

use crate::{
    directory::{JournalError, file::Mistake},
    snapshots::{InvalidName, SnapshotError},
};

/// Every refusal of the control API. `Display` names the input and the remedy.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum ControlError {
    #[error("Every request to /mock needs the header 'Mock-Control: 1'. It keeps web pages out.")]
    HeaderMissing,
    #[error("There is nothing at {0}. The control API answers: {ROUTES}.")]
    NothingHere(String),
    #[error("{path} does not take {method}. The control API answers: {ROUTES}.")]
    WrongMethod { method: String, path: String },
    #[error("The body is not JSON: {0}.")]
    NotJson(String),
    #[error("The body cannot be read: {0}")]
    UnreadableBody(String),
    #[error("{}", summary(.0))]
    Mistakes(Vec<Mistake>),
    #[error("No fault with the id '{0}' is in force. GET /mock/faults lists those that are.")]
    UnknownFaultId(String),
    #[error("No tenant is called '{name}'. There are: {known}.")]
    UnknownTenant { name: String, known: String },
    #[error("'{0}' is not the number of an event. Give the 'seq' of the last event that you have, or 0.")]
    InvalidSince(String),
    #[error(transparent)]
    NotKept(#[from] JournalError),
    #[error("The clock can be set to times from 1970 to 9000; '{0}' is outside.")]
    OutsideOfTime(String),
    #[error("This mock keeps nothing, so it has no snapshots. Start it without --ephemeral.")]
    KeepsNothing,
    #[error(transparent)]
    InvalidName(#[from] InvalidName),
    #[error(transparent)]
    Snapshot(#[from] SnapshotError),
}

const ROUTES: &str = "GET /mock/health, POST /mock/reset, GET|PUT /mock/directory, GET|POST /mock/snapshots, \
    DELETE /mock/snapshots/{name}, GET|POST|DELETE /mock/faults, \
    DELETE /mock/faults/{id}, GET|POST /mock/clock, GET /mock/trace?since=seq, POST /mock/keys/rotate";

fn summary(mistakes: &[Mistake]) -> String {
    match mistakes {
        [only] => format!("There is a mistake at {only}."),
        all => format!("There are {} mistakes, the first at {}.", all.len(), all[0]),
    }
}

impl ControlError {
    /// HTTP status and a name for programs. Add a variant and the compiler asks for its row: no `_` arm.
    const fn wire(&self) -> (StatusCode, &'static str) {
        match self {
            Self::HeaderMissing => (StatusCode::FORBIDDEN, "headerMissing"),
            Self::NothingHere(_) => (StatusCode::NOT_FOUND, "nothingHere"),
            Self::WrongMethod { .. } => (StatusCode::METHOD_NOT_ALLOWED, "wrongMethod"),
            Self::NotJson(_) => (StatusCode::BAD_REQUEST, "notJson"),
            Self::UnreadableBody(_) => (StatusCode::PAYLOAD_TOO_LARGE, "unreadableBody"),
            Self::Mistakes(_) => (StatusCode::BAD_REQUEST, "mistakes"),
            Self::UnknownFaultId(_) => (StatusCode::NOT_FOUND, "unknownFaultId"),
            Self::UnknownTenant { .. } => (StatusCode::NOT_FOUND, "unknownTenant"),
            Self::InvalidSince(_) => (StatusCode::BAD_REQUEST, "invalidSince"),
            Self::NotKept(_) => (StatusCode::INSUFFICIENT_STORAGE, "notKept"),
            Self::OutsideOfTime(_) => (StatusCode::BAD_REQUEST, "outsideOfTime"),
            Self::KeepsNothing => (StatusCode::CONFLICT, "keepsNothing"),
            Self::InvalidName(_) => (StatusCode::BAD_REQUEST, "invalidName"),
            Self::Snapshot(SnapshotError::Exists(_)) => (StatusCode::CONFLICT, "snapshotExists"),
            Self::Snapshot(SnapshotError::Unknown { .. }) => (StatusCode::NOT_FOUND, "unknownSnapshot"),
            Self::Snapshot(SnapshotError::Io { .. } | SnapshotError::Damaged { .. }) => {
                (StatusCode::INTERNAL_SERVER_ERROR, "unreadableSnapshot")
            }
        }
    }
}

#[derive(Serialize)]
struct Body<'a> {
    error: Refusal<'a>,
}

#[derive(Serialize)]
struct Refusal<'a> {
    code: &'static str,
    message: String,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    mistakes: &'a [Mistake],
}

impl IntoResponse for ControlError {
    fn into_response(self) -> Response {
        let (status, code) = self.wire();
        let mistakes: &[Mistake] = if let Self::Mistakes(mistakes) = &self { mistakes } else { &[] };
        (status, Json(Body { error: Refusal { code, message: self.to_string(), mistakes } })).into_response()
    }
}
