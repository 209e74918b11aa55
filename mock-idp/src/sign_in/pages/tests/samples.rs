//! Each page with sample data.

use maud::Markup;

use super::super::{
    FormTarget,
    account_picker::{self, AccountPicker, AccountTile, HiddenMatches},
    consent::{self, AdminConsent, AdminRequiredPage, ConsentPage, Permission, Publisher},
    error::{self, ErrorPage, Explanation, Fix},
    error_code::{self, Cause, ErrorCodePage},
    form_post,
    home::{self, HomeApplication, HomePage, HomeTenant},
    password::{self, PasswordPage},
    refused_form::{self, RefusedFormPage},
    sign_out_picker::{self, SignOutPicker, SignedInAccount},
    signed_out::{self, SignedOutPage},
    username::{self, UsernamePage},
};

const ADA: &str = "ada.adjuster@abc-insurance.example";

/// Whether the names are those of the course, or chosen by somebody who means harm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Voice {
    Friendly,
    Hostile,
}

impl Voice {
    /// A text from outside, which a hostile voice bends.
    fn says(self, text: &str) -> String {
        match self {
            Self::Friendly => text.to_owned(),
            Self::Hostile => format!(
                "{text}\"'><script>alert(1)</script><b style=\"color:red\" onclick='x()'>&amp;</b>\u{202e}drow\u{200f} 🧾{}",
                "Wide".repeat(30)
            ),
        }
    }
}

fn target(action: &str) -> FormTarget {
    FormTarget { action: action.to_owned(), interaction: "interaction-1".to_owned(), csrf: "csrf-1".to_owned() }
}

/// Every page in its variants, each under a name of its own.
pub(crate) fn every_page(voice: Voice) -> Vec<(&'static str, Markup)> {
    let mut pages = sign_in_pages(voice);
    pages.extend(consent_pages(voice));
    pages.extend(closing_pages(voice));
    pages
}

fn account(voice: Voice, name: &str, user_principal_name: &str, roles: &[&str], is_signed_in: bool) -> AccountTile {
    AccountTile {
        display_name: voice.says(name),
        user_principal_name: voice.says(user_principal_name),
        roles: roles.iter().map(|role| voice.says(role)).collect(),
        is_signed_in,
    }
}

fn sign_in_pages(voice: Voice) -> Vec<(&'static str, Markup)> {
    let picker = |accounts: Vec<AccountTile>, search: &str, hidden_matches| AccountPicker {
        app_name: voice.says("claims-portal"),
        tenant_name: voice.says("ABC Insurance"),
        accounts,
        search: if search.is_empty() { String::new() } else { voice.says(search) },
        hidden_matches: HiddenMatches::Exactly(hidden_matches),
        search_action: "/abc-insurance.example/login".to_owned(),
        target: target("/abc-insurance.example/login"),
    };
    let accounts = vec![
        account(voice, "Ada Adjuster", ADA, &["Claims.Adjuster"], true),
        account(voice, "Dana Both", "dana.both@abc-insurance.example", &["Claims.Adjuster", "Client"], false),
        account(voice, "Nils Norole", "nils.norole@abc-insurance.example", &[], false),
    ];
    let username = |username: &str, error: Option<&str>| UsernamePage {
        app_name: voice.says("claims-portal"),
        username: voice.says(username),
        error: error.map(|error| voice.says(error)),
        target: target("/abc-insurance.example/login/username"),
    };
    let password = |error: Option<&str>| PasswordPage {
        app_name: voice.says("claims-portal"),
        username: voice.says(ADA),
        error: error.map(|error| voice.says(error)),
        target: target("/abc-insurance.example/login/password"),
    };
    vec![
        ("account_picker", account_picker::render(&picker(accounts.clone(), "", 251))),
        ("account_picker_search", account_picker::render(&picker(accounts, "a", 1))),
        ("account_picker_no_match", account_picker::render(&picker(Vec::new(), "zoe", 0))),
        ("account_picker_empty_directory", account_picker::render(&picker(Vec::new(), "", 0))),
        ("username", username::render(&username("", None))),
        (
            "username_error",
            username::render(&username(
                "zoe@abc-insurance.example",
                Some("AADSTS50034: The user account zoe@abc-insurance.example does not exist in the ABC Insurance directory."),
            )),
        ),
        ("password", password::render(&password(None))),
        (
            "password_error",
            password::render(&password(Some("AADSTS50126: Error validating credentials due to invalid username or password."))),
        ),
    ]
}

fn consent_pages(voice: Voice) -> Vec<(&'static str, Markup)> {
    let permission = |text: &str, description: &str| Permission { text: voice.says(text), description: voice.says(description) };
    let consent = |admin, publisher| ConsentPage {
        app_name: voice.says("claims-portal"),
        username: voice.says(ADA),
        publisher,
        permissions: vec![
            permission(
                "Sign you in and read your profile",
                "Allows you to sign in to the app and lets the app read your profile. (User.Read)",
            ),
            permission(
                "Maintain access to data you have given it access to",
                "Lets the app see and update the data even when you are not using it. (offline_access)",
            ),
        ],
        admin,
        target: target("/abc-insurance.example/consent"),
    };
    let admin_required = AdminRequiredPage {
        app_name: voice.says("claims-portal"),
        username: voice.says(ADA),
        permissions: vec![permission(
            "Read all users' full profiles",
            "Allows the app to read the full set of profile properties. (User.Read.All)",
        )],
        target: target("/abc-insurance.example/consent"),
    };
    vec![
        ("consent_user", consent::render(&consent(AdminConsent::Hidden, Publisher::Verified(voice.says("ABC Insurance"))))),
        ("consent_admin", consent::render(&consent(AdminConsent::Offered, Publisher::Unverified))),
        ("admin_required", consent::render_admin_required(&admin_required)),
    ]
}

