//! What is made of resources whose journal is gone.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use trimtab_model::action::{
    Action, DatabaseSwitch, DbStorageSettings, GroupSizes, InstanceRefresh, ScheduleTarget,
    VolumeSettings,
};
use trimtab_model::call::{Call, Target};
use trimtab_model::journal::{ChangeOutcome, Event, Journal};
use trimtab_model::observed::{
    AliasObserved, DbInstanceObserved, DbSnapshotObserved, DeploymentObserved, FunctionObserved,
    GroupObserved, InstanceObserved, ModificationObserved, Observed, ScheduleObserved,
    SnapshotObserved, TargetHealth, TargetObserved, TemplateVersionObserved, VolumeObserved,
};
use trimtab_model::plan::{BudgetUnit, Change, Fingerprint, Plan, UnitKind};
use trimtab_model::resource::ResourceKind;
use trimtab_model::resource::instance::InstanceState;
use trimtab_model::schedule::{PlannedHour, Schedule, WeekPlan};

use super::trial::machine;
use super::{Adoption, ByHand, Standing, adoption, standing};
use crate::next::{Next, next};
use crate::plan::sample;
use crate::readings::{Readings, Seen};

const FROM: &str = "m5.xlarge";
const TO: &str = "m5.large";
const GROUP: &str = "arn:aws:elasticloadbalancing:ap-northeast-2:111122223333:targetgroup/lobby/1";

/// The plan of one change, of a machine that ran.
fn plan(alter: impl Fn(&mut Change)) -> Plan {
    let mut plan = sample::plan();
    plan.stages.truncate(1);
    let waves = plan.stages.iter_mut().flat_map(|stage| &mut stage.waves);
    for change in waves.flat_map(|wave| &mut wave.changes) {
        change.action = Action::ModifyInstanceType { from: FROM.into(), to: TO.into() };
        change.ladder = Vec::new();
        change.units = Vec::new();
        change.expected = Fingerprint(BTreeMap::from([("State".to_owned(), "running".to_owned())]));
        alter(change);
    }
    plan
}

fn the(plan: &Plan) -> Change {
    plan.changes().next().unwrap().clone()
}

/// A machine with a snapshot of the change.
fn seen(instance_type: &str, alter: impl FnOnce(&mut InstanceObserved)) -> Observed {
    let mut machine = machine(instance_type);
    machine.snapshots = vec![snapshot()];
    alter(&mut machine);
    Observed::Instance(machine)
}

fn snapshot() -> SnapshotObserved {
    SnapshotObserved {
        id: "snap-1".into(),
        volume: "vol-1".into(),
        state: "completed".to_owned(),
        change: the(&plan(|_| {})).id,
    }
}

fn registered(health: TargetHealth) -> TargetObserved {
    let (group, instance) = (GROUP.into(), the(&plan(|_| {})).resource.id);
    let target = Target { group, instance, port: Some(8080) };
    TargetObserved { target, health, healthy_others: 2 }
}

fn balanced(change: &mut Change) {
    let (kind, name) = (UnitKind::TargetGroup, GROUP.to_owned());
    change.units = vec![BudgetUnit { kind, name, members: 3 }];
}

fn adopted(plan: &Plan, seen: Observed, late: SignedDuration) -> Adoption {
    let all = BTreeMap::from([(the(plan).id, seen)]);
    let approvals = BTreeMap::from([(0, vec!["jiho".to_owned()])]);
    adoption(plan, &all, &approvals, "hash", plan.created_at + late)
}

const SOON: SignedDuration = SignedDuration::from_mins(10);
/// Long after every plan has expired.
const LATE: SignedDuration = SignedDuration::from_hours(24 * 60);

/// Returns why a change goes back that was adopted; absent where it goes on.
fn back(found: &Adoption) -> Option<&str> {
    assert_eq!(found.begun.len(), 1, "{found:?}");
    found.events.iter().find_map(|event| match event {
        Event::RollbackStarted { reason, .. } => Some(reason.code.as_str()),
        _ => None,
    })
}

/// Returns why a change is a person's, and the commands that the person gets.
fn unclear(found: &Adoption) -> (&str, &[String]) {
    let closed = found.events.iter().find_map(|event| match event {
        Event::ChangeClosed { outcome: ChangeOutcome::NeedsOperator, reason, manual, .. } => {
            Some((reason.code.as_str(), manual.as_slice()))
        }
        _ => None,
    });
    closed.unwrap_or_else(|| panic!("{found:?}"))
}

