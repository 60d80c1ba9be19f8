//! What the tests play: a small account, and plans for it.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Time;
use jiff::{SignedDuration, Timestamp};
use rust_decimal::Decimal;

use trimtab_model::action::{Action, VolumeSettings};
use trimtab_model::call::Target;
use trimtab_model::environment::Environment;
use trimtab_model::id::{
    ChangeId, InstanceType, RecommendationId, RegionId, ResourceId, SubAccountId,
};
use trimtab_model::journal::{ChangeOutcome, Event, Journal};
use trimtab_model::money::Money;
use trimtab_model::plan::{
    Ancestry, Approval, BudgetUnit, Change, ChangeClass, ChangeWindow, Fingerprint, PLAN_FORMAT,
    Plan, RecoveryPoint, RolloutRules, Stage, StageRules, UnitKind, Wave, WaveName,
};
use trimtab_model::price::PriceBasis;
use trimtab_model::recommendation::{Estimate, PerformanceRisk, Undo};
use trimtab_model::resource::{ResourceKind, ResourceRef};
use trimtab_rollout::simulate::{
    Fault, Limits, Machine, Played, Shape, TargetGroup, Times, Volume, World, play,
};

use crate::invariants;

pub const ZONE: &str = "ap-northeast-2a";
pub const FROM: &str = "m5.xlarge";
pub const TO: &str = "m5.large";
pub const STEP: &str = "m5a.large";
pub const KEY: &str = "key-1";
pub const SECRET: &str = "hunter2-in-user-data";
pub const BUDGET: SignedDuration = SignedDuration::from_mins(20);

pub fn seconds(count: i64) -> SignedDuration {
    SignedDuration::from_secs(count)
}

pub fn minutes(count: i64) -> SignedDuration {
    SignedDuration::from_mins(count)
}

pub fn start() -> Timestamp {
    "2026-11-24T01:00:00Z".parse().unwrap()
}

pub fn after(by: SignedDuration) -> Timestamp {
    start().saturating_add(by).unwrap()
}

pub fn instance_type(name: &str) -> InstanceType {
    InstanceType::new(name)
}

/// Times that keep a history short.
pub fn quick() -> Times {
    Times {
        stopping: (seconds(5), seconds(15)),
        pending: (seconds(5), seconds(12)),
        checks: seconds(20),
        draining: (seconds(5), seconds(15)),
        healthy: seconds(10),
        snapshot: (seconds(5), seconds(15)),
        ..Times::default()
    }
}

/// A plan, and the world that it is for.
#[derive(Clone)]
pub struct Scene {
    pub plan: Plan,
    pub world: World,
}

/// How one machine is set up.
#[derive(Debug, Clone, Copy)]
pub struct Setup {
    pub environment: Environment,
    pub is_stopped: bool,
    pub seed: u64,
    pub lag: i64,
}

impl Default for Setup {
    fn default() -> Self {
        Self { environment: Environment::Prod, is_stopped: false, seed: 7, lag: 0 }
    }
}

/// An account without machines.
pub fn account(seed: u64, times: Times) -> World {
    let mut world = World::new(start(), seed, times);
    let shape = |vcpus, gib: u32, architecture: &str, needs_ena| Shape {
        vcpus,
        memory_mib: gib * 1024,
        architecture: architecture.to_owned(),
        needs_ena,
        baseline_percent: None,
    };
    world.offer(FROM, shape(4, 16, "x86_64", true));
    world.offer(TO, shape(2, 8, "x86_64", true));
    world.offer(STEP, shape(2, 8, "x86_64", true));
    world.offer("m5.4xlarge", shape(16, 64, "x86_64", true));
    world.offer("m6g.large", shape(2, 8, "arm64", true));
    world.offer("t3.large", Shape { baseline_percent: Some(30.0), ..shape(2, 8, "x86_64", true) });
    world.add_target_group("tg-web", TargetGroup { others: 2 });
    world
}

pub fn target(id: &str) -> Target {
    Target { group: "tg-web".into(), instance: id.into(), port: Some(80) }
}

