//! The world refuses what AWS refuses, and does slowly what AWS does slowly.

use std::collections::BTreeMap;

use jiff::SignedDuration;

use trimtab_model::action::{Action, DbStorageSettings, GroupSizes, VolumeSettings};
use trimtab_model::call::{Call, CallResult};
use trimtab_model::environment::Environment;
use trimtab_model::gate::{GateQuery, PointsStatus, SignalSource};
use trimtab_model::metric::{Origin, Statistic};
use trimtab_model::observed::{CheckState, Observed, TargetHealth};
use trimtab_model::period::Period;
use trimtab_model::resource::ResourceKind;
use trimtab_model::resource::instance::InstanceState;
use trimtab_rollout::simulate::{
    Alias, Database, Fault, FaultKind, Function, Group, Times, Workload, World,
};

use crate::scene::{
    FROM, TO, account, add_machine, after, change, instance_type, minutes, quick, seconds, start,
    target,
};

fn world() -> World {
    let mut world = account(1, quick());
    add_machine(&mut world, "i-1", false);
    world
}

fn refusal(world: &mut World, call: &Call) -> String {
    match world.perform(call) {
        CallResult::Refused { code, .. } => code,
        other => panic!("{call:?} was not refused: {other:?}"),
    }
}

fn accepted(world: &mut World, call: &Call) {
    let result = world.perform(call);
    assert!(matches!(result, CallResult::Accepted { .. }), "{call:?}: {result:?}");
}

fn set_type(to: &str) -> Call {
    Call::ModifyInstanceType { instance: "i-1".into(), instance_type: instance_type(to) }
}

fn stop() -> Call {
    Call::StopInstance { instance: "i-1".into() }
}

fn gp3(iops: u32, throughput: u32) -> VolumeSettings {
    VolumeSettings {
        volume_type: "gp3".to_owned(),
        iops: Some(iops),
        throughput_mib_s: Some(throughput),
    }
}

fn storage(gib: u32, iops: Option<u32>) -> DbStorageSettings {
    DbStorageSettings {
        storage_type: "gp3".to_owned(),
        allocated_storage_gib: gib,
        iops,
        storage_throughput_mib_s: None,
    }
}

fn with_database() -> World {
    let mut world = world();
    world.offer_db_class("db.r6g.xlarge", 32 * 1024);
    world.offer_db_class("db.r6g.large", 16 * 1024);
    world.add_database("db-1", Database::available("db.r6g.xlarge", storage(500, None)));
    world
}

fn class(to: &str) -> Call {
    Call::ModifyDbInstanceClass { instance: "db-1".into(), class: to.into() }
}

#[test]
fn what_an_emulator_wrongly_takes_is_refused() {
    let mut world = with_database();
    // A change of type while it runs, to another architecture, to what does not exist.
    assert_eq!(refusal(&mut world, &set_type(TO)), "IncorrectInstanceState");
    accepted(&mut world, &stop());
    assert_eq!(refusal(&mut world, &set_type(TO)), "IncorrectInstanceState");
    world.advance(minutes(1));
    assert_eq!(refusal(&mut world, &set_type("m6g.large")), "InvalidInstanceAttributeValue");
    assert_eq!(refusal(&mut world, &set_type("m5.huge")), "InvalidInstanceAttributeValue");
    accepted(&mut world, &set_type(TO));
    // A class that does not exist, a database that is stopped, storage that shrinks.
    assert_eq!(refusal(&mut world, &class("db.r6g.huge")), "InvalidParameterValue");
    let shrunk = Call::ModifyDbStorage { instance: "db-1".into(), to: storage(400, None) };
    assert_eq!(refusal(&mut world, &shrunk), "InvalidParameterCombination");
    accepted(&mut world, &Call::StopDbInstance { instance: "db-1".into() });
    world.advance(minutes(15));
    assert_eq!(refusal(&mut world, &class("db.r6g.large")), "InvalidDBInstanceState");
    // A volume that shrinks cannot even be asked for: its settings have no size.
    let VolumeSettings { volume_type: _, iops: _, throughput_mib_s: _ } = gp3(3000, 125);
    // The fifth and the sixth change of a volume in a row.
    let modify = |iops| Call::ModifyVolume { volume: "vol-i-1-data".into(), to: gp3(iops, 125) };
    for iops in [4000, 5000, 6000, 7000] {
        accepted(&mut world, &modify(iops));
        assert_eq!(refusal(&mut world, &modify(3500)), "IncorrectModificationState");
        world.advance(SignedDuration::from_hours(3));
    }
    for iops in [8000, 9000] {
        assert_eq!(refusal(&mut world, &modify(iops)), "VolumeModificationRateExceeded");
    }
    // A day after the first one, the next may be made.
    world.advance(SignedDuration::from_hours(13));
    accepted(&mut world, &modify(8000));
}

