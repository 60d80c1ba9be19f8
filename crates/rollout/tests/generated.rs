//! What is generated from the tables is fresh.
//!
//! `docs/preflight.md` comes from the rows by which changes are judged. A stale file is rewritten,
//! and the test fails so that nobody commits without it. With `TRIMTAB_GEN=1` it rewrites and
//! passes.
#![expect(
    clippy::disallowed_methods,
    reason = "a generator reads and writes files; the crate itself does not"
)]

use std::fmt::Write as _;
use std::path::Path;

use trimtab_model::action::{
    Action, DatabaseSwitch, DbStorageSettings, GroupSizes, InstanceRefresh, ScheduleTarget,
    VolumeSettings,
};
use trimtab_model::schedule::{PlannedHour, Schedule, WeekPlan};
use trimtab_rollout::preflight::{attestation, titles};

/// The actions that have a table, each with its name in English and in Korean.
fn actions() -> Vec<(Action, &'static str, &'static str)> {
    let gp3 =
        || VolumeSettings { volume_type: "gp3".to_owned(), iops: None, throughput_mib_s: None };
    let storage = DbStorageSettings {
        storage_type: "gp3".to_owned(),
        allocated_storage_gib: 100,
        iops: None,
        storage_throughput_mib_s: None,
    };
    let sizes = GroupSizes { min_size: 1, max_size: 2, desired_capacity: 1 };
    vec![
        (
            Action::ModifyInstanceType { from: "m5.xlarge".into(), to: "m6i.large".into() },
            "Another type of an instance",
            "인스턴스 유형 변경",
        ),
        (
            Action::ModifyDbInstanceClass {
                from: "db.m5.xlarge".into(),
                to: "db.m6g.large".into(),
            },
            "Another class of a database",
            "데이터베이스 클래스 변경",
        ),
        (
            Action::ModifyDbStorage { from: storage.clone(), to: storage },
            "Other storage of a database",
            "데이터베이스 스토리지 변경",
        ),
        (
            Action::ModifyVolume { from: gp3(), to: gp3(), size_gib: 100 },
            "Other settings of a volume",
            "볼륨 설정 변경",
        ),
        (
            Action::DeleteVolume { settings: gp3(), size_gib: 100, availability_zone: None },
            "Deletion of a volume",
            "볼륨 삭제",
        ),
        (Action::ReleaseAddress { public_ip: None }, "Release of an address", "주소 반환"),
        (
            Action::UpdateFunctionMemory { from_mb: 512, to_mb: 256 },
            "Another memory of a function",
            "함수의 메모리 변경",
        ),
        (
            Action::PutRetentionPolicy { retention_in_days: 90 },
            "Retention of a log group",
            "로그 그룹 보존 기간",
        ),
        (
            Action::ResizeAutoScalingGroup { from: sizes, to: sizes },
            "Other sizes of an Auto Scaling group",
            "Auto Scaling 그룹 크기 변경",
        ),
        (
            Action::RefreshInstances(InstanceRefresh {
                from: "m5.xlarge".into(),
                to: "m6i.large".into(),
                launch_template: "web".to_owned(),
                from_version: "1".to_owned(),
                to_version: None,
                instances: 2,
                alarms: Vec::new(),
            }),
            "Another type of the instances of an Auto Scaling group",
            "Auto Scaling 그룹의 인스턴스 유형 변경",
        ),
        (
            Action::SwitchDatabase(DatabaseSwitch {
                source_arn: String::new(),
                from_class: "db.m5.xlarge".into(),
                to_class: "db.m6g.large".into(),
                from_storage_gib: 100,
                to_storage_gib: 100,
            }),
            "Blue/green deployment of a database",
            "데이터베이스 블루/그린 배포",
        ),
        (
            Action::StopInstance { instance_type: "m5.large".into() },
            "Stop of an instance whose work a function does",
            "함수가 작업을 맡은 인스턴스의 중지",
        ),
        (off(ScheduleTarget::Instance), "Hours off of an instance", "인스턴스를 꺼 두는 시간"),
        (off(ScheduleTarget::DbInstance), "Hours off of a database", "데이터베이스를 꺼 두는 시간"),
    ]
}

/// Sets up hours off of something.
fn off(target: ScheduleTarget) -> Action {
    let schedule =
        Schedule { time_zone: "Asia/Seoul".to_owned(), week: WeekPlan::new(|_| PlannedHour::Off) };
    Action::ApplySchedule { schedule, target }
}

fn page() -> String {
    let mut page = String::from(
        "# What is judged before a change is made\n\n\
        Generated from the tables of the program; see [the guide](guide/rollout.md) for how they are used. A row marked with\n\
        *attest* can be opened by a person's word, `trimtab plan attest`.\n",
    );
    for (action, en, ko) in actions() {
        write!(page, "\n## {en} · {ko}\n\n| row | about | 대상 | |\n|---|---|---|---|\n")
            .expect("a text takes all");
        for (row, title) in titles(&action) {
            let word = if attestation(&row).is_some() { "attest" } else { "" };
            writeln!(page, "| `{row}` | {} | {} | {word} |", title.en, title.ko)
                .expect("a text takes all");
        }
    }
    page
}

#[test]
fn the_page_of_the_tables_is_fresh() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/preflight.md");
    let page = page();
    if std::fs::read_to_string(&path).is_ok_and(|old| old == page) {
        return;
    }
    std::fs::write(&path, page).expect("a writable file");
    assert!(
        std::env::var_os("TRIMTAB_GEN").is_some(),
        "docs/preflight.md was stale and has been rewritten: commit it"
    );
}
