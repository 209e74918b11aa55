//! What Entra validates in an application object.
//!
//! Sources: Microsoft identity platform, "Validation differences by supported account types (signInAudience)"; "App manifest
//! reference"; Microsoft Graph v1.0, "application resource type". Each file names the page of its own rules.

pub mod app_roles;
pub mod credentials;
pub mod identifier_uris;
pub mod limits;
pub mod problem;
pub mod redirect_uris;

use super::{
    application::{Application, SignInAudience},
    organization::Organization,
    refusal::Refusal,
};

pub use problem::Problem;
pub use redirect_uris::UriRules;

/// Everything that is wrong with an application by itself, in the order in which the portal's pages show the properties.
pub fn problems(application: &Application, tenant: &Organization, uri_rules: UriRules) -> Vec<Refusal> {
    let mut found = Vec::new();
    limits::names(application, &mut found);
    redirect_uris::check(application, uri_rules, &mut found);
    redirect_uris::logout_url(application, &mut found);
    identifier_uris::check(application, tenant, &mut found);
    app_roles::check(application, &mut found);
    app_roles::check_scopes(application, &mut found);
    limits::collections(application, &mut found);
    credentials::check(application, &mut found);
    found
}

/// What a change makes wrong. What was wrong before (a directory file may hold it) is nobody's fault now.
///
/// # Errors
/// The first new problem; [`Refusal::ReadOnly`]; [`Refusal::EnabledEntitlement`].
pub fn change(old: &Application, new: &Application, tenant: &Organization) -> Result<(), Refusal> {
    limits::immutable(old, new)?;
    app_roles::removals(old, new)?;
    let before = problems(old, tenant, UriRules::Manifest);
    let new = problems(new, tenant, UriRules::Manifest).into_iter().find(|problem| !before.contains(problem));
    new.map_or(Ok(()), Err)
}

/// Whether personal accounts may sign in. Many limits are lower then.
pub fn allows_personal_accounts(audience: SignInAudience) -> bool {
    match audience {
        SignInAudience::AzureADMyOrg | SignInAudience::AzureADMultipleOrgs => false,
        SignInAudience::AzureADandPersonalMicrosoftAccount | SignInAudience::PersonalMicrosoftAccount => true,
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::directory::Directory;

    /// A registered application without a mistake.
    pub(crate) fn sound() -> Application {
        let mut application = Application::web("claims-portal", "http://localhost:5000/getAToken").app_role("Claims.Adjuster");
        application.id = "64403c6a-70d4-4907-babe-ab119dfba360".to_owned();
        application.app_id = "cf9e4f42-04fb-4856-93c7-0a70c92c2150".to_owned();
        application.app_roles[0].id = "71cc128f-b45b-4900-9ede-424776790f49".to_owned();
        application
    }

    /// What is wrong with a sound application after this change: property and sentence.
    pub(crate) fn after(change: impl FnOnce(&mut Application)) -> Vec<(&'static str, String)> {
        let mut application = sound();
        change(&mut application);
        let found = problems(&application, &Directory::abc_insurance().organization, UriRules::Manifest);
        found.iter().map(|refusal| (refusal.property().unwrap_or_default(), refusal.to_string())).collect()
    }

    #[test]
    fn a_sound_application_has_no_problem() {
        assert_eq!(after(|_| ()), []);
    }

    #[test]
    fn what_was_wrong_before_does_not_stop_another_change() {
        let tenant = Directory::abc_insurance().organization;
        let mut old = sound();
        old.web.redirect_uris.push("http://contoso.com/cb".to_owned());
        let mut new = old.clone();
        new.display_name = "renamed".to_owned();
        assert_eq!(change(&old, &new, &tenant), Ok(()));
        new.web.redirect_uris.push("http://contoso.com/other".to_owned());
        assert!(matches!(change(&old, &new, &tenant), Err(Refusal::Invalid { property: "web.redirectUris", .. })));
    }
}