#[test]
fn a08_a_machine_of_which_only_a_snapshot_is_seen_is_not_changed_again() {
    // It may have failed its gates and been taken back.
    let plan = plan(|_| {});
    assert_eq!(back(&adopted(&plan, seen(FROM, |_| {}), SOON)), Some("adopted-untouched"));
    let down = |one: &mut InstanceObserved| one.state = InstanceState::Stopped;
    assert_eq!(back(&adopted(&plan, seen(FROM, down), SOON)), None);
    assert_eq!(back(&adopted(&plan, seen(TO, |_| {}), SOON)), None);
}

#[test]
fn a08_nothing_goes_forward_by_a_plan_that_expired_and_what_is_as_planned_is_watched() {
    let plan = plan(|_| {});
    let down = |one: &mut InstanceObserved| one.state = InstanceState::Stopped;
    for instance_type in [FROM, TO] {
        let found = adopted(&plan, seen(instance_type, down), LATE);
        assert_eq!(back(&found), Some("adopted-expired"));
    }
    assert_eq!(back(&adopted(&plan, seen(FROM, |_| {}), LATE)), Some("adopted-untouched"));
    assert_eq!(back(&adopted(&plan, seen(TO, |_| {}), LATE)), None);
}

#[test]
fn a08_a_machine_that_was_losing_its_traffic_gets_it_back() {
    let plan = plan(balanced);
    let draining = seen(FROM, |one| one.targets = vec![registered(TargetHealth::Draining)]);
    let found = adopted(&plan, draining.clone(), SOON);
    assert_eq!(back(&found), Some("adopted-untouched"));
    let mut now = plan.created_at + SOON;
    let mut journal = Journal::default();
    for event in found.events {
        journal.append(now, 1, event);
    }
    now += SignedDuration::from_mins(2);
    let target = registered(TargetHealth::Healthy).target;
    assert_eq!(performed(&plan, &mut journal, &draining, now), Call::RegisterTarget(target));
}

/// Goes on until a call is made.
fn performed(plan: &Plan, journal: &mut Journal, seen: &Observed, now: Timestamp) -> Call {
    let mut readings = Readings::default();
    for _ in 0..20 {
        match next(plan, journal, &readings, now) {
            Next::Record(event) => {
                // The answers are as old as the calls.
                journal.append(now - SignedDuration::from_mins(2), 1, *event);
            }
            Next::Observe(id) => {
                let seen = Seen { after: journal.len(), at: now, observed: seen.clone() };
                readings.observed.insert(id, seen);
            }
            Next::Perform(command) => return command.call,
            other => panic!("{other:?}"),
        }
    }
    panic!("it comes to no end");
}

#[test]
fn a08_a_registration_that_only_the_journal_had_is_a_person_s_with_the_command() {
    let plan = plan(balanced);
    let elsewhere = |one: &mut InstanceObserved| {
        let mut other = registered(TargetHealth::Healthy);
        other.target.group = GROUP.replace("lobby", "chat").into();
        one.targets = vec![other];
    };
    for found in
        [adopted(&plan, seen(FROM, elsewhere), SOON), adopted(&plan, seen(TO, |_| {}), SOON)]
    {
        let (code, manual) = unclear(&found);
        assert_eq!(code, "registrations-lost");
        assert!(
            manual.iter().any(|one| one.contains("register-targets") && one.contains(GROUP)),
            "{manual:?}"
        );
        assert!(manual.iter().any(|one| one.contains("modify-instance-attribute")), "{manual:?}");
    }
}

#[test]
fn a08_a_machine_that_was_deregistered_for_its_stop_is_started_and_registered_by_hand() {
    let stop = |change: &mut Change| {
        change.action = Action::StopInstance { instance_type: FROM.into() };
        balanced(change);
    };
    let plan = plan(stop);
    let of = |state: InstanceState, targets: Vec<TargetObserved>| {
        let mut now = machine(FROM);
        (now.state, now.targets) = (state, targets);
        Observed::Instance(now)
    };
    for now in [
        of(InstanceState::Running, Vec::new()),
        of(InstanceState::Stopped, Vec::new()),
        of(InstanceState::Running, vec![registered(TargetHealth::Draining)]),
    ] {
        let Standing::Unclear(reason, by_hand) = standing(&the(&plan), &now) else {
            panic!("{now:?}")
        };
        assert_eq!(reason.code, "registrations-lost");
        assert_eq!(by_hand, ByHand::Register(vec![GROUP.into()]));
    }
    let found = adopted(&plan, of(InstanceState::Stopped, Vec::new()), SOON);
    let (_, manual) = unclear(&found);
    let place = |word: &str| manual.iter().position(|one| one.contains(word));
    assert!(place("start-instances").is_some(), "{manual:?}");
    assert!(place("start-instances") < place("register-targets"), "{manual:?}");
}

