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
    /// Memory that it uses, in MiB.
    pub memory_mib: f64,
    /// Requests a second in the busiest hour.
    pub busy_requests: f64,
    /// Response time of a request that waits for nobody, in milliseconds.
    pub service_ms: f64,
}

impl Workload {
    /// Returns where between the quietest and the busiest hour a moment lies, from 0 to 1.
    fn share(&self, at: Timestamp) -> f64 {
        let seconds = at.as_second().rem_euclid(86_400);
        let hour = f64::from(i32::try_from(seconds).unwrap_or(0)) / 3600.0;
        let angle = (hour - self.busiest_hour) / 24.0 * std::f64::consts::TAU;
        angle.cos().mul_add(0.5, 0.5)
    }

    fn vcpus(&self, at: Timestamp) -> f64 {
        (self.busy_vcpus - self.quiet_vcpus).mul_add(self.share(at), self.quiet_vcpus)
    }

    fn requests(&self, at: Timestamp) -> f64 {
        let least = self.quiet_vcpus / self.busy_vcpus.max(f64::MIN_POSITIVE);
        self.busy_requests * (1.0 - least).mul_add(self.share(at), least)
    }
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
        workload: impl Fn(&ResourceId) -> Option<Workload>,
        outages: &[Outage<'_>],
        seed: u64,
    ) -> GateReading {
        let series = query.sources.iter().map(|source| {
            let is_forbidden = outages.contains(&Outage::Forbidden);
            let points = match workload(&source.resource).filter(|_| !is_forbidden) {
                Some(workload) => self.points(source, query, &workload, outages, seed),
                None => Vec::new(),
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
        workload: &Workload,
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
                if let Some(value) = self.value(source, workload, at, seed) {
                    points.push((at, value * source.scale));
                }
            }
        }
        points
    }

    /// Returns one value; none while the machine does not run, or of a metric that is not
    /// simulated.
    fn value(
        &self,
        source: &SignalSource,
        workload: &Workload,
        at: Timestamp,
        seed: u64,
    ) -> Option<f64> {
        let shape = self.shape_at(&source.resource, at)?;
        let vcpus = f64::from(shape.vcpus.max(1));
        let noise = noise(seed, &source.resource, at);
        let load = workload.vcpus(at) * noise / vcpus;
        let full = load.min(FULLEST);
        let seconds = f64::from(source.period_seconds);
        let requests = workload.requests(at) * noise;
        let lost = if load > 1.0 { 1.0 - 1.0 / load } else { 0.0 };
        Some(match source.metric.as_str() {
            "CPUUtilization" => load.min(1.0) * 100.0,
            "mem_used_percent" => {
                (workload.memory_mib / f64::from(shape.memory_mib.max(1)) * 100.0).min(100.0)
            }
            // CloudWatch has it in seconds.
            "TargetResponseTime" => workload.service_ms / (1.0 - full) / 1000.0,
            "RequestCount" if source.statistic == Statistic::Average => 1.0,
            "RequestCount" => (requests * seconds).round(),
            "HTTPCode_Target_5XX_Count" => (requests * seconds * lost).round(),
            "CPUCreditBalance" => self.credits(&source.resource, workload, shape, at)?,
            "StatusCheckFailed" => 0.0,
            _ => return None,
        })
    }

    /// Returns what type ran at a moment.
    fn shape_at(&self, id: &ResourceId, at: Timestamp) -> Option<&Shape> {
        self.capacity.shapes.get(self.type_at(id, at)?)
    }

    fn type_at(&self, id: &ResourceId, at: Timestamp) -> Option<&InstanceType> {
        let runs = &self.machines.get(id)?.runs;
        runs.iter().rfind(|(since, _)| *since <= at).and_then(|(_, one)| one.as_ref())
    }

    /// Adds the credits up since the latest start, which begins with none: that is so of T2
    /// after a stop, and T3 and T4g keep theirs for seven days, which is not simulated.
    fn credits(
        &self,
        id: &ResourceId,
        workload: &Workload,
        shape: &Shape,
        at: Timestamp,
    ) -> Option<f64> {
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
            let spent = workload.vcpus(moment).min(vcpus) * 60.0;
            balance = ((an_hour - spent) * step + balance).clamp(0.0, an_hour * CREDIT_HOURS);
            moment = moment.saturating_add(CREDIT_STEP).unwrap_or(at);
        }
        Some(balance)
    }
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
