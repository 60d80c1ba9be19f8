//! How runs settle: twice is once, a correction corrects, nothing is half replaced.

use trimtab_store::cost::{BilledAs, CostFilter, GroupBy, Source, cost_groups, cost_groups_from};

use crate::support::{Bench, FOCUS, codes, gzip, text};

const A: &str = "1.50,1.25,2,USD,Usage,2026-10-01T00:00:00Z,2026-10-01T01:00:00Z,2026-10-01T00:00:00Z,111122223333,444455556666,Amazon EC2,ap-northeast-2,i-1,\"{\"\"env\"\":\"\"prod\"\"}\"";
const B: &str = "0.000000000000000001,0,NULL,USD,Usage,2026-10-02 00:00:00,2026-10-02 01:00:00,2026-10-01 00:00:00,111122223333,NULL,Amazon S3,NULL,,NULL";
const TAX: &str =
    "100,,,KRW,Tax,2026-10-01,2026-11-01,2026-10-01,111122223333,444455556666,Amazon EC2,,,";
const SEPTEMBER: &str = "7,7,7,USD,Usage,2026-09-30T23:00:00Z,2026-10-01T00:00:00Z,2026-09-01T00:00:00Z,111122223333,,Amazon EC2,,,";

#[test]
fn a_bill_in_csv_is_counted_to_the_last_digit() {
    let bench = Bench::new();
    let ingested = bench.ingest(&[bench.focus("bill.csv", &[A, B, TAX, SEPTEMBER])]);
    assert_eq!(ingested.failed, []);
    assert_eq!(ingested.rows(), 4);
    assert_eq!(codes(&ingested), ["effective-cost-unknown"]);
    assert_eq!(
        bench.totals(),
        [
            "2026-09 111122223333 USD 7 7 1",
            "2026-10 111122223333 KRW 100 - 1",
            "2026-10 111122223333 USD 1.500000000000000001 1.25 2",
        ]
    );
}

#[test]
fn cost_is_asked_by_any_dimension() {
    let bench = Bench::new();
    bench.ingest(&[bench.focus("bill.csv", &[A, B, TAX, SEPTEMBER])]);
    let ask = |by: &[GroupBy]| -> Vec<String> {
        cost_groups(&bench.lake, by, &CostFilter::default())
            .unwrap()
            .iter()
            .map(|group| {
                let key: Vec<&str> =
                    group.key.iter().map(|part| part.as_deref().unwrap_or("-")).collect();
                let list =
                    group.list.map_or_else(|| "-".to_owned(), |money| money.amount.to_string());
                format!(
                    "{} {} list {list} {}",
                    key.join("/"),
                    group.billed,
                    group.effective_complete
                )
            })
            .collect()
    };
    assert_eq!(
        ask(&[GroupBy::Service]),
        [
            "Amazon EC2 100 KRW list - false",
            "Amazon EC2 8.5 USD list 9 true",
            "Amazon S3 0.000000000000000001 USD list - true",
        ]
    );
    assert_eq!(ask(&[GroupBy::Month, GroupBy::Day]).len(), 4);
    assert_eq!(ask(&[GroupBy::Account])[0], "111122223333 7.000000000000000001 USD list - true");
    assert_eq!(
        ask(&[GroupBy::Tag("env".into())]),
        [
            "- 100 KRW list - false",
            "- 7.000000000000000001 USD list - true",
            "prod 1.5 USD list 2 true",
        ]
    );
    assert_eq!(ask(&[GroupBy::Resource])[2], "i-1 1.5 USD list 2 true");
}

#[test]
fn f04_negative_amounts_are_kept_to_the_last_digit_under_their_category() {
    let row = |category: &str, cost: &str| {
        format!(
            "{cost},{cost},{cost},USD,{category},2026-10-01,2026-10-02,2026-10-01,1,,Amazon EC2,,i-1,"
        )
    };
    let rows = [
        row("Usage", "10.1"),
        row("Credit", "-1.5"),
        row("Adjustment", "-0.000000000000000001"),
        row("Usage", "-0.3"),
    ];
    let bench = Bench::new();
    let ingested = bench.ingest(&[bench.focus("bill.csv", &rows.each_ref().map(String::as_str))]);
    assert_eq!(ingested.failed, []);
    let by = [GroupBy::Category];
    let found: Vec<String> = cost_groups(&bench.lake, &by, &CostFilter::default())
        .unwrap()
        .iter()
        .map(|group| format!("{} {}", group.key[0].as_deref().unwrap_or("-"), group.billed))
        .collect();
    assert_eq!(found, ["Adjustment -0.000000000000000001 USD", "Credit -1.5 USD", "Usage 9.8 USD"]);
    let sum = "8.299999999999999999";
    assert_eq!(bench.totals(), [format!("2026-10 1 USD {sum} {sum} 4")]);
}

