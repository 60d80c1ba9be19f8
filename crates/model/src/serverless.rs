//! A server that mostly waits, and the function that would do its work.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::action::TaskLimits;
use crate::environment::Environment;
use crate::evidence::UnseenSignal;
use crate::recommendation::{CostComponent, Unknown};
use crate::resource::ResourceRef;
use crate::text::{Reason, Text};

/// What would start the function.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trigger {
    /// A request over HTTP.
    Request,
    /// A clock.
    Schedule,
    /// Something that happens: an object that lands in a bucket, a message in a queue.
    Event,
    /// A message in a queue of SQS that is known.
    Queue,
}

impl Trigger {
    /// Returns the word, as in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Schedule => "schedule",
            Self::Event => "event",
            Self::Queue => "queue",
        }
    }
}

/// The processors that functions run on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum FunctionArchitecture {
    /// `arm64`.
    #[serde(rename = "arm64")]
    Arm64,
    /// `x86_64`.
    #[serde(rename = "x86_64")]
    X86,
}

impl FunctionArchitecture {
    /// Both, the cheaper first.
    pub const ALL: [Self; 2] = [Self::Arm64, Self::X86];

    /// Returns Lambda's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Arm64 => "arm64",
            Self::X86 => "x86_64",
        }
    }
}

/// What a server is now, and the function that would take its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conversion {
    /// What runs now: an instance type, or the size of tasks.
    pub server: String,
    /// `MemorySize` in MB.
    pub memory_mb: u32,
    /// The processor.
    pub architecture: FunctionArchitecture,
    /// What starts it.
    pub trigger: Trigger,
}

/// What the number of runs was counted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunsBy {
    /// Requests that were counted.
    Requests,
    /// Stretches of work, each of which is taken for one run: there may be many within one.
    Stretches,
    /// Messages that were received from its queues, each of which is taken for one run.
    Messages,
}

/// The work of a server, as it was measured, for a month of 730 hours.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Workload {
    /// Days that were looked at.
    pub days: f64,
    /// Seconds of a sample.
    pub period_seconds: u32,
    /// Share of the time in which it worked, from 0 to 1.
    pub duty_cycle: f64,
    /// Share of its processor while it works, in percent.
    pub working_percent: f64,
    /// The same while it waits.
    pub waiting_percent: f64,
    /// Seconds a month in which it works.
    pub working_seconds: f64,
    /// Seconds of one vCPU a month that its work takes beyond what waiting takes.
    pub processor_seconds: f64,
    /// vCPUs that work takes while it lasts.
    pub processors: f64,
    /// Seconds of the longest stretch of work.
    pub longest_seconds: u64,
    /// Seconds between the begins of two stretches, the median; absent with fewer than three.
    pub usual_distance_seconds: Option<u64>,
    /// Share of these distances that are alike, from 0 to 1.
    pub regularity: Option<f64>,
    /// Runs a month.
    pub runs: f64,
    /// What they were counted by.
    pub runs_by: RunsBy,
    /// Seconds that the server worked on a request, the mean of the access logs; absent where no log tells it.
    pub seconds_of_a_request: Option<f64>,
    /// The most memory that was in use, in MB, the system's own included; absent without a metric of memory.
    pub memory_mb: Option<f64>,
    /// What of it was in use beyond the median, in MB: what work takes beyond waiting, of all runs together.
    #[serde(default)]
    pub memory_rise_mb: Option<f64>,
    /// What its queues tell; absent where none is known, and where an earlier version looked.
    #[serde(default)]
    pub queues: Option<QueueWork>,
}

/// What the queues tell that a server reads.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct QueueWork {
    /// Their names in SQS.
    pub names: Vec<String>,
    /// Messages a month that it received from them, those that came again included. Absent where not all of them were
    /// measured for a day or more.
    pub messages: Option<f64>,
    /// The most messages that waited in one of them at a time: its depth. Absent where no depth was measured.
    pub deepest: Option<f64>,
    /// Messages that waited in the fullest one, the median. Absent where no depth was measured.
    pub usual_depth: Option<f64>,
    /// Seconds for which it held a message, the mean: the messages in flight over those received (Little's law). Absent where
    /// those in flight were not measured.
    pub seconds_of_a_message: Option<f64>,
    /// How many servers share them at most: each is taken to receive as many messages.
    pub readers: u32,
}

