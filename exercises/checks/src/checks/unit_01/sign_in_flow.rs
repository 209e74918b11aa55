//! U1-02, 03, 04: what travels how, and in which order.

use std::collections::BTreeSet;

use super::{
    USUAL, files,
    flow::{Carried, Channel, Flow, Message},
};
use crate::{
    check::Check,
    stage::Stage,
    verdict::{Failure, Outcome},
};

/// U1-02
pub const TOKENS: Check = Check {
    id: "U1-02",
    title: "the code travels through the browser, tokens do not",
    points: 3,
    misconceptions: &["M03", "M12"],
    hint: "For the order: what must the sender of a message already have? For the channel: is the browser one end of the message, or only two servers? Tokens never go through the browser.",
    page: "unit-1/parties.html#channels",
    run: |stage| Box::pin(async { tokens(stage) }),
    ..USUAL
};

/// U1-03
pub const PASSWORD: Check = Check {
    id: "U1-03",
    title: "the password goes to the identity provider, and to nobody else",
    misconceptions: &["M03"],
    hint: "Who shows the page on which the password is typed, and to whom does the browser send it?",
    page: "unit-1/parties.html#channels",
    run: |stage| Box::pin(async { password(stage) }),
    ..USUAL
};

/// U1-04
pub const CLIENT_SECRET: Check = Check {
    id: "U1-04",
    title: "the client secret goes from the app to the token endpoint only",
    misconceptions: &["M04"],
    hint: "The app proves who it is at one place, and it does so from server to server.",
    page: "unit-1/parties.html#channels",
    run: |stage| Box::pin(async { client_secret(stage) }),
    ..USUAL
};

/// What must come first, what after it, and why.
const ORDER: [(Message, Message, &str); 11] = [
    (Message::OpenPage, Message::SignInRedirect, "The app answers somebody: it sends a browser on that has asked for a page."),
    (Message::SignInRedirect, Message::SignInPage, "Entra ID shows its page to a browser that the app has sent there."),
    (Message::SignInPage, Message::SignInForm, "A form is sent after it was shown."),
    (Message::SignInForm, Message::RedirectBack, "Entra ID gives a code for a person only when it knows who is there."),
    (Message::RedirectBack, Message::TokenRequest, "The app redeems the code, so it must have it."),
    (Message::TokenRequest, Message::TokenAnswer, "An answer follows its request."),
    (Message::KeysRequest, Message::KeysAnswer, "An answer follows its request."),
    (Message::TokenAnswer, Message::SessionStart, "Before the ID token is there the app does not know whose session it would be."),
    (
        Message::KeysAnswer,
        Message::SessionStart,
        "Without Entra ID's public keys the app cannot tell a genuine ID token from a forged one.",
    ),
    (Message::TokenAnswer, Message::GraphRequest, "Graph wants an access token, and the app has none before."),
    (Message::GraphRequest, Message::GraphAnswer, "An answer follows its request."),
];

fn listed(messages: &BTreeSet<Message>) -> String {
    if messages.is_empty() { "no message".to_owned() } else { messages.iter().map(|message| message.name()).collect::<Vec<_>>().join(", ") }
}

/// Fails when something is carried by other messages than these.
fn carried_by(flow: &Flow, carried: Carried, wanted: &[Message], why: &str, attack: &str) -> Outcome {
    let (said, wanted): (BTreeSet<Message>, BTreeSet<Message>) = (flow.carriers(carried), wanted.iter().copied().collect());
    if said == wanted {
        return Ok(());
    }
    let failure = Failure::new(
        format!("The grader went through your flow.toml and asked which messages carry the {}.", carried.name()),
        format!("In your flow: {}", listed(&said)),
        listed(&wanted),
        why,
    );
    // Somewhere too many is a leak; somewhere missing only does not work.
    let leaks = said.difference(&wanted).next().is_some();
    Err(if leaks { failure.attack(attack) } else { failure }.shows(misconception(carried)).into())
}

fn misconception(carried: Carried) -> Option<&'static str> {
    Some(match carried {
        Carried::Password | Carried::Code => "M03",
        Carried::IdToken | Carried::AccessToken => "M12",
        Carried::ClientSecret => "M04",
    })
}

