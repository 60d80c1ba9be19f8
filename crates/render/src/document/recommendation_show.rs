//! Everything about one recommendation.

use trimtab_model::money::Money;
use trimtab_model::recommendation::{
    CostComponent, Excess, ExpectedHarm, Projection, Recommendation, Restart,
};

use super::build_up::{build_up_notes, build_up_table};
use super::page::Page;
use super::second_opinion::second_opinion;
use super::words;
use crate::locale::Locale;
use crate::style::Style;
use crate::table::{Cell, Column, Kind, Priority, Table, Tone};
use crate::{money, number, sanitise, time, unit};

/// Returns everything about one recommendation.
pub fn recommendation_show(item: &Recommendation, style: &Style) -> String {
    let locale = style.locale();
    let mut page = Page::new(style);
    head(&mut page, item, style);
    page.heading(&locale.text("show-money"));
    build_up(&mut page, item, style);
    evidence(&mut page, item, style);
    options(&mut page, item, style);
    page.heading(&locale.text("show-change"));
    let risk = words::risk(item.performance_risk, locale);
    let sentence = words::risk_sentence(item.performance_risk, locale);
    page.labelled(&locale.text("label-risk"), &format!("{risk}. {sentence}"));
    if !item.projected.is_empty() {
        let projected = words::projections(&item.projected, locale);
        page.labelled(&locale.text("label-projected"), &projected);
    }
    page.labelled(
        &locale.text("label-restart"),
        &match item.restart_needed {
            Restart::Needed => locale.text("restart-sentence-needed"),
            Restart::NotNeeded => locale.text("restart-sentence-not-needed"),
        },
    );
    page.labelled(&locale.text("label-undo"), &words::undo(&item.undo, locale));
    page.labelled(&locale.text("label-effort"), &words::effort(item.implementation_effort, locale));
    second_opinion(&mut page, item, style);
    commands(&mut page, item, style);
    page.gap();
    for line in style.rate_lines([item.estimated_monthly_savings.currency()]) {
        page.faint(&line);
    }
    page.finish()
}

fn head(page: &mut Page<'_>, item: &Recommendation, style: &Style) {
    let locale = style.locale();
    let resource = &item.resource;
    let title = format!(
        "{} · {} · {}",
        item.id,
        words::action_type(item.action_type, locale),
        words::resource_name(resource)
    );
    page.strong(&title);
    let environment = match words::environment_tone(resource.environment) {
        Tone::Danger => style.red(resource.environment.as_str()),
        Tone::Plain | Tone::Saved => resource.environment.as_str().to_owned(),
    };
    let place = [
        sanitise(resource.id.as_str()),
        resource.kind.as_str().to_owned(),
        environment,
        sanitise(resource.account.as_str()),
        sanitise(resource.region.as_str()),
    ];
    page.sentence(&place.join(" · "));
    page.gap();
    page.labelled(&locale.text("label-change"), &words::change(&item.action, locale));
    page.labelled(&locale.text("label-finding"), &words::finding(item.finding, locale));
    page.labelled(&locale.text("label-reason"), &style.sentence(&item.reason.text));
    page.labelled(&locale.text("label-check"), item.check.as_str());
}

/// Adds what is saved and how that is computed: quantity times price, before and after.
fn build_up(page: &mut Page<'_>, item: &Recommendation, style: &Style) {
    let locale = style.locale();
    let estimate = &item.estimated_monthly_savings;
    let saving = style.monthly_range(estimate.likely, estimate.low, estimate.high);
    let mut saving = format!("{} · {}", style.green(&saving), locale.text("summary-estimated"));
    if item.is_conditional() {
        saving.push_str(" · ");
        saving.push_str(&locale.text("summary-after-repair"));
    }
    page.labelled(&locale.text("label-savings"), &saving);
    let effective = locale.text("basis-effective");
    let now = format!("{} · {effective}", style.monthly(estimate.cost_now));
    page.labelled(&locale.text("label-cost-now"), &now);
    let after = format!("{} · {effective}", style.monthly(estimate.cost_after));
    page.labelled(&locale.text("label-cost-after"), &after);
    let before =
        format!("{} · {}", style.monthly(estimate.before_discounts), locale.text("basis-list"));
    page.labelled(&locale.text("label-before-discounts"), &before);
    page.labelled(&locale.text("label-basis"), &words::price_basis(estimate.basis, locale));
    page.gap();
    page.line(&format!(" {}", locale.text("show-formula-now")));
    formula(page, &estimate.formula_now, style);
    page.line(&format!(" {}", locale.text("show-formula-after")));
    formula(page, &estimate.formula_after, style);
    page.gap();
    page.line(&format!(" {}", locale.text("show-build-up")));
    let steps = estimate.build_up();
    if steps.has_steps() {
        page.block(&build_up_table(&steps, style).terminal(style));
    }
    for note in build_up_notes(estimate, style) {
        page.bullet(&note);
    }
}

