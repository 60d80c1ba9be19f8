//! A refresh against a file server on this machine that speaks the price list's format.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;

use rust_decimal::Decimal;

use trimtab_model::id::{InstanceType, RegionId};
use trimtab_model::price::DbPriceKey;
use trimtab_store::catalog::{self, Limits, RefreshError, Refreshed};

const REGION: &str = "ap-northeast-2";

const EC2_HEADER: &str = "\"SKU\",\"TermType\",\"StartingRange\",\"Unit\",\"PricePerUnit\",\"Currency\",\"Product Family\",\"Location Type\",\"Instance Type\",\"Operating System\",\"Tenancy\",\"usageType\",\"operation\",\"CapacityStatus\",\"Pre Installed S/W\"";
const RDS_HEADER: &str = "\"SKU\",\"TermType\",\"StartingRange\",\"Unit\",\"PricePerUnit\",\"Currency\",\"Product Family\",\"Location Type\",\"Instance Type\",\"Database Engine\",\"Database Edition\",\"License Model\",\"Deployment Option\",\"usageType\"";
const PLAIN_HEADER: &str = "\"SKU\",\"TermType\",\"StartingRange\",\"Unit\",\"PricePerUnit\",\"Currency\",\"Product Family\",\"Location Type\",\"usageType\"";

const EC2_ROWS: &str = r#""A1","OnDemand","0","Hrs","0.1170000000","USD","Compute Instance","AWS Region","m6i.large","Linux","Shared","APN2-BoxUsage:m6i.large","RunInstances","Used","NA"
"A2","OnDemand","0","Hrs","0.2100000000","USD","Compute Instance","AWS Region","m6i.large","Windows","Shared","APN2-BoxUsage:m6i.large","RunInstances:0002","Used","NA"
"A3","OnDemand","0","Hrs","0.1298000000","USD","Compute Instance","AWS Region","m6i.large","Linux","Dedicated","APN2-DedicatedUsage:m6i.large","RunInstances","Used","NA"
"A4","Reserved","0","Hrs","0.0740000000","USD","Compute Instance","AWS Region","m6i.large","Linux","Shared","APN2-BoxUsage:m6i.large","RunInstances","Used","NA"
"A5","OnDemand","0","Hrs","0.1500000000","USD","Compute Instance","AWS Local Zone","m6i.large","Linux","Shared","APN2-BoxUsage:m6i.large","RunInstances","Used","NA"
"A6","OnDemand","0","GB-Mo","0.0912000000","USD","Storage","AWS Region","","","","APN2-EBS:VolumeUsage.gp3","","",""
"A7","OnDemand","0","GiBps-mo","46.6944000000","USD","Provisioned Throughput","AWS Region","","","","APN2-EBS:VolumeP-Throughput.gp3","","",""
"A8","OnDemand","0","Hrs","9.9000000000","USD","Compute Instance","AWS Region","zz9.large","Linux","Shared","APN2-BoxUsage:zz9.large","RunInstances","Used","NA"
"A9","OnDemand","0","Hrs","0.4000000000","USD","Compute Instance","AWS Region","twice.large","Linux","Shared","APN2-BoxUsage:twice.large","RunInstances","Used","NA"
"B1","OnDemand","0","Hrs","0.5000000000","USD","Compute Instance","AWS Region","twice.large","Linux","Shared","APN2-BoxUsage:twice.large","RunInstances","Used","NA"
"#;
const RDS_ROWS: &str = r#""R1","OnDemand","0","Hrs","0.2869000000","USD","Database Instance","AWS Region","db.r7g.large","PostgreSQL","","No license required","Single-AZ","APN2-InstanceUsage:db.r7g.large"
"R2","OnDemand","0","Hrs","0.5738000000","USD","Database Instance","AWS Region","db.r7g.large","PostgreSQL","","No license required","Multi-AZ","APN2-Multi-AZUsage:db.r7g.large"
"R3","OnDemand","0","Hrs","0.3330000000","USD","Database Instance","AWS Region","db.r7g.large","Aurora PostgreSQL","","No license required","Single-AZ","APN2-InstanceUsage:db.r7g.large"
"R4","OnDemand","0","Hrs","0.4330000000","USD","Database Instance","AWS Region","db.r7g.large","Aurora PostgreSQL","","No license required","Single-AZ","APN2-InstanceUsageIOOptimized:db.r7g.large"
"R5","OnDemand","0","Hrs","0.9000000000","USD","Database Instance","AWS Region","db.m5.large","Oracle","Standard Two","License included","Single-AZ","APN2-InstanceUsage:db.m5.large"
"#;
const ELB_ROWS: &str = r#""L1","OnDemand","0","Hrs","0.0225000000","USD","Load Balancer-Application","AWS Region","APN2-LoadBalancerUsage"
"L2","OnDemand","0","Hrs","0.0250000000","USD","Load Balancer","AWS Region","APN2-LoadBalancerUsage"
"#;
const VPC_ROWS: &str = r#""V1","OnDemand","0","Hrs","0.0050000000","USD","VpcPublicIPv4Address","AWS Region","APN2-PublicIPv4:IdleAddress"
"#;

