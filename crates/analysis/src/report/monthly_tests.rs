//! What the monthly and the quarterly report say of known facts, of partial ones, and of none.

use jiff::tz::TimeZone;
use proptest::prelude::*;
use rust_decimal::Decimal;

use trimtab_model::commitment::BillState;
use trimtab_model::document::{Block, BridgeStep, ChartData, Document, NoteLevel, Rows, Value};
use trimtab_model::focus::ChargeCategory;
use trimtab_model::money::{Currency, Money};

use super::facts::{BudgetMonth, MeterMonth, MonthCharge, ReportFacts};
use super::scene::{EC2, Scene, date, meter, usd};
use super::{monthly, quarterly};

fn bridge(document: &Document) -> Option<(BridgeStep, Vec<BridgeStep>, BridgeStep)> {
    document.blocks().find_map(|block| match block {
        Block::Chart(chart) => match &chart.data {
            ChartData::Bridge { from, steps, to } => {
                Some((from.clone(), steps.clone(), to.clone()))
            }
            _ => None,
        },
        _ => None,
    })
}

fn rows(document: &Document, name: &str) -> Rows {
    let found = document.blocks().find_map(|block| match block {
        Block::Rows(rows) if rows.name == name => Some(rows.clone()),
        _ => None,
    });
    found.unwrap_or_else(|| panic!("no rows {name}"))
}

fn missing_sections(document: &Document) -> Vec<&str> {
    let is_missing = |block: &Block| match block {
        Block::Note(note) => note.level == NoteLevel::Missing,
        _ => false,
    };
    let sections = document.sections.iter();
    sections
        .filter(|section| section.blocks.iter().any(is_missing))
        .map(|section| section.name.as_str())
        .collect()
}

fn step(steps: &[BridgeStep], name: &str) -> Option<Money> {
    steps.iter().find(|step| step.name == name).map(|step| step.amount)
}

fn assert_adds_up(document: &Document) {
    let (from, steps, to) = bridge(document).expect("a bridge");
    let sum = steps.iter().fold(from.amount, |sum, step| sum.checked_add(step.amount).unwrap());
    assert_eq!(sum.amount.normalize(), to.amount.amount.normalize());
}

#[test]
fn the_bridge_adds_up_and_names_use_price_new_and_gone() {
    let document = monthly(&Scene::full().at("2026-11-08T00:00:00Z").facts());
    assert_eq!(document.period.first, date("2026-10-01"));
    assert_adds_up(&document);
    let (from, steps, to) = bridge(&document).unwrap();
    assert_eq!((from.amount, to.amount), (usd("32000"), usd("35000")));
    assert_eq!(step(&steps, "new"), Some(usd("7000")));
    assert_eq!(step(&steps, "gone"), Some(usd("-2000")));
    // Twice the traffic at 5 % less, and half of the lobby at 10 % less.
    assert_eq!(step(&steps, "usage"), None);
    assert_eq!(step(&steps, "price").unwrap().amount.normalize(), Decimal::from(-2_000));
}

#[test]
fn taxes_and_credits_are_no_usage() {
    let mut scene = Scene::full().at("2026-11-08T00:00:00Z");
    for (month, cost) in [("2026-09-01", "3200"), ("2026-10-01", "3500")] {
        let tax = meter(month, "AWS Tax", None, None, cost);
        scene.meters.push(MeterMonth { category: ChargeCategory::Tax, ..tax });
    }
    for month in &mut scene.months {
        let tax = if month.month == date("2026-10-01") { "38500" } else { "35200" };
        (month.billed, month.effective) = (usd(tax), Some(usd(tax)));
    }
    let document = monthly(&scene.facts());
    assert_adds_up(&document);
    let (_, steps, _) = bridge(&document).unwrap();
    assert_eq!(step(&steps, "other_charges"), Some(usd("300")));
    let services = rows(&document, "services");
    let total = services.rows.last().unwrap();
    assert_eq!(total.cells[2].0, Value::Amount(usd("38500")));
    assert_eq!(total.cells[3].0, Value::Change(usd("3300")));
}

