//! The knowledge checks of the units, as the TOML files of this folder hold them. The book prints them, `cargo xtask quiz` asks them, and
//! `cargo xtask export quiz` writes them for other systems.
#![forbid(unsafe_code)]

mod item;
mod stem;

use std::{fs, path::Path};

use anyhow::{Context, Result};

pub use item::{Choice, Item, Kind, KnowledgeCheck};
pub use stem::Piece;

/// The folder of the items, from the workspace root.
pub const FOLDER: &str = "book/knowledge-checks";

/// All files `unit-N.toml` of the folder, in order of the units.
///
/// # Errors
/// When a file cannot be read, or is no knowledge check.
pub fn read_all(folder: &Path) -> Result<Vec<KnowledgeCheck>> {
    let mut checks = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| format!("cannot list {}", folder.display()))? {
        let path = entry?.path();
        let is_check = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("unit-"));
        if is_check && path.extension().is_some_and(|extension| extension == "toml") {
            let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
            let check: KnowledgeCheck = toml::from_str(&text).with_context(|| format!("{} is no knowledge check", path.display()))?;
            checks.push(check);
        }
    }
    checks.sort_by_key(|check| check.unit);
    Ok(checks)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::read_all;

    #[test]
    fn the_right_answer_stands_first_no_more_often_than_elsewhere() {
        let checks = read_all(Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap();
        let items: Vec<_> = checks.iter().flat_map(|check| &check.items).collect();
        let first = items.iter().filter(|item| item.printed()[0].correct).count();
        assert!((1..=items.len() / 2).contains(&first), "{first} of {}", items.len());
    }
}
