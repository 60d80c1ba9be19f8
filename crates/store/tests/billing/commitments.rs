//! What the bill says of commitments, per billing month, in both worlds of columns.

use std::path::PathBuf;

use jiff::Timestamp;

use trimtab_model::commitment::BillState;
use trimtab_model::money::Money;
use trimtab_store::cost::commitments;

use crate::support::Bench;

const FOCUS: &str = "BilledCost,EffectiveCost,ListCost,ContractedCost,BillingCurrency,ChargeCategory,ChargePeriodStart,ChargePeriodEnd,BillingPeriodStart,BillingAccountId,CommitmentDiscountId,CommitmentDiscountStatus";
const CUR: &str = "lineItem/LineItemType,lineItem/UnblendedCost,lineItem/CurrencyCode,lineItem/UsageStartDate,lineItem/UsageEndDate,bill/BillingPeriodStartDate,bill/PayerAccountId,lineItem/UsageAccountId,lineItem/ProductCode,reservation/ReservationARN,reservation/EffectiveCost,reservation/UnusedAmortizedUpfrontFeeForBillingPeriod,reservation/UnusedRecurringFee,savingsPlan/SavingsPlanARN,savingsPlan/SavingsPlanEffectiveCost,savingsPlan/TotalCommitmentToDate,savingsPlan/UsedCommitment,pricing/publicOnDemandCost";

/// A charge of a day: its costs `billed,effective,list,contracted`, category, commitment and status.
fn focus(day: &str, costs: &str, category: &str, commitment: &str) -> String {
    let date: jiff::civil::Date = day.parse().unwrap();
    let (next, month) = (date.tomorrow().unwrap(), date.first_of_month());
    format!(
        "{costs},USD,{category},{day}T00:00:00Z,{next}T00:00:00Z,{month}T00:00:00Z,1,{commitment}"
    )
}

/// A line item of a day: type, cost, and the cells from `reservation/ReservationARN` on.
fn cur(day: &str, line: &str, cells: &str) -> String {
    let date: jiff::civil::Date = day.parse().unwrap();
    let (next, month) = (date.tomorrow().unwrap(), date.first_of_month());
    format!("{line},0,USD,{day}T00:00:00Z,{next}T00:00:00Z,{month}T00:00:00Z,1,2,AmazonEC2,{cells}")
}

fn file(bench: &Bench, head: &str, rows: &[String]) -> PathBuf {
    bench.file("bill.csv", format!("{head}\n{}\n", rows.join("\n")))
}

/// Ingests and returns `id first-day state used on-demand unused`, one line per month.
fn check(head: &str, rows: &[String], until: &str, expected: &[&str]) {
    let bench = Bench::new();
    let ingested = bench.ingest(&[file(&bench, head, rows)]);
    assert_eq!(ingested.failed, []);
    let until: Timestamp = format!("{until}T00:00:00Z").parse().unwrap();
    let amount = |money: Option<Money>| {
        money.map_or_else(|| "-".to_owned(), |money| money.amount.normalize().to_string())
    };
    let found: Vec<String> = commitments(&bench.lake, until, 3)
        .unwrap()
        .into_iter()
        .map(|month| {
            let state = match month.state {
                BillState::Whole => "whole",
                BillState::Part => "part",
            };
            let id = month.commitment_discount_id;
            let day = month.period.start().strftime("%Y-%m-%d").to_string();
            let (used, on_demand) = (amount(month.used), amount(month.on_demand));
            format!("{id} {day} {state} {used} {on_demand} {}", amount(month.unused))
        })
        .collect();
    assert_eq!(found, expected);
}

/// The first and the last day of September, so that its bill is whole.
fn september(costs: &str, commitment: &str) -> Vec<String> {
    ["2026-09-01", "2026-09-30"].map(|day| focus(day, costs, "Usage", commitment)).to_vec()
}

#[test]
fn focus_says_what_was_used_and_what_was_not() {
    let mut rows = september("0,3,5,0", "ri-1,Used");
    rows.push(focus("2026-09-02", "0,2,0,0", "Usage", "ri-1,Unused"));
    rows.push(focus("2026-09-01", "90,0,90,90", "Purchase", "ri-1,"));
    rows.push(focus("2026-09-03", "7,7,7,7", "Usage", ","));
    check(FOCUS, &rows, "2026-10-20", &["ri-1 2026-09-01 whole 6 10 2"]);
}