fn storage() -> DbStorageSettings {
    DbStorageSettings {
        storage_type: "gp3".to_owned(),
        allocated_storage_gib: 100,
        iops: None,
        storage_throughput_mib_s: None,
    }
}

fn database(class: &str, alter: impl FnOnce(&mut DbInstanceObserved)) -> Observed {
    let mut database = DbInstanceObserved {
        fingerprint: Fingerprint::default(),
        obstacles: Vec::new(),
        status: "available".to_owned(),
        class: class.into(),
        storage: storage(),
        pending: BTreeMap::new(),
        parameters: Vec::new(),
        replication_errors: Vec::new(),
        is_opted_in: true,
        engine: None,
        availability_zone: None,
        is_multi_az: false,
        snapshots: Vec::new(),
        deployment: None,
    };
    alter(&mut database);
    Observed::DbInstance(database)
}

#[test]
fn a08_a_database_and_a_volume_of_which_only_a_snapshot_is_seen_are_not_changed_again() {
    let (old, new) = ("db.r6g.xlarge", "db.r6g.large");
    let of_class = plan(|one| {
        one.resource.kind = ResourceKind::DbInstance;
        one.action = Action::ModifyDbInstanceClass { from: old.into(), to: new.into() };
    });
    let id = the(&of_class).id;
    let kept = |one: &mut DbInstanceObserved| {
        let (id, change) = ("trimtab-1".to_owned(), id.clone());
        one.snapshots = vec![DbSnapshotObserved { id, status: "available".to_owned(), change }];
    };
    let found = adopted(&of_class, database(old, kept), SOON);
    assert_eq!(back(&found), Some("adopted-untouched"));
    let pending = database(old, |one| {
        kept(one);
        one.pending.insert("DBInstanceClass".to_owned(), new.to_owned());
    });
    assert_eq!(back(&adopted(&of_class, pending.clone(), SOON)), None);
    assert_eq!(back(&adopted(&of_class, pending, LATE)), Some("adopted-expired"));
    assert_eq!(back(&adopted(&of_class, database(new, kept), LATE)), None);

    let settings = |volume_type: &str| VolumeSettings {
        volume_type: volume_type.to_owned(),
        iops: Some(3000),
        throughput_mib_s: Some(125),
    };
    let of_volume = plan(|one| {
        one.resource.kind = ResourceKind::Volume;
        one.action =
            Action::ModifyVolume { from: settings("gp2"), to: settings("gp3"), size_gib: 100 };
    });
    let volume = |is: &str, asked: Option<(&str, &str)>| {
        let modification = asked.map(|(to, state)| ModificationObserved {
            state: state.to_owned(),
            progress: None,
            target: settings(to),
            started_at: None,
        });
        Observed::Volume(VolumeObserved {
            fingerprint: Fingerprint::default(),
            obstacles: Vec::new(),
            state: "in-use".to_owned(),
            settings: settings(is),
            size_gib: 100,
            is_encrypted: None,
            is_attached: true,
            is_opted_in: true,
            modification,
            quarantine_until: None,
            is_recycled: None,
            snapshots: vec![snapshot()],
            drills: Vec::new(),
        })
    };
    // The latest modification was the way back.
    for asked in [None, Some(("gp2", "completed")), Some(("gp2", "optimizing"))] {
        let found = adopted(&of_volume, volume("gp2", asked), SOON);
        assert_eq!(back(&found), Some("adopted-untouched"), "{asked:?}");
    }
    let modifying = volume("gp2", Some(("gp3", "modifying")));
    assert_eq!(back(&adopted(&of_volume, modifying.clone(), SOON)), None);
    assert_eq!(back(&adopted(&of_volume, modifying, LATE)), Some("adopted-expired"));
    assert_eq!(back(&adopted(&of_volume, volume("gp3", None), LATE)), None);
}

