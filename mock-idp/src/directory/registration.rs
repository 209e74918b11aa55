//! Creating, changing, deleting and restoring app registrations, and their secrets. Graph and the portal both come here.
//! Sources: Microsoft Graph v1.0, "Create application", "Update application", "Delete application", "application: addPassword";
//! Microsoft identity platform, "Register an application", "Restore or remove a recently deleted application".

use serde_json::{Value, json};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use super::{
    Directory,
    application::{Application, RequiredResourceAccess, ResourceAccess},
    credential::PasswordCredential,
    deleted_item::DeletedApplication,
    entries::Index,
    microsoft_graph::{self, GRAPH_APP_ID},
    refusal::Refusal,
    validation::{self, UriRules, credentials},
};
use crate::random::Entropy;

/// A secret right after it was made. Its text is never seen again.
#[derive(Clone, PartialEq)]
pub struct NewPassword {
    /// What the directory keeps.
    pub credential: PasswordCredential,
    /// The secret itself.
    pub secret_text: String,
}

impl std::fmt::Debug for NewPassword {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("NewPassword").field("key_id", &self.credential.key_id).field("secret_text", &"[redacted]").finish()
    }
}

impl Directory {
    /// Creates an application as Graph does: its ids, the instant and the publisher's domain are given here, and no service principal
    /// is made. Roles without an id get one.
    ///
    /// # Errors
    /// The first rule of [`validation`] that it breaks; [`Refusal::IdentifierUriTaken`].
    pub fn create_application(&mut self, application: Application, now: OffsetDateTime, entropy: &Entropy) -> Result<Application, Refusal> {
        self.create(application, UriRules::Manifest, now, entropy)
    }

    /// Registers an application as the portal does: creates it, with `owner` (an object id) as its owner, asks for Graph's User.Read
    /// unless it asks for something, and makes its service principal. Its redirect URIs obey the rules of the portal's text box.
    ///
    /// # Errors
    /// Those of [`Self::create_application`].
    pub fn register_application(
        &mut self,
        mut application: Application,
        owner: Option<&str>,
        now: OffsetDateTime,
        entropy: &Entropy,
    ) -> Result<Application, Refusal> {
        application.owners.extend(owner.map(str::to_owned));
        if application.required_resource_access.is_empty() {
            application.required_resource_access.push(user_read());
        }
        let application = self.create(application, UriRules::TextBox, now, entropy)?;
        self.ensure_service_principal(&application.app_id);
        Ok(application)
    }

    fn create(
        &mut self,
        mut application: Application,
        rules: UriRules,
        now: OffsetDateTime,
        entropy: &Entropy,
    ) -> Result<Application, Refusal> {
        application.id = entropy.guid();
        application.app_id = entropy.guid();
        let without_id = application.app_roles.iter_mut().filter(|role| role.id.is_empty());
        without_id.for_each(|role| role.id = entropy.guid());
        application.other_properties.insert("createdDateTime".to_owned(), instant(now));
        let publisher = self.organization.default_domain().map(|domain| json!(domain));
        application.other_properties.insert("publisherDomain".to_owned(), publisher.unwrap_or(Value::Null));
        let problem = validation::problems(&application, &self.organization, rules).into_iter().next();
        problem.map_or(Ok(()), Err)?;
        self.refuse_taken_identifier_uris(&application)?;
        self.applications.push(application.clone());
        Ok(application)
    }

    /// Changes the application with this object id. Assignments to roles that are gone afterwards go with them.
    ///
    /// # Errors
    /// [`Refusal::NotFound`]; those of [`validation::change`]; [`Refusal::IdentifierUriTaken`].
    pub fn update_application(&mut self, id: &str, change: impl FnOnce(&mut Application)) -> Result<Application, Refusal> {
        let old = self.application_by_id(id)?.clone();
        let mut new = old.clone();
        change(&mut new);
        validation::change(&old, &new, &self.organization)?;
        self.refuse_taken_identifier_uris(&new)?;
        for role in old.app_roles.iter().filter(|old| new.app_roles.iter().all(|role| role.id != old.id)) {
            self.drop_assignments_of_role(&new.app_id, &role.id);
        }
        self.applications.edit(id, |application| *application = new.clone());
        Ok(new)
    }

