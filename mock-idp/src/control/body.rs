//! Request bodies: small JSON objects, read key by key so that a refusal names the place.

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use serde_json::Value;

use super::error::ControlError;
use crate::directory::file::{mistakes::Mistakes, reader::Object};

/// What a handler gets of a body; a body that is too large is told by [`text`].
pub(super) type Body = Result<Bytes, BytesRejection>;

/// The body as text.
///
/// # Errors
/// [`ControlError::UnreadableBody`], or [`ControlError::NotJson`] for what is not UTF-8.
pub(super) fn text(body: Body) -> Result<String, ControlError> {
    let bytes = body.map_err(|rejection| ControlError::UnreadableBody(rejection.body_text()))?;
    String::from_utf8(bytes.into()).map_err(|error| ControlError::NotJson(error.to_string()))
}

/// Reads the one JSON object that `text` must be.
///
/// # Errors
/// [`ControlError::NotJson`] or [`ControlError::Mistakes`].
pub(super) fn object<T>(text: &str, read: impl FnOnce(Object<'_>) -> T) -> Result<T, ControlError> {
    let value: Value = serde_json::from_str(text).map_err(|error| ControlError::NotJson(error.to_string()))?;
    let mistakes = Mistakes::default();
    let result = Object::of(&value, "$", &mistakes).map(read);
    let result = mistakes.none_or(result).map_err(ControlError::Mistakes)?;
    Ok(result.expect("what is not an object is a mistake"))
}
