//! What there is to read, and what nobody reads.

use trimtab_store::engine::Engine;
use trimtab_store::metrics::Metrics;
use trimtab_store::profile::Reduction;
use trimtab_store::{input, metrics};

use crate::support::{HEADER, csv, parquet, reduce_files, three};

#[test]
fn a_statistic_that_nobody_reads_is_told() {
    let text = format!(
        "{HEADER}i-1,AWS/EC2,CPUUtilization,p99,60,2026-10-05T00:00:00Z,1\n\
         i-2,AWS/EC2,CPUUtilization,p99,60,2026-10-05T00:00:00Z,1\n"
    );
    let (reduction, errors) = reduce_files(&[("a.csv", text.into()), ("b.csv", csv(&three()))]);
    assert_eq!(errors, []);
    assert_eq!(reduction.profiles.len(), 1);
    let skipped: Vec<_> =
        reduction.skipped.iter().map(|skip| (skip.statistic.as_str(), skip.series)).collect();
    assert_eq!(skipped, [("p99", 2)]);
}

#[test]
fn a_summary_says_what_there_is() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::create_dir(dir.path().join("metrics")).unwrap();
    std::fs::write(dir.path().join("metrics/a.csv"), csv(&three())).unwrap();
    std::fs::write(dir.path().join("metrics/b.parquet"), parquet(&three())).unwrap();
    let (files, _) = input::list(dir.path(), "metrics");
    let (metrics, errors) = Metrics::open(&files);
    assert_eq!(errors, []);
    assert_eq!(metrics.rows(), 6);
    let summary = metrics::summarise(&Engine::new(2).unwrap(), &metrics).unwrap();
    let [series] = summary.series.as_slice() else { panic!("{summary:?}") };
    assert_eq!((series.resources, series.samples, series.period_seconds), (1, 6, Some(60)));
    assert_eq!(summary.end(), Some("2026-10-05T00:04:00Z".parse().unwrap()));
}

#[test]
fn nothing_to_read_gives_nothing() {
    let (reduction, errors) = reduce_files(&[]);
    assert_eq!((reduction, errors), (Reduction::default(), Vec::new()));
}
