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
}

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
}

/// One signal and its limit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HealthGate {
    /// The signal.
    pub signal: Signal,
    /// Where it is read.
    pub source: SignalSource,
    /// Where it is read of the others of its kind that are not changed, if there are any.
    pub controls: Vec<SignalSource>,
    /// The absolute limit in the signal's unit: above it, or below it for balances, is a failure.
    pub limit: Option<f64>,
    /// What is expected after the change, in the signal's unit, where a forecast exists.
    pub expected: Option<f64>,
    /// The load of a busy hour before the change: its 95th percentile, in the signal's unit.
    pub busy: Option<f64>,
    /// What a missing signal means.
    pub presence: Presence,
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
    /// Time and value, in any order.
    pub points: Vec<(Timestamp, f64)>,
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
}

/// Which points a gate needs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GateQuery {
    /// The series.
    pub sources: Vec<SignalSource>,
    /// The stretches of time: the soak, and the same hours of earlier weeks.
    pub periods: Vec<Period>,
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
