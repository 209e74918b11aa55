//! What is asked of Graph and not answered here. The mock says whether Graph has it: a path that Graph lacks is the caller's mistake,
//! one that only the mock lacks is ours. Neither is ever an empty success.

use axum::http::Method;

use super::error::GraphError;

/// First segments of Graph's own paths.
const RESOURCES: [&str; 40] = [
    "$batch",
    "$metadata",
    "admin",
    "agreements",
    "appCatalogs",
    "applications",
    "auditLogs",
    "chats",
    "communications",
    "connections",
    "contacts",
    "contracts",
    "deviceManagement",
    "devices",
    "directory",
    "directoryObjects",
    "directoryRoles",
    "directoryRoleTemplates",
    "domains",
    "drives",
    "education",
    "groups",
    "groupSettings",
    "identity",
    "identityGovernance",
    "identityProtection",
    "invitations",
    "me",
    "oauth2PermissionGrants",
    "organization",
    "places",
    "planner",
    "policies",
    "reports",
    "roleManagement",
    "security",
    "servicePrincipals",
    "sites",
    "subscriptions",
    "users",
];

/// What follows `/me` and `/users/{id}`.
const OF_A_USER: [&str; 38] = [
    "agreementAcceptances",
    "appRoleAssignments",
    "assignLicense",
    "authentication",
    "calendar",
    "calendars",
    "calendarView",
    "changePassword",
    "chats",
    "checkMemberGroups",
    "checkMemberObjects",
    "contacts",
    "createdObjects",
    "directReports",
    "drive",
    "drives",
    "events",
    "findMeetingTimes",
    "followedSites",
    "getMailTips",
    "getMemberGroups",
    "getMemberObjects",
    "insights",
    "joinedTeams",
    "licenseDetails",
    "mailboxSettings",
    "mailFolders",
    "manager",
    "memberOf",
    "messages",
    "oauth2PermissionGrants",
    "onenote",
    "ownedDevices",
    "ownedObjects",
    "photo",
    "photos",
    "sendMail",
    "transitiveMemberOf",
];

/// What follows `/applications/{id}`.
const OF_AN_APPLICATION: [&str; 21] = [
    "addKey",
    "addPassword",
    "appManagementPolicies",
    "checkMemberGroups",
    "checkMemberObjects",
    "createdOnBehalfOf",
    "extensionProperties",
    "federatedIdentityCredentials",
    "getMemberGroups",
    "getMemberObjects",
    "homeRealmDiscoveryPolicies",
    "logo",
    "owners",
    "removeKey",
    "removePassword",
    "restore",
    "setVerifiedPublisher",
    "synchronization",
    "tokenIssuancePolicies",
    "tokenLifetimePolicies",
    "unsetVerifiedPublisher",
];

/// What follows `/servicePrincipals/{id}`.
const OF_A_SERVICE_PRINCIPAL: [&str; 26] = [
    "addKey",
    "addPassword",
    "addTokenSigningCertificate",
    "appManagementPolicies",
    "appRoleAssignedTo",
    "appRoleAssignments",
    "checkMemberGroups",
    "checkMemberObjects",
    "claimsMappingPolicies",
    "createdObjects",
    "delegatedPermissionClassifications",
    "endpoints",
    "getMemberGroups",
    "getMemberObjects",
    "homeRealmDiscoveryPolicies",
    "memberOf",
    "oauth2PermissionGrants",
    "ownedObjects",
    "owners",
    "remoteDesktopSecurityConfiguration",
    "removeKey",
    "removePassword",
    "synchronization",
    "tokenIssuancePolicies",
    "tokenLifetimePolicies",
    "transitiveMemberOf",
];

/// The refusal of a request that no route took. `path` is what follows the version.
pub fn refusal(method: &Method, path: &str) -> GraphError {
    let segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
    // `applications(appId='…')` names a resource, too.
    let name = |segment: &&str| segment.split('(').next().unwrap_or_default().to_owned();
    let first = segments.first().map(name).unwrap_or_default();
    let is_one_of = |names: &[&str], segment: &str| names.iter().any(|known| known.eq_ignore_ascii_case(segment));
    if !first.is_empty() && !is_one_of(&RESOURCES, &first) {
        return GraphError::UnknownSegment(first);
    }
    let (next, known): (Option<&&str>, &[&str]) = match first.to_ascii_lowercase().as_str() {
        "me" => (segments.get(1), &OF_A_USER),
        "users" => (segments.get(2), &OF_A_USER),
        "applications" => (segments.get(2), &OF_AN_APPLICATION),
        "serviceprincipals" => (segments.get(2), &OF_A_SERVICE_PRINCIPAL),
        _ => (None, &[]),
    };
    match next.map(name) {
        Some(unknown) if !is_one_of(known, &unknown) => GraphError::UnknownSegment(unknown),
        _ if is_never_allowed(method, &segments) => GraphError::MethodNotAllowed,
        _ => GraphError::NotModelled(format!("{method} /{}", segments.join("/"))),
    }
}

/// Methods that Graph itself refuses on the resources that the mock answers to GET.
fn is_never_allowed(method: &Method, segments: &[&str]) -> bool {
    let allowed: &[Method] = match segments {
        ["$batch"] => &[Method::POST],
        ["me"] => &[Method::GET, Method::PATCH],
        ["users"] => &[Method::GET, Method::POST],
        ["users", _] => &[Method::GET, Method::PATCH, Method::DELETE],
        ["applications" | "servicePrincipals" | "oauth2PermissionGrants"] => &[Method::GET, Method::POST],
        ["applications" | "servicePrincipals" | "oauth2PermissionGrants", _] => &[Method::GET, Method::PATCH, Method::DELETE],
        ["applications", _, "addPassword" | "removePassword"] => &[Method::POST],
        ["servicePrincipals", _, "appRoleAssignedTo" | "appRoleAssignments"] => &[Method::GET, Method::POST],
        ["me", "memberOf"] | ["organization"] => &[Method::GET],
        _ => return false,
    };
    !allowed.contains(method)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_graph_has_and_the_mock_lacks_is_not_implemented() {
        for path in ["/me/messages", "/users/x/manager", "/groups", "/$metadata", "/applications(appId='x')", "/me/photo/$value", ""] {
            assert!(matches!(refusal(&Method::GET, path), GraphError::NotModelled(_)), "{path}");
        }
        assert!(matches!(refusal(&Method::PATCH, "/me"), GraphError::NotModelled(_)));
    }

    #[test]
    fn what_graph_lacks_is_the_callers_mistake() {
        assert_eq!(refusal(&Method::GET, "/mee"), GraphError::UnknownSegment("mee".to_owned()));
        assert_eq!(refusal(&Method::GET, "/me/mesages"), GraphError::UnknownSegment("mesages".to_owned()));
        assert_eq!(refusal(&Method::POST, "/applications/x/addSecret"), GraphError::UnknownSegment("addSecret".to_owned()));
    }

    #[test]
    fn a_method_that_graph_refuses_is_not_allowed() {
        assert_eq!(refusal(&Method::DELETE, "/me"), GraphError::MethodNotAllowed);
        assert_eq!(refusal(&Method::POST, "/organization"), GraphError::MethodNotAllowed);
        assert_eq!(refusal(&Method::GET, "/applications/x/addPassword"), GraphError::MethodNotAllowed);
    }
}
