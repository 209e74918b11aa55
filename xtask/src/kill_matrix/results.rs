//! What was judged, kept in `target/kill-matrix/results.jsonl`: one line a judgement, written the moment it is there. So a run that was interrupted
//! goes on where it stopped, and what has not changed is not judged again.

use std::{
    collections::HashMap,
    fs::{self, File},
    io::Write,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use super::judging::Finding;

/// One line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// What it is about (`keys`).
    pub key: String,
    /// For people who read the file; the key decides.
    pub name: String,
    pub seed: u64,
    /// `2026-11-26`
    pub date: String,
    #[serde(flatten)]
    pub finding: Finding,
}

/// The file, read once and added to.
#[derive(Debug)]
pub struct Results {
    file: File,
    path: PathBuf,
    /// By key, the latest last.
    kept: HashMap<String, Vec<Kept>>,
}

impl Results {
    pub fn open(target: &Path) -> Result<Self> {
        let folder = target.join("kill-matrix");
        let path = folder.join("results.jsonl");
        fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        let text = match fs::read(&path) {
            Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
            Err(error) => return Err(error).with_context(|| format!("cannot read {}", path.display())),
        };
        let mut file = File::options().create(true).append(true).open(&path).with_context(|| format!("cannot write {}", path.display()))?;
        // A run that was killed may have left half a line; it must not spoil the next one.
        if !text.is_empty() && !text.ends_with('\n') {
            file.write_all(b"\n").with_context(|| format!("cannot write {}", path.display()))?;
        }
        let mut kept: HashMap<String, Vec<Kept>> = HashMap::new();
        // Half a line, and one of another version, are as good as none.
        for line in text.lines().filter_map(|line| serde_json::from_str::<Kept>(line).ok()) {
            kept.entry(line.key.clone()).or_default().push(line);
        }
        Ok(Self { file, path, kept })
    }

    /// The latest judgement of this very work; with a seed, the one with that seed.
    pub fn find(&self, key: &str, seed: Option<u64>) -> Option<&Kept> {
        self.kept.get(key)?.iter().rev().find(|kept| seed.is_none_or(|seed| seed == kept.seed))
    }

    /// Writes a judgement down. One in which the grader itself failed says nothing about the work, and is not kept.
    pub fn keep(&mut self, kept: Kept) -> Result<()> {
        if !kept.finding.judgement.errors.is_empty() {
            return Ok(());
        }
        let line = format!("{}\n", serde_json::to_string(&kept)?);
        // One call, so that lines of two runs do not mix.
        self.file.write_all(line.as_bytes()).with_context(|| format!("cannot write {}", self.path.display()))?;
        self.kept.entry(kept.key.clone()).or_default().push(kept);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{super::comparison::Judgement, *};

    fn kept(key: &str, seed: u64, failed: &str) -> Kept {
        let judgement = Judgement { failed: vec![failed.to_owned()], ..Judgement::default() };
        let finding = Finding { judgement, under_load: None };
        Kept { key: key.to_owned(), name: "no-nonce".to_owned(), seed, date: "2026-11-26".to_owned(), finding }
    }

    #[test]
    fn what_was_kept_is_found_by_the_next_run() {
        let target = tempfile::tempdir().unwrap();
        Results::open(target.path()).unwrap().keep(kept("a", 7, "U4-09")).unwrap();
        let results = Results::open(target.path()).unwrap();
        assert_eq!(results.find("a", None), Some(&kept("a", 7, "U4-09")));
        assert_eq!(results.find("a", Some(7)), Some(&kept("a", 7, "U4-09")));
    }

    #[test]
    fn a_result_about_other_code_or_another_seed_is_not_found() {
        let target = tempfile::tempdir().unwrap();
        let mut results = Results::open(target.path()).unwrap();
        results.keep(kept("a", 7, "U4-09")).unwrap();
        assert_eq!((results.find("b", None), results.find("a", Some(8))), (None, None));
    }

    #[test]
    fn the_latest_result_counts() {
        let target = tempfile::tempdir().unwrap();
        let mut results = Results::open(target.path()).unwrap();
        results.keep(kept("a", 7, "U4-09")).unwrap();
        results.keep(kept("a", 8, "U4-10")).unwrap();
        assert_eq!(results.find("a", None).unwrap().seed, 8);
        assert_eq!(Results::open(target.path()).unwrap().find("a", None).unwrap().seed, 8);
    }

    #[test]
    fn half_a_line_of_a_killed_run_spoils_nothing() {
        let target = tempfile::tempdir().unwrap();
        Results::open(target.path()).unwrap().keep(kept("a", 7, "U4-09")).unwrap();
        let path = target.path().join("kill-matrix/results.jsonl");
        let whole = fs::read_to_string(&path).unwrap();
        fs::write(&path, format!("{whole}{}", &whole[..whole.len() / 2])).unwrap();
        Results::open(target.path()).unwrap().keep(kept("b", 7, "U4-10")).unwrap();
        let results = Results::open(target.path()).unwrap();
        assert!(results.find("a", None).is_some() && results.find("b", None).is_some());
    }

    #[test]
    fn a_failure_of_the_grader_is_judged_anew_next_time() {
        let target = tempfile::tempdir().unwrap();
        let mut results = Results::open(target.path()).unwrap();
        let mut broken = kept("a", 7, "U4-09");
        broken.finding.judgement.errors.push("no port".to_owned());
        results.keep(broken).unwrap();
        assert_eq!(results.find("a", None), None);
    }
}