/// Adds `quantity unit × price = amount`, each with the price's source, date and basis.
pub(super) fn formula(page: &mut Page<'_>, components: &[CostComponent], style: &Style) {
    let locale = style.locale();
    if components.is_empty() {
        page.bullet(&locale.text("formula-nothing"));
    }
    for component in components {
        page.bullet(&format!(
            "{}: {} · {}",
            sanitise(&component.name),
            product(component, locale),
            price_source(component, style)
        ));
    }
}

/// Decimals of a shown unit price: enough for a Lambda request, few enough to read.
const PRICE_DECIMALS: u32 = 10;

/// Returns `730 hours × $0.192 = $140.16`.
pub(super) fn product(component: &CostComponent, locale: Locale) -> String {
    let price = money::precise(Money::usd(component.price.usd.round_dp(PRICE_DECIMALS)));
    let amount = component.amount().map_or_else(|_| "–".to_owned(), money::full);
    let quantity = number::exact(component.quantity.round_dp(PRICE_DECIMALS));
    let quantity = unit::quantity(&quantity, &sanitise(&component.price.unit), locale);
    format!("{quantity} × {price} = {amount}")
}

fn price_source(component: &CostComponent, style: &Style) -> String {
    let mut parts = vec![
        words::price_basis(component.price.basis, style.locale()),
        sanitise(&component.price.source),
    ];
    parts.extend(component.price.as_of.map(|date| date.to_string()));
    parts.join(", ")
}

fn evidence(page: &mut Page<'_>, item: &Recommendation, style: &Style) {
    let locale = style.locale();
    let evidence = &item.evidence;
    page.heading(&match evidence.window_days {
        Some(days) => locale.text_with("show-evidence-days", &[("count", &days.to_string())]),
        None => locale.text("show-evidence"),
    });
    page.labelled(&locale.text("label-confidence"), &confidence(item, locale));
    page.gap();
    if !evidence.figures.is_empty() {
        page.block(&figures(item, style).terminal(style));
    }
    if !evidence.coverage.is_empty() {
        page.gap();
        page.block(&metric_coverage(item, style).terminal(style));
    }
    for note in &evidence.notes {
        page.bullet(&style.sentence(note));
    }
    if !evidence.signals_not_seen.is_empty() {
        page.heading(&locale.text("show-unseen"));
        for signal in &evidence.signals_not_seen {
            page.bullet(&format!("{}: {}", sanitise(&signal.name), style.sentence(&signal.text)));
        }
    }
}

/// Returns how far a recommendation can be believed, and what its evidence lacks.
fn confidence(item: &Recommendation, locale: Locale) -> String {
    let doubts = words::doubts(item, locale);
    let lacking = match doubts.is_empty() {
        true => locale.text("doubts-none"),
        false => format!("{}: {}", locale.text("column-doubts"), doubts),
    };
    format!("{} · {lacking}", words::confidence(item.confidence(), locale))
}

fn figures(item: &Recommendation, style: &Style) -> Table {
    let locale = style.locale();
    let mut table = Table::new(vec![
        Column::new("figure", locale.text("column-figure"), Kind::Text, Priority::Essential),
        Column::new("value", locale.text("column-value"), Kind::Number, Priority::Essential),
        Column::new("threshold", locale.text("column-threshold"), Kind::Number, Priority::High),
    ]);
    for figure in &item.evidence.figures {
        let shown = |value| words::figure_value(value, &figure.unit, locale);
        table.row(vec![
            Cell::text(figure.label.get(style.language)),
            Cell::Text(shown(&figure.value)),
            Cell::optional(figure.threshold.as_ref().map(shown)),
        ]);
    }
    table
}

fn metric_coverage(item: &Recommendation, style: &Style) -> Table {
    let locale = style.locale();
    let mut table = Table::new(vec![
        Column::new("metric", locale.text("column-metric"), Kind::Text, Priority::Essential),
        Column::new("statistic", locale.text("column-statistic"), Kind::Text, Priority::High),
        Column::new("samples", locale.text("column-samples"), Kind::Count, Priority::Essential),
        Column::new("period", locale.text("column-period"), Kind::Text, Priority::Normal),
        Column::new("coverage", locale.text("column-coverage"), Kind::Percent, Priority::Essential),
        Column::new("gap", locale.text("column-longest-gap"), Kind::Text, Priority::High),
    ]);
    for metric in &item.evidence.coverage {
        table.row(vec![
            Cell::Text(format!("{} {}", metric.namespace, metric.metric)),
            Cell::text(metric.statistic.as_str()),
            Cell::Count(metric.samples),
            Cell::Text(time::duration(u64::from(metric.period_seconds), locale)),
            Cell::Percent(metric.coverage * 100.0),
            Cell::Text(time::duration(metric.longest_gap_seconds, locale)),
        ]);
    }
    table
}

