//! What reports need of the bill.

use std::collections::{BTreeMap, BTreeSet};

use jiff::ToSpan;
use jiff::civil::Date;

use trimtab_analysis::report::{AccountFacts, BillFacts, DayCharge, NO_BILL, TagCost};
use trimtab_model::document::Days;
use trimtab_model::id::{ResourceId, SubAccountId};
use trimtab_model::money::Currency;
use trimtab_store::cost::{self, CostFilter, CostGroup, GroupBy};
use trimtab_store::lake::{Lake, LakeError};

use super::months::Months;
use crate::config::Settings;
use crate::failure::{Failure, Kind};
use crate::pipeline::cost::PROVISIONAL_DAYS;

/// Days in which a week and the one before it lie, wherever the week begins.
const COMPARED_DAYS: i32 = 21;

/// What the bill says, gathered.
pub(super) struct Bill {
    daily: DailyBill,
    accounts: BTreeMap<SubAccountId, AccountFacts>,
    pub(super) services: BTreeSet<(ResourceId, String)>,
    pub(super) tags: Vec<TagCost>,
    months: Months,
}

impl Bill {
    pub(super) fn facts(&self) -> BillFacts<'_> {
        BillFacts {
            accounts: &self.accounts,
            services: &self.services,
            months: &self.months.charges,
            meters: &self.months.meters,
            commitments: &self.months.commitments,
            covered_compute: &self.months.covered_compute,
            ..self.daily.facts()
        }
    }
}

/// What the bill says of days.
pub(super) struct DailyBill {
    covered: Option<Days>,
    days: Vec<DayCharge>,
    provisional: BTreeSet<Date>,
}

impl DailyBill {
    /// Makes it of charges by day, service and account, and of the days that the bills cover; without the
    /// account where that was not asked for.
    pub(super) fn of(groups: &[CostGroup], covered: Option<Days>) -> Self {
        let days: Vec<DayCharge> = groups.iter().filter_map(day).collect();
        let provisional = covered.map_or_else(BTreeSet::new, |covered| {
            let from = covered.last.checked_sub((PROVISIONAL_DAYS - 1).days());
            Days { first: from.unwrap_or(covered.last), last: covered.last }.iter().collect()
        });
        Self { covered, days, provisional }
    }

    /// Asks for it.
    ///
    /// # Errors
    /// Fails when the lake cannot be read.
    pub(super) fn read(lake: &Lake) -> Result<Self, Failure> {
        let by = [GroupBy::Day, GroupBy::Service, GroupBy::Account];
        let groups = cost::cost_groups(lake, &by, &CostFilter::default()).map_err(unreadable)?;
        Ok(Self::of(&groups, cost::covered_days(lake).map_err(unreadable)?))
    }

    pub(super) fn facts(&self) -> BillFacts<'_> {
        BillFacts {
            covered: self.covered,
            days: &self.days,
            provisional: &self.provisional,
            ..NO_BILL
        }
    }

    /// Returns the currency that most days have a charge in.
    pub(super) fn currency(&self) -> Option<Currency> {
        let mut counts: BTreeMap<Currency, u64> = BTreeMap::new();
        for day in &self.days {
            *counts.entry(day.billed.currency).or_default() += 1;
        }
        let most = counts.into_iter().max_by_key(|(currency, count)| (*count, *currency));
        most.map(|(currency, _)| currency)
    }

    /// Returns the last day that it covers.
    pub(super) fn last_day(&self) -> Option<Date> {
        self.covered.map(|covered| covered.last)
    }

    /// Returns whether there is no charge.
    pub(super) fn is_empty(&self) -> bool {
        self.days.is_empty()
    }
}

pub(super) fn unreadable(cause: LakeError) -> Failure {
    Failure::from_error(Kind::Failed, &cause)
}

