//! An enterprise app: a service principal together with what is known of its registration.

use maud::{Markup, html};

use super::super::{
    icon::Icon,
    page::{Page, Section},
    visit::{Instead, Visit},
};
use crate::directory::{
    application::{AppRole, Application},
    directory_role::Action,
    microsoft_graph::GRAPH_APP_ID,
    refusal::Refusal,
    service_principal::ServicePrincipal,
};

/// The path of the list.
pub const APPS: &str = "/portal/enterprise-apps";

/// An app as one tenant uses it.
#[derive(Debug, Clone)]
pub struct EnterpriseApp {
    /// The app's object in this tenant.
    pub principal: ServicePrincipal,
    /// What people call it.
    pub name: String,
    /// The registration, if it can be found.
    pub application: Option<Application>,
    /// Where it is registered.
    pub home: Home,
}

/// Where an app comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Home {
    /// Registered in this tenant.
    Here,
    /// Registered in another one.
    Elsewhere,
    /// Made by Microsoft.
    Microsoft,
}

impl EnterpriseApp {
    /// The app with this service principal.
    pub fn of(visit: &Visit, principal: ServicePrincipal) -> Self {
        let here = visit.directory.application(&principal.app_id).cloned();
        let elsewhere = || visit.tenants().home_of(&principal.app_id)?.application(&principal.app_id).cloned();
        let home = match (&here, principal.app_id.as_str()) {
            (Some(_), _) => Home::Here,
            (None, GRAPH_APP_ID) => Home::Microsoft,
            (None, _) => Home::Elsewhere,
        };
        let application = here.or_else(elsewhere);
        let name = match (&application, home) {
            (Some(application), _) => application.display_name.clone(),
            (None, Home::Microsoft) => "Microsoft Graph".to_owned(),
            (None, _) => principal.app_id.clone(),
        };
        Self { principal, name, application, home }
    }

    /// The app whose service principal has this object id.
    ///
    /// # Errors
    /// The page that says that there is none; it knows the ids that are mixed up with this one.
    pub fn find(visit: &Visit, id: &str) -> Result<Self, Instead> {
        if let Some(principal) = visit.directory.service_principals.get(id) {
            return Ok(Self::of(visit, principal.clone()));
        }
        let registration = visit.directory.applications.get(id).or_else(|| visit.directory.application(id));
        let meant = registration.and_then(|application| Some((application, visit.directory.service_principal(&application.app_id)?)));
        Err(visit.not_found(
            Section::EnterpriseApps,
            "enterprise app",
            html! {
                @if let Some((application, principal)) = meant {
                    p {
                        "The id in the address is one of the app registration “" (application.display_name) "”. Its enterprise app has another one: "
                        a href={ (APPS) "/" (principal.id) } { "open the enterprise app" } "."
                    }
                }
                p { a href=(APPS) { "See all enterprise apps" } }
            },
        ))
    }

    /// The application (client) id.
    pub fn app_id(&self) -> &str {
        &self.principal.app_id
    }

    /// The address of one of the app's pages; "" is the overview.
    pub fn path(&self, page: &str) -> String {
        let separator = if page.is_empty() { "" } else { "/" };
        format!("{APPS}/{}{separator}{page}", self.principal.id)
    }

    /// The roles that can be assigned.
    pub fn roles(&self) -> &[AppRole] {
        self.application.as_ref().map_or(&[], |application| &application.app_roles)
    }

    /// Who made the app, in a word or two.
    pub const fn made_by(&self) -> &'static str {
        match self.home {
            Home::Here => "This directory",
            Home::Elsewhere => "Another directory",
            Home::Microsoft => "Microsoft",
        }
    }

    /// Why the visitor may not do this to the app; `None` if she may.
    pub fn obstacle(&self, visit: &Visit, action: Action) -> Option<String> {
        if self.home == Home::Microsoft && action != Action::ReadDirectory {
            return Some("This app belongs to Microsoft. Nothing can be changed or assigned here.".to_owned());
        }
        if visit.directory.may(&visit.user, action, Some(&self.principal.id)) {
            return None;
        }
        let roles: Vec<&str> = action.roles().iter().map(|role| role.name()).collect();
        let by_owners = if action == Action::GrantTenantWideConsent { "" } else { " The owners of the app may, too." };
        Some(format!("You may look at this, and not change it: that needs one of the directory roles {}.{by_owners}", roles.join(", ")))
    }

    /// The page for a change that the directory refused although the page had offered it: something changed in between.
    pub fn refused(&self, visit: &Visit, refusal: &Refusal) -> Instead {
        match refusal {
            Refusal::NotKept(error) => visit.not_kept(Section::EnterpriseApps, error),
            refusal => visit.forbidden(Section::EnterpriseApps, &refusal.to_string()),
        }
    }

    /// One of the app's pages: with the app's menu, under its overview.
    pub fn page(&self, part: Part) -> Page {
        let page = match part {
            Part::Overview => Page::overview(Section::EnterpriseApps, &self.name),
            _ => Page::part(Section::EnterpriseApps, &self.name, part.name()).under(self.name.as_str(), self.path("")),
        };
        page.kind("Enterprise app").menu(self.menu(part))
    }

    fn menu(&self, current: Part) -> Markup {
        html! {
            nav class="subnav" aria-label="Enterprise app" {
                @for part in Part::MENU {
                    a href=(self.path(part.segment())) aria-current=[(part == current).then_some("page")] { (part.name()) }
                }
                @if self.home == Home::Here {
                    h2 { "Defined elsewhere" }
                    a href={ "/portal/apps/" (self.app_id()) } { "App registration" }
                    a href={ "/portal/apps/" (self.app_id()) "/roles" } { "App roles" }
                }
            }
        }
    }
}

/// A page of an enterprise app.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Its ids.
    Overview,
    /// Who is assigned.
    UsersAndGroups,
    /// How it may be used.
    Properties,
    /// What was consented to.
    Permissions,
}

impl Part {
    const MENU: [Self; 4] = [Self::Overview, Self::UsersAndGroups, Self::Properties, Self::Permissions];

    const fn name(self) -> &'static str {
        match self {
            Self::Overview => "Overview",
            Self::UsersAndGroups => "Users and groups",
            Self::Properties => "Properties",
            Self::Permissions => "Permissions",
        }
    }

    const fn segment(self) -> &'static str {
        match self {
            Self::Overview => "",
            Self::UsersAndGroups => "users-and-groups",
            Self::Properties => "properties",
            Self::Permissions => "permissions",
        }
    }
}

/// A link that looks like a button, or, for who may not, a button that is off and says why.
pub fn action(href: &str, icon: Icon, label: &str, obstacle: Option<&str>) -> Markup {
    html! {
        @match obstacle {
            None => a class="btn" href=(href) { (icon) (label) },
            Some(_) => button class="btn" type="button" disabled aria-describedby="obstacle" { (icon) (label) },
        }
    }
}

/// The sentence to which the buttons that are off refer.
pub fn obstacle_note(obstacle: Option<&str>) -> Markup {
    html! { @if let Some(reason) = obstacle { p class="callout warn" id="obstacle" { (reason) } } }
}
