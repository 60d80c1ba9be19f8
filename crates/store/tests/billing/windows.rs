//! What analysis sees of a bill.

use rust_decimal::Decimal;
use trimtab_model::charge::Charges;
use trimtab_store::cost::{charges, left_out};

use crate::support::Bench;

fn row(day: u32, cost: &str, resource: &str) -> String {
    format!(
        "{cost},{cost},{cost},USD,Usage,2026-10-{day:02}T00:00:00Z,2026-10-{:02}T00:00:00Z,2026-10-01,1,2,Amazon EC2,ap-northeast-2,{resource},",
        day + 1
    )
}

/// A charge of a whole billing month.
fn month(category: &str, cost: &str, payer: &str, resource: &str) -> String {
    format!(
        "{cost},{cost},{cost},USD,{category},2026-10-01T00:00:00Z,2026-11-01T00:00:00Z,2026-10-01,{payer},2,Amazon EC2,ap-northeast-2,{resource},"
    )
}

fn check_window(charges: &Charges, start: &str, end: &str) {
    let window = charges.window.unwrap();
    assert_eq!(
        (window.start().to_string().as_str(), window.end().to_string().as_str()),
        (start, end)
    );
}

#[test]
fn f07_a_bill_of_whole_months_covers_its_last_month() {
    let bench = Bench::new();
    bench.ingest(&[bench.focus("bill.csv", &[&month("Usage", "744", "1", "i-1")])]);
    for until in ["2026-11-01T00:00:00Z", "2026-11-20T00:00:00Z"] {
        let charges = charges(&bench.lake, until.parse().unwrap(), 30).unwrap();
        check_window(&charges, "2026-10-01T00:00:00Z", "2026-11-01T00:00:00Z");
        let monthly = charges.monthly_effective(&"i-1".into()).unwrap();
        assert_eq!(monthly.values().next().unwrap().amount.round_dp(6), Decimal::from(730));
    }
}

#[test]
fn a_charge_of_a_month_does_not_stretch_the_days_of_usage() {
    let bench = Bench::new();
    let rows = [
        month("Usage", "7", "1", "zone"),
        month("Credit", "-1", "1", ""),
        row(3, "1", "i-1"),
        row(4, "2", "i-1"),
    ];
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    bench.ingest(&[bench.focus("bill.csv", &rows)]);
    let charges = charges(&bench.lake, "2026-11-01T00:00:00Z".parse().unwrap(), 30).unwrap();
    check_window(&charges, "2026-10-03T00:00:00Z", "2026-10-05T00:00:00Z");
}

#[test]
fn a_bill_of_a_month_that_was_open_when_it_was_read_gives_no_window() {
    let bench = Bench::new();
    let november = month("Usage", "1", "1", "i-1")
        .replace("2026-11-01", "2026-12-01")
        .replace("2026-10-01", "2026-11-01");
    bench.ingest(&[bench.focus("bill.csv", &[&november])]);
    let until = "2026-11-20T00:00:00Z".parse().unwrap();
    assert_eq!(charges(&bench.lake, until, 30).unwrap().window, None);
    let left_out = left_out(&bench.lake, until, 30).unwrap();
    assert_eq!(left_out.len(), 1);
    assert_eq!(left_out[0].billing_period, "2026-11");
}

#[test]
fn a_bill_of_whole_months_does_not_count_among_days() {
    let bench = Bench::new();
    let rows = [
        month("Usage", "100", "9", "i-9"),
        row(1, "1", "i-1"),
        row(31, "2", "i-1").replace("-10-32", "-11-01"),
    ];
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    bench.ingest(&[bench.focus("bill.csv", &rows)]);
    let until = "2026-11-01T00:00:00Z".parse().unwrap();
    let charges = charges(&bench.lake, until, 31).unwrap();
    check_window(&charges, "2026-10-01T00:00:00Z", "2026-11-01T00:00:00Z");
    assert_eq!(charges.resources.len(), 2);
    // Two weeks of them have no part of the month.
    let until = "2026-10-15T00:00:00Z".parse().unwrap();
    let charges = trimtab_store::cost::charges(&bench.lake, until, 31).unwrap();
    check_window(&charges, "2026-10-01T00:00:00Z", "2026-10-15T00:00:00Z");
    assert_eq!(charges.resources.len(), 1);
    assert_eq!(charges.by_account.len(), 1);
}

