//! How JSON is written: exact amounts, nothing a terminal would act on.

use serde_json::{Value, json};

use trimtab_model::money::Money;

use crate::number::decimal_text;
use crate::sanitise::is_hidden;

/// Returns an amount as `{"currency": "USD", "amount": "12.34"}`.
pub fn money(money: Money) -> Value {
    json!({ "currency": money.currency.code(), "amount": decimal_text(money.amount) })
}

/// Returns `value` over several lines, without a final line break.
pub fn pretty(value: &Value) -> String {
    escaped(&format!("{value:#}"))
}

/// Returns `value` on one line, without a final line break.
pub fn compact(value: &Value) -> String {
    escaped(&value.to_string())
}

/// Escapes control and bidirectional characters, which JSON allows inside strings.
///
/// The value stays the same for a parser, and a terminal receives nothing to act on.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        if is_hidden(c) && c != '\n' {
            let mut units = [0; 2];
            for unit in c.encode_utf16(&mut units) {
                safe.push_str(&format!("\\u{unit:04x}"));
            }
        } else {
            safe.push(c);
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hidden_characters_are_escaped_and_come_back() {
        let value = json!({ "name": "a\u{9b}31m\u{202e}b\u{1b}[0m\u{e0041}" });
        for text in [pretty(&value), compact(&value)] {
            assert!(!text.chars().any(|c| is_hidden(c) && c != '\n'), "{text}");
            assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), value);
        }
    }
}
