//! What sizes would have cost, had they been chosen earlier: the rules, and how well the chances held.

use rust_decimal::Decimal;

use trimtab_model::backtest::{Backtest, Reliability, RiskEvent, RuleScore, SizingRule};
use trimtab_model::period::Period;

use super::page::Page;
use super::words;
use crate::number;
use crate::style::Style;
use crate::table::{Cell, Column, Kind, Priority, Table};
use crate::time;

/// Machines that the page names of those that were left out.
const LEFT_OUT: usize = 5;

/// Makes the table of rules, the least cost and harm first.
pub fn backtest_table(backtest: &Backtest, style: &Style) -> Table {
    let locale = style.locale();
    let column = Column::new;
    let mut table = Table::new(vec![
        column("rule", locale.text("column-rule"), Kind::Text, Priority::Essential),
        column("score", locale.text("column-score"), Kind::Number, Priority::Essential),
        column(
            "share_of_now",
            locale.text("column-cost-share"),
            Kind::Percent,
            Priority::Essential,
        ),
        column("monthly_cost", locale.text("column-monthly-cost"), Kind::Money, Priority::High),
        column("changed", locale.text("column-changed"), Kind::Count, Priority::Normal),
        column("cpu_above_80", locale.text("column-cpu-above-80"), Kind::Percent, Priority::High),
        column(
            "cpu_above_100",
            locale.text("column-cpu-above-100"),
            Kind::Percent,
            Priority::Essential,
        ),
        column(
            "memory_above_100",
            locale.text("column-memory-above-100"),
            Kind::Percent,
            Priority::High,
        ),
        column(
            "ever_out_of_memory",
            locale.text("column-ever-out-of-memory"),
            Kind::Percent,
            Priority::High,
        ),
    ]);
    let mut rules: Vec<&RuleScore> = backtest.rules.iter().collect();
    rules.sort_by(|left, right| left.score.total_cmp(&right.score));
    for score in rules {
        let percent = |share: f64| Cell::Percent(share * 100.0);
        table.row(vec![
            Cell::text(rule(score.rule, style)),
            decimals(score.score, 3),
            percent(score.share_of_now),
            Cell::Money(score.monthly_cost),
            Cell::Count(score.changed),
            percent(score.cpu_above_80),
            percent(score.cpu_above_100),
            percent(score.memory_above_100),
            percent(score.ever_out_of_memory),
        ]);
    }
    table
}

/// Makes the table of chances.
pub fn reliability_table(backtest: &Backtest, style: &Style) -> Table {
    let locale = style.locale();
    let column = Column::new;
    let mut table = Table::new(vec![
        column("event", locale.text("column-event"), Kind::Text, Priority::Essential),
        column("class", locale.text("column-chance-class"), Kind::Text, Priority::Essential),
        column("pairs", locale.text("column-pairs"), Kind::Count, Priority::High),
        column("predicted", locale.text("column-predicted"), Kind::Percent, Priority::Essential),
        column("observed", locale.text("column-observed"), Kind::Percent, Priority::Essential),
    ]);
    for row in &backtest.reliability {
        table.row(vec![
            Cell::text(locale.text(event_key(row.event))),
            Cell::text(class(row)),
            Cell::Count(row.pairs),
            Cell::Percent(row.predicted * 100.0),
            Cell::Percent(row.observed * 100.0),
        ]);
    }
    table
}

/// Makes the page: what was replayed, the rules, the chances, and what was left out.
pub fn backtest_page(backtest: &Backtest, style: &Style) -> String {
    let locale = style.locale();
    let mut page = Page::new(style);
    let machines: u64 = backtest.windows.iter().map(|window| window.machines).sum();
    page.strong(&locale.text_with(
        "backtest-title",
        &[
            ("machines", &number::count(machines)),
            ("windows", &number::count(backtest.windows.len() as u64)),
        ],
    ));
    if let (Some(first), Some(last)) = (backtest.windows.first(), backtest.windows.last()) {
        let day = |moment| time::date(moment, &style.time_zone);
        page.sentence(&locale.text_with(
            "backtest-windows",
            &[
                ("train", &days(first.train)),
                ("test", &days(first.test)),
                ("from", &day(first.train.start())),
                ("to", &day(last.test.end())),
            ],
        ));
    }
    let harm = backtest.harm;
    let weight = |weight: Decimal| number::exact(weight.normalize());
    page.sentence(&locale.text_with(
        "backtest-figure",
        &[
            ("above80", &weight(harm.cpu_above_80)),
            ("above100", &weight(harm.cpu_above_100)),
            ("memory", &weight(harm.memory_above_100)),
        ],
    ));
    page.sentence(&locale.text_with(
        "backtest-money",
        &[
            ("now", &style.monthly(backtest.monthly_cost_now)),
            ("prices", backtest.prices.get(style.language)),
        ],
    ));
    page.heading(&locale.text("backtest-rules"));
    page.block(&backtest_table(backtest, style).terminal(style));
    page.heading(&locale.text("backtest-reliability"));
    page.sentence(&locale.text("backtest-reliability-meaning"));
    page.gap();
    page.block(&reliability_table(backtest, style).terminal(style));
    if !backtest.not_judged.is_empty() {
        page.heading(&locale.text("backtest-left-out"));
        for left_out in backtest.not_judged.iter().take(LEFT_OUT) {
            page.bullet(&locale.text_with(
                "backtest-left-out-line",
                &[
                    ("resource", &words::resource_name(&left_out.resource)),
                    ("windows", &number::count(left_out.windows)),
                    ("reason", left_out.reason.text.get(style.language)),
                ],
            ));
        }
        let more = backtest.not_judged.len().saturating_sub(LEFT_OUT);
        if more > 0 {
            page.bullet(
                &locale
                    .text_with("backtest-left-out-more", &[("count", &number::count(more as u64))]),
            );
        }
    }
    for line in style.rate_lines([backtest.monthly_cost_now.currency]) {
        page.faint(&line);
    }
    page.finish()
}

/// Returns what a rule is called.
fn rule(rule: SizingRule, style: &Style) -> String {
    let key = match rule {
        SizingRule::Keep => "rule-keep",
        SizingRule::Policy => "rule-policy",
        SizingRule::ComputeOptimizerDefault => "rule-co-default",
        SizingRule::ComputeOptimizerBalanced => "rule-co-balanced",
        SizingRule::ComputeOptimizerMaximumSavings => "rule-co-maximum-savings",
        SizingRule::VpaLike => "rule-vpa",
        SizingRule::Maximum => "rule-maximum",
        SizingRule::MeanTarget => "rule-mean-target",
        SizingRule::Percentile98 => "rule-p98",
        SizingRule::Oracle => "rule-oracle",
    };
    style.locale().text(key)
}

fn event_key(event: RiskEvent) -> &'static str {
    match event {
        RiskEvent::CpuAbove80 => "event-cpu-above-80",
        RiskEvent::CpuAbove100 => "event-cpu-above-100",
        RiskEvent::MemoryAbove100 => "event-memory-above-100",
    }
}

fn class(row: &Reliability) -> String {
    let percent = |share: f64| number::decimal_text(rounded(share * 100.0, 2));
    format!("{}–{}%", percent(row.from), percent(row.to))
}

fn days(period: Period) -> String {
    number::count(u64::try_from(period.seconds() / 86_400).unwrap_or_default())
}

fn decimals(value: f64, places: u32) -> Cell {
    Cell::Number(rounded(value, places))
}

fn rounded(value: f64, places: u32) -> Decimal {
    Decimal::from_f64_retain(value).unwrap_or_default().round_dp(places).normalize()
}
