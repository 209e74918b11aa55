//! GET /me/photo, /me/photos, /me/photos/{size}, GET|PUT|PATCH|DELETE /me/photo/$value, and the same for /users/{id | userPrincipalName}
//!
//! Profile photos (Microsoft Graph v1.0: "Get profilePhoto", "Update profilePhoto", "Delete profilePhoto").
//! Departs from Graph: a photo is kept as it came and not scaled. Every size that Graph knows answers the same image.

use axum::{
    body::Bytes,
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::{Map, Value, json};

use super::{
    GraphState,
    call::{Answer, Call, Reply},
    error::GraphError,
    permissions::Operation,
    person::Person,
};
use crate::{
    directory::photo::{Dimensions, PhotoRefusal, ProfilePhoto},
    faults::Fault,
};

/// "profilePhoto resource type": the sizes that Exchange Online keeps, width and height.
const SIZES: [u32; 9] = [48, 64, 96, 120, 240, 360, 432, 504, 648];

pub(super) async fn metadata(call: Call, person: Person) -> Response {
    call.reply(find(&call, &person).map(|photo| {
        let Dimensions { width, height } = photo.dimensions().unwrap_or(Dimensions { width: 1, height: 1 });
        Answer::one(context(&photo), shown(&photo, width, height))
    }))
}

pub(super) async fn value(call: Call, person: Person) -> Response {
    image(&call, find(&call, &person))
}

pub(super) async fn sizes(call: Call, person: Person) -> Response {
    call.reply(find(&call, &person).map(|photo| {
        let all = SIZES.iter().map(|&size| shown(&photo, size, size)).collect();
        Answer { context: context(&photo).replace("/photo/$entity", "/photos"), count: None, next: None, reply: Reply::List(all) }
    }))
}

pub(super) async fn of_size(call: Call, person: Person, Path(path): Path<Vec<(String, String)>>) -> Response {
    let answer = size_of(&path).and_then(|size| {
        let photo = find(&call, &person)?;
        let context = context(&photo).replace("/photo/$entity", "/photos/$entity");
        Ok(Answer::one(context, shown(&photo, size, size)))
    });
    call.reply(answer)
}

pub(super) async fn value_of_size(call: Call, person: Person, Path(path): Path<Vec<(String, String)>>) -> Response {
    image(&call, size_of(&path).and_then(|_| find(&call, &person)))
}

pub(super) async fn put(call: Call, person: Person, State(state): State<GraphState>, headers: HeaderMap, body: Bytes) -> Response {
    let outcome = call.permitted(write(&call, &person), |caller| {
        let user = person.of(caller)?;
        let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        // The SDK for Python calls every stream so; what the bytes are is read from the bytes.
        let is_stream = content_type.eq_ignore_ascii_case("application/octet-stream");
        if !is_stream && !content_type.to_ascii_lowercase().starts_with("image/") {
            return Err(GraphError::NotAnImageType(content_type.to_owned()));
        }
        Ok(state.tenants.edit(&caller.claims.tid, |directory| directory.put_photo(&user.id, &body))?)
    });
    call.reply_empty(StatusCode::OK, outcome)
}

pub(super) async fn delete(call: Call, person: Person, State(state): State<GraphState>) -> Response {
    let outcome = call.permitted(write(&call, &person), |caller| {
        let user = person.of(caller)?;
        Ok(state.tenants.edit(&caller.claims.tid, |directory| directory.remove_photo(&user.id))?)
    });
    call.reply_empty(StatusCode::NO_CONTENT, outcome)
}

fn write(call: &Call, person: &Person) -> Operation {
    if person.is_own(&call.caller) { Operation::WriteOwnPhoto } else { Operation::WritePhotos }
}

fn find(call: &Call, person: &Person) -> Result<ProfilePhoto, GraphError> {
    let operation = if person.is_own(&call.caller) { Operation::ReadOwnPhoto } else { Operation::ReadPhotos };
    call.permitted(operation, |caller| {
        let user = person.of(caller)?;
        let photo = caller.directory.photo(&user.id)?.clone();
        if call.state.faults.strikes(Fault::PhotoMissing, &caller.fault_scope()) {
            call.recording.fault(Fault::PhotoMissing);
            return Err(GraphError::Photo(PhotoRefusal::NoPhoto));
        }
        Ok(photo)
    })
}

/// `240x240`, the last parameter of the path.
fn size_of(path: &[(String, String)]) -> Result<u32, GraphError> {
    let size = path.iter().find(|(name, _)| name == "size").map(|(_, size)| size.as_str()).unwrap_or_default();
    let known = SIZES.into_iter().find(|known| format!("{known}x{known}").eq_ignore_ascii_case(size));
    known.ok_or(GraphError::Photo(PhotoRefusal::NoPhoto))
}

fn context(photo: &ProfilePhoto) -> String {
    format!("users('{}')/photo/$entity", photo.user_id)
}

fn shown(photo: &ProfilePhoto, width: u32, height: u32) -> Map<String, Value> {
    let properties = json!({
        "@odata.mediaContentType": photo.content_type,
        "@odata.mediaEtag": photo.entity_tag(),
        "id": format!("{width}x{height}"),
        "height": height,
        "width": width,
    });
    match properties {
        Value::Object(properties) => properties,
        _ => Map::new(),
    }
}

fn image(call: &Call, photo: Result<ProfilePhoto, GraphError>) -> Response {
    let photo = match photo {
        Ok(photo) => photo,
        Err(error) => return error.response(&call.ids),
    };
    let mut response = photo.bytes().into_response();
    let headers = response.headers_mut();
    call.ids.add_to(headers);
    for (name, value) in [(header::CONTENT_TYPE, photo.content_type.clone()), (header::ETAG, photo.entity_tag())] {
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.insert(name, value);
        }
    }
    response
}
