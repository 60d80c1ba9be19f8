//! Whose cost a bill is.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use crate::money::{Currency, Money};

/// Whose cost a bill is, divided in every way that was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allocations {
    /// Whether amounts are `EffectiveCost`; else `BilledCost`, where a charge lacks the other.
    pub is_effective: bool,
    /// One way to divide it, and one currency, each.
    pub items: Vec<Allocation>,
}

/// Whose cost a bill is, in one currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allocation {
    /// By what it is divided, such as `team`.
    pub by: String,
    /// The currency of every amount.
    pub currency: Currency,
    /// The owners, the most expensive first.
    pub rows: Vec<AllocationRow>,
    /// What is shared, as the rules name it.
    pub shared: Vec<SharedPool>,
    /// What nobody owns.
    pub unallocated: Decimal,
    /// All of it: the owners' costs and what nobody owns.
    pub total: Decimal,
}

/// What one owner costs, in the currency of its bill.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AllocationRow {
    /// The owner.
    pub owner: String,
    /// By tags of the bill.
    pub tagged: Decimal,
    /// By virtual tags.
    pub by_rule: Decimal,
    /// Its part of what is shared.
    pub shared: Decimal,
}

/// A shared cost, and who bears it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SharedPool {
    /// What it is called.
    pub name: String,
    /// What it costs.
    pub cost: Money,
    /// Who bears how much; nobody where no owner could be found.
    pub parts: BTreeMap<String, Decimal>,
}

impl AllocationRow {
    /// Returns all that an owner costs.
    pub fn cost(&self) -> Decimal {
        self.tagged + self.by_rule + self.shared
    }
}

impl Allocation {
    /// Returns an amount of it with its currency.
    pub fn money(&self, amount: Decimal) -> Money {
        Money::new(amount, self.currency)
    }

    /// Returns how much of the whole an amount is, in percent; nothing where the whole is not above zero.
    pub fn percent(&self, amount: Decimal) -> Option<Decimal> {
        if self.total <= Decimal::ZERO {
            return None;
        }
        amount.checked_mul(Decimal::ONE_HUNDRED)?.checked_div(self.total)
    }

    /// Returns whether any charge has an owner, or is shared by rule.
    pub fn says_anything(&self) -> bool {
        !self.rows.is_empty() || !self.shared.is_empty()
    }
}
