//! What the last scan could not read, and what is missing for it.

use super::page::Page;
use super::scan_report::ScanHole;
use crate::sanitise;
use crate::style::Style;

/// Returns one paragraph per account, region and reason; nothing where nothing is missing.
pub fn scan_holes(holes: &[ScanHole], style: &Style) -> String {
    let locale = style.locale();
    let mut page = Page::new(style);
    if holes.is_empty() {
        return page.finish();
    }
    page.heading(&locale.text("scan-holes"));
    for hole in holes {
        let kinds: Vec<&str> = hole.kinds.iter().map(|kind| kind.as_str()).collect();
        page.bullet(&format!(
            "{} · {}: {}",
            sanitise(hole.account.as_str()),
            sanitise(hole.region.as_str()),
            style.sentence(&hole.reason.text)
        ));
        page.detail(&locale.text_with("scan-missing", &[("kinds", &kinds.join(", "))]));
    }
    page.gap();
    page.sentence(&locale.text("scan-lower-bounds"));
    page.finish()
}
