//! Does a function do the work of an instance that is to be stopped?

use std::collections::BTreeSet;

use trimtab_model::gate::AlarmState;
use trimtab_model::migration::Migration;
use trimtab_model::observed::{
    Attestation, InstancePreflight, Obstacle, SuccessorMode, TargetHealth,
};
use trimtab_model::text::counted;

use super::finding::{Findings, block, clear, found, known, unread, when};

const FUNCTIONS: &str = "lambda:GetFunctionConfiguration";
const METRICS: &str = "cloudwatch:GetMetricData";
const INSTANCES: &str = "ec2:DescribeInstances";
const TARGETS: &str = "elasticloadbalancing:DescribeTargetHealth";
const ALARMS: &str = "cloudwatch:DescribeAlarms";

/// The rows, in order: titles in English and in Korean.
pub(super) const ROWS: [(&str, &str); 5] = [
    ("The function is there and live", "함수 존재 여부와 실행 모드"),
    (
        "The function ran without an error or a change while it was watched",
        "지켜보는 동안의 함수 실행, 오류, 변경",
    ),
    (
        "Target groups looked at, and a word that nothing else sends work to the server",
        "대상 그룹 확인과 서버로 들어오는 작업이 없다는 확인",
    ),
    ("No capacity reservation goes on costing", "요금이 계속 나가는 용량 예약 없음"),
    ("The alarms of the project watch, and none rings", "프로젝트 알람 존재 여부와 상태"),
];

/// Judges every row, in order. Without a migration nothing is known of a function.
pub(super) fn rows(facts: &InstancePreflight, migration: Option<&Migration>) -> [Findings; 5] {
    let Some(migration) = migration else {
        return std::array::from_fn(|_| unread("Migration", "migration.json"));
    };
    [
        exists(facts, migration),
        ran(facts, migration),
        moved(facts),
        reserved(facts),
        quiet(facts, migration),
    ]
}

fn exists(facts: &InstancePreflight, migration: &Migration) -> Findings {
    let (name, region) = (&migration.name, &migration.region);
    known(facts.successor.exists.as_ref(), "FunctionName", FUNCTIONS, |exists| {
        if *exists {
            return is_live(facts, migration);
        }
        block(
            "no-function",
            format!(
                "There is no function {name} in {region} of its account: deploy it, and go through the phases of its guide."
            ),
            format!(
                "같은 계정의 {region} 리전에 함수 {name}이(가) 없습니다. 배포한 뒤 전환 안내서의 단계를 진행하세요."
            ),
        )
    })
}

/// In shadow it runs without an error and writes nothing.
fn is_live(facts: &InstancePreflight, migration: &Migration) -> Findings {
    let name = &migration.name;
    known(facts.successor.mode.as_ref(), "Environment.MODE", FUNCTIONS, |mode| match mode {
        SuccessorMode::Live => clear(),
        SuccessorMode::Shadow | SuccessorMode::Other => block(
            "not-live",
            format!(
                "The variable MODE of {name} is not `live`: it does not do the work yet. Go through phase `shift` of its guide."
            ),
            format!(
                "함수 {name}의 MODE 변수가 `live`가 아니어서 아직 작업을 맡고 있지 않습니다. 전환 안내서의 `shift` 단계를 진행하세요."
            ),
        ),
        SuccessorMode::Absent => found(
            Obstacle::Attest,
            "no-mode",
            format!(
                "{name} has no variable MODE: whoever moved the work must say that the function does it, and not only tries."
            ),
            format!(
                "함수 {name}에 MODE 변수가 없습니다. 시험 실행이 아니라 실제로 작업을 맡고 있는지 작업을 옮긴 사람이 확인해야 합니다."
            ),
        ),
    })
}

fn ran(facts: &InstancePreflight, migration: &Migration) -> Findings {
    let (name, days) = (&migration.name, facts.successor.days);
    known(facts.successor.runs.as_ref(), "Invocations", METRICS, |runs| {
        if *runs >= 1.0 {
            return [failed(facts, migration), changed(facts, migration)].concat();
        }
        block(
            "no-invocations",
            format!(
                "CloudWatch has no run of {name} in the last {}: nothing proves that it does the work.",
                counted(days, "day")
            ),
            format!(
                "최근 {days}일 동안 CloudWatch에 {name} 함수의 호출 기록이 없어, 작업을 맡고 있다는 증거가 없습니다."
            ),
        )
    })
}

