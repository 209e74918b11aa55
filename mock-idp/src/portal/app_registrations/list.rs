//! GET /portal/apps: the app registrations of the tenant, those of one's own, and the deleted ones.

use axum::{Router, extract::Query, response::Response, routing::get};
use maud::{Markup, html};
use serde::Deserialize;
use time::OffsetDateTime;

use super::{Part, SECTION};
use crate::{
    directory::{
        application::Application,
        deleted_item::{DeletedApplication, KEPT},
        directory_role::Action,
        entries::Index,
    },
    html::outside_text,
    portal::{
        PortalState,
        icon::Icon,
        page::Page,
        values::{copy_button, day, table},
        visit::{Instead, Visit, encoded},
    },
};

/// So many apps are listed; a search finds the others.
const SHOWN: usize = 100;

/// The route.
pub fn routes() -> Router<PortalState> {
    Router::new().route("/portal/apps", get(list))
}

#[derive(Debug, Default, Deserialize)]
struct Asked {
    tab: Option<String>,
    q: Option<String>,
}

/// The tabs of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tab {
    All,
    Owned,
    Deleted,
}

impl Tab {
    const ALL: [Self; 3] = [Self::All, Self::Owned, Self::Deleted];

    /// The one that is asked for: all apps, as a search from the top bar means them, unless another one is named.
    fn asked(asked: &Asked) -> Self {
        Self::ALL.into_iter().find(|tab| asked.tab.as_deref() == Some(tab.value())).unwrap_or(Self::All)
    }

    const fn value(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Owned => "owned",
            Self::Deleted => "deleted",
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::All => "All applications",
            Self::Owned => "Owned applications",
            Self::Deleted => "Deleted applications",
        }
    }
}

async fn list(visit: Visit, Query(asked): Query<Asked>) -> Result<Response, Instead> {
    let (tab, words) = (Tab::asked(&asked), asked.q.as_deref().unwrap_or_default());
    if tab != Tab::Owned {
        visit.require(Action::ReadDirectory, None, SECTION)?;
    }
    let register = visit.right(Action::RegisterApplication, None);
    let rows = match tab {
        Tab::All => registered(&visit, visit.directory.applications.iter(), words),
        Tab::Owned => registered(&visit, visit.directory.applications.by(Index::Owner, &visit.user.id), words),
        Tab::Deleted => deleted(&visit, words),
    };
    let body = html! {
        section class="card" aria-label=(tab.name()) {
            (tabs(tab, words))
            (search(tab, words))
            (rows)
        }
    };
    let page = Page::new(SECTION, SECTION.name())
        .also_called("Identity > Applications > App registrations; Azure Active Directory > App registrations")
        .actions(html! {
            (register.link("", Icon::Plus, "New registration", "/portal/apps/new"))
            (register.note())
        })
        .body(body);
    Ok(visit.show(page))
}

fn tabs(current: Tab, words: &str) -> Markup {
    html! {
        nav class="tabs" aria-label="Which applications" {
            @for tab in Tab::ALL {
                a href={ "/portal/apps?" (encoded(&[("tab", tab.value()), ("q", words)])) } aria-current=[(tab == current).then_some("page")] {
                    (tab.name())
                }
            }
        }
    }
}

fn search(tab: Tab, words: &str) -> Markup {
    html! {
        form class="filters" role="search" action="/portal/apps" aria-label="In this list" {
            input type="hidden" name="tab" value=(tab.value());
            div class="field" {
                label for="words" { "Display name or application ID" }
                input id="words" type="search" name="q" value=(words) dir="auto" autocomplete="off" spellcheck="false" data-filter="apps";
            }
            button class="btn line" type="submit" { "Search" }
        }
    }
}

fn matches(app: &Application, words: &str) -> bool {
    let words = words.trim().to_lowercase();
    words.is_empty()
        || app.display_name.to_lowercase().contains(&words)
        || app.app_id.eq_ignore_ascii_case(&words)
        || app.id.eq_ignore_ascii_case(&words)
}

fn registered<'a>(visit: &Visit, apps: impl Iterator<Item = &'a Application>, words: &str) -> Markup {
    let mut found = apps.filter(|app| matches(app, words));
    let shown: Vec<&Application> = found.by_ref().take(SHOWN).collect();
    let hidden = found.count();
    if shown.is_empty() {
        return empty(
            words,
            html! {
                "No app is registered here yet. " a href="/portal/apps/new" { "Register an application" } " to begin."
            },
        );
    }
    let rows = html! {
        @for app in shown {
            tr {
                th scope="row" { a href=(Part::Overview.path(app)) { (outside_text(&app.display_name)) } }
                td { code { (app.app_id) } (copy_button("Application (client) ID", &app.app_id)) }
                td { (created(app)) }
                td { (secrets(app, visit.now)) }
            }
        }
    };
    html! {
        (listing(&["Display name", "Application (client) ID", "Created on", "Certificates & secrets"], rows))
        @if hidden > 0 { p class="pad note" { (hidden) " more are not shown. Search for a name to find one." } }
    }
}

/// The rows get the id that the filter knows.
fn listing(columns: &[&str], rows: Markup) -> Markup {
    let table = table("Applications", columns, rows).into_string();
    maud::PreEscaped(table.replacen("<tbody>", "<tbody id=\"apps\">", 1))
}

fn created(app: &Application) -> String {
    let written = app.other_properties.get("createdDateTime").and_then(|value| value.as_str()).unwrap_or_default();
    written.split('T').next().filter(|day| !day.is_empty()).unwrap_or("-").to_owned()
}

fn secrets(app: &Application, now: OffsetDateTime) -> Markup {
    let current = app.password_credentials.iter().filter(|secret| secret.is_current(now)).count();
    html! {
        @match (app.password_credentials.len(), current) {
            (0, _) => "-",
            (_, 0) => span class="badge bad" { "Expired" },
            _ => span class="badge ok" { (Icon::Tick) "Current" },
        }
    }
}

fn deleted(visit: &Visit, words: &str) -> Markup {
    let is_shown = |it: &&DeletedApplication| it.is_restorable(visit.now) && matches(&it.application, words);
    let found: Vec<&DeletedApplication> = visit.directory.deleted_applications.iter().filter(is_shown).take(SHOWN).collect();
    if found.is_empty() {
        return empty(words, html! { "Nothing was deleted in the last 30 days." });
    }
    let rows = html! {
        @for item in found {
            @let path = format!("/portal/apps/{}", item.application.app_id);
            tr {
                th scope="row" { (outside_text(&item.application.display_name)) }
                td { code { (item.application.app_id) } }
                td { (day(item.deleted_date_time)) }
                td { (day(item.deleted_date_time + KEPT)) }
                td class="act" {
                    a class="btn sm line" href={ (path) "/restore" } { (Icon::Restore) "Restore app registration" }
                    " " a class="btn sm danger" href={ (path) "/purge" } { (Icon::Bin) "Delete permanently" }
                }
            }
        }
    };
    listing(&["Display name", "Application (client) ID", "Deleted on", "Deleted for good on", "Actions"], rows)
}

fn empty(words: &str, when_all: Markup) -> Markup {
    html! {
        p class="empty" {
            @if words.is_empty() { (when_all) } @else { "Nothing matches “" (outside_text(words)) "”. Empty the field and search again to see all." }
        }
    }
}
