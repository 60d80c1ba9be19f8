//! The demo story travels the path of a user's directory and is scored against its truth.

#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

use std::path::{Path, PathBuf};

use jiff::tz::TimeZone;
use rust_decimal::Decimal;

use trimtab_app::config::{ObjectStoreOptions, Settings};
use trimtab_app::pipeline::{AnalyzeRequest, Analyzed, IngestRequest, Source, analyze, ingest};
use trimtab_app::story::game_kr::{self, DEFAULT_SEED, Truth};
use trimtab_app::worker::Isolation;
use trimtab_model::policy::{Policy, Preset, SizingPolicy};
use trimtab_model::text::Language;
use trimtab_store::catalog::price_book;
use trimtab_store::inventory::Place;

/// The truth has the sizes of Compute Optimizer's default preset: those can be worked out by hand.
fn policy() -> Policy {
    let mut policy = Policy { calendar: game_kr::calendar(), ..Policy::default() };
    policy.replace_sizing(SizingPolicy::preset(Preset::Default));
    policy
}

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
        policy: policy(),
        rollout: Default::default(),
        tags: Default::default(),
        allocation: Vec::new(),
        budgets: Vec::new(),
        notify: Default::default(),
        watch: Default::default(),
        endpoints: Vec::new(),
        files: Vec::new(),
        settings: Vec::new(),
    }
}

fn write(dir: &Path, seed: u64) -> Truth {
    game_kr::write(dir, seed, &price_book(&game_kr::regions()), |_| {}).unwrap()
}

fn analyzed(dir: &Path) -> Analyzed {
    let data_dir = tempfile::tempdir().unwrap();
    let request = AnalyzeRequest {
        source: Source::Directory(dir.to_owned()),
        as_of: Some(game_kr::AS_OF),
        checks: Vec::new(),
        place: Place::default(),
        isolation: Isolation::InProcess,
    };
    analyze(&settings(data_dir.path()), &request, &|_| {}).unwrap()
}

/// Finds what is planted for `seed`, all of it and nothing else.
fn check_score(seed: u64) {
    let dir = tempfile::tempdir().unwrap();
    let truth = write(dir.path(), seed);
    let analyzed = analyzed(dir.path());
    assert_eq!(analyzed.errors, []);
    let score = game_kr::score(&analyzed.analysis, &truth);
    assert!(score.misses.is_empty(), "{:#?}", score.misses);
    assert_eq!((score.false_positive, score.false_negative), (0, 0));
    assert_eq!((score.precision, score.recall), (1.0, 1.0));
    assert_eq!(score.true_positive as usize, truth.faults.len() + truth.conditional.len());
    for healthy in &truth.healthy {
        let touched = analyzed
            .analysis
            .items
            .iter()
            .any(|item| item.resource.id.as_str() == healthy.resource_id);
        assert!(!touched, "{} must be left alone: {}", healthy.name, healthy.reason);
    }
}

#[test]
fn the_analysis_finds_what_is_planted_and_nothing_else() {
    check_score(DEFAULT_SEED);
}

#[test]
fn another_seed_is_found_as_well() {
    check_score(7);
}

#[test]
fn the_whole_loop_saves_85_percent_and_this_release_a_part_of_it() {
    let dir = tempfile::tempdir().unwrap();
    let truth = write(dir.path(), DEFAULT_SEED);
    let within = |value: Decimal, low: i64, high: i64| value >= low.into() && value <= high.into();
    assert!(within(truth.whole_loop_percent, 82, 88), "{}", truth.whole_loop_percent);
    assert!(within(truth.this_release_percent, 40, 65), "{}", truth.this_release_percent);
    let won = truth.monthly_cost_usd * game_kr::exchange_rate().rate;
    assert!(within(won, 9_500_000, 10_500_000), "{won} KRW a month");
}

#[test]
fn the_bill_adds_up_to_what_the_story_says() {
    let dir = tempfile::tempdir().unwrap();
    let data_dir = tempfile::tempdir().unwrap();
    let truth = write(dir.path(), DEFAULT_SEED);
    let request = IngestRequest {
        dir: dir.path().to_owned(),
        place: Place::default(),
        isolation: Isolation::InProcess,
    };
    let ingested = ingest(&settings(data_dir.path()), &request, &|_| {}).unwrap();
    assert_eq!(ingested.errors, []);
    let of_bill: Vec<_> = ingested
        .totals
        .iter()
        .map(|total| (total.billed.amount.normalize(), total.effective.unwrap().amount.normalize()))
        .collect();
    let of_truth: Vec<_> = truth
        .bill
        .iter()
        .map(|total| (total.billed.normalize(), total.effective.normalize()))
        .collect();
    assert_eq!(of_bill, of_truth);
}

#[test]
fn the_same_seed_gives_the_same_files() {
    let (one, two, other) =
        (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    write(one.path(), 3);
    write(two.path(), 3);
    write(other.path(), 4);
    let files = files(one.path());
    assert!(files.len() > 20);
    let same = |to: &Path| {
        files.iter().all(|file| {
            std::fs::read(one.path().join(file)).unwrap() == std::fs::read(to.join(file)).unwrap()
        })
    };
    assert!(same(two.path()));
    assert!(!same(other.path()));
}

fn files(dir: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![dir.to_owned()];
    while let Some(next) = open.pop() {
        for entry in std::fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else {
                found.push(path.strip_prefix(dir).unwrap().to_owned());
            }
        }
    }
    found
}

#[test]
fn the_score_sees_what_is_missing_and_what_is_wrong() {
    let dir = tempfile::tempdir().unwrap();
    let truth = write(dir.path(), DEFAULT_SEED);
    let whole = analyzed(dir.path()).analysis;
    let faults = truth.faults.len() + truth.conditional.len();

    let mut lost = whole.clone();
    lost.items.pop();
    let score = game_kr::score(&lost, &truth);
    assert_eq!((score.true_positive as usize, score.false_negative), (faults - 1, 1));

    let mut invented = whole.clone();
    let mut copy = invented.items[0].clone();
    copy.resource.id = "i-nobody".into();
    invented.items.push(copy);
    let score = game_kr::score(&invented, &truth);
    assert_eq!((score.false_positive, score.false_negative), (1, 0));

    let mut dear = whole;
    let likely = &mut dear.items[0].estimated_monthly_savings.likely;
    likely.amount *= Decimal::new(106, 2);
    let score = game_kr::score(&dear, &truth);
    assert_eq!((score.false_positive, score.false_negative), (1, 1));
}
