//! What sizes would have cost, had they been chosen in the past and held since.

use serde::{Deserialize, Serialize};

use crate::money::Money;
use crate::period::Period;
use crate::policy::HarmWeights;
use crate::resource::ResourceRef;
use crate::text::{Reason, Text};

/// How a size is chosen from the metrics of the training part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SizingRule {
    /// Nothing changes.
    Keep,
    /// What the configuration says: what `trimtab analyze` would propose.
    Policy,
    /// The policy with the percentiles and headrooms of Compute Optimizer's default preset.
    ComputeOptimizerDefault,
    /// Those of its balanced preset.
    ComputeOptimizerBalanced,
    /// Those of its preset of maximum savings.
    ComputeOptimizerMaximumSavings,
    /// As the Kubernetes Vertical Pod Autoscaler recommends requests: the 90th percentile of
    /// a history that fades by half each day, and 15 % more; memory by daily peaks.
    VpaLike,
    /// The maximum seen.
    Maximum,
    /// The mean brought to 65 % of the processor, the guide's target.
    MeanTarget,
    /// The 98th percentile and 25 % more; memory by its 99.9th and 10 % more.
    Percentile98,
    /// The choice that turned out to be the best: nobody can reach it beforehand.
    Oracle,
}

impl SizingRule {
    /// Every rule, in the order of a table.
    pub const ALL: &'static [Self] = &[
        Self::Policy,
        Self::ComputeOptimizerDefault,
        Self::ComputeOptimizerBalanced,
        Self::ComputeOptimizerMaximumSavings,
        Self::VpaLike,
        Self::Maximum,
        Self::MeanTarget,
        Self::Percentile98,
        Self::Keep,
        Self::Oracle,
    ];
}

/// What one rule came to, over all machines and windows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RuleScore {
    /// The rule.
    pub rule: SizingRule,
    /// How many machines would have another type.
    pub changed: u64,
    /// What all machines would cost a month of 730 hours, CPU credits included.
    pub monthly_cost: Money,
    /// That, as a share of what they cost now.
    pub share_of_now: f64,
    /// Mean share of the time with CPU demand above 80 % of the size.
    pub cpu_above_80: f64,
    /// Mean share of the time with CPU demand above all of it.
    pub cpu_above_100: f64,
    /// Mean share of the time with memory demand above what the size has, over machines
    /// whose memory was measured.
    pub memory_above_100: f64,
    /// Share of the machines with a memory metric whose demand ever was above it.
    pub ever_out_of_memory: f64,
    /// Cost and harm as a share of the present cost: what is to be small.
    pub score: f64,
}

/// How often what was given a chance did happen.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reliability {
    /// What the chance is of.
    pub event: RiskEvent,
    /// The lowest chance of the class.
    pub from: f64,
    /// The highest chance of the class.
    pub to: f64,
    /// How many pairs of a machine and a size were given such a chance.
    pub pairs: u64,
    /// The mean of the chances that were given.
    pub predicted: f64,
    /// The share that did happen.
    pub observed: f64,
}

/// What may happen to a machine of a size within the horizon.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RiskEvent {
    /// At a given moment, CPU demand is above 80 % of the size.
    CpuAbove80,
    /// At a given moment, CPU demand is above all of it.
    CpuAbove100,
    /// Memory demand is above what the size has, once or more.
    MemoryAbove100,
}

/// A training part, and the part behind it that the choice had to hold for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BacktestWindow {
    /// What the choice was made from.
    pub train: Period,
    /// What it was held against.
    pub test: Period,
    /// How many machines were judged.
    pub machines: u64,
}

/// A machine that could not be judged in a window.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NotJudged {
    /// The machine.
    pub resource: ResourceRef,
    /// How many windows it was left out of.
    pub windows: u64,
    /// Why.
    pub reason: Reason,
}

/// The outcome of a backtest.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Backtest {
    /// The windows, in order of time.
    pub windows: Vec<BacktestWindow>,
    /// What harm costs in the score, in machine-hours an hour.
    pub harm: HarmWeights,
    /// Where the prices are from.
    pub prices: Text,
    /// What all machines cost now a month of 730 hours at list prices, as the mean over windows.
    pub monthly_cost_now: Money,
    /// One row a rule.
    pub rules: Vec<RuleScore>,
    /// How well the chances held, by class.
    pub reliability: Vec<Reliability>,
    /// What was left out.
    pub not_judged: Vec<NotJudged>,
}
