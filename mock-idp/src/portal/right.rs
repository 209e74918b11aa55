//! What the person at the portal may do, and how a page says that she may not: the control is there, disabled, with the reason.

use maud::{Markup, html};

use super::{
    icon::Icon,
    page::Section,
    visit::{Instead, Visit},
};
use crate::directory::directory_role::{Action, DirectoryRole};

/// Whether the person may do something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Right {
    /// She may.
    Held,
    /// She may not, for this reason.
    Missing(String),
}

impl Visit {
    /// Whether the person may do this; `on` is the object id of the application or enterprise app.
    pub fn right(&self, action: Action, on: Option<&str>) -> Right {
        if self.directory.may(&self.user, action, on) { Right::Held } else { Right::Missing(reason(action)) }
    }

    /// Goes on only if the person may do this.
    ///
    /// # Errors
    /// The page that refuses (403).
    pub fn require(&self, action: Action, on: Option<&str>, section: Section) -> Result<(), Instead> {
        match self.right(action, on) {
            Right::Held => Ok(()),
            Right::Missing(reason) => Err(self.forbidden(section, &reason)),
        }
    }
}

impl Right {
    /// A link in a command bar, or a disabled button of the same name.
    pub fn link(&self, class: &str, icon: Icon, words: &str, path: &str) -> Markup {
        html! {
            @match self {
                Self::Held => a class={ "btn " (class) } href=(path) { (icon) (words) },
                Self::Missing(_) => button class={ "btn " (class) } type="button" disabled aria-describedby="why-not" { (icon) (words) },
            }
        }
    }

    /// The button that sends a form.
    pub fn submit(&self, class: &str, words: &str) -> Markup {
        html! { button class={ "btn " (class) } type="submit" disabled[*self != Self::Held]
        aria-describedby=[(*self != Self::Held).then_some("why-not")] { (words) } }
    }

    /// The reason, once a page.
    pub fn note(&self) -> Markup {
        html! { @if let Self::Missing(reason) = self { p class="callout" id="why-not" { (Icon::Lock) (reason) } } }
    }
}

fn reason(action: Action) -> String {
    let may = match action {
        Action::ReadDirectory => "Your account may not read the directory: it is a guest's.",
        Action::RegisterApplication => "Your account may not register applications.",
        Action::ManageApplication => "Your account may look at this app registration, but not change it: you are not one of its owners.",
        Action::ManageServicePrincipal => "Your account may look at this enterprise app, but not change it.",
        Action::AssignAppRole => "Your account may not assign users and groups to this app.",
        Action::GrantTenantWideConsent => "Your account may not grant admin consent for the whole tenant.",
        Action::GrantGraphAppRole => "Your account may not give an app permissions of Microsoft Graph of its own.",
        Action::ManageUsers => "Your account may not change users.",
        Action::ManageGroups => "Your account may not change groups.",
        Action::ManageDirectoryRoles => "Your account may not give directory roles to anybody or take them away.",
        Action::ReadSignInLog => "Your account may not read the sign-in log.",
    };
    let roles: Vec<&str> = action.roles().iter().map(|role: &DirectoryRole| role.name()).collect();
    format!("{may} It takes one of these directory roles: {}.", roles.join(", "))
}
