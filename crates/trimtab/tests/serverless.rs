//! `trimtab serverless`: servers that mostly wait, and the functions that are there.

mod support;

use std::path::PathBuf;

use support::{Exports, json, stderr, stdout};

const PLACE: &str = "inventory/111122223333/ap-northeast-2";
const DAYS: i64 = 14;

/// A server that works for five minutes of every two hours, a function that is called ten times an hour, and one that nothing was
/// read of.
fn analyzed() -> Exports {
    analyzed_with(|sample| sample % 24 == 0)
}

/// The same with a server that works in the samples of five minutes of which `works` says so.
fn analyzed_with(works: impl Fn(i64) -> bool) -> Exports {
    let exports = Exports::empty();
    exports.write(
        &format!("{PLACE}/describe-instances.json"),
        r#"{"Reservations": [{"OwnerId": "111122223333", "Instances": [{
            "InstanceId": "i-0wait", "InstanceType": "m5.xlarge", "State": {"Code": 16, "Name": "running"},
            "LaunchTime": "2026-05-01T00:00:00+00:00", "PlatformDetails": "Linux/UNIX",
            "Placement": {"AvailabilityZone": "ap-northeast-2a", "Tenancy": "default"},
            "RootDeviceType": "ebs", "Tags": [{"Key": "Name", "Value": "notice-server"}]}]}]}"#,
    );
    exports.write(
        &format!("{PLACE}/list-functions.json"),
        r#"{"Functions": [
            {"FunctionName": "resize", "FunctionArn": "arn:aws:lambda:ap-northeast-2:111122223333:function:resize",
             "Runtime": "python3.12", "Architectures": ["x86_64"], "MemorySize": 1024, "Timeout": 900, "PackageType": "Zip"},
            {"FunctionName": "never-read", "FunctionArn": "arn:aws:lambda:ap-northeast-2:111122223333:function:never-read",
             "Runtime": "python3.12", "Architectures": ["arm64"], "MemorySize": 256, "Timeout": 3, "PackageType": "Zip"}
        ]}"#,
    );
    exports.write("metrics/samples.csv", samples(works));
    analyze(&exports);
    exports
}

/// Analyses what is there.
fn analyze(exports: &Exports) {
    let dir = exports.dir();
    let dir = dir.to_str().expect("UTF-8");
    let output =
        exports.trimtab(&["analyze", "--from", dir, "--as-of", "2026-10-31T00:00:00Z", "--quiet"]);
    assert!(matches!(output.status.code(), Some(0 | 4)), "{}", stderr(&output));
}

fn samples(works: impl Fn(i64) -> bool) -> String {
    let mut samples =
        String::from("resource_id,namespace,metric,statistic,period_seconds,timestamp,value\n");
    let start: jiff::Timestamp = "2026-10-17T00:00:00Z".parse().expect("a moment");
    for sample in 0..DAYS * 288 {
        let moment = start + jiff::SignedDuration::from_mins(5 * sample);
        let cpu = if works(sample) { 16.0 } else { 1.0 };
        samples.push_str(&format!("i-0wait,AWS/EC2,CPUUtilization,Average,300,{moment},{cpu}\n"));
        if sample % 12 == 0 {
            samples.push_str(&format!("resize,AWS/Lambda,Invocations,Sum,300,{moment},10\n"));
            samples.push_str(&format!("resize,AWS/Lambda,Duration,Sum,300,{moment},5000\n"));
        }
    }
    samples
}

/// Five calls of the function at each of two sizes, and one in a new environment.
fn points(exports: &Exports) -> PathBuf {
    let mut text = String::from("memory_mb,duration_ms,cold\n1024,2000,true\n");
    for noise in 0..5 {
        text.push_str(&format!("1024,{},false\n512,{},false\n", 500 + noise, 510 + noise));
    }
    exports.write("points/points.csv", text)
}

