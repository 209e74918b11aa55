use super::*;

fn messages(path: &str, text: &str) -> Vec<(Option<usize>, String)> {
    let file = SourceFile { path: path.to_owned(), text: text.to_owned() };
    check(&file).into_iter().map(|finding| (finding.line, finding.message)).collect()
}

#[test]
fn tokens_may_use_the_directory_but_not_the_endpoints() {
    assert_eq!(messages("mock-idp/src/tokens/mint.rs", "use crate::directory::Tenant;\n"), []);
    assert_eq!(
        messages("mock-idp/src/tokens/mint.rs", "use std::fmt;\nuse crate::endpoints::token;\n"),
        [(Some(2), "`tokens` must not use `endpoints`".to_owned())]
    );
}

#[test]
fn a_group_over_several_lines_is_read_to_its_end() {
    let text = "use crate::{\n    clock::Clock,\n    directory::{Tenant, seed::{a, b}},\n    graph,\n};\n";
    assert_eq!(messages("mock-idp/src/sign_in/session.rs", text), [(Some(1), "`sign_in` must not use `graph`".to_owned())]);
}

#[test]
fn a_path_without_use_and_a_way_through_super_count_too() {
    assert_eq!(
        messages("mock-idp/src/html/layout.rs", "fn f() { crate::clock::now() }"),
        [(Some(1), "`html` must not use `clock`".to_owned())]
    );
    assert_eq!(
        messages("mock-idp/src/html/layout.rs", "use super::super::clock::Clock;"),
        [(Some(1), "`html` must not use `clock`".to_owned())]
    );
    assert_eq!(messages("mock-idp/src/html/layout.rs", "use super::clock_face;"), []);
}

#[test]
fn comments_tests_and_the_module_itself_are_free() {
    let text = "// crate::server\nuse crate::html::layout;\n#[cfg(test)]\nmod tests {\n    use crate::server::start;\n}\n";
    assert_eq!(messages("mock-idp/src/html/form.rs", text), []);
    assert_eq!(messages("mock-idp/src/html/form/tests.rs", "use crate::server::start;"), []);
}

#[test]
fn the_vocabulary_knows_no_web_framework() {
    let text = "use axum::Router;\nuse axum::http::Uri;\nlet axum_like = 1;\n";
    assert_eq!(
        messages("mock-idp/src/oauth/scope.rs", text),
        [(Some(1), "`oauth` must not use axum; it is tested without a server".to_owned())]
    );
    assert_eq!(messages("mock-idp/src/endpoints/token.rs", text), []);
}

#[test]
fn a_module_without_a_rule_is_an_error() {
    assert_eq!(messages("mock-idp/src/telemetry.rs", "").len(), 1);
}

#[test]
fn an_app_that_knows_its_grader_is_an_error() {
    for path in ["exercises/04-sign-in/src/lib.rs", "solutions/04-sign-in/src/routes/me.rs"] {
        assert_eq!(messages(path, "use unit_checks::Unit;\nuse mock_idp::MockIdp;").len(), 2, "{path}");
    }
    assert_eq!(messages("exercises/checks/src/lib.rs", "use mock_idp::MockIdp;"), []);
    assert_eq!(messages("solutions/04-sign-in/tests/checks.rs", "unit_checks::harness::main()"), []);
}