#[test]
fn rows_and_rollup_agree() {
    let bench = Bench::new();
    bench.ingest(&[bench.focus("bill.csv", &[A, B, TAX, SEPTEMBER])]);
    for by in [
        GroupBy::Service,
        GroupBy::Day,
        GroupBy::Account,
        GroupBy::Region,
        GroupBy::Month,
        GroupBy::Category,
    ] {
        let ask = |source| {
            cost_groups_from(&bench.lake, std::slice::from_ref(&by), &CostFilter::default(), source)
                .unwrap()
        };
        assert_eq!(ask(Source::Rows), ask(Source::Rollup));
    }
}

#[test]
fn filters_narrow_the_answer() {
    let bench = Bench::new();
    bench.ingest(&[bench.focus("bill.csv", &[A, B, TAX, SEPTEMBER])]);
    let billed = |filter: CostFilter| -> Vec<String> {
        cost_groups(&bench.lake, &[], &filter)
            .unwrap()
            .iter()
            .map(|group| group.billed.to_string())
            .collect()
    };
    let day = |text: &str| Some(text.parse().unwrap());
    let all = CostFilter::default;
    assert_eq!(billed(CostFilter { month: Some("2026-09".into()), ..all() }), ["7 USD"]);
    assert_eq!(
        billed(CostFilter { from: day("2026-10-02"), ..all() }),
        ["0.000000000000000001 USD"]
    );
    assert_eq!(billed(CostFilter { until: day("2026-10-01"), ..all() }), ["7 USD"]);
    assert_eq!(
        billed(CostFilter { account: Some("111122223333".into()), ..all() }),
        ["7.000000000000000001 USD"]
    );
    assert_eq!(billed(CostFilter { resource: Some("i-1".into()), ..all() }), ["1.5 USD"]);
    let named = |account: &str, region: &str| {
        let names = vec!["i-1".to_owned(), "arn:aws:ec2:x:y:instance/i-1".to_owned()];
        let billed_as = BilledAs { account: account.to_owned(), region: region.to_owned(), names };
        billed(CostFilter { billed_as: Some(billed_as), ..all() })
    };
    assert_eq!(named("444455556666", "ap-northeast-2"), ["1.5 USD"]);
    assert_eq!(named("444455556666", "us-east-1"), Vec::<String>::new());
    assert_eq!(named("111122223333", "ap-northeast-2"), Vec::<String>::new());
    assert_eq!(billed(CostFilter { currency: Some("KRW".parse().unwrap()), ..all() }), ["100 KRW"]);
    assert_eq!(
        billed(CostFilter { service: Some("nothing' OR 1=1".into()), ..all() }),
        Vec::<String>::new()
    );
}

#[test]
fn f06_twice_is_once_and_a_correction_corrects() {
    let bench = Bench::new();
    let whole = bench.focus("bill.csv", &[A, B]);
    bench.ingest(std::slice::from_ref(&whole));
    bench.ingest(std::slice::from_ref(&whole));
    assert_eq!(bench.totals(), ["2026-10 111122223333 USD 1.500000000000000001 1.25 2"]);
    bench.ingest(&[bench.focus("bill.csv", &[A])]);
    assert_eq!(bench.totals(), ["2026-10 111122223333 USD 1.5 1.25 1"]);
    // Replaced files go with the run after.
    bench.ingest(&[]);
    let left = walk(&bench.dir.path().join("data/lake"));
    assert_eq!(left, 2, "one file of charges and one rollup");
}

#[test]
fn f06_parts_of_one_run_add_up_and_the_same_content_counts_once() {
    let bench = Bench::new();
    let one = bench.focus("one.csv", &[A]);
    let two = bench.file("two.csv.gz", gzip(text(FOCUS, &[B]).as_bytes()));
    let again = bench.focus("again.csv", &[A]);
    let ingested = bench.ingest(&[one, two, again]);
    assert_eq!(codes(&ingested), ["same-content"]);
    assert_eq!(bench.totals(), ["2026-10 111122223333 USD 1.500000000000000001 1.25 2"]);
}

