//! What the owner of the account wants: one typed value, defaults in the type.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::calendar::Calendar;
use crate::environment::Environment;
use crate::exemption::ExemptRule;
use crate::id::CheckId;

/// The percentile of the 5-minute maxima that a size must cover. Compute
/// Optimizer's knob of the same name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum CpuThreshold {
    /// 90 % of the time.
    #[serde(rename = "p90")]
    P90,
    /// 95 % of the time.
    #[serde(rename = "p95")]
    P95,
    /// 99.5 % of the time.
    #[serde(rename = "p99.5")]
    P99_5,
}

/// Spare room above the demand. Compute Optimizer's four values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Headroom {
    /// No spare room.
    #[serde(rename = "0%")]
    None,
    /// 10 %.
    #[serde(rename = "10%")]
    Percent10,
    /// 20 %.
    #[serde(rename = "20%")]
    Percent20,
    /// 30 %.
    #[serde(rename = "30%")]
    Percent30,
}

impl Headroom {
    /// Returns the share, from 0 to 0.3.
    pub fn share(self) -> f64 {
        match self {
            Self::None => 0.0,
            Self::Percent10 => 0.1,
            Self::Percent20 => 0.2,
            Self::Percent30 => 0.3,
        }
    }
}

/// How far back demand is read. Compute Optimizer's three values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Lookback {
    /// 14 days.
    #[serde(rename = "14d")]
    Days14,
    /// 32 days.
    #[serde(rename = "32d")]
    Days32,
    /// 93 days.
    #[serde(rename = "93d")]
    Days93,
}

impl Lookback {
    /// Returns the days.
    pub fn days(self) -> u32 {
        match self {
            Self::Days14 => 14,
            Self::Days32 => 32,
            Self::Days93 => 93,
        }
    }
}

/// Compute Optimizer's presets, by its names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Preset {
    /// P90, CPU headroom 0 %, memory headroom 10 %.
    MaximumSavings,
    /// P95, CPU headroom 30 %, memory headroom 30 %.
    Balanced,
    /// P99.5, CPU headroom 20 %, memory headroom 20 %.
    Default,
    /// P99.5, CPU headroom 30 %, memory headroom 30 %.
    MaximumPerformance,
}

/// How a size is chosen among those that could run the work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SizingMethod {
    /// The least expected cost: price, credits, and the expected harm of demand that does not
    /// fit, over the horizon.
    #[default]
    ExpectedCost,
    /// A percentile of what was seen with headroom, as Compute Optimizer has it.
    Percentile,
}

/// How far ahead a size must hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
pub enum Horizon {
    /// 14 days.
    #[default]
    #[serde(rename = "14d")]
    Days14,
    /// 30 days.
    #[serde(rename = "30d")]
    Days30,
    /// 90 days.
    #[serde(rename = "90d")]
    Days90,
}

impl Horizon {
    /// Returns the days.
    pub fn days(self) -> u32 {
        match self {
            Self::Days14 => 14,
            Self::Days30 => 30,
            Self::Days90 => 90,
        }
    }
}

/// What an hour costs in which demand does not fit, in hours of the present machine.
///
/// The defaults say that an hour above capacity costs ten machine-hours, an hour out of
/// memory a hundred, and an hour above 80 % one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct HarmWeights {
    /// CPU demand above 80 % of what a size offers.
    pub cpu_above_80: Decimal,
    /// CPU demand above all of it, on top of the former; and demand for network or EBS above
    /// what it sustains.
    pub cpu_above_100: Decimal,
    /// Memory demand above what a size has.
    pub memory_above_100: Decimal,
}

impl HarmWeights {
    /// Returns the weights where the owner gives none: what serves no users fears less. A
    /// quarter in development and a half in staging of what production, or an environment
    /// that nothing names, has.
    pub fn of(environment: Environment) -> Self {
        let whole = Self::default();
        let share = match environment {
            Environment::Dev => Decimal::new(25, 2),
            Environment::Staging => Decimal::new(5, 1),
            Environment::Prod | Environment::Unknown => return whole,
        };
        Self {
            cpu_above_80: whole.cpu_above_80 * share,
            cpu_above_100: whole.cpu_above_100 * share,
            memory_above_100: whole.memory_above_100 * share,
        }
    }
}

impl Default for HarmWeights {
    fn default() -> Self {
        Self {
            cpu_above_80: Decimal::ONE,
            cpu_above_100: Decimal::TEN,
            memory_above_100: Decimal::ONE_HUNDRED,
        }
    }
}

/// How sizes are chosen for one environment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SizingPolicy {
    /// How a size is chosen.
    #[serde(default)]
    pub method: SizingMethod,
    /// How far ahead it must hold.
    #[serde(default)]
    pub horizon: Horizon,
    /// What demand that does not fit costs.
    #[serde(default)]
    pub harm: HarmWeights,
    /// The percentile of CPU demand to cover.
    pub cpu_threshold: CpuThreshold,
    /// Spare CPU above it.
    pub cpu_headroom: Headroom,
    /// Spare memory above the maximum seen.
    pub memory_headroom: Headroom,
    /// How far back to look.
    pub lookback: Lookback,
    /// Whether types of an older generation may be proposed.
    pub previous_generation: Permission,
    /// Whether another processor architecture may be proposed.
    pub other_architecture: Permission,
    /// Whether burstable types may be proposed.
    pub burstable: Permission,
    /// Whether derived prices may be used.
    pub estimated_prices: Permission,
}

