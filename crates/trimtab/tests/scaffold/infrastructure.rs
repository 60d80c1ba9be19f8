//! What is written for CloudFormation, SAM, the Serverless Framework and Terraform.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Mutex;

use serde_json::Value;
use trimtab_render::scaffold::{Iac, Runtime, files};

use super::project::{every_project, tools, write};

/// What is found and stands.
struct Known {
    tool: &'static str,
    rule: &'static str,
    /// What its message holds.
    message: &'static str,
    /// What the names of the projects hold in which it is found.
    projects: &'static str,
    why: &'static str,
}

const KNOWN: &[Known] = &[
    Known {
        tool: "parliament",
        rule: "RESOURCE_MISMATCH",
        message: "ec2:CreateNetworkInterface",
        projects: ".python.",
        why: "Lambda asks for the call on every resource of the account before there is an interface",
    },
    Known {
        tool: "parliament",
        rule: "UNKNOWN_CONDITION_FOR_ACTION",
        message: "lambda:SourceFunctionArn",
        projects: ".python.",
        why: "the key stands in every request that the code of a function makes, of whatever service",
    },
    Known {
        tool: "cfn-lint",
        rule: "W3005",
        message: "dependency already enforced",
        projects: ".serverless",
        why: "the framework says twice that its own resources wait for each other",
    },
];

/// Returns where `osls` is, and its program.
fn framework() -> (PathBuf, PathBuf) {
    let python = tools::python("serverless");
    let home = python.ancestors().nth(2).expect("an environment").to_owned();
    let program = home.join("modules/node_modules/osls/bin/serverless.js");
    assert!(program.is_file(), "{} is not there: run ./setup", program.display());
    (home, program)
}

/// Runs `osls package` in every directory, as many at a time as there are processors.
fn package(directories: &[PathBuf]) {
    let (home, program) = framework();
    let waiting = Mutex::new(directories.iter());
    let next = || waiting.lock().expect("nobody panics while it is held").next();
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while let Some(directory) = next() {
                    let mode = ["--param=mode=live"];
                    let output = packaged(&home.join("node"), &program, directory, &mode);
                    let said = String::from_utf8_lossy(&output.stdout);
                    let errors = String::from_utf8_lossy(&output.stderr);
                    assert!(output.status.success(), "{}: {said}{errors}", directory.display());
                    let text = format!("{said}{errors}").to_lowercase();
                    assert!(!text.contains("warning"), "{}: {text}", directory.display());
                }
            });
        }
    });
}

fn packaged(node: &Path, program: &Path, directory: &Path, arguments: &[&str]) -> Output {
    Command::new(node)
        .arg(program)
        .arg("package")
        .args(arguments)
        .current_dir(directory)
        // Nothing of the machine is read, and no network is asked for credentials.
        .env("HOME", directory)
        .env("AWS_ACCESS_KEY_ID", "none")
        .env("AWS_SECRET_ACCESS_KEY", "none")
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .output()
        .expect("node runs")
}

