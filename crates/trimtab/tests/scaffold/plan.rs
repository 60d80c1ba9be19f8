//! The plan by which a function takes over, and the pages that say it.

use serde_json::Value;
use trimtab_model::action::TaskLimits;
use trimtab_model::serverless::TaskScaling;
use trimtab_render::scaffold::{Iac, Replaced, Runtime, Scaffold, Template, files};

use super::project::{every_project, project};

fn text(project: &Scaffold, path: &str) -> String {
    let files = files(project).expect("AWS takes these values");
    files.into_iter().find(|file| file.path == path).expect("the file").text
}

fn plan(project: &Scaffold) -> Value {
    serde_json::from_str(&text(project, "migration.json")).expect("JSON")
}

#[test]
fn every_plan_goes_through_the_phases_and_has_a_way_back() {
    for (name, project) in every_project() {
        let plan = plan(&project);
        let phases = plan["phases"].as_array().expect("phases");
        let ids: Vec<&str> =
            phases.iter().map(|phase| phase["id"].as_str().expect("an id")).collect();
        assert_eq!(ids, ["beside", "shadow", "shift", "watch", "stop", "rollback"], "{name}");
        for phase in phases {
            let is_done = |commands: &str, by_hand: &str| {
                phase[commands].as_array().is_some_and(|list| !list.is_empty())
                    || phase[by_hand]["en"].is_string() && phase[by_hand]["ko"].is_string()
            };
            assert!(is_done("commands", "by_hand"), "{name}: nothing is done in {phase}");
            assert!(is_done("back", "back_by_hand"), "{name}: there is no way back from {phase}");
            let minutes = phase["gate_minutes"].as_u64();
            if phase["id"] == "rollback" {
                // The gate asks for the function, and what it replaced is what has to run again.
                assert_eq!(minutes, None, "{name}");
                assert!(phase["gate_by_hand"]["en"].is_string(), "{name}");
                assert!(phase["gate_by_hand"]["ko"].is_string(), "{name}");
            } else {
                assert!(minutes.is_some_and(|minutes| minutes >= 5), "{name}");
                assert!(phase["gate_by_hand"].is_null(), "{name}");
            }
        }
        let checks: Vec<&str> = plan["gate"]["checks"]
            .as_array()
            .expect("checks")
            .iter()
            .map(|check| check["id"].as_str().expect("an id"))
            .collect();
        for check in ["errors", "throttles", "duration"] {
            assert!(checks.contains(&check), "{name} has no gate for {check}");
        }
        let has_letters = project.template.id() != "http";
        assert_eq!(checks.contains(&"dead_letters"), has_letters, "{name}");
    }
}

/// A function that replaces a service of another region, and its plan.
fn of_service(scaling: TaskScaling) -> (Scaffold, Value) {
    let mut project = project("queue", Runtime::Rust, Iac::Sam);
    project.replaces = Some(Replaced::Service {
        cluster: "games".to_owned(),
        service: "notices".to_owned(),
        region: "us-east-1".to_owned(),
        desired_count: 3,
        scaling,
    });
    let plan = plan(&project);
    (project, plan)
}

#[test]
fn what_is_replaced_is_stopped_last_and_started_first_on_the_way_back() {
    let (project, plan) = of_service(TaskScaling::Fixed);
    let command = |phase: usize, at: usize| {
        plan["phases"][phase]["commands"][at].as_str().unwrap_or_default().to_owned()
    };
    assert!(command(4, 0).contains("--desired-count 0"));
    assert!(command(5, 0).contains("--desired-count 3"));
    assert_eq!(command(5, 2), "./deploy.sh shadow");
    assert_eq!(plan["replaces"]["id"], "notices");
    let by_hand = plan["phases"][5]["by_hand"]["en"].as_str().unwrap_or_default();
    assert!(by_hand.starts_with("Do what follows after what it replaces runs again"), "{by_hand}");
    assert!(by_hand.contains("wait until the queue"), "{by_hand}");
    for (phase, at) in [(4, 0), (5, 0), (5, 1)] {
        assert!(command(phase, at).ends_with("--region us-east-1"), "{phase} {at}");
    }
    assert!(text(&project, "MIGRATION.md").contains("in another region than the function"));
    assert!(text(&project, "MIGRATION.ko.md").contains("함수와 다른 리전에 있어"));
    let near = Scaffold { region: "us-east-1".to_owned(), ..project };
    assert!(!text(&near, "MIGRATION.md").contains("another region"));
}

#[test]
fn nothing_is_stopped_started_or_removed_with_the_credentials_of_another_account() {
    let (mut project, open) =
        of_service(TaskScaling::Target(TaskLimits { min_capacity: 2, max_capacity: 8 }));
    assert!(open["replaces"]["account"].is_null());
    assert!(!open.to_string().contains("account.sh"), "nobody knows the account");
    project.account = Some("111122223333".to_owned());
    for iac in Iac::ALL {
        project.iac = iac;
        let plan = plan(&project);
        assert_eq!(plan["replaces"]["account"], "111122223333");
        for (phase, which) in
            [(0, "back"), (1, "back"), (4, "commands"), (4, "back"), (5, "commands")]
        {
            for command in plan["phases"][phase][which].as_array().expect("a list") {
                let command = command.as_str().unwrap_or_default();
                // What deploys asks by itself.
                let is_asked =
                    command.starts_with("./account.sh && ") || command == "./deploy.sh shadow";
                assert!(is_asked, "{phase} {which}: {command}");
            }
        }
        assert!(text(&project, "account.sh").contains("wanted=111122223333\n"));
        assert!(text(&project, "deploy.sh").contains("\n./account.sh\n"));
        for page in ["README.md", "README.ko.md", "MIGRATION.md", "MIGRATION.ko.md"] {
            assert!(text(&project, page).contains("111122223333"), "{page}");
        }
    }
}

