//! Exchanges as a sequence diagram: an SVG that takes its colors from the theme, and the same in words for those who do not see it.

use std::fmt::Write;

use recorded_exchanges::{Answer, Exchange, Party, Request};

use crate::html::escape;

const COLUMN: usize = 280;
const ROW: usize = 48;
const HEAD: usize = 56;
const MARGIN: usize = 90;
/// A longer label does not fit between two columns.
const LONGEST_LABEL: usize = 30;

/// What is worth naming, where it travels.
const NAMED: [&str; 11] = [
    "client_id",
    "state",
    "nonce",
    "code_challenge",
    "code",
    "error",
    "client_secret",
    "code_verifier",
    "refresh_token",
    "id_token",
    "access_token",
];

/// One arrow.
struct Message {
    from: Party,
    to: Party,
    label: String,
    /// What travels: `code, state`.
    carries: String,
    words: String,
    is_answer: bool,
}

/// The diagram of these exchanges, with its text alternative.
pub fn figure(title: &str, exchanges: &[Exchange]) -> String {
    let mut messages = Vec::new();
    exchanges.iter().for_each(|exchange| add(exchange, &mut messages));
    let title = escape(title);
    format!(
        "<figure class=\"sequence\">\n<div class=\"scroll\" role=\"region\" aria-label=\"Diagram: {title}\" tabindex=\"0\">\n{}</div>\n\
         <figcaption>{title}. Recorded from a run.</figcaption>\n<details><summary>The diagram in words</summary>\n<ol>\n{}</ol>\n</details>\n</figure>\n",
        svg(&title, &messages),
        messages.iter().fold(String::new(), |list, message| list + &format!("<li>{}</li>\n", escape(&message.words)))
    )
}

fn add(exchange: &Exchange, messages: &mut Vec<Message>) {
    let Exchange { from, to, request, answer, meanwhile, purpose, .. } = exchange;
    let asked = label_of(request);
    let query = request.target.split_once('?').map(|(_, query)| query).unwrap_or_default();
    let in_query = query.split('&').filter_map(|pair| pair.split_once('=')).map(|(name, _)| name);
    let carried = named(in_query.chain(request.form.iter().map(|(name, _)| name.as_str())));
    messages.push(Message {
        from: *from,
        to: *to,
        words: format!("{} {purpose}: {asked}, sent to {}{}.", capital(&with_article(*from)), with_article(*to), with(&carried)),
        label: asked,
        carries: carried,
        is_answer: false,
    });
    meanwhile.iter().for_each(|inner| add(inner, messages));
    let answered = label_of_answer(answer);
    let members = answer.json.iter().filter_map(serde_json::Value::as_object).flat_map(|json| json.keys().map(String::as_str));
    let carried = named(members);
    messages.push(Message {
        from: *to,
        to: *from,
        words: format!("{} answers {answered}{}.", capital(&with_article(*to)), with(&carried)),
        label: answered,
        carries: carried,
        is_answer: true,
    });
}

fn with_article(party: Party) -> String {
    match party {
        Party::App | Party::Graph => party.to_string(),
        Party::Browser | Party::Provider => format!("the {party}"),
    }
}

/// Those of the names that are worth it, in the order of the list above.
fn named<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let present: Vec<&str> = names.collect();
    NAMED.into_iter().filter(|name| present.contains(name)).collect::<Vec<_>>().join(", ")
}

fn with(carried: &str) -> String {
    if carried.is_empty() { String::new() } else { format!(", with {carried}") }
}

fn capital(text: &str) -> String {
    text.chars().take(1).flat_map(char::to_uppercase).chain(text.chars().skip(1)).collect()
}

/// `GET /login`; of a long path the end.
fn label_of(request: &Request) -> String {
    let path = request.target.split('?').next().unwrap_or_default();
    let whole = format!("{} {path}", request.method);
    if whole.chars().count() <= LONGEST_LABEL {
        return whole;
    }
    format!("{} …/{}", request.method, path.rsplit('/').next().unwrap_or_default())
}