#[test]
fn a_charge_of_a_whole_month_makes_its_bill_whole_once_the_month_is_over() {
    let month = |first: &str, next: &str| {
        format!(
            "0,3,5,0,USD,Usage,{first}T00:00:00Z,{next}T00:00:00Z,{first}T00:00:00Z,1,ri-1,Used"
        )
    };
    // The bench reads at the first moment of November.
    let rows = [month("2026-10-01", "2026-11-01"), month("2026-11-01", "2026-12-01")];
    check(
        FOCUS,
        &rows,
        "2026-11-20",
        &["ri-1 2026-10-01 whole 3 5 0", "ri-1 2026-11-01 part 3 5 0"],
    );
}

#[test]
fn what_is_used_throughout_leaves_nothing() {
    check(
        FOCUS,
        &september("0,3,5,0", "sp-1,Used"),
        "2026-10-20",
        &["sp-1 2026-09-01 whole 6 10 0"],
    );
}

#[test]
fn without_list_costs_the_on_demand_cost_is_unknown() {
    check(FOCUS, &september("0,3,,4", "sp-1,Used"), "2026-10-20", &["sp-1 2026-09-01 whole 6 - 0"]);
}

#[test]
fn a_purchase_alone_tells_nothing_of_its_use() {
    let mut rows = september("7,7,7,7", ",");
    rows.push(focus("2026-09-01", "90,0,90,90", "Purchase", "ri-1,"));
    check(FOCUS, &rows, "2026-10-20", &["ri-1 2026-09-01 whole 0 0 -"]);
}

#[test]
fn a_month_that_goes_on_is_a_part_and_so_is_one_that_begins_late() {
    let rows = [focus("2026-09-01", "0,3,5,0", "Usage", "ri-1,Used")];
    check(FOCUS, &rows, "2026-10-20", &["ri-1 2026-09-01 part 3 5 0"]);
    let rows = [focus("2026-09-30", "0,3,5,0", "Usage", "ri-1,Used")];
    check(FOCUS, &rows, "2026-10-20", &["ri-1 2026-09-30 part 3 5 0"]);
    check(FOCUS, &september("0,3,5,0", "ri-1,Used"), "2026-09-20", &["ri-1 2026-09-01 part 3 5 0"]);
}

#[test]
fn months_that_are_long_gone_are_left_out() {
    check(FOCUS, &september("0,3,5,0", "ri-1,Used"), "2027-01-20", &[]);
    check(
        FOCUS,
        &september("0,3,5,0", "ri-1,Used"),
        "2026-12-20",
        &["ri-1 2026-09-01 whole 6 10 0"],
    );
}

#[test]
fn a_report_has_the_unused_part_in_the_fee() {
    let rows = [
        cur("2026-09-01", "DiscountedUsage", "ri-1,3,,,,,,,5"),
        cur("2026-09-30", "DiscountedUsage", "ri-1,3,,,,,,,5"),
        cur("2026-09-01", "RIFee", "ri-1,,0.5,1.5,,,,,"),
        cur("2026-09-01", "SavingsPlanCoveredUsage", ",,,,sp-1,2,,,4"),
        cur("2026-09-01", "SavingsPlanNegation", ",,,,sp-1,,,,"),
        cur("2026-09-01", "SavingsPlanRecurringFee", ",,,,sp-1,,10,2,"),
    ];
    check(
        CUR,
        &rows,
        "2026-10-20",
        &["ri-1 2026-09-01 whole 6 10 2", "sp-1 2026-09-01 whole 2 4 8"],
    );
}

#[test]
fn a_report_without_the_fee_or_its_columns_does_not_tell() {
    let used =
        ["2026-09-01", "2026-09-30"].map(|day| cur(day, "DiscountedUsage", "ri-1,3,,,,,,,5"));
    check(CUR, &used, "2026-10-20", &["ri-1 2026-09-01 whole 6 10 -"]);
    let mut rows = used.to_vec();
    rows.push(cur("2026-09-01", "RIFee", "ri-1,,,,,,,,"));
    check(CUR, &rows, "2026-10-20", &["ri-1 2026-09-01 whole 6 10 -"]);
}
