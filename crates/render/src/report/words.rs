//! Values of a report as its reader sees them, in every format alike.

use rust_decimal::Decimal;

use trimtab_model::document::{
    ChartBlock, ChartData, Decision, Document, Sentence, SpanValue, Target, Tone, Value,
};
use trimtab_model::money::{Currency, Money};
use trimtab_model::text::{Language, Text};

use crate::locale::Locale;
use crate::style::Style;
use crate::{money, number, sanitise, time, width};

/// Cells of a name from outside; a longer one is cut, and the cut is marked.
pub(super) const MOST_NAME_CELLS: usize = 80;
/// Cells of a text: reasons carry figures, and may carry names.
pub(super) const MOST_TEXT_CELLS: usize = 600;

/// A part of a sentence, as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Piece {
    /// The words, safe but not escaped.
    pub(super) text: String,
    /// What its colour says.
    pub(super) tone: Tone,
    /// Where it leads.
    pub(super) target: Option<Target>,
    /// Whether it is an amount: those are never broken over two lines.
    pub(super) is_figure: bool,
}

/// Returns a value as its reader sees it, safe but not escaped.
pub(super) fn shown(value: &Value, style: &Style) -> String {
    match value {
        Value::Text(text) => words(text, style),
        Value::Name(name) => self::name(name),
        Value::Amount(money) => style.amount(*money),
        Value::Monthly(money) => style.monthly(*money),
        Value::Change(money) => signed(style.amount(absolute(*money)), money.amount),
        Value::MonthlyChange(money) => signed(style.monthly(absolute(*money)), money.amount),
        Value::UnitPrice(money) => unit_price(style.displayed(*money)),
        Value::MonthlyRange { low, likely, high } => style.monthly_range(*likely, *low, *high),
        Value::Range { low, likely, high } => style.amount_range(*likely, *low, *high),
        Value::Percent(percent) => number::percent(*percent),
        Value::PercentChange(percent) => {
            let sign = if *percent < 0.0 { Decimal::NEGATIVE_ONE } else { Decimal::ONE };
            let sign = if *percent == 0.0 { Decimal::ZERO } else { sign };
            signed(number::percent(percent.abs()), sign)
        }
        Value::Count(count) => number::count(*count),
        Value::Number(number) => number::exact(*number),
        Value::Date(date) => date.to_string(),
        Value::Moment(moment) => time::date_time(*moment, &style.time_zone),
        Value::Currency(currency) => currency.code().to_owned(),
        Value::Link(link) => words(&link.words, style),
        Value::Missing(why) => {
            let why = words(why, style);
            if why.is_empty() { "–".to_owned() } else { format!("– {why}") }
        }
    }
}

/// Returns the exact amount behind a short one, for whoever wants it; absent for other values.
pub(super) fn exact(value: &Value, style: &Style) -> Option<String> {
    let exact = |money: Money| {
        let converted = style.displayed(money);
        let own = format!("{} {}", money::full(money), money.currency.code());
        if converted.currency == money.currency {
            own
        } else {
            format!("{} · {own}", money::full(converted))
        }
    };
    match value {
        Value::Amount(money)
        | Value::Monthly(money)
        | Value::Change(money)
        | Value::MonthlyChange(money) => Some(exact(*money)),
        Value::UnitPrice(money) => Some(money::precise(*money)),
        Value::MonthlyRange { low, likely, high } | Value::Range { low, likely, high } => {
            Some([likely, low, high].map(|money| exact(*money)).join(" / "))
        }
        Value::Text(_)
        | Value::Name(_)
        | Value::Percent(_)
        | Value::PercentChange(_)
        | Value::Count(_)
        | Value::Number(_)
        | Value::Date(_)
        | Value::Moment(_)
        | Value::Currency(_)
        | Value::Link(_)
        | Value::Missing(_) => None,
    }
}

/// Returns a text in the reader's language, safe and not endless.
pub(super) fn words(text: &Text, style: &Style) -> String {
    width::truncated(&style.sentence(text), MOST_TEXT_CELLS)
}

/// Returns a name from outside, safe and not endless.
pub(super) fn name(name: &str) -> String {
    if let Some(end) = end_of_arn(name) {
        return format!("…{end}");
    }
    // A name of megabytes is not measured cell by cell.
    let start: String = name.chars().take(4 * MOST_NAME_CELLS).collect();
    width::truncated(sanitise(&start).trim(), MOST_NAME_CELLS)
}

/// Returns the end of an ARN that is too long to be shown: what tells it from another one. Files for
/// machines and workbooks have it whole.
fn end_of_arn(name: &str) -> Option<String> {
    let is_long = name.starts_with("arn:") && name.chars().nth(MOST_NAME_CELLS).is_some();
    let end = name.rsplit(':').next().filter(|_| is_long)?;
    let end =
        if end.chars().nth(MOST_NAME_CELLS - 2).is_some() { end.rsplit('/').next()? } else { end };
    let is_short = end.chars().nth(MOST_NAME_CELLS - 2).is_none();
    (is_short && !end.is_empty()).then(|| sanitise(end).trim().to_owned())
}