    /// Deletes the application with this object id, and with it its service principal here, the assignments to its roles and its
    /// consents. All of it can be restored for 30 days.
    ///
    /// # Errors
    /// [`Refusal::NotFound`].
    pub fn delete_application(&mut self, id: &str, now: OffsetDateTime) -> Result<(), Refusal> {
        let application = self.applications.remove(id).ok_or_else(|| Refusal::NotFound(id.to_owned()))?;
        let principal_id = self.service_principal(&application.app_id).map(|principal| principal.id.clone());
        let (service_principal, app_role_assignments, oauth2_permission_grants) = match principal_id {
            Some(principal_id) => self.take_out_service_principal(&principal_id),
            None => (None, Vec::new(), Vec::new()),
        };
        self.deleted_applications.push(DeletedApplication {
            application,
            service_principal,
            app_role_assignments,
            oauth2_permission_grants,
            deleted_date_time: now,
        });
        Ok(())
    }

    /// Brings a deleted application back, with its service principal, assignments and consents. What points to a principal that was
    /// deleted meanwhile stays away.
    ///
    /// # Errors
    /// [`Refusal::NotFound`] if it was not deleted here or more than 30 days ago; [`Refusal::IdentifierUriTaken`].
    pub fn restore_application(&mut self, id: &str, now: OffsetDateTime) -> Result<Application, Refusal> {
        let deleted = self.deleted_application(id, now)?.clone();
        self.refuse_taken_identifier_uris(&deleted.application)?;
        self.deleted_applications.remove(id);
        self.applications.push(deleted.application.clone());
        if let Some(principal) = deleted.service_principal.filter(|it| self.service_principal(&it.app_id).is_none()) {
            self.service_principals.push(principal);
        }
        let assignments = deleted.app_role_assignments.into_iter();
        let alive: Vec<_> = assignments.filter(|it| self.has_principal(&it.principal_id) && self.has_principal(&it.resource_id)).collect();
        self.app_role_assignments.extend(alive);
        let grants = deleted.oauth2_permission_grants.into_iter();
        let is_alive = |id: &String| self.has_principal(id);
        let alive: Vec<_> = grants
            .filter(|it| is_alive(&it.client_id) && is_alive(&it.resource_id) && it.principal_id.as_ref().is_none_or(is_alive))
            .collect();
        self.oauth2_permission_grants.extend(alive);
        Ok(deleted.application)
    }

    /// Deletes a deleted application for good.
    ///
    /// # Errors
    /// [`Refusal::NotFound`].
    pub fn purge_application(&mut self, id: &str) -> Result<(), Refusal> {
        self.deleted_applications.remove(id).map(drop).ok_or_else(|| Refusal::NotFound(id.to_owned()))
    }

    /// The deleted application with this object id, if it can still be restored.
    ///
    /// # Errors
    /// [`Refusal::NotFound`].
    pub fn deleted_application(&self, id: &str, now: OffsetDateTime) -> Result<&DeletedApplication, Refusal> {
        let deleted = self.deleted_applications.get(id).filter(|deleted| deleted.is_restorable(now));
        deleted.ok_or_else(|| Refusal::NotFound(id.to_owned()))
    }

    /// Makes a secret. Without a start it begins now; without an end it lives two years.
    ///
    /// # Errors
    /// [`Refusal::NotFound`]; [`Refusal::Invalid`] for a lifetime that is none.
    pub fn add_password(
        &mut self,
        id: &str,
        display_name: Option<String>,
        start: Option<OffsetDateTime>,
        end: Option<OffsetDateTime>,
        now: OffsetDateTime,
        entropy: &Entropy,
    ) -> Result<NewPassword, Refusal> {
        let start = start.unwrap_or(now);
        let end = end.unwrap_or(start + credentials::DEFAULT_LIFETIME);
        let wrong = |problem| Refusal::invalid("passwordCredential.endDateTime", problem);
        credentials::lifetime(start, end, now).map_err(wrong)?;
        let secret_text = entropy.client_secret();
        let mut credential = PasswordCredential::of_secret(&secret_text, entropy.guid(), display_name, entropy);
        credential.start_date_time = Some(start);
        credential.end_date_time = Some(end);
        self.update_application(id, |application| application.password_credentials.push(credential.clone()))?;
        Ok(NewPassword { credential, secret_text })
    }