#[test]
fn of_two_formats_the_richer_one_counts() {
    let bench = Bench::new();
    let focus = bench.focus("focus.csv", &[A]);
    let cur = bench.cur("cur.csv", &["Usage,9,USD,2026-10-01T00:00:00Z,2026-10-01T01:00:00Z,2026-10-01T00:00:00Z,111122223333,444455556666,AmazonEC2,us-east-1,,,,,,,,,"]);
    let ingested = bench.ingest(&[cur, focus]);
    assert_eq!(codes(&ingested), ["poorer-format-left-out"]);
    assert_eq!(bench.totals(), ["2026-10 111122223333 USD 1.5 1.25 1"]);
}

#[test]
fn f01_a_bad_file_holds_known_bills_back_and_marks_new_ones() {
    let bench = Bench::new();
    bench.ingest(&[bench.focus("bill.csv", &[A, B])]);
    let good = bench.focus("one.csv", &[A, SEPTEMBER]);
    let bad = bench.focus("two.csv", &["oops,0,,USD,Usage,2026-10-02,,,111122223333,,,,,"]);
    let ingested = bench.ingest(&[good, bad]);
    assert_eq!(ingested.failed[0].error.row, Some(2));
    assert_eq!(codes(&ingested), ["bill-held-back", "bill-incomplete"]);
    assert_eq!(
        bench.totals(),
        [
            "2026-09 111122223333 USD 7 7 1 incomplete",
            "2026-10 111122223333 USD 1.500000000000000001 1.25 2",
        ]
    );
}

#[test]
fn a_file_of_something_else_holds_nothing_back() {
    let bench = Bench::new();
    bench.ingest(&[bench.focus("bill.csv", &[A, B])]);
    let good = bench.focus("one.csv", &[A]);
    let manifest = bench.file("Manifest.json", "{\"reportKeys\":[]}");
    let ingested = bench.ingest(&[good, manifest]);
    assert_eq!(ingested.failed.len(), 1);
    assert_eq!(bench.totals(), ["2026-10 111122223333 USD 1.5 1.25 1"]);
}

#[test]
fn a_run_that_dies_before_the_manifest_leaves_the_old_bill() {
    let bench = Bench::new();
    bench.ingest(&[bench.focus("bill.csv", &[A])]);
    // What a crash leaves: staged files, and announced files that no bill names.
    let data = bench.dir.path().join("data");
    std::fs::create_dir_all(data.join("staging/run-dead")).unwrap();
    std::fs::create_dir_all(data.join("lake/charges/2026-10/x")).unwrap();
    std::fs::write(data.join("lake/charges/2026-10/x/dead.parquet"), "half").unwrap();
    bench
        .lake
        .state()
        .announce_lake_files(&["charges/2026-10/x/dead.parquet".to_owned()].into())
        .unwrap();
    assert_eq!(bench.totals(), ["2026-10 111122223333 USD 1.5 1.25 1"]);
    bench.ingest(&[]);
    assert!(!data.join("lake/charges/2026-10/x/dead.parquet").exists());
    assert!(!data.join("staging/run-dead").exists());
    assert_eq!(
        cost_groups(&bench.lake, &[GroupBy::Resource], &CostFilter::default()).unwrap().len(),
        1
    );
}

#[test]
fn an_empty_lake_has_no_cost() {
    let bench = Bench::new();
    assert_eq!(cost_groups(&bench.lake, &[GroupBy::Service], &CostFilter::default()).unwrap(), []);
    assert_eq!(bench.totals(), Vec::<String>::new());
}

#[test]
fn an_account_that_is_no_plain_name_cannot_leave_the_lake() {
    let bench = Bench::new();
    let row = A.replace("111122223333", "../../../etc");
    bench.ingest(&[bench.focus("bill.csv", &[&row])]);
    assert_eq!(bench.totals(), ["2026-10 ../../../etc USD 1.5 1.25 1"]);
    assert_eq!(walk(&bench.dir.path().join("data/lake")), 2);
}

fn walk(dir: &std::path::Path) -> usize {
    std::fs::read_dir(dir)
        .unwrap()
        .map(|entry| {
            let path = entry.unwrap().path();
            if path.is_dir() { walk(&path) } else { 1 }
        })
        .sum()
}
