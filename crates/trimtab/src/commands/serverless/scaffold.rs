//! `trimtab serverless scaffold`.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use trimtab_app::failure::{Failure, Kind};
use trimtab_app::pipeline::write_project;
use trimtab_model::resource::ResourceKind;
use trimtab_model::serverless::{Candidate, FunctionArchitecture, Trigger};
use trimtab_model::text::Text;
use trimtab_render::scaffold::{
    Architecture, Iac, MOST_MESSAGES, Replaced, Runtime, Scaffold, ScaffoldFile, Template, Vpc,
    files,
};

use serde_json::json;

use crate::cli::{IacName, RuntimeName, ScaffoldArgs, TemplateName};
use crate::console::Console;
use crate::terminal::{print_json, print_text};

/// The name and version of the answer's shape.
const SCHEMA: &str = "trimtab/v1/serverless.scaffold";
/// Seconds after which Lambda ends any run.
const MOST_SECONDS: u32 = 900;
/// Times of the longest run that a timeout has.
const ROOM: Decimal = Decimal::from_parts(15, 0, 0, false, 1);
/// Most characters of a name that is made of a server's.
const NAME_CHARACTERS: usize = 40;

/// Writes the project of a candidate, or of a template alone.
///
/// # Errors
/// Fails on values that AWS does not take, and where the directory is there already and is not empty.
pub fn scaffold(
    console: &Console,
    candidate: Option<&Candidate>,
    args: &ScaffoldArgs,
) -> Result<(), Failure> {
    console.no_rows()?;
    let project = project(candidate, args)?;
    let files = files(&project).map_err(|cause| refused(cause.text()))?;
    write_project(
        &args.out,
        files.iter().map(|file| (file.path.as_str(), file.text.as_str(), file.is_executable)),
    )?;
    told(console, &project, &files, args)
}

fn refused(cause: Text) -> Failure {
    Failure::usage(
        (cause.en, cause.ko),
        (
            "`trimtab serverless scaffold --help` lists what can be set",
            "설정할 수 있는 값은 `trimtab serverless scaffold --help`에 있습니다",
        ),
    )
}

fn project(candidate: Option<&Candidate>, args: &ScaffoldArgs) -> Result<Scaffold, Failure> {
    let template = args.template.unwrap_or_else(|| started_by(candidate));
    let id = template_id(template);
    let name =
        args.name.clone().unwrap_or_else(|| candidate.map_or_else(|| id.to_owned(), name_of));
    let template =
        Template::of_id(id, &name).ok_or_else(|| refused(Text::new(id, format!("템플릿 {id}"))))?;
    let runtime = match args.runtime {
        RuntimeName::Rust => Runtime::Rust,
        RuntimeName::Nodejs => Runtime::Nodejs,
        RuntimeName::Python => Runtime::Python,
    };
    let iac = match args.iac {
        IacName::Serverless => Iac::Serverless,
        IacName::Sam => Iac::Sam,
        IacName::Cloudformation => Iac::Cloudformation,
        IacName::Terraform => Iac::Terraform,
    };
    let mut project = Scaffold::new(&name, template, runtime, iac);
    if let Some(candidate) = candidate {
        take_over(&mut project, candidate)?;
    }
    if let Some(region) = &args.region {
        project.region.clone_from(region);
    }
    project.memory_mb = args.memory.unwrap_or(project.memory_mb);
    project.timeout_seconds = args.timeout.unwrap_or(project.timeout_seconds);
    project.tags.extend(args.tags.iter().cloned());
    if !args.subnets.is_empty() {
        project.vpc = Some(Vpc {
            subnet_ids: args.subnets.clone(),
            security_group_ids: args.security_groups.clone(),
        });
    }
    Ok(project)
}

fn template_id(template: TemplateName) -> &'static str {
    match template {
        TemplateName::S3Notice => "s3-notice",
        TemplateName::Http => "http",
        TemplateName::Schedule => "schedule",
        TemplateName::Queue => "queue",
    }
}

