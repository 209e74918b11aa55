//! GET /auditLogs/signIns, /auditLogs/signIns/{id}
//!
//! How the interactive sign-ins of the tenant ended, the newest first (Microsoft Graph v1.0: "List signIns", "Get signIn",
//! "signIn resource type").
//!
//! Departs from Graph: a sign-in is there at once, and not after minutes; no licence is asked for; nothing is known of places, devices,
//! risks and Conditional Access, which is what the values say.

use std::{borrow::Cow, sync::Arc};

use axum::{
    Router,
    extract::{Path, RawQuery},
    response::Response,
    routing::get,
};
use serde_json::{Map, Value, json};

use super::{
    GraphState,
    bearer::Caller,
    call::{Answer, Call},
    entity::Selection,
    entity_types::SIGN_IN,
    error::GraphError,
    odata::{
        list::{List, View},
        order::Direction,
    },
    permissions::Operation,
    query::{QueryOptions, Understood},
    unanswered,
};
use crate::{
    directory::{directory_role::Action, registration::instant},
    sign_in_log::{SignIn, Status},
};

/// The routes of the sign-in log; `at` gives a path its version.
pub(super) fn routes(at: impl Fn(&str) -> String) -> Router<GraphState> {
    Router::new()
        .route(&at("/auditLogs/signIns"), get(list).fallback(unanswered))
        .route(&at("/auditLogs/signIns/{id}"), get(one).fallback(unanswered))
}

async fn list(call: Call, RawQuery(query): RawQuery) -> Response {
    let answer = call.permitted(Operation::ReadSignIns, |caller| {
        call.allowed(Action::ReadSignInLog, None)?;
        let mut options = call.options(query.as_deref(), Understood::Log)?;
        let rows = rows(&call, caller);
        let mut rows: Vec<&SignIn> = rows.iter().map(AsRef::as_ref).collect();
        if direction(&mut options) == Direction::Ascending {
            rows.reverse();
        }
        List { of: &SIGN_IN, context: "auditLogs/signIns", path: "auditLogs/signIns" }.answer(&rows, &SignIns, &options)
    });
    call.reply(answer)
}

async fn one(call: Call, Path(id): Path<String>, RawQuery(query): RawQuery) -> Response {
    let answer = call.permitted(Operation::ReadSignIns, |caller| {
        call.allowed(Action::ReadSignInLog, None)?;
        let options = call.options(query.as_deref(), Understood::One)?;
        let selection = SIGN_IN.selection(&options)?;
        let rows = rows(&call, caller);
        let row = rows.iter().find(|row| row.id.eq_ignore_ascii_case(&id)).ok_or_else(|| GraphError::ResourceNotFound(id.clone()))?;
        Ok(Answer::one(format!("auditLogs/signIns{}/$entity", selection.context()), SignIns.show(row, &selection)))
    });
    call.reply(answer)
}

fn rows(call: &Call, caller: &Caller) -> Vec<Arc<SignIn>> {
    call.state.sign_in_log.of_tenant(caller.directory.tenant_id(), call.ids.now)
}

/// Which way the log is read, taken out of the options: it is in order of time anyway, with a filter or without.
fn direction(options: &mut QueryOptions) -> Direction {
    match options.order_by.as_slice() {
        [only] if only.path.eq_ignore_ascii_case("createdDateTime") => {
            let direction = only.direction;
            options.order_by.clear();
            direction
        }
        _ => Direction::Descending,
    }
}

struct SignIns;

impl View<SignIn> for SignIns {
    fn id<'o>(&self, row: &'o SignIn) -> &'o str {
        &row.id
    }

    fn property<'o>(&'o self, row: &'o SignIn, name: &str) -> Cow<'o, Value> {
        Cow::Owned(value(row, name))
    }

    fn show(&self, row: &SignIn, selection: &Selection) -> Map<String, Value> {
        SIGN_IN.show(selection, &SIGN_IN.properties.iter().map(|name| ((*name).to_owned(), value(row, name))).collect())
    }
}

/// One property of a row.
fn value(row: &SignIn, name: &str) -> Value {
    let user = row.user.as_ref();
    let resource = row.resource.as_ref();
    match name {
        "id" => json!(row.id),
        "createdDateTime" => instant(row.created_at),
        "userDisplayName" => json!(user.map(|user| &user.display_name)),
        "userPrincipalName" => json!(user.map(|user| &user.user_principal_name)),
        "userId" => json!(user.map(|user| &user.id)),
        "appId" => json!(row.app_id),
        "appDisplayName" => json!(row.app_display_name),
        "ipAddress" => json!(row.ip_address),
        "clientAppUsed" => json!("Browser"),
        "correlationId" => json!(row.correlation_id),
        "conditionalAccessStatus" => json!("notApplied"),
        "isInteractive" => json!(true),
        "riskDetail" | "riskLevelAggregated" | "riskLevelDuringSignIn" | "riskState" => json!("none"),
        "resourceDisplayName" => json!(resource.map(|resource| &resource.display_name)),
        "resourceId" => json!(resource.map(|resource| &resource.app_id)),
        "status" => status(&row.status),
        "deviceDetail" => json!({
            "deviceId": "",
            "displayName": null,
            "operatingSystem": row.user_agent.operating_system,
            "browser": row.user_agent.browser,
            "isCompliant": null,
            "isManaged": null,
            "trustType": null,
        }),
        "location" => json!({
            "city": null,
            "state": null,
            "countryOrRegion": null,
            "geoCoordinates": { "altitude": null, "latitude": null, "longitude": null },
        }),
        _ => Value::Null,
    }
}

/// `microsoft.graph.signInStatus`. A success has the reason "Other.", as callers of the real service report (Microsoft Q&A 1052879).
fn status(status: &Status) -> Value {
    let (error_code, reason) = match status {
        Status::Success => (0, "Other."),
        Status::Failure { error_code, reason } => (*error_code, reason.as_str()),
    };
    json!({ "errorCode": error_code, "failureReason": reason, "additionalDetails": null })
}
