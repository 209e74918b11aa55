//! The store on its own: what goes in comes out, and what is damaged is refused.

use std::{fs, sync::Arc};

use super::{Kept, Store, StoreError};
use crate::{
    directory::{Directory, EditError, Tenants, photo::ProfilePhoto, user::User},
    write_later::Change,
};

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

fn open(folder: &tempfile::TempDir) -> Result<Store, StoreError> {
    Store::open(&folder.path().join("store.redb"))
}

fn tenants_of(store: &Arc<Store>) -> Tenants {
    Tenants::with_journal(store.directories().expect("readable"), Arc::clone(store) as Arc<dyn crate::directory::Journal>)
}

fn add_user(directory: &mut Directory) -> Result<(), EditError> {
    directory.users.push(User::member("u", "u@fabrikam.example", "U"));
    Ok(())
}

#[test]
fn a_new_store_holds_no_tenant() {
    let folder = folder();
    assert_eq!(open(&folder).expect("a new store").directories().expect("readable"), []);
}

#[test]
fn tenants_come_back_as_they_were_and_in_their_order() {
    let folder = folder();
    let store = Arc::new(open(&folder).expect("a new store"));
    let tenants = tenants_of(&store);
    tenants.replace(Directory::fabrikam()).expect("kept");
    tenants.replace(Directory::abc_insurance()).expect("kept");
    tenants.edit("fabrikam.example", add_user).expect("kept");
    tenants.replace(Directory::fabrikam()).expect("kept");
    tenants.edit("fabrikam.example", add_user).expect("kept");
    let entries_go = |directory: &mut Directory| -> Result<(), EditError> {
        let first = directory.users[0].id.clone();
        directory.users.remove(&first);
        directory.organization.display_name = "ABC".to_owned();
        directory.photos.push(ProfilePhoto { user_id: first, content_type: "image/png".to_owned(), content: "AP8=".to_owned() });
        Ok(())
    };
    tenants.edit("abc-insurance.example", entries_go).expect("kept");
    let expected = tenants.all();
    drop((tenants, store));
    let again: Vec<_> = open(&folder).expect("it is whole").directories().expect("readable").into_iter().map(Arc::new).collect();
    assert_eq!(again, expected);
}

#[test]
fn starting_over_forgets_tenants_sessions_and_tokens() {
    let folder = folder();
    let store = open(&folder).expect("a new store");
    store.start_over(&[Directory::abc_insurance()]).expect("kept");
    let change = Change { key: "k".to_owned(), json: Some(b"{}".to_vec()) };
    store.keep_later(&[(Kept::RefreshTokens, vec![change.clone()]), (Kept::SignInSessions, vec![change])]).expect("kept");
    assert_eq!(store.kept(Kept::RefreshTokens).expect("readable"), [("k".to_owned(), b"{}".to_vec())]);
    store.start_over(&[Directory::fabrikam()]).expect("kept");
    assert_eq!(store.directories().expect("readable"), [Directory::fabrikam()]);
    assert_eq!((store.kept(Kept::RefreshTokens).expect("readable"), store.kept(Kept::SignInSessions).expect("readable")), (vec![], vec![]));
}

#[test]
fn a_file_that_is_no_store_is_refused_and_not_touched() {
    let folder = folder();
    let path = folder.path().join("store.redb");
    for content in [b"not a store".as_slice(), &[0; 8192]] {
        fs::write(&path, content).expect("writable");
        let refusal = open(&folder).expect_err("it is no store");
        assert!(matches!(refusal, StoreError::Damaged { .. }), "{refusal}");
        let text = refusal.to_string();
        assert!(text.contains("store.redb") && text.contains("move it away"), "{text}");
        assert_eq!(fs::read(&path).expect("readable"), content);
    }
}

/// Whatever page is hit: the store opens with all it held, or refuses and leaves the file alone. It never loses anything in silence.
#[test]
fn a_damaged_page_is_noticed() {
    let folder = folder();
    let path = folder.path().join("store.redb");
    let expected = [Directory::abc_insurance(), Directory::fabrikam()];
    open(&folder).expect("a new store").start_over(&expected).expect("kept");
    let whole = fs::read(&path).expect("readable");
    let mut refused = 0;
    for page in (0..whole.len()).step_by(4096 * 7) {
        let mut damaged = whole.clone();
        damaged[page..(page + 2048).min(whole.len())].iter_mut().for_each(|byte| *byte ^= 0x5A);
        fs::write(&path, &damaged).expect("writable");
        match open(&folder).and_then(|store| store.directories()) {
            Ok(directories) => assert_eq!(directories, expected, "damage at {page} went unnoticed"),
            Err(refusal) => {
                assert!(matches!(refusal, StoreError::Damaged { .. }), "damage at {page}: {refusal}");
                assert!(fs::read(&path).expect("readable") == damaged, "the file was changed although it was refused");
                refused += 1;
            }
        }
    }
    assert!(refused > 0, "nothing that was damaged mattered");
}
