//! What tests of the bill are made of.

use trimtab_model::money::{Currency, Money};
use trimtab_store::cost::CostGroup;

/// Returns a group of charges in dollars whose cost is whole.
pub(in crate::pipeline) fn cost_group(key: &[&str], cost: i64) -> CostGroup {
    let cost = Money::usd(cost.into());
    CostGroup {
        key: key.iter().map(|part| Some((*part).to_owned())).collect(),
        currency: Currency::USD,
        billed: cost,
        effective: Some(cost),
        effective_complete: true,
        list: None,
        contracted: None,
        rows: 1,
    }
}
