//! `trimtab cost allocation -o json`.

use serde_json::{Value, json};

use trimtab_model::allocation::{Allocation, Allocations};

use super::text::money;

/// The name and version of this shape.
pub const SCHEMA: &str = "trimtab/v1/cost.allocation";

/// Returns whose cost a bill is as JSON.
pub fn allocation_json(all: &Allocations) -> Value {
    let basis = if all.is_effective { "effective" } else { "billed" };
    let items: Vec<Value> = all.items.iter().map(item).collect();
    json!({ "schema": SCHEMA, "basis": basis, "items": items })
}

fn item(one: &Allocation) -> Value {
    let amount = |amount| money(one.money(amount));
    let owners: Vec<Value> = one
        .rows
        .iter()
        .map(|row| {
            json!({
                "owner": row.owner,
                "tagged": amount(row.tagged),
                "by_rule": amount(row.by_rule),
                "shared": amount(row.shared),
                "cost": amount(row.cost()),
            })
        })
        .collect();
    let shared: Vec<Value> = one
        .shared
        .iter()
        .map(|pool| {
            let parts: serde_json::Map<String, Value> =
                pool.parts.iter().map(|(owner, part)| (owner.clone(), amount(*part))).collect();
            json!({ "name": pool.name, "cost": money(pool.cost), "parts": parts })
        })
        .collect();
    json!({
        "by": one.by,
        "total": amount(one.total),
        "unallocated": amount(one.unallocated),
        "owners": owners,
        "shared": shared,
    })
}

#[cfg(test)]
mod tests {
    use trimtab_model::allocation::AllocationRow;
    use trimtab_model::money::Currency;

    use super::*;

    #[test]
    fn amounts_are_exact_and_add_up() {
        let row = AllocationRow {
            owner: "platform".into(),
            tagged: "75.00".parse().unwrap(),
            by_rule: 0.into(),
            shared: "7.5".parse().unwrap(),
        };
        let one = Allocation {
            by: "team".into(),
            currency: Currency::USD,
            rows: vec![row],
            shared: Vec::new(),
            unallocated: "0.5".parse().unwrap(),
            total: "83.0".parse().unwrap(),
        };
        let json = allocation_json(&Allocations { is_effective: false, items: vec![one] });
        assert_eq!(json["basis"], "billed");
        assert_eq!(json["items"][0]["owners"][0]["cost"]["amount"], "82.5");
        assert_eq!(json["items"][0]["unallocated"]["currency"], "USD");
    }
}
