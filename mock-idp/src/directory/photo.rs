//! Profile photos: Graph's `profilePhoto`. They are no part of a directory file.

mod image;

use base64::{Engine, engine::general_purpose::STANDARD};
use serde::{Deserialize, Serialize};

use super::{
    Directory, EditError,
    entries::{Entry, Index},
};
use crate::random::derived_guid;

pub use image::{Dimensions, ImageFormat};

/// The largest photo. Microsoft Graph v1.0, "Update profilePhoto": "limited to 4 MB".
pub const LARGEST_PHOTO: usize = 4 * 1024 * 1024;

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

/// Why a photo is not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PhotoRefusal {
    /// Neither JPEG nor PNG.
    #[error("The image is not a valid JPEG or PNG file.")]
    NotAnImage,
    /// More bytes than a photo may have.
    #[error("The image is larger than 4 MB, the most that a photo may have.")]
    TooLarge,
    /// There is no such user.
    #[error("Resource '{0}' does not exist or one of its queried reference-property objects are not present.")]
    UserNotFound(String),
    /// The user has no photo.
    #[error("Exception of type 'Microsoft.Fast.Profile.Core.Exception.ImageNotFoundException' was thrown.")]
    NoPhoto,
    /// The change could not be kept.
    #[error(transparent)]
    NotKept(#[from] EditError),
}

impl ProfilePhoto {
    /// A photo of the user with this id. What the bytes are is read from the bytes, whatever the request called them.
    ///
    /// # Errors
    /// [`PhotoRefusal::TooLarge`], [`PhotoRefusal::NotAnImage`].
    pub fn of(user_id: impl Into<String>, bytes: &[u8]) -> Result<Self, PhotoRefusal> {
        if bytes.len() > LARGEST_PHOTO {
            return Err(PhotoRefusal::TooLarge);
        }
        let format = ImageFormat::of(bytes).filter(|format| format.dimensions(bytes).is_some()).ok_or(PhotoRefusal::NotAnImage)?;
        Ok(Self { user_id: user_id.into(), content_type: format.content_type().to_owned(), content: STANDARD.encode(bytes) })
    }

    /// The image.
    pub fn bytes(&self) -> Vec<u8> {
        STANDARD.decode(&self.content).unwrap_or_default()
    }

    /// Width and height.
    pub fn dimensions(&self) -> Option<Dimensions> {
        let bytes = self.bytes();
        ImageFormat::of(&bytes)?.dimensions(&bytes)
    }

    /// Differs for another image (RFC 9110 §8.8.3): with the quotes.
    pub fn entity_tag(&self) -> String {
        format!("\"{}\"", derived_guid(&["profilePhoto", &self.content]))
    }
}

impl Directory {
    /// The photo of the user with this id.
    ///
    /// # Errors
    /// [`PhotoRefusal::NoPhoto`].
    pub fn photo(&self, user_id: &str) -> Result<&ProfilePhoto, PhotoRefusal> {
        self.photos.get(user_id).ok_or(PhotoRefusal::NoPhoto)
    }

    /// Puts a photo in the place of the one that the user has.
    ///
    /// # Errors
    /// [`PhotoRefusal`].
    pub fn put_photo(&mut self, user_id: &str, bytes: &[u8]) -> Result<(), PhotoRefusal> {
        let user = self.user(user_id).ok_or_else(|| PhotoRefusal::UserNotFound(user_id.to_owned()))?;
        let photo = ProfilePhoto::of(&user.id, bytes)?;
        if self.photos.edit(user_id, |old| *old = photo.clone()).is_none() {
            self.photos.push(photo);
        }
        Ok(())
    }

    /// Takes the user's photo away.
    ///
    /// # Errors
    /// [`PhotoRefusal::NoPhoto`].
    pub fn remove_photo(&mut self, user_id: &str) -> Result<(), PhotoRefusal> {
        self.photos.remove(user_id).map(drop).ok_or(PhotoRefusal::NoPhoto)
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    fn fabrikam() -> (Directory, String) {
        let directory = Directory::fabrikam();
        let id = directory.users[0].id.clone();
        (directory, id)
    }

    #[test]
    fn a_second_photo_takes_the_place_of_the_first() {
        let (mut directory, id) = fabrikam();
        directory.put_photo(&id, &image::tests::png(48, 48)).expect("an image");
        let first = directory.photo(&id).expect("put").entity_tag();
        directory.put_photo(&id, &image::tests::jpeg(64, 32)).expect("an image");
        let photo = directory.photo(&id).expect("put");
        assert_eq!((directory.photos.len(), photo.content_type.as_str()), (1, "image/jpeg"));
        assert_eq!(photo.dimensions(), Some(Dimensions { width: 64, height: 32 }));
        assert_ne!(photo.entity_tag(), first);
        assert_eq!(directory.remove_photo(&id), Ok(()));
        assert_eq!(directory.photo(&id), Err(PhotoRefusal::NoPhoto));
    }

    #[test]
    fn what_is_no_image_or_too_large_is_refused() {
        let (mut directory, id) = fabrikam();
        for bytes in [&b""[..], b"<svg/>", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"] {
            assert_eq!(directory.put_photo(&id, bytes), Err(PhotoRefusal::NotAnImage));
        }
        let mut large = image::tests::png(1, 1);
        large.resize(LARGEST_PHOTO + 1, 0);
        assert_eq!(directory.put_photo(&id, &large), Err(PhotoRefusal::TooLarge));
        large.pop();
        assert_eq!(directory.put_photo(&id, &large), Ok(()));
        assert_eq!(directory.put_photo("nobody", &large), Err(PhotoRefusal::UserNotFound("nobody".to_owned())));
    }
}