fn failed(facts: &InstancePreflight, migration: &Migration) -> Findings {
    let (name, days) = (&migration.name, facts.successor.days);
    known(facts.successor.errors.as_ref(), "Errors", METRICS, |errors| {
        when(*errors > 0.0, || {
            block(
                "failed-runs",
                format!(
                    "Runs of {name} failed in the last {}: {errors:.0}. Mend it, and watch it for {} without a failure.",
                    counted(days, "day"),
                    counted(migration.soak_days, "day")
                ),
                format!(
                    "최근 {days}일 동안 {name} 함수의 실행이 {errors:.0}번 실패했습니다. 고친 뒤 {}일 동안 실패 없이 지켜보세요.",
                    migration.soak_days
                ),
            )
        })
    })
}

/// What was watched is what runs: a change begins the watch anew.
fn changed(facts: &InstancePreflight, migration: &Migration) -> Findings {
    let (name, days) = (&migration.name, migration.soak_days);
    // That there is none is said by the first row.
    if facts.successor.exists == Some(false) {
        return clear();
    }
    known(facts.successor.unchanged_days.as_ref(), "LastModified", FUNCTIONS, |unchanged| {
        when(*unchanged < days, || {
            block(
                "changed-while-watched",
                format!(
                    "The code or configuration of {name} was changed {} ago, within the {} of its watch: what runs now was not watched for all of them.",
                    counted(*unchanged, "day"),
                    counted(days, "day")
                ),
                format!(
                    "함수 {name}의 코드나 설정이 {unchanged}일 전에 바뀌었습니다. 지켜보기로 한 {days}일이 지나지 않아 지금 실행되는 함수를 충분히 지켜보지 못했습니다."
                ),
            )
        })
    })
}

/// A load balancer that still sends to it may have somebody whom nobody would answer; who sends work
/// to one without, nobody sees from outside. So it takes a word in any case.
fn moved(facts: &InstancePreflight) -> Findings {
    let has_moved = facts.attested.contains(&Attestation::WorkHasMoved);
    known(facts.targets.as_ref(), "TargetHealth", TARGETS, |targets| {
        if has_moved {
            return clear();
        }
        let serving = targets.iter().filter(|one| matches!(one.health, TargetHealth::Healthy));
        let Some(one) = serving.min_by_key(|one| one.healthy_others) else {
            return found(
                Obstacle::Attest,
                "senders-unknown",
                "It is no healthy target of a load balancer, so that nobody sees from outside who sends it work: whoever moved the work must say that no client, queue or clock of its own is left.",
                "로드 밸런서의 정상 대상이 아니므로 누가 작업을 보내는지 밖에서는 알 수 없습니다. 직접 접속하는 클라이언트, 큐, 자체 예약 작업이 남아 있지 않은지 작업을 옮긴 사람이 확인해야 합니다.",
            );
        };
        let group = &one.target.group;
        if one.healthy_others == 0 {
            return found(
                Obstacle::Attest,
                "still-a-target",
                format!(
                    "It is the last healthy target of {group}: whoever moved its work must say that nobody is sent there any more."
                ),
                format!(
                    "{group} 대상 그룹에 남은 마지막 정상 대상입니다. 더는 요청이 들어오지 않는지 작업을 옮긴 사람이 확인해야 합니다."
                ),
            );
        }
        found(
            Obstacle::Attest,
            "in-service",
            format!(
                "It is a healthy target of {group} beside others: whoever moved its work must say that the function does what it serves there."
            ),
            format!(
                "{group} 대상 그룹에서 다른 대상과 함께 정상 대상으로 등록되어 있습니다. 이 서버가 처리하던 작업을 함수가 맡았는지 작업을 옮긴 사람이 확인해야 합니다."
            ),
        )
    })
}

/// A reservation costs the same while the server is stopped. One that it is aimed at is not to be
/// cancelled before: an instance that is aimed at a cancelled one does not start again.
fn reserved(facts: &InstancePreflight) -> Findings {
    let targeted = facts.is_reservation_targeted.as_ref();
    known(targeted, "CapacityReservationSpecification", INSTANCES, |is_targeted| {
        if *is_targeted {
            return found(
                Obstacle::Attest,
                "reservation-kept",
                "It is aimed at a capacity reservation, which costs as much while it is stopped: say which instance uses the reservation then, or who cancels it once the stop is confirmed. Not before: aimed at a cancelled one, it would not start again.",
                "용량 예약을 지정하고 있어 중지해도 같은 요금이 나갑니다. 중지한 뒤 그 예약을 쓸 인스턴스나, 중지가 확정된 뒤 예약을 취소할 사람을 확인하세요. 예약을 먼저 취소하면 다시 시작할 수 없습니다.",
            );
        }
        known(facts.is_in_reservation.as_ref(), "CapacityReservationId", INSTANCES, |is_in| {
            when(*is_in, || {
                found(
                    Obstacle::Attest,
                    "reservation-open",
                    "It runs in an open capacity reservation, which costs as much while it is stopped: say which instance uses the reservation then, or who makes it smaller.",
                    "열린 용량 예약 안에서 실행 중이어서 중지해도 같은 요금이 나갑니다. 중지한 뒤 그 예약을 쓸 인스턴스나, 예약을 줄일 사람을 확인하세요.",
                )
            })
        })
    })
}

