//! Every way in which a sign-in can end without a session.

use axum::http::StatusCode;
use web_app::Reason;
use web_app::discovery::ProviderError;

use crate::id_token::IdTokenError;

/// Why nobody is signed in.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// The parameters cannot be read, or one comes twice (RFC 6749 §3.1 forbids that).
    #[error("The answer of the sign-in service could not be read.")]
    MalformedCallback,
    /// This browser has not begun a sign-in, or the answer was used already, or it took too long.
    #[error("This browser has no sign-in under way. Perhaps it took too long, or the page was opened a second time.")]
    NoPendingLogin,
    /// The answer belongs to another sign-in: another tab, or an attack.
    #[error("This answer does not belong to the sign-in that this browser began.")]
    StateMismatch,
    /// The provider says no (RFC 6749 §4.1.2.1). Code and text come from the address bar: anybody can write them.
    #[error("The sign-in service answered: {error}. {description}")]
    Refused {
        /// For example `access_denied`.
        error: String,
        /// For people.
        description: String,
    },
    /// Neither a code nor an error.
    #[error("The answer of the sign-in service has no code.")]
    MissingCode,
    /// The token endpoint refused the code because of the code: used, expired, or from another request.
    #[error("The sign-in service did not accept the code. Perhaps the sign-in took too long.")]
    CodeNotAccepted,
    /// The token endpoint refused the request because of the app: wrong secret, wrong id.
    #[error("The app could not prove who it is. Please tell its operator.")]
    ClientNotAccepted,
    /// The ID token is not worth anything.
    #[error("The sign-in service's answer was not accepted: {0}.")]
    IdToken(#[from] IdTokenError),
    /// This part of the exercise is not written yet.
    #[error("{0}")]
    NotWrittenYet(&'static str),
    /// The provider is down, slow or wrong.
    #[error("The sign-in service does not answer as it should.")]
    Provider(#[from] ProviderError),
}

impl SignInError {
    fn status(&self) -> StatusCode {
        match self {
            Self::MalformedCallback
            | Self::NoPendingLogin
            | Self::StateMismatch
            | Self::MissingCode
            | Self::CodeNotAccepted
            | Self::IdToken(_) => StatusCode::BAD_REQUEST,
            Self::Refused { .. } => StatusCode::FORBIDDEN,
            Self::NotWrittenYet(_) => StatusCode::NOT_IMPLEMENTED,
            Self::ClientNotAccepted => StatusCode::BAD_GATEWAY,
            Self::Provider(_) => StatusCode::SERVICE_UNAVAILABLE,
        }
    }
}

/// The page for the visitor. The text is safe to show: it has no secret, and the page escapes it.
impl From<SignInError> for Reason {
    fn from(error: SignInError) -> Self {
        match error {
            SignInError::Provider(error) => error.into(),
            SignInError::NotWrittenYet(part) => Self::NotWrittenYet(part),
            error => Self::SignInFailed { status: error.status(), explanation: error.to_string() },
        }
    }
}
