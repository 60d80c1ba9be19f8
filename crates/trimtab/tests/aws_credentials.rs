//! What is wrong with credentials is told apart, with the next step, in both languages; and the
//! accounts of a configuration are each entered as it says.

#[expect(dead_code, reason = "the other test programs use the rest of it")]
mod emulator;
#[expect(dead_code, reason = "the other test programs use the rest of it")]
mod support;

use std::collections::BTreeSet;
use std::process::Command;

use serde_json::{Value, json};

use emulator::Emulator;
use support::{json, stderr, stdout};

/// A login in the browser by the name of `game`, and a role through it.
const SSO: &str = "\
[sso-session game]
sso_start_url = https://game.example.com/start
sso_region = us-east-1

[profile login]
sso_session = game
sso_account_id = 111122223333
sso_role_name = ViewOnly
region = us-east-1

[profile live]
role_arn = arn:aws:iam::111122223333:role/trimtab-read
source_profile = login
";
/// Where the SDK keeps the token of the session `game`: by its SHA-1.
const TOKEN: &str = ".aws/sso/cache/cda051c901386f0e24914b0eeb92ef4e380c159d.json";
const EXPIRED: &str = r#"{"accessToken": "canary-token", "expiresAt": "2026-01-01T00:00:00Z", "region": "us-east-1"}"#;

/// Runs a command in both languages and checks what it says.
fn check(make: &dyn Fn(&[&str]) -> Command, english: &[&str], korean: &[&str]) {
    for (language, expected) in [("en", english), ("ko", korean)] {
        let arguments = ["scan", "--no-metrics", "--lang", language];
        let output = make(&arguments).output().expect("the binary runs");
        let told = stderr(&output);
        assert_eq!(output.status.code(), Some(3), "{told}");
        for part in expected {
            assert!(told.contains(part), "{part:?} is not in {told}");
        }
        // The SDK's chain of causes is for those who ask for it, and a token is for nobody.
        for noise in ["dispatch failure", "provider", "canary"] {
            assert!(!told.contains(noise), "{noise:?} is in {told}");
        }
    }
}

#[test]
fn none_found_says_how_to_get_some() {
    let emulator = Emulator::start();
    check(
        &|arguments| emulator.bare(arguments),
        &["no AWS credentials were found", "aws configure sso"],
        &["AWS 자격 증명을 찾지 못했습니다", "aws configure sso"],
    );
    emulator.write(".aws/config", SSO);
    check(
        &|arguments| emulator.bare(arguments),
        &["no AWS credentials were found", "--profile", "live, login"],
        &["AWS 자격 증명을 찾지 못했습니다", "live, login"],
    );
}

#[test]
fn a_login_that_is_over_says_how_to_log_in_again() {
    let emulator = Emulator::start();
    emulator.write(".aws/config", SSO);
    for token in [None, Some(EXPIRED)] {
        if let Some(token) = token {
            emulator.write(TOKEN, token);
        }
        for profile in ["login", "live"] {
            check(
                &|arguments| {
                    let mut command = emulator.bare(arguments);
                    command.args(["--profile", profile]);
                    command
                },
                &["the login to AWS has expired", "aws sso login --profile login"],
                &["AWS 로그인이 만료되었습니다", "aws sso login --profile login"],
            );
        }
    }
}

#[test]
fn keys_that_expired_and_keys_that_are_not_accepted_are_told_apart() {
    let emulator = Emulator::start();
    let refuse = |code: &str| {
        emulator.post(
            "/emulator/faults",
            &json!([{"action": "sts:GetCallerIdentity", "code": code, "status": 403}]),
        );
    };
    refuse("ExpiredToken");
    check(
        &|arguments| emulator.command(arguments),
        &["the login to AWS has expired", "temporary credentials"],
        &["AWS 로그인이 만료되었습니다", "임시 자격 증명"],
    );
    refuse("InvalidClientTokenId");
    check(
        &|arguments| emulator.command(arguments),
        &["AWS does not accept the credentials", "IAM console"],
        &["AWS가 자격 증명을 받아들이지 않습니다", "IAM 콘솔"],
    );
    // What EC2 and STS say of a wrong clock says nothing of the clock.
    emulator.post("/emulator/clock", &json!(-900));
    refuse("SignatureDoesNotMatch");
    check(
        &|arguments| emulator.command(arguments),
        &["AWS does not accept the credentials", "seconds ahead of AWS's"],
        &["AWS가 자격 증명을 받아들이지 않습니다", "빠릅니다"],
    );
}

#[test]
fn an_unknown_profile_lists_those_that_exist() {
    let emulator = Emulator::start();
    emulator.write(".aws/config", SSO);
    check(
        &|arguments| {
            let mut command = emulator.command(arguments);
            command.args(["--profile", "lvie"]);
            command
        },
        &["has no profile `lvie`", "live, login"],
        &["없는 프로필입니다: `lvie`", "live, login"],
    );
    check(
        &|arguments| {
            let mut command = emulator.bare(arguments);
            command.env("AWS_PROFILE", "lvie");
            command
        },
        &["has no profile `lvie`", "live, login"],
        &["없는 프로필입니다: `lvie`", "live, login"],
    );
}