#[test]
fn a08_a_refresh_a_copy_and_a_published_version_are_not_called_untouched() {
    let refresh = InstanceRefresh {
        from: FROM.into(),
        to: TO.into(),
        launch_template: "lt-1".to_owned(),
        from_version: "7".to_owned(),
        to_version: None,
        instances: 4,
        alarms: Vec::new(),
    };
    let of_group = plan(|one| {
        one.expected = Fingerprint::default();
        one.action = Action::RefreshInstances(refresh.clone());
    });
    let group = |versions: Vec<TemplateVersionObserved>| {
        Observed::Group(GroupObserved {
            fingerprint: Fingerprint::default(),
            obstacles: Vec::new(),
            sizes: GroupSizes { min_size: 2, max_size: 8, desired_capacity: 4 },
            in_service: 4,
            is_opted_in: true,
            refresh: None,
            version: Some("7".to_owned()),
            launched_from: BTreeMap::new(),
            versions,
        })
    };
    let id = the(&of_group).id;
    assert_eq!(standing(&the(&of_group), &group(Vec::new())), Standing::Untouched);
    let made = TemplateVersionObserved {
        number: "8".to_owned(),
        instance_type: Some(TO.into()),
        change: id.clone(),
    };
    let found = adopted(&of_group, group(vec![made]), SOON);
    let (code, manual) = unclear(&found);
    assert_eq!(code, "made-by-this-change");
    assert!(manual.iter().any(|one| one.contains("rollback-instance-refresh")), "{manual:?}");

    let of_copy = plan(|one| {
        one.expected = Fingerprint::default();
        one.action = Action::SwitchDatabase(DatabaseSwitch {
            source_arn: "arn:aws:rds:ap-northeast-2:111122223333:db:game".to_owned(),
            from_class: "db.r6g.xlarge".into(),
            to_class: "db.r6g.large".into(),
            from_storage_gib: 100,
            to_storage_gib: 100,
        });
    });
    let copying = database("db.r6g.xlarge", |one| {
        one.deployment = Some(DeploymentObserved {
            id: "bgd-1".to_owned(),
            status: "PROVISIONING".to_owned(),
            details: None,
            change: id.clone(),
            blue: None,
            green: None,
        });
    });
    assert_eq!(standing(&the(&of_copy), &database("db.r6g.xlarge", |_| {})), Standing::Untouched);
    let found = adopted(&of_copy, copying, SOON);
    let (code, manual) = unclear(&found);
    assert_eq!(code, "made-by-this-change");
    assert!(manual.iter().any(|one| one.contains("--delete-target")), "{manual:?}");

    let of_function = plan(|one| {
        one.expected = Fingerprint::default();
        one.action = Action::UpdateFunctionMemory { from_mb: 1024, to_mb: 512 };
    });
    let function = |versions| {
        Observed::Function(FunctionObserved {
            fingerprint: Fingerprint::default(),
            obstacles: Vec::new(),
            revision: "r2".to_owned(),
            code_sha256: "abc".to_owned(),
            last_update_status: "Successful".to_owned(),
            memory_mb: 512,
            architecture: "x86_64".to_owned(),
            is_opted_in: true,
            versions,
            aliases: vec![AliasObserved {
                name: "live".to_owned(),
                version: "7".to_owned(),
                canary: Some(("8".to_owned(), 10)),
                revision: "a1".to_owned(),
                is_latest: None,
            }],
        })
    };
    let found = adopted(&of_function, function(vec![("8".to_owned(), id)]), SOON);
    let (code, manual) = unclear(&found);
    assert_eq!(code, "made-by-this-change");
    assert!(manual.iter().any(|one| one.contains("--memory-size 1024")), "{manual:?}");
    let route = "--function-version 7 --routing-config 'AdditionalVersionWeights={}'";
    assert!(manual.iter().any(|one| one.contains(route)), "{manual:?}");
}

#[test]
fn a08_a_schedule_of_the_planned_name_is_not_called_untouched() {
    let week = WeekPlan::new(|hour| match hour.hour() {
        9..19 => PlannedHour::Used,
        _ => PlannedHour::Off,
    });
    let schedule = Schedule { time_zone: "Asia/Seoul".to_owned(), week };
    let plan = plan(|one| {
        one.expected = Fingerprint::default();
        let (schedule, target) = (schedule.clone(), ScheduleTarget::Instance);
        one.action = Action::ApplySchedule { schedule, target };
    });
    let scheduled = |names: &[String]| {
        let schedules = names.iter().map(|name| (name.clone(), "cron(0 9 * * ? *)".to_owned()));
        Observed::Schedule(ScheduleObserved {
            roles: BTreeMap::new(),
            fingerprint: Fingerprint::default(),
            obstacles: Vec::new(),
            schedules: schedules.collect(),
            has_group: true,
            is_running: Some(true),
            is_opted_in: true,
        })
    };
    assert_eq!(standing(&the(&plan), &scheduled(&[])), Standing::Untouched);
    let name = format!("trimtab-{}-start-1", the(&plan).resource.id);
    let found = adopted(&plan, scheduled(std::slice::from_ref(&name)), SOON);
    let (code, manual) = unclear(&found);
    assert_eq!(code, "made-by-this-change");
    let removed = |one: &String| one.contains("delete-schedule") && one.contains(&name);
    assert!(manual.iter().any(removed), "{manual:?}");
}
