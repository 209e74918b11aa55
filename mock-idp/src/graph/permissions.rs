//! Which permissions a call needs: the columns of "Permissions" on each page of the Microsoft Graph v1.0 reference.

use super::bearer::Caller;

/// Lets the app do whatever the signed-in user may. "Microsoft Graph permissions reference", Directory.AccessAsUser.All; the pages of
/// single calls list it only where nothing else helps.
const AS_THE_USER: &str = "Directory.AccessAsUser.All";

/// A call, as far as permissions go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    /// Read the signed-in user.
    ReadSelf,
    /// Read other users.
    ReadUsers,
    /// Read the groups and directory roles of the signed-in user.
    ReadOwnMemberships,
    /// Change what the signed-in user may change of herself.
    WriteSelf,
    /// Create, change or delete a user.
    WriteUsers,
    /// Read the groups and directory roles of a user or group.
    ReadMemberships,
    /// Ask for the ids of the signed-in user's groups and directory roles, nested ones included.
    ReadOwnMemberObjects,
    /// Ask for the ids of the groups and directory roles of a user or group, nested ones included.
    ReadMemberObjects,
    /// Read groups and their members.
    ReadGroups,
    /// Create, change or delete a group.
    WriteGroups,
    /// Add members to a group or remove them.
    WriteMembers,
    /// Read directory roles and who holds them.
    ReadDirectoryRoles,
    /// Give directory roles to users and take them away.
    WriteDirectoryRoles,
    /// Read directory objects of any type by their ids.
    ReadDirectoryObjects,
    /// Read the sign-in log.
    ReadSignIns,
    /// Read the signed-in user's photo.
    ReadOwnPhoto,
    /// Read another user's photo.
    ReadPhotos,
    /// Put or remove the signed-in user's photo.
    WriteOwnPhoto,
    /// Put or remove another user's photo.
    WritePhotos,
    /// Read app registrations, service principals, and who is assigned to them.
    ReadApplications,
    /// Create, change or delete an app registration, and its secrets.
    WriteApplications,
    /// Add an owner to an app registration.
    WriteApplicationOwners,
    /// Create, change or delete a service principal.
    WriteServicePrincipals,
    /// Read the roles that the signed-in user holds.
    ReadOwnAssignments,
    /// Read the roles that a user, group or service principal holds.
    ReadAssignments,
    /// Assign an app role.
    AssignAppRoles,
    /// Take an assignment of an app role away.
    RemoveAssignments,
    /// Read consents to delegated permissions.
    ReadGrants,
    /// Give, change or take consent to delegated permissions.
    WriteGrants,
    /// Read the tenant.
    ReadOrganization,
    /// Ask for the signed-in user's OpenID Connect claims.
    ReadUserInfo,
}

