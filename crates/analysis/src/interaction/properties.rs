//! Properties of overlap and cap over random sets of recommendations.

use std::collections::BTreeMap;

use proptest::prelude::*;
use rust_decimal::Decimal;

use trimtab_model::action::{
    Action, ApplicationFault, DbStorageSettings, QueryRepair, Removal, Repair, ScheduleTarget,
    VolumeSettings,
};
use trimtab_model::charge::{Charges, Cost, ResourceCharge};
use trimtab_model::environment::Environment;
use trimtab_model::evidence::Evidence;
use trimtab_model::focus::ChargeCategory;
use trimtab_model::id::{CheckId, RecommendationId, SubAccountId};
use trimtab_model::money::{Currency, Money};
use trimtab_model::period::Period;
use trimtab_model::price::PriceBasis;
use trimtab_model::recommendation::{
    ActionType, Estimate, Finding, ImplementationEffort, PerformanceRisk, Recommendation, Restart,
    Undo,
};
use trimtab_model::resource::{ResourceKind, ResourceRef};
use trimtab_model::schedule::{PlannedHour, Schedule, WeekPlan};
use trimtab_model::snapshot::Snapshot;
use trimtab_model::text::Reason;

use crate::interaction::cap::cap;
use crate::interaction::overlap::resolve;

const ACCOUNTS: [&str; 2] = ["111122223333", "444455556666"];

fn gp2() -> VolumeSettings {
    VolumeSettings { volume_type: "gp2".to_owned(), iops: None, throughput_mib_s: None }
}

fn db_storage() -> DbStorageSettings {
    DbStorageSettings {
        storage_type: "gp2".to_owned(),
        allocated_storage_gib: 100,
        iops: None,
        storage_throughput_mib_s: None,
    }
}

/// Off but for working hours.
fn nights(target: ScheduleTarget) -> Action {
    let week = WeekPlan::new(|hour| match (hour.day() < 5, hour.hour()) {
        (true, 9..19) => PlannedHour::Used,
        _ => PlannedHour::Off,
    });
    Action::ApplySchedule { schedule: Schedule { time_zone: "UTC".to_owned(), week }, target }
}

/// The actions that recommendations are drawn from, with the kind they are about.
fn actions() -> Vec<(ResourceKind, Action)> {
    use ResourceKind::{DbInstance, Instance, Volume};
    let terminate = Action::TerminateInstance {
        instance_type: "m5.large".into(),
        volume_ids: vec!["Volume-0".into(), "Volume-1".into()],
    };
    let volume = |to: VolumeSettings| Action::ModifyVolume { from: gp2(), to, size_gib: 100 };
    vec![
        (Instance, Action::ModifyInstanceType { from: "m5.large".into(), to: "t3.large".into() }),
        (Instance, Action::StopInstance { instance_type: "m5.large".into() }),
        (Instance, terminate),
        (Volume, volume(gp2())),
        (Volume, Action::DeleteVolume { settings: gp2(), size_gib: 100, availability_zone: None }),
        (
            DbInstance,
            Action::ModifyDbInstanceClass { from: "db.m5.large".into(), to: "db.t3.large".into() },
        ),
        (DbInstance, Action::ModifyDbStorage { from: db_storage(), to: db_storage() }),
        (DbInstance, Action::DeleteDbInstance { db_instance_class: "db.m5.large".into() }),
        (Instance, nights(ScheduleTarget::Instance)),
        (
            Instance,
            Action::FixApplication(Repair {
                faults: vec![ApplicationFault::MemoryLeak],
                endpoint: None,
                from: "m5.large".into(),
                to: "t3.small".into(),
            }),
        ),
        (
            DbInstance,
            Action::FixQuery(QueryRepair {
                digest: "A1".to_owned(),
                from: "db.m5.large".into(),
                to: "db.t3.small".into(),
            }),
        ),
    ]
}

fn recommendation(
    (action, number, account, cents, spread): (usize, usize, usize, i64, (i64, i64)),
) -> Recommendation {
    let (kind, change) = actions().swap_remove(action);
    let check = CheckId::new(format!("check-{action}"));
    let resource = ResourceRef {
        id: format!("{kind:?}-{number}").into(),
        kind,
        account: ACCOUNTS[account].into(),
        region: "us-east-1".into(),
        environment: Environment::Prod,
        name: None,
    };
    let usd = |cents: i64| Money::usd(Decimal::new(cents, 2));
    let (below, above) = spread;
    Recommendation {
        id: RecommendationId::of(&check, &resource.account, &resource.region, &resource.id),
        check,
        resource,
        action: change,
        action_type: ActionType::Rightsize,
        finding: Finding::Overprovisioned,
        reason_codes: Vec::new(),
        reason: Reason::new("test", "", ""),
        estimated_monthly_savings: Estimate {
            low: usd((cents - below).max(0)),
            likely: usd(cents),
            high: usd(cents + above),
            before_discounts: usd(cents),
            cost_now: usd(cents + above),
            cost_after: usd(above),
            formula_now: Vec::new(),
            formula_after: Vec::new(),
            basis: PriceBasis::List,
            billed: None,
        },
        performance_risk: PerformanceRisk::VERY_LOW,
        projected: Vec::new(),
        options: Vec::new(),
        implementation_effort: ImplementationEffort::Low,
        restart_needed: Restart::NotNeeded,
        undo: Undo::Exact,
        evidence: Evidence::default(),
        second_opinion: None,
    }
}

