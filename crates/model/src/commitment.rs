//! What the bill says of a commitment: a Savings Plan or a reservation, month by month.

use serde::{Deserialize, Serialize};

use crate::money::{Currency, Money};
use crate::period::Period;

/// Whether a bill covers its whole billing period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum BillState {
    /// From its first moment to its last, and no file of it was lost.
    Whole,
    /// It goes on, begins later, or a file of it could not be read.
    Part,
}

/// What one commitment did in one billing period, in one currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommitmentMonth {
    /// `CommitmentDiscountId`, as the bill writes it.
    pub commitment_discount_id: String,
    /// The part of the billing period that the bill covers.
    pub period: Period,
    /// Whether that is all of it.
    pub state: BillState,
    /// Effective cost of the usage that it covered; absent where some of that has none.
    pub used: Option<Money>,
    /// `ListCost` of that usage: its public on-demand rates. Absent where some of it has none.
    ///
    /// AWS writes a `ContractedCost` of zero for what a Savings Plan covers, so that column
    /// does not say what usage costs without it.
    pub on_demand: Option<Money>,
    /// Effective cost of what was paid for and covered nothing; absent where the bill does
    /// not tell.
    pub unused: Option<Money>,
}

/// `ListCost` of compute usage in one billing month, in one currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CoveredUsage {
    /// The billing month, as `2026-10`.
    pub month: String,
    /// The currency of both.
    pub currency: Currency,
    /// What commitments covered; absent where some of it has no list cost.
    pub covered: Option<Money>,
    /// What was used without one; absent where some of it has no list cost.
    pub uncovered: Option<Money>,
}
