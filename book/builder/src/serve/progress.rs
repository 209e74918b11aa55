//! `GET /progress.json`: how the reader's checks ended when they last ran, for the box on the pages. The messages of the checks, which may
//! quote the reader's app, stay where they are.

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};

/// What `cargo xtask grade` and `cargo test` keep, at the root of the workspace.
pub const FILE: &str = ".progress.json";

/// Verdicts by the check's id: `{"checks":{"U2-01":"pass"}}`. Empty as long as no check has run.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
pub struct Progress {
    checks: BTreeMap<String, String>,
}

#[derive(Debug, Deserialize)]
struct LearningRecord {
    checks: BTreeMap<String, CheckRecord>,
}

#[derive(Debug, Deserialize)]
struct CheckRecord {
    #[serde(default)]
    status: String,
}

impl Progress {
    /// Reads the file. No file, or a damaged one, is no progress yet: the commands that write it say what is wrong.
    pub fn read(file: &Path) -> Self {
        let text = std::fs::read_to_string(file).unwrap_or_default();
        let Ok(record) = serde_json::from_str::<LearningRecord>(&text) else { return Self::default() };
        // A check whose hint was read and that never ran has no verdict.
        let judged = record.checks.into_iter().filter(|(_, check)| !check.status.is_empty());
        Self { checks: judged.map(|(id, check)| (id, check.status)).collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::Progress;

    #[test]
    fn verdicts_are_told_and_messages_are_not() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("record");
        let record = r#"{"checks":{"U2-01":{"status":"pass","message":"secret"},"U2-02":{"status":"fail"},"U2-03":{"hint_level":1}}}"#;
        std::fs::write(&file, record).unwrap();
        assert_eq!(serde_json::to_string(&Progress::read(&file)).unwrap(), r#"{"checks":{"U2-01":"pass","U2-02":"fail"}}"#);
        std::fs::write(&file, "{").unwrap();
        assert_eq!(Progress::read(&file), Progress::default());
        assert_eq!(Progress::read(&folder.path().join("none")), Progress::default());
    }
}
