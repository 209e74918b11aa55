//! The document around every page of the portal: top bar, menu, breadcrumb, heading, footer.

mod section;
mod top_bar;

use maud::{DOCTYPE, Markup, html};

use super::{assets, icon::Icon, theme::Theme};
use crate::{
    directory::user::User,
    html::{ICON_PATH, outside_text},
};
pub use section::Section;
use top_bar::{brand, help_link, top_bar};

/// A page, without what is around all of them.
#[derive(Debug, Clone)]
pub struct Page {
    section: Section,
    title: String,
    heading: Markup,
    /// What the trail calls the page: less than the heading, where the page above names the thing already.
    crumb: Markup,
    kind: Option<&'static str>,
    also_called: Option<&'static str>,
    trail: Vec<(String, String)>,
    actions: Option<Markup>,
    menu: Option<Markup>,
    body: Markup,
}

impl Page {
    /// A page whose heading is its title. The title may hold text from outside.
    pub fn new(section: Section, title: impl Into<String>) -> Self {
        let title = title.into();
        let heading = outside_text(&title);
        Self {
            section,
            crumb: heading.clone(),
            heading,
            title,
            kind: None,
            also_called: None,
            trail: vec![],
            actions: None,
            menu: None,
            body: html! {},
        }
    }

    /// A page about one part of a thing: "claims-portal | Authentication".
    pub fn part(section: Section, thing: &str, part: &str) -> Self {
        let heading =
            html! { (outside_text(thing)) span class="part" { span aria-hidden="true" { " | " } span class="vh" { ", " } (part) } };
        Self { heading, crumb: html! { (part) }, ..Self::new(section, format!("{thing}, {part}")) }
    }

    /// The first page about a thing, headed by its name alone.
    pub fn overview(section: Section, thing: &str) -> Self {
        Self { heading: outside_text(thing), crumb: outside_text(thing), ..Self::new(section, format!("{thing}, Overview")) }
    }

    /// The badge beside the heading: the kind of thing that this is.
    pub fn kind(mut self, kind: &'static str) -> Self {
        self.kind = Some(kind);
        self
    }

    /// Under which names older books and screenshots know the page.
    pub fn also_called(mut self, names: &'static str) -> Self {
        self.also_called = Some(names);
        self
    }

    /// Adds a page above this one, below its section: name and address.
    pub fn under(mut self, name: impl Into<String>, path: impl Into<String>) -> Self {
        self.trail.push((name.into(), path.into()));
        self
    }

    /// The command bar.
    pub fn actions(mut self, actions: Markup) -> Self {
        self.actions = Some(actions);
        self
    }

    /// The menu of the thing that the page is about.
    pub fn menu(mut self, menu: Markup) -> Self {
        self.menu = Some(menu);
        self
    }

    /// What the page says.
    pub fn body(mut self, body: Markup) -> Self {
        self.body = body;
        self
    }
}

/// What is around all pages in one request.
#[derive(Debug)]
pub struct Frame<'a> {
    /// The tenant's display name.
    pub tenant_name: &'a str,
    /// Who is signed in.
    pub user: &'a User,
    /// The session's token.
    pub csrf: &'a str,
    /// The colours.
    pub theme: Theme,
    /// Path and query of the page, to come back to.
    pub path: &'a str,
    /// What was done just before.
    pub notice: Option<&'a str>,
}

/// The whole document of a page.
pub fn document(frame: &Frame<'_>, page: Page) -> Markup {
    let title = format!("{} - {} practice directory", page.title, frame.tenant_name);
    let content = html! {
        (breadcrumb(&page))
        div class="title" { h1 { (page.heading) } @if let Some(kind) = page.kind { span class="badge" { (kind) } } }
        @if let Some(names) = page.also_called { p class="also" { "Also called: " (names) } }
        // The region is there before the sentence, so that it is announced.
        div role="status" class="status" { @if let Some(notice) = frame.notice { p class="notice" { (Icon::Tick) (outside_text(notice)) } } }
        @if let Some(actions) = &page.actions { div class="cmd" role="group" aria-label="Actions" { (actions) } }
        @match &page.menu {
            Some(menu) => div class="blade" { (menu) div class="stack" { (page.body) } },
            None => div class="stack" { (page.body) },
        }
    };
    let body = html! {
        (top_bar(frame))
        div class="shell" {
            (side_menu(page.section))
            main id="main" tabindex="-1" { (content) }
        }
        (footer())
    };
    skeleton(&title, frame.theme, body)
}

