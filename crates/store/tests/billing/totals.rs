//! Totals are preserved to the last digit: generated bills of every line type, in every
//! format and container, against sums that know nothing of the lake.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow::array::{ArrayRef, Decimal128Array, Float64Array, RecordBatch, StringArray};
use parquet::arrow::ArrowWriter;
use proptest::prelude::*;
use rust_decimal::Decimal;

use trimtab_model::money::Money;
use trimtab_store::billing::BillGroup;
use trimtab_store::billing::decimal::money;
use trimtab_store::cost::{CostFilter, GroupBy, Source, cost_groups_from};
use trimtab_store::lake::LakeError;

use crate::support::{Bench, codes, gzip};

/// The line types of a report, with how their effective cost comes about.
const LINES: &[(&str, &str)] = &[
    ("Usage", "unblended"),
    ("DiscountedUsage", "reservation"),
    ("SavingsPlanCoveredUsage", "plan"),
    ("SavingsPlanNegation", "zero"),
    ("SavingsPlanUpfrontFee", "zero"),
    ("SavingsPlanRecurringFee", "plan unused"),
    ("RIFee", "reservation unused"),
    ("Fee", "fee"),
    ("Tax", "unblended"),
    ("Credit", "unblended"),
    ("Refund", "unblended"),
    ("EdpDiscount", "unblended"),
    ("PrivateRateDiscount", "unblended"),
    ("BundledDiscount", "unblended"),
    ("Discount", "unblended"),
    ("RiVolumeDiscount", "unblended"),
    ("SppDiscount", "unblended"),
    ("DistributorDiscount", "unblended"),
    ("Adjustment", "unblended"),
    ("FlatRateSubscription", "unblended"),
];
const CATEGORIES: &[&str] = &["Usage", "Purchase", "Tax", "Credit", "Adjustment"];

/// How a table reaches the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Container {
    Csv,
    Gzip,
    ParquetText,
    ParquetDecimal,
    ParquetDouble,
}

const CONTAINERS: [Container; 5] = [
    Container::Csv,
    Container::Gzip,
    Container::ParquetText,
    Container::ParquetDecimal,
    Container::ParquetDouble,
];

#[derive(Debug, Clone)]
struct Row {
    line: usize,
    month: u32,
    account: u32,
    currency: &'static str,
    /// Six amounts: whole numbers and how many of their digits are decimals.
    amounts: [(i64, u32); 6],
    named: bool,
    unknown: bool,
}

impl Row {
    /// The amount as the file writes it.
    fn text(&self, index: usize) -> String {
        let (digits, scale) = self.amounts[index];
        Decimal::new(digits, scale).to_string()
    }

    /// The amount in units of 10⁻¹⁸.
    fn amount(&self, index: usize) -> i128 {
        let (digits, scale) = self.amounts[index];
        i128::from(digits) * 10_i128.pow(18 - scale)
    }
}

fn rows() -> impl Strategy<Value = Vec<Row>> {
    // At most 13 digits: a double tells them all apart. At least 5 decimals: sums of as many
    // rows fit the digits of an amount, whatever else is among them.
    let amount = (-9_999_999_999_999_i64..=9_999_999_999_999, 5_u32..=18);
    let row = (
        0..LINES.len(),
        9_u32..=10,
        1_u32..=2,
        prop_oneof![Just("USD"), Just("KRW")],
        proptest::array::uniform6(amount),
        any::<bool>(),
        prop::bool::weighted(0.1),
    )
        .prop_map(|(line, month, account, currency, amounts, named, unknown)| Row {
            line,
            month,
            account,
            currency,
            amounts,
            named,
            unknown,
        });
    proptest::collection::vec(row, 1..60)
}

/// Billed, effective and rows without effective, per period, account and currency.
type Sums = BTreeMap<(String, String, String), (i128, i128, u64)>;

fn add(sums: &mut Sums, row: &Row, billed: i128, effective: Option<i128>) {
    let key = (format!("2026-{:02}", row.month), row.account.to_string(), row.currency.to_owned());
    let sum = sums.entry(key).or_default();
    sum.0 += billed;
    sum.1 += effective.unwrap_or_default();
    sum.2 += u64::from(effective.is_none());
}