fn recommendations() -> impl Strategy<Value = Vec<Recommendation>> {
    let one = (0_usize..10, 0_usize..3, 0_usize..2, 0_i64..100_000, (0_i64..50_000, 0_i64..50_000));
    proptest::collection::btree_map((0_usize..10, 0_usize..3, 0_usize..2), one, 0..24).prop_map(
        |map| {
            map.into_iter()
                .map(|((action, number, account), (.., cents, spread))| {
                    recommendation((action, number, account, cents, spread))
                })
                .collect()
        },
    )
}

/// A bill of 730 hours, so that a month on it is a month: cents per resource, and per
/// account what resources are not named for (which may be a credit).
fn bill() -> impl Strategy<Value = Charges> {
    let resource = (0_usize..3, 0_usize..3, 0_usize..2);
    let resources = proptest::collection::btree_map(resource, 0_i64..80_000, 0..12);
    (resources, proptest::array::uniform2(-60_000_i64..60_000)).prop_map(|(resources, others)| {
        let kinds = [ResourceKind::Instance, ResourceKind::Volume, ResourceKind::DbInstance];
        let cost = |cents: i64| {
            let amount = Money::usd(Decimal::new(cents, 2));
            Cost { billed: amount, effective: amount, list: None, contracted: None }
        };
        let mut accounts = others;
        let mut rows: Vec<ResourceCharge> = resources
            .into_iter()
            .map(|((kind, number, account), cents)| {
                accounts[account] += cents;
                ResourceCharge {
                    resource_id: format!("{:?}-{number}", kinds[kind]).into(),
                    account: Some(ACCOUNTS[account].into()),
                    region: Some("us-east-1".into()),
                    service_name: "test".to_owned(),
                    charge_category: ChargeCategory::Usage,
                    usage_type: None,
                    sku_id: None,
                    pricing_category: None,
                    commitment_discount_status: None,
                    pricing_unit: None,
                    pricing_quantity: None,
                    cost: cost(cents),
                }
            })
            .collect();
        rows.sort_by(|a, b| a.resource_id.cmp(&b.resource_id));
        let start = "2026-10-01T00:00:00Z".parse().expect("a moment");
        let end = "2026-10-31T10:00:00Z".parse().expect("a moment");
        Charges {
            window: Some(Period::new(start, end).expect("in order")),
            totals: BTreeMap::from([(Currency::USD, cost(accounts.iter().sum()))]),
            by_account: ACCOUNTS
                .iter()
                .zip(accounts)
                .map(|(account, cents)| ((SubAccountId::new(*account), Currency::USD), cost(cents)))
                .collect(),
            resources: rows,
            meters: Vec::new(),
            commitments: Vec::new(),
        }
    })
}

fn empty() -> Snapshot {
    Snapshot::empty("2026-11-01T00:00:00Z".parse().expect("a moment"))
}

fn sums(items: &[Recommendation], of: impl Fn(&Recommendation) -> bool) -> [Decimal; 3] {
    items.iter().filter(|item| of(item)).fold([Decimal::ZERO; 3], |[low, likely, high], item| {
        let savings = &item.estimated_monthly_savings;
        [low + savings.low.amount, likely + savings.likely.amount, high + savings.high.amount]
    })
}