fn options(page: &mut Page<'_>, item: &Recommendation, style: &Style) {
    if item.options.is_empty() {
        return;
    }
    let locale = style.locale();
    page.heading(&locale.text("show-options"));
    // Sizes that a percentile chose have no chances.
    let with_chances = item.options.iter().any(|option| option.expected.is_some());
    let text = |key, title: &str, priority| Column::new(key, title, Kind::Text, priority);
    let mut columns = vec![
        text("change", &locale.text("column-change"), Priority::Essential),
        Column::new(
            "saving",
            locale.text("column-monthly-saving"),
            Kind::Range,
            Priority::Essential,
        ),
        text("risk", &locale.text("column-risk"), Priority::High),
    ];
    if with_chances {
        columns.push(text("chance", &locale.text("column-too-small"), Priority::High));
    }
    columns.push(text("projected", &locale.text("column-projected"), Priority::Normal));
    let mut table = Table::new(columns);
    for option in &item.options {
        let saving = &option.estimated_monthly_savings;
        // The two tightest ones say most; the page lists all of the chosen option's.
        let mut tightest: Vec<&Projection> = option.projected.iter().collect();
        tightest.sort_by(|left, right| right.percent.total_cmp(&left.percent));
        tightest.truncate(2);
        let mut row = vec![
            (Cell::Text(words::change(&option.action, locale)), Tone::Plain),
            (
                Cell::Range { likely: saving.likely, low: saving.low, high: saving.high },
                Tone::Saved,
            ),
            (
                Cell::Text(words::risk(option.performance_risk, locale)),
                words::risk_tone(option.performance_risk),
            ),
        ];
        if with_chances {
            let chances = option.expected.as_ref().map(|harm| chances(harm, locale));
            row.push((Cell::optional(chances), Tone::Plain));
        }
        row.push((Cell::Text(words::projections(tightest, locale)), Tone::Plain));
        table.toned_row(row);
    }
    page.block(&table.terminal(style));
    if with_chances {
        page.sentence(&locale.text("show-options-chances"));
    }
}

/// Returns how likely a size is too small, in the fewest words.
fn chances(harm: &ExpectedHarm, locale: Locale) -> String {
    let percent = |share: f64| number::percent(share * 100.0);
    let flow = |flow: Option<Excess>| flow.map(|flow| flow.above_80);
    let chances = [
        ("chance-cpu", Some(harm.cpu_above_80)),
        ("chance-memory", harm.memory_ever),
        ("chance-network", flow(harm.network)),
        ("chance-ebs-throughput", flow(harm.ebs_throughput)),
        ("chance-ebs-operations", flow(harm.ebs_operations)),
    ];
    let said: Vec<String> = chances
        .into_iter()
        .filter_map(|(key, share)| Some(locale.text_with(key, &[("share", &percent(share?))])))
        .collect();
    said.join(", ")
}

fn commands(page: &mut Page<'_>, item: &Recommendation, style: &Style) {
    let locale = style.locale();
    let commands = item.action.commands(&item.resource);
    page.heading(&locale.text("show-apply"));
    for command in &commands.apply {
        page.command(command);
    }
    page.heading(&locale.text("show-undo"));
    for command in &commands.undo {
        page.command(command);
    }
    if commands.undo.is_empty() {
        page.sentence(&locale.text("show-undo-absent"));
    }
}

#[cfg(test)]
mod tests {
    use trimtab_model::text::Language;

    use super::*;

    #[test]
    fn only_what_was_measured_has_a_chance() {
        let flow = |above_80| Some(Excess { above_80, above_100: 0.0, ever_above_100: 0.3 });
        let harm = ExpectedHarm {
            cpu_above_80: 0.02,
            cpu_above_100: 0.0,
            memory_above_100: None,
            memory_ever: None,
            network: flow(0.01),
            ebs_throughput: None,
            ebs_operations: flow(0.0),
            monthly_usd: rust_decimal::Decimal::ZERO,
        };
        let said = |language| chances(&harm, Locale::new(language));
        assert_eq!(said(Language::En), "CPU 2%, network 1%, EBS operations 0%");
        assert_eq!(said(Language::Ko), "CPU 2%, 네트워크 1%, EBS IOPS 0%");
    }
}
