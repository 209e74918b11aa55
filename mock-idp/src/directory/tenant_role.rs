//! The directory roles of a tenant as Graph's `directoryRole`: which are activated, who holds them, and giving and taking them.
//! Sources: Microsoft Graph v1.0, "directoryRole resource type", "List directoryRoles", "Add directory role member", "Remove directory
//! role member".

use super::{Directory, directory_role::DirectoryRole, entries::Index, refusal::Refusal};
use crate::random::derived_guid;

/// A directory role as an object of a tenant. It is activated as long as somebody holds it.
///
/// Departs from Entra: there a role is activated by a call of its own, and stays so when the last holder loses it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TenantRole {
    /// The object id, which every tenant has for itself.
    pub id: String,
    /// The name that people see.
    pub display_name: String,
    /// The built-in role, if it is one that the mock acts on.
    pub built_in: Option<DirectoryRole>,
}

impl Directory {
    /// The roles that somebody holds, in the order of their names.
    pub fn activated_roles(&self) -> Vec<TenantRole> {
        self.users.values(Index::DirectoryRole).iter().map(|name| self.role_as_held(name)).collect()
    }

    /// The role with this object id, if it is activated or built in.
    ///
    /// # Errors
    /// [`Refusal::NotFound`].
    pub fn tenant_role(&self, id: &str) -> Result<TenantRole, Refusal> {
        let built_in = DirectoryRole::ALL.into_iter().map(|role| self.role_named(role.name()));
        let found = built_in.chain(self.activated_roles()).find(|role| role.id.eq_ignore_ascii_case(id));
        found.ok_or_else(|| Refusal::NotFound(id.to_owned()))
    }

    /// Whether somebody holds the role.
    pub fn is_activated(&self, role: &TenantRole) -> bool {
        self.holders_of_role(&role.display_name).next().is_some()
    }

    /// The role of this name as an object of the tenant, whether or not somebody holds it. One role has one id, however its name is
    /// spelled.
    pub fn role_named(&self, name: &str) -> TenantRole {
        let built_in = DirectoryRole::named(name);
        let display_name = built_in.map_or_else(|| name.to_owned(), |role| role.name().to_owned());
        TenantRole { id: derived_guid(&[self.tenant_id(), "directoryRole", &display_name]), display_name, built_in }
    }

    /// Gives a role to a user. `name` is its display name.
    ///
    /// # Errors
    /// [`Refusal::NotFound`] for the user, [`Refusal::AlreadyMember`].
    pub fn add_role_member(&mut self, name: &str, user_id: &str) -> Result<(), Refusal> {
        let user = self.user_by_id(user_id)?;
        if user.directory_roles.iter().any(|held| held.eq_ignore_ascii_case(name)) {
            return Err(Refusal::AlreadyMember);
        }
        let id = user.id.clone();
        self.users.edit(&id, |user| user.directory_roles.push(name.to_owned()));
        Ok(())
    }

    /// Takes a role from a user.
    ///
    /// # Errors
    /// [`Refusal::NotFound`] for a user who does not hold it.
    pub fn remove_role_member(&mut self, name: &str, user_id: &str) -> Result<(), Refusal> {
        let is_it = |held: &String| held.eq_ignore_ascii_case(name);
        let id = match self.user(user_id) {
            Some(user) if user.directory_roles.iter().any(is_it) => user.id.clone(),
            _ => return Err(Refusal::NotFound(user_id.to_owned())),
        };
        self.users.edit(&id, |user| user.directory_roles.retain(|held| !is_it(held)));
        Ok(())
    }

    /// The role with this name in lower case, spelled as its first holder has it unless it is built in.
    fn role_as_held(&self, name: &str) -> TenantRole {
        let holder = self.holders_of_role(name).next();
        let held = holder.and_then(|user| user.directory_roles.iter().find(|held| held.to_lowercase() == name));
        self.role_named(held.map_or(name, String::as_str))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ADA: &str = "ada.adjuster@abc-insurance.example";

    fn ada(directory: &Directory) -> String {
        directory.user_by_principal_name(ADA).expect("in the seed").id.clone()
    }

    fn names(directory: &Directory) -> Vec<String> {
        directory.activated_roles().into_iter().map(|role| role.display_name).collect()
    }

    #[test]
    fn a_role_is_activated_while_somebody_holds_it() {
        let mut directory = Directory::abc_insurance();
        let ada = ada(&directory);
        assert_eq!(names(&directory), ["Global Administrator"]);
        assert_eq!(directory.add_role_member("Reports Reader", &ada), Ok(()));
        assert_eq!(names(&directory), ["Global Administrator", "Reports Reader"]);
        let reader = directory.role_named("reports reader");
        assert_eq!(directory.tenant_role(&reader.id.to_uppercase()), Ok(reader.clone()));
        assert!(directory.is_activated(&reader));
        assert_eq!(directory.remove_role_member("reports reader", &ada), Ok(()));
        assert!(!directory.is_activated(&reader) && names(&directory) == ["Global Administrator"]);
    }

    #[test]
    fn a_role_has_one_id_however_its_name_is_spelled_and_another_in_each_tenant() {
        let mut directory = Directory::abc_insurance();
        let ada = ada(&directory);
        directory.users.edit(&ada, |user| user.directory_roles = vec!["GLOBAL administrator".to_owned(), "Fire Warden".to_owned()]);
        assert_eq!(names(&directory), ["Fire Warden", "Global Administrator"]);
        let role = directory.role_named("GLOBAL administrator");
        assert_eq!((role.display_name.as_str(), role.built_in), ("Global Administrator", Some(DirectoryRole::GlobalAdministrator)));
        assert_ne!(role.id, Directory::fabrikam().role_named("Global Administrator").id);
        let warden = directory.role_named("Fire Warden");
        assert_eq!((warden.built_in, directory.tenant_role(&warden.id)), (None, Ok(warden.clone())));
        directory.users.edit(&ada, |user| user.directory_roles.clear());
        assert_eq!(directory.tenant_role(&warden.id), Err(Refusal::NotFound(warden.id)));
    }

    #[test]
    fn a_role_is_given_once_and_taken_once() {
        let mut directory = Directory::abc_insurance();
        let ada = ada(&directory);
        assert_eq!(directory.add_role_member("Reports Reader", &ada.to_uppercase()), Ok(()));
        assert_eq!(directory.add_role_member("reports reader", &ada), Err(Refusal::AlreadyMember));
        assert_eq!(directory.add_role_member("Reports Reader", "nobody"), Err(Refusal::NotFound("nobody".to_owned())));
        assert_eq!(directory.remove_role_member("Reports Reader", &ada), Ok(()));
        assert_eq!(directory.remove_role_member("Reports Reader", &ada), Err(Refusal::NotFound(ada)));
    }
}
