//! The gates of the product, asked as a run asks them, and what they are compared with.

use jiff::{SignedDuration, Timestamp};

use trimtab_model::gate::{
    Blame, GateReading, GateState, GateVerdict, HealthGate, Points, PointsStatus, Presence, Signal,
    SignalSource,
};
use trimtab_model::id::{RegionId, ResourceId, SubAccountId};
use trimtab_model::metric::{Origin, Statistic};
use trimtab_model::plan::GateLimits;
use trimtab_rollout::gate::{Case, Peak, judge};

use crate::world::{Effect, WEEKS, World};

/// What a method says of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    Pass,
    Held,
    Alarm,
}

/// One row of the table.
pub(crate) struct Method {
    pub(crate) name: &'static str,
    pub(crate) watched: &'static str,
    pub(crate) decide: fn(&World, Effect) -> Outcome,
}

/// A limit that nothing reaches: a gate that is measured by itself has no other.
const NEVER: f64 = 1e9;
/// The hours after which a day's watch is judged. A run asks more often; what an hour says does
/// not change by that.
const LOOKS: [i64; 9] = [1, 2, 3, 4, 6, 8, 12, 16, 20];
/// The quantile of the normal distribution at 1 - 0.02 / 2.
const CRITICAL: f64 = 2.326_347_9;
/// Minutes in which a changed machine settles.
const SETTLES: i64 = 15;

pub(crate) const METHODS: [Method; 15] = [
    row("Mann-Whitney, before and after, α = 0.02", "30 min", |world, effect| {
        before_after(world, effect, 30, 0.0)
    }),
    row("Mann-Whitney, before and after, α = 0.02", "60 min", |world, effect| {
        before_after(world, effect, 60, 0.0)
    }),
    row("Mann-Whitney, before and after, α = 0.02", "180 min", |world, effect| {
        before_after(world, effect, 180, 0.0)
    }),
    row("Mann-Whitney, and 10 % at least", "60 min", |world, effect| {
        before_after(world, effect, 60, 0.1)
    }),
    row("absolute limit of 200 ms alone, p95 of one hour", "60 min", |world, effect| {
        absolute(world, effect, 200.0)
    }),
    row("same hours of 4 weeks, 25 %, one hour alone", "60 min", |world, effect| {
        one_hour(world, effect, 0.25)
    }),
    row("**history gate**: 25 %, 2 of 3 hours", "3 h", |world, effect| {
        ours(world, effect, 3, 0, &limits(NEVER, NEVER, 25.0))
    }),
    row("**history gate**: 25 %, then 3 of 4 hours", "24 h", |world, effect| {
        ours(world, effect, 24, 0, &limits(NEVER, NEVER, 25.0))
    }),
    row("control gate at 10 %, 2 of 3 hours, 3 controls", "3 h", |world, effect| {
        ours(world, effect, 3, 3, &limits(NEVER, 10.0, NEVER))
    }),
    row("**control gate**: 15 %, 2 of 3 hours, 3 controls", "3 h", |world, effect| {
        ours(world, effect, 3, 3, &limits(NEVER, 15.0, NEVER))
    }),
    row("**control gate**: 15 %, 2 of 3 hours, 1 control", "3 h", |world, effect| {
        ours(world, effect, 3, 1, &limits(NEVER, 15.0, NEVER))
    }),
    row("**control gate**: 15 %, then 3 of 4 hours, 3 controls", "24 h", |world, effect| {
        ours(world, effect, 24, 3, &limits(NEVER, 15.0, NEVER))
    }),
    row("**as it runs**, single machine: 200 ms and history", "24 h", |world, effect| {
        a_day(world, effect, 0, &limits(200.0, 15.0, 25.0))
    }),
    row("**as it runs**, 3 controls: 200 ms and control", "24 h", |world, effect| {
        a_day(world, effect, 3, &limits(200.0, 15.0, 25.0))
    }),
    row(
        "**as it runs**, 3 controls, at its limit at noon: 150 ms and control",
        "24 h",
        |world, effect| a_day(world, effect, 3, &limits(150.0, 15.0, 25.0)),
    ),
];

const fn row(
    name: &'static str,
    watched: &'static str,
    decide: fn(&World, Effect) -> Outcome,
) -> Method {
    Method { name, watched, decide }
}

fn limits(absolute: f64, control: f64, history: f64) -> GateLimits {
    GateLimits {
        latency_p95_ms: absolute,
        control_difference_percent: control,
        history_difference_percent: history,
        ..GateLimits::default()
    }
}

/// Asks the gates of the product again and again for a day, as a run does: the first failure
/// ends it.
fn a_day(world: &World, effect: Effect, controls: usize, limits: &GateLimits) -> Outcome {
    let failed = LOOKS.iter().find_map(|hours| {
        let verdict = asked(world, effect, (*hours, 24), controls, limits);
        (verdict.state == GateState::Fail).then(|| outcome(&verdict))
    });
    failed.unwrap_or_else(|| ours(world, effect, 24, controls, limits))
}

/// Asks the gates of the product after so many hours behind the time of settling.
fn ours(
    world: &World,
    effect: Effect,
    hours: i64,
    controls: usize,
    limits: &GateLimits,
) -> Outcome {
    outcome(&asked(world, effect, (hours, hours), controls, limits))
}

