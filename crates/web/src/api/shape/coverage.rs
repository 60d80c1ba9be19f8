//! What data there is.

use utoipa::ToSchema;

/// What data there is, and what the owner took out of checks.
#[derive(ToSchema)]
pub(in crate::api) struct Coverage {
    /// Every source, present and absent.
    sources: Vec<SourceOf>,
    /// Every rule `[[exempt]]`.
    exemptions: Vec<ExemptionOf>,
}

/// A source of data.
#[derive(ToSchema)]
struct SourceOf {
    /// Such as `billing` or `metrics:AWS/EC2:CPUUtilization`.
    source: String,
    /// `complete`, `partial` or `absent`.
    status: String,
    /// How many resources have it; null where that is no question.
    resources: Option<SeenOf>,
    /// From when on; null where nothing is there.
    from: Option<String>,
    /// Until when.
    until: Option<String>,
    /// The checks that need it.
    unlocks: Vec<String>,
    /// What is missing and how to provide it.
    message: String,
}

/// How many resources have a source.
#[derive(ToSchema)]
struct SeenOf {
    /// How many have it.
    seen: u64,
    /// How many need it.
    needed: u64,
}

/// A rule by which something is left alone.
#[derive(ToSchema)]
struct ExemptionOf {
    /// `exempt[1]`, counted in the order of the configuration.
    rule: String,
    /// `applied`, `unmatched` or `expired`.
    status: String,
    /// How many resources it takes out.
    resources: u64,
    /// The last day on which it holds.
    until: Option<String>,
    /// Its conditions, its reason, and what became of it.
    message: String,
}
