//! What people do in the app: sign in, and look who they are. Shared by the checks of the sign-in.

pub mod describe;
pub mod login;
pub mod session;

pub use describe::{describe, describe_error, has_heading, id_token_of};
pub use login::{Login, authorize, begin_login, deliver, follow_own_redirects};
pub use session::{SignedIn, sign_in, who_is_signed_in};
