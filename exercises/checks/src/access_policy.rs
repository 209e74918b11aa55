//! The access policy of unit 1, `src/policy.toml`: who at ABC gets through the sign-in, and which page answers whom.
//!
//! [`AccessPolicy::parse`] reads the file and [`AccessPolicy::decide`] says what an app that keeps to it answers to one visitor for one
//! resource. Both are pure. Unit 1 drives its people through the learner's file; the capstone compares an app with it.
//!
//! # The file
//!
//! Three questions, three tables. A row or column may stand in any order.
//!
//! | table | says | values |
//! |---|---|---|
//! | `[sign-in]` | who gets through the sign-in at all | `accept`, `refuse` |
//! | `[pages]` | a row a role (or lack of one), a column a page of the app, in the order of `columns` | `allow`, `own-only`, `assigned-region`, `deny`, `login` |
//! | `[rules]` | what a person with `several-roles` gets, when a role is one of ours (`role-match`), and which claim says that two records mean the `same-person` | see [`SeveralRoles`], [`RoleMatch`], [`SamePerson`] |
//!
//! A role says what *kind* of page somebody sees. *Which one* of its kind, ownership says: `own-only` and `assigned-region`. That is why the page
//! of one policy is one column, and not two.
//!
//! # How a decision is made
//!
//! 1. Nobody is signed in: the row `anonymous`.
//! 2. `[sign-in]` refuses: [`Decision::RefuseSignIn`], and no page is ever asked. A disabled account and another tenant have lines of their own,
//!    which go first. Whoever has no role at all needs two lines that accept: that of the kind of account, and `without-role`.
//! 3. Each role of the token chooses the rows that it matches, `unknown-role` if it matches none; a token without roles chooses `no-role`.
//! 4. `own-only` and `assigned-region` become yes or no by the policy's owner and its region's adjusters, compared by `same-person`.
//! 5. `several-roles` joins the answers of the rows.

mod file;

pub use crate::filled_in::Complaint;

/// A policy in which every cell is filled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessPolicy {
    sign_in: SignIn,
    /// In the order of [`Row::ALL`], each in the order of [`Column::ALL`].
    pages: [[Cell; Column::ALL.len()]; Row::ALL.len()],
    several_roles: SeveralRoles,
    role_match: RoleMatch,
    same_person: SamePerson,
}

/// The table `[sign-in]`: whether they get through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct SignIn {
    employee: bool,
    guest: bool,
    without_role: bool,
    disabled_account: bool,
    other_tenant: bool,
}

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
    const ROLES: [Self; 4] = [Self::Client, Self::Adjuster, Self::Analyst, Self::Administrator];

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
    fn cells(self) -> &'static [(&'static str, Cell)] {
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
    fn matches(self, of_token: &str, ours: &str) -> bool {
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
    fn column(self) -> Column {
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

/// What the app answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// 200.
    Allow,
    /// 403.
    Deny,
    /// 302 to the sign-in; a program gets 401.
    Login,
    /// The visitor never reaches the page: there is no session.
    RefuseSignIn,
}

impl AccessPolicy {
    /// Reads `policy.toml`.
    ///
    /// # Errors
    /// Everything that is wrong with it, in the order of the lines: what is no TOML, what is missing, unknown or not filled in.
    pub fn parse(text: &str) -> Result<Self, Vec<Complaint>> {
        file::read(text)
    }

    /// The answer to this visitor for this resource, as the module says.
    pub fn decide(&self, visitor: &Visitor, resource: Resource<'_>) -> Decision {
        let Visitor::Person(person) = visitor else { return self.answer(Row::Anonymous, None, resource) };
        if !self.gets_through_the_sign_in(person) {
            return Decision::RefuseSignIn;
        }
        let mut answers = self.rows(person).into_iter().map(|row| self.answer(row, Some(&person.identity), resource));
        let first = answers.next().unwrap_or(Decision::Deny);
        match self.several_roles {
            SeveralRoles::First => first,
            SeveralRoles::Union => answers.fold(first, |one, other| best_first(&[Decision::Allow, Decision::Deny], one, other)),
            SeveralRoles::Strictest => answers.fold(first, |one, other| best_first(&[Decision::Deny, Decision::Login], one, other)),
        }
    }

    /// Which claims the policy compares to recognize a person.
    pub fn same_person(&self) -> SamePerson {
        self.same_person
    }

    /// What a cell says.
    pub fn cell(&self, row: Row, column: Column) -> Cell {
        self.pages[row as usize][column as usize]
    }

    fn gets_through_the_sign_in(&self, person: &Person) -> bool {
        let by_account = match person.account {
            _ if !person.is_enabled => return self.sign_in.disabled_account,
            Account::OtherTenant => return self.sign_in.other_tenant,
            Account::Employee => self.sign_in.employee,
            Account::Guest => self.sign_in.guest,
        };
        by_account && (!person.roles.is_empty() || self.sign_in.without_role)
    }

    /// The rows that a person's roles choose, in the order of the token.
    fn rows(&self, person: &Person) -> Vec<Row> {
        if person.roles.is_empty() {
            return vec![Row::NoRole];
        }
        let mut rows = Vec::new();
        for of_token in &person.roles {
            let before = rows.len();
            rows.extend(Row::ROLES.into_iter().filter(|row| self.role_match.matches(of_token, row.name())));
            if rows.len() == before {
                rows.push(Row::UnknownRole);
            }
        }
        rows
    }

    fn answer(&self, row: Row, visitor: Option<&Identity>, resource: Resource<'_>) -> Decision {
        let is_visitor = |other: &Identity| visitor.is_some_and(|visitor| self.same_person.is_same(visitor, other));
        let allowed_if = |holds: bool| if holds { Decision::Allow } else { Decision::Deny };
        match (self.cell(row, resource.column()), resource) {
            (Cell::Allow, _) => Decision::Allow,
            (Cell::Deny, _) => Decision::Deny,
            (Cell::Login, _) => Decision::Login,
            (Cell::OwnOnly, Resource::Policy(policy)) => allowed_if(is_visitor(&policy.owner)),
            (Cell::OwnOnly, _) => allowed_if(visitor.is_some()),
            (Cell::AssignedRegion, Resource::Policy(policy)) => allowed_if(policy.adjusters.iter().any(is_visitor)),
            (Cell::AssignedRegion, _) => Decision::Deny,
        }
    }
}

/// Of two answers the one that stands first in `order`; one that does not stand there comes last.
fn best_first(order: &[Decision], one: Decision, other: Decision) -> Decision {
    let place = |decision: &Decision| order.iter().position(|it| it == decision).unwrap_or(order.len());
    std::cmp::min_by_key(one, other, place)
}

#[cfg(test)]
mod tests;
