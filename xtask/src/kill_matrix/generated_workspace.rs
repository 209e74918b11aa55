//! One workspace under `target/wrong/` with a package for each wrong submission, so that a single call of cargo builds them all.
//!
//! It shares the target directory with the main workspace: dependencies have the same identity there and are not built again.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};
use toml::{Table, Value};

use super::wrong_submission::WrongSubmission;

/// Name of the package and of the binary of a wrong submission. No other package of ours begins like this.
pub fn package_name(submission: &WrongSubmission) -> String {
    format!("wrong-{}", submission.name)
}

/// The folder of that package.
pub fn package_folder(target: &Path, submission: &WrongSubmission) -> PathBuf {
    target.join("wrong").join(package_name(submission))
}

/// Waits until no other run writes or builds there. The turn ends when the value is dropped.
pub fn take_turn(target: &Path) -> Result<File> {
    let folder = target.join("wrong");
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let path = folder.join("turn.lock");
    let file = File::create(&path).with_context(|| format!("cannot write {}", path.display()))?;
    file.lock().with_context(|| format!("cannot lock {}", path.display()))?;
    Ok(file)
}

/// Writes a workspace of the submissions that are to be built, and gives its folder. The packages of `others` stay as they are and are not built: with
/// them cargo keeps what it has made of them.
pub fn write(root: &Path, target: &Path, submissions: &[&WrongSubmission], others: &[WrongSubmission]) -> Result<PathBuf> {
    let folder = target.join("wrong");
    let root_manifest = read_manifest(&root.join("Cargo.toml"))?;
    let names: Vec<String> = submissions.iter().copied().map(package_name).collect();
    remove_all_but(&folder, &names.iter().cloned().chain(others.iter().map(package_name)).collect::<Vec<_>>())?;
    write_if_changed(&folder.join("Cargo.toml"), &toml::to_string(&workspace_manifest(root_manifest, root, &names)?)?)?;
    let lock = fs::read_to_string(root.join("Cargo.lock")).with_context(|| format!("cannot read {}", root.join("Cargo.lock").display()))?;
    fs::write(folder.join("Cargo.lock"), lock).with_context(|| format!("cannot write {}", folder.join("Cargo.lock").display()))?;
    for submission in submissions {
        write_package(root, &folder.join(package_name(submission)), submission)
            .with_context(|| format!("solutions/wrong/{}/{}.toml", submission.unit, submission.name))?;
    }
    Ok(folder)
}

/// Writes the files of a wrong submission that is graded on files, outside the workspace: nothing there is built. Gives the folder.
pub fn write_files(root: &Path, target: &Path, submission: &WrongSubmission) -> Result<PathBuf> {
    let folder = target.join("wrong-files").join(&submission.name);
    write_edited(&root.join(&submission.recipe.base), &folder, submission)
        .with_context(|| format!("solutions/wrong/{}/{}.toml", submission.unit, submission.name))?;
    Ok(folder)
}

fn write_package(root: &Path, folder: &Path, submission: &WrongSubmission) -> Result<()> {
    let base = root.join(&submission.recipe.base);
    let manifest = member_manifest(read_manifest(&base.join("Cargo.toml"))?, &base, &package_name(submission))?;
    write_if_changed(&folder.join("Cargo.toml"), &toml::to_string(&manifest)?)?;
    write_edited(&base, folder, submission)
}

/// Copies the files of the base with the edits made.
fn write_edited(base: &Path, folder: &Path, submission: &WrongSubmission) -> Result<()> {
    edited_files(base, submission)?.into_iter().try_for_each(|(path, bytes)| write_if_changed(&folder.join(path), bytes))
}

/// The files of the base with the edits made: path in the folder of the base, content.
pub fn edited_files(base: &Path, submission: &WrongSubmission) -> Result<Vec<(PathBuf, Vec<u8>)>> {
    let edited = submission.recipe.edits.iter().map(super::wrong_submission::Edit::path).collect::<Result<Vec<_>>>()?;
    if let Some(missing) = edited.iter().find(|path| !base.join(path).is_file()) {
        bail!("{} has no file {}", submission.recipe.base, missing.display());
    }
    let mut written = Vec::new();
    for path in files(base)? {
        let mut bytes = fs::read(base.join(&path)).with_context(|| format!("cannot read {}", base.join(&path).display()))?;
        for edit in submission.recipe.edits.iter().filter(|edit| Path::new(&edit.file) == path) {
            let text = String::from_utf8(bytes).with_context(|| format!("{} is not UTF-8", path.display()))?;
            bytes = edit.apply(&text)?.into_bytes();
        }
        written.push((path, bytes));
    }
    Ok(written)
}

