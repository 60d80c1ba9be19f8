//! What a user or a request costs.

use jiff::civil::Date;

use crate::money::{Currency, Money};

/// What cost is divided by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum UnitBasis {
    /// Users of a day.
    Dau,
    /// Users of the 30 days that end with the month.
    Mau,
    /// A thousand requests.
    ThousandRequests,
}

impl UnitBasis {
    /// Returns the word, as on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Dau => "dau",
            Self::Mau => "mau",
            Self::ThousandRequests => "1000-requests",
        }
    }

    /// Returns whether the series is by month; else it is by day.
    pub fn is_monthly(self) -> bool {
        self == Self::Mau
    }
}

/// What was charged on one day.
#[derive(Debug, Clone, PartialEq)]
pub struct DayCost {
    /// The day in UTC.
    pub date: Date,
    /// The service; absent where services are not told apart, or the bill names none.
    pub service: Option<String>,
    /// `BilledCost`.
    pub billed: Money,
    /// `EffectiveCost`; absent where the bill has none, or not for every charge.
    pub effective: Option<Money>,
}

/// Users or requests of one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DayUnits {
    /// The day.
    pub date: Date,
    /// How many.
    pub units: u64,
}

/// The cost of a unit on a day or in a month.
#[derive(Debug, Clone, PartialEq)]
pub struct UnitCost {
    /// The day, or the first of the month.
    pub date: Date,
    /// The service; absent for all of them, or where the bill names none.
    pub service: Option<String>,
    /// The currency.
    pub currency: Currency,
    /// Whether `cost` is the effective one; else it is the billed one.
    pub is_effective: bool,
    /// What was charged; absent where the bill does not cover all of the month.
    pub cost: Option<Money>,
    /// Users, or requests; absent where they are not known.
    pub units: Option<u64>,
    /// What one user, or a thousand requests cost: the quotient to 28 digits. Absent where one
    /// of both is, or there were no users.
    pub per_unit: Option<Money>,
}

/// The series, and what it rests on.
#[derive(Debug, Clone, PartialEq)]
pub struct UnitCosts {
    /// What cost is divided by.
    pub per: UnitBasis,
    /// Where users or requests were read: `users.csv`, or a service.
    pub counted_in: String,
    /// The series, by day or month, then service and currency.
    pub rows: Vec<UnitCost>,
}
