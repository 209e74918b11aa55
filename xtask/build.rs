//! Writes into the program which version of the checks and of the provider it is made of: `kill-matrix` keeps its results under this name.

use std::{env, error::Error, path::Path, process::Command};

#[path = "src/kill_matrix/source_digest.rs"]
mod source_digest;

fn main() -> Result<(), Box<dyn Error>> {
    let package = env::var("CARGO_MANIFEST_DIR")?;
    let root = Path::new(&package).parent().ok_or("the package lies in the workspace")?;
    // Cargo takes a path that is not there for one that has changed.
    for path in source_digest::GRADER.map(|path| root.join(path)).iter().filter(|path| path.exists()) {
        println!("cargo::rerun-if-changed={}", path.display());
    }
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=src/kill_matrix/source_digest.rs");
    println!("cargo::rustc-env=GRADER_SOURCES={}", source_digest::of_grader(root)?);
    // Cargo builds all anew, this script too, when the compiler is another one.
    let compiler = Command::new(env::var("RUSTC")?).arg("-vV").output()?.stdout;
    let profile = env::var("PROFILE")?;
    let mut digest = source_digest::SourceDigest::about("compiler");
    digest.bytes(&compiler);
    digest.bytes(profile.as_bytes());
    println!("cargo::rustc-env=GRADER_COMPILER={}", digest.finish());
    Ok(())
}
