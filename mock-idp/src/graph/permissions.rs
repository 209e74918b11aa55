//! Which permissions a call needs: the columns of "Permissions" on each page of the Microsoft Graph v1.0 reference.

use super::{bearer::Caller, error::GraphError};

/// A call, as far as permissions go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    /// Read the signed-in user.
    ReadSelf,
    /// Read other users.
    ReadUsers,
    /// Read the groups and directory roles of the signed-in user.
    ReadOwnMemberships,
    /// Create, change or delete a user.
    WriteUsers,
    /// Read the signed-in user's photo.
    ReadOwnPhoto,
    /// Read another user's photo.
    ReadPhotos,
    /// Put or remove the signed-in user's photo.
    WriteOwnPhoto,
    /// Put or remove another user's photo.
    WritePhotos,
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
            ],
            Self::ReadUsers => {
                &["User.ReadBasic.All", "User.Read.All", "User.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"]
            }
            Self::WriteUsers => &["User.ReadWrite.All", "Directory.ReadWrite.All"],
            Self::ReadOwnPhoto => &["User.Read", "User.ReadBasic.All", "User.Read.All", "User.ReadWrite", "User.ReadWrite.All"],
            Self::ReadPhotos => &["User.ReadBasic.All", "User.Read.All", "User.ReadWrite.All"],
            Self::WriteOwnPhoto => &["User.ReadWrite", "User.ReadWrite.All"],
            Self::WritePhotos => &["User.ReadWrite.All"],
            Self::ReadOwnMemberships => &["User.Read", "GroupMember.Read.All", "Group.Read.All", "Directory.Read.All"],
            Self::ReadOrganization => &["User.Read", "Directory.Read.All"],
            Self::ReadUserInfo => &["openid"],
        }
    }

    /// Roles of which one must be in `roles` when an app calls for itself, least first. Empty: not possible without a user.
    const fn application(self) -> &'static [&'static str] {
        match self {
            Self::ReadUsers => &["User.Read.All", "User.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All"],
            Self::WriteUsers => &["User.ReadWrite.All", "Directory.ReadWrite.All"],
            Self::ReadPhotos => &["User.Read.All", "User.ReadWrite.All"],
            Self::WritePhotos => &["User.ReadWrite.All"],
            Self::ReadOrganization => &["Directory.Read.All"],
            Self::ReadSelf | Self::ReadOwnMemberships | Self::ReadUserInfo | Self::ReadOwnPhoto | Self::WriteOwnPhoto => &[],
        }
    }

    /// The permissions of which the caller needs one.
    pub const fn needed(self, caller: &Caller) -> &'static [&'static str] {
        if caller.claims.scp.is_none() { self.application() } else { self.delegated() }
    }
}

/// Whether the token holds one of these permissions.
pub fn holds_any(caller: &Caller, permissions: &[&str]) -> bool {
    let claims = &caller.claims;
    permissions.iter().any(|permission| match claims.is_app_only() {
        true => claims.roles.iter().any(|role| role == permission),
        false => claims.has_scope(permission),
    })
}

/// Refuses a caller whose token does not allow the operation.
///
/// # Errors
/// [`GraphError::InsufficientPrivileges`].
pub fn require(caller: &Caller, operation: Operation) -> Result<(), GraphError> {
    if holds_any(caller, operation.needed(caller)) { Ok(()) } else { Err(GraphError::InsufficientPrivileges) }
}