/// The server reads a queue, as its tag says: one message in each stretch of work, and seven that wait at most.
fn with_queue() -> Exports {
    let exports = analyzed();
    let instances = exports.dir().join(PLACE).join("describe-instances.json");
    let listed = std::fs::read_to_string(&instances).expect("instances");
    let tag = r#"{"Key": "trimtab:queue", "Value": "jobs"}, {"Key": "Name""#;
    std::fs::write(&instances, listed.replace(r#"{"Key": "Name""#, tag)).expect("a tag");
    let mut samples =
        String::from("resource_id,namespace,metric,statistic,period_seconds,timestamp,value\n");
    let start: jiff::Timestamp = "2026-10-17T00:00:00Z".parse().expect("a moment");
    let depth = "ApproximateNumberOfMessagesVisible";
    for sample in 0..DAYS * 288 {
        let moment = start + jiff::SignedDuration::from_mins(5 * sample);
        let works = f64::from(u8::from(sample % 24 == 0));
        for (metric, statistic, value) in [
            ("NumberOfMessagesReceived", "Sum", works),
            ("ApproximateNumberOfMessagesNotVisible", "Sum", 2.0 * works),
            (depth, "Average", works),
            (depth, "Maximum", 7.0 * works),
        ] {
            samples.push_str(&format!("jobs,AWS/SQS,{metric},{statistic},300,{moment},{value}\n"));
        }
    }
    exports.write("metrics/queue.csv", samples);
    analyze(&exports);
    exports
}

fn has_hangul(text: &str) -> bool {
    text.chars().any(|letter| ('가'..='힣').contains(&letter))
}

#[test]
fn every_answer_is_there_in_both_languages_and_as_json() {
    let exports = analyzed();
    let points = points(&exports);
    let points = points.to_str().expect("UTF-8");
    let cases: [(&str, &[&str], &str); 6] = [
        ("serverless.list", &["list"], "i-0wait"),
        ("serverless.show", &["show", "notice-server"], "notice-server"),
        ("serverless.show", &["explain", "i-0wait"], "notice-server"),
        ("serverless.simulate", &["simulate", "i-0wait", "--factor", "10"], "Lambda"),
        ("serverless.functions", &["functions"], "resize"),
        ("serverless.tune", &["tune", "resize", "--points", points], "512"),
    ];
    for (schema, arguments, expected) in cases {
        let run = |more: &[&str]| {
            let output = exports.trimtab(&[&["serverless"][..], arguments, more].concat());
            assert!(output.status.success(), "{arguments:?}: {}", stderr(&output));
            output
        };
        let english = stdout(&run(&["-o", "table", "--lang", "en"]));
        assert!(english.contains(expected), "{expected:?} is not in {english}");
        assert!(!has_hangul(&english), "{english}");
        let korean = stdout(&run(&["-o", "table", "--lang", "ko"]));
        assert!(korean.contains(expected) && has_hangul(&korean), "{korean}");
        let answer = json(&run(&["-o", "json"]));
        assert_eq!(answer["schema"], format!("trimtab/v1/{schema}"));
    }
}

#[test]
fn lists_are_csv_in_english_and_pages_have_none() {
    let exports = analyzed();
    let points = points(&exports);
    let points = points.to_str().expect("UTF-8");
    let csv = |arguments: &[&str]| {
        exports.trimtab(&[&["serverless"][..], arguments, &["-o", "csv", "--lang", "ko"]].concat())
    };
    for (arguments, header) in [
        (&["list"][..], "resource,name,"),
        (&["functions"][..], "resource,account,"),
        (&["tune", "resize", "--points", points][..], "memory_mb,architecture,"),
    ] {
        let output = csv(arguments);
        let text = stdout(&output);
        assert!(output.status.success() && text.starts_with(header), "{text}{}", stderr(&output));
        assert!(!has_hangul(&text), "{text}");
    }
    for arguments in [&["show", "i-0wait"][..], &["explain", "i-0wait"], &["simulate", "i-0wait"]] {
        assert_eq!(csv(arguments).status.code(), Some(2), "{arguments:?}");
    }
}

#[test]
fn work_that_is_cut_is_explained_and_simulated_as_it_is_priced() {
    // Half an hour twice a day.
    let exports = analyzed_with(|sample| sample % 144 < 6);
    let run = |arguments: &[&str]| {
        let output = exports.trimtab(&[&["serverless"][..], arguments].concat());
        assert!(output.status.success(), "{arguments:?}: {}", stderr(&output));
        output
    };
    for (language, expected) in [("en", "cut into 3 runs"), ("ko", "3번에 나누어")] {
        for command in ["explain", "show"] {
            let page = stdout(&run(&[command, "i-0wait", "-o", "table", "--lang", language]));
            assert!(page.contains(expected), "{page}");
        }
    }
    let number = |value: &serde_json::Value| -> f64 {
        value.as_str().and_then(|text| text.parse().ok()).expect("a number")
    };
    let shown = json(&run(&["show", "i-0wait", "-o", "json"]));
    let proposed = &shown["item"]["economics"]["options"][0];
    let simulated = json(&run(&["simulate", "i-0wait", "-o", "json"]));
    let simulation = &simulated["simulation"];
    for (one, other) in [
        (&simulation["runs"], &proposed["components"][0]["quantity"]),
        (&simulation["function"], &proposed["monthly_high"]),
    ] {
        assert!((number(one) - number(other)).abs() < 1e-3, "{one} {other}");
    }
}

#[test]
fn a_function_is_told_by_its_metrics_and_one_without_them_is_unknown() {
    let exports = analyzed();
    let list = |more: &[&str]| {
        json(&exports.trimtab(&[&["serverless", "functions", "-o", "json"][..], more].concat()))
    };
    let answer = list(&[]);
    let items = answer["items"].as_array().expect("items");
    let resize = &items[0];
    assert_eq!(resize["resource"]["id"], "resize");
    let calls = resize["work"]["calls"].as_f64().expect("calls");
    // Ten calls at the beginning of each hour: from the first sample to the last one.
    assert!((calls - 7320.0).abs() < 1.0, "{calls}");
    assert_eq!(resize["work"]["duration_ms"], 500.0);
    assert_eq!(resize["cost_source"], "metrics");
    // 3,660 GB-seconds and 7,320 requests.
    let cost = resize["cost"]["amount"].as_str().expect("an amount");
    assert!(cost.starts_with("0.0624"), "{cost}");
    let codes: Vec<&str> = resize["remarks"]
        .as_array()
        .expect("remarks")
        .iter()
        .filter_map(|remark| remark["code"].as_str())
        .collect();
    assert!(codes.contains(&"timeout-far-above"), "{codes:?}");
    let silent = &items[1];
    assert_eq!(silent["work_unknown"]["reason"]["code"], "metric-missing");
    assert!(silent["work"].is_null() && silent["cost"].is_null(), "{silent}");
    assert_eq!(silent["remarks"].as_array().map(Vec::len), Some(0));
    assert_eq!(list(&["--limit", "1"])["items"].as_array().map(Vec::len), Some(1));
    assert_eq!(list(&["--env", "prod"])["items"].as_array().map(Vec::len), Some(0));
    assert_eq!(list(&["--tag", "team=live"])["items"].as_array().map(Vec::len), Some(0));
}

#[test]
fn sizes_are_compared_with_the_present_one_for_the_calls_that_were_measured() {
    let exports = analyzed();
    let points = points(&exports);
    let points = points.to_str().expect("UTF-8");
    let tune = |more: &[&str]| {
        json(&exports.trimtab(
            &[&["serverless", "tune", "--points", points, "-o", "json"][..], more].concat(),
        ))
    };
    let answer = tune(&["resize"]);
    let tuning = &answer["tuning"];
    assert_eq!(answer["chosen"]["memory_mb"], 512);
    assert_eq!(tuning["calls"]["source"], "metrics");
    let calls = tuning["calls"]["calls"].as_str().expect("calls");
    assert!(calls.starts_with("73"), "{calls}");
    assert_eq!(tuning["cold_left_out"], 1);
    assert_eq!(tuning["sizes"][0]["step"], serde_json::Value::Null);
    assert_eq!(tuning["sizes"][1]["step"], "waiting");
    assert_eq!(tuning["sizes"][1]["is_present"], true);
    let fastest = tune(&["resize", "--strategy", "speed", "--calls", "1000000"]);
    assert_eq!(fastest["chosen"]["memory_mb"], 1024);
    assert_eq!(fastest["tuning"]["saved_per_month"], "0");
    let alone = tune(&["--region", "ap-northeast-2", "--arch", "arm64"]);
    assert!(alone["tuning"]["saved_per_million"].is_null(), "{alone}");
    assert!(alone["chosen"]["usd_per_month"].is_null(), "{alone}");
}

#[test]
fn the_output_of_power_tuning_is_read_without_an_analysis() {
    let exports = Exports::empty();
    let file = exports.write(
        "points/output.json",
        r#"{"results": {"power": "256", "cost": 2e-7, "duration": 20.5, "stats": [
            {"averagePrice": 2.1e-7, "averageDuration": 80.2, "value": 128},
            {"averagePrice": 2e-7, "averageDuration": 20.5, "value": 256}]}}"#,
    );
    let file = file.to_str().expect("UTF-8");
    let output = exports.trimtab(&[
        "serverless",
        "tune",
        "--points",
        file,
        "--region",
        "us-east-1",
        "--arch",
        "arm64",
        "-o",
        "json",
    ]);
    assert_eq!(json(&output)["chosen"]["memory_mb"], 256);
}