/// The files of a price list, by path.
type Files = BTreeMap<String, String>;

fn offer(code: &str, header: &str, rows: &str) -> String {
    format!(
        "\"FormatVersion\",\"v1.0\"\n\"Disclaimer\",\"This pricing list is for informational purposes only, and so on.\"\n\"Publication Date\",\"2026-10-20T21:12:32Z\"\n\"Version\",\"20261020211232\"\n\"OfferCode\",\"{code}\"\n{header}\n{rows}"
    )
}

fn csv_path(code: &str) -> String {
    format!("/offers/v1.0/aws/{code}/20261020211232/{REGION}/index.csv")
}

fn price_list() -> Files {
    let mut files = Files::new();
    let mut offers = Vec::new();
    for (code, header, rows) in [
        ("AmazonEC2", EC2_HEADER, EC2_ROWS),
        ("AmazonRDS", RDS_HEADER, RDS_ROWS),
        ("AWSELB", PLAIN_HEADER, ELB_ROWS),
        ("AmazonVPC", PLAIN_HEADER, VPC_ROWS),
    ] {
        let index = format!("/offers/v1.0/aws/{code}/current/region_index.json");
        offers.push(format!("\"{code}\":{{\"currentRegionIndexUrl\":\"{index}\"}}"));
        let json = csv_path(code).replace(".csv", ".json");
        files.insert(
            index,
            format!("{{\"formatVersion\":\"v1.0\",\"regions\":{{\"{REGION}\":{{\"regionCode\":\"{REGION}\",\"currentVersionUrl\":\"{json}\"}}}}}}"),
        );
        files.insert(csv_path(code), offer(code, header, rows));
    }
    let services = format!("{{\"formatVersion\":\"v1.0\",\"offers\":{{{}}}}}", offers.join(","));
    files.insert("/offers/v1.0/aws/index.json".to_owned(), services);
    files
}

/// How the server ends an answer.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Answer {
    Whole,
    /// Announces the whole CSV file and closes the connection after half of it.
    HalfOfCsv,
}

/// Serves `files` until the test process ends; returns the base URL.
fn serve(files: Files, answer: Answer) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("bound");
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            respond(stream.expect("a connection"), &files, answer);
        }
    });
    format!("http://{address}")
}

fn respond(mut stream: TcpStream, files: &Files, answer: Answer) {
    let mut lines = BufReader::new(stream.try_clone().expect("a second handle")).lines();
    let request = lines.next().and_then(Result::ok).unwrap_or_default();
    while lines.next().and_then(Result::ok).is_some_and(|line| !line.is_empty()) {}
    let path = request.split(' ').nth(1).unwrap_or("");
    let (status, body) = match files.get(path) {
        Some(body) => ("200 OK", body.as_str()),
        None => ("404 Not Found", ""),
    };
    let length = body.len();
    let sent =
        if answer == Answer::HalfOfCsv && path.ends_with(".csv") { length / 2 } else { length };
    let head =
        format!("HTTP/1.1 {status}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n");
    // A client that has read enough may hang up; that is its right.
    let _hung_up = stream
        .write_all(head.as_bytes())
        .and_then(|()| stream.write_all(body.as_bytes().get(..sent).unwrap_or_default()))
        .is_err();
}

fn refresh_with(
    data_dir: &Path,
    files: Files,
    answer: Answer,
    limits: Limits,
) -> Result<Vec<Refreshed>, RefreshError> {
    let url = serve(files, answer);
    let regions = BTreeSet::from([RegionId::from(REGION)]);
    tokio::runtime::Runtime::new()
        .expect("a runtime")
        .block_on(catalog::refresh(data_dir, &regions, &url, limits))
}

fn refresh(data_dir: &Path, files: Files) -> Result<Vec<Refreshed>, RefreshError> {
    refresh_with(data_dir, files, Answer::Whole, Limits::default())
}

/// Refreshes from `files`, expects an error, and that nothing was written.
fn failure(files: Files) -> RefreshError {
    let data_dir = tempfile::tempdir().expect("a directory");
    let error = refresh(data_dir.path(), files).expect_err("a broken list");
    assert!(!data_dir.path().join("catalog").exists(), "something was written");
    error
}

