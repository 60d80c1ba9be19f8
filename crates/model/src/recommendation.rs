//! A recommendation: what to change, what it saves, how sure that is.

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::action::Action;
use crate::build_up::BilledSteps;
use crate::evidence::Evidence;
use crate::id::{CheckId, RecommendationId};
use crate::money::{Currency, Money, MoneyError};
use crate::opinion::SecondOpinion;
use crate::price::{Price, PriceBasis};
use crate::resource::ResourceRef;
use crate::text::{Reason, StaticText, Text};

/// What kind of action is recommended: Cost Optimization Hub's words, then ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum ActionType {
    /// Change to a better fitting size.
    Rightsize,
    /// Stop.
    Stop,
    /// Move to a newer type or generation.
    Upgrade,
    /// Delete.
    Delete,
    /// Reduce how many there are.
    ScaleIn,
    /// Move to an Arm processor.
    MigrateToGraviton,
    /// Keep less of what is stored.
    SetRetention,
    /// Set up in another way.
    Reconfigure,
    /// Run in some hours of the week only.
    Schedule,
    /// Repair the application, then change the size.
    FixApplication,
    /// Have a function do the work.
    ConvertServerless,
    /// Have containers do the work.
    MoveToContainers,
}

impl ActionType {
    /// Every kind.
    pub const ALL: [Self; 12] = [
        Self::Rightsize,
        Self::Stop,
        Self::Upgrade,
        Self::Delete,
        Self::ScaleIn,
        Self::MigrateToGraviton,
        Self::SetRetention,
        Self::Reconfigure,
        Self::Schedule,
        Self::FixApplication,
        Self::ConvertServerless,
        Self::MoveToContainers,
    ];

    /// Returns the word, as in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Rightsize => "Rightsize",
            Self::Stop => "Stop",
            Self::Upgrade => "Upgrade",
            Self::Delete => "Delete",
            Self::ScaleIn => "ScaleIn",
            Self::MigrateToGraviton => "MigrateToGraviton",
            Self::SetRetention => "SetRetention",
            Self::Reconfigure => "Reconfigure",
            Self::Schedule => "Schedule",
            Self::FixApplication => "FixApplication",
            Self::ConvertServerless => "ConvertServerless",
            Self::MoveToContainers => "MoveToContainers",
        }
    }
}

/// Compute Optimizer's findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Finding {
    /// Nothing uses it, or nearly nothing.
    Idle,
    /// It is attached to nothing.
    Unattached,
    /// Nothing refers to it.
    Unused,
    /// At least one spec can shrink and none is short.
    Overprovisioned,
    /// At least one spec is short.
    Underprovisioned,
    /// A better configuration exists at the same use.
    NotOptimized,
}

impl Finding {
    /// Returns the word, as in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Idle => "Idle",
            Self::Unattached => "Unattached",
            Self::Unused => "Unused",
            Self::Overprovisioned => "Overprovisioned",
            Self::Underprovisioned => "Underprovisioned",
            Self::NotOptimized => "NotOptimized",
        }
    }
}

/// Compute Optimizer's reason codes, plus those it lacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the names are Compute Optimizer's and say it all")]
pub enum ReasonCode {
    CPUOverprovisioned,
    CPUUnderprovisioned,
    MemoryOverprovisioned,
    MemoryUnderprovisioned,
    NetworkBandwidthOverprovisioned,
    NetworkBandwidthUnderprovisioned,
    EBSIOPSOverprovisioned,
    EBSIOPSUnderprovisioned,
    EBSThroughputOverprovisioned,
    EBSThroughputUnderprovisioned,
    NewGenerationAvailable,
    NewGenerationDBInstanceClassAvailable,
    NewGenerationStorageTypeAvailable,
    GravitonAvailable,
    Idle,
    Stopped,
    Unattached,
    SourceDeleted,
    Unassociated,
    NoTraffic,
    NoTargets,
    NoRetention,
    NoLifecycle,
    Unreachable,
    Duplicated,
    OneZoneSuffices,
    FreeAlternative,
    CheaperClass,
    Unused,
    RarelyUsed,
    SurplusCredits,
    DetailedMonitoring,
    StandbyOutsideProduction,
    EngineInExtendedSupport,
    StorageOverprovisioned,
    ThroughputOverprovisioned,
    CheaperPricingAvailable,
    CheaperEngineAvailable,
    PaidRetention,
    IdleOffHours,
    MemoryLeak,
    DuplicateCalls,
    HeavyQuery,
    MostlyWaiting,
    AlwaysBusy,
}

