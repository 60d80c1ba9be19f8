//! What each bill adds up to.

use serde::{Deserialize, Serialize};

use trimtab_model::money::Money;

use super::groups::currency;
use crate::billing::{BillGroup, decimal};
use crate::lake::{Lake, LakeError};

/// The total of one bill in one currency, as it was counted while it was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BillTotal {
    /// Billing period and account.
    pub bill: BillGroup,
    /// The format it came in.
    pub format: String,
    /// Sum of `BilledCost`.
    pub billed: Money,
    /// Sum of `EffectiveCost` over the rows that have one; absent where none has.
    pub effective: Option<Money>,
    /// Rows without `EffectiveCost`.
    pub effective_unknown: u64,
    /// All rows.
    pub rows: u64,
    /// Whether every file of the run that brought it could be read.
    pub complete: bool,
}

/// Returns the totals of all bills, in order of period, account and currency.
///
/// # Errors
/// Fails when the state cannot be read.
pub fn totals(lake: &Lake) -> Result<Vec<BillTotal>, LakeError> {
    let mut totals = Vec::new();
    for bill in lake.state().bills()? {
        for (code, sum) in &bill.sums {
            let currency = currency(Some(code))?;
            let known = sum.effective_unknown < sum.rows;
            totals.push(BillTotal {
                bill: bill.group.clone(),
                format: bill.format.clone(),
                billed: decimal::money(sum.billed, currency)?,
                effective: known.then(|| decimal::money(sum.effective, currency)).transpose()?,
                effective_unknown: sum.effective_unknown,
                rows: sum.rows,
                complete: bill.complete,
            });
        }
    }
    Ok(totals)
}
