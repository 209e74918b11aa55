use super::*;

const REFERENCE: &str = include_str!("../../../../solutions/01-introduction/src/policy.toml");

fn reference() -> AccessPolicy {
    AccessPolicy::parse(REFERENCE).expect("the reference is filled in")
}

/// The reference after a change to its text.
fn changed(find: &str, replace: &str) -> AccessPolicy {
    assert_eq!(REFERENCE.matches(find).count(), 1, "{find}");
    AccessPolicy::parse(&REFERENCE.replace(find, replace)).expect("still filled in")
}

fn complaints(find: &str, replace: &str) -> String {
    assert!(REFERENCE.contains(find), "{find}");
    let complaints = AccessPolicy::parse(&REFERENCE.replace(find, replace)).expect_err("something is wrong");
    complaints.iter().map(Complaint::to_string).collect::<Vec<_>>().join("\n")
}

fn identity(oid: &str) -> Identity {
    let text = |of: &str| format!("{of} of {oid}");
    Identity {
        tenant_id: "abc".to_owned(),
        object_id: oid.to_owned(),
        preferred_username: text("name"),
        email: text("mail"),
        name: "Ben Carter".to_owned(),
    }
}

fn person(oid: &str, roles: &[&str]) -> Person {
    let roles = roles.iter().map(|role| (*role).to_owned()).collect();
    Person { identity: identity(oid), account: Account::Employee, is_enabled: true, roles }
}

fn visitor(oid: &str, roles: &[&str]) -> Visitor {
    Visitor::Person(person(oid, roles))
}

fn policy_of(owner: &str, adjuster: &str) -> InsurancePolicy {
    InsurancePolicy { id: "POL-1".to_owned(), owner: identity(owner), adjusters: vec![identity(adjuster)] }
}

/// The answers for the five pages; that of one policy for the policy of `ben`, in `ada`'s region.
fn answers(policy: &AccessPolicy, visitor: &Visitor) -> [Decision; 5] {
    let one = policy_of("ben", "ada");
    [Resource::Me, Resource::MyPolicies, Resource::Policy(&one), Resource::Insights, Resource::AdminRoles]
        .map(|resource| policy.decide(visitor, resource))
}

#[test]
fn the_reference_is_the_role_matrix_of_the_book() {
    use Decision::{Allow as A, Deny as D, Login as L};
    let policy = reference();
    assert_eq!(answers(&policy, &Visitor::Anonymous), [L; 5]);
    for (oid, roles, expected) in [
        ("ben", &["Client"][..], [A, A, A, D, D]),
        ("another ben", &["Client"], [A, A, D, D, D]),
        ("ada", &["Claims.Adjuster"], [A, D, A, D, D]),
        ("carl", &["Claims.Adjuster"], [A, D, D, D, D]),
        ("ines", &["Insights.Analyst"], [A, D, D, A, D]),
        ("paul", &["Policy.Admin"], [A, D, D, D, A]),
        ("ada", &["Client", "Claims.Adjuster"], [A, A, A, D, D]),
        ("ben", &["Claims.Adjuster", "Client"], [A, A, A, D, D]),
        ("ben", &[], [A, D, D, D, D]),
        ("ben", &["Client.Archive", "Admin"], [A, D, D, D, D]),
        ("ben", &["Client.Archive", "Client"], [A, A, A, D, D]),
    ] {
        assert_eq!(answers(&policy, &visitor(oid, roles)), expected, "{oid} {roles:?}");
    }
}

#[test]
fn who_is_refused_at_the_sign_in_asks_for_no_page() {
    let policy = reference();
    let of_another = Person { account: Account::OtherTenant, ..person("finn", &["Policy.Admin"]) };
    let disabled = Person { is_enabled: false, ..person("dora", &["Client"]) };
    for refused in [of_another, disabled] {
        assert_eq!(answers(&policy, &Visitor::Person(refused)), [Decision::RefuseSignIn; 5]);
    }
    let strict = changed("without-role     = \"accept\"", "without-role     = \"refuse\"");
    assert_eq!(strict.decide(&visitor("nils", &[]), Resource::Me), Decision::RefuseSignIn);
    assert_eq!(strict.decide(&visitor("ben", &["Client"]), Resource::Me), Decision::Allow);
}

#[test]
fn each_rule_about_several_roles_has_its_own_outcome() {
    let both = |roles: &[&str], policy: &AccessPolicy| answers(policy, &visitor("ada", roles))[1..3].to_owned();
    let (adjuster_first, client_first) = (["Claims.Adjuster", "Client"], ["Client", "Claims.Adjuster"]);
    let first = changed("several-roles = \"union\"", "several-roles = \"first\"");
    assert_eq!(both(&adjuster_first, &first), [Decision::Deny, Decision::Allow]);
    assert_eq!(both(&client_first, &first), [Decision::Allow, Decision::Deny]);
    let strictest = changed("several-roles = \"union\"", "several-roles = \"strictest\"");
    assert_eq!(both(&client_first, &strictest), [Decision::Deny, Decision::Deny]);
}