/// Performance risk, from 0 (very low) to 4 (very high): Compute Optimizer's scale.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PerformanceRisk(u8);

impl PerformanceRisk {
    /// The lowest risk: the resource serves nobody, or loses nothing.
    pub const VERY_LOW: Self = Self(0);

    /// Makes a risk; values above 4 become 4.
    pub fn new(value: u8) -> Self {
        Self(value.min(4))
    }

    /// Returns the number.
    pub fn value(self) -> u8 {
        self.0
    }
}

/// How much work the change is: Cost Optimization Hub's scale.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the words are a scale")]
pub enum ImplementationEffort {
    VeryLow,
    Low,
    Medium,
    High,
    VeryHigh,
}

/// Whether the change can be taken back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Undo {
    /// Back to exactly what was.
    Exact,
    /// Back to something that serves as well, with this loss.
    Compensating(Text),
    /// Not at all; what is lost.
    Impossible(Text),
}

impl Undo {
    /// Returns the word, as in JSON.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Exact => "Exact",
            Self::Compensating(_) => "Compensating",
            Self::Impossible(_) => "Impossible",
        }
    }
}

/// Whether the change interrupts the resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Restart {
    /// It must be stopped and started.
    Needed,
    /// It keeps running, or runs not at all.
    NotNeeded,
}

/// A cost explained as quantity times price, per month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CostComponent {
    /// What is priced, such as `m6i.large` or `gp3 storage`.
    pub name: String,
    /// How many units a month.
    pub quantity: Decimal,
    /// The price of one unit.
    pub price: Price,
}

impl CostComponent {
    /// Returns quantity times price.
    ///
    /// # Errors
    /// Fails if the product overflows.
    pub fn amount(&self) -> Result<Money, MoneyError> {
        Money::usd(self.price.usd).times(self.quantity)
    }
}

/// What is saved per month of 730 hours.
///
/// `0 <= low <= likely <= high`, all after discounts. The three differ where the bill is
/// unknown, where a commitment covers the use, or where the amount rests on an estimate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Estimate {
    /// What is saved in the worst case that the data allows.
    pub low: Money,
    /// What is expected.
    pub likely: Money,
    /// What is saved in the best case that the data allows.
    pub high: Money,
    /// What would be saved at list prices.
    pub before_discounts: Money,
    /// What the resource costs a month now, effective; the likely saving never exceeds it.
    pub cost_now: Money,
    /// What it would cost a month afterwards.
    pub cost_after: Money,
    /// The cost now, as quantities and prices.
    pub formula_now: Vec<CostComponent>,
    /// The cost afterwards, as quantities and prices.
    pub formula_after: Vec<CostComponent>,
    /// Where the price that decided comes from.
    pub basis: PriceBasis,
    /// What the bill says of the cost now between the price list and what is paid; absent without
    /// a bill, and where another change has left less of the cost.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub billed: Option<BilledSteps>,
}

impl Estimate {
    /// Returns the currency of every amount here.
    pub fn currency(&self) -> Currency {
        self.likely.currency
    }
}

/// One use of a resource after the change, in percent of what the new configuration has.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Projection {
    /// A stable name, such as `cpu_max` or `memory_max`.
    pub name: String,
    /// Percent of the new configuration's capacity.
    pub percent: f64,
}

/// What demand that does not fit is expected to come to, over the horizon of the policy.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ExpectedHarm {
    /// Expected share of the time with CPU demand above 80 % of the size, from 0 to 1.
    pub cpu_above_80: f64,
    /// Expected share of the time with CPU demand above all of it.
    pub cpu_above_100: f64,
    /// Expected share of the time with memory demand above it; absent without a memory metric.
    pub memory_above_100: Option<f64>,
    /// The chance that memory demand is above it once or more.
    pub memory_ever: Option<f64>,
    /// Network, in and out; absent, as the two below, where it was not measured, where nothing
    /// flowed, or where it is not known what the size sustains.
    #[serde(default)]
    pub network: Option<Excess>,
    /// Bytes to and from EBS.
    #[serde(default)]
    pub ebs_throughput: Option<Excess>,
    /// Operations of EBS.
    #[serde(default)]
    pub ebs_operations: Option<Excess>,
    /// What that counts as, in United States dollars a month of 730 hours: no money that is
    /// paid, and in no saving.
    pub monthly_usd: Decimal,
}

/// What is expected of a flow beside what a size sustains.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Excess {
    /// Expected share of the time with demand above 80 % of it, from 0 to 1.
    pub above_80: f64,
    /// Expected share of the time with demand above all of it.
    pub above_100: f64,
    /// The chance that demand is above all of it once or more.
    pub ever_above_100: f64,
}

