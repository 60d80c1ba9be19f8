//! What pages say of money is what the bill says.

use serde_json::{Value, json};

use crate::client::{get, little};
use crate::server::{self, Server};
use crate::support::{Exports, stderr, stdout};

/// A bill of September and October by day: ten dollars of one service a day, ninety on the 20th of October.
pub fn two_months() -> String {
    let mut bill = String::from(
        "BillingAccountId,BillingCurrency,BillingPeriodStart,BillingPeriodEnd,ChargePeriodStart,ChargePeriodEnd,\
         ChargeCategory,BilledCost,EffectiveCost,ListCost,ContractedCost,ServiceName,SubAccountId,RegionId,ResourceId,\
         PricingQuantity,PricingUnit,x_UsageType,Tags\n",
    );
    for (month, next, days) in [(9, 10, 30), (10, 11, 31)] {
        for day in 1..=days {
            let (cost, quantity) = if (month, day) == (10, 20) { (90, 900) } else { (10, 100) };
            let (end_month, end) = if day == days { (next, 1) } else { (month, day + 1) };
            bill.push_str(&format!(
                "999988887777,USD,2026-{month:02}-01T00:00:00Z,2026-{next:02}-01T00:00:00Z,\
                 2026-{month:02}-{day:02}T00:00:00Z,2026-{end_month:02}-{end:02}T00:00:00Z,\
                 Usage,{cost},{cost},{cost},{cost},Amazon Virtual Private Cloud,111122223333,ap-northeast-2,nat-0a,\
                 {quantity},GB,APN2-NatGateway-Bytes,\"{{\"\"Team\"\":\"\"Live-Ops\"\",\"\"Environment\"\":\"\"live\"\"}}\"\n"
            ));
        }
    }
    bill
}

#[test]
fn what_pages_say_of_money_is_what_the_bill_adds_up_to() {
    let exports = Exports::empty();
    exports.write("billing/two-months.csv", two_months());
    std::fs::write(
        server::home(&exports).join("trimtab.toml"),
        "[[budget]]\nmonthly = \"300 USD\"\n\n[[budget]]\nname = \"live\"\nteam = \"live-ops\"\nmonthly = \"500000 KRW\"\n",
    )
    .expect("a file of ours");
    let from = exports.dir();
    let output = exports.trimtab(&["ingest", "--from", from.to_str().expect("UTF-8")]);
    assert!(output.status.success(), "{}{}", stdout(&output), stderr(&output));
    let server = Server::start(&exports);
    let month = |from: &str, until: &str| {
        get(&server, &format!("/api/v1/costs?from={from}&until={until}")).json()["total"].clone()
    };
    let october = month("2026-10-01", "2026-10-31");
    assert_eq!(october, json!({"amount": "390", "currency": "USD"}));

    let bridge = get(&server, "/api/v1/costs/bridge").json();
    assert_eq!((&bridge["to"], &bridge["from"]), (&october, &month("2026-09-01", "2026-09-30")));
    let steps = bridge["steps"].as_array().cloned().unwrap_or_default();
    assert_eq!(steps.len(), 1, "{bridge}");
    assert_eq!((&steps[0]["name"], &steps[0]["amount"]["amount"]), (&json!("usage"), &json!("90")));
    assert!(get(&server, "/cost?lang=en").body.contains("From one month to the next"));

    let found = get(&server, "/api/v1/anomalies").json();
    let first = &found["items"][0];
    assert_eq!(
        (&first["from"], &first["difference"]["amount"]),
        (&json!("2026-10-20"), &json!("80"))
    );
    assert_eq!(first["usage_types"][0]["key"], json!("APN2-NatGateway-Bytes"), "{found}");
    assert_eq!(first["resources"][0]["difference"]["amount"], json!("80"), "{found}");
    let page = get(&server, "/anomalies?lang=en").body;
    assert!(page.contains("APN2-NatGateway-Bytes") && page.contains("2026-10-20"), "{page}");

    let budgets = get(&server, "/api/v1/budgets").json();
    let (whole, team) = (&budgets["items"][0], &budgets["items"][1]);
    assert_eq!((&whole["to_date"], &whole["overrun_percent"]), (&october, &json!(100.0)));
    assert_eq!((&team["to_date"], &team["compared"]), (&october, &Value::Null), "{team}");
    let page = get(&server, "/budgets?lang=ko").body;
    assert!(page.contains("exchange_rate") && page.contains("예산의 130%"), "{page}");

    for by in ["environment", "team"] {
        let costs = get(&server, &format!("/api/v1/costs?group_by={by}&from=2026-10-01")).json();
        let name = if by == "team" { "Live-Ops" } else { "prod" };
        assert_eq!(costs["items"][0]["key"], json!(name), "{costs}");
        assert_eq!(costs["items"][0]["cost"], october, "{costs}");
    }
    for path in ["savings", "commitments"] {
        assert_eq!(get(&server, &format!("/api/v1/{path}")).status, 404, "{path}");
        assert_eq!(get(&server, &format!("/{path}?lang=ko")).status, 200, "{path}");
    }
}

#[test]
fn a_plan_that_waits_is_planned_and_nothing_is_verified() {
    let exports = little();
    let output = exports.trimtab(&["plan", "create", "--by", "kim"]);
    assert!(matches!(output.status.code(), Some(0 | 4)), "{}", stderr(&output));
    let server = Server::start(&exports);
    let savings = get(&server, "/api/v1/savings").json();
    let overview = get(&server, "/api/v1/overview").json();
    assert_eq!(savings["planned"]["amount"], overview["savings"]["planned"], "{savings}");
    assert_eq!(savings["found"]["amount"], overview["savings"]["likely"], "{savings}");
    assert_eq!((&savings["verified"], &savings["applied"]["count"]), (&Value::Null, &json!(0)));
    assert_eq!(savings["planned"]["count"], json!(savings["items"].as_array().map(Vec::len)));
    let page = get(&server, "/savings?lang=en").body;
    assert!(page.contains("Not verified yet"), "{page}");
    let csv = get(&server, "/savings?format=csv").body;
    assert_eq!(csv.lines().count(), savings["items"].as_array().map_or(0, Vec::len) + 1, "{csv}");
}

