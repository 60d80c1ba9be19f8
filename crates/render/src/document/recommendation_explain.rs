//! How a recommendation's number came about, step by step, in sentences.

use trimtab_model::action::Action;
use trimtab_model::evidence::{COUNTED_AFTER, FigureValue};
use trimtab_model::price::PriceBasis;
use trimtab_model::recommendation::{CostComponent, Recommendation};

use super::page::Page;
use super::recommendation_show::product;
use super::second_opinion::second_opinion;
use super::words;
use crate::style::Style;
use crate::{number, sanitise, time};

/// Returns how the recommendation and its saving came about.
pub fn recommendation_explain(item: &Recommendation, style: &Style) -> String {
    let locale = style.locale();
    let mut page = Page::new(style);
    page.strong(&format!("{} · {}", item.id, words::resource_name(&item.resource)));
    page.gap();
    let mut steps = seen(item, style);
    steps.push(locale.text_with(
        "explain-finding",
        &[
            ("finding", &words::finding(item.finding, locale)),
            ("reason", &style.sentence(&item.reason.text)),
        ],
    ));
    steps.extend(chosen(item, style));
    steps.extend(costs(item, style));
    steps.push(saving(item, style));
    if item.is_conditional() {
        steps.push(locale.text("explain-saving-after-repair"));
    }
    steps.push(words::risk_sentence(item.performance_risk, locale));
    for (index, step) in steps.iter().enumerate() {
        page.step(index + 1, step);
    }
    if !item.evidence.signals_not_seen.is_empty() {
        page.heading(&locale.text("show-unseen"));
        for signal in &item.evidence.signals_not_seen {
            page.bullet(&style.sentence(&signal.text));
        }
    }
    if !item.evidence.notes.is_empty() {
        page.heading(&locale.text("explain-notes"));
        for note in &item.evidence.notes {
            page.bullet(&style.sentence(note));
        }
    }
    second_opinion(&mut page, item, style);
    page.gap();
    for line in style.rate_lines([item.estimated_monthly_savings.currency()]) {
        page.faint(&line);
    }
    page.finish()
}

/// What was looked at, and what it showed.
fn seen(item: &Recommendation, style: &Style) -> Vec<String> {
    let locale = style.locale();
    let mut steps = vec![locale.text_with("explain-check", &[("check", item.check.as_str())])];
    for metric in &item.evidence.coverage {
        steps.push(locale.text_with(
            "explain-metric",
            &[
                ("metric", &sanitise(&format!("{} {}", metric.namespace, metric.metric))),
                ("statistic", metric.statistic.as_str()),
                (
                    "samples",
                    &locale.text_with("count-samples", &[("count", &metric.samples.to_string())]),
                ),
                ("period", &time::duration(u64::from(metric.period_seconds), locale)),
                ("coverage", &number::percent(metric.coverage * 100.0)),
                ("gap", &time::duration(metric.longest_gap_seconds, locale)),
            ],
        ));
    }
    for figure in &item.evidence.figures {
        let shown = |value| words::figure_value(value, &figure.unit, locale);
        let label = style.sentence(&figure.label);
        let value = shown(&figure.value);
        steps.push(match &figure.threshold {
            Some(threshold) => locale.text_with(
                "explain-figure-threshold",
                &[("label", &label), ("value", &value), ("threshold", &shown(threshold))],
            ),
            None => locale.text_with("explain-figure", &[("label", &label), ("value", &value)]),
        });
    }
    steps
}

/// Which change was chosen, and what it would look like.
fn chosen(item: &Recommendation, style: &Style) -> Vec<String> {
    let locale = style.locale();
    let change = words::change(&item.action, locale);
    let mut steps = vec![if item.options.len() > 1 {
        let count = item.options.len().to_string();
        locale.text_with("explain-chosen-of", &[("change", &change), ("count", &count)])
    } else {
        locale.text_with("explain-chosen", &[("change", &change)])
    }];
    if !item.projected.is_empty() {
        let projected = words::projections(&item.projected, locale);
        steps.push(locale.text_with("explain-projected", &[("projected", &projected)]));
    }
    steps
}

/// What it costs now and afterwards.
fn costs(item: &Recommendation, style: &Style) -> Vec<String> {
    let locale = style.locale();
    let estimate = &item.estimated_monthly_savings;
    let formula = |components: &[CostComponent]| {
        let products: Vec<String> = components
            .iter()
            .map(|component| {
                format!("{} {}", sanitise(&component.name), product(component, locale))
            })
            .collect();
        if products.is_empty() { locale.text("formula-nothing") } else { products.join("; ") }
    };
    let mut steps = vec![
        locale.text_with("explain-list-now", &[("formula", &formula(&estimate.formula_now))]),
        locale.text_with(
            "explain-list-after",
            &[
                ("formula", &formula(&estimate.formula_after)),
                ("before", &style.monthly(estimate.before_discounts)),
            ],
        ),
    ];
    let now = style.monthly(estimate.cost_now);
    let after = style.monthly(estimate.cost_after);
    let arguments = [("now", now.as_str()), ("after", after.as_str())];
    if let Some(earlier) = counted_after(item) {
        let arguments = [("now", now.as_str()), ("after", after.as_str()), ("earlier", &*earlier)];
        let key = match item.is_conditional() {
            true if matches!(item.action, Action::ConvertServerless(_)) => {
                "explain-basis-as-function"
            }
            true => "explain-basis-after-repair",
            false => "explain-basis-remaining",
        };
        steps.push(locale.text_with(key, &arguments));
        return steps;
    }
    steps.push(match estimate.basis {
        PriceBasis::Bill => locale.text_with("explain-basis-bill", &arguments),
        PriceBasis::List => locale.text_with("explain-basis-list", &arguments),
        PriceBasis::Estimated => locale.text_with("explain-basis-estimated", &arguments),
    });
    steps
}

/// Returns the recommendation after which the amounts of this one are counted.
fn counted_after(item: &Recommendation) -> Option<String> {
    let figure = item.evidence.figures.iter().find(|figure| figure.name == COUNTED_AFTER)?;
    match &figure.value {
        FigureValue::Word(id) => Some(sanitise(id)),
        FigureValue::Number(_) => None,
    }
}

/// What is saved, and why the three figures differ.
fn saving(item: &Recommendation, style: &Style) -> String {
    let locale = style.locale();
    let estimate = &item.estimated_monthly_savings;
    let likely = style.monthly(estimate.likely);
    let low = style.monthly(estimate.low);
    let high = style.monthly(estimate.high);
    let arguments = [("likely", likely.as_str()), ("low", low.as_str()), ("high", high.as_str())];
    if estimate.low == estimate.high {
        locale.text_with("explain-saving-exact", &[("likely", &likely)])
    } else if matches!(item.action, Action::ApplySchedule { .. }) {
        locale.text_with("explain-saving-schedule", &arguments)
    } else if estimate.basis == PriceBasis::Bill {
        locale.text_with("explain-saving-covered", &arguments)
    } else {
        locale.text_with("explain-saving-unseen", &arguments)
    }
}
