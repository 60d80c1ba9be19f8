//! Texts that mean harm: in tags, in conditions, in names of plans, in settings. Each is shown as
//! it is, or refused, and never followed.
#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

mod support;

use std::process::Output;

use support::{Exports, json, stderr, stdout};

const VOLUMES: &str = "inventory/111122223333/ap-northeast-2/describe-volumes.json";

/// Returns what `analyze` says of volumes of these names, as they stand in JSON, in a format.
fn analysed(names: &[&str], format: &str) -> Output {
    let exports = Exports::small();
    let volume = |(number, name): (usize, &&str)| {
        format!(
            r#"{{"VolumeId": "vol-{number:04}", "VolumeType": "gp2", "Size": 100, "Iops": 300,
            "State": "available", "CreateTime": "2026-05-01T00:00:00+00:00", "Attachments": [],
            "AvailabilityZone": "ap-northeast-2a", "Tags": [{{"Key": "Name", "Value": "{name}"}}]}}"#
        )
    };
    let volumes: Vec<String> = names.iter().enumerate().map(volume).collect();
    exports.write(VOLUMES, format!("{{\"Volumes\": [{}]}}", volumes.join(",")));
    let dir = exports.dir();
    let (from, as_of) = (dir.to_str().unwrap(), "2026-11-01T00:00:00Z");
    exports.trimtab(&["analyze", "--from", from, "--as-of", as_of, "--wide", "-o", format])
}

#[test]
fn g01_a_tag_that_is_a_formula_is_inert_in_every_list() {
    let names =
        ["=HYPERLINK(1)", "+1+1", "-2+3", "@SUM(A1)", "\\t=1", "\\r=1", "  =1", "＝1", "\\ufeff=1"];
    let output = analysed(&names, "csv");
    let csv = stdout(&output);
    assert!(csv.lines().count() > names.len(), "{csv}{}", stderr(&output));
    let is_formula = |cell: &&str| {
        let cell = cell.trim_matches('"').trim_start();
        // A number may be below zero.
        cell.starts_with(['=', '+', '@', '＝', '＋', '－', '＠'])
            || (cell.starts_with('-') && cell.parse::<f64>().is_err())
    };
    let cells = csv.lines().flat_map(|line| line.split(','));
    let found: Vec<&str> = cells.filter(is_formula).collect();
    assert!(found.is_empty(), "{found:?}");
    // A machine gets the text as it is.
    let list = json(&analysed(&names, "json")).to_string();
    for name in ["=HYPERLINK(1)", "+1+1", "-2+3", "@SUM(A1)", "＝1"] {
        assert!(list.contains(name), "{name}: {list}");
    }
}

#[test]
fn g02_a_tag_that_is_markup_or_control_is_inert_everywhere() {
    let hidden = ['\u{1b}', '\u{7}', '\u{0}', '\u{202e}', '\u{2066}', '\u{2028}', '\u{9b}'];
    let long = "x".repeat(64 << 10);
    let names = [
        "\\u001b]0;owned\\u0007x",
        "\\u001b[2J\\u001b[31mred",
        "\\u001b]8;;http://evil.example\\u0007click\\u001b]8;;\\u0007",
        "safe\\u202egnp.exe",
        "a\\u2066b\\u2069",
        "line\\u2028break\\u0000end",
        "\\u009b31mred",
        "<img src=x onerror=alert(1)>",
        "</script><script>alert(1)</script>",
        "[click](javascript:alert(1))",
        "| cell | of a table |",
        "🎮👩‍💻 게임",
        long.as_str(),
    ];
    for format in ["table", "csv", "md", "json", "jsonl"] {
        let output = analysed(&names, format);
        let text = stdout(&output);
        assert!(output.status.success(), "{format}: {}", stderr(&output));
        assert!(!text.contains(hidden), "{format}: {text:?}");
        assert!(!stderr(&output).contains(hidden), "{format}");
        if format == "md" {
            let is_markup = text.contains("<img") || text.contains("<script");
            assert!(!is_markup && !text.contains("[click]("), "{text}");
        }
        // A text of 64 KiB is cut for people.
        if format == "table" {
            assert!(text.len() < 64 << 10, "{} bytes", text.len());
        }
    }
}

