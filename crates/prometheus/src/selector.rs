//! Label matchers, written so that nothing in a value is taken for a pattern or for PromQL.

/// Returns `label=~"one|two"` for these values.
pub(crate) fn one_of(label: &str, values: &[&str]) -> String {
    let pattern: Vec<String> = values.iter().map(|value| literal(value)).collect();
    format!("{label}=~{}", quoted(&pattern.join("|")))
}

/// Returns the pattern that matches the text and nothing else.
fn literal(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len());
    for letter in text.chars() {
        if r"\.+*?()|[]{}^$".contains(letter) {
            pattern.push('\\');
        }
        pattern.push(letter);
    }
    pattern
}

/// Returns a text of PromQL.
fn quoted(text: &str) -> String {
    let text = text.replace('\\', r"\\").replace('"', "\\\"").replace('\n', "\\n");
    format!("\"{text}\"")
}

/// Returns matchers as a user writes them, without braces around and without a comma at the end.
pub(crate) fn bare(matchers: &str) -> &str {
    let matchers = matchers.trim();
    let inside = matchers.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
    inside.unwrap_or(matchers).trim().trim_end_matches(',')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_a_value_and_no_pattern() {
        assert_eq!(
            one_of("instance", &["10.0.0.1:9100", "a|b"]),
            r#"instance=~"10\\.0\\.0\\.1:9100|a\\|b""#
        );
        assert_eq!(one_of("x", &["\"} or up{"]), r#"x=~"\"\\} or up\\{""#);
    }

    #[test]
    fn matchers_may_stand_in_braces() {
        assert_eq!(bare(r#" {cluster="live",} "#), r#"cluster="live""#);
        assert_eq!(bare(r#"cluster="live""#), r#"cluster="live""#);
        assert_eq!(bare("{}"), "");
    }
}
