//! What people read while a run goes on, and when it is over.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use trimtab_model::call::{Call, CallResult};
use trimtab_model::gate::{Blame, GateState, GateVerdict};
use trimtab_model::journal::{ChangeOutcome, Direction, Event, Journal, RunOutcome, Wish};
use trimtab_model::observed::Observed;
use trimtab_model::plan::{
    Ancestry, Approval, Change, PLAN_FORMAT, Plan, RolloutRules, Stage, Wave, WaveName,
};
use trimtab_model::text::{Language, Reason};

use super::{RunChange, RunPage, RunPhase, run_change_table, run_line, run_show, run_table};
use crate::document::plan::{
    PlanApproval, PlanNote, PlanPage, PlanSaving, PlannedCall, PlannedCalls, dry_run, plan_show,
    plan_table,
};
use crate::document::sample;
use crate::style::Style;

fn now() -> Timestamp {
    "2026-11-24T19:00:00Z".parse().expect("a moment")
}

fn change() -> Change {
    Change { ancestry: Ancestry::Possibly("terraform".to_owned()), ..sample::change() }
}

fn plan() -> Plan {
    let change = change();
    let wave = Wave { name: WaveName::Canary, changes: vec![change.clone()] };
    Plan {
        format: PLAN_FORMAT,
        created_at: now(),
        created_by: "kim".to_owned(),
        expires_at: now() + SignedDuration::from_hours(72),
        built_from: now(),
        accounts: BTreeMap::from([(change.resource.account, Some("starfall-live".to_owned()))]),
        rules: RolloutRules::default(),
        stages: vec![Stage {
            environment: trimtab_model::environment::Environment::Prod,
            approval: Approval::HashAndAlias,
            waves: vec![wave],
        }],
        left_out: Vec::new(),
    }
}

fn reason() -> Reason {
    Reason::new("cpu-high", "CPU use is 91 %.", "CPU 사용률이 91%입니다.")
}

fn verdict() -> GateVerdict {
    GateVerdict {
        state: GateState::Fail,
        blame: Blame::Change,
        reasons: vec![reason()],
        figures: BTreeMap::new(),
    }
}

/// One of each event.
fn events() -> Vec<Event> {
    let change = || "C-1".into();
    let seen = || Box::new(Observed::Gone);
    let stop = Box::new(Call::StopInstance { instance: "i-0a".into() });
    let refused = CallResult::Refused {
        code: "IncorrectInstanceState".to_owned(),
        message: "no".to_owned(),
        request_id: None,
    };
    vec![
        Event::RunStarted {
            run: "RUN-1".into(),
            plan: "P-1".into(),
            hash: "4c1e".to_owned(),
            operator: "kim".to_owned(),
            host: "bastion".to_owned(),
        },
        Event::LeaseTaken { operator: "lee".to_owned(), host: "bastion".to_owned(), from: None },
        Event::Wished { wish: Wish::Pause, by: "kim".to_owned() },
        Event::StageStarted { stage: 0 },
        Event::StageApproved { stage: 0, by: "lee".to_owned(), hash: "4c1e".to_owned() },
        Event::ChangeStarted { change: change(), before: seen() },
        Event::Intent {
            change: change(),
            direction: Direction::Forward,
            step: "stop".to_owned(),
            call: stop,
        },
        Event::Outcome { intent: 6, result: refused },
        Event::Outcome { intent: 6, result: CallResult::Unknown { why: "timeout".to_owned() } },
        Event::SoakStarted { change: change(), after: seen() },
        Event::SoakRestarted { change: change(), after: seen(), reason: reason() },
        Event::GateJudged {
            change: change(),
            verdict: verdict(),
            evidence: String::new(),
            sources: Vec::new(),
        },
        Event::Paged { change: change(), reason: reason() },
        Event::Held { change: change(), reason: reason() },
        Event::Unheld { change: change(), by: "lee".to_owned() },
        Event::RollbackStarted { change: change(), reason: reason() },
        Event::WaveHalted { stage: 0, wave: 0, reason: reason() },
        Event::ChangeClosed {
            change: change(),
            outcome: ChangeOutcome::Original,
            reason: reason(),
            manual: Vec::new(),
        },
        Event::PreflightJudged {
            change: change(),
            rows: 36,
            found: Vec::new(),
            refusal: Some(reason()),
        },
        Event::RunClosed { outcome: RunOutcome::RolledBack },
    ]
}

