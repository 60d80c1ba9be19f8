//! The list of recommendations.

use std::collections::{BTreeMap, BTreeSet};

use trimtab_model::analysis::Analysis;
use trimtab_model::confidence::{Confidence, Doubt};
use trimtab_model::recommendation::{Recommendation, Restart};

use super::identifier::short_identifiers;
use super::page::Page;
use super::second_opinion::stance;
use super::words;
use crate::locale::Locale;
use crate::number;
use crate::style::Style;
use crate::table::{
    Cell, Column, Format, Kind, Priority, Sort, Table, TableError, TableOptions, Tone,
};

/// Writes the recommendations of an analysis.
///
/// The terminal form has short identifiers and ends with the sum, the rate and the next
/// command; the others are the bare table with full identifiers.
///
/// # Errors
/// Fails if the options name a column that the table does not have.
pub fn recommendation_list(
    analysis: &Analysis,
    style: &Style,
    options: &TableOptions,
) -> Result<String, TableError> {
    let items: Vec<&Recommendation> = analysis.items.iter().collect();
    if options.format != Format::Table {
        return recommendation_table(&items, Identifiers::Full, style).render(style, options);
    }
    let locale = style.locale();
    let mut page = Page::new(style);
    if items.is_empty() {
        page.sentence(&locale.text("list-empty"));
        page.sentence(&locale.text("list-empty-next"));
        return Ok(page.finish());
    }
    page.block(&recommendation_table(&items, Identifiers::Short, style).render(style, options)?);
    page.gap();
    page.sentence(&total_line(analysis, style));
    for line in style.rate_lines(analysis.totals.keys().copied()) {
        page.faint(&line);
    }
    let shown = short_identifiers(items.iter().map(|item| &item.id));
    if let Some(id) = items.first().and_then(|item| shown.get(&item.id)) {
        page.sentence(&locale.text_with("list-next", &[("id", id)]));
    }
    Ok(page.finish())
}

/// Returns the recommendations in the order of a column of their list.
///
/// # Errors
/// Fails if the list has no such column.
pub fn sorted_recommendations(
    items: &[Recommendation],
    sort: &Sort,
    style: &Style,
) -> Result<Vec<Recommendation>, TableError> {
    let all: Vec<&Recommendation> = items.iter().collect();
    let places = recommendation_table(&all, Identifiers::Full, style).sorted(sort)?;
    Ok(places.into_iter().filter_map(|place| items.get(place).cloned()).collect())
}

/// Whether identifiers are shortened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Identifiers {
    /// The shortest unique prefix: for people.
    Short,
    /// All of it: for machines.
    Full,
}

/// Makes the table of recommendations; accounts, regions and the like are its wide columns.
pub fn recommendation_table(
    items: &[&Recommendation],
    identifiers: Identifiers,
    style: &Style,
) -> Table {
    let locale = style.locale();
    let short = short_identifiers(items.iter().map(|item| &item.id));
    let column = |key, title: &str, kind, priority| Column::new(key, title, kind, priority);
    let text = |key, title: String, priority| column(key, &title, Kind::Text, priority);
    let mut table = Table::new(vec![
        text("id", locale.text("column-id"), Priority::Essential),
        text("type", locale.text("column-type"), Priority::Normal),
        text("resource", locale.text("column-resource"), Priority::Essential),
        text("environment", locale.text("column-environment"), Priority::High),
        text("change", locale.text("column-change"), Priority::Essential).cut_late(),
        column("saving", &locale.text("column-monthly-saving"), Kind::Range, Priority::Essential),
        text("risk", locale.text("column-risk"), Priority::High).ranked(words::risk_scale(locale)),
        text("confidence", locale.text("column-confidence"), Priority::Low)
            .ranked(words::confidence_scale(locale)),
        text("use", locale.text("column-first-use"), Priority::Low),
        text("doubts", locale.text("column-doubts"), Priority::Wide),
        text("check", locale.text("column-check"), Priority::Wide),
        text("resource_id", locale.text("column-resource-id"), Priority::Wide),
        text("account", locale.text("column-account"), Priority::Wide),
        text("region", locale.text("column-region"), Priority::Wide),
        column("cost_now", &locale.text("column-monthly-cost"), Kind::Money, Priority::Wide),
        text("effort", locale.text("column-effort"), Priority::Wide)
            .ranked(words::effort_scale(locale)),
        text("restart", locale.text("column-restart"), Priority::Wide),
        text("undo", locale.text("column-undo"), Priority::Wide),
        text("second_opinion", locale.text("column-second-opinion"), Priority::Wide),
    ]);
    let mut sureness = Sureness::of(locale);
    for item in items {
        let id = match identifiers {
            Identifiers::Short => short.get(&item.id).cloned(),
            Identifiers::Full => None,
        };
        let saving = &item.estimated_monthly_savings;
        let plain = |text: String| (Cell::Text(text), Tone::Plain);
        table.toned_row(vec![
            plain(id.unwrap_or_else(|| item.id.to_string())),
            plain(words::action_type(item.action_type, locale)),
            plain(words::resource_name(&item.resource)),
            (
                Cell::text(item.resource.environment.as_str()),
                words::environment_tone(item.resource.environment),
            ),
            plain(words::change(&item.action, locale)),
            (
                Cell::Range { likely: saving.likely, low: saving.low, high: saving.high },
                Tone::Saved,
            ),
            (
                Cell::Text(words::risk(item.performance_risk, locale)),
                words::risk_tone(item.performance_risk),
            ),
            (sureness.grade(item), Tone::Plain),
            (Cell::optional(words::first_use(item)), Tone::Plain),
            (sureness.lacking(item), Tone::Plain),
            plain(item.check.to_string()),
            plain(item.resource.id.to_string()),
            plain(item.resource.account.to_string()),
            plain(item.resource.region.to_string()),
            (Cell::Money(saving.cost_now), Tone::Plain),
            plain(words::effort(item.implementation_effort, locale)),
            plain(match item.restart_needed {
                Restart::Needed => locale.text("restart-needed"),
                Restart::NotNeeded => locale.text("restart-not-needed"),
            }),
            plain(item.undo.as_str().to_owned()),
            (
                Cell::optional(
                    item.second_opinion.as_ref().map(|second| stance(second.stance, locale)),
                ),
                Tone::Plain,
            ),
        ]);
    }
    table
}

