//! GET, POST /mock/snapshots · DELETE /mock/snapshots/{name}
//!
//! Named snapshots of all tenants. `POST /mock/reset {"snapshot": "NAME"}` brings one back.

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
    clock::Clock,
    snapshots::{Manifest, SnapshotName, Snapshots},
};

/// A snapshot as it is told.
#[derive(Debug, Serialize)]
pub(super) struct NamedSnapshot {
    name: SnapshotName,
    #[serde(flatten)]
    manifest: Manifest,
}

/// All snapshots.
#[derive(Debug, Serialize)]
pub(super) struct SnapshotList {
    snapshots: Vec<NamedSnapshot>,
}

pub(super) async fn list(State(state): State<ControlState>) -> Result<Json<SnapshotList>, ControlError> {
    let found = snapshots(&state)?.list()?;
    Ok(Json(SnapshotList { snapshots: found.into_iter().map(|(name, manifest)| NamedSnapshot { name, manifest }).collect() }))
}

pub(super) async fn save(State(state): State<ControlState>, body: Body) -> Result<(StatusCode, Json<NamedSnapshot>), ControlError> {
    let name = body::object(&body::text(body)?, |mut object| {
        let name = object.required_text("name");
        object.no_more();
        name
    })?;
    let name: SnapshotName = name.parse()?;
    // When somebody saved it, whatever the mock's clock says.
    let manifest = snapshots(&state)?.save(&name, &state.tenants.all(), Clock::system().now())?;
    Ok((StatusCode::CREATED, Json(NamedSnapshot { name, manifest })))
}

pub(super) async fn delete(State(state): State<ControlState>, Path(name): Path<String>) -> Result<StatusCode, ControlError> {
    snapshots(&state)?.delete(&name.parse()?)?;
    Ok(StatusCode::NO_CONTENT)
}

/// The snapshots of this mock, if it keeps any.
pub(super) fn snapshots(state: &ControlState) -> Result<&Snapshots, ControlError> {
    state.snapshots.as_ref().ok_or(ControlError::KeepsNothing)
}
