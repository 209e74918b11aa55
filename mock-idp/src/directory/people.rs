//! Creating, changing and deleting users, with the rules that Graph and the portal share.
//! Sources: Microsoft Graph v1.0, "Create user", "Update user", "Delete a user", "user resource type".

mod rules;

use time::OffsetDateTime;

use super::{Directory, entries::Index, refusal::Refusal, registration::instant, user::User, validation::Problem};
use crate::random::Entropy;

pub use rules::{judge_names, judge_password};

impl Directory {
    /// The user with this object id.
    ///
    /// # Errors
    /// [`Refusal::NotFound`].
    pub fn user_by_id(&self, id: &str) -> Result<&User, Refusal> {
        self.user(id).ok_or_else(|| Refusal::NotFound(id.to_owned()))
    }

    /// Adds a user: gives an id and the time, and judges the names. The password comes as a hash, because hashing takes its time.
    ///
    /// # Errors
    /// [`Refusal::ValueNeeded`], [`Refusal::Invalid`], [`Refusal::DomainNotVerified`], [`Refusal::UserPrincipalNameTaken`].
    pub fn create_user(&mut self, user: User, now: OffsetDateTime, entropy: &Entropy) -> Result<User, Refusal> {
        let mut user = User { id: entropy.guid(), ..user };
        if user.password_hash.is_none() {
            return Err(Refusal::ValueNeeded { resource: "User", property: "passwordProfile" });
        }
        judge_names(&user)?;
        self.judge_principal_name(&user)?;
        user.other_properties.insert("createdDateTime".to_owned(), instant(now));
        self.users.push(user.clone());
        Ok(user)
    }

    /// Changes a user. What was wrong before (a directory file may hold it) stands in nobody's way.
    ///
    /// # Errors
    /// [`Refusal::NotFound`]; [`Refusal::ReadOnly`] for the id; else as [`Directory::create_user`].
    pub fn update_user(&mut self, id: &str, change: impl FnOnce(&mut User)) -> Result<User, Refusal> {
        let old = self.user_by_id(id)?;
        let mut new = old.clone();
        change(&mut new);
        if old.id != new.id {
            return Err(Refusal::ReadOnly("id"));
        }
        let before = judge_names(old).err();
        judge_names(&new).or_else(|problem| if before == Some(problem.clone()) { Ok(()) } else { Err(problem) })?;
        if old.user_principal_name != new.user_principal_name {
            self.judge_principal_name(&new)?;
        }
        self.users.edit(id, |user| *user = new.clone());
        Ok(new)
    }

    /// Deletes a user, with memberships, roles, consents, ownerships and the photo. The id is never given again.
    ///
    /// Departs from Entra: the user is gone at once and cannot be restored for 30 days.
    ///
    /// # Errors
    /// [`Refusal::NotFound`].
    pub fn delete_user(&mut self, id: &str) -> Result<(), Refusal> {
        let id = self.user_by_id(id)?.id.clone();
        self.users.remove(&id);
        self.photos.remove(&id);
        self.forget_principal(&id);
        let owned: Vec<String> = self.applications.by(Index::Owner, &id).map(|application| application.id.clone()).collect();
        for application in owned {
            self.applications.edit(&application, |application| application.owners.retain(|owner| *owner != id));
        }
        Ok(())
    }

    /// Takes a user or group out of whatever names it: groups, roles and consents.
    pub(super) fn forget_principal(&mut self, id: &str) {
        let held: Vec<String> = self.app_role_assignments.by(Index::Principal, id).map(|it| it.id.clone()).collect();
        for assignment in held {
            self.app_role_assignments.remove(&assignment);
        }
        let given: Vec<String> = self.oauth2_permission_grants.by(Index::Principal, id).map(|it| it.id.clone()).collect();
        for grant in given {
            self.oauth2_permission_grants.remove(&grant);
        }
        let groups: Vec<String> = self.groups_of(id).map(|group| group.id.clone()).collect();
        for group in groups {
            self.groups.edit(&group, |group| group.members.retain(|member| member != id));
        }
    }

