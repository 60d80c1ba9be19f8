//! What each workload of the bill cost, by environment.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use trimtab_analysis::report::WorkloadMonth;
use trimtab_model::environment::Environment;
use trimtab_model::focus::ChargeCategory;
use trimtab_model::id::SubAccountId;
use trimtab_model::money::{Currency, Money};
use trimtab_model::resource::Tags;
use trimtab_model::text::Text;
use trimtab_store::cost::{self, CostFilter, CostGroup, GroupBy};
use trimtab_store::lake::Lake;

use super::bill::unreadable;
use crate::config::Settings;
use crate::failure::{Failure, Kind};

/// Parts of the usage types by which AWS charges for moving data.
const TRANSFER: &[&str] = &[
    "DataTransfer",
    "DataXfer",
    "NatGateway-Bytes",
    "TransitGateway-Bytes",
    "VpcEndpoint-Bytes",
    "VpcPeering",
    "-In-Bytes",
    "-Out-Bytes",
];

/// Returns what each workload cost in months that are over, by the charges that start before the
/// day `over`, and the key of the tag that tells workloads apart, where one does. Where no tag names workloads, the environments are still told apart.
///
/// # Errors
/// Fails when the lake cannot be read, or an amount is too large.
pub(super) fn gather(
    lake: &Lake,
    settings: &Settings,
    months: &[Date],
    over: Date,
) -> Result<(Vec<WorkloadMonth>, Option<String>), Failure> {
    let keys = Keys { names: &settings.tags.workloads, settings };
    let mut all: Vec<(Date, Vec<CostGroup>)> = Vec::new();
    for month in months {
        let filter = CostFilter {
            month: Some(format!("{:04}-{:02}", month.year(), month.month())),
            until: Some(over),
            ..CostFilter::default()
        };
        let groups = cost::cost_groups(lake, &keys.by(), &filter).map_err(unreadable)?;
        all.push((*month, groups));
    }
    let groups = || all.iter().flat_map(|(_, groups)| groups);
    let chosen = keys.chosen(groups());
    // Sums are of one basis: that of all charges of a currency.
    let billed: BTreeSet<Currency> = groups()
        .filter(|group| group.whole_effective().is_none())
        .map(|group| group.currency)
        .collect();
    let mut sums: BTreeMap<Key, Sum> = BTreeMap::new();
    for (month, groups) in &all {
        for group in groups {
            let charge = keys.charge(group, chosen);
            let effective = group.whole_effective().filter(|_| !billed.contains(&group.currency));
            let key = Key {
                month: *month,
                workload: charge.workload,
                environment: charge.environment,
                currency: group.currency,
            };
            let sum = sums.entry(key).or_insert_with(|| Sum::zero(group.currency));
            let added = sum.with(effective.unwrap_or(group.billed), charge.is_transfer);
            *sum = added.ok_or_else(too_large)?;
        }
    }
    let key = chosen.and_then(|place| keys.names.get(place).cloned());
    Ok((sums.into_iter().map(|(key, sum)| sum.finish(key)).collect(), key))
}

fn too_large() -> Failure {
    let words = Text::new(
        "the cost of a workload is too large to be added up",
        "워크로드의 비용이 너무 커서 더할 수 없습니다",
    );
    Failure::new(Kind::Failed, words)
}

/// What a workload's cost is kept apart by.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    month: Date,
    workload: Option<String>,
    environment: Environment,
    currency: Currency,
}

#[derive(Debug, Clone, Copy)]
struct Sum {
    cost: Money,
    /// Absent as soon as a charge of use has no usage type.
    transfer: Option<Money>,
}

impl Sum {
    fn zero(currency: Currency) -> Self {
        let zero = Money::zero(currency);
        Self { cost: zero, transfer: Some(zero) }
    }

    /// Absent where the sum is too large.
    fn with(self, cost: Money, is_transfer: Option<bool>) -> Option<Self> {
        let transfer = match (self.transfer, is_transfer) {
            (None, _) | (_, None) => None,
            (Some(sum), Some(false)) => Some(sum),
            (Some(sum), Some(true)) => Some(sum.checked_add(cost).ok()?),
        };
        Some(Self { cost: self.cost.checked_add(cost).ok()?, transfer })
    }

    fn finish(self, key: Key) -> WorkloadMonth {
        WorkloadMonth {
            month: key.month,
            workload: key.workload,
            environment: key.environment,
            cost: self.cost,
            data_transfer: self.transfer,
        }
    }
}

/// What a group of charges is for.
struct Charge {
    workload: Option<String>,
    environment: Environment,
    /// Absent where a charge of use has no usage type.
    is_transfer: Option<bool>,
}

/// The keys by which charges are told apart.
struct Keys<'a> {
    names: &'a [String],
    settings: &'a Settings,
}

impl Keys<'_> {
    /// Account, category and usage type, then the tags of workloads, then those of environments.
    fn by(&self) -> Vec<GroupBy> {
        let tags = self.names.iter().chain(&self.settings.policy.environments.keys);
        [GroupBy::Account, GroupBy::Category, GroupBy::UsageType]
            .into_iter()
            .chain(tags.cloned().map(GroupBy::Tag))
            .collect()
    }

    fn names_of<'g>(&self, group: &'g CostGroup) -> &'g [Option<String>] {
        let tags = group.key.get(3..).unwrap_or_default();
        tags.get(..self.names.len()).unwrap_or_default()
    }

    /// Returns the place of the first key that tells two workloads apart, else of the first that
    /// the bill has.
    fn chosen<'g>(&self, groups: impl Iterator<Item = &'g CostGroup>) -> Option<usize> {
        let mut values: Vec<BTreeSet<&str>> = vec![BTreeSet::new(); self.names.len()];
        for group in groups {
            for (seen, value) in values.iter_mut().zip(self.names_of(group)) {
                seen.extend(value.as_deref());
            }
        }
        let first_with = |least: usize| values.iter().position(|seen| seen.len() >= least);
        first_with(2).or_else(|| first_with(1))
    }

    fn charge(&self, group: &CostGroup, chosen: Option<usize>) -> Charge {
        let [account, category, usage_type, ..] = group.key.as_slice() else {
            return Charge { workload: None, environment: Environment::Unknown, is_transfer: None };
        };
        let workload = chosen.and_then(|place| self.names_of(group).get(place)?.clone());
        let environments = &self.settings.policy.environments;
        let values = group.key.get(3 + self.names.len()..).unwrap_or_default();
        let tags: Tags = environments
            .keys
            .iter()
            .zip(values)
            .filter_map(|(key, value)| Some((key.clone(), value.clone()?)))
            .collect();
        let account: SubAccountId = account.as_deref().unwrap_or_default().into();
        let is_usage = category.as_deref() == Some(ChargeCategory::Usage.as_str());
        let is_transfer = match usage_type {
            Some(usage_type) => Some(TRANSFER.iter().any(|part| usage_type.contains(part))),
            None => (!is_usage).then_some(false),
        };
        Charge { workload, environment: environments.environment(&tags, &account), is_transfer }
    }
}
