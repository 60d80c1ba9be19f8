//! What a table and its indexes consumed.

use trimtab_model::evidence::MetricCoverage;
use trimtab_model::id::ResourceId;
use trimtab_model::metric::Statistic;
use trimtab_model::recommendation::Unknown;
use trimtab_model::resource::Resource;
use trimtab_model::resource::dynamo_table::{BillingMode, DynamoTable, Throughput};

use crate::check::{Check, Facts};
use crate::observation::{Observation, missing};
use crate::verdict::unknown;

/// The namespace of every metric here.
pub const NAMESPACE: &str = "AWS/DynamoDB";
/// Units read.
pub const READ: &str = "ConsumedReadCapacityUnits";
/// Units written.
pub const WRITE: &str = "ConsumedWriteCapacityUnits";
/// Units that may be read.
pub const PROVISIONED_READ: &str = "ProvisionedReadCapacityUnits";
/// Units that may be written.
pub const PROVISIONED_WRITE: &str = "ProvisionedWriteCapacityUnits";
/// The longest sample from whose mean a capacity is taken: DynamoDB lends five minutes of unused
/// capacity, and no more.
const LONGEST_SAMPLE_SECONDS: u32 = 300;
/// The statistics of what is provisioned.
pub const LEVEL: &[Statistic] = &[Statistic::Maximum, Statistic::Average];

/// One direction of one table or index.
#[derive(Debug, Clone, PartialEq)]
pub struct Flow {
    /// Most units per second, as the mean of a sample's interval.
    pub peak_per_second: f64,
    /// Seconds of a sample; absent where nothing was consumed.
    pub sample_seconds: Option<u32>,
    /// Units in the whole window.
    pub units: f64,
    /// Days of the window.
    pub days: f64,
    /// Whether what is provisioned changed within the window.
    pub moves: bool,
    /// The metrics, and how much of each was there.
    pub coverage: Vec<MetricCoverage>,
}

/// Reads and writes of a table or of one of its indexes.
#[derive(Debug, Clone, PartialEq)]
pub struct Consumption {
    /// The index; absent for the table itself.
    pub index: Option<String>,
    /// What is provisioned.
    pub provisioned: Throughput,
    /// Reads.
    pub read: Flow,
    /// Writes.
    pub write: Flow,
}

/// Returns what the table and each of its indexes consumed, the table first.
///
/// DynamoDB sends no sample while nothing is consumed. A gap counts as nothing only where
/// what is provisioned was measured all the time, which proves that somebody looked; and a
/// metric that is absent altogether only where another table has it.
///
/// # Errors
/// Returns `Unknown` if the metrics do not tell.
pub fn consumption(
    check: &Check,
    facts: &Facts<'_>,
    table: &Resource<DynamoTable>,
) -> Result<Vec<Consumption>, Unknown> {
    let of = |index: Option<&str>, provisioned: Throughput| {
        let names = names(table, index);
        Ok(Consumption {
            index: index.map(str::to_owned),
            provisioned,
            read: flow(check, facts, table, &names, READ, PROVISIONED_READ)?,
            write: flow(check, facts, table, &names, WRITE, PROVISIONED_WRITE)?,
        })
    };
    std::iter::once(of(None, table.kind.throughput))
        .chain(
            table
                .kind
                .indexes
                .iter()
                .map(|index| of(Some(index.index_name.as_str()), index.throughput)),
        )
        .collect()
}

/// Makes sure that the samples are short enough to take a capacity from the highest of them.
///
/// # Errors
/// Returns `Unknown` if a sample is the mean of more than five minutes.
pub fn require_short_samples(all: &[Consumption]) -> Result<(), Unknown> {
    let longest = all
        .iter()
        .flat_map(|one| [one.read.sample_seconds, one.write.sample_seconds])
        .flatten()
        .max()
        .filter(|seconds| *seconds > LONGEST_SAMPLE_SECONDS);
    longest.map_or(Ok(()), |seconds| {
        Err(unknown(
            "samples-too-long",
            format!(
                "Samples of {seconds} seconds hide the peaks; {LONGEST_SAMPLE_SECONDS} or less are needed."
            ),
            format!(
                "지표 간격이 {seconds}초라 최댓값이 가려집니다. {LONGEST_SAMPLE_SECONDS}초 이하가 필요합니다."
            ),
            &["metrics:AWS/DynamoDB:ConsumedReadCapacityUnits"],
        ))
    })
}

/// Lists the names of a table, or of an index as its ARN ends.
pub fn names(table: &Resource<DynamoTable>, index: Option<&str>) -> Vec<ResourceId> {
    let arn = table.kind.table_arn.as_deref();
    std::iter::once(table.id.as_str())
        .chain(arn)
        .map(|name| match index {
            Some(index) => ResourceId::new(format!("{name}/index/{index}")),
            None => ResourceId::new(name),
        })
        .collect()
}

fn flow<'a>(
    check: &Check,
    facts: &Facts<'a>,
    table: &Resource<DynamoTable>,
    names: &[ResourceId],
    consumed: &'static str,
    provisioned: &'static str,
) -> Result<Flow, Unknown> {
    let seen = Observation::find(facts, table, names, NAMESPACE, consumed, &[Statistic::Sum]);
    let level = Observation::find(facts, table, names, NAMESPACE, provisioned, LEVEL)
        .filter(|level| level.require(check, facts).is_ok());
    let moves = level.is_some_and(|level| level.profile.max > level.profile.min);
    let watched = |seen: &Observation<'_>, days: f64| Flow {
        sample_seconds: Some(seen.profile.period_seconds),
        peak_per_second: seen.profile.max / f64::from(seen.profile.period_seconds.max(1)),
        units: seen.profile.sum,
        days,
        moves,
        coverage: std::iter::once(seen.coverage())
            .chain(level.as_ref().map(Observation::coverage))
            .collect(),
    };
    let nothing = match seen {
        Some(seen) => match seen.require(check, facts) {
            Ok(()) => return Ok(watched(&seen, seen.days())),
            Err(nothing) => nothing,
        },
        None => missing(NAMESPACE, consumed, &[Statistic::Sum]),
    };
    let Some(level) = level.filter(|_| table.kind.billing_mode == BillingMode::Provisioned) else {
        return Err(nothing);
    };
    if let Some(seen) = seen {
        return Ok(watched(&seen, level.days()));
    }
    let read_elsewhere =
        facts.profiles.iter().any(|(key, _)| key.namespace == NAMESPACE && key.metric == consumed);
    match read_elsewhere {
        true => Ok(Flow {
            peak_per_second: 0.0,
            sample_seconds: None,
            units: 0.0,
            days: level.days(),
            moves,
            coverage: vec![level.coverage()],
        }),
        false => Err(nothing),
    }
}
