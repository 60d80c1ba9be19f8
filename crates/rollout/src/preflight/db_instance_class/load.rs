//! Rules 10 and 11: storage and replicas behind the new class.

use super::rules::Question;
use crate::preflight::finding::{Findings, block, clear, unread, warn};

const METRICS: &str = "cloudwatch:GetMetricData";
const ORDERABLE: &str = "rds:DescribeOrderableDBInstanceOptions";
/// A lag above which a replica has trouble already.
const MOST_LAG_SECONDS: f64 = 30.0;

/// Rule 10.
pub(super) fn volumes(question: &Question<'_>) -> Findings {
    let facts = question.facts;
    let (Some(iops), Some(mb_s)) = (facts.iops, facts.mb_s) else {
        return unread("ReadIOPS and WriteIOPS", METRICS);
    };
    let (Some(most_iops), Some(most_mb_s), Some(burstable)) =
        (facts.to_iops, facts.to_mb_s, facts.to_burstable)
    else {
        return unread("EBS baseline of the class", ORDERABLE);
    };
    let mut findings = clear();
    if iops > most_iops || mb_s > most_mb_s {
        findings.extend(block(
            "storage-asked-more",
            format!("It asks its storage for {iops:.0} IOPS and {mb_s:.0} MB/s, and the new class sustains {most_iops:.0} and {most_mb_s:.0}."),
            format!("스토리지 사용량이 {iops:.0} IOPS, {mb_s:.0} MB/s이지만 새 클래스는 {most_iops:.0} IOPS, {most_mb_s:.0} MB/s까지만 지속합니다."),
        ));
    }
    if burstable && question.is_careful() {
        findings.extend(warn(
            "burstable-class",
            "The new class lives on CPU credits: its balance is watched.",
            "새 클래스는 CPU 크레딧으로 동작합니다. 변경 후 크레딧 잔액을 지켜봅니다.",
        ));
    }
    findings
}

/// Rule 11: replicas before their source.
pub(super) fn replicas(question: &Question<'_>) -> Findings {
    let facts = question.facts;
    let (Some(larger), Some(lag)) = (&facts.larger_replicas, facts.replica_lag_seconds) else {
        return unread("ReadReplicaDBInstanceIdentifiers", "rds:DescribeDBInstances");
    };
    let mut findings = clear();
    if lag > MOST_LAG_SECONDS {
        findings.extend(block(
            "replica-lags",
            format!("A replica is {lag:.0} seconds behind already."),
            format!("복제본이 이미 {lag:.0}초 뒤처져 있습니다."),
        ));
    }
    if !larger.is_empty() {
        let names = larger.join(", ");
        findings.extend(block(
            "replicas-first",
            format!("Its replicas come first: {names}."),
            format!("복제본을 먼저 변경해야 합니다: {names}."),
        ));
    }
    findings
}

#[cfg(test)]
mod tests {
    use trimtab_model::observed::Obstacle;

    use super::super::rules::tests::check;

    const BLOCK: Obstacle = Obstacle::Block;

    #[test]
    fn rule_10_storage_must_be_sustained() {
        check(10, |one| one.iops = Some(3600.0), &[]);
        check(10, |one| one.iops = Some(3601.0), &[(BLOCK, "storage-asked-more")]);
        check(10, |one| one.mb_s = Some(81.0), &[(BLOCK, "storage-asked-more")]);
        check(10, |one| one.to_burstable = Some(true), &[(Obstacle::Warn, "burstable-class")]);
    }

    #[test]
    fn rule_11_replicas_come_first() {
        let replica = Some(vec!["game-r1".to_owned()]);
        check(11, |one| one.larger_replicas = replica, &[(BLOCK, "replicas-first")]);
        check(11, |one| one.replica_lag_seconds = Some(31.0), &[(BLOCK, "replica-lags")]);
    }
}