/// Returns what `tools/serverless/check.py` says of the projects in a directory.
fn checked(directory: &Path) -> Value {
    let python = tools::python("serverless");
    assert!(python.is_file(), "{} is not there: run ./setup", python.display());
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tools/serverless/check.py");
    let output = Command::new(python)
        .arg("-B")
        .arg(script)
        .arg(directory)
        .output()
        .expect("the interpreter runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("one JSON document")
}

fn terraform_is_here() -> bool {
    Command::new("terraform").arg("version").output().is_ok_and(|output| output.status.success())
}

/// Asks Terraform itself, where it is installed, whether it would write a project's files just so.
fn assert_formatted(directory: &Path) {
    let output = Command::new("terraform")
        .args(["fmt", "-check", "-diff", "-no-color"])
        .current_dir(directory)
        .output()
        .expect("terraform runs");
    let said = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{}: {said}{errors}", directory.display());
}

#[test]
fn every_combination_is_accepted_by_the_tools_of_others() {
    let home = tempfile::tempdir().expect("a temporary directory");
    let projects = every_project();
    let mut serverless = Vec::new();
    for (name, project) in &projects {
        let directory = home.path().join(name);
        write(project, &directory);
        match project.iac {
            Iac::Serverless => serverless.push(directory),
            Iac::Terraform if terraform_is_here() => assert_formatted(&directory),
            Iac::Terraform | Iac::Sam | Iac::Cloudformation => {}
        }
    }
    package(&serverless);
    let answer = checked(home.path());
    assert_eq!((projects.len(), serverless.len()), (48, 12));
    assert_eq!(answer["templates"], 36, "SAM, CloudFormation and what the framework made");
    assert_eq!(answer["modules"], 72, "six files of each of twelve modules");

    let found = answer["found"].as_array().expect("a list");
    let unknown: Vec<&Value> = found.iter().filter(|one| !is_known(one)).collect();
    assert!(unknown.is_empty(), "{} findings: {unknown:#?}", unknown.len());
    for known in KNOWN {
        let is_found = found.iter().any(|one| is_this(known, one));
        assert!(
            is_found,
            "{} is not found any more, which stood because {}",
            known.rule, known.why
        );
    }
    for (name, project) in &projects {
        let tags: BTreeMap<String, String> =
            serde_json::from_value(answer["tags"][name].clone()).expect("tags");
        assert!(
            project.tags.iter().all(|(key, value)| tags.get(key) == Some(value)),
            "{name} has the tags {tags:?}"
        );
    }
    let policies = &answer["policies"];
    for (name, project) in &projects {
        let reference = format!("{}.{}.sam", project.template.id(), project.runtime.id());
        assert_eq!(grants(&policies[name]), grants(&policies[&reference]), "{name}");
    }
}

/// The service that this repository ships is held to what it writes for others.
#[test]
fn the_notice_service_itself_is_accepted() {
    let home = tempfile::tempdir().expect("a temporary directory");
    let directory = home.path().join("notice");
    // The framework asks for the package, and does not look into it.
    let package_file = home.path().join("out/arm64/notice.zip");
    for directory in [&directory, &home.path().join("out/arm64")] {
        std::fs::create_dir_all(directory).expect("a directory of our own");
    }
    std::fs::write(package_file, "PK").expect("a file of our own");
    let own =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../lambda/notice/deploy/serverless.yml");
    std::fs::copy(own, directory.join("serverless.yml")).expect("a file of ours");
    let (tools, program) = framework();
    let parameter = ["--param=bucket=service-notifications"];
    let output = packaged(&tools.join("node"), &program, &directory, &parameter);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    let answer = checked(home.path());
    assert_eq!(answer["templates"], 1);
    assert_eq!(answer["found"], serde_json::json!([]));
    let granted = grants(&answer["policies"]["notice"]);
    assert!(!granted.is_empty());
}

#[test]
fn no_mode_is_taken_by_itself() {
    let home = tempfile::tempdir().expect("a temporary directory");
    let project = |iac| super::project::project("queue", Runtime::Python, iac);
    write(&project(Iac::Serverless), home.path());
    let (tools, program) = framework();
    for mode in [&[][..], &["--param=mode=Live"]] {
        let output = packaged(&tools.join("node"), &program, home.path(), mode);
        assert!(!output.status.success(), "{mode:?} was taken");
    }
    for iac in [Iac::Sam, Iac::Cloudformation] {
        let home = tempfile::tempdir().expect("a temporary directory");
        write(&project(iac), home.path());
        let template = std::fs::read_to_string(home.path().join("template.yaml")).expect("ours");
        let (_, mode) = template.split_once("\n  Mode:\n").expect("a parameter");
        let (mode, _) = mode.split_once("\nResources:").expect("resources follow");
        assert!(mode.contains("AllowedValues") && !mode.contains("Default"), "{mode}");
    }
}

#[test]
fn every_alarm_says_what_it_makes_of_no_data() {
    for (name, project) in every_project() {
        let files = files(&project).expect("AWS takes these values");
        let count = |what: &str| -> usize {
            files.iter().map(|file| file.text.matches(what).count()).sum()
        };
        let (alarms, said) = match project.iac {
            Iac::Terraform => {
                (count("resource \"aws_cloudwatch_metric_alarm\""), count("= \"notBreaching\""))
            }
            Iac::Serverless | Iac::Sam | Iac::Cloudformation => {
                (count("Type: AWS::CloudWatch::Alarm"), count("TreatMissingData: notBreaching"))
            }
        };
        assert!(alarms >= 3, "{name}: {alarms}");
        assert_eq!(alarms, said, "{name}");
    }
}

#[test]
fn a_bucket_is_listed_only_to_tell_what_is_gone() {
    for (name, project) in every_project() {
        let grants: usize = files(&project)
            .expect("AWS takes these values")
            .iter()
            .map(|file| file.text.matches("s3:ListBucket").count())
            .sum();
        assert_eq!(grants, usize::from(project.template.id() == "s3-notice"), "{name}");
    }
}

fn is_known(found: &Value) -> bool {
    KNOWN.iter().any(|known| is_this(known, found))
}

fn is_this(known: &Known, found: &Value) -> bool {
    found["tool"] == known.tool
        && found["rule"] == known.rule
        && found["message"].as_str().is_some_and(|message| message.contains(known.message))
        && found["project"].as_str().is_some_and(|project| project.contains(known.projects))
}

/// Returns what policies grant, in an order of its own: each action on each resource.
fn grants(policies: &Value) -> BTreeSet<String> {
    let policies = policies.as_array().expect("a list of policies");
    assert_eq!(policies.len(), 1, "one role with one policy");
    let statements = policies[0]["Statement"].as_array().expect("statements");
    let mut grants = BTreeSet::new();
    for statement in statements {
        // One may stand without a list around it.
        let list = |key: &str| match &statement[key] {
            Value::Array(all) => all.clone(),
            one => vec![one.clone()],
        };
        for action in list("Action") {
            let action = action.as_str().expect("an action").to_owned();
            assert!(!action.contains('*'), "{action} is more than one action");
            for resource in list("Resource") {
                let (effect, condition) =
                    (&statement["Effect"], condition(&statement["Condition"]));
                grants.insert(format!("{effect} {action} {resource} {condition}"));
            }
        }
    }
    grants
}

/// Returns a condition as text: Terraform has its values in a list even where there is one.
fn condition(block: &Value) -> String {
    block.to_string().replace(['[', ']'], "")
}
