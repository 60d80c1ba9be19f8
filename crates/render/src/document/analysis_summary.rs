//! The page that an analysis ends with: verdict, money, what to do, what is missing.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use trimtab_model::analysis::{Analysis, RisingCost, Total};
use trimtab_model::coverage::{SourceCoverage, SourceStatus};
use trimtab_model::money::{Currency, Money};
use trimtab_model::recommendation::{Onset, Recommendation};

use super::identifier::short_identifiers;
use super::page::Page;
use super::recommendation_list::{Identifiers, recommendation_table};
use super::words;
use crate::style::Style;
use crate::{number, sanitise, time};

/// How many recommendations the page shows.
const TOP: usize = 5;
/// How many reasons and missing sources it shows.
const REASONS: usize = 4;

/// Returns the summary of an analysis.
pub fn analysis_summary(analysis: &Analysis, style: &Style) -> String {
    let locale = style.locale();
    let mut page = Page::new(style);
    let moment = time::date_time(analysis.as_of, &style.time_zone);
    page.faint(&locale.text_with("summary-as-of", &[("moment", &moment)]));
    page.gap();
    for sentence in verdict(analysis, style) {
        page.strong(&sentence);
    }
    page.gap();
    for total in analysis.totals.values() {
        money(&mut page, total, style);
    }
    page.labelled(&locale.text("label-verdicts"), &verdict_counts(analysis, style));
    top(&mut page, analysis, style);
    increases(&mut page, analysis, Onset::Past, style);
    increases(&mut page, analysis, Onset::Coming, style);
    unjudged(&mut page, analysis, style);
    only_aws(&mut page, analysis, style);
    missing(&mut page, analysis, style);
    footer(&mut page, analysis, style);
    page.finish()
}

/// Returns the first sentences: one per currency that has savings, else why there are none.
fn verdict(analysis: &Analysis, style: &Style) -> Vec<String> {
    let locale = style.locale();
    let saved = |total: &&Total| {
        total.likely.is_positive() || total.high.is_positive() || conditional_only(total).is_some()
    };
    let sentences: Vec<String> = analysis
        .totals
        .values()
        .filter(saved)
        .map(|total| {
            if let Some(saving) = conditional_only(total) {
                let saving = style.amount(saving);
                return locale.text_with("verdict-savings-conditional", &[("saving", &saving)]);
            }
            if !total.likely.is_positive() {
                let saving = style.amount(total.high);
                return locale.text_with("verdict-savings-committed", &[("saving", &saving)]);
            }
            let saving = style.amount(total.likely);
            match total.monthly_cost.filter(|cost| cost.effective.is_positive()) {
                Some(cost) => locale.text_with(
                    "verdict-savings",
                    &[
                        ("saving", &saving),
                        ("share", &number::share(total.likely.amount, cost.effective.amount)),
                    ],
                ),
                None => locale.text_with("verdict-savings-without-bill", &[("saving", &saving)]),
            }
        })
        .collect();
    if !sentences.is_empty() {
        return sentences;
    }
    let unknown = analysis.unknown.len().to_string();
    // What costs more by itself wastes nothing.
    let passed = analysis.passed.len() + analysis.increases.len();
    vec![match (analysis.items.len(), analysis.unknown.len(), passed) {
        (0, 0, 0) => locale.text("verdict-no-data"),
        (0, 0, _) => locale.text_with("verdict-nothing", &[("count", &passed.to_string())]),
        (0, _, _) => locale.text_with("verdict-nothing-but-unknown", &[("count", &unknown)]),
        (items, _, _) => locale.text_with("verdict-no-saving", &[("count", &items.to_string())]),
    }]
}

/// Returns what repairs save, where nothing else saves anything.
fn conditional_only(total: &Total) -> Option<Money> {
    let conditional = total.conditional.filter(|saving| saving.is_positive())?;
    (!total.likely.is_positive() && !total.high.is_positive()).then_some(conditional)
}

