//! The markup of one chart.

use std::fmt;

use super::style_sheet::STYLE_LIGHT;

/// The markup of one chart: an `svg` element without scripts and without inline styles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Svg {
    /// From `<svg` up to the end of its attributes.
    head: String,
    /// What is inside.
    body: String,
}

impl Svg {
    pub(super) fn new(head: String, body: String) -> Self {
        Self { head, body }
    }

    /// Returns the chart as a picture of its own: with its colours and its font, for what
    /// has no style sheet beside it (the picture in a mail, a PDF).
    pub fn standalone(&self) -> String {
        format!("{}><style>{STYLE_LIGHT}</style>{}</svg>", self.head, self.body)
    }
}

impl fmt::Display for Svg {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}>{}</svg>", self.head, self.body)
    }
}

/// Returns `text` such that it is text in an element or between the quotes of an attribute.
pub(super) fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            '\n' => safe.push_str("&#10;"),
            // Characters that XML does not allow, and those that say nothing.
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => {}
            c => safe.push(c),
        }
    }
    safe
}

/// Returns a coordinate with one decimal at most; what is not a number is the origin.
pub(super) fn px(value: f64) -> String {
    let rounded = rounded(value);
    let text = format!("{rounded:.1}");
    match text.strip_suffix(".0") {
        Some("-0") => "0".to_owned(),
        Some(whole) => whole.to_owned(),
        None => text,
    }
}

/// Returns `value` as it will be written, so that sums of written values agree.
pub(super) fn rounded(value: f64) -> f64 {
    if value.is_finite() { (value * 10.0).round() / 10.0 } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coordinates_have_one_decimal() {
        let cases = [(1.0, "1"), (1.25, "1.3"), (-0.04, "0"), (12.349, "12.3"), (f64::NAN, "0")];
        for (value, expected) in cases {
            assert_eq!(px(value), expected);
        }
    }

    #[test]
    fn markup_in_a_text_stays_text() {
        assert_eq!(escaped("<b a='1'>&\"\u{7}"), "&lt;b a=&#39;1&#39;&gt;&amp;&quot;");
    }
}