/// A document for somebody who is not signed in: no menu, no account.
pub fn bare(heading: &str, body: Markup) -> Markup {
    outside(heading, Theme::Auto, None, html! { h1 { (heading) } (body) })
}

/// A document in a single card.
pub fn outside(title: &str, theme: Theme, top: Option<Markup>, body: Markup) -> Markup {
    skeleton(
        &format!("{title} - practice directory"),
        theme,
        html! {
            header class="bar" { (brand("Practice portal", None)) div class="tools" { (help_link()) @if let Some(top) = top { (top) } } }
            main id="main" class="alone" tabindex="-1" { div class="card sheet" { (body) } }
            (footer())
        },
    )
}

fn skeleton(title: &str, theme: Theme, body: Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" data-theme=[theme.attribute()] {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (plain(title)) }
                link rel="icon" href=(ICON_PATH) type="image/svg+xml";
                link rel="stylesheet" href=(assets::stylesheet_path());
                script src=(assets::script_path()) defer {}
            }
            body {
                a class="skip" href="#main" { "Skip to content" }
                (body)
                div class="vh" role="status" id="copied" {}
            }
        }
    }
}

/// A title cannot isolate the direction of a name inside it (there is no markup in it), so the marks that turn text around are left out.
fn plain(title: &str) -> String {
    let turns =
        |character: char| matches!(character, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    title.chars().filter(|character| !character.is_control() && !turns(*character)).collect()
}

fn side_menu(current: Section) -> Markup {
    html! {
        div class="side" {
            nav aria-label="Directory" {
                @for section in Section::MENU {
                    a href=(section.path()) aria-current=[(section == current).then_some("page")] { (section.icon()) (section.name()) }
                }
            }
        }
    }
}

fn breadcrumb(page: &Page) -> Markup {
    // The first page of a section is not below itself.
    let own = (page.title != page.section.name()).then_some(page.section);
    let home = (page.section != Section::Home || own.is_some()).then_some(Section::Home);
    let sections = home.into_iter().chain(own.filter(|section| *section != Section::Home));
    let above = sections.map(|section| (section.name().to_owned(), section.path().to_owned())).chain(page.trail.iter().cloned());
    html! {
        nav class="crumbs" aria-label="Breadcrumb" {
            ol {
                @for (name, path) in above { li { a href=(path) { (outside_text(&name)) } } }
                li aria-current="page" { (page.crumb) }
            }
        }
    }
}

fn footer() -> Markup {
    html! {
        footer class="foot" {
            p { "A practice directory. It is not Microsoft, and nothing here reaches the internet. Never type a real password or secret." }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rendered(name: &str) -> String {
        let user = User::member("u", "olga@abc.example", "Olga <b>Admin");
        let frame = Frame {
            tenant_name: "ABC Insurance",
            user: &user,
            csrf: "token",
            theme: Theme::Dark,
            path: "/portal/apps",
            notice: Some("Done."),
        };
        document(&frame, Page::part(Section::AppRegistrations, name, "App roles").under("claims-portal", "/portal/apps/1")).into_string()
    }

    #[test]
    fn the_frame_looks_as_it_did() {
        let document = rendered("claims-portal");
        let document = document.replace(&assets::stylesheet_path(), "[stylesheet]").replace(&assets::script_path(), "[script]");
        insta::assert_snapshot!(document.replace("><", ">\n<"));
    }

    #[test]
    fn a_hostile_name_stays_text() {
        let document = rendered("</title><script>alert(1)</script>\u{202e}");
        assert_eq!(document.matches("<script").count(), 1, "ours, in the head");
        assert!(
            document.contains(
                "<title>&lt;/title&gt;&lt;script&gt;alert(1)&lt;/script&gt;, App roles - ABC Insurance practice directory</title>"
            )
        );
    }

    #[test]
    fn a_page_of_the_portal_is_named_by_what_it_shows() {
        assert!(rendered("claims-portal").contains("<title>claims-portal, App roles - ABC Insurance practice directory</title>"));
    }
}
