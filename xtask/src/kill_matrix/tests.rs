use super::{wrong_submission::tests::submission, *};

#[test]
fn a_sample_follows_from_its_seed() {
    let all: Vec<WrongSubmission> = (0..20).map(|number| submission(&format!("wrong-{number:02}"))).collect();
    let drawn = |seed| sample(all.iter().collect(), 5, seed).into_iter().map(|it| it.name.clone()).collect::<Vec<_>>();
    assert_eq!(drawn(1), drawn(1));
    assert_ne!(drawn(1), drawn(2));
    assert!(drawn(1).len() == 5 && drawn(1).is_sorted());
}

#[test]
fn a_check_that_does_not_exist_is_named() {
    assert_eq!(unknown_checks(&submission("no-nonce")), [""; 0]);
    let other = WrongSubmission { unit: "02".to_owned(), ..submission("no-nonce") };
    assert_eq!(unknown_checks(&other), ["U4-09"]);
    assert_eq!(mutant(&other, &Judgement::default()).error.as_deref(), Some("unit-02 has no check U4-09"));
}

#[test]
fn no_page_is_written_about_a_part() {
    let page = flags::KillMatrix { page: true, ..flags::KillMatrix::default() };
    let part = flags::KillMatrix { page: true, unit: Some(4), ..flags::KillMatrix::default() };
    assert!(coverage(&part).unwrap_err().is::<UsageError>());
    assert_eq!((coverage(&page).unwrap(), number_of_seeds(&page)), (Coverage::Whole, 200));
    assert_eq!(number_of_seeds(&flags::KillMatrix { seeds: Some(20), ..page }), 20);
}

#[test]
fn many_seeds_are_the_same_ones_each_time() {
    assert_eq!(seeds(3, None), [Some(1), Some(2), Some(3)]);
    assert_eq!(seeds(2, Some(40)), [Some(40), Some(41)]);
    assert_eq!((seeds(1, None), seeds(1, Some(7))), (vec![None], vec![Some(7)]));
}
