//! What comes next for a request that is well formed: a page, an error, or the answer.
//! Source: Microsoft identity platform, "OpenID Connect" and "Single sign-on", sections on `prompt`.

use std::sync::Arc;

use super::request::{AuthorizationRequest, TrustedClient};
use crate::{
    directory::{
        Directory, Tenants,
        application::SignInAudience,
        first_party,
        microsoft_graph::{self, Consenter, GRAPH_APP_ID},
        user::User,
    },
    endpoints::{admission, path_tenant::PathTenant},
    oauth::{error::ProtocolError, prompt::Prompt},
    sign_in::{ChosenAccount, ConsentAnswer, Interaction, SignedInAccount, goes_by},
    tokens::issue::Resource,
};

/// What comes next.
#[derive(Debug)]
pub enum Step {
    /// The user must choose an account.
    PickAccount,
    /// The user must consent to these Graph scopes, or an administrator must.
    Consent(Box<ConsentNeeded>),
    /// The request is refused on a page.
    Show(ProtocolError),
    /// The request is refused by redirect.
    Redirect(ProtocolError),
    /// The answer can be given for this user.
    Answer(Box<SignedInUser>),
}

/// The scopes that are not granted yet.
#[derive(Debug)]
pub struct ConsentNeeded {
    /// Who is asked.
    pub user: SignedInUser,
    /// The scopes by resource (application id), as they will be granted.
    pub scopes: Vec<(String, Vec<String>)>,
    /// Whether this user may grant them.
    pub by_user: bool,
}

/// A user in the tenant that the request signs in to.
#[derive(Debug, Clone)]
pub struct SignedInUser {
    /// The tenant.
    pub directory: Arc<Directory>,
    /// The user.
    pub user: User,
    /// The account in the browser's session.
    pub account: SignedInAccount,
}

/// Everything the decision rests on.
#[derive(Debug, Clone, Copy)]
pub struct Situation<'a> {
    /// The path tenant.
    pub tenant: &'a PathTenant,
    /// All tenants.
    pub tenants: &'a Tenants,
    /// The app.
    pub client: &'a TrustedClient,
    /// The request.
    pub request: &'a AuthorizationRequest,
    /// Who is signed in in this browser.
    pub accounts: &'a [SignedInAccount],
    /// The answers to the pages so far.
    pub interaction: Option<&'a Interaction>,
}

impl<'a> Situation<'a> {
    /// The account that the request is for, once that is clear.
    pub fn account(self) -> Option<&'a SignedInAccount> {
        choose_account(self).ok()
    }
}

/// Decides what comes next.
pub fn decide(situation: Situation<'_>) -> Step {
    let step = choose_account(situation).and_then(|account| admit(situation, account)).map(|user| consent(situation, user));
    match step.unwrap_or_else(|step| step) {
        // Nothing may be shown then: the page of the app that asks is hidden, or waits (OIDC Core §3.1.2.1).
        Step::Show(error) if situation.request.prompt == Some(Prompt::None) => Step::Redirect(error),
        step => step,
    }
}

/// The account that this request is for, or what must happen before there is one.
fn choose_account<'a>(situation: Situation<'a>) -> Result<&'a SignedInAccount, Step> {
    let Situation { accounts, request, .. } = situation;
    let signed_in = |chosen: &ChosenAccount| accounts.iter().find(|it| it.user_id == chosen.user_id && it.tenant_id == chosen.tenant_id);
    if let Some(account) = situation.interaction.and_then(|it| it.account.as_ref()).and_then(signed_in) {
        return Ok(account);
    }
    if matches!(request.prompt, Some(Prompt::Login | Prompt::SelectAccount)) {
        return Err(Step::PickAccount);
    }
    let fits = |account: &&SignedInAccount| {
        let home = situation.tenants.find(&account.tenant_id);
        let user = home.as_ref().and_then(|home| home.user(&account.user_id));
        // An account of another tenant is not taken unasked: the user could never choose a better one.
        let belongs_here = situation.tenant.directory().is_none_or(|directory| directory.user(&account.user_id).is_some());
        belongs_here && user.is_some_and(|user| request.login_hint.as_deref().is_none_or(|hint| goes_by(user, hint)))
    };
    let candidates: Vec<&SignedInAccount> = accounts.iter().filter(fits).collect();
    match (candidates.as_slice(), request.prompt) {
        ([account], _) => Ok(account),
        ([], Some(Prompt::None)) => Err(Step::Redirect(ProtocolError::LoginRequired)),
        (_, Some(Prompt::None)) => Err(Step::Redirect(ProtocolError::SeveralAccounts)),
        _ => Err(Step::PickAccount),
    }
}

/// Whether the account may sign in to this app in this tenant.
fn admit(situation: Situation<'_>, account: &SignedInAccount) -> Result<SignedInUser, Step> {
    let Situation { tenant, tenants, client, .. } = situation;
    let application = &client.application;
    let directory = match tenant {
        PathTenant::Tenant(directory) => Arc::clone(directory),
        _ if application.sign_in_audience == SignInAudience::AzureADMyOrg => {
            return Err(Step::Redirect(ProtocolError::SingleTenantApplication {
                client_id: application.app_id.clone(),
                name: application.display_name.clone(),
            }));
        }
        _ => tenants.find(&account.tenant_id).ok_or(Step::PickAccount)?,
    };
    let Some(user) = directory.user(&account.user_id).cloned() else {
        return Err(Step::Show(stranger(situation, account, &directory)));
    };
    admission::admit(&directory, &user, application).map_err(Step::Show)?;
    Ok(SignedInUser { directory, user, account: account.clone() })
}

