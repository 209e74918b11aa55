use std::time::{Duration, SystemTime};

use sign_in::web_app::{Account, Secret};

use super::{CacheKey, CachedTokens, TokenCache};

fn account(object_id: &str) -> Account {
    Account { tenant_id: "t".to_owned(), object_id: object_id.to_owned(), name: String::new(), preferred_username: String::new() }
}

fn key(object_id: &str, scopes: &[&str]) -> CacheKey {
    CacheKey::new(&account(object_id), &scopes.iter().map(|&scope| scope.to_owned()).collect::<Vec<_>>())
}

fn tokens(access_token: &str, refresh_token: Option<&str>) -> CachedTokens {
    CachedTokens {
        access_token: Secret::new(access_token),
        expires_at: SystemTime::now() + Duration::from_secs(3600),
        refresh_token: refresh_token.map(Secret::new),
    }
}

#[test]
fn a_token_is_found_by_its_account_and_its_scopes_only() {
    let cache = TokenCache::default();
    cache.keep(key("ada", &["User.Read", "Mail.Read"]), tokens("for ada", None));
    assert!(cache.get(&key("ada", &["Mail.Read", "User.Read"])).is_some());
    assert!(cache.get(&key("ben", &["User.Read", "Mail.Read"])).is_none());
    assert!(cache.get(&key("ada", &["User.Read"])).is_none());
    cache.forget(&key("ada", &["User.Read", "Mail.Read"]));
    assert!(cache.get(&key("ada", &["User.Read", "Mail.Read"])).is_none());
}

#[test]
fn a_new_refresh_token_replaces_the_old_one_and_a_missing_one_does_not() {
    let cache = TokenCache::default();
    let key = key("ada", &["User.Read"]);
    let refresh_token = || cache.get(&key).and_then(|tokens| tokens.refresh_token).map(|token| token.expose().to_owned());
    cache.keep(key.clone(), tokens("a", Some("first")));
    cache.keep(key.clone(), tokens("b", Some("second")));
    assert_eq!(refresh_token().as_deref(), Some("second"));
    cache.keep(key.clone(), tokens("c", None));
    assert_eq!(refresh_token().as_deref(), Some("second"));
    assert_eq!(cache.get(&key).unwrap().access_token.expose(), "c");
}

#[test]
fn a_token_that_is_about_to_end_counts_as_expired() {
    let tokens = tokens("a", None);
    let before_the_end = |seconds| tokens.expires_at - Duration::from_secs(seconds);
    assert!(tokens.is_fresh(before_the_end(301)));
    assert!(!tokens.is_fresh(before_the_end(300)));
    assert!(!tokens.is_fresh(tokens.expires_at + Duration::from_secs(1)));
}
