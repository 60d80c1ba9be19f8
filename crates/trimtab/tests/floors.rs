//! The shape of the workspace: who may depend on whom, and what a file may hold.
//!
//! ARCHITECTURE.md draws the floors; this test reads the manifests and the sources.

#[path = "workspace/tree.rs"]
mod tree;

use std::collections::BTreeSet;

/// A crate of ours, its floor, and which crates of ours it may name.
struct Floor {
    name: &'static str,
    floor: u8,
    may_use: MayUse,
}

/// Which crates of ours a crate may name.
enum MayUse {
    /// These only.
    Only(&'static [&'static str]),
    /// Every crate on a lower floor.
    EverythingBelow,
}

/// Every crate that exists or is planned; one that is not here fails the test.
const FLOORS: &[Floor] = &[
    Floor { name: "trimtab-model", floor: 0, may_use: MayUse::Only(&[]) },
    Floor { name: "trimtab-analysis", floor: 1, may_use: MayUse::Only(&["trimtab-model"]) },
    Floor { name: "trimtab-rollout", floor: 1, may_use: MayUse::Only(&["trimtab-model"]) },
    Floor { name: "trimtab-render", floor: 1, may_use: MayUse::Only(&["trimtab-model"]) },
    Floor { name: "trimtab-store", floor: 2, may_use: MayUse::Only(&["trimtab-model"]) },
    Floor {
        name: "trimtab-aws",
        floor: 2,
        may_use: MayUse::Only(&["trimtab-model", "trimtab-rollout"]),
    },
    Floor { name: "trimtab-prometheus", floor: 2, may_use: MayUse::Only(&["trimtab-model"]) },
    Floor { name: "trimtab-database", floor: 2, may_use: MayUse::Only(&["trimtab-model"]) },
    Floor {
        name: "trimtab-notify",
        floor: 2,
        may_use: MayUse::Only(&["trimtab-model", "trimtab-render"]),
    },
    Floor { name: "trimtab-app", floor: 3, may_use: MayUse::EverythingBelow },
    Floor { name: "trimtab-web", floor: 4, may_use: MayUse::EverythingBelow },
    Floor { name: "trimtab", floor: 5, may_use: MayUse::EverythingBelow },
];

/// Crates from outside that only some of ours may name; a `*` at the end stands for any ending.
const OWNERS: &[(&str, &[&str])] = &[
    ("rusqlite", &["trimtab-store"]),
    ("sqlx*", &["trimtab-database"]),
    ("datafusion*", &["trimtab-store"]),
    ("object_store", &["trimtab-store"]),
    // `app` writes the demo's files, and does so without the code of `store` that reads them:
    // a mistake made on both sides would otherwise cancel out.
    ("arrow*", &["trimtab-store", "trimtab-app"]),
    ("parquet", &["trimtab-store", "trimtab-app"]),
    ("aws-*", &["trimtab-aws"]),
    ("reqwest", &["trimtab-prometheus", "trimtab-notify"]),
    ("lettre", &["trimtab-notify"]),
    ("resvg", &["trimtab-notify"]),
    ("rust_xlsxwriter", &["trimtab-render"]),
    ("axum*", &["trimtab-web"]),
    ("tower*", &["trimtab-web"]),
    ("maud", &["trimtab-render", "trimtab-web"]),
    ("krilla", &["trimtab-render"]),
    ("utoipa*", &["trimtab-web"]),
    ("clap*", &["trimtab"]),
    ("indicatif", &["trimtab"]),
    ("plotters*", &["trimtab-render"]),
];

/// What no crate on floor 0 or 1 names: effects, and what would bring them along.
const IMPURE: &[&str] = &[
    "tokio*",
    "futures*",
    "async-*",
    "datafusion*",
    "arrow*",
    "parquet",
    "rusqlite",
    "object_store",
    "reqwest",
    "hyper*",
    "axum*",
    "aws-*",
    "directories",
    "tempfile",
    "rand*",
    "getrandom",
    "tracing-subscriber",
];

/// What a crate names only to draw numbers from a stated seed in an example that measures it.
const SEEDED: &[(&str, &[&str])] = &[("trimtab-rollout", &["rand", "rand_chacha"])];

/// File names that say nothing of what is inside.
const DRAWERS: &[&str] =
    &["util", "utils", "helper", "helpers", "common", "misc", "manager", "base", "imp"];

/// Files written by a test, which hold a list besides their `mod` lines.
const GENERATED: &[&str] =
    &["crates/analysis/src/checks/mod.rs", "crates/aws/src/inventory/mod.rs"];

