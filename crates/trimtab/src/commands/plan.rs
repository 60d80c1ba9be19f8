//! `trimtab plan`.

use jiff::Timestamp;

use trimtab_app::failure::{Failure, Kind};
use trimtab_app::filter::Filter;
use trimtab_app::pipeline::demo::clock;
use trimtab_app::pipeline::plan::{
    self as pipeline_plan, ApproveRequest, ChangedChange, CreateRequest, FieldChange, Known,
    Missing, PlanDiff,
};
use trimtab_app::pipeline::{self, runs};
use trimtab_model::id::ChangeId;
use trimtab_model::plan::Plan;
use trimtab_render::contract::{
    plan_diff_json, plan_json, plan_lint_json, plan_list_json, plan_simulate_json,
};
use trimtab_render::document::plan::{
    PlanDifference, PlanDifferenceKind, PlanPage, PlanSaving, PlanSlot, PlannedCall, plan_approved,
    plan_change_table, plan_diff_table, plan_note_table, plan_show, plan_slot_table, plan_table,
    planned_call_table,
};
use trimtab_store::state::State;

use crate::cli::{
    Output, PlanApproveArgs, PlanCommand, PlanCreateArgs, PlanDiffArgs, PlanExportArgs, PlanFormat,
};
use crate::commands::preflight;
use crate::console::Console;
use crate::terminal::{Printed, print_json, print_text};
use trimtab_app::pages::{plan_page, planned_calls};

/// Runs `trimtab plan …`.
pub fn run(console: &Console, command: &PlanCommand) -> Result<Printed, Failure> {
    let now = pipeline::now();
    if let PlanCommand::Create(args) = command {
        return create(console, args, now);
    }
    let state = pipeline::open_state(&console.settings)?;
    match command {
        PlanCommand::Create(_) => Ok(Printed::Complete),
        PlanCommand::List => list(console, &state, now),
        PlanCommand::Show(args) => {
            let known = pipeline_plan::known(&state, &args.plan, now)?;
            show(console, &plan_page(&known, clock(&known.stored.plan, now))?)
        }
        PlanCommand::Lint(args) => {
            lint(console, &pipeline_plan::known(&state, &args.plan, now)?, now)
        }
        PlanCommand::Diff(args) => diff(console, &state, args),
        PlanCommand::Simulate(args) => {
            simulate(console, &pipeline_plan::known(&state, &args.plan, now)?, now)
        }
        PlanCommand::Preflight(args) => preflight::show(console, &state, args, now),
        PlanCommand::Attest(args) => preflight::attest(console, &state, args, now),
        PlanCommand::Approve(args) => approve(console, &state, args, now),
        PlanCommand::Export(args) => export(console, &state, args, now),
    }
}

fn create(console: &Console, args: &PlanCreateArgs, now: Timestamp) -> Result<Printed, Failure> {
    let request = CreateRequest {
        recommendations: args.recommendations.clone(),
        filter: args.filter.as_deref().map(str::parse::<Filter>).transpose()?,
        by: args.by.clone(),
        terraform: args.terraform.clone(),
        migrations: args.migration.clone(),
    };
    let planned = pipeline_plan::create(&console.settings, &request, now)?;
    let known = Known {
        stored: planned.stored,
        approvals: Vec::new(),
        findings: planned.findings,
        runs: Vec::new(),
        attestations: Vec::new(),
    };
    let page = plan_page(&known, clock(&known.stored.plan, now))?;
    show(console, &page)?;
    let arguments = [("plan", page.id)];
    console.say(&console.style.locale().text_with("plan-kept", &arguments));
    Ok(Printed::Complete)
}

fn list(console: &Console, state: &State, now: Timestamp) -> Result<Printed, Failure> {
    let plans = pipeline_plan::list(state)?;
    let known: Vec<Known> = plans
        .iter()
        .map(|stored| pipeline_plan::known(state, stored.id.as_str(), now))
        .collect::<Result<_, _>>()?;
    let pages: Vec<PlanPage<'_>> = known
        .iter()
        .map(|known| plan_page(known, clock(&known.stored.plan, now)))
        .collect::<Result<_, _>>()?;
    if console.is_json() {
        print_json(&plan_list_json(&pages))?;
    } else {
        console.print_table("plan.list", &plan_table(&pages, &console.list_style()))?;
    }
    if pages.is_empty() {
        console.say(&console.style.locale().text("plan-none"));
    }
    Ok(Printed::Complete)
}