/// An alarm that rings tells of something that is not well before the stop. One that alone tells of a
/// check has to be there, and to know something.
fn quiet(facts: &InstancePreflight, migration: &Migration) -> Findings {
    let name = &migration.name;
    known(facts.successor.alarms.as_ref(), "StateValue", ALARMS, |alarms| {
        let told = migration.checks.iter().filter(|check| check.figure(migration).is_none());
        let told: BTreeSet<String> = told.map(|check| check.alarm(migration)).collect();
        let one = |(alarm, state): (&String, &Option<AlarmState>)| match state {
            Some(AlarmState::Ok) => clear(),
            Some(AlarmState::InsufficientData) | None if !told.contains(alarm) => clear(),
            Some(AlarmState::InsufficientData) => block(
                "alarm-knows-nothing",
                format!(
                    "The alarm {alarm} of {name} has insufficient data, and could not tell what goes wrong after the stop: see that missing data is good, as the project has it, and wait until it is OK."
                ),
                format!(
                    "함수 {name}의 {alarm} 알람이 INSUFFICIENT_DATA 상태라 중지 뒤의 문제를 알아낼 수 없습니다. 프로젝트에 적힌 대로 누락 데이터를 정상으로 처리하는지 확인하고 OK가 될 때까지 기다리세요."
                ),
            ),
            Some(AlarmState::Alarm) => block(
                "alarm-rings",
                format!(
                    "The alarm {alarm} of {name} rings: what it rings for is to be cleared before the server is stopped."
                ),
                format!(
                    "함수 {name}의 {alarm} 알람이 ALARM 상태입니다. 서버를 중지하기 전에 알람의 원인부터 해결하세요."
                ),
            ),
            None => block(
                "no-alarm",
                format!(
                    "There is no alarm {alarm}, which alone tells of a check of {name}: deploy the project whole."
                ),
                format!(
                    "{alarm} 알람이 없습니다. 함수 {name}의 점검 항목 가운데 이 알람으로만 확인하는 것이 있으니 프로젝트 전체를 배포하세요."
                ),
            ),
        };
        alarms.iter().flat_map(one).collect()
    })
}

#[cfg(test)]
mod tests {
    use trimtab_model::call::Target;
    use trimtab_model::observed::TargetObserved;

    use super::*;
    use crate::plan::sample::migration;
    use crate::simulate::plain;

    /// A migration one of whose checks only an alarm tells of.
    fn with_letters() -> Migration {
        let mut migration = migration("i-1");
        let mut letters = migration.checks.first().expect("a check").clone();
        (letters.id, letters.namespace) = ("dead_letters".to_owned(), "AWS/SQS".to_owned());
        migration.checks.push(letters);
        migration
    }

    fn check(
        row: usize,
        alter: impl FnOnce(&mut InstancePreflight),
        expected: &[(Obstacle, &str)],
    ) {
        let mut facts = plain::instance();
        alter(&mut facts);
        let found = rows(&facts, Some(&with_letters()));
        let found: Vec<(Obstacle, &str)> = found
            .get(row - 1)
            .expect("a row")
            .iter()
            .map(|(obstacle, why)| (obstacle.clone(), why.code.as_str()))
            .collect();
        assert_eq!(found, expected, "row {row}");
    }

    #[test]
    fn a_function_that_is_there_and_ran_lets_the_server_be_stopped() {
        check(1, |_| {}, &[]);
        check(2, |_| {}, &[]);
        check(4, |_| {}, &[]);
        check(5, |_| {}, &[]);
    }

