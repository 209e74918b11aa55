//! Callbacks that no provider sends, made up by chance. Their codes are inventions, so none of them may sign anybody in.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use mock_idp::{random::Entropy, testing::browser::Request};
use reqwest::Method;
use serde_json::json;
use url::form_urlencoded::byte_serialize;

use crate::visit::Login;

/// What is wrong with a callback.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flaw {
    NoParameters,
    NoState,
    EmptyState,
    ForeignState,
    DamagedState,
    StateTwice,
    OtherStateBeside,
    NoCode,
    EmptyCode,
    CodeTwice,
    InventedCode,
    ErrorBesideCode,
    StrangeError,
    HugeState,
    HugeCode,
    HugeStranger,
    ManyParameters,
    NotUtf8,
    HalfEscape,
    ControlCharacters,
    Brackets,
    StraySeparators,
    UnaskedTokens,
    WrongContentType,
    BrokenBody,
}

/// All of them. Each is sent several times, with other values.
pub(super) const FLAWS: [Flaw; 25] = [
    Flaw::NoParameters,
    Flaw::NoState,
    Flaw::EmptyState,
    Flaw::ForeignState,
    Flaw::DamagedState,
    Flaw::StateTwice,
    Flaw::OtherStateBeside,
    Flaw::NoCode,
    Flaw::EmptyCode,
    Flaw::CodeTwice,
    Flaw::InventedCode,
    Flaw::ErrorBesideCode,
    Flaw::StrangeError,
    Flaw::HugeState,
    Flaw::HugeCode,
    Flaw::HugeStranger,
    Flaw::ManyParameters,
    Flaw::NotUtf8,
    Flaw::HalfEscape,
    Flaw::ControlCharacters,
    Flaw::Brackets,
    Flaw::StraySeparators,
    Flaw::UnaskedTokens,
    Flaw::WrongContentType,
    Flaw::BrokenBody,
];

/// A callback, and what is wrong with it in words.
#[derive(Debug)]
pub(super) struct Malformed {
    pub(super) flaw: &'static str,
    pub(super) request: Request,
}

/// Chance that a seed repeats.
pub(super) struct Dice {
    entropy: Entropy,
}

impl Dice {
    pub(super) fn new(entropy: Entropy) -> Self {
        Self { entropy }
    }

    fn below(&self, limit: usize) -> usize {
        usize::from(u16::from_be_bytes(self.entropy.bytes())) % limit
    }

    fn one_of<'a>(&self, choices: &[&'a str]) -> &'a str {
        choices[self.below(choices.len())]
    }

    /// A value as a provider could have made it.
    fn value(&self) -> String {
        self.entropy.token(16 + self.below(64))
    }
}

/// So many bytes behind a huge value: more than any handler needs, less than servers refuse to read at all.
const HUGE: usize = 4_000;

/// A callback with this flaw. Everything else about it is as it should be: the state is that of `login`, and the parameters are where
/// the app asked for them, in two of three.
pub(super) fn callback(dice: &Dice, flaw: Flaw, address: Request, login: &Login, foreign_state: &str) -> Malformed {
    let by_form = (login.parameter("response_mode") == "form_post") == (dice.below(3) > 0);
    let Parts { flaw, text, content_type } = parts(dice, flaw, login, foreign_state);
    let request = match content_type {
        Some(content_type) => address.with_body(content_type, text),
        None if by_form => address.with_body(Some("application/x-www-form-urlencoded"), text),
        None => {
            let mut request = address.with_method(Method::GET);
            request.url.set_query(Some(&text));
            request
        }
    };
    Malformed { flaw, request }
}

struct Parts {
    flaw: &'static str,
    /// The parameters, encoded as they travel.
    text: String,
    /// For what is no form: the type that a body claims to have, or none.
    content_type: Option<Option<&'static str>>,
}

