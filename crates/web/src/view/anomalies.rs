//! What the anomalies page says: the same as the command line, of answers that the server keeps.

use std::collections::BTreeMap;
use std::sync::Arc;

use trimtab_app::failure::Failure;
use trimtab_app::pipeline::anomalies::{
    AnomalyParts, BillAnswers, SERIES, anomalies_of, find_anomaly, usage,
};
use trimtab_model::anomaly::{Anomalies, AnomalyItem};
use trimtab_model::document::Days;
use trimtab_model::money::{Currency, Money};
use trimtab_store::cost::{CostFilter, CostGroup, GroupBy};

use super::daily::bill_currency;
use crate::shared::Shared;

impl BillAnswers for Shared {
    fn currency(&self) -> Result<Option<Currency>, Failure> {
        bill_currency(self)
    }

    fn grouped(&self, by: &[GroupBy], filter: &CostFilter) -> Result<Arc<Vec<CostGroup>>, Failure> {
        Self::grouped(self, by, filter)
    }

    fn asked(&self, by: &[GroupBy], filter: &CostFilter) -> Result<Vec<CostGroup>, Failure> {
        Self::asked(self, by, filter)
    }

    fn parts(
        &self,
        question: String,
        make: &dyn Fn() -> Result<AnomalyParts, Failure>,
    ) -> Result<AnomalyParts, Failure> {
        Self::parts(self, question, make)
    }

    fn covered(&self) -> Result<Option<Days>, Failure> {
        Self::covered(self)
    }
}

/// Makes what the anomalies page says, of one account where one is looked at; none without a bill by day. What stands
/// out does so in the whole bill: an anomaly is the same whatever is looked at.
///
/// # Errors
/// Fails if the lake cannot be read.
pub(crate) fn anomalies(
    shared: &Shared,
    account: Option<&str>,
) -> Result<Option<Anomalies>, Failure> {
    if !shared.has_bills()? {
        return Ok(None);
    }
    let Some(mut all) = anomalies_of(shared, shared.state())? else { return Ok(None) };
    let Some(account) = account else { return Ok(Some(all)) };
    let groups = shared.grouped(&SERIES, &usage(all.currency))?;
    narrow(&mut all, account, &groups);
    Ok(Some(all))
}

/// Leaves what is of one account.
fn narrow(all: &mut Anomalies, account: &str, groups: &[CostGroup]) {
    all.items.retain(|item| item.of.account.as_deref() == Some(account));
    let zero = Money::zero(all.currency);
    let mut rises = all.items.iter().filter(|item| item.of.is_rise).map(|item| item.difference);
    let rose = rises.try_fold(zero, |sum, one| sum.checked_add(one).ok());
    all.rose = rose.filter(|_| all.rose.is_some());
    let mut days: BTreeMap<&str, Option<Money>> = BTreeMap::new();
    for group in groups {
        let [Some(day), _, Some(one)] = group.key.as_slice() else { continue };
        if one == account {
            let cost = if all.is_effective { group.whole_effective() } else { Some(group.billed) };
            let sum = days.entry(day).or_insert(Some(zero));
            *sum = sum.zip(cost).and_then(|(sum, cost)| sum.checked_add(cost).ok());
        }
    }
    for (date, cost) in &mut all.days {
        // A day that no bill covers stays unknown.
        if cost.is_some() {
            *cost = days.get(date.to_string().as_str()).copied().unwrap_or(Some(zero));
        }
    }
}

/// Returns one anomaly, by its identifier or the beginning of it, with all that stand out beside it; none where there
/// is none.
///
/// # Errors
/// Fails if the lake cannot be read, and where several begin so.
pub(crate) fn one_anomaly(
    shared: &Shared,
    id: &str,
) -> Result<Option<(Anomalies, AnomalyItem)>, Failure> {
    let Some(all) = anomalies(shared, None)? else { return Ok(None) };
    let item = find_anomaly(&all, id)?.cloned();
    Ok(item.map(|item| (all, item)))
}
