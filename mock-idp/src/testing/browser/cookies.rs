//! The cookie jar (RFC 6265bis), with the rules for `SameSite` and the limits of the grader.
//!
//! Ports do not separate cookies, sites do. App and provider are two sites here although both are `localhost`: with a real tenant
//! they are. A cookie without `SameSite` counts as `Lax`, without Chromium's exception for the first two minutes.

use std::fmt;

use cookie::{Cookie, SameSite};
use time::OffsetDateTime;
use url::Url;

use super::request::Site;

/// The most cookies a site may keep.
pub const COOKIE_LIMIT: usize = 50;
/// The largest cookie, name and value together.
pub const COOKIE_SIZE_LIMIT: usize = 4096;

/// A cookie that the browser keeps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredCookie {
    /// The site that set it.
    pub site: Site,
    /// Its name.
    pub name: String,
    /// Its value as it was sent.
    pub value: String,
    /// The path below which it is sent.
    pub path: String,
    /// Whether scripts cannot read it.
    pub http_only: bool,
    /// Whether it is for https only. `http://localhost` counts as secure, as in Chromium.
    pub secure: bool,
    /// `SameSite` if it was given.
    pub same_site: Option<SameSite>,
    /// When it ends; `None` for the end of the browser session.
    pub expires: Option<OffsetDateTime>,
}

/// Why the browser does not keep a cookie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CookieRefusal {
    /// It is no cookie at all.
    Malformed,
    /// `SameSite=None` without `Secure`.
    NoneWithoutSecure,
    /// `Domain` names another host.
    ForeignDomain,
    /// The name begins with `__Host-` or `__Secure-`, which promise attributes that it lacks.
    PrefixRules,
}

impl fmt::Display for CookieRefusal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Malformed => "it is not a cookie (RFC 6265 §5.2)",
            Self::NoneWithoutSecure => "SameSite=None needs Secure beside it",
            Self::ForeignDomain => "its Domain is another host",
            Self::PrefixRules => "its name has a prefix (__Host- or __Secure-) whose rules it breaks",
        })
    }
}

/// A site wants to keep more than it may.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LimitExceeded {
    /// Name and value are too long.
    #[error("the cookie '{0}' is larger than {COOKIE_SIZE_LIMIT} bytes; browsers drop such a cookie")]
    Size(String),
    /// Too many cookies.
    #[error("more than {COOKIE_LIMIT} cookies")]
    Count,
}

/// How a request comes about, as far as `SameSite` asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Provenance {
    /// By this very site, or by the user.
    SameSite,
    /// By another site, as a top-level GET: a link or a redirect.
    CrossSiteNavigation,
    /// By another site, by any other method: a form.
    CrossSiteForm,
}

/// The cookies of one browser.
#[derive(Debug, Clone, Default)]
pub struct CookieJar {
    cookies: Vec<StoredCookie>,
}

impl CookieJar {
    /// All cookies of a site.
    pub fn of(&self, site: Site) -> impl Iterator<Item = &StoredCookie> {
        self.cookies.iter().filter(move |cookie| cookie.site == site)
    }

    /// Forgets the cookies of this name.
    pub fn remove(&mut self, site: Site, name: &str) {
        self.cookies.retain(|cookie| cookie.site != site || cookie.name != name);
    }

    /// Gives the cookies of this name another value, as a person with a program can.
    pub fn overwrite(&mut self, site: Site, name: &str, value: &str) {
        let named = self.cookies.iter_mut().filter(|cookie| cookie.site == site && cookie.name == name);
        named.for_each(|cookie| value.clone_into(&mut cookie.value));
    }

    /// Forgets all cookies of a site.
    pub fn forget(&mut self, site: Site) {
        self.cookies.retain(|cookie| cookie.site != site);
    }

    /// Keeps, replaces or removes a cookie as a `Set-Cookie` header says. `Ok(Some(..))` tells why it is not kept.
    ///
    /// # Errors
    /// [`LimitExceeded`].
    pub(super) fn set(&mut self, site: Site, url: &Url, header: &str, now: OffsetDateTime) -> Result<Option<CookieRefusal>, LimitExceeded> {
        let cookie = match read(site, url, header, now) {
            Ok(cookie) => cookie,
            Err(refusal) => return Ok(Some(refusal)),
        };
        if cookie.name.len() + cookie.value.len() > COOKIE_SIZE_LIMIT {
            return Err(LimitExceeded::Size(cookie.name));
        }
        self.cookies.retain(|old| old.site != site || old.name != cookie.name || old.path != cookie.path);
        if cookie.expires.is_none_or(|end| now < end) {
            self.cookies.push(cookie);
        }
        if self.of(site).count() > COOKIE_LIMIT { Err(LimitExceeded::Count) } else { Ok(None) }
    }

