//! Rows 24 and 26 to 28: whether it would come back now, and who would notice.

use trimtab_model::observed::{Attestation, Obstacle, TargetHealth};

use super::rows::Question;
use crate::preflight::finding::{Findings, block, clear, found, known};

/// Row 24: a start that lacks a right on a key returns 200 and stops again.
pub(super) fn keys(question: &Question<'_>) -> Findings {
    let facts = question.facts;
    known(facts.keys.as_ref(), "KmsKeyId", "ec2:DescribeVolumes, kms:DescribeKey", |keys| {
        keys.iter()
            .flat_map(|key| {
                if key.state != "Enabled" {
                    return block(
                        "key-not-enabled",
                        format!("The key {} of a volume is {}: the machine would not start again.", key.id, key.state),
                        format!("볼륨의 키 {} 상태가 {}이어서 다시 시작되지 않습니다.", key.id, key.state),
                    );
                }
                match key.may_grant {
                    Some(true) => clear(),
                    Some(false) => block(
                        "key-not-grantable",
                        format!("kms:CreateGrant on the key {} is missing: the machine would stop again as soon as it starts.", key.id),
                        format!("키 {}에 대한 kms:CreateGrant 권한이 없어 시작하자마자 다시 중지됩니다.", key.id),
                    ),
                    None if facts.attested.contains(&Attestation::KeysMayBeGranted) => clear(),
                    None => block(
                        "unknown-kms-create-grant",
                        format!("Whether kms:CreateGrant on the key {} is allowed cannot be proven from outside: the key is a customer's, and its start would fail without that right. Somebody must have seen it in the key's policy or started a machine with it by this role.", key.id),
                        format!("고객 관리형 키 {}에 대한 kms:CreateGrant 권한은 밖에서 확인할 수 없고, 없으면 시작에 실패합니다. 키 정책을 확인했거나 이 역할로 이 키를 쓰는 인스턴스를 시작해 본 사람이 확인해야 합니다.", key.id),
                    ),
                }
            })
            .collect()
    })
}

/// Row 26.
pub(super) fn events(question: &Question<'_>) -> Findings {
    let events = question.facts.events.as_ref();
    known(events, "InstanceStatus.Events", "ec2:DescribeInstanceStatus", |events| {
        events.first().map_or_else(clear, |event| {
            found(
                Obstacle::Wait,
                "aws-event",
                format!("AWS has scheduled {event} within the window."),
                format!("변경 시간대 안에 AWS 예약 이벤트({event})가 있습니다."),
            )
        })
    })
}

/// Row 27: our own stop must set nothing off.
pub(super) fn alarms(question: &Question<'_>) -> Findings {
    let alarms = question.facts.acting_alarms.as_ref();
    known(alarms, "AlarmActions", "cloudwatch:DescribeAlarms", |alarms| {
        alarms.first().map_or_else(clear, |alarm| {
            block(
                "alarm-acts",
                format!("The alarm {alarm} stops, recovers or replaces it: suspend its actions for the window."),
                format!("경보 {alarm}이(가) 인스턴스를 중지, 복구, 교체합니다. 변경하는 동안 작업을 일시 중지하세요."),
            )
        })
    })
}

/// Row 28.
pub(super) fn last_target(question: &Question<'_>) -> Findings {
    let targets = question.facts.targets.as_ref();
    let source = "elasticloadbalancing:DescribeTargetHealth";
    known(targets, "TargetHealth", source, |targets| {
        let last = |one: &&trimtab_model::observed::TargetObserved| {
            one.health == TargetHealth::Healthy && one.healthy_others == 0
        };
        targets.iter().find(last).map_or_else(clear, |one| {
            block(
                "last-healthy-target",
                format!("It is the last healthy target of {}.", one.target.group),
                format!("{} 대상 그룹에 남은 마지막 정상 대상입니다.", one.target.group),
            )
        })
    })
}

#[cfg(test)]
mod tests {
    use trimtab_model::call::Target;
    use trimtab_model::observed::{InstancePreflight, KeyFacts, TargetObserved};

    use super::super::rows::tests::check;
    use super::*;

    const BLOCK: Obstacle = Obstacle::Block;

    #[test]
    fn row_24_keys_are_proven_before_the_stop() {
        let key = |state: &'static str, may_grant| {
            move |one: &mut InstancePreflight| {
                let (id, state) = ("key-1".to_owned(), state.to_owned());
                one.keys = Some(vec![KeyFacts { id, state, may_grant }]);
            }
        };
        check(24, key("Enabled", Some(true)), &[]);
        check(24, key("PendingDeletion", Some(true)), &[(BLOCK, "key-not-enabled")]);
        check(24, key("Enabled", Some(false)), &[(BLOCK, "key-not-grantable")]);
        check(24, key("Enabled", None), &[(BLOCK, "unknown-kms-create-grant")]);
        let attested = |one: &mut InstancePreflight| {
            key("Enabled", None)(one);
            one.attested.insert(Attestation::KeysMayBeGranted);
        };
        check(24, attested, &[]);
        check(24, |one| one.keys = Some(Vec::new()), &[]);
        check(24, |one| one.keys = None, &[(BLOCK, "unknown-kms-key-id")]);
    }

    #[test]
    fn row_26_an_event_of_aws_is_waited_for() {
        let event = Some(vec!["instance-retirement".to_owned()]);
        check(26, |one| one.events = event, &[(Obstacle::Wait, "aws-event")]);
    }

    #[test]
    fn row_27_an_alarm_that_acts_blocks() {
        check(
            27,
            |one| one.acting_alarms = Some(vec!["recover".to_owned()]),
            &[(BLOCK, "alarm-acts")],
        );
    }

    #[test]
    fn row_28_the_last_healthy_target_is_not_drained() {
        let with = |health, healthy_others| {
            move |one: &mut InstancePreflight| {
                let target = Target { group: "tg".into(), instance: "i-1".into(), port: None };
                one.targets = Some(vec![TargetObserved { target, health, healthy_others }]);
            }
        };
        check(28, with(TargetHealth::Healthy, 1), &[]);
        check(28, with(TargetHealth::Healthy, 0), &[(BLOCK, "last-healthy-target")]);
        check(28, with(TargetHealth::Unhealthy, 0), &[]);
    }
}