/// Adds a machine with two volumes, in a target group unless it is stopped.
pub fn add_machine(world: &mut World, id: &str, is_stopped: bool) {
    let since = start().saturating_sub(SignedDuration::from_hours(500)).unwrap();
    let mut machine = match is_stopped {
        true => Machine::stopped(FROM, ZONE, since),
        false => Machine::running(FROM, ZONE, since),
    };
    SECRET.clone_into(&mut machine.user_data);
    for disk in ["root", "data"] {
        let volume = format!("vol-{id}-{disk}");
        let settings =
            VolumeSettings { volume_type: "gp3".to_owned(), iops: None, throughput_mib_s: None };
        let mut disk = Volume::new(settings, 100);
        disk.key = Some(KEY.to_owned());
        world.add_volume(&volume, disk);
        machine.volumes.insert(ResourceId::new(volume));
    }
    world.add_machine(id, machine);
    if !is_stopped {
        world.add_registration(target(id));
    }
}

/// Makes the change of a machine that is in the world.
pub fn change(world: &mut World, id: &str, environment: Environment) -> Change {
    let money = |amount: i64| Money::usd(Decimal::from(amount));
    let mut change = Change {
        id: ChangeId::new(format!("C-{id}")),
        recommendation: RecommendationId::new(format!("R-{id}")),
        resource: ResourceRef {
            id: ResourceId::new(id),
            kind: ResourceKind::Instance,
            account: SubAccountId::new("111122223333"),
            region: RegionId::new("ap-northeast-2"),
            environment,
            name: None,
        },
        environment,
        action: Action::ModifyInstanceType { from: instance_type(FROM), to: instance_type(TO) },
        expected: Fingerprint::default(),
        class: ChangeClass::Reversible,
        undo: Undo::Exact,
        recovery: RecoveryPoint::InstanceSnapshots,
        parts: BTreeSet::new(),
        migration: None,
        ladder: vec![instance_type(STEP)],
        projected: Vec::new(),
        gates: Vec::new(),
        soak: minutes(10),
        downtime_budget: BUDGET,
        duration: minutes(30),
        units: Vec::new(),
        ancestry: Ancestry::Own,
        risk: PerformanceRisk::VERY_LOW,
        estimated_monthly_savings: Estimate {
            low: money(1),
            likely: money(2),
            high: money(3),
            before_discounts: money(3),
            cost_now: money(4),
            cost_after: money(2),
            formula_now: Vec::new(),
            formula_after: Vec::new(),
            basis: PriceBasis::List,
            billed: None,
        },
    };
    change.expected = world.observe(&change).fingerprint();
    change
}

pub fn rules() -> RolloutRules {
    let always = ChangeWindow {
        environments: Vec::new(),
        days: Vec::new(),
        from: Time::midnight(),
        until: Time::midnight(),
        time_zone: "UTC".to_owned(),
    };
    let watched =
        StageRules { soak: minutes(10), extension: minutes(10), confirm_after: minutes(10) };
    let stages = Environment::ALL.iter().map(|one| (*one, watched)).collect();
    RolloutRules { windows: vec![always], stages, ..RolloutRules::default() }
}

pub fn plan(stages: Vec<Stage>) -> Plan {
    Plan {
        format: PLAN_FORMAT,
        created_at: start(),
        created_by: "planner".to_owned(),
        expires_at: after(SignedDuration::from_hours(72)),
        built_from: start(),
        accounts: BTreeMap::new(),
        rules: rules(),
        stages,
        left_out: Vec::new(),
    }
}

pub fn stage(environment: Environment, waves: Vec<(WaveName, Vec<Change>)>) -> Stage {
    let approval = match environment {
        Environment::Prod | Environment::Unknown => Approval::HashAndAlias,
        Environment::Dev | Environment::Staging => Approval::Hash,
    };
    let waves = waves.into_iter().map(|(name, changes)| Wave { name, changes }).collect();
    Stage { environment, approval, waves }
}

/// One machine, one change.
pub fn one(setup: Setup) -> Scene {
    let mut world = account(setup.seed, quick());
    add_machine(&mut world, "i-1", setup.is_stopped);
    let change = change(&mut world, "i-1", setup.environment);
    world.set_lag(seconds(setup.lag));
    let stage = stage(setup.environment, vec![(WaveName::Canary, vec![change])]);
    Scene { plan: plan(vec![stage]), world }
}

