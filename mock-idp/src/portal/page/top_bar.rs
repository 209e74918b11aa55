//! The bar at the top of every page: whose directory it is, search, help, colours, and who is signed in.

use maud::{Markup, PreEscaped, html};

use super::Frame;
use crate::{
    directory::user::User,
    html::{ICON, outside_text},
    portal::{icon::Icon, inputs::csrf_field},
};

/// The sign and the name of the place, which lead home.
pub fn brand(name: &str, kind: Option<&str>) -> Markup {
    html! {
        a class="brand" href="/portal" {
            (PreEscaped(ICON.trim_end()))
            span { (outside_text(name)) @if let Some(kind) = kind { " " small { (kind) } } }
        }
    }
}

/// The bar of those who are signed in.
pub fn top_bar(frame: &Frame<'_>) -> Markup {
    html! {
        header class="top" {
            div class="bar" {
                (brand(frame.tenant_name, Some("practice directory")))
                form class="find" role="search" action="/portal/apps" {
                    label {
                        (Icon::Lens) span class="vh" { "Search app registrations" }
                        input type="search" name="q" placeholder="Search app registrations";
                    }
                }
                div class="tools" { (help_link()) (theme_switch(frame)) (account(frame)) }
            }
            div class="strip" {
                (Icon::Lock)
                span { "Everything here stays on this computer. The steps and names match the real admin center, so what you practise carries over." }
            }
        }
    }
}

/// On every page, in the same place (WCAG 2.2, 3.2.6).
pub fn help_link() -> Markup {
    html! { a class="chip" href="/portal/help" { (Icon::Book) "Help" } }
}

fn theme_switch(frame: &Frame<'_>) -> Markup {
    html! {
        form method="post" action="/portal/theme" {
            (csrf_field(frame.csrf))
            input type="hidden" name="return" value=(frame.path);
            button class="chip" type="submit" name="theme" value=(frame.theme.next().name()) {
                (Icon::Moon) span class="vh" { "Theme: " } span class="long" { (frame.theme.name()) }
                span class="vh" { ". Switch to " (frame.theme.next().name()) }
            }
        }
    }
}

fn account(frame: &Frame<'_>) -> Markup {
    let User { display_name, user_principal_name, directory_roles, .. } = frame.user;
    html! {
        details class="account" {
            summary {
                span class="avatar" aria-hidden="true" { (initials(display_name)) }
                span class="vh" { "Account: " } span class="long" { (outside_text(display_name)) }
            }
            div class="card" {
                p { strong { (outside_text(display_name)) } br; (outside_text(user_principal_name)) }
                p class="note" {
                    @if directory_roles.is_empty() { "No directory role: can look, and register apps of her own." }
                    @for (index, role) in directory_roles.iter().enumerate() { @if index > 0 { ", " } (outside_text(role)) }
                }
                form method="post" action="/portal/sign-out" {
                    (csrf_field(frame.csrf))
                    button class="btn line" type="submit" { "Sign out" }
                }
            }
        }
    }
}

fn initials(name: &str) -> String {
    name.split_whitespace()
        .filter_map(|word| word.chars().find(|letter| letter.is_alphanumeric()))
        .take(2)
        .flat_map(char::to_uppercase)
        .collect()
}
