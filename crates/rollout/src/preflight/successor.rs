//! Does a function do the work of an instance that is to be stopped?

use trimtab_model::migration::Migration;
use trimtab_model::observed::{InstancePreflight, Obstacle, TargetHealth};
use trimtab_model::text::counted;

use super::finding::{Findings, block, found, known, unread, when};

const FUNCTIONS: &str = "lambda:GetFunctionConfiguration";
const METRICS: &str = "cloudwatch:GetMetricData";
const TARGETS: &str = "elasticloadbalancing:DescribeTargetHealth";

/// The rows, in order: titles in English and in Korean.
pub(super) const ROWS: [(&str, &str); 3] = [
    ("The function is there", "함수 존재 여부"),
    ("The function ran while it was watched", "지켜보는 동안의 함수 실행"),
    ("Nothing is sent to the server any more", "서버로 들어오는 작업 없음"),
];

/// Judges every row, in order. Without a migration nothing is known of a function.
pub(super) fn rows(facts: &InstancePreflight, migration: Option<&Migration>) -> [Findings; 3] {
    let Some(migration) = migration else {
        return std::array::from_fn(|_| unread("Migration", "migration.json"));
    };
    [exists(facts, migration), ran(facts, migration), moved(facts)]
}

fn exists(facts: &InstancePreflight, migration: &Migration) -> Findings {
    let (name, region) = (&migration.name, &migration.region);
    known(facts.successor.exists.as_ref(), "FunctionName", FUNCTIONS, |exists| {
        when(!exists, || {
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
    })
}

fn ran(facts: &InstancePreflight, migration: &Migration) -> Findings {
    let (name, days) = (&migration.name, facts.successor.days);
    known(facts.successor.runs.as_ref(), "Invocations", METRICS, |runs| {
        when(*runs < 1.0, || {
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
    })
}

/// A load balancer that still sends to it may have somebody whom nobody would answer.
fn moved(facts: &InstancePreflight) -> Findings {
    known(facts.targets.as_ref(), "TargetHealth", TARGETS, |targets| {
        let serves = |health| matches!(health, TargetHealth::Healthy);
        let last = targets.iter().find(|one| serves(one.health) && one.healthy_others == 0);
        last.map_or_else(Vec::new, |one| {
            let group = &one.target.group;
            found(
                Obstacle::Attest,
                "still-a-target",
                format!(
                    "It is the last healthy target of {group}: whoever moved its work must say that nobody is sent there any more."
                ),
                format!(
                    "{group} 대상 그룹에 남은 마지막 정상 대상입니다. 더는 요청이 들어오지 않는지 작업을 옮긴 사람이 확인해야 합니다."
                ),
            )
        })
    })
}

#[cfg(test)]
mod tests {
    use trimtab_model::call::Target;
    use trimtab_model::observed::TargetObserved;

    use super::*;
    use crate::plan::sample::migration;
    use crate::simulate::plain;

    fn check(
        row: usize,
        alter: impl FnOnce(&mut InstancePreflight),
        expected: &[(Obstacle, &str)],
    ) {
        let mut facts = plain::instance();
        alter(&mut facts);
        let found = rows(&facts, Some(&migration("i-1")));
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
        for row in 1..=3 {
            check(row, |_| {}, &[]);
        }
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
    fn the_last_healthy_target_needs_a_word() {
        let with = |health, healthy_others| {
            move |one: &mut InstancePreflight| {
                let target = Target { group: "tg".into(), instance: "i-1".into(), port: None };
                one.targets = Some(vec![TargetObserved { target, health, healthy_others }]);
            }
        };
        let attest = [(Obstacle::Attest, "still-a-target")];
        check(3, with(TargetHealth::Healthy, 0), &attest);
        check(3, with(TargetHealth::Healthy, 1), &[]);
        check(3, with(TargetHealth::Unhealthy, 0), &[]);
    }

    #[test]
    fn without_a_migration_nothing_is_stopped() {
        let found = rows(&plain::instance(), None);
        assert!(found.iter().all(|row| row.iter().any(|(one, _)| *one == Obstacle::Block)));
    }
}
