//! The rules that a property can break, and the sentence about each.

/// A broken rule. `Display` is the sentence that is shown beside the property.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// Nothing where something must be.
    #[error("A value is required.")]
    Required,
    /// A text beyond its limit.
    #[error("The value has {length} characters; at most {limit} are allowed.")]
    TooLong {
        /// How long it is.
        length: usize,
        /// How long it may be.
        limit: usize,
    },
    /// A list beyond its limit.
    #[error("There are {count} entries; at most {limit} are allowed.")]
    TooMany {
        /// How many there are.
        count: usize,
        /// How many there may be.
        limit: usize,
    },
    /// All lists of the application together are beyond their limit.
    #[error("The application has {count} entries in all its collections together; at most {limit} are allowed.")]
    ManifestTooLarge {
        /// How many there are.
        count: usize,
        /// How many there may be.
        limit: usize,
    },
    /// One value, twice.
    #[error("'{0}' is there already; each value may occur once.")]
    Duplicate(String),
    /// A value that is none of the known ones.
    #[error("'{value}' is not one of {known}.")]
    NotOneOf {
        /// The value.
        value: String,
        /// What it may be.
        known: &'static str,
    },
    /// Not a GUID.
    #[error("'{0}' is not a GUID.")]
    NotAGuid(String),
    /// Not a URI at all.
    #[error("'{0}' must be a valid URL.")]
    NotAUrl(String),
    /// A redirect URI that is neither https nor localhost. The sentence is the portal's.
    #[error("'{0}' must start with \"HTTPS\" or \"http://localhost\".")]
    NeitherHttpsNorLocalhost(String),
    /// `http://127.0.0.1` in the portal's text box.
    #[error("'{0}' must start with \"HTTPS\" or \"http://localhost\". http://127.0.0.1 can be added through the manifest only.")]
    LoopbackAddress(String),
    /// `http://[::1]`.
    #[error("'{0}' uses the IPv6 loopback address [::1], which is not supported.")]
    Ipv6Loopback(String),
    /// A `#` in a URI.
    #[error("'{0}' must not contain a fragment.")]
    Fragment(String),
    /// A character that redirect URIs must not contain.
    #[error("'{uri}' must not contain the character {character}")]
    UriCharacter {
        /// The URI.
        uri: String,
        /// The character.
        character: char,
    },
    /// A `*` where it is not allowed.
    #[error("'{0}' must not contain a wildcard (*).")]
    Wildcard(String),
    /// A query where personal accounts may sign in.
    #[error("'{0}' must not contain a query string, because personal accounts can sign in.")]
    Query(String),
    /// A front-channel logout URL without TLS.
    #[error("'{0}' must start with \"HTTPS\".")]
    NotHttps(String),
    /// The value of a role or scope with a space or another character that is not allowed.
    #[error("The value must not contain {0}")]
    ValueCharacter(&'static str),
    /// The value of a role or scope that begins with a dot.
    #[error("The value must not begin with a dot.")]
    LeadingDot,
    /// Roles of an application for personal accounts.
    #[error("App roles are not supported for applications that personal accounts can sign in to.")]
    RolesWithPersonalAccounts,
    /// An identifier URI of a form that is not supported.
    #[error("'{0}' must begin with api://, https:// or urn:, and must not end with a slash.")]
    IdentifierUriForm(String),
    /// An identifier URI whose host belongs to nobody here. Graph's code is `HostNameNotOnVerifiedDomain`.
    #[error("Values of identifierUris property must use a verified domain of the organization or its subdomain: '{0}'.")]
    UnverifiedDomain(String),
    /// Version 1 access tokens for personal accounts.
    #[error("The version must be 2, because personal accounts can sign in.")]
    AccessTokenVersion,
    /// A space in a tag.
    #[error("'{0}' must not contain whitespace.")]
    Whitespace(String),
    /// A credential that ends before it begins.
    #[error("The end must be after the start.")]
    EndsBeforeStart,
    /// A credential that has ended already.
    #[error("The end must be in the future.")]
    EndsInThePast,
    /// A secret with a longer life than the portal gives.
    #[error("The lifetime is limited to 24 months.")]
    LifetimeTooLong,
    /// A certificate that is none.
    #[error("The key must be a certificate, base64 of DER.")]
    NotACertificate,
    /// Secrets in a POST or PATCH.
    #[error("Secrets cannot be set here; use addPassword.")]
    SecretNotAllowed,
    /// A character that the property must not contain.
    #[error("The value must not contain the character '{0}'.")]
    CharacterNotAllowed(char),
    /// A mail address without an `@`.
    #[error("'{0}' is not a mail address.")]
    NotAnAddress(String),
    /// A group as its own member.
    #[error("A group cannot be a member of itself.")]
    MemberOfItself,
}
