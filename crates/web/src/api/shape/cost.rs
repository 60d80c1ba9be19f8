//! Cost by owner and by user.

use std::collections::BTreeMap;

use utoipa::ToSchema;

use crate::view::Amount;

/// Whose cost it is.
#[derive(ToSchema)]
pub(in crate::api) struct Allocated {
    /// `trimtab/v1/cost.allocation`.
    schema: String,
    /// `effective`, or `billed` where a charge lacks the other.
    basis: String,
    /// The first day, UTC.
    #[schema(format = Date)]
    from: String,
    /// The last day, which counts too.
    #[schema(format = Date)]
    until: String,
    /// Days of the stretch that no bill covers, and which are in no sum.
    missing_days: u64,
    /// Each way to divide the bill, in each currency.
    items: Vec<AllocationOf>,
}

/// One way to divide the bill.
#[derive(ToSchema)]
struct AllocationOf {
    /// By what, such as `team`.
    by: String,
    /// All of it.
    total: Amount,
    /// What nobody owns.
    unallocated: Amount,
    /// The owners, the most expensive first.
    owners: Vec<OwnerOf>,
    /// What owners share.
    shared: Vec<SharedOf>,
}

/// What somebody pays.
#[derive(ToSchema)]
struct OwnerOf {
    /// The owner.
    owner: String,
    /// What its tags name.
    tagged: Amount,
    /// What virtual tags name.
    by_rule: Amount,
    /// Its part of shared costs.
    shared: Amount,
    /// The sum of the three.
    cost: Amount,
}

/// A shared cost.
#[derive(ToSchema)]
struct SharedOf {
    /// Its name.
    name: String,
    /// All of it.
    cost: Amount,
    /// Who bears how much of it; empty where nobody could.
    parts: BTreeMap<String, Amount>,
}

/// What one user cost.
#[derive(ToSchema)]
pub(in crate::api) struct UnitCosts {
    /// `trimtab/v1/cost.unit`.
    schema: String,
    /// `dau` or `mau`.
    per: String,
    /// Where users were counted.
    counted_in: String,
    /// By day, or month.
    items: Vec<UnitCostOf>,
}

/// What one user cost on a day, or in a month.
#[derive(ToSchema)]
struct UnitCostOf {
    /// The day, or the first of the month.
    #[schema(format = Date)]
    date: String,
    /// The service; null for all of them.
    service: Option<String>,
    /// The currency of the bill.
    currency: String,
    /// `effective` or `billed`; null where the cost is not known.
    basis: Option<String>,
    /// What was charged; null where the bill does not cover all of it.
    cost: Option<Amount>,
    /// Users; null where they are not known.
    units: Option<u64>,
    /// What one user cost.
    per_unit: Option<Amount>,
}