#[test]
fn resources_have_their_names_and_months_their_days() {
    let mut scene = Scene::full().at("2026-11-08T00:00:00Z");
    for meter in &mut scene.meters {
        meter.name = meter.resource.as_ref().map(|_| "lobby".to_owned());
    }
    let document = monthly(&scene.facts());
    let top = rows(&document, "top_resources");
    assert_eq!(top.rows[0].cells[0].0, Value::Name("lobby (i-lobby)".to_owned()));
    // September has 30 days and October 31.
    let values: Vec<&Value> = document.values().collect();
    assert!(values.contains(&&Value::Count(30)) && values.contains(&&Value::Count(31)));
}

#[test]
fn an_applied_change_is_a_step_of_its_own() {
    let mut scene = Scene::full().at("2026-11-08T00:00:00Z");
    let super::facts::ChangeOutcome::Applied { at } = &mut scene.plans[0].changes[0].outcome else {
        panic!("the first change is applied")
    };
    *at = super::scene::at("2026-10-15T20:00:00Z");
    let document = monthly(&scene.facts());
    assert_adds_up(&document);
    let (_, steps, _) = bridge(&document).unwrap();
    assert_eq!(step(&steps, "optimisation"), Some(usd("-11000")));
    // What was taken back is none.
    scene.plans.clear();
    let (_, steps, _) = bridge(&monthly(&scene.facts())).unwrap();
    assert_eq!(step(&steps, "optimisation"), None);
}

#[test]
fn the_rate_of_the_bill_stands_apart_where_it_changes() {
    let mut scene = Scene::full().at("2026-11-08T00:00:00Z");
    let won = |money: Money| Money::new(money.amount, Currency::KRW);
    for month in &mut scene.months {
        month.billed = won(month.billed);
        month.effective = month.effective.map(won);
        month.rate = Some(if month.month == date("2026-10-01") { 1_500 } else { 1_400 }.into());
    }
    for day in &mut scene.days {
        day.billed = won(day.billed);
        day.effective = day.effective.map(won);
    }
    for meter in &mut scene.meters {
        meter.billed = won(meter.billed);
        meter.effective = meter.effective.map(won);
    }
    let document = monthly(&scene.facts());
    assert_adds_up(&document);
    let (_, steps, _) = bridge(&document).unwrap();
    assert!(step(&steps, "exchange_rate").unwrap().is_positive());
}

#[test]
fn months_that_are_not_whole_are_not_compared() {
    let mut scene = Scene::full().at("2026-11-08T00:00:00Z");
    scene.months.last_mut().unwrap().state = BillState::Part;
    let document = monthly(&scene.facts());
    assert!(bridge(&document).is_none());
    assert!(missing_sections(&document).contains(&"bridge"));
}

#[test]
fn untagged_cost_is_a_row_and_the_sum_is_the_whole() {
    let document = monthly(&Scene::full().at("2026-11-08T00:00:00Z").facts());
    let rows = rows(&document, "allocation_1");
    let last = rows.rows.last().unwrap();
    assert_eq!(last.cells[1].0, Value::Amount(usd("35000")));
    let untagged = &rows.rows[rows.rows.len() - 2];
    assert_eq!(untagged.cells[2].0, Value::Percent(20.0));
}

#[test]
fn a_commitment_shows_its_use_and_what_it_saves() {
    let document = monthly(&Scene::full().at("2026-11-08T00:00:00Z").facts());
    let rows = rows(&document, "commitments");
    assert_eq!(rows.rows[0].cells[1].0, Value::Percent(90.0));
    assert_eq!(rows.rows[0].cells[4].0, Value::Percent(20.0));
}

