//! Rules 1, 2, 4, 5, 14 and 16: what the database is doing, and for whom.

use trimtab_model::observed::Obstacle;

use super::rules::Question;
use crate::preflight::finding::{Findings, block, clear, found, known, unread, warn, when};
use crate::preflight::owner::managed;

const DATABASES: &str = "rds:DescribeDBInstances";
/// Statuses that pass by themselves.
const PASSING: &[&str] = &[
    "backing-up",
    "configuring-enhanced-monitoring",
    "configuring-log-exports",
    "maintenance",
    "modifying",
    "rebooting",
    "renaming",
    "starting",
    "storage-optimization",
    "upgrading",
];

/// Rule 1: it is always out for a while, and how long depends on a standby.
pub(super) fn outage(question: &Question<'_>) -> Findings {
    known(question.facts.is_multi_az.as_ref(), "MultiAZ", DATABASES, |has_standby| {
        if *has_standby {
            warn(
                "outage-with-standby",
                "It fails over to its standby: connections break, for one or two minutes as a rule and longer with large transactions.",
                "대기 인스턴스로 장애 조치되면서 연결이 끊깁니다. 보통 1~2분이며 큰 트랜잭션이 있으면 더 길어집니다.",
            )
        } else {
            warn(
                "outage-without-standby",
                "It has no standby: it is out of service while it moves, for several minutes.",
                "대기 인스턴스가 없어 옮기는 몇 분 동안 서비스가 중단됩니다.",
            )
        }
    })
}

/// Rule 2: applied at once, it takes every other pending change with it.
pub(super) fn pending(question: &Question<'_>) -> Findings {
    let facts = question.facts;
    let (Some(pending), Some(maintenance)) = (&facts.pending, &facts.maintenance) else {
        let source = format!("{DATABASES}, rds:DescribePendingMaintenanceActions");
        return unread("PendingModifiedValues", &source);
    };
    let names: Vec<&str> =
        pending.keys().map(String::as_str).chain(maintenance.iter().map(String::as_str)).collect();
    when(!names.is_empty(), || {
        let names = names.join(", ");
        block(
            "other-changes-pending",
            format!("Other changes are pending and would be made along with it: {names}."),
            format!("대기 중인 다른 변경이 함께 적용됩니다: {names}."),
        )
    })
}

/// Rule 4.
pub(super) fn lone_writer(question: &Question<'_>) -> Findings {
    let lone = question.facts.is_lone_writer.as_ref();
    known(lone, "DBClusterMembers", "rds:DescribeDBClusters", |is_lone| {
        when(*is_lone, || {
            block(
                "lone-writer",
                "It is the only member of its cluster: add a reader of the new class and fail over to it.",
                "클러스터의 유일한 인스턴스입니다. 새 클래스의 읽기 인스턴스를 추가하고 장애 조치하세요.",
            )
        })
    })
}

/// Rule 5.
pub(super) fn status(question: &Question<'_>) -> Findings {
    known(question.facts.status.as_ref(), "DBInstanceStatus", DATABASES, |status| {
        if status == "available" {
            return clear();
        }
        let obstacle =
            if PASSING.contains(&status.as_str()) { Obstacle::Wait } else { Obstacle::Block };
        found(
            obstacle,
            "database-not-available",
            format!("The database is in status {status}."),
            format!("데이터베이스 상태: {status}."),
        )
    })
}

/// Rule 14.
pub(super) fn windows(question: &Question<'_>) -> Findings {
    let meets = question.facts.meets_aws_window.as_ref();
    known(meets, "PreferredBackupWindow and PreferredMaintenanceWindow", DATABASES, |meets| {
        when(*meets, || {
            found(
                Obstacle::Wait,
                "aws-window",
                "Its backup or maintenance window begins while it would be changed.",
                "변경하는 동안 백업이나 유지 관리 시간대가 시작됩니다.",
            )
        })
    })
}

/// Rule 16.
pub(super) fn owner(question: &Question<'_>) -> Findings {
    managed(question.facts.tags.as_ref(), DATABASES)
}

#[cfg(test)]
mod tests {
    use super::super::rules::tests::check;
    use super::*;

    const BLOCK: Obstacle = Obstacle::Block;

    #[test]
    fn rule_01_an_outage_is_always_said() {
        check(1, |_| {}, &[(Obstacle::Warn, "outage-with-standby")]);
        let alone =
            |one: &mut trimtab_model::observed::DbInstancePreflight| one.is_multi_az = Some(false);
        check(1, alone, &[(Obstacle::Warn, "outage-without-standby")]);
    }

    #[test]
    fn rule_02_another_pending_change_blocks() {
        let engine = [("EngineVersion".to_owned(), "8.0.40".to_owned())];
        check(2, |one| one.pending = Some(engine.into()), &[(BLOCK, "other-changes-pending")]);
        let upgrade = Some(vec!["system-update".to_owned()]);
        check(2, |one| one.maintenance = upgrade, &[(BLOCK, "other-changes-pending")]);
    }

    #[test]
    fn rule_04_the_only_member_of_a_cluster_blocks() {
        check(4, |one| one.is_lone_writer = Some(true), &[(BLOCK, "lone-writer")]);
    }

    #[test]
    fn rule_05_only_available_will_do() {
        let is = |status: &'static str| {
            move |one: &mut trimtab_model::observed::DbInstancePreflight| {
                one.status = Some(status.to_owned());
            }
        };
        let code = "database-not-available";
        check(5, is("available"), &[]);
        for status in ["modifying", "storage-optimization", "backing-up", "maintenance"] {
            check(5, is(status), &[(Obstacle::Wait, code)]);
        }
        for status in ["storage-full", "incompatible-network", "insufficient-capacity", "new-word"]
        {
            check(5, is(status), &[(BLOCK, code)]);
        }
    }

    #[test]
    fn rule_14_the_windows_of_aws_are_left_alone() {
        check(14, |one| one.meets_aws_window = Some(true), &[(Obstacle::Wait, "aws-window")]);
    }

    #[test]
    fn rule_16_what_a_template_owns_blocks() {
        let stack = [("aws:cloudformation:stack-id".to_owned(), "arn".to_owned())];
        check(16, |one| one.tags = Some(stack.into()), &[(BLOCK, "managed-by-others")]);
    }
}