/// Whether a server could be a function.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fit {
    /// As it is.
    Fits,
    /// After what stands among its changes.
    FitsAfterChanges,
    /// Not, for what stands among its obstacles.
    DoesNotFit,
}

impl Fit {
    /// Returns the word, as in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Fits => "fits",
            Self::FitsAfterChanges => "fits_after_changes",
            Self::DoesNotFit => "does_not_fit",
        }
    }
}

/// A server that was looked at, and what was found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Candidate {
    /// The instance or the service.
    pub resource: ResourceRef,
    /// What runs now: an instance type, or the size of tasks.
    pub server: String,
    /// Whether it could be a function.
    pub fit: Fit,
    /// What has to change before.
    pub changes: Vec<Reason>,
    /// What stands against it.
    pub obstacles: Vec<Reason>,
    /// What nobody measured, and what it would tell.
    pub signals_not_seen: Vec<UnseenSignal>,
    /// Its work.
    pub workload: Workload,
    /// What would start the function.
    pub trigger: Trigger,
    /// What both cost, or why that is not known.
    pub economics: Result<Economics, Unknown>,
    /// The tasks of a service; absent of an instance, and where an earlier version looked.
    #[serde(default)]
    pub tasks: Option<ServiceTasks>,
}

/// How many tasks a service has, and what decides it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceTasks {
    /// `desiredCount`.
    pub desired: u32,
    /// What else decides how many there are.
    pub scaling: TaskScaling,
}

/// Whether Application Auto Scaling decides how many tasks a service has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaskScaling {
    /// Nobody looked.
    Unknown,
    /// It does not: only the desired count decides.
    Fixed,
    /// It does, between the fewest and the most tasks of its target.
    Target(TaskLimits),
}

impl Candidate {
    /// Returns its environment.
    pub fn environment(&self) -> Environment {
        self.resource.environment
    }
}

/// What a server and the function in its place cost a month of 730 hours, at list prices in dollars or the rates of the bill.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Economics {
    /// What the server costs now, and what ends with it.
    pub now: Vec<CostComponent>,
    /// What costs on until the server is deleted and not only stopped: volumes, a public address, its share of a load balancer.
    /// None of it is in any sum here.
    #[serde(default)]
    pub ends_later: Vec<CostComponent>,
    /// What of that has no price.
    #[serde(default)]
    pub ends_later_unknown: Vec<Text>,
    /// The function, by memory and processor, the proposed one first, then in order of memory.
    pub options: Vec<FunctionCost>,
    /// What of the proposed one the account's free tier would cover: it is in no sum here, since the account may have
    /// used it up.
    pub free_tier: Decimal,
    /// How often today's work would be as dear as the server: 3 stands for three times the work. Absent where the
    /// function costs nothing.
    pub break_even: Option<Decimal>,
    /// Runs a month at that point.
    pub break_even_runs: Option<Decimal>,
    /// Both costs with more or less work.
    pub sensitivity: Vec<Sensitivity>,
    /// How often a run waits for a new environment.
    pub cold_starts: ColdStarts,
    /// The ways in which the function can be started, and what each costs.
    #[serde(default)]
    pub triggers: Vec<TriggerCost>,
    /// What a NAT gateway costs a month, which a function in a VPC needs to reach the internet: absent where its price is
    /// missing. It is in no sum here.
    #[serde(default)]
    pub nat_gateway: Option<CostComponent>,
    /// Whether account and region have a NAT gateway already, whatever its VPC.
    #[serde(default)]
    pub has_nat_gateway: bool,
}