#[test]
fn what_cannot_be_compared_is_told_with_what_to_do() {
    let exports = analyzed();
    let file = |name: &str, text: &str| {
        exports.write(&format!("points/{name}"), text).to_str().expect("UTF-8").to_owned()
    };
    let bad = file("bad.csv", "memory_mb,duration_ms\n512,10\n64,10\n");
    let one = file("one.csv", "memory_mb,duration_ms\n512,10\n512,11\n");
    let good = file("good.csv", "memory_mb,duration_ms\n512,10\n1024,5\n");
    let cases: [(&[&str], i32, &str, &str); 6] = [
        (&["resize", "--points", &bad], 1, "row 3, column memory_mb", "3행, memory_mb 열"),
        (&["resize", "--points", &one], 2, "only size", "하나뿐이어서"),
        (&["resize", "--points", "nowhere.csv"], 1, "could not read", "읽지 못했습니다"),
        (&["other", "--points", &good], 2, "no function is called other", "그런 함수가 없습니다"),
        (&["--points", &good], 2, "in which region", "리전을 알 수 없습니다"),
        (
            &["resize", "--points", &good, "--balance", "0.3"],
            2,
            "`balanced` alone",
            "`balanced`에서만",
        ),
    ];
    for (arguments, code, english, korean) in cases {
        for (language, expected, hint) in [("en", english, "hint:"), ("ko", korean, "조치:")] {
            let more = ["--lang", language];
            let output =
                exports.trimtab(&[&["serverless", "tune"][..], arguments, &more[..]].concat());
            let told = stderr(&output);
            assert_eq!(output.status.code(), Some(code), "{told}");
            assert!(told.contains(expected) && told.contains(hint), "{expected:?}: {told}");
        }
    }
}

