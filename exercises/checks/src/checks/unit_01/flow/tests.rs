use super::*;

const REFERENCE: &str = include_str!("../../../../../../solutions/01-introduction/src/flow.toml");

fn complaints(find: &str, replace: &str) -> String {
    assert_eq!(REFERENCE.matches(find).count(), 1, "{find}");
    let complaints = Flow::parse(&REFERENCE.replace(find, replace)).expect_err("something is wrong");
    complaints.iter().map(Complaint::to_string).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_reference_says_how_each_thing_travels() {
    let flow = Flow::parse(REFERENCE).expect("filled in");
    assert_eq!(flow.carriers(Carried::Code), [Message::RedirectBack, Message::TokenRequest].into());
    assert_eq!((flow.channel(Message::RedirectBack), flow.channel(Message::TokenRequest)), (Channel::Front, Channel::Back));
    assert!(flow.is_before(Message::OpenPage, Message::GraphAnswer) && !flow.is_before(Message::GraphAnswer, Message::OpenPage));
}

#[test]
fn a_message_that_carries_nothing_is_written_in_two_ways() {
    let reference = Flow::parse(REFERENCE);
    for (find, replace) in [
        ("open-page        = { channel = \"front\", carries = [\"nothing\"] }", "open-page = { carries = [], channel = \"front\" }"),
        ("[\"code\", \"client-secret\"]", "[\"client-secret\", \"code\"]"),
    ] {
        assert_eq!(Flow::parse(&REFERENCE.replace(find, replace)), reference, "{replace}");
    }
}

#[test]
fn each_mistake_of_form_is_put_into_words() {
    for (find, replace, expected) in [
        (
            "[\"password\"]",
            "[\"passwort\"]",
            "sign-in-form, carries says 'passwort', which is not possible there. Write one of: password, code",
        ),
        ("  \"redirect-back\",\n", "", "these messages are missing in the order: redirect-back."),
        ("  \"redirect-back\",\n", "  \"open-page\",\n", "open-page stands there twice"),
        ("  \"redirect-back\",\n", "  \"TODO: put them in order\", \"redirect-back\",\n", "the order is not decided yet"),
        ("[\"password\"]", "\"password\"", "sign-in-form, carries is no list"),
        ("[\"password\"]", "[\"nothing\", \"password\"]", "'nothing' beside something else"),
        ("{ channel = \"front\", carries = [\"password\"] }", "\"front\"", "sign-in-form needs two values"),
        ("sign-in-form     = ", "sign-in-from = ", "'sign-in-from' is none of the names here"),
        ("order = [", "orders = [", "the line order = … is missing"),
    ] {
        let said = complaints(find, replace);
        assert!(said.contains(expected), "{expected}\n{said}");
    }
}
