//! `trimtab report … -o json`: a report as values.

use serde_json::{Value as Json, json};

use trimtab_model::document::{
    Bar, Block, BridgeStep, ChartBlock, ChartData, Decision, Document, Figure, Rows, Section,
    Sentence, SpanValue, Target, Tone, Value,
};
use trimtab_model::money::Money;
use trimtab_model::text::{Language, Text};

use super::text::money;
use crate::number::decimal_text;

/// The name and version of this shape.
pub const SCHEMA: &str = "trimtab/v1/report";

/// Returns a report as JSON. Amounts are exact and in their own currency.
pub fn report_json(document: &Document, language: Language) -> Json {
    let sections: Vec<Json> = document.sections.iter().map(|one| section(one, language)).collect();
    let footer: Vec<Json> = document.footer.iter().map(|one| sentence(one, language)).collect();
    json!({
        "schema": SCHEMA,
        "kind": document.kind.as_str(),
        "title": document.title.get(language),
        "as_of": document.as_of.to_string(),
        "period": {
            "first": document.period.first.to_string(),
            "last": document.period.last.to_string(),
        },
        "basis": document.basis.as_str(),
        "verdict": sentence(&document.verdict, language),
        "sections": sections,
        "footer": footer,
    })
}

fn section(section: &Section, language: Language) -> Json {
    let blocks: Vec<Json> = section.blocks.iter().map(|one| block(one, language)).collect();
    json!({
        "name": section.name,
        "title": section.title.as_ref().map(|title| title.get(language)),
        "blocks": blocks,
    })
}

fn block(block: &Block, language: Language) -> Json {
    match block {
        Block::Figures(figures) => {
            let items: Vec<Json> = figures.iter().map(|one| figure(one, language)).collect();
            json!({ "type": "figures", "items": items })
        }
        Block::Chart(one) => chart(one, language),
        Block::Rows(one) => rows(one, language),
        Block::Note(note) => json!({
            "type": "note",
            "level": note.level.as_str(),
            "sentence": sentence(&note.sentence, language),
        }),
        Block::Decisions(decisions) => {
            let items: Vec<Json> =
                decisions.items.iter().map(|one| decision(one, language)).collect();
            json!({ "type": "decisions", "items": items, "more": decisions.more })
        }
    }
}

fn figure(figure: &Figure, language: Language) -> Json {
    json!({
        "name": figure.name,
        "label": figure.label.get(language),
        "value": value(&figure.value, language),
        "note": figure.note.as_ref().map(|note| sentence(note, language)),
        "tone": figure.tone.as_str(),
    })
}

fn rows(rows: &Rows, language: Language) -> Json {
    let columns: Vec<Json> = rows
        .columns
        .iter()
        .map(|column| {
            json!({
                "name": column.name,
                "title": column.title.get(language),
                "kind": column.kind.as_str(),
            })
        })
        .collect();
    let items: Vec<Json> = rows
        .rows
        .iter()
        .map(|row| {
            let cells: Vec<Json> =
                row.cells.iter().map(|(cell, tone)| toned(cell, *tone, language)).collect();
            json!({ "cells": cells, "is_total": row.is_total })
        })
        .collect();
    json!({
        "type": "rows",
        "name": rows.name,
        "title": rows.title.as_ref().map(|title| title.get(language)),
        "columns": columns,
        "rows": items,
    })
}

fn decision(decision: &Decision, language: Language) -> Json {
    json!({
        "kind": decision.kind.as_str(),
        "title": decision.title.get(language),
        "target": decision.link.as_ref().map(|link| target(&link.target)),
        "savings": value(&decision.savings, language),
        "risk": value(&decision.risk, language),
        "owner": decision.owner.as_ref().map(|owner| value(owner, language)),
        "state": sentence(&decision.state, language),
        "deadline": decision.deadline.map(|deadline| deadline.to_string()),
    })
}

fn sentence(sentence: &Sentence, language: Language) -> Json {
    let spans = sentence.spans(language).iter().map(|span| match &span.value {
        SpanValue::Words(words) => toned(&Value::Text(Text::verbatim(words)), span.tone, language),
        SpanValue::Value(value) => toned(value, span.tone, language),
    });
    Json::Array(spans.collect())
}

/// A value and what its colour says.
fn toned(of: &Value, tone: Tone, language: Language) -> Json {
    let mut json = value(of, language);
    if tone != Tone::Plain
        && let Some(object) = json.as_object_mut()
    {
        object.insert("tone".to_owned(), json!(tone.as_str()));
    }
    json
}

