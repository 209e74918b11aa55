//! Unit 2: create a web app.

pub mod committed_secrets;
pub mod configuration;
pub mod headers;
pub mod health;
pub mod pages;
pub mod project;
pub mod provider;
pub mod secrets;
pub mod stop;
