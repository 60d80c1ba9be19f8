//! What the weekly report says of known facts, of partial ones, and of none.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;

use trimtab_model::anomaly::{Acknowledgement, AnomalyKind, AnomalyOf};
use trimtab_model::document::{
    Block, ChartData, CostBasis, Days, Document, Figure, NoteLevel, Rows, SpanValue, Value,
};
use trimtab_model::id::AnomalyId;
use trimtab_model::money::{Currency, Money};
use trimtab_model::recommendation::{Onset, Recommendation};
use trimtab_model::text::Language;

use super::facts::{ReportFacts, UsagePart};
use super::scene::{LIVE, Scene, TRANSFER, date, day, usd};
use super::split::UsageMeter;
use super::weekly;
use crate::anomaly::DailySeries;

fn figure(document: &Document, name: &str) -> Figure {
    document
        .blocks()
        .filter_map(|block| match block {
            Block::Figures(figures) => figures.iter().find(|figure| figure.name == name).cloned(),
            _ => None,
        })
        .next()
        .unwrap()
}

fn rows(document: &Document, name: &str) -> Rows {
    let found = document.blocks().find_map(|block| match block {
        Block::Rows(rows) if rows.name == name => Some(rows.clone()),
        _ => None,
    });
    found.unwrap_or_else(|| panic!("no rows {name}"))
}

fn cell(rows: &Rows, row: usize, column: usize) -> Value {
    rows.rows[row].cells[column].0.clone()
}

fn has_missing(document: &Document, section: &str) -> bool {
    let section = document.sections.iter().find(|one| one.name == section).unwrap();
    section.blocks.iter().any(|block| match block {
        Block::Note(note) => note.level == NoteLevel::Missing,
        _ => false,
    })
}

fn words(document: &Document, language: Language) -> String {
    let spans = document.verdict.spans(language).iter();
    spans
        .map(|span| match &span.value {
            SpanValue::Words(words) => words.clone(),
            SpanValue::Value(Value::Amount(money) | Value::Change(money)) => money.to_string(),
            SpanValue::Value(Value::Percent(percent)) => format!("{percent:.1}%"),
            SpanValue::Value(Value::Name(name)) => name.clone(),
            SpanValue::Value(Value::Date(date)) => date.to_string(),
            SpanValue::Value(Value::Count(count)) => count.to_string(),
            SpanValue::Value(value) => format!("{value:?}"),
        })
        .collect()
}

#[test]
fn a_week_is_compared_with_the_week_before() {
    let document = weekly(&Scene::full().facts());
    assert_eq!(document.period, Days { first: date("2026-11-16"), last: date("2026-11-22") });
    assert_eq!(document.basis, CostBasis::Effective);
    let verdict = words(&document, Language::Ko);
    assert!(
        verdict.starts_with(
            "지난주 비용은 6951.75 USD, 전주 같은 날보다 1100.00 USD (13.7%) 줄었습니다."
        ),
        "{verdict}"
    );
    assert!(verdict.contains("결정 대기 4건"), "{verdict}");
}

#[test]
fn movers_add_up_and_have_the_causes_that_are_known() {
    let document = weekly(&Scene::full().facts());
    let movers = rows(&document, "movers");
    assert_eq!(cell(&movers, 0, 2), Value::Change(usd("-1400")));
    assert!(
        matches!(cell(&movers, 0, 4), Value::Text(text) if text.ko.contains("로비 게이트웨이"))
    );
    assert_eq!(cell(&movers, 1, 2), Value::Change(usd("300")));
    assert!(matches!(cell(&movers, 1, 4), Value::Text(text) if text.en == "nat-1 costs more."));
    assert_eq!(cell(&movers, 0, 1), Value::Name("starfall-live".into()));
    let total = movers.rows.last().unwrap();
    assert!(total.is_total);
    assert_eq!(total.cells[2].0, Value::Change(usd("-1100.00")));
}

#[test]
fn a_mover_without_a_fact_has_no_cause() {
    let mut scene = Scene::full();
    scene.plans.clear();
    let document = weekly(&scene.facts());
    assert!(matches!(cell(&rows(&document, "movers"), 0, 4), Value::Missing(_)));
    // A change in another account explains nothing here.
    let mut scene = Scene::full();
    scene.plans[0].changes[0].resource.account = "999999999999".into();
    let document = weekly(&scene.facts());
    assert!(matches!(cell(&rows(&document, "movers"), 0, 4), Value::Missing(_)));
}