#[test]
fn every_event_is_one_line_in_both_languages() {
    let plan = plan();
    let mut journal = Journal::default();
    for event in events() {
        let entry = journal.append(now(), 1, event);
        let line = |language| run_line(&entry, &plan, &Style::plain(language));
        let (en, ko) = (line(Language::En), line(Language::Ko));
        assert!(en.starts_with("11-24 19:00:00  "), "{en}");
        assert_eq!(en.lines().count(), 1, "{en}");
        assert!(!en.contains('[') && !ko.contains('['), "{en} {ko}");
        let is_call = matches!(entry.event, Event::Outcome { .. });
        assert!(is_call || en != ko, "{en}");
    }
}

#[test]
fn a_run_says_what_each_change_was_is_and_what_its_gates_said() {
    let plan = plan();
    let change = plan.changes().next().expect("a change");
    let run = RunPage {
        id: "RUN-1",
        plan_id: "P-1",
        plan: &plan,
        started_at: now(),
        operator: Some("kim".to_owned()),
        is_simulated: false,
        outcome: Some(RunOutcome::NeedsOperator),
        damaged: None,
        changes: vec![RunChange {
            change,
            stage: "prod",
            phase: RunPhase::Closed(ChangeOutcome::NeedsOperator),
            since: Some(now()),
            verdict: Some(verdict()),
            reason: Some(reason()),
            manual: vec!["aws ec2 start-instances --instance-ids i-0a".to_owned()],
        }],
        halted: vec![reason()],
        next: vec!["trimtab run show RUN-1".to_owned()],
    };
    let english = run_show(&run, &Style::plain(Language::En));
    for part in
        ["a person must look", "A gate failed. CPU use is 91 %.", "start-instances", "Next:"]
    {
        assert!(english.contains(part), "{part} is not in\n{english}");
    }
    let korean = run_show(&run, &Style::plain(Language::Ko));
    for part in ["사람의 확인 필요", "관문을 통과하지 못했습니다", "먼저 실행할 명령"]
    {
        assert!(korean.contains(part), "{part} is not in\n{korean}");
    }
    let style = Style::plain(Language::Ko);
    assert!(!run_table(std::slice::from_ref(&run), &style).terminal(&style).contains('['));
    assert!(!run_change_table(&run, &style).terminal(&style).contains('['));
}

#[test]
fn a_plan_is_a_page_and_a_dry_run_changes_nothing() {
    let plan = plan();
    let change = plan.changes().next().expect("a change");
    let saving = &change.estimated_monthly_savings;
    let page = PlanPage {
        id: "P-4c1e",
        hash: "4c1e00112233",
        plan: &plan,
        savings: vec![PlanSaving { likely: saving.likely, low: saving.low, high: saving.high }],
        approvals: vec![PlanApproval { stage: "prod".to_owned(), by: "lee".to_owned(), at: now() }],
        attestations: Vec::new(),
        notes: vec![PlanNote { severity: "error", change: None, reason: reason() }],
        runs: Vec::new(),
        next: vec!["trimtab plan lint P-4c1e".to_owned()],
    };
    let english = plan_show(&page, &Style::plain(Language::En));
    for part in
        ["4c1e00112233", "starfall-live", "approved by lee", "Canary", "none: nothing measures"]
    {
        assert!(english.contains(part), "{part} is not in\n{english}");
    }
    let style = Style::plain(Language::Ko);
    let korean = plan_show(&page, &style);
    for part in ["prod 단계", "lee 님이 승인함", "카나리", "오류: CPU 사용률이 91%입니다."]
    {
        assert!(korean.contains(part), "{part} is not in\n{korean}");
    }
    assert!(plan_table(std::slice::from_ref(&page), &style).terminal(&style).contains("P-4c1e"));
    let calls = vec![PlannedCalls {
        stage: change.environment,
        change,
        begins: Some(now()),
        refused: None,
        calls: vec![PlannedCall {
            change: change.id.to_string(),
            at: now(),
            window_until: None,
            direction: Direction::Forward,
            action: "ec2:StopInstances",
            command: "aws ec2 stop-instances".to_owned(),
        }],
    }];
    let dry = dry_run(&page, &calls, &style);
    assert!(
        dry.contains("ec2:StopInstances") && dry.contains("아무것도 바꾸지 않았습니다"),
        "{dry}"
    );
}
