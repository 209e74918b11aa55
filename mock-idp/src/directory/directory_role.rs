//! What a user may do in the directory: by a directory role, as an owner, or because every member may.
//! Sources: Microsoft Entra, "Microsoft Entra built-in roles"; "What are the default user permissions in Microsoft Entra ID?".

use super::{
    Directory,
    user::{User, UserType},
};

/// A built-in directory role that the mock acts on. Any other name is kept and gives nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are those of \"Microsoft Entra built-in roles\"")]
pub enum DirectoryRole {
    GlobalAdministrator,
    GlobalReader,
    ApplicationAdministrator,
    CloudApplicationAdministrator,
    ApplicationDeveloper,
    PrivilegedRoleAdministrator,
    UserAdministrator,
    GroupsAdministrator,
    DirectoryReaders,
    DirectoryWriters,
    ReportsReader,
    SecurityReader,
    SecurityAdministrator,
}

impl DirectoryRole {
    /// All of them.
    pub const ALL: [Self; 13] = [
        Self::GlobalAdministrator,
        Self::GlobalReader,
        Self::ApplicationAdministrator,
        Self::CloudApplicationAdministrator,
        Self::ApplicationDeveloper,
        Self::PrivilegedRoleAdministrator,
        Self::UserAdministrator,
        Self::GroupsAdministrator,
        Self::DirectoryReaders,
        Self::DirectoryWriters,
        Self::ReportsReader,
        Self::SecurityReader,
        Self::SecurityAdministrator,
    ];

    /// The role's display name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::GlobalAdministrator => "Global Administrator",
            Self::GlobalReader => "Global Reader",
            Self::ApplicationAdministrator => "Application Administrator",
            Self::CloudApplicationAdministrator => "Cloud Application Administrator",
            Self::ApplicationDeveloper => "Application Developer",
            Self::PrivilegedRoleAdministrator => "Privileged Role Administrator",
            Self::UserAdministrator => "User Administrator",
            Self::GroupsAdministrator => "Groups Administrator",
            Self::DirectoryReaders => "Directory Readers",
            Self::DirectoryWriters => "Directory Writers",
            Self::ReportsReader => "Reports Reader",
            Self::SecurityReader => "Security Reader",
            Self::SecurityAdministrator => "Security Administrator",
        }
    }

    /// The id of the role's template, the same in every tenant. "Microsoft Entra built-in roles", column "Template ID".
    pub const fn template_id(self) -> &'static str {
        match self {
            Self::GlobalAdministrator => "62e90394-69f5-4237-9190-012177145e10",
            Self::GlobalReader => "f2ef992c-3afb-46b9-b7cf-a126ee74c451",
            Self::ApplicationAdministrator => "9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3",
            Self::CloudApplicationAdministrator => "158c047a-c907-4556-b7ef-446551a6b5f7",
            Self::ApplicationDeveloper => "cf1c38e5-3621-4004-a7cb-879624dced7c",
            Self::PrivilegedRoleAdministrator => "e8611ab8-c189-46e8-94e1-60213ab1f814",
            Self::UserAdministrator => "fe930be7-5e62-47db-91af-98c3a49a38b1",
            Self::GroupsAdministrator => "fdd7a751-b60b-444a-984c-02652fe8fa1c",
            Self::DirectoryReaders => "88d8e3e3-8f55-4a1e-953a-9b9898b8876b",
            Self::DirectoryWriters => "9360feb5-f418-4baa-8175-e2a00bac4301",
            Self::ReportsReader => "4a5d8f65-41da-4de4-8968-e035b65339cf",
            Self::SecurityReader => "5d6b6bb7-de71-4623-b4af-96380a352509",
            Self::SecurityAdministrator => "194ae4cb-b126-40b2-bd5b-6091b380977d",
        }
    }

    /// The role with this template.
    pub fn of_template(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.template_id().eq_ignore_ascii_case(id))
    }

    /// What the role is for, in words of our own.
    pub const fn description(self) -> &'static str {
        match self {
            Self::GlobalAdministrator => "Does everything in the tenant.",
            Self::GlobalReader => "Sees everything that a Global Administrator sees, and changes nothing.",
            Self::ApplicationAdministrator => "Registers and manages all applications and enterprise apps.",
            Self::CloudApplicationAdministrator => {
                "Registers and manages all applications and enterprise apps, the application proxy apart."
            }
            Self::ApplicationDeveloper => "Registers applications even where ordinary users may not.",
            Self::PrivilegedRoleAdministrator => "Decides who holds which directory role.",
            Self::UserAdministrator => "Creates and manages users and groups.",
            Self::GroupsAdministrator => "Creates and manages groups and their settings.",
            Self::DirectoryReaders => "Reads the basic data of the directory.",
            Self::DirectoryWriters => "Reads and writes the basic data of the directory.",
            Self::ReportsReader => "Reads the sign-in and audit logs.",
            Self::SecurityReader => "Reads security settings and reports.",
            Self::SecurityAdministrator => "Manages security settings and reads security reports.",
        }
    }

    /// The role of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name().eq_ignore_ascii_case(name))
    }
}

