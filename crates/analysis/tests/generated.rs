//! What is generated from the checks is fresh, and every check has its four tests.
//!
//! `checks/mod.rs` comes from the names of the files beside it; `docs/checks/*.md` and their
//! Korean counterparts in `docs/checks/ko/` from the head comment and the declaration of each check;
//! `docs/checks/parity.md` from `parity.csv` beside it. A stale file is rewritten, and the test
//! fails so that nobody commits without it. With `TRIMTAB_GEN=1` it rewrites and passes.
#![expect(
    clippy::disallowed_methods,
    reason = "a generator reads and writes files; the crate itself does not"
)]

mod parity;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use trimtab_analysis::checks::ALL;
use trimtab_analysis::page::page_of;
use trimtab_analysis::{Check, Need};
use trimtab_model::recommendation::ActionType;
use trimtab_model::text::Language;

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
    let mut stale = Vec::new();
    for language in [Language::En, Language::Ko] {
        let directory = match language {
            Language::En => docs_directory(),
            Language::Ko => docs_directory().join("ko"),
        };
        for (name, text) in pages(language) {
            let path = directory.join(format!("{name}.md"));
            if refresh(&path, &text) {
                stale.push(path);
            }
        }
        stale.extend(remove_pages_of_no_check(&directory));
    }
    complain(&stale);
}

/// Returns the index and the page of every check by the name of its file.
fn pages(language: Language) -> BTreeMap<String, String> {
    let words = words(language);
    let sources = sources();
    let mut index = words.index.to_owned();
    let mut pages = BTreeMap::new();
    for check in ALL {
        let source = sources.get(&module_of(check)).expect("every check has its file");
        pages.insert(check.id.to_owned(), page(check, source, language));
        let (id, title) = (check.id, check.title.get(language));
        let action = (words.action)(check.action_type);
        writeln!(index, "| [`{id}`]({id}.md) | {title} | {action} |").expect("a string grows");
    }
    pages.insert("README".to_owned(), index);
    pages.insert(parity::NAME.to_owned(), parity::page(&parity_data(), language));
    pages
}

fn parity_data() -> String {
    let path = docs_directory().join(parity::NAME).with_extension("csv");
    std::fs::read_to_string(path).expect("the data is beside the pages")
}

fn module_of(check: &Check) -> String {
    check.id.replace('-', "_")
}

/// Removes the pages of checks that are gone, and returns which.
fn remove_pages_of_no_check(directory: &Path) -> Vec<PathBuf> {
    let is_gone = |path: &PathBuf| {
        let name = path.file_stem().and_then(|name| name.to_str()).unwrap_or_default();
        let is_other = name == "README" || name == parity::NAME;
        path.is_file() && !is_other && !ALL.iter().any(|check| check.id == name)
    };
    let gone: Vec<PathBuf> = std::fs::read_dir(directory)
        .expect("written above")
        .map(|entry| entry.expect("a readable entry").path())
        .filter(is_gone)
        .collect();
    for path in &gone {
        std::fs::remove_file(path).expect("a removable file");
    }
    gone
}

/// The words of the pages that no check says itself.
struct Words {
    index: &'static str,
    recommends: &'static str,
    on: &'static str,
    action: fn(ActionType) -> &'static str,
    thresholds: &'static str,
    columns: &'static str,
    none: &'static str,
    unit: fn(&'static str) -> &'static str,
    reads: &'static str,
    inventory: &'static str,
    metric: &'static str,
    metric_if_there: &'static str,
    or: &'static str,
    billing_if_there: &'static str,
    billing: &'static str,
}

fn words(language: Language) -> &'static Words {
    match language {
        Language::En => &ENGLISH,
        Language::Ko => &KOREAN,
    }
}

static ENGLISH: Words = Words {
    index: "<!-- Generated from crates/analysis/src/checks by `make gen`. -->\n# Checks\n\n\
         [한국어](ko/README.md)\n\n\
         A check finds one condition that wastes money. Each page says what it finds, why that\n\
         costs, what we do about it, and what could go wrong. [Beside other tools](parity.md) says\n\
         which checks of other tools have one here.\n\n\
         | Check | What it finds | Recommends |\n| --- | --- | --- |\n",
    recommends: "Recommends",
    on: "on",
    action: ActionType::as_str,
    thresholds: "Thresholds",
    columns: "| Key | Default | Unit | Meaning |",
    none: "None.",
    unit: |unit| unit,
    reads: "Reads",
    inventory: "inventory",
    metric: "metric",
    metric_if_there: "metric, if there",
    or: " or ",
    billing_if_there: "billing, if there: without it list prices are used",
    billing: "billing",
};

