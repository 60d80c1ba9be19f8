//! How many connections a class admits, by its parameter group or by default.

use crate::database::class::Class;
use crate::database::formula::{Variables, value};
use crate::database::parameters::Parameters;

/// The limit must be at least this many times the peak: a quarter of room.
pub const CONNECTION_ROOM: f64 = 1.25;

/// `DBInstanceClassMemory` is less than the nominal memory: the operating system and
/// RDS's own processes take their part, most of it on small classes. Cautious shares.
const SMALL_CLASS_GIB: f64 = 2.0;
const SMALL_CLASS_SHARE: f64 = 0.75;
const CLASS_SHARE: f64 = 0.90;

const BYTES_PER_GIB: f64 = 1_073_741_824.0;

/// Returns `max_connections` of `engine` on `class`, rounded down: what the parameter group says,
/// else the default.
///
/// Absent where the group's formula is not understood, and for engines whose default is not
/// known here: Aurora and Oracle. SQL Server's limit is the same on every class.
/// Source: RDS user guide, "Maximum number of database connections".
pub fn max_connections(engine: &str, parameters: Parameters<'_>, class: &Class<'_>) -> Option<f64> {
    let memory = engine_memory_bytes(class);
    if let Some(formula) = parameters.max_connections() {
        let variables = Variables { memory, vcpu: f64::from(class.facts.vcpu) };
        return value(formula, variables).map(f64::floor);
    }
    match engine {
        "mysql" => Some((memory / 12_582_880.0).floor().min(16_000.0)),
        "mariadb" => Some((memory / 25_165_760.0).floor().min(12_000.0)),
        "postgres" => Some((memory / 9_531_392.0).floor().min(5_000.0)),
        "sqlserver" => Some(32_767.0),
        _ => None,
    }
}

/// Returns the memory of a class that its engine has: `DBInstanceClassMemory`.
pub fn engine_memory_bytes(class: &Class<'_>) -> f64 {
    let nominal = class.memory_gib();
    let share = if nominal <= SMALL_CLASS_GIB { SMALL_CLASS_SHARE } else { CLASS_SHARE };
    nominal * BYTES_PER_GIB * share
}

/// Returns whether a limit leaves room for a peak of `connections`.
pub fn admits(limit: f64, connections: f64) -> bool {
    connections * CONNECTION_ROOM <= limit
}

#[cfg(test)]
mod tests {
    use super::*;
    use trimtab_model::price::DbClassFacts;

    fn facts(memory_gib: i64) -> DbClassFacts {
        DbClassFacts {
            db_instance_class: "db.m5.large".into(),
            family: "m5".to_owned(),
            vcpu: 2,
            memory_gib: memory_gib.into(),
            current_generation: true,
        }
    }

    fn check(engine: &str, memory_gib: i64, expected: Option<f64>) {
        let facts = facts(memory_gib);
        let class = Class { facts: &facts, ebs_iops: None, ebs_mb_s: None, baseline_share: None };
        let found = max_connections(engine, Parameters::default(), &class);
        assert_eq!(found, expected, "{engine} {memory_gib} GiB");
    }

    #[test]
    fn the_default_limits_follow_the_memory() {
        check("mysql", 8, Some(614.0));
        check("postgres", 8, Some(811.0));
        check("mariadb", 8, Some(307.0));
        check("postgres", 1, Some(84.0));
        check("postgres", 512, Some(5000.0));
        check("sqlserver", 8, Some(32_767.0));
        check("aurora-mysql", 8, None);
    }

    #[test]
    fn a_quarter_of_room_is_kept() {
        assert!(admits(614.0, 491.0));
        assert!(!admits(614.0, 492.0));
    }
}