/// Something that not everybody may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Read users, groups and applications, also those that are not one's own.
    ReadDirectory,
    /// Register an application.
    RegisterApplication,
    /// Change or delete an application, its secrets, owners and roles.
    ManageApplication,
    /// Change or delete an enterprise app.
    ManageServicePrincipal,
    /// Assign users and groups to an application.
    AssignAppRole,
    /// Consent to delegated permissions for everybody.
    GrantTenantWideConsent,
    /// Give an application permissions of Microsoft Graph of its own.
    GrantGraphAppRole,
    /// Create, change and delete users.
    ManageUsers,
    /// Create, change and delete groups and their members.
    ManageGroups,
    /// Give directory roles to users and take them away.
    ManageDirectoryRoles,
    /// Read the sign-in log.
    ReadSignInLog,
}

impl Action {
    /// The directory roles of which one is needed, least first, for the sentence that refuses.
    pub const fn roles(self) -> &'static [DirectoryRole] {
        use DirectoryRole as Role;
        match self {
            Self::ReadDirectory => &[
                Role::DirectoryReaders,
                Role::DirectoryWriters,
                Role::GlobalReader,
                Role::ApplicationDeveloper,
                Role::ApplicationAdministrator,
                Role::CloudApplicationAdministrator,
                Role::UserAdministrator,
                Role::GroupsAdministrator,
                Role::PrivilegedRoleAdministrator,
                Role::GlobalAdministrator,
            ],
            Self::RegisterApplication => &[
                Role::ApplicationDeveloper,
                Role::CloudApplicationAdministrator,
                Role::ApplicationAdministrator,
                Role::GlobalAdministrator,
            ],
            Self::ManageApplication | Self::ManageServicePrincipal => {
                &[Role::CloudApplicationAdministrator, Role::ApplicationAdministrator, Role::GlobalAdministrator]
            }
            Self::AssignAppRole => &[
                Role::UserAdministrator,
                Role::DirectoryWriters,
                Role::CloudApplicationAdministrator,
                Role::ApplicationAdministrator,
                Role::PrivilegedRoleAdministrator,
                Role::GlobalAdministrator,
            ],
            Self::GrantTenantWideConsent => &[
                Role::CloudApplicationAdministrator,
                Role::ApplicationAdministrator,
                Role::PrivilegedRoleAdministrator,
                Role::GlobalAdministrator,
            ],
            Self::GrantGraphAppRole | Self::ManageDirectoryRoles => &[Role::PrivilegedRoleAdministrator, Role::GlobalAdministrator],
            Self::ManageUsers => &[Role::UserAdministrator, Role::GlobalAdministrator],
            Self::ManageGroups => &[Role::GroupsAdministrator, Role::UserAdministrator, Role::DirectoryWriters, Role::GlobalAdministrator],
            Self::ReadSignInLog => {
                &[Role::ReportsReader, Role::SecurityReader, Role::GlobalReader, Role::SecurityAdministrator, Role::GlobalAdministrator]
            }
        }
    }
}

