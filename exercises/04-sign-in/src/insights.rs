//! `GET /insights`: totals over all policies, without any of them.

use axum::extract::State;
use axum::response::Response;
use maud::html;
use serde::Serialize;
use web_app::policy_data::Policy;
use web_app::{Refusal, Role, Visitor};

use crate::AppState;
use crate::access::require_role;

#[derive(Debug, PartialEq, Serialize)]
struct Insights {
    policy_count: usize,
    average_premium: f64,
}

impl Insights {
    fn of(policies: &[Policy]) -> Self {
        let total: f64 = policies.iter().map(|policy| policy.premium).sum();
        // No policies, no average: 0, instead of a division by zero.
        let count = policies.len().max(1) as f64;
        Self { policy_count: policies.len(), average_premium: total / count }
    }
}

/// `GET /insights`: for analysts.
///
/// # Errors
/// For everybody else.
pub async fn insights(State(app): State<AppState>, visitor: Visitor) -> Result<Response, Refusal> {
    require_role(&visitor, Role::InsightsAnalyst)?;
    let facts = Insights::of(&app.web.config.policy_data.policies);
    let content = html! {
        dl {
            dt { "Policies" }
            dd data-field="policy_count" { (facts.policy_count) }
            dt { "Average premium a year" }
            dd data-field="average_premium" { (facts.average_premium) }
        }
    };
    Ok(visitor.accepts.answer("Insights", &facts, content))
}

#[cfg(test)]
mod tests {
    use super::Insights;
    use web_app::policy_data::PolicyData;

    #[test]
    fn the_average_is_over_all_policies() {
        let data: PolicyData = serde_json::from_str(
            r#"{"adjusters":[],"policies":[{"id":"1","region":"n","premium":100.0,"tenantId":"t","ownerObjectId":"o"},
                                           {"id":"2","region":"n","premium":201.0,"tenantId":"t","ownerObjectId":"o"}]}"#,
        )
        .unwrap();
        assert_eq!(Insights::of(&data.policies), Insights { policy_count: 2, average_premium: 150.5 });
    }

    #[test]
    fn no_policies_have_the_average_zero() {
        assert_eq!(Insights::of(&[]), Insights { policy_count: 0, average_premium: 0.0 });
    }
}