#[test]
fn a_lax_role_match_gives_an_unknown_role_the_rights_of_a_known_one() {
    let begins = changed("role-match = \"whole-value\"", "role-match = \"begins-with\"");
    assert_eq!(answers(&begins, &visitor("ben", &["Client.Archive"]))[2], Decision::Allow);
    assert_eq!(answers(&begins, &visitor("ben", &["Admin"]))[4], Decision::Deny);
    let contains = changed("role-match = \"whole-value\"", "role-match = \"contains\"");
    assert_eq!(answers(&contains, &visitor("ben", &["Admin"]))[4], Decision::Allow);
}

#[test]
fn people_are_taken_for_one_another_by_a_claim_that_two_can_share() {
    let by_name = changed("same-person = \"tid+oid\"", "same-person = \"name\"");
    assert_eq!(by_name.same_person(), SamePerson::Name);
    assert_eq!(answers(&by_name, &visitor("another ben", &["Client"]))[2], Decision::Allow);
}

#[test]
fn rows_columns_and_comments_may_stand_as_the_learner_likes() {
    let mut rows: Vec<&str> = REFERENCE.lines().collect();
    let pages = rows.iter().position(|line| line.starts_with("anonymous")).expect("the first row");
    rows[pages..pages + 7].reverse();
    let text = rows.join("\r\n").replace("\"Client\" ", "# clients\r\n\"Client\" ");
    assert_eq!(AccessPolicy::parse(&text), Ok(reference()));
    // Two columns change places, in the header and in each row.
    let swapped: Vec<String> = REFERENCE
        .lines()
        .map(|line| match line.split_once("= [") {
            Some((name, cells)) => {
                let mut cells: Vec<&str> = cells.trim_end_matches(']').split(',').collect();
                cells.swap(0, 4);
                format!("{name} = [{}]", cells.join(", "))
            }
            None => line.to_owned(),
        })
        .collect();
    assert_eq!(AccessPolicy::parse(&swapped.join("\n")), Ok(reference()));
}

#[test]
fn a_complaint_names_line_value_and_remedy() {
    let line = |start: &str| REFERENCE.lines().position(|line| line.starts_with(start)).expect("a line") + 1;
    let said = complaints("\"own-only\",       ", "\"own\", ");
    let expected = format!(
        "line {}: row Client, column /policies/{{id}} says 'own', which is not possible there. Write one of: allow, deny, login, own-only, assigned-region.",
        line("\"Client\"")
    );
    assert_eq!(said, expected);
    let said = complaints("same-person = \"tid+oid\"", "same-person = \"TODO\"");
    assert_eq!(
        said,
        format!("line {}: same-person is not filled in yet. Write one of: tid+oid, preferred_username, email, name.", line("same-person"))
    );
}

#[test]
fn each_mistake_of_form_is_put_into_words() {
    for (find, replace, expected) in [
        ("\"Claims.Adjuster\" ", "Claims.Adjuster ", "'Claims' is none of the names here"),
        ("\"Claims.Adjuster\" ", "Claims.Adjuster ", "the line \"Claims.Adjuster\" = … is missing"),
        ("[rules]", "[rule]", "the table [rules] is missing"),
        ("\"own-only\",       ", "\"own-only\"", "this is no TOML"),
        ("\"own-only\",       ", "", "the row Client has 4 cells. It needs 5"),
        ("\"own-only\",       ", "true,", "is of the type boolean"),
        ("\"/insights\", \"/admin", "\"/admin/roles\", \"/admin", "the column /admin/roles stands there twice"),
        (
            "employee         = \"accept\"",
            "employee = \"allow\"",
            "employee says 'allow', which is not possible there. Write one of: accept, refuse.",
        ),
        ("\"allow\",     \"deny\"]", "\"own-only\", \"deny\"]", "row Insights.Analyst, column /insights says 'own-only'"),
    ] {
        let said = complaints(find, replace);
        assert!(said.contains(expected), "{expected}\n{said}");
    }
}

#[test]
fn only_a_cell_that_waits_is_called_unfilled() {
    let text = REFERENCE.replace("same-person = \"tid+oid\"", "same-person = \"TODO\"").replace("\"accept\"   # has", "\"yes\" # has");
    let complaints = AccessPolicy::parse(&text).expect_err("two cells are wrong");
    assert_eq!(complaints.iter().map(|complaint| complaint.is_unfilled).collect::<Vec<_>>(), [false, true]);
}
