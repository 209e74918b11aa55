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

/// What follows `/directoryRoles/{id}`.
const OF_A_DIRECTORY_ROLE: [&str; 7] =
    ["checkMemberGroups", "checkMemberObjects", "getMemberGroups", "getMemberObjects", "members", "restore", "scopedMembers"];

/// What follows `/directoryObjects/{id}`.
const OF_A_DIRECTORY_OBJECT: [&str; 5] = ["checkMemberGroups", "checkMemberObjects", "getMemberGroups", "getMemberObjects", "restore"];

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
    // A key in parentheses is no segment of its own.
    let after_key = if segments.first().is_some_and(|first| first.contains('(')) { 1 } else { 2 };
    let (next, known): (Option<&&str>, &[&str]) = match first.to_ascii_lowercase().as_str() {
        "me" => (segments.get(1), &OF_A_USER),
        "users" => (segments.get(after_key), &OF_A_USER),
        "applications" => (segments.get(after_key), &OF_AN_APPLICATION),
        "serviceprincipals" => (segments.get(after_key), &OF_A_SERVICE_PRINCIPAL),
        "directoryroles" => (segments.get(after_key), &OF_A_DIRECTORY_ROLE),
        "directoryobjects" => (segments.get(after_key), &OF_A_DIRECTORY_OBJECT),
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
        ["organization"] | ["directoryRoleTemplates", ..] => &[Method::GET],
        ["organization", _] => &[Method::GET, Method::PATCH],
        ["directoryRoles"] => &[Method::GET, Method::POST],
        ["directoryRoles", _] => &[Method::GET],
        ["directoryRoles", _, "members"] => &[Method::GET],
        ["directoryRoles", _, "members", "$ref"] => &[Method::GET, Method::POST],
        ["directoryRoles", _, "members", _, "$ref"] => &[Method::DELETE],
        ["directoryObjects", "getByIds"] | ["directoryObjects", _, "getMemberGroups" | "getMemberObjects"] => &[Method::POST],
        ["directoryObjects", _, "checkMemberGroups" | "checkMemberObjects"] => &[Method::POST],
        ["directoryObjects", _] => &[Method::GET, Method::DELETE],
        ["me", "memberOf"] => &[Method::GET],
        _ => return false,
    };
    !allowed.contains(method)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_graph_has_and_the_mock_lacks_is_not_implemented() {
        let paths = ["/me/messages", "/users/x/manager", "/groups", "/$metadata", "/applications(appId='x')", "/me/photo/$value", ""];
        for path in paths.into_iter().chain(["/directoryRoles/x/scopedMembers", "/directoryRoles(roleTemplateId='x')/members/x"]) {
            assert!(matches!(refusal(&Method::GET, path), GraphError::NotModelled(_)), "{path}");
        }
        assert!(matches!(refusal(&Method::PATCH, "/me"), GraphError::NotModelled(_)));
    }

    #[test]
    fn what_graph_lacks_is_the_callers_mistake() {
        assert_eq!(refusal(&Method::GET, "/mee"), GraphError::UnknownSegment("mee".to_owned()));
        assert_eq!(refusal(&Method::GET, "/me/mesages"), GraphError::UnknownSegment("mesages".to_owned()));
        assert_eq!(refusal(&Method::POST, "/applications/x/addSecret"), GraphError::UnknownSegment("addSecret".to_owned()));
        assert_eq!(refusal(&Method::GET, "/applications(appId='x')/addSecret"), GraphError::UnknownSegment("addSecret".to_owned()));
        assert_eq!(refusal(&Method::GET, "/directoryRoles/x/holders"), GraphError::UnknownSegment("holders".to_owned()));
        assert_eq!(refusal(&Method::GET, "/directoryObjects/x/mail"), GraphError::UnknownSegment("mail".to_owned()));
    }

    #[test]
    fn a_method_that_graph_refuses_is_not_allowed() {
        assert_eq!(refusal(&Method::DELETE, "/me"), GraphError::MethodNotAllowed);
        assert_eq!(refusal(&Method::POST, "/organization"), GraphError::MethodNotAllowed);
        assert_eq!(refusal(&Method::GET, "/applications/x/addPassword"), GraphError::MethodNotAllowed);
        assert_eq!(refusal(&Method::GET, "/directoryObjects/getByIds"), GraphError::MethodNotAllowed);
        assert_eq!(refusal(&Method::POST, "/directoryRoleTemplates"), GraphError::MethodNotAllowed);
        assert_eq!(refusal(&Method::DELETE, "/directoryRoles/x/members"), GraphError::MethodNotAllowed);
    }
}
