//! Real rows, where they are there: sums computed here, independently of the lake.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::str::FromStr;

use rust_decimal::Decimal;

use crate::support::Bench;

fn samples() -> Option<PathBuf> {
    let shared = std::env::var_os("TRIMTAB_SHARED_DATA").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"),
        PathBuf::from,
    );
    let bills = shared.join("samples/bills");
    if bills.is_dir() {
        return Some(bills);
    }
    println!("skipped: no sample bills at {}", bills.display());
    None
}

/// Sums two columns per month and currency, by nothing but the csv crate.
fn sums(
    path: &std::path::Path,
    month: &str,
    currency: &str,
    costs: [&str; 2],
) -> BTreeMap<(String, String), [Decimal; 2]> {
    let mut reader = csv::Reader::from_path(path).unwrap();
    let header = reader.headers().unwrap().clone();
    let at = |name: &str| header.iter().position(|column| column == name).unwrap();
    let (month, currency, costs) = (at(month), at(currency), costs.map(at));
    let mut sums: BTreeMap<(String, String), [Decimal; 2]> = BTreeMap::new();
    for record in reader.records() {
        let record = record.unwrap();
        let sum =
            sums.entry((record[month][..7].to_owned(), record[currency].to_owned())).or_default();
        for (sum, cost) in sum.iter_mut().zip(costs) {
            let text = &record[cost];
            *sum += Decimal::from_str(text).or_else(|_| Decimal::from_scientific(text)).unwrap();
        }
    }
    sums
}

#[track_caller]
fn check(file: &str, month: &str, currency: &str, costs: [&str; 2]) {
    let Some(bills) = samples() else { return };
    let path = bills.join(file);
    let bench = Bench::new();
    let ingested = bench.ingest(std::slice::from_ref(&path));
    assert_eq!(ingested.failed, []);
    let mut found: BTreeMap<(String, String), [Decimal; 2]> = BTreeMap::new();
    for total in trimtab_store::cost::totals(&bench.lake).unwrap() {
        let key = (total.bill.billing_period, total.billed.currency.to_string());
        let [billed, effective] = found.entry(key).or_default();
        *billed += total.billed.amount;
        *effective += total.effective.unwrap().amount;
    }
    assert_eq!(found, sums(&path, month, currency, costs));
}

#[test]
fn a_real_focus_bill_keeps_its_totals() {
    check(
        "focus_1_0_real_rows.csv",
        "BillingPeriodStart",
        "BillingCurrency",
        ["BilledCost", "EffectiveCost"],
    );
}

#[test]
fn a_real_legacy_report_keeps_its_totals() {
    // Usage and tax only: amortised and unblended are the same.
    check(
        "cur_legacy_real_rows.csv",
        "bill/BillingPeriodStartDate",
        "lineItem/CurrencyCode",
        ["lineItem/UnblendedCost", "lineItem/UnblendedCost"],
    );
}