#[test]
fn what_would_have_the_tasks_back_is_stopped_first_and_restored_first() {
    let limits = TaskLimits { min_capacity: 2, max_capacity: 8 };
    let (project, plan) = of_service(TaskScaling::Target(limits));
    let commands = |phase: usize, which: &str| -> Vec<String> {
        let list = plan["phases"][phase][which].as_array().expect("a list");
        list.iter().map(|one| one.as_str().unwrap_or_default().to_owned()).collect()
    };
    let stop = commands(4, "commands");
    assert_eq!(stop.len(), 2, "{stop:?}");
    assert!(stop[0].contains("register-scalable-target"), "{stop:?}");
    assert!(stop[0].contains("--resource-id service/games/notices"), "{stop:?}");
    assert!(stop[0].contains("--min-capacity 0 --max-capacity 0 --region us-east-1"), "{stop:?}");
    for back in [commands(4, "back"), commands(5, "commands")] {
        assert!(back[0].contains("--min-capacity 2 --max-capacity 8"), "{back:?}");
        assert!(back[1].contains("--desired-count 3"), "{back:?}");
    }
    assert!(text(&project, "MIGRATION.md").contains("between 2 and 8 tasks"));
    assert!(text(&project, "MIGRATION.ko.md").contains("2에서 8 사이"));
}

#[test]
fn where_nobody_looked_for_a_target_a_person_looks_before_the_stop() {
    let (project, plan) = of_service(TaskScaling::Unknown);
    let stop = plan["phases"][4]["by_hand"]["en"].as_str().unwrap_or_default();
    assert!(stop.contains("describe-scalable-targets"), "{stop}");
    assert!(plan["phases"][4]["back_by_hand"]["ko"].is_string());
    assert_eq!(plan["replaces"]["scaling"], "unknown");
    assert!(text(&project, "MIGRATION.md").contains("is not in the inventory"));
}

#[test]
fn a_plan_by_the_clock_waits_for_the_clock() {
    let mut project = project("schedule", Runtime::Rust, Iac::Sam);
    let expression = "cron(0 18 1 * ? *)".to_owned();
    project.template = Template::Schedule { expression };
    let plan = plan(&project);
    for phase in 1..5 {
        assert_eq!(plan["phases"][phase]["lasts_days"], 31, "{phase}");
    }
    for phase in 0..5 {
        assert_eq!(plan["phases"][phase]["gate_minutes"], 62 * 1440, "{phase}");
    }
    assert_eq!(plan["gate"]["looks_back_at_least_minutes"], 62 * 1440);
    let said = text(&project, "MIGRATION.md");
    assert!(said.contains("the longest time between two runs is 31 days"), "{said}");
    assert!(text(&project, "MIGRATION.ko.md").contains("두 번의 실행이 들어가는 최근 62일"));
}

#[test]
fn what_works_twice_a_week_is_watched_for_a_week() {
    for id in ["s3-notice", "http", "queue"] {
        let mut project = project(id, Runtime::Rust, Iac::Sam);
        assert!(!text(&project, "MIGRATION.md").contains("usually works"), "{id}");
        project.usual_gap_minutes = Some(5040);
        let plan = plan(&project);
        for (phase, days) in [(3, 14), (4, 7)] {
            assert_eq!(plan["phases"][phase]["lasts_days"], days, "{id}");
            assert_eq!(plan["phases"][phase]["gate_minutes"], 7 * 1440, "{id}");
        }
        assert_eq!(plan["soak_days"], 14);
        let said = text(&project, "MIGRATION.md");
        assert!(said.contains("usually works once in about 84 hours"), "{said}");
        assert!(said.contains("After 7 days, `./gate.sh 10080` ends with 0."), "{said}");
        assert!(text(&project, "MIGRATION.ko.md").contains("보통 84시간쯤에 한 번"));
    }
}

#[test]
fn both_languages_say_the_same_commands() {
    let commands = |text: &str| -> Vec<String> {
        let blocks = text.split("```bash\n").skip(1);
        blocks.map(|block| block.split("```").next().unwrap_or_default().to_owned()).collect()
    };
    for (name, project) in every_project() {
        for page in ["README", "MIGRATION"] {
            let english = text(&project, &format!("{page}.md"));
            let korean = text(&project, &format!("{page}.ko.md"));
            assert!(!commands(&english).is_empty(), "{name}: {page}");
            assert_eq!(commands(&english), commands(&korean), "{name}: {page}");
            let headings = |text: &str| text.lines().filter(|line| line.starts_with('#')).count();
            assert_eq!(headings(&english), headings(&korean), "{name}: {page}");
        }
    }
}

#[test]
fn the_keys_of_the_guide_are_all_there() {
    let template = Template::S3Notice { bucket: "service-notifications".to_owned() };
    let project = Scaffold::new("notification-system", template, Runtime::Nodejs, Iac::Serverless);
    let written = text(&project, "serverless.yml");
    for line in [
        "service: notification-system",
        "  name: aws",
        "  runtime: nodejs24.x",
        "  region: ap-northeast-2",
        "  environment:",
        "      name: service-notifications",
        "          event: \"s3:ObjectCreated:*\"",
        "  timeout: 300",
        "  memorySize: 256",
    ] {
        assert!(written.lines().any(|found| found == line), "{line} is not in\n{written}");
    }
}
