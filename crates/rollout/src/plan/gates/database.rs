//! The gates of a database.

use rust_decimal::prelude::ToPrimitive;

use trimtab_model::gate::{Presence, Signal};
use trimtab_model::id::DbInstanceClass;
use trimtab_model::metric::Statistic;
use trimtab_model::resource::Resource;
use trimtab_model::resource::db_instance::DbInstance;

use super::source::{A_MINUTE, FIVE_MINUTES, Gate, Metric};
use super::{Watched, connections, expected};
use crate::gate::{LAST_BURST, LAST_CREDIT};

const AWS_RDS: &str = "AWS/RDS";
const BYTES_OF_A_GIB: f64 = 1_073_741_824.0;

/// Returns the gates of a database that is of a class from now on.
pub(super) fn gates(
    watched: &Watched<'_>,
    database: &Resource<DbInstance>,
    class: &DbInstanceClass,
) -> Vec<Gate> {
    let kind = &database.kind;
    let limits = &watched.rules.limits;
    let of = |name, statistic, signal, presence| {
        let metric = Metric::new(AWS_RDS, name, statistic, A_MINUTE);
        metric.gate(watched, &database.id, signal, presence)
    };
    let (average, required, optional) =
        (Statistic::Average, Presence::Required, Presence::Optional);
    let is_aurora = kind.engine.starts_with("aurora");
    let mut gates = vec![
        of("CPUUtilization", average, Signal::CpuUtilization, required)
            .limit(limits.cpu_percent)
            .expected(expected(watched, "cpu_p99_5"))
            .busy(expected(watched, "cpu_busy_hour")),
        of("FreeableMemory", Statistic::Minimum, Signal::FreeMemory, required)
            .limit(least_memory(watched, class)),
        of("DatabaseConnections", Statistic::Maximum, Signal::DatabaseConnections, required)
            .limit(connections::most(watched, database, class)),
        of("ReadIOPS", average, Signal::ReadIops, optional),
        // Seconds; a database that reads nothing from storage has none.
        of("ReadLatency", average, Signal::ReadLatency, optional).scaled(1_000.0),
        // Some engines do not say how much they swap.
        of("SwapUsage", Statistic::Maximum, Signal::Swap, optional)
            .limit(memory_bytes(watched, class).map(|all| all * limits.swap_percent / 100.0)),
    ];
    gates.extend(["EBSIOBalance%", "EBSByteBalance%"].map(|name| {
        // Only classes that burst to their storage have them.
        let balance = Metric::new(AWS_RDS, name, Statistic::Minimum, FIVE_MINUTES);
        balance.gate(watched, &database.id, Signal::BurstBalance, optional).limit(LAST_BURST)
    }));
    if is_aurora && kind.db_cluster_identifier.is_some() {
        // Milliseconds; a writer has none.
        let lag = of("AuroraReplicaLag", Statistic::Maximum, Signal::ReplicaLag, optional);
        gates.push(lag.limit(limits.replica_lag_seconds).scaled(0.001));
    } else if kind.read_replica_source.is_some() {
        let lag = of("ReplicaLag", Statistic::Maximum, Signal::ReplicaLag, required);
        gates.push(lag.limit(limits.replica_lag_seconds));
    }
    if kind.storage_type.as_deref() == Some("gp2") {
        let burst = Metric::new(AWS_RDS, "BurstBalance", average, FIVE_MINUTES);
        let burst = burst.gate(watched, &database.id, Signal::BurstBalance, optional);
        gates.push(burst.limit(LAST_BURST));
    }
    if class.as_str().starts_with("db.t") {
        let credits = Metric::new(AWS_RDS, "CPUCreditBalance", Statistic::Minimum, FIVE_MINUTES);
        let credits = credits.gate(watched, &database.id, Signal::CpuCreditBalance, required);
        gates.push(credits.limit(LAST_CREDIT));
    }
    gates
}

/// Returns how many bytes must be left at the limit of memory; unknown where the catalogue does
/// not know the class. Databases fill what they get: a limit that the change is expected to
/// break would take back what is as planned.
fn least_memory(watched: &Watched<'_>, class: &DbInstanceClass) -> Option<f64> {
    let memory = memory_bytes(watched, class)?;
    let limit = watched.rules.limits.memory_percent;
    if expected(watched, "memory_max").is_some_and(|percent| percent > limit) {
        return None;
    }
    let left = 1.0 - limit / 100.0;
    Some(memory * left)
}

/// Returns the memory of a class.
fn memory_bytes(watched: &Watched<'_>, class: &DbInstanceClass) -> Option<f64> {
    let memory_gib = watched.prices?.db_classes.get(class)?.memory_gib.to_f64()?;
    Some(memory_gib * BYTES_OF_A_GIB)
}