#[test]
fn a_class_change_that_is_put_off_stays_pending() {
    let mut world = with_database();
    world.defer_db_class("db-1", "db.r6g.large");
    world.advance(SignedDuration::from_hours(48));
    let database = world.database("db-1").unwrap();
    assert_eq!(database.class.as_str(), "db.r6g.xlarge");
    assert_eq!(database.pending["DBInstanceClass"], "db.r6g.large");
}

#[test]
fn d33_a_database_says_available_right_after_it_was_told_to_change() {
    let mut world = with_database();
    accepted(&mut world, &class("db.r6g.large"));
    world.advance(seconds(30));
    let database = world.database("db-1").unwrap();
    assert_eq!(database.status, "available");
    assert_eq!(database.class.as_str(), "db.r6g.xlarge");
    assert_eq!(database.pending["DBInstanceClass"], "db.r6g.large");
    world.advance(seconds(60));
    assert_eq!(world.database("db-1").unwrap().status, "modifying");
    world.advance(minutes(30));
    let database = world.database("db-1").unwrap();
    assert_eq!((database.status.as_str(), database.class.as_str()), ("available", "db.r6g.large"));
    assert!(database.pending.is_empty());
}

#[test]
fn a_database_with_too_little_memory_for_its_parameters_does_not_come_back() {
    let mut world = with_database();
    let mut database = Database::available("db.r6g.xlarge", storage(500, None));
    database.needs_memory_mib = 20 * 1024;
    world.add_database("db-1", database);
    accepted(&mut world, &class("db.r6g.large"));
    world.advance(minutes(40));
    assert_eq!(world.database("db-1").unwrap().status, "incompatible-parameters");
}

#[test]
fn a_stopped_database_starts_again_after_a_week_and_not_without_capacity() {
    let mut world = with_database();
    accepted(&mut world, &Call::StopDbInstance { instance: "db-1".into() });
    world.advance(minutes(15));
    world.withdraw_db_class("db.r6g.xlarge");
    let start = Call::StartDbInstance { instance: "db-1".into() };
    assert_eq!(refusal(&mut world, &start), "InsufficientDBInstanceCapacity");
    assert_eq!(refusal(&mut world, &class("db.r6g.large")), "InvalidDBInstanceState");
    world.advance(SignedDuration::from_hours(8 * 24));
    assert_eq!(world.database("db-1").unwrap().status, "available");
}

#[test]
fn storage_of_a_database_follows_the_rules_of_gp3() {
    let mut world = with_database();
    let modify = |to| Call::ModifyDbStorage { instance: "db-1".into(), to };
    for wrong in [storage(510, None), storage(550, Some(3000))] {
        assert_eq!(refusal(&mut world, &modify(wrong)), "InvalidParameterCombination");
    }
    accepted(&mut world, &modify(storage(550, Some(12_000))));
    world.advance(minutes(25));
    assert_eq!(world.database("db-1").unwrap().status, "storage-optimization");
    assert_eq!(refusal(&mut world, &class("db.r6g.large")), "InvalidDBInstanceState");
    let snapshot = Call::CreateDbSnapshot {
        instance: "db-1".into(),
        snapshot: "s-1".to_owned(),
        change: "C-1".into(),
    };
    accepted(&mut world, &snapshot);
    assert_eq!(refusal(&mut world, &snapshot), "DBSnapshotAlreadyExists");
}

