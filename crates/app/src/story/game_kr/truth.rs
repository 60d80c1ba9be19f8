//! What is planted in the story, and what each part of the whole loop would save.

use std::collections::BTreeMap;

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use trimtab_model::focus::ChargeCategory;

/// What finds a share of the saving.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Capability {
    /// Checks for what nobody needs, or what has a cheaper equal.
    Waste,
    /// Sizes that fit the use.
    Sizes,
    /// Repairing what clients and servers do without need: duplicate calls, leaks, queries.
    Application,
    /// Replacing a server that waits by a function that is called, and a function that never rests by containers.
    Serverless,
    /// Switching off what nobody uses at night and at weekends.
    OffHours,
    /// Following the players instead of standing ready for all of them.
    Autoscaling,
    /// Interruptible work on spare capacity.
    Spot,
    /// Committing to what remains.
    Commitments,
}

impl Capability {
    /// Every capability, in the order in which they are applied.
    pub const ALL: &'static [Self] = &[
        Self::Waste,
        Self::Sizes,
        Self::Application,
        Self::Serverless,
        Self::OffHours,
        Self::Autoscaling,
        Self::Spot,
        Self::Commitments,
    ];

    /// Returns whether the checks of this release find it.
    pub fn is_checked(self) -> bool {
        matches!(self, Self::Waste | Self::Sizes | Self::OffHours)
    }
}

/// One quantity times one price.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Component {
    /// What is priced.
    pub name: String,
    /// Units a month.
    pub quantity: Decimal,
    /// United States dollars per unit.
    pub usd: Decimal,
}

/// A fault that a check of this release must find.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlantedFault {
    /// The check.
    pub check: String,
    /// The resource, as the inventory names it.
    pub resource_id: String,
    /// What people call it.
    pub name: String,
    /// The recommended configuration: every key here must be recommended with this value.
    pub recommended: Map<String, Value>,
    /// Its monthly cost now.
    pub now: Vec<Component>,
    /// Its monthly cost afterwards.
    pub after: Vec<Component>,
    /// The first less the second, in United States dollars; absent where the catalogue has no
    /// price for it and the amount is not scored.
    pub monthly_saving_usd: Option<Decimal>,
    /// What finds it.
    pub capability: Capability,
}

/// A share that a later capability finds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LaterSaving {
    /// What finds it.
    pub capability: Capability,
    /// What it is about: a name of the story.
    pub name: String,
    /// What is done.
    pub change: String,
    /// Its monthly cost before, all earlier capabilities applied.
    pub before_usd: Decimal,
    /// The share of it that remains.
    pub remaining_share: Decimal,
    /// What is saved a month.
    pub monthly_saving_usd: Decimal,
}

/// What one capability contributes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contribution {
    /// The capability.
    pub capability: Capability,
    /// What it saves a month, in United States dollars.
    pub monthly_saving_usd: Decimal,
    /// That, in percent of the monthly cost of what is metered.
    pub percent: Decimal,
}

/// What one billing period adds up to, exactly.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BillTotal {
    /// When the period starts.
    pub period_start: Timestamp,
    /// The currency.
    pub currency: String,
    /// The sum of `BilledCost`.
    pub billed: Decimal,
    /// The sum of `EffectiveCost`.
    pub effective: Decimal,
    /// The sum of `EffectiveCost` of what is metered.
    pub usage_effective: Decimal,
    /// The rows.
    pub rows: u64,
}

impl BillTotal {
    /// Starts a period with nothing in it.
    pub(crate) fn new(period_start: Timestamp) -> Self {
        Self {
            period_start,
            currency: "USD".to_owned(),
            billed: Decimal::ZERO,
            effective: Decimal::ZERO,
            usage_effective: Decimal::ZERO,
            rows: 0,
        }
    }

    /// Adds one row.
    pub(crate) fn add(&mut self, billed: Decimal, effective: Decimal, category: ChargeCategory) {
        self.billed += billed;
        self.effective += effective;
        if category == ChargeCategory::Usage {
            self.usage_effective += effective;
        }
        self.rows += 1;
    }
}

/// A resource that must not be touched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Healthy {
    /// The resource, as the inventory names it.
    pub resource_id: String,
    /// What people call it.
    pub name: String,
    /// Why.
    pub reason: String,
}

/// A verdict that must be `Unknown`: the data does not allow more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Undecidable {
    /// The check.
    pub check: String,
    /// The resource, as the inventory names it.
    pub resource_id: String,
    /// What people call it.
    pub name: String,
}

/// Everything that is true of the story.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Truth {
    /// The story's name.
    pub story: String,
    /// The seed.
    pub seed: u64,
    /// The moment to analyse it for.
    pub as_of: Timestamp,
    /// What the bill adds up to, per period.
    pub bill: Vec<BillTotal>,
    /// What everything costs a month of 730 hours, tax, support and credits included.
    pub monthly_cost_usd: Decimal,
    /// What is metered of that: what savings are measured against. Tax follows it.
    pub monthly_usage_usd: Decimal,
    /// What the checks of this release must find, nothing more and nothing less.
    pub faults: Vec<PlantedFault>,
    /// What the checks of this release must find too, and whose saving depends on a repair: what
    /// it adds to `faults`. It is part of what `later` holds for the whole loop.
    pub conditional: Vec<PlantedFault>,
    /// What must be left alone.
    pub healthy: Vec<Healthy>,
    /// What must be called undecidable.
    pub unknown: Vec<Undecidable>,
    /// What later capabilities find.
    pub later: Vec<LaterSaving>,
    /// What each capability contributes, in the order in which they are applied.
    pub contributions: Vec<Contribution>,
    /// What the checks of this release save, in percent of what is metered.
    pub this_release_percent: Decimal,
    /// What the whole loop saves, in percent of what is metered.
    pub whole_loop_percent: Decimal,
}

impl Truth {
    /// Returns what each capability contributes.
    pub(crate) fn contributions(
        usage: Decimal,
        faults: &[PlantedFault],
        later: &[LaterSaving],
    ) -> Vec<Contribution> {
        let mut sums: BTreeMap<Capability, Decimal> = BTreeMap::new();
        for fault in faults {
            *sums.entry(fault.capability).or_default() +=
                fault.monthly_saving_usd.unwrap_or_default();
        }
        for saving in later {
            *sums.entry(saving.capability).or_default() += saving.monthly_saving_usd;
        }
        sums.into_iter()
            .map(|(capability, monthly_saving_usd)| Contribution {
                capability,
                monthly_saving_usd,
                percent: percent(monthly_saving_usd, usage),
            })
            .collect()
    }
}

/// Returns a part in percent of a whole, to two digits; nothing of nothing is zero.
pub(crate) fn percent(part: Decimal, whole: Decimal) -> Decimal {
    part.checked_mul(Decimal::ONE_HUNDRED)
        .and_then(|hundredfold| hundredfold.checked_div(whole))
        .unwrap_or_default()
        .round_dp(2)
}
