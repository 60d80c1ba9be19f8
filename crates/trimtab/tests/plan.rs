//! Plans from outside: made, refused, approved, shown as a dry run; and nothing ever changed.

mod support;

use std::process::Output;

use support::{Exports, json, stderr, stdout};

const AS_OF: &str = "2026-11-01T00:00:00Z";

/// Changes may start at any hour.
const ALWAYS: &str = "\
[[account]]\nid = \"111122223333\"\nalias = \"starfall-dev\"\n\n\
[[rollout.window]]\nfrom = \"00:00\"\nuntil = \"00:00\"\ntimezone = \"Asia/Seoul\"\n";

/// A gp2 volume of development that is in use, read and analysed.
fn analysed() -> Exports {
    let exports = Exports::small();
    let addresses = "inventory/111122223333/ap-northeast-2/describe-addresses.json";
    exports.write(addresses, r#"{"Addresses": []}"#);
    exports.write(
        "inventory/111122223333/ap-northeast-2/describe-volumes.json",
        r#"{"Volumes": [
          {"VolumeId": "vol-0c", "VolumeType": "gp2", "Size": 100, "Iops": 300, "State": "in-use",
           "CreateTime": "2026-05-01T00:00:00+00:00", "AvailabilityZone": "ap-northeast-2a",
           "Attachments": [{"InstanceId": "i-0c", "Device": "/dev/xvdb", "State": "attached", "VolumeId": "vol-0c"}],
           "Tags": [{"Key": "Name", "Value": "match-logs"}, {"Key": "Environment", "Value": "dev"}]}
        ]}"#,
    );
    let dir = exports.dir();
    let ingest = exports.trimtab(&["ingest", "--from", dir.to_str().expect("UTF-8")]);
    assert!(ingest.status.success(), "{}", stderr(&ingest));
    let analyze = exports.trimtab(&["analyze", "--as-of", AS_OF, "-o", "json"]);
    assert!(analyze.status.success(), "{}", stderr(&analyze));
    exports
}

/// Runs `trimtab` with windows in the configuration.
fn with_windows(exports: &Exports, arguments: &[&str]) -> Output {
    let path = exports.write("trimtab.toml", ALWAYS);
    let config = ["--config", path.to_str().expect("UTF-8")];
    exports.trimtab(&[arguments, &config].concat())
}

/// Makes a plan, and returns its identifier and its hash.
fn made(output: &Output) -> (String, String) {
    let plan = json(output);
    let text = |key: &str| {
        plan.get(key).and_then(serde_json::Value::as_str).unwrap_or_default().to_owned()
    };
    assert_eq!(text("schema"), "trimtab/v1/plan.show");
    (text("plan"), text("hash"))
}

#[test]
fn without_a_window_nothing_is_approved() {
    let exports = analysed();
    let (id, hash) = made(&exports.trimtab(&["plan", "create", "--by", "kim", "-o", "json"]));
    let lint = exports.trimtab(&["plan", "lint", &id, "-o", "json"]);
    assert_eq!(lint.status.code(), Some(1), "{}", stderr(&lint));
    let found = json(&lint);
    assert_eq!(found["can_be_approved"], false);
    let codes: Vec<&str> =
        found["items"].as_array().unwrap().iter().filter_map(|one| one["code"].as_str()).collect();
    assert!(codes.contains(&"no-window"), "{codes:?}");

    let approve =
        exports.trimtab(&["plan", "approve", &id, "--stage", "dev", "--plan-hash", &hash]);
    // Nothing says who asks: this environment has no user.
    assert_eq!(approve.status.code(), Some(2), "{}", stderr(&approve));
    assert!(stderr(&approve).contains("--by"), "{}", stderr(&approve));
    let refused = exports.trimtab(&[
        "plan",
        "approve",
        &id,
        "--stage",
        "dev",
        "--plan-hash",
        &hash,
        "--by",
        "lee",
        "--lang",
        "ko",
    ]);
    assert_eq!(refused.status.code(), Some(1));
    let told = stderr(&refused);
    assert!(told.contains("승인할 수 없습니다") && told.contains("변경 시간대"), "{told}");
    let apply = exports.trimtab(&["apply", &id, "--execute", "--plan-hash", &hash, "--by", "lee"]);
    assert_eq!(apply.status.code(), Some(1), "{}", stderr(&apply));
    assert!(stderr(&apply).contains("is not approved"), "{}", stderr(&apply));
}

