//! GET, POST, DELETE /mock/faults and DELETE /mock/faults/{id}
//!
//! Faults in force. A fault is scoped by app, user and count, so that tests can run side by side against one mock.

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use serde::Serialize;

use super::{
    ControlState,
    body::{self, Body},
    error::ControlError,
};
use crate::{
    directory::file::reader::Object,
    faults::{ActiveFault, Fault, FaultId, Injection},
};

/// The answer of GET.
#[derive(Debug, Serialize)]
pub(super) struct FaultList {
    faults: Vec<ActiveFault>,
}

pub(super) async fn list(State(state): State<ControlState>) -> Json<FaultList> {
    Json(FaultList { faults: state.faults.list() })
}

pub(super) async fn inject(State(state): State<ControlState>, body: Body) -> Result<(StatusCode, Json<ActiveFault>), ControlError> {
    let injection = body::object(&body::text(body)?, injection)?;
    let injection = injection.expect("without a mistake there is a fault");
    let id = state.faults.inject(injection.clone());
    Ok((StatusCode::CREATED, Json(ActiveFault { id, injection })))
}

pub(super) async fn clear(State(state): State<ControlState>) -> StatusCode {
    state.faults.clear();
    StatusCode::NO_CONTENT
}

pub(super) async fn remove(State(state): State<ControlState>, Path(id): Path<String>) -> Result<StatusCode, ControlError> {
    let removed = id.parse().is_ok_and(|number| state.faults.remove(FaultId(number)));
    if removed { Ok(StatusCode::NO_CONTENT) } else { Err(ControlError::UnknownFaultId(id)) }
}

/// Reads `{"fault": "wrongNonce", "times": 1, "appId": "…", "username": "…"}`; `None` if there is no such fault, which is noted.
fn injection(mut object: Object<'_>) -> Option<Injection> {
    let names: Vec<(String, Fault)> = Fault::ALL.iter().map(|fault| (fault.name(), *fault)).collect();
    let words: Vec<(&str, Fault)> = names.iter().map(|(name, fault)| (name.as_str(), *fault)).collect();
    let fault = object.required_word("fault", &words);
    let times = object.number("times");
    if times.is_some_and(|times| times == 0 || u32::try_from(times).is_err()) {
        object.wrong("times", "must be 1 or more, or null for a fault that stays until it is removed");
    }
    let times = times.and_then(|times| u32::try_from(times).ok());
    let (app_id, username) = (object.text("appId"), object.text("username"));
    object.no_more();
    Some(Injection { fault: fault?, times, app_id, username })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Result<Injection, ControlError> {
        body::object(json, injection).map(|injection| injection.expect("no mistake"))
    }

    #[test]
    fn a_fault_is_read_with_its_scope() {
        let injection = read(r#"{"fault": "wrongNonce", "times": 2, "appId": "a", "username": "u@x"}"#);
        assert_eq!(injection, Ok(Fault::WrongNonce.times(2).for_app("a").for_user("u@x")));
        assert_eq!(read(r#"{"fault": "expired", "times": null}"#), Ok(Fault::Expired.always()));
    }

    #[test]
    fn an_unknown_fault_is_refused_with_the_known_ones() {
        let message = read(r#"{"fault": "wrongNonse"}"#).expect_err("unknown").to_string();
        assert!(message.starts_with("There is a mistake at $.fault: 'wrongNonse' is not one of wrongNonce, missingNonce, "), "{message}");
        assert!(message.ends_with("; did you mean 'wrongNonce'?."), "{message}");
    }

    #[test]
    fn a_count_of_zero_and_an_unknown_key_are_both_reported() {
        let Err(ControlError::Mistakes(mistakes)) = read(r#"{"fault": "expired", "times": 0, "app_id": "a"}"#) else {
            panic!("two mistakes expected")
        };
        let paths: Vec<&str> = mistakes.iter().map(|mistake| mistake.path.as_str()).collect();
        assert_eq!(paths, ["$.times", "$.app_id"]);
        assert_eq!(mistakes[1].problem, "unknown key; did you mean 'appId'?");
    }

    #[test]
    fn what_is_not_an_object_is_refused() {
        assert!(matches!(read("[]"), Err(ControlError::Mistakes(_))));
        assert!(matches!(read("{"), Err(ControlError::NotJson(_))));
    }
}
