//! The sizes of a function beside one another.

use rust_decimal::Decimal;

use trimtab_model::money::Money;
use trimtab_model::price::Price;
use trimtab_model::tuning::{CallsFrom, Step, Strategy, TunedSize, Tuning};

use super::page::Page;
use super::serverless::function_of;
use super::words;
use crate::locale::Locale;
use crate::number::{count, exact};
use crate::sanitise;
use crate::style::Style;
use crate::table::{Cell, Column, Kind, Priority, Table};

/// Fewer calls of a size than these have no fastest and slowest fifth.
const LEAST_TRIMMED: u32 = 5;

/// Makes the list of sizes.
pub fn tuning_table(tuning: &Tuning, style: &Style) -> Table {
    let locale = style.locale();
    let column =
        |key, title: &str, kind, priority| Column::new(key, locale.text(title), kind, priority);
    let mut table = Table::new(vec![
        column("memory_mb", "column-function-memory", Kind::Count, Priority::Essential),
        column("architecture", "column-function-architecture", Kind::Text, Priority::High),
        column("samples", "column-samples", Kind::Count, Priority::Normal),
        column("trimmed", "column-trimmed", Kind::Count, Priority::Wide),
        column("duration_ms", "column-call-duration", Kind::Number, Priority::Essential),
        column("billed_ms", "column-billed-duration", Kind::Number, Priority::Wide),
        column(
            "gb_seconds_per_million",
            "column-gb-seconds-per-million",
            Kind::Number,
            Priority::Wide,
        ),
        column("cost_per_million", "column-cost-per-million", Kind::Money, Priority::Essential),
        column("cost_times", "column-cost-times", Kind::Number, Priority::Normal),
        column("duration_times", "column-duration-times", Kind::Number, Priority::Normal),
        column("cost_per_month", "column-function-cost", Kind::Money, Priority::High),
        column("step", "column-size-step", Kind::Text, Priority::High),
        column("mark", "column-size-mark", Kind::Text, Priority::Essential),
    ]);
    for size in &tuning.sizes {
        table.row(row(size, locale));
    }
    table
}

fn row(size: &TunedSize, locale: Locale) -> Vec<Cell> {
    let whole = |count: Option<u32>| count.map_or(Cell::Missing, |count| Cell::Count(count.into()));
    let number = |value: Option<Decimal>| value.map_or(Cell::Missing, Cell::Number);
    let mut marks = Vec::new();
    if size.is_chosen {
        marks.push(locale.text("size-chosen"));
    }
    if size.is_present {
        marks.push(locale.text("size-present"));
    }
    vec![
        Cell::Count(size.memory_mb.into()),
        Cell::text(size.architecture.as_str()),
        whole(size.samples),
        whole(size.trimmed),
        Cell::Number(size.duration_ms),
        Cell::Number(size.billed_ms),
        Cell::Number(size.gb_seconds_per_million),
        Cell::UnitCost(Money::usd(size.usd_per_million)),
        number(size.cost_times),
        number(size.duration_times),
        size.usd_per_month.map_or(Cell::Missing, |usd| Cell::Amount(Money::usd(usd))),
        Cell::optional(size.step.map(|step| step_word(step, locale))),
        Cell::text(marks.join(", ")),
    ]
}

fn step_word(step: Step, locale: Locale) -> String {
    locale.text(match step {
        Step::CpuBound => "step-cpu-bound",
        Step::Mixed => "step-mixed",
        Step::Waiting => "step-waiting",
        Step::Slower => "step-slower",
    })
}

/// Returns what stands below the list: the size that was chosen and what it changes, what was left out, and the prices.
pub fn tuning_notes(tuning: &Tuning, style: &Style) -> String {
    let locale = style.locale();
    let mut page = Page::new(style);
    page.gap();
    if let Some(chosen) = tuning.chosen() {
        page.strong(&chosen_words(tuning, chosen, style));
        effect(&mut page, tuning, chosen, style);
    }
    match tuning.calls {
        Some(calls) => {
            let key = match calls.source {
                CallsFrom::Given => "tuning-calls-given",
                CallsFrom::Metrics => "tuning-calls-measured",
            };
            page.sentence(&locale.text_with(key, &[("calls", &exact(calls.calls.round()))]));
        }
        None => page.sentence(&locale.text("tuning-calls-unknown")),
    }
    for (left_out, key) in [
        (tuning.cold_left_out, "tuning-cold-left-out"),
        (tuning.others_left_out, "tuning-others-left-out"),
    ] {
        if left_out > 0 {
            page.sentence(&locale.text_with(key, &[("count", &count(left_out))]));
        }
    }
    let few: Vec<String> = tuning
        .sizes
        .iter()
        .filter(|one| one.samples.is_some_and(|samples| samples < LEAST_TRIMMED))
        .map(|one| one.memory_mb.to_string())
        .collect();
    if !few.is_empty() {
        page.sentence(&locale.text_with("tuning-few-samples", &[("sizes", &few.join(", "))]));
    }
    if tuning.sizes.iter().any(|one| one.samples.is_none()) {
        page.sentence(&locale.text("tuning-means"));
    }
    for (architecture, price) in &tuning.gb_second_prices {
        let unit = format!("GB-second, {}", architecture.as_str());
        page.faint(&price_words(&unit, price, tuning, locale));
    }
    page.faint(&price_words("request", &tuning.request_price, tuning, locale));
    page.finish()
}