fn closing_pages(voice: Voice) -> Vec<(&'static str, Markup)> {
    let registered = "http://localhost:5000/getAToken";
    let error = |received: &str, expected: &[&str]| ErrorPage {
        heading: "Sign in".to_owned(),
        code: 50011,
        message: voice.says(&format!(
            "The redirect URI '{received}' specified in the request does not match the redirect URIs configured for the \
             application '6f1c2c1e-9d0b-4b52-8a57-3f7d1e0c4a21'."
        )),
        request_id: "0e2f5a6b-7c1d-4e3f-9a8b-1c2d3e4f5a6b".to_owned(),
        correlation_id: voice.says("5b4a3c2d-1e0f-4a9b-8c7d-6e5f4a3b2c1d"),
        timestamp: "2026-03-02 09:30:00Z".to_owned(),
        explanation: Some(Explanation {
            expected: expected.iter().map(|&value| value.to_owned()).collect(),
            not_listed: 2,
            received: voice.says(received),
            remedy: voice.says("Send one of the registered redirect URIs, or register the one that was sent."),
            fix: Some(Fix {
                text: "Open the app's Authentication page",
                href: "/portal/apps/6f1c2c1e-9d0b-4b52-8a57-3f7d1e0c4a21/authentication".to_owned(),
            }),
        }),
    };
    let plain_error = ErrorPage { explanation: None, ..error(registered, &[]) };
    let fields = [("code", voice.says("1.AXkAkHpPLT4b")), ("state", voice.says("af0ifjsldkj")), ("session_state", voice.says("9f8e"))];
    let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let signed_in = |name: &str, user_principal_name: &str| SignedInAccount {
        display_name: voice.says(name),
        user_principal_name: voice.says(user_principal_name),
    };
    vec![
        ("form_post", form_post::render(registered, &fields)),
        ("error", error::render(&error("http://localhost:5000/getatoken", &[registered]))),
        (
            "error_several_expected",
            error::render(&error("http://localhost:5000/getAToken/", &["https://claims.abc-insurance.example/signed-in", registered])),
        ),
        ("error_nothing_received", error::render(&ErrorPage { code: 900_144, ..error("", &[registered]) })),
        ("error_without_explanation", error::render(&plain_error)),
        (
            "error_code",
            error_code::render(&error_code_page(&voice.says("500113"), Some("No reply address is registered for the application."))),
        ),
        ("error_code_unknown", error_code::render(&error_code_page(&voice.says("1"), None))),
        (
            "signed_out",
            signed_out::render(&SignedOutPage {
                accounts: vec![voice.says(ADA)],
                front_channel: vec![(voice.says("claims-portal"), true), (voice.says("policy-desk"), false)],
                return_link: Some(registered.to_owned()),
            }),
        ),
        (
            "signed_out_without_session",
            signed_out::render(&SignedOutPage { accounts: Vec::new(), front_channel: Vec::new(), return_link: None }),
        ),
        (
            "sign_out_picker",
            sign_out_picker::render(&SignOutPicker {
                accounts: vec![signed_in("Ada Adjuster", ADA), signed_in("Dana Both", "dana.both@abc-insurance.example")],
                target: target("/abc-insurance.example/oauth2/v2.0/logout"),
            }),
        ),
        (
            "refused_form",
            refused_form::render(&RefusedFormPage {
                title: "This sign-in is over",
                reason: "This sign-in page is no longer valid.",
                remedy: "Go back to the app and sign in again.",
            }),
        ),
        ("home", home::render(&home_page(voice, true))),
        ("home_without_application", home::render(&home_page(voice, false))),
    ]
}

fn error_code_page(asked: &str, message: Option<&str>) -> ErrorCodePage {
    let cause = |message: &str| Cause { error: "invalid_request", status: 400, message: message.to_owned() };
    ErrorCodePage { asked: asked.to_owned(), causes: message.map(cause).into_iter().collect() }
}

fn home_page(voice: Voice, has_application: bool) -> HomePage {
    let tenant = |name: &str, id: &str, domain: &str| HomeTenant {
        name: voice.says(name),
        id: id.to_owned(),
        domain: voice.says(domain),
        discovery_url: format!("http://localhost:8400/{id}/v2.0/.well-known/openid-configuration"),
    };
    let application = HomeApplication {
        name: voice.says("claims-portal"),
        app_id: "6f1c2c1e-9d0b-4b52-8a57-3f7d1e0c4a21".to_owned(),
        tenant: voice.says("ABC Insurance"),
    };
    HomePage {
        origin: "http://localhost:8400".to_owned(),
        https_origin: has_application.then(|| "https://localhost:8443".to_owned()),
        tenants: vec![
            tenant("ABC Insurance", "2d4f7a90-1b3c-4e5d-8f60-a1b2c3d4e5f6", "abc-insurance.example"),
            tenant("Fabrikam", "7c1e5a36-9d24-4b8f-a0c7-3e5f1b2d6a48", "fabrikam.example"),
        ],
        applications: if has_application { vec![application] } else { Vec::new() },
    }
}
