//! The checks of this unit, held against every single mistake.

use std::{fs, path::Path, sync::Arc};

use crate::{
    app_process::{AuthorityScheme, ports::Ports},
    checks,
    stage::Stage,
    unit::{Profile, Unit},
    work::{HandedIn, Work},
    world::World,
};

const SOLUTION: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../solutions/01-introduction/src");
const POLICY: &str = "policy.toml";
const FLOW: &str = "flow.toml";

fn solution(name: &str) -> String {
    fs::read_to_string(Path::new(SOLUTION).join(name)).expect("the solution's file")
}

/// One world for many submissions.
struct Grader(Arc<World>);

impl Grader {
    async fn new() -> Self {
        Self(Arc::new(World::build(Unit::Introduction, 7, AuthorityScheme::Http).await.expect("a world")))
    }

    /// Whether the solution passes every check after one edit.
    async fn passes(&self, name: &str, find: &str, replace: &str) -> bool {
        let folder = tempfile::tempdir().expect("a folder");
        let source = folder.path().join("src");
        fs::create_dir(&source).expect("a folder");
        for file in [POLICY, FLOW] {
            let text = solution(file);
            let text = if file == name { text.replacen(find, replace, 1) } else { text };
            fs::write(source.join(file), text).expect("a file");
        }
        let work = Arc::new(Work::from(HandedIn::in_folder(folder.path())));
        for check in checks::ALL.iter().filter(|check| check.unit == Unit::Introduction) {
            let stage = Stage::new(check, Profile::Strict, Arc::clone(&self.0), Arc::clone(&work), Ports::default(), None);
            if (check.run)(&stage).await.is_err() {
                return false;
            }
        }
        true
    }
}

/// Every cell of the table with every other value that it can have. A cell that no check looks at would be a decision that teaches nothing.
#[tokio::test(flavor = "multi_thread")]
async fn no_cell_can_be_wrong_unseen() {
    let grader = Grader::new().await;
    let policy = solution(POLICY);
    let rows = policy.lines().filter(|line| line.contains("= [") && !line.starts_with("columns"));
    for row in rows {
        let (name, cells) = row.split_once("= [").expect("a row");
        let cells: Vec<&str> = cells.trim_end_matches(']').split(',').map(|cell| cell.trim().trim_matches('"')).collect();
        for (column, cell) in cells.iter().enumerate() {
            let possible: &[&str] = match column {
                0 | 1 => &["allow", "deny", "login", "own-only"],
                2 => &["allow", "deny", "login", "own-only", "assigned-region"],
                _ => &["allow", "deny", "login"],
            };
            for other in possible.iter().filter(|other| *other != cell) {
                let mut changed = cells.clone();
                changed[column] = other;
                let changed = format!("{name}= [\"{}\"]", changed.join("\", \""));
                let passes = grader.passes(POLICY, row, &changed).await;
                // These two pages are the visitor's own, whoever it is: both words say the same there.
                let says_the_same = column < 2 && *cell == "allow" && *other == "own-only";
                assert_eq!(passes, says_the_same, "{changed}");
            }
        }
    }
}

/// Every message by the other channel, and with each thing more or less.
#[tokio::test(flavor = "multi_thread")]
async fn no_message_can_be_wrong_unseen() {
    let grader = Grader::new().await;
    let flow = solution(FLOW);
    for row in flow.lines().filter(|line| line.contains("{ channel")) {
        let (front, back) = ("channel = \"front\"", "channel = \"back\"");
        let other = if row.contains(front) { row.replace(front, back) } else { row.replace(back, front) };
        assert!(!grader.passes(FLOW, row, &other).await, "{other}");
        let (head, carries) = row.split_once("carries = [").expect("a message");
        let (carries, _) = carries.split_once(']').expect("a list");
        let carries: Vec<&str> = carries.split(", ").filter(|word| *word != "\"nothing\"").collect();
        for word in ["\"password\"", "\"code\"", "\"client-secret\"", "\"id-token\"", "\"access-token\""] {
            let mut changed = carries.clone();
            changed.retain(|it| *it != word);
            if changed.len() == carries.len() {
                changed.push(word);
            }
            let changed = format!("{head}carries = [{}] }}", changed.join(", "));
            assert!(!grader.passes(FLOW, row, &changed).await, "{changed}");
        }
    }
}

/// Two neighbours in the order change places.
#[tokio::test(flavor = "multi_thread")]
async fn only_neighbours_that_do_not_need_each_other_may_change_places() {
    let grader = Grader::new().await;
    let flow = solution(FLOW);
    let order: Vec<&str> = flow.lines().filter(|line| line.starts_with("  \"")).collect();
    let mut may = Vec::new();
    for pair in order.windows(2) {
        let (find, replace) = (pair.join("\n"), [pair[1], pair[0]].join("\n"));
        if grader.passes(FLOW, &find, &replace).await {
            may.push(pair.iter().map(|line| line.trim_matches([' ', '"', ','])).collect::<Vec<_>>());
        }
    }
    assert_eq!(may, [["token-answer", "keys-request"], ["session-start", "graph-request"]]);
}
