//! Generated bills and fleets are what they say they are, by way of the store.

#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

use std::path::Path;

use jiff::civil::date;
use jiff::tz::TimeZone;
use rust_decimal::Decimal;

use trimtab_app::config::{ObjectStoreOptions, Settings};
use trimtab_app::pipeline::{AnalyzeRequest, IngestRequest, Ingested, Source, analyze, ingest};
use trimtab_app::story::bill::{self, BillFormat, BillSpec};
use trimtab_app::story::fleet::{self, FleetSpec};
use trimtab_app::story::{CostType, game_kr};
use trimtab_app::worker::Isolation;
use trimtab_model::policy::Policy;
use trimtab_model::text::Language;
use trimtab_store::catalog::price_book;
use trimtab_store::inventory::Place;

fn settings(data_dir: &Path) -> Settings {
    Settings {
        profile: None,
        accounts: Vec::new(),
        organization: None,
        external_ids: Default::default(),
        scan_share: Default::default(),
        language: Language::En,
        currency: None,
        timezone: TimeZone::UTC,
        data_dir: data_dir.to_owned(),
        lake: None,
        object_store: ObjectStoreOptions::default(),
        prometheus: Default::default(),
        exchange_rates: Vec::new(),
        budgets: Vec::new(),
        policy: Policy::default(),
        rollout: Default::default(),
        tags: Default::default(),
        allocation: Vec::new(),
        notify: Default::default(),
        watch: Default::default(),
        endpoints: Vec::new(),
        files: Vec::new(),
        settings: Vec::new(),
    }
}

fn spec(format: BillFormat) -> BillSpec {
    BillSpec {
        rows: 6_000,
        resources: 400,
        first_month: date(2026, 8, 1),
        months: 2,
        seed: 11,
        format,
        cost_type: CostType::Decimal,
        rows_per_file: 1_100,
        threads: 2,
    }
}

fn ingested(dir: &Path) -> Ingested {
    let data_dir = tempfile::tempdir().unwrap();
    let request = IngestRequest {
        dir: dir.to_owned(),
        place: Place::default(),
        isolation: Isolation::InProcess,
    };
    ingest(&settings(data_dir.path()), &request, &|_| {}).unwrap()
}

fn check_totals(format: BillFormat) {
    let dir = tempfile::tempdir().unwrap();
    std::fs::create_dir(dir.path().join("billing")).unwrap();
    let known =
        bill::write(&dir.path().join("billing"), &spec(format), &price_book(&game_kr::regions()))
            .unwrap();
    assert_eq!(known.iter().map(|total| total.rows).sum::<u64>(), 6_000);
    assert_eq!(known.len(), 4, "two months in two currencies");
    let ingested = ingested(dir.path());
    assert_eq!(ingested.errors, []);
    let mut of_store: Vec<(String, Decimal, Decimal)> = ingested
        .totals
        .iter()
        .map(|total| {
            (
                total.billed.currency.to_string(),
                total.billed.amount.normalize(),
                total.effective.unwrap().amount.normalize(),
            )
        })
        .collect();
    let mut of_generator: Vec<(String, Decimal, Decimal)> = known
        .iter()
        .map(|total| {
            (total.currency.clone(), total.billed.normalize(), total.effective.normalize())
        })
        .collect();
    of_store.sort();
    of_generator.sort();
    assert_eq!(of_store, of_generator);
}

#[test]
fn a_parquet_bill_adds_up_to_its_known_totals() {
    check_totals(BillFormat::Parquet);
}

#[test]
fn a_csv_bill_adds_up_to_its_known_totals() {
    check_totals(BillFormat::CsvGz);
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let prices = price_book(&game_kr::regions());
    let write = |dir: &Path, threads| {
        bill::write(dir, &BillSpec { threads, ..spec(BillFormat::Parquet) }, &prices).unwrap()
    };
    assert_eq!(write(one.path(), 1), write(two.path(), 2));
    for entry in std::fs::read_dir(one.path()).unwrap() {
        let name = entry.unwrap().file_name();
        let read = |dir: &Path| std::fs::read(dir.join(&name)).unwrap();
        assert!(read(one.path()) == read(two.path()), "{}", name.display());
    }
}

#[test]
fn a_fleet_is_analysed_machine_by_machine() {
    let dir = tempfile::tempdir().unwrap();
    let as_of = game_kr::AS_OF;
    let spec = FleetSpec { instances: 12, volumes: 0, days: 14, as_of, seed: 5, threads: 2 };
    assert_eq!(fleet::write(dir.path(), &spec).unwrap(), 12 * 2 * 14 * 288);
    let data_dir = tempfile::tempdir().unwrap();
    let request = AnalyzeRequest {
        source: Source::Directory(dir.path().to_owned()),
        as_of: Some(as_of),
        checks: vec!["ec2-instance-oversized".to_owned()],
        place: Place::default(),
        isolation: Isolation::InProcess,
    };
    let analyzed = analyze(&settings(data_dir.path()), &request, &|_| {}).unwrap();
    assert_eq!(analyzed.errors, []);
    let analysis = analyzed.analysis;
    assert_eq!(analysis.items.len() + analysis.passed.len(), 12, "{:?}", analysis.unknown);
    assert!(!analysis.items.is_empty());
}