/// Columns with their cells; the flag says whether the column holds numbers.
type Table = Vec<(&'static str, bool, Vec<Option<String>>)>;

fn focus_table(rows: &[Row]) -> (Table, Sums) {
    let mut sums = Sums::new();
    for row in rows {
        let effective = (!row.unknown).then(|| row.amount(1));
        add(&mut sums, row, row.amount(0), effective);
    }
    let column = |name, number, cell: &dyn Fn(&Row) -> Option<String>| {
        (name, number, rows.iter().map(cell).collect())
    };
    let table = vec![
        column("Tags", false, &|row| row.named.then(|| r#"{"a":"b, ""c"""}"#.to_owned())),
        column("EffectiveCost", true, &|row| (!row.unknown).then(|| row.text(1))),
        column("BilledCost", true, &|row| Some(row.text(0))),
        column("ListCost", true, &|row| row.named.then(|| row.text(2))),
        column("BillingCurrency", false, &|row| Some(row.currency.to_owned())),
        column("ChargeCategory", false, &|row| {
            Some(CATEGORIES[row.line % CATEGORIES.len()].to_owned())
        }),
        column("ChargePeriodStart", false, &|row| {
            Some(format!("2026-{:02}-03T04:00:00Z", row.month))
        }),
        column("BillingPeriodStart", false, &|row| {
            Some(format!("2026-{:02}-01 00:00:00", row.month))
        }),
        column("BillingAccountId", false, &|row| Some(row.account.to_string())),
        column("Unknown column", false, &|_| Some("x".to_owned())),
    ];
    (table, sums)
}

fn cur_table(rows: &[Row], legacy: bool) -> (Table, Sums) {
    let mut sums = Sums::new();
    for row in rows {
        let effective = match LINES[row.line].1 {
            "unblended" => Some(row.amount(0)),
            "zero" => Some(0),
            "plan" => (!row.unknown).then(|| row.amount(1)),
            "plan unused" => Some(row.amount(2) - row.amount(3)),
            "reservation" => (!row.unknown).then(|| row.amount(4)),
            "reservation unused" => (!row.unknown).then(|| row.amount(1) + row.amount(5)),
            "fee" => Some(if row.named { 0 } else { row.amount(0) }),
            other => panic!("{other}"),
        };
        add(&mut sums, row, row.amount(0), effective);
    }
    let name = |legacy_name, new| if legacy { legacy_name } else { new };
    let column = |name, number, cell: &dyn Fn(&Row) -> Option<String>| {
        (name, number, rows.iter().map(cell).collect())
    };
    let table = vec![
        column(name("lineItem/LineItemType", "line_item_line_item_type"), false, &|row| {
            Some(LINES[row.line].0.to_owned())
        }),
        column(name("lineItem/UnblendedCost", "line_item_unblended_cost"), true, &|row| {
            Some(row.text(0))
        }),
        column(
            name(
                "savingsPlan/SavingsPlanEffectiveCost",
                "savings_plan_savings_plan_effective_cost",
            ),
            true,
            &|row| (!row.unknown).then(|| row.text(1)),
        ),
        column(
            name("savingsPlan/TotalCommitmentToDate", "savings_plan_total_commitment_to_date"),
            true,
            &|row| Some(row.text(2)),
        ),
        column(name("savingsPlan/UsedCommitment", "savings_plan_used_commitment"), true, &|row| {
            Some(row.text(3))
        }),
        column(name("reservation/EffectiveCost", "reservation_effective_cost"), true, &|row| {
            (!row.unknown).then(|| row.text(4))
        }),
        column(
            name(
                "reservation/UnusedAmortizedUpfrontFeeForBillingPeriod",
                "reservation_unused_amortized_upfront_fee_for_billing_period",
            ),
            true,
            &|row| (!row.unknown).then(|| row.text(1)),
        ),
        column(
            name("reservation/UnusedRecurringFee", "reservation_unused_recurring_fee"),
            true,
            &|row| Some(row.text(5)),
        ),
        column(
            name("reservation/ReservationARN", "reservation_reservation_a_r_n"),
            false,
            &|row| row.named.then(|| "arn:aws:ec2:::reserved".to_owned()),
        ),
        column(name("lineItem/CurrencyCode", "line_item_currency_code"), false, &|row| {
            Some(row.currency.to_owned())
        }),
        column(name("lineItem/UsageStartDate", "line_item_usage_start_date"), false, &|row| {
            Some(format!("2026-{:02}-03T04:00:00Z", row.month))
        }),
        column(
            name("bill/BillingPeriodStartDate", "bill_billing_period_start_date"),
            false,
            &|row| Some(format!("2026-{:02}-01T00:00:00.000Z", row.month)),
        ),
        column(name("bill/PayerAccountId", "bill_payer_account_id"), false, &|row| {
            Some(row.account.to_string())
        }),
        column(name("resourceTags/user:Env", "resource_tags"), false, &|_| None),
    ];
    (table, sums)
}

fn bytes(table: &Table, container: Container) -> Vec<u8> {
    let rows = table[0].2.len();
    match container {
        Container::Csv | Container::Gzip => {
            let mut writer = csv::Writer::from_writer(Vec::new());
            writer.write_record(table.iter().map(|(name, ..)| name)).unwrap();
            for row in 0..rows {
                writer
                    .write_record(
                        table.iter().map(|(_, _, cells)| cells[row].as_deref().unwrap_or("")),
                    )
                    .unwrap();
            }
            let text = writer.into_inner().unwrap();
            if container == Container::Gzip { gzip(&text) } else { text }
        }
        Container::ParquetText | Container::ParquetDecimal | Container::ParquetDouble => {
            let columns = table.iter().map(|(name, number, cells)| {
                let array: ArrayRef = match container {
                    Container::ParquetDecimal if *number => {
                        let values: Decimal128Array = cells
                            .iter()
                            .map(|cell| {
                                cell.as_ref().map(|cell| {
                                    let number: Decimal = cell.parse().unwrap();
                                    number.mantissa() * 10_i128.pow(18 - number.scale())
                                })
                            })
                            .collect();
                        Arc::new(values.with_precision_and_scale(38, 18).unwrap())
                    }
                    Container::ParquetDouble if *number => {
                        let values: Float64Array = cells
                            .iter()
                            .map(|cell| cell.as_ref().map(|cell| cell.parse::<f64>().unwrap()))
                            .collect();
                        Arc::new(values)
                    }
                    _ => Arc::new(StringArray::from(cells.clone())),
                };
                (*name, array, true)
            });
            let batch = RecordBatch::try_from_iter_with_nullable(columns).unwrap();
            let mut writer = ArrowWriter::try_new(Vec::new(), batch.schema(), None).unwrap();
            // Several row groups, so that several threads convert.
            for start in (0..rows).step_by(20) {
                writer.write(&batch.slice(start, 20.min(rows - start))).unwrap();
                writer.flush().unwrap();
            }
            writer.into_inner().unwrap()
        }
    }
}

fn check(bench: &Bench, name: &str, table: &Table, container: Container, expected: &Sums) {
    let file = bench.file(name, bytes(table, container));
    let ingested = bench.ingest(&[file]);
    assert_eq!(ingested.failed, []);
    let mut found = Sums::new();
    for bill in bench.lake.state().bills().unwrap() {
        for (currency, sum) in bill.sums {
            let BillGroup { billing_period, billing_account } = bill.group.clone();
            let key = (billing_period, billing_account, currency);
            found.insert(key, (sum.billed, sum.effective, sum.effective_unknown));
        }
    }
    let wanted: Sums = expected
        .iter()
        .filter(|(key, _)| found.contains_key(key))
        .map(|(key, sum)| (key.clone(), *sum))
        .collect();
    assert_eq!(wanted, *expected, "every bill is there, {container:?}");
    for (key, sum) in expected {
        assert_eq!(found[key], *sum, "{container:?}");
    }
    // And once more from the rows themselves, as the engine sums them.
    let by = [GroupBy::Month, GroupBy::Account];
    for source in [Source::Rows, Source::Rollup] {
        for group in cost_groups_from(&bench.lake, &by, &CostFilter::default(), source).unwrap() {
            let key = (
                group.key[0].clone().unwrap(),
                group.key[1].clone().unwrap(),
                group.currency.to_string(),
            );
            if let Some((billed, effective, unknown)) = expected.get(&key) {
                let exact = |sum: i128| money(sum, group.currency).unwrap();
                assert_eq!(group.billed, exact(*billed));
                assert_eq!(
                    group.effective.unwrap_or(Money::zero(group.currency)),
                    exact(*effective)
                );
                assert_eq!(group.effective_complete, *unknown == 0);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn f08_every_format_and_container_preserves_totals(rows in rows()) {
        for (index, container) in CONTAINERS.into_iter().enumerate() {
            let bench = Bench::new();
            let (table, sums) = match index % 3 {
                0 => focus_table(&rows),
                1 => cur_table(&rows, true),
                _ => cur_table(&rows, false),
            };
            check(&bench, "bill", &table, container, &sums);
        }
    }

    #[test]
    fn a_correction_replaces_whatever_the_format(first in rows(), second in rows(), container in 0..CONTAINERS.len()) {
        let bench = Bench::new();
        let (table, sums) = cur_table(&first, true);
        check(&bench, "first", &table, CONTAINERS[container], &sums);
        let (table, sums) = focus_table(&second);
        check(&bench, "second", &table, CONTAINERS[container], &sums);
        check(&bench, "second", &table, CONTAINERS[container], &sums);
    }
}

#[test]
fn a_sum_of_more_digits_than_an_amount_holds_is_an_error() {
    let bench = Bench::new();
    let rows = ["987654321098", "0.000000000000000001"]
        .map(|billed| format!("{billed},1,1,USD,Usage,2026-10-01,2026-10-02,2026-10-01,1,,a,,,"));
    bench.ingest(&[bench.focus("bill.csv", &rows.each_ref().map(String::as_str))]);
    for source in [Source::Rows, Source::Rollup] {
        let costs =
            cost_groups_from(&bench.lake, &[GroupBy::Service], &CostFilter::default(), source);
        assert!(matches!(costs, Err(LakeError::Amount(_))), "{costs:?}");
    }
}

#[test]
fn amortisation_without_its_columns_is_unknown_and_said_so() {
    let rows = "line_item_line_item_type,line_item_unblended_cost,line_item_currency_code,line_item_usage_start_date,bill_billing_period_start_date\n\
        SavingsPlanCoveredUsage,3,USD,2026-10-01,2026-10-01\n\
        SavingsPlanNegation,-3,USD,2026-10-01,2026-10-01\n\
        Fee,5,USD,2026-10-01,2026-10-01\n\
        Usage,1,USD,2026-10-01,2026-10-01\n";
    let bench = Bench::new();
    let ingested = bench.ingest(&[bench.file("bill.csv", rows)]);
    assert_eq!(ingested.failed, []);
    assert_eq!(codes(&ingested), ["effective-cost-unknown"]);
    let notice = &ingested.notices[0];
    assert_eq!(notice.rows, 2);
    assert_eq!(bench.totals(), ["2026-10  USD 6 1 4"]);
}

#[test]
fn an_unknown_line_type_is_refused() {
    let bench = Bench::new();
    let error = bench.refusal(&bench.cur(
        "bill.csv",
        &["Surprise,9,USD,2026-10-01T00:00:00Z,,2026-10-01T00:00:00Z,1,,,,,,,,,,,,"],
    ));
    assert!(error.to_string().ends_with("row 2, column line_item_line_item_type: `Surprise` is not a line item type that is known"), "{error}");
}

#[test]
fn a_double_beyond_eighteen_decimals_is_rounded_and_counted() {
    let rows = [Row {
        line: 0,
        month: 10,
        account: 1,
        currency: "USD",
        amounts: [(1, 0); 6],
        named: false,
        unknown: false,
    }];
    let (mut table, _) = focus_table(&rows);
    for (name, _, cells) in &mut table {
        if *name == "BilledCost" {
            cells[0] = Some("1.2345678901234567e-5".to_owned());
        }
    }
    let bench = Bench::new();
    let ingested = bench.ingest(&[bench.file("bill", bytes(&table, Container::ParquetDouble))]);
    assert_eq!(codes(&ingested), ["binary-costs-rounded"]);
    assert_eq!(bench.totals(), ["2026-10 1 USD 0.000012345678901235 1 1"]);
}

#[test]
fn f04_a_double_that_is_no_number_is_refused() {
    for word in ["NaN", "inf", "-inf"] {
        let row = Row {
            line: 0,
            month: 10,
            account: 1,
            currency: "USD",
            amounts: [(1, 0); 6],
            named: false,
            unknown: false,
        };
        let (mut table, _) = focus_table(&[row]);
        for (_, _, cells) in table.iter_mut().filter(|(name, ..)| *name == "BilledCost") {
            cells[0] = Some(word.to_owned());
        }
        let bench = Bench::new();
        let error = bench.refusal(&bench.file("bill", bytes(&table, Container::ParquetDouble)));
        assert!(error.to_string().contains("BilledCost"), "{word}: {error}");
    }
}

#[test]
fn amounts_that_64_bits_cannot_hold_stand_beside_those_they_can() {
    let bench = Bench::new();
    let mut rows = vec!["0.0123456789,1,1,USD,Usage,2026-10-01,2026-10-02,2026-10-01,1,,a,,,"; 9];
    rows.push("987654321.000000000000000001,1,1,USD,Tax,2026-10-01,2026-10-02,2026-10-01,1,,a,,,");
    rows.push("-0.000000000000000003,1,1,USD,Credit,2026-10-01,2026-10-02,2026-10-01,1,,b,,,");
    bench.ingest(&[bench.focus("bill.csv", &rows)]);
    let costs =
        cost_groups_from(&bench.lake, &[GroupBy::Service], &CostFilter::default(), Source::Rows);
    let billed: Vec<String> =
        costs.unwrap().iter().map(|group| group.billed.amount.to_string()).collect();
    assert_eq!(billed, ["987654321.111111110100000001", "-0.000000000000000003"]);
}
