//! What the coverage page says besides the sources of an analysis: what is known of each account and region, which
//! permissions lack, what would settle what could not be judged, and what asking AWS took.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use trimtab_analysis::api_months::{api_cost, api_months};
use trimtab_analysis::places::missing_signals;
use trimtab_app::failure::{Failure, Kind};
use trimtab_app::pipeline::{KnownPlaces, api_uses, granting, known_places};
use trimtab_model::api_use::{ApiMonth, ApiUse, PaidUse};
use trimtab_model::coverage::{
    MissingSignal, PermissionGap, PlaceCoverage, PlaceReading, PlaceSource,
};
use trimtab_model::money::{Money, MoneyError};
use trimtab_store::cost::{CostFilter, GroupBy};

use super::amount::{Amount, amount, amount_or_none};
use crate::shared::{Shared, Visible};

/// Returns what is known of every account and region, and which permissions lack.
///
/// # Errors
/// Fails if the store cannot be read.
pub(crate) fn known(shared: &Shared) -> Result<KnownPlaces, Failure> {
    let snapshot = shared.inventory()?;
    let by = [GroupBy::Account, GroupBy::Region];
    let billed = if shared.has_bills()? {
        shared.grouped(&by, &CostFilter::default())?
    } else {
        std::sync::Arc::default()
    };
    known_places(&shared.settings, shared.state(), snapshot.as_deref(), &billed)
}

/// Returns the signals that would settle what the latest analysis could not judge.
pub(crate) fn signals(visible: Option<&Visible>) -> Vec<MissingSignal> {
    visible.map(|visible| missing_signals(&visible.open.unknown)).unwrap_or_default()
}

/// What asking AWS took.
#[derive(Debug, Default)]
pub(crate) struct Taken {
    /// Every run with its cost, the newest first; none where a price is not known.
    pub(crate) runs: Vec<(ApiUse, Option<Money>)>,
    /// Every month, the newest first.
    pub(crate) months: Vec<ApiMonth>,
}

/// Returns what asking AWS took.
///
/// # Errors
/// Fails if the store cannot be read.
pub(crate) fn taken(shared: &Shared) -> Result<Taken, Failure> {
    let money = |cause: MoneyError| Failure::from_error(Kind::Failed, &cause);
    let uses = api_uses(shared.state())?;
    let months = api_months(&uses).map_err(money)?;
    let with_cost = |one: ApiUse| {
        let cost = api_cost(&one)?;
        Ok((one, cost))
    };
    let runs = uses.into_iter().map(with_cost).collect::<Result<_, _>>().map_err(money)?;
    Ok(Taken { runs, months })
}

/// Accounts and regions, and what is known of each.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PlaceList {
    /// `trimtab/v1/coverage.places`.
    schema: &'static str,
    /// Every account and region, in this order.
    items: Vec<PlaceItem>,
}

/// What is known of one account and region.
#[derive(Debug, Serialize, ToSchema)]
struct PlaceItem {
    /// The account.
    account: String,
    /// The region.
    region: String,
    /// Every source.
    sources: Vec<PlaceSourceItem>,
}

/// What is known of one source at one place.
#[derive(Debug, Serialize, ToSchema)]
struct PlaceSourceItem {
    /// `inventory`, `cloudwatch`, `agent-memory`, `bill`, `compute-optimizer` or `cost-optimization-hub`.
    source: &'static str,
    /// `complete`, `partial`, `none`, `unknown` or `not-needed`.
    status: &'static str,
    /// How many listings or resources were read; null where that is no question.
    read: Option<u64>,
    /// How many there are to read.
    of: Option<u64>,
    /// When it was read last, or up to when; null where that was not kept.
    #[schema(value_type = Option<String>, format = DateTime)]
    at: Option<Timestamp>,
}

impl PlaceList {
    /// Makes the list.
    pub(crate) fn of(places: &[PlaceCoverage]) -> Self {
        let source = |(source, reading): (&PlaceSource, &PlaceReading)| PlaceSourceItem {
            source: source.as_str(),
            status: reading.status.as_str(),
            read: reading.read.map(|(read, _)| read),
            of: reading.read.map(|(_, of)| of),
            at: reading.at,
        };
        let items = places.iter().map(|place| PlaceItem {
            account: place.account.to_string(),
            region: place.region.to_string(),
            sources: place.sources.iter().map(source).collect(),
        });
        Self { schema: "trimtab/v1/coverage.places", items: items.collect() }
    }
}

/// What stands in the way of a verdict.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CoverageGaps {
    /// `trimtab/v1/coverage.gaps`.
    schema: &'static str,
    /// Permissions that lack, by action and account.
    permissions: Vec<GapItem>,
    /// An IAM policy that grants them; null where none lacks that a policy grants.
    #[schema(value_type = Option<Value>)]
    policy: Option<Value>,
    /// Signals that would settle what the latest analysis could not judge, the one that most resources lack first.
    signals: Vec<SignalItem>,
}

/// A permission that lacks.
#[derive(Debug, Serialize, ToSchema)]
struct GapItem {
    /// The IAM action.
    action: String,
    /// The account.
    account: String,
    /// Whether AWS has refused just this action; otherwise it is one of those that the listing calls.
    is_exact: bool,
    /// Where.
    regions: Vec<String>,
    /// The CloudFormation types that could not be listed, or not wholly.
    resource_types: Vec<String>,
    /// The checks that need them.
    unlocks: Vec<String>,
    /// When it was refused last.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
}

/// A signal that would settle something.
#[derive(Debug, Serialize, ToSchema)]
struct SignalItem {
    /// Its stable name, such as `metrics:CWAgent:mem_used_percent`.
    signal: String,
    /// How many resources lack a verdict for want of it.
    resources: u64,
    /// The checks that wait for it.
    checks: Vec<String>,
}

