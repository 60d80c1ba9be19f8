//! What reports need of the bill.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};

use trimtab_analysis::report::{AccountFacts, BillFacts, DayCharge, MonthCharge, TagCost};
use trimtab_model::commitment::{BillState, CommitmentMonth};
use trimtab_model::document::Days;
use trimtab_model::id::SubAccountId;
use trimtab_store::cost::{self, CostFilter, CostGroup, GroupBy};
use trimtab_store::lake::{Lake, LakeError};

use crate::config::Settings;
use crate::failure::{Failure, Kind};

/// The last days of a bill, which AWS may still change.
const PROVISIONAL: i32 = 2;
/// Billing periods before the present one whose commitments are looked at.
const MONTHS: u32 = 3;

/// What the bill says, gathered.
pub(super) struct Bill {
    covered: Option<Days>,
    pub(super) days: Vec<DayCharge>,
    provisional: BTreeSet<Date>,
    months: Vec<MonthCharge>,
    commitments: Vec<CommitmentMonth>,
    accounts: BTreeMap<SubAccountId, AccountFacts>,
    pub(super) tags: Vec<TagCost>,
}

impl Bill {
    pub(super) fn facts(&self) -> BillFacts<'_> {
        BillFacts {
            covered: self.covered,
            days: &self.days,
            provisional: &self.provisional,
            months: &self.months,
            commitments: &self.commitments,
            accounts: &self.accounts,
            ..trimtab_analysis::report::NO_BILL
        }
    }
}

/// What the bill says of days.
pub(super) struct DailyBill {
    /// The days that it covers.
    pub(super) covered: Option<Days>,
    /// Their charges.
    pub(super) days: Vec<DayCharge>,
    /// Those that AWS may still change.
    pub(super) provisional: BTreeSet<Date>,
}

impl DailyBill {
    /// Makes it of charges by day, service and account; without the account where that was not asked for.
    pub(super) fn of(groups: &[CostGroup]) -> Self {
        let days: Vec<DayCharge> = groups.iter().filter_map(day).collect();
        let dates: BTreeSet<Date> = days.iter().map(|one| one.date).collect();
        let covered = dates.first().zip(dates.last());
        let covered = covered.map(|(first, last)| Days { first: *first, last: *last });
        let provisional = covered.map_or_else(BTreeSet::new, |covered| {
            let from = covered.last.checked_sub((PROVISIONAL - 1).days()).unwrap_or(covered.last);
            dates.iter().copied().filter(|date| from <= *date).collect()
        });
        Self { covered, days, provisional }
    }

    /// Asks for it.
    ///
    /// # Errors
    /// Fails when the lake cannot be read.
    pub(super) fn read(lake: &Lake) -> Result<Self, Failure> {
        let by = [GroupBy::Day, GroupBy::Service, GroupBy::Account];
        cost::cost_groups(lake, &by, &CostFilter::default())
            .map(|groups| Self::of(&groups))
            .map_err(|cause| Failure::from_error(Kind::Failed, &cause))
    }
}

/// Adds the rest of what the bill says, up to a moment.
///
/// # Errors
/// Fails when the lake cannot be read.
pub(super) fn gather(
    lake: &Lake,
    settings: &Settings,
    daily: DailyBill,
    until: Timestamp,
) -> Result<Bill, Failure> {
    let failed = |cause: LakeError| Failure::from_error(Kind::Failed, &cause);
    let DailyBill { covered, days, provisional } = daily;
    let by_month = cost::cost_groups(lake, &[GroupBy::Month], &CostFilter::default());
    let months = by_month.map_err(failed)?.iter().filter_map(|one| month(one, covered)).collect();
    let commitments = cost::commitments(lake, until, MONTHS).map_err(failed)?;
    let mut accounts: BTreeMap<SubAccountId, AccountFacts> = BTreeMap::new();
    for account in &settings.accounts {
        let facts = AccountFacts { alias: account.alias.clone(), owner: None };
        accounts.insert(account.id.clone().into(), facts);
    }
    for account in days.iter().filter_map(|one| one.account.clone()) {
        accounts.entry(account).or_default();
    }
    let tags = tags(lake, settings).map_err(failed)?;
    Ok(Bill { covered, days, provisional, months, commitments, accounts, tags })
}

/// Returns the cost by month of each tag that names environments and that the bill has.
fn tags(lake: &Lake, settings: &Settings) -> Result<Vec<TagCost>, LakeError> {
    let mut costs = Vec::new();
    for key in &settings.policy.environments.keys {
        let by = [GroupBy::Month, GroupBy::Tag(key.clone())];
        let of_key: Vec<TagCost> = cost::cost_groups(lake, &by, &CostFilter::default())?
            .iter()
            .filter_map(|group| tag(key, group))
            .collect();
        // A key that no charge carries is one of the spellings that nobody uses here.
        if of_key.iter().any(|one| one.value.is_some()) {
            costs.extend(of_key);
        }
    }
    Ok(costs)
}

fn tag(key: &str, group: &CostGroup) -> Option<TagCost> {
    let [month, value] = group.key.as_slice() else { return None };
    Some(TagCost {
        month: format!("{}-01", month.as_deref()?).parse().ok()?,
        key: key.to_owned(),
        value: value.clone(),
        cost: group.effective.filter(|_| group.effective_complete).unwrap_or(group.billed),
    })
}

fn day(group: &CostGroup) -> Option<DayCharge> {
    let [date, service, account @ ..] = group.key.as_slice() else { return None };
    Some(DayCharge {
        date: date.as_deref()?.parse().ok()?,
        service: service.clone().unwrap_or_else(|| "–".to_owned()),
        account: account.first().cloned().flatten().map(Into::into),
        billed: group.billed,
        effective: group.effective.filter(|_| group.effective_complete),
        list: group.list,
    })
}

/// Returns what a month cost, where its days are those of the bill.
fn month(group: &CostGroup, covered: Option<Days>) -> Option<MonthCharge> {
    let word = group.key.first()?.as_deref()?;
    let month: Date = format!("{word}-01").parse().ok()?;
    let covered = covered?;
    let is_whole = covered.first <= month && month.last_of_month() <= covered.last;
    Some(MonthCharge {
        month,
        state: if is_whole { BillState::Whole } else { BillState::Part },
        billed: group.billed,
        effective: group.effective.filter(|_| group.effective_complete),
        list: group.list,
        rate: None,
    })
}