    /// Takes a secret away.
    ///
    /// # Errors
    /// [`Refusal::NotFound`] for an unknown application, [`Refusal::UnknownKey`] for an unknown secret.
    pub fn remove_password(&mut self, id: &str, key_id: &str) -> Result<(), Refusal> {
        let is_meant = |credential: &PasswordCredential| credential.key_id.eq_ignore_ascii_case(key_id);
        if !self.application_by_id(id)?.password_credentials.iter().any(is_meant) {
            return Err(Refusal::UnknownKey(key_id.to_owned()));
        }
        self.update_application(id, |application| application.password_credentials.retain(|it| !is_meant(it))).map(drop)
    }

    /// Makes a user or service principal an owner of the application.
    ///
    /// # Errors
    /// [`Refusal::NotFound`] for either; [`Refusal::AlreadyOwner`].
    pub fn add_owner(&mut self, id: &str, owner_id: &str) -> Result<(), Refusal> {
        let known = self.user(owner_id).map(|user| &user.id);
        let known = known.or_else(|| self.service_principals.get(owner_id).map(|principal| &principal.id));
        let owner_id = known.cloned().ok_or_else(|| Refusal::NotFound(owner_id.to_owned()))?;
        if self.application_by_id(id)?.owners.contains(&owner_id) {
            return Err(Refusal::AlreadyOwner);
        }
        self.update_application(id, |application| application.owners.push(owner_id)).map(drop)
    }

    /// Takes an owner away.
    ///
    /// # Errors
    /// [`Refusal::NotFound`] for the application, and for somebody who does not own it.
    pub fn remove_owner(&mut self, id: &str, owner_id: &str) -> Result<(), Refusal> {
        let is_meant = |owner: &String| owner.eq_ignore_ascii_case(owner_id);
        if !self.application_by_id(id)?.owners.iter().any(is_meant) {
            return Err(Refusal::NotFound(owner_id.to_owned()));
        }
        self.update_application(id, |application| application.owners.retain(|owner| !is_meant(owner))).map(drop)
    }

    /// The application with this object id.
    ///
    /// # Errors
    /// [`Refusal::NotFound`].
    pub fn application_by_id(&self, id: &str) -> Result<&Application, Refusal> {
        self.applications.get(id).ok_or_else(|| Refusal::NotFound(id.to_owned()))
    }

    fn refuse_taken_identifier_uris(&self, application: &Application) -> Result<(), Refusal> {
        let is_taken = |uri: &&String| self.applications.by(Index::IdentifierUri, uri).any(|other| other.id != application.id);
        let taken = application.identifier_uris.iter().find(is_taken);
        taken.map_or(Ok(()), |uri| Err(Refusal::IdentifierUriTaken(uri.clone())))
    }
}

/// The permission that the portal adds: Graph's User.Read.
fn user_read() -> RequiredResourceAccess {
    let user_read = microsoft_graph::delegated("User.Read").expect("Graph has this permission").id;
    let access = ResourceAccess { id: user_read.to_owned(), access_type: "Scope".to_owned() };
    RequiredResourceAccess { resource_app_id: GRAPH_APP_ID.to_owned(), resource_access: vec![access] }
}

/// An instant as Graph writes it: UTC, whole seconds, `Z`.
pub fn instant(at: OffsetDateTime) -> Value {
    let whole = at.to_offset(time::UtcOffset::UTC).replace_nanosecond(0).expect("0 is a nanosecond");
    whole.format(&Rfc3339).map_or(Value::Null, Value::String)
}

#[cfg(test)]
mod tests;
