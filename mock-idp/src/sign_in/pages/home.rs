//! The front page of the mock: what runs here and where to find it.

use maud::{Markup, html};

use crate::html::{BOOK, layout, outside_text};

/// What the front page shows.
#[derive(Debug, Clone)]
pub struct HomePage {
    /// The origin that the request came to, `http://localhost:8400`.
    pub origin: String,
    /// The origin of the https listener, when there is one.
    pub https_origin: Option<String>,
    /// The tenants of the directory.
    pub tenants: Vec<HomeTenant>,
    /// The applications registered in them.
    pub applications: Vec<HomeApplication>,
}

/// A tenant on the front page.
#[derive(Debug, Clone)]
pub struct HomeTenant {
    /// Its display name.
    pub name: String,
    /// Its id, the first path segment of its endpoints.
    pub id: String,
    /// Its default domain.
    pub domain: String,
    /// The address of its OpenID Connect metadata.
    pub discovery_url: String,
}

/// A registered application on the front page.
#[derive(Debug, Clone)]
pub struct HomeApplication {
    /// Its display name.
    pub name: String,
    /// Its application (client) id.
    pub app_id: String,
    /// The display name of its tenant.
    pub tenant: String,
}

/// Renders the page.
pub fn render(page: &HomePage) -> Markup {
    layout::document(
        "Home",
        html! {
            div class="home" {
                h1 { "Practice identity provider" }
                p class="lead" {
                    "A stand-in for the Microsoft identity platform and Microsoft Graph. It runs on this computer and "
                    "needs no internet."
                }
                (addresses(page))
                (tenants(&page.tenants))
                (applications(&page.applications))
            }
        },
    )
}

fn addresses(page: &HomePage) -> Markup {
    html! {
        section class="panel" aria-labelledby="addresses" {
            h2 id="addresses" { "What runs here" }
            dl class="facts" {
                div {
                    dt { "Sign-in" }
                    dd { code { (page.origin) } }
                    @if let Some(https_origin) = &page.https_origin {
                        dd { code { (https_origin) } " for SDKs that insist on https" }
                    }
                }
                div { dt { "Microsoft Graph" } dd { code { (page.origin) "/graph/v1.0" } } }
                div {
                    dt { "Control API" }
                    dd { code { (page.origin) "/mock" } }
                    dd { "For tests. Every request needs the header " code { "Mock-Control: 1" } "." }
                }
                div {
                    dt { "Book" }
                    dd { a href=(BOOK) { (BOOK) } " while " code { "cargo xtask start" } " runs" }
                }
                div {
                    dt { "Practice portal" }
                    dd { a href="/portal" { (page.origin) "/portal" } }
                    dd { "Register apps, make secrets, assign roles." }
                }
            }
        }
    }
}

fn tenants(tenants: &[HomeTenant]) -> Markup {
    html! {
        section class="panel" aria-labelledby="tenants" {
            h2 id="tenants" { "Tenants" }
            @for tenant in tenants {
                h3 { (outside_text(&tenant.name)) }
                dl class="facts" {
                    div { dt { "Directory (tenant) ID" } dd { code { (outside_text(&tenant.id)) } } }
                    div { dt { "Domain" } dd { code { (outside_text(&tenant.domain)) } } }
                    div { dt { "Discovery" } dd { a href=(tenant.discovery_url) { (tenant.discovery_url) } } }
                }
            }
        }
    }
}

fn applications(applications: &[HomeApplication]) -> Markup {
    html! {
        section class="panel" aria-labelledby="applications" {
            h2 id="applications" { "Applications" }
            @if applications.is_empty() {
                p { "No application is registered yet. Unit 3 of the book registers the first one." }
            }
            @for application in applications {
                h3 { (outside_text(&application.name)) }
                dl class="facts" {
                    div { dt { "Application (client) ID" } dd { code { (outside_text(&application.app_id)) } } }
                    div { dt { "Registered in" } dd { (outside_text(&application.tenant)) } }
                }
            }
        }
    }
}