fn money(page: &mut Page<'_>, total: &Total, style: &Style) {
    let locale = style.locale();
    match total.monthly_cost {
        Some(cost) => page.labelled(
            &locale.text("label-cost"),
            &locale.text_with(
                "summary-cost",
                &[
                    ("effective", &style.monthly(cost.effective)),
                    ("billed", &style.monthly(cost.billed)),
                    ("currency", shown_currency(cost.effective, style).code()),
                ],
            ),
        ),
        None => page.labelled(&locale.text("label-cost"), &locale.text("summary-cost-absent")),
    }
    let saving = style.green(&style.monthly_range(total.likely, total.low, total.high));
    let mut parts = vec![saving];
    if let Some(cost) = total.monthly_cost {
        let share = number::share(total.likely.amount, cost.effective.amount);
        parts.push(locale.text_with("summary-share", &[("share", &share)]));
    }
    parts.push(locale.text("summary-estimated"));
    if total.before_discounts != total.likely {
        let before = style.monthly(total.before_discounts);
        parts.push(locale.text_with("summary-before-discounts", &[("amount", &before)]));
    }
    page.labelled(&locale.text("label-savings"), &parts.join(" · "));
    if let Some(conditional) = total.conditional.filter(|saving| saving.is_positive()) {
        let saving = style.monthly(conditional);
        let line = locale.text_with("summary-conditional", &[("saving", &saving)]);
        page.labelled(&locale.text("label-conditional"), &line);
    }
}

fn shown_currency(money: Money, style: &Style) -> Currency {
    style.displayed(money).currency
}

fn verdict_counts(analysis: &Analysis, style: &Style) -> String {
    let text = |key: usize| number::count(key as u64);
    let mut line = style.locale().text_with(
        "summary-verdicts",
        &[
            ("recommended", &text(analysis.items.len())),
            ("passed", &text(analysis.passed.iter().filter(|one| !one.is_exempt()).count())),
            ("unknown", &text(analysis.unknown.len())),
        ],
    );
    let exempt = analysis.passed.iter().filter(|passed| passed.is_exempt()).count();
    if exempt > 0 {
        line.push_str(" · ");
        line.push_str(&style.locale().text_with("summary-exempt", &[("number", &text(exempt))]));
    }
    if !analysis.superseded.is_empty() {
        let superseded = text(analysis.superseded.len());
        line.push_str(" · ");
        line.push_str(&style.locale().text_with("summary-superseded", &[("number", &superseded)]));
    }
    line
}

fn top(page: &mut Page<'_>, analysis: &Analysis, style: &Style) {
    if analysis.items.is_empty() {
        return;
    }
    let locale = style.locale();
    let items: Vec<&Recommendation> = analysis.items.iter().take(TOP).collect();
    let count = items.len().to_string();
    page.heading(&locale.text_with("summary-top", &[("count", &count)]));
    // Prefixes are unique among all recommendations, not only among the first.
    let mut table = recommendation_table(&items, Identifiers::Full, style);
    let short = short_identifiers(analysis.items.iter().map(|item| &item.id));
    table.replace_text("id", |id| short.get(&id.into()).cloned());
    page.block(&table.terminal(style));
}

/// Adds what costs more by itself, the earliest first: since a day, or from a day on.
fn increases(page: &mut Page<'_>, analysis: &Analysis, onset: Onset, style: &Style) {
    let rising: Vec<&RisingCost> =
        analysis.increases.iter().filter(|one| one.increase.onset == onset).collect();
    if rising.is_empty() {
        return;
    }
    let (heading, line, basis) = match onset {
        Onset::Coming => ("summary-increases", "summary-increase", "summary-increases-basis"),
        Onset::Past => {
            ("summary-increases-past", "summary-increase-past", "summary-increases-past-basis")
        }
    };
    let locale = style.locale();
    let count = rising.len().to_string();
    page.heading(&locale.text_with(heading, &[("count", &count)]));
    for one in rising.iter().take(REASONS) {
        page.bullet(&increase_line(one, line, style));
    }
    more(page, rising.len(), style);
    page.faint(&locale.text(basis));
}

fn increase_line(rising: &RisingCost, key: &str, style: &Style) -> String {
    let increase = &rising.increase;
    style.locale().text_with(
        key,
        &[
            ("date", &time::date(increase.from, &style.time_zone)),
            ("resource", &words::resource_name(&rising.resource)),
            ("type", rising.resource.kind.as_str()),
            ("amount", &style.monthly(increase.monthly)),
        ],
    )
}