impl ExpectedHarm {
    /// Iterates over the flows that were measured.
    pub fn flows(&self) -> impl Iterator<Item = Excess> {
        [self.network, self.ebs_throughput, self.ebs_operations].into_iter().flatten()
    }
}

/// One configuration that would do, the recommended one first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RecommendationOption {
    /// The change.
    pub action: Action,
    /// What it saves.
    pub estimated_monthly_savings: Estimate,
    /// Its risk.
    pub performance_risk: PerformanceRisk,
    /// The use it would see.
    pub projected: Vec<Projection>,
    /// What is expected not to fit; absent where the size was not chosen by expected cost.
    #[serde(default)]
    pub expected: Option<ExpectedHarm>,
}

/// What to change, what that saves, and why to believe it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Recommendation {
    /// Hash of check and resource: stable across runs.
    pub id: RecommendationId,
    /// The check that found it.
    pub check: CheckId,
    /// The resource.
    pub resource: ResourceRef,
    /// The change.
    pub action: Action,
    /// The kind of change.
    pub action_type: ActionType,
    /// What was found.
    pub finding: Finding,
    /// Why, in codes.
    pub reason_codes: Vec<ReasonCode>,
    /// Why, in a sentence.
    pub reason: Reason,
    /// What it saves.
    pub estimated_monthly_savings: Estimate,
    /// How likely users notice.
    pub performance_risk: PerformanceRisk,
    /// The use after the change.
    pub projected: Vec<Projection>,
    /// Other configurations that would do, cheapest first, the chosen one included.
    pub options: Vec<RecommendationOption>,
    /// How much work it is.
    pub implementation_effort: ImplementationEffort,
    /// Whether it interrupts the resource.
    pub restart_needed: Restart,
    /// Whether it can be taken back.
    pub undo: Undo,
    /// The figures.
    pub evidence: Evidence,
    /// How AWS stands to it; absent where AWS was not asked.
    #[serde(default)]
    pub second_opinion: Option<SecondOpinion>,
}

impl Verdict {
    /// Changes the recommendation, where it is one.
    #[must_use]
    pub fn with(mut self, change: impl FnOnce(&mut Recommendation)) -> Self {
        if let Self::Recommend(recommendation) = &mut self {
            change(recommendation);
        }
        self
    }
}

impl Recommendation {
    /// Returns whether its saving depends on work that is no change of AWS.
    ///
    /// Such a saving is in no sum of likely savings, and only what it adds to the changes that
    /// are counted there is its own.
    pub fn is_conditional(&self) -> bool {
        matches!(
            self.action,
            Action::FixApplication(_)
                | Action::FixQuery(_)
                | Action::ConvertServerless(_)
                | Action::MoveToContainers(_)
        )
    }
}

/// Whether a cost has risen already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
pub enum Onset {
    /// It will.
    #[default]
    Coming,
    /// It has.
    Past,
}

impl Onset {
    /// Returns the word, as in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Coming => "coming",
            Self::Past => "past",
        }
    }
}

/// A cost that rises by itself on a known day.
///
/// It is no saving of what is paid today, and no sum of savings holds it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Increase {
    /// Why, in a sentence.
    pub reason: Reason,
    /// Whether that day is over.
    #[serde(default)]
    pub onset: Onset,
    /// From when on.
    pub from: Timestamp,
    /// How much more it is a month of 730 hours.
    pub monthly: Money,
    /// What is paid a month until that day, effective.
    pub cost_now: Money,
    /// What the same use costs a month from then on.
    pub cost_after: Money,
    /// The figures.
    pub evidence: Evidence,
}

/// What a check says of one resource.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Verdict {
    /// Change it.
    Recommend(Box<Recommendation>),
    /// Nothing is wasted, but it will cost more, or does since a known day.
    Increase(Box<Increase>),
    /// Leave it, for this reason.
    Pass(Reason),
    /// The owner or another service decides about it.
    Exempt(Reason),
    /// It cannot be judged; what would settle it.
    Unknown(Unknown),
}

/// A verdict that the data does not allow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unknown {
    /// What is missing.
    pub reason: Reason,
    /// What data would settle it, as a stable name such as `metrics:AWS/EC2:NetworkIn`.
    pub settled_by: Vec<String>,
}

/// A threshold of a check, as data.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Threshold {
    /// The key in the configuration, such as `min_age_days`.
    pub name: &'static str,
    /// The default, as decimal text.
    pub default: &'static str,
    /// The unit, such as `days` or `%`.
    pub unit: &'static str,
    /// One sentence.
    pub text: StaticText,
}