#[test]
fn how_much_of_the_compute_is_covered_is_told_where_the_bill_has_its_list_cost() {
    let mut scene = Scene::full().at("2026-11-08T00:00:00Z");
    let document = monthly(&scene.facts());
    assert!(document.values().any(|value| *value == Value::Percent(25.0)));
    assert!(!missing_sections(&document).contains(&"commitments"));
    scene.covered_compute[0].uncovered = None;
    assert!(missing_sections(&monthly(&scene.facts())).contains(&"commitments"));
}

#[test]
fn nothing_is_verified_and_the_section_says_what_that_needs() {
    let document = monthly(&Scene::full().at("2026-11-20T00:00:00Z").facts());
    let funnel = document.blocks().find_map(|block| match block {
        Block::Chart(chart) => match &chart.data {
            ChartData::Funnel(steps) => Some(steps.clone()),
            _ => None,
        },
        _ => None,
    });
    let funnel = funnel.unwrap();
    assert_eq!(funnel[0].amount, Some(usd("1000")), "the sum of the analysis");
    assert_eq!(funnel[3].amount, None);
    assert!(funnel[3].missing.is_some());
}

#[test]
fn without_data_the_months_say_what_would_make_them_known() {
    let zone = TimeZone::UTC;
    let facts = ReportFacts::empty(Scene::full().now, &zone);
    let month = monthly(&facts);
    for section in ["bridge", "allocation", "commitments", "savings", "waste", "top"] {
        assert!(missing_sections(&month).contains(&section), "{section}");
    }
    let quarter = quarterly(&facts);
    for section in ["workloads", "environments", "roadmap"] {
        assert!(missing_sections(&quarter).contains(&section), "{section}");
    }
    let planned = |value: &&Value| !value.amounts().is_empty();
    assert_eq!(month.values().filter(planned).count(), 0, "no amount is made up");
    assert_eq!(quarter.values().filter(planned).count(), 0, "no amount is made up");
}

#[test]
fn a_quarter_shows_workloads_environments_and_what_to_do() {
    let document = quarterly(&Scene::full().facts());
    assert_eq!(document.period.first, date("2026-07-01"));
    let workloads = rows(&document, "workloads");
    assert_eq!(workloads.rows[0].cells[1].0, Value::Amount(usd("25000")));
    assert_eq!(workloads.rows[0].cells[2].0, Value::Percent(20.0));
    assert!(
        matches!(&workloads.rows[0].cells[4].0, Value::Text(text) if text.en.starts_with("3.2"))
    );
    assert_eq!(workloads.rows[0].cells[3].0, Value::Percent(25.0));
    assert!(matches!(workloads.rows[1].cells[4].0, Value::Missing(_)));
    assert_eq!(rows(&document, "roadmap").rows.len(), 3);
    assert_eq!(rows(&document, "decision_log").rows.len(), 1);
    let figures: Vec<&Value> = document.values().collect();
    assert!(figures.contains(&&Value::Amount(usd("93000"))));
}

proptest! {
    #[test]
    fn a_bridge_always_adds_up(
        meters in proptest::collection::vec(
            (0_u8..4, any::<bool>(), 0_u32..5_000, 0_i64..1_000_000, any::<bool>()),
            1..20,
        ),
        rates in proptest::option::of((1_000_u32..2_000, 1_000_u32..2_000)),
    ) {
        let mut scene = Scene::full().at("2026-11-08T00:00:00Z");
        scene.meters = meters
            .iter()
            .map(|(resource, is_later, quantity, cents, has_quantity)| {
                let month = if *is_later { "2026-10-01" } else { "2026-09-01" };
                let quantity = has_quantity.then(|| quantity.to_string());
                let amount = Decimal::new(*cents, 2).to_string();
                let id = format!("i-{resource}");
                meter(month, EC2, Some(&id), quantity.as_deref(), &amount)
            })
            .collect();
        for month in &mut scene.months {
            month.rate = rates.map(|(before, after)| {
                Decimal::from(if month.month == date("2026-10-01") { after } else { before })
            });
        }
        let document = monthly(&scene.facts());
        if bridge(&document).is_some() {
            assert_adds_up(&document);
        }
    }
}

