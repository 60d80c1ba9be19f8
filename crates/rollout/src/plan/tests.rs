//! What holds of every plan.

use std::collections::BTreeSet;

use proptest::prelude::*;
use rust_decimal::Decimal;

use trimtab_model::action::{Action, DbStorageSettings, GroupSizes};
use trimtab_model::environment::Environment;
use trimtab_model::plan::{Approval, ChangeClass, Plan, UnitKind, WaveName};
use trimtab_model::recommendation::{PerformanceRisk, Recommendation};
use trimtab_model::resource::ResourceKind;
use trimtab_model::snapshot::Snapshot;

use super::{create, sample};

fn plan_of(recommendations: &[Recommendation], snapshot: &Snapshot) -> Plan {
    let (rules, request) = (sample::rules(), sample::request());
    create(recommendations, snapshot, Some(&sample::prices()), &rules, &request)
}

/// Returns the codes of what was left out, by recommendation.
fn left_out(plan: &Plan) -> Vec<(&str, &str)> {
    plan.left_out
        .iter()
        .map(|one| (one.recommendation.as_str(), one.reason.code.as_str()))
        .collect()
}

fn machine_and_volume() -> Snapshot {
    let mut snapshot = sample::snapshot();
    let mut machine = sample::instance("i-1", "m5.xlarge");
    machine.kind.volume_ids = vec!["vol-1".into()];
    snapshot.instances = vec![machine];
    snapshot.volumes = vec![sample::volume("vol-1", "gp2", Some("i-1"))];
    snapshot
}

fn to_gp3(iops: u32) -> Action {
    Action::ModifyVolume {
        from: sample::settings("gp2", Some(300)),
        to: sample::settings("gp3", Some(iops)),
        size_gib: 100,
    }
}

fn deletion() -> Action {
    Action::DeleteVolume {
        settings: sample::settings("gp2", None),
        size_gib: 100,
        availability_zone: None,
    }
}

#[test]
fn b07_of_two_changes_of_one_resource_the_larger_saving_stays() {
    let mut snapshot = sample::snapshot();
    snapshot.instances = vec![sample::instance("i-1", "m5.xlarge")];
    let machine = &snapshot.instances[0];
    let plan = plan_of(
        &[sample::resizing("R-1", machine, "10"), sample::resizing("R-2", machine, "20")],
        &snapshot,
    );
    let kept: Vec<_> = plan.changes().map(|one| one.recommendation.as_str()).collect();
    assert_eq!(kept, ["R-2"]);
    assert_eq!(left_out(&plan), [("R-1", "same-resource")]);
}

#[test]
fn b07_a_volume_comes_after_its_machine_and_never_beside_it() {
    let snapshot = machine_and_volume();
    let machine = sample::resizing("R-1", &snapshot.instances[0], "10");
    let volume = snapshot.volumes[0].reference(ResourceKind::Volume);
    let volume = sample::recommendation("R-2", volume, to_gp3(3_000), "500");
    let plan = plan_of(&[machine, volume], &snapshot);
    let order: Vec<_> = plan.changes().map(|one| one.recommendation.as_str()).collect();
    assert_eq!(order, ["R-1", "R-2"]);
    for change in plan.changes() {
        assert!(change.units.iter().any(|u| u.kind == UnitKind::Machine && u.name == "i-1"));
    }
}

#[test]
fn b07_the_volume_of_a_planned_machine_is_not_deleted() {
    let mut snapshot = machine_and_volume();
    // The listing of volumes is newer than that of machines, or the other way round.
    snapshot.volumes = vec![sample::volume("vol-1", "gp2", None)];
    let machine = sample::resizing("R-1", &snapshot.instances[0], "10");
    let volume = snapshot.volumes[0].reference(ResourceKind::Volume);
    let deletion = sample::recommendation("R-2", volume, deletion(), "500");
    let plan = plan_of(&[machine, deletion], &snapshot);
    assert_eq!(plan.changes().count(), 1);
    assert_eq!(left_out(&plan), [("R-2", "attached")]);
}

#[test]
fn b09_a_plan_that_was_edited_has_another_hash() {
    let plan = sample::plan();
    let hash = plan.hash().unwrap();
    let mut edited = plan.clone();
    edited.rules.max_in_flight += 1;
    assert_ne!(edited.hash().unwrap(), hash);
    let mut edited = plan;
    edited.stages[0].waves[0].changes[0].ladder.clear();
    assert_ne!(edited.hash().unwrap(), hash);
}

