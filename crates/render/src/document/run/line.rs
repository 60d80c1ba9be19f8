//! One line for each thing that happens while a run goes on.

use jiff::Timestamp;

use trimtab_model::call::{Call, CallResult};
use trimtab_model::id::ChangeId;
use trimtab_model::journal::{Entry, Event};
use trimtab_model::plan::Plan;
use trimtab_model::text::Reason;

use super::words as run_words;
use crate::document::words;
use crate::sanitise;
use crate::style::Style;

/// Returns what an entry of the journal says, with its time.
pub fn run_line(entry: &Entry, plan: &Plan, style: &Style) -> String {
    let clock = clock(entry.at, style);
    let about = entry.event.change().map(|change| named(change, plan)).unwrap_or_default();
    sanitise(&format!("{clock}  {about}{}", said(&entry.event, plan, style)))
}

/// Returns what an event says, without its time and its change.
pub fn entry_words(event: &Event, plan: &Plan, style: &Style) -> String {
    sanitise(&said(event, plan, style))
}

/// Returns that nothing is done until a moment, and why.
pub fn wait_line(now: Timestamp, until: Timestamp, why: &Reason, style: &Style) -> String {
    let until = clock(until, style);
    let waits = style.locale().text_with("line-waits", &[("until", &until)]);
    format!("{}  {waits} {}", clock(now, style), style.sentence(&why.text))
}

fn clock(at: Timestamp, style: &Style) -> String {
    at.to_zoned_datetime(style.time_zone.clone()).strftime("%m-%d %H:%M:%S").to_string()
}

fn named(change: &ChangeId, plan: &Plan) -> String {
    match plan.change(change) {
        Some(found) => format!("{change} {}: ", words::resource_name(&found.resource)),
        None => format!("{change}: "),
    }
}

fn said(event: &Event, plan: &Plan, style: &Style) -> String {
    let locale = style.locale();
    let stage = |index: usize| {
        plan.stages.get(index).map_or("–", |stage| stage.environment.as_str()).to_owned()
    };
    let because = |key: String, reason: &Reason| format!("{key} {}", style.sentence(&reason.text));
    match event {
        Event::RunStarted { run, plan, operator, host, .. } => locale.text_with(
            "line-run-started",
            &[
                ("run", run.as_str()),
                ("plan", plan.as_str()),
                ("by", operator.as_str()),
                ("host", host.as_str()),
            ],
        ),
        Event::LeaseTaken { operator, host, .. } => {
            locale.text_with("line-lease-taken", &[("by", operator), ("host", host)])
        }
        Event::Wished { wish, by } => {
            let wish = run_words::wish(*wish, locale);
            locale.text_with("line-wished", &[("by", by), ("wish", &wish)])
        }
        Event::StageStarted { stage: index } => {
            locale.text_with("line-stage-started", &[("stage", &stage(*index))])
        }
        Event::StageApproved { stage: index, by, .. } => {
            locale.text_with("line-stage-approved", &[("stage", &stage(*index)), ("by", by)])
        }
        Event::WaveHalted { stage: index, reason, .. } => {
            because(locale.text_with("line-wave-halted", &[("stage", &stage(*index))]), reason)
        }
        Event::ChangeStarted { change, .. } => {
            let what = plan.change(change).map(|found| words::change(&found.action, locale));
            locale.text_with("line-change-started", &[("what", &what.unwrap_or_default())])
        }
        Event::Adopted { evidence, .. } => {
            locale.text_with("line-adopted", &[("evidence", &evidence.join(", "))])
        }
        Event::PreflightJudged { rows, found, refusal, .. } => {
            let (rows, found) = (rows.to_string(), found.len().to_string());
            let text = locale.text_with("line-preflight", &[("rows", &rows), ("found", &found)]);
            match refusal {
                Some(reason) => because(text, reason),
                None => text,
            }
        }
        Event::Intent { direction, call, .. } => {
            let direction = run_words::direction(*direction, locale);
            format!("{direction} {}{}", call.iam_action(), target(call))
        }
        Event::Outcome { result, .. } => outcome(result, style),
        Event::SoakStarted { .. } => locale.text("line-soak-started"),
        Event::SoakRestarted { reason, .. } => because(locale.text("line-soak-restarted"), reason),
        Event::GateJudged { verdict, .. } => {
            let mut text = run_words::gate_state(verdict.state, locale);
            for reason in &verdict.reasons {
                text.push(' ');
                text.push_str(&style.sentence(&reason.text));
            }
            text
        }
        Event::Paged { reason, .. } => because(locale.text("line-paged"), reason),
        Event::Held { reason, .. } => because(locale.text("line-held"), reason),
        Event::Unheld { by, .. } => locale.text_with("line-unheld", &[("by", by)]),
        Event::RollbackStarted { reason, .. } => {
            because(locale.text("line-rollback-started"), reason)
        }
        Event::ChangeClosed { outcome, reason, .. } => {
            because(format!("{}.", run_words::change_outcome(*outcome, locale)), reason)
        }
        Event::RunClosed { outcome } => run_words::run_outcome(Some(*outcome), locale),
    }
}

/// Returns what a call sets, where that is not in the change's own line.
fn target(call: &Call) -> String {
    match call {
        Call::ModifyInstanceType { instance_type, .. }
        | Call::CreateCapacityReservation { instance_type, .. }
        | Call::CreateLaunchTemplateVersion { instance_type, .. } => format!(" {instance_type}"),
        Call::StartInstanceRefresh { version, .. } => format!(" {version}"),
        Call::ModifyDbInstanceClass { class, .. } => format!(" {class}"),
        _ => String::new(),
    }
}

fn outcome(result: &CallResult, style: &Style) -> String {
    let locale = style.locale();
    match result {
        CallResult::Accepted { request_id, .. } => {
            let request = request_id.as_deref().unwrap_or("–");
            locale.text_with("line-accepted", &[("request", request)])
        }
        CallResult::Refused { code, message, .. } => {
            locale.text_with("line-refused", &[("code", code), ("message", message)])
        }
        CallResult::Unknown { why } => locale.text_with("line-unknown", &[("why", why)]),
    }
}
