//! `trimtab cost summary -o json`.

use serde_json::{Value, json};

use super::text::money;
use crate::document::cost::CostRow;

/// The name and version of this shape.
pub const SCHEMA: &str = "trimtab/v1/cost.summary";

/// Returns the costs of each group as JSON, in the given order.
pub fn cost_summary_json(rows: &[CostRow]) -> Value {
    let items: Vec<Value> = rows
        .iter()
        .map(|row| {
            json!({
                "key": (!row.key.is_empty()).then_some(&row.key),
                "billed": money(row.billed),
                "effective": row.effective.map(money),
                "effective_complete": row.effective_complete,
                "list": row.list.map(money),
                "contracted": row.contracted.map(money),
            })
        })
        .collect();
    json!({ "schema": SCHEMA, "items": items })
}

#[cfg(test)]
mod tests {
    use super::*;
    use trimtab_model::money::Money;

    #[test]
    fn amounts_are_exact_and_absent_ones_are_null() {
        let usd = |amount: &str| Money::usd(amount.parse().unwrap());
        let row = CostRow {
            key: "AmazonEC2".into(),
            billed: usd("12.3400"),
            effective: Some(usd("0.0000000001")),
            effective_complete: true,
            list: None,
            contracted: Some(usd("-3")),
        };
        insta::assert_snapshot!(super::super::pretty(&cost_summary_json(&[row])), @r#"
        {
          "schema": "trimtab/v1/cost.summary",
          "items": [
            {
              "key": "AmazonEC2",
              "billed": {
                "currency": "USD",
                "amount": "12.34"
              },
              "effective": {
                "currency": "USD",
                "amount": "0.0000000001"
              },
              "effective_complete": true,
              "list": null,
              "contracted": {
                "currency": "USD",
                "amount": "-3"
              }
            }
          ]
        }
        "#);
    }
}
