//! The account picker: who is signed in, and, for practice, everybody else of the tenant.

use std::sync::Arc;

use axum::response::Response;

use super::{
    BrowserSession, FormAction, Interaction, page,
    pages::account_picker::{self, AccountPicker, AccountTile, HiddenMatches},
    target,
};
use crate::directory::{Directory, Tenants, user::User};

/// So many accounts are shown at once.
const SHOWN: usize = 20;

/// So many of those that are not shown are counted.
const COUNTED: usize = 1_000;

/// The picker page, with the accounts that match `search`.
pub fn pick_account(tenants: &Tenants, session: &BrowserSession, interaction: &Interaction, search: &str) -> Response {
    let directories = directories(tenants, interaction);
    let tenant_name = match directories.as_slice() {
        [directory] => directory.organization.display_name.clone(),
        _ => "Any organization".to_owned(),
    };
    let (accounts, hidden_matches) = candidates(tenants, &directories, session, interaction, search);
    let markup = account_picker::render(&AccountPicker {
        app_name: app_name(tenants, interaction),
        tenant_name,
        hidden_matches,
        accounts,
        search: search.to_owned(),
        search_action: format!("/{}/login", interaction.path_tenant),
        target: target(interaction, session, "login"),
    });
    page(markup, FormAction::SelfAnd(interaction.app_origin.clone()), None)
}

/// The tenants whose accounts may be meant: that of the path, or all.
fn directories(tenants: &Tenants, interaction: &Interaction) -> Vec<Arc<Directory>> {
    tenants.find(&interaction.path_tenant).map_or_else(|| tenants.all(), |directory| vec![directory])
}

/// The display name of the app that the sign-in is for.
pub fn app_name(tenants: &Tenants, interaction: &Interaction) -> String {
    tenants
        .application(&interaction.client_id)
        .map_or_else(|| interaction.client_id.clone(), |application| application.display_name.clone())
}

/// Those who are signed in come first, whatever their tenant; then the enabled accounts of the tenant. Looks at no more people than it
/// must: a directory may hold a hundred thousand.
fn candidates(
    tenants: &Tenants,
    directories: &[Arc<Directory>],
    session: &BrowserSession,
    interaction: &Interaction,
    search: &str,
) -> (Vec<AccountTile>, HiddenMatches) {
    let words = search.to_lowercase();
    let application = tenants.application(&interaction.client_id);
    let tile = |directory: &Directory, user: &User, is_signed_in: bool| AccountTile {
        display_name: user.display_name.clone(),
        user_principal_name: user.user_principal_name.clone(),
        roles: application.as_ref().map(|application| directory.role_values(&user.id, application)).unwrap_or_default(),
        is_signed_in,
    };
    let mut tiles = Vec::new();
    for account in &session.accounts {
        let Some(directory) = tenants.find(&account.tenant_id) else { continue };
        if let Some(user) = directory.user(&account.user_id).filter(|user| matches(user, &words)) {
            tiles.push(tile(&directory, user, true));
        }
    }
    let signed_in = |user: &User| session.accounts.iter().any(|account| account.user_id == user.id);
    let users = directories.iter().flat_map(|directory| directory.users.iter().map(move |user| (directory, user)));
    let mut others = users.filter(|(_, user)| user.account_enabled && !signed_in(user) && matches(user, &words));
    let signed_in_beyond = tiles.len().saturating_sub(SHOWN);
    tiles.truncate(SHOWN);
    tiles.extend(others.by_ref().take(SHOWN - tiles.len()).map(|(directory, user)| tile(directory, user, false)));
    let hidden = match others.take(COUNTED + 1).count() + signed_in_beyond {
        more if more > COUNTED => HiddenMatches::MoreThan(COUNTED),
        few => HiddenMatches::Exactly(few),
    };
    (tiles, hidden)
}

fn matches(user: &User, words: &str) -> bool {
    let names = [Some(&user.user_principal_name), Some(&user.display_name), user.mail.as_ref()];
    words.is_empty() || names.into_iter().flatten().any(|name| name.to_lowercase().contains(words))
}