fn parts(dice: &Dice, flaw: Flaw, login: &Login, foreign_state: &str) -> Parts {
    let state = format!("state={}", encoded(&login.state()));
    let code = format!("code={}", dice.value());
    let huge = dice.entropy.token(HUGE + dice.below(HUGE));
    let (flaw, parameters): (&'static str, Vec<String>) = match flaw {
        Flaw::NoParameters => ("without a parameter", vec![]),
        Flaw::NoState => ("the state is missing", vec![code]),
        Flaw::EmptyState => ("the state is empty", vec![code, "state=".to_owned()]),
        Flaw::ForeignState => ("the state is that of another browser", vec![code, format!("state={}", encoded(foreign_state))]),
        Flaw::DamagedState => ("the state is damaged", vec![code, damaged(dice, &state)]),
        Flaw::StateTwice => ("the state comes twice", vec![state.clone(), code, state]),
        Flaw::OtherStateBeside => ("a second state comes along", vec![state, code, format!("state={}", dice.value())]),
        Flaw::NoCode => ("neither a code nor an error", vec![state]),
        Flaw::EmptyCode => ("the code is empty", vec![dice.one_of(&["code=", "code", "code=%20"]).to_owned(), state]),
        Flaw::CodeTwice => ("the code comes twice", vec![code, format!("code={}", dice.value()), state]),
        Flaw::InventedCode => ("the state is right and the code is made up", vec![format!("code={}", invented_code(dice)), state]),
        Flaw::ErrorBesideCode => ("an error and a code together", vec![format!("error={}", strange_error(dice)), code, state]),
        Flaw::StrangeError => {
            let description = format!("error_description={}", dice.one_of(&["", &huge, "%00", "%3Cscript%3Ealert(1)%3C/script%3E"]));
            ("an error that no standard knows", vec![format!("error={}", strange_error(dice)), description, state])
        }
        Flaw::HugeState => ("the state is huge", vec![code, format!("state={huge}")]),
        Flaw::HugeCode => ("the code is huge", vec![format!("code={huge}"), state]),
        Flaw::HugeStranger => ("a huge parameter that nobody asked for", vec![format!("session_state={huge}"), state]),
        Flaw::ManyParameters => {
            let many = (0..100 + dice.below(200)).map(|number| format!("p{number}={}", dice.below(1000)));
            ("hundreds of parameters", many.chain([code, state]).collect())
        }
        Flaw::NotUtf8 => ("bytes that are no UTF-8", vec![spoiled(dice, &["%ff%fe", "%C3%28", "%ED%A0%80", "%80"], &code, &state)]),
        Flaw::HalfEscape => ("an escape that is cut off", vec![spoiled(dice, &["%", "%4", "%zz", "%%41", "%u0041"], &code, &state)]),
        Flaw::ControlCharacters => {
            let stray = ["%00", "%0d%0aSet-Cookie:%20a=b", "%1b[31m", "%e2%80%ae", "%7f"];
            ("control characters", vec![spoiled(dice, &stray, &code, &state)])
        }
        Flaw::Brackets => {
            let name = dice.one_of(&["state[]", "state[a]", "state.0", "%5B%5Dstate", "state%00"]);
            ("a name with brackets, as for a list", vec![code, state.replacen("state", name, 1)])
        }
        Flaw::StraySeparators => {
            let separator = dice.one_of(&["&&&", ";", "&=&", "&;&", "?", "&amp;", "|", "\\"]);
            ("stray separators", vec![format!("{separator}{code}{separator}{state}{separator}=")])
        }
        Flaw::UnaskedTokens => ("tokens that nobody asked for", vec![code, state, unasked_tokens(dice, login)]),
        Flaw::WrongContentType => return wrong_content_type(dice, &code, &state, login),
        Flaw::BrokenBody => return broken_body(dice, &code, &state),
    };
    Parts { flaw, text: parameters.join("&"), content_type: None }
}

fn encoded(value: &str) -> String {
    byte_serialize(value.as_bytes()).collect()
}

/// A parameter with one letter of its value more, less or changed.
fn damaged(dice: &Dice, parameter: &str) -> String {
    let without_last = &parameter[..parameter.len() - 1];
    match dice.below(3) {
        0 => without_last.to_owned(),
        1 => format!("{parameter}{}", dice.one_of(&["A", "%20", "%00", ".", "%e2%80%8b"])),
        _ => format!("{without_last}{}", if parameter.ends_with('A') { 'B' } else { 'A' }),
    }
}

/// Code and state, one of the two with a stray piece at its end or in its name.
fn spoiled(dice: &Dice, pieces: &[&str], code: &str, state: &str) -> String {
    let piece = dice.one_of(pieces);
    match dice.below(4) {
        0 => format!("{code}{piece}&{state}"),
        1 => format!("{code}&{state}{piece}"),
        2 => format!("{code}&{state}&{piece}=1"),
        _ => format!("{piece}&{code}&{state}"),
    }
}

