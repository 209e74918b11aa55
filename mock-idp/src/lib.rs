//! A local mock of the Microsoft identity platform.

pub mod clock;
pub mod directory;
pub mod faults;
pub mod oauth;
pub mod random;
pub mod request_context;
pub mod tokens;
pub mod trace;
