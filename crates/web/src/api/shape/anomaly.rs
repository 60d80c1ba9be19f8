//! Days of the bill that stand out.

use utoipa::ToSchema;

use crate::view::Amount;

/// What stands out in the bill.
#[derive(ToSchema)]
pub(in crate::api) struct Anomalies {
    /// `trimtab/v1/anomaly.list`.
    schema: String,
    /// The first day that was judged, UTC; null where no day has four weeks of the bill before it.
    #[schema(format = Date)]
    from: Option<String>,
    /// The last one.
    #[schema(format = Date)]
    until: Option<String>,
    /// How many days the bill covers without a gap up to its last.
    covered_days: u64,
    /// How many weeks before a day are needed.
    least_weeks: u64,
    /// From this day on AWS may still change what the bill says.
    #[schema(format = Date)]
    provisional_from: String,
    /// The currency that was looked at.
    currency: String,
    /// The basis: `effective`, or `billed` where some charges have no effective cost.
    basis: String,
    /// From how much a day on a day may stand out, and by how much what was acknowledged must grow to come back; null
    /// where nothing could be judged.
    least_amount: Option<Amount>,
    /// From which share of the usual cost on, in percent.
    least_percent: u64,
    /// What all that rose cost more than usual, what was acknowledged too; null where nothing could be judged.
    rose: Option<Amount>,
    /// What stands out, the largest difference first.
    items: Vec<AnomalyItem>,
}

/// One anomaly.
#[derive(ToSchema)]
pub(in crate::api) struct AnomalyShown {
    /// `trimtab/v1/anomaly.show`.
    schema: String,
    /// The anomaly.
    item: AnomalyItem,
}

/// Days in a row of one service in one account that stand out.
#[derive(ToSchema)]
struct AnomalyItem {
    /// Its identifier: of what it is of, and of its first day.
    id: String,
    /// `ServiceName`; null where the charges have none.
    service: Option<String>,
    /// The account; null where the charges have none.
    account: Option<String>,
    /// Whether more was spent than usual, or less.
    is_rise: bool,
    /// The first day, UTC.
    #[schema(format = Date)]
    from: String,
    /// The last day, which counts too.
    #[schema(format = Date)]
    until: String,
    /// How many days.
    days: u64,
    /// What they cost.
    cost: Amount,
    /// What the same weekdays usually cost: medians of the weeks before.
    usual: Amount,
    /// The difference.
    difference: Amount,
    /// Whether AWS may still change what one of the days cost.
    is_provisional: bool,
    /// `open`, `acknowledged`, or `returned` where it grew since somebody acknowledged it.
    status: String,
    /// By how much it grew since; null where it did not come back.
    growth: Option<Amount>,
    /// What was said of it; null where nothing was.
    acknowledgement: Option<AcknowledgementOf>,
    /// Usage types that moved most the same way; empty where the bill has none.
    usage_types: Vec<DriverItem>,
    /// Resources that moved most the same way; empty where the bill has none.
    resources: Vec<DriverItem>,
    /// Whether its parts were looked up: those of the largest are.
    is_explained: bool,
}

/// What somebody said of an anomaly.
#[derive(ToSchema)]
struct AcknowledgementOf {
    /// `expected`, `real` or `in-progress`.
    kind: String,
    /// Why.
    reason: String,
    /// Who said it.
    by: String,
    /// When.
    #[schema(format = DateTime)]
    at: String,
}

/// A part of a service that moved.
#[derive(ToSchema)]
struct DriverItem {
    /// The usage type, or the resource.
    key: String,
    /// By how much more or less it cost than usual.
    difference: Amount,
}
