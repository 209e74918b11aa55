//! The parameters of a request, from the query or from a form body.

use super::error::ProtocolError;

/// The parameters as they arrived, in order. Unknown ones are ignored (RFC 6749 §3.1).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Parameters {
    pairs: Vec<(String, String)>,
}

impl Parameters {
    /// Reads `application/x-www-form-urlencoded` text: a query, or the body of a form.
    /// Bytes that are no UTF-8 become replacement characters, which match nothing.
    pub fn parse(encoded: impl AsRef<[u8]>) -> Self {
        Self { pairs: url::form_urlencoded::parse(encoded.as_ref()).into_owned().collect() }
    }

    /// All parameters, in the order in which they arrived.
    pub fn pairs(&self) -> &[(String, String)] {
        &self.pairs
    }

    /// The parameters without those of these names, encoded anew: text that may stand in a URL, whatever bytes arrived.
    pub fn encoded_without(&self, names: &[&str]) -> String {
        let kept = self.pairs.iter().filter(|(key, _)| !names.contains(&key.as_str()));
        url::form_urlencoded::Serializer::new(String::new()).extend_pairs(kept).finish()
    }

    /// The parameter's value. One without a value counts as absent (RFC 6749 §3.1).
    ///
    /// # Errors
    /// [`ProtocolError::RepeatedParameter`]: a parameter must not be given twice (RFC 6749 §3.1).
    pub fn optional(&self, name: &'static str) -> Result<Option<&str>, ProtocolError> {
        let mut values = self.pairs.iter().filter(|(key, _)| key == name).map(|(_, value)| value.as_str());
        match (values.next(), values.next()) {
            (_, Some(_)) => Err(ProtocolError::RepeatedParameter(name)),
            (value, None) => Ok(value.filter(|value| !value.is_empty())),
        }
    }

    /// The parameter's value.
    ///
    /// # Errors
    /// [`ProtocolError::MissingParameter`], or as [`Parameters::optional`].
    pub fn required(&self, name: &'static str) -> Result<&str, ProtocolError> {
        self.optional(name)?.ok_or(ProtocolError::MissingParameter(name))
    }

    /// The parameter's first value, for whoever must not judge: records and repairs.
    pub fn first(&self, name: &str) -> Option<&str> {
        self.pairs.iter().find(|(key, value)| key == name && !value.is_empty()).map(|(_, value)| value.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parameter_without_a_value_counts_as_absent() {
        let parameters = Parameters::parse("client_id=&state=a%20b");
        assert_eq!(parameters.optional("client_id"), Ok(None));
        assert_eq!(parameters.required("client_id"), Err(ProtocolError::MissingParameter("client_id")));
        assert_eq!(parameters.required("state"), Ok("a b"));
    }

    #[test]
    fn a_repeated_parameter_is_refused_only_by_whoever_reads_it() {
        let parameters = Parameters::parse("code=1&code=2&scope=openid");
        assert_eq!(parameters.required("code"), Err(ProtocolError::RepeatedParameter("code")));
        assert_eq!(parameters.required("scope"), Ok("openid"));
    }

    proptest::proptest! {
        #[test]
        fn any_text_can_be_read(text in ".*") {
            let _ = Parameters::parse(&text).optional("code");
        }

        #[test]
        fn what_is_encoded_anew_reads_the_same_and_is_plain(text in ".*") {
            let parameters = Parameters::parse(&text);
            let encoded = parameters.encoded_without(&[]);
            proptest::prop_assert!(encoded.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'#'), "{}", encoded);
            proptest::prop_assert_eq!(Parameters::parse(encoded), parameters);
        }
    }
}
