//! Whether a changed resource is well: what is asked, what is read, what is decided.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::id::ResourceId;
use crate::metric::{Origin, Statistic};
use crate::period::Period;
use crate::text::Reason;

/// What a gate looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Signal {
    /// CPU use, in percent.
    CpuUtilization,
    /// Memory use, in percent.
    MemoryUtilization,
    /// Swap in use, in percent or bytes.
    Swap,
    /// Network in and out against what the type sustains, in percent.
    NetworkUtilization,
    /// 95th percentile of the response time, in milliseconds.
    LatencyP95,
    /// Requests that failed.
    FailedRequests,
    /// Share of requests that failed, in percent, where nothing counts them.
    ErrorRate,
    /// Share of requests or probes that were answered, in percent: below its limit is a failure.
    Availability,
    /// All requests.
    Requests,
    /// Memory that is left, in bytes: below its limit is a failure.
    FreeMemory,
    /// Connections to a database.
    DatabaseConnections,
    /// Lag of a replica, in seconds.
    ReplicaLag,
    /// CPU credits left.
    CpuCreditBalance,
    /// Burst balance of a volume, in percent.
    BurstBalance,
    /// Reads of a database or volume, per second.
    ReadIops,
    /// Latency of reads, in milliseconds.
    ReadLatency,
    /// Status checks that failed.
    StatusCheckFailed,
    /// Members of a target group that are healthy: fewer than its limit is a failure. Plans made
    /// before count these; how many there should be changes with a group that scales.
    HealthyHosts,
    /// Members of a target group that are not healthy.
    UnhealthyHosts,
    /// Runs of a function that took work over: none proves nothing.
    Invocations,
    /// Runs of a function that failed.
    FunctionErrors,
    /// Runs of a function that were turned away.
    Throttles,
    /// How long a run of a function takes, in milliseconds.
    FunctionDuration,
    /// How long an event waits for a function, in milliseconds.
    EventAge,
    /// Alarms of the owner's.
    Alarm,
}

impl Signal {
    /// Returns whether what is below its limit is a failure, and not what is above.
    pub fn is_floor(self) -> bool {
        matches!(
            self,
            Self::FreeMemory
                | Self::CpuCreditBalance
                | Self::BurstBalance
                | Self::Availability
                | Self::HealthyHosts
        )
    }

    /// Returns whether what is low is worse than what is high: a floor, and requests, which stay away
    /// from what is ill.
    pub fn is_worse_below(self) -> bool {
        self.is_floor() || matches!(self, Self::Requests | Self::Invocations)
    }
}

/// The namespace of a source that is not a metric but alarms: those that watch a resource by the
/// dimension that `metric` names, or with [`ALARM_NAME`] the one that `resource` names.
pub const ALARMS: &str = "CloudWatch alarms";

/// What stands for a dimension where an alarm is meant by its own name.
pub const ALARM_NAME: &str = "AlarmName";

/// What a missing signal means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Presence {
    /// Without it, nothing is known: the gate is inconclusive.
    Required,
    /// It is looked at where it is there, and said to be missing where not.
    Optional,
}

/// Where a signal is read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SignalSource {
    /// The account and region.
    pub origin: Origin,
    /// The resource whose metric it is.
    pub resource: ResourceId,
    /// The namespace, such as `AWS/EC2`.
    pub namespace: String,
    /// The metric.
    pub metric: String,
    /// The statistic; [`Statistic::Average`] and the like, or a percentile.
    pub statistic: Statistic,
    /// The percentile where `statistic` cannot say it, such as `p95`.
    pub percentile: Option<String>,
    /// The seconds of a point.
    pub period_seconds: u32,
    /// What a value is multiplied with to have the signal's unit.
    pub scale: f64,
    /// The query, where it is one of Prometheus: PromQL whose value at the end of a period is the
    /// value of the period.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub query: Option<String>,
}

/// One signal and its limit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HealthGate {
    /// The signal.
    pub signal: Signal,
    /// Where it is read.
    pub source: SignalSource,
    /// Where it is read instead, if that has no points; the first that has some counts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stand_ins: Vec<SignalSource>,
    /// Where it is read of the others of its kind that are not changed, if there are any.
    pub controls: Vec<SignalSource>,
    /// The absolute limit in the signal's unit: above it, or below it for balances, is a failure.
    pub limit: Option<f64>,
    /// What is expected after the change, in the signal's unit, where a forecast exists.
    pub expected: Option<f64>,
    /// The load of a busy hour before the change: its 95th percentile, in the signal's unit. What
    /// is a share of the size is given as a share of the new one.
    pub busy: Option<f64>,
    /// What a missing signal means.
    pub presence: Presence,
    /// Of an alarm: whether one that is on for a moment fails, and one that was on before the change
    /// keeps it from passing.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_strict: bool,
}

impl HealthGate {
    /// Returns whether its values are bytes.
    pub fn is_bytes(&self) -> bool {
        match self.signal {
            Signal::FreeMemory => true,
            // An agent tells a share of what there is; RDS tells bytes.
            Signal::Swap => self.source.metric == "SwapUsage",
            _ => false,
        }
    }
}

