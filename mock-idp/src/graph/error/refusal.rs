//! What the directory refuses, as Graph answers it.

use axum::http::StatusCode;

use super::GraphError;
use crate::directory::{EditError, refusal::Refusal, validation::Problem};

impl From<Refusal> for GraphError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<EditError> for GraphError {
    fn from(error: EditError) -> Self {
        Self::Refused(Refusal::NotKept(error))
    }
}

/// The directory's sentence, with the property that it is about where the sentence does not name it.
pub(super) fn sentence(refusal: &Refusal) -> String {
    match refusal {
        Refusal::Invalid { property, problem } => {
            format!("Invalid value specified for property '{property}': {problem}")
        }
        other => other.to_string(),
    }
}

/// Status and code of what the directory refuses. No `_` arm here either.
pub(super) const fn wire(refusal: &Refusal) -> (StatusCode, &'static str) {
    match refusal {
        Refusal::NotFound(_) => (StatusCode::NOT_FOUND, "Request_ResourceNotFound"),
        Refusal::EnabledEntitlement { .. } => (StatusCode::BAD_REQUEST, "CannotDeleteOrUpdateEnabledEntitlement"),
        Refusal::Invalid { problem: Problem::UnverifiedDomain(_), .. } => (StatusCode::BAD_REQUEST, "HostNameNotOnVerifiedDomain"),
        Refusal::Invalid { .. }
        | Refusal::ReadOnly(_)
        | Refusal::AlreadyAssigned
        | Refusal::RoleNotFound(_)
        | Refusal::RoleNeeded
        | Refusal::MemberTypeNotAllowed(_)
        | Refusal::UnknownKey(_)
        | Refusal::ScopeNotFound(_)
        | Refusal::AlreadyOwner
        | Refusal::ValueNeeded { .. }
        | Refusal::DomainNotVerified
        | Refusal::UserPrincipalNameTaken
        | Refusal::WeakPassword
        | Refusal::AlreadyMember
        | Refusal::BuiltIn => (StatusCode::BAD_REQUEST, "Request_BadRequest"),
        Refusal::IdentifierUriTaken(_) => (StatusCode::BAD_REQUEST, "ObjectConflict"),
        Refusal::NoBackingApplication(_) => (StatusCode::BAD_REQUEST, "NoBackingApplicationObject"),
        Refusal::ServicePrincipalExists(_) | Refusal::GrantExists => (StatusCode::CONFLICT, "Request_MultipleObjectsWithSameKeyValue"),
        Refusal::NotKept(_) => (StatusCode::INTERNAL_SERVER_ERROR, "InternalServerError"),
    }
}