#[test]
fn a_plan_is_read_approved_and_rehearsed() {
    let exports = analysed();
    let created = with_windows(&exports, &["plan", "create", "--by", "kim", "-o", "json"]);
    let plan = json(&created);
    let (id, hash) = made(&created);
    assert!(id.starts_with("P-") && hash.len() == 64, "{id} {hash}");
    assert_eq!(plan["created_by"], "kim");
    assert_eq!(plan["accounts"][0]["alias"], "starfall-dev");
    assert_eq!(plan["changes"], 1);
    let change = &plan["stages"][0]["waves"][0]["changes"][0];
    assert_eq!(plan["stages"][0]["stage"], "dev");
    assert_eq!(change["resource_id"], "vol-0c");
    assert_eq!(change["recommended"]["volume_type"], "gp3");
    assert_eq!(change["recovery_point"], "volume-snapshot");
    assert!(change["estimated_monthly_savings"]["likely"].is_string());

    let page = stdout(&exports.trimtab(&["plan", "show", &id, "-o", "table"]));
    for part in [&hash[..], "Stage dev", "gp2", "gp3", "Change windows", "Undo", "plan approve"] {
        assert!(page.contains(part), "{part} is not in\n{page}");
    }
    let korean = stdout(&exports.trimtab(&["plan", "show", &id, "-o", "table", "--lang", "ko"]));
    for part in ["dev 단계", "변경 시간대", "볼륨 스냅샷", "다음: trimtab plan approve"]
    {
        assert!(korean.contains(part), "{part} is not in\n{korean}");
    }
    assert!(!korean.contains('['), "a text is missing: {korean}");

    // The hash is what is approved: the beginning of another one is refused as stale.
    let wrong = ["plan", "approve", &id, "--stage", "dev", "--by", "lee", "--plan-hash"];
    let other = exports.trimtab(&[&wrong[..], &["000000000000"]].concat());
    assert_eq!(other.status.code(), Some(20), "{}", stderr(&other));
    let short = exports.trimtab(&[&wrong[..], &[&hash[..11]]].concat());
    assert_eq!(short.status.code(), Some(2), "{}", stderr(&short));
    let stage = ["plan", "approve", &id, "--stage", "prod", "--by", "lee", "--plan-hash", &hash];
    assert_eq!(exports.trimtab(&stage).status.code(), Some(2));
    let approve = exports.trimtab(&[&wrong[..], &[&hash[..12]]].concat());
    assert!(approve.status.success(), "{}", stderr(&approve));
    let told = stdout(&approve);
    for part in ["1 change, waves: 1, accounts: 111122223333", "0 not at all", "/mo"] {
        assert!(told.contains(part), "{part} is not in\n{told}");
    }
    let list = json(&exports.trimtab(&["plan", "list", "-o", "json"]));
    assert_eq!(list["items"][0]["approvals"][0]["by"], "lee");

    let timetable = json(&exports.trimtab(&["plan", "simulate", &id, "-o", "json"]));
    assert_eq!(timetable["schema"], "trimtab/v1/plan.simulate");
    assert!(timetable["items"][0]["start"].is_string(), "{timetable}");

    let dry = exports.trimtab(&["apply", &id, "--stage", "dev", "-o", "json"]);
    assert!(dry.status.success(), "{}", stderr(&dry));
    let calls = json(&dry);
    assert_eq!(calls["schema"], "trimtab/v1/apply.dry-run");
    assert_eq!(calls["changed"], false);
    // Its times are those of the moment it was asked.
    let called = |shown: &serde_json::Value, field: &str| -> Vec<String> {
        let calls = shown["items"][0]["calls"].as_array().unwrap().iter();
        calls.map(|call| call[field].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(called(&calls, "action"), ["ec2:CreateSnapshot", "ec2:ModifyVolume"]);
    let next = calls["next"][0].as_str().unwrap();
    assert!(next.ends_with(&format!("--execute --plan-hash {}", &hash[..12])), "{next}");
    let next = json(&exports.trimtab(&["apply", &id, "--stage", "next", "-o", "json"]));
    assert_eq!(next["items"][0]["change"], calls["items"][0]["change"]);
    assert_eq!(called(&next, "command"), called(&calls, "command"));
    let canary = exports.trimtab(&["apply", &id, "--stage", "dev", "--canary", "5%"]);
    assert_eq!(canary.status.code(), Some(2), "{}", stderr(&canary));
    assert!(stderr(&canary).contains("it has: 100%"), "{}", stderr(&canary));
    let shown = stdout(&exports.trimtab(&["apply", &id, "-o", "table", "--lang", "ko"]));
    assert!(shown.contains("아무것도 바꾸지 않았습니다"), "{shown}");

    // Nobody can be asked here, so that the hash must be given.
    let asked = exports.trimtab(&["apply", &id, "--execute", "--by", "lee"]);
    assert_eq!(asked.status.code(), Some(2), "{}", stderr(&asked));
    assert_eq!(
        json(&exports.trimtab(&["run", "list", "-o", "json"]))["items"],
        serde_json::json!([])
    );
}

#[test]
fn a_plan_is_written_down_for_others_and_compared() {
    let exports = analysed();
    let (id, _) = made(&with_windows(&exports, &["plan", "create", "--by", "kim", "-o", "json"]));
    let script = stdout(&exports.trimtab(&["plan", "export", &id, "--format", "awscli"]));
    assert!(script.starts_with("#!/usr/bin/env bash"), "{script}");
    let notice = ["plan", "export", &id, "--format", "md", "--contact", "#oncall", "--lang", "ko"];
    let notice = stdout(&exports.trimtab(&notice));
    assert!(notice.contains("변경 예정 안내") && notice.contains("#oncall"), "{notice}");
    let same = exports.trimtab(&["plan", "diff", &id, &id, "-o", "json"]);
    assert_eq!(json(&same)["items"], serde_json::json!([]));
    let terraform = exports.write("state.json", "{}");
    let refused = exports.trimtab(&[
        "plan",
        "create",
        "--by",
        "kim",
        "--terraform",
        terraform.to_str().expect("UTF-8"),
    ]);
    assert!(stderr(&refused).contains("format_version"), "{}", stderr(&refused));
}

#[test]
fn what_is_not_there_is_told_with_what_to_do() {
    let exports = Exports::empty();
    for arguments in [
        ["plan", "show", "P-0000"].as_slice(),
        &["run", "show", "RUN-0"],
        &["rollback", "RUN-0", "--by", "kim"],
        &["plan", "create", "--by", "kim"],
    ] {
        let output = exports.trimtab(arguments);
        assert_eq!(output.status.code(), Some(1), "{arguments:?}: {}", stderr(&output));
        assert!(stderr(&output).contains("hint:"), "{arguments:?}: {}", stderr(&output));
    }
    let audit = json(&exports.trimtab(&["audit", "verify", "-o", "json"]));
    assert_eq!(audit["lines"], 0);
}

#[test]
fn the_lever_is_pulled_and_let_go() {
    let exports = Exports::empty();
    assert!(exports.trimtab(&["halt", "event tonight"]).status.success());
    assert!(exports.data_dir().join("halt").exists());
    let cleared = stdout(&exports.trimtab(&["halt", "--clear"]));
    assert!(cleared.contains("may start again"), "{cleared}");
    assert!(!exports.data_dir().join("halt").exists());
    assert_eq!(exports.trimtab(&["halt"]).status.code(), Some(2));
}

#[test]
fn g15_somebody_whom_the_owner_does_not_name_approves_nothing() {
    let exports = analysed();
    let rules = ALWAYS.replacen("[[rollout", "[rollout]\napprovers = [\"lee\"]\n[[rollout", 1);
    let path = exports.write("trimtab.toml", rules);
    let config = ["--config", path.to_str().expect("UTF-8")];
    let created =
        exports.trimtab(&[&["plan", "create", "--by", "kim", "-o", "json"][..], &config].concat());
    let (id, hash) = made(&created);
    let approve = |by: &str| {
        let arguments =
            ["plan", "approve", &id, "--stage", "dev", "--plan-hash", &hash, "--by", by];
        exports.trimtab(&arguments)
    };
    for by in ["kim", "choi", "Lee "] {
        let refused = approve(by);
        assert_eq!(refused.status.code(), Some(1), "{by}: {}", stderr(&refused));
        let told = stderr(&refused);
        assert!(told.contains("not among those who may approve"), "{by}: {told}");
        assert!(told.contains("hint:") && told.contains("lee"), "{by}: {told}");
    }
    let approved = approve("lee");
    assert!(approved.status.success(), "{}", stderr(&approved));
    // Nor does their word open what nothing else does.
    let word = ["plan", "attest", &id, "--change", "C-", "--row", "ec2-24", "--note", "seen"];
    let refused = exports.trimtab(&[&word[..], &["--by", "kim"]].concat());
    assert_eq!(refused.status.code(), Some(1), "{}", stderr(&refused));
    assert!(stderr(&refused).contains("not among those who may approve"), "{}", stderr(&refused));
}
