//! What a check is: data, and one function.

use jiff::Timestamp;
use rust_decimal::Decimal;

use trimtab_model::charge::Charges;
use trimtab_model::id::CheckId;
use trimtab_model::metric::Statistic;
use trimtab_model::policy::Policy;
use trimtab_model::price::PriceBook;
use trimtab_model::profile::Profiles;
use trimtab_model::recommendation::{ActionType, Threshold, Verdict};
use trimtab_model::resource::{ResourceKind, ResourceRef};
use trimtab_model::snapshot::Snapshot;
use trimtab_model::text::StaticText;
use trimtab_model::traffic::Traffic;

/// A condition that wastes money, and how to recognise it.
///
/// Declared as `pub static CHECK` in a file of its own. The head comment of that
/// file is the check's public page in both languages; see [`page_of`](crate::page::page_of).
#[derive(Debug)]
pub struct Check {
    /// The wasteful condition, as `<service>-<resource>-<condition>`.
    pub id: &'static str,
    /// One line for lists.
    pub title: StaticText,
    /// The kind of resource it judges.
    pub kind: ResourceKind,
    /// What it recommends.
    pub action_type: ActionType,
    /// What it reads. Only this is collected.
    pub needs: &'static [Need],
    /// Its thresholds, which the configuration may change.
    pub thresholds: &'static [Threshold],
    /// Judges every resource of its kind.
    pub judge: fn(&Check, &Facts<'_>) -> Vec<Judgement>,
}

/// One thing that a check reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// The inventory of a kind.
    Kind(ResourceKind),
    /// A metric that the check cannot do without; any one of the statistics, the first preferred.
    Metric(&'static str, &'static str, &'static [Statistic]),
    /// A metric that makes the answer better.
    OptionalMetric(&'static str, &'static str, &'static [Statistic]),
    /// The bill, without which list prices are used.
    OptionalBilling,
    /// The bill, without which nothing can be said.
    Billing,
}

/// Everything that a check may look at.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    /// The inventory.
    pub snapshot: &'a Snapshot,
    /// The metrics, reduced.
    pub profiles: &'a Profiles,
    /// The bill, reduced.
    pub charges: &'a Charges,
    /// The users.
    pub traffic: &'a Traffic,
    /// The catalogue.
    pub prices: &'a PriceBook,
    /// What the owner wants.
    pub policy: &'a Policy,
    /// The moment of the analysis.
    pub now: Timestamp,
}

/// What a check says of one resource.
#[derive(Debug, Clone, PartialEq)]
pub struct Judgement {
    /// The resource.
    pub resource: ResourceRef,
    /// The verdict.
    pub verdict: Verdict,
}

impl Check {
    /// Returns the identifier as a value.
    pub fn check_id(&self) -> CheckId {
        CheckId::new(self.id)
    }

    /// Returns the threshold `name`: the owner's value, else the default.
    ///
    /// A name that the check does not declare is a mistake in the check; it gives zero
    /// in a release and fails the structure test that reads every check.
    pub fn threshold(&self, facts: &Facts<'_>, name: &str) -> Decimal {
        let declared = self.thresholds.iter().find(|threshold| threshold.name == name);
        debug_assert!(declared.is_some(), "{} does not declare {name}", self.id);
        facts
            .policy
            .thresholds
            .get(&self.check_id())
            .and_then(|values| values.get(name))
            .copied()
            .or_else(|| declared.and_then(|threshold| threshold.default.parse().ok()))
            .unwrap_or_default()
    }

    /// Returns the threshold `name` for comparison with a metric.
    pub fn threshold_f64(&self, facts: &Facts<'_>, name: &str) -> f64 {
        use rust_decimal::prelude::ToPrimitive;
        self.threshold(facts, name).to_f64().unwrap_or_default()
    }
}

/// Returns the whole days from `earlier` to `later`, rounded down; never negative.
pub fn days_between(earlier: Timestamp, later: Timestamp) -> u32 {
    let seconds = later.as_second() - earlier.as_second();
    u32::try_from(seconds / 86_400).unwrap_or(0)
}
