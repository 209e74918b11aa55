//! A sign-in under way: the authorize request that waits while the user answers pages.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use time::{Duration, OffsetDateTime};

use crate::{directory::service_principal::ConsentType, random::Entropy};

/// How long a page may be left open.
const LIFETIME: Duration = Duration::hours(1);

/// Interactions beyond this number are dropped, the expired ones first.
const ENOUGH: usize = 50_000;

/// What the user said on the consent page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConsentAnswer {
    /// The app may have it: for this user, or for everybody if an administrator said so.
    Accepted(ConsentType),
    /// It may not.
    Declined,
}

/// What proves who the user is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proof {
    /// Choosing an account is enough. Departs from Entra, so that practice stays quick.
    AccountChoice,
    /// The password must be typed (`prompt=login`).
    Password,
}

/// An account that was chosen in an interaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChosenAccount {
    /// The tenant that holds the account.
    pub tenant_id: String,
    /// The user's object id there.
    pub user_id: String,
}

/// One authorize request and the answers so far.
#[derive(Debug, Clone)]
pub struct Interaction {
    /// Its id, in the hidden field of each form.
    pub id: String,
    /// The browser that it was begun in: an answer counts there and nowhere else.
    pub browser: String,
    /// The id of the authorize request that began it, for the trace.
    pub flow_id: String,
    /// Path and query of the authorize request, to go back to.
    pub authorize_path: String,
    /// The app, for the names on the pages.
    pub client_id: String,
    /// The redirect URI's origin, which the pages' `form-action` must allow.
    pub app_origin: Option<String>,
    /// The path tenant of the request.
    pub path_tenant: String,
    /// The user name that the app hinted at.
    pub login_hint: Option<String>,
    /// Which proof of identity the request asks for.
    pub proof: Proof,
    /// The account that the user chose.
    pub account: Option<ChosenAccount>,
    /// The answer to the consent page.
    pub consent: Option<ConsentAnswer>,
    /// When the first page was shown.
    pub started_at: OffsetDateTime,
}

/// The interactions under way. Cloning gives another handle to the same list.
#[derive(Debug, Clone, Default)]
pub struct Interactions {
    open: Arc<Mutex<HashMap<String, Interaction>>>,
}

impl Interactions {
    fn open(&self) -> MutexGuard<'_, HashMap<String, Interaction>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins an interaction and gives it its id.
    pub fn begin(&self, mut interaction: Interaction, entropy: &Entropy) -> Interaction {
        interaction.id = entropy.token(24);
        let mut open = self.open();
        if open.len() >= ENOUGH {
            let now = interaction.started_at;
            open.retain(|_, it| now < it.started_at + LIFETIME);
        }
        open.insert(interaction.id.clone(), interaction.clone());
        interaction
    }

    /// The interaction with this id, if this browser began it and it was not left open too long.
    pub fn find(&self, id: &str, browser: &str, now: OffsetDateTime) -> Option<Interaction> {
        self.open().get(id).filter(|it| it.browser == browser && now < it.started_at + LIFETIME).cloned()
    }

    /// Notes the account that the user chose.
    pub fn choose(&self, id: &str, account: ChosenAccount) {
        if let Some(interaction) = self.open().get_mut(id) {
            interaction.account = Some(account);
        }
    }

    /// Notes the answer to the consent page. Only `/authorize` knows what was asked, so it is there that the grant is made.
    pub fn answer_consent(&self, id: &str, answer: ConsentAnswer) {
        if let Some(interaction) = self.open().get_mut(id) {
            interaction.consent = Some(answer);
        }
    }

    /// Ends an interaction: its request was answered.
    pub fn end(&self, id: &str) {
        self.open().remove(id);
    }

    /// Forgets all interactions.
    pub fn clear(&self) {
        self.open().clear();
    }
}
