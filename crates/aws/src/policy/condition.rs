//! Conditions of a statement, as IAM reads them.

use serde_json::{Map, Value, json};

use crate::actions::Condition;

/// Returns conditions by operator and key, with the values that `of` gives.
pub(super) fn block(when: &[Condition], of: impl Fn(&Condition) -> Value) -> Value {
    let mut operators = Map::new();
    for condition in when {
        let keys = operators.entry(condition.operator).or_insert_with(|| json!({}));
        if let Some(keys) = keys.as_object_mut() {
            keys.insert(condition.key.to_owned(), of(condition));
        }
    }
    Value::Object(operators)
}