#[test]
fn what_no_tag_names_counts_as_production() {
    let mut snapshot = sample::snapshot();
    let mut machine = sample::instance("i-1", "m5.xlarge");
    machine.environment = Environment::Unknown;
    snapshot.instances = vec![machine];
    let plan = plan_of(&[sample::resizing("R-1", &snapshot.instances[0], "10")], &snapshot);
    assert_eq!(plan.stages.len(), 1);
    assert_eq!(plan.stages[0].environment, Environment::Prod);
    assert_eq!(plan.stages[0].approval, Approval::HashAndAlias);
    assert_eq!(plan.stages[0].waves[0].name, WaveName::Canary);
}

#[test]
fn the_more_careful_environment_counts_where_two_are_named() {
    let mut snapshot = sample::snapshot();
    let mut machine = sample::instance("i-1", "m5.xlarge");
    machine.environment = Environment::Dev;
    let recommendation = sample::resizing("R-1", &machine, "10");
    machine.environment = Environment::Prod;
    snapshot.instances = vec![machine];
    let plan = plan_of(&[recommendation], &snapshot);
    assert_eq!(plan.stages[0].environment, Environment::Prod);
}

#[test]
fn destruction_is_approved_by_two_and_comes_with_a_recovery_point() {
    let mut snapshot = sample::snapshot();
    snapshot.volumes = vec![sample::volume("vol-1", "gp2", None)];
    let volume = snapshot.volumes[0].reference(ResourceKind::Volume);
    let plan = plan_of(&[sample::recommendation("R-1", volume, deletion(), "8")], &snapshot);
    let change = plan.changes().next().unwrap();
    assert_eq!(change.class, ChangeClass::Destructive);
    assert_eq!(change.recovery, trimtab_model::plan::RecoveryPoint::VolumeSnapshot);
    assert_eq!(plan.stages[0].approval, Approval::TwoPersons);
}

#[test]
fn h03_a_volume_that_is_attached_again_is_not_planned_for_deletion() {
    let snapshot = machine_and_volume();
    let volume = snapshot.volumes[0].reference(ResourceKind::Volume);
    let plan = plan_of(&[sample::recommendation("R-1", volume, deletion(), "8")], &snapshot);
    assert_eq!(left_out(&plan), [("R-1", "attached")]);
}

#[test]
fn an_address_that_is_held_is_not_released() {
    let mut snapshot = sample::snapshot();
    let mut address = sample::address("eipalloc-1");
    address.kind.network_interface_id = Some("eni-1".to_owned());
    snapshot.addresses = vec![address];
    let reference = snapshot.addresses[0].reference(ResourceKind::Address);
    let release = Action::ReleaseAddress { public_ip: None };
    let plan = plan_of(&[sample::recommendation("R-1", reference, release, "3")], &snapshot);
    assert_eq!(left_out(&plan), [("R-1", "address-in-use")]);
}

#[test]
fn a_retention_that_was_set_meanwhile_is_left_alone() {
    let mut snapshot = sample::snapshot();
    let mut group = sample::log_group("/app");
    group.kind.retention_in_days = Some(7);
    snapshot.log_groups = vec![group];
    let reference = snapshot.log_groups[0].reference(ResourceKind::LogGroup);
    let keep = Action::PutRetentionPolicy { retention_in_days: 30 };
    let plan = plan_of(&[sample::recommendation("R-1", reference, keep, "3")], &snapshot);
    assert_eq!(left_out(&plan), [("R-1", "changed-since")]);
}

#[test]
fn d32_a_volume_that_would_be_slower_is_not_planned() {
    let mut snapshot = machine_and_volume();
    snapshot.volumes[0].kind.size_gib = 2_000;
    let volume = snapshot.volumes[0].reference(ResourceKind::Volume);
    let slower = Action::ModifyVolume {
        from: sample::settings("gp2", None),
        to: sample::settings("gp3", Some(6_000)),
        size_gib: 2_000,
    };
    let plan = plan_of(&[sample::recommendation("R-1", volume, slower, "3")], &snapshot);
    assert_eq!(left_out(&plan), [("R-1", "slower-volume")]);
}