/// Whether something may be proposed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Permission {
    /// It may.
    Allow,
    /// It may not.
    Deny,
}

impl SizingPolicy {
    /// Returns one of Compute Optimizer's presets: its percentile and its headrooms decide.
    pub fn preset(preset: Preset) -> Self {
        let (cpu_threshold, cpu_headroom, memory_headroom) = match preset {
            Preset::MaximumSavings => (CpuThreshold::P90, Headroom::None, Headroom::Percent10),
            Preset::Balanced => (CpuThreshold::P95, Headroom::Percent30, Headroom::Percent30),
            Preset::Default => (CpuThreshold::P99_5, Headroom::Percent20, Headroom::Percent20),
            Preset::MaximumPerformance => {
                (CpuThreshold::P99_5, Headroom::Percent30, Headroom::Percent30)
            }
        };
        Self {
            method: SizingMethod::Percentile,
            horizon: Horizon::default(),
            harm: HarmWeights::default(),
            cpu_threshold,
            cpu_headroom,
            memory_headroom,
            lookback: Lookback::Days14,
            previous_generation: Permission::Deny,
            other_architecture: Permission::Deny,
            burstable: Permission::Allow,
            estimated_prices: Permission::Deny,
        }
    }
}

impl SizingPolicy {
    /// Returns how sizes are chosen in an environment where the owner says nothing.
    pub fn of(environment: Environment) -> Self {
        Self { harm: HarmWeights::of(environment), ..Self::default() }
    }
}

impl Default for SizingPolicy {
    fn default() -> Self {
        Self { method: SizingMethod::ExpectedCost, ..Self::preset(Preset::Default) }
    }
}

/// The tag keys and values that name an environment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnvironmentTags {
    /// Tag keys to look at, in order; compared without case.
    pub keys: Vec<String>,
    /// Values per environment; compared without case.
    pub values: BTreeMap<Environment, Vec<String>>,
    /// Accounts that serve one environment as a whole; used where no tag says.
    pub accounts: BTreeMap<crate::id::SubAccountId, Environment>,
}

impl Default for EnvironmentTags {
    fn default() -> Self {
        let words = |list: &[&str]| list.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        Self {
            keys: words(&["Environment", "env", "stage"]),
            values: BTreeMap::from([
                (
                    Environment::Dev,
                    words(&["dev", "develop", "development", "sandbox", "test", "개발"]),
                ),
                (
                    Environment::Staging,
                    words(&["stg", "staging", "stage", "qa", "alpha", "beta", "스테이징"]),
                ),
                (
                    Environment::Prod,
                    words(&["prod", "prd", "production", "live", "real", "운영", "라이브"]),
                ),
            ]),
            accounts: BTreeMap::new(),
        }
    }
}

impl EnvironmentTags {
    /// Returns the environment that `tags` name, else that of the account, else `Unknown`.
    pub fn environment(
        &self,
        tags: &crate::resource::Tags,
        account: &crate::id::SubAccountId,
    ) -> Environment {
        self.keys
            .iter()
            .filter_map(|key| tags.iter().find(|(tag, _)| tag.eq_ignore_ascii_case(key)))
            .find_map(|(_, value)| {
                let value = value.trim().to_lowercase();
                self.values.iter().find(|(_, words)| words.contains(&value)).map(|(env, _)| *env)
            })
            .or_else(|| self.accounts.get(account).copied())
            .unwrap_or(Environment::Unknown)
    }
}

/// What the owner of the account wants.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Policy {
    /// Sizing per environment; one that is not here has [`SizingPolicy::of`].
    pub sizing: BTreeMap<Environment, SizingPolicy>,
    /// How environments are recognised.
    pub environments: EnvironmentTags,
    /// Where days begin, and which are holidays.
    #[serde(default)]
    pub calendar: Calendar,
    /// Rules that take resources out of checks, in the order of the configuration.
    #[serde(default)]
    pub exemptions: Vec<ExemptRule>,
    /// Checks that are switched off.
    pub disabled_checks: std::collections::BTreeSet<CheckId>,
    /// Thresholds that differ from the check's default, by check and name.
    pub thresholds: BTreeMap<CheckId, BTreeMap<String, Decimal>>,
}

impl Policy {
    /// Sizes every environment by one policy; how far each looks back, and what it fears, stays.
    pub fn replace_sizing(&mut self, sizing: SizingPolicy) {
        for environment in Environment::ALL {
            let lookback = self.sizing(*environment).lookback;
            let harm = self.sizing(*environment).harm;
            self.sizing.insert(*environment, SizingPolicy { lookback, harm, ..sizing });
        }
    }

    /// Returns the sizing policy of `environment`.
    pub fn sizing(&self, environment: Environment) -> SizingPolicy {
        self.sizing.get(&environment).copied().unwrap_or_else(|| SizingPolicy::of(environment))
    }
}