/// The words of confidence: there are few, and a list may have tens of thousands of rows.
struct Sureness {
    locale: Locale,
    grades: [(Confidence, String); 3],
    lacking: BTreeMap<(Vec<Doubt>, usize), String>,
}

impl Sureness {
    fn of(locale: Locale) -> Self {
        let grades = Confidence::ALL.map(|one| (one, words::confidence(one, locale)));
        Self { locale, grades, lacking: BTreeMap::new() }
    }

    fn grade(&self, item: &Recommendation) -> Cell {
        let grade = item.confidence();
        Cell::optional(self.grades.iter().find(|(one, _)| *one == grade).map(|(_, word)| word))
    }

    fn lacking(&mut self, item: &Recommendation) -> Cell {
        let key = (item.doubts(), item.evidence.signals_not_seen.len());
        let words = self.lacking.entry(key).or_insert_with(|| words::doubts(item, self.locale));
        Cell::optional(Some(words.as_str()).filter(|words| !words.is_empty()))
    }
}

/// Returns one line: how many, how much a month, what share of the cost, how many unjudged.
fn total_line(analysis: &Analysis, style: &Style) -> String {
    let locale = style.locale();
    // Beside a sum stands how many are in it; what only a repair saves is counted behind.
    let apart = analysis.items.iter().filter(|item| item.is_conditional()).count();
    let count = (analysis.items.len() - apart).to_string();
    let mut parts = vec![locale.text_with("count-items", &[("count", &count)])];
    for total in analysis.totals.values().filter(|total| total.likely.is_positive()) {
        let saving = style.green(&style.monthly_range(total.likely, total.low, total.high));
        parts.push(match total.monthly_cost {
            Some(cost) => locale.text_with(
                "saving-and-share",
                &[
                    ("saving", &saving),
                    ("share", &number::share(total.likely.amount, cost.effective.amount)),
                ],
            ),
            None => locale.text_with("saving-without-share", &[("saving", &saving)]),
        });
    }
    let conditional = analysis.totals.values().filter_map(|total| total.conditional);
    for saving in conditional.filter(|saving| saving.is_positive()) {
        let saving = style.monthly(saving);
        let arguments = [("count", apart.to_string()), ("saving", saving)];
        let arguments = arguments.each_ref().map(|(name, text)| (*name, text.as_str()));
        parts.push(locale.text_with("saving-conditional", &arguments));
    }
    let unjudged: BTreeSet<_> = analysis.unknown.iter().map(|item| &item.resource).collect();
    if !unjudged.is_empty() {
        let count = unjudged.len().to_string();
        parts.push(locale.text_with("count-unjudged-resources", &[("count", &count)]));
    }
    parts.join(" · ")
}