#[test]
fn d36_a_database_with_pending_modifications_is_not_planned() {
    let mut snapshot = sample::snapshot();
    let mut database = sample::database("main", "db.r6g.xlarge");
    database.kind.has_pending_modifications = true;
    snapshot.db_instances = vec![database];
    let reference = snapshot.db_instances[0].reference(ResourceKind::DbInstance);
    let class =
        Action::ModifyDbInstanceClass { from: "db.r6g.xlarge".into(), to: "db.r6g.large".into() };
    let plan = plan_of(&[sample::recommendation("R-1", reference, class, "3")], &snapshot);
    assert_eq!(left_out(&plan), [("R-1", "pending-modifications")]);
}

#[test]
fn the_storage_of_a_database_does_not_shrink() {
    let mut snapshot = sample::snapshot();
    snapshot.db_instances = vec![sample::database("main", "db.r6g.xlarge")];
    let reference = snapshot.db_instances[0].reference(ResourceKind::DbInstance);
    let of = |allocated_storage_gib| DbStorageSettings {
        storage_type: "gp3".to_owned(),
        allocated_storage_gib,
        iops: None,
        storage_throughput_mib_s: None,
    };
    let shrink = Action::ModifyDbStorage { from: of(100), to: of(50) };
    let plan = plan_of(&[sample::recommendation("R-1", reference, shrink, "3")], &snapshot);
    assert_eq!(left_out(&plan), [("R-1", "storage-shrinks")]);
}

#[test]
fn another_architecture_is_no_change_in_place() {
    let mut snapshot = sample::snapshot();
    snapshot.instances = vec![sample::instance("i-1", "m5.xlarge")];
    let reference = snapshot.instances[0].reference(ResourceKind::Instance);
    let arm = Action::ModifyInstanceType { from: "m5.xlarge".into(), to: "m7g.large".into() };
    let plan = plan_of(&[sample::recommendation("R-1", reference, arm, "3")], &snapshot);
    assert_eq!(left_out(&plan), [("R-1", "other-architecture")]);
}

#[test]
fn a_writer_is_not_changed_before_its_readers() {
    let mut snapshot = sample::snapshot();
    let mut writer = sample::database("writer", "db.r6g.xlarge");
    writer.kind.db_cluster_identifier = Some("game".into());
    snapshot.db_instances = vec![writer];
    let reference = || snapshot.db_instances[0].reference(ResourceKind::DbInstance);
    let class =
        Action::ModifyDbInstanceClass { from: "db.r6g.xlarge".into(), to: "db.r6g.large".into() };
    let wished = sample::recommendation("R-1", reference(), class, "3");
    // Whether it writes is in the listing of clusters, and that was not read.
    assert_eq!(
        left_out(&plan_of(std::slice::from_ref(&wished), &snapshot)),
        [("R-1", "cluster-role-unknown")]
    );
    let mut with_cluster = snapshot.clone();
    with_cluster.db_clusters = vec![sample::cluster("game", "writer")];
    assert_eq!(left_out(&plan_of(&[wished], &with_cluster)), [("R-1", "cluster-writer")]);
}

#[test]
fn a_public_address_that_would_change_stays_in_production() {
    let mut snapshot = sample::snapshot();
    let mut machine = sample::instance("i-1", "m5.xlarge");
    machine.kind.has_public_ip = Some(true);
    snapshot.instances = vec![machine];
    let wished = sample::resizing("R-1", &snapshot.instances[0], "10");
    let of = |snapshot: &Snapshot| plan_of(std::slice::from_ref(&wished), snapshot);
    // Whether the address is elastic is in the listing of addresses.
    assert_eq!(of(&snapshot).changes().count(), 1);
    let place = (sample::ACCOUNT.into(), sample::REGION.into());
    snapshot.listed.insert(ResourceKind::Address, BTreeSet::from([place]));
    assert_eq!(left_out(&of(&snapshot)), [("R-1", "public-address-changes")]);
    let mut address = sample::address("eipalloc-1");
    address.kind.instance_id = Some("i-1".to_owned());
    snapshot.addresses = vec![address];
    assert_eq!(of(&snapshot).changes().count(), 1);
}

