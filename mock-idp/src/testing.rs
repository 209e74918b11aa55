//! The mock inside a test: [`MockIdp`] runs it.

pub mod mock_idp;