static KOREAN: Words = Words {
    index: "<!-- Generated from crates/analysis/src/checks by `make gen`. -->\n# 점검\n\n\
         [English](../README.md)\n\n\
         점검 하나는 돈이 새는 상태 하나를 찾습니다. 각 문서에는 무엇을 찾는지, 왜 비용이 드는지,\n\
         어떤 조치를 제안하는지, 무엇을 주의해야 하는지가 나옵니다. 다른 도구의 점검과 비교한 내용은\n\
         [여기](parity.md)에 있습니다.\n\n\
         | 점검 | 찾는 것 | 권하는 조치 |\n| --- | --- | --- |\n",
    recommends: "권하는 조치",
    on: "대상:",
    action: korean_action,
    thresholds: "기준값",
    columns: "| 키 | 기본값 | 단위 | 뜻 |",
    none: "없습니다.",
    unit: korean_unit,
    reads: "읽는 데이터",
    inventory: "인벤토리",
    metric: "지표",
    metric_if_there: "지표(있을 때)",
    or: " 또는 ",
    billing_if_there: "청구 데이터(있을 때): 없으면 정가를 씁니다",
    billing: "청구 데이터",
};

fn korean_action(action: ActionType) -> &'static str {
    match action {
        ActionType::Rightsize => "적정 크기",
        ActionType::Stop => "중지",
        ActionType::Upgrade => "업그레이드",
        ActionType::Delete => "삭제",
        ActionType::ScaleIn => "축소",
        ActionType::MigrateToGraviton => "Graviton",
        ActionType::SetRetention => "보존 기간",
        ActionType::Reconfigure => "재구성",
        ActionType::Schedule => "운영 일정",
        ActionType::FixApplication => "애플리케이션 수정",
        ActionType::ConvertServerless => "함수로 전환",
        ActionType::MoveToContainers => "컨테이너로 전환",
    }
}

/// Units and their Korean; what is written the same everywhere stays.
const UNITS: &[(&str, &str)] = &[
    ("days", "일"),
    ("hours", "시간"),
    ("invocations", "회"),
    ("calls", "개"),
    ("operations/day", "회/일"),
    ("MB/day", "MB/일"),
    ("weeks", "주"),
    ("connections", "개"),
    ("B/s", "B/초"),
    ("%", "%"),
    ("GB", "GB"),
    ("GiB", "GiB"),
    ("IOPS", "IOPS"),
    ("ACU", "ACU"),
];

