//! What an action declares is what its calls need.

use std::collections::{BTreeMap, BTreeSet};

use trimtab_model::action::{DbStorageSettings, GroupSizes, VolumeSettings};
use trimtab_model::call::{Call, Target};

use super::{ALL, Handler};

/// What AWS does in our name while it does what a call asks for.
const IN_OUR_NAME: &[&str] = &[
    "ec2:CreateTags",
    "ec2:RunInstances",
    "iam:PassRole",
    "kms:CreateGrant",
    "rds:AddTagsToResource",
    "rds:CreateDBInstanceReadReplica",
    "rds:ModifyDBInstance",
    "rds:PromoteReadReplica",
    "scheduler:TagResource",
];

/// Returns one call of each kind.
pub(crate) fn calls() -> Vec<Call> {
    let at = "2026-12-01T03:00:00Z".parse().expect("a moment");
    let instance = || "i-0a1b2c3d4e5f60718".into();
    let volume = || "vol-0a1b2c3d".into();
    let database = || "arena-main".into();
    let function = || "resize".into();
    let group = || "web".into();
    let text = |text: &str| text.to_owned();
    let target = || Target {
        group: "arn:aws:elasticloadbalancing:ap-northeast-2:111122223333:targetgroup/web/0a1b"
            .into(),
        instance: instance(),
        port: Some(8080),
    };
    vec![
        Call::CreateSnapshots { instance: instance(), change: "C-1".into() },
        Call::CreateSnapshot { volume: volume(), change: "C-1".into() },
        Call::CreateCapacityReservation {
            instance_type: "m7i.large".into(),
            platform: text("Linux/UNIX"),
            availability_zone: text("ap-northeast-2a"),
            ends_at: at,
            change: "C-1".into(),
            token: text("token-1"),
        },
        Call::CancelCapacityReservation { reservation: "cr-0a1b".into() },
        Call::DeregisterTarget(target()),
        Call::RegisterTarget(target()),
        Call::StopInstance { instance: instance() },
        Call::StartInstance { instance: instance() },
        Call::ModifyInstanceType { instance: instance(), instance_type: "m7i.large".into() },
        Call::ModifyCreditSpecification { instance: instance(), cpu_credits: text("standard") },
        Call::ModifyVolume {
            volume: volume(),
            to: VolumeSettings {
                volume_type: text("gp3"),
                iops: Some(3000),
                throughput_mib_s: Some(250),
            },
        },
        Call::DeleteVolume { volume: volume() },
        Call::CreateDrillVolume {
            snapshot: "snap-0a1b".into(),
            availability_zone: text("ap-northeast-2a"),
            volume_type: text("gp3"),
            change: "C-1".into(),
            token: text("token-2"),
        },
        Call::DeleteDrillVolume { volume: volume() },
        Call::Quarantine { resource: volume(), until: at },
        Call::EndQuarantine { resource: volume() },
        Call::ReleaseAddress { allocation: "eipalloc-0a1b".into() },
        Call::RecoverAddress { public_ip: text("203.0.113.7") },
        Call::CreateDbSnapshot {
            instance: database(),
            snapshot: text("trimtab-c-1"),
            change: "C-1".into(),
        },
        Call::ModifyDbInstanceClass { instance: database(), class: "db.r6g.large".into() },
        Call::ModifyDbStorage {
            instance: database(),
            to: DbStorageSettings {
                storage_type: text("gp3"),
                allocated_storage_gib: 500,
                iops: Some(12_000),
                storage_throughput_mib_s: Some(500),
            },
        },
        Call::CreateBlueGreenDeployment {
            instance: database(),
            source: text("arn:aws:rds:ap-northeast-2:111122223333:db:arena-main"),
            name: text("trimtab-c-1"),
            class: Some("db.r6g.large".into()),
            storage_gib: Some(400),
            change: "C-1".into(),
        },
        Call::SwitchoverBlueGreenDeployment {
            instance: database(),
            deployment: text("bgd-0a1b"),
            timeout_seconds: 300,
        },
        Call::StopDbInstance { instance: database() },
        Call::StartDbInstance { instance: database() },
        Call::UpdateFunctionMemory {
            function: function(),
            memory_mb: 512,
            revision: text("revision-1"),
        },
        Call::UpdateFunctionArchitecture {
            function: function(),
            architecture: text("arm64"),
            revision: text("revision-1"),
        },
        Call::PublishVersion {
            function: function(),
            code_sha256: text("c2hh"),
            change: "C-1".into(),
        },
        Call::UpdateAlias {
            function: function(),
            alias: text("live"),
            version: text("7"),
            canary: Some((text("8"), 5)),
            revision: text("revision-2"),
        },
        Call::PutRetentionPolicy { log_group: "/app".into(), days: 90 },
        Call::DeleteRetentionPolicy { log_group: "/app".into() },
        Call::ResizeGroup {
            group: group(),
            to: GroupSizes { min_size: 1, max_size: 4, desired_capacity: 2 },
        },
        Call::StartInstanceRefresh {
            group: group(),
            launch_template: text("lt-0a1b"),
            version: text("4"),
            min_healthy_percent: 100,
            max_healthy_percent: Some(110),
            checkpoints: vec![1, 25, 100],
            checkpoint_seconds: 600,
            alarms: vec![text("errors")],
        },
        Call::CreateLaunchTemplateVersion {
            launch_template: text("lt-0a1b"),
            source_version: text("3"),
            instance_type: "m7i.large".into(),
            change: "C-1".into(),
            token: text("trimtab-C-1"),
        },
        Call::RollbackInstanceRefresh { group: group() },
        Call::CreateSchedule {
            name: text("night"),
            expression: text("cron(0 19 ? * MON-FRI *)"),
            time_zone: text("Asia/Seoul"),
            target: text("arn:aws:scheduler:::aws-sdk:ec2:stopInstances"),
            input: text("{}"),
            role: text("arn:aws:iam::111122223333:role/trimtab-scheduler"),
        },
        Call::CreateScheduleGroup { name: text("trimtab") },
        Call::PutGroupSchedule {
            group: group(),
            name: text("trimtab-stop-1"),
            recurrence: text("0 19 * * MON-FRI"),
            time_zone: text("Asia/Seoul"),
            sizes: None,
        },
        Call::DeleteGroupSchedule { group: group(), name: text("trimtab-stop-1") },
        Call::StartDbCluster { cluster: database() },
        Call::DeleteSchedule { name: text("night") },
    ]
}

