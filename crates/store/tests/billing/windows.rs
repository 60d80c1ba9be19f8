//! What analysis sees of a bill.

use trimtab_store::cost::charges;

use crate::support::Bench;

fn row(day: u32, cost: &str, resource: &str) -> String {
    format!(
        "{cost},{cost},{cost},USD,Usage,2026-10-{day:02}T00:00:00Z,2026-10-{:02}T00:00:00Z,2026-10-01,1,2,Amazon EC2,ap-northeast-2,{resource},",
        day + 1
    )
}

#[test]
fn charges_are_summed_per_resource_within_the_window() {
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