#[test]
fn f07_charges_are_summed_per_resource_within_the_window() {
    let bench = Bench::new();
    let volume = "arn:aws:ec2:ap-northeast-2:2:volume/vol-1";
    let rows = [row(1, "1", "i-1"), row(2, "2", "i-1"), row(3, "4", volume), row(4, "8", "i-1")];
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    bench.ingest(&[bench.focus("bill.csv", &rows)]);
    let charges = charges(&bench.lake, "2026-10-04T00:00:00Z".parse().unwrap(), 2).unwrap();
    let window = charges.window.unwrap();
    assert_eq!(window.start().to_string(), "2026-10-02T00:00:00Z");
    assert_eq!(window.end().to_string(), "2026-10-04T00:00:00Z");
    let found: Vec<String> = charges
        .resources
        .iter()
        .map(|charge| format!("{} {}", charge.resource_id, charge.cost.effective))
        .collect();
    assert_eq!(found, ["i-1 2 USD", "vol-1 4 USD"]);
    assert_eq!(
        charges.totals.values().map(|cost| cost.billed.to_string()).collect::<Vec<_>>(),
        ["6 USD"]
    );
    assert_eq!(
        charges.by_account.keys().map(|(account, _)| account.to_string()).collect::<Vec<_>>(),
        ["2"]
    );
}

#[test]
fn a_resource_whose_effective_cost_is_unknown_is_left_out() {
    let bench = Bench::new();
    let unknown = row(1, "1", "i-1").replacen("1,1,1", "1,,1", 1);
    bench.ingest(&[bench.focus("bill.csv", &[&unknown, &row(1, "2", "i-2")])]);
    let charges = charges(&bench.lake, "2026-11-01T00:00:00Z".parse().unwrap(), 30).unwrap();
    assert_eq!(charges.resources.len(), 1);
    assert!(charges.of_resource(&"i-1".into()).is_empty());
}

#[test]
fn without_a_bill_there_is_no_window() {
    let bench = Bench::new();
    let charges = charges(&bench.lake, "2026-11-01T00:00:00Z".parse().unwrap(), 30).unwrap();
    assert_eq!(charges.window, None);
}

#[test]
fn what_no_resource_is_named_for_counts_for_its_usage_type() {
    let bench = Bench::new();
    let header = "BilledCost,EffectiveCost,BillingCurrency,ChargeCategory,ChargePeriodStart,ChargePeriodEnd,BillingPeriodStart,BillingAccountId,SubAccountId,ServiceName,RegionId,ResourceId,PricingQuantity,PricingUnit,x_UsageType,ChargeDescription,ChargeClass,Tags";
    let row = |category: &str, account: &str, resource: &str, gigabytes: &str, effective: &str| {
        format!(
            "1,{effective},USD,{category},2026-10-01T00:00:00Z,2026-10-02T00:00:00Z,2026-10-01,1,{account},Amazon EC2,ap-northeast-2,{resource},{gigabytes},GB,APN2-DataTransfer-Regional-Bytes,,,"
        )
    };
    let rows = [
        row("Usage", "2", "i-1", "100", "1"),
        row("Usage", "2", "", "300", "3"),
        row("Tax", "2", "", "7", "7"),
        row("Usage", "", "", "5", ""),
    ];
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    bench.ingest(&[bench.file("bill.csv", crate::support::text(header, &rows))]);
    let charges = charges(&bench.lake, "2026-11-01T00:00:00Z".parse().unwrap(), 31).unwrap();
    let found: Vec<String> = charges
        .meters
        .iter()
        .map(|meter| {
            format!(
                "{} {} {} {}",
                meter.account.as_ref().unwrap(),
                meter.usage_type.as_deref().unwrap(),
                meter.pricing_quantity.unwrap().normalize(),
                meter.effective.map_or_else(|| "-".to_owned(), |money| money.to_string()),
            )
        })
        .collect();
    let usage_type = "APN2-DataTransfer-Regional-Bytes";
    assert_eq!(found, [format!("1 {usage_type} 5 -"), format!("2 {usage_type} 400 4 USD")]);
}