#[test]
fn a_mover_is_taken_apart_where_the_bill_has_quantities_and_is_not_known_elsewhere() {
    let mut scene = Scene::full();
    let movers = rows(&weekly(&scene.facts()), "movers");
    assert_eq!(movers.columns.len(), 6);
    let Value::Name(service) = cell(&movers, 0, 0) else { panic!("no service") };
    let meter = |quantity: i64, cost: &str| UsageMeter {
        service: Some(service.clone()),
        account: Some(LIVE.to_owned()),
        usage_type: Some("BoxUsage".to_owned()),
        unit: Some("Hrs".to_owned()),
        quantity: Some(quantity.into()),
        cost: usd(cost),
    };
    // Half of it, at a price that rose by a tenth of what is left.
    scene.meters_before = vec![meter(200, "3000")];
    scene.meters_after = vec![meter(100, "1600")];
    let movers = rows(&weekly(&scene.facts()), "movers");
    assert_eq!(cell(&movers, 0, 2), Value::Change(usd("-1400")));
    assert_eq!(cell(&movers, 0, 5), Value::Change(usd("-1500")));
    assert_eq!(cell(&movers, 0, 6), Value::Change(usd("100")));
    assert!(matches!(cell(&movers, 1, 5), Value::Missing(_)));
    assert_eq!(movers.columns.len(), 8);
}

#[test]
fn many_movers_stand_in_one_row_and_the_sum_stays() {
    let mut scene = Scene::full();
    for number in 0..30 {
        let service = format!("Service {number:02}");
        scene.days.push(day(date("2026-11-18"), &service, LIVE, &format!("{}.10", number + 1)));
    }
    let document = weekly(&scene.facts());
    let movers = rows(&document, "movers");
    let parts = movers.rows.iter().filter(|row| !row.is_total).map(|row| match row.cells[2].0 {
        Value::Change(money) => money,
        ref other => panic!("{other:?}"),
    });
    let sum = parts.fold(usd("0"), |sum, part| sum.checked_add(part).unwrap());
    let total = movers.rows.last().unwrap();
    assert_eq!(total.cells[2].0, Value::Change(sum));
    assert_eq!(movers.rows.len(), 10);
}

#[test]
fn savings_are_the_sum_of_the_analysis_and_not_of_its_items() {
    let document = weekly(&Scene::full().facts());
    let expected = Value::MonthlyRange { low: usd("600"), likely: usd("1000"), high: usd("1200") };
    assert_eq!(figure(&document, "found").value, expected);
    let in_notes = document.values().filter(|value| **value == expected).count();
    assert_eq!(in_notes, 2, "the figure and the sentence below the decisions");
}

#[test]
fn the_month_is_expected_from_weekdays_and_beside_the_budget() {
    let document = weekly(&Scene::full().facts());
    assert_eq!(figure(&document, "month_to_date").value, Value::Amount(usd("24205.50")));
    let Value::Range { low, likely, high } = figure(&document, "month_end").value else {
        panic!("no forecast");
    };
    assert!(low.amount < likely.amount && likely.amount < high.amount);
    assert!((usd("32000").amount..usd("34000").amount).contains(&likely.amount), "{likely}");
    assert!(figure(&document, "month_end").note.unwrap().values().count() == 2);
}

#[test]
fn thirteen_days_are_no_forecast() {
    let mut scene = Scene::full();
    scene.provisional.clear();
    scene.covered = Some(Days { first: date("2026-11-10"), last: date("2026-11-22") });
    let document = weekly(&scene.facts());
    assert!(matches!(figure(&document, "month_end").value, Value::Missing(_)));
    scene = scene.at("2026-11-15T00:30:00Z");
    scene.covered = Some(Days { first: date("2026-11-01"), last: date("2026-11-13") });
    let document = weekly(&scene.facts());
    assert!(
        matches!(figure(&document, "month_end").value, Value::Missing(why) if why.en.contains("14"))
    );
    scene.covered = Some(Days { first: date("2026-11-01"), last: date("2026-11-14") });
    let document = weekly(&scene.facts());
    assert!(matches!(figure(&document, "month_end").value, Value::Range { .. }));
}

#[test]
fn a_week_that_is_billed_in_part_is_compared_day_by_day() {
    let mut scene = Scene::full();
    scene.covered = Some(Days { first: date("2026-09-28"), last: date("2026-11-20") });
    let document = weekly(&scene.facts());
    let verdict = words(&document, Language::En);
    assert!(
        verdict
            .starts_with("Of last week only 2026-11-16 to 2026-11-20 is in the bill: 5051.25 USD"),
        "{verdict}"
    );
    let bars = document.blocks().find_map(|block| match block {
        Block::Chart(chart) => Some(chart.data.clone()),
        _ => None,
    });
    let Some(ChartData::DailyBars(bars)) = bars else { panic!("no bars") };
    assert_eq!(bars.len(), 14);
    assert_eq!(bars.last().unwrap().amount, None, "a day that is not billed is not zero");
}

