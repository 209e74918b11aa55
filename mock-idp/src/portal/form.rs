//! What a form of the portal sends.

use axum::{
    extract::FromRequestParts,
    http::{StatusCode, request::Parts},
};

/// The fields of a form that the guard has accepted.
#[derive(Debug, Clone, Default)]
pub struct Fields {
    pairs: Vec<(String, String)>,
}

impl Fields {
    /// Reads `application/x-www-form-urlencoded`, which any bytes are.
    pub fn parse(body: &[u8]) -> Self {
        Self { pairs: url::form_urlencoded::parse(body).into_owned().collect() }
    }

    /// The value of a field; empty if it was not sent.
    pub fn text(&self, name: &str) -> &str {
        self.all(name).next().unwrap_or_default()
    }

    /// All values of a field, in the order of the page.
    pub fn all<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a str> {
        self.pairs.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Whether the field was sent at all: a ticked box, or the button that was pressed.
    pub fn has(&self, name: &str) -> bool {
        self.all(name).next().is_some()
    }
}

/// Only the guard puts fields into a request, so a handler that asks for them cannot be reached with a form from elsewhere.
impl<S: Send + Sync> FromRequestParts<S> for Fields {
    type Rejection = (StatusCode, &'static str);

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        parts.extensions.get::<Self>().cloned().ok_or((StatusCode::INTERNAL_SERVER_ERROR, "the form did not pass the guard"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_keeps_values_and_their_order() {
        let fields = Fields::parse(b"uri=http%3A%2F%2Fa&uri=b+c&box=&name=%00%FF");
        assert_eq!(fields.all("uri").collect::<Vec<_>>(), ["http://a", "b c"]);
        assert!(fields.has("box") && !fields.has("absent"));
        assert_eq!((fields.text("absent"), fields.text("name")), ("", "\u{0}\u{fffd}"));
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_a_form(body in proptest::collection::vec(proptest::num::u8::ANY, 0..200)) {
            let _ = Fields::parse(&body).text("csrf");
        }
    }
}