/// Prints a plan: whole for people, its changes as rows.
fn show(console: &Console, page: &PlanPage<'_>) -> Result<Printed, Failure> {
    match console.output {
        Some(Output::Json) => print_json(&plan_json(page, console.style.language))?,
        Some(Output::Csv | Output::Jsonl | Output::Md) => {
            console
                .print_table("plan.show", &plan_change_table(page.plan, &console.list_style()))?;
        }
        Some(Output::Table) | None => print_text(&plan_show(page, &console.style))?,
    }
    Ok(Printed::Complete)
}

fn lint(console: &Console, known: &Known, now: Timestamp) -> Result<Printed, Failure> {
    let page = plan_page(known, clock(&known.stored.plan, now))?;
    if console.is_json() {
        print_json(&plan_lint_json(&page, console.style.language))?;
    } else {
        console.print_table("plan.lint", &plan_note_table(&page.notes, &console.list_style()))?;
    }
    if pipeline_plan::forbids_approval(&known.findings) {
        console.say(&console.style.locale().text("plan-lint-errors"));
        return Ok(Printed::Found(Kind::Failed));
    }
    console.say(&console.style.locale().text("plan-lint-approvable"));
    Ok(Printed::Complete)
}

fn diff(console: &Console, state: &State, args: &PlanDiffArgs) -> Result<Printed, Failure> {
    let first = pipeline_plan::find(state, &args.before)?;
    let second = pipeline_plan::find(state, &args.after)?;
    let differs = pipeline_plan::diff(&first.plan, &second.plan);
    let differences = differences(&differs, &first.plan, &second.plan);
    if console.is_json() {
        let (before, after) = (first.id.as_str(), second.id.as_str());
        print_json(&plan_diff_json(before, after, &differences))?;
    } else {
        console.print_table("plan.diff", &plan_diff_table(&differences, &console.list_style()))?;
    }
    if differences.is_empty() {
        console.say(&console.style.locale().text("plan-diff-same"));
    }
    Ok(Printed::Complete)
}

fn differences(diff: &PlanDiff, first: &Plan, second: &Plan) -> Vec<PlanDifference> {
    let whole = |kind, id: &ChangeId, plan: &Plan| PlanDifference {
        kind,
        change: Some(id.to_string()),
        resource: plan.change(id).map(|change| change.resource.id.to_string()),
        field: None,
        before: None,
        after: None,
    };
    let added = diff.added.iter().map(|id| whole(PlanDifferenceKind::Added, id, second));
    let removed = diff.removed.iter().map(|id| whole(PlanDifferenceKind::Removed, id, first));
    let changed = diff.changed.iter().flat_map(|one: &ChangedChange| {
        one.fields.iter().map(|field| PlanDifference {
            kind: PlanDifferenceKind::Changed,
            change: Some(one.after.to_string()),
            resource: Some(one.resource.id.to_string()),
            ..of_field(field)
        })
    });
    let rules = diff.rules.iter().map(of_field);
    added.chain(removed).chain(changed).chain(rules).collect()
}

fn of_field(field: &FieldChange) -> PlanDifference {
    PlanDifference {
        kind: PlanDifferenceKind::Rule,
        change: None,
        resource: None,
        field: Some(field.name.clone()),
        before: field.before.clone(),
        after: field.after.clone(),
    }
}

fn simulate(console: &Console, known: &Known, now: Timestamp) -> Result<Printed, Failure> {
    let plan = &known.stored.plan;
    let now = clock(plan, now);
    let rehearsal = pipeline_plan::rehearse(&console.settings, plan, now)?;
    let calls: Vec<PlannedCall> = planned_calls(&rehearsal).collect();
    let slots: Vec<PlanSlot> = pipeline_plan::simulate(plan, now)
        .into_iter()
        .map(|slot| PlanSlot {
            change: slot.change.to_string(),
            stage: slot.environment.as_str(),
            wave: slot.wave,
            start: slot.start,
            made: slot.made,
            watched: slot.watched,
            reason: slot.reason,
        })
        .collect();
    if console.is_json() {
        let id = known.stored.id.as_str();
        print_json(&plan_simulate_json(id, &slots, &calls, console.style.language))?;
    } else {
        let table = plan_slot_table(plan, &slots, &console.list_style());
        console.print_table("plan.simulate", &table)?;
        // Rows for machines are of one table; `apply` has those of the calls.
        if matches!(console.output, None | Some(Output::Table | Output::Md)) && !calls.is_empty() {
            print_text("")?;
            let calls: Vec<&PlannedCall> = calls.iter().collect();
            let table = planned_call_table(&calls, &console.list_style());
            console.print_table("plan.simulate", &table)?;
        }
    }
    console.say(&console.style.locale().text("plan-simulate-basis"));
    Ok(Printed::Complete)
}

