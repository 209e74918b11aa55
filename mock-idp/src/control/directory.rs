//! GET, PUT /mock/directory
//!
//! A tenant as a directory file. GET exports one, the first or the one that `?tenant=` names; PUT puts a file in the place of the
//! tenant whose id it holds, and leaves the others alone. What no file holds stays: photos, deleted applications. Private keys are
//! exported with `?privateKeys=true` only.

use std::sync::Arc;

use axum::{
    extract::{RawQuery, State},
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};

use super::{
    ControlState,
    body::{self, Body},
    error::ControlError,
};
use crate::directory::{Directory, Tenants};

pub(super) async fn export(State(state): State<ControlState>, RawQuery(query): RawQuery) -> Result<Response, ControlError> {
    let query = query.unwrap_or_default();
    let directory = tenant(&state.tenants, &query)?;
    let asks_for_keys = url::form_urlencoded::parse(query.as_bytes()).any(|(name, value)| name == "privateKeys" && value == "true");
    Ok(file(if asks_for_keys { directory.to_json_with_private_keys() } else { directory.to_json() }))
}

pub(super) async fn replace(State(state): State<ControlState>, body: Body) -> Result<Response, ControlError> {
    let text = body::text(body)?;
    // Passwords are hashed while the file is read, which is slow by design.
    let read = tokio::task::spawn_blocking(move || Directory::from_json(&text)).await.expect("reading a file does not panic");
    let mut directory = read.map_err(|error| ControlError::Mistakes(error.mistakes().to_vec()))?;
    if let Some(before) = state.tenants.find(directory.tenant_id()) {
        directory.keep_beside(&before);
    }
    let answer = file(directory.to_json());
    state.tenants.replace(directory)?;
    Ok(answer)
}

fn tenant(tenants: &Tenants, query: &str) -> Result<Arc<Directory>, ControlError> {
    let asked = url::form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "tenant").map(|(_, value)| value.into_owned());
    let all = tenants.all();
    let found = match &asked {
        Some(name) => all.iter().find(|directory| directory.is_named(name)),
        None => all.first(),
    };
    found.cloned().ok_or_else(|| {
        let names = all.iter().map(|directory| format!("{} ({})", directory.tenant_id(), directory.organization.display_name));
        ControlError::UnknownTenant { name: asked.unwrap_or_default(), known: names.collect::<Vec<_>>().join(", ") }
    })
}

fn file(json: String) -> Response {
    let mut response = json.into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_name_the_first_tenant_is_exported() {
        let tenants = Tenants::new([Directory::abc_insurance(), Directory::fabrikam()]);
        let name = |query| tenant(&tenants, query).map(|directory| directory.organization.display_name.clone());
        assert_eq!(name("").ok().as_deref(), Some("ABC Insurance"));
        assert_eq!(name("tenant=fabrikam.example").ok().as_deref(), Some("Fabrikam"));
        let message = name("tenant=contoso").expect_err("unknown").to_string();
        assert!(message.starts_with("No tenant is called 'contoso'. There are: 2d4f7a90-1b3c-4e5d-8f60-a1b2c3d4e5f6 (ABC Insurance), "));
    }
}
