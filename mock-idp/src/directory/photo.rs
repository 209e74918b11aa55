//! Profile photos: Graph's `profilePhoto`. They are no part of a directory file.

use serde::{Deserialize, Serialize};

use super::entries::{Entry, Index};

/// The photo of one user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ProfilePhoto {
    /// The user's object id.
    pub user_id: String,
    /// `image/jpeg` or `image/png`.
    pub content_type: String,
    /// The image, base64.
    pub content: String,
}

impl Entry for ProfilePhoto {
    const KIND: &'static str = "profilePhoto";

    fn id(&self) -> &str {
        &self.user_id
    }

    fn keys(&self) -> Vec<(Index, String)> {
        Vec::new()
    }
}