impl Operation {
    /// Scopes of which one must be in `scp`, least first.
    const fn delegated(self) -> &'static [&'static str] {
        match self {
            Self::ReadSelf => &[
                "User.Read",
                "User.ReadWrite",
                "User.ReadBasic.All",
                "User.Read.All",
                "User.ReadWrite.All",
                "Directory.Read.All",
                "Directory.ReadWrite.All",
                AS_THE_USER,
            ],
            Self::ReadUsers => {
                &["User.ReadBasic.All", "User.Read.All", "User.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All", AS_THE_USER]
            }
            Self::WriteSelf => &["User.ReadWrite", "User.ReadWrite.All", "Directory.ReadWrite.All", AS_THE_USER],
            Self::WriteUsers => &["User.ReadWrite.All", "Directory.ReadWrite.All", AS_THE_USER],
            Self::ReadOwnPhoto => &["User.Read", "User.ReadBasic.All", "User.Read.All", "User.ReadWrite", "User.ReadWrite.All"],
            Self::ReadPhotos => &["User.ReadBasic.All", "User.Read.All", "User.ReadWrite.All"],
            Self::WriteOwnPhoto => &["User.ReadWrite", "User.ReadWrite.All"],
            Self::WritePhotos => &["User.ReadWrite.All"],
            Self::ReadOwnMemberships | Self::ReadOwnMemberObjects => &[
                "User.Read",
                "User.Read.All",
                "GroupMember.Read.All",
                "Group.Read.All",
                "Directory.Read.All",
                "Directory.ReadWrite.All",
                AS_THE_USER,
            ],
            Self::ReadMemberships => {
                &["User.Read.All", "GroupMember.Read.All", "Group.Read.All", "Directory.Read.All", "Directory.ReadWrite.All", AS_THE_USER]
            }
            Self::ReadMemberObjects => &[
                "User.ReadBasic.All and GroupMember.Read.All",
                "User.Read.All and GroupMember.Read.All",
                "User.ReadBasic.All and Group.Read.All",
                "User.Read.All and Group.Read.All",
                "Directory.Read.All",
                "Directory.ReadWrite.All",
                AS_THE_USER,
            ],
            Self::ReadGroups => &[
                "GroupMember.Read.All",
                "GroupMember.ReadWrite.All",
                "Group.Read.All",
                "Group.ReadWrite.All",
                "Directory.Read.All",
                "Directory.ReadWrite.All",
                AS_THE_USER,
            ],
            Self::WriteGroups => &["Group.ReadWrite.All", "Directory.ReadWrite.All", AS_THE_USER],
            Self::WriteMembers => &["GroupMember.ReadWrite.All", "Group.ReadWrite.All", "Directory.ReadWrite.All", AS_THE_USER],
            Self::ReadDirectoryRoles => &[
                "RoleManagement.Read.Directory",
                "Directory.Read.All",
                "RoleManagement.ReadWrite.Directory",
                "Directory.ReadWrite.All",
                AS_THE_USER,
            ],
            Self::WriteDirectoryRoles => &["RoleManagement.ReadWrite.Directory", AS_THE_USER],
            Self::ReadDirectoryObjects => &["Directory.Read.All", "Directory.ReadWrite.All", AS_THE_USER],
            Self::ReadSignIns => &["AuditLog.Read.All"],
            Self::ReadApplications => {
                &["Application.Read.All", "Application.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All", AS_THE_USER]
            }
            Self::WriteApplications => &["Application.ReadWrite.All", AS_THE_USER],
            Self::WriteApplicationOwners => &["Application.ReadWrite.All and Directory.Read.All", "Directory.ReadWrite.All", AS_THE_USER],
            Self::WriteServicePrincipals => &["Application.ReadWrite.All", "Directory.ReadWrite.All", AS_THE_USER],
            Self::ReadOwnAssignments => {
                &["User.ReadBasic.All", "AppRoleAssignment.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All", AS_THE_USER]
            }
            Self::ReadAssignments => &["AppRoleAssignment.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All", AS_THE_USER],
            Self::AssignAppRoles => &[
                "AppRoleAssignment.ReadWrite.All and Application.Read.All",
                "AppRoleAssignment.ReadWrite.All and Application.ReadWrite.All",
                "AppRoleAssignment.ReadWrite.All and Directory.Read.All",
                "AppRoleAssignment.ReadWrite.All and Directory.ReadWrite.All",
                AS_THE_USER,
            ],
            Self::RemoveAssignments => &["AppRoleAssignment.ReadWrite.All", AS_THE_USER],
            Self::ReadGrants => &["Directory.Read.All", "DelegatedPermissionGrant.ReadWrite.All", "Directory.ReadWrite.All", AS_THE_USER],
            Self::WriteGrants => &["DelegatedPermissionGrant.ReadWrite.All", "Directory.ReadWrite.All", AS_THE_USER],
            Self::ReadOrganization => &["User.Read", "Organization.Read.All", "Directory.Read.All", "Directory.ReadWrite.All", AS_THE_USER],
            Self::ReadUserInfo => &["openid"],
        }
    }

    /// Roles of which one must be in `roles` when an app calls for itself, least first. Empty: not possible without a user.
    const fn application(self) -> &'static [&'static str] {
        match self {
            Self::ReadUsers => &["User.Read.All", "User.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"],
            Self::ReadPhotos => &["User.Read.All", "User.ReadWrite.All"],
            Self::ReadApplications => &[
                "Application.Read.All",
                "Application.ReadWrite.OwnedBy",
                "Application.ReadWrite.All",
                "Directory.Read.All",
                "Directory.ReadWrite.All",
            ],
            Self::WriteApplications => &["Application.ReadWrite.OwnedBy", "Application.ReadWrite.All"],
            Self::WriteApplicationOwners => &[
                "Application.ReadWrite.OwnedBy and Directory.Read.All",
                "Application.ReadWrite.All and Directory.Read.All",
                "Directory.ReadWrite.All",
            ],
            Self::WriteServicePrincipals => &["Application.ReadWrite.OwnedBy", "Application.ReadWrite.All", "Directory.ReadWrite.All"],
            Self::ReadAssignments => &["Directory.Read.All", "AppRoleAssignment.ReadWrite.All", "Directory.ReadWrite.All"],
            Self::AssignAppRoles => &[
                "AppRoleAssignment.ReadWrite.All and Application.Read.All",
                "AppRoleAssignment.ReadWrite.All and Application.ReadWrite.OwnedBy",
                "AppRoleAssignment.ReadWrite.All and Application.ReadWrite.All",
                "AppRoleAssignment.ReadWrite.All and Directory.Read.All",
                "AppRoleAssignment.ReadWrite.All and Directory.ReadWrite.All",
            ],
            Self::ReadOrganization => &["Organization.Read.All", "Directory.Read.All", "Directory.ReadWrite.All"],
            Self::ReadMemberObjects => &[
                "User.Read.All and GroupMember.Read.All",
                "User.Read.All and Group.Read.All",
                "Directory.Read.All",
                "Directory.ReadWrite.All",
            ],
            // What a user lets the app do, the app may be allowed to do for itself, too.
            Self::WriteUsers
            | Self::WritePhotos
            | Self::ReadMemberships
            | Self::ReadGroups
            | Self::WriteGroups
            | Self::WriteMembers
            | Self::ReadDirectoryRoles
            | Self::WriteDirectoryRoles
            | Self::ReadDirectoryObjects
            | Self::ReadSignIns
            | Self::RemoveAssignments
            | Self::ReadGrants
            | Self::WriteGrants => self.delegated(),
            Self::ReadSelf
            | Self::WriteSelf
            | Self::ReadOwnMemberObjects
            | Self::ReadOwnAssignments
            | Self::ReadOwnMemberships
            | Self::ReadUserInfo
            | Self::ReadOwnPhoto
            | Self::WriteOwnPhoto => &[],
        }
    }

    /// The permissions of which the caller needs one. Only where a user signed in can an app do what that user may.
    pub fn needed(self, caller: &Caller) -> Vec<&'static str> {
        match caller.claims.scp {
            Some(_) => self.delegated().to_vec(),
            None => self.application().iter().filter(|permission| **permission != AS_THE_USER).copied().collect(),
        }
    }

    /// Whether the caller's token allows the operation.
    pub fn is_allowed_to(self, caller: &Caller) -> bool {
        holds_any(caller, &self.needed(caller))
    }
}

/// Whether the token holds one of these permissions. One that reads `A and B` is held by a token with both.
pub fn holds_any(caller: &Caller, permissions: &[&str]) -> bool {
    let claims = &caller.claims;
    let holds = |permission: &str| match claims.is_app_only() {
        true => claims.roles.iter().any(|role| role == permission),
        false => claims.has_scope(permission),
    };
    permissions.iter().any(|permission| permission.split(" and ").all(holds))
}
