//! `response_type` and `response_mode`: what `/authorize` hands out and how it travels.
//! Sources: OAuth 2.0 Multiple Response Type Encoding Practices; OAuth 2.0 Form Post Response Mode.

use super::{error::ProtocolError, parameters::Parameters};

/// What `/authorize` hands out. At least one is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ResponseType {
    /// An authorization code.
    pub code: bool,
    /// An ID token, straight from `/authorize`.
    pub id_token: bool,
    /// An access token, straight from `/authorize`.
    pub token: bool,
}

impl ResponseType {
    /// Reads the words of `response_type`, in any order.
    ///
    /// # Errors
    /// [`ProtocolError::UnsupportedResponseType`] for an unknown word.
    pub fn parse(value: &str) -> Result<Self, ProtocolError> {
        let mut parsed = Self { code: false, id_token: false, token: false };
        for word in value.split_whitespace() {
            match word {
                "code" => parsed.code = true,
                "id_token" => parsed.id_token = true,
                "token" => parsed.token = true,
                _ => return Err(ProtocolError::UnsupportedResponseType(value.to_owned())),
            }
        }
        match parsed {
            Self { code: false, id_token: false, token: false } => Err(ProtocolError::MissingParameter("response_type")),
            parsed => Ok(parsed),
        }
    }

    /// Whether a token is handed out, so that the answer must not stand in a query.
    pub const fn hands_out_tokens(self) -> bool {
        self.id_token || self.token
    }
}

/// How the answer travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ResponseMode {
    /// In the query of the redirect URI: the app's server reads it.
    Query,
    /// In the fragment of the redirect URI: only a script in the browser reads it.
    Fragment,
    /// In the body of a POST to the redirect URI.
    FormPost,
}

impl ResponseMode {
    /// Reads `response_mode`. Without one it is `query` for a code alone, else `fragment`.
    ///
    /// # Errors
    /// [`ProtocolError::UnsupportedValue`] for an unknown mode, [`ProtocolError::ResponseModeNotSupported`] for tokens in a query.
    pub fn from_request(parameters: &Parameters, response_type: ResponseType) -> Result<Self, ProtocolError> {
        match parameters.optional("response_mode")? {
            None if response_type.hands_out_tokens() => Ok(Self::Fragment),
            None => Ok(Self::Query),
            Some("query") if response_type.hands_out_tokens() => Err(ProtocolError::ResponseModeNotSupported("query".to_owned())),
            Some("query") => Ok(Self::Query),
            Some("fragment") => Ok(Self::Fragment),
            Some("form_post") => Ok(Self::FormPost),
            Some(other) => Err(ProtocolError::UnsupportedValue { name: "response_mode", value: other.to_owned() }),
        }
    }

    /// The mode for an error about a request that may itself be malformed: what it asked for if that can be read.
    pub fn for_error(parameters: &Parameters) -> Self {
        match parameters.first("response_mode") {
            Some("form_post") => Self::FormPost,
            Some("fragment") => Self::Fragment,
            Some(_) => Self::Query,
            None => match parameters.first("response_type").map(ResponseType::parse) {
                Some(Ok(response_type)) if response_type.hands_out_tokens() => Self::Fragment,
                _ => Self::Query,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_travels_in_the_query_and_tokens_in_the_fragment_unless_asked() {
        let mode = |query: &str| {
            let parameters = Parameters::parse(query);
            let response_type = ResponseType::parse(parameters.first("response_type").unwrap_or_default())?;
            ResponseMode::from_request(&parameters, response_type)
        };
        assert_eq!(mode("response_type=code"), Ok(ResponseMode::Query));
        assert_eq!(mode("response_type=id_token%20code"), Ok(ResponseMode::Fragment));
        assert_eq!(mode("response_type=code&response_mode=form_post"), Ok(ResponseMode::FormPost));
        assert_eq!(mode("response_type=id_token&response_mode=query"), Err(ProtocolError::ResponseModeNotSupported("query".to_owned())));
        assert!(matches!(mode("response_type=magic"), Err(ProtocolError::UnsupportedResponseType(_))));
    }
}
