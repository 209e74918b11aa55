//! What the two files of this unit mean, in words. Nothing here is graded: the files are.

use anyhow::Context;
use serde_json::Value;

/// The name of ABC's app.
const APP_NAME: &str = "claims-portal";

/// The app's registration, its roles, who holds them, and the notes.
///
/// # Errors
/// When one of the texts is no JSON or no TOML.
pub fn summary(directory: &str, notes: &str) -> anyhow::Result<String> {
    let directory: Value = serde_json::from_str(directory).context("src/directory.json is no JSON")?;
    let notes: toml::Table = notes.parse().context("src/registration.toml is no TOML")?;
    let mut text = format!("Directory: {}\n", shown(&directory["organization"]["displayName"]));
    let Some(app) = list(&directory["applications"]).find(|app| app["displayName"] == APP_NAME) else {
        text += "No app is called claims-portal. Register it in the portal, then run `cargo xtask export registration`.\n";
        return Ok(text);
    };
    text += &format!("App: {}, client id {}\n", shown(&app["displayName"]), shown(&app["appId"]));
    for uri in list(&app["web"]["redirectUris"]) {
        text += &format!("Redirect URI: {}\n", shown(uri));
    }
    for secret in list(&app["passwordCredentials"]) {
        text += &format!("Secret with the id {}, valid until {}\n", shown(&secret["keyId"]), shown(&secret["endDateTime"]));
    }
    for role in list(&app["appRoles"]) {
        text += &format!("Role {} ({})\n", shown(&role["value"]), shown(&role["displayName"]));
    }
    for assignment in list(&directory["appRoleAssignments"]).filter(|it| it["resource"] == app["appId"]) {
        text += &format!("{} has {}\n", name(&directory, &assignment["principal"]), shown(&assignment["role"]));
    }
    text += &format!("\nNotes:\n{notes}");
    Ok(text)
}

/// The name of the user or group with this id; with the user name, which nobody else has, where people are called alike.
fn name(directory: &Value, id: &Value) -> String {
    let everybody = || list(&directory["users"]).chain(list(&directory["groups"]));
    let Some(found) = everybody().find(|it| it["id"] == *id) else { return shown(id) };
    match everybody().filter(|it| it["displayName"] == found["displayName"]).count() {
        1 => shown(&found["displayName"]),
        _ => format!("{} ({})", shown(&found["displayName"]), shown(&found["userPrincipalName"])),
    }
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn shown(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
