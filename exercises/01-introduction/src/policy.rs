//! `policy.toml`: who gets through the sign-in, and who sees which page.

use anyhow::{Context, bail};
use serde::Deserialize;

/// The whole file. The names in it are those below, with `-` for `_`; serde complains about any other, with the line.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Policy {
    sign_in: SignIn,
    pages: Pages,
    rules: Rules,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct SignIn {
    employee: Door,
    guest: Door,
    without_role: Door,
    disabled_account: Door,
    other_tenant: Door,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Door {
    Accept,
    Refuse,
}

/// How many pages there are.
const PAGES: usize = 5;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Pages {
    columns: [Column; PAGES],
    anonymous: [Cell; PAGES],
    no_role: [Cell; PAGES],
    unknown_role: [Cell; PAGES],
    #[serde(rename = "Client")]
    client: [Cell; PAGES],
    #[serde(rename = "Claims.Adjuster")]
    adjuster: [Cell; PAGES],
    #[serde(rename = "Insights.Analyst")]
    analyst: [Cell; PAGES],
    #[serde(rename = "Policy.Admin")]
    administrator: [Cell; PAGES],
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
enum Column {
    #[serde(rename = "/me")]
    Me,
    #[serde(rename = "/my/policies")]
    MyPolicies,
    #[serde(rename = "/policies/{id}")]
    OnePolicy,
    #[serde(rename = "/insights")]
    Insights,
    #[serde(rename = "/admin/roles")]
    AdminRoles,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Cell {
    Allow,
    OwnOnly,
    AssignedRegion,
    Deny,
    Login,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Rules {
    several_roles: SeveralRoles,
    role_match: RoleMatch,
    same_person: SamePerson,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum SeveralRoles {
    Union,
    First,
    Strictest,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum RoleMatch {
    WholeValue,
    BeginsWith,
    Contains,
}

#[derive(Debug, Deserialize)]
enum SamePerson {
    #[serde(rename = "tid+oid")]
    TenantAndObjectId,
    #[serde(rename = "preferred_username")]
    PreferredUsername,
    #[serde(rename = "email")]
    Email,
    #[serde(rename = "name")]
    Name,
}

/// What the file says, in words.
///
/// # Errors
/// For a file that is no TOML, for a value that is missing, unknown or still a TODO: each with its line. For a cell that has no meaning
/// in its column.
pub fn summary(text: &str) -> anyhow::Result<String> {
    crate::filled_in("src/policy.toml", text)?;
    let policy: Policy = toml::from_str(text).context("src/policy.toml")?;
    Ok(format!("{}\n{}\n{}", policy.sign_in.in_words(), policy.pages.in_words()?, policy.rules.in_words()))
}

impl SignIn {
    fn in_words(&self) -> String {
        let line = |who: &str, door: &Door| {
            let door = match door {
                Door::Accept => "gets in",
                Door::Refuse => "is refused at the sign-in",
            };
            format!("  {who:32} {door}\n")
        };
        "At the sign-in:\n".to_owned()
            + &line("an employee of ABC", &self.employee)
            + &line("a client, as a guest", &self.guest)
            + &line("somebody without a role", &self.without_role)
            + &line("somebody with a disabled account", &self.disabled_account)
            + &line("an employee of another company", &self.other_tenant)
    }
}

impl Pages {
    fn in_words(&self) -> anyhow::Result<String> {
        let rows = [
            ("nobody signed in", &self.anonymous),
            ("no role", &self.no_role),
            ("an unknown role", &self.unknown_role),
            ("Client", &self.client),
            ("Claims.Adjuster", &self.adjuster),
            ("Insights.Analyst", &self.analyst),
            ("Policy.Admin", &self.administrator),
        ];
        for (place, column) in self.columns.iter().enumerate() {
            if self.columns[..place].contains(column) {
                bail!("src/policy.toml, columns: {} stands there twice. Each of the {PAGES} pages stands there once.", column.route());
            }
        }
        let mut text = format!("{:19}", "Pages:");
        for column in self.columns {
            text += &format!("{:16}", column.route());
        }
        for (who, cells) in rows {
            text = format!("{}\n  {who:17}", text.trim_end());
            for (column, cell) in self.columns.iter().zip(cells) {
                if !column.can_hold(*cell) {
                    bail!(
                        "src/policy.toml, row {who}, column {}: {cell:?} has no meaning there. Write allow, deny or login.",
                        column.route()
                    );
                }
                text += &format!("{:16}", cell.answer());
            }
        }
        Ok(text.trim_end().to_owned() + "\n")
    }
}

impl Column {
    fn route(self) -> &'static str {
        match self {
            Self::Me => "/me",
            Self::MyPolicies => "/my/policies",
            Self::OnePolicy => "/policies/{id}",
            Self::Insights => "/insights",
            Self::AdminRoles => "/admin/roles",
        }
    }

    /// A page about nobody belongs to nobody, and only a policy has a region.
    fn can_hold(self, cell: Cell) -> bool {
        match cell {
            Cell::Allow | Cell::Deny | Cell::Login => true,
            Cell::OwnOnly => matches!(self, Self::Me | Self::MyPolicies | Self::OnePolicy),
            Cell::AssignedRegion => self == Self::OnePolicy,
        }
    }
}

impl Cell {
    fn answer(self) -> &'static str {
        match self {
            Self::Allow => "yes",
            Self::OwnOnly => "if it is theirs",
            Self::AssignedRegion => "in the region",
            Self::Deny => "403",
            Self::Login => "sign in first",
        }
    }
}

impl Rules {
    fn in_words(&self) -> String {
        let several = match self.several_roles {
            SeveralRoles::Union => "may do what at least one of them allows",
            SeveralRoles::First => "may do what the first one in the token allows",
            SeveralRoles::Strictest => "may do only what all of them allow",
        };
        let matching = match self.role_match {
            RoleMatch::WholeValue => "is exactly the value in the table",
            RoleMatch::BeginsWith => "begins with a value in the table",
            RoleMatch::Contains => "is a part of a value in the table, or has one as a part",
        };
        let person = match self.same_person {
            SamePerson::TenantAndObjectId => "tenant id and object id",
            SamePerson::PreferredUsername => "user name",
            SamePerson::Email => "mail address",
            SamePerson::Name => "name",
        };
        format!(
            "Rules:\n  Somebody with several roles {several}.\n  A role of the token counts if it {matching}.\n  A record belongs to whoever has the same {person}.\n"
        )
    }
}
