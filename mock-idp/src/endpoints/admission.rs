//! Whether an app may be used in a tenant, and by this user: asked at `/authorize`, and again whenever tokens are issued, because
//! accounts, apps and assignments change while a refresh token lives.

use crate::{
    directory::{Directory, application::Application, user::User},
    oauth::error::ProtocolError,
};

/// Whether the app is switched on in this tenant.
///
/// # Errors
/// [`ProtocolError::ApplicationDisabled`].
pub fn require_enabled(directory: &Directory, application: &Application) -> Result<(), ProtocolError> {
    match directory.service_principal(&application.app_id) {
        Some(principal) if !principal.account_enabled => {
            Err(ProtocolError::ApplicationDisabled { client_id: application.app_id.clone(), name: application.display_name.clone() })
        }
        _ => Ok(()),
    }
}

/// Whether the user may sign in to the app.
///
/// # Errors
/// [`ProtocolError::UserDisabled`], [`ProtocolError::ApplicationDisabled`], [`ProtocolError::UserNotAssigned`].
pub fn admit(directory: &Directory, user: &User, application: &Application) -> Result<(), ProtocolError> {
    if !user.account_enabled {
        return Err(ProtocolError::UserDisabled);
    }
    require_enabled(directory, application)?;
    let required = directory.service_principal(&application.app_id).is_some_and(|principal| principal.app_role_assignment_required);
    // Global Administrators get in regardless.
    let exempt = user.directory_roles.iter().any(|role| role == "Global Administrator");
    if required && !exempt && !directory.is_assigned(&user.id, &application.app_id) {
        return Err(ProtocolError::UserNotAssigned {
            name: application.display_name.clone(),
            client_id: application.app_id.clone(),
            user: user.user_principal_name.clone(),
        });
    }
    Ok(())
}
