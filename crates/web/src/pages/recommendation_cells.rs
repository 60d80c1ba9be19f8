//! What is drawn in the list of recommendations: how sure each is, its range on a scale that all rows share, and how
//! its resource was used.
//!
//! Only the rows of the page are drawn. The use comes from the analysis, which keeps the days of the metric that it
//! looked at first: no sample is read.

use std::collections::{BTreeMap, HashMap};

use maud::{Markup, PreEscaped, html};

use trimtab_model::money::{Currency, Money};
use trimtab_model::recommendation::Recommendation;
use trimtab_render::chart::{Caption, Range, Size, Spark};
use trimtab_render::document::words;
use trimtab_render::sanitise;

use crate::reader::Reader;
use crate::ui::{self, Draw, Row, Sheet, drawn_sheet};
use crate::view::threshold;

/// The recommendations of a list, to draw some of them.
pub(super) struct Cells<'a> {
    items: HashMap<&'a str, &'a Recommendation>,
    /// The largest saving in each currency: where its bars end.
    scales: BTreeMap<Currency, Money>,
}

impl<'a> Cells<'a> {
    /// Prepares what may be drawn of a list.
    pub(super) fn of(items: &[&'a Recommendation]) -> Self {
        let mut scales: BTreeMap<Currency, Money> = BTreeMap::new();
        for item in items {
            let high = item.estimated_monthly_savings.high;
            let scale = scales.entry(high.currency).or_insert(high);
            scale.amount = scale.amount.max(high.amount);
        }
        Self { items: items.iter().map(|item| (item.id.as_str(), *item)).collect(), scales }
    }

    /// Returns the table of the list.
    pub(super) fn sheet(&self, reader: &Reader, sheet: &Sheet<'_>) -> Markup {
        let item = |row: &Row<'_>| row.text("id").and_then(|id| self.items.get(id).copied());
        let drawn =
            |row: &Row<'_>, words: Markup, draw: fn(&Self, &Reader, &Recommendation) -> Markup| {
                let picture = item(row).map(|item| draw(self, reader, item));
                html! { (words) @if let Some(picture) = picture { (picture) } }
            };
        let range: Draw<'_> = &|row, words| drawn(row, words, Self::range);
        let used: Draw<'_> = &|row, words| match item(row) {
            Some(item) => used(reader, item, &words),
            None => words,
        };
        let confidence: Draw<'_> = &|row, words| match item(row) {
            Some(item) => confidence(reader, item),
            None => words,
        };
        let risk: Draw<'_> = &|row, words| match item(row) {
            Some(item) => ui::risk(item.performance_risk, reader.locale()),
            None => words,
        };
        let environment: Draw<'_> = &|row, words| match item(row) {
            Some(item) => ui::environment(item.resource.environment, reader.locale()),
            None => words,
        };
        let identifier: Draw<'_> = &|_, words| html! { span class="whole" { (words) } };
        let all = [
            ("id", identifier),
            ("saving", range),
            ("use", used),
            ("confidence", confidence),
            ("risk", risk),
            ("environment", environment),
        ];
        drawn_sheet(reader, sheet, &all)
    }

    /// The range of a saving below its words, which say the same.
    fn range(&self, reader: &Reader, item: &Recommendation) -> Markup {
        let saving = &item.estimated_monthly_savings;
        let bar = Range {
            caption: Caption::new(
                format!("range-{}", item.id),
                reader.text("label-savings"),
                reader.text("web-saving-about"),
            ),
            low: saving.low,
            likely: saving.likely,
            high: saving.high,
            scale: self.scales.get(&saving.currency()).copied().unwrap_or(saving.high),
        };
        let bar = bar.draw(Size::CELL, &reader.style).to_string();
        html! { span class="drawn" aria-hidden="true" { (PreEscaped(bar)) } }
    }
}

/// How sure it is, and how much could not be seen.
fn confidence(reader: &Reader, item: &Recommendation) -> Markup {
    let locale = reader.locale();
    let doubts = words::doubts(item, locale);
    html! {
        (ui::confidence(item.confidence(), locale))
        @if !doubts.is_empty() { span class="range" { (doubts) } }
    }
}

/// How a resource was used, by the day; of one without samples only who does not see the page is told so.
fn used(reader: &Reader, item: &Recommendation, words: &Markup) -> Markup {
    let Some((metric, daily)) = item.evidence.first_use() else {
        return html! { span class="hidden" { (reader.text("web-not-measured")) } };
    };
    let days = daily.values.len().to_string();
    let spark = Spark {
        caption: Caption::new(
            format!("use-{}", item.id),
            sanitise(&metric.metric),
            reader.text_with(
                "web-measured-use-about",
                &[("count", &days), ("from", &daily.from.to_string())],
            ),
        ),
        values: daily.values.clone(),
        unit: words::first_use_unit(metric),
        limit: threshold(item, metric),
    };
    let spark = spark.draw(Size::CELL, &reader.style).to_string();
    html! {
        span class="drawn" { (PreEscaped(spark)) }
        span class="range" { (words) }
    }
}
