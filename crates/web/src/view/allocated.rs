//! Whose cost it is, in one stretch of time.

use std::sync::Arc;

use jiff::civil::Date;

use trimtab_app::failure::Failure;
use trimtab_app::pipeline::Divided;
use trimtab_model::allocation::Allocations;
use trimtab_store::cost::{CostFilter, GroupBy};

use super::daily::{Basis, daily};
use super::spending::stretch;
use crate::query::Query;
use crate::scope::Scope;
use crate::shared::Shared;

/// Whose cost it is.
pub(crate) struct Allocated {
    /// The first day, UTC.
    pub(crate) from: Date,
    /// The last day, which counts too.
    pub(crate) until: Date,
    /// Days of the stretch that no bill covers, and which are in no sum.
    pub(crate) missing_days: u64,
    /// Each way to divide it.
    pub(crate) all: Arc<Allocations>,
}

/// Divides the bill of a stretch of time, the last thirty days where nobody says; none without a
/// bill. Of what is looked at it knows the account: who bears a part is what is asked.
///
/// # Errors
/// Fails on a day that is none, on an unknown way to divide, and if the lake cannot be read.
pub(crate) fn allocated(shared: &Shared, query: &Query) -> Result<Option<Allocated>, Failure> {
    let all = daily(shared, GroupBy::Service, Basis::Billed, CostFilter::default())?;
    let Some(bills) = all else { return Ok(None) };
    let Some(last) = bills.last() else { return Ok(None) };
    let (from, until) = stretch(query, last)?;
    let missing_days = bills.missing(from, until);
    let divided = Divided {
        by: query.get("by").map(str::to_owned),
        filter: CostFilter {
            from: Some(from),
            until: until.tomorrow().ok(),
            ..Scope::of(query)?.charges()
        },
    };
    let all = shared.allocations(&divided)?;
    Ok(Some(Allocated { from, until, missing_days, all }))
}