fn chosen_words(tuning: &Tuning, chosen: &TunedSize, style: &Style) -> String {
    let locale = style.locale();
    let key = match tuning.strategy {
        Strategy::Cost => "tuning-cheapest",
        Strategy::Speed => "tuning-fastest",
        Strategy::Balanced => "tuning-balanced",
    };
    let balance = tuning.balance.map_or_else(String::new, exact);
    let size = function_of(chosen.memory_mb, chosen.architecture, locale);
    locale.text_with(
        "tuning-chosen",
        &[
            ("strategy", &locale.text_with(key, &[("balance", &balance)])),
            ("size", &size),
            ("duration", &exact(chosen.duration_ms)),
            ("amount", &unit_cost(chosen.usd_per_million, style)),
        ],
    )
}

fn unit_cost(usd: Decimal, style: &Style) -> String {
    crate::money::unit(style.displayed(Money::usd(usd)))
}

/// Says what the chosen size changes against the present one.
fn effect(page: &mut Page<'_>, tuning: &Tuning, chosen: &TunedSize, style: &Style) {
    let locale = style.locale();
    let Some(function) = &tuning.function else { return };
    let name = words::resource_name(function);
    let Some(saved) = tuning.saved_per_million else {
        let memory = tuning.present_memory_mb.map(|memory| memory.to_string());
        page.sentence(&match memory {
            Some(memory) => locale
                .text_with("tuning-present-unmeasured", &[("name", &name), ("memory", &memory)]),
            None => locale.text_with("tuning-present-unknown", &[("name", &name)]),
        });
        return;
    };
    if chosen.is_present {
        page.sentence(&locale.text_with("tuning-present-is-chosen", &[("name", &name)]));
        return;
    }
    let key = match saved.is_sign_negative() {
        true => "tuning-dearer",
        false => "tuning-cheaper",
    };
    let amount = unit_cost(saved.abs(), style);
    page.sentence(&locale.text_with(key, &[("name", &name), ("amount", &amount)]));
    if let Some(month) = tuning.saved_per_month {
        let amount = style.monthly(Money::usd(month.abs()));
        let key = match month.is_sign_negative() {
            true => "tuning-dearer-monthly",
            false => "tuning-cheaper-monthly",
        };
        page.sentence(&locale.text_with(key, &[("amount", &amount)]));
    }
    if let Some(times) = chosen.duration_times {
        page.sentence(&locale.text_with("tuning-duration", &[("times", &exact(times))]));
    }
}

fn price_words(unit: &str, price: &Price, tuning: &Tuning, locale: Locale) -> String {
    let day = price.as_of.map_or_else(String::new, |day| format!(", {day}"));
    locale.text_with(
        "tuning-price",
        &[
            ("unit", unit),
            ("price", &crate::money::precise(Money::usd(price.usd))),
            ("region", &sanitise(tuning.region.as_str())),
            ("source", &format!("{}{day}", sanitise(&price.source))),
        ],
    )
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use trimtab_model::price::PriceBasis;
    use trimtab_model::serverless::FunctionArchitecture;
    use trimtab_model::text::Language;

    use super::*;
    use crate::table::TableOptions;

    fn size(memory_mb: u32, duration_ms: i64, usd: Decimal) -> TunedSize {
        TunedSize {
            memory_mb,
            architecture: FunctionArchitecture::Arm64,
            samples: Some(4),
            trimmed: Some(0),
            duration_ms: duration_ms.into(),
            billed_ms: duration_ms.into(),
            gb_seconds_per_million: Decimal::ONE,
            usd_per_million: usd,
            step: None,
            cost_times: None,
            duration_times: None,
            usd_per_month: None,
            is_present: false,
            is_chosen: memory_mb == 512,
        }
    }

    fn tuning() -> Tuning {
        let price = Price {
            usd: Decimal::new(2, 7),
            unit: "request".to_owned(),
            basis: PriceBasis::List,
            source: "price list".to_owned(),
            as_of: None,
        };
        Tuning {
            function: None,
            region: "us-east-1".into(),
            present_memory_mb: None,
            strategy: Strategy::Balanced,
            balance: Some(Decimal::new(5, 1)),
            calls: None,
            cold_left_out: 3,
            others_left_out: 0,
            sizes: vec![
                size(128, 800, Decimal::new(153_334, 5)),
                size(512, 220, Decimal::new(1_666_674, 6)),
            ],
            saved_per_million: None,
            saved_per_month: None,
            request_price: price.clone(),
            gb_second_prices: BTreeMap::from([(FunctionArchitecture::Arm64, price)]),
        }
    }

    #[test]
    fn a_size_is_told_with_what_was_left_out_and_the_prices() {
        for (language, words) in [
            (Language::En, ["Balanced", "3 calls", "128, 512", "price list"]),
            (Language::Ko, ["균형", "3회", "128, 512", "price list"]),
        ] {
            let style = Style::plain(language);
            let notes = tuning_notes(&tuning(), &style);
            for word in words {
                assert!(notes.contains(word), "{word}: {notes}");
            }
            let table = tuning_table(&tuning(), &style);
            let text = table.render(&style, &TableOptions::default()).expect("a table");
            assert!(text.contains("$1.667"), "{text}");
        }
    }
}
