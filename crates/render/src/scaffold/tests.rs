//! Every project, and the values that none of them takes.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::scaffold::{Replaced, Runtime, Vpc};

fn every_project() -> Vec<Scaffold> {
    let mut projects = Vec::new();
    for id in Template::IDS {
        for runtime in Runtime::ALL {
            for iac in Iac::ALL {
                let template = Template::of_id(id, "notice").unwrap();
                projects.push(Scaffold::new("notice", template, runtime, iac));
            }
        }
    }
    projects
}

fn project() -> Scaffold {
    let template = Template::of_id("s3-notice", "notice").unwrap();
    Scaffold::new("notice", template, Runtime::Nodejs, Iac::Sam)
}

/// Returns why a project is refused after a change of it.
fn refusal(change: impl FnOnce(&mut Scaffold)) -> String {
    let mut changed = project();
    change(&mut changed);
    files(&changed).unwrap_err().to_string()
}

#[test]
fn a_refusal_is_told_in_korean_too() {
    let changes: [fn(&mut Scaffold); 4] = [
        |to| to.name = "1st".to_owned(),
        |to| to.memory_mb = 64,
        |to| to.log_retention_days = 2,
        |to| to.vpc = Some(Vpc { subnet_ids: Vec::new(), security_group_ids: Vec::new() }),
    ];
    for change in changes {
        let mut changed = project();
        change(&mut changed);
        let korean = files(&changed).unwrap_err().text().ko;
        assert!(korean.contains("쓸 수") || korean.contains("이하여야"), "{korean}");
        assert!(!korean.contains("the ") && !korean.contains("give"), "{korean}");
    }
}

#[test]
fn every_combination_is_written() {
    let projects = every_project();
    assert_eq!(projects.len(), 48);
    for project in &projects {
        let files = files(project).unwrap();
        let paths: BTreeSet<&str> = files.iter().map(|file| file.path.as_str()).collect();
        assert_eq!(paths.len(), files.len(), "a path comes twice");
        for path in
            ["README.md", "README.ko.md", "MIGRATION.md", "MIGRATION.ko.md", "migration.json"]
        {
            assert!(paths.contains(path), "{path} of {project:?}");
        }
        for file in &files {
            assert!(file.text.ends_with('\n') && !file.text.ends_with("\n\n"), "{}", file.path);
            assert_eq!(file.is_executable, file.path.ends_with(".sh"), "{}", file.path);
            let is_open = [
                "{{name",
                "{{region",
                "{{lower_name",
                "{{gate",
                "{{account",
                "{{deploy_account",
                "{{phases",
                "{{kept",
                "{{by_itself",
                "{{whose",
            ]
            .iter()
            .any(|open| file.text.contains(open));
            assert!(!is_open, "{} has a place that was not filled", file.path);
        }
    }
}

#[test]
fn no_secret_is_in_an_environment() {
    for project in every_project() {
        for file in files(&project).unwrap() {
            let is_infrastructure =
                [".yml", ".yaml", ".tf"].iter().any(|end| file.path.ends_with(end));
            if is_infrastructure {
                assert!(!file.text.to_lowercase().contains("password"), "{}", file.path);
                assert!(
                    !file.text.contains("ssm:/"),
                    "a secret would be filled in when it is deployed"
                );
            }
        }
    }
}