impl CoverageGaps {
    /// Makes the answer.
    pub(crate) fn of(gaps: &[PermissionGap], signals: Vec<MissingSignal>) -> Self {
        let gap = |gap: &PermissionGap| GapItem {
            action: gap.action.clone(),
            account: gap.account.to_string(),
            is_exact: gap.is_exact,
            regions: gap.regions.iter().map(ToString::to_string).collect(),
            resource_types: gap.kinds.iter().map(ToString::to_string).collect(),
            unlocks: gap.unlocks.iter().map(ToString::to_string).collect(),
            at: gap.at,
        };
        let signal = |one: MissingSignal| SignalItem {
            signal: one.signal,
            resources: one.resources,
            checks: one.checks.iter().map(ToString::to_string).collect(),
        };
        Self {
            schema: "trimtab/v1/coverage.gaps",
            permissions: gaps.iter().map(gap).collect(),
            policy: granting(gaps),
            signals: signals.into_iter().map(signal).collect(),
        }
    }
}

/// What asking AWS took: by list price, free allowances left aside.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CallList {
    /// `trimtab/v1/coverage.calls`.
    schema: &'static str,
    /// Every run that asked AWS, the newest first.
    items: Vec<RunOfCalls>,
    /// Every UTC month in which runs began, the newest first.
    months: Vec<MonthOfCalls>,
}

/// What one run took.
#[derive(Debug, Serialize, ToSchema)]
struct RunOfCalls {
    /// `scan` or `cost-explorer`.
    purpose: &'static str,
    /// When it began.
    #[schema(value_type = String, format = DateTime)]
    began_at: Timestamp,
    /// When it ended.
    #[schema(value_type = String, format = DateTime)]
    ended_at: Timestamp,
    /// Whether all was asked that should be.
    finished: bool,
    /// How many calls it made, retries included.
    calls: u64,
    /// What it cost; null where a price is not known.
    #[serde(serialize_with = "amount_or_none")]
    #[schema(value_type = Option<Amount>)]
    cost: Option<Money>,
    /// The calls by operation.
    operations: Vec<CallsOf>,
    /// What of it AWS charges.
    paid: Vec<PaidItem>,
}

/// How often one operation was called.
#[derive(Debug, Serialize, ToSchema)]
struct CallsOf {
    /// The service.
    service: String,
    /// The operation.
    operation: String,
    /// How often.
    count: u64,
}

/// Something that AWS charges.
#[derive(Debug, Serialize, ToSchema)]
struct PaidItem {
    /// The meter, such as `cloudwatch/getmetricdata`.
    meter: String,
    /// How many.
    quantity: u64,
    /// What is counted.
    unit: String,
    /// What it cost; null where the catalogue had no price.
    #[serde(serialize_with = "amount_or_none")]
    #[schema(value_type = Option<Amount>)]
    cost: Option<Money>,
    /// The price as it was then; null where the catalogue had none.
    price: Option<PriceItem>,
}

/// A list price.
#[derive(Debug, Serialize, ToSchema)]
struct PriceItem {
    /// The price.
    #[serde(serialize_with = "amount")]
    #[schema(value_type = Amount)]
    price: Money,
    /// Of what, such as `1000 metrics`.
    per: String,
    /// The region whose price it is.
    region: String,
    /// Where the catalogue has it from.
    source: String,
    /// The day the source had it.
    #[schema(value_type = Option<String>, format = Date)]
    as_of: Option<Date>,
}

/// What a month took.
#[derive(Debug, Serialize, ToSchema)]
struct MonthOfCalls {
    /// The month, UTC.
    month: String,
    /// How many runs there were.
    runs: u64,
    /// How many calls they made.
    calls: u64,
    /// Metrics that were asked for.
    metrics: u64,
    /// Requests to Cost Explorer.
    requests: u64,
    /// What AWS charges for it; null where a price is not known.
    #[serde(serialize_with = "amount_or_none")]
    #[schema(value_type = Option<Amount>)]
    cost: Option<Money>,
}

impl CallList {
    /// Makes the list.
    pub(crate) fn of(taken: &Taken) -> Self {
        let month = |month: &ApiMonth| MonthOfCalls {
            month: month.month.clone(),
            runs: month.runs,
            calls: month.calls,
            metrics: month.metrics,
            requests: month.requests,
            cost: month.cost,
        };
        Self {
            schema: "trimtab/v1/coverage.calls",
            items: taken.runs.iter().map(RunOfCalls::of).collect(),
            months: taken.months.iter().map(month).collect(),
        }
    }
}

impl RunOfCalls {
    fn of((one, cost): &(ApiUse, Option<Money>)) -> Self {
        let calls = one.calls.iter().map(|call| CallsOf {
            service: call.service.clone(),
            operation: call.operation.clone(),
            count: call.count,
        });
        Self {
            purpose: one.purpose.as_str(),
            began_at: one.began,
            ended_at: one.ended,
            finished: one.finished,
            calls: one.call_count(),
            cost: *cost,
            operations: calls.collect(),
            paid: one.paid.iter().map(PaidItem::of).collect(),
        }
    }
}

impl PaidItem {
    fn of(paid: &PaidUse) -> Self {
        let price = paid.price.as_ref().map(|price| PriceItem {
            price: price.price,
            per: price.per.clone(),
            region: price.region.clone(),
            source: price.source.clone(),
            as_of: price.as_of,
        });
        Self {
            meter: paid.meter.clone(),
            quantity: paid.quantity,
            unit: paid.unit.clone(),
            cost: paid.cost,
            price,
        }
    }
}
