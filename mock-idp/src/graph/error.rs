//! What Graph refuses, in Graph's own shape.
//! Source: Microsoft Graph, "Microsoft Graph error responses and resource types"; messages as the service writes them.

mod refusal;

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde::Serialize;

use super::{batch::BatchError, ids::RequestIds};
use crate::directory::{microsoft_graph::GRAPH_APP_ID, photo::PhotoRefusal, refusal::Refusal};

/// Every refusal of the stub, one variant per cause. `Display` is the message.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GraphError {
    /// No `Authorization: Bearer`.
    #[error("Access token is empty.")]
    TokenMissing,
    /// Something that is no JWT, for example a GUID.
    #[error("IDX14100: JWT is not well formed, there are no dots (.).")]
    TokenNotAJwt,
    /// Dots, but no claims that can be read.
    #[error("CompactToken parsing failed with error code: 80049217")]
    TokenMalformed,
    /// Not signed by this mock.
    #[error("Access token validation failure. Invalid signature.")]
    TokenSignature,
    /// Outside `nbf` to `exp`.
    #[error("Access token has expired or is not yet valid.")]
    TokenLifetime,
    /// A token for another API, or an ID token.
    #[error("Access token validation failure. Invalid audience.")]
    TokenAudience,
    /// A tenant that this mock does not have.
    #[error("Access token validation failure. Invalid issuer.")]
    TokenIssuer,
    /// The token holds none of the permissions that the call needs, or the user may not do it.
    #[error("Insufficient privileges to complete the operation.")]
    InsufficientPrivileges,
    /// `/me` without a user.
    #[error("/me request is only valid with delegated authentication flow.")]
    NeedsSignedInUser,
    /// No such object.
    #[error("Resource '{0}' does not exist or one of its queried reference-property objects are not present.")]
    ResourceNotFound(String),
    /// A property that the type does not have.
    #[error("Parsing OData Select and Expand failed: Could not find a property named '{property}' on type '{on}'.")]
    UnknownProperty {
        /// The property.
        property: String,
        /// The type, for example `microsoft.graph.user`.
        on: &'static str,
    },
    /// A path that Graph does not have.
    #[error("Resource not found for the segment '{0}'.")]
    UnknownSegment(String),
    /// Neither `v1.0` nor `beta`.
    #[error("Invalid version: {0}")]
    UnknownVersion(String),
    /// A query option that OData does not have.
    #[error("The query parameter '{0}' is not supported.")]
    UnknownQueryOption(String),
    /// One query option, twice.
    #[error("Query option '{0}' was specified more than once, but it must be specified at most once.")]
    RepeatedQueryOption(String),
    /// `$top` outside 1 to 999.
    #[error("Invalid page size specified: '{0}'. Must be between 1 and 999 inclusive.")]
    InvalidPageSize(String),
    /// A `$skiptoken` that is not from a next link.
    #[error("Skip token is not valid.")]
    InvalidSkipToken,
    /// A `$filter` that cannot be read, or whose names and values do not fit the type.
    #[error("Invalid filter clause: {0}.")]
    InvalidFilter(String),
    /// A `$filter` on a property for which Graph has no index of that kind.
    #[error("Unsupported or invalid query filter clause specified for property '{property}' of resource '{resource}'.")]
    UnsupportedFilter {
        /// The property or path.
        property: String,
        /// The type's short name, for example `Group`.
        resource: String,
    },
    /// An operator that works in advanced queries only.
    #[error(
        "Operator '{0}' is not supported because the required parameters might be missing. Try adding $count=true query parameter and ConsistencyLevel:eventual header. Refer to https://aka.ms/graph-docs/advanced-queries for more information"
    )]
    NeedsAdvancedQuery(&'static str),
    /// An `or` or `in` with too many members.
    #[error("Too many child clauses specified in search filter expression containing 'OR' operators: {0}. Max allowed: 15.")]
    TooManyAlternatives(usize),
    /// `$search` without the header.
    #[error("Request with $search query parameter only works through MSGraph with a special request header: 'ConsistencyLevel: eventual'")]
    SearchNeedsEventual,
    /// A `$search` that cannot be read.
    #[error("Invalid search clause: {0}.")]
    InvalidSearch(String),
    /// A segment `/$count` without the header.
    #[error("$count is not currently supported.")]
    CountNeedsEventual,
    /// An `$orderby` that cannot be read.
    #[error("Invalid orderby clause: Syntax error in '{0}'.")]
    InvalidOrderBy(String),
    /// `$orderby` on a property that the type does not have.
    #[error("Invalid orderby clause: Could not find a property named '{property}' on type '{on}'.")]
    UnknownSortProperty {
        /// The property.
        property: String,
        /// The type.
        on: &'static str,
    },
    /// `$orderby` on a property that Graph does not sort by.
    #[error("Unsupported sort property '{property}' for '{resource}'.")]
    UnsupportedSortProperty {
        /// The property.
        property: String,
        /// The type's short name.
        resource: String,
    },
    /// `$orderby` that works in advanced queries only.
    #[error("Sorting not supported for current query.")]
    SortingNotSupported,
    /// `$skip` on directory objects.
    #[error("'$skip' is not supported by the service.")]
    SkipNotSupported,
    /// A `$filter` on objects of several types without the advanced query parameters.
    #[error("The specified filter to the reference property query is currently not supported.")]
    UnsupportedReferenceFilter,
    /// A `$select` or `$expand` that cannot be read.
    #[error("Parsing OData Select and Expand failed: Term '{0}' is not valid in a $select or $expand expression.")]
    InvalidTerm(String),
    /// An `$expand` of two relationships.
    #[error("Request for multiple expands is not supported: only one relationship can be expanded in a single request.")]
    ManyExpansions,
    /// `$expand` with the advanced query parameters.
    #[error("$expand is not supported with advanced queries.")]
    ExpandInAdvancedQuery,
    /// A property that only a request for one user answers.
    #[error("The property '{0}' can be retrieved for a single user only.")]
    SingleUserProperty(String),
    /// A method that the resource does not have.
    #[error("Specified HTTP method is not allowed for the request target.")]
    MethodNotAllowed,
    /// Graph answers this, the mock does not. Departs from Graph: an honest refusal in place of an invented answer.
    #[error("This mock of Microsoft Graph does not answer {0}. The real service does.")]
    NotModelled(String),
    /// A photo that is not there, or not taken.
    #[error(transparent)]
    Photo(#[from] PhotoRefusal),
    /// A photo that is called something else.
    #[error("The content type of a photo is image/jpeg or image/png, not '{0}'.")]
    NotAnImageType(String),
    /// More bytes than a request may have.
    #[error("The request body is larger than {0} bytes, the most that is taken here.")]
    BodyTooLarge(usize),
    /// A body that is no JSON object.
    #[error("Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of valid JSON format.")]
    UnreadableBody,
    /// A member of the body that the resource does not have.
    #[error("Invalid property '{0}'.")]
    UnknownMember(String),
    /// A member of the body whose value is of another type or form.
    #[error("Invalid value specified for property '{property}': {problem}.")]
    InvalidMember {
        /// Where it stands, for example `web.redirectUris[0]`.
        property: String,
        /// What is wrong, and what would be right.
        problem: String,
    },
    /// A member of the body that the service gives.
    #[error("Property '{0}' is read-only and cannot be set.")]
    ReadOnlyMember(String),
    /// What the directory refuses.
    #[error("{}", refusal::sentence(.0))]
    Refused(Refusal),
    /// A `$batch` whose payload is wrong.
    #[error(transparent)]
    Batch(#[from] BatchError),
    /// An item of a `$batch` whose forerunner failed.
    #[error("The request was not tried because a request that it depends on failed.")]
    FailedDependency,
    /// Too many requests, by fault.
    #[error("Please retry again later.")]
    TooManyRequests {
        /// In how many seconds the app may come back.
        retry_after: u64,
    },
    /// A token that is not good enough any more, by fault: the app has to ask for one with the claims of the challenge.
    #[error(
        "Continuous access evaluation resulted in challenge with result: InteractionRequired and code: TokenIssuedBeforeRevocationTimestamp"
    )]
    ClaimsChallenge,
    /// Out of order, by fault.
    #[error("The service is temporarily unavailable.")]
    ServiceUnavailable,
}