fn is_read(action: &str) -> bool {
    let verb = action.split_once(':').map_or("", |(_, verb)| verb);
    ["Describe", "Get", "List"].iter().any(|read| verb.starts_with(read))
}

fn granted(handler: &Handler) -> BTreeSet<&'static str> {
    handler.grants.iter().flat_map(|grant| grant.actions).copied().collect()
}

#[test]
fn an_action_may_make_each_of_its_calls_and_nothing_else() {
    let calls = calls();
    for handler in ALL {
        let own: Vec<&Call> = calls.iter().filter(|call| (handler.makes)(call)).collect();
        assert!(!own.is_empty(), "{} makes no call", handler.name);
        let needed: BTreeSet<&str> = own.iter().map(|call| call.iam_action()).collect();
        let granted: BTreeSet<&str> =
            granted(handler).into_iter().filter(|action| !is_read(action)).collect();
        let missing: Vec<&&str> = needed.difference(&granted).collect();
        assert!(missing.is_empty(), "{}: {missing:?}", handler.name);
        let too_many: Vec<&&str> =
            granted.difference(&needed).filter(|action| !IN_OUR_NAME.contains(action)).collect();
        assert!(too_many.is_empty(), "{}: {too_many:?}", handler.name);
    }
}

#[test]
fn what_is_looked_at_is_only_read() {
    for handler in ALL {
        assert!(!handler.reads.is_empty(), "{}", handler.name);
        let all = || handler.reads.iter().chain(handler.inspects);
        assert!(all().all(|action| is_read(action)), "{}", handler.name);
        // What is read twice is declared once.
        let twice = handler.inspects.iter().find(|action| handler.reads.contains(action));
        assert!(twice.is_none(), "{}: {twice:?}", handler.name);
    }
}

#[test]
fn a_statement_of_one_name_is_the_same_everywhere() {
    let mut seen: BTreeMap<&str, String> = BTreeMap::new();
    for grant in ALL.iter().flat_map(|handler| handler.grants) {
        let text = format!("{grant:?}");
        let known = seen.entry(grant.sid).or_insert_with(|| text.clone());
        assert_eq!(*known, text, "{}", grant.sid);
    }
}

#[test]
fn names_are_those_of_the_files_in_order() {
    let names: Vec<&str> = ALL.iter().map(|handler| handler.name).collect();
    assert!(names.is_sorted());
    assert!(names.iter().all(|name| Handler::named(name).is_some()));
    assert!(Handler::named("terminate-instance").is_none());
}
