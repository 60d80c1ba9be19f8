//! Text between double quotes, as YAML, JSON and HCL all read it.

use std::fmt::Write as _;

/// Returns a text between double quotes that YAML and JSON read as the same text.
///
/// Whatever is no plain letter or sign is escaped: control characters, what ends a line in YAML and
/// not in JSON, and what YAML does not print.
pub(super) fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for letter in text.chars() {
        push_escaped(&mut quoted, letter);
    }
    quoted.push('"');
    quoted
}

/// Returns a text between double quotes that HCL reads as the same text: no part of it is a template.
pub(super) fn literal(text: &str) -> String {
    let mut literal = String::with_capacity(text.len() + 2);
    literal.push('"');
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        let opens = letters.peek() == Some(&'{');
        match letter {
            '$' if opens => literal.push_str("\\u0024"),
            '%' if opens => literal.push_str("\\u0025"),
            _ => push_escaped(&mut literal, letter),
        }
    }
    literal.push('"');
    literal
}

fn push_escaped(quoted: &mut String, letter: char) {
    match letter {
        '"' => quoted.push_str("\\\""),
        '\\' => quoted.push_str("\\\\"),
        '\n' => quoted.push_str("\\n"),
        '\r' => quoted.push_str("\\r"),
        '\t' => quoted.push_str("\\t"),
        '\u{0}'..='\u{1f}'
        | '\u{7f}'..='\u{9f}'
        | '\u{2028}'
        | '\u{2029}'
        | '\u{feff}'
        | '\u{fffe}'
        | '\u{ffff}' => {
            write!(quoted, "\\u{:04x}", u32::from(letter)).expect("a String takes every letter");
        }
        _ => quoted.push(letter),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_quoted_text_is_read_as_itself(text in any::<String>()) {
            let quoted = quoted(&text);
            prop_assert_eq!(serde_json::from_str::<String>(&quoted).unwrap(), text);
            prop_assert!(!quoted.chars().any(char::is_control));
        }

        #[test]
        fn a_literal_is_read_as_itself_and_opens_no_template(text in "[${%}\"\\\\a\n가]{0,12}") {
            let literal = literal(&text);
            prop_assert_eq!(serde_json::from_str::<String>(&literal).unwrap(), text);
            prop_assert!(!literal.contains("${") && !literal.contains("%{"), "{literal}");
        }
    }
}
