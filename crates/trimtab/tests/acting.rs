//! With which rights a plan is carried out, against an emulated AWS: a session for each call, and
//! nothing at all where the way in is not the one that was agreed.
#![expect(
    clippy::indexing_slicing,
    reason = "a JSON value that is not there is null, and fails its assertion"
)]

#[expect(dead_code, reason = "the other test programs use the rest of it")]
mod emulator;
#[expect(dead_code, reason = "the other test programs use the rest of it")]
mod support;

use std::process::{Command, Output};

use serde_json::{Value, json};

use emulator::Emulator;
use support::{json, stderr, stdout};

/// Changes start at any hour, and development is not watched.
const RULES: &str = "\
timezone = \"Asia/Seoul\"\n\
[rollout.dev]\nsoak = \"0m\"\nextension = \"0m\"\n\
[[rollout.window]]\nenvironments = [\"dev\"]\nfrom = \"00:00\"\nuntil = \"00:00\"\n";

const VARIABLE: &str = "STARFALL_EXTERNAL_ID";
const EXTERNAL_ID: &str = "5f1c0f6e4e0b4a6d9c5d";

/// A machine that is far too large, and the approved plan that makes it smaller.
struct Approved {
    emulator: Emulator,
    account: String,
    plan: String,
    hash: String,
}

impl Approved {
    fn new() -> Self {
        let emulator = Emulator::start();
        let machine = emulator.seed_more("machine");
        let account = machine["account"].as_str().expect("an account").to_owned();
        let series = |namespace: &str, metric: &str, dimensions: Value, value: f64| {
            json!({
                "account": machine["account"], "region": machine["region"],
                "namespace": namespace, "metric": metric, "dimensions": dimensions, "value": value,
            })
        };
        let itself = json!({"InstanceId": machine["id"]});
        let agents = json!({
            "InstanceId": machine["id"], "ImageId": machine["image"], "InstanceType": machine["type"],
        });
        emulator.post(
            "/emulator/series",
            &json!([
                series("AWS/EC2", "CPUUtilization", itself.clone(), 9.0),
                series("AWS/EC2", "NetworkIn", itself.clone(), 1e6),
                series("AWS/EC2", "NetworkOut", itself, 1e6),
                series("CWAgent", "mem_used_percent", agents, 9.0),
            ]),
        );
        emulator.configure(RULES);
        let of = |arguments: &[&str]| {
            let output = emulator.trimtab(arguments);
            let told = format!("{arguments:?}: {}{}", stdout(&output), stderr(&output));
            assert!(output.status.success(), "{told}");
            output
        };
        of(&["scan", "--region", "us-east-1", "--services", "ec2", "--no-second-opinion"]);
        of(&["analyze"]);
        let filter = "check=ec2-instance-oversized";
        let plan = json(&of(&["plan", "create", "--filter", filter, "--by", "kim", "-o", "json"]));
        let text = |key: &str| plan[key].as_str().unwrap_or_default().to_owned();
        let (plan, hash) = (text("plan"), text("hash"));
        of(&["plan", "approve", &plan, "--stage", "dev", "--plan-hash", &hash, "--by", "lee"]);
        emulator.post("/emulator/pace", &json!({"stop": 1, "start": 1}));
        emulator.post("/emulator/forget", &json!(null));
        Self { emulator, account, plan, hash }
    }

    /// Names the role that makes changes, by its name or its ARN.
    fn with_role(&self, role: &str) {
        let account = &self.account;
        self.emulator.configure(&format!(
            "{RULES}[[account]]\nid = \"{account}\"\nalias = \"starfall-dev\"\n\
             apply_role = \"{role}\"\nexternal_id_env = \"{VARIABLE}\"\n"
        ));
    }

    fn apply(&self, more: &[&str]) -> Command {
        let all = ["apply", &self.plan, "--execute", "--plan-hash", &self.hash, "--by", "kim"];
        self.emulator.command(&[&all[..], more].concat())
    }

    /// Asserts that a run is refused with some words, and that nothing was changed.
    fn refused(&self, mut command: Command, words: &[&str]) {
        let output = command.output().expect("the binary runs");
        let told = stderr(&output);
        assert_eq!(output.status.code(), Some(3), "{}{told}", stdout(&output));
        for word in words {
            assert!(told.contains(word), "{word} is not in {told}");
        }
        assert_eq!(self.emulator.changes(), Vec::<String>::new(), "{told}");
    }
}

fn run(mut command: Command) -> Output {
    let output = command.output().expect("the binary runs");
    assert_eq!(output.status.code(), Some(0), "{}{}", stdout(&output), stderr(&output));
    output
}

