//! Lists in pages: every object once, and no more work than the page needs.

use std::{borrow::Cow, cell::Cell};

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use crate::{
    directory::{entries::Entries, user::User},
    graph::{
        call::{Answer, Reply},
        entity::Selection,
        entity_types::USER,
        error::GraphError,
        odata::list::{Collection, List, View},
        query::{Consistency, QueryOptions, Understood},
    },
};

const USERS: List<'_> = List { of: &USER, context: "users", path: "users" };

/// Shows everybody, and counts how often it was asked.
#[derive(Default)]
struct Counting {
    asked: Cell<usize>,
    shown: Cell<usize>,
}

impl View<User> for Counting {
    fn id<'o>(&self, user: &'o User) -> &'o str {
        &user.id
    }

    fn property<'o>(&'o self, user: &'o User, name: &str) -> Cow<'o, Value> {
        self.asked.set(self.asked.get() + 1);
        Cow::Owned(match name {
            "displayName" => json!(user.display_name),
            "userPrincipalName" => json!(user.user_principal_name),
            "id" => json!(user.id),
            _ => Value::Null,
        })
    }

    fn show(&self, user: &User, _selection: &Selection) -> Map<String, Value> {
        self.shown.set(self.shown.get() + 1);
        Map::from_iter([("id".to_owned(), json!(user.id))])
    }
}

/// `count` users; every third is called Ada.
fn users(count: usize) -> Entries<User> {
    let name = |number: usize| if number.is_multiple_of(3) { "Ada".to_owned() } else { format!("Ben {}", number % 5) };
    (0..count).map(|number| User::member(format!("id-{number}"), format!("u{number}@abc.example"), name(number))).collect()
}

fn ask(from: &impl Collection<User>, query: &str) -> Result<(Answer, Counting), GraphError> {
    let options = QueryOptions::parse(query, Understood::List, Consistency::Eventual)?;
    let view = Counting::default();
    USERS.answer(from, &view, &options).map(|answer| (answer, view))
}

fn ids(answer: &Answer) -> Vec<String> {
    let Reply::List(objects) = &answer.reply else { panic!("a list expected") };
    objects.iter().map(|object| object["id"].as_str().expect("an id").to_owned()).collect()
}

/// All pages of a list, following the links.
fn follow(from: &impl Collection<User>, query: &str) -> Vec<Vec<String>> {
    let (mut pages, mut next) = (Vec::new(), Some(query.to_owned()));
    while let Some(query) = next {
        let (answer, _) = ask(from, &query).expect("our own link");
        assert!(answer.next.is_none() || !ids(&answer).is_empty(), "a page that leads on is not empty");
        pages.push(ids(&answer));
        next = answer.next.map(|next| next.strip_prefix("users?").expect("the same list").to_owned());
    }
    pages
}

const QUERIES: [&str; 6] = [
    "",
    "$filter=displayName eq 'ada'",
    "$filter=startswith(displayName,'Ben')",
    "$orderby=displayName desc",
    "$count=true&$filter=displayName ne 'Ada'&$orderby=displayName,userPrincipalName desc",
    "$search=\"displayName:Ben\"",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn following_the_links_gives_every_object_once(count in 0..40_usize, top in 1..45_usize, query in prop::sample::select(&QUERIES[..])) {
        let all = users(count);
        let whole = follow(&all, &format!("{query}&$top=999")).concat();
        let pages = follow(&all, &format!("{query}&$top={top}"));
        prop_assert_eq!(pages.concat(), whole.clone());
        prop_assert!(pages.iter().rev().skip(1).all(|page| page.len() == top));
        let listed: Vec<&User> = all.iter().collect();
        prop_assert_eq!(follow(&listed, &format!("{query}&$top={top}")).concat(), whole);
    }

    #[test]
    fn a_token_that_is_not_ours_is_refused(token in "[A-Za-z0-9_.=+-]{0,60}") {
        let answer = ask(&users(5), &format!("$skiptoken={token}"));
        prop_assert_eq!(answer.map(|_| ()), Err(GraphError::InvalidSkipToken));
    }
}

#[test]
fn a_page_holds_a_hundred_objects_unless_top_says_otherwise() {
    assert_eq!(follow(&users(250), "").iter().map(Vec::len).collect::<Vec<_>>(), [100, 100, 50]);
    assert_eq!(follow(&users(10), "$top=5").iter().map(Vec::len).collect::<Vec<_>>(), [5, 5]);
}

#[test]
fn nobody_is_lost_when_the_last_of_a_page_is_deleted_before_the_next() {
    for query in QUERIES {
        let mut all = users(20);
        let whole = follow(&all, query).concat();
        let (first, _) = ask(&all, &format!("{query}&$top=2")).expect("a page");
        let next = first.next.as_deref().and_then(|next| next.strip_prefix("users?")).expect("more than two").to_owned();
        all.remove(&whole[1]);
        let (second, _) = ask(&all, &next).expect("our own link");
        assert_eq!(ids(&second), whole[2..4], "{query}");
    }
}

#[test]
fn a_token_of_another_list_or_filter_is_refused() {
    let (answer, _) = ask(&users(5), "$top=2").expect("a page");
    let next = answer.next.expect("a next page");
    let token = next.split("$skiptoken=").nth(1).expect("a token");
    let filtered = ask(&users(5), &format!("$filter=displayName eq 'Ada'&$skiptoken={token}"));
    assert_eq!(filtered.map(|_| ()), Err(GraphError::InvalidSkipToken));
}

#[test]
fn a_page_and_an_indexed_filter_look_at_no_more_than_they_need() {
    let all = users(2_000);
    for (query, found) in [
        ("$top=5", 5),
        ("$filter=userPrincipalName eq 'U1234@abc.example'", 1),
        ("$filter=startswith(displayName,'Ben') and id in ('id-1', 'id-3')", 1),
    ] {
        let (answer, view) = ask(&all, query).expect("a page");
        assert_eq!((ids(&answer).len(), view.shown.get()), (found, found), "{query}");
        assert!(view.asked.get() <= 4, "{query} asked {} times", view.asked.get());
    }
    let (page, _) = ask(&all, "$top=5&$filter=displayName eq 'Ben 1'").expect("a page");
    let next = page.next.expect("a next page");
    let (_, view) = ask(&all, next.strip_prefix("users?").expect("the same list")).expect("our own link");
    assert_eq!(view.shown.get(), 5);
}

#[test]
fn the_count_is_of_all_that_meet_the_filter_and_on_the_first_page_only() {
    let (first, _) = ask(&users(30), "$count=true&$top=4&$filter=startswith(displayName,'Ada')").expect("a page");
    assert_eq!(first.count, Some(10));
    let next = first.next.expect("a next page");
    let (second, _) = ask(&users(30), next.strip_prefix("users?").expect("the same list")).expect("our own link");
    assert_eq!((second.count, ids(&second).len()), (None, 4));
}

#[test]
fn a_next_link_keeps_every_option() {
    let query = "$select=id,mail&$filter=displayName eq 'A%26B' or startswith(displayName,'Ben')&$top=1";
    let (answer, _) = ask(&users(5), query).expect("a page");
    let next = answer.next.expect("a next page");
    assert!(
        next.starts_with(
            "users?$select=id,mail&$filter=displayName%20eq%20%27A%26B%27%20or%20startswith(displayName,%27Ben%27)&$top=1&$skiptoken="
        ),
        "{next}"
    );
    assert_eq!(answer.context, "users(id,mail)");
}