/// What a gate is compared with besides its limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Beside {
    /// The same hours of earlier weeks.
    EarlierWeeks,
    /// Others of its kind that are not changed.
    Controls,
}

/// The points of a gate while a change is watched, as many as can be drawn.
///
/// It decides nothing: what a verdict rests on is in the journal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GateCourse {
    /// The signal.
    pub signal: Signal,
    /// The resource whose metric it is.
    pub resource: ResourceId,
    /// The metric, or what asks for it.
    pub metric: String,
    /// Whether the values are bytes.
    pub is_bytes: bool,
    /// The limit, in the signal's unit.
    pub limit: Option<f64>,
    /// What was forecast, in the signal's unit.
    pub expected: Option<f64>,
    /// The seconds of a step.
    pub step_seconds: u32,
    /// The start of each step that has points, with the worst of them, in order.
    pub steps: Vec<(Timestamp, f64)>,
    /// What it is compared with, where it is.
    pub beside: Option<Beside>,
    /// The start of each step, with the least and the largest value of what it is compared with, in order.
    pub band: Vec<(Timestamp, f64, f64)>,
}

/// The courses of the gates of one change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GateCourses {
    /// When the change began.
    pub began: Timestamp,
    /// Whether the gates had passed already, and the change waited for its confirmation.
    pub has_passed: bool,
    /// From when on the points were read.
    pub since: Timestamp,
    /// When the points were read.
    pub at: Timestamp,
    /// The gates, in the order of the plan; one without a point has no steps.
    pub gates: Vec<GateCourse>,
}

/// Whether the points of a series are all there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum PointsStatus {
    /// All that exist.
    Complete,
    /// Some, by CloudWatch's `StatusCode`, or a cut answer.
    Partial,
    /// The source refused.
    Forbidden,
    /// The source failed, in its words.
    Failed(String),
}

/// Points of one series.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Points {
    /// Where they were read.
    pub source: SignalSource,
    /// Whether they are all there.
    pub status: PointsStatus,
    /// The start of each point and its value as the source gave it, not yet multiplied with the
    /// scale; in any order.
    pub points: Vec<(Timestamp, f64)>,
}

/// `StateValue` of an alarm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AlarmState {
    /// `OK`.
    Ok,
    /// `ALARM`.
    Alarm,
    /// `INSUFFICIENT_DATA`, or a word that this version does not know.
    InsufficientData,
}

/// What became of one alarm in the time that was asked for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AlarmHistory {
    /// The source that it was found for.
    pub source: SignalSource,
    /// Its name.
    pub name: String,
    /// Whether all of it was read.
    pub status: PointsStatus,
    /// Its states, each with its beginning, oldest first; the first is what it was when the time
    /// that was asked for began.
    pub states: Vec<(Timestamp, AlarmState)>,
}

/// What was read for the gates of one change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GateReading {
    /// When.
    pub at: Timestamp,
    /// How far our clock is from the source's; unknown where it does not say.
    pub clock_offset: Option<SignedDuration>,
    /// The series, of the resource, of controls and of earlier weeks alike.
    pub series: Vec<Points>,
    /// The alarms.
    #[serde(default)]
    pub alarms: Vec<AlarmHistory>,
}

/// What tells how busy a resource was before a change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LoadQuery {
    /// The series, by the hour.
    pub sources: Vec<SignalSource>,
    /// The weeks before the change.
    pub weeks: Period,
}

/// Which points a gate needs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GateQuery {
    /// The series.
    pub sources: Vec<SignalSource>,
    /// The stretches of time: the soak, and the same hours of earlier weeks.
    pub periods: Vec<Period>,
    /// What tells how busy it was before, where that must be known.
    pub load: Option<Box<LoadQuery>>,
    /// When the change began: alarms are read from then on, with what they were at that moment.
    pub began: Timestamp,
}

/// What of one source a verdict rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// The source, as people write it: a metric of a resource, or the query.
    pub source: String,
    /// How many points or states were read.
    pub points: usize,
    /// SHA-256 of them.
    pub hash: String,
}

impl SignalSource {
    /// Returns what is read, as people write it.
    pub fn words(&self) -> String {
        if let Some(query) = &self.query {
            return query.clone();
        }
        if self.namespace == ALARMS {
            return format!("{ALARMS}: {}={}", self.metric, self.resource);
        }
        let statistic = self.percentile.as_deref().unwrap_or(self.statistic.as_str());
        format!("{} {} {statistic} {}", self.namespace, self.metric, self.resource)
    }
}

/// Pass, fail, or neither. Neither never lets a rollout go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum GateState {
    /// What was seen is enough, and well.
    Pass,
    /// What was seen is not enough to say.
    Inconclusive,
    /// What was seen is not well.
    Fail,
}

/// Who is to blame for a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Blame {
    /// The change.
    Change,
    /// Something that others suffer from as well, or that somebody else did.
    External,
}

/// What the gates of a change say.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GateVerdict {
    /// The worst of all signals: fail before inconclusive before pass.
    pub state: GateState,
    /// Whose doing a failure is.
    pub blame: Blame,
    /// Why, signal by signal.
    pub reasons: Vec<Reason>,
    /// The figures that decided, by name.
    pub figures: BTreeMap<String, f64>,
}
