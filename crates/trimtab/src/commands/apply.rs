//! `trimtab apply`.

use jiff::Timestamp;

use trimtab_app::failure::{Failure, Kind};
use trimtab_app::pipeline;
use trimtab_app::pipeline::demo::clock;
use trimtab_app::pipeline::plan::{self as pipeline_plan, Rehearsal, forbids_approval};
use trimtab_app::pipeline::runs::{
    self, Actor, ApplyRequest, Carried, Ended, Observer, Patience, Reach, Ready, carry_out,
};
use trimtab_model::environment::Environment;
use trimtab_model::id::SubAccountId;
use trimtab_model::journal::Entry;
use trimtab_model::plan::{Change, Plan};
use trimtab_model::text::Reason;
use trimtab_render::contract::{dry_run_json, run_json};
use trimtab_render::document::plan::{PlannedCalls, dry_run, dry_run_table};
use trimtab_render::document::run::{run_change_table, run_line, run_show, wait_line};
use trimtab_render::time;
use trimtab_store::state::State;

use crate::cli::{ApplyArgs, LastStageName, Output, WindowName};
use crate::console::Console;
use crate::terminal::{Printed, can_ask, print_json, print_text, typed};
use trimtab_app::pages::{plan_page, planned_calls, run_page};

/// How long a run is waited for that has nothing under way, unless asked otherwise.
const PATIENCE: jiff::SignedDuration = jiff::SignedDuration::from_mins(2);

/// Shows every call of a plan, or carries it out.
pub fn run(console: &Console, args: &ApplyArgs) -> Result<Printed, Failure> {
    let now = pipeline::now();
    let state = pipeline::open_state(&console.settings)?;
    if !args.execute {
        return rehearse(console, &state, args, now);
    }
    console.no_rows()?;
    let request = ApplyRequest {
        plan: args.plan.clone(),
        stage: args.stage.map(LastStageName::wish),
        canary: args.canary.map(|share| share.0),
        window: args.window.map(WindowName::wish),
        hash: args.plan_hash.clone(),
        by: args.by.clone(),
    };
    let ready = runs::ready(&state, &request, now)?;
    if args.plan_hash.is_none() {
        agreed(console, &ready)?;
    }
    let patience = match (args.wait, args.window) {
        (true, _) => Patience::Endless,
        (false, Some(WindowName::Next)) => Patience::Window(PATIENCE),
        (false, Some(WindowName::Now) | None) => Patience::Until(PATIENCE),
    };
    carry_on(console, &state, &ready, &args.actor.actor(), patience)
}

/// Carries a plan out or goes on with it, line by line, and prints how it went.
pub fn carry_on(
    console: &Console,
    state: &State,
    ready: &Ready,
    actor: &Actor,
    patience: Patience,
) -> Result<Printed, Failure> {
    let carried = carry(console, state, ready, actor, patience)?;
    summary(console, state, ready, &carried)
}

/// Carries a plan out or goes on with it, line by line.
pub fn carry(
    console: &Console,
    state: &State,
    ready: &Ready,
    actor: &Actor,
    patience: Patience,
) -> Result<Carried, Failure> {
    let mut lines = Lines { console, plan: &ready.stored.plan, waits_for: None };
    let (own, stopping) = (console.clone(), console.style.locale().text("apply-stopping"));
    let on_stop = move || own.say(&stopping);
    carry_out(&console.settings, state, ready, actor, patience, &mut lines, on_stop)
}

/// Prints what is there when a run stops.
fn summary(
    console: &Console,
    state: &State,
    ready: &Ready,
    carried: &Carried,
) -> Result<Printed, Failure> {
    let (run, stored) = runs::find(state, carried.run.as_str())?;
    let page = run_page(&run, &stored);
    match console.output {
        Some(Output::Json) => print_json(&run_json(&page, console.style.language))?,
        Some(Output::Md) => {
            console.print_table("run.show", &run_change_table(&page, &console.list_style()))?;
        }
        Some(Output::Table | Output::Csv | Output::Jsonl) | None => {
            print_text(&run_show(&page, &console.style))?;
        }
    }
    let locale = console.style.locale();
    let (id, plan) = (run.record.id.as_str(), stored.id.as_str());
    let stage_name = |index: usize| {
        ready.stored.plan.stages.get(index).map_or("–", |stage| stage.environment.as_str())
    };
    let told = match &carried.ended {
        Ended::Finished(_) => None,
        Ended::AwaitsApproval { stage } => {
            let arguments = [("stage", stage_name(*stage)), ("plan", plan)];
            Some(locale.text_with("apply-awaits-approval", &arguments))
        }
        Ended::StageOver { next } => {
            let arguments = [("stage", stage_name(*next)), ("plan", plan)];
            Some(locale.text_with("apply-stage-over", &arguments))
        }
        Ended::WaveOver { stage } => {
            let arguments = [("stage", stage_name(*stage)), ("plan", plan)];
            Some(locale.text_with("apply-wave-over", &arguments))
        }
        Ended::Interrupted => Some(locale.text_with("apply-interrupted", &[("run", id)])),
        Ended::Idle { until, why } => {
            let until = time::date_time(*until, &console.style.time_zone);
            let why = console.style.sentence(&why.text);
            let arguments = [("until", until.as_str()), ("why", why.as_str()), ("run", id)];
            Some(locale.text_with("apply-idle", &arguments))
        }
    };
    if let Some(told) = told {
        console.say(&told);
    }
    Ok(match carried.kind() {
        None => Printed::Complete,
        Some(Kind::Interrupted) => Printed::Interrupted,
        Some(kind) => Printed::Found(kind),
    })
}

