//! `scope`: what a token shall allow.
//! Source: Microsoft identity platform, "Scopes and permissions" and "OpenID Connect scopes".

use serde::{Deserialize, Serialize};

use super::error::ProtocolError;

/// The resource identifier of Microsoft Graph. A scope without a resource is Graph's.
const GRAPH: &str = "https://graph.microsoft.com";

/// The four scopes of OpenID Connect. They belong to Graph and ask for no resource of their own.
const OPENID_SCOPES: [&str; 4] = ["openid", "profile", "email", "offline_access"];

/// One scope of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    /// As it was asked for: answers repeat the spelling.
    pub spelled: String,
    /// The resource identifier: `https://graph.microsoft.com`, an App ID URI or a client id.
    pub resource: String,
    /// The name on that resource: `User.Read`, `.default`.
    pub name: String,
}

impl Scope {
    fn parse(spelled: &str) -> Self {
        let (resource, name) = match spelled.rsplit_once('/') {
            // A resource that itself ends in a slash is written with two of them.
            Some((resource, name)) if !resource.is_empty() => (resource, name),
            _ => (GRAPH, spelled),
        };
        Self { spelled: spelled.to_owned(), resource: resource.to_owned(), name: name.to_owned() }
    }

    /// Whether this is `openid`, `profile`, `email` or `offline_access`.
    pub fn is_openid(&self) -> bool {
        self.resource == GRAPH && OPENID_SCOPES.contains(&self.name.as_str())
    }

    /// Whether this asks for all that was granted or configured.
    pub fn is_default(&self) -> bool {
        self.name == ".default"
    }
}

/// The scopes of a request, in its order. As JSON, the text as it was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct ScopeSet {
    scopes: Vec<Scope>,
}

impl ScopeSet {
    /// Reads a space-separated list. Repeated scopes count once.
    ///
    /// # Errors
    /// [`ProtocolError::InvalidScope`] for characters outside RFC 6749 §3.3 or a name that is empty;
    /// [`ProtocolError::IncompatibleScopes`] for `.default` beside named scopes of the same resource.
    pub fn parse(text: &str) -> Result<Self, ProtocolError> {
        let mut scopes: Vec<Scope> = Vec::new();
        for word in text.split_whitespace() {
            let allowed = |byte: u8| matches!(byte, 0x21 | 0x23..=0x5B | 0x5D..=0x7E);
            let scope = Scope::parse(word);
            if !word.bytes().all(allowed) || scope.name.is_empty() {
                return Err(ProtocolError::InvalidScope(word.to_owned()));
            }
            if !scopes.iter().any(|known| known.spelled == scope.spelled) {
                scopes.push(scope);
            }
        }
        let named = |of: &Scope| scopes.iter().any(|it| it.resource == of.resource && !it.is_default() && !it.is_openid());
        match scopes.iter().find(|scope| scope.is_default() && named(scope)) {
            Some(_) => Err(ProtocolError::IncompatibleScopes(text.to_owned())),
            None => Ok(Self { scopes }),
        }
    }

    /// No scope at all.
    pub const fn empty() -> Self {
        Self { scopes: Vec::new() }
    }

    /// Whether no scope was asked for.
    pub fn is_empty(&self) -> bool {
        self.scopes.is_empty()
    }

    /// All scopes.
    pub fn iter(&self) -> impl Iterator<Item = &Scope> {
        self.scopes.iter()
    }

    /// Whether one of the OpenID scopes was asked for, by its name.
    pub fn has(&self, openid_scope: &str) -> bool {
        self.scopes.iter().any(|scope| scope.is_openid() && scope.name == openid_scope)
    }

    /// The scopes of APIs: all but the four of OpenID Connect.
    pub fn api_scopes(&self) -> impl Iterator<Item = &Scope> {
        self.scopes.iter().filter(|scope| !scope.is_openid())
    }

    /// The resources that are asked for, in order, each once. OpenID scopes ask for none.
    pub fn resources(&self) -> Vec<&str> {
        let mut resources: Vec<&str> = Vec::new();
        for scope in self.api_scopes() {
            if !resources.contains(&scope.resource.as_str()) {
                resources.push(&scope.resource);
            }
        }
        resources
    }

    /// The text as it was asked for.
    pub fn spelled(&self) -> String {
        self.scopes.iter().map(|scope| scope.spelled.as_str()).collect::<Vec<_>>().join(" ")
    }
}

impl From<ScopeSet> for String {
    fn from(scopes: ScopeSet) -> Self {
        scopes.spelled()
    }
}

impl TryFrom<String> for ScopeSet {
    type Error = ProtocolError;

    fn try_from(text: String) -> Result<Self, ProtocolError> {
        Self::parse(&text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_without_a_resource_is_microsoft_graphs() {
        let scopes = ScopeSet::parse("openid offline_access User.Read https://graph.microsoft.com/Mail.Read").expect("well-formed");
        assert_eq!(scopes.resources(), [GRAPH]);
        assert!(scopes.has("openid") && scopes.has("offline_access") && !scopes.has("profile"));
        assert_eq!(scopes.api_scopes().map(|scope| scope.name.as_str()).collect::<Vec<_>>(), ["User.Read", "Mail.Read"]);
    }

    #[test]
    fn the_resource_is_what_stands_before_the_last_slash() {
        let scopes = ScopeSet::parse("api://1234/Files.Read https://x.example//.default").expect("well-formed");
        assert_eq!(scopes.resources(), ["api://1234", "https://x.example/"]);
    }

    #[test]
    fn everything_granted_and_a_named_scope_of_one_resource_exclude_each_other() {
        assert!(matches!(ScopeSet::parse("User.Read .default"), Err(ProtocolError::IncompatibleScopes(_))));
        assert!(ScopeSet::parse("openid .default").is_ok());
    }

    #[test]
    fn a_scope_with_a_quote_or_an_empty_name_is_refused() {
        assert_eq!(ScopeSet::parse("a\"b"), Err(ProtocolError::InvalidScope("a\"b".to_owned())));
        assert!(matches!(ScopeSet::parse("api://x/"), Err(ProtocolError::InvalidScope(_))));
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in ".*") {
            if let Ok(scopes) = ScopeSet::parse(&text) {
                proptest::prop_assert_eq!(ScopeSet::parse(&scopes.spelled()), Ok(scopes));
            }
        }
    }
}
