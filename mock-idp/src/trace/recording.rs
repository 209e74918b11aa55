//! What a handler tells about the request it answers, while it answers it.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use axum::{
    extract::FromRequestParts,
    http::{StatusCode, request::Parts},
};

use super::{
    event::{Check, CheckResult},
    masking,
};
use crate::{faults::Fault, oauth::parameters::Parameters};

/// What was told so far.
#[derive(Debug, Default, Clone)]
pub struct Told {
    /// The sign-in.
    pub flow_id: Option<String>,
    /// The app.
    pub app_id: Option<String>,
    /// The user's object id.
    pub user_id: Option<String>,
    /// The parameters, masked.
    pub params: BTreeMap<String, String>,
    /// The checks.
    pub checks: Vec<Check>,
    /// The fault.
    pub fault: Option<Fault>,
}

/// The record of one request. The server puts one into each request and stores an event when the answer is ready.
#[derive(Debug, Clone, Default)]
pub struct Recording {
    told: Arc<Mutex<Told>>,
}

impl Recording {
    fn told(&self) -> MutexGuard<'_, Told> {
        self.told.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What was told so far.
    pub fn so_far(&self) -> Told {
        self.told().clone()
    }

    /// The request belongs to this sign-in.
    pub fn flow(&self, flow_id: &str) {
        self.told().flow_id = Some(flow_id.to_owned());
    }

    /// The request comes from this app.
    pub fn app(&self, app_id: &str) {
        self.told().app_id = Some(app_id.to_owned());
    }

    /// The request is about this user (object id).
    pub fn user(&self, user_id: &str) {
        self.told().user_id = Some(user_id.to_owned());
    }

    /// The request's parameters; they are masked here.
    pub fn parameters(&self, parameters: &Parameters) {
        self.told().params = parameters.pairs().iter().map(|(name, value)| (name.clone(), masking::parameter(name, value))).collect();
    }

    /// This fault struck.
    pub fn fault(&self, fault: Fault) {
        self.told().fault = Some(fault);
    }

    /// A check held.
    pub fn passed(&self, id: &str, title: &str) {
        self.check(id, title, CheckResult::Pass, None, None);
    }

    /// A check did not hold.
    pub fn failed(&self, id: &str, title: &str, expected: Option<String>, received: Option<String>) {
        self.check(id, title, CheckResult::Fail, expected, received);
    }

    fn check(&self, id: &str, title: &str, result: CheckResult, expected: Option<String>, received: Option<String>) {
        let check = Check { id: id.to_owned(), title: title.to_owned(), result, expected, received, fix_href: None, book_href: None };
        self.told().checks.push(check);
    }

    /// Records how a check ended and hands its result on.
    ///
    /// # Errors
    /// The error of `result`.
    pub fn judge<T, E: std::fmt::Display>(&self, id: &str, title: &str, result: Result<T, E>) -> Result<T, E> {
        match &result {
            Ok(_) => self.passed(id, title),
            Err(error) => self.failed(id, title, None, Some(error.to_string())),
        }
        result
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Recording {
    type Rejection = (StatusCode, &'static str);

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        parts.extensions.get::<Self>().cloned().ok_or((StatusCode::INTERNAL_SERVER_ERROR, "the request came without a recording"))
    }
}
