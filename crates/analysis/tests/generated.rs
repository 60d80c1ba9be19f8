//! What is generated from the checks is fresh, and every check has its four tests.
//!
//! `checks/mod.rs` comes from the names of the files beside it; `docs/checks/*.md` from the
//! head comment and the declaration of each check. A stale file is rewritten, and the test
//! fails so that nobody commits without it. With `TRIMTAB_GEN=1` it rewrites and passes.
#![expect(
    clippy::disallowed_methods,
    reason = "a generator reads and writes files; the crate itself does not"
)]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use trimtab_analysis::checks::ALL;
use trimtab_analysis::{Check, Need};

/// The parts that the names of a check's tests must contain, one test each at least.
const NEEDED_TESTS: &[&str] = &["fires", "passes", "just_under", "unknown"];

fn checks_directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src/checks")
}

fn docs_directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/checks")
}

/// Returns the source of every check file by its module name.
fn sources() -> BTreeMap<String, String> {
    std::fs::read_dir(checks_directory())
        .expect("the checks are beside the crate")
        .map(|entry| entry.expect("a readable entry").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .filter_map(|path| {
            let module = path.file_stem()?.to_str()?.to_owned();
            let source = std::fs::read_to_string(&path).expect("a readable source");
            // A half-written file without a declaration is not a check yet.
            (module != "mod" && source.contains("pub static CHECK: Check"))
                .then_some((module, source))
        })
        .collect()
}

/// Writes `text` if the file differs, and returns whether it did.
fn refresh(path: &Path, text: &str) -> bool {
    if std::fs::read_to_string(path).is_ok_and(|old| old == text) {
        return false;
    }
    std::fs::create_dir_all(path.parent().expect("a file in a directory"))
        .expect("a writable directory");
    std::fs::write(path, text).expect("a writable file");
    true
}

fn complain(stale: &[PathBuf]) {
    if std::env::var("TRIMTAB_GEN").is_ok_and(|value| value == "1") {
        return;
    }
    assert!(
        stale.is_empty(),
        "generated files were stale and have been rewritten; run again: {stale:?}"
    );
}

#[test]
fn the_list_of_checks_is_fresh() {
    let sources = sources();
    let mut text = String::from(
        "//! Every check, one file each. Written by `make gen` from the files beside it.\n\nuse crate::check::Check;\n\n",
    );
    for module in sources.keys() {
        writeln!(text, "mod {module};").expect("a string grows");
    }
    text.push_str("\n/// Every check, by name.\npub static ALL: &[&Check] = &[\n");
    for module in sources.keys() {
        writeln!(text, "    &{module}::CHECK,").expect("a string grows");
    }
    text.push_str("];\n");
    text.push_str(
        "\n/// The file of every check by its name; the head comment is the check's public page.\n#[rustfmt::skip]\n\
         pub static SOURCES: &[(&str, &str)] = &[\n",
    );
    for module in sources.keys() {
        writeln!(text, "    ({module}::CHECK.id, include_str!(\"{module}.rs\")),")
            .expect("a string grows");
    }
    text.push_str("];\n");
    let path = checks_directory().join("mod.rs");
    complain(&refresh(&path, &text).then_some(path).into_iter().collect::<Vec<_>>());
}

#[test]
fn the_pages_of_the_checks_are_fresh() {
    let sources = sources();
    let mut stale = Vec::new();
    let mut index = String::from(
        "<!-- Generated from crates/analysis/src/checks by `make gen`. -->\n# Checks\n\n\
         A check finds one condition that wastes money. Each page says what it finds, why that\n\
         costs, what we do about it, and what could go wrong.\n\n\
         | Check | What it finds | Recommends |\n| --- | --- | --- |\n",
    );
    for check in ALL {
        let module = check.id.replace('-', "_");
        let source = sources
            .get(&module)
            .unwrap_or_else(|| panic!("{} is not in checks/{module}.rs", check.id));
        let path = docs_directory().join(format!("{}.md", check.id));
        if refresh(&path, &page(check, source)) {
            stale.push(path);
        }
        let (id, title, action) = (check.id, check.title.en, check.action_type.as_str());
        writeln!(index, "| [`{id}`]({id}.md) | {title} | {action} |").expect("a string grows");
    }
    let path = docs_directory().join("README.md");
    if refresh(&path, &index) {
        stale.push(path);
    }
    for entry in std::fs::read_dir(docs_directory()).expect("written above") {
        let path = entry.expect("a readable entry").path();
        let name = path.file_stem().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
        if name != "README" && !ALL.iter().any(|check| check.id == name) {
            std::fs::remove_file(&path).expect("a removable file");
            stale.push(path);
        }
    }
    complain(&stale);
}

fn page(check: &Check, source: &str) -> String {
    let head: String = source
        .lines()
        .take_while(|line| line.starts_with("//!"))
        .map(|line| format!("{}\n", line.trim_start_matches("//!").trim_start_matches(' ')))
        .collect();
    let module = check.id.replace('-', "_");
    let mut text = format!(
        "<!-- Generated from crates/analysis/src/checks/{module}.rs by `make gen`. -->\n\
         # {id}\n\n{title} ({korean})\n\n{head}\n\
         **Recommends:** {action}, on `{kind}`\n\n## Thresholds\n\n",
        id = check.id,
        title = check.title.en,
        korean = check.title.ko,
        action = check.action_type.as_str(),
        kind = check.kind,
    );
    if check.thresholds.is_empty() {
        text.push_str("None.\n");
    } else {
        text.push_str("| Key | Default | Unit | Meaning |\n| --- | --- | --- | --- |\n");
        for threshold in check.thresholds {
            let (name, default, unit) = (threshold.name, threshold.default, threshold.unit);
            writeln!(text, "| `{name}` | {default} | {unit} | {} |", threshold.text.en)
                .expect("a string grows");
        }
    }
    text.push_str("\n## Reads\n\n");
    for need in check.needs {
        text.push_str(&need_line(need));
    }
    text
}

fn need_line(need: &Need) -> String {
    let words = |statistics: &[trimtab_model::metric::Statistic]| {
        statistics.iter().map(|statistic| statistic.as_str()).collect::<Vec<_>>().join(" or ")
    };
    match need {
        Need::Kind(kind) => format!("- inventory: `{kind}` (`{}`)\n", kind.operation()),
        Need::Metric(namespace, metric, statistics) => {
            format!("- metric: `{namespace}` `{metric}` ({})\n", words(statistics))
        }
        Need::OptionalMetric(namespace, metric, statistics) => {
            format!("- metric, if there: `{namespace}` `{metric}` ({})\n", words(statistics))
        }
        Need::OptionalBilling => {
            "- billing, if there: without it list prices are used\n".to_owned()
        }
    }
}

#[test]
fn every_check_has_its_four_tests() {
    for (module, source) in sources() {
        let tests = source.split_once("#[cfg(test)]").map_or("", |(_, tests)| tests);
        let names: Vec<&str> = tests
            .split("#[test]")
            .skip(1)
            .filter_map(|test| test.split_once("fn ")?.1.split_once('(').map(|(name, _)| name))
            .collect();
        for part in NEEDED_TESTS {
            assert!(
                names.iter().any(|name| name.contains(part)),
                "checks/{module}.rs needs a test whose name contains `{part}`: every check has one case that \
                 fires, one that passes, one just_under the threshold and one unknown; it has {names:?}"
            );
        }
    }
}

#[test]
fn every_check_says_all_that_its_page_needs() {
    for check in ALL {
        let module = check.id.replace('-', "_");
        let sources = sources();
        let source = sources
            .get(&module)
            .unwrap_or_else(|| panic!("{} is not in checks/{module}.rs", check.id));
        assert!(source.starts_with("//! "), "{module} has no head comment");
        for part in ["Why it costs", "What we do", "What could go wrong"] {
            assert!(
                source.contains(&format!("**{part}")),
                "the head comment of {module} does not say `{part}`"
            );
        }
        assert!(!check.title.en.is_empty() && !check.title.ko.is_empty(), "{module} has no title");
        assert!(
            check.needs.contains(&Need::Kind(check.kind)),
            "{module} does not need its own kind"
        );
        for threshold in check.thresholds {
            assert!(
                threshold.default.parse::<rust_decimal::Decimal>().is_ok(),
                "{module} {}",
                threshold.name
            );
            assert!(!threshold.text.ko.is_empty(), "{module} {}", threshold.name);
        }
    }
}
