//! How many connections a class admits, by its parameter group or by default.

use crate::database::class::Class;
use crate::database::formula::{FormulaError, Variables, value};
use crate::database::parameters::Parameters;

/// The limit must be at least this many times the peak: a quarter of room.
pub const CONNECTION_ROOM: f64 = 1.25;

/// The least of the nominal memory that an engine was seen to have, by the GiB up to which it
/// holds.
///
/// AWS publishes no figure: `DBInstanceClassMemory` is "always somewhat lower" than the nominal
/// memory. With 1 GiB about 80 connections of PostgreSQL or 64 of MySQL were seen, which is 0.71 or
/// 0.75 of what the nominal memory would give; with 4 GiB 400 of PostgreSQL, which is 0.89. These
/// shares are below what was seen.
const SHARES: &[(f64, f64)] = &[(1.0, 0.70), (2.0, 0.75), (4.0, 0.85), (f64::MAX, 0.90)];

const BYTES_PER_GIB: f64 = 1_073_741_824.0;

/// What an engine makes of a class, from the least memory it may have to the nominal memory.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Between {
    /// With the least memory.
    pub least: f64,
    /// With all of the nominal memory.
    pub most: f64,
}

/// Why the limit is not known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LimitUnknown {
    /// The default of the engine is not known here.
    NoDefault,
    /// The parameter group's formula has no value.
    Formula(FormulaError),
}

/// Returns `max_connections` of `engine` on `class`: what the parameter group says, else the
/// default.
///
/// SQL Server's limit is the same on every class. Sources: RDS user guide, "Maximum number of database
/// connections"; Aurora user guide, "Maximum connections to an Aurora MySQL DB instance" and "Maximum
/// connections to an Aurora PostgreSQL DB instance".
///
/// # Errors
/// Returns why there is no limit: the formula has no value, or the default of the engine, as
/// Oracle's, is not known here.
pub fn max_connections(
    engine: &str,
    parameters: Parameters<'_>,
    class: &Class<'_>,
) -> Result<Between, LimitUnknown> {
    let (formula, most) = match (parameters.max_connections(), engine) {
        (Some(formula), _) => (formula, f64::MAX),
        (None, "mysql") => ("{DBInstanceClassMemory/12582880}", 16_000.0),
        (None, "mariadb") => ("LEAST({DBInstanceClassMemory/25165760},12000)", 12_000.0),
        (None, "postgres" | "aurora-postgresql") => {
            ("LEAST({DBInstanceClassMemory/9531392},5000)", 5_000.0)
        }
        (None, "aurora-mysql") => (
            "GREATEST({log(DBInstanceClassMemory/805306368)*45},{log(DBInstanceClassMemory/8187281418)*1000})",
            16_000.0,
        ),
        (None, "sqlserver") => ("32767", 32_767.0),
        (None, _) => return Err(LimitUnknown::NoDefault),
    };
    between(formula, parameters, class)
        .map(|limit| Between { least: limit.least.min(most), most: limit.most.min(most) })
        .map_err(LimitUnknown::Formula)
}

/// Returns what a formula is on `class` with the least and with the most memory.
///
/// # Errors
/// Returns why it has no value.
pub fn between(
    formula: &str,
    parameters: Parameters<'_>,
    class: &Class<'_>,
) -> Result<Between, FormulaError> {
    let with = |memory: f64| {
        let variables = Variables {
            // A number of bytes: no fraction, and far below the limit of the type.
            memory: Some(memory as u64),
            vcpu: Some(class.facts.vcpu),
            allocated_storage: parameters.allocated_storage_bytes,
            is_replica: parameters.is_replica,
        };
        value(formula, variables).map(|value| value as f64)
    };
    let memory = engine_memory_bytes(class);
    let (least, most) = (with(memory.least)?, with(memory.most)?);
    // A formula may fall as the memory grows.
    Ok(Between { least: least.min(most), most: least.max(most) })
}

/// Returns the memory of a class that its engine has: `DBInstanceClassMemory`.
pub fn engine_memory_bytes(class: &Class<'_>) -> Between {
    let nominal = class.memory_gib();
    let share = SHARES.iter().find(|(up_to, _)| nominal <= *up_to).map_or(0.0, |(_, share)| *share);
    let most = nominal * BYTES_PER_GIB;
    Between { least: most * share, most }
}

/// Returns whether a limit leaves room for a peak of `connections`.
pub fn admits(limit: f64, connections: f64) -> bool {
    connections * CONNECTION_ROOM <= limit
}

/// Returns how many connections all clients together may open, with the room that is kept.
pub fn usable(limit: f64) -> f64 {
    (limit / CONNECTION_ROOM).floor()
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

    fn check(engine: &str, memory_gib: i64, least: f64, most: f64) {
        let facts = facts(memory_gib);
        let class = Class { facts: &facts, ebs_iops: None, ebs_mb_s: None, baseline_share: None };
        let found = max_connections(engine, Parameters::default(), &class);
        assert_eq!(found, Ok(Between { least, most }), "{engine} {memory_gib} GiB");
    }

    #[test]
    fn the_default_limits_follow_the_memory() {
        check("mysql", 8, 614.0, 682.0);
        check("postgres", 8, 811.0, 901.0);
        check("mariadb", 8, 307.0, 341.0);
        check("postgres", 1, 78.0, 112.0);
        check("postgres", 512, 5000.0, 5000.0);
        check("sqlserver", 8, 32_767.0, 32_767.0);
        check("aurora-mysql", 8, 135.0, 135.0);
        check("aurora-mysql", 16, 1000.0, 1000.0);
        check("aurora-postgresql", 8, 811.0, 901.0);
    }

    #[test]
    fn an_engine_without_a_published_default_has_no_limit() {
        let facts = facts(8);
        let class = Class { facts: &facts, ebs_iops: None, ebs_mb_s: None, baseline_share: None };
        let found = max_connections("oracle", Parameters::default(), &class);
        assert_eq!(found, Err(LimitUnknown::NoDefault));
    }

    #[test]
    fn a_quarter_of_room_is_kept() {
        assert!(admits(614.0, 491.0));
        assert!(!admits(614.0, 492.0));
        assert!((usable(614.0) - 491.0).abs() < f64::EPSILON);
    }
}