#[test]
fn g02_text_that_is_not_utf_8_is_told_and_costs_only_its_file() {
    let exports = Exports::small();
    let mut bytes = support::VOLUMES.as_bytes().to_vec();
    let at = support::VOLUMES.find("old-logs").unwrap();
    bytes.splice(at..at + 3, [0xff, 0xfe, 0x80]);
    exports.write(VOLUMES, bytes);
    let dir = exports.dir();
    let output = exports.trimtab(&["ingest", "--from", dir.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(4), "{}", stderr(&output));
    assert!(stderr(&output).contains("describe-volumes.json"), "{}", stderr(&output));
}

#[test]
fn g04_a_condition_or_a_name_that_is_a_path_or_a_query_is_refused_or_bound() {
    let exports = Exports::small();
    let dir = exports.dir();
    let analyze = exports.trimtab(&["analyze", "--from", dir.to_str().unwrap()]);
    assert!(analyze.status.success(), "{}", stderr(&analyze));
    let hostile = [
        "'; DROP TABLE plans; --",
        "\" OR \"\"=\"",
        "../../etc/passwd",
        "file:///etc/passwd",
        "\\\\host\\share",
        "%",
        "_",
        "$(id)",
        "${HOME}",
    ];
    for text in hostile {
        let filter = exports.trimtab(&["rec", "list", "--filter", text]);
        assert_eq!(filter.status.code(), Some(2), "{text}: {}", stdout(&filter));
        assert!(stderr(&filter).contains("hint:"), "{text}: {}", stderr(&filter));
        // As a value it is compared with, and nothing is like it.
        let quoted = format!("resource ~ '{}'", text.replace('\'', ""));
        let bound = exports.trimtab(&["rec", "list", "--filter", &quoted, "-o", "json"]);
        assert!(matches!(bound.status.code(), Some(0 | 2)), "{quoted}: {}", stderr(&bound));
        if bound.status.success() {
            assert_eq!(json(&bound)["items"].as_array().map(Vec::len), Some(0), "{quoted}");
        }
        for command in [["plan", "show"], ["run", "show"], ["rec", "show"], ["rollback", "--by=k"]]
        {
            let output = exports.trimtab(&[&command[..], &["--", text]].concat());
            let told = stderr(&output);
            assert!(matches!(output.status.code(), Some(1 | 2)), "{command:?} {text}: {told}");
            assert!(!told.contains("root:"), "{command:?} {text}: {told}");
        }
    }
    let list = exports.trimtab(&["plan", "list", "-o", "json"]);
    assert!(list.status.success(), "the table is there: {}", stderr(&list));
    assert!(json(&exports.trimtab(&["rec", "list", "-o", "json"]))["items"].is_array());
}

#[test]
fn g05_an_archive_writes_nothing_outside_the_data_directory() {
    let exports = Exports::small();
    let content = support::BILL.as_bytes();
    // The head of a tar archive: name, mode, owner, group, length, time, checksum, kind.
    let mut head = [0_u8; 512];
    head[..14].copy_from_slice(b"../../evil.csv");
    head[100..107].copy_from_slice(b"0000644");
    head[124..135].copy_from_slice(format!("{:011o}", content.len()).as_bytes());
    head[148..156].copy_from_slice(b"        ");
    head[156] = b'0';
    let sum: u32 = head.iter().map(|byte| u32::from(*byte)).sum();
    head[148..154].copy_from_slice(format!("{sum:06o}").as_bytes());
    let mut archive = head.to_vec();
    archive.extend(content);
    archive.resize(archive.len().next_multiple_of(512) + 1024, 0);
    let mut folded = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    std::io::Write::write_all(&mut folded, &archive).unwrap();
    exports.write("billing/evil.tar.gz", folded.finish().unwrap());
    exports.write("billing/evil.csv.gz", &archive);
    exports.write("billing/evil.tar", &archive);
    exports.write("billing/evil.zip", b"PK\x03\x04../../evil.csv");
    let dir = exports.dir();
    let output = exports.trimtab(&["ingest", "--from", dir.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(4), "{}", stderr(&output));
    let outside = [dir.join("evil.csv"), exports.data_dir().join("evil.csv")];
    let parent = dir.parent().unwrap().join("evil.csv");
    for path in outside.iter().chain([&parent]) {
        assert!(!path.exists(), "{}", path.display());
    }
}

#[test]
fn g16_settings_made_to_do_harm_are_refused_and_nothing_in_them_is_expanded() {
    let exports = Exports::small();
    let refused = |text: &str| {
        let path = exports.write("trimtab.toml", text);
        let output = exports.trimtab(&["config", "show", "--config", path.to_str().unwrap()]);
        let told = stderr(&output);
        assert_eq!(output.status.code(), Some(2), "{}…: {told}", &text[..text.len().min(40)]);
        assert!(told.contains("trimtab.toml") && told.contains("hint:"), "{told}");
    };
    refused(&format!("x = {}", "[".repeat(200_000)));
    refused(&format!("{} = 1", vec!["a"; 50_000].join(".")));
    refused("[scan]\nshare_percent = 99999999999999999999999999");
    refused("[rollout]\nmax_in_flight = 1e400");
    refused("[rollout]\nbudget_percent = -1");
    refused("lang = \"ko\"\nlang = \"en\"");
    refused("!!python/object/apply:os.system [\"id\"]");
    refused("unknown = \"${AWS_SECRET_ACCESS_KEY}\"");
    refused(&format!("lang = \"ko\"\n#{}", "x".repeat(5 << 20)));

    let path =
        exports.write("trimtab.toml", "profile = \"${HOME}-$(id)\"\ndata_dir = \"$HOME/d\"\n");
    let shown = exports.trimtab(&["config", "show", "--config", path.to_str().unwrap()]);
    let text = stdout(&shown);
    assert!(text.contains("${HOME}-$(id)"), "{text}{}", stderr(&shown));

    // What Terraform printed is data, too.
    let deep = exports.write("deep.json", format!("{{\"format_version\": {}", "[".repeat(100_000)));
    let create = ["plan", "create", "--by", "kim", "--terraform", deep.to_str().unwrap()];
    let output = exports.trimtab(&create);
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    assert!(stderr(&output).contains("deep.json"), "{}", stderr(&output));
}
