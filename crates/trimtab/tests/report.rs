//! Reports, as whoever sends them to their boss makes them.

#[expect(dead_code, reason = "the other test programs use the rest of it")]
mod support;

use support::{Exports, stderr, stdout};

/// The exports of the small company, read and analysed.
fn read() -> Exports {
    let exports = Exports::small();
    let from = exports.dir();
    for arguments in [&["ingest", "--from", from.to_str().expect("UTF-8")][..], &["analyze"]] {
        let output = exports.trimtab(arguments);
        assert!(output.status.success(), "{}{}", stdout(&output), stderr(&output));
    }
    exports
}

#[test]
fn every_report_is_written_in_every_format_and_both_languages() {
    let exports = read();
    let data = exports.data_dir();
    let home = data.parent().expect("a directory of ours");
    for kind in ["weekly"] {
        for language in ["ko", "en"] {
            for format in ["text", "md", "json", "html", "pdf"] {
                let file = home.join(format!("{kind}-{language}.{format}"));
                let out = file.to_str().expect("UTF-8");
                let arguments =
                    ["report", kind, "--format", format, "--out", out, "--lang", language];
                let output = exports.trimtab(&arguments);
                assert!(output.status.success(), "{arguments:?}: {}", stderr(&output));
                let bytes = std::fs::read(&file).expect("it is there");
                let begins: &[u8] = match format {
                    "json" => b"{",
                    "html" => b"<!DOCTYPE html>",
                    "pdf" => b"%PDF-",
                    _ => b"",
                };
                assert!(bytes.len() > 200 && bytes.starts_with(begins), "{arguments:?}");
                if format != "pdf" {
                    let text = String::from_utf8(bytes).expect("UTF-8");
                    assert!(!text.contains("[report-"), "a text is missing: {text}");
                }
            }
        }
    }
}

#[test]
fn the_same_data_gives_the_same_report() {
    let exports = read();
    let written = || stdout(&exports.trimtab(&["report", "weekly", "-o", "json"]));
    let first = written();
    assert!(first.contains("\"schema\": \"trimtab/v1/report\""), "{first}");
    assert_eq!(first, written());
}

#[test]
fn a_report_of_nothing_is_refused() {
    let exports = Exports::empty();
    let output = exports.trimtab(&["report", "weekly", "--lang", "en"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("trimtab ingest"), "{}", stderr(&output));
}

#[test]
fn users_that_were_read_are_not_called_unknown() {
    let exports = Exports::empty();
    let story = exports.data_dir().with_file_name("story");
    let story = story.to_str().expect("UTF-8");
    for arguments in [
        &["demo", "--no-serve", "--dir", story][..],
        &["ingest", "--from", story],
        &["analyze", "--as-of", "2026-10-31T00:00:00Z"],
    ] {
        let output = exports.trimtab(arguments);
        assert!(matches!(output.status.code(), Some(0 | 4)), "{}", stderr(&output));
    }
    let told = stdout(&exports.trimtab(&["report", "weekly", "--lang", "en"]));
    assert!(told.contains("Cost per daily user"), "{told}");
    assert!(!told.contains("users of each of these days are not known"), "{told}");
}