/// Above this a file holds more than one thing; its tests do not count.
const MAX_LINES: usize = 500;

fn matches(pattern: &str, name: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(start) => name.starts_with(start),
        None => name == pattern,
    }
}

fn floor_of(name: &str) -> Option<&'static Floor> {
    FLOORS.iter().find(|floor| floor.name == name)
}

fn manifest(krate: &tree::Crate) -> toml::Table {
    tree::table(&krate.dir.join("Cargo.toml"))
}

/// Returns the packages that a table of a manifest names in `dependencies`,
/// `dev-dependencies` and `build-dependencies`, renamed ones by their real name.
fn named_in(table: &toml::Table) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for section in ["dependencies", "dev-dependencies", "build-dependencies"] {
        let Some(section) = table.get(section).and_then(toml::Value::as_table) else { continue };
        for (key, value) in section {
            let package = value.get("package").and_then(toml::Value::as_str);
            names.insert(package.unwrap_or(key).to_owned());
        }
    }
    names
}

/// Returns every package that the crate names, those for one platform only included.
fn dependencies(krate: &tree::Crate) -> BTreeSet<String> {
    let manifest = manifest(krate);
    let mut names = named_in(&manifest);
    let targets = manifest.get("target").and_then(toml::Value::as_table);
    for target in targets.into_iter().flat_map(toml::Table::values) {
        names.extend(target.as_table().map(named_in).unwrap_or_default());
    }
    names
}

fn assert_none(problems: &[String], rule: &str) {
    assert!(problems.is_empty(), "{rule}:\n  {}", problems.join("\n  "));
}

#[test]
fn every_crate_stands_on_a_floor() {
    let problems: Vec<String> = tree::crates()
        .iter()
        .filter(|krate| floor_of(&krate.name).is_none())
        .map(|krate| format!("{} is on no floor", krate.name))
        .collect();
    assert_none(&problems, "a new crate has its line in ARCHITECTURE.md and in FLOORS");
}

#[test]
fn dependencies_point_strictly_down() {
    let mut problems = Vec::new();
    for krate in tree::crates() {
        let Some(from) = floor_of(&krate.name) else { continue };
        for name in dependencies(&krate) {
            let Some(to) = floor_of(&name) else { continue };
            let allowed = match from.may_use {
                MayUse::Only(names) => names.contains(&to.name),
                MayUse::EverythingBelow => to.floor < from.floor,
            };
            if !allowed {
                problems.push(format!(
                    "{} (floor {}) names {} (floor {})",
                    from.name, from.floor, to.name, to.floor
                ));
            }
        }
    }
    assert_none(&problems, "dependencies point strictly down, as ARCHITECTURE.md draws them");
}

#[test]
fn the_table_of_floors_points_down() {
    let mut problems = Vec::new();
    for from in FLOORS {
        let MayUse::Only(names) = from.may_use else { continue };
        for name in names {
            match floor_of(name) {
                Some(to) if to.floor < from.floor => {}
                Some(_) => {
                    problems.push(format!("{} may use {name}, which is not below", from.name))
                }
                None => problems.push(format!("{} may use {name}, which is no crate", from.name)),
            }
        }
    }
    assert_none(&problems, "FLOORS itself points strictly down");
}

#[test]
fn floors_0_and_1_name_no_effects() {
    let mut problems = Vec::new();
    for krate in tree::crates() {
        if floor_of(&krate.name).is_none_or(|floor| floor.floor > 1) {
            continue;
        }
        // Test frameworks may draw random numbers; the crate itself and its tests may not.
        let seeded = SEEDED.iter().find(|(of, _)| *of == krate.name).map(|(_, names)| *names);
        let only_measured = |name: &str| {
            let dependencies = manifest(&krate).get("dependencies").cloned();
            let is_product = dependencies.is_some_and(|table| table.get(name).is_some());
            !is_product && seeded.is_some_and(|names| names.contains(&name))
        };
        for name in dependencies(&krate) {
            if IMPURE.iter().any(|pattern| matches(pattern, &name)) && !only_measured(&name) {
                problems.push(format!("{} names {name}", krate.name));
            }
        }
    }
    assert_none(&problems, "floors 0 and 1 have no clock, files, network or randomness");
}

