use std::{fs, path::Path};

use super::*;
use crate::workspace::Package;

/// The real sources with a target directory of the test's own.
struct Here {
    workspace: Workspace,
    keys: Keys,
    target: tempfile::TempDir,
}

impl Here {
    fn new() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned();
        let target = tempfile::tempdir().unwrap();
        let manifest_path = root.join("solutions/03-registration/Cargo.toml");
        let packages = vec![Package { name: "solution-03".to_owned(), manifest_path }];
        let keys = Keys::new(&root).unwrap();
        Self { workspace: Workspace { root, target: target.path().to_owned(), packages }, keys, target }
    }

    /// The solution of unit 3, which is graded on files: nothing need be built.
    fn subject(&self, seed: u64) -> Subject<'static> {
        let (source, unit) = (Source::Solution, Unit::Registration);
        Subject { source, unit, seed: Some(seed), key: self.keys.of(source, unit).unwrap() }
    }

    fn prove(&self, subject: Subject<'_>, fresh: bool) -> Result<Judgement> {
        let manner = Manner { seed: 1, jobs: 1, fresh, style: Style::Plain };
        match &prove(&self.workspace, &self.keys, &[subject], &[], manner)?[..] {
            [Known::Kept(kept)] => Ok(kept.finding.judgement.clone()),
            other => panic!("one result: {other:?}"),
        }
    }

    /// Writes into the file of results that everything kept so far failed U3-01: whoever reads it there has not judged.
    fn forge(&self) {
        let path = self.target.path().join("kill-matrix/results.jsonl");
        let forged = fs::read_to_string(&path).unwrap().replace(r#""failed":[]"#, r#""failed":["U3-01"]"#);
        fs::write(&path, forged).unwrap();
    }
}

#[test]
fn what_was_judged_is_not_judged_again_unless_asked_for_or_under_another_seed() {
    let here = Here::new();
    assert!(here.prove(here.subject(1), false).unwrap().passed());
    here.forge();
    assert_eq!(here.prove(here.subject(1), false).unwrap().failed, ["U3-01"], "taken from the results");
    assert!(here.prove(here.subject(2), false).unwrap().passed(), "another seed is judged");
    here.forge();
    assert!(here.prove(here.subject(1), true).unwrap().passed(), "--fresh judges");
}

#[test]
fn a_work_that_changed_while_it_was_judged_leaves_no_result() {
    let here = Here::new();
    let old = Subject { key: "the key of what was there before".to_owned(), ..here.subject(1) };
    let error = here.prove(old.clone(), false).unwrap_err();
    assert!(error.to_string().contains("solution-03 with seed 1 has changed in the meantime"), "{error}");
    assert!(Results::open(here.target.path()).unwrap().find(&old.key, None).is_none());
}
