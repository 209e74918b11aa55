//! A fingerprint of files, so that a result is never taken for one about other code. Shared with `build.rs`, and so only the standard library is used.

use std::{
    fs,
    hash::{DefaultHasher, Hasher},
    io,
    path::{Path, PathBuf},
};

/// What the verdicts follow from, beside the work that is judged: the checks, the provider that they play, and the crates of both. From the root.
pub const GRADER: [&str; 8] = [
    "exercises/checks/src",
    "exercises/checks/Cargo.toml",
    "exercises/vulnerable-app/src",
    "exercises/vulnerable-app/Cargo.toml",
    "mock-idp/src",
    "mock-idp/Cargo.toml",
    "Cargo.toml",
    "Cargo.lock",
];

/// 128 bits from two hashes with different beginnings. That is no protection against an attacker, who could as well write a result; it is enough to
/// tell versions apart.
#[derive(Debug, Clone)]
pub struct SourceDigest([DefaultHasher; 2]);

impl SourceDigest {
    /// Begins with what the digest is about, so that two kinds are never the same.
    pub fn about(subject: &str) -> Self {
        let mut digest = Self([DefaultHasher::new(), DefaultHasher::new()]);
        digest.0[1].write_u8(1);
        digest.bytes(subject.as_bytes());
        digest
    }

    /// Adds bytes with their length, so that what comes next cannot run into them.
    pub fn bytes(&mut self, bytes: &[u8]) {
        for half in &mut self.0 {
            half.write_usize(bytes.len());
            half.write(bytes);
        }
    }

    /// Adds a file, or every file below a folder, with its path from `root`. That there is none is a state as well. Hidden files below a folder
    /// belong to tools (`.*.pending-snap` of insta) and are left out.
    pub fn files(&mut self, root: &Path, path: &Path) -> io::Result<()> {
        let full = root.join(path);
        if !full.exists() {
            self.bytes(b"absent");
            return Ok(());
        }
        if !full.is_dir() {
            self.bytes(path.to_string_lossy().replace('\\', "/").as_bytes());
            self.bytes(&fs::read(full)?);
            return Ok(());
        }
        let mut names: Vec<PathBuf> = fs::read_dir(full)?.map(|entry| entry.map(|it| it.file_name().into())).collect::<io::Result<_>>()?;
        names.retain(|name| !name.to_string_lossy().starts_with('.'));
        names.sort();
        names.iter().try_for_each(|name| self.files(root, &path.join(name)))
    }

    /// 32 hexadecimal digits.
    pub fn finish(&self) -> String {
        self.0.iter().map(|half| format!("{:016x}", half.finish())).collect()
    }
}

/// The digest of [`GRADER`].
pub fn of_grader(root: &Path) -> io::Result<String> {
    let mut digest = SourceDigest::about("grader");
    GRADER.iter().try_for_each(|path| digest.files(root, Path::new(path)))?;
    Ok(digest.finish())
}