#[test]
fn each_outside_is_named_by_its_owner_only() {
    let mut problems = Vec::new();
    for krate in tree::crates() {
        for name in dependencies(&krate) {
            let owners = OWNERS.iter().find(|(pattern, _)| matches(pattern, &name));
            if let Some((_, owners)) = owners
                && !owners.contains(&krate.name.as_str())
            {
                problems.push(format!("{} names {name}; {} may", krate.name, owners.join(" and ")));
            }
        }
    }
    assert_none(&problems, "an outside system is spoken to in one crate");
}

#[test]
fn versions_live_in_the_workspace_manifest() {
    let mut problems = Vec::new();
    for krate in tree::crates() {
        let manifest = manifest(&krate);
        for section in ["dependencies", "dev-dependencies", "build-dependencies"] {
            let Some(table) = manifest.get(section).and_then(toml::Value::as_table) else {
                continue;
            };
            for (name, value) in table {
                if value.get("workspace").and_then(toml::Value::as_bool) != Some(true) {
                    problems.push(format!("{} gives {name} a version of its own", krate.name));
                }
            }
        }
    }
    assert_none(&problems, "a dependency reads `name.workspace = true`");
}

#[test]
fn every_crate_takes_the_lints_of_the_workspace() {
    let problems: Vec<String> = tree::crates()
        .iter()
        .filter(|krate| {
            let manifest = manifest(krate);
            let lints = manifest.get("lints").and_then(|lints| lints.get("workspace"));
            lints.and_then(toml::Value::as_bool) != Some(true)
        })
        .map(|krate| krate.name.clone())
        .collect();
    assert_none(&problems, "a crate has `[lints] workspace = true`");
}

#[test]
fn no_file_is_longer_than_500_lines_before_its_tests() {
    let mut problems = Vec::new();
    for krate in tree::crates() {
        for source in tree::sources(&krate) {
            let lines = source.product_lines().count();
            if lines > MAX_LINES && !GENERATED.contains(&source.path.as_str()) {
                problems.push(format!("{} has {lines}", source.path));
            }
        }
    }
    assert_none(&problems, "a file of more than 500 lines holds more than one thing");
}

#[test]
fn no_file_is_a_drawer() {
    let mut problems = Vec::new();
    for krate in tree::crates() {
        for source in tree::sources(&krate) {
            let parts = source.path.trim_end_matches(".rs").split('/');
            if parts.skip(2).any(|part| DRAWERS.contains(&part)) {
                problems.push(source.path);
            }
        }
    }
    assert_none(&problems, "a file is named after the one thing in it");
}

#[test]
fn mod_and_lib_files_hold_only_docs_mod_and_use() {
    let mut problems = Vec::new();
    for krate in tree::crates() {
        for source in tree::sources(&krate) {
            let is_index = source.path.ends_with("/mod.rs") || source.path.ends_with("/lib.rs");
            if !is_index || GENERATED.contains(&source.path.as_str()) {
                continue;
            }
            if let Some((number, line)) = first_line_of_logic(&source) {
                problems.push(format!("{}:{number}: {}", source.path, line.trim()));
            }
        }
    }
    assert_none(&problems, "mod.rs and lib.rs hold documentation, `mod` and `use`");
}

/// Returns the first line that is neither a comment, an attribute, a `mod` nor part of a `use`.
fn first_line_of_logic(source: &tree::Source) -> Option<(usize, &str)> {
    let mut inside_use = false;
    source.product_lines().find(|(_, line)| {
        let line = line.trim();
        if inside_use {
            inside_use = !line.ends_with(';');
            return false;
        }
        if line.is_empty()
            || line.starts_with("//")
            || line.starts_with("#[")
            || line.starts_with("#![")
        {
            return false;
        }
        let item = line
            .strip_prefix("pub(crate) ")
            .or_else(|| line.strip_prefix("pub(super) "))
            .or_else(|| line.strip_prefix("pub "))
            .unwrap_or(line);
        if item.starts_with("use ") {
            inside_use = !item.ends_with(';');
            return false;
        }
        !(item.starts_with("mod ") && item.ends_with(';'))
    })
}

#[test]
fn every_check_has_four_tests() {
    let mut problems = Vec::new();
    for krate in tree::crates().iter().filter(|krate| krate.name == "trimtab-analysis") {
        for source in tree::sources(krate) {
            let is_check =
                source.path.contains("/src/checks/") && !source.path.ends_with("/mod.rs");
            let tests = source.text.lines().filter(|line| line.trim() == "#[test]").count();
            if is_check && tests < 4 {
                problems.push(format!("{} has {tests}", source.path));
            }
        }
    }
    assert_none(
        &problems,
        "a check has a test that fires, passes, misses narrowly and does not know",
    );
}
