//! Who asks, and for what.

use super::Column;

/// What a token, or a record of ABC's insurance data, says about who somebody is. A record keeps what was true when it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// `tid`
    pub tenant_id: String,
    /// `oid`
    pub object_id: String,
    /// `preferred_username`
    pub preferred_username: String,
    /// `email`
    pub email: String,
    /// `name`
    pub name: String,
}

/// Who asks for a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Visitor {
    /// Nobody is signed in.
    Anonymous,
    /// Somebody signs in, or is signed in.
    Person(Person),
}

/// Somebody with an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Who it is.
    pub identity: Identity,
    /// Where the account is.
    pub account: Account,
    /// Whether the account can sign in.
    pub is_enabled: bool,
    /// The `roles` of the token, in its order. Empty when there is no such claim.
    pub roles: Vec<String>,
}

/// Where somebody's account is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Account {
    /// In ABC's directory, as a member.
    Employee,
    /// In ABC's directory, as a guest: a client.
    Guest,
    /// In another company's directory, unknown to ABC's.
    OtherTenant,
}

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resource<'a> {
    /// `/me`
    Me,
    /// `/my/policies`
    MyPolicies,
    /// `/policies/{id}`
    Policy(&'a InsurancePolicy),
    /// `/insights`
    Insights,
    /// `/admin/roles`
    AdminRoles,
}

impl Resource<'_> {
    pub(super) fn column(self) -> Column {
        match self {
            Self::Me => Column::Me,
            Self::MyPolicies => Column::MyPolicies,
            Self::Policy(_) => Column::OnePolicy,
            Self::Insights => Column::Insights,
            Self::AdminRoles => Column::AdminRoles,
        }
    }
}

/// One policy of ABC's insurance data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InsurancePolicy {
    /// `POL-7731`
    pub id: String,
    /// Whose it is.
    pub owner: Identity,
    /// Who works for its region.
    pub adjusters: Vec<Identity>,
}
