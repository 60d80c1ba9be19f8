//! Gates and readings for tests: a resource `i-1` and its controls, watched since a Tuesday.

use jiff::{SignedDuration, Timestamp};

use trimtab_model::gate::{
    GateReading, GateState, GateVerdict, HealthGate, Points, PointsStatus, Presence, Signal,
    SignalSource,
};
use trimtab_model::id::{RegionId, ResourceId, SubAccountId};
use trimtab_model::metric::{Origin, Statistic};
use trimtab_model::plan::GateLimits;

use super::case::{Case, Peak};
use super::judge::judge;
use super::signal::key;

/// Makes a gate without forecast, controls or a busy hour.
pub(crate) fn gate(signal: Signal) -> HealthGate {
    HealthGate {
        signal,
        source: source(signal, "i-1"),
        controls: Vec::new(),
        stand_ins: Vec::new(),
        limit: None,
        expected: None,
        busy: None,
        presence: Presence::Required,
        is_strict: false,
    }
}

fn source(signal: Signal, resource: &str) -> SignalSource {
    SignalSource {
        origin: Origin {
            account: SubAccountId::new("111122223333"),
            region: RegionId::new("ap-northeast-2"),
        },
        resource: ResourceId::new(resource),
        namespace: "AWS/EC2".to_owned(),
        metric: key(signal).to_owned(),
        statistic: Statistic::Average,
        percentile: None,
        period_seconds: 300,
        scale: 1.0,
        query: None,
    }
}

/// What tests say of a gate.
pub(crate) trait Shape {
    fn with_controls(self, count: usize) -> Self;
    fn limited(self, limit: f64) -> Self;
    fn expecting(self, expected: f64) -> Self;
    fn busy(self, busy: f64) -> Self;
    fn optional(self) -> Self;
}

impl Shape for HealthGate {
    fn with_controls(mut self, count: usize) -> Self {
        self.controls =
            (1..=count).map(|number| source(self.signal, &format!("i-c{number}"))).collect();
        self
    }

    fn limited(mut self, limit: f64) -> Self {
        self.limit = Some(limit);
        self
    }

    fn expecting(mut self, expected: f64) -> Self {
        self.expected = Some(expected);
        self
    }

    fn busy(mut self, busy: f64) -> Self {
        self.busy = Some(busy);
        self
    }

    fn optional(mut self) -> Self {
        self.presence = Presence::Optional;
        self
    }
}

/// A case with its reading.
#[derive(Debug, Clone)]
pub(crate) struct Sample {
    pub(crate) gates: Vec<HealthGate>,
    pub(crate) limits: GateLimits,
    pub(crate) soak: SignedDuration,
    pub(crate) peak: Peak,
    /// How long before watching the change began.
    pub(crate) took: SignedDuration,
    pub(crate) since: Timestamp,
    pub(crate) now: Timestamp,
    pub(crate) reading: GateReading,
}

impl Sample {
    /// Watches one gate for a day.
    pub(crate) fn of(gate: HealthGate) -> Self {
        let since: Timestamp = "2026-11-24T00:00:00Z".parse().unwrap();
        let now = since + SignedDuration::from_hours(24);
        Self {
            gates: vec![gate],
            limits: GateLimits::default(),
            soak: SignedDuration::from_hours(24),
            peak: Peak::NotNeeded,
            took: SignedDuration::ZERO,
            since,
            now,
            reading: GateReading {
                at: now,
                clock_offset: Some(SignedDuration::ZERO),
                series: Vec::new(),
                alarms: Vec::new(),
            },
        }
    }

    pub(crate) fn and(mut self, gate: HealthGate) -> Self {
        self.gates.push(gate);
        self
    }

    /// Ends the watch after so many hours.
    pub(crate) fn after(mut self, hours: i64) -> Self {
        self.now = self.since + SignedDuration::from_hours(hours);
        self.reading.at = self.now;
        self
    }

    /// Adds the points of a resource, in the watched time and the weeks before: the value by the
    /// hours since watching began, and the number of the week before, 0 for the watched time.
    pub(crate) fn reads(
        mut self,
        signal: Signal,
        resource: &str,
        value: impl Fn(f64, i64) -> Option<f64>,
    ) -> Self {
        let end = self.now.duration_since(self.since).as_secs();
        for week in 0..=4 {
            let points = (0..end / 300)
                .filter_map(|number| {
                    let seconds = number * 300;
                    let at = self.since + SignedDuration::from_secs(seconds - week * 7 * 86_400);
                    Some((at, value(seconds as f64 / 3600.0, week)?))
                })
                .collect();
            self.reading.series.push(Points {
                source: source(signal, resource),
                status: PointsStatus::Complete,
                points,
            });
        }
        self
    }

    pub(crate) fn case(&self) -> Case<'_> {
        Case {
            gates: &self.gates,
            soak: self.soak,
            limits: &self.limits,
            horizon: SignedDuration::from_hours(168),
            peak: self.peak,
            began: self.since - self.took,
            since: self.since,
            now: self.now,
        }
    }

    pub(crate) fn verdict(&self) -> GateVerdict {
        judge(&self.case(), Some(&self.reading))
    }

    pub(crate) fn check_state(&self, state: GateState) {
        let verdict = self.verdict();
        assert_eq!(verdict.state, state, "{verdict:#?}");
    }

    /// Checks the verdict and the code of its first reason.
    pub(crate) fn check(&self, state: GateState, code: &str) {
        let verdict = self.verdict();
        let first = verdict.reasons.first().map(|reason| reason.code.as_str());
        assert_eq!((verdict.state, first), (state, Some(code)), "{verdict:#?}");
    }
}