#[test]
fn a_week_that_cannot_be_compared_says_so() {
    let mut scene = Scene::full();
    scene.covered = Some(Days { first: date("2026-11-16"), last: date("2026-11-22") });
    let document = weekly(&scene.facts());
    assert!(has_missing(&document, "movers"));
    assert!(words(&document, Language::Ko).contains("전주 비용은 청구 데이터에 없습니다"));
}

#[test]
fn without_data_everything_says_what_would_make_it_known() {
    let zone = TimeZone::UTC;
    let document = weekly(&ReportFacts::empty(Scene::full().now, &zone));
    for name in ["month_to_date", "month_end", "found", "per_user"] {
        assert!(matches!(figure(&document, name).value, Value::Missing(_)), "{name}");
    }
    for section in ["movers", "decisions", "tags"] {
        assert!(has_missing(&document, section), "{section}");
    }
    assert_eq!(document.values().flat_map(Value::amounts).count(), 0, "no amount is made up");
}

#[test]
fn a_charge_without_an_effective_cost_makes_all_amounts_billed() {
    let mut scene = Scene::full();
    scene.days[0].effective = None;
    assert_eq!(weekly(&scene.facts()).basis, CostBasis::Billed);
}

#[test]
fn amounts_of_two_currencies_are_never_added() {
    let mut scene = Scene::full();
    let mut won = day(date("2026-11-18"), "AWS Marketplace", LIVE, "1");
    won.billed = Money::new(5_000_000.into(), Currency::KRW);
    won.effective = Some(won.billed);
    scene.days.push(won);
    let document = weekly(&scene.facts());
    assert!(words(&document, Language::En).contains("6951.75 USD"));
    let currencies: Vec<&Value> = document
        .footer
        .iter()
        .flat_map(|line| line.values())
        .filter(|value| matches!(value, Value::Currency(Currency::KRW)))
        .collect();
    assert_eq!(currencies.len(), 1);
}

#[test]
fn the_week_is_over_when_it_is_in_utc_and_in_the_zone() {
    // Monday morning in Seoul, still Sunday in UTC.
    let scene = Scene::full().at("2026-11-22T23:00:00Z");
    assert_eq!(weekly(&scene.facts()).period.last, date("2026-11-15"));
    // Sunday evening in New York, Monday in UTC.
    let mut scene = Scene::full().at("2026-11-23T02:00:00Z");
    scene.zone = TimeZone::get("America/New_York").unwrap();
    assert_eq!(weekly(&scene.facts()).period.last, date("2026-11-15"));
}

#[test]
fn an_earlier_moment_gives_the_report_of_then() {
    let scene = Scene::full().at("2026-11-16T00:30:00Z");
    let document = weekly(&scene.facts());
    assert_eq!(document.period.last, date("2026-11-15"));
    let mut shorter = scene.clone();
    shorter.days.retain(|day| day.date <= date("2026-11-15"));
    shorter.covered = Some(Days { last: date("2026-11-15"), ..scene.covered.unwrap() });
    assert_eq!(weekly(&shorter.facts()).sections[0], document.sections[0]);
}

#[test]
fn changes_of_the_week_and_their_gates_are_listed() {
    let document = weekly(&Scene::full().facts());
    let changes = rows(&document, "changes");
    assert_eq!(changes.rows.len(), 2);
    assert!(matches!(cell(&changes, 0, 3), Value::Text(text) if text.ko.contains("p99 184ms")));
    assert!(matches!(cell(&changes, 0, 4), Value::Missing(_)), "what was taken back saves nothing");
    assert!(has_missing(&document, "changes"), "nothing is verified");
}

#[test]
fn decisions_have_their_deadlines_and_planned_ones_are_not_asked_twice() {
    let document = weekly(&Scene::full().facts());
    let Some(Block::Decisions(decisions)) =
        document.blocks().find(|block| matches!(block, Block::Decisions(_)))
    else {
        panic!("no decisions")
    };
    let titles: Vec<&str> = decisions.items.iter().map(|item| item.title.en.as_str()).collect();
    assert_eq!(titles, ["database writer", "sp-1", "match-gateway", "idle-gateway"]);
    assert!(decisions.items[0].deadline.is_some() && decisions.items[2].deadline.is_none());
}

