//! Who may see what. Signing in says who you are; it allows nothing yet.

use web_app::policy_data::{Policy, PolicyData};
use web_app::{Account, Reason, Refusal, Role, Session, Visitor};

/// The session of a visitor who has this role.
///
/// # Errors
/// Nobody is signed in: to the sign-in. Signed in without the role: 403, because signing in again would not help.
pub fn require_role(visitor: &Visitor, role: Role) -> Result<&Session, Refusal> {
    let session = visitor.signed_in()?;
    // TODO: Step 9. Return the session if it has the role, else refuse with `Reason::Forbidden`.
    let _ = (session, role);
    Err(visitor.refuse(Reason::NotWrittenYet("Step 9 adds this part: the roles.")))
}

/// Is it this person's policy? A role says *what kind* of data somebody may see; ownership says *whose*.
pub fn owns_policy(account: &Account, policy: &Policy) -> bool {
    // TODO: Step 9. Compare the person with the owner. Which two values of an account never change?
    let _ = (account, policy);
    false
}

/// May this person read the policy? As its owner who is a client, or as an adjuster of its region.
pub fn may_read_policy(session: &Session, policy: &Policy, data: &PolicyData) -> bool {
    // TODO: Step 9. Both ways need a role *and* a fact about this policy. `PolicyData::is_adjuster_of` knows the regions.
    let _ = (session, policy, data);
    false
}