fn korean_unit(unit: &'static str) -> &'static str {
    let known = UNITS.iter().find(|(english, _)| *english == unit);
    assert!(known.is_some(), "the unit `{unit}` has no Korean");
    known.map_or(unit, |(_, korean)| korean)
}

fn page(check: &Check, source: &str, language: Language) -> String {
    let words = words(language);
    let title = match language {
        Language::En => format!("{} ({})", check.title.en, check.title.ko),
        Language::Ko => check.title.ko.to_owned(),
    };
    let mut text = format!(
        "<!-- Generated from crates/analysis/src/checks/{module}.rs by `make gen`. -->\n\
         # {id}\n\n{title}\n\n{docs}\n\n\
         **{recommends}:** {action}, {on} `{kind}`\n\n## {thresholds}\n\n",
        module = module_of(check),
        id = check.id,
        docs = page_of(source, language),
        recommends = words.recommends,
        action = (words.action)(check.action_type),
        on = words.on,
        kind = check.kind,
        thresholds = words.thresholds,
    );
    if check.thresholds.is_empty() {
        writeln!(text, "{}", words.none).expect("a string grows");
    } else {
        writeln!(text, "{}\n| --- | --- | --- | --- |", words.columns).expect("a string grows");
        for threshold in check.thresholds {
            let (name, default) = (threshold.name, threshold.default);
            let (unit, meaning) = ((words.unit)(threshold.unit), threshold.text.get(language));
            writeln!(text, "| `{name}` | {default} | {unit} | {meaning} |")
                .expect("a string grows");
        }
    }
    write!(text, "\n## {}\n\n", words.reads).expect("a string grows");
    for need in check.needs {
        writeln!(text, "- {}", need_line(need, words)).expect("a string grows");
    }
    text
}

fn need_line(need: &Need, words: &Words) -> String {
    let names = |statistics: &[trimtab_model::metric::Statistic]| {
        let names: Vec<&str> = statistics.iter().map(|statistic| statistic.as_str()).collect();
        names.join(words.or)
    };
    match need {
        Need::Kind(kind) => format!("{}: `{kind}` (`{}`)", words.inventory, kind.operation()),
        Need::Metric(namespace, metric, statistics) => {
            format!("{}: `{namespace}` `{metric}` ({})", words.metric, names(statistics))
        }
        Need::OptionalMetric(namespace, metric, statistics) => {
            format!("{}: `{namespace}` `{metric}` ({})", words.metric_if_there, names(statistics))
        }
        Need::OptionalBilling => words.billing_if_there.to_owned(),
        Need::Billing => words.billing.to_owned(),
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

/// What a paragraph of a page begins with in English and Korean, and whether each page needs it.
const PARAGRAPHS: &[(&str, &str, Presence)] = &[
    ("Why it costs", "비용이 드는 이유", Presence::Needed),
    ("What we do", "제안하는 조치", Presence::Needed),
    ("What could go wrong", "주의할 점", Presence::Needed),
    ("What it saves", "절감액", Presence::AsInEnglish),
    ("Where others err", "다른 도구와 다른 점", Presence::AsInEnglish),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Presence {
    Needed,
    AsInEnglish,
}

#[test]
fn every_check_says_all_that_its_page_needs() {
    let sources = sources();
    for check in ALL {
        let module = module_of(check);
        let source = sources.get(&module).expect("every check has its file");
        assert!(source.starts_with("//! "), "{module} has no head comment");
        let (english, korean) = (page_of(source, Language::En), page_of(source, Language::Ko));
        assert!(
            !korean.is_empty(),
            "the head comment of {module} has no Korean part behind a line `//! # 한국어`"
        );
        check_paragraphs(&module, &english, &korean);
        check_translation(&module, &english, &korean);
        assert!(!check.title.en.is_empty() && !check.title.ko.is_empty(), "{module} has no title");
        assert!(
            check.needs.contains(&Need::Kind(check.kind))
                || (check.kind.is_on_bill_only() && check.needs.contains(&Need::Billing)),
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

/// Asserts that both parts of a head comment have the same paragraphs, and all that are needed.
fn check_paragraphs(module: &str, english: &str, korean: &str) {
    for (in_english, in_korean, presence) in PARAGRAPHS {
        let is_in_english = english.contains(&format!("\n\n**{in_english}"));
        assert!(
            is_in_english || *presence == Presence::AsInEnglish,
            "the head comment of {module} does not say `{in_english}`"
        );
        assert_eq!(
            korean.contains(&format!("\n\n**{in_korean}.**")),
            is_in_english,
            "the Korean part of the head comment of {module} differs at `{in_korean}`"
        );
    }
    let count = |page: &str| page.split("\n\n").count();
    assert_eq!(count(english), count(korean), "{module} has other paragraphs in Korean");
}

/// Asserts that the Korean page has every figure and every code word of the English one.
fn check_translation(module: &str, english: &str, korean: &str) {
    for (what, parts) in [("figure", figures as fn(&str) -> Vec<String>), ("code", code_words)] {
        let in_korean = parts(korean);
        for part in parts(english) {
            assert!(in_korean.contains(&part), "{module} has no {what} `{part}` in Korean");
        }
    }
}

fn figures(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_ascii_digit() && c != '.' && c != ',')
        .map(|part| part.trim_matches(['.', ',']))
        .filter(|part| !part.is_empty())
        .map(str::to_owned)
        .collect()
}

fn code_words(text: &str) -> Vec<String> {
    text.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}