fn seen(world: &mut World) -> trimtab_model::observed::InstanceObserved {
    let change = change(world, "i-1", Environment::Dev);
    match world.observe(&change) {
        Observed::Instance(instance) => instance,
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_instance_goes_through_every_state_and_its_target_with_it() {
    let mut world = world();
    assert_eq!(seen(&mut world).targets[0].health, TargetHealth::Healthy);
    accepted(&mut world, &stop());
    assert_eq!(seen(&mut world).state, InstanceState::Stopping);
    world.advance(seconds(15));
    let stopped = seen(&mut world);
    assert_eq!((stopped.state, stopped.checks), (InstanceState::Stopped, None));
    assert_eq!(stopped.targets[0].health, TargetHealth::Unused);
    assert_eq!(stopped.state_reason.as_deref(), Some("Client.UserInitiatedShutdown"));
    accepted(&mut world, &Call::StartInstance { instance: "i-1".into() });
    assert_eq!(seen(&mut world).state, InstanceState::Pending);
    assert_eq!(refusal(&mut world, &stop()), "IncorrectInstanceState");
    world.advance(seconds(12));
    let running = seen(&mut world);
    assert_eq!(running.state, InstanceState::Running);
    assert_eq!(running.checks.unwrap().instance, CheckState::NotYet);
    assert_eq!(running.launch_time, Some(after(seconds(15))));
    world.advance(seconds(30));
    let well = seen(&mut world);
    assert!(well.checks.unwrap().are_ok());
    assert_eq!(well.targets[0].health, TargetHealth::Healthy);
}

#[test]
fn capacity_is_held_by_what_runs_and_by_what_is_reserved() {
    let mut world = world();
    world.stock(TO, "ap-northeast-2a", 1);
    let reserve = |token: &str, of: &str| Call::CreateCapacityReservation {
        instance_type: instance_type(of),
        platform: "Linux/UNIX".to_owned(),
        availability_zone: "ap-northeast-2a".to_owned(),
        ends_at: after(minutes(60)),
        change: "C-1".into(),
        token: token.to_owned(),
    };
    accepted(&mut world, &reserve("a", TO));
    // The same token makes no second one; another one finds nothing left.
    accepted(&mut world, &reserve("a", TO));
    assert_eq!(world.reservations().len(), 1);
    assert_eq!(refusal(&mut world, &reserve("b", TO)), "InsufficientInstanceCapacity");
    accepted(&mut world, &stop());
    world.advance(minutes(1));
    accepted(&mut world, &set_type(TO));
    let start = Call::StartInstance { instance: "i-1".into() };
    assert_eq!(refusal(&mut world, &start), "InsufficientInstanceCapacity");
    let id = world.reservations().keys().next().unwrap().clone();
    accepted(&mut world, &Call::CancelCapacityReservation { reservation: id });
    world.set_quota(1);
    assert_eq!(refusal(&mut world, &start), "VcpuLimitExceeded");
    world.set_quota(64);
    accepted(&mut world, &start);
    // Nothing is left for a second time, and a reservation ends by itself.
    assert_eq!(refusal(&mut world, &reserve("c", TO)), "InsufficientInstanceCapacity");
    accepted(&mut world, &reserve("d", FROM));
    world.advance(minutes(61));
    assert!(world.reservations().values().any(|one| one.state == "expired"));
}

#[test]
fn targets_drain_and_are_gone() {
    let mut world = world();
    accepted(&mut world, &Call::DeregisterTarget(target("i-1")));
    assert_eq!(seen(&mut world).targets[0].health, TargetHealth::Draining);
    world.advance(minutes(1));
    assert!(seen(&mut world).targets.is_empty());
    // Once more, as AWS documents it: no error.
    accepted(&mut world, &Call::DeregisterTarget(target("i-1")));
    accepted(&mut world, &stop());
    let register = Call::RegisterTarget(target("i-1"));
    assert_eq!(refusal(&mut world, &register), "InvalidTarget");
}

#[test]
fn what_is_described_may_be_old() {
    let mut world = world();
    world.set_lag(seconds(20));
    world.advance(seconds(60));
    accepted(&mut world, &stop());
    world.advance(seconds(19));
    assert_eq!(seen(&mut world).state, InstanceState::Running);
    world.advance(seconds(40));
    assert_eq!(seen(&mut world).state, InstanceState::Stopped);
}

#[test]
fn functions_aliases_groups_and_the_rest_keep_their_rules() {
    let mut world = world();
    let mut function = Function::new(1024, "x86_64");
    function.aliases.insert("live".to_owned(), Alias::of("1"));
    world.add_function("f-1", function);
    let memory = |memory_mb, revision: &str| Call::UpdateFunctionMemory {
        function: "f-1".into(),
        memory_mb,
        revision: revision.to_owned(),
    };
    assert_eq!(refusal(&mut world, &memory(512, "9")), "PreconditionFailedException");
    assert_eq!(refusal(&mut world, &memory(64, "1")), "InvalidParameterValueException");
    accepted(&mut world, &memory(512, "1"));
    assert_eq!(refusal(&mut world, &memory(256, "2")), "ResourceConflictException");
    world.advance(seconds(10));
    let publish = Call::PublishVersion {
        function: "f-1".into(),
        code_sha256: "c0de".to_owned(),
        change: "C-1".into(),
    };
    accepted(&mut world, &publish);
    accepted(&mut world, &publish);
    let alias = |version: &str, revision: &str| Call::UpdateAlias {
        function: "f-1".into(),
        alias: "live".to_owned(),
        version: version.to_owned(),
        canary: None,
        revision: revision.to_owned(),
    };
    assert_eq!(refusal(&mut world, &alias("3", "1")), "InvalidParameterValueException");
    assert_eq!(refusal(&mut world, &alias("2", "7")), "PreconditionFailedException");
    accepted(&mut world, &alias("2", "1"));

    let sizes =
        |min_size, max_size, desired_capacity| GroupSizes { min_size, max_size, desired_capacity };
    world.add_group("asg-1", Group::new(sizes(2, 6, 4), "3"));
    let resize = |to| Call::ResizeGroup { group: "asg-1".into(), to };
    assert_eq!(refusal(&mut world, &resize(sizes(3, 6, 2))), "ValidationError");
    accepted(&mut world, &resize(sizes(1, 6, 2)));
    let refresh = |version: &str| Call::StartInstanceRefresh {
        group: "asg-1".into(),
        launch_template: "lt-1".to_owned(),
        version: version.to_owned(),
        min_healthy_percent: 90,
        max_healthy_percent: None,
        checkpoints: Vec::new(),
        checkpoint_seconds: 0,
        alarms: Vec::new(),
    };
    assert_eq!(refusal(&mut world, &refresh("$Latest")), "ValidationError");
    accepted(&mut world, &refresh("4"));
    assert_eq!(refusal(&mut world, &refresh("5")), "InstanceRefreshInProgress");

    world.add_log_group("/game", None);
    let keep = |days| Call::PutRetentionPolicy { log_group: "/game".into(), days };
    assert_eq!(refusal(&mut world, &keep(31)), "InvalidParameterException");
    accepted(&mut world, &keep(30));
    let delete = Call::DeleteVolume { volume: "vol-i-1-root".into() };
    assert_eq!(refusal(&mut world, &delete), "VolumeInUse");
}

fn source(metric: &str) -> SignalSource {
    SignalSource {
        origin: Origin { account: "111122223333".into(), region: "ap-northeast-2".into() },
        resource: "i-1".into(),
        namespace: "AWS/EC2".to_owned(),
        metric: metric.to_owned(),
        statistic: Statistic::Average,
        percentile: None,
        period_seconds: 300,
        scale: 1.0,
        query: None,
    }
}

fn asking(metric: &str, period: Period) -> GateQuery {
    GateQuery {
        sources: vec![source(metric)],
        periods: vec![period],
        load: None,
        began: period.start(),
    }
}

#[test]
fn metrics_answer_to_the_load_and_to_the_type() {
    let mut world = world();
    let workload = Workload {
        quiet_vcpus: 0.4,
        busy_vcpus: 1.4,
        busiest_hour: 12.0,
        memory_mib: Some(4096.0),
        busy_requests: 200.0,
        service_ms: 20.0,
    };
    world.add_workload("i-1", workload);
    world.advance(SignedDuration::from_hours(24));
    let day = Period::new(start(), world.now()).unwrap();
    let query = |metric: &str| asking(metric, day);
    let mean = |world: &mut World, metric: &str| {
        let reading = world.read(&query(metric));
        let points = &reading.series[0].points;
        assert_eq!(points.len(), 288, "{metric}");
        points.iter().map(|(_, value)| value).sum::<f64>() / 288.0
    };
    // The mean demand is 0.9 of four vCPUs.
    let large = mean(&mut world, "CPUUtilization");
    assert!((20.0..25.0).contains(&large), "{large}");
    let memory = mean(&mut world, "mem_used_percent");
    assert!((24.9..25.1).contains(&memory), "{memory}");
    accepted(&mut world, &stop());
    world.advance(minutes(5));
    accepted(&mut world, &set_type(TO));
    accepted(&mut world, &Call::StartInstance { instance: "i-1".into() });
    world.advance(SignedDuration::from_hours(24));
    let later = Period::new(after(SignedDuration::from_hours(25)), world.now()).unwrap();
    let reading = world.read(&asking("CPUUtilization", later));
    let points = &reading.series[0].points;
    let small = points.iter().map(|(_, value)| value).sum::<f64>() / points.len() as f64;
    assert!((small / large - 2.0).abs() < 0.2, "{small} after {large}");
    // While it was down there was nothing.
    let down = Period::new(after(SignedDuration::from_hours(24)), world.now()).unwrap();
    let reading = world.read(&asking("CPUUtilization", down));
    assert_eq!(reading.series[0].points.len(), 287);
    // What is read twice is the same, and what is not simulated is not there.
    assert_eq!(world.read(&query("CPUUtilization")), world.read(&query("CPUUtilization")));
    assert!(world.read(&query("SomethingElse")).series[0].points.is_empty());
}

#[test]
fn metrics_can_be_silent_and_forbidden() {
    let mut world = world();
    let workload = Workload {
        quiet_vcpus: 0.4,
        busy_vcpus: 1.4,
        busiest_hour: 12.0,
        memory_mib: Some(4096.0),
        busy_requests: 200.0,
        service_ms: 20.0,
    };
    world.add_workload("i-1", workload);
    world.inject(Fault::at(after(minutes(60)), FaultKind::Silent(minutes(60))));
    world.inject(Fault::at(after(minutes(240)), FaultKind::MetricsForbidden));
    world.advance(minutes(180));
    let period = Period::new(start(), world.now()).unwrap();
    let query = asking("CPUUtilization", period);
    assert_eq!(world.read(&query).series[0].points.len(), 24);
    world.advance(minutes(120));
    let reading = world.read(&query);
    assert_eq!(reading.series[0].status, PointsStatus::Forbidden);
    assert!(reading.series[0].points.is_empty());
}

#[test]
fn a_volume_is_changed_slowly_and_deleted_once() {
    let mut world = world();
    let modify = Call::ModifyVolume { volume: "vol-i-1-data".into(), to: gp3(6000, 250) };
    accepted(&mut world, &modify);
    let mut watched = change(&mut world, "i-1", Environment::Dev);
    watched.resource.kind = ResourceKind::Volume;
    watched.resource.id = "vol-i-1-data".into();
    watched.action =
        Action::ModifyVolume { from: gp3(3000, 125), to: gp3(6000, 250), size_gib: 100 };
    let state = |world: &mut World| match world.observe(&watched) {
        Observed::Volume(volume) => (volume.modification.unwrap().state, volume.settings.iops),
        other => panic!("{other:?}"),
    };
    assert_eq!(state(&mut world), ("modifying".to_owned(), None));
    world.advance(minutes(2));
    assert_eq!(state(&mut world), ("optimizing".to_owned(), Some(6000)));
    world.advance(SignedDuration::from_hours(3));
    assert_eq!(state(&mut world), ("completed".to_owned(), Some(6000)));
    for wrong in [gp3(90_000, 125), gp3(3000, 900), gp3(60_000, 125)] {
        let call = Call::ModifyVolume { volume: "vol-i-1-data".into(), to: wrong };
        refusal(&mut world, &call);
    }
}

#[test]
fn the_times_of_a_world_are_those_of_its_seed() {
    let stopped_at = |seed| {
        let mut world = account(seed, Times::default());
        add_machine(&mut world, "i-1", false);
        accepted(&mut world, &stop());
        let mut waited = 0;
        while world.machine(&"i-1".into()).unwrap().state != InstanceState::Stopped {
            world.advance(seconds(1));
            waited += 1;
        }
        waited
    };
    let all: BTreeMap<i64, u64> = (0..20).map(|seed| (stopped_at(seed), seed)).collect();
    assert!(all.len() > 3);
    assert_eq!(stopped_at(3), stopped_at(3));
    assert!(all.keys().all(|waited| (15..=60).contains(waited)));
}
