//! The mock inside a test: [`mock_idp`] runs it, [`browser`] visits it and the app under test.

pub mod browser;
pub mod mock_idp;
