//! `trimtab doctor`.

use serde_json::{Value, json};

use trimtab_app::failure::{Failure, Kind};
use trimtab_app::pipeline::{self, Diagnosis, Metrics, ScanRequest};
use trimtab_model::diagnosis::{Area, Status, Subject};
use trimtab_render::document::{DoctorReport, doctor_report, doctor_table, grants};

use crate::cli::DoctorArgs;
use crate::console::Console;
use crate::terminal::{Printed, ProgressBar, print_json, print_text};

/// The service that charges for every request, as the SDK names it.
const S3: &str = "S3";
/// Operations of CloudWatch that are charged (Amazon CloudWatch pricing, APIs).
const CHARGED_BY_CLOUDWATCH: &[&str] = &["GetMetricData", "ListMetrics"];

/// Tries what a scan needs.
pub fn run(console: &Console, args: &DoctorArgs) -> Result<Printed, Failure> {
    let request = ScanRequest {
        profile: args.profile.clone(),
        accounts: args.account.clone(),
        regions: args.region.clone(),
        services: args.services.clone(),
        metrics: Metrics::Skip,
        budget: args.budget,
        ..ScanRequest::default()
    };
    let locale = console.style.locale();
    let bar = ProgressBar::start(&locale.text("progress-doctor"), locale, console.quiet);
    let diagnosis = pipeline::doctor(&console.settings, &request, &mut |done, of| {
        let arguments = [("done", done.to_string()), ("of", of.to_string())];
        let arguments = arguments.each_ref().map(|(name, value)| (*name, value.as_str()));
        bar.say(&locale.text_with("progress-doctor-step", &arguments));
    })?;
    drop(bar);
    let report = report(&diagnosis);
    if console.is_json() {
        print_json(&document(console, &diagnosis, &report))?;
    } else if console.is_table() {
        print_text(&doctor_report(&report, &console.style))?;
    } else {
        console.print_table("doctor", &doctor_table(&report, &console.list_style()))?;
    }
    Ok(ended(&diagnosis))
}

fn report(diagnosis: &Diagnosis) -> DoctorReport<'_> {
    let count = |wanted: &dyn Fn(&str, &str) -> bool| {
        let calls = diagnosis.calls.iter();
        calls.filter(|(one, _)| wanted(&one.service, &one.name)).map(|(_, count)| count).sum()
    };
    DoctorReport {
        steps: &diagnosis.steps,
        permissions: &diagnosis.permissions,
        lacks: &diagnosis.lacks,
        calls: count(&|_, _| true),
        charged_by_s3: count(&|service, _| service == S3),
        charged_by_cloudwatch: count(&|_, name| CHARGED_BY_CLOUDWATCH.contains(&name)),
    }
}

/// What is missing comes before what could not be found out.
fn ended(diagnosis: &Diagnosis) -> Printed {
    let has = |status| diagnosis.steps.iter().any(|step| step.status == status);
    let is_broken_here = diagnosis
        .steps
        .iter()
        .any(|step| step.area == Area::Environment && step.status == Status::Failed);
    match (has(Status::Missing), is_broken_here, has(Status::Failed)) {
        (true, _, _) => Printed::Found(Kind::Permission),
        (false, true, _) => Printed::Found(Kind::Failed),
        (false, false, true) => Printed::Partial,
        (false, false, false) => Printed::Complete,
    }
}

fn document(console: &Console, diagnosis: &Diagnosis, report: &DoctorReport<'_>) -> Value {
    let language = console.style.language;
    json!({
        "schema": "trimtab/v1/doctor",
        "calls": diagnosis.calls.iter().map(|(operation, count)| json!({
            "service": operation.service, "operation": operation.name, "count": count,
        })).collect::<Vec<_>>(),
        "calls_charged_by_s3": report.charged_by_s3,
        "calls_charged_by_cloudwatch": report.charged_by_cloudwatch,
        "items": diagnosis.steps.iter().map(|step| json!({
            "area": step.area.as_str(),
            "status": step.status.as_str(),
            "account": step.account,
            "region": step.region,
            "code": step.reason.code,
            "message": step.reason.text.get(language),
            "hint": step.hint.as_ref().map(|hint| hint.get(language)),
        })).collect::<Vec<_>>(),
        "permissions": diagnosis.permissions.iter().map(|one| json!({
            "account": one.account,
            "region": one.region,
            "resource_type": one.subject.kind(),
            "second_opinion": one.subject.opinions(),
            "action": one.action,
            "status": one.status.as_str(),
        })).collect::<Vec<_>>(),
        "missing": diagnosis.lacks.iter().map(|lack| json!({
            "principal": lack.principal,
            "account": lack.account,
            "regions": lack.regions,
            "actions": lack.actions,
            "resource_types":
                lack.subjects.iter().filter_map(|one| one.kind()).collect::<Vec<_>>(),
            "metrics": lack.subjects.contains(&Subject::Metrics),
            "second_opinions":
                lack.subjects.iter().filter_map(|one| one.opinions()).collect::<Vec<_>>(),
            "checks": lack.checks,
            "statement": lack.statement,
        })).collect::<Vec<_>>(),
        "policies": grants(&diagnosis.lacks).into_iter().map(|(who, policy)| json!({
            "principals": who.iter().map(|lack| &lack.principal).collect::<Vec<_>>(),
            "policy": policy,
        })).collect::<Vec<_>>(),
    })
}