/// Changes a text of one offer file, and returns the failing row, column and problem.
#[expect(clippy::panic, reason = "another error fails the test")]
fn offer_failure(code: &str, from: &str, to: &str) -> (Option<u64>, Option<String>, String) {
    let mut files = price_list();
    let file = files.get_mut(&csv_path(code)).expect("served");
    assert!(file.contains(from));
    *file = file.replacen(from, to, 1);
    match failure(files) {
        RefreshError::Offer(error) => (error.row, error.column, error.problem.en.clone()),
        other => panic!("{other}"),
    }
}

fn usd(text: &str) -> Decimal {
    text.parse().expect("a number")
}

#[test]
fn a_refresh_is_laid_over_the_embedded_prices() {
    let data_dir = tempfile::tempdir().expect("a directory");
    let refreshed = refresh(data_dir.path(), price_list()).expect("a good list");
    let [region] = &refreshed[..] else { panic!("{refreshed:?}") };
    assert_eq!((region.instances, region.databases, region.meters), (2, 3, 5));
    assert_eq!(region.left_out, 1, "the type with two prices");
    assert_eq!(region.published.map(|date| date.to_string()).as_deref(), Some("2026-10-20"));

    let regions = BTreeSet::from([RegionId::from(REGION)]);
    let book = catalog::price_book_with(data_dir.path(), &regions).expect("it reads back");
    let prices = &book.regions[&RegionId::from(REGION)];
    let m6i = &prices.instance_hour[&InstanceType::from("m6i.large")];
    assert_eq!((m6i.usd, m6i.source.as_str()), (usd("0.117"), "aws-bulk"));
    assert_eq!(m6i.as_of.map(|date| date.to_string()).as_deref(), Some("2026-10-20"));
    assert_eq!(prices.instance_hour[&InstanceType::from("zz9.large")].usd, usd("9.9"));
    assert!(!prices.instance_hour.contains_key(&InstanceType::from("twice.large")));

    let key = |engine: &str| DbPriceKey {
        db_instance_class: "db.r7g.large".into(),
        engine: engine.to_owned(),
        edition: String::new(),
        license: "none".to_owned(),
    };
    assert_eq!(prices.db_instance_hour[&key("postgres")].usd, usd("0.2869"));
    assert_eq!(prices.db_instance_hour[&key("aurora-postgresql")].usd, usd("0.333"));
    assert!(!prices.db_instance_hour_estimated.contains_key(&key("postgres")));

    let throughput = &prices.meters["ebs/gp3_throughput_over_125"];
    assert_eq!((throughput.usd, throughput.unit.as_str()), (usd("0.0456"), "MiBps-month"));
    assert!(!prices.meters_estimated.contains_key("ebs/gp3_throughput_over_125"));
    assert_eq!(prices.meters["elb/clb_hour"].usd, usd("0.025"));
    assert_eq!(prices.meters["elb/alb_hour"].usd, usd("0.0225"));
    assert!(prices.meters.contains_key("lambda/request"), "embedded meters stay");
}

#[test]
fn a_refreshed_price_is_found_by_its_product() {
    let data_dir = tempfile::tempdir().expect("a directory");
    refresh(data_dir.path(), price_list()).expect("a good list");
    let find = |product: &str| {
        let rows = catalog::lookup_with(data_dir.path(), product, &REGION.into());
        let rows = rows.expect("it reads back").into_iter();
        rows.map(|row| {
            format!("{} {} {} {}", row.product, row.variant, row.price.usd, row.price.source)
        })
        .collect::<Vec<_>>()
    };
    assert_eq!(find("m6i.large"), ["m6i.large linux 0.117 aws-bulk"]);
    assert_eq!(find("zz9.large"), ["zz9.large linux 9.9 aws-bulk"]);
    assert_eq!(
        find("ebs/gp3_throughput"),
        ["ebs/gp3_throughput_over_125  0.0456 aws-bulk"],
        "the estimate has gone"
    );
    let databases = find("db.r7g.large");
    assert!(databases.contains(&"db.r7g.large postgres 0.2869 aws-bulk".to_owned()));
    let postgres = databases.iter().filter(|row| row.contains(" postgres ")).count();
    assert_eq!(postgres, 1, "{databases:?}");
}

#[test]
fn an_older_publication_does_not_replace_a_newer_price() {
    let data_dir = tempfile::tempdir().expect("a directory");
    let mut files = price_list();
    for file in files.values_mut() {
        *file = file.replace("2026-10-20T21", "2020-01-01T21");
    }
    refresh(data_dir.path(), files).expect("a good list");
    let regions = BTreeSet::from([RegionId::from(REGION)]);
    let book = catalog::price_book_with(data_dir.path(), &regions).expect("it reads back");
    let price = book.instance_hour(&RegionId::from(REGION), &"m6i.large".into());
    assert_eq!(price.map(|price| price.usd), Some(usd("0.118")));
}

