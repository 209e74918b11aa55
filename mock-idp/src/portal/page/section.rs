//! The parts of the portal, as its menu names them.

use crate::portal::icon::Icon;

/// The entry of the left menu that a page belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Section {
    /// What is yours.
    Home,
    /// Where apps are defined.
    AppRegistrations,
    /// Where apps are used: assignments and consent.
    EnterpriseApps,
    /// People.
    Users,
    /// Groups of people.
    Groups,
    /// None of them.
    Help,
}

impl Section {
    /// Those in the menu, in its order.
    pub(super) const MENU: [Self; 5] = [Self::Home, Self::AppRegistrations, Self::EnterpriseApps, Self::Users, Self::Groups];

    /// The words in the menu and in breadcrumbs.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Home => "Home",
            Self::AppRegistrations => "App registrations",
            Self::EnterpriseApps => "Enterprise apps",
            Self::Users => "Users",
            Self::Groups => "Groups",
            Self::Help => "Help",
        }
    }

    /// The address of its first page.
    pub const fn path(self) -> &'static str {
        match self {
            Self::Home => "/portal",
            Self::AppRegistrations => "/portal/apps",
            Self::EnterpriseApps => "/portal/enterprise-apps",
            Self::Users => "/portal/users",
            Self::Groups => "/portal/groups",
            Self::Help => "/portal/help",
        }
    }

    pub(super) const fn icon(self) -> Icon {
        match self {
            Self::Home => Icon::House,
            Self::AppRegistrations => Icon::Tiles,
            Self::EnterpriseApps => Icon::Building,
            Self::Users => Icon::Person,
            Self::Groups => Icon::People,
            Self::Help => Icon::Book,
        }
    }
}
