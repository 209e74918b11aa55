//! "Permissions requested": the person, or an administrator, grants what the app asks for.

use maud::{Markup, html};

use super::FormTarget;
use crate::html::{layout, outside_text};

/// What the consent page shows.
#[derive(Debug, Clone)]
pub struct ConsentPage {
    /// The display name of the app that asks.
    pub app_name: String,
    /// The account that is asked.
    pub username: String,
    /// Who is known to have made the app.
    pub publisher: Publisher,
    /// What the app asks for.
    pub permissions: Vec<Permission>,
    /// Whether the account may also consent for everybody.
    pub admin: AdminConsent,
    /// Where the answer is sent.
    pub target: FormTarget,
}

/// Who is known to have made an app. The mock verifies nobody, unless a directory file says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Publisher {
    /// Anybody could have registered the app under this name.
    Unverified,
    /// The `verifiedPublisher.displayName` of the registration.
    Verified(String),
}

/// One permission, in the words of its consent texts (`userConsentDisplayName`, `userConsentDescription`).
#[derive(Debug, Clone)]
pub struct Permission {
    /// What the app may do, as a short line.
    pub text: String,
    /// The same at more length, shown when the line is opened.
    pub description: String,
}

/// Whether the page offers "Consent on behalf of your organization".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AdminConsent {
    /// The account has no right to consent for others.
    Hidden,
    /// An administrator may tick the box (`name="on_behalf"`).
    Offered,
}

/// What the page shows to an account that may not grant the permissions.
#[derive(Debug, Clone)]
pub struct AdminRequiredPage {
    /// The display name of the app that asks.
    pub app_name: String,
    /// The account that may not consent.
    pub username: String,
    /// What the app asks for.
    pub permissions: Vec<Permission>,
    /// Where the button back to the app is sent.
    pub target: FormTarget,
}

/// Renders the consent page. Its buttons are `name="consent"` with `accept` and `cancel`.
pub fn render(page: &ConsentPage) -> Markup {
    layout::document(
        "Permissions requested",
        html! {
            div class="card" {
                p class="account" { (outside_text(&page.username)) }
                h1 { "Permissions requested" }
                p class="app" {
                    strong { (outside_text(&page.app_name)) } " "
                    @match &page.publisher {
                        Publisher::Unverified => span class="badge warn" { "unverified" },
                        Publisher::Verified(name) => span class="badge" { "by " (outside_text(name)) },
                    }
                }
                p { "This app would like to:" }
                (permission_list(&page.permissions))
                (page.target.form(html! {
                    @if page.admin == AdminConsent::Offered { (on_behalf()) }
                    p class="note" {
                        "Accept only if you trust this app: it can then use your data as listed above. "
                        @if page.publisher == Publisher::Unverified {
                            "“Unverified” means that nobody has checked who made it."
                        }
                    }
                    div class="actions" {
                        button class="button" type="submit" name="consent" value="cancel" { "Cancel" }
                        button class="button primary" type="submit" name="consent" value="accept" { "Accept" }
                    }
                }))
            }
        },
    )
}

/// Renders "Need admin approval" (AADSTS90094). Its button goes back to the app as a cancelled consent.
pub fn render_admin_required(page: &AdminRequiredPage) -> Markup {
    layout::document(
        "Need admin approval",
        html! {
            div class="card" {
                p class="account" { (outside_text(&page.username)) }
                h1 { "Need admin approval" }
                p class="app" { strong { (outside_text(&page.app_name)) } }
                p {
                    "This app asks for permissions that only an administrator can grant. Ask an administrator to grant "
                    "them before you use the app:"
                }
                (permission_list(&page.permissions))
                p class="code-line" {
                    "AADSTS90094: An administrator has set a policy that prevents you from granting "
                    (outside_text(&page.app_name)) " the permissions it is requesting. Contact an administrator who can "
                    "grant permissions to this application on your behalf."
                }
                (page.target.form(html! {
                    div class="actions" {
                        button class="button primary" type="submit" name="consent" value="cancel" {
                            "Return to the app"
                        }
                    }
                }))
            }
        },
    )
}

fn permission_list(permissions: &[Permission]) -> Markup {
    html! {
        ul class="permissions" {
            @for permission in permissions {
                li {
                    details {
                        summary { (outside_text(&permission.text)) }
                        p { (outside_text(&permission.description)) }
                    }
                }
            }
        }
    }
}

fn on_behalf() -> Markup {
    html! {
        div class="check" {
            input id="on-behalf" type="checkbox" name="on_behalf" value="1" aria-describedby="on-behalf-hint";
            label for="on-behalf" { "Consent on behalf of your organization" }
            p class="hint" id="on-behalf-hint" {
                "If you tick this, nobody else in the organization is asked about these permissions."
            }
        }
    }
}
