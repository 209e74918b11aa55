//! Microsoft Graph as a resource of every tenant: its ids and the permissions that the mock knows.
//! Source: "Microsoft Graph permissions reference"; ids of User.Read and the OpenID scopes as documented there.

/// Graph's application id, the same in every tenant.
pub const GRAPH_APP_ID: &str = "00000003-0000-0000-c000-000000000000";

/// The resource identifier in scopes and in `aud`. It stays literal, whatever origin the mock has.
pub const GRAPH_RESOURCE: &str = "https://graph.microsoft.com";

/// Who may consent to a delegated permission.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Consenter {
    /// Every user for herself.
    User,
    /// Only an administrator.
    Administrator,
}

/// A delegated permission of Graph.
#[derive(Debug, Clone, Copy)]
pub struct GraphPermission {
    /// The permission's id.
    pub id: &'static str,
    /// The scope's name.
    pub value: &'static str,
    /// Who may consent.
    pub consenter: Consenter,
    /// What the consent page says.
    pub consent_text: &'static str,
    /// What the consent page says when asked for more.
    pub consent_description: &'static str,
}

/// A permission that Graph grants to an app by itself (client credentials).
#[derive(Debug, Clone, Copy)]
pub struct GraphAppRole {
    /// The role's id.
    pub id: &'static str,
    /// What the `roles` claim holds.
    pub value: &'static str,
}

const fn scope(
    id: &'static str,
    value: &'static str,
    consenter: Consenter,
    consent_text: &'static str,
    consent_description: &'static str,
) -> GraphPermission {
    GraphPermission { id, value, consenter, consent_text, consent_description }
}

/// The delegated permissions that the mock knows. Any other scope of Graph is refused as unknown.
pub const DELEGATED: &[GraphPermission] = &[
    scope(
        "37f7f235-527c-4136-accd-4a02d197296e",
        "openid",
        Consenter::User,
        "Sign you in",
        "Lets you sign in to the app with your work account.",
    ),
    scope(
        "14dad69e-099b-42c9-810b-d002981feec1",
        "profile",
        Consenter::User,
        "View your basic profile",
        "Lets the app see your name, your user name and your object id.",
    ),
    scope(
        "64a6cdd6-aab1-4aaf-94b8-3cc8405e90d0",
        "email",
        Consenter::User,
        "View your email address",
        "Lets the app see the email address of your account.",
    ),
    scope(
        "7427e0e9-2fba-42fe-b0c0-848c9e6a8182",
        "offline_access",
        Consenter::User,
        "Maintain access to data you have given it access to",
        "Lets the app keep its access when you are not using it.",
    ),
    scope(
        "e1fe6dd8-ba31-4d61-89e7-88639da4683d",
        "User.Read",
        Consenter::User,
        "Sign you in and read your profile",
        "Lets you sign in to the app and lets the app read your profile.",
    ),
    scope(
        "b4e74841-8e56-480b-be8b-910348b18b4c",
        "User.ReadWrite",
        Consenter::User,
        "Read and update your profile",
        "Lets the app read your profile and change it on your behalf.",
    ),
    scope(
        "b340eb25-3456-403f-be2f-af7a0d370277",
        "User.ReadBasic.All",
        Consenter::User,
        "Read all users' basic profiles",
        "Lets the app read name and address of every user of your organization on your behalf.",
    ),
    scope(
        "570282fd-fa5c-430d-a7fd-fc8dc98a9dca",
        "Mail.Read",
        Consenter::User,
        "Read your mail",
        "Lets the app read the mail in your mailbox.",
    ),
    scope(
        "a154be20-db9c-4678-8ab7-66f6cc099a59",
        "User.Read.All",
        Consenter::Administrator,
        "Read all users' full profiles",
        "Lets the app read every property of every user of your organization on your behalf.",
    ),
    scope(
        "204e0828-b5ca-4ad8-b9f3-f32a958e7cc4",
        "User.ReadWrite.All",
        Consenter::Administrator,
        "Read and write all users' full profiles",
        "Lets the app create, change and delete users of your organization on your behalf.",
    ),
    scope(
        "f81125ac-d3b7-4573-a3b2-7099cc39df9e",
        "GroupMember.ReadWrite.All",
        Consenter::Administrator,
        "Read and write group memberships",
        "Lets the app add members to groups and remove them on your behalf.",
    ),
    scope(
        "4e46008b-f24c-477d-8fff-7bb4ec7aafe0",
        "Group.ReadWrite.All",
        Consenter::Administrator,
        "Read and write all groups",
        "Lets the app create, change and delete groups on your behalf.",
    ),
    scope(
        "c5366453-9fb0-48a5-a156-24f0c49a4b84",
        "Directory.ReadWrite.All",
        Consenter::Administrator,
        "Read and write directory data",
        "Lets the app change the directory of your organization on your behalf.",
    ),
    scope(
        "4908d5b9-3fb2-4b1e-9336-1888b7937185",
        "Organization.Read.All",
        Consenter::Administrator,
        "Read organization information",
        "Lets the app read the properties of your organization on your behalf.",
    ),
    scope(
        "741c54c3-0c1e-44a1-818b-3f97ab4e8c83",
        "RoleManagement.Read.Directory",
        Consenter::Administrator,
        "Read directory RBAC settings",
        "Lets the app read directory roles and who holds them on your behalf.",
    ),
    scope(
        "d01b97e9-cbc0-49fe-810a-750afd5527a3",
        "RoleManagement.ReadWrite.Directory",
        Consenter::Administrator,
        "Read and write directory RBAC settings",
        "Lets the app give directory roles to users and take them away on your behalf.",
    ),
    scope(
        "e4c9e354-4dc5-45b8-9e7c-e1393b0b1a20",
        "AuditLog.Read.All",
        Consenter::Administrator,
        "Read audit log data",
        "Lets the app read the sign-in log of your organization on your behalf.",
    ),
    scope(
        "bc024368-1153-4739-b217-4326f2e966d0",
        "GroupMember.Read.All",
        Consenter::Administrator,
        "Read group memberships",
        "Lets the app list groups and their members on your behalf.",
    ),
    scope(
        "5f8c59db-677d-491f-a6b8-5f174b11ec1d",
        "Group.Read.All",
        Consenter::Administrator,
        "Read all groups",
        "Lets the app read every group on your behalf.",
    ),
    scope(
        "06da0dbc-49e2-44d2-8312-53f166ab848a",
        "Directory.Read.All",
        Consenter::Administrator,
        "Read directory data",
        "Lets the app read the directory of your organization on your behalf.",
    ),
    scope(
        "0e263e50-5827-48a4-b97c-d940288653c7",
        "Directory.AccessAsUser.All",
        Consenter::Administrator,
        "Access the directory as you",
        "Lets the app do in the directory of your organization whatever you may do there.",
    ),
    scope(
        "c79f8feb-a9db-4090-85f9-90d820caa0eb",
        "Application.Read.All",
        Consenter::Administrator,
        "Read applications",
        "Lets the app read app registrations on your behalf.",
    ),
    scope(
        "bdfbf15f-ee85-4955-8675-146e8e5296b5",
        "Application.ReadWrite.All",
        Consenter::Administrator,
        "Read and write all applications",
        "Lets the app create and change app registrations on your behalf.",
    ),
    scope(
        "41ce6ca6-6826-4807-84f1-1c82854f7ee5",
        "DelegatedPermissionGrant.ReadWrite.All",
        Consenter::Administrator,
        "Manage all delegated permission grants",
        "Lets the app give and take consent to delegated permissions on your behalf.",
    ),
    scope(
        "84bccea3-f856-4a8a-967b-dbe0a3d53a64",
        "AppRoleAssignment.ReadWrite.All",
        Consenter::Administrator,
        "Manage app permission grants and app role assignments",
        "Lets the app assign app roles on your behalf.",
    ),
];