/// Development, staging, and production with a canary and two more that share a service.
pub fn three_stages() -> Scene {
    let mut world = account(11, quick());
    let mut made = BTreeMap::new();
    let all = [
        ("i-dev", Environment::Dev),
        ("i-staging", Environment::Staging),
        ("i-canary", Environment::Prod),
        ("i-prod1", Environment::Prod),
        ("i-prod2", Environment::Prod),
    ];
    for (id, environment) in all {
        add_machine(&mut world, id, false);
        let mut change = change(&mut world, id, environment);
        if environment == Environment::Prod {
            let name = "game".to_owned();
            change.units = vec![BudgetUnit { kind: UnitKind::Service, name, members: 3 }];
        }
        made.insert(id, change);
    }
    let of = |ids: &[&str]| ids.iter().map(|id| made[id].clone()).collect::<Vec<_>>();
    let stages = vec![
        stage(Environment::Dev, vec![(WaveName::Percent(100), of(&["i-dev"]))]),
        stage(Environment::Staging, vec![(WaveName::Percent(100), of(&["i-staging"]))]),
        stage(
            Environment::Prod,
            vec![
                (WaveName::Canary, of(&["i-canary"])),
                (WaveName::Percent(100), of(&["i-prod1", "i-prod2"])),
            ],
        ),
    ];
    Scene { plan: plan(stages), world }
}

impl Scene {
    /// Plays it to its end, and holds it against every invariant.
    pub fn played(&mut self, faults: Vec<Fault>) -> Played {
        self.played_with(faults, &Limits::default())
    }

    pub fn played_with(&mut self, faults: Vec<Fault>, limits: &Limits) -> Played {
        for fault in faults {
            self.world.inject(fault);
        }
        let played = play(&self.plan, &mut self.world, Journal::default(), limits);
        invariants::hold(&self.plan, &self.world, &played, SignedDuration::ZERO);
        played
    }
}

/// How a change ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ending {
    pub outcome: ChangeOutcome,
    pub code: String,
    pub manual: Vec<String>,
}

pub fn endings(journal: &Journal) -> BTreeMap<ChangeId, Ending> {
    let closed = journal.entries().iter().filter_map(|entry| match &entry.event {
        Event::ChangeClosed { change, outcome, reason, manual } => {
            let (code, manual) = (reason.code.clone(), manual.clone());
            Some((change.clone(), Ending { outcome: *outcome, code, manual }))
        }
        _ => None,
    });
    closed.collect()
}

/// Returns how the only change ended, with the code of the reason.
pub fn ending(journal: &Journal) -> (ChangeOutcome, String) {
    let endings = endings(journal);
    let one = endings.values().next().unwrap_or_else(|| panic!("nothing ended: {}", tell(journal)));
    (one.outcome, one.code.clone())
}

/// Plays one machine with faults: how it ended, and the world afterwards.
pub fn after_faults(faults: Vec<Fault>) -> (Scene, Played, ChangeOutcome, String) {
    let mut scene = one(Setup::default());
    let played = scene.played(faults);
    let (outcome, code) = ending(&played.journal);
    (scene, played, outcome, code)
}

/// Writes a journal down as a test that failed shows it.
pub fn tell(journal: &Journal) -> String {
    let lines = journal.entries().iter().map(|entry| {
        let text = format!("{:?}", entry.event);
        let text: String = text.chars().take(200).collect();
        format!("\n{} {} {text}", entry.number, entry.at)
    });
    lines.collect()
}

/// Counts the calls of an action that reached AWS and were taken.
pub fn taken(world: &World, action: &str) -> usize {
    use trimtab_model::call::CallResult;
    use trimtab_rollout::simulate::Deed;
    let is_taken = |real: &CallResult| matches!(real, CallResult::Accepted { .. });
    let of = |deed: &Deed| match deed {
        Deed::Called { call, real: Some(real), .. } => {
            call.iam_action() == action && is_taken(real)
        }
        Deed::Arrived { call, real } => call.iam_action() == action && is_taken(real),
        Deed::Called { .. } | Deed::Disturbed { .. } => false,
    };
    world.history().iter().filter(|one| of(&one.what)).count()
}