/// Adds the rest of what the bill says, up to a day. With `has_causes` it says too which service
/// each resource is counted to, which takes as long as all the rest.
///
/// # Errors
/// Fails when the lake cannot be read.
pub(super) fn gather(
    lake: &Lake,
    settings: &Settings,
    daily: DailyBill,
    until: Date,
    (has_causes, months): (bool, Months),
) -> Result<Bill, Failure> {
    let mut accounts: BTreeMap<SubAccountId, AccountFacts> = BTreeMap::new();
    for account in &settings.accounts {
        let facts = AccountFacts { alias: account.alias.clone(), owner: None };
        accounts.insert(account.id.clone().into(), facts);
    }
    for account in daily.days.iter().filter_map(|one| one.account.clone()) {
        accounts.entry(account).or_default();
    }
    let filter = CostFilter { until: until.tomorrow().ok(), ..CostFilter::default() };
    let services = if has_causes { services(lake, until)? } else { BTreeSet::new() };
    let tags = tags(lake, settings, &filter)?;
    Ok(Bill { daily, accounts, services, tags, months })
}

/// Returns the services that the bill counts resources to, over the two weeks that are compared.
fn services(lake: &Lake, until: Date) -> Result<BTreeSet<(ResourceId, String)>, Failure> {
    let filter = CostFilter {
        from: until.checked_sub(COMPARED_DAYS.days()).ok(),
        until: until.tomorrow().ok(),
        ..CostFilter::default()
    };
    let by = [GroupBy::Resource, GroupBy::Service];
    let groups = cost::cost_groups(lake, &by, &filter).map_err(unreadable)?;
    let pairs = groups.iter().filter_map(|group| match group.key.as_slice() {
        [Some(resource), Some(service)] => {
            Some((cost::inventory_id(resource).into(), service.clone()))
        }
        _ => None,
    });
    Ok(pairs.collect())
}

/// Returns the cost by month of each tag that names environments or owners and that the bill has.
fn tags(lake: &Lake, settings: &Settings, filter: &CostFilter) -> Result<Vec<TagCost>, Failure> {
    let keys = tag_keys(settings);
    let by: Vec<GroupBy> =
        [GroupBy::Month].into_iter().chain(keys.iter().cloned().map(GroupBy::Tag)).collect();
    let groups = cost::cost_groups(lake, &by, filter).map_err(unreadable)?;
    // Shares are of one basis: that of all charges.
    let is_effective = groups.iter().all(|group| group.whole_effective().is_some());
    let mut costs = Vec::new();
    for (place, key) in keys.iter().enumerate() {
        let of_key: Vec<TagCost> = groups
            .iter()
            .filter_map(|group| tag((place, key.as_str()), group, is_effective))
            .collect();
        // A key that no charge carries is one of the spellings that nobody uses here.
        if of_key.iter().any(|one| one.value.is_some()) {
            costs.extend(of_key);
        }
    }
    Ok(costs)
}

/// Returns the keys of tags that name environments or owners, each once.
fn tag_keys(settings: &Settings) -> Vec<String> {
    let all = settings.policy.environments.keys.iter().chain(&settings.tags.owners);
    let mut keys: Vec<String> = Vec::new();
    for key in all {
        if !keys.iter().any(|known| known.eq_ignore_ascii_case(key)) {
            keys.push(key.clone());
        }
    }
    keys
}

fn tag((place, key): (usize, &str), group: &CostGroup, is_effective: bool) -> Option<TagCost> {
    let (month, values) = group.key.split_first()?;
    Some(TagCost {
        month: first_of_month(month.as_deref()?)?,
        key: key.to_owned(),
        value: values.get(place)?.clone(),
        cost: if is_effective { group.whole_effective()? } else { group.billed },
    })
}

/// Returns the first day of a billing period such as `2026-10`.
pub(super) fn first_of_month(month: &str) -> Option<Date> {
    format!("{month}-01").parse().ok()
}

fn day(group: &CostGroup) -> Option<DayCharge> {
    let [date, service, account @ ..] = group.key.as_slice() else { return None };
    Some(DayCharge {
        date: date.as_deref()?.parse().ok()?,
        service: service.clone().unwrap_or_else(|| "–".to_owned()),
        account: account.first().cloned().flatten().map(Into::into),
        billed: group.billed,
        effective: group.whole_effective(),
        list: group.list,
    })
}
