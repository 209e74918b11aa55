//! `flow.toml`: the messages of a sign-in, and who can read what they carry.

use std::collections::BTreeMap;

use anyhow::{Context, bail};
use serde::Deserialize;

/// The whole file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Flow {
    order: Vec<Message>,
    messages: BTreeMap<Message, Facts>,
}

/// The messages, by the names that the file has for them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Message {
    OpenPage,
    SignInRedirect,
    SignInPage,
    SignInForm,
    RedirectBack,
    TokenRequest,
    TokenAnswer,
    KeysRequest,
    KeysAnswer,
    SessionStart,
    GraphRequest,
    GraphAnswer,
}

/// How many of them there are.
const MESSAGES: usize = 12;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Facts {
    channel: Channel,
    carries: Vec<Carried>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Channel {
    Front,
    Back,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Carried {
    Password,
    Code,
    ClientSecret,
    IdToken,
    AccessToken,
    Nothing,
}

/// What the file says, in words.
///
/// # Errors
/// For a file that is no TOML, for a value that is missing, unknown or still a TODO: each with its line. For a message that is missing.
pub fn summary(text: &str) -> anyhow::Result<String> {
    crate::filled_in("src/flow.toml", text)?;
    let flow: Flow = toml::from_str(text).context("src/flow.toml")?;
    let mut text = "Messages:\n".to_owned();
    for (place, message) in flow.order.iter().enumerate() {
        if flow.order[..place].contains(message) {
            bail!("src/flow.toml, order: {} stands there twice. Each message stands there once.", message.route().0);
        }
        let Some(facts) = flow.messages.get(message) else {
            bail!("src/flow.toml, messages: the line of {} is missing. Copy it from the starter.", message.route().0);
        };
        let (name, way) = message.route();
        let channel = match facts.channel {
            Channel::Front => "front",
            Channel::Back => "back",
        };
        text += &format!("  {:>2} {name:17} {way:20} {channel:6} {}\n", place + 1, names(&facts.carries));
    }
    if flow.order.len() < MESSAGES {
        bail!("src/flow.toml, order: {} of {MESSAGES} messages are there. Write each of them once.", flow.order.len());
    }
    let in_the_browser = flow.messages.values().filter(|facts| facts.channel == Channel::Front).flat_map(|facts| &facts.carries);
    let mut read: Vec<Carried> = Vec::new();
    for carried in in_the_browser.copied() {
        if carried != Carried::Nothing && !read.contains(&carried) {
            read.push(carried);
        }
    }
    Ok(text + &format!("\nWhoever reads along in the browser gets: {}.\n", names(&read)))
}

fn names(carried: &[Carried]) -> String {
    let names: Vec<&str> = carried.iter().map(|carried| carried.name()).collect();
    if names.is_empty() { "nothing".to_owned() } else { names.join(", ") }
}

impl Message {
    /// Its name, and from whom to whom it goes.
    fn route(self) -> (&'static str, &'static str) {
        match self {
            Self::OpenPage => ("open-page", "browser to app"),
            Self::SignInRedirect => ("sign-in-redirect", "app to browser"),
            Self::SignInPage => ("sign-in-page", "Entra ID to browser"),
            Self::SignInForm => ("sign-in-form", "browser to Entra ID"),
            Self::RedirectBack => ("redirect-back", "Entra ID to browser"),
            Self::TokenRequest => ("token-request", "app to Entra ID"),
            Self::TokenAnswer => ("token-answer", "Entra ID to app"),
            Self::KeysRequest => ("keys-request", "app to Entra ID"),
            Self::KeysAnswer => ("keys-answer", "Entra ID to app"),
            Self::SessionStart => ("session-start", "app to browser"),
            Self::GraphRequest => ("graph-request", "app to Graph"),
            Self::GraphAnswer => ("graph-answer", "Graph to app"),
        }
    }
}

impl Carried {
    fn name(self) -> &'static str {
        match self {
            Self::Password => "the password",
            Self::Code => "the code",
            Self::ClientSecret => "the client secret",
            Self::IdToken => "the ID token",
            Self::AccessToken => "the access token",
            Self::Nothing => "nothing",
        }
    }
}