    /// The cookies for a request, and those that `SameSite` keeps back. Longer paths first (RFC 6265 §5.4).
    pub(super) fn for_request(
        &self,
        site: Site,
        url: &Url,
        provenance: Provenance,
        now: OffsetDateTime,
    ) -> (Vec<&StoredCookie>, Vec<&StoredCookie>) {
        let covers = |cookie: &&StoredCookie| path_matches(&cookie.path, url.path()) && cookie.expires.is_none_or(|end| now < end);
        let (mut sent, withheld): (Vec<_>, Vec<_>) = self.of(site).filter(covers).partition(|cookie| allows(cookie.same_site, provenance));
        sent.sort_by_key(|cookie| std::cmp::Reverse(cookie.path.len()));
        (sent, withheld)
    }
}

/// Whether `SameSite` lets a cookie go along (RFC 6265bis §5.8.3).
fn allows(same_site: Option<SameSite>, provenance: Provenance) -> bool {
    match (same_site.unwrap_or(SameSite::Lax), provenance) {
        (_, Provenance::SameSite) | (SameSite::None, _) | (SameSite::Lax, Provenance::CrossSiteNavigation) => true,
        (SameSite::Lax | SameSite::Strict, _) => false,
    }
}

fn read(site: Site, url: &Url, header: &str, now: OffsetDateTime) -> Result<StoredCookie, CookieRefusal> {
    let cookie = Cookie::parse(header).map_err(|_| CookieRefusal::Malformed)?;
    let host = url.host_str().unwrap_or_default();
    if cookie.domain().is_some_and(|domain| !domain.trim_start_matches('.').eq_ignore_ascii_case(host)) {
        return Err(CookieRefusal::ForeignDomain);
    }
    let secure = cookie.secure() == Some(true);
    if cookie.same_site() == Some(SameSite::None) && !secure {
        return Err(CookieRefusal::NoneWithoutSecure);
    }
    let name = cookie.name().to_owned();
    let host_only = cookie.domain().is_none() && cookie.path() == Some("/");
    let lower = name.to_ascii_lowercase();
    if (lower.starts_with("__host-") && !(secure && host_only)) || (lower.starts_with("__secure-") && !secure) {
        return Err(CookieRefusal::PrefixRules);
    }
    let by_age = cookie.max_age().map(|age| if age.is_positive() { now.saturating_add(age) } else { OffsetDateTime::UNIX_EPOCH });
    Ok(StoredCookie {
        site,
        value: cookie.value().to_owned(),
        path: cookie.path().filter(|path| path.starts_with('/')).map_or_else(|| default_path(url.path()), str::to_owned),
        http_only: cookie.http_only() == Some(true),
        secure,
        same_site: cookie.same_site(),
        // Max-Age wins over Expires (RFC 6265 §5.3).
        expires: by_age.or_else(|| cookie.expires_datetime()),
        name,
    })
}

/// RFC 6265 §5.1.4.
fn default_path(path: &str) -> String {
    match path.rfind('/') {
        Some(0) | None => "/".to_owned(),
        Some(end) => path[..end].to_owned(),
    }
}

