//! What each meter cost in a billing month, and which months the bills cover.

use std::path::PathBuf;

use jiff::civil::Date;

use trimtab_model::commitment::BillState;
use trimtab_store::cost::{CostFilter, GroupBy, bill_months, billed_meters, cost_groups};

use crate::support::Bench;

const FOCUS: &str = "BilledCost,EffectiveCost,BillingCurrency,ChargeCategory,ChargePeriodStart,ChargePeriodEnd,BillingPeriodStart,BillingAccountId,SubAccountId,ServiceName,ResourceId,PricingQuantity,PricingUnit,Tags";

/// A charge of a day: its costs, currency and category, and the cells from the service on.
fn charge(day: &str, costs: &str, category: &str, cells: &str) -> String {
    let date: Date = day.parse().unwrap();
    let (next, month) = (date.tomorrow().unwrap(), date.first_of_month());
    format!("{costs},{category},{day}T00:00:00Z,{next}T00:00:00Z,{month}T00:00:00Z,1,2,{cells}")
}

fn file(bench: &Bench, rows: &[String]) -> PathBuf {
    bench.file("bill.csv", format!("{FOCUS}\n{}\n", rows.join("\n")))
}

/// Returns `service category resource name quantity unit billed effective currency`.
fn meters(bench: &Bench, month: &str, until: Option<&str>) -> Vec<String> {
    let until = until.map(|day| day.parse().unwrap());
    let text = |text: Option<String>| text.unwrap_or_else(|| "-".to_owned());
    billed_meters(&bench.lake, month.parse().unwrap(), until)
        .unwrap()
        .into_iter()
        .map(|meter| {
            format!(
                "{} {} {} {} {} {} {} {} {}",
                text(meter.service),
                meter.category.as_str(),
                text(meter.resource),
                text(meter.name),
                text(meter.quantity.map(|quantity| quantity.normalize().to_string())),
                text(meter.unit),
                meter.billed.amount.normalize(),
                text(meter.effective.map(|money| money.amount.normalize().to_string())),
                meter.currency,
            )
        })
        .collect()
}

#[test]
fn meters_of_a_month_keep_units_and_currencies_apart_and_add_up() {
    let named = r#""{""Name"":""lobby""}""#;
    let bench = Bench::new();
    let rows = [
        charge("2026-09-01", "2,1,USD", "Usage", &format!("EC2,i-1,24,Hrs,{named}")),
        charge("2026-09-02", "2,1,USD", "Usage", "EC2,i-1,24,Hrs,"),
        charge("2026-09-02", "5,,USD", "Usage", "EC2,i-1,10,GB,"),
        charge("2026-09-02", "7,7,KRW", "Usage", "EC2,i-1,,Hrs,"),
        charge("2026-09-03", "3,3,USD", "Tax", "AWS Tax,,,,"),
        charge("2026-10-01", "9,9,USD", "Usage", "EC2,i-1,24,Hrs,"),
    ];
    let ingested = bench.ingest(&[file(&bench, &rows)]);
    assert_eq!(ingested.failed, []);
    assert_eq!(
        meters(&bench, "2026-09-01", None),
        [
            "AWS Tax Tax - - - - 3 3 USD",
            "EC2 Usage i-1 - 10 GB 5 - USD",
            "EC2 Usage i-1 - - Hrs 7 7 KRW",
            "EC2 Usage i-1 lobby 48 Hrs 4 2 USD",
        ],
    );
    assert_eq!(
        meters(&bench, "2026-09-01", Some("2026-09-02")),
        ["EC2 Usage i-1 lobby 24 Hrs 2 1 USD"]
    );
    assert_eq!(meters(&bench, "2026-11-01", None), Vec::<String>::new());
    // The sum of the meters is that of the month.
    let month = CostFilter { month: Some("2026-09".to_owned()), ..CostFilter::default() };
    let groups = cost_groups(&bench.lake, &[GroupBy::Currency], &month).unwrap();
    let billed = |code: &str| {
        let group = groups.iter().find(|group| group.currency.code() == code);
        group.map(|group| group.billed.amount.normalize().to_string())
    };
    assert_eq!((billed("USD").as_deref(), billed("KRW").as_deref()), (Some("12"), Some("7")));
}

#[test]
fn a_month_is_whole_when_its_bill_spans_it() {
    let bench = Bench::new();
    let days = |month: &str, last: i8| -> Vec<String> {
        (1..=last)
            .map(|day| charge(&format!("{month}-{day:02}"), "1,1,USD", "Usage", "EC2,i-1,1,Hrs,"))
            .collect()
    };
    let rows = [days("2026-09", 30), days("2026-10", 30)].concat();
    assert_eq!(bench.ingest(&[file(&bench, &rows)]).failed, []);
    let states: Vec<(String, BillState)> = bill_months(&bench.lake)
        .unwrap()
        .into_iter()
        .map(|(month, state)| (month.to_string(), state))
        .collect();
    assert_eq!(
        states,
        [("2026-09-01".to_owned(), BillState::Whole), ("2026-10-01".to_owned(), BillState::Part),],
    );
    assert!(bill_months(&Bench::new().lake).unwrap().is_empty());
}
