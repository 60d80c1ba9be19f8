//! What the members of an Aurora cluster used together.
//!
//! Any of them may become the writer, so that each must hold what any of them used: the highest of
//! every figure counts, and a figure that one of them lacks is absent.

use trimtab_model::metric::Statistic;
use trimtab_model::recommendation::{Unknown, Verdict};
use trimtab_model::resource::Resource;
use trimtab_model::resource::db_cluster::DbCluster;
use trimtab_model::resource::db_instance::DbInstance;
use trimtab_model::resource::db_load::{DbBufferUse, DbLoad};

use crate::check::Facts;
use crate::database::class::Class;
use crate::database::cluster::{members, not_ours};
use crate::database::demand::DbDemand;
use crate::database::engine::Engine;
use crate::database::exemption;
use crate::sizing::demand::Percentiles;
use crate::traffic::{Coming, ExpectedGrowth};
use crate::verdict::{exempt, unknown};

/// What decides the size of a DB instance: its own use, or that of all members of its cluster.
#[derive(Debug, Clone, PartialEq)]
pub struct Together {
    /// What was used.
    pub demand: DbDemand,
    /// The sessions at work or waiting, where all of them were sampled.
    pub load: Option<DbLoad>,
    /// How many members that is.
    pub members: usize,
}

/// Returns the verdict on a member of a cluster that is not ours to size: it replicates with another
/// cluster, its members are of several classes, or it is no cluster of Aurora.
///
/// # Errors
/// Returns `Unknown` if its cluster was not listed.
pub fn exempted(
    facts: &Facts<'_>,
    db: &Resource<DbInstance>,
    engine: &Engine,
) -> Result<Option<Verdict>, Unknown> {
    let alone = exemption::in_cluster(db, &facts.snapshot.db_instances).is_none();
    if alone {
        return Ok(None);
    }
    if !engine.is_aurora() {
        return Ok(exemption::in_cluster(db, &facts.snapshot.db_instances));
    }
    let cluster = cluster_of(facts, db)?;
    if let Some(verdict) = not_ours(&cluster.kind) {
        return Ok(Some(verdict));
    }
    let class = &db.kind.db_instance_class;
    let same = members(facts, cluster).iter().all(|one| one.kind.db_instance_class == *class);
    Ok((!same).then(|| {
        exempt(
            "cluster-classes-differ",
            "The members of its cluster are of several classes on purpose; a person sizes them.",
            "클러스터 멤버의 클래스가 의도적으로 서로 다릅니다. 크기는 사람이 정해야 합니다.",
        )
    }))
}

/// Reads what a DB instance used, or what the members of its cluster used at most.
///
/// # Errors
/// Returns `Unknown` if one of them has too few metrics, or was not listed.
pub fn used(
    facts: &Facts<'_>,
    db: &Resource<DbInstance>,
    current: &Class<'_>,
) -> Result<Together, Unknown> {
    of_all(facts, db, current, |_| 0.0)
}

/// Reads what would be used without a digest: of each member goes what the digest has of its load.
///
/// # Errors
/// As [`used`].
pub fn used_without(
    facts: &Facts<'_>,
    db: &Resource<DbInstance>,
    current: &Class<'_>,
    digest: &str,
) -> Result<Together, Unknown> {
    of_all(facts, db, current, |load| load.share_of(digest))
}

/// Returns the load without a share of it.
pub fn load_without(load: &DbLoad, share: f64) -> DbLoad {
    DbLoad { p99_5: load.p99_5 * (1.0 - share), ..load.clone() }
}

fn of_all(
    facts: &Facts<'_>,
    db: &Resource<DbInstance>,
    current: &Class<'_>,
    gone: impl Fn(&DbLoad) -> f64,
) -> Result<Together, Unknown> {
    let share = |db: &Resource<DbInstance>| load_of(facts, db).map(&gone).unwrap_or_default();
    let demand =
        |db: &Resource<DbInstance>| Ok(DbDemand::of(facts, db, current)?.without(share(db)));
    let load =
        |db: &Resource<DbInstance>| load_of(facts, db).map(|load| load_without(load, share(db)));
    if exemption::in_cluster(db, &facts.snapshot.db_instances).is_none() {
        return Ok(Together { demand: demand(db)?, load: load(db), members: 1 });
    }
    let cluster = cluster_of(facts, db)?;
    let listed = members(facts, cluster);
    if listed.len() < cluster.kind.db_cluster_members.len() {
        return Err(not_listed("inventory:describe-db-instances"));
    }
    let demands = listed.iter().map(|one| demand(one)).collect::<Result<Vec<_>, Unknown>>()?;
    let loads: Option<Vec<DbLoad>> = listed.iter().map(|one| load(one)).collect();
    let demand = demands
        .into_iter()
        .reduce(highest)
        .ok_or_else(|| not_listed("inventory:describe-db-clusters"))?;
    let load = loads.and_then(|loads| loads.into_iter().reduce(busiest));
    Ok(Together { demand, load, members: listed.len() })
}