/// A way in which a function is started.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TriggerKind {
    /// An HTTP API of API Gateway.
    HttpApi,
    /// The URL of the function itself.
    FunctionUrl,
    /// A target of an Application Load Balancer.
    LoadBalancer,
    /// A schedule of EventBridge Scheduler.
    Scheduler,
    /// An event of a bucket in S3.
    Bucket,
    /// A queue in SQS.
    Queue,
}

/// What it costs a month to start the function in one way.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TriggerCost {
    /// The way.
    pub kind: TriggerKind,
    /// Whether a generated project has it: then it is in the cost of the function, where its price is known.
    pub is_generated: bool,
    /// What is paid for it; absent where AWS charges nothing for it beside the function's own requests.
    pub cost: Result<Option<CostComponent>, Unknown>,
}

/// What a function of one size costs a month.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FunctionCost {
    /// `MemorySize` in MB.
    pub memory_mb: u32,
    /// The processor.
    pub architecture: FunctionArchitecture,
    /// Whether it is the proposed one.
    pub is_proposed: bool,
    /// Runs that one stretch of work is cut into, so that each ends in time; absent where none is cut, and where an earlier version
    /// looked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pieces: Option<u32>,
    /// Seconds that one run takes, if the processor was what it waited for.
    pub seconds_low: Decimal,
    /// Seconds that one run takes, if it takes all of the time in which the server worked.
    pub seconds_high: Decimal,
    /// What is paid at `seconds_high`: requests, GB-seconds and what stands beside them.
    pub components: Vec<CostComponent>,
    /// Dollars a month at `seconds_low`.
    pub monthly_low: Decimal,
    /// Dollars a month at `seconds_high`.
    pub monthly_high: Decimal,
    /// Why it would not do; absent where it does.
    pub unfit: Option<Text>,
}

/// Both costs with more or less work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sensitivity {
    /// Times of today's work.
    pub factor: Decimal,
    /// Dollars a month for the function.
    pub function: Decimal,
    /// Dollars a month for the server: as it is, whatever it has to do.
    pub server: Decimal,
}

/// How often a run waits for a new environment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ColdStarts {
    /// Share of the runs, from 0 to 1.
    pub share: f64,
    /// Minutes without a run after which an environment is taken to be gone. AWS does not promise any time.
    pub kept_minutes: u32,
    /// Whether somebody waits for the answer.
    pub matters: bool,
    /// Whether 95 of 100 runs being in time can depend on it: more than 5 of 100 begin in a new environment.
    #[serde(default)]
    pub is_seen: bool,
    /// What keeping one environment ready would cost a month, in dollars; absent where nobody waits or so few runs are cold that
    /// the 95th percentile does not see them.
    pub kept_ready: Option<CostComponent>,
    /// Milliseconds in which 95 of 100 answers are to come.
    #[serde(default)]
    pub target_milliseconds: u32,
    /// Whether a run in an environment that is there keeps that: unknown where the target lies between the least and the most
    /// that a run takes.
    #[serde(default)]
    pub keeps_target: Option<bool>,
}

/// What a function costs a month under assumptions, beside the server as it is. Amounts are dollars.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FunctionSimulation {
    /// Runs a month.
    pub runs: Decimal,
    /// Seconds of one run.
    pub seconds: Decimal,
    /// `MemorySize` in MB.
    pub memory_mb: u32,
    /// The processor.
    pub architecture: FunctionArchitecture,
    /// What is paid.
    pub components: Vec<CostComponent>,
    /// That together.
    pub function: Decimal,
    /// What the server costs.
    pub server: Decimal,
    /// The server less the function; negative where the function is dearer.
    pub saved: Decimal,
    /// Runs a month at which both cost the same; absent where the function costs nothing.
    pub equal_runs: Option<Decimal>,
}

/// Why nothing can be simulated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SimulationFault {
    /// Its costs are not known.
    Unknown(Text),
    /// No function has so much memory, in MB.
    Memory(u32),
    /// No run lasts so many seconds.
    Seconds(Decimal),
    /// An amount has more digits than can be held.
    TooLarge,
}
