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

/// One rule.
pub(super) type Rule = fn(&Question<'_>) -> Findings;

/// The rules, by number from 1.
pub(super) const RULES: [Rule; 16] = [
    now::outage,
    now::pending,
    offer::standby,
    now::lone_writer,
    now::status,
    offer::orderable,
    memory::connections,
    memory::fixed_parameters,
    memory::working_set,
    load::volumes,
    load::replicas,
    offer::capacity_reservation,
    offer::processor_features,
    now::windows,
    offer::performance_insights,
    now::owner,
];

/// Returns everything that stands in the way of the new class.
pub fn db_instance_class(facts: &DbInstancePreflight, environment: Environment) -> Findings {
    let question = Question { facts, environment };
    RULES.iter().flat_map(|rule| rule(&question)).collect()
}

#[cfg(test)]
pub(super) mod tests {
    use std::collections::BTreeMap;

    use trimtab_model::observed::Obstacle;

    use super::*;

    const GIB: u64 = 1 << 30;

    /// Returns a MySQL database of 16 GiB that nothing keeps from 8 GiB.
    pub(in crate::preflight::db_instance_class) fn facts() -> DbInstancePreflight {
        DbInstancePreflight {
            engine: Some("mysql".to_owned()),
            status: Some("available".to_owned()),
            pending: Some(BTreeMap::new()),
            maintenance: Some(Vec::new()),
            is_lone_writer: Some(false),
            is_multi_az: Some(true),
            is_orderable: Some(true),
            to_multi_az: Some(true),
            to_performance_insights: Some(true),
            uses_performance_insights: Some(true),
            max_connections: Some("{DBInstanceClassMemory/12582880}".to_owned()),
            to_memory_bytes: Some(7 * GIB),
            to_vcpu: Some(2),
            storage_bytes: Some(100 * GIB),
            is_replica: Some(false),
            peak_connections: Some(200.0),
            fixed_memory: Some(BTreeMap::new()),
            least_freeable_bytes: Some(12.0 * GIB as f64),
            memory_bytes: Some(15 * GIB),
            most_swap_bytes: Some(0.0),
            iops: Some(500.0),
            mb_s: Some(10.0),
            to_iops: Some(3600.0),
            to_mb_s: Some(80.0),
            to_burstable: Some(false),
            larger_replicas: Some(Vec::new()),
            replica_lag_seconds: Some(0.0),
            uses_capacity_reservation: Some(false),
            has_processor_features: Some(false),
            meets_aws_window: Some(false),
            tags: Some(BTreeMap::new()),
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
        let rule = RULES.get(number - 1).expect("a rule");
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
        for (at, rule) in RULES.iter().enumerate() {
            let blocks = rule(&question).iter().any(|(obstacle, _)| *obstacle == Obstacle::Block);
            assert!(blocks, "rule {}", at + 1);
        }
    }
}