#[test]
fn an_account_has_a_sheet_whose_services_add_up_to_its_cost() {
    let scene = Scene::full();
    let document = monthly(&scene.facts());
    assert!(!document.sheets.is_empty());
    for sheet in &document.sheets {
        let Some(Block::Rows(services)) = sheet.blocks.first() else { panic!("no services") };
        let sum = services.rows.iter().fold(Decimal::ZERO, |sum, row| match row.cells[2].0 {
            Value::Amount(money) => sum + money.amount,
            ref other => panic!("{other:?}"),
        });
        let account = sheet.name.strip_prefix("account_").unwrap();
        let of_account = scene.meters.iter().filter(|meter| {
            meter.month == document.period.first
                && meter.account.as_ref().is_some_and(|id| id.as_str() == account)
        });
        let whole: Decimal = of_account.map(|meter| meter.effective.unwrap().amount).sum();
        assert_eq!(sum, whole, "{account}");
    }
}

#[test]
fn a_budget_of_a_team_has_its_variance() {
    let mut scene = Scene::full();
    assert!(missing_sections(&monthly(&scene.facts())).contains(&"budgets"));
    scene.budgets = vec![BudgetMonth {
        name: "live-ops".into(),
        budget: usd("1000"),
        cost: Some(usd("1250")),
        is_mixed: false,
    }];
    let document = monthly(&scene.facts());
    let cells = &rows(&document, "budgets").rows[0].cells;
    assert_eq!(cells[3].0, Value::Change(usd("250")));
    assert_eq!(cells[4].0, Value::Percent(125.0));
    // Half a month stands beside no budget of a month.
    scene.months.iter_mut().for_each(|month| month.state = BillState::Part);
    assert!(missing_sections(&monthly(&scene.facts())).contains(&"budgets"));
}

#[test]
fn a_month_before_that_was_not_read_whole_is_not_one_that_cost_nothing() {
    let mut scene = Scene::full();
    let of_month_before = |month: &&mut MonthCharge| month.month == date("2026-09-01");
    scene.months.iter_mut().filter(of_month_before).for_each(|month| month.state = BillState::Part);
    scene.meters.retain(|meter| meter.month != date("2026-09-01"));
    let document = monthly(&scene.facts());
    assert!(!document.sheets.is_empty());
    for block in document.sheets.iter().flat_map(|sheet| &sheet.blocks) {
        let Block::Rows(table) = block else { continue };
        for row in &table.rows {
            let last = row.cells.len();
            for place in [last - 4, last - 2, last - 1] {
                assert!(matches!(row.cells[place].0, Value::Missing(_)), "{row:?}");
            }
            assert!(matches!(row.cells[last - 3].0, Value::Amount(_)), "{row:?}");
        }
    }
}

#[test]
fn what_was_applied_is_listed_change_by_change_and_nothing_of_it_is_verified() {
    let document = monthly(&Scene::full().facts());
    let changes = rows(&document, "realised");
    assert!(changes.rows.iter().any(|row| matches!(row.cells[3].0, Value::Monthly(_))));
    assert!(missing_sections(&document).contains(&"savings"), "nothing is verified");
}

#[test]
fn a_quarter_says_of_storage_transfer_and_databases_what_it_knows_and_what_it_needs() {
    let mut scene = Scene::full();
    scene.analysis = None;
    assert!(missing_sections(&quarterly(&scene.facts())).contains(&"findings"));
    let document = quarterly(&Scene::full().facts());
    assert!(document.sections.iter().any(|section| section.name == "findings"));
    assert!(missing_sections(&document).contains(&"realised"), "nothing is verified");
}
