//! The resource types that the stub answers, with what Graph's index knows of their properties.
//!
//! Sources: Microsoft Graph v1.0, the page "… resource type" of each; "Advanced query capabilities on Microsoft Entra ID objects".

mod application;
mod assignment;
mod directory_object;
mod group;
mod organization;
mod service_principal;
mod sign_in;
mod user;

pub use application::APPLICATION;
pub use assignment::{APP_ROLE_ASSIGNMENT, OAUTH2_PERMISSION_GRANT};
pub use directory_object::{DIRECTORY_OBJECT, DIRECTORY_ROLE, DIRECTORY_ROLE_TEMPLATE};
pub use group::GROUP;
pub use organization::ORGANIZATION;
pub use service_principal::SERVICE_PRINCIPAL;
pub use sign_in::SIGN_IN;
pub use user::USER;
