//! Every yes or no of the app, in one place. A rule answers `true` when all is well.
//!
//! The comments are those of the author. He believed what he wrote.

use crate::{
    config::Config,
    id_token::IdTokenClaims,
    policy_data::Policy,
    session::{Account, PendingLogin},
};

/// The rules that the app asks. All are functions of this file, under the same names.
#[derive(Debug, Clone, Copy)]
pub struct Rules {
    /// Asked in `sign_in`, when the browser comes back.
    pub state_is_ours: fn(Option<&str>, &PendingLogin) -> bool,
    /// Asked in `id_token`.
    pub issuer_is_trusted: fn(&IdTokenClaims, &Config) -> bool,
    /// Asked in `id_token`.
    pub audience_is_us: fn(&IdTokenClaims, &Config) -> bool,
    /// Asked in `id_token`.
    pub time_is_right: fn(&IdTokenClaims, i64) -> bool,
    /// Asked in `id_token`.
    pub nonce_fits: fn(&IdTokenClaims, &PendingLogin) -> bool,
    /// Asked in `pages`.
    pub may_open: fn(&Account, Page) -> bool,
    /// Asked in `pages`.
    pub owns: fn(&Account, &Policy) -> bool,
}

impl Rules {
    /// The rules as they were written.
    pub const OF_THE_APP: Self = Self { state_is_ours, issuer_is_trusted, audience_is_us, time_is_right, nonce_fits, may_open, owns };
}

/// A rule by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is the rule of that name")]
pub enum Rule {
    StateIsOurs,
    IssuerIsTrusted,
    AudienceIsUs,
    TimeIsRight,
    NonceFits,
    MayOpen,
    Owns,
}

impl Rule {
    /// All rules, in the order of a sign-in.
    pub const ALL: [Self; 7] =
        [Self::StateIsOurs, Self::IssuerIsTrusted, Self::AudienceIsUs, Self::TimeIsRight, Self::NonceFits, Self::MayOpen, Self::Owns];

    /// The name of the function.
    pub fn name(self) -> &'static str {
        match self {
            Self::StateIsOurs => "state_is_ours",
            Self::IssuerIsTrusted => "issuer_is_trusted",
            Self::AudienceIsUs => "audience_is_us",
            Self::TimeIsRight => "time_is_right",
            Self::NonceFits => "nonce_fits",
            Self::MayOpen => "may_open",
            Self::Owns => "owns",
        }
    }
}

/// The pages for people who are signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Page {
    /// `/me`
    Me,
    /// `/my/policies` and `/policies/{id}`
    Policies,
    /// `/admin/roles`
    Roles,
}

/// The roles of the app, by the value that stands in the token.
pub mod role {
    /// Sees his or her own policies.
    pub const CLIENT: &str = "Client";
    /// Settles claims.
    pub const ADJUSTER: &str = "Claims.Adjuster";
    /// Sees figures.
    pub const ANALYST: &str = "Insights.Analyst";
    /// Sees the roles.
    pub const ADMINISTRATOR: &str = "Policy.Admin";
    /// All of them.
    pub const ALL: [&str; 4] = [CLIENT, ADJUSTER, ANALYST, ADMINISTRATOR];
}

/// Clocks differ by a few minutes.
const LEEWAY_SECONDS: i64 = 5 * 60;

/// The answer belongs to the login that this browser began.
fn state_is_ours(state: Option<&str>, pending: &PendingLogin) -> bool {
    state == Some(pending.state.as_str())
}

/// The token comes from the identity platform.
fn issuer_is_trusted(claims: &IdTokenClaims, config: &Config) -> bool {
    // The end of the text differs: v1.0 tokens have the tenant there, v2.0 tokens add "/v2.0".
    claims.iss.starts_with(config.provider_origin())
}

/// The token was made for this app.
fn audience_is_us(claims: &IdTokenClaims, config: &Config) -> bool {
    claims.aud == config.client_id
}

/// The token is valid at this moment, in seconds since 1970.
fn time_is_right(claims: &IdTokenClaims, now: i64) -> bool {
    // Both sides are generous, because clocks differ.
    claims.nbf - LEEWAY_SECONDS <= now && now < claims.exp + LEEWAY_SECONDS
}

/// The token belongs to the login that this browser began.
fn nonce_fits(claims: &IdTokenClaims, pending: &PendingLogin) -> bool {
    // OpenID Connect calls the nonce optional in this flow, so it is compared when there is one.
    claims.nonce.as_deref().is_none_or(|nonce| nonce == pending.nonce)
}

/// The person's roles open this page.
fn may_open(account: &Account, page: Page) -> bool {
    let has = |role: &str| account.roles.iter().any(|held| held == role);
    match page {
        Page::Me => true,
        Page::Policies => has(role::CLIENT),
        // For administrators. Everybody else has a role of another name.
        Page::Roles => ![role::CLIENT, role::ADJUSTER, role::ANALYST].into_iter().any(has),
    }
}

/// The policy belongs to this person. Tenant and object id together never change and never pass to somebody else.
fn owns(account: &Account, policy: &Policy) -> bool {
    policy.tenant_id == account.tenant_id && policy.owner_object_id == account.object_id
}