#[test]
fn a_day_of_korea_has_hours_of_two_days_of_utc() {
    let exports = Exports::empty();
    let mut bill = String::from(
        "BillingAccountId,BillingCurrency,BillingPeriodStart,BillingPeriodEnd,ChargePeriodStart,ChargePeriodEnd,\
         ChargeCategory,BilledCost,EffectiveCost,ListCost,ContractedCost,ServiceName,SubAccountId\n",
    );
    let hours = [
        ("01T14", "01T15", 5),
        ("01T15", "01T16", 7),
        ("02T14", "02T15", 11),
        ("02T15", "02T16", 13),
        ("02T00", "03T00", 100),
    ];
    for (start, end, cost) in hours {
        bill.push_str(&format!(
            "999988887777,USD,2026-10-01T00:00:00Z,2026-11-01T00:00:00Z,2026-10-{start}:00:00Z,2026-10-{end}:00:00Z,\
             Usage,{cost},{cost},{cost},{cost},Amazon EC2,111122223333\n"
        ));
    }
    exports.write("billing/hours.csv", bill);
    let from = exports.dir();
    let output = exports.trimtab(&["ingest", "--from", from.to_str().expect("UTF-8")]);
    assert!(output.status.success(), "{}{}", stdout(&output), stderr(&output));
    let server = Server::start(&exports);
    let day =
        |of: &str| get(&server, &format!("/api/v1/costs/hours?day=2026-10-02&day_of={of}")).json();
    let (utc, korea) = (day("utc"), day("kst"));
    assert_eq!(utc["total"], json!({"amount": "24", "currency": "USD"}), "{utc}");
    assert_eq!(korea["total"], json!({"amount": "18", "currency": "USD"}), "{korea}");
    assert_eq!(
        (&utc["longer"], &korea["items"][0]["at"]),
        (&json!(1), &json!("2026-10-01T15:00:00Z"))
    );
    let page =
        get(&server, "/cost?from=2026-10-02&until=2026-10-02&day_of=kst&lang=ko&currency=USD").body;
    assert!(page.contains("한국 시간 2026-10-02") && page.contains("18.00"), "{page}");
    let hours = "/cost?from=2026-10-02&until=2026-10-02&day_of=kst&list=hours&format=csv";
    let csv = get(&server, hours).body;
    assert_eq!(csv.lines().count(), 3, "{csv}");
    assert_eq!(get(&server, "/api/v1/costs/hours?day=2026-10-02&day_of=pst").status, 400);
}

#[test]
fn what_commitments_cost_is_what_the_bill_charges_for_them() {
    let exports = Exports::empty();
    let mut bill = String::from(
        "BillingAccountId,BillingCurrency,BillingPeriodStart,BillingPeriodEnd,ChargePeriodStart,ChargePeriodEnd,\
         ChargeCategory,BilledCost,EffectiveCost,ListCost,ContractedCost,ServiceName,SubAccountId,x_UsageType,\
         CommitmentDiscountId,CommitmentDiscountStatus,CommitmentDiscountType\n",
    );
    let plan = "arn:aws:savingsplans::999988887777:savingsplan/0a1b";
    for day in 1..=31 {
        let (end_month, end) = if day == 31 { (11, 1) } else { (10, day + 1) };
        let parts = [
            (8, 12, "APN2-BoxUsage:m5.large", plan, "Used"),
            (2, 0, "APN2-ComputeSP:1yrNoUpfront", plan, "Unused"),
            (4, 4, "APN2-BoxUsage:m5.large", "", ""),
        ];
        for (effective, list, usage, id, status) in parts {
            let kind = if id.is_empty() { "" } else { "Compute Savings Plan" };
            bill.push_str(&format!(
                "999988887777,USD,2026-10-01T00:00:00Z,2026-11-01T00:00:00Z,2026-10-{day:02}T00:00:00Z,\
                 2026-{end_month:02}-{end:02}T00:00:00Z,Usage,{effective},{effective},{list},{list},Amazon EC2,111122223333,\
                 {usage},{id},{status},{kind}\n"
            ));
        }
    }
    exports.write("billing/committed.csv", bill);
    let from = exports.dir();
    let output = exports.trimtab(&["ingest", "--from", from.to_str().expect("UTF-8")]);
    assert!(output.status.success(), "{}{}", stdout(&output), stderr(&output));
    let server = Server::start(&exports);
    let found = get(&server, "/api/v1/commitments").json();
    let last = &found["last"];
    let usd = |amount: &str| json!({"amount": amount, "currency": "USD"});
    assert_eq!((&last["month"], &last["is_whole"]), (&json!("2026-10"), &json!(true)), "{found}");
    assert_eq!((&last["paid"], &last["unused"]), (&usd("310"), &usd("62")), "{found}");
    assert_eq!(
        (&last["used_percent"], &last["compute_coverage_percent"]),
        (&json!(80.0), &json!(75.0))
    );
    assert_eq!(found["items"][0]["on_demand"], usd("372"), "{found}");
    assert_eq!((&found["next_end"], &found["in_inventory"]), (&Value::Null, &json!(0)));
    let page = get(&server, "/commitments?lang=en&currency=USD").body;
    assert!(page.contains("80%") && page.contains("75%") && page.contains("62.00"), "{page}");
}