    #[test]
    fn an_alarm_that_rings_or_is_not_there_cannot_watch_the_stop() {
        let with = |state| {
            move |one: &mut InstancePreflight| {
                one.successor.alarms = Some([("notice-dead-letters".to_owned(), state)].into());
            }
        };
        check(5, with(Some(AlarmState::Ok)), &[]);
        check(5, with(Some(AlarmState::Alarm)), &[(Obstacle::Block, "alarm-rings")]);
        let silent = Some(AlarmState::InsufficientData);
        check(5, with(silent), &[(Obstacle::Block, "alarm-knows-nothing")]);
        check(5, with(None), &[(Obstacle::Block, "no-alarm")]);
        // Of what is watched as a figure the alarm may be missing; where it rings, something is not well.
        let of_errors = |state| {
            move |one: &mut InstancePreflight| {
                one.successor.alarms = Some([("notice-errors".to_owned(), state)].into());
            }
        };
        check(5, of_errors(None), &[]);
        check(5, of_errors(silent), &[]);
        check(5, of_errors(Some(AlarmState::Alarm)), &[(Obstacle::Block, "alarm-rings")]);
        let unread = [(Obstacle::Block, "unknown-state-value")];
        check(5, |one| one.successor.alarms = None, &unread);
    }

    #[test]
    fn a_reservation_that_goes_on_costing_is_somebody_s() {
        let attest = [(Obstacle::Attest, "reservation-kept")];
        check(4, |one| one.is_reservation_targeted = Some(true), &attest);
        let unread = [(Obstacle::Block, "unknown-capacity-reservation-specification")];
        check(4, |one| one.is_reservation_targeted = None, &unread);
        let attest = [(Obstacle::Attest, "reservation-open")];
        check(4, |one| one.is_in_reservation = Some(true), &attest);
        let unread = [(Obstacle::Block, "unknown-capacity-reservation-id")];
        check(4, |one| one.is_in_reservation = None, &unread);
    }

    #[test]
    fn what_is_not_there_or_did_not_run_or_was_not_read_blocks() {
        let block = Obstacle::Block;
        check(1, |one| one.successor.exists = Some(false), &[(block.clone(), "no-function")]);
        check(1, |one| one.successor.exists = None, &[(block.clone(), "unknown-function-name")]);
        check(2, |one| one.successor.runs = Some(0.0), &[(block.clone(), "no-invocations")]);
        check(2, |one| one.successor.runs = None, &[(block.clone(), "unknown-invocations")]);
        check(3, |one| one.targets = None, &[(block, "unknown-target-health")]);
    }

    #[test]
    fn a_function_in_shadow_does_no_work() {
        let block = [(Obstacle::Block, "not-live")];
        for mode in [SuccessorMode::Shadow, SuccessorMode::Other] {
            check(1, |one| one.successor.mode = Some(mode), &block);
        }
        let attest = [(Obstacle::Attest, "no-mode")];
        check(1, |one| one.successor.mode = Some(SuccessorMode::Absent), &attest);
        let unread = [(Obstacle::Block, "unknown-environment-mode")];
        check(1, |one| one.successor.mode = None, &unread);
    }

    #[test]
    fn a_failed_run_or_a_change_within_the_watch_proves_nothing() {
        let block = |code| [(Obstacle::Block, code)];
        check(2, |one| one.successor.errors = Some(1.0), &block("failed-runs"));
        check(2, |one| one.successor.errors = None, &block("unknown-errors"));
        let since = |days| move |one: &mut InstancePreflight| one.successor.unchanged_days = days;
        check(2, since(Some(13)), &block("changed-while-watched"));
        check(2, since(Some(14)), &[]);
        check(2, since(None), &block("unknown-last-modified"));
        let gone = |one: &mut InstancePreflight| {
            (one.successor.exists, one.successor.unchanged_days) = (Some(false), None);
        };
        check(2, gone, &[]);
    }

    #[test]
    fn who_sends_work_to_the_server_needs_a_word_in_any_case() {
        let with = |health, healthy_others| {
            move |one: &mut InstancePreflight| {
                one.attested.clear();
                let target = Target { group: "tg".into(), instance: "i-1".into(), port: None };
                one.targets = Some(vec![TargetObserved { target, health, healthy_others }]);
            }
        };
        let attest = |code| [(Obstacle::Attest, code)];
        check(3, with(TargetHealth::Healthy, 0), &attest("still-a-target"));
        check(3, with(TargetHealth::Healthy, 1), &attest("in-service"));
        check(3, with(TargetHealth::Unhealthy, 0), &attest("senders-unknown"));
        check(3, |one| one.attested.clear(), &attest("senders-unknown"));
        check(3, |_| {}, &[]);
    }

    #[test]
    fn without_a_migration_nothing_is_stopped() {
        let found = rows(&plain::instance(), None);
        assert!(found.iter().all(|row| row.iter().any(|(one, _)| *one == Obstacle::Block)));
    }
}