impl Directory {
    /// Whether `user` may do this. `on` is the object id of the application, or of its service principal, where the action has one:
    /// its owners may do with it what its administrators may.
    ///
    /// Departs from Entra: an enterprise app has no owners of its own; those of its registration count.
    pub fn may(&self, user: &User, action: Action, on: Option<&str>) -> bool {
        let holds = |name: &String| DirectoryRole::named(name).is_some_and(|role| action.roles().contains(&role));
        if !user.account_enabled {
            return false;
        }
        user.directory_roles.iter().any(holds) || may_by_default(user, action) || on.is_some_and(|id| self.owner_may(user, action, id))
    }

    fn owner_may(&self, user: &User, action: Action, id: &str) -> bool {
        let of_principal = || self.service_principals.get(id).and_then(|principal| self.application(&principal.app_id));
        let owns = self.applications.get(id).or_else(of_principal).is_some_and(|application| application.owners.contains(&user.id));
        owns && matches!(action, Action::ManageApplication | Action::ManageServicePrincipal | Action::AssignAppRole)
    }
}

/// What a user may do without a role. "Compare member and guest default permissions": a member reads the directory and registers
/// applications, a guest does neither.
fn may_by_default(user: &User, action: Action) -> bool {
    user.user_type == UserType::Member && matches!(action, Action::ReadDirectory | Action::RegisterApplication)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{directory::application::Application, random::Entropy};
    use time::macros::datetime;

    fn user(roles: &[&str]) -> User {
        User { directory_roles: roles.iter().map(|&role| role.to_owned()).collect(), ..User::member("u", "u@abc-insurance.example", "U") }
    }

    #[test]
    fn a_role_is_found_by_its_template_and_by_its_name() {
        for role in DirectoryRole::ALL {
            assert!(crate::random::is_guid(role.template_id()), "{role:?}");
            assert_eq!(DirectoryRole::of_template(&role.template_id().to_uppercase()), Some(role));
            assert_eq!(DirectoryRole::named(&role.name().to_lowercase()), Some(role));
        }
    }

    #[test]
    fn a_role_gives_what_the_table_of_roles_says() {
        let directory = Directory::abc_insurance();
        let may = |roles: &[&str], action| directory.may(&user(roles), action, None);
        assert!(may(&["Global Administrator"], Action::ManageUsers));
        assert!(may(&["Application Administrator"], Action::ManageApplication));
        assert!(!may(&["Application Developer"], Action::ManageApplication));
        assert!(!may(&["Application Administrator"], Action::GrantGraphAppRole));
        assert!(may(&["Privileged Role Administrator"], Action::ManageDirectoryRoles));
        assert!(!may(&["User Administrator"], Action::ManageDirectoryRoles) && !may(&[], Action::ManageDirectoryRoles));
        assert!(may(&["User Administrator"], Action::AssignAppRole) && !may(&["User Administrator"], Action::ManageApplication));
        assert!(!may(&[], Action::GrantTenantWideConsent) && !may(&["Fire Warden"], Action::ManageGroups));
    }

    #[test]
    fn a_member_registers_applications_and_manages_her_own_and_a_guest_does_not() {
        let mut directory = Directory::abc_insurance();
        let member = user(&[]);
        let application = Application { owners: vec![member.id.clone()], ..Application::web("x", "http://localhost/") };
        let own = directory.create_application(application, datetime!(2026-11-25 09:00 UTC), &Entropy::seeded(1)).expect("sound");
        assert!(directory.may(&member, Action::RegisterApplication, None));
        assert!(directory.may(&member, Action::ManageApplication, Some(&own.id)));
        assert!(!directory.may(&member, Action::ManageApplication, None));
        let stranger = User { id: "other".to_owned(), ..member.clone() };
        assert!(!directory.may(&stranger, Action::ManageApplication, Some(&own.id)));
        let guest = User { user_type: UserType::Guest, id: "guest".to_owned(), ..member.clone() };
        assert!(!directory.may(&guest, Action::RegisterApplication, None) && !directory.may(&guest, Action::ReadDirectory, None));
        let principal = directory.ensure_service_principal(&own.app_id).id.clone();
        assert!(directory.may(&member, Action::AssignAppRole, Some(&principal)));
        let disabled = User { account_enabled: false, ..member };
        assert!(!directory.may(&disabled, Action::RegisterApplication, None));
    }
}
