//! What the metrics of a resource would be: from what its users ask of it, and what it is.
//!
//! The model is small on purpose. Demand follows a day, CPU use is demand by vCPUs, the response
//! time grows as a queue's does, and what does not fit fails. It answers to load and to type,
//! which is what gates are tried with; it forecasts nothing.

use jiff::{SignedDuration, Timestamp};

use trimtab_model::gate::{GateQuery, GateReading, Points, PointsStatus, SignalSource};
use trimtab_model::id::{InstanceType, ResourceId};
use trimtab_model::metric::Statistic;

use super::capacity::Shape;
use super::demand::Demand;
use super::state::State;

/// A queue never counts as fuller than this, or its wait would be infinite.
const FULLEST: f64 = 0.98;
/// Credits that a vCPU earns in an hour for each percent of its baseline: one credit is one
/// vCPU at 100 percent for a minute.
const CREDITS_A_PERCENT: f64 = 0.6;
/// Hours of earnings that a balance can hold.
const CREDIT_HOURS: f64 = 24.0;
/// The step in which a balance is added up.
const CREDIT_STEP: SignedDuration = SignedDuration::from_mins(5);

/// What is asked of a resource.
#[derive(Debug, Clone, PartialEq)]
pub struct Workload {
    /// vCPUs that it keeps busy in the quietest hour.
    pub quiet_vcpus: f64,
    /// vCPUs that it keeps busy in the busiest hour.
    pub busy_vcpus: f64,
    /// The busiest hour of the day, UTC.
    pub busiest_hour: f64,
    /// Memory that it uses, in MiB; absent where no agent tells.
    pub memory_mib: Option<f64>,
    /// Requests a second in the busiest hour.
    pub busy_requests: f64,
    /// Response time of a request that waits for nobody, in milliseconds.
    pub service_ms: f64,
}

/// What is asked of a resource, and how that follows the week and its size.
pub(super) struct Asked {
    pub(super) workload: Workload,
    pub(super) demand: Demand,
}

impl Asked {
    /// Returns where between the quietest and the busiest hour a moment lies, from 0 to 1.
    fn share(&self, at: Timestamp) -> f64 {
        if let Some(share) = self.demand.share(at) {
            return share;
        }
        let seconds = at.as_second().rem_euclid(86_400);
        let hour = f64::from(i32::try_from(seconds).unwrap_or(0)) / 3600.0;
        let angle = (hour - self.workload.busiest_hour) / 24.0 * std::f64::consts::TAU;
        angle.cos().mul_add(0.5, 0.5)
    }

    fn vcpus(&self, at: Timestamp) -> f64 {
        let Workload { quiet_vcpus, busy_vcpus, .. } = self.workload;
        (busy_vcpus - quiet_vcpus).mul_add(self.share(at), quiet_vcpus)
    }

    fn requests(&self, at: Timestamp) -> f64 {
        let Workload { quiet_vcpus, busy_vcpus, busy_requests, .. } = self.workload;
        let least = quiet_vcpus / busy_vcpus.max(f64::MIN_POSITIVE);
        busy_requests * (1.0 - least).mul_add(self.share(at), least)
    }
}

/// How a machine does.
#[derive(Clone, Copy)]
struct Served {
    /// The share of its vCPUs that is asked for; more than 1 where they do not suffice.
    load: f64,
    /// The response time.
    seconds: f64,
    /// Requests a second.
    requests: f64,
}

/// Why metrics cannot be read.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Outage<'a> {
    /// None of this resource since a moment, for so long.
    Silent(&'a ResourceId, Timestamp, Timestamp),
    /// None at all.
    Forbidden,
}

