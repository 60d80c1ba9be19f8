//! A meter that runs every day, and how much of it is used.

use rust_decimal::Decimal;

use super::cast::Stage;
use super::ledger::covered_price;
use crate::story::focus_row::{BilledResource, Meter};

/// A meter that runs every day.
#[derive(Debug, Clone)]
pub(super) struct Line {
    /// Whose it is.
    pub(super) stage: Stage,
    /// What is sold.
    pub(super) meter: Meter,
    /// What it is sold for; absent for what has no resource.
    pub(super) resource: Option<BilledResource>,
    /// How much.
    pub(super) amount: Amount,
    /// Whether the Savings Plan covers it.
    pub(super) covered: bool,
}

/// How much of a meter is used.
#[derive(Debug, Clone, Copy)]
pub(super) enum Amount {
    /// The same every day.
    Daily(Decimal),
    /// So much kept for a month, of which each day takes its share.
    Monthly(Decimal),
}

impl Amount {
    /// Returns the quantity of one day of a month with so many days, to ten digits.
    pub(super) fn of_day(self, days_in_month: i8) -> Decimal {
        match self {
            Self::Daily(quantity) => quantity,
            Self::Monthly(quantity) => (quantity / Decimal::from(days_in_month)).round_dp(6),
        }
    }
}

impl Line {
    /// Returns what it costs a month of 730 hours, a Savings Plan's share taken off.
    pub(super) fn monthly_usd(&self) -> Decimal {
        let price = if self.covered { covered_price(self) } else { self.meter.price };
        let quantity = match self.amount {
            Amount::Daily(quantity) => quantity * Decimal::from(730) / Decimal::from(24),
            Amount::Monthly(quantity) => quantity,
        };
        quantity * price
    }
}
