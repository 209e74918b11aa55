//! A local mock of the Microsoft identity platform: sign-in, app roles, signed tokens, a stub Microsoft Graph.
//!
//! Read the modules in this order:
//!
//! 1. [`clock`] and [`random`]: the only readers of time and randomness; [`faults`]: every deliberate misbehaviour, by name.
//! 2. [`oauth`]: the vocabulary of the protocol, without state.
//! 3. [`directory`]: tenants, people, app registrations, roles, consent.
//! 4. [`tokens`]: keys, claims, and the one place where tokens are signed.
//! 5. [`sign_in`]: sessions and the pages on which people sign in; [`html`]: what all pages have in common.
//! 6. [`endpoints`]: discovery, keys, `/authorize`, `/token`, logout.
//! 7. [`graph`]: the stub Microsoft Graph; [`portal`]: the pages on which apps are registered; [`control`]: the `/mock` API for tests in
//!    any language.
//! 8. [`trace`]: what happened, request by request.
//! 9. [`store`]: what survives a restart, in one file; [`snapshots`]: states of the directory that people give a name.
//! 10. [`server`]: listeners, certificates, the router that joins it all; [`testing`]: the mock inside a test.
//!
//! ```no_run
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! use mock_idp::{Directory, Fault, MockIdp, directory::application::Application};
//!
//! let idp = MockIdp::builder().directory(Directory::abc_insurance()).start().await?;
//! let app = idp.register(Application::web("claims-portal", "http://localhost/getAToken")).await;
//! idp.inject(Fault::WrongNonce.once().for_app(&app.app_id));
//! idp.clock().advance(time::Duration::hours(1));
//! let token_requests = idp.trace().token_requests();
//! # Ok(()) }
//! ```
#![warn(missing_docs)]

pub mod clock;
pub mod control;
pub mod directory;
pub mod endpoints;
pub mod faults;
pub mod graph;
pub mod html;
pub mod oauth;
pub mod portal;
pub mod random;
pub mod request_context;
pub mod server;
pub mod sign_in;
pub mod sign_in_log;
pub mod snapshots;
pub mod store;
pub mod testing;
pub mod tokens;
pub mod trace;
pub mod write_later;

pub use clock::Clock;
pub use directory::Directory;
pub use faults::Fault;
pub use testing::mock_idp::MockIdp;
