//! The `groups` claim, or what stands in its place when there are too many.
//! Source: "Configure group claims for applications", section "Group overage claim"; "ID token claims reference" (`hasgroups`).

use std::collections::BTreeMap;

use super::{
    claims::ClaimSource,
    issue::{Channel, Issuer},
};
use crate::directory::{application::Application, group::Group, user::User};

/// A JWT carries at most this many groups; above, it says where they can be asked for.
const GROUPS_LIMIT: usize = 200;

/// A token that travels in a URL carries fewer.
const GROUPS_LIMIT_IN_A_URL: usize = 5;

/// What an ID token says about groups.
#[derive(Debug, Default)]
pub(super) struct GroupClaim {
    /// Object ids.
    pub(super) listed: Vec<String>,
    /// Whether `hasgroups` stands in the place of the list.
    pub(super) too_many_for_a_url: bool,
    /// `_claim_names`.
    pub(super) names: BTreeMap<&'static str, &'static str>,
    /// `_claim_sources`.
    pub(super) sources: BTreeMap<&'static str, ClaimSource>,
}

impl GroupClaim {
    /// The claim for `user` as `application` asks for it in `groupMembershipClaims`.
    pub(super) fn of(issuer: Issuer<'_>, application: &Application, user: &User, channel: Channel) -> Self {
        let directory = issuer.directory;
        let of_application = |group: &&Group| directory.is_assigned(&group.id, &application.app_id);
        let groups = directory.groups_of(&user.id);
        let listed: Vec<String> = match application.group_membership_claims.as_deref() {
            Some("SecurityGroup" | "All") => groups.map(|group| group.id.clone()).collect(),
            Some("ApplicationGroup") => groups.filter(of_application).map(|group| group.id.clone()).collect(),
            _ => return Self::default(),
        };
        if channel == Channel::AuthorizationEndpoint && listed.len() > GROUPS_LIMIT_IN_A_URL {
            return Self { too_many_for_a_url: true, ..Self::default() };
        }
        if listed.len() <= GROUPS_LIMIT {
            return Self { listed, ..Self::default() };
        }
        let endpoint = format!("{}/graph/v1.0/users/{}/getMemberObjects", issuer.origin, user.id);
        Self {
            names: BTreeMap::from([("groups", "src1")]),
            sources: BTreeMap::from([("src1", ClaimSource { endpoint })]),
            ..Self::default()
        }
    }
}