/// Returns the parts of a sentence.
pub(super) fn pieces(sentence: &Sentence, style: &Style) -> Vec<Piece> {
    let piece = |span: &trimtab_model::document::Span| match &span.value {
        SpanValue::Words(words) => {
            Piece { text: sanitise(words), tone: span.tone, target: None, is_figure: false }
        }
        SpanValue::Value(value) => Piece {
            text: shown(value, style),
            tone: span.tone,
            target: match value {
                Value::Link(link) => Some(link.target.clone()),
                _ => None,
            },
            is_figure: !value.amounts().is_empty(),
        },
    };
    sentence.spans(style.language).iter().map(piece).collect()
}

/// Returns a sentence without its marks.
pub(super) fn line(sentence: &Sentence, style: &Style) -> String {
    pieces(sentence, style).into_iter().map(|piece| piece.text).collect()
}

/// Returns the text of a key in every language.
pub(super) fn both(key: &str) -> Text {
    Text::new(Locale::new(Language::En).text(key), Locale::new(Language::Ko).text(key))
}

/// Returns the line below the title: the days, and when it was made.
pub(super) fn subtitle(document: &Document, style: &Style) -> String {
    style.locale().text_with(
        "report-subtitle",
        &[
            ("first", &document.period.first.to_string()),
            ("last", &document.period.last.to_string()),
            ("moment", &time::date_time(document.as_of, &style.time_zone)),
        ],
    )
}

/// Returns the lines below the report: what must be known to read it, and the rates.
pub(super) fn footer(document: &Document, style: &Style) -> Vec<String> {
    let mut lines: Vec<String> =
        document.footer.iter().map(|sentence| line(sentence, style)).collect();
    lines.extend(style.rate_lines(currencies(document)));
    lines
}

/// Returns the word for a deadline.
pub(super) fn deadline(decision: &Decision, style: &Style) -> Option<String> {
    let moment = time::date_time(decision.deadline?, &style.time_zone);
    Some(style.locale().text_with("report-deadline", &[("moment", &moment)]))
}

/// Returns the words for whoever decides; none where nobody is named for anything.
pub(super) fn owner(decision: &Decision, style: &Style) -> Option<String> {
    let owner = shown(decision.owner.as_ref()?, style);
    Some(style.locale().text_with("report-owner", &[("owner", &owner)]))
}

/// Returns the words for the decisions that are not shown.
pub(super) fn more_decisions(more: u64, style: &Style) -> Option<String> {
    let count = more.to_string();
    (more > 0).then(|| style.locale().text_with("report-more-decisions", &[("count", &count)]))
}

/// Returns the currencies of every amount, those of charts included.
pub(super) fn currencies(document: &Document) -> Vec<Currency> {
    let mut all: Vec<Currency> = document
        .values()
        .flat_map(Value::amounts)
        .map(|money| money.currency)
        .chain(document.blocks().filter_map(chart).flat_map(chart_currencies))
        .collect();
    all.sort();
    all.dedup();
    all
}

fn chart(block: &trimtab_model::document::Block) -> Option<&ChartBlock> {
    match block {
        trimtab_model::document::Block::Chart(chart) => Some(chart),
        _ => None,
    }
}

fn chart_currencies(chart: &ChartBlock) -> Vec<Currency> {
    match &chart.data {
        ChartData::DailyBars(bars) => {
            bars.iter().filter_map(|bar| bar.amount).map(|money| money.currency).collect()
        }
        ChartData::Bridge { from, .. } => vec![from.amount.currency],
        ChartData::Stack { series, .. } => series
            .iter()
            .flat_map(|series| series.amounts.iter().flatten())
            .map(|money| money.currency)
            .collect(),
        ChartData::Funnel(steps) => {
            steps.iter().filter_map(|step| step.amount).map(|money| money.currency).collect()
        }
        ChartData::Dumbbell(pairs) => pairs.iter().map(|pair| pair.estimated.currency).collect(),
        ChartData::Fan(points) => points.iter().map(|point| point.likely.currency).collect(),
        ChartData::Heat { .. } => Vec::new(),
    }
}

fn absolute(money: Money) -> Money {
    Money::new(money.amount.abs(), money.currency)
}

fn signed(magnitude: String, sign: Decimal) -> String {
    if sign.is_zero() || magnitude.starts_with('<') {
        magnitude
    } else if sign.is_sign_negative() {
        format!("−{magnitude}")
    } else {
        format!("+{magnitude}")
    }
}

/// Three digits that matter: a user costs less than a cent.
fn unit_price(money: Money) -> String {
    let rounded = money.amount.round_sf(3).unwrap_or(money.amount);
    format!("{}{}", money::symbol(money.currency), number::exact(rounded))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_arn_is_told_by_its_end() {
        let plan =
            "arn:aws:savingsplans::123456789012:savingsplan/5f1c6a0e-2d3b-4c55-9a77-0d3f6b8e1a20";
        assert_eq!(name(plan), "…savingsplan/5f1c6a0e-2d3b-4c55-9a77-0d3f6b8e1a20");
        assert_eq!(name("arn:aws:s3:::starfall"), "arn:aws:s3:::starfall");
        let long = format!("arn:aws:x:::a/{}", "b".repeat(200));
        assert!(name(&long).ends_with('…') && name(&long).chars().count() <= MOST_NAME_CELLS);
    }
}