/// The application permissions that the mock knows.
pub const APPLICATION: &[GraphAppRole] = &[
    GraphAppRole { id: "df021288-bdef-4463-88db-98f22de89214", value: "User.Read.All" },
    GraphAppRole { id: "741f803b-c850-494e-b5df-cde7c675a1ca", value: "User.ReadWrite.All" },
    GraphAppRole { id: "dbaae8cf-10b5-4b86-a4a1-f871c94c6695", value: "GroupMember.ReadWrite.All" },
    GraphAppRole { id: "62a82d76-70ea-41e2-9197-370581804d09", value: "Group.ReadWrite.All" },
    GraphAppRole { id: "19dbc75e-c2e2-444c-a770-ec69d8559fc7", value: "Directory.ReadWrite.All" },
    GraphAppRole { id: "498476ce-e0fe-48b0-b801-37ba7e2685c6", value: "Organization.Read.All" },
    GraphAppRole { id: "483bed4a-2ad3-4361-a73b-c83ccdbdc53c", value: "RoleManagement.Read.Directory" },
    GraphAppRole { id: "9e3f62cf-ca93-4989-b6ce-bf83c28f9fe8", value: "RoleManagement.ReadWrite.Directory" },
    GraphAppRole { id: "b0afded3-3588-46d8-8b3d-9842eff778da", value: "AuditLog.Read.All" },
    GraphAppRole { id: "98830695-27a2-44f7-8c18-0c3ebc9698f6", value: "GroupMember.Read.All" },
    GraphAppRole { id: "5b567255-7703-4780-807c-7be8301ae99b", value: "Group.Read.All" },
    GraphAppRole { id: "7ab1d382-f21e-4acd-a863-ba3e13f7da61", value: "Directory.Read.All" },
    GraphAppRole { id: "9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30", value: "Application.Read.All" },
    GraphAppRole { id: "1bfefb4e-e0b5-418b-a88f-73c46d2cc8e9", value: "Application.ReadWrite.All" },
    GraphAppRole { id: "18a4783c-866b-4cc7-a460-3d5e5662c884", value: "Application.ReadWrite.OwnedBy" },
    GraphAppRole { id: "8e8e4742-1d95-4f68-9d56-6ee75648c72a", value: "DelegatedPermissionGrant.ReadWrite.All" },
    GraphAppRole { id: "06b708a9-e830-4db3-a914-8e69da51d44f", value: "AppRoleAssignment.ReadWrite.All" },
];

/// The delegated permission of this name. Scope names are compared without case, as Entra does.
pub fn delegated(value: &str) -> Option<&'static GraphPermission> {
    DELEGATED.iter().find(|permission| permission.value.eq_ignore_ascii_case(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_permission_id_is_a_guid_and_unique() {
        let ids: Vec<&str> = DELEGATED.iter().map(|scope| scope.id).chain(APPLICATION.iter().map(|role| role.id)).collect();
        let distinct: std::collections::BTreeSet<&str> = ids.iter().copied().collect();
        assert_eq!(ids.len(), distinct.len());
        assert!(ids.iter().all(|id| crate::random::is_guid(id)));
    }
}
