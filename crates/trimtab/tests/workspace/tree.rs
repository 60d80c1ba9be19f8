//! The workspace as the structure tests see it: crates, their manifests, their sources.

use std::path::{Path, PathBuf};

/// A crate of ours.
pub struct Crate {
    /// Its package name, such as `trimtab-model`.
    pub name: String,
    /// Its directory.
    pub dir: PathBuf,
}

/// A source file of a crate's `src`.
pub struct Source {
    /// Its path below the workspace root, with `/` between the parts.
    pub path: String,
    /// All of its text.
    pub text: String,
}

impl Source {
    /// Returns the lines above the file's tests, with their numbers, from 1.
    pub fn product_lines(&self) -> impl Iterator<Item = (usize, &str)> {
        (1..).zip(self.text.lines()).take_while(|(_, line)| line.trim() != "#[cfg(test)]")
    }
}

/// Returns the root of the workspace.
pub fn root() -> PathBuf {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    dir.canonicalize().expect("the workspace is two levels above this crate")
}

/// Returns every crate below `crates/`, sorted by name.
pub fn crates() -> Vec<Crate> {
    let mut crates: Vec<Crate> = entries(&root().join("crates"))
        .into_iter()
        .filter(|dir| dir.join("Cargo.toml").is_file())
        .map(|dir| {
            let name = table(&dir.join("Cargo.toml"))
                .get("package")
                .and_then(|package| package.get("name"))
                .and_then(toml::Value::as_str)
                .expect("a package has a name")
                .to_owned();
            Crate { name, dir }
        })
        .collect();
    crates.sort_by(|left, right| left.name.cmp(&right.name));
    assert!(crates.len() > 1, "no crates below {}", root().display());
    crates
}

/// Returns every Rust file below the crate's `src`, sorted by path.
pub fn sources(krate: &Crate) -> Vec<Source> {
    let root = root();
    let mut pending = vec![krate.dir.join("src")];
    let mut sources = Vec::new();
    while let Some(path) = pending.pop() {
        if path.is_dir() {
            pending.extend(entries(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let relative = path.strip_prefix(&root).expect("crates are below the root");
            let path_text = relative.to_string_lossy().replace('\\', "/");
            sources.push(Source { path: path_text, text: read(&path) });
        }
    }
    sources.sort_by(|left, right| left.path.cmp(&right.path));
    assert!(!sources.is_empty(), "{} has no sources", krate.name);
    sources
}

/// Reads a TOML file that must be there and that a tool has accepted before.
pub fn table(path: &Path) -> toml::Table {
    read(path).parse().expect("cargo or clippy has read this file before")
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|cause| unreadable(path, &cause))
}

fn entries(dir: &Path) -> Vec<PathBuf> {
    std::fs::read_dir(dir)
        .and_then(|entries| entries.map(|entry| entry.map(|entry| entry.path())).collect())
        .unwrap_or_else(|cause| unreadable(dir, &cause))
}

#[expect(clippy::panic, reason = "a test that cannot read the tree has nothing to say")]
fn unreadable(path: &Path, cause: &std::io::Error) -> ! {
    panic!("{} cannot be read: {cause}", path.display())
}
