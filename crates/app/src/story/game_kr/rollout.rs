//! How the company changes what it runs, and what its machines make of it.

use std::collections::BTreeMap;

use jiff::SignedDuration;
use jiff::civil::time;

use trimtab_model::analysis::Analysis;
use trimtab_model::environment::Environment;
use trimtab_model::id::{InstanceType, ResourceId, SubAccountId};
use trimtab_model::plan::{ChangeWindow, Plan, RolloutRules, StageRules};
use trimtab_model::price::PriceBook;
use trimtab_rollout::simulate::{Contention, Demand, Workload, World};

use super::calendar::{AS_OF, DAY};
use super::cast::{Machine, MachineLoad, Stage};
use super::company::Company;
use super::curve::Curve;
use super::metrics::{MEAN_OF_PEAK, cpu_floor};
use crate::story::metric_file::Grid;

/// What the company would change first, as `plan create --filter` takes it: sizes of machines,
/// and old volumes; in production only what hardly anybody would notice.
pub const CHOSEN: &str =
    "check in (ec2-instance-oversized, ebs-volume-gp2) and risk<=high and (env!=prod or risk<=low)";

/// Where the company's teams are.
const ZONE: &str = "Asia/Seoul";

/// The one that does not bear its smaller size: since the last season, its ranked matches wait
/// for one lock, which nothing shows as long as a fifth of its processors is in use.
const CROWDED: &str = "match-server-2";
const LOCK: Contention = Contention { from: 0.235, growth: 30.0 };
/// How long a request takes that waits for nobody, in milliseconds.
const SERVICE_MS: f64 = 70.0;

const HOURS_OF_A_WEEK: usize = 7 * 24;
const PERCENT: f64 = 0.01;

/// Returns the rules by which the company changes what it runs.
///
/// Development and staging change while the teams are there, production before dawn, when the
/// fewest players are, and never before a weekend.
pub fn rules() -> RolloutRules {
    let window = |environments: &[Environment], days: &[u8], from: i8, until: i8| ChangeWindow {
        environments: environments.to_vec(),
        days: days.to_vec(),
        from: time(from, 0, 0, 0),
        until: time(until, 0, 0, 0),
        time_zone: ZONE.to_owned(),
    };
    let production = StageRules {
        confirm_after: SignedDuration::from_hours(12),
        ..StageRules::of(Environment::Prod)
    };
    RolloutRules {
        windows: vec![
            window(&[Environment::Dev, Environment::Staging], &[0, 1, 2, 3, 4], 10, 18),
            window(&[Environment::Prod], &[0, 1, 2, 3], 4, 7),
        ],
        stages: BTreeMap::from([
            (Environment::Dev, StageRules::of(Environment::Dev)),
            (Environment::Staging, StageRules::of(Environment::Staging)),
            (Environment::Prod, production),
            (Environment::Unknown, production),
        ]),
        ..RolloutRules::default()
    }
}

/// Returns what the company calls its accounts.
pub fn aliases() -> BTreeMap<SubAccountId, String> {
    let of = |stage: Stage| {
        let account = stage.account();
        (SubAccountId::new(account.id), account.name.to_owned())
    };
    Stage::ALL.into_iter().map(of).collect()
}

/// Returns whether an analysis is of the story: of its moment, and of its accounts only.
pub fn is_analysis(analysis: &Analysis) -> bool {
    let accounts = aliases();
    analysis.as_of == AS_OF
        && analysis.items.iter().all(|item| accounts.contains_key(&item.resource.account))
}

/// Returns whether a plan is of the story: there is no account behind it.
pub fn is_plan(plan: &Plan) -> bool {
    let accounts = aliases();
    plan.built_from == AS_OF && plan.accounts.keys().all(|account| accounts.contains_key(account))
}

/// Lets the users of the company into a world that was made of a plan.
pub fn inhabit(world: &mut World, prices: &PriceBook, seed: u64) {
    let company = Company::new(seed);
    let requests: f64 = company.balancers.iter().map(|one| one.requests_day / 86_400.0).sum();
    let served: u32 = company.balancers.iter().map(|one| one.targets).sum();
    for machine in &company.machines {
        let id = ResourceId::new(&machine.id);
        if world.machine(&id).is_none() {
            continue;
        }
        let Some(load) = machine.load else {
            world.add_workload(&machine.id, resting());
            continue;
        };
        let week = week(load.curve);
        let mean = week.iter().sum::<f64>() / HOURS_OF_A_WEEK as f64;
        let busy_requests = requests / f64::from(served.max(1)) / mean.max(f64::MIN_POSITIVE);
        let workload = Workload { busy_requests, ..asked(machine, load, prices) };
        world.add_workload(&machine.id, workload);
        let contention = (machine.name == CROWDED).then_some(LOCK);
        world.set_demand(&machine.id, Demand { week, contention });
    }
}

/// What is asked of a machine that nobody measured: its status checks are all that is read.
fn resting() -> Workload {
    Workload {
        quiet_vcpus: 0.0,
        busy_vcpus: 0.0,
        busiest_hour: 0.0,
        memory_mib: None,
        busy_requests: 0.0,
        service_ms: SERVICE_MS,
    }
}

/// Returns what is asked of a machine at its highest load, in its present processors.
fn asked(machine: &Machine, load: MachineLoad, prices: &PriceBook) -> Workload {
    let facts = prices.instance_types.get(&InstanceType::new(machine.instance_type));
    let vcpus = facts.map_or(0.0, |facts| f64::from(facts.vcpu));
    let memory = facts.map(|facts| facts.memory_mib as f64);
    Workload {
        busy_vcpus: load.cpu_peak * PERCENT * MEAN_OF_PEAK * vcpus,
        memory_mib: load.memory_peak.zip(memory).map(|(peak, memory)| peak * PERCENT * memory),
        ..resting()
    }
}

/// Returns the share of the highest load at the start of each hour of a week without a patch, from
/// Monday 00:00 UTC on.
fn week(curve: Curve) -> Vec<f64> {
    // The story ends on a Saturday.
    let grid = Grid { start_ms: (AS_OF.as_second() - 5 * DAY) * 1000, period_seconds: 3600 };
    let floor = cpu_floor(curve);
    let load = curve.load(grid, HOURS_OF_A_WEEK);
    load.into_iter().map(|load| (1.0 - floor).mul_add(load, floor)).collect()
}

#[cfg(test)]
mod tests {
    use trimtab_rollout::window;

    use super::*;

    #[test]
    fn a_week_has_its_busiest_hour_in_the_evening() {
        let week = week(Curve::Players);
        assert_eq!(week.len(), HOURS_OF_A_WEEK);
        let busiest = week
            .iter()
            .enumerate()
            .max_by(|left, right| left.1.total_cmp(right.1))
            .map(|(hour, _)| hour % 24);
        // 21:00 in Seoul.
        assert_eq!(busiest, Some(12));
        assert!(week.iter().all(|share| (0.0..=1.1).contains(share)));
    }

    #[test]
    fn every_environment_has_its_window_and_the_longest_change_fits() {
        let rules = rules();
        for environment in [Environment::Dev, Environment::Staging, Environment::Prod] {
            let length = SignedDuration::from_mins(50);
            assert!(window::opening(&rules, environment, length, AS_OF).is_some());
        }
    }
}
