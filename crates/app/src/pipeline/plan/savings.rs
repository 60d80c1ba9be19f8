//! What a plan should save, added up.

use std::collections::BTreeMap;

use trimtab_model::money::{Money, MoneyError};
use trimtab_model::plan::{Change, Plan};

use crate::failure::{Failure, Kind};

/// A monthly saving with its range.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Saving {
    /// What is expected.
    pub likely: Money,
    /// The least.
    pub low: Money,
    /// The most.
    pub high: Money,
}

/// Returns what the changes of a plan should save, one sum of each currency.
///
/// # Errors
/// Fails on a sum that cannot be written exactly.
pub fn savings(plan: &Plan) -> Result<Vec<Saving>, Failure> {
    sum(plan.changes())
}

/// Returns what some changes should save, one sum of each currency.
pub(in crate::pipeline) fn sum<'a>(
    changes: impl Iterator<Item = &'a Change>,
) -> Result<Vec<Saving>, Failure> {
    let mut sums: BTreeMap<String, Saving> = BTreeMap::new();
    for change in changes {
        let estimate = &change.estimated_monthly_savings;
        let one = Saving { likely: estimate.likely, low: estimate.low, high: estimate.high };
        let code = one.likely.currency.code().to_owned();
        let sum = match sums.get(&code) {
            Some(sum) => added(*sum, one).map_err(|cause| {
                Failure::from_error(Kind::Failed, &cause).with_hint((
                    "plan fewer recommendations at once",
                    "한 번에 더 적은 추천을 계획하세요",
                ))
            })?,
            None => one,
        };
        sums.insert(code, sum);
    }
    Ok(sums.into_values().collect())
}

fn added(left: Saving, right: Saving) -> Result<Saving, MoneyError> {
    Ok(Saving {
        likely: left.likely.checked_add(right.likely)?,
        low: left.low.checked_add(right.low)?,
        high: left.high.checked_add(right.high)?,
    })
}
