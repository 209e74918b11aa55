//! Calls that change the directory: what the user or the app may do, the change itself, and how it is answered.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

use super::{
    call::{Answer, Call},
    error::GraphError,
};
use crate::directory::{Directory, EditError, directory_role::Action};

/// Permissions with which an app changes any application, not only its own.
const EVERY_APPLICATION: [&str; 2] = ["Application.ReadWrite.All", "Directory.ReadWrite.All"];

impl Call {
    /// Refuses a user who may not do this, whatever permissions the app holds, and an app that may change only what it owns. `on` is
    /// the object id of the application or service principal.
    /// Microsoft Graph, "Overview of Microsoft Graph permissions": with delegated access the app can never have more privileges than
    /// the signed-in user.
    ///
    /// # Errors
    /// [`GraphError::InsufficientPrivileges`].
    pub(super) fn allowed(&self, action: Action, on: Option<&str>) -> Result<(), GraphError> {
        let (expected, allowed) = if self.caller.claims.is_app_only() {
            ("the app is an owner of the application".to_owned(), self.app_may(action, on))
        } else {
            let roles: Vec<&str> = action.roles().iter().map(|role| role.name()).collect();
            let user = self.caller.signed_in_user()?;
            (format!("one of {}, or an owner", roles.join(", ")), self.caller.directory.may(user, action, on))
        };
        let title = "Who calls may do this in the directory";
        if allowed {
            self.recording.passed("directory_role", title);
            return Ok(());
        }
        let held = self.caller.signed_in_user().map(|user| user.directory_roles.join(", ")).unwrap_or_default();
        self.recording.failed("directory_role", title, Some(expected), Some(held));
        Err(GraphError::InsufficientPrivileges)
    }

    /// An app that calls for itself may what its permissions say; with Application.ReadWrite.OwnedBy alone only with what it owns.
    fn app_may(&self, action: Action, on: Option<&str>) -> bool {
        let is_limited = matches!(action, Action::ManageApplication | Action::ManageServicePrincipal);
        if !is_limited || EVERY_APPLICATION.iter().any(|role| self.caller.claims.roles.iter().any(|held| held == role)) {
            return true;
        }
        let directory = &self.caller.directory;
        let of_principal = |id| directory.service_principals.get(id).and_then(|principal| directory.application(&principal.app_id));
        let application = on.and_then(|id| directory.applications.get(id).or_else(|| of_principal(id)));
        application.is_some_and(|application| application.owners.contains(&self.caller.claims.oid))
    }

    /// Changes the caller's tenant; the change is kept when this returns.
    ///
    /// # Errors
    /// What `change` returns; [`GraphError::Refused`] if it could not be kept.
    pub(super) fn edit<T, E>(&self, change: impl FnOnce(&mut Directory) -> Result<T, E>) -> Result<T, GraphError>
    where
        E: From<EditError>,
        GraphError: From<E>,
    {
        Ok(self.state.tenants.edit(self.caller.directory.tenant_id(), change)?)
    }

    /// 201 with the new object, and where it is.
    pub(super) fn reply_created(&self, created: Result<(String, Answer), GraphError>) -> Response {
        let (path, answer) = match created {
            Ok((path, answer)) => (path, Ok(answer)),
            Err(error) => return error.response(&self.ids),
        };
        let mut response = self.reply(answer);
        *response.status_mut() = StatusCode::CREATED;
        if let Ok(location) = HeaderValue::from_str(&self.address(&path)) {
            response.headers_mut().insert(header::LOCATION, location);
        }
        response
    }

    /// 204 without a body.
    pub(super) fn reply_nothing(&self, done: Result<(), GraphError>) -> Response {
        match done {
            Ok(()) => {
                let mut response = StatusCode::NO_CONTENT.into_response();
                self.ids.add_to(response.headers_mut());
                response
            }
            Err(error) => error.response(&self.ids),
        }
    }
}