impl GraphError {
    /// HTTP status and `code`. Add a variant and the compiler asks for its row: no `_` arm.
    pub const fn wire(&self) -> (StatusCode, &'static str) {
        match self {
            Self::TokenMissing
            | Self::TokenNotAJwt
            | Self::TokenMalformed
            | Self::TokenSignature
            | Self::TokenLifetime
            | Self::TokenAudience
            | Self::TokenIssuer
            | Self::ClaimsChallenge => (StatusCode::UNAUTHORIZED, "InvalidAuthenticationToken"),
            Self::InsufficientPrivileges => (StatusCode::FORBIDDEN, "Authorization_RequestDenied"),
            Self::NeedsSignedInUser | Self::InvalidPageSize(_) | Self::CountNeedsEventual | Self::SkipNotSupported => {
                (StatusCode::BAD_REQUEST, "Request_BadRequest")
            }
            Self::UnsupportedFilter { .. }
            | Self::UnsupportedReferenceFilter
            | Self::NeedsAdvancedQuery(_)
            | Self::TooManyAlternatives(_)
            | Self::SearchNeedsEventual
            | Self::UnsupportedSortProperty { .. }
            | Self::SortingNotSupported
            | Self::ManyExpansions
            | Self::ExpandInAdvancedQuery => (StatusCode::BAD_REQUEST, "Request_UnsupportedQuery"),
            Self::ResourceNotFound(_) | Self::Photo(PhotoRefusal::UserNotFound(_)) => (StatusCode::NOT_FOUND, "Request_ResourceNotFound"),
            Self::UnknownProperty { .. }
            | Self::UnknownSegment(_)
            | Self::UnknownVersion(_)
            | Self::UnknownQueryOption(_)
            | Self::RepeatedQueryOption(_)
            | Self::InvalidFilter(_)
            | Self::InvalidSearch(_)
            | Self::InvalidOrderBy(_)
            | Self::UnknownSortProperty { .. }
            | Self::InvalidTerm(_)
            | Self::InvalidSkipToken
            | Self::Batch(_)
            | Self::NotAnImageType(_)
            | Self::Photo(PhotoRefusal::NotAnImage) => (StatusCode::BAD_REQUEST, "BadRequest"),
            Self::Photo(PhotoRefusal::NoPhoto) => (StatusCode::NOT_FOUND, "ImageNotFound"),
            Self::Photo(PhotoRefusal::TooLarge) | Self::BodyTooLarge(_) => (StatusCode::PAYLOAD_TOO_LARGE, "RequestEntityTooLarge"),
            Self::UnreadableBody => (StatusCode::BAD_REQUEST, "BadRequest"),
            Self::UnknownMember(_) | Self::InvalidMember { .. } | Self::ReadOnlyMember(_) => {
                (StatusCode::BAD_REQUEST, "Request_BadRequest")
            }
            Self::Refused(refusal) => refusal::wire(refusal),
            Self::FailedDependency => (StatusCode::FAILED_DEPENDENCY, "FailedDependency"),
            Self::SingleUserProperty(_) | Self::NotModelled(_) => (StatusCode::NOT_IMPLEMENTED, "NotImplemented"),
            Self::MethodNotAllowed => (StatusCode::METHOD_NOT_ALLOWED, "Request_BadRequest"),
            Self::TooManyRequests { .. } => (StatusCode::TOO_MANY_REQUESTS, "TooManyRequests"),
            Self::ServiceUnavailable | Self::Photo(PhotoRefusal::NotKept(_)) => (StatusCode::SERVICE_UNAVAILABLE, "serviceNotAvailable"),
        }
    }

