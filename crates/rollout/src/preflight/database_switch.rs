//! May a copy take the name of a database over? What RDS does not take, and what it would break
//! (RDS user guide, limitations and considerations for blue/green deployments).

use trimtab_model::action::DatabaseSwitch;
use trimtab_model::observed::{Obstacle, SwitchPreflight};

use super::finding::{Findings, block, clear, found, known, warn, when};
use super::owner::managed;

const DATABASES: &str = "rds:DescribeDBInstances";
const DEPLOYMENTS: &str = "rds:DescribeBlueGreenDeployments";
/// Engines of RDS that have blue/green deployments.
pub const ENGINES: &[&str] = &["mysql", "mariadb", "postgres"];

/// The rows, in order: titles in English and in Korean.
pub(super) const ROWS: [(&str, &str); 6] = [
    ("Engine and replicas", "엔진과 복제본"),
    ("Status and pending changes", "상태와 대기 중인 변경"),
    ("Backups and master password", "백업과 마스터 암호"),
    ("Storage that grows by itself", "자동으로 늘어나는 스토리지"),
    ("Another identity", "바뀌는 식별자"),
    ("Managed by a tool", "관리 도구"),
];

/// Returns everything that stands in the way of the copy and of the switch.
pub fn database_switch(facts: &SwitchPreflight, plan: &DatabaseSwitch) -> Findings {
    rows(facts, plan).concat()
}

/// Judges every row, in order.
pub(super) fn rows(facts: &SwitchPreflight, plan: &DatabaseSwitch) -> [Findings; 6] {
    [
        kind(facts),
        moment(facts),
        backups(facts),
        growth(facts, plan),
        identity(facts),
        managed(facts.tags.as_ref(), DATABASES),
    ]
}

fn kind(facts: &SwitchPreflight) -> Findings {
    let engine = known(facts.engine.as_ref(), "Engine", DATABASES, |engine| {
        when(!ENGINES.contains(&engine.as_str()), || {
            block(
                "engine-not-supported",
                format!("RDS has no blue/green deployments for {engine}."),
                format!("{engine} 엔진은 블루/그린 배포를 지원하지 않습니다."),
            )
        })
    });
    let member = known(facts.is_member.as_ref(), "DBClusterIdentifier", DATABASES, |member| {
        when(*member, || {
            block(
                "cluster-member",
                "It belongs to a cluster, whose members get their classes one by one.",
                "클러스터에 속한 인스턴스입니다. 클래스는 구성원별로 바꿉니다.",
            )
        })
    });
    let source = "ReadReplicaSourceDBInstanceIdentifier";
    let replica = known(facts.is_replica.as_ref(), source, DATABASES, |replica| {
        when(*replica, || {
            block("is-replica", "It is a replica itself.", "이 인스턴스 자체가 복제본입니다.")
        })
    });
    let names = "ReadReplicaDBInstanceIdentifiers";
    let replicas = known(facts.replicas.as_ref(), names, DATABASES, |replicas| {
        replicas.first().map_or_else(clear, |first| {
            let is_far = replicas.iter().any(|one| one.starts_with("arn:"));
            match is_far {
                true => block(
                    "replica-in-another-region",
                    format!("It has a replica in another region, which would be cut off: {first}."),
                    format!("다른 리전의 복제본이 끊깁니다: {first}."),
                ),
                false => block(
                    "has-replicas",
                    format!("Its replicas would get the new class and size as well, beginning with {first}."),
                    format!("{first} 등 복제본의 클래스와 크기도 함께 바뀝니다."),
                ),
            }
        })
    });
    let storage = known(facts.storage_type.as_ref(), "StorageType", DATABASES, |storage| {
        when(storage == "standard", || {
            block("magnetic", "Its storage is magnetic.", "마그네틱 스토리지를 사용합니다.")
        })
    });
    [engine, member, replica, replicas, storage].concat()
}

fn moment(facts: &SwitchPreflight) -> Findings {
    let pending = facts.pending.as_ref();
    let pending = known(pending, "PendingModifiedValues", DATABASES, |pending| {
        let names: Vec<&str> = pending.keys().map(String::as_str).collect();
        when(!names.is_empty(), || {
            let names = names.join(", ");
            block(
                "other-changes-pending",
                format!("Other changes are pending, and the copy would not have them: {names}."),
                format!("대기 중인 변경이 복제본에는 반영되지 않습니다: {names}."),
            )
        })
    });
    let status = known(facts.status.as_ref(), "DBInstanceStatus", DATABASES, |status| {
        when(status != "available", || {
            found(
                Obstacle::Wait,
                "database-busy",
                format!("Its status is {status}."),
                format!("현재 상태: {status}."),
            )
        })
    });
    let deployment = known(facts.deployment.as_ref(), "Status", DEPLOYMENTS, |status| {
        when(status != "none", || {
            block(
                "deployment-exists",
                format!("Another blue/green deployment of it is {status}."),
                format!("다른 블루/그린 배포가 있습니다. 상태: {status}."),
            )
        })
    });
    [pending, status, deployment].concat()
}

