//! Tables of the book that follow from the mock itself: its faults, and the people of its directory.

use mock_idp::{
    Directory, Fault,
    directory::{
        seed::{CLAIMS_PORTAL_APP_ID, StartState, start_state},
        user::{User, UserType},
    },
};

/// File names, from the root of the workspace, and Markdown.
pub fn all() -> Vec<(String, String)> {
    [("faults", faults()), ("people", people())].map(|(name, table)| (format!("book/exchanges/{name}.md"), table)).into()
}

/// Every fault, with a link that chooses it in the practice portal.
fn faults() -> String {
    let row = |fault: &Fault| {
        let (name, sentence) = (fault.name(), fault.sentence().trim_end_matches('.'));
        format!("| [`{name}`](http://localhost:8400/portal/faults?fault={name}#inject) | {sentence} |\n")
    };
    table(&["fault", "what goes wrong"], Fault::ALL.iter().map(row))
}

/// Everybody who can sign in, with what they are in the start state of unit 4 and later.
fn people() -> String {
    let tenants = start_state(StartState::Unit4, "a secret that no table shows");
    let rows = tenants.iter().flat_map(|tenant| tenant.users.iter().map(move |user| person(tenant, user)));
    table(&["user name", "name", "account", "app roles"], rows)
}

fn person(tenant: &Directory, user: &User) -> String {
    let kind = match (user.account_enabled, user.user_type) {
        (false, _) => "disabled",
        (true, UserType::Member) => "member",
        (true, UserType::Guest) => "guest",
    };
    let directory_roles: String = user.directory_roles.iter().map(|role| format!(", {role}")).collect();
    let roles = tenant.application(CLAIMS_PORTAL_APP_ID).map(|app| tenant.role_values(&user.id, app)).unwrap_or_default();
    let roles: Vec<String> = roles.iter().map(|role| format!("`{role}`")).collect();
    let roles = if roles.is_empty() { "none".to_owned() } else { roles.join(", ") };
    format!("| `{}` | {} | {kind}{directory_roles} | {roles} |\n", user.user_principal_name, user.display_name)
}

fn table(headings: &[&str], rows: impl Iterator<Item = String>) -> String {
    let line = vec!["---"; headings.len()].join("|");
    rows.fold(format!("| {} |\n|{line}|\n", headings.join(" | ")), |table, row| table + &row)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_has_a_row_and_every_person_a_role_or_none() {
        assert_eq!(faults().lines().count(), Fault::ALL.len() + 2);
        let people = people();
        let row = |name: &str| people.lines().find(|line| line.contains(name)).unwrap_or_default().to_owned();
        assert!(row("ada.adjuster").ends_with("| member | `Claims.Adjuster` |"), "{people}");
        assert!(row("olga.admin").contains("Global Administrator | none"), "{people}");
        assert!(row("dora.disabled").contains("| disabled |") && row("ben.client").contains("| guest |"), "{people}");
    }
}