fn started_by(candidate: Option<&Candidate>) -> TemplateName {
    match candidate.map(|candidate| candidate.trigger) {
        Some(Trigger::Request) => TemplateName::Http,
        Some(Trigger::Schedule) => TemplateName::Schedule,
        Some(Trigger::Queue) => TemplateName::Queue,
        Some(Trigger::Event) | None => TemplateName::S3Notice,
    }
}

/// Returns a name of letters, digits and hyphens that begins with a letter.
fn name_of(candidate: &Candidate) -> String {
    let resource = &candidate.resource;
    let known = resource.name.as_deref().unwrap_or(resource.id.as_str());
    let plain: String = known
        .chars()
        .map(|one| if one.is_ascii_alphanumeric() { one.to_ascii_lowercase() } else { '-' })
        .collect();
    let plain = plain.trim_start_matches(|one: char| !one.is_ascii_alphabetic());
    let plain: String = plain.chars().take(NAME_CHARACTERS).collect();
    match plain.trim_end_matches('-') {
        short if short.len() < 2 => "function".to_owned(),
        name => name.to_owned(),
    }
}

/// Takes what is known of the server: where it is, how often it works, what was proposed, and that it is stopped
/// after the soak.
///
/// # Errors
/// Fails where the analysis does not say how many tasks a service has: nothing else could give them back.
fn take_over(project: &mut Scaffold, candidate: &Candidate) -> Result<(), Failure> {
    let resource = &candidate.resource;
    resource.region.as_str().clone_into(&mut project.region);
    project.tags.insert("environment".to_owned(), resource.environment.as_str().to_owned());
    if let Some(function) = candidate.economics.as_ref().ok().and_then(|one| one.options.first()) {
        project.memory_mb = function.memory_mb;
        project.architecture = match function.architecture {
            FunctionArchitecture::Arm64 => Architecture::Arm64,
            FunctionArchitecture::X86 => Architecture::X86_64,
        };
    }
    // Behind HTTP nobody waits as long as that.
    if !matches!(project.template, Template::Http { .. })
        && let Some(seconds) = seconds_of_a_run(candidate)
    {
        // The alarm goes off at four fifths of the timeout: not for the longest run that was seen.
        let room = seconds.saturating_mul(ROOM).ceil();
        let longest = room.to_u32().unwrap_or(MOST_SECONDS).max(1);
        let mut all = longest;
        if project.template == Template::Queue {
            // A batch is handled one message after the other.
            project.batch_size = (MOST_SECONDS / longest).clamp(1, MOST_MESSAGES);
            all = longest.saturating_mul(project.batch_size);
        }
        project.timeout_seconds = project.timeout_seconds.max(all).min(MOST_SECONDS);
    }
    let gap = candidate.workload.usual_distance_seconds;
    project.usual_gap_minutes = gap.and_then(|seconds| u32::try_from(seconds.div_ceil(60)).ok());
    // What is no number of an account cannot be compared with what AWS says.
    let account = Some(resource.account.as_str()).filter(|account| is_account(account));
    project.account = account.map(str::to_owned);
    let region = resource.region.as_str().to_owned();
    project.replaces = match resource.kind {
        ResourceKind::Instance => {
            Some(Replaced::Instance { id: resource.id.as_str().to_owned(), region })
        }
        ResourceKind::EcsService => {
            let tasks = candidate.tasks.ok_or_else(|| tasks_unknown(resource.id.as_str()))?;
            resource.id.as_str().split_once('/').map(|(cluster, service)| Replaced::Service {
                cluster: cluster.to_owned(),
                service: service.to_owned(),
                region,
                desired_count: tasks.desired,
                scaling: tasks.scaling,
            })
        }
        _ => None,
    };
    Ok(())
}

