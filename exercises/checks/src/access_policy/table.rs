//! The words of the file: rows, columns, cells and rules.

use super::Identity;

/// A row of `[pages]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Row {
    /// Nobody is signed in.
    Anonymous,
    /// The token has no role.
    NoRole,
    /// The token has a role that the app does not know.
    UnknownRole,
    /// The role `Client`.
    Client,
    /// The role `Claims.Adjuster`.
    Adjuster,
    /// The role `Insights.Analyst`.
    Analyst,
    /// The role `Policy.Admin`.
    Administrator,
}

impl Row {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::Anonymous, Self::NoRole, Self::UnknownRole, Self::Client, Self::Adjuster, Self::Analyst, Self::Administrator];

    /// The rows of roles that the app knows.
    pub(super) const ROLES: [Self; 4] = [Self::Client, Self::Adjuster, Self::Analyst, Self::Administrator];

    /// As the file names it; for a role its value.
    pub fn name(self) -> &'static str {
        match self {
            Self::Anonymous => "anonymous",
            Self::NoRole => "no-role",
            Self::UnknownRole => "unknown-role",
            Self::Client => "Client",
            Self::Adjuster => "Claims.Adjuster",
            Self::Analyst => "Insights.Analyst",
            Self::Administrator => "Policy.Admin",
        }
    }
}

/// A column of `[pages]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    /// `/me`
    Me,
    /// `/my/policies`
    MyPolicies,
    /// `/policies/{id}`
    OnePolicy,
    /// `/insights`
    Insights,
    /// `/admin/roles`
    AdminRoles,
}

impl Column {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Me, Self::MyPolicies, Self::OnePolicy, Self::Insights, Self::AdminRoles];

    /// The route of the app, which is the column's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Me => "/me",
            Self::MyPolicies => "/my/policies",
            Self::OnePolicy => "/policies/{id}",
            Self::Insights => "/insights",
            Self::AdminRoles => "/admin/roles",
        }
    }

    /// The values that a cell of this column can have. A page about nobody has no owner, and only a policy has a region.
    pub(super) fn cells(self) -> &'static [(&'static str, Cell)] {
        const CELLS: [(&str, Cell); 5] = [
            ("allow", Cell::Allow),
            ("deny", Cell::Deny),
            ("login", Cell::Login),
            ("own-only", Cell::OwnOnly),
            ("assigned-region", Cell::AssignedRegion),
        ];
        match self {
            Self::OnePolicy => &CELLS,
            Self::Me | Self::MyPolicies => &CELLS[..4],
            Self::Insights | Self::AdminRoles => &CELLS[..3],
        }
    }
}

/// What a cell of `[pages]` says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cell {
    /// `allow`: the page is shown, and every one of its kind.
    Allow,
    /// `own-only`: if it belongs to the visitor. `/me` and `/my/policies` always do.
    OwnOnly,
    /// `assigned-region`: if it lies in a region for which the visitor works.
    AssignedRegion,
    /// `deny`: 403.
    Deny,
    /// `login`: sends the browser to the sign-in (a program gets 401).
    Login,
}

/// The rule `several-roles`: what a person with more than one role gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SeveralRoles {
    /// `union`: what at least one of the roles allows.
    Union,
    /// `first`: what the first role in the token allows. The order of roles in a token means nothing.
    First,
    /// `strictest`: what all of the roles allow.
    Strictest,
}

/// The rule `role-match`: when a role of the token is a role of the policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RoleMatch {
    /// `whole-value`: letter by letter.
    WholeValue,
    /// `begins-with`: the token's role begins with ours.
    BeginsWith,
    /// `contains`: one of the two is a part of the other.
    Contains,
}

impl RoleMatch {
    pub(super) fn matches(self, of_token: &str, ours: &str) -> bool {
        match self {
            Self::WholeValue => of_token == ours,
            Self::BeginsWith => of_token.starts_with(ours),
            Self::Contains => of_token.contains(ours) || ours.contains(of_token),
        }
    }
}

/// The rule `same-person`: which claims are compared to find out whether a record is the visitor's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SamePerson {
    /// `tid+oid`: never changes and is never reused.
    TenantAndObjectId,
    /// `preferred_username`
    PreferredUsername,
    /// `email`
    Email,
    /// `name`
    Name,
}

impl SamePerson {
    /// Whether the two are one person by this rule.
    pub fn is_same(self, one: &Identity, other: &Identity) -> bool {
        match self {
            Self::TenantAndObjectId => (&one.tenant_id, &one.object_id) == (&other.tenant_id, &other.object_id),
            Self::PreferredUsername => one.preferred_username == other.preferred_username,
            Self::Email => one.email == other.email,
            Self::Name => one.name == other.name,
        }
    }
}