#[test]
fn the_chain_of_causes_is_shown_to_who_asks_for_it() {
    let emulator = Emulator::start();
    emulator.write(".aws/config", SSO);
    let mut command = emulator.bare(&["scan", "--profile", "login", "-v"]);
    let told = stderr(&command.output().expect("the binary runs"));
    assert!(told.contains("cached SSO token"), "{told}");
}

/// Returns the accounts and regions that a scan read.
fn places(scan: &Value) -> BTreeSet<(String, String)> {
    let text = |one: &Value, key: &str| one[key].as_str().unwrap_or_default().to_owned();
    let items = scan["items"].as_array().expect("a list").iter();
    items.map(|one| (text(one, "account"), text(one, "region"))).collect()
}

#[test]
fn a_named_profile_stands_before_keys_in_the_environment() {
    let emulator = Emulator::start();
    let world = emulator.seed();
    let member = member(&world);
    emulator.write(
        ".aws/config",
        &format!(
            "[profile base]\naws_access_key_id = test\naws_secret_access_key = test\n\
             [profile live]\nrole_arn = arn:aws:iam::{member}:role/trimtab-read\nsource_profile = base\n"
        ),
    );
    let scan = ["scan", "--no-metrics", "--services", "ec2", "--region", "us-east-1", "-o", "json"];
    let by_flag = emulator.trimtab(&[&scan[..], &["--profile", "live"]].concat());
    let expected = BTreeSet::from([(member, "us-east-1".to_owned())]);
    assert_eq!(places(&json(&by_flag)), expected, "{}", stderr(&by_flag));

    // The configuration's stands behind what the environment says.
    emulator.configure("profile = \"live\"\n");
    let home = world["home"].as_str().expect("text").to_owned();
    let by_environment = emulator.trimtab(&scan);
    assert_eq!(places(&json(&by_environment)), BTreeSet::from([(home, "us-east-1".to_owned())]));
    let by_file = emulator.bare(&scan).output().expect("the binary runs");
    assert_eq!(places(&json(&by_file)), expected, "{}", stderr(&by_file));
}

fn member(world: &Value) -> String {
    let mut others = world["accounts"].as_array().expect("a list").iter();
    let other = others.find(|one| **one != world["home"]).and_then(Value::as_str);
    other.expect("a member").to_owned()
}

#[test]
fn a_list_of_accounts_is_entered_as_it_says() {
    let emulator = Emulator::start();
    let world = emulator.seed();
    let (home, member) = (world["home"].as_str().expect("text").to_owned(), member(&world));
    emulator.configure(&format!(
        "[[account]]\nid = \"{home}\"\nregions = [\"us-east-1\"]\n\n\
         [[account]]\nid = \"{member}\"\nalias = \"game-live\"\n\
         role = \"arn:aws:iam::{member}:role/trimtab-read\"\nexternal_id_env = \"GAME_EXTERNAL_ID\"\n\
         regions = [\"ap-northeast-2\"]\n"
    ));
    let scan = |more: &[&str], external_id: Option<&str>| {
        let arguments = ["scan", "--no-metrics", "--services", "ec2", "-o", "json"];
        let mut command = emulator.command(&[&arguments, more].concat());
        command.envs(external_id.map(|id| ("GAME_EXTERNAL_ID", id)));
        command.output().expect("the binary runs")
    };
    let place = |account: &str, region: &str| (account.to_owned(), region.to_owned());

    // Without the external ID nothing is tried, and the variable is named.
    let refused = scan(&[], None);
    assert_eq!(refused.status.code(), Some(2), "{}", stderr(&refused));
    assert!(stderr(&refused).contains("GAME_EXTERNAL_ID"), "{}", stderr(&refused));

    let both = scan(&[], Some("canary-id"));
    assert_eq!(both.status.code(), Some(0), "{}{}", stdout(&both), stderr(&both));
    let expected = BTreeSet::from([place(&home, "us-east-1"), place(&member, "ap-northeast-2")]);
    assert_eq!(places(&json(&both)), expected);
    let one = scan(&["--account", "game-live"], Some("canary-id"));
    assert_eq!(places(&json(&one)), BTreeSet::from([place(&member, "ap-northeast-2")]));
    let stranger = scan(&["--account", "game-dev"], Some("canary-id"));
    assert_eq!(stranger.status.code(), Some(2), "{}", stderr(&stranger));

    // The ID is shown to AWS and to nobody else. An account that refuses closes no other.
    emulator.post(
        "/emulator/faults",
        &json!([{"action": "sts:AssumeRole", "body": "canary-id", "code": "AccessDenied", "status": 403}]),
    );
    let closed = scan(&[], Some("canary-id"));
    assert_eq!(closed.status.code(), Some(4), "{}{}", stdout(&closed), stderr(&closed));
    assert!(!stdout(&closed).contains("canary-id") && !stderr(&closed).contains("canary-id"));
    let closed = json(&closed);
    let items = closed["items"].as_array().expect("a list");
    assert!(
        items.iter().all(|one| {
            let expected = if one["account"] == json!(member) { "denied" } else { "complete" };
            one["outcome"] == expected
        }),
        "{closed}"
    );
}
