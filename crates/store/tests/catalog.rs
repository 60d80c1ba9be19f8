//! The embedded catalogue: every row reads, and what it says is what the sources say.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use rust_decimal::Decimal;
use sha2::{Digest, Sha256};

use trimtab_model::id::{InstanceType, RegionId};
use trimtab_model::price::{DbPriceKey, Price, PriceBasis};
use trimtab_store::catalog;

/// Types that have a price but no facts: old generations that AWS no longer describes.
const PRICED_TYPES_WITHOUT_FACTS: usize = 31;

fn catalog_dir() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../catalog")
}

fn regions_of(file: &str) -> BTreeSet<RegionId> {
    rows(file).iter().map(|row| RegionId::new(row["region"].clone())).collect()
}

fn rows(file: &str) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_path(catalog_dir().join(file)).expect("the file is there");
    let header = reader.headers().expect("it has a header").clone();
    reader
        .records()
        .map(|record| {
            let record = record.expect("every row has all columns");
            header.iter().zip(&record).map(|(k, v)| (k.to_owned(), v.to_owned())).collect()
        })
        .collect()
}

fn one(region: &str) -> BTreeSet<RegionId> {
    BTreeSet::from([RegionId::from(region)])
}

fn usd(text: &str) -> Decimal {
    Decimal::from_str(text).expect("a number")
}

#[test]
fn the_manifest_states_the_files_as_they_are() {
    let manifest = rows("MANIFEST.csv");
    for row in &manifest {
        let bytes = std::fs::read(catalog_dir().join(&row["file"])).expect("the file is there");
        let hash: String = Sha256::digest(&bytes).iter().map(|b| format!("{b:02x}")).collect();
        assert_eq!(row["sha256"], hash, "{}: run catalog/build.py", row["file"]);
        assert_eq!(row["rows"], rows(&row["file"]).len().to_string(), "{}", row["file"]);
    }
    let stated: BTreeSet<_> = manifest.iter().map(|row| row["file"].clone()).collect();
    let present: BTreeSet<_> = std::fs::read_dir(catalog_dir())
        .expect("the directory is there")
        .map(|entry| entry.expect("readable").file_name().to_string_lossy().into_owned())
        .filter(|name| name.ends_with(".csv") && name != "MANIFEST.csv")
        .collect();
    assert_eq!(stated, present);
}

#[test]
fn every_row_of_every_region_is_in_the_price_book() {
    let mut regions = regions_of("instance_prices.csv");
    for file in [
        "instance_prices_estimated.csv",
        "db_prices.csv",
        "db_prices_estimated.csv",
        "meters.csv",
        "meters_estimated.csv",
        "spot_advisor.csv",
        "spot_average.csv",
        "commitments.csv",
    ] {
        regions.extend(regions_of(file));
    }
    let book = catalog::price_book(&regions);
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let mut count = |file, rows: usize| *counts.entry(file).or_default() += rows;
    for (region, prices) in &book.regions {
        count("instance_prices.csv", prices.instance_hour.len());
        count("instance_prices_estimated.csv", prices.instance_hour_estimated.len());
        count("db_prices.csv", prices.db_instance_hour.len());
        count("db_prices_estimated.csv", prices.db_instance_hour_estimated.len());
        count("meters.csv", prices.meters.len());
        count("meters_estimated.csv", prices.meters_estimated.len());
        count("spot_advisor.csv", catalog::spot(region).len());
        count("spot_average.csv", catalog::spot_average(region).len());
        count("commitments.csv", catalog::commitments(region).len());
    }
    for (file, count) in counts {
        assert_eq!(count, rows(file).len(), "{file}");
    }
    assert_eq!(book.instance_types.len(), rows("instance_types.csv").len());
    assert_eq!(book.db_classes.len(), rows("db_classes.csv").len());
}

#[test]
fn every_price_is_above_zero_and_has_a_source_and_its_basis() {
    let book = catalog::price_book(&regions_of("instance_prices.csv"));
    let check = |basis: PriceBasis, price: &Price| {
        assert!(price.usd > Decimal::ZERO, "{price:?}");
        assert!(!price.source.is_empty(), "{price:?}");
        assert!(!price.unit.is_empty(), "{price:?}");
        assert_eq!(price.basis, basis, "{price:?}");
    };
    for prices in book.regions.values() {
        prices.instance_hour.values().for_each(|price| check(PriceBasis::List, price));
        prices.db_instance_hour.values().for_each(|price| check(PriceBasis::List, price));
        prices.meters.values().for_each(|price| check(PriceBasis::List, price));
        let estimated = PriceBasis::Estimated;
        prices.instance_hour_estimated.values().for_each(|price| check(estimated, price));
        prices.db_instance_hour_estimated.values().for_each(|price| check(estimated, price));
        prices.meters_estimated.values().for_each(|price| check(estimated, price));
    }
}

#[test]
fn what_has_a_list_price_has_no_estimate() {
    let book = catalog::price_book(&regions_of("instance_prices.csv"));
    for (region, prices) in &book.regions {
        for instance_type in prices.instance_hour_estimated.keys() {
            assert!(!prices.instance_hour.contains_key(instance_type), "{region} {instance_type}");
        }
        for key in prices.db_instance_hour_estimated.keys() {
            assert!(!prices.db_instance_hour.contains_key(key), "{region} {key:?}");
        }
        for meter in prices.meters_estimated.keys() {
            assert!(!prices.meters.contains_key(meter), "{region} {meter}");
        }
    }
}

