//! What was measured of a database.

use jiff::SignedDuration;

use trimtab_model::metric::Statistic;
use trimtab_model::observed::{DbInstancePreflight, DbStoragePreflight};

use super::measured::{Asked, Measured};
use super::whole::Reading;

const RDS: &str = "AWS/RDS";
const MEGA: f64 = 1e6;
const MIB: f64 = 1_048_576.0;
const STORAGE: [&str; 4] = ["ReadIOPS", "WriteIOPS", "ReadThroughput", "WriteThroughput"];
/// How long back a lag counts as one of now.
const LATELY: SignedDuration = SignedDuration::from_mins(30);

/// Adds connections, memory and storage as they were asked for.
pub(super) async fn complete(reading: &mut Reading<'_>, facts: &mut DbInstancePreflight) {
    let id = reading.change.resource.id.clone();
    let mut asked = vec![
        Asked::of(&id, RDS, "DatabaseConnections", Statistic::Maximum),
        Asked::of(&id, RDS, "FreeableMemory", Statistic::Minimum),
        Asked::of(&id, RDS, "SwapUsage", Statistic::Maximum),
    ];
    asked.extend(STORAGE.map(|metric| Asked::of(&id, RDS, metric, Statistic::Average)));
    let found = Measured::of(reading, &asked).await;
    facts.peak_connections = found.highest("DatabaseConnections");
    facts.least_freeable_bytes = found.lowest("FreeableMemory");
    facts.most_swap_bytes = found.highest("SwapUsage");
    facts.iops = found.p99(&["ReadIOPS", "WriteIOPS"]);
    facts.mb_s = found.p99(&["ReadThroughput", "WriteThroughput"]).map(|bytes| bytes / MEGA);
}

/// Adds what the storage was asked for.
pub(super) async fn complete_storage(reading: &mut Reading<'_>, facts: &mut DbStoragePreflight) {
    let id = reading.change.resource.id.clone();
    let asked = STORAGE.map(|metric| Asked::of(&id, RDS, metric, Statistic::Average));
    let found = Measured::of(reading, &asked).await;
    facts.iops = found.p99(&["ReadIOPS", "WriteIOPS"]);
    facts.mb_s = found.p99(&["ReadThroughput", "WriteThroughput"]).map(|bytes| bytes / MIB);
}

/// Returns how far the replicas are behind: the one that is furthest; unknown where that of any is.
pub(super) async fn lag(reading: &mut Reading<'_>, replicas: &[String]) -> Option<f64> {
    let asked: Vec<Asked> = replicas
        .iter()
        .map(|name| Asked::of(&name.as_str().into(), RDS, "ReplicaLag", Statistic::Maximum))
        .collect();
    let found = Measured::since(reading, &asked, LATELY).await;
    found.latest_highest_of_each("ReplicaLag", replicas.len())
}