fn value(value: &Value, language: Language) -> Json {
    match value {
        Value::Text(text) => json!({ "type": "text", "text": text.get(language) }),
        Value::Name(name) => json!({ "type": "name", "text": name }),
        Value::Amount(amount) => of_money("amount", *amount),
        Value::Monthly(amount) => of_money("monthly", *amount),
        Value::Change(amount) => of_money("change", *amount),
        Value::MonthlyChange(amount) => of_money("monthly_change", *amount),
        Value::UnitPrice(amount) => of_money("unit_price", *amount),
        Value::MonthlyRange { low, likely, high } => range("monthly_range", *low, *likely, *high),
        Value::Range { low, likely, high } => range("range", *low, *likely, *high),
        Value::Percent(percent) => json!({ "type": "percent", "percent": percent }),
        Value::PercentChange(percent) => json!({ "type": "percent_change", "percent": percent }),
        Value::Count(count) => json!({ "type": "count", "count": count }),
        Value::Number(number) => json!({ "type": "number", "number": decimal_text(*number) }),
        Value::Date(date) => json!({ "type": "date", "date": date.to_string() }),
        Value::Moment(moment) => json!({ "type": "moment", "moment": moment.to_string() }),
        Value::Currency(currency) => json!({ "type": "currency", "currency": currency.code() }),
        Value::Link(link) => json!({
            "type": "link",
            "text": link.words.get(language),
            "target": target(&link.target),
        }),
        Value::Missing(why) => json!({ "type": "missing", "why": why.get(language) }),
    }
}

fn of_money(kind: &str, amount: Money) -> Json {
    json!({
        "type": kind,
        "currency": amount.currency.code(),
        "amount": decimal_text(amount.amount),
    })
}

fn range(kind: &str, low: Money, likely: Money, high: Money) -> Json {
    json!({
        "type": kind,
        "currency": likely.currency.code(),
        "low": decimal_text(low.amount),
        "likely": decimal_text(likely.amount),
        "high": decimal_text(high.amount),
    })
}

fn target(target: &Target) -> Json {
    match target {
        Target::Recommendation(id) => json!({ "type": "recommendation", "id": id.as_str() }),
        Target::Plan(id) => json!({ "type": "plan", "id": id.as_str() }),
        Target::Costs { first, last } => {
            json!({ "type": "costs", "first": first.to_string(), "last": last.to_string() })
        }
    }
}

fn chart(chart: &ChartBlock, language: Language) -> Json {
    let (kind, data) = chart_data(&chart.data, language);
    json!({
        "type": "chart",
        "name": chart.name,
        "title": chart.title.get(language),
        "caption": chart.caption.as_ref().map(|caption| sentence(caption, language)),
        "kind": kind,
        "data": data,
    })
}

fn chart_data(data: &ChartData, language: Language) -> (&'static str, Json) {
    match data {
        ChartData::DailyBars(bars) => ("daily_bars", bars.iter().map(bar).collect()),
        ChartData::Bridge { from, steps, to } => {
            let steps: Vec<Json> = steps.iter().map(|one| step(one, language)).collect();
            let data =
                json!({ "from": step(from, language), "steps": steps, "to": step(to, language) });
            ("bridge", data)
        }
        ChartData::Stack { days, provisional, series } => {
            let series: Vec<Json> = series
                .iter()
                .map(|one| {
                    let amounts: Vec<Json> =
                        one.amounts.iter().map(|amount| json!(amount.map(money))).collect();
                    json!({ "label": one.label.get(language), "amounts": amounts })
                })
                .collect();
            let dates = |days: &[jiff::civil::Date]| -> Json {
                days.iter().map(|day| json!(day.to_string())).collect()
            };
            let data = json!({
                "days": dates(days),
                "provisional": dates(provisional),
                "series": series,
            });
            ("stack", data)
        }
        ChartData::Funnel(steps) => {
            let step = |step: &trimtab_model::document::FunnelStep| {
                json!({
                    "name": step.name,
                    "label": step.label.get(language),
                    "amount": step.amount.map(money),
                    "missing": step.missing.as_ref().map(|why| why.get(language)),
                })
            };
            ("funnel", steps.iter().map(step).collect())
        }
        ChartData::Dumbbell(pairs) => {
            let pair = |pair: &trimtab_model::document::Pair| {
                json!({
                    "label": pair.label.get(language),
                    "estimated": money(pair.estimated),
                    "realized": pair.realized.map(money),
                })
            };
            ("dumbbell", pairs.iter().map(pair).collect())
        }
        ChartData::Fan(points) => {
            let point = |point: &trimtab_model::document::FanPoint| {
                json!({
                    "date": point.date.to_string(),
                    "likely": money(point.likely),
                    "low": point.range.map(|(low, _)| money(low)),
                    "high": point.range.map(|(_, high)| money(high)),
                })
            };
            ("fan", points.iter().map(point).collect())
        }
        ChartData::Heat { unit, values } => {
            ("heat", json!({ "unit": unit.get(language), "values": values }))
        }
    }
}

fn bar(bar: &Bar) -> Json {
    let group = match bar.group {
        trimtab_model::document::BarGroup::Previous => "previous",
        trimtab_model::document::BarGroup::Current => "current",
    };
    json!({
        "date": bar.date.to_string(),
        "amount": bar.amount.map(money),
        "group": group,
        "is_provisional": bar.is_provisional,
    })
}

fn step(step: &BridgeStep, language: Language) -> Json {
    json!({
        "name": step.name,
        "label": step.label.get(language),
        "amount": money(step.amount),
    })
}
