//! Everything that can go wrong has its row, and every row its test or a reason.
//!
//! `docs/failures.csv` is the catalogue. A test of a row is named after it: `d06_` and what must
//! come of it.

#[path = "workspace/tree.rs"]
#[expect(dead_code, reason = "the other tests of the workspace look at more of it")]
mod tree;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// How many rows each section has.
const SECTIONS: &[(char, usize)] =
    &[('A', 18), ('B', 10), ('C', 17), ('D', 50), ('E', 29), ('F', 16), ('G', 20), ('H', 10)];

/// Why a row may have no test: what it is about is not there. Anything else needs one.
const REASONS: &[&str] = &[
    "trimtab changes no lifecycle of a bucket",
    "trimtab deletes no NAT gateway",
    "trimtab deletes no load balancer",
    "what a change has saved since is not measured yet",
    "no release is published yet: there is nothing to sign",
    "its gates need metrics of hours that have not been yet, which no test can plant",
];

/// A row of the catalogue.
struct Row {
    fault: String,
    outcome: String,
    left_out: String,
}

/// Splits a line at its commas, but for those between quotes.
fn fields(line: &str) -> Vec<String> {
    let mut fields = vec![String::new()];
    let mut is_quoted = false;
    for character in line.chars() {
        match character {
            '"' => is_quoted = !is_quoted,
            ',' if !is_quoted => fields.push(String::new()),
            other => fields.last_mut().expect("there is a first one").push(other),
        }
    }
    fields
}

fn catalogue() -> BTreeMap<String, Row> {
    let path = tree::root().join("docs/failures.csv");
    let text = std::fs::read_to_string(path).expect("the catalogue is there");
    let mut rows = BTreeMap::new();
    for line in text.lines().skip(1) {
        let [id, fault, outcome, left_out] =
            fields(line).try_into().expect("a row has four columns");
        let known = rows.insert(id.clone(), Row { fault, outcome, left_out });
        assert!(known.is_none(), "{id} has two rows");
    }
    rows
}

/// Lists the Rust files of a directory and of those below it.
fn files(dir: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(dir) else { return Vec::new() };
    let mut found = Vec::new();
    for entry in entries {
        let path = entry.expect("a directory that was opened can be read").path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found
}

/// Returns every source of every crate, tests and all.
fn texts() -> Vec<String> {
    let mut texts = Vec::new();
    for krate in tree::crates() {
        texts.extend(tree::sources(&krate).into_iter().map(|source| source.text));
        for path in files(&krate.dir.join("tests")) {
            texts.push(std::fs::read_to_string(path).expect("a file that was listed can be read"));
        }
    }
    texts
}

/// Returns the row that a test of this name is of.
fn row_of(name: &str) -> Option<String> {
    let (id, _) = name.split_once('_')?;
    let mut characters = id.chars();
    let section = characters.next().filter(|section| ('a'..='h').contains(section))?;
    let number = characters.as_str();
    let is_number = number.len() == 2 && number.chars().all(|digit| digit.is_ascii_digit());
    is_number.then(|| format!("{}{number}", section.to_ascii_uppercase()))
}

/// Returns the tests of each row: functions of such a name behind `#[test]`.
fn tests() -> BTreeMap<String, BTreeSet<String>> {
    let mut tests: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for text in texts() {
        let mut is_test = false;
        for line in text.lines().map(str::trim) {
            let name = line
                .strip_prefix("fn ")
                .or_else(|| line.strip_prefix("async fn "))
                .and_then(|rest| rest.split('(').next());
            match name {
                Some(name) if is_test => {
                    if let Some(row) = row_of(name) {
                        tests.entry(row).or_default().insert(name.to_owned());
                    }
                    is_test = false;
                }
                Some(_) => is_test = false,
                // Other attributes may stand between the two.
                None => {
                    is_test = matches!(line, "#[test]" | "#[tokio::test]")
                        || (is_test && !line.is_empty())
                }
            }
        }
    }
    tests
}

/// Returns the rows that have a test.
fn tested() -> BTreeSet<String> {
    tests().into_keys().collect()
}

#[test]
fn every_section_has_all_of_its_rows() {
    let rows = catalogue();
    for (section, count) in SECTIONS {
        for number in 1..=*count {
            assert!(rows.contains_key(&format!("{section}{number:02}")), "{section}{number:02}");
        }
    }
    assert_eq!(rows.len(), SECTIONS.iter().map(|(_, count)| count).sum::<usize>());
    let is_told = |row: &Row| !row.fault.is_empty() && !row.outcome.is_empty();
    assert!(rows.values().all(is_told), "a row says what happens and what must come of it");
}

#[test]
fn every_row_has_a_test_or_a_reason() {
    let tested = tested();
    let bare: Vec<String> = catalogue()
        .into_iter()
        .filter(|(id, row)| row.left_out.is_empty() && !tested.contains(id))
        .map(|(id, row)| format!("{id}: {}", row.fault))
        .collect();
    assert!(bare.is_empty(), "rows without a test and without a reason:\n  {}", bare.join("\n  "));
}

#[test]
fn a_row_is_left_out_for_a_reason_that_is_known_and_only_without_a_test() {
    let tested = tested();
    for (id, row) in catalogue().iter().filter(|(_, row)| !row.left_out.is_empty()) {
        assert!(REASONS.contains(&row.left_out.as_str()), "{id}: {}", row.left_out);
        assert!(!tested.contains(id), "{id} has a test and a reason to have none");
    }
    for reason in REASONS {
        assert!(catalogue().values().any(|row| row.left_out == *reason), "nothing is {reason:?}");
    }
}

/// `cargo test --test failures -- --nocapture` prints what the pages say of the catalogue.
#[test]
fn the_counts_are_printed() {
    let (rows, tested) = (catalogue(), tests());
    let covered = rows.values().filter(|row| row.left_out.is_empty()).count();
    let tests: usize = tested.values().map(BTreeSet::len).sum();
    println!(
        "{} rows: {covered} covered by {tests} tests, {} left out",
        rows.len(),
        rows.len() - covered
    );
    for reason in REASONS {
        let of = rows.iter().filter(|(_, row)| row.left_out == *reason);
        let ids: Vec<&str> = of.map(|(id, _)| id.as_str()).collect();
        println!("  {}: {reason}", ids.join(" "));
    }
    assert!(tests >= covered, "a row that is covered has a test");
}

#[test]
fn every_test_has_its_row() {
    let rows = catalogue();
    let strays: Vec<String> = tested().into_iter().filter(|id| !rows.contains_key(id)).collect();
    assert!(strays.is_empty(), "tests without a row: {}", strays.join(", "));
}