#[test]
fn each_call_is_made_in_a_session_that_may_do_no_other() {
    let approved = Approved::new();
    let emulator = &approved.emulator;
    approved.with_role("trimtab-apply-{env}");
    let terms = json!({"external_id": EXTERNAL_ID, "source_identity": true});
    emulator.post("/emulator/trust", &terms);
    let mut command = approved.apply(&["-o", "json"]);
    command.env(VARIABLE, EXTERNAL_ID);
    let run = json(&run(command));
    assert_eq!(run["items"][0]["status"], "confirmed", "{run}");

    // What was changed was changed by these sessions: the emulator refuses everything that the
    // policy of a session does not name.
    let sessions = emulator.sessions();
    let text = |one: &Value, key: &str| one[key].as_str().unwrap_or_default().to_owned();
    let names: Vec<String> = sessions.iter().map(|one| text(one, "RoleSessionName")).collect();
    let plan: String = approved.plan.trim_start_matches("P-").chars().take(8).collect();
    let changes = emulator.changes();
    for change in &changes {
        let operation = change.split_once(':').map_or("", |(_, operation)| operation);
        assert!(names.contains(&format!("trimtab-{plan}-{operation}")), "{change}: {names:?}");
    }
    let acting = names.iter().filter(|name| !name.ends_with("-look")).count();
    assert_eq!(acting, changes.len(), "{names:?} {changes:?}");
    for session in &sessions {
        let role = format!("arn:aws:iam::{}:role/trimtab-apply-dev", approved.account);
        assert_eq!(text(session, "RoleArn"), role);
        assert_eq!(text(session, "SourceIdentity"), "kim");
        assert_eq!(text(session, "ExternalId"), EXTERNAL_ID);
        assert_eq!(text(session, "Tags.member.1.Key"), "trimtab-env");
        assert_eq!(text(session, "Tags.member.1.Value"), "dev");
        let policy = text(session, "Policy");
        assert!(policy.len() <= 2_048, "{policy}");
        let is_looking = text(session, "RoleSessionName").ends_with("-look");
        assert!(is_looking || !policy.contains("\"*\""), "{policy}");
    }
}

#[test]
fn what_is_left_is_looked_for_in_sessions_that_say_who_looks_and_where() {
    let approved = Approved::new();
    let emulator = &approved.emulator;
    approved.with_role("trimtab-apply-{env}");
    let terms = json!({"external_id": EXTERNAL_ID, "source_identity": true});
    emulator.post("/emulator/trust", &terms);
    let mut command = emulator.command(&["recover", "--region", "us-east-1", "--by", "kim"]);
    command.env(VARIABLE, EXTERNAL_ID);
    run(command);
    let sessions = emulator.sessions();
    assert!(!sessions.is_empty());
    let text = |one: &Value, key: &str| one[key].as_str().unwrap_or_default().to_owned();
    for session in &sessions {
        let environment = text(session, "Tags.member.1.Value");
        assert!(["dev", "staging", "prod"].contains(&environment.as_str()), "{session}");
        let role = format!("arn:aws:iam::{}:role/trimtab-apply-{environment}", approved.account);
        assert_eq!(text(session, "RoleArn"), role);
        assert_eq!(text(session, "RoleSessionName"), "trimtab-recover-look");
        assert_eq!(text(session, "SourceIdentity"), "kim");
        assert_eq!(text(session, "ExternalId"), EXTERNAL_ID);
        assert_eq!(text(session, "Tags.member.1.Key"), "trimtab-env");
    }
    assert_eq!(emulator.changes(), Vec::<String>::new());
}

#[test]
fn g12_a_role_of_an_account_that_was_not_agreed_is_refused() {
    let approved = Approved::new();
    approved.with_role("arn:aws:iam::444455556666:role/trimtab-apply-dev");
    let mut command = approved.apply(&[]);
    command.env(VARIABLE, EXTERNAL_ID);
    let told = ["444455556666", "is not a role of account", "hint:", "apply_role"];
    approved.refused(command, &told);
    assert_eq!(approved.emulator.sessions(), Vec::<Value>::new());
}

#[test]
fn g13_a_wrong_external_identifier_is_denied_and_told_clearly() {
    let approved = Approved::new();
    let with = |more: &[&str], id: Option<&str>| {
        let mut command = approved.apply(more);
        if let Some(id) = id {
            command.env(VARIABLE, id);
        }
        command
    };
    approved.with_role("trimtab-apply-{env}");
    let terms = json!({"external_id": EXTERNAL_ID, "source_identity": true});
    approved.emulator.post("/emulator/trust", &terms);
    let clear = ["does not let us in", VARIABLE, "sts:SetSourceIdentity", "sts:TagSession"];
    approved.refused(with(&[], Some("another-external-id")), &clear);
    let korean = ["맡지 못해", VARIABLE, "trimtab iam policy --tier trust"];
    approved.refused(with(&["--lang", "ko"], Some("another-external-id")), &korean);
    let unset = with(&[], None).output().expect("the binary runs");
    assert_eq!(unset.status.code(), Some(2), "{}", stderr(&unset));
    assert!(stderr(&unset).contains(VARIABLE), "{}", stderr(&unset));
}