    /// Whether the sign-in name may be given: its form, its domain, and nobody else has it.
    fn judge_principal_name(&self, user: &User) -> Result<(), Refusal> {
        let name = &user.user_principal_name;
        let (local, domain) = name.rsplit_once('@').ok_or(Refusal::DomainNotVerified)?;
        if let Some(character) = local.chars().find(|it| !(it.is_ascii_alphanumeric() || "'.-_!#^~".contains(*it))) {
            return Err(Refusal::invalid("userPrincipalName", Problem::CharacterNotAllowed(character)));
        }
        let is_verified = |known: &super::organization::VerifiedDomain| known.name.eq_ignore_ascii_case(domain);
        if !self.organization.verified_domains.iter().any(is_verified) {
            return Err(Refusal::DomainNotVerified);
        }
        match self.user_by_principal_name(name) {
            Some(other) if other.id != user.id => Err(Refusal::UserPrincipalNameTaken),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::{EditError, seed::PRACTICE_PASSWORD};
    use serde_json::json;
    use time::macros::datetime;

    const NOW: OffsetDateTime = datetime!(2026-11-25 09:00 UTC);
    const ADA: &str = "ada.adjuster@abc-insurance.example";

    fn new_user(name: &str) -> User {
        let mut user = User::member("", name, "New Hire");
        user.password_hash = Some("$argon2id$".to_owned());
        user.other_properties.insert("mailNickname".to_owned(), json!("new.hire"));
        user
    }

    fn create(directory: &mut Directory, user: User) -> Result<User, Refusal> {
        directory.create_user(user, NOW, &Entropy::seeded(1))
    }

    #[test]
    fn a_new_user_gets_an_id_and_the_time() {
        let mut directory = Directory::abc_insurance();
        let user = create(&mut directory, new_user("new.hire@ABC-insurance.example")).expect("sound");
        assert_eq!(directory.user_by_principal_name("NEW.hire@abc-insurance.example"), Some(&user));
        assert_eq!(user.other_properties["createdDateTime"], "2026-11-25T09:00:00Z");
        assert!(crate::random::is_guid(&user.id));
    }

    #[test]
    fn a_sign_in_name_is_of_a_domain_of_the_tenant_and_free() {
        let mut directory = Directory::abc_insurance();
        for name in ["new", "new@fabrikam.example", "new@abc-insurance.example.evil.example", "@"] {
            assert_eq!(create(&mut directory, new_user(name)), Err(Refusal::DomainNotVerified), "{name}");
        }
        assert_eq!(create(&mut directory, new_user(&ADA.to_uppercase())), Err(Refusal::UserPrincipalNameTaken));
        let spaced = create(&mut directory, new_user("new hire@abc-insurance.example"));
        assert_eq!(spaced, Err(Refusal::invalid("userPrincipalName", Problem::CharacterNotAllowed(' '))));
    }

    #[test]
    fn a_user_may_keep_her_name_and_take_a_free_one() {
        let mut directory = Directory::abc_insurance();
        let id = directory.user_by_principal_name(ADA).expect("in the seed").id.clone();
        let taken = directory.update_user(&id, |user| user.user_principal_name = "olga.admin@abc-insurance.example".to_owned());
        assert_eq!(taken, Err(Refusal::UserPrincipalNameTaken));
        let renamed = directory.update_user(&id, |user| user.user_principal_name = "Ada.Adjuster@abc-insurance.example".to_owned());
        assert!(renamed.is_ok());
        assert_eq!(directory.update_user(&id, |user| user.id = "other".to_owned()), Err(Refusal::ReadOnly("id")));
        assert_eq!(directory.update_user("nobody", |_| ()), Err(Refusal::NotFound("nobody".to_owned())));
    }

    #[test]
    fn nothing_is_left_of_a_deleted_user() -> Result<(), EditError> {
        let mut directory = Directory::abc_insurance();
        let id = directory.user_by_principal_name("ines.analyst@abc-insurance.example").expect("in the seed").id.clone();
        let app = directory
            .register(crate::directory::application::Application::web("x", "http://localhost/").app_role("Client"), &Entropy::seeded(1));
        directory.assign(&id, &app.app_id, "Client").expect("defined");
        directory.applications.edit_each(|application| application.owners.push(id.clone()));
        assert_eq!(directory.delete_user(&id), Ok(()));
        let left = serde_json::to_string(&(&directory.users, &directory.groups, &directory.applications, &directory.app_role_assignments));
        assert!(!left.expect("JSON").contains(&id));
        assert_eq!(directory.delete_user(&id), Err(Refusal::NotFound(id)));
        Ok(())
    }

    #[test]
    fn the_practice_password_is_strong_enough() {
        assert_eq!(judge_password(PRACTICE_PASSWORD), Ok(()));
    }
}