#[test]
fn a_server_that_is_no_candidate_is_told_in_both_languages() {
    let exports = analyzed();
    for (language, expected) in [("en", "no server is called"), ("ko", "그런 서버가 없습니다")]
    {
        let output = exports.trimtab(&["serverless", "show", "i-other", "--lang", language]);
        assert_eq!(output.status.code(), Some(2));
        assert!(stderr(&output).contains(expected), "{}", stderr(&output));
    }
    let output = exports.trimtab(&["serverless", "simulate", "i-0wait", "--memory", "64"]);
    assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
}

#[test]
fn a_company_without_functions_is_told_so() {
    let exports = Exports::small();
    let dir = exports.dir();
    let dir = dir.to_str().expect("UTF-8");
    let output =
        exports.trimtab(&["analyze", "--from", dir, "--as-of", "2026-11-01T00:00:00Z", "--quiet"]);
    assert!(matches!(output.status.code(), Some(0 | 4)), "{}", stderr(&output));
    for (language, expected) in [("en", "No Lambda function"), ("ko", "Lambda 함수가 없거나")]
    {
        let arguments = ["serverless", "functions", "-o", "table", "--lang", language];
        let told = stdout(&exports.trimtab(&arguments));
        assert!(told.contains(expected), "{told}");
    }
}

#[test]
fn a_queue_that_a_tag_names_tells_the_runs_and_how_deep_it_gets() {
    let exports = with_queue();
    let shown = exports.trimtab(&["serverless", "show", "i-0wait", "-o", "json"]);
    let answer = json(&shown);
    let candidate = &answer["item"];
    let work = &candidate["workload"];
    assert_eq!(work["runs_by"], "messages", "{work}");
    assert_eq!(work["queues"]["names"], serde_json::json!(["jobs"]));
    assert_eq!(work["queues"]["deepest"], 7.0);
    assert_eq!(work["queues"]["seconds_of_a_message"], 120.0);
    assert_eq!(candidate["trigger"], "queue");
    let page = |language: &str| {
        stdout(&exports.trimtab(&[
            "serverless",
            "show",
            "i-0wait",
            "-o",
            "table",
            "--lang",
            language,
        ]))
    };
    assert!(page("en").contains("jobs; at most 7 waiting"), "{}", page("en"));
    assert!(page("ko").contains("jobs, 최대 7개의 메시지가 대기"), "{}", page("ko"));
}