#[test]
fn without_a_refresh_the_embedded_prices_stand() {
    let data_dir = tempfile::tempdir().expect("a directory");
    let regions = BTreeSet::from([RegionId::from(REGION)]);
    let book = catalog::price_book_with(data_dir.path(), &regions).expect("nothing to read");
    assert_eq!(book, catalog::price_book(&regions));
}

#[test]
fn a_missing_file_is_named() {
    let mut files = price_list();
    files.remove(&csv_path("AmazonRDS"));
    let error = failure(files);
    assert!(matches!(&error, RefreshError::Fetch { path, .. } if *path == csv_path("AmazonRDS")));
}

#[test]
fn a_region_that_is_not_listed_is_named() {
    let mut files = price_list();
    for file in files.values_mut() {
        *file = file.replace(&format!("\"{REGION}\":"), "\"eu-west-1\":");
    }
    assert!(matches!(failure(files), RefreshError::Region { .. }));
}

#[test]
fn a_download_that_ends_early_changes_nothing() {
    let data_dir = tempfile::tempdir().expect("a directory");
    let error = refresh_with(data_dir.path(), price_list(), Answer::HalfOfCsv, Limits::default())
        .expect_err("half a file");
    assert!(matches!(error, RefreshError::Fetch { .. } | RefreshError::CutOff { .. }), "{error:?}");
    assert!(!data_dir.path().join("catalog").exists());
}

#[test]
fn a_row_that_is_cut_off_is_named() {
    let (row, _, problem) =
        offer_failure("AmazonVPC", ",\"AWS Region\",\"APN2-PublicIPv4:IdleAddress\"", "");
    assert_eq!(row, Some(7));
    assert!(problem.contains("7 of 9 columns"), "{problem}");
}

#[test]
fn a_header_without_a_needed_column_is_refused() {
    let (row, column, _) = offer_failure("AmazonEC2", "\"Tenancy\"", "\"Tenure\"");
    assert_eq!((row, column.as_deref()), (Some(6), Some("Tenancy")));
}

#[test]
fn another_currency_is_refused() {
    let (row, column, problem) =
        offer_failure("AmazonEC2", "\"0.1170000000\",\"USD\"", "\"0.1170000000\",\"CNY\"");
    assert_eq!((row, column.as_deref()), (Some(7), Some("Currency")));
    assert!(problem.contains("CNY"), "{problem}");
}

#[test]
fn a_price_that_is_no_price_is_refused() {
    for (bad, says) in [("-0.1", "below zero"), ("1,5", "not a number"), ("1e400", "not a number")]
    {
        let (row, column, problem) = offer_failure("AmazonEC2", "0.1170000000", bad);
        assert_eq!((row, column.as_deref()), (Some(7), Some("PricePerUnit")));
        assert!(problem.contains(says), "{problem}");
    }
}

#[test]
fn a_file_without_a_publication_date_is_refused() {
    let (_, _, problem) = offer_failure("AmazonEC2", "Publication Date", "Publishing Date");
    assert!(problem.contains("publication date"), "{problem}");
}

#[test]
fn an_oversized_file_is_refused() {
    for (limits, name) in [
        (Limits { index_bytes: 10, ..Limits::default() }, "/offers/v1.0/aws/index.json".to_owned()),
        (Limits { offer_bytes: 500, ..Limits::default() }, csv_path("AmazonEC2")),
    ] {
        let data_dir = tempfile::tempdir().expect("a directory");
        let error = refresh_with(data_dir.path(), price_list(), Answer::Whole, limits)
            .expect_err("over the limit");
        assert!(
            matches!(&error, RefreshError::TooLarge { path, .. } if *path == name),
            "{error:?}"
        );
        assert!(!data_dir.path().join("catalog").exists());
    }
}

#[test]
fn a_row_without_end_is_refused() {
    let endless = format!("\"A1\",\"{}", "x".repeat(3 << 20));
    let (row, _, problem) = offer_failure("AmazonEC2", "\"A1\"", &endless);
    assert_eq!(row, Some(7));
    assert!(problem.contains("longer than a megabyte"), "{problem}");
}

#[test]
fn a_kept_file_that_was_damaged_is_named_by_row_and_column() {
    let data_dir = tempfile::tempdir().expect("a directory");
    let refreshed = refresh(data_dir.path(), price_list()).expect("a good list");
    let path = &refreshed[0].path;
    let text = std::fs::read_to_string(path).expect("written");
    std::fs::write(path, text.replacen("0.117", "cheap", 1)).expect("writable");
    let regions = BTreeSet::from([RegionId::from(REGION)]);
    let error = catalog::price_book_with(data_dir.path(), &regions).expect_err("damaged");
    assert_eq!(error.column.as_deref(), Some("usd"));
    assert!(error.row.is_some());
}
