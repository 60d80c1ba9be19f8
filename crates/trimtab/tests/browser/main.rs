//! Every page as a real browser shows it: in both languages, light and dark, wide and narrow; of the
//! demo's company, of a data directory without anything, of one with little, and of one that is damaged.

mod server;
#[path = "../support/mod.rs"]
mod support;

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

use server::{Server, home};
use support::{Exports, stderr, stdout};

/// Says in Korean and in won what the demo's company says in both.
const CONFIGURATION: &str = "\
lang = \"ko\"\ncurrency = \"KRW\"\ntimezone = \"Asia/Seoul\"\n\
[[exchange_rate]]\nfrom = \"USD\"\nto = \"KRW\"\nrate = 1385.2\ndate = \"2026-10-30\"\nsource = \"game-kr\"\n\
[[budget]]\nmonthly = \"10000000 KRW\"\n\
[[budget]]\nteam = \"플랫폼팀\"\nmonthly = \"1000 USD\"\n[[budget]]\nname = \"nobody\"\nteam = \"nobody\"\nmonthly = \"20000 USD\"\n";

/// Returns the directory of what drives the browser; none where it is not installed.
fn driver() -> Option<PathBuf> {
    let tools = std::env::var_os("TRIMTAB_TOOLS_DIR").map(PathBuf::from).unwrap_or_else(|| {
        let cache = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from).unwrap_or_else(|| {
            PathBuf::from(std::env::var_os("HOME").unwrap_or_default()).join(".cache")
        });
        cache.join("trimtab").join("tools")
    });
    let browser = tools.join("browser");
    let is_there = browser.join("node").exists() && PathBuf::from("/usr/bin/chromium").exists();
    is_there.then_some(browser)
}

fn ran(exports: &Exports, arguments: &[&str]) {
    let output = exports.trimtab(arguments);
    // 4: the answer is complete, and some of the data behind it was missing.
    let is_well = matches!(output.status.code(), Some(0 | 4));
    assert!(is_well, "{arguments:?}: {}{}", stdout(&output), stderr(&output));
}

/// The demo's company, read as a user's own exports are, with a plan and everything.
fn company() -> Exports {
    let exports = Exports::empty();
    std::fs::write(home(&exports).join("trimtab.toml"), CONFIGURATION).expect("a file of ours");
    let story = home(&exports).join("story");
    let story = story.to_str().expect("UTF-8");
    ran(&exports, &["demo", "--no-serve", "--dir", story]);
    ran(&exports, &["ingest", "--from", story]);
    ran(&exports, &["analyze", "--as-of", "2026-10-31T00:00:00Z"]);
    ran(&exports, &["plan", "create", "--filter", "risk<=low", "--by", "kim"]);
    exports
}

/// Damages every file of a lake, as a disk does.
fn damage(dir: &Path) {
    for entry in std::fs::read_dir(dir).expect("a lake") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            damage(&path);
        } else {
            std::fs::write(&path, "not what was written").expect("a file of ours");
        }
    }
}

#[test]
fn pages_are_well_in_a_real_browser() {
    let Some(driver) = driver() else {
        println!("skipped: no Chromium, or no playwright-core beside it; `./setup` installs both");
        return;
    };
    let company = company();
    let recommendations =
        support::json(&company.trimtab(&["rec", "list", "-o", "json", "--limit", "1"]));
    let first = recommendations["items"][0]["id"].as_str().expect("a recommendation").to_owned();
    let plans = support::json(&company.trimtab(&["plan", "list", "-o", "json"]));
    let plan = plans["items"][0]["plan"].as_str().expect("a plan").to_owned();
    let nothing = Exports::empty();
    let little = Exports::small();
    let from = little.dir();
    ran(&little, &["ingest", "--from", from.to_str().expect("UTF-8")]);
    ran(&little, &["analyze"]);
    let damaged = Exports::small();
    ran(&damaged, &["ingest", "--from", damaged.dir().to_str().expect("UTF-8")]);
    damage(&damaged.data_dir().join("lake"));

    let served = |exports: &Exports| Server::start(exports);
    let (demo, empty, partial, error) =
        (served(&company), served(&nothing), served(&little), served(&damaged));
    // What rests on the lake alone; the others say what they know without it.
    let failing = [
        "/",
        "/cost",
        "/cost?group_by=account&basis=billed",
        "/cost?group_by=environment",
        "/commitments",
        "/anomalies",
        "/budgets",
        "/unit",
        "/allocation",
        "/reports",
        "/coverage",
    ];
    let servers = json!([
        {
            "name": "demo", "address": demo.address,
            "paths": [format!("/recommendations/{first}"), format!("/plans/{plan}")],
            "keyboard": "type=Rightsize and env=staging and risk<=low",
        },
        {"name": "empty", "address": empty.address},
        {"name": "partial", "address": partial.address},
        {"name": "error", "address": error.address, "failing": failing},
    ]);
    // A script of this tree beside the modules that were installed.
    let script = tempfile::tempdir().expect("a temporary directory");
    let source = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tools/browser/pages.mjs");
    std::fs::copy(source, script.path().join("pages.mjs")).expect("a file of ours");
    let modules = driver.join("modules/node_modules");
    std::os::unix::fs::symlink(modules, script.path().join("node_modules")).expect("a link");
    let mut command = Command::new(driver.join("node"));
    command.arg(script.path().join("pages.mjs")).arg(servers.to_string());
    // Pictures are for whoever wants to look.
    command.args(std::env::var_os("TRIMTAB_PICTURES"));
    let output = command.output().expect("node runs");
    let lines = stdout(&output);
    let last: Value =
        lines.lines().last().and_then(|line| serde_json::from_str(line).ok()).unwrap_or_default();
    println!("pages looked at: {}", last["looked"]);
    assert_eq!(last["faults"], json!(0), "{lines}{}", stderr(&output));
    assert!(output.status.success());
}
