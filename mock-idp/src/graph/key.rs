//! How a path names what has two ids: `/applications/{id}` or `/applications(appId='{appId}')`.
//! Source: Microsoft Graph v1.0, "Get application", "Get servicePrincipal", "Get directoryRole": either id addresses the object.

use axum::{
    Router,
    extract::{Request, State},
    http::{Uri, uri::PathAndQuery},
    middleware::Next,
    response::Response,
};
use tower::ServiceExt;

use super::error::GraphError;
use crate::{
    directory::{Directory, application::Application, service_principal::ServicePrincipal},
    request_context::RequestContext,
    trace::Recording,
};

/// Resources that have a second key.
const RESOURCES: [&str; 3] = ["applications", "directoryRoles", "servicePrincipals"];

/// A key in a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Key {
    /// The object id.
    Id(String),
    /// The application (client) id.
    AppId(String),
}

impl Key {
    /// The key that a segment is: an id, or `(appId='…')`.
    ///
    /// # Errors
    /// [`GraphError::NotModelled`] for another key (`uniqueName`), with which Graph also creates what is not there.
    pub(super) fn read(segment: &str) -> Result<Self, GraphError> {
        let app_id = alternate(segment, "appId")?;
        Ok(app_id.map_or_else(|| Self::Id(segment.to_owned()), |app_id| Self::AppId(app_id.to_owned())))
    }

    /// The application that the key names.
    ///
    /// # Errors
    /// [`GraphError::ResourceNotFound`].
    pub(super) fn application<'d>(&self, directory: &'d Directory) -> Result<&'d Application, GraphError> {
        let found = match self {
            Self::Id(id) => directory.applications.get(id),
            Self::AppId(id) => directory.application(id),
        };
        found.ok_or_else(|| self.not_found())
    }

    /// The service principal that the key names.
    ///
    /// # Errors
    /// [`GraphError::ResourceNotFound`].
    pub(super) fn service_principal<'d>(&self, directory: &'d Directory) -> Result<&'d ServicePrincipal, GraphError> {
        let found = match self {
            Self::Id(id) => directory.service_principals.get(id),
            Self::AppId(id) => directory.service_principal(id),
        };
        found.ok_or_else(|| self.not_found())
    }

    fn not_found(&self) -> GraphError {
        let (Self::Id(id) | Self::AppId(id)) = self;
        GraphError::ResourceNotFound(id.clone())
    }
}

/// The value in a segment `(name='…')`; `None` for a segment that is an object id.
///
/// # Errors
/// [`GraphError::NotModelled`] for a key of another name.
pub(super) fn alternate<'s>(segment: &'s str, name: &str) -> Result<Option<&'s str>, GraphError> {
    let Some(inner) = segment.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) else { return Ok(None) };
    let (written, value) = inner.split_once('=').unwrap_or((inner, ""));
    match value.trim().strip_prefix('\'').and_then(|rest| rest.strip_suffix('\'')) {
        Some(value) if written.trim().eq_ignore_ascii_case(name) => Ok(Some(value)),
        _ => Err(GraphError::NotModelled(format!("the key {inner}"))),
    }
}

/// Sends `/applications(appId='…')/x` to `/applications/(appId='…')/x`, where `resources` has a route for it. Whatever else comes here
/// goes on.
pub(super) async fn follow(State(resources): State<Router>, mut request: Request, next: Next) -> Response {
    let Some(uri) = with_own_segment(request.uri()) else { return next.run(request).await };
    *request.uri_mut() = uri;
    // The route that led here left its parameters among the extensions; the next one brings its own.
    let extensions = std::mem::take(request.extensions_mut());
    if let Some(context) = extensions.get::<RequestContext>() {
        request.extensions_mut().insert(context.clone());
    }
    if let Some(recording) = extensions.get::<Recording>() {
        request.extensions_mut().insert(recording.clone());
    }
    let Ok(response) = resources.oneshot(request).await;
    response
}

/// The address with a slash before the key; `None` if it has no such key.
fn with_own_segment(uri: &Uri) -> Option<Uri> {
    // /graph/v1.0/applications(appId='…')/…
    let path = uri.path();
    let start = path.match_indices('/').nth(2)?.0 + 1;
    let segment = path[start..].split('/').next()?;
    let open = segment.find('(').or_else(|| segment.find("%28"))?;
    RESOURCES.iter().find(|name| segment[..open].eq_ignore_ascii_case(name))?;
    let rest = &path[start + open..];
    let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    let moved = format!("{}/{rest}{query}", &path[..start + open]);
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = Some(PathAndQuery::try_from(moved).ok()?);
    Uri::from_parts(parts).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_segment_is_an_object_id_or_an_app_id() {
        assert_eq!(Key::read("a"), Ok(Key::Id("a".to_owned())));
        assert_eq!(Key::read("(appId='b')"), Ok(Key::AppId("b".to_owned())));
        for other in ["(uniqueName='c')", "(appId=b)", "()", "(appId='b)"] {
            assert!(matches!(Key::read(other), Err(GraphError::NotModelled(_))), "{other}");
        }
    }

    #[test]
    fn the_key_in_parentheses_becomes_a_segment_of_its_own() {
        let moved = |uri: &'static str| with_own_segment(&Uri::from_static(uri)).map(|uri| uri.to_string());
        assert_eq!(
            moved("/graph/v1.0/applications(appId='b')?$select=id").as_deref(),
            Some("/graph/v1.0/applications/(appId='b')?$select=id")
        );
        let encoded = moved("/graph/v1.0/servicePrincipals%28appId%3D%27b%27%29/appRoleAssignedTo");
        assert_eq!(encoded.as_deref(), Some("/graph/v1.0/servicePrincipals/%28appId%3D%27b%27%29/appRoleAssignedTo"));
        for other in
            ["/graph/v1.0/applications/b", "/graph/v1.0/users(userPrincipalName='x')", "/graph/v1.0", "/graph/v1.0/applications/delta()"]
        {
            assert_eq!(moved(other), None, "{other}");
        }
    }
}
