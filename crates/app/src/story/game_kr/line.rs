//! A meter that runs every day, and how much of it is used.

use rust_decimal::Decimal;

use super::cast::Stage;
use super::ledger::covered_price;
use super::season::Season;
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
    /// So much on an average day, more or less by season.
    Varying(Decimal, Season),
    /// So much kept for a month, of which each day takes its share.
    Monthly(Decimal),
}

impl Amount {
    /// Returns the quantity of the day that starts at a second, of a month with so many days, to six
    /// digits.
    pub(super) fn of_day(self, start: i64, days_in_month: i8) -> Decimal {
        match self {
            Self::Daily(quantity) => quantity,
            Self::Varying(average, season) => season.of_day(start, average),
            Self::Monthly(quantity) => (quantity / Decimal::from(days_in_month)).round_dp(6),
        }
    }
}

impl Line {
    /// Returns what it costs a month of 730 hours, a Savings Plan's share taken off.
    pub(super) fn monthly_usd(&self) -> Decimal {
        let price = if self.covered { covered_price(self) } else { self.meter.price };
        let quantity = match self.amount {
            Amount::Daily(quantity) | Amount::Varying(quantity, _) => {
                quantity * Decimal::from(730) / Decimal::from(24)
            }
            Amount::Monthly(quantity) => quantity,
        };
        quantity * price
    }
}
