//! What a tenant has and no directory file holds: photos, and applications that were deleted and can be restored.

use super::{Directory, entries::Index};

impl Directory {
    /// Takes over from `before`, in whose place this tenant is put, what no directory file can hold: the photos of users who stay, and
    /// the deleted applications that are not registered again.
    pub fn keep_beside(&mut self, before: &Self) {
        let stays = before.photos.iter().filter(|photo| self.users.get(&photo.user_id).is_some());
        self.photos = stays.cloned().collect();
        let is_registered =
            |id: &str, app_id: &str| self.applications.get(id).is_some() || self.applications.by(Index::AppId, app_id).next().is_some();
        let deleted = before.deleted_applications.iter();
        let deleted = deleted.filter(|it| !is_registered(&it.application.id, &it.application.app_id));
        self.deleted_applications = deleted.cloned().collect();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        clock::Clock,
        directory::{application::Application, photo::ProfilePhoto},
        random::Entropy,
    };

    #[test]
    fn photos_of_those_who_stay_and_deleted_applications_are_kept() {
        let mut before = Directory::abc_insurance();
        let (first, second) = (before.users[0].id.clone(), before.users[1].id.clone());
        for user_id in [&first, &second] {
            before.photos.push(ProfilePhoto { user_id: user_id.clone(), content_type: "image/png".to_owned(), content: String::new() });
        }
        let ids = [1, 2].map(|seed| {
            let app_id = before.register(Application::web("app", "http://localhost/"), &Entropy::seeded(seed)).app_id;
            before.application(&app_id).expect("registered").id.clone()
        });
        let mut after = before.clone();
        for id in &ids {
            before.delete_application(id, Clock::system().now()).expect("registered");
        }
        after.users.remove(&second);
        after.applications.remove(&ids[1]);
        after.keep_beside(&before);
        assert_eq!(after.photos.iter().map(|photo| &photo.user_id).collect::<Vec<_>>(), [&first]);
        assert_eq!(after.deleted_applications.iter().map(|it| &it.application.id).collect::<Vec<_>>(), [&ids[1]]);
    }
}