#[test]
fn what_nobody_scanned_and_what_is_not_built_is_left_out_with_its_reason() {
    let mut snapshot = sample::snapshot();
    snapshot.instances = vec![sample::instance("i-1", "m5.xlarge")];
    let gone = sample::instance("i-gone", "m5.xlarge");
    let stop = Action::StopInstance { instance_type: "m5.xlarge".into() };
    let reference = snapshot.instances[0].reference(ResourceKind::Instance);
    let plan = plan_of(
        &[sample::resizing("R-1", &gone, "3"), sample::recommendation("R-2", reference, stop, "3")],
        &snapshot,
    );
    assert_eq!(left_out(&plan), [("R-1", "not-in-inventory"), ("R-2", "not-built")]);
}

#[test]
fn a_stopped_machine_is_allowed_no_downtime_for_it_has_none() {
    let mut snapshot = sample::snapshot();
    let mut machine = sample::instance("i-1", "m5.xlarge");
    machine.kind.state = trimtab_model::resource::instance::InstanceState::Stopped;
    snapshot.instances = vec![machine];
    let plan = plan_of(&[sample::resizing("R-1", &snapshot.instances[0], "10")], &snapshot);
    let change = plan.changes().next().unwrap();
    assert!(change.downtime_budget.is_zero() && change.gates.is_empty());
    assert_eq!(change.expected.0.get("State").map(String::as_str), Some("stopped"));
}

#[test]
fn a_replica_goes_before_its_source() {
    let mut snapshot = sample::snapshot();
    let mut replica = sample::database("a-replica", "db.r6g.xlarge");
    replica.kind.read_replica_source = Some("main".into());
    let mut main = sample::database("main", "db.r6g.xlarge");
    main.kind.read_replicas = vec!["a-replica".into()];
    snapshot.db_instances = vec![replica, main];
    let class = || Action::ModifyDbInstanceClass {
        from: "db.r6g.xlarge".into(),
        to: "db.r6g.large".into(),
    };
    let of = |index: usize| snapshot.db_instances[index].reference(ResourceKind::DbInstance);
    let plan = plan_of(
        &[
            sample::recommendation("R-main", of(1), class(), "90"),
            sample::recommendation("R-replica", of(0), class(), "10"),
        ],
        &snapshot,
    );
    let order: Vec<_> = plan.changes().map(|one| one.recommendation.as_str()).collect();
    assert_eq!(order, ["R-replica", "R-main"]);
}

/// Recommendations about a few resources, some of which stand twice and some of which are gone.
fn wishes() -> impl Strategy<Value = Vec<(u8, u8, u8, u32, u8)>> {
    prop::collection::vec((0..4_u8, 0..12_u8, 0..4_u8, 0..100_000_u32, 0..5_u8), 0..40)
}

fn environment(number: u8) -> Environment {
    match number {
        0 => Environment::Dev,
        1 => Environment::Staging,
        2 => Environment::Prod,
        _ => Environment::Unknown,
    }
}

/// Makes an account of twelve machines, volumes, databases and groups, of which the last is gone
/// by the time of the plan, and what is wished of them.
fn account(wishes: &[(u8, u8, u8, u32, u8)]) -> (Vec<Recommendation>, Snapshot) {
    let mut snapshot = sample::snapshot();
    for number in 0..11_u8 {
        let mut machine = sample::instance(&format!("i-{number}"), "m5.xlarge");
        machine.environment = environment(number % 4);
        machine.kind.volume_ids = vec![format!("vol-{number}").into()];
        let at = format!("i-{number}");
        let mut volume = sample::volume(&format!("vol-{number}"), "gp2", Some(&at));
        volume.environment = machine.environment;
        snapshot.instances.push(machine);
        snapshot.volumes.push(volume);
        snapshot.db_instances.push(sample::database(&format!("db-{number}"), "db.r6g.xlarge"));
        snapshot.auto_scaling_groups.push(sample::group(&format!("asg-{number}"), 2, 10, 4));
    }
    let sizes = |min_size| GroupSizes { min_size, max_size: 10, desired_capacity: 4 };
    let recommendations = wishes.iter().enumerate().map(|(index, wish)| {
        let (what, number, named, cents, risk) = *wish;
        let (kind, id, action) = match what {
            0 => (ResourceKind::Instance, format!("i-{number}"), sample::resize()),
            1 => (ResourceKind::Volume, format!("vol-{number}"), to_gp3(3_000)),
            2 => {
                let (from, to) = ("db.r6g.xlarge".into(), "db.r6g.large".into());
                let action = Action::ModifyDbInstanceClass { from, to };
                (ResourceKind::DbInstance, format!("db-{number}"), action)
            }
            _ => {
                let action = Action::ResizeAutoScalingGroup { from: sizes(2), to: sizes(1) };
                (ResourceKind::AutoScalingGroup, format!("asg-{number}"), action)
            }
        };
        let mut reference = sample::reference(kind, &id);
        reference.environment = environment(named);
        let usd = Decimal::new(i64::from(cents), 2).to_string();
        let mut one = sample::recommendation(&format!("R-{index:03}"), reference, action, &usd);
        one.performance_risk = PerformanceRisk::new(risk);
        one
    });
    (recommendations.collect(), snapshot)
}