/// RFC 6265 §5.1.4.
fn path_matches(cookie_path: &str, path: &str) -> bool {
    path.strip_prefix(cookie_path).is_some_and(|rest| rest.is_empty() || cookie_path.ends_with('/') || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    const NOW: OffsetDateTime = datetime!(2026-11-25 09:00 UTC);

    fn url(path: &str) -> Url {
        Url::parse(&format!("http://localhost:5000{path}")).expect("an address")
    }

    fn jar(headers: &[&str]) -> CookieJar {
        let mut jar = CookieJar::default();
        for header in headers {
            assert_eq!(jar.set(Site::App, &url("/login/start"), header, NOW), Ok(None), "{header}");
        }
        jar
    }

    fn sent(jar: &CookieJar, path: &str, provenance: Provenance) -> Vec<String> {
        jar.for_request(Site::App, &url(path), provenance, NOW).0.into_iter().map(|cookie| cookie.name.clone()).collect()
    }

    #[test]
    fn a_form_from_the_provider_carries_only_cookies_with_same_site_none() {
        let jar = jar(&[
            "bare=1; Path=/",
            "lax=1; Path=/; SameSite=Lax",
            "strict=1; Path=/; SameSite=Strict",
            "none=1; Path=/; SameSite=None; Secure",
        ]);
        assert_eq!(sent(&jar, "/getAToken", Provenance::CrossSiteForm), ["none"]);
        assert_eq!(sent(&jar, "/getAToken", Provenance::CrossSiteNavigation), ["bare", "lax", "none"]);
        assert_eq!(sent(&jar, "/getAToken", Provenance::SameSite), ["bare", "lax", "strict", "none"]);
    }

    #[test]
    fn what_same_site_keeps_back_is_told() {
        let jar = jar(&["lax=1; Path=/; SameSite=Lax"]);
        let (_, withheld) = jar.for_request(Site::App, &url("/getAToken"), Provenance::CrossSiteForm, NOW);
        assert_eq!(withheld.len(), 1);
    }

    #[test]
    fn same_site_none_without_secure_is_refused() {
        let mut jar = CookieJar::default();
        let refusal = jar.set(Site::App, &url("/"), "a=1; SameSite=None", NOW);
        assert_eq!((refusal, jar.of(Site::App).count()), (Ok(Some(CookieRefusal::NoneWithoutSecure)), 0));
    }

    #[test]
    fn the_two_sites_do_not_see_each_other_although_both_are_localhost() {
        let jar = jar(&["a=1; Path=/"]);
        let provider = Url::parse("http://localhost:8400/").expect("an address");
        assert!(jar.for_request(Site::Provider, &provider, Provenance::SameSite, NOW).0.is_empty());
    }

    #[test]
    fn a_cookie_goes_to_its_path_and_below() {
        let jar = jar(&["root=1; Path=/", "deep=1; Path=/login", "default=1"]);
        assert_eq!(sent(&jar, "/login/again", Provenance::SameSite), ["deep", "default", "root"]);
        assert_eq!(sent(&jar, "/loginx", Provenance::SameSite), ["root"]);
    }

    #[test]
    fn max_age_wins_over_expires_and_zero_removes() {
        let mut jar = jar(&["a=1; Max-Age=60; Expires=Wed, 21 Oct 2015 07:28:00 GMT"]);
        let kept = jar.of(Site::App).next().expect("kept");
        assert_eq!(kept.expires, Some(datetime!(2026-11-25 09:01 UTC)));
        assert_eq!(jar.set(Site::App, &url("/login/start"), "a=; Max-Age=0", NOW), Ok(None));
        assert_eq!(jar.of(Site::App).count(), 0);
    }

    #[test]
    fn prefixes_and_domains_are_checked() {
        let mut jar = CookieJar::default();
        assert_eq!(jar.set(Site::App, &url("/"), "__Host-s=1; Path=/", NOW), Ok(Some(CookieRefusal::PrefixRules)));
        assert_eq!(jar.set(Site::App, &url("/"), "__Host-s=1; Path=/; Secure", NOW), Ok(None));
        assert_eq!(jar.set(Site::App, &url("/"), "s=1; Domain=evil.example", NOW), Ok(Some(CookieRefusal::ForeignDomain)));
    }

    #[test]
    fn a_cookie_that_no_browser_would_keep_is_an_error() {
        let mut jar = CookieJar::default();
        let huge = format!("big={}", "x".repeat(COOKIE_SIZE_LIMIT));
        assert_eq!(jar.set(Site::App, &url("/"), &huge, NOW), Err(LimitExceeded::Size("big".to_owned())));
        for number in 0..COOKIE_LIMIT {
            assert_eq!(jar.set(Site::App, &url("/"), &format!("c{number}=1"), NOW), Ok(None));
        }
        assert_eq!(jar.set(Site::App, &url("/"), "one-more=1", NOW), Err(LimitExceeded::Count));
    }
}
