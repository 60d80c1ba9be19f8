//! Every rule, in order.

use trimtab_model::environment::Environment;
use trimtab_model::observed::DbInstancePreflight;

use super::{load, memory, now, offer};
use crate::preflight::Findings;

/// What a rule is judged by.
pub(super) struct Question<'a> {
    pub(super) facts: &'a DbInstancePreflight,
    pub(super) environment: Environment,
}

impl Question<'_> {
    pub(super) fn is_careful(&self) -> bool {
        matches!(self.environment, Environment::Prod | Environment::Unknown)
    }
}

/// One rule: its title in English and in Korean, and how it is judged.
pub(super) type Rule = (&'static str, &'static str, fn(&Question<'_>) -> Findings);

/// The rules, by number from 1.
pub(super) const RULES: [Rule; 16] = [
    ("Outage while it moves", "변경 중 서비스 중단", now::outage),
    ("Other pending changes", "대기 중인 다른 변경", now::pending),
    ("Standby on the new class", "새 클래스의 다중 AZ", offer::standby),
    ("Other members of its cluster", "클러스터의 다른 인스턴스", now::lone_writer),
    ("Status", "상태", now::status),
    ("New class is orderable", "새 클래스 제공 여부", offer::orderable),
    ("Connections", "연결 수", memory::connections),
    ("Parameters of a fixed size", "크기가 고정된 파라미터", memory::fixed_parameters),
    ("Working set in memory", "메모리 작업 집합", memory::working_set),
    ("Storage that is asked for", "스토리지 사용량", load::volumes),
    ("Read replicas", "읽기 전용 복제본", load::replicas),
    ("Reserved capacity", "예약된 용량", offer::capacity_reservation),
    ("Processor features", "프로세서 기능", offer::processor_features),
    ("Backup and maintenance windows", "백업과 유지 관리 시간대", now::windows),
    ("Performance Insights", "성능 개선 도우미", offer::performance_insights),
    ("Managed by a tool", "관리 도구", now::owner),
];

/// The rules that a stop asks for, whatever class the database has.
pub(in crate::preflight) const OF_A_STOP: &[usize] = &[5, 12, 14, 16];

/// Returns the titles of the rules in English and in Korean, in order.
pub(in crate::preflight) fn titles() -> Vec<(&'static str, &'static str)> {
    RULES.iter().map(|(en, ko, _)| (*en, *ko)).collect()
}

/// Judges every rule, in order.
pub(in crate::preflight) fn rows(
    facts: &DbInstancePreflight,
    environment: Environment,
) -> Vec<Findings> {
    let question = Question { facts, environment };
    RULES.iter().map(|(_, _, judge)| judge(&question)).collect()
}

/// Returns everything that stands in the way of the new class.
pub fn db_instance_class(facts: &DbInstancePreflight, environment: Environment) -> Findings {
    rows(facts, environment).concat()
}

#[cfg(test)]
pub(super) mod tests {
    use trimtab_model::observed::Obstacle;

    use super::*;
    use crate::simulate::plain;

    /// Returns a MySQL database of 16 GiB that nothing keeps from 8 GiB.
    pub(in crate::preflight::db_instance_class) fn facts() -> DbInstancePreflight {
        DbInstancePreflight {
            is_multi_az: Some(true),
            uses_performance_insights: Some(true),
            peak_connections: Some(200.0),
            memory_bytes: Some(15 << 30),
            to_mb_s: Some(80.0),
            ..plain::db_instance()
        }
    }

    /// Judges one rule by its number in production.
    pub(in crate::preflight::db_instance_class) fn check(
        number: usize,
        alter: impl FnOnce(&mut DbInstancePreflight),
        expected: &[(Obstacle, &str)],
    ) {
        let mut facts = facts();
        alter(&mut facts);
        let question = Question { facts: &facts, environment: Environment::Prod };
        let (_, _, rule) = RULES.get(number - 1).expect("a rule");
        let found: Vec<(Obstacle, String)> =
            rule(&question).into_iter().map(|(obstacle, why)| (obstacle, why.code)).collect();
        let expected: Vec<(Obstacle, String)> = expected
            .iter()
            .map(|(obstacle, code)| (obstacle.clone(), (*code).to_owned()))
            .collect();
        assert_eq!(found, expected, "rule {number}");
    }

    #[test]
    fn nothing_is_in_the_way_of_a_plain_database_but_the_outage_is_said() {
        let found = db_instance_class(&facts(), Environment::Prod);
        let codes: Vec<String> = found.into_iter().map(|(_, why)| why.code).collect();
        assert_eq!(codes, ["outage-with-standby"]);
    }

    #[test]
    fn what_nobody_read_blocks_in_every_rule() {
        let nothing = DbInstancePreflight::default();
        let question = Question { facts: &nothing, environment: Environment::Prod };
        for (at, (_, _, rule)) in RULES.iter().enumerate() {
            let blocks = rule(&question).iter().any(|(obstacle, _)| *obstacle == Obstacle::Block);
            assert!(blocks, "rule {}", at + 1);
        }
    }
}