/// The refusal of an account of another tenant.
fn stranger(situation: Situation<'_>, account: &SignedInAccount, directory: &Directory) -> ProtocolError {
    let home = situation.tenants.find(&account.tenant_id);
    let user = home.as_ref().and_then(|home| home.user(&account.user_id));
    ProtocolError::UserNotInTenant {
        user: user.map(|user| user.user_principal_name.clone()).unwrap_or_default(),
        identity_provider: format!("https://sts.windows.net/{}/", account.tenant_id),
        tenant: directory.organization.display_name.clone(),
        client_id: situation.client.application.app_id.clone(),
        name: situation.client.application.display_name.clone(),
    }
}

/// Whether all scopes are granted, and who may grant what is not.
fn consent(situation: Situation<'_>, user: SignedInUser) -> Step {
    let answer = situation.interaction.and_then(|it| it.consent);
    let missing = missing_scopes(situation, &user);
    // Nobody consents to what the provider made, whatever the prompt.
    if first_party::is_first_party(&situation.client.application.app_id) {
        let not_pre_authorized = |(resource, _): &(String, _)| ProtocolError::NotPreAuthorized {
            client_id: situation.client.application.app_id.clone(),
            name: situation.client.application.display_name.clone(),
            resource: resource.clone(),
        };
        return missing.first().map_or_else(|| Step::Answer(Box::new(user)), |first| Step::Redirect(not_pre_authorized(first)));
    }
    let asks_again = situation.request.prompt == Some(Prompt::Consent) && answer.is_none();
    if missing.is_empty() && !asks_again {
        return Step::Answer(Box::new(user));
    }
    if situation.request.prompt == Some(Prompt::None) {
        let application = &situation.client.application;
        return Step::Redirect(ProtocolError::InteractiveConsentRequired {
            client_id: application.app_id.clone(),
            name: application.display_name.clone(),
        });
    }
    let scopes = if missing.is_empty() { wanted_scopes(situation) } else { missing };
    let restricted = scopes.iter().any(|(resource, names)| names.iter().any(|name| needs_administrator(situation, resource, name)));
    // Where assignment is required users cannot consent for themselves.
    let assignment_required = user
        .directory
        .service_principal(&situation.client.application.app_id)
        .is_some_and(|principal| principal.app_role_assignment_required);
    let by_user = user.user.is_administrator() || !(restricted || assignment_required);
    if answer == Some(ConsentAnswer::Declined) {
        return Step::Redirect(match by_user {
            true => ProtocolError::ConsentDeclined,
            false => ProtocolError::AdministratorConsentRequired {
                tenant: user.directory.organization.display_name.clone(),
                name: situation.client.application.display_name.clone(),
            },
        });
    }
    Step::Consent(Box::new(ConsentNeeded { user, scopes, by_user }))
}

fn needs_administrator(situation: Situation<'_>, resource_app_id: &str, name: &str) -> bool {
    if resource_app_id == GRAPH_APP_ID {
        return microsoft_graph::delegated(name).is_some_and(|scope| scope.consenter == Consenter::Administrator);
    }
    situation.request.resources.iter().any(|(_, resource)| match resource {
        Resource::Api(api) if api.app_id == resource_app_id => {
            api.api.oauth2_permission_scopes.iter().any(|scope| scope.value == name && scope.consent_type == "Admin")
        }
        _ => false,
    })
}

/// All scopes of the request by resource; `.default` stands for what the registration lists.
fn wanted_scopes(situation: Situation<'_>) -> Vec<(String, Vec<String>)> {
    let Situation { request, client, .. } = situation;
    let mut wanted: Vec<(String, Vec<String>)> = Vec::new();
    let mut add = |resource: &str, name: &str| match wanted.iter_mut().find(|(known, _)| known == resource) {
        Some((_, names)) if names.iter().any(|known| known == name) => {}
        Some((_, names)) => names.push(name.to_owned()),
        None => wanted.push((resource.to_owned(), vec![name.to_owned()])),
    };
    for scope in request.scope.iter() {
        if scope.is_openid() {
            add(GRAPH_APP_ID, &scope.name);
            continue;
        }
        let Some((_, resource)) = request.resources.iter().find(|(name, _)| *name == scope.resource) else { continue };
        if !scope.is_default() {
            add(resource.app_id(), &scope.name);
            continue;
        }
        let listed = client.application.required_resource_access.iter().filter(|it| it.resource_app_id == resource.app_id());
        for access in listed.flat_map(|it| &it.resource_access) {
            if let Some(name) = scope_name(resource, &access.id) {
                add(resource.app_id(), &name);
            }
        }
    }
    wanted
}

fn scope_name(resource: &Resource, id: &str) -> Option<String> {
    match resource {
        Resource::MicrosoftGraph => microsoft_graph::DELEGATED.iter().find(|scope| scope.id == id).map(|scope| scope.value.to_owned()),
        Resource::Api(api) => api.api.oauth2_permission_scopes.iter().find(|scope| scope.id == id).map(|scope| scope.value.clone()),
    }
}

fn missing_scopes(situation: Situation<'_>, user: &SignedInUser) -> Vec<(String, Vec<String>)> {
    let app_id = &situation.client.application.app_id;
    let mut missing = wanted_scopes(situation);
    for (resource, names) in &mut missing {
        let granted = user.directory.granted_scopes(app_id, &user.user.id, resource);
        names.retain(|name| !granted.iter().any(|known| known.eq_ignore_ascii_case(name)));
    }
    missing.retain(|(_, names)| !names.is_empty());
    missing
}
