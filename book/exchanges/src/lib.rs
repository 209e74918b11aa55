//! What travelled between browser, app, provider and Graph in a run of the practice environment. `cargo xtask book --record` writes the
//! files beside this crate, and the book shows them. Nobody types an exchange, so none can be wrong.
//!
//! Every value that differs from run to run was replaced by one that does not: ports, random values, times. A long opaque value is cut.

mod http;

use std::{collections::BTreeMap, fmt, fs, io, path::Path};

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// One run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Recording {
    /// What was done, in a sentence.
    pub title: String,
    /// The exchanges that the browser began, in order.
    pub exchanges: Vec<Exchange>,
    /// The content of the tokens that were issued, by name: `id_token` with `header` and `claims`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub tokens: BTreeMap<String, Value>,
}

/// A request and its answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Exchange {
    /// A name to refer to: `token`.
    pub id: String,
    /// What it is for, in a few words.
    pub purpose: String,
    /// Who asks.
    pub from: Party,
    /// Who answers.
    pub to: Party,
    /// What is asked.
    pub request: Request,
    /// What the one who answers asks others before it does.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub meanwhile: Vec<Exchange>,
    /// What is answered.
    pub answer: Answer,
}

/// Who takes part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Party {
    /// The person's browser.
    Browser,
    /// The web app.
    App,
    /// The identity provider.
    Provider,
    /// Microsoft Graph.
    Graph,
}

impl fmt::Display for Party {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Browser => "browser",
            Self::App => "your app",
            Self::Provider => "identity provider",
            Self::Graph => "Microsoft Graph",
        })
    }
}

/// A request.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Request {
    /// `GET`
    pub method: String,
    /// `http://localhost:5000`
    pub origin: String,
    /// Path and query.
    pub target: String,
    /// The headers that matter, names in lower case, in alphabetical order. A name may come twice.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub headers: Vec<(String, String)>,
    /// The form in the body.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub form: Vec<(String, String)>,
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The headers that matter, names in lower case, in alphabetical order. A name may come twice.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub headers: Vec<(String, String)>,
    /// The body, where it is JSON.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub json: Option<Value>,
    /// The heading, where the body is a page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<String>,
}

/// Why there is no recording.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// No such file.
    #[error("there is no recording {name} ({cause}); `cargo xtask book --record` writes them")]
    Missing {
        /// The file's name.
        name: String,
        /// What the system said.
        cause: io::Error,
    },
    /// Not of this shape.
    #[error("the recording {name} is damaged ({cause}); `cargo xtask book --record` writes it anew")]
    Damaged {
        /// The file's name.
        name: String,
        /// What is wrong.
        cause: serde_json::Error,
    },
}

impl Recording {
    /// Reads `NAME.json` from the folder of the recordings.
    ///
    /// # Errors
    /// [`ReadError`].
    pub fn read(folder: &Path, name: &str) -> Result<Self, ReadError> {
        let text =
            fs::read_to_string(folder.join(format!("{name}.json"))).map_err(|cause| ReadError::Missing { name: name.to_owned(), cause })?;
        serde_json::from_str(&text).map_err(|cause| ReadError::Damaged { name: name.to_owned(), cause })
    }

    /// The file's text.
    ///
    /// # Panics
    /// Never: texts, numbers and maps with text keys are JSON.
    pub fn to_json(&self) -> String {
        serde_json::to_string_pretty(self).expect("texts, numbers and maps are JSON") + "\n"
    }

    /// The exchange with this id, at any depth.
    pub fn exchange(&self, id: &str) -> Option<&Exchange> {
        self.all().into_iter().find(|exchange| exchange.id == id)
    }

    /// All exchanges; an inner one follows the one that it belongs to.
    pub fn all(&self) -> Vec<&Exchange> {
        self.exchanges.iter().flat_map(Exchange::with_inner).collect()
    }
}

impl Answer {
    /// The first header of this name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

impl Exchange {
    fn with_inner(&self) -> Vec<&Self> {
        std::iter::once(self).chain(self.meanwhile.iter().flat_map(Self::with_inner)).collect()
    }
}