/// Returns the growth that a DB instance must hold: its own, or the highest of the members of its
/// cluster.
///
/// # Errors
/// Returns `Unknown` if its cluster was not listed.
pub fn growth(
    facts: &Facts<'_>,
    db: &Resource<DbInstance>,
    coming: &Coming,
) -> Result<Option<ExpectedGrowth>, Unknown> {
    if exemption::in_cluster(db, &facts.snapshot.db_instances).is_none() {
        return Ok(coming.growth(db).cloned());
    }
    Ok(coming.highest(members(facts, cluster_of(facts, db)?)))
}

fn cluster_of<'a>(
    facts: &Facts<'a>,
    db: &Resource<DbInstance>,
) -> Result<&'a Resource<DbCluster>, Unknown> {
    let name = db.kind.db_cluster_identifier.as_ref();
    let found = facts.snapshot.db_clusters.iter().find(|cluster| {
        Some(&cluster.id) == name && cluster.account == db.account && cluster.region == db.region
    });
    found.ok_or_else(|| not_listed("inventory:describe-db-clusters"))
}

fn not_listed(settled_by: &str) -> Unknown {
    unknown(
        "members-not-listed",
        "Its cluster or some of its members were not listed, and they are sized together.",
        "클러스터나 일부 멤버가 목록에 없습니다. 클러스터 멤버의 크기는 함께 정해야 합니다.",
        &[settled_by],
    )
}

/// Returns the load of a DB instance, where it was sampled.
pub fn load_of<'a>(facts: &Facts<'a>, db: &Resource<DbInstance>) -> Option<&'a DbLoad> {
    let loads = &facts.snapshot.db_loads;
    let found = loads
        .iter()
        .find(|load| load.id == db.id && load.account == db.account && load.region == db.region);
    found.map(|load| &load.kind)
}

/// Returns the higher of each figure; one that either lacks is absent.
fn highest(one: DbDemand, other: DbDemand) -> DbDemand {
    let both = |a: Option<f64>, b: Option<f64>| a.zip(b).map(|(a, b)| a.max(b));
    let either = |a: Option<f64>, b: Option<f64>, of: fn(f64, f64) -> f64| match (a, b) {
        (Some(a), Some(b)) => Some(of(a, b)),
        (a, b) => a.or(b),
    };
    let (a, b) = (one.cpu_percent, other.cpu_percent);
    let peaks = |statistic: Statistic| statistic == Statistic::Maximum;
    let mut coverage = one.coverage;
    coverage.extend(other.coverage);
    DbDemand {
        cpu_percent: Percentiles {
            p90: a.p90.max(b.p90),
            p95: a.p95.max(b.p95),
            p99_5: a.p99_5.max(b.p99_5),
            max: a.max.max(b.max),
            mean: a.mean.max(b.mean),
        },
        cpu_statistic: if peaks(one.cpu_statistic) {
            other.cpu_statistic
        } else {
            one.cpu_statistic
        },
        busiest_day_percent: one.busiest_day_percent.max(other.busiest_day_percent),
        busy_hour_percent: match (one.busy_hour_percent, other.busy_hour_percent) {
            (Some(one), Some(other)) => Some(one.max(other)),
            (one, other) => one.or(other),
        },
        memory_gib: both(one.memory_gib, other.memory_gib),
        swap_gib: either(one.swap_gib, other.swap_gib, f64::max),
        stored_gib: both(one.stored_gib, other.stored_gib),
        memory_statistic: match one.memory_statistic {
            Some(Statistic::Minimum) => other.memory_statistic,
            statistic => statistic,
        },
        connections: both(one.connections, other.connections),
        read_iops: both(one.read_iops, other.read_iops),
        write_iops: both(one.write_iops, other.write_iops),
        iops: both(one.iops, other.iops),
        mb_s: both(one.mb_s, other.mb_s),
        fewest_credits: either(one.fewest_credits, other.fewest_credits, f64::min),
        window_days: one.window_days.min(other.window_days),
        coverage,
    }
}

/// Returns the busier of two loads, with the higher of each counter.
fn busiest(one: DbLoad, other: DbLoad) -> DbLoad {
    let buffer = one.buffer.as_ref().zip(other.buffer.as_ref()).map(|(a, b)| DbBufferUse {
        page_reads_p99_5: a.page_reads_p99_5.max(b.page_reads_p99_5),
        held_bytes_max: a.held_bytes_max.zip(b.held_bytes_max).map(|(a, b)| a.max(b)),
    });
    let busier = if one.p99_5 >= other.p99_5 { one } else { other };
    DbLoad { buffer, ..busier }
}