fn outcome(verdict: &GateVerdict) -> Outcome {
    match (verdict.state, verdict.blame) {
        (GateState::Pass, _) => Outcome::Pass,
        (GateState::Fail, Blame::Change) => Outcome::Alarm,
        (GateState::Inconclusive, _) | (GateState::Fail, Blame::External) => Outcome::Held,
    }
}

/// Asks after so many hours of so many.
fn asked(
    world: &World,
    effect: Effect,
    (hours, soak): (i64, i64),
    controls: usize,
    limits: &GateLimits,
) -> GateVerdict {
    let since = Timestamp::UNIX_EPOCH + SignedDuration::from_hours(24 * 365);
    let minutes = SETTLES + hours * 60;
    let now = since + SignedDuration::from_mins(minutes);
    let every_minute: Vec<Points> = (0..=controls)
        .flat_map(|machine| (0..=WEEKS).map(move |week| (machine, week)))
        .map(|(machine, week)| {
            let start = since - SignedDuration::from_hours(168 * week);
            let values = world.read(machine, week, 0..minutes, effect);
            let points = values
                .into_iter()
                .zip(0_i64..)
                .map(|(value, minute)| (start + SignedDuration::from_mins(minute), value));
            Points {
                source: source(machine),
                status: PointsStatus::Complete,
                points: points.collect(),
            }
        })
        .collect();
    let coarse: Vec<Points> = every_minute.iter().map(five_minutes).collect();
    let series = every_minute.into_iter().chain(coarse).collect();
    let gate = HealthGate {
        signal: Signal::LatencyP95,
        source: source(0),
        stand_ins: Vec::new(),
        controls: (1..=controls).map(source).collect(),
        limit: None,
        expected: None,
        busy: None,
        presence: Presence::Required,
        is_strict: false,
    };
    let case = Case {
        gates: &[gate],
        soak: SignedDuration::from_mins(SETTLES + soak * 60),
        limits,
        horizon: SignedDuration::ZERO,
        peak: Peak::NotNeeded,
        began: since,
        since,
        now,
    };
    let clock_offset = Some(SignedDuration::ZERO);
    let reading = GateReading { at: now, clock_offset, series, alarms: Vec::new() };
    judge(&case, Some(&reading))
}

/// Returns what CloudWatch keeps of a series for longer than two weeks. The percentile of five
/// minutes lies among those of the single ones; their mean stands for it.
fn five_minutes(series: &Points) -> Points {
    let points = series.points.chunks_exact(5).filter_map(|five| {
        let sum: f64 = five.iter().map(|(_, value)| value).sum();
        Some((five.first()?.0, sum / 5.0))
    });
    Points {
        source: SignalSource { period_seconds: 300, ..series.source.clone() },
        status: series.status.clone(),
        points: points.collect(),
    }
}

fn source(machine: usize) -> SignalSource {
    SignalSource {
        origin: Origin {
            account: SubAccountId::new("111122223333"),
            region: RegionId::new("ap-northeast-2"),
        },
        resource: ResourceId::new(format!("i-{machine}")),
        namespace: "AWS/ApplicationELB".to_owned(),
        metric: "TargetResponseTime".to_owned(),
        statistic: Statistic::Average,
        percentile: Some("p95".to_owned()),
        period_seconds: 60,
        scale: 1.0,
        query: None,
    }
}

/// Compares the 95th percentile of one hour with the median of the same hour of four weeks.
fn one_hour(world: &World, effect: Effect, floor: f64) -> Outcome {
    let hour = SETTLES..SETTLES + 60;
    let p95 = |week| percentile(world.read(0, week, hour.clone(), effect), 0.95);
    let mut before: Vec<f64> = (1..=WEEKS).map(p95).collect();
    before.sort_by(f64::total_cmp);
    let usual = before.iter().skip(1).take(2).sum::<f64>() / 2.0;
    if p95(0) > usual * (1.0 + floor) { Outcome::Alarm } else { Outcome::Pass }
}

/// Holds the 95th percentile of one hour against a limit.
fn absolute(world: &World, effect: Effect, limit: f64) -> Outcome {
    let hour = world.read(0, 0, SETTLES..SETTLES + 60, effect);
    if percentile(hour, 0.95) > limit { Outcome::Alarm } else { Outcome::Pass }
}

/// Compares the minutes before a change with those after it by the test of Mann and Whitney
/// (Annals of Mathematical Statistics 18, 1947), two-sided, with the normal approximation.
fn before_after(world: &World, effect: Effect, minutes: i64, floor: f64) -> Outcome {
    let before = world.read(0, 0, -minutes..0, effect);
    let after = world.read(0, 0, SETTLES..SETTLES + minutes, effect);
    let wins = after
        .iter()
        .flat_map(|value| before.iter().map(move |other| f64::from(u8::from(value > other))))
        .sum::<f64>();
    let (n, m) = (after.len() as f64, before.len() as f64);
    let deviation = (n * m * (n + m + 1.0) / 12.0).sqrt();
    let score = (wins - n * m / 2.0) / deviation;
    let grown = percentile(after, 0.5) / percentile(before, 0.5) - 1.0;
    if score > CRITICAL && grown > floor { Outcome::Alarm } else { Outcome::Pass }
}

fn percentile(mut values: Vec<f64>, share: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    let rank = (share * values.len() as f64).ceil() as usize;
    values.get(rank.saturating_sub(1)).copied().unwrap_or(f64::NAN)
}
