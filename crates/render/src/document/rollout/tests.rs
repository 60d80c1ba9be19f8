//! A rollout of one change that its gate takes back, and one that is confirmed.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use trimtab_model::call::{Call, CallResult};
use trimtab_model::environment::Environment;
use trimtab_model::gate::{Blame, GateState, GateVerdict, Signal};
use trimtab_model::journal::{ChangeOutcome, Direction, Event, Journal, RunOutcome};
use trimtab_model::observed::Observed;
use trimtab_model::plan::{
    Approval, Change, PLAN_FORMAT, Plan, RolloutRules, Stage, Wave, WaveName,
};
use trimtab_model::text::{Language, Reason};

use super::{CheckedChange, Comparison, RolloutPage, measured, rollout_show};
use crate::contract::rollout_json;
use crate::document::sample;
use crate::style::Style;

fn now() -> Timestamp {
    "2026-11-02T19:00:00Z".parse().expect("a moment")
}

fn change() -> Change {
    Change { environment: Environment::Prod, projected: Vec::new(), ..sample::change() }
}

fn plan() -> Plan {
    let waves = vec![
        Wave { name: WaveName::Canary, changes: vec![change()] },
        Wave { name: WaveName::Percent(100), changes: Vec::new() },
    ];
    Plan {
        format: PLAN_FORMAT,
        created_at: now(),
        created_by: "minji".to_owned(),
        expires_at: now(),
        built_from: now(),
        accounts: BTreeMap::new(),
        rules: RolloutRules::default(),
        stages: vec![Stage {
            environment: Environment::Prod,
            approval: Approval::HashAndAlias,
            waves,
        }],
        left_out: Vec::new(),
    }
}

fn verdict() -> GateVerdict {
    GateVerdict {
        state: GateState::Fail,
        blame: Blame::Change,
        reasons: vec![Reason::new("latency-p95-limit", "It is slow.", "느립니다.")],
        figures: BTreeMap::from([
            ("latency-p95.p95".to_owned(), 251.0),
            ("latency-p95.limit".to_owned(), 200.0),
            ("latency-p95.history-worst".to_owned(), 12.0),
            ("latency-p95.history-limit".to_owned(), 25.0),
            ("cpu-credit-balance.p95".to_owned(), 90.0),
            ("cpu-credit-balance.limit".to_owned(), 1.0),
            ("failed-requests.failed".to_owned(), 1.0),
            ("failed-requests.of".to_owned(), 1000.0),
            ("failed-requests.limit".to_owned(), 0.1),
            ("memory-utilization.p95".to_owned(), f64::NAN),
            ("memory-utilization.limit".to_owned(), 85.0),
        ]),
    }
}

fn journal() -> Journal {
    let id = || "C-1".into();
    let reason = || Reason::new("latency-p95-limit", "It is slow.", "느립니다.");
    let call = Box::new(Call::StopInstance { instance: "i-0a".into() });
    let refused = CallResult::Refused {
        code: "Throttling".to_owned(),
        message: "later".to_owned(),
        request_id: None,
    };
    let mut journal = Journal::default();
    let step = "stop".to_owned();
    for event in [
        Event::StageApproved { stage: 0, by: "jun".to_owned(), hash: String::new() },
        Event::ChangeStarted { change: id(), before: Box::new(Observed::Gone) },
        Event::Intent { change: id(), direction: Direction::Forward, step, call },
        Event::Outcome { intent: 2, result: refused },
        Event::SoakStarted { change: id(), after: Box::new(Observed::Gone) },
        Event::GateJudged {
            change: id(),
            verdict: verdict(),
            evidence: "ab".to_owned(),
            sources: Vec::new(),
        },
        Event::RollbackStarted { change: id(), reason: reason() },
        Event::WaveHalted { stage: 0, wave: 0, reason: reason() },
        Event::ChangeClosed {
            change: id(),
            outcome: ChangeOutcome::Original,
            reason: reason(),
            manual: Vec::new(),
        },
        Event::RunClosed { outcome: RunOutcome::RolledBack },
    ] {
        journal.append(now(), 1, event);
    }
    journal
}

fn page<'a>(plan: &'a Plan, journal: &'a Journal, found: &'a str) -> RolloutPage<'a> {
    let change = plan.changes().next().expect("a change");
    RolloutPage {
        plan_id: "P-4c1e",
        hash: "4c1e",
        plan,
        run: "RUN-1",
        journal,
        outcome: RunOutcome::RolledBack,
        seed: 7,
        changes: vec![CheckedChange {
            change,
            stage: change.environment,
            outcome: Some(ChangeOutcome::Original),
            expected: "m5.2xlarge",
            found,
            outages: 2,
            longest: Some(SignedDuration::from_secs(101)),
            is_within_budget: true,
        }],
        running: 1,
        stopped: Vec::new(),
        drained: Vec::new(),
        reserved: Vec::new(),
        entries: journal.entries().len(),
        audit_lines: 2,
        audit_intents: 1,
        calls: 1,
        unannounced: 0,
        planned: Vec::new(),
        confirmed: Vec::new(),
        taken_back: Vec::new(),
    }
}

#[test]
fn the_timeline_says_what_happened_and_why_it_went_back() {
    let (plan, journal) = (plan(), journal());
    let page = page(&plan, &journal, "m5.2xlarge");
    let english = rollout_show(&page, &Style::plain(Language::En));
    for part in [
        "2026-11-02 Mon",
        "Stage prod · Canary",
        "19:00:00 ec2:StopInstances (Throttling)",
        "251 > 200",
        "It is slow.",
        "m5.2xlarge ✓",
        "All of it holds",
    ] {
        assert!(english.contains(part), "{part} is not in\n{english}");
    }
    assert!(!english.contains('\u{1b}'), "{english}");
    let korean = rollout_show(&page, &Style::plain(Language::Ko));
    for part in ["2026-11-02 월", "prod 단계 · 카나리", "느립니다.", "모두 확인했습니다"]
    {
        assert!(korean.contains(part), "{part} is not in\n{korean}");
    }
    assert!(!korean.contains('['), "a text is missing: {korean}");
}

#[test]
fn what_does_not_hold_is_said() {
    let (plan, journal) = (plan(), journal());
    let page = page(&plan, &journal, "m5.large");
    let english = rollout_show(&page, &Style::plain(Language::En));
    assert!(english.contains("m5.large ✗ m5.2xlarge"), "{english}");
    assert!(english.contains("Not all of it holds"), "{english}");
    assert_eq!(rollout_json(&page, Language::En)["verified"]["holds"], false);
}

#[test]
fn figures_stand_beside_their_limits_and_what_was_not_measured_is_no_figure() {
    let found = measured(&verdict());
    let signals: Vec<(Signal, Comparison, bool)> =
        found.iter().map(|one| (one.signal, one.what, one.is_well())).collect();
    assert_eq!(
        signals,
        [
            (Signal::LatencyP95, Comparison::Most, false),
            (Signal::LatencyP95, Comparison::History, true),
            (Signal::FailedRequests, Comparison::Most, true),
            (Signal::CpuCreditBalance, Comparison::Least, true),
        ]
    );
}