/// Eight weeks of use, with one day on which the service cost more.
fn with_a_spike(mut scene: Scene) -> Scene {
    let days = scene.covered.unwrap();
    let cost = |date| if date == self::date("2026-11-19") { "400" } else { "100" };
    let account = Some(LIVE.to_owned());
    scene.usage = vec![DailySeries {
        service: Some(TRANSFER.to_owned()),
        account: account.clone(),
        days: days.iter().map(|date| (date, usd(cost(date)))).collect(),
    }];
    scene.parts = vec![UsagePart {
        service: Some(TRANSFER.to_owned()),
        account,
        usage_type: "NatGateway-Bytes".to_owned(),
        days: days.iter().map(|date| (date, usd(cost(date)).amount)).collect(),
    }];
    scene
}

#[test]
fn a_day_that_stands_out_is_named_with_what_moved() {
    let document = weekly(&with_a_spike(Scene::full()).facts());
    let found = rows(&document, "anomalies");
    assert_eq!(found.rows.len(), 1);
    assert_eq!(cell(&found, 0, 2), Value::Date(date("2026-11-19")));
    assert_eq!(cell(&found, 0, 5), Value::Change(usd("300")));
    assert_eq!(cell(&found, 0, 6), Value::Name("NatGateway-Bytes".into()));
    // Without charges by day of use nothing is said of it.
    assert!(has_missing(&weekly(&Scene::full().facts()), "anomalies"));
}

#[test]
fn what_somebody_has_acknowledged_is_not_asked_about_again_until_it_grows() {
    let mut scene = with_a_spike(Scene::full());
    let of = AnomalyOf {
        service: Some(TRANSFER.to_owned()),
        account: scene.usage.first().and_then(|one| one.account.clone()),
        currency: Currency::USD,
        is_rise: true,
    };
    let day = date("2026-11-19");
    let said = |difference: &str| Acknowledgement {
        id: AnomalyId::of(&of, day),
        of: of.clone(),
        days: BTreeMap::from([(day, usd(difference))]),
        kind: AnomalyKind::Expected,
        reason: "the patch of November".to_owned(),
        by: "kim".to_owned(),
        at: scene.now,
    };
    let (whole, half) = (said("300"), said("150"));
    scene.acknowledged = vec![whole];
    let document = weekly(&scene.facts());
    let section = document.sections.iter().find(|one| one.name == "anomalies").unwrap();
    let is_rows = |block: &Block| matches!(block, Block::Rows(_));
    assert!(!section.blocks.iter().any(is_rows), "{:?}", section.blocks);
    assert_eq!(section.blocks.len(), 1);
    // Half of what it has become was acknowledged: it is asked about again.
    scene.acknowledged = vec![half];
    assert_eq!(rows(&weekly(&scene.facts()), "anomalies").rows.len(), 1);
}

#[test]
fn a_mover_without_a_fact_has_the_usage_type_that_moved() {
    let mut scene = with_a_spike(Scene::full());
    scene.analysis = None;
    let document = weekly(&scene.facts());
    let movers = rows(&document, "movers");
    let of_transfer =
        movers.rows.iter().position(|row| row.cells[0].0 == Value::Name(TRANSFER.into()));
    assert!(
        matches!(cell(&movers, of_transfer.unwrap(), 4), Value::Text(text) if text.en.contains("NatGateway-Bytes"))
    );
}

#[test]
fn what_was_saved_so_far_is_said_and_that_nothing_is_verified() {
    let document = weekly(&Scene::full().facts());
    assert!(has_missing(&document, "saved"));
}

#[test]
fn a_recommendation_has_the_day_from_which_waiting_costs_more() {
    let mut scene = Scene::full();
    let analysis = scene.analysis.as_mut().unwrap();
    let is_idle = |item: &&Recommendation| item.resource.name.as_deref() == Some("idle-gateway");
    let resource = analysis.items.iter().find(is_idle).unwrap().resource.clone();
    analysis.increases.retain(|rising| rising.increase.onset == Onset::Coming);
    analysis.increases[0].resource = resource;
    let from = analysis.increases[0].increase.from;
    let document = weekly(&scene.facts());
    let decisions = document.blocks().find_map(|block| match block {
        Block::Decisions(decisions) => Some(decisions.clone()),
        _ => None,
    });
    let dated = decisions.unwrap().items.into_iter().filter(|item| item.deadline == Some(from));
    // The rising cost itself, and what would be done about it.
    assert_eq!(dated.count(), 2);
}
