//! The examples of reports in docs are what the program writes of the demo's company.
//!
//! Stale ones are rewritten as `generated` does it.

#[path = "support/company.rs"]
mod company;
#[expect(dead_code, reason = "the other test programs use the rest of it")]
mod support;

use std::path::Path;

use company::company;
use support::stderr;

/// The reports that there are.
const PERIODS: &[&str] = &["weekly", "monthly", "quarterly"];
/// The languages, each with the currency that its readers count in.
const LANGUAGES: &[(&str, &str)] = &[("en", "USD"), ("ko", "KRW")];
/// The formats. Each gives the same bytes for the same report.
const FORMATS: &[&str] = &["html", "pdf", "xlsx"];

/// The rate of the story, and its company's days.
const CONFIGURATION: &str = r#"
timezone = "Asia/Seoul"

[[exchange_rate]]
from = "USD"
to = "KRW"
rate = "1385.2"
date = "2026-10-30"
source = "game-kr"
"#;

#[test]
fn the_examples_of_reports_are_fresh() {
    let exports = company(CONFIGURATION);
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/examples");
    std::fs::create_dir_all(&docs).expect("docs/ can be written");
    let mut stale = Vec::new();
    for period in PERIODS {
        for (language, currency) in LANGUAGES {
            for format in FORMATS {
                let name = format!("{period}.{language}.{format}");
                let fresh = exports.dir().join(&name);
                let out = fresh.to_str().expect("UTF-8");
                let output = exports.trimtab(&[
                    "report",
                    period,
                    "--format",
                    format,
                    "--out",
                    out,
                    "--lang",
                    language,
                    "--currency",
                    currency,
                ]);
                assert!(output.status.success(), "{name}: {}", stderr(&output));
                let fresh = std::fs::read(&fresh).expect("it was written");
                let path = docs.join(&name);
                if !std::fs::read(&path).is_ok_and(|committed| committed == fresh) {
                    std::fs::write(&path, fresh).expect("docs/ can be written");
                    stale.push(name);
                }
            }
        }
    }
    let is_asked_for = std::env::var_os("TRIMTAB_GEN").is_some_and(|value| value == "1");
    assert!(
        is_asked_for || stale.is_empty(),
        "docs/examples had stale reports, which have been rewritten: {stale:?}; look at them and commit them"
    );
}
