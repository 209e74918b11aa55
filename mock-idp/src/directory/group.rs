//! Graph's `group` resource.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::entries::{Entry, Index};

/// Graph's `group`, with its direct members.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Group {
    /// The object id, a GUID.
    pub id: String,
    /// The name that people see. Not unique.
    pub display_name: String,
    /// Object ids of the direct members: users, groups, service principals.
    #[serde(default)]
    pub members: Vec<String>,
    /// What the mock does not act on: kept and returned.
    #[serde(flatten)]
    pub other_properties: Map<String, Value>,
}

impl Entry for Group {
    const KIND: &'static str = "group";

    fn id(&self) -> &str {
        &self.id
    }

    fn keys(&self) -> Vec<(Index, String)> {
        let members = self.members.iter().map(|member| (Index::Member, member.clone()));
        members.chain([(Index::DisplayName, self.display_name.clone())]).collect()
    }
}
