//! The texts are complete: the same keys in both languages, all of them used, none missing.
#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "this test reads the sources of the code base"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use trimtab_render::locale::{ENGLISH, KOREAN};

#[test]
fn both_languages_have_the_same_keys_and_placeholders() {
    assert_eq!(messages(ENGLISH), messages(KOREAN));
}

#[test]
fn every_key_in_the_code_exists() {
    let known = messages(ENGLISH);
    let missing: Vec<String> =
        called_keys(&sources()).into_iter().filter(|key| !known.contains_key(key)).collect();
    assert!(missing.is_empty(), "these keys have no text: {missing:?}");
}

#[test]
fn every_text_is_used() {
    // A key may be chosen before it is looked up: its literal anywhere is a use.
    let sources = sources();
    let is_used = |key: &String| {
        let literal = format!("\"{key}\"");
        sources.iter().any(|source| source.contains(&literal))
    };
    let unused: Vec<String> = messages(ENGLISH).into_keys().filter(|key| !is_used(key)).collect();
    assert!(unused.is_empty(), "these texts are not used: {unused:?}");
}

#[test]
fn texts_are_calm_and_korean_particles_are_not_glued_to_variables() {
    for source in [ENGLISH, KOREAN] {
        assert!(!source.contains('!'), "no exclamation marks");
    }
    for particle in ["}을", "}를", "}이 ", "}가 ", "}은 ", "}는 ", "}와 ", "}과 ", "}로 ", "}으로"]
    {
        assert!(!KOREAN.contains(particle), "{particle}");
    }
}

/// Keys and the names of their placeholders.
fn messages(source: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut messages: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut current = String::new();
    for line in source.lines().filter(|line| !line.starts_with('#')) {
        if let Some((key, _)) = line.split_once(" =").filter(|_| !line.starts_with([' ', '}'])) {
            assert!(!messages.contains_key(key), "{key} is there twice");
            current = key.to_owned();
            messages.insert(current.clone(), BTreeSet::new());
        }
        for piece in line.split('$').skip(1) {
            let name: String =
                piece.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
            messages.entry(current.clone()).or_default().insert(name);
        }
    }
    messages
}

/// The keys of every `locale.text("…")`, `locale().text("…")` and the same with
/// `text_with`, outside tests.
fn called_keys(sources: &[String]) -> BTreeSet<String> {
    let mut keys = BTreeSet::new();
    for source in sources {
        for call in [".text(", ".text_with("] {
            let pieces: Vec<&str> = source.split(call).collect();
            for pair in pieces.windows(2) {
                let [before, after] = pair else { continue };
                let before = before.trim_end();
                let of_locale = before.ends_with("locale") || before.ends_with("locale()");
                let Some(literal) = after.trim_start().strip_prefix('"').filter(|_| of_locale)
                else {
                    continue;
                };
                keys.extend(literal.split('"').next().map(str::to_owned));
            }
        }
    }
    keys
}

/// The code of every crate, without its tests.
fn sources() -> Vec<String> {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut sources = Vec::new();
    for entry in std::fs::read_dir(crates).unwrap() {
        collect(&entry.unwrap().path().join("src"), &mut sources);
    }
    sources
}

fn collect(folder: &Path, sources: &mut Vec<String>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, sources);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let source = std::fs::read_to_string(&path).unwrap();
            sources.extend(source.split("#[cfg(test)]\nmod tests").next().map(str::to_owned));
        }
    }
}