fn invented_code(dice: &Dice) -> String {
    match dice.below(5) {
        0 => dice.value(),
        1 => "0".to_owned(),
        2 => encoded(&format!("1.{}/../..//'\"<>&", dice.value())),
        3 => encoded("{\"code\":null}"),
        _ => encoded(&"ß∂ƒ🔑".repeat(1 + dice.below(20))),
    }
}

/// An error name from outside the registries. Errors that say "the provider is ill" are left out: an app may answer them with 503.
fn strange_error(dice: &Dice) -> String {
    match dice.below(4) {
        0 => String::new(),
        1 => dice.value(),
        2 => "null".to_owned(),
        _ => encoded("<b>&\"'\r\n"),
    }
}

/// What the implicit flow would send: an ID token without a signature, for an account of the attacker's choice.
fn unasked_tokens(dice: &Dice, login: &Login) -> String {
    let part = |value: serde_json::Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let claims = json!({
        "aud": login.parameter("client_id"),
        "nonce": login.parameter("nonce"),
        "oid": dice.value(), "tid": dice.value(), "sub": dice.value(), "name": "Somebody",
        "roles": ["Policy.Admin"], "iat": 1, "exp": 4_000_000_000_u64,
    });
    let id_token = format!("{}.{}.", part(json!({ "alg": "none", "typ": "JWT" })), part(claims));
    format!("id_token={id_token}&access_token={}&token_type=Bearer", dice.value())
}

fn wrong_content_type(dice: &Dice, code: &str, state: &str, login: &Login) -> Parts {
    let content_type = match dice.below(6) {
        0 => None,
        1 => Some("text/plain"),
        2 => Some("application/xml"),
        3 => Some("multipart/form-data"),
        4 => Some("application/x-www-form-urlencoded; charset=utf-16"),
        _ => Some("application/json"),
    };
    let text = match content_type {
        Some("application/json") => json!({ "code": dice.value(), "state": login.state() }).to_string(),
        _ => format!("{code}&{state}"),
    };
    Parts { flaw: "a body of the wrong type", text, content_type: Some(content_type) }
}

fn broken_body(dice: &Dice, code: &str, state: &str) -> Parts {
    let (content_type, text) = match dice.below(4) {
        0 => ("application/json", "[".repeat(2_000)),
        1 => ("multipart/form-data; boundary=x", format!("--x\r\nContent-Disposition: form-data; name=\"state\"\r\n\r\n{state}")),
        2 => ("application/x-www-form-urlencoded", format!("\u{0}{code}\n{state}\r\n\r\nGET / HTTP/1.1\r\n")),
        _ => ("application/x-www-form-urlencoded;;;=", format!("{code}&{state}")),
    };
    Parts { flaw: "a body that breaks its own rules", text, content_type: Some(Some(content_type)) }
}

#[cfg(test)]
mod tests {
    use mock_idp::testing::browser::Accept;
    use url::Url;

    use super::*;

    fn request(address: &str) -> Request {
        Request::typed(Url::parse(address).expect("an address"), Accept::Html)
    }

    fn all(seed: u64) -> Vec<String> {
        let login = Login { request: request("http://localhost:1/authorize?state=s1&nonce=n1&client_id=c1") };
        let dice = Dice::new(Entropy::seeded(seed));
        let made = FLAWS.iter().map(|flaw| callback(&dice, *flaw, request("http://localhost:2/getAToken"), &login, "s2").request);
        made.map(|request| format!("{request:?}")).collect()
    }

    #[test]
    fn a_seed_repeats_every_callback_and_another_makes_others() {
        assert_eq!(all(7), all(7));
        assert!(all(7).iter().zip(all(8)).filter(|(one, other)| *one != other).count() > FLAWS.len() / 2);
    }

    #[test]
    fn what_is_no_utf_8_stays_so_on_its_way() {
        let login = Login { request: request("http://localhost:1/authorize?state=s1&response_mode=query") };
        let dice = Dice::new(Entropy::seeded(1));
        let made = (0..20).map(|_| callback(&dice, Flaw::NotUtf8, request("http://localhost:2/getAToken"), &login, "s2").request);
        let queries: Vec<String> = made.filter_map(|request| request.url.query().map(str::to_owned)).collect();
        assert!(!queries.is_empty() && queries.iter().all(|query| ["%ff", "%C3", "%ED", "%80"].iter().any(|bytes| query.contains(bytes))));
    }
}