fn backups(facts: &SwitchPreflight) -> Findings {
    let days = facts.backup_days.as_ref();
    let backups = known(days, "BackupRetentionPeriod", DATABASES, |days| {
        when(*days == 0, || {
            block(
                "no-backups",
                "Automated backups are off: the copy could not follow it.",
                "자동 백업이 꺼져 있어 복제본이 따라갈 수 없습니다.",
            )
        })
    });
    let password = facts.has_managed_password.as_ref();
    let password = known(password, "MasterUserSecret", DATABASES, |managed| {
        when(*managed, || {
            block(
                "managed-password",
                "Secrets Manager manages its master password, which blue/green deployments do not take.",
                "마스터 암호를 Secrets Manager로 관리하는 DB는 블루/그린 배포를 지원하지 않습니다.",
            )
        })
    });
    [backups, password].concat()
}

/// Storage that grows by itself would be large again.
fn growth(facts: &SwitchPreflight, plan: &DatabaseSwitch) -> Findings {
    if plan.to_storage_gib >= plan.from_storage_gib {
        return clear();
    }
    known(facts.grows_to_gib.as_ref(), "MaxAllocatedStorage", DATABASES, |most| {
        when(*most > plan.to_storage_gib, || {
            warn(
                "storage-grows",
                format!(
                    "Its storage may grow by itself to {most} GiB again: lower that limit, too."
                ),
                format!(
                    "스토리지가 자동으로 {most} GiB까지 다시 늘어날 수 있습니다. 한도도 낮추세요."
                ),
            )
        })
    })
}

/// What names the database by something else than its name.
fn identity(_: &SwitchPreflight) -> Findings {
    warn(
        "identity-changes",
        "The database of the name is another one afterwards: grants by its resource identifier, and the state of Terraform, must follow.",
        "전환 후에는 같은 이름의 다른 데이터베이스가 됩니다. 리소스 ID 기반 권한과 Terraform 상태를 함께 갱신하세요.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulate::plain;

    fn check(alter: impl FnOnce(&mut SwitchPreflight), expected: &[&str]) {
        let mut facts = plain::switch();
        alter(&mut facts);
        let plan = DatabaseSwitch {
            source_arn: "arn:aws:rds:r:1:db:game".to_owned(),
            from_class: "db.r6g.xlarge".into(),
            to_class: "db.r6g.large".into(),
            from_storage_gib: 1_000,
            to_storage_gib: 400,
        };
        let found = database_switch(&facts, &plan);
        let codes: Vec<String> = found
            .into_iter()
            .map(|(_, why)| why.code)
            .filter(|code| code != "identity-changes")
            .collect();
        assert_eq!(codes, expected);
    }

    #[test]
    fn what_blue_green_deployments_do_not_take_is_found_before() {
        check(|_| {}, &[]);
        check(|one| one.engine = Some("oracle-ee".to_owned()), &["engine-not-supported"]);
        check(|one| one.is_member = Some(true), &["cluster-member"]);
        check(|one| one.is_replica = Some(true), &["is-replica"]);
        check(|one| one.replicas = Some(vec!["game-ro".to_owned()]), &["has-replicas"]);
        let far = Some(vec!["arn:aws:rds:us-east-1:1:db:game-dr".to_owned()]);
        check(|one| one.replicas = far, &["replica-in-another-region"]);
        check(|one| one.backup_days = Some(0), &["no-backups"]);
        check(|one| one.has_managed_password = Some(true), &["managed-password"]);
        check(|one| one.deployment = Some("AVAILABLE".to_owned()), &["deployment-exists"]);
    }

    #[test]
    fn storage_that_grows_again_is_said_and_what_nobody_read_blocks() {
        check(|one| one.grows_to_gib = Some(1_000), &["storage-grows"]);
        check(|one| one.backup_days = None, &["unknown-backup-retention-period"]);
        check(|one| one.deployment = None, &["unknown-status"]);
    }
}