impl State {
    /// Reads what a gate asks for.
    pub(super) fn metrics(
        &self,
        query: &GateQuery,
        asked: impl Fn(&ResourceId) -> Vec<(ResourceId, Asked)>,
        outages: &[Outage<'_>],
        seed: u64,
    ) -> GateReading {
        let series = query.sources.iter().map(|source| {
            let is_forbidden = outages.contains(&Outage::Forbidden);
            let points = if is_forbidden {
                Vec::new()
            } else {
                self.points(source, query, &asked(&source.resource), outages, seed)
            };
            let status =
                if is_forbidden { PointsStatus::Forbidden } else { PointsStatus::Complete };
            Points { source: source.clone(), status, points }
        });
        GateReading {
            at: self.now,
            clock_offset: Some(SignedDuration::ZERO),
            series: series.collect(),
            alarms: Vec::new(),
        }
    }

    fn points(
        &self,
        source: &SignalSource,
        query: &GateQuery,
        asked: &[(ResourceId, Asked)],
        outages: &[Outage<'_>],
        seed: u64,
    ) -> Vec<(Timestamp, f64)> {
        let step = i64::from(source.period_seconds.max(1));
        let mut points = Vec::new();
        for period in &query.periods {
            // A point stands at the start of its period, and is there when that is over.
            let mut second = period.start().as_second().div_euclid(step) * step;
            while second < period.end().as_second() {
                let at = Timestamp::from_second(second).unwrap_or(Timestamp::MAX);
                second += step;
                let over = Timestamp::from_second(second).unwrap_or(Timestamp::MAX);
                let is_silent = outages.iter().any(|one| {
                    matches!(one,
                    Outage::Silent(of, from, until)
                        if **of == source.resource && *from <= at && at < *until)
                });
                if at < period.start() || over > self.now || is_silent {
                    continue;
                }
                if let Some(value) = self.value_of(source, asked, at, seed) {
                    points.push((at, value));
                }
            }
        }
        points
    }

    /// Returns one value of a machine, or of the load balancer before several.
    fn value_of(
        &self,
        source: &SignalSource,
        asked: &[(ResourceId, Asked)],
        at: Timestamp,
        seed: u64,
    ) -> Option<f64> {
        if source.metric == "HealthyHostCount" {
            return self.healthy_hosts(&source.resource, at);
        }
        if self.successors.contains(&source.resource) {
            return of_function(source);
        }
        if source.metric == "UnHealthyHostCount" {
            return self.unhealthy_hosts(&source.resource, at);
        }
        let of_machine = |(id, asked): &(ResourceId, Asked)| self.served(id, asked, at, seed);
        match asked {
            [] => None,
            [one] if one.0 == source.resource => self.value(source, &of_machine(one)?, &one.1, at),
            several => balanced(source, several.iter().filter_map(of_machine)),
        }
    }

    /// Counts the members of a target group that run at a moment, and those that always do.
    fn healthy_hosts(&self, group: &ResourceId, at: Timestamp) -> Option<f64> {
        let fixed = self.target_groups.get(group)?.others;
        let members = self.members.get(group).into_iter().flatten();
        let running = members.filter(|one| self.type_at(one, at).is_some()).count();
        Some(f64::from(fixed) + f64::from(u32::try_from(running).ok()?))
    }

    /// Returns one value of a machine; none of a metric that is not simulated.
    fn value(
        &self,
        source: &SignalSource,
        served: &Served,
        asked: &Asked,
        at: Timestamp,
    ) -> Option<f64> {
        Some(match source.metric.as_str() {
            "CPUUtilization" => served.load.min(1.0) * 100.0,
            "mem_used_percent" => {
                let shape = self.shape_at(&source.resource, at)?;
                let memory = f64::from(shape.memory_mib.max(1));
                (asked.workload.memory_mib? / memory * 100.0).min(100.0)
            }
            "CPUCreditBalance" => {
                self.credits(&source.resource, asked, self.shape_at(&source.resource, at)?, at)?
            }
            "StatusCheckFailed" => 0.0,
            _ => return balanced(source, [*served].into_iter()),
        })
    }

    /// Returns how a machine does at a moment; nothing while it does not run.
    fn served(&self, id: &ResourceId, asked: &Asked, at: Timestamp, seed: u64) -> Option<Served> {
        let vcpus = f64::from(self.shape_at(id, at)?.vcpus.max(1));
        let noise = noise(seed, id, at);
        let load = asked.demand.load(asked.vcpus(at) * noise / vcpus);
        Some(Served {
            load,
            seconds: asked.workload.service_ms / (1.0 - load.min(FULLEST)) / 1000.0,
            requests: asked.requests(at) * noise,
        })
    }

    /// Returns what type ran at a moment.
    fn shape_at(&self, id: &ResourceId, at: Timestamp) -> Option<&Shape> {
        self.capacity.shapes.get(self.type_at(id, at)?)
    }

    pub(super) fn type_at(&self, id: &ResourceId, at: Timestamp) -> Option<&InstanceType> {
        let runs = &self.machines.get(id)?.runs;
        runs.iter().rfind(|(since, _)| *since <= at).and_then(|(_, one)| one.as_ref())
    }

    /// Adds the credits up since the latest start, which begins with none: that is so of T2
    /// after a stop, and T3 and T4g keep theirs for seven days, which is not simulated.
    fn credits(&self, id: &ResourceId, asked: &Asked, shape: &Shape, at: Timestamp) -> Option<f64> {
        let baseline = shape.baseline_percent?;
        let runs = &self.machines.get(id)?.runs;
        let (since, _) = runs.iter().rfind(|(since, _)| *since <= at)?;
        let vcpus = f64::from(shape.vcpus.max(1));
        let an_hour = baseline * CREDITS_A_PERCENT * vcpus;
        let step = CREDIT_STEP.as_secs_f64() / 3600.0;
        let mut balance = 0.0_f64;
        // A balance that is full of a day's earnings has forgotten what was before.
        let horizon = at.saturating_sub(SignedDuration::from_hours(72)).unwrap_or(at);
        let mut moment = (*since).max(horizon);
        while moment < at {
            let spent = asked.vcpus(moment).min(vcpus) * 60.0;
            balance = ((an_hour - spent) * step + balance).clamp(0.0, an_hour * CREDIT_HOURS);
            moment = moment.saturating_add(CREDIT_STEP).unwrap_or(at);
        }
        Some(balance)
    }
}

/// Returns what a function measures that does its work well: a run a minute.
fn of_function(source: &SignalSource) -> Option<f64> {
    match source.metric.as_str() {
        "Invocations" => Some(f64::from(source.period_seconds) / 60.0),
        "Errors" | "Throttles" | "AsyncEventAge" => Some(0.0),
        "Duration" => Some(100.0),
        _ => None,
    }
}

/// Returns what whoever sends requests to machines measures: the slowest of a few machines is
/// its 95th percentile, and what does not fit into one fails.
fn balanced(source: &SignalSource, served: impl Iterator<Item = Served>) -> Option<f64> {
    let served: Vec<Served> = served.collect();
    if served.is_empty() {
        return None;
    }
    let seconds = f64::from(source.period_seconds);
    let sum = |of: fn(&Served) -> f64| served.iter().map(of).sum::<f64>() * seconds;
    let lost = |one: &Served| match one.load {
        load if load > 1.0 => one.requests * (1.0 - 1.0 / load),
        _ => 0.0,
    };
    Some(match source.metric.as_str() {
        // CloudWatch has it in seconds.
        "TargetResponseTime" => served.iter().map(|one| one.seconds).fold(0.0, f64::max),
        "RequestCount" if source.statistic == Statistic::Average => 1.0,
        "RequestCount" => sum(|one| one.requests).round(),
        "HTTPCode_Target_5XX_Count" => sum(lost).round(),
        _ => return None,
    })
}

/// Returns a factor near 1 that is the same for the same moment: what is read twice is the same.
fn noise(seed: u64, id: &ResourceId, at: Timestamp) -> f64 {
    let text = id
        .as_str()
        .bytes()
        .fold(seed, |sum, byte| sum.wrapping_mul(0x0100_0000_01b3) ^ u64::from(byte));
    let mut random = super::random::Random::new(text ^ at.as_second().unsigned_abs());
    let hundredths = u32::try_from(random.number() >> 40).unwrap_or(0) % 1001;
    0.95 + f64::from(hundredths) / 10_000.0
}
