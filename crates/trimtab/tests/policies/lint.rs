//! Every policy, looked at by parliament.

#[path = "../tools/mod.rs"]
mod tools;

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::{Map, Value, json};

use super::{ACCOUNT, printed};

/// What is found and stands.
#[derive(Debug)]
struct Known {
    issue: &'static str,
    /// The policies whose names begin so.
    policies: &'static [&'static str],
    /// Of which actions it is found; any where empty, and those that read where `read`.
    actions: &'static [&'static str],
    why: &'static str,
}

/// Stands for every action that only reads.
const READ: &str = "read";

const KNOWN: &[Known] = &[
    Known {
        issue: "RESOURCE_STAR",
        policies: &["read", "apply", "destroy"],
        actions: &[READ],
        why: "what looks at an account looks at all of it, and changes nothing by that",
    },
    Known {
        issue: "RESOURCE_STAR",
        policies: &["boundary"],
        actions: &[],
        why: "a boundary says which actions; the role says on which resources",
    },
    Known {
        issue: "RESOURCE_MISMATCH",
        policies: &["destroy"],
        actions: &["ec2:CreateVolume"],
        why: "the snapshot and the volume that is made of it have a statement each",
    },
    Known {
        issue: "RESOURCE_MISMATCH",
        policies: &["apply", "destroy"],
        actions: &["ec2:CreateSnapshot", "ec2:CreateSnapshots", "rds:CreateDBSnapshot"],
        why: "each kind of resource of the call has a statement, with conditions of its own",
    },
];

impl Known {
    /// Returns whether a finding is this one.
    fn is(&self, found: &Value) -> bool {
        let text = |key: &str| found[key].as_str().unwrap_or_default();
        self.issue == text("issue")
            && self.policies.iter().any(|name| text("policy").starts_with(name))
            && actions(text("detail")).iter().all(|action| self.is_about(action))
    }

    fn is_about(&self, action: &str) -> bool {
        let verb = action.split_once(':').map_or("", |(_, verb)| verb);
        let is_read = ["Describe", "Get", "List", "Search", "Lookup"]
            .iter()
            .any(|read| verb.starts_with(read));
        self.actions.is_empty()
            || self.actions.contains(&action)
            || (self.actions.contains(&READ) && is_read)
    }
}

/// Returns the actions that the detail of a finding names.
fn actions(detail: &str) -> Vec<String> {
    let named: Vec<Value> = serde_json::from_str(detail).expect("a list of actions");
    let text = |one: &Value| one.as_str().or(one["action"].as_str()).map(str::to_owned);
    named.iter().map(|one| text(one).expect("an action")).collect()
}

/// Returns the policy of every tier and environment, by name.
fn policies() -> BTreeMap<String, Value> {
    let mut all = BTreeMap::from([
        ("read".to_owned(), printed(&["--tier", "read"])),
        (
            "read-everything".to_owned(),
            printed(&["--tier", "read", "--org", "--bills", "starfall-bills", "--cost-explorer"]),
        ),
        ("boundary".to_owned(), printed(&["--tier", "boundary"])),
    ]);
    for environment in ["dev", "staging", "prod"] {
        for tier in ["apply", "destroy"] {
            let name = format!("{tier}-{environment}");
            all.insert(name, printed(&["--tier", tier, "--env", environment]));
            let name = format!("{tier}-{environment}-of-account");
            let of_account = ["--tier", tier, "--env", environment, "--account", ACCOUNT];
            all.insert(name, printed(&of_account));
        }
        let trust = printed(&[
            "--tier",
            "trust",
            "--env",
            environment,
            "--trusted",
            ACCOUNT,
            "--external-id-env",
            "TRIMTAB_TEST_EXTERNAL_ID",
        ]);
        all.insert(format!("trust-{environment}"), of_caller(&trust));
    }
    all
}

/// Returns a trust policy as one of whoever takes the role on: parliament reads only those. What it
/// says of actions and conditions is the same.
fn of_caller(trust: &Value) -> Value {
    let mut trust = trust.clone();
    for statement in trust["Statement"].as_array_mut().into_iter().flatten() {
        let fields: &mut Map<String, Value> = statement.as_object_mut().expect("a statement");
        let principal = fields.remove("Principal").expect("a trust policy says whom it trusts");
        assert_eq!(principal["AWS"], format!("arn:aws:iam::{ACCOUNT}:root"));
        let role = format!("arn:aws:iam::{ACCOUNT}:role/trimtab-apply");
        fields.insert("Resource".to_owned(), json!(role));
    }
    trust
}

#[test]
fn parliament_finds_nothing_that_is_not_known_and_reasoned() {
    let python = tools::python("policies");
    assert!(
        python.is_file(),
        "{} is not there: run ./setup, which installs parliament",
        python.display()
    );
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tools/policies/lint.py");
    let mut child = Command::new(python)
        .arg(script)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the interpreter runs");
    let policies = policies();
    let text = serde_json::to_string(&policies).expect("JSON");
    child.stdin.take().expect("piped").write_all(text.as_bytes()).expect("it reads");
    let output = child.wait_with_output().expect("a child of ours");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let found: Vec<Value> = serde_json::from_slice(&output.stdout).expect("a list");
    let is_known = |one: &&Value| KNOWN.iter().any(|known| known.is(one));
    let unknown: Vec<&Value> = found.iter().filter(|one| !is_known(one)).collect();
    assert!(unknown.is_empty(), "{} findings: {unknown:#?}", unknown.len());
    for known in KNOWN {
        let is_found = found.iter().any(|one| known.is(one));
        assert!(
            is_found,
            "{} is not found any more, which stood because {}",
            known.issue, known.why
        );
    }
    println!("{} policies, {} known findings", policies.len(), found.len());
}
