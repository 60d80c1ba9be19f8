//! JSON: one object per row, amounts as exact decimal strings with their currency.

use serde_json::{Map, Value, json};

use super::cell::Cell;
use super::output::Table;
use crate::contract;
use crate::number::decimal_text;

/// Writes one array.
pub(super) fn array(table: &Table) -> String {
    let mut text = contract::pretty(&Value::Array(objects(table)));
    text.push('\n');
    text
}

/// Writes one object per line.
pub(super) fn lines(table: &Table) -> String {
    objects(table).iter().map(|object| contract::compact(object) + "\n").collect()
}

fn objects(table: &Table) -> Vec<Value> {
    let object = |row: &Vec<(Cell, _)>| {
        let fields = table.columns().iter().zip(row);
        Value::Object(
            fields
                .map(|(column, (cell, _))| (column.key.to_owned(), value(cell)))
                .collect::<Map<_, _>>(),
        )
    };
    table.rows().iter().map(object).collect()
}

fn value(cell: &Cell) -> Value {
    match cell {
        Cell::Text(text) => json!(text),
        Cell::Currency(currency) => json!(currency.code()),
        Cell::Count(count) => json!(count),
        Cell::Number(number) => json!(decimal_text(*number)),
        Cell::Money(money) | Cell::Amount(money) | Cell::Price(money) | Cell::UnitCost(money) => {
            contract::money(*money)
        }
        Cell::Range { likely, low, high } => json!({
            "currency": likely.currency.code(),
            "low": decimal_text(low.amount),
            "likely": decimal_text(likely.amount),
            "high": decimal_text(high.amount),
        }),
        Cell::Percent(percent) => json!(percent),
        Cell::Timestamp(moment) => json!(moment.to_string()),
        Cell::Missing => Value::Null,
    }
}