/// Returns the seconds that a run takes at most as the proposed function, or for which the server holds a message where nothing is
/// priced.
fn seconds_of_a_run(candidate: &Candidate) -> Option<Decimal> {
    let option = candidate.economics.as_ref().ok().and_then(|one| one.options.first());
    let held = candidate.workload.queues.as_ref().and_then(|one| one.seconds_of_a_message);
    option.map(|option| option.seconds_high).or_else(|| Decimal::try_from(held?).ok())
}

fn is_account(account: &str) -> bool {
    account.len() == 12 && account.chars().all(|digit| digit.is_ascii_digit())
}

fn tasks_unknown(service: &str) -> Failure {
    Failure::new(
        Kind::Failed,
        (
            format!("the last analysis does not say how many tasks {service} has"),
            format!("마지막 분석에 {service}의 태스크 수가 없습니다"),
        ),
    )
    .with_hint((
        "run `trimtab analyze` once more: an earlier version made the analysis",
        "이전 버전으로 분석한 결과이므로 `trimtab analyze`를 다시 실행하세요",
    ))
}

fn told(
    console: &Console,
    project: &Scaffold,
    files: &[ScaffoldFile],
    args: &ScaffoldArgs,
) -> Result<(), Failure> {
    if console.is_json() {
        return print_json(&json!({
            "schema": SCHEMA,
            "directory": args.out,
            "name": project.name,
            "template": project.template.id(),
            "files": files.iter().map(|file| &file.path).collect::<Vec<_>>(),
        }));
    }
    let mut text = String::new();
    for file in files {
        text.push_str(&args.out.join(&file.path).display().to_string());
        text.push('\n');
    }
    print_text(&text)?;
    let next = Text::new(
        format!(
            "read {}: it has every step up to the stop of what runs today",
            args.out.join("README.md").display()
        ),
        format!(
            "{} 파일에 지금 실행 중인 서버를 중지하기까지의 순서가 있습니다",
            args.out.join("README.ko.md").display()
        ),
    );
    console.say(next.get(console.style.language));
    Ok(())
}

#[cfg(test)]
mod tests {
    use trimtab_model::action::TaskLimits;
    use trimtab_model::serverless::{ServiceTasks, TaskScaling};

    use super::*;

    /// A candidate of a region as a store holds it: one of an earlier version, that says nothing of tasks.
    fn candidate(kind: &str, id: &str) -> Candidate {
        let reason = json!({ "code": "price-unknown", "text": { "en": "a", "ko": "가" } });
        serde_json::from_value(json!({
            "resource": {
                "id": id, "kind": kind, "account": "111122223333", "region": "us-east-1",
                "environment": "prod", "name": null,
            },
            "server": "7 × 1 vCPU, 2.0 GB", "fit": "fits", "changes": [], "obstacles": [],
            "signals_not_seen": [], "trigger": "event",
            "workload": {
                "days": 14.0, "period_seconds": 300, "duty_cycle": 0.01, "working_percent": 30.0,
                "waiting_percent": 1.0, "working_seconds": 3600.0, "processor_seconds": 900.0,
                "processors": 0.25, "longest_seconds": 300, "usual_distance_seconds": null,
                "regularity": null, "runs": 100.0, "runs_by": "stretches",
                "seconds_of_a_request": null, "memory_mb": null,
            },
            "economics": { "Err": { "reason": reason, "settled_by": ["prices"] } },
        }))
        .expect("a candidate")
    }

    fn args() -> ScaffoldArgs {
        ScaffoldArgs {
            server: None,
            template: None,
            out: "out".into(),
            runtime: RuntimeName::Rust,
            iac: IacName::Sam,
            name: None,
            region: Some("eu-central-1".to_owned()),
            memory: None,
            timeout: None,
            tags: Vec::new(),
            subnets: Vec::new(),
            security_groups: Vec::new(),
        }
    }