/// Asks for the name of every account whose production is changed; refuses where nobody can be
/// asked.
fn agreed(console: &Console, ready: &Ready) -> Result<(), Failure> {
    let hash = ready.stored.hash.get(..12).unwrap_or(&ready.stored.hash);
    if !can_ask() {
        return Err(Failure::usage(
            (
                "nobody can be asked here, and the hash of the plan was not given",
                "여기에서는 물어볼 수 없고 계획의 해시도 없습니다",
            ),
            (
                format!("read the plan, then add --plan-hash {hash}"),
                format!("계획을 읽은 뒤 --plan-hash {hash}을(를) 붙이세요"),
            ),
        ));
    }
    for (account, name) in &ready.to_type {
        name_typed(console, account, name)?;
    }
    Ok(())
}

fn name_typed(console: &Console, account: &SubAccountId, name: &str) -> Result<(), Failure> {
    let locale = console.style.locale();
    let shown = trimtab_render::sanitise(name);
    let arguments = [("account", account.as_str()), ("name", shown.as_str())];
    if typed(&locale.text_with("apply-type-name", &arguments))? == name {
        return Ok(());
    }
    Err(Failure::new(
        Kind::Failed,
        (
            "another name was typed; nothing was changed",
            "입력한 이름이 달라 아무것도 바꾸지 않았습니다",
        ),
    )
    .with_hint((
        "make sure that it is the account you mean, and run the command again",
        "변경할 계정이 맞는지 확인하고 명령을 다시 실행하세요",
    )))
}

/// Shows every call that a plan would make.
fn rehearse(
    console: &Console,
    state: &State,
    args: &ApplyArgs,
    now: Timestamp,
) -> Result<Printed, Failure> {
    let known = pipeline_plan::known(state, &args.plan, now)?;
    if let Some(hash) = &args.plan_hash {
        pipeline_plan::same_hash(&known.stored, hash)?;
    }
    let plan = &known.stored.plan;
    let now = clock(plan, now);
    let coming = runs::coming_stage(state, &known.stored)?;
    let wish = args.stage.map(LastStageName::wish);
    let reach = runs::reach(plan, coming, wish, args.canary.map(|share| share.0))?;
    let rehearsal = pipeline_plan::rehearse(&console.settings, plan, now)?;
    let planned = planned(plan, reach, &rehearsal);
    let mut page = plan_page(&known, now)?;
    if let Some(command) =
        page.next.first_mut().filter(|command| command.starts_with("trimtab apply"))
    {
        let hash = page.hash.get(..12).unwrap_or(page.hash);
        command.push_str(&format!(" --execute --plan-hash {hash}"));
    }
    match console.output {
        Some(Output::Json) => print_json(&dry_run_json(&page, &planned, console.style.language))?,
        Some(Output::Csv | Output::Jsonl | Output::Md) => {
            let table = dry_run_table(&planned, &console.list_style());
            console.print_table("apply.dry-run", &table)?;
        }
        Some(Output::Table) | None => print_text(&dry_run(&page, &planned, &console.style))?,
    }
    if plan.expires_at <= now {
        console.say(&console.style.locale().text("apply-expired"));
        return Ok(Printed::Found(Kind::Stale));
    }
    if forbids_approval(&known.findings) {
        console.say(&console.style.locale().text("plan-lint-errors"));
    }
    Ok(Printed::Complete)
}

/// Returns the calls of every change that is carried out.
fn planned<'a>(plan: &'a Plan, reach: Reach, rehearsal: &Rehearsal) -> Vec<PlannedCalls<'a>> {
    let of_change = |stage: Environment, change: &'a Change| PlannedCalls {
        stage,
        change,
        begins: rehearsal.begun.iter().find(|(id, _)| *id == change.id).map(|(_, at)| *at),
        refused: rehearsal
            .refused
            .iter()
            .find(|(id, _)| *id == change.id)
            .map(|(_, reason)| reason.clone()),
        calls: planned_calls(rehearsal).filter(|call| call.change == change.id.as_str()).collect(),
    };
    let mut planned = Vec::new();
    for (index, stage) in plan.stages.iter().enumerate() {
        let waves = stage.waves.iter().enumerate();
        let within = waves.filter(|(wave, _)| reach.has(index, *wave));
        let changes = within.flat_map(|(_, wave)| &wave.changes);
        planned.extend(changes.map(|change| of_change(stage.environment, change)));
    }
    planned
}

/// Says line by line what happens.
struct Lines<'a> {
    console: &'a Console,
    plan: &'a Plan,
    waits_for: Option<String>,
}

impl Observer for Lines<'_> {
    fn wrote(&mut self, entry: &Entry) {
        self.waits_for = None;
        self.console.say(&run_line(entry, self.plan, &self.console.style));
    }

    fn waits(&mut self, until: Timestamp, why: &Reason) {
        // The same wait is told once, however often it is looked at.
        if self.waits_for.as_ref() != Some(&why.code) {
            let now = pipeline::now();
            self.console.say(&wait_line(now, until, why, &self.console.style));
        }
        self.waits_for = Some(why.code.clone());
    }

    fn unseen(&mut self, change: &Change, reason: &Reason) {
        let why = self.console.style.sentence(&reason.text);
        let arguments = [("change", change.id.as_str()), ("why", why.as_str())];
        self.console.say(&self.console.style.locale().text_with("line-unseen", &arguments));
    }
}