proptest! {
    #[test]
    fn savings_never_exceed_a_resource_an_account_or_the_bill(
        found in recommendations(),
        charges in bill(),
    ) {
        let (mut items, _) = resolve(found);
        cap(&mut items, &empty(), &charges);
        let limit = |cost: &Cost| cost.effective.amount.max(Decimal::ZERO);
        for total in sums(&items, |_| true) {
            prop_assert!(total <= limit(&charges.totals[&Currency::USD]));
        }
        for ((account, _), cost) in &charges.by_account {
            for total in sums(&items, |item| item.resource.account == *account) {
                prop_assert!(total <= limit(cost));
            }
        }
        for item in &items {
            let savings = &item.estimated_monthly_savings;
            prop_assert!(savings.low.amount <= savings.likely.amount);
            prop_assert!(savings.likely.amount <= savings.high.amount);
            let mut ids = vec![item.resource.id.clone()];
            if let Action::TerminateInstance { volume_ids, .. } = &item.action {
                ids.extend(volume_ids.iter().cloned());
            }
            let costs: Vec<Decimal> = charges.resources.iter()
                .filter(|row| ids.contains(&row.resource_id) && row.account.as_ref() == Some(&item.resource.account))
                .map(|row| row.cost.effective.amount)
                .collect();
            if !costs.is_empty() {
                let same = |other: &Recommendation| other.resource == item.resource;
                for total in sums(&items, same) {
                    prop_assert!(total <= costs.iter().sum());
                }
            }
        }
    }

    #[test]
    fn the_result_does_not_depend_on_the_order(
        (found, shuffled) in recommendations()
            .prop_flat_map(|found| (Just(found.clone()), Just(found).prop_shuffle())),
        charges in bill(),
    ) {
        let outcome = |found: Vec<Recommendation>| {
            let (mut items, superseded) = resolve(found);
            cap(&mut items, &empty(), &charges);
            (items, superseded)
        };
        prop_assert_eq!(outcome(found), outcome(shuffled));
    }

    #[test]
    fn nothing_is_lost_and_nothing_counts_twice(found in recommendations()) {
        let count = found.len();
        let (items, superseded) = resolve(found);
        prop_assert_eq!(items.len() + superseded.len(), count);
        for lost in &superseded {
            prop_assert!(items.iter().any(|item| item.id == lost.by), "the winner stands");
        }
    }
}

proptest! {
    #[test]
    fn a_size_and_the_hours_of_one_machine_never_save_more_than_it_costs(
        cost in 1_i64..1_000_000,
        sized in (0_i64..=100, 0_i64..=100),
        off in (0_i64..=100, 0_i64..=100),
        of_a_cluster in any::<bool>(),
    ) {
        let of = |(share, best): (i64, i64), action: usize| {
            let (likely, high) = (share.min(best), share.max(best));
            let mut one = recommendation((action, 0, 0, 0, (0, 0)));
            let money = |percent: i64| Money::usd(Decimal::new(cost * percent, 4));
            one.estimated_monthly_savings = Estimate {
                low: money(likely / 2),
                likely: money(likely),
                high: money(high),
                before_discounts: money(high),
                cost_now: money(100),
                cost_after: money(100 - likely),
                ..one.estimated_monthly_savings
            };
            one
        };
        let (mut size, mut hours) = (of(sized, 0), of(off, 8));
        if of_a_cluster {
            size.resource.kind = ResourceKind::DbInstance;
            size.resource.id = "writer".into();
            hours.resource.kind = ResourceKind::DbCluster;
            hours.action = nights(ScheduleTarget::DbCluster { members: vec!["writer".into()] });
        }
        let (items, _) = resolve(vec![hours, size]);
        for total in sums(&items, |_| true) {
            prop_assert!(total <= Decimal::new(cost, 2), "{total} of {cost} cents");
        }
    }
}

#[test]
fn hours_off_count_what_they_cost_after_the_size_is_changed() {
    let usd = |cents: i64| Money::usd(Decimal::new(cents, 2));
    let with_cost = |action, likely: i64| {
        let mut one = named(action, likely);
        one.estimated_monthly_savings.cost_now = usd(10_000);
        one
    };
    let (items, _) = resolve(vec![with_cost(8, 7_000), with_cost(0, 5_000)]);
    let hours = items.iter().find(|item| item.check.as_str() == "check-8").expect("it stands");
    assert_eq!(hours.estimated_monthly_savings.likely, usd(3_500));
    assert!(hours.evidence.notes.iter().any(|note| note.en.contains("remain after")));
    // A stop for good leaves no hours to be off.
    let (items, superseded) = resolve(vec![with_cost(8, 7_000), with_cost(1, 10_000)]);
    assert_eq!((items.len(), superseded.len()), (1, 1));
    assert_eq!(items[0].check.as_str(), "check-1");
}

fn named(action: usize, cents: i64) -> Recommendation {
    recommendation((action, 0, 0, cents, (0, 0)))
}

/// Resolves actions on one account and compares the checks that stand.
fn check(found: &[(usize, i64)], standing: &[&str]) {
    let (items, _) = resolve(found.iter().map(|(action, cents)| named(*action, *cents)).collect());
    let mut checks: Vec<&str> = items.iter().map(|item| item.check.as_str()).collect();
    checks.sort_unstable();
    assert_eq!(checks, standing);
}