/// Says that AWS recommends more, where it does.
fn only_aws(page: &mut Page<'_>, analysis: &Analysis, style: &Style) {
    if analysis.only_aws.is_empty() {
        return;
    }
    let count = analysis.only_aws.len().to_string();
    page.gap();
    page.sentence(&style.locale().text_with("summary-only-aws", &[("count", &count)]));
}

/// Adds the reasons why resources could not be judged, the most common first.
fn unjudged(page: &mut Page<'_>, analysis: &Analysis, style: &Style) {
    if analysis.unknown.is_empty() {
        return;
    }
    let locale = style.locale();
    let mut reasons: BTreeMap<&str, (u64, String, bool)> = BTreeMap::new();
    for item in &analysis.unknown {
        let sentence = style.sentence(&item.unknown.reason.text);
        let entry =
            reasons.entry(&item.unknown.reason.code).or_insert_with(|| (0, sentence.clone(), true));
        entry.0 += 1;
        entry.2 &= entry.1 == sentence;
    }
    let mut reasons: Vec<_> = reasons.into_iter().collect();
    reasons.sort_by(|(left_code, left), (right_code, right)| {
        right.0.cmp(&left.0).then_with(|| left_code.cmp(right_code))
    });
    let count = analysis.unknown.len().to_string();
    page.heading(&locale.text_with("summary-unknown", &[("count", &count)]));
    for (_, (count, sentence, same)) in reasons.iter().take(REASONS) {
        let count = count.to_string();
        let arguments = [("count", count.as_str()), ("reason", sentence.as_str())];
        page.bullet(&if *same {
            locale.text_with("summary-unknown-reason", &arguments)
        } else {
            locale.text_with("summary-unknown-reason-example", &arguments)
        });
    }
    more(page, reasons.len(), style);
}

/// Adds the sources that are absent or partial and what they would unlock.
fn missing(page: &mut Page<'_>, analysis: &Analysis, style: &Style) {
    let mut incomplete: Vec<&SourceCoverage> = analysis
        .coverage
        .sources
        .iter()
        // A source that no resource needs unlocks nothing here.
        .filter(|source| source.status != SourceStatus::Complete)
        .filter(|source| source.resources.is_none_or(|(_, need)| need > 0))
        .collect();
    if incomplete.is_empty() {
        return;
    }
    // What would unlock most comes first; of equals, what is missing altogether.
    incomplete.sort_by_key(|source| (Reverse(source.unlocks.len()), Reverse(source.status)));
    let locale = style.locale();
    page.heading(&locale.text("summary-missing"));
    for source in incomplete.iter().take(REASONS) {
        let mut parts = vec![words::source_status(source.status, locale)];
        if let Some((have, need)) = source.resources {
            let (have, need) = (number::count(have), need.to_string());
            parts.push(locale.text_with("summary-have", &[("have", &have), ("count", &need)]));
        }
        if !source.unlocks.is_empty() {
            let count = source.unlocks.len().to_string();
            parts.push(locale.text_with("summary-unlocks", &[("count", &count)]));
        }
        page.bullet(&format!("{}: {}", sanitise(&source.source), parts.join(" · ")));
    }
    more(page, incomplete.len(), style);
}

fn more(page: &mut Page<'_>, all: usize, style: &Style) {
    if all > REASONS {
        let count = (all - REASONS).to_string();
        page.bullet(&style.locale().text_with("and-more", &[("count", &count)]));
    }
}

fn footer(page: &mut Page<'_>, analysis: &Analysis, style: &Style) {
    let locale = style.locale();
    page.gap();
    for line in style.rate_lines(analysis.totals.keys().copied()) {
        page.faint(&line);
    }
    page.faint(&locale.text("summary-basis"));
    page.heading(&locale.text("next-commands"));
    let short = short_identifiers(analysis.items.iter().map(|item| &item.id));
    if let Some(id) = analysis.items.first().and_then(|item| short.get(&item.id)) {
        page.command(&format!("trimtab rec show {id}"));
        page.command("trimtab rec list");
    }
    page.command("trimtab coverage");
}
