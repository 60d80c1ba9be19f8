//! Charges of use by day, for what stands out in a week.

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::Date;

use trimtab_analysis::anomaly::DailySeries;
use trimtab_analysis::report::{UsageFacts, UsageMeter, UsagePart, WeekMeters};
use trimtab_model::document::Days;
use trimtab_model::focus::ChargeCategory;
use trimtab_model::money::{Currency, Money};
use trimtab_store::cost::{self, BilledMeter, CostFilter, CostGroup, GroupBy};
use trimtab_store::lake::Lake;

use super::bill::unreadable;
use crate::failure::Failure;

/// Days before the last one in which usage types are looked at: a week, and the eight before it
/// with which it is compared.
const LOOKED_AT: i32 = 70;

/// What the bill says of use, by day.
#[derive(Debug, Default)]
pub(super) struct Usage {
    series: Vec<DailySeries>,
    parts: Vec<UsagePart>,
    meters_before: Vec<UsageMeter>,
    meters_after: Vec<UsageMeter>,
}

impl Usage {
    /// Reads it in one currency, up to a day, with how much was used on the days that are compared.
    ///
    /// # Errors
    /// Fails when the lake cannot be read.
    pub(super) fn read(
        lake: &Lake,
        currency: Currency,
        (until, compared): (Date, Option<[Days; 2]>),
    ) -> Result<Self, Failure> {
        let usage = CostFilter {
            category: Some(ChargeCategory::Usage),
            currency: Some(currency),
            until: until.tomorrow().ok(),
            ..CostFilter::default()
        };
        let by = [GroupBy::Day, GroupBy::Service, GroupBy::Account];
        let whole = cost::cost_groups(lake, &by, &usage).map_err(unreadable)?;
        // Sums are of one basis: that of all charges.
        let is_effective = whole.iter().all(|group| group.whole_effective().is_some());
        // Groups are far larger than what is kept of them: none outlives its question.
        let series = series(&whole, is_effective);
        drop(whole);
        let late = CostFilter { from: until.checked_sub(LOOKED_AT.days()).ok(), ..usage };
        let by = [GroupBy::Day, GroupBy::Service, GroupBy::Account, GroupBy::UsageType];
        let types = cost::cost_groups(lake, &by, &late).map_err(unreadable)?;
        let parts = parts(&types, is_effective);
        drop(types);
        let read = |days: Option<Days>| match days {
            Some(days) => week_meters(lake, currency, days),
            None => Ok(Vec::new()),
        };
        let meters_after = read(compared.map(|[after, _]| after))?;
        let meters_before = read(compared.map(|[_, before]| before))?;
        Ok(Self { series, parts, meters_before, meters_after })
    }

    pub(super) fn facts(&self) -> UsageFacts<'_> {
        let (before, after) = (&self.meters_before, &self.meters_after);
        let meters = WeekMeters { before, after };
        UsageFacts { series: &self.series, parts: &self.parts, meters }
    }
}

/// Returns what each usage type cost on some days, and how much of it was used: of one basis, that of all.
///
/// # Errors
/// Fails when the lake cannot be read.
pub fn week_meters(
    lake: &Lake,
    currency: Currency,
    days: Days,
) -> Result<Vec<UsageMeter>, Failure> {
    let filter = CostFilter {
        from: Some(days.first),
        until: days.last.tomorrow().ok(),
        currency: Some(currency),
        ..CostFilter::default()
    };
    let meters = cost::billed_usage(lake, &filter).map_err(unreadable)?;
    let is_effective = meters.iter().all(|meter| meter.effective.is_some());
    let of = |meter: BilledMeter| UsageMeter {
        cost: meter.effective.filter(|_| is_effective).unwrap_or(meter.billed),
        service: meter.service,
        account: meter.account,
        usage_type: meter.usage_type,
        unit: meter.unit,
        quantity: meter.quantity,
    };
    Ok(meters.into_iter().map(of).collect())
}

fn chosen(group: &CostGroup, is_effective: bool) -> Money {
    group.whole_effective().filter(|_| is_effective).unwrap_or(group.billed)
}

fn day_of(group: &CostGroup) -> Option<Date> {
    group.key.first()?.as_deref()?.parse().ok()
}

fn part(group: &CostGroup, place: usize) -> Option<String> {
    group.key.get(place).cloned().flatten()
}

/// Keeps each service in each account apart.
fn series(groups: &[CostGroup], is_effective: bool) -> Vec<DailySeries> {
    type Place = (Option<String>, Option<String>);
    let mut all: BTreeMap<Place, BTreeMap<Date, Money>> = BTreeMap::new();
    for group in groups {
        let Some(date) = day_of(group) else { continue };
        let days = all.entry((part(group, 1), part(group, 2))).or_default();
        let sum = days.entry(date).or_insert(Money::zero(group.currency));
        *sum = sum.checked_add(chosen(group, is_effective)).unwrap_or(*sum);
    }
    all.into_iter()
        .map(|((service, account), days)| DailySeries { service, account, days })
        .collect()
}

/// Keeps each usage type of them apart; charges without one are left out.
fn parts(groups: &[CostGroup], is_effective: bool) -> Vec<UsagePart> {
    type Place = (Option<String>, Option<String>, String);
    let mut all: BTreeMap<Place, UsagePart> = BTreeMap::new();
    for group in groups {
        let (Some(date), Some(usage_type)) = (day_of(group), part(group, 3)) else { continue };
        let (service, account) = (part(group, 1), part(group, 2));
        let key = (service.clone(), account.clone(), usage_type.clone());
        let one = all.entry(key).or_insert_with(|| UsagePart {
            service,
            account,
            usage_type,
            days: BTreeMap::new(),
        });
        let sum = one.days.entry(date).or_default();
        *sum = sum.checked_add(chosen(group, is_effective).amount).unwrap_or(*sum);
    }
    all.into_values().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usage_types_are_kept_apart_and_a_charge_without_one_is_in_its_service_alone() {
        let group = |usage_type: Option<&str>, cost: i64| CostGroup {
            key: vec![
                Some("2026-10-22".to_owned()),
                Some("Amazon EC2".to_owned()),
                Some("1".to_owned()),
                usage_type.map(str::to_owned),
            ],
            currency: Currency::USD,
            billed: Money::usd(cost.into()),
            effective: Some(Money::usd(cost.into())),
            effective_complete: true,
            list: None,
            contracted: None,
            rows: 1,
        };
        let groups =
            [group(Some("NatGateway-Bytes"), 5), group(Some("BoxUsage"), 7), group(None, 1)];
        let all = series(&groups, true);
        assert_eq!(all.len(), 1);
        assert_eq!(all[0].days.values().next(), Some(&Money::usd(13.into())));
        let types: Vec<String> =
            parts(&groups, true).into_iter().map(|one| one.usage_type).collect();
        assert_eq!(types, ["BoxUsage", "NatGateway-Bytes"]);
    }
}