#[test]
fn seoul_has_its_known_prices() {
    let book = catalog::price_book(&one("ap-northeast-2"));
    let prices = &book.regions[&RegionId::from("ap-northeast-2")];
    for (instance_type, expected) in
        [("m6i.large", "0.118"), ("t3.micro", "0.013"), ("m7g.large", "0.1003")]
    {
        let price = &prices.instance_hour[&InstanceType::from(instance_type)];
        assert_eq!(price.usd, usd(expected), "{instance_type}");
        assert!(price.as_of.is_some(), "{instance_type}");
    }
    for (meter, expected) in [
        ("ebs/volume_storage_gp3", "0.0912"),
        ("ebs/volume_storage_gp2", "0.114"),
        ("ebs/snapshot_storage", "0.05"),
        ("elb/alb_hour", "0.0225"),
        ("elb/clb_hour", "0.025"),
        ("nat/gateway_hour", "0.059"),
        ("cloudwatch/logs_storage", "0.0314"),
        ("lambda/request", "0.0000002"),
    ] {
        assert_eq!(prices.meters[meter].usd, usd(expected), "{meter}");
    }
    assert_eq!(prices.meters_estimated["ebs/gp3_throughput_over_125"].usd, usd("0.0456"));
    let key = DbPriceKey {
        db_instance_class: "db.r5.large".into(),
        engine: "mysql".to_owned(),
        edition: String::new(),
        license: "none".to_owned(),
    };
    assert_eq!(prices.db_instance_hour[&key].usd, usd("0.285"));
    assert!(prices.offered.as_ref().is_some_and(|offered| offered.len() > 400));
}

#[test]
fn offered_types_have_facts_and_the_priced_ones_without_are_counted() {
    let facts = catalog::instance_types();
    for row in rows("instance_offerings.csv") {
        let instance_type = InstanceType::new(row["instance_type"].clone());
        assert!(facts.contains_key(&instance_type), "{instance_type}");
    }
    let priced: BTreeSet<_> = rows("instance_prices.csv")
        .iter()
        .map(|row| InstanceType::new(row["instance_type"].clone()))
        .filter(|instance_type| !facts.contains_key(instance_type))
        .collect();
    assert_eq!(priced.len(), PRICED_TYPES_WITHOUT_FACTS, "{priced:?}");
}

#[test]
fn every_priced_database_class_has_facts() {
    let facts = catalog::db_classes();
    for file in ["db_prices.csv", "db_prices_estimated.csv"] {
        for row in rows(file) {
            assert!(facts.contains_key(&row["db_class"].as_str().into()), "{}", row["db_class"]);
        }
    }
}

#[test]
fn facts_have_no_zero_where_something_is_unknown() {
    for (name, facts) in catalog::instance_types() {
        assert!(facts.vcpu > 0 && facts.memory_mib > 0, "{name}");
        assert_ne!(facts.network_baseline_gbps, Some(0.0), "{name}");
        assert_ne!(facts.ebs_baseline_iops, Some(0), "{name}");
        assert!(["x86_64", "arm64", "x86_64_mac", "arm64_mac"].contains(&&*facts.architecture));
    }
    assert_eq!(catalog::instance_types()[&InstanceType::from("trn1.2xlarge")].accelerators, 1);
}

#[test]
fn an_unknown_region_is_unknown_and_not_empty_handed() {
    let book = catalog::price_book(&one("xx-nowhere-9"));
    let prices = &book.regions[&RegionId::from("xx-nowhere-9")];
    assert!(prices.offered.is_none());
    assert!(prices.instance_hour.is_empty());
}

#[test]
fn a_product_is_found_with_its_source_and_date() {
    let seoul = RegionId::from("ap-northeast-2");
    let found = catalog::lookup("m6i.large", &seoul);
    let [row] = &found[..] else { panic!("{found:?}") };
    assert_eq!(row.price.usd, usd("0.118"));
    assert!(!row.price.source.is_empty() && !row.as_of.is_empty());

    let engines: BTreeSet<_> =
        catalog::lookup("db.r6g.large", &seoul).into_iter().map(|row| row.variant).collect();
    assert!(engines.contains("mysql") && engines.contains("aurora-postgresql"), "{engines:?}");

    let gp3 = catalog::lookup("ebs/gp3", &seoul);
    assert!(gp3.iter().any(|row| row.product == "ebs/volume_storage_gp3"));
    let estimated = gp3.iter().find(|row| row.price.basis == PriceBasis::Estimated);
    assert!(estimated.is_some_and(|row| row.note.contains("1.14")), "{gp3:?}");
    assert!(catalog::lookup("nothing.large", &seoul).is_empty());
    assert!(catalog::lookup("", &seoul).is_empty());
}

#[test]
fn one_region_is_read_quickly() {
    let start = std::time::Instant::now();
    let book = catalog::price_book(&one("ap-northeast-2"));
    let first = start.elapsed();
    assert!(!book.instance_types.is_empty());
    println!("price book of one region: {first:?} the first time");
    // Far above what it takes, so that a busy machine does not fail the test.
    assert!(first < std::time::Duration::from_secs(2));
}
