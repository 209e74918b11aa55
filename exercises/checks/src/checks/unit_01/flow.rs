//! `flow.toml`: the twelve messages of a sign-in and a call of Graph. For each its channel and what it carries, and their order.
//!
//! The flow is the authorization code flow (RFC 6749 §4.1, OIDC Core §3.1) with Microsoft Graph as the protected resource.

use std::collections::BTreeSet;

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use crate::filled_in::{Complaint, FilledIn, UNFILLED};

/// One message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Message {
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

impl Message {
    pub const ALL: [Self; 12] = [
        Self::OpenPage,
        Self::SignInRedirect,
        Self::SignInPage,
        Self::SignInForm,
        Self::RedirectBack,
        Self::TokenRequest,
        Self::TokenAnswer,
        Self::KeysRequest,
        Self::KeysAnswer,
        Self::SessionStart,
        Self::GraphRequest,
        Self::GraphAnswer,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::OpenPage => "open-page",
            Self::SignInRedirect => "sign-in-redirect",
            Self::SignInPage => "sign-in-page",
            Self::SignInForm => "sign-in-form",
            Self::RedirectBack => "redirect-back",
            Self::TokenRequest => "token-request",
            Self::TokenAnswer => "token-answer",
            Self::KeysRequest => "keys-request",
            Self::KeysAnswer => "keys-answer",
            Self::SessionStart => "session-start",
            Self::GraphRequest => "graph-request",
            Self::GraphAnswer => "graph-answer",
        }
    }
}

/// How a message travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Channel {
    /// To, from or through the browser.
    Front,
    /// From server to server.
    Back,
}

impl Channel {
    pub fn name(self) -> &'static str {
        match self {
            Self::Front => "front",
            Self::Back => "back",
        }
    }
}

/// What a message can carry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Carried {
    Password,
    Code,
    ClientSecret,
    IdToken,
    AccessToken,
}

impl Carried {
    const ALL: [Self; 5] = [Self::Password, Self::Code, Self::ClientSecret, Self::IdToken, Self::AccessToken];

    pub fn name(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::Code => "code",
            Self::ClientSecret => "client-secret",
            Self::IdToken => "id-token",
            Self::AccessToken => "access-token",
        }
    }
}

/// The word for a message without any of it.
const NOTHING: &str = "nothing";

/// The file, every value filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Flow {
    /// Each message once.
    order: Vec<Message>,
    /// In the order of [`Message::ALL`].
    messages: Vec<Facts>,
}

/// What the file says about one message.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Facts {
    channel: Channel,
    carries: BTreeSet<Carried>,
}

impl Flow {
    /// # Errors
    /// Everything that is wrong with the text, by line.
    pub fn parse(text: &str) -> Result<Self, Vec<Complaint>> {
        let (mut file, root) = FilledIn::parse(text).map_err(|complaint| vec![complaint])?;
        file.no_other_keys(&root, &["order", "messages"]);
        let order = order(&mut file, &root);
        let messages = messages(&mut file, &root);
        file.complaints.sort_by_key(|complaint| complaint.line);
        match (order, messages) {
            (Some(order), Some(messages)) if file.complaints.is_empty() => Ok(Self { order, messages }),
            _ => Err(file.complaints),
        }
    }

    pub fn channel(&self, message: Message) -> Channel {
        self.messages[message as usize].channel
    }

    /// The messages that carry this, in the order of the sign-in.
    pub fn carriers(&self, carried: Carried) -> BTreeSet<Message> {
        Message::ALL.into_iter().filter(|message| self.messages[*message as usize].carries.contains(&carried)).collect()
    }

    /// Whether one message comes before another.
    pub fn is_before(&self, one: Message, other: Message) -> bool {
        let place = |message| self.order.iter().position(|it| *it == message);
        place(one) < place(other)
    }
}

fn by_name() -> [(&'static str, Message); Message::ALL.len()] {
    Message::ALL.map(|message| (message.name(), message))
}

fn order<'t>(file: &mut FilledIn<'t>, root: &DeTable<'t>) -> Option<Vec<Message>> {
    let value = file.value(&(0..0), root, "order")?;
    let Some(names) = value.get_ref().as_array() else {
        file.complain(&value.span(), "order is no list. Write the twelve names in square brackets, with commas between.");
        return None;
    };
    let mut order = Vec::new();
    for name in names {
        if name.get_ref().as_str().is_some_and(|text| text.starts_with(UNFILLED)) {
            file.wait(&name.span(), "the order is not decided yet. Put the twelve names in order, then delete this line.");
            continue;
        }
        let Some(message) = file.choice(name, "a place in the order", &by_name()) else { continue };
        if order.contains(&message) {
            file.complain(&name.span(), format!("{} stands there twice. Each message stands there once.", message.name()));
        }
        order.push(message);
    }
    let missing: Vec<&str> = Message::ALL.into_iter().filter(|message| !order.contains(message)).map(Message::name).collect();
    if !missing.is_empty() {
        file.complain(&value.span(), format!("these messages are missing in the order: {}.", missing.join(", ")));
    }
    Some(order)
}

fn messages<'t>(file: &mut FilledIn<'t>, root: &DeTable<'t>) -> Option<Vec<Facts>> {
    let (place, table) = file.table(root, "messages")?;
    file.no_other_keys(table, &Message::ALL.map(Message::name));
    let read: Vec<Option<Facts>> = Message::ALL
        .into_iter()
        .map(|message| {
            let value = file.value(&place, table, message.name())?;
            facts(file, message, value)
        })
        .collect();
    read.into_iter().collect()
}

fn facts<'t>(file: &mut FilledIn<'t>, message: Message, value: &Spanned<DeValue<'t>>) -> Option<Facts> {
    let Some(table) = value.get_ref().as_table() else {
        file.complain(&value.span(), format!("{} needs two values: {{ channel = \"…\", carries = [\"…\"] }}.", message.name()));
        return None;
    };
    file.no_other_keys(table, &["channel", "carries"]);
    let channel = file.value(&value.span(), table, "channel");
    let channel = channel.and_then(|channel| {
        let channels = [Channel::Front, Channel::Back].map(|channel| (channel.name(), channel));
        file.choice(channel, &format!("{}, channel", message.name()), &channels)
    });
    let carries = file.value(&value.span(), table, "carries").and_then(|carries| carried(file, message, carries));
    Some(Facts { channel: channel?, carries: carries? })
}

/// A list of words. An empty one is `nothing`.
fn carried<'t>(file: &mut FilledIn<'t>, message: Message, value: &Spanned<DeValue<'t>>) -> Option<BTreeSet<Carried>> {
    let choices: Vec<(&str, Option<Carried>)> =
        Carried::ALL.map(|carried| (carried.name(), Some(carried))).into_iter().chain([(NOTHING, None)]).collect();
    let place = format!("{}, carries", message.name());
    let Some(words) = value.get_ref().as_array() else {
        file.complain(&value.span(), format!("{place} is no list. Write its words in square brackets: [\"{NOTHING}\"]."));
        return None;
    };
    let read: Option<Vec<Option<Carried>>> = words.iter().map(|word| file.choice(word, &place, &choices)).collect();
    let read = read?;
    if read.len() > 1 && read.contains(&None) {
        file.complain(&value.span(), format!("{place} says '{NOTHING}' beside something else. Leave one of the two out."));
    }
    Some(read.into_iter().flatten().collect())
}

#[cfg(test)]
mod tests;