#[test]
fn g20_nothing_is_changed_through_an_address_that_nobody_agreed_to() {
    let approved = Approved::new();
    // Where there are no settings of the user, nobody named the emulator.
    let home = tempfile::tempdir().expect("a temporary directory");
    let bare = |more: &[&str]| {
        let mut command = approved.apply(more);
        command.env("XDG_CONFIG_HOME", home.path());
        command
    };
    let address = approved.emulator.endpoint();
    approved.refused(bare(&[]), &[&address, "rollout.endpoints", "AWS_ENDPOINT_URL"]);
    approved.refused(bare(&["--lang", "ko"]), &[&address, "AWS가 아닌 주소"]);
    let mut of_service = approved.apply(&[]);
    of_service.env("AWS_ENDPOINT_URL_EC2", "http://169.254.169.253");
    approved.refused(of_service, &["http://169.254.169.253", "not AWS's own"]);
    let dry = approved.emulator.trimtab(&["apply", &approved.plan]);
    assert_eq!(dry.status.code(), Some(0), "a dry run asks nobody: {}", stderr(&dry));
    // Who only looks would show the external ID of a role, and believe what is answered.
    approved.with_role("trimtab-apply-{env}");
    let preflight = ["plan", "preflight", approved.plan.as_str()];
    let adopt = ["recover", "--adopt", approved.plan.as_str(), "--by", "kim"];
    for arguments in [&preflight[..], &["recover"], &adopt] {
        let mut command = approved.emulator.command(arguments);
        command.env("XDG_CONFIG_HOME", home.path()).env(VARIABLE, EXTERNAL_ID);
        approved.refused(command, &[&address, "rollout.endpoints"]);
    }
    assert_eq!(approved.emulator.sessions(), Vec::<Value>::new(), "no role was asked for");
}

#[test]
fn keys_that_never_end_change_nothing_unless_somebody_says_so() {
    let approved = Approved::new();
    let with_key = |more: &[&str]| {
        let mut command = approved.apply(more);
        command.env("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE");
        command
    };
    approved.refused(with_key(&[]), &["never end", "--allow-long-lived-keys", "aws sso login"]);
    run(with_key(&["--allow-long-lived-keys"]));
    let audit = json(&approved.emulator.trimtab(&["audit", "-o", "json"]));
    let first = &audit["items"][0];
    assert_eq!((&first["what"], &first["action"]), (&json!("allowed"), &json!("long-lived-keys")));
    assert!(first["operator"].as_str().unwrap_or_default().starts_with("kim@"), "{first}");
}

/// What must never be seen again, by the variable that holds it.
const SECRETS: [(&str, &str); 5] = [
    ("AWS_SECRET_ACCESS_KEY", "canary-secret-key-7f3a"),
    ("AWS_SESSION_TOKEN", "canary-session-token-91bc"),
    (VARIABLE, "canary-external-id-55d0"),
    ("TRIMTAB_DATABASE_PASSWORD", "canary-password-c0de"),
    ("PGPASSWORD", "canary-pgpassword-beef"),
];

/// Lists the files of a directory and of those below it.
fn files(dir: &std::path::Path) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(dir).expect("a directory of our own");
    let paths = entries.map(|entry| entry.expect("a directory of our own").path());
    paths.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

#[test]
fn g09_no_secret_is_in_an_output_a_file_a_log_or_a_command_line() {
    let approved = Approved::new();
    let emulator = &approved.emulator;
    approved.with_role("trimtab-apply-{env}");
    let terms = json!({"external_id": SECRETS[2].1, "source_identity": true});
    emulator.post("/emulator/trust", &terms);
    let with_secrets = |arguments: &[&str]| {
        let mut command = emulator.command(arguments);
        command.envs(SECRETS).env("TRIMTAB_LOG", "trace");
        command
    };
    let seen = |text: &str, place: &str| {
        for (variable, secret) in SECRETS {
            assert!(!text.contains(secret), "the value of {variable} is in {place}");
        }
    };
    let hash = approved.hash.as_str();
    let apply = ["apply", &approved.plan, "--execute", "--plan-hash", hash, "--by", "kim"];
    let trust = ["iam", "policy", "--tier", "apply", "--env", "dev"];
    for arguments in [
        &["scan", "--region", "us-east-1", "--services", "ec2", "-v", "-v"][..],
        &["analyze", "-v", "-v"],
        &["doctor", "-v", "-v"],
        &["config", "show", "--origin"],
        &trust,
        &[&apply[..], &["-v", "-v"]].concat(),
        &["run", "list", "-o", "json"],
        &["audit", "-o", "json"],
    ] {
        let output = with_secrets(arguments).output().expect("the binary runs");
        seen(&String::from_utf8_lossy(&output.stdout), &format!("stdout of {arguments:?}"));
        seen(&String::from_utf8_lossy(&output.stderr), &format!("stderr of {arguments:?}"));
    }
    let changes = emulator.changes();
    assert!(changes.iter().any(|one| one == "ec2:StartInstances"), "it ran: {changes:?}");
    for file in files(emulator.data_dir().parent().expect("the home directory")) {
        let bytes = std::fs::read(&file).expect("a file of our own");
        seen(&String::from_utf8_lossy(&bytes), &file.display().to_string());
    }
    // What a child is started with anybody on the machine may read; what is in its environment,
    // whoever takes it over.
    let sources = ["crates/app/src/worker.rs"];
    for source in sources {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(source);
        let text = std::fs::read_to_string(path).expect("a source of ours");
        assert!(text.contains(".env_clear()"), "{source}");
    }
}