    fn details(&self) -> Vec<Detail> {
        let taken = |target| Detail { code: "ObjectConflict", message: self.to_string(), target };
        match self {
            Self::Refused(Refusal::UserPrincipalNameTaken) => vec![taken("userPrincipalName")],
            _ => Vec::new(),
        }
    }

    /// The answer: status, headers and body. No `OData-Version` and no OData parameters in the content type, as Graph does it.
    pub fn response(&self, ids: &RequestIds) -> Response {
        let (status, code) = self.wire();
        let body = ErrorBody {
            error: PublicError {
                code,
                message: self.to_string(),
                details: self.details(),
                inner_error: InnerError { date: ids.date(), request_id: &ids.request_id, client_request_id: &ids.client_request_id },
            },
        };
        let mut response = (status, Json(body)).into_response();
        ids.add_to(response.headers_mut());
        if status == StatusCode::UNAUTHORIZED {
            let challenge = self.challenge(ids);
            if let Ok(challenge) = HeaderValue::from_str(&challenge) {
                response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
            }
        }
        if let Self::TooManyRequests { retry_after } = self {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(*retry_after));
        }
        response
    }

    /// `WWW-Authenticate`. A claims challenge also holds the claims that the next request to the authorization endpoint repeats.
    /// Microsoft identity platform, "Claims challenges, claims requests and client capabilities".
    fn challenge(&self, ids: &RequestIds) -> String {
        let plain = format!(r#"Bearer realm="", authorization_uri="{}/common/oauth2/authorize", client_id="{GRAPH_APP_ID}""#, ids.origin);
        if *self != Self::ClaimsChallenge {
            return plain;
        }
        let issued_after = ids.now.unix_timestamp().to_string();
        let claims = serde_json::json!({ "access_token": { "nbf": { "essential": true, "value": issued_after } } });
        format!(r#"{plain}, error="insufficient_claims", claims="{}""#, STANDARD.encode(claims.to_string()))
    }
}

#[derive(Serialize)]
struct ErrorBody<'a> {
    error: PublicError<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PublicError<'a> {
    code: &'static str,
    message: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    details: Vec<Detail>,
    inner_error: InnerError<'a>,
}