#[test]
fn what_aws_does_not_take_is_refused_with_what_it_takes() {
    for (said, expected) in [
        (refusal(|to| to.name = "1st".to_owned()), "the name \"1st\" cannot be used; give 2 to 64"),
        (refusal(|to| to.name = "a".repeat(65)), "2 to 64 letters"),
        (refusal(|to| to.name = "a\nb".to_owned()), "the name \"a\\nb\" cannot"),
        (refusal(|to| to.region = "seoul".to_owned()), "a region such as"),
        (
            refusal(|to| to.memory_mb = 64),
            "the memory in MB 64 cannot be used; give a number from 128",
        ),
        (refusal(|to| to.timeout_seconds = 901), "from 1 to 900"),
        (refusal(|to| to.log_retention_days = 31), "give one of 1, 3, 5"),
        (refusal(|to| to.soak_days = 0), "the soak in days 0"),
        (refusal(|to| to.account = Some("1; reboot".to_owned())), "the 12 digits of an account"),
        (refusal(|to| to.database_parameter = "/aws/database".to_owned()), "a path such as"),
        (refusal(|to| to.database_parameter = "/a/$(reboot)".to_owned()), "a path such as"),
        (refusal(|to| to.kms_key_arn = Some("alias/a".to_owned())), "the ARN of a key"),
        (
            refusal(|to| {
                let key = "arn:aws:kms:us-east-1:111122223333:key/1234abcd";
                to.kms_key_arn = Some(key.to_owned());
            }),
            "of the same region",
        ),
        (
            refusal(|to| to.template = Template::S3Notice { bucket: "A.b".to_owned() }),
            "3 to 63 small",
        ),
        (
            refusal(|to| {
                to.template = Template::Schedule { expression: "cron(0 3 * * * *)".to_owned() }
            }),
            "cron(minutes",
        ),
        (
            refusal(|to| {
                to.template = Template::Http { token_parameter: "/t".to_owned() };
                to.timeout_seconds = 30;
            }),
            "from 1 to 29",
        ),
        (
            refusal(|to| {
                to.vpc = Some(Vpc { subnet_ids: Vec::new(), security_group_ids: Vec::new() })
            }),
            "the subnets are 0; give 1 to 16",
        ),
        (
            refusal(|to| {
                let (id, region) = ("i-1; reboot".to_owned(), "us-east-1".to_owned());
                to.replaces = Some(Replaced::Instance { id, region });
            }),
            "an id such as i-",
        ),
        (
            refusal(|to| {
                let (id, region) = ("i-0123456789abcdef0".to_owned(), "there; reboot".to_owned());
                to.replaces = Some(Replaced::Instance { id, region });
            }),
            "the region of the instance",
        ),
        (
            refusal(|to| {
                to.tags.insert("team".to_owned(), "a\"\nRole: b".to_owned());
            }),
            "the value of the tag team, which is",
        ),
        (
            refusal(|to| {
                to.tags.insert("aws:team".to_owned(), "a".to_owned());
            }),
            "does not begin with aws:",
        ),
    ] {
        assert!(said.contains(expected), "{said}");
    }
}

#[test]
fn what_aws_takes_is_taken() {
    for expression in
        ["rate(1 day)", "rate(5 minutes)", "cron(0/15 18 ? * MON-FRI *)", "cron(0 18 L * ? *)"]
    {
        let mut project = project();
        project.template = Template::Schedule { expression: expression.to_owned() };
        assert!(files(&project).is_ok(), "{expression}");
    }
    for bucket in ["a1b", "service-notifications", &"b".repeat(63)] {
        let mut project = project();
        project.template = Template::S3Notice { bucket: bucket.to_owned() };
        assert!(files(&project).is_ok(), "{bucket}");
    }
}

/// The kinds of characters that end a text, a line or a list somewhere.
const HOSTILE: &str = "[a가 \"'\\\\\n\r\t:#{}$%`*&!|>@=,\\[\\]\u{0}\u{85}\u{2028}-]{0,20}";

proptest! {
    #[test]
    fn a_hostile_tag_is_refused_or_stands_there_as_it_is(key in HOSTILE, value in HOSTILE) {
        let mut hostile = project();
        hostile.iac = Iac::Cloudformation;
        hostile.tags = [(key.clone(), value.clone())].into();
        if let Ok(files) = files(&hostile) {
            // Only letters, digits, spaces and eight signs are left, and a line holds all of them.
            let template = files.iter().find(|file| file.path == "template.yaml").unwrap();
            let is_value = |line: &str| {
                let line = line.trim();
                let given = line.strip_prefix("Value: ").unwrap_or_default();
                given == value || serde_json::from_str::<String>(given).is_ok_and(|read| read == value)
            };
            prop_assert!(template.text.lines().any(is_value), "{:?}", value);
        }
    }

    #[test]
    fn a_hostile_name_is_refused(name in HOSTILE) {
        let mut hostile = project();
        hostile.name = name.clone();
        let is_plain = name.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '-');
        prop_assert!(is_plain || files(&hostile).is_err());
    }
}