/// The root manifest with other members, and with path dependencies that still lead where they led.
fn workspace_manifest(mut manifest: Table, root: &Path, names: &[String]) -> Result<Table> {
    let workspace = manifest.get_mut("workspace").and_then(Value::as_table_mut).context("the root manifest has no [workspace]")?;
    workspace.remove("default-members");
    workspace.insert("members".to_owned(), Value::Array(names.iter().cloned().map(Value::String).collect()));
    if let Some(dependencies) = workspace.get_mut("dependencies").and_then(Value::as_table_mut) {
        make_paths_absolute(dependencies, root);
    }
    let profile = section(&mut manifest, "profile").and_then(|profiles| section(profiles, "dev")).context("[profile.dev] is no table")?;
    // Only the packages here are concerned: dependencies have neither in any case. Dozens of programs take a lot of room otherwise.
    profile.insert("debug".to_owned(), false.into());
    profile.insert("incremental".to_owned(), false.into());
    Ok(manifest)
}

/// The table of this name, made if it is missing; `None` if it is something else.
fn section<'a>(table: &'a mut Table, name: &str) -> Option<&'a mut Table> {
    table.entry(name).or_insert_with(|| Value::Table(Table::new())).as_table_mut()
}

/// The base's manifest under another name: same library name (the sources say it), a binary name of its own, no tests.
fn member_manifest(mut manifest: Table, base: &Path, name: &str) -> Result<Table> {
    let package = manifest.get_mut("package").and_then(Value::as_table_mut).context("the base's manifest has no [package]")?;
    let old_name = package.get("name").and_then(Value::as_str).context("the base's manifest has no name")?.replace('-', "_");
    package.insert("name".to_owned(), name.into());
    package.insert("autotests".to_owned(), false.into());
    let library = section(&mut manifest, "lib").context("[lib] is no table")?;
    library.entry("name").or_insert_with(|| old_name.into());
    let binary = Table::from_iter([("name".to_owned(), name.into()), ("path".to_owned(), "src/main.rs".into())]);
    manifest.insert("bin".to_owned(), Value::Array(vec![Value::Table(binary)]));
    // A warning in a wrong submission is no finding, and its tests are those of the base.
    for section in ["test", "dev-dependencies", "lints", "bench", "example"] {
        manifest.remove(section);
    }
    if let Some(dependencies) = manifest.get_mut("dependencies").and_then(Value::as_table_mut) {
        make_paths_absolute(dependencies, base);
    }
    Ok(manifest)
}

fn make_paths_absolute(dependencies: &mut Table, folder: &Path) {
    for dependency in dependencies.iter_mut().filter_map(|(_, value)| value.as_table_mut()) {
        if let Some(path) = dependency.get("path").and_then(Value::as_str) {
            let absolute = resolve(&folder.join(path));
            dependency.insert("path".to_owned(), absolute.to_string_lossy().into_owned().into());
        }
    }
}

/// The path without `..`: cargo identifies a package by the text of its path.
pub fn resolve(path: &Path) -> PathBuf {
    let mut resolved = PathBuf::new();
    for component in path.components() {
        if component == std::path::Component::ParentDir {
            resolved.pop();
        } else {
            resolved.push(component);
        }
    }
    resolved
}

/// Files of the base that its build needs, relative to it and in order: everything but its tests and its manifest.
pub fn files(base: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut folders = vec![PathBuf::new()];
    while let Some(folder) = folders.pop() {
        let full = base.join(&folder);
        for entry in fs::read_dir(&full).with_context(|| format!("cannot list {}", full.display()))? {
            let entry = entry.with_context(|| format!("cannot list {}", full.display()))?;
            let path = folder.join(entry.file_name());
            let left_out = ["tests", "target", "Cargo.toml"].iter().any(|name| path == Path::new(name));
            match entry.path().is_dir() {
                _ if left_out => {}
                true => folders.push(path),
                false => found.push(path),
            }
        }
    }
    found.sort();
    Ok(found)
}

pub fn read_manifest(path: &Path) -> Result<Table> {
    let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    text.parse().with_context(|| format!("{} is no manifest", path.display()))
}

/// Leaves an unchanged file alone, so that cargo sees what has changed and nothing else.
fn write_if_changed(path: &Path, bytes: impl AsRef<[u8]>) -> Result<()> {
    if fs::read(path).is_ok_and(|present| present == bytes.as_ref()) {
        return Ok(());
    }
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    }
    fs::write(path, bytes).with_context(|| format!("cannot write {}", path.display()))
}

/// Removes what an earlier run wrote for submissions that are no more.
fn remove_all_but(folder: &Path, names: &[String]) -> Result<()> {
    fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    for entry in fs::read_dir(folder).with_context(|| format!("cannot list {}", folder.display()))? {
        let entry = entry.with_context(|| format!("cannot list {}", folder.display()))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if entry.path().is_dir() && name.starts_with("wrong-") && !names.contains(&name) {
            fs::remove_dir_all(entry.path()).with_context(|| format!("cannot remove {}", entry.path().display()))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
