//! The page "Add Assignment".

use maud::{Markup, html};

use super::{
    super::{
        super::{
            icon::Icon,
            inputs::csrf_field,
            listing::any_holds,
            mistakes::Mistakes,
            page::{Page, Section},
            principal::Principal,
            values::{Callout, callout},
            visit::Visit,
        },
        app::{EnterpriseApp, Home},
    },
    Choice, offered,
};
use crate::{directory::assignment::DEFAULT_ACCESS, html::outside_text};

/// So many users, and so many groups, are offered at once.
const OFFERED: usize = 20;

/// The page with what was chosen so far.
pub fn page(visit: &Visit, app: &EnterpriseApp, choice: &Choice, mistakes: &Mistakes) -> Page {
    let back = app.path("users-and-groups");
    let page = Page::new(Section::EnterpriseApps, "Add Assignment")
        .under(app.name.as_str(), app.path(""))
        .under("Users and groups", back.as_str());
    page.body(html! {
        (mistakes.summary())
        form class="stack" method="post" action=(app.path("users-and-groups/add")) {
            (csrf_field(&visit.session.csrf))
            (users_and_groups(visit, choice, mistakes))
            (roles(app, choice, mistakes))
            div class="submit" {
                button class="btn fill" type="submit" name="go" value="assign" { "Assign" }
                a class="btn line" href=(back) { "Cancel" }
            }
        }
    })
}

fn users_and_groups(visit: &Visit, choice: &Choice, mistakes: &Mistakes) -> Markup {
    let mistake = mistakes.of("principals");
    html! {
        fieldset class="card group" id="principals" aria-describedby=[mistake.map(|_| "principals-mistake")] {
            legend class="vh" { "Users and groups" }
            header { h2 { "Users and groups" } span class="badge" { (selected(choice)) } }
            @if let Some(mistake) = mistake { p class="pad mistake" id="principals-mistake" { "Error: " (outside_text(mistake)) } }
            @if !choice.principals.is_empty() {
                ul class="pad ticks" aria-label="Selected" { @for principal in &choice.principals { li { (tick(principal, Ticked::Yes)) } } }
            }
            div class="filters" {
                div class="field" {
                    label for="q" { "Search users and groups" }
                    input id="q" type="search" name="q" value=(choice.words) dir="auto" autocomplete="off" spellcheck="false" data-filter="found";
                }
                button class="btn line" type="submit" name="go" value="search" { (Icon::Lens) "Search" }
                @if !choice.words.is_empty() { button class="btn" type="submit" name="go" value="show-all" { "Show all" } }
            }
            (found(visit, choice))
        }
    }
}

fn selected(choice: &Choice) -> String {
    match choice.principals.len() {
        0 => "None Selected".to_owned(),
        many => format!("{many} selected"),
    }
}

/// Whether a box is ticked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ticked {
    Yes,
    No,
}

fn tick(principal: &Principal, ticked: Ticked) -> Markup {
    html! {
        label class="tick" {
            input type="checkbox" name="principal" value=(principal.id) checked[ticked == Ticked::Yes];
            span {
                (outside_text(&principal.name)) " " span class="badge" { (principal.kind_name()) }
                small { (outside_text(&principal.detail)) }
            }
        }
    }
}

/// Users and groups that match the words and are not selected yet.
fn found(visit: &Visit, choice: &Choice) -> Markup {
    let words = choice.words.to_lowercase();
    let is_new = |id: &str| !choice.principals.iter().any(|it| it.id == id);
    let directory = &visit.directory;
    let users = directory.users.iter().filter(|it| is_new(&it.id) && any_holds(&[&it.display_name, &it.user_principal_name], &words));
    let groups = directory.groups.iter().filter(|it| is_new(&it.id) && any_holds(&[&it.display_name], &words));
    let users: Vec<&str> = users.map(|user| user.id.as_str()).take(OFFERED + 1).collect();
    let groups: Vec<&str> = groups.map(|group| group.id.as_str()).take(OFFERED + 1).collect();
    let more = users.len() > OFFERED || groups.len() > OFFERED;
    let shown = groups.iter().take(OFFERED).chain(users.iter().take(OFFERED));
    let shown: Vec<Principal> = shown.filter_map(|id| Principal::find(directory, id)).collect();
    html! {
        @if shown.is_empty() { p class="empty" { "No further user or group matches. Search for fewer letters, or show all." } }
        @else {
            ul class="pad ticks" id="found" aria-label="Users and groups to select" {
                @for principal in &shown { li { (tick(principal, Ticked::No)) } }
            }
            div class="pad row" {
                button class="btn line" type="submit" name="go" value="select" { "Select" }
                @if more { span class="note" { "There are more than these. Search for a name to find others." } }
            }
        }
    }
}

fn roles(app: &EnterpriseApp, choice: &Choice, mistakes: &Mistakes) -> Markup {
    let mistake = mistakes.of("role");
    let offered = offered(app);
    let nothing_defined = app.roles().is_empty() && app.home != Home::Microsoft;
    html! {
        fieldset class="card group" id="role" aria-describedby=[mistake.map(|_| "role-mistake")] {
            legend class="vh" { "Select a role" }
            header { h2 { "Select a role" } @if choice.role.is_empty() && !nothing_defined { span class="badge" { "None Selected" } } }
            @if let Some(mistake) = mistake { p class="pad mistake" id="role-mistake" { "Error: " (outside_text(mistake)) } }
            div class="pad" {
                @if nothing_defined {
                    (radio(DEFAULT_ACCESS, Ticked::Yes, html! { "Default Access" small { "The app defines no roles, so an assignment carries none." } }))
                } @else if offered.is_empty() {
                    (callout(Callout::Warning, html! {
                        p {
                            "Every role of this app is disabled, or for applications only. Enable one under "
                            a href={ "/portal/apps/" (app.app_id()) "/roles" } { "App roles" } "."
                        }
                    }))
                }
                @for role in &offered {
                    @let ticked = if role.id == choice.role { Ticked::Yes } else { Ticked::No };
                    (radio(&role.id, ticked, html! {
                        (outside_text(&role.display_name)) @if let Some(value) = &role.value { " " code { (outside_text(value)) } }
                        small { (outside_text(&role.description)) }
                    }))
                }
            }
        }
    }
}

fn radio(value: &str, ticked: Ticked, label: Markup) -> Markup {
    html! {
        label class="tick" { input type="radio" name="role" value=(value) checked[ticked == Ticked::Yes]; span { (label) } }
    }
}