    #[test]
    fn what_is_replaced_stays_where_it_is_when_the_function_goes_elsewhere() {
        let server = candidate("AWS::EC2::Instance", "i-0123456789abcdef0");
        let made = project(Some(&server), &args()).expect("a project");
        let (id, region) = ("i-0123456789abcdef0".to_owned(), "us-east-1".to_owned());
        assert_eq!(made.region, "eu-central-1");
        assert_eq!(made.account.as_deref(), Some("111122223333"));
        assert_eq!(made.replaces, Some(Replaced::Instance { id, region }));
    }

    #[test]
    fn what_usually_lies_between_two_runs_is_that_of_the_analysis() {
        let mut server = candidate("AWS::EC2::Instance", "i-0123456789abcdef0");
        assert_eq!(project(Some(&server), &args()).expect("a project").usual_gap_minutes, None);
        for (seconds, minutes) in [(302_401, Some(5041)), (u64::MAX, None)] {
            server.workload.usual_distance_seconds = Some(seconds);
            let made = project(Some(&server), &args()).expect("a project");
            assert_eq!(made.usual_gap_minutes, minutes);
        }
    }

    #[test]
    fn a_batch_of_messages_ends_in_time() {
        for (seconds, batch, timeout) in [("0.2", 10, 300), ("60", 10, 900), ("400", 1, 600)] {
            let mut server = candidate("AWS::EC2::Instance", "i-0123456789abcdef0");
            server.trigger = Trigger::Queue;
            let economics = serde_json::from_value(json!({
                "now": [], "free_tier": "0", "break_even": null, "break_even_runs": null,
                "sensitivity": [],
                "options": [{
                    "memory_mb": 512, "architecture": "arm64", "is_proposed": true,
                    "seconds_low": "0.1", "seconds_high": seconds, "components": [],
                    "monthly_low": "1", "monthly_high": "1", "unfit": null,
                }],
                "cold_starts": {
                    "share": 0.1, "kept_minutes": 5, "matters": false, "kept_ready": null,
                },
            }));
            server.economics = Ok(economics.expect("economics"));
            let made = project(Some(&server), &args()).expect("a project");
            assert_eq!(made.template, Template::Queue);
            assert_eq!((made.batch_size, made.timeout_seconds), (batch, timeout), "{seconds}");
        }
        // Nothing is priced, and how long a message is held is known.
        let mut server = candidate("AWS::EC2::Instance", "i-0123456789abcdef0");
        server.trigger = Trigger::Queue;
        server.workload.queues = serde_json::from_value(json!({
            "names": ["jobs"], "messages": 100.0, "deepest": 50.0, "usual_depth": 40.0,
            "seconds_of_a_message": 200.0, "readers": 1,
        }))
        .expect("a queue");
        let made = project(Some(&server), &args()).expect("a project");
        assert_eq!((made.batch_size, made.timeout_seconds), (3, 900));
    }

    #[test]
    fn what_is_no_number_of_an_account_is_left_out() {
        let mut server = candidate("AWS::EC2::Instance", "i-0123456789abcdef0");
        server.resource.account = "games".into();
        assert_eq!(project(Some(&server), &args()).expect("a project").account, None);
        assert_eq!(project(None, &args()).expect("a project").account, None);
    }

    #[test]
    fn the_tasks_of_a_service_are_those_of_the_inventory_and_never_guessed() {
        let mut service = candidate("AWS::ECS::Service", "games/notices");
        let failure = project(Some(&service), &args()).expect_err("nobody knows its tasks");
        assert!(failure.message.en.contains("how many tasks games/notices has"));
        assert!(failure.hint.is_some_and(|hint| hint.en.contains("trimtab analyze")));
        let limits = TaskLimits { min_capacity: 2, max_capacity: 8 };
        let scaling = TaskScaling::Target(limits);
        service.tasks = Some(ServiceTasks { desired: 3, scaling });
        let made = project(Some(&service), &args()).expect("a project");
        let expected = Replaced::Service {
            cluster: "games".to_owned(),
            service: "notices".to_owned(),
            region: "us-east-1".to_owned(),
            desired_count: 3,
            scaling,
        };
        assert_eq!(made.replaces, Some(expected));
    }
}
