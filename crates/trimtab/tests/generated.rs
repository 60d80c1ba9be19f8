//! The reference pages that the binary writes about itself are those in the repository.
//!
//! A stale page is rewritten and the test fails, so that the second run passes and the
//! difference is there to read. `make gen` (`TRIMTAB_GEN=1`) rewrites without failing.

use std::path::Path;
use std::process::Command;

/// Returns what `trimtab docs <page>` prints, which has a title.
fn page(name: &str) -> String {
    let text = printed(name);
    let has_title = text.lines().any(|line| line.starts_with("# "));
    assert!(has_title, "`trimtab docs {name}` printed no page: {text:?}");
    text
}

/// Returns what `trimtab docs <page>` prints, in English and without what this machine adds.
fn printed(name: &str) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_trimtab"))
        .args(["docs", name])
        .env_clear()
        .env("LANG", "C")
        .env("NO_COLOR", "1")
        .env("COLUMNS", "100")
        .output()
        .expect("the binary has just been built");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "`trimtab docs {name}` failed: {errors}");
    String::from_utf8(output.stdout).expect("a page is UTF-8")
}

fn check(file: &str, fresh: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(file);
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    if committed == fresh {
        return;
    }
    if let Some(dir) = path.parent() {
        std::fs::create_dir_all(dir).expect("docs/ can be made");
    }
    std::fs::write(&path, fresh).expect("docs/ can be written");
    let is_asked_for = std::env::var_os("TRIMTAB_GEN").is_some_and(|value| value == "1");
    assert!(
        is_asked_for,
        "{file} was stale and has been rewritten; read the difference and commit it"
    );
}

#[test]
fn the_command_line_reference_is_fresh() {
    check("docs/cli.md", &page("cli"));
}

#[test]
fn the_description_of_the_api_is_fresh() {
    let text = printed("openapi");
    let described: serde_json::Value = serde_json::from_str(&text).expect("one JSON document");
    assert_eq!(described.get("openapi").and_then(serde_json::Value::as_str), Some("3.1.0"));
    check("docs/openapi.json", &text);
}

#[test]
fn the_configuration_reference_is_fresh() {
    check("docs/config.md", &page("config"));
}
