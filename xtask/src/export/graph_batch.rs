//! A real tenant's registration: the answer of Microsoft Graph to the `$batch` request of unit 3, as a directory file.
//!
//! Source: Microsoft Graph, "Combine multiple requests in one HTTP call using JSON batching". Nothing is asked about people: who holds
//! a role is known by object id, and that is all that is written.

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::Result;
use mock_idp::{Directory, directory::credential::PasswordCredential};
use serde_json::{Value, json};

use crate::outcome::UsageError;

/// The request, as it lies in the exercise's folder.
pub const REQUEST_FILE: &str = "exercises/03-registration/graph-batch.json";

/// Graph's id of the assignment without a role ("Default Access").
const DEFAULT_ACCESS: &str = "00000000-0000-0000-0000-000000000000";

/// Reads the file that holds Graph's answer.
///
/// # Errors
/// [`UsageError`] when it is no such answer, or Graph refused a part of it: with the remedy.
pub fn read(path: &Path) -> Result<Directory> {
    let text = fs::read_to_string(path).map_err(|error| UsageError(format!("cannot read {}: {error}", path.display())))?;
    directory(&text).map_err(|reason| UsageError(format!("{}: {reason}", path.display())).into())
}

fn directory(answer: &str) -> Result<Directory, String> {
    // A byte order mark, as some editors and shells write it.
    let answer: Value = serde_json::from_str(answer.trim_start_matches('\u{feff}')).map_err(|error| format!("this is no JSON: {error}"))?;
    let organization = items(&answer, "organization")?.first().cloned().ok_or("Graph told of no organization")?;
    let mut applications = items(&answer, "applications")?;
    let (mut principals, mut holders, mut assignments) = (Vec::new(), BTreeMap::new(), Vec::new());
    for principal in items(&answer, "servicePrincipals")? {
        for held in principal["appRoleAssignedTo"].as_array().into_iter().flatten() {
            if let Some(assignment) = assignment(held, &principal["appId"], &applications) {
                holders.insert(held["principalId"].to_string(), held.clone());
                assignments.push(assignment);
            }
        }
        principals.push(without(&principal, &["appRoleAssignedTo"]));
    }
    for application in &mut applications {
        for secret in application["passwordCredentials"].as_array_mut().into_iter().flatten() {
            *secret = without(secret, &["secretText", "customKeyIdentifier"]);
            secret["secretHash"] = json!(PasswordCredential::HASH_NOT_TOLD);
        }
    }
    let of_type = |kind: &str| holders.values().filter(|held| held["principalType"] == kind).cloned().collect::<Vec<_>>();
    let users: Vec<Value> = of_type("User")
        .iter()
        .map(|held| {
            // The name by which somebody signs in is not asked for.
            let name = format!("{}@{}", held["principalId"].as_str().unwrap_or_default(), domain(&organization));
            json!({ "id": held["principalId"], "displayName": held["principalDisplayName"], "userPrincipalName": name })
        })
        .collect();
    let groups: Vec<Value> = of_type("Group")
        .iter()
        .map(|held| json!({ "id": held["principalId"], "displayName": held["principalDisplayName"], "members": [] }))
        .collect();
    let file = json!({
        "version": 1,
        "organization": without(&organization, &[]),
        "users": users,
        "groups": groups,
        "applications": applications.iter().map(|it| without(it, &[])).collect::<Vec<_>>(),
        "servicePrincipals": principals,
        "appRoleAssignments": assignments,
    });
    Directory::from_json(&file.to_string()).map_err(|error| format!("Graph's answer does not fit: {error}"))
}

/// The `value` of the answer to the request with this id.
fn items(answer: &Value, id: &str) -> Result<Vec<Value>, String> {
    let responses = answer["responses"].as_array().ok_or_else(|| {
        format!("there is no list `responses`; send {REQUEST_FILE} to https://graph.microsoft.com/v1.0/$batch and save the answer")
    })?;
    let response = responses.iter().find(|it| it["id"] == id).ok_or_else(|| format!("there is no answer to the request `{id}`"))?;
    if response["status"] != 200 {
        let message = response["body"]["error"]["message"].as_str().unwrap_or("no message");
        return Err(format!(
            "Graph answered {} to the request `{id}`: {}. Reading apps needs the permission Application.Read.All, reading the \
             organization User.Read, or Organization.Read.All for a program without a person",
            response["status"],
            message.trim_end_matches('.')
        ));
    }
    match response["body"]["value"].as_array() {
        Some(items) => Ok(items.clone()),
        None => Err(format!("the answer to the request `{id}` has no list `value`")),
    }
}

/// The assignment as a directory file has it: the role by its value.
fn assignment(held: &Value, app_id: &Value, applications: &[Value]) -> Option<Value> {
    let roles = applications.iter().filter(|app| app["appId"] == *app_id).flat_map(|app| app["appRoles"].as_array().into_iter().flatten());
    let role = roles.into_iter().find(|role| role["id"] == held["appRoleId"] && held["appRoleId"] != DEFAULT_ACCESS)?;
    Some(json!({ "principal": held["principalId"], "resource": app_id, "role": role["value"] }))
}

fn domain(organization: &Value) -> &str {
    let domains = organization["verifiedDomains"].as_array().into_iter().flatten();
    domains.filter(|it| it["isDefault"] == true).find_map(|it| it["name"].as_str()).unwrap_or("tenant.example")
}

/// The object without these members, without OData's own, and without nulls, which mean the same as being absent.
fn without(object: &Value, members: &[&str]) -> Value {
    let is_kept = |(name, value): &(&String, &Value)| !name.contains("@odata") && !members.contains(&name.as_str()) && !value.is_null();
    let kept = object.as_object().into_iter().flatten().filter(is_kept);
    Value::Object(kept.map(|(name, value)| (name.clone(), value.clone())).collect())
}

#[cfg(test)]
mod tests;