/// `302 to /profile`, `200, page “Your profile”`, `200, JSON`.
fn label_of_answer(answer: &Answer) -> String {
    let status = answer.status;
    if let Some(location) = answer.header("location") {
        let path = location.split('?').next().unwrap_or_default();
        let path = path.strip_prefix("http://localhost:5000").unwrap_or(path);
        let short = if path.chars().count() <= LONGEST_LABEL - 8 {
            path.to_owned()
        } else {
            format!("…/{}", path.rsplit('/').next().unwrap_or_default())
        };
        return format!("{status} to {short}");
    }
    match (&answer.page, &answer.json) {
        (Some(heading), _) => format!("{status}, “{heading}”"),
        (None, Some(_)) => format!("{status}, JSON"),
        (None, None) => status.to_string(),
    }
}

fn svg(title: &str, messages: &[Message]) -> String {
    let mut parties: Vec<Party> = messages.iter().flat_map(|message| [message.from, message.to]).collect();
    parties.sort_unstable();
    parties.dedup();
    let x = |party: Party| MARGIN + COLUMN * parties.iter().position(|it| *it == party).unwrap_or_default();
    let (width, height) = (2 * MARGIN + COLUMN * (parties.len().max(1) - 1), HEAD + ROW * messages.len() + 20);
    let mut svg = format!("<svg viewBox=\"0 0 {width} {height}\" width=\"{width}\" role=\"img\" aria-label=\"{title}\">\n");
    for party in &parties {
        let x = x(*party);
        let _ = writeln!(svg, "<line class=\"life\" x1=\"{x}\" y1=\"36\" x2=\"{x}\" y2=\"{height}\"/>");
        let _ = writeln!(svg, "<text class=\"party\" x=\"{x}\" y=\"22\" text-anchor=\"middle\">{}</text>", capital(&party.to_string()));
    }
    for (number, message) in messages.iter().enumerate() {
        let (from, to, y) = (x(message.from), x(message.to), HEAD + ROW * number + 20);
        let class = if message.is_answer { "answer" } else { "request" };
        let tip = if to > from { to - 10 } else { to + 10 };
        let _ = writeln!(svg, "<line class=\"{class}\" x1=\"{from}\" y1=\"{y}\" x2=\"{to}\" y2=\"{y}\"/>");
        let _ = writeln!(svg, "<path class=\"tip\" d=\"M{to} {y} L{tip} {} L{tip} {} Z\"/>", y - 5, y + 5);
        let middle = usize::midpoint(from, to);
        let _ =
            writeln!(svg, "<text x=\"{middle}\" y=\"{}\" text-anchor=\"middle\">{}. {}</text>", y - 7, number + 1, escape(&message.label));
        if !message.carries.is_empty() {
            let _ =
                writeln!(svg, "<text class=\"carries\" x=\"{middle}\" y=\"{}\" text-anchor=\"middle\">{}</text>", y + 15, message.carries);
        }
    }
    svg + "</svg>\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exchange(from: Party, to: Party, target: &str, answer: Answer) -> Exchange {
        Exchange {
            id: "it".to_owned(),
            purpose: "asks".to_owned(),
            from,
            to,
            request: Request {
                method: "GET".to_owned(),
                origin: String::new(),
                target: target.to_owned(),
                headers: Vec::new(),
                form: Vec::new(),
            },
            meanwhile: Vec::new(),
            answer,
        }
    }

    fn answer(status: u16, location: Option<&str>) -> Answer {
        let headers = location.map(|location| ("location".to_owned(), location.to_owned())).into_iter().collect();
        Answer { status, headers, json: None, page: None }
    }

    #[test]
    fn the_words_say_what_the_arrows_show_in_the_same_order() {
        let mut outer = exchange(Party::Browser, Party::App, "/getAToken?code=x", answer(303, Some("http://localhost:5000/profile")));
        outer.meanwhile = vec![exchange(Party::App, Party::Provider, "/a-tenant-with-a-long-id/oauth2/v2.0/token", answer(200, None))];
        let figure = figure("A <test>", &[outer]);
        let words: Vec<&str> = figure.split("<li>").skip(1).filter_map(|item| item.split("</li>").next()).collect();
        assert_eq!(
            words,
            [
                "The browser asks: GET /getAToken, sent to your app, with code.",
                "Your app asks: GET …/token, sent to the identity provider.",
                "The identity provider answers 200.",
                "Your app answers 303 to /profile.",
            ]
        );
        let arrows = figure.matches("class=\"request\"").count() + figure.matches("class=\"answer\"").count();
        assert_eq!(arrows, words.len());
        assert!(figure.contains("A &lt;test&gt;") && !figure.contains("<test>"));
    }
}
