//! Which manifests are current, period by period, and what lies there that none names yet.

use std::collections::BTreeMap;

use jiff::SignedDuration;

use super::bucket::Object;
use super::layout::{Place, Role, is_overwritten_report, place};

/// How long after the manifest of an overwritten legacy report its data may be written: AWS
/// writes the manifest of all others last, and says nothing of the order here. The next
/// delivery is hours away.
const TOGETHER: SignedDuration = SignedDuration::from_hours(1);

/// The current delivery of one export in one period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// The key up to the export.
    pub root: String,
    /// Its manifest.
    pub manifest: Object,
}

impl Delivery {
    /// Returns whether an object was written after the manifest: it is of the next delivery.
    pub fn is_older_than(&self, object: &Object) -> bool {
        let slack =
            if is_overwritten_report(&object.key) { TOGETHER } else { SignedDuration::ZERO };
        let written = self.manifest.modified.saturating_add(slack);
        object.modified > written.unwrap_or(self.manifest.modified)
    }
}

/// What lies in a bucket for one billing period.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Deliveries {
    /// The current delivery of each export, in order of their roots.
    pub current: Vec<Delivery>,
    /// Data that came after the newest manifest of its export, or has none: AWS writes the
    /// manifest last, so somebody is still writing.
    pub unfinished: Vec<Object>,
}

/// Sorts the objects of a bucket by billing period.
///
/// Of several manifests the one that lies in the period itself is current; where there is
/// none, the one that was written last.
pub fn deliveries(objects: &[Object]) -> BTreeMap<String, Deliveries> {
    let mut manifests: BTreeMap<(String, String), (usize, &Object)> = BTreeMap::new();
    let mut data: Vec<(Place, &Object)> = Vec::new();
    for object in objects {
        let Some(place) = place(&object.key) else { continue };
        let Role::Manifest { depth } = place.role else {
            data.push((place, object));
            continue;
        };
        let known = manifests.entry((place.period, place.root)).or_insert((depth, object));
        let is_better = (known.0, std::cmp::Reverse(known.1.modified))
            > (depth, std::cmp::Reverse(object.modified));
        if is_better {
            *known = (depth, object);
        }
    }
    let mut periods: BTreeMap<String, Deliveries> = BTreeMap::new();
    for ((period, root), (_, manifest)) in manifests {
        let delivery = Delivery { root, manifest: manifest.clone() };
        periods.entry(period).or_default().current.push(delivery);
    }
    for (place, object) in data {
        let period = periods.entry(place.period).or_default();
        // The report that is made for Athena keeps its data one directory below its manifest.
        let is_delivered = period
            .current
            .iter()
            .filter(|delivery| is_below(&place.root, &delivery.root))
            .any(|delivery| !delivery.is_older_than(object));
        if !is_delivered {
            period.unfinished.push(object.clone());
        }
    }
    periods
}

fn is_below(root: &str, above: &str) -> bool {
    root.strip_prefix(above).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;

    fn object(key: &str, second: i64) -> Object {
        Object {
            key: key.to_owned(),
            size: 1,
            modified: Timestamp::from_second(second).unwrap(),
            tag: Some(format!("{key}@{second}")),
        }
    }

    fn check(objects: &[(&str, i64)], current: &[&str], unfinished: &[&str]) {
        let objects: Vec<Object> =
            objects.iter().map(|(key, second)| object(key, *second)).collect();
        let mut periods = deliveries(&objects);
        let october = periods.remove("2026-10").unwrap_or_default();
        assert!(periods.is_empty(), "{periods:?}");
        let keys: Vec<&str> = october.current.iter().map(|one| one.manifest.key.as_str()).collect();
        assert_eq!(keys, current);
        let keys: Vec<&str> = october.unfinished.iter().map(|one| one.key.as_str()).collect();
        assert_eq!(keys, unfinished);
    }

    #[test]
    fn the_manifest_in_the_period_is_current_and_its_copies_are_not() {
        check(
            &[
                ("e/metadata/BILLING_PERIOD=2026-10/run-2/e-Manifest.json", 9),
                ("e/metadata/BILLING_PERIOD=2026-10/e-Manifest.json", 5),
                ("e/data/BILLING_PERIOD=2026-10/run-1/e-1.csv.gz", 4),
            ],
            &["e/metadata/BILLING_PERIOD=2026-10/e-Manifest.json"],
            &[],
        );
    }

    #[test]
    fn without_one_the_newest_execution_with_a_manifest_is_current() {
        check(
            &[
                ("e/metadata/BILLING_PERIOD=2026-10/run-1/e-Manifest.json", 5),
                ("e/metadata/BILLING_PERIOD=2026-10/run-2/e-Manifest.json", 7),
                ("e/data/BILLING_PERIOD=2026-10/run-3/e-1.csv.gz", 8),
            ],
            &["e/metadata/BILLING_PERIOD=2026-10/run-2/e-Manifest.json"],
            &["e/data/BILLING_PERIOD=2026-10/run-3/e-1.csv.gz"],
        );
    }

    #[test]
    fn data_without_any_manifest_is_not_a_delivery() {
        let data = "e/data/BILLING_PERIOD=2026-10/e-1.csv.gz";
        check(&[(data, 5)], &[], &[data]);
    }

    #[test]
    fn data_for_athena_lies_below_its_manifest() {
        check(
            &[
                ("c/a/20261001-20261101/a-Manifest.json", 5),
                ("c/a/a/year=2026/month=10/a-1.snappy.parquet", 4),
                ("c/a/a/year=2026/month=10/a-2.snappy.parquet", 3_605),
                ("c/a/a/year=2026/month=10/a-3.snappy.parquet", 3_606),
                ("c/ab/ab/year=2026/month=10/ab-1.snappy.parquet", 4),
            ],
            &["c/a/20261001-20261101/a-Manifest.json"],
            &[
                "c/a/a/year=2026/month=10/a-3.snappy.parquet",
                "c/ab/ab/year=2026/month=10/ab-1.snappy.parquet",
            ],
        );
    }
}
