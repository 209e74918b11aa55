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
mod table;
mod visitor;

pub use self::{
    table::{Cell, Column, RoleMatch, Row, SamePerson, SeveralRoles},
    visitor::{Account, Identity, InsurancePolicy, Person, Resource, Visitor},
};
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