fn approve(
    console: &Console,
    state: &State,
    args: &PlanApproveArgs,
    now: Timestamp,
) -> Result<Printed, Failure> {
    let request = ApproveRequest {
        plan: args.plan.clone(),
        stage: args.stage.environment(),
        hash: args.plan_hash.clone(),
        aliases: args.alias.clone(),
        by: args.by.clone(),
    };
    let approval = pipeline_plan::approve(state, &request, now)?;
    let known = pipeline_plan::known(state, approval.stored.id.as_str(), now)?;
    let page = plan_page(&known, clock(&known.stored.plan, now))?;
    if console.is_json() {
        print_json(&plan_json(&page, console.style.language))?;
        return Ok(Printed::Complete);
    }
    let locale = console.style.locale();
    let by = trimtab_render::sanitise(&approval.by);
    let arguments = [("by", by.as_str()), ("stage", request.stage.as_str()), ("plan", page.id)];
    print_text(&locale.text_with("plan-approved", &arguments))?;
    let approved = page.plan.stages.iter().find(|stage| stage.environment == request.stage);
    if let Some(stage) = approved {
        let changes = stage.waves.iter().flat_map(|wave| &wave.changes);
        let savings: Vec<PlanSaving> = pipeline_plan::savings_of(changes)?
            .into_iter()
            .map(|one| PlanSaving { likely: one.likely, low: one.low, high: one.high })
            .collect();
        print_text(&plan_approved(stage, &savings, &console.style))?;
    }
    match approval.missing {
        Missing::Nothing => {}
        Missing::OnePerson | Missing::TwoPersons | Missing::AnotherPerson => {
            print_text(&locale.text("plan-needs-another"))?;
        }
        Missing::SomebodyElse => print_text(&locale.text("plan-needs-somebody-else"))?,
    }
    for command in &page.next {
        print_text(&locale.text_with("next-command", &[("command", command)]))?;
    }
    Ok(Printed::Complete)
}

fn export(
    console: &Console,
    state: &State,
    args: &PlanExportArgs,
    now: Timestamp,
) -> Result<Printed, Failure> {
    if console.output.is_some_and(|output| output != Output::Md) {
        return Err(Failure::usage(
            ("an export has its own format", "내보내기에는 자체 형식이 있습니다"),
            ("leave -o out, and choose with --format", "-o를 빼고 --format으로 고르세요"),
        ));
    }
    let stored = pipeline_plan::find(state, &args.plan)?;
    let (plan, language) = (&stored.plan, console.style.language);
    let text = match (args.format, &args.run) {
        (PlanFormat::Md, Some(run)) => {
            let (run, of_run) = runs::find(state, run)?;
            if of_run.id != stored.id {
                return Err(Failure::usage(
                    (
                        format!("{} is a run of {}", run.record.id, of_run.id),
                        format!("{} 실행은 {} 계획의 것입니다", run.record.id, of_run.id),
                    ),
                    (
                        format!(
                            "write: trimtab plan export {} --format md --run {}",
                            of_run.id, run.record.id
                        ),
                        format!(
                            "이렇게 쓰세요: trimtab plan export {} --format md --run {}",
                            of_run.id, run.record.id
                        ),
                    ),
                ));
            }
            let journal = run.journal.map_err(|cause| {
                let message = ("the journal of the run is damaged", "실행의 기록이 손상되었습니다");
                let mut failure = Failure::new(Kind::Failed, message);
                failure.causes.push(cause);
                failure.with_hint((
                    "no record can be made of it; look at the resources themselves",
                    "기록을 만들 수 없습니다. 자원을 직접 확인하세요",
                ))
            })?;
            pipeline_plan::record(plan, &journal, language)
        }
        (_, Some(_)) => {
            return Err(Failure::usage(
                ("only --format md takes --run", "--run은 --format md에만 쓸 수 있습니다"),
                ("leave --run out", "--run을 빼세요"),
            ));
        }
        (PlanFormat::Md, None) => {
            let now = clock(plan, now);
            pipeline_plan::announcement(plan, args.contact.as_deref(), now, language)
        }
        (PlanFormat::Awscli, None) => pipeline_plan::awscli(plan),
        (PlanFormat::Terraform, None) => pipeline_plan::terraform(plan),
        (PlanFormat::Cloudformation, None) => pipeline_plan::cloudformation(plan),
    };
    print_text(&text)?;
    Ok(Printed::Complete)
}
