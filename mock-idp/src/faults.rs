//! Every deliberate misbehaviour, by name. Each seam of the mock asks [`Faults::strikes`] whether it is its turn to misbehave.

use std::sync::{Arc, Mutex, MutexGuard};

use serde::{Deserialize, Serialize};

macro_rules! faults {
    ($($(#[doc = $doc:literal])* $variant:ident,)*) => {
        /// One deliberate misbehaviour. In JSON and in the control API the names are camelCase.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "camelCase")]
        pub enum Fault { $($(#[doc = $doc])* $variant,)* }

        impl Fault {
            /// Every fault, in the order of the documentation.
            pub const ALL: &[Fault] = &[$(Fault::$variant,)*];

            /// What goes wrong, in a sentence: the documentation of the variant.
            pub fn sentence(self) -> &'static str {
                match self { $(Fault::$variant => concat!($($doc),*).trim_start(),)* }
            }
        }
    };
}

faults! {
    /// ID token: a nonce that the app never sent.
    WrongNonce,
    /// ID token: no nonce although the app sent one.
    MissingNonce,
    /// ID token: `aud` is another app's client id.
    WrongAudience,
    /// ID token: `aud` is a list of two other apps.
    AudienceList,
    /// ID token: `iss` is a different host.
    WrongIssuer,
    /// ID token: `iss` begins like the right issuer and goes on (`.../v2.0.evil.example`).
    IssuerLookAlike,
    /// ID token: `iss` holds the literal `{tenantid}` of the `common` metadata.
    IssuerTemplate,
    /// ID token: `iss` and `tid` of another tenant, signed by the right key.
    OtherTenant,
    /// ID token: expired one hour ago.
    Expired,
    /// ID token: valid from one hour ahead.
    NotYetValid,
    /// ID token: header `alg` is `none` and there is no signature (RFC 7519 §6).
    AlgNone,
    /// ID token: signed with HMAC, the public key's PEM as the secret (RFC 8725 §2.1).
    Hs256PublicKey,
    /// ID token: signed by a key that the key set does not hold, under a `kid` that it does not hold. The header brings the key along (`jwk`).
    UnknownKid,
    /// ID token: signed by a stranger's key under a published `kid`.
    ForeignKey,
    /// ID token: the `roles` claim is left out.
    RolesRemoved,
    /// Code flow: the `state` that comes back is not the one that was sent.
    StateChanged,
    /// Code flow: the code was redeemed before, by somebody else.
    CodeTwice,
    /// Code flow: the code is expired when it is redeemed.
    CodeExpired,
    /// Code flow: the token endpoint answers 503 `temporarily_unavailable`.
    TokenError,
    /// Code flow: the app receives `access_denied` in place of a code.
    AccessDenied,
    /// Code flow: the app receives `server_error` in place of a code.
    ServerError,
    /// Code flow: the app receives `consent_required` in place of a code.
    ConsentRequired,
    /// Refresh: the refresh token is revoked.
    RefreshTokenRevoked,
    /// Refresh: the refresh token that was used is worth nothing afterwards. Entra itself leaves it valid.
    OldRefreshTokenRevoked,
    /// Refresh, and sign-in without a page: the answer is `interaction_required`, because a second factor is needed from now on.
    MfaRequired,
    /// Refresh: the token endpoint answers `consent_required`, because the consent was taken back.
    ConsentWithdrawn,
    /// Refresh: the token endpoint answers 503 `temporarily_unavailable`.
    RefreshUnavailable,
    /// Code flow and refresh: the token endpoint answers after five seconds.
    TokenSlow,
    /// Token endpoint: the answer holds no refresh token, although the app asked for one.
    NoRefreshToken,
    /// Access token: a Graph token that lives for one second.
    ShortLivedToken,
    /// Access token: a Graph token that is no JWT. Graph reads it all the same, as it does those of personal accounts.
    OpaqueAccessToken,
    /// Keys: a new key signs from now on; the old ones stay published.
    KeyRollover,
    /// Keys: a new key signs from now on; the old ones are published no more, as after a theft.
    KeyRolloverWithoutGrace,
    /// Keys: the key set answers 503.
    KeysUnavailable,
    /// Discovery: the document names another host as issuer.
    ForeignIssuerInDiscovery,
    /// Graph: answers 401 as for a token of another audience.
    GraphWrongAudience,
    /// Graph: answers 403 as for a token without the needed scope.
    GraphMissingScope,
    /// Graph: answers 429 with `Retry-After`, until the time has passed.
    GraphThrottled,
    /// Graph: answers 503.
    GraphUnavailable,
    /// Graph: answers after five seconds.
    GraphSlow,
    /// Graph: a page of a list holds two entries, so that there is a next page.
    GraphNextPage,
    /// Graph: answers 401 with a claims challenge, as for a revoked session.
    GraphClaimsChallenge,
    /// Graph: a photo that is there is missing.
    PhotoMissing,
}

impl Fault {
    /// For one request.
    pub fn once(self) -> Injection {
        self.times(1)
    }

    /// For the next `times` requests.
    pub fn times(self, times: u32) -> Injection {
        Injection { fault: self, times: Some(times), app_id: None, username: None }
    }

    /// Until it is removed.
    pub fn always(self) -> Injection {
        Injection { fault: self, times: None, app_id: None, username: None }
    }

    /// The name in the control API, for example `wrongNonce`.
    pub fn name(self) -> String {
        let debug = format!("{self:?}");
        let mut letters = debug.chars();
        letters.next().map(|first| first.to_ascii_lowercase().to_string() + letters.as_str()).unwrap_or_default()
    }
}

/// A fault with its scope: for how many requests, of which app, for which user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Injection {
    /// What goes wrong.
    pub fault: Fault,
    /// How often it still strikes; `null` until it is removed.
    #[serde(default)]
    pub times: Option<u32>,
    /// Only requests of this application (client id).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub app_id: Option<String>,
    /// Only requests for this user (user principal name, any case).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
}

impl Injection {
    /// Only for the application with this client id.
    pub fn for_app(mut self, app_id: impl Into<String>) -> Self {
        self.app_id = Some(app_id.into());
        self
    }

    /// Only for this user.
    pub fn for_user(mut self, user_principal_name: impl Into<String>) -> Self {
        self.username = Some(user_principal_name.into());
        self
    }

    /// How often it strikes, and for whom: `once, for ada.adjuster@abc-insurance.example`.
    pub fn extent(&self) -> String {
        let times = match self.times {
            Some(1) => "once".to_owned(),
            Some(times) => format!("{times} times"),
            None => "until it is cleared".to_owned(),
        };
        let whom = self.username.as_ref().map_or("for everybody".to_owned(), |name| format!("for {name}"));
        format!("{times}, {whom}")
    }

    fn covers(&self, fault: Fault, asked: &FaultScope<'_>) -> bool {
        let app = self.app_id.as_deref().is_none_or(|id| asked.app_id.is_some_and(|asked| asked.eq_ignore_ascii_case(id)));
        let user = self.username.as_deref().is_none_or(|name| asked.username.is_some_and(|asked| asked.eq_ignore_ascii_case(name)));
        self.fault == fault && self.times != Some(0) && app && user
    }
}

/// Whose request a seam is working on. What is not known is `None`; a fault that names it does not strike then.
#[derive(Debug, Clone, Copy, Default)]
pub struct FaultScope<'a> {
    /// The client id of the request.
    pub app_id: Option<&'a str>,
    /// The user principal name of the signed-in user.
    pub username: Option<&'a str>,
}

/// Names an injected fault, so that it can be removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct FaultId(pub u64);

/// An injected fault as it is listed.
#[derive(Debug, Clone, Serialize)]
pub struct ActiveFault {
    /// The id to remove it by.
    pub id: FaultId,
    /// The fault and its scope; `times` is what is left.
    #[serde(flatten)]
    pub injection: Injection,
}

/// The faults in force. Cloning gives another handle to the same list.
#[derive(Debug, Clone, Default)]
pub struct Faults {
    active: Arc<Mutex<(u64, Vec<ActiveFault>)>>,
}

impl Faults {
    fn active(&self) -> MutexGuard<'_, (u64, Vec<ActiveFault>)> {
        self.active.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// Puts a fault in force.
    pub fn inject(&self, injection: Injection) -> FaultId {
        let mut active = self.active();
        active.0 += 1;
        let id = FaultId(active.0);
        active.1.push(ActiveFault { id, injection });
        id
    }

    /// Takes a fault out of force; false if there is none of that id.
    pub fn remove(&self, id: FaultId) -> bool {
        let mut active = self.active();
        let before = active.1.len();
        active.1.retain(|fault| fault.id != id);
        active.1.len() < before
    }

    /// Takes all faults out of force.
    pub fn clear(&self) {
        self.active().1.clear();
    }

    /// The faults that can still strike, oldest first.
    pub fn list(&self) -> Vec<ActiveFault> {
        self.active().1.iter().filter(|fault| fault.injection.times != Some(0)).cloned().collect()
    }

    /// Whether `fault` strikes this request. A counted fault is used up by the answer yes.
    pub fn strikes(&self, fault: Fault, scope: &FaultScope<'_>) -> bool {
        let mut active = self.active();
        let Some(found) = active.1.iter_mut().find(|active| active.injection.covers(fault, scope)) else { return false };
        if let Some(times) = &mut found.injection.times {
            *times -= 1;
        }
        active.1.retain(|fault| fault.injection.times != Some(0));
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_for_one_request_strikes_once() {
        let faults = Faults::default();
        faults.inject(Fault::WrongNonce.once());
        let everyone = FaultScope::default();
        assert!(faults.strikes(Fault::WrongNonce, &everyone));
        assert!(!faults.strikes(Fault::WrongNonce, &everyone) && faults.list().is_empty());
    }

    #[test]
    fn a_fault_for_one_user_leaves_the_others_alone() {
        let faults = Faults::default();
        let id = faults.inject(Fault::Expired.always().for_user("Ada@abc.example").for_app("app"));
        let ada = FaultScope { app_id: Some("app"), username: Some("ada@abc.example") };
        assert!(!faults.strikes(Fault::Expired, &FaultScope { username: Some("ben@abc.example"), ..ada }));
        assert!(!faults.strikes(Fault::Expired, &FaultScope { username: None, ..ada }));
        assert!(faults.strikes(Fault::Expired, &ada) && faults.strikes(Fault::Expired, &ada));
        assert!(faults.remove(id) && !faults.strikes(Fault::Expired, &ada));
    }

    #[test]
    fn every_fault_is_told_in_a_sentence() {
        assert_eq!(Fault::MissingNonce.sentence(), "ID token: no nonce although the app sent one.");
        assert!(Fault::ALL.iter().all(|fault| fault.sentence().contains(": ") && fault.sentence().ends_with(['.', ')'])));
    }

    #[test]
    fn every_fault_has_the_name_that_json_gives_it() {
        for fault in Fault::ALL {
            assert_eq!(serde_json::to_value(fault).expect("a unit variant"), fault.name());
        }
    }
}
