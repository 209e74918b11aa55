//! The app roles of ABC Insurance.

/// What a person may be in this app. The directory assigns roles; the app decides what each role allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// A client of the company: sees the own policies.
    Client,
    /// An employee who settles claims: sees the policies of the assigned regions.
    ClaimsAdjuster,
    /// An employee who works with totals: never sees a single policy.
    InsightsAnalyst,
    /// An employee who looks after the roles.
    PolicyAdmin,
}

impl Role {
    /// All roles.
    pub const ALL: [Self; 4] = [Self::Client, Self::ClaimsAdjuster, Self::InsightsAnalyst, Self::PolicyAdmin];

    /// The role's `value` in the registration, which is what tokens carry. The display name is for people only.
    pub fn value(self) -> &'static str {
        match self {
            Self::Client => "Client",
            Self::ClaimsAdjuster => "Claims.Adjuster",
            Self::InsightsAnalyst => "Insights.Analyst",
            Self::PolicyAdmin => "Policy.Admin",
        }
    }
}

/// The roles of one person, as the ID token listed them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Roles(Vec<String>);

impl Roles {
    /// The roles in a `roles` claim. The claim is absent for a person without a role: pass an empty list then.
    pub fn from_claim(values: Vec<String>) -> Self {
        Self(values)
    }

    /// Has the person this role? The whole list counts, and the whole value: `Client.Archive` is not `Client`.
    pub fn has(&self, role: Role) -> bool {
        self.0.iter().any(|value| value == role.value())
    }

    /// The values as they came, also those that this app does not know.
    pub fn values(&self) -> &[String] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::{Role, Roles};

    fn roles(values: &[&str]) -> Roles {
        Roles::from_claim(values.iter().map(|&value| value.to_owned()).collect())
    }

    #[test]
    fn a_role_counts_wherever_it_stands_in_the_list() {
        assert!(roles(&["Client", "Claims.Adjuster"]).has(Role::ClaimsAdjuster));
        assert!(roles(&["Claims.Adjuster", "Client"]).has(Role::ClaimsAdjuster));
    }

    #[test]
    fn a_value_that_only_looks_like_a_role_is_none() {
        for value in ["Client.Archive", "client", "Clients", " Client", ""] {
            assert!(!roles(&[value]).has(Role::Client), "{value:?}");
        }
        assert!(!Roles::default().has(Role::Client));
    }
}