/// Fails when one of these messages takes another channel.
fn channels(flow: &Flow, wanted: Channel, messages: &[Message], why: &str, attack: Option<&str>, shows: &'static str) -> Outcome {
    let others: BTreeSet<Message> = messages.iter().copied().filter(|message| flow.channel(*message) != wanted).collect();
    if others.is_empty() {
        return Ok(());
    }
    let failure = Failure::new(
        "The grader went through your flow.toml and asked how each message travels.",
        format!("By another channel than the {} channel: {}", wanted.name(), listed(&others)),
        format!("the {} channel for {}", wanted.name(), listed(&messages.iter().copied().collect())),
        why,
    );
    Err(match attack {
        Some(attack) => failure.attack(attack),
        None => failure,
    }
    .shows(Some(shows))
    .into())
}

fn tokens(stage: &Stage) -> Outcome {
    let flow = files::flow(stage)?;
    for (first, then, why) in ORDER {
        if !flow.is_before(first, then) {
            return Err(Failure::new(
                "The grader played the messages in the order of your flow.toml.",
                format!("{} comes before {}.", then.name(), first.name()),
                format!("{} before {}", first.name(), then.name()),
                why,
            )
            .into());
        }
    }
    channels(
        &flow,
        Channel::Back,
        &[Message::TokenAnswer, Message::KeysRequest, Message::KeysAnswer, Message::GraphRequest, Message::GraphAnswer],
        "Tokens are as good as a password for what they open. They go from server to server, where nobody reads along; the browser is never a part of it.",
        Some("A browser extension, the history or a proxy log holds the message, and whoever reads it there can use what it carries."),
        "M12",
    )?;
    channels(
        &flow,
        Channel::Front,
        &[Message::OpenPage, Message::SignInRedirect, Message::RedirectBack, Message::SessionStart],
        "The person sits at the browser, and app and Entra ID meet only there. Each redirect is an answer to the browser, which then goes where it was sent.",
        None,
        "M03",
    )?;
    carried_by(
        &flow,
        Carried::Code,
        &[Message::RedirectBack, Message::TokenRequest],
        "The code is the one thing that Entra ID gives to the browser, because it is worth nothing without the client secret. The app brings it back to Entra ID.",
        "The code lies where nobody needs it, and can be read by one party more.",
    )?;
    carried_by(
        &flow,
        Carried::IdToken,
        &[Message::TokenAnswer],
        "The ID token is written for the app, which reads it once to start a session. It opens nothing, so the app shows it to nobody, Graph included.",
        "The token says who is signed in. In the browser it can be read and exchanged, and Graph gets a paper that is not meant for it.",
    )?;
    carried_by(
        &flow,
        Carried::AccessToken,
        &[Message::TokenAnswer, Message::GraphRequest],
        "The access token is written for Graph. The app gets it from the token endpoint and carries it to Graph, unread, with each call.",
        "Whoever holds the access token reads the person's data from Graph until it expires, without any password.",
    )
}

fn password(stage: &Stage) -> Outcome {
    let flow = files::flow(stage)?;
    let seen = "The app never sees the password, and has no field for it. It is typed on a page of Entra ID, and the browser sends it there. What the browser sends or gets \
         uses the front channel.";
    let attack = "The app knows the password of everybody at ABC, for all that it opens; and so does whoever breaks into the app.";
    carried_by(&flow, Carried::Password, &[Message::SignInForm], seen, attack)?;
    channels(&flow, Channel::Front, &[Message::SignInPage, Message::SignInForm], seen, Some(attack), "M03")
}

fn client_secret(stage: &Stage) -> Outcome {
    let flow = files::flow(stage)?;
    let why = "The secret proves that it is really ABC's app that redeems the code. It works only as long as no browser, and no other server, ever sees it: that is what \
               makes the app a confidential client.";
    let attack = "Whoever reads that message has the secret, and with a stolen code gets tokens in the name of the app.";
    carried_by(&flow, Carried::ClientSecret, &[Message::TokenRequest], why, attack)?;
    channels(&flow, Channel::Back, &[Message::TokenRequest], why, Some(attack), "M04")
}