#[test]
fn of_two_changes_to_one_part_the_larger_saving_stands() {
    check(&[(0, 500), (1, 900)], &["check-1"]);
    check(&[(0, 900), (1, 500)], &["check-0"]);
}

#[test]
fn a_deletion_leaves_nothing_to_change() {
    check(&[(5, 900), (6, 300), (7, 500)], &["check-7"]);
    check(&[(3, 900), (4, 500)], &["check-4"]);
}

#[test]
fn changes_to_different_parts_combine_in_order() {
    let (items, _) = resolve(vec![named(6, 300), named(5, 900)]);
    assert_eq!(items.len(), 2);
    let second = items.iter().find(|item| item.check.as_str() == "check-6").expect("it stands");
    assert!(second.evidence.notes[0].en.contains("make that change first"));
}

#[test]
fn a_termination_takes_its_volumes_with_it_and_a_stop_does_not() {
    check(&[(2, 500), (3, 900)], &["check-2"]);
    check(&[(1, 500), (3, 900)], &["check-1", "check-3"]);
}

#[test]
fn what_a_covered_change_had_won_against_is_covered_too() {
    let (items, superseded) = resolve(vec![named(2, 500), named(3, 100), named(4, 900)]);
    assert_eq!(items.len(), 1);
    assert!(superseded.iter().all(|lost| lost.by == items[0].id));
}

#[test]
fn iops_and_throughput_of_one_volume_combine_and_a_change_of_type_covers_both() {
    let gp3 = |iops, throughput| VolumeSettings {
        volume_type: "gp3".to_owned(),
        iops,
        throughput_mib_s: throughput,
    };
    let change = |check: &str, from, to| {
        let base = named(3, 500);
        let check = CheckId::new(check);
        Recommendation {
            id: RecommendationId::of(
                &check,
                &base.resource.account,
                &base.resource.region,
                &base.resource.id,
            ),
            check,
            action: Action::ModifyVolume { from, to, size_gib: 100 },
            ..base
        }
    };
    let iops = || change("iops", gp3(Some(8000), None), gp3(Some(3000), None));
    let throughput = || change("throughput", gp3(None, Some(500)), gp3(None, Some(125)));
    let both = || change("both", gp3(Some(8000), Some(500)), gp3(Some(3000), Some(125)));
    assert_eq!(resolve(vec![iops(), throughput()]).0.len(), 2);
    let (standing, superseded) = resolve(vec![iops(), throughput(), both()]);
    assert_eq!(standing.len(), 1);
    assert_eq!(superseded.len(), 2);
}

#[test]
fn an_image_takes_its_snapshots_with_it() {
    let image = Recommendation {
        action: Action::DeregisterImage { name: None, snapshot_ids: vec!["snap-1".into()] },
        ..named(0, 500)
    };
    let mut snapshot = Recommendation {
        action: Action::DeleteSnapshot { volume_size_gib: None },
        ..named(4, 500)
    };
    snapshot.resource.kind = ResourceKind::Snapshot;
    snapshot.resource.id = "snap-1".into();
    let (standing, superseded) = resolve(vec![snapshot, image]);
    assert_eq!(standing.len(), 1);
    assert_eq!(superseded.len(), 1);
}

#[test]
fn an_emr_cluster_takes_its_instances_and_their_volumes_with_it() {
    let of = |kind, id: &str, base: Recommendation| {
        let mut recommendation = base;
        recommendation.resource.kind = kind;
        recommendation.resource.id = id.into();
        let resource = &recommendation.resource;
        recommendation.id = RecommendationId::of(
            &recommendation.check,
            &resource.account,
            &resource.region,
            &resource.id,
        );
        recommendation
    };
    let cluster = Recommendation {
        action: Action::Remove {
            removal: Removal::EmrCluster {
                release_label: None,
                termination_protected: false,
                member_ids: vec!["i-1".into(), "vol-1".into()],
            },
        },
        ..named(7, 500)
    };
    let instance = Recommendation {
        action: Action::TerminateInstance {
            instance_type: "m5.large".into(),
            volume_ids: vec!["vol-1".into()],
        },
        ..named(2, 300)
    };
    let cluster = of(ResourceKind::EmrCluster, "j-1", cluster);
    let found = vec![
        of(ResourceKind::Instance, "i-1", instance),
        of(ResourceKind::Volume, "vol-1", named(3, 200)),
        cluster.clone(),
    ];
    let (standing, superseded) = resolve(found);
    assert_eq!(standing.len(), 1);
    assert!(superseded.len() == 2 && superseded.iter().all(|lost| lost.by == cluster.id));
}
