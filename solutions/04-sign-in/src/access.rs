//! Who may see what. Signing in says who you are; it allows nothing yet.

use web_app::policy_data::{Policy, PolicyData};
use web_app::{Account, Reason, Refusal, Role, Session, Visitor};

// ANCHOR: require_role
/// The session of a visitor who has this role.
///
/// # Errors
/// Nobody is signed in: to the sign-in. Signed in without the role: 403, because signing in again would not help.
pub fn require_role(visitor: &Visitor, role: Role) -> Result<&Session, Refusal> {
    let session = visitor.signed_in()?;
    if session.roles.has(role) { Ok(session) } else { Err(visitor.refuse(Reason::Forbidden)) }
}
// ANCHOR_END: require_role

// ANCHOR: owns_policy
/// Is it this person's policy? A role says *what kind* of data somebody may see; ownership says *whose*.
///
/// People are compared by tenant id and object id, the two values that never change. `ownerMail` is no key: after a
/// marriage or a new hire the same address may be another person's.
pub fn owns_policy(account: &Account, policy: &Policy) -> bool {
    policy.tenant_id == account.tenant_id && policy.owner_object_id == account.object_id
}

/// May this person read the policy? As its owner who is a client, or as an adjuster of its region.
pub fn may_read_policy(session: &Session, policy: &Policy, data: &PolicyData) -> bool {
    let account = &session.account;
    let as_owner = session.roles.has(Role::Client) && owns_policy(account, policy);
    let as_adjuster =
        session.roles.has(Role::ClaimsAdjuster) && data.is_adjuster_of(&account.tenant_id, &account.object_id, &policy.region);
    as_owner || as_adjuster
}
// ANCHOR_END: owns_policy

#[cfg(test)]
mod tests {
    use super::may_read_policy;
    use web_app::policy_data::{Adjuster, Policy, PolicyData};
    use web_app::{Account, Roles, Session};

    fn session(object_id: &str, roles: &[&str]) -> Session {
        Session {
            account: Account {
                tenant_id: "t".to_owned(),
                object_id: object_id.to_owned(),
                name: "Ben Carter".to_owned(),
                preferred_username: "ben@mail.example".to_owned(),
            },
            roles: Roles::from_claim(roles.iter().map(|&role| role.to_owned()).collect()),
            token_response: None,
        }
    }

    fn policy(tenant_id: &str, owner: &str, region: &str) -> Policy {
        Policy {
            id: "POL-1".to_owned(),
            region: region.to_owned(),
            premium: 1.0,
            tenant_id: tenant_id.to_owned(),
            owner_object_id: owner.to_owned(),
            owner_mail: "ben@mail.example".to_owned(),
        }
    }

    fn data() -> PolicyData {
        let ada = Adjuster { tenant_id: "t".to_owned(), object_id: "ada".to_owned(), regions: vec!["north".to_owned()] };
        PolicyData { policies: Vec::new(), adjusters: vec![ada] }
    }

    fn may_read(object_id: &str, roles: &[&str], policy: &Policy) -> bool {
        may_read_policy(&session(object_id, roles), policy, &data())
    }

    #[test]
    fn a_client_reads_the_own_policy_and_no_other() {
        assert!(may_read("ben", &["Client"], &policy("t", "ben", "north")));
        assert!(!may_read("bea", &["Client"], &policy("t", "ben", "north")));
        assert!(!may_read("ben", &["Client"], &policy("other tenant", "ben", "north")));
    }

    #[test]
    fn an_owner_without_the_role_reads_nothing() {
        assert!(!may_read("ben", &[], &policy("t", "ben", "north")));
        assert!(!may_read("ben", &["Insights.Analyst", "Policy.Admin"], &policy("t", "ben", "north")));
    }

    #[test]
    fn an_adjuster_reads_the_policies_of_the_own_region() {
        assert!(may_read("ada", &["Claims.Adjuster"], &policy("t", "ben", "north")));
        assert!(!may_read("ada", &["Claims.Adjuster"], &policy("t", "ben", "south")));
        assert!(!may_read("ada", &["Client"], &policy("t", "ben", "north")));
        assert!(!may_read("eve", &["Claims.Adjuster"], &policy("t", "ben", "north")));
    }
}
