//! Unit 2: create a web app.

pub mod committed_secrets;
pub mod configuration;
mod content_security_policy;
pub mod headers;
pub mod health;
pub mod pages;
pub mod project;
pub mod provider;
pub mod secrets;
pub mod sign_in_address;
pub mod stop;
