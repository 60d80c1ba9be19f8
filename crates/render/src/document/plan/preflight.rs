//! What stands in the way of each change of a plan, one row of its table a line.

use trimtab_model::observed::RowVerdict;
use trimtab_model::text::{Reason, Text};

use crate::document::page::Page;
use crate::locale::Locale;
use crate::sanitise;
use crate::style::Style;
use crate::table::{Cell, Column, Kind, Priority, Table};

/// One row of the table of one change.
#[derive(Debug, Clone, PartialEq)]
pub struct PreflightRow {
    /// The change.
    pub change: String,
    /// The resource.
    pub resource: String,
    /// The row, such as `ec2-24`.
    pub row: String,
    /// What it is about.
    pub title: Text,
    /// What it says.
    pub verdict: RowVerdict,
    /// Why; empty where nothing is in the way.
    pub reasons: Vec<Reason>,
    /// What to do about it, as a command or a sentence.
    pub step: Option<Text>,
}

/// What stands in the way of a plan.
#[derive(Debug, Clone, PartialEq)]
pub struct PreflightPage<'a> {
    /// The plan.
    pub plan: &'a str,
    /// When it was read.
    pub at: jiff::Timestamp,
    /// Every row of every change, in order.
    pub rows: Vec<PreflightRow>,
    /// The changes that would not be made, each with the reason.
    pub refused: Vec<(String, Reason)>,
    /// What could not be read of each change, in AWS's words.
    pub unread: Vec<(String, Reason)>,
}

/// Makes the table of every row.
pub fn preflight_table(page: &PreflightPage<'_>, style: &Style) -> Table {
    let locale = style.locale();
    let text = |key, title: String, priority| Column::new(key, title, Kind::Text, priority);
    let mut table = Table::new(vec![
        text("change", locale.text("column-change-id"), Priority::High),
        text("resource", locale.text("column-resource"), Priority::Wide),
        text("row", locale.text("column-preflight-row"), Priority::Essential),
        text("about", locale.text("column-preflight-about"), Priority::High),
        text("verdict", locale.text("column-preflight-verdict"), Priority::Essential),
        text("fact", locale.text("column-preflight-fact"), Priority::Essential).cut_late(),
        text("step", locale.text("column-preflight-step"), Priority::Wide),
    ]);
    for row in &page.rows {
        let facts: Vec<&str> =
            row.reasons.iter().map(|reason| reason.text.get(style.language)).collect();
        let facts = facts.join(" ");
        table.row(vec![
            Cell::text(&row.change),
            Cell::text(&row.resource),
            Cell::text(&row.row),
            Cell::text(row.title.get(style.language)),
            Cell::Text(verdict(row.verdict, locale)),
            Cell::optional((!facts.is_empty()).then_some(facts.as_str())),
            Cell::optional(row.step.as_ref().map(|step| step.get(style.language))),
        ]);
    }
    table
}

/// Returns what stands in the way, for people: what is to be done first, and what passed counted.
pub fn preflight_page(page: &PreflightPage<'_>, style: &Style) -> String {
    let locale = style.locale();
    let mut text = Page::new(style);
    let mut changes: Vec<&str> = Vec::new();
    for row in &page.rows {
        if changes.last() != Some(&row.change.as_str()) {
            changes.push(&row.change);
        }
    }
    for change in changes {
        let rows = || page.rows.iter().filter(move |row| row.change == change);
        let Some(first) = rows().next() else { continue };
        text.heading(&format!("{} · {}", sanitise(change), sanitise(&first.resource)));
        for row in rows().filter(|row| row.verdict != RowVerdict::Pass) {
            let word = verdict(row.verdict, locale);
            let word = match row.verdict {
                RowVerdict::Block | RowVerdict::Unread | RowVerdict::Prep => style.red(&word),
                _ => word,
            };
            text.bullet(&format!("{word}: {} {}", row.row, row.title.get(style.language)));
            for reason in &row.reasons {
                text.detail(&style.sentence(&reason.text));
            }
            if let Some(step) = &row.step {
                text.detail(
                    &locale.text_with("next-command", &[("command", step.get(style.language))]),
                );
            }
        }
        let passed = rows().filter(|row| row.verdict == RowVerdict::Pass).count().to_string();
        text.sentence(&locale.text_with("preflight-passed", &[("count", &passed)]));
        for (_, reason) in page.unread.iter().filter(|(of, _)| of == change) {
            text.faint(&style.sentence(&reason.text));
        }
        match page.refused.iter().find(|(of, _)| of == change) {
            Some((_, reason)) => {
                let refused = locale.text("preflight-refused");
                text.strong(&format!("{refused} {}", style.sentence(&reason.text)));
            }
            None => text.strong(&locale.text("preflight-clear")),
        }
    }
    text.finish()
}

/// Returns a verdict as a word.
pub fn verdict(verdict: RowVerdict, locale: Locale) -> String {
    match verdict {
        RowVerdict::Block => locale.text("verdict-block"),
        RowVerdict::Unread => locale.text("verdict-unread"),
        RowVerdict::Prep => locale.text("verdict-prep"),
        RowVerdict::Attest => locale.text("verdict-attest"),
        RowVerdict::Wait => locale.text("verdict-wait"),
        RowVerdict::Warn => locale.text("verdict-warn"),
        RowVerdict::Attested => locale.text("verdict-attested"),
        RowVerdict::Pass => locale.text("verdict-pass"),
    }
}

#[cfg(test)]
mod tests {
    use trimtab_model::text::Language;

    use super::*;

    fn page() -> PreflightPage<'static> {
        let row = |row: &str, verdict, reasons| PreflightRow {
            change: "C-1".to_owned(),
            resource: "i-0a1b".to_owned(),
            row: row.to_owned(),
            title: Text::new("vCPU quota", "vCPU 할당량"),
            verdict,
            reasons,
            step: None,
        };
        let why = Reason::new("vcpu-quota", "The quota is 32.", "할당량은 32개입니다.");
        PreflightPage {
            plan: "P-1",
            at: "2026-11-27T00:00:00Z".parse().expect("a moment"),
            rows: vec![
                row("ec2-22", RowVerdict::Pass, Vec::new()),
                row("ec2-23", RowVerdict::Block, vec![why.clone()]),
            ],
            refused: vec![("C-1".to_owned(), why)],
            unread: Vec::new(),
        }
    }

    #[test]
    fn what_passed_is_counted_and_the_rest_is_told() {
        for (language, fact) in
            [(Language::En, "The quota is 32."), (Language::Ko, "할당량은 32개입니다.")]
        {
            let text = preflight_page(&page(), &Style::plain(language));
            assert!(text.contains("ec2-23") && text.contains(fact), "{text}");
            assert!(!text.contains("ec2-22"), "{text}");
        }
    }

    #[test]
    fn every_verdict_has_a_word_of_its_own_in_both_languages() {
        for language in [Language::En, Language::Ko] {
            let style = Style::plain(language);
            let words: std::collections::BTreeSet<String> =
                RowVerdict::ALL.iter().map(|one| verdict(*one, style.locale())).collect();
            assert_eq!(words.len(), RowVerdict::ALL.len());
        }
    }
}
