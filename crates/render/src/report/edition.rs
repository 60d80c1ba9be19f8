//! What a report is made for: its reader, its links, its charts.

use trimtab_model::document::{ChartBlock, Target};

use crate::style::Style;

/// Makes the SVG of a chart; absent where there is none, and the figures stand in a table.
pub type ChartDrawing<'a> = &'a dyn Fn(&ChartBlock) -> Option<String>;

/// What a report is made for: its reader, its links, its charts.
#[derive(Clone, Copy)]
pub struct Edition<'a> {
    /// Language, currency and zone of the reader.
    pub style: &'a Style,
    /// Where the dashboard stands, such as `https://cost.example.com`; without it nothing is a link.
    pub base: Option<&'a str>,
    /// How charts are drawn. What it returns is taken as markup and must be safe.
    pub draw: ChartDrawing<'a>,
    /// The style rules that the charts need.
    pub chart_css: &'a str,
}

impl std::fmt::Debug for Edition<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Edition").field("style", self.style).field("base", &self.base).finish()
    }
}

impl<'a> Edition<'a> {
    /// Makes an edition without links and charts.
    pub fn new(style: &'a Style) -> Self {
        Self { style, base: None, draw: &|_| None, chart_css: "" }
    }

    /// Returns the address of `target`; absent where the dashboard has none.
    pub fn address(&self, target: &Target) -> Option<String> {
        let base = self.base?.trim_end_matches('/');
        let is_safe =
            base.is_empty() || base.starts_with("https://") || base.starts_with("http://");
        if !is_safe {
            return None;
        }
        Some(match target {
            Target::Recommendation(id) => {
                format!("{base}/recommendations/{}", encoded(id.as_str()))
            }
            Target::Plan(id) => format!("{base}/plans/{}", encoded(id.as_str())),
            Target::Costs { first, last } => format!("{base}/cost?from={first}&until={last}"),
        })
    }
}

/// Returns `text` as one segment of a path.
fn encoded(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~') {
            safe.push(char::from(byte));
        } else {
            safe.push_str(&format!("%{byte:02X}"));
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;
    use trimtab_model::text::Language;

    #[test]
    fn only_the_web_is_linked_to() {
        let style = Style::plain(Language::En);
        let address = |base| {
            let edition = Edition { base, ..Edition::new(&style) };
            edition.address(&Target::Plan("a/../\"b".into()))
        };
        assert_eq!(address(None), None);
        assert_eq!(address(Some("javascript:alert(1)//")), None);
        assert_eq!(
            address(Some("https://cost.example.com/")).as_deref(),
            Some("https://cost.example.com/plans/a%2F..%2F%22b")
        );
        assert_eq!(address(Some("")).as_deref(), Some("/plans/a%2F..%2F%22b"));
    }
}
