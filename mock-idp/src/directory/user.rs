//! People: Graph's `user` resource.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::entries::{Entry, Index};

/// Whether a user belongs to the tenant or was invited to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum UserType {
    /// Belongs to the tenant.
    Member,
    /// Was invited; signs in with an account from elsewhere.
    Guest,
}

/// Graph's `user`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct User {
    /// The object id, a GUID. It is the `oid` claim, never changes and is never reused.
    pub id: String,
    /// The sign-in name. It can change, and an old one can be given to another person.
    pub user_principal_name: String,
    /// The name that people see. Not unique.
    pub display_name: String,
    /// The mail address, if there is one. It can change hands as the sign-in name can.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mail: Option<String>,
    /// False for a user who must not sign in any more.
    #[serde(default = "enabled")]
    pub account_enabled: bool,
    /// Member or guest.
    #[serde(default = "member")]
    pub user_type: UserType,
    /// argon2id in PHC string form. A user without one cannot sign in with a password.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password_hash: Option<String>,
    /// Names of directory roles, for example `Global Administrator`. Not app roles.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub directory_roles: Vec<String>,
    /// First name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub given_name: Option<String>,
    /// Family name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub surname: Option<String>,
    /// Position in the company.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub job_title: Option<String>,
    /// What the mock does not act on: kept and returned.
    #[serde(flatten)]
    pub other_properties: Map<String, Value>,
}

const fn enabled() -> bool {
    true
}

const fn member() -> UserType {
    UserType::Member
}

impl User {
    /// An enabled member without a password.
    pub fn member(id: impl Into<String>, user_principal_name: impl Into<String>, display_name: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            user_principal_name: user_principal_name.into(),
            display_name: display_name.into(),
            mail: None,
            account_enabled: true,
            user_type: UserType::Member,
            password_hash: None,
            directory_roles: Vec::new(),
            given_name: None,
            surname: None,
            job_title: None,
            other_properties: Map::new(),
        }
    }

    /// Whether this user may consent for the whole tenant.
    /// Microsoft identity platform: "Grant tenant-wide admin consent to an application", prerequisites.
    pub fn is_administrator(&self) -> bool {
        const MAY_CONSENT: [&str; 4] =
            ["Global Administrator", "Privileged Role Administrator", "Cloud Application Administrator", "Application Administrator"];
        self.directory_roles.iter().any(|role| MAY_CONSENT.contains(&role.as_str()))
    }
}

impl Entry for User {
    const KIND: &'static str = "user";

    fn id(&self) -> &str {
        &self.id
    }

    fn keys(&self) -> Vec<(Index, String)> {
        let names = [(Index::UserPrincipalName, self.user_principal_name.clone()), (Index::DisplayName, self.display_name.clone())];
        let roles = self.directory_roles.iter().map(|role| (Index::DirectoryRole, role.clone()));
        names.into_iter().chain(self.mail.iter().map(|mail| (Index::Mail, mail.clone()))).chain(roles).collect()
    }
}