proptest! {
    #[test]
    fn every_recommendation_is_a_change_or_left_out_and_never_both(wishes in wishes()) {
        let (recommendations, snapshot) = account(&wishes);
        let plan = plan_of(&recommendations, &snapshot);
        let mut found: Vec<&str> =
            plan.changes().map(|one| one.recommendation.as_str()).collect();
        found.extend(plan.left_out.iter().map(|one| one.recommendation.as_str()));
        found.sort_unstable();
        let asked: Vec<&str> = recommendations.iter().map(|one| one.id.as_str()).collect();
        prop_assert_eq!(found, asked);
        let resources: BTreeSet<_> = plan.changes().map(|one| (one.resource.kind, &one.resource.id)).collect();
        prop_assert_eq!(resources.len(), plan.changes().count());
    }

    #[test]
    fn what_is_saved_never_exceeds_what_is_paid(wishes in wishes()) {
        let (recommendations, snapshot) = account(&wishes);
        let plan = plan_of(&recommendations, &snapshot);
        let sum = |of: fn(&trimtab_model::recommendation::Estimate) -> Decimal| -> Decimal {
            plan.changes().map(|one| of(&one.estimated_monthly_savings)).sum()
        };
        prop_assert!(sum(|one| one.likely.amount) <= sum(|one| one.cost_now.amount));
    }

    #[test]
    fn production_begins_with_one_and_its_shares_grow(wishes in wishes()) {
        let (recommendations, snapshot) = account(&wishes);
        let plan = plan_of(&recommendations, &snapshot);
        let environments: Vec<_> = plan.stages.iter().map(|one| one.environment).collect();
        let mut sorted = environments.clone();
        sorted.sort();
        prop_assert_eq!(environments, sorted);
        for stage in &plan.stages {
            prop_assert!(stage.waves.iter().all(|wave| !wave.changes.is_empty()));
            prop_assert!(stage.waves.windows(2).all(|pair| pair[0].name < pair[1].name));
            if stage.environment == Environment::Prod {
                prop_assert_eq!(stage.waves[0].changes.len(), 1);
            } else {
                prop_assert_eq!(stage.waves.len(), 1);
            }
        }
    }

    #[test]
    fn the_same_wishes_make_the_same_plan_in_any_order(wishes in wishes()) {
        let (recommendations, snapshot) = account(&wishes);
        let plan = plan_of(&recommendations, &snapshot);
        let mut turned = recommendations;
        turned.reverse();
        prop_assert_eq!(plan.hash().unwrap(), plan_of(&turned, &snapshot).hash().unwrap());
    }

    #[test]
    fn no_machine_comes_after_its_volume(wishes in wishes()) {
        let (recommendations, snapshot) = account(&wishes);
        let plan = plan_of(&recommendations, &snapshot);
        for stage in &plan.stages {
            let order: Vec<&str> = stage
                .waves
                .iter()
                .flat_map(|wave| &wave.changes)
                .map(|one| one.resource.id.as_str())
                .collect();
            for (place, id) in order.iter().enumerate() {
                let machine = id.strip_prefix("vol-").map(|number| format!("i-{number}"));
                let later = machine.is_some_and(|name| order[place..].contains(&name.as_str()));
                prop_assert!(!later, "{order:?}");
            }
        }
    }
}