/// Which property is at fault. Graph adds it where another object has the value already.
#[derive(Serialize)]
struct Detail {
    code: &'static str,
    message: String,
    target: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct InnerError<'a> {
    date: String,
    request_id: &'a str,
    client_request_id: &'a str,
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn answer(error: GraphError) -> (Response<()>, String) {
        let (parts, body) = error.response(&RequestIds::for_tests()).into_parts();
        let bytes = axum::body::to_bytes(body, 10_000).await.expect("a body in memory");
        (Response::from_parts(parts, ()), String::from_utf8(bytes.to_vec()).expect("JSON is UTF-8"))
    }

    #[tokio::test]
    async fn an_expired_token_is_answered_as_graph_does() {
        let (head, body) = answer(GraphError::TokenLifetime).await;
        assert_eq!(head.status(), StatusCode::UNAUTHORIZED);
        assert_eq!(head.headers()["content-type"], "application/json");
        assert!(!head.headers().contains_key("odata-version"));
        insta::assert_snapshot!(head.headers()["www-authenticate"].to_str().expect("ASCII"), @r#"Bearer realm="", authorization_uri="http://localhost:8400/common/oauth2/authorize", client_id="00000003-0000-0000-c000-000000000000""#);
        insta::assert_snapshot!(body, @r#"{"error":{"code":"InvalidAuthenticationToken","message":"Access token has expired or is not yet valid.","innerError":{"date":"2026-11-25T09:00:00","request-id":"00000000-0000-4000-8000-000000000001","client-request-id":"00000000-0000-4000-8000-000000000002"}}}"#);
    }

    #[tokio::test]
    async fn a_throttled_call_says_when_to_come_back() {
        let (head, body) = answer(GraphError::TooManyRequests { retry_after: 1 }).await;
        assert_eq!((head.status(), &head.headers()["retry-after"]), (StatusCode::TOO_MANY_REQUESTS, &HeaderValue::from_static("1")));
        assert!(body.contains(r#""code":"TooManyRequests""#));
    }

    #[test]
    fn what_is_not_modelled_says_so() {
        let error = GraphError::NotModelled("GET /me/messages".to_owned());
        assert_eq!(error.wire().0, StatusCode::NOT_IMPLEMENTED);
        assert_eq!(error.to_string(), "This mock of Microsoft Graph does not answer GET /me/messages. The real service does.");
    }
}
