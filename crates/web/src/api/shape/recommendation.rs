//! Recommendations, and the parts that others have of them.

use std::collections::BTreeMap;

use serde_json::Value;
use utoipa::ToSchema;

use super::evidence::Evidence;
use crate::view::Amount;

/// Recommendations, the largest first.
#[derive(ToSchema)]
pub(in crate::api) struct RecommendationList {
    /// `trimtab/v1/rec.list`.
    schema: String,
    /// The moment of the analysis.
    #[schema(format = DateTime)]
    as_of: String,
    /// Sums of all that meet the conditions, by currency.
    totals: BTreeMap<String, TotalOf>,
    /// How many meet the conditions.
    count: usize,
    /// How many were dismissed or put off.
    hidden: u64,
    /// How many have which value of `type`, `env`, `account`, `risk`, `kind` and `confidence`, under what `filter` asks of everything else.
    facets: BTreeMap<String, Vec<FacetValueOf>>,
    /// The recommendations of this part.
    items: Vec<Recommendation>,
    /// `cursor` of the next part; null after the last.
    next: Option<String>,
}

/// A value of a field, to choose.
#[derive(ToSchema)]
struct FacetValueOf {
    /// The value, as `filter` names it.
    value: String,
    /// How many have it.
    count: u64,
    /// Whether `filter` asks for it.
    is_chosen: bool,
    /// The condition with it set, or taken away where it was; null where that leaves none.
    filter: Option<String>,
}

/// Sums in one currency.
#[derive(ToSchema)]
struct TotalOf {
    /// The currency.
    currency: String,
    /// What the account costs a month; null without a bill.
    monthly_cost: Option<CostOf>,
    /// The least that is saved.
    low: String,
    /// The likely saving.
    likely: String,
    /// The most.
    high: String,
    /// The saving at list prices.
    before_discounts: String,
    /// How many recommendations.
    recommendations: u64,
    /// What depends on a repair of an application; null where nothing does.
    conditional: Option<String>,
    /// How many recommendations depend on such a repair.
    conditional_recommendations: Option<u64>,
}

/// A cost by every basis.
#[derive(ToSchema)]
struct CostOf {
    /// `BilledCost`.
    billed: String,
    /// `EffectiveCost`.
    effective: String,
    /// `ListCost`; null where a charge lacks it.
    list: Option<String>,
    /// `ContractedCost`; null where a charge lacks it.
    contracted: Option<String>,
}

/// One recommendation.
#[derive(ToSchema)]
pub(in crate::api) struct Recommendation {
    /// Hash of check and resource: the same in every analysis.
    id: String,
    /// The check that found it.
    check: String,
    /// As its own service names it.
    resource_id: String,
    /// The CloudFormation type.
    resource_type: String,
    /// The account.
    account: String,
    /// The region.
    region: String,
    /// `dev`, `staging`, `prod` or `unknown`.
    environment: String,
    /// Its `Name` tag.
    name: Option<String>,
    /// Such as `Rightsize`, `Stop` or `Delete`.
    action_type: String,
    /// Such as `Idle` or `Overprovisioned`.
    finding: String,
    /// Compute Optimizer's codes, and ours.
    reason_codes: Vec<String>,
    /// The reason.
    reason: ReasonOf,
    /// The configuration before; keys by kind.
    current: BTreeMap<String, Value>,
    /// The configuration after.
    recommended: BTreeMap<String, Value>,
    /// The saving a month.
    estimated_monthly_savings: EstimateOf,
    /// What the cost is made of.
    build_up: BuildUpOf,
    /// Whether the saving depends on work that is no change of AWS.
    conditional: bool,
    /// 0, very low, to 4, very high.
    performance_risk: u8,
    /// Use after the change, in percent of the new configuration.
    projected: BTreeMap<String, f64>,
    /// What else would do.
    options: Vec<OptionOf>,
    /// `VeryLow` to `VeryHigh`.
    implementation_effort: String,
    /// Whether the change interrupts the resource.
    restart_needed: bool,
    /// Whether it can be taken back.
    undo: UndoOf,
    /// `low`, `medium` or `high`: how far it can be believed, by what its evidence lacks.
    confidence: String,
    /// What its evidence lacks: `signals-not-seen`, `metrics-incomplete`, `list-price`, `estimated-price`.
    doubts: Vec<String>,
    /// What it rests on.
    evidence: Evidence,
    /// How AWS stands to it; null where AWS was not asked.
    second_opinion: Option<SecondOpinionOf>,
    /// What makes the change by hand, and takes it back.
    commands: CommandsOf,
}

/// A reason.
#[derive(ToSchema)]
pub(super) struct ReasonOf {
    /// A stable word.
    code: String,
    /// A sentence.
    message: String,
}

/// What is saved a month of 730 hours.
#[derive(ToSchema)]
pub(super) struct EstimateOf {
    /// The currency of every amount here but those of the formulas.
    currency: String,
    /// The least, after discounts.
    low: String,
    /// The likely saving, after discounts.
    likely: String,
    /// The most, after discounts.
    high: String,
    /// The saving at list prices.
    before_discounts: String,
    /// Effective cost a month before.
    cost_now: String,
    /// Effective cost a month after.
    cost_after: String,
    /// `bill`, `list` or `estimated`: the price that decided.
    basis: String,
    /// What the cost before is made of.
    formula_now: Vec<ComponentOf>,
    /// What the cost after is made of.
    formula_after: Vec<ComponentOf>,
}

/// A cost from its list price down to what is paid, a month of 730 hours.
#[derive(ToSchema)]
struct BuildUpOf {
    /// The currency of every amount here.
    currency: String,
    /// The share of the use that commitments cover, by its contracted cost, from 0 to 1; null where that is not known.
    covered_share: Option<String>,
    /// The steps in order. Those between the first and the last are differences.
    steps: Vec<CostStepOf>,
}

/// A step of a cost.
#[derive(ToSchema)]
struct CostStepOf {
    /// `list`, `contract`, `commitment`, `unused-commitment`, `other` or `effective`.
    step: String,
    /// Before the change; null where it is not known.
    now: Option<String>,
    /// Afterwards, as the likely saving has it; null where it is not known.
    after: Option<String>,
}

/// A quantity and its price.
#[derive(ToSchema)]
struct ComponentOf {
    /// Of what.
    name: String,
    /// How much.
    quantity: String,
    /// Of which unit.
    unit: String,
    /// The price of one.
    price: PriceOf,
    /// The product; null where it has more digits than a decimal holds.
    amount: Option<Amount>,
}

/// A price.
#[derive(ToSchema)]
struct PriceOf {
    /// The currency.
    currency: String,
    /// The price of one unit.
    amount: String,
    /// `bill`, `list` or `estimated`.
    basis: String,
    /// Where it is from.
    source: String,
    /// The day that it is of.
    as_of: Option<String>,
}

/// A configuration that would do.
#[derive(ToSchema)]
struct OptionOf {
    /// The configuration.
    recommended: BTreeMap<String, Value>,
    /// The saving a month.
    estimated_monthly_savings: EstimateOf,
    /// 0, very low, to 4, very high.
    performance_risk: u8,
    /// Use after the change, in percent.
    projected: BTreeMap<String, f64>,
    /// What is expected not to fit; null where a percentile chose.
    expected: Option<ExpectedOf>,
}

/// What is expected not to fit: shares of time and chances from 0 to 1.
#[derive(ToSchema)]
struct ExpectedOf {
    /// CPU above 80 %.
    cpu_above_80: f64,
    /// CPU above 100 %.
    cpu_above_100: f64,
    /// Memory above 100 %.
    memory_above_100: Option<f64>,
    /// The chance that memory is ever above 100 %.
    memory_ever: Option<f64>,
    /// Of what the type sustains.
    network: Option<FlowOf>,
    /// Of what the type sustains.
    ebs_throughput: Option<FlowOf>,
    /// Of what the type sustains.
    ebs_operations: Option<FlowOf>,
    /// What the harm counts as. It only decides: nobody pays it.
    monthly_harm: Amount,
}

/// How often a flow is above what a type sustains.
#[derive(ToSchema)]
struct FlowOf {
    /// Above 80 %.
    above_80: f64,
    /// Above 100 %.
    above_100: f64,
    /// The chance that it is ever above 100 %.
    ever_above_100: f64,
}

/// Whether a change can be taken back.
#[derive(ToSchema)]
pub(super) struct UndoOf {
    /// `Exact`, `Compensating` or `Impossible`.
    kind: String,
    /// What is lost; null where nothing is.
    loss: Option<String>,
}

/// Commands of the AWS CLI, in order.
#[derive(ToSchema)]
pub(super) struct CommandsOf {
    /// They make the change.
    apply: Vec<String>,
    /// They take it back; empty where nothing does.
    undo: Vec<String>,
}

/// How AWS stands to a recommendation.
#[derive(ToSchema)]
pub(super) struct SecondOpinionOf {
    /// `agree`, `differ` or `absent`.
    stance: String,
    /// The reason.
    reason: ReasonOf,
    /// What the two looked at differently.
    differences: Vec<ReasonOf>,
    /// What AWS said of the resource.
    opinions: Vec<OpinionOf>,
}

/// What AWS said of a resource.
#[derive(ToSchema)]
struct OpinionOf {
    /// `compute-optimizer` or `cost-optimization-hub`.
    source: String,
    /// `keep`, `enlarge`, `change` or `remove`.
    advice: String,
    /// AWS's own word.
    finding: Option<String>,
    /// AWS's own codes.
    reason_codes: Vec<String>,
    /// What AWS proposes.
    recommended: BTreeMap<String, Value>,
    /// The same in words.
    summary: Option<String>,
    /// As AWS estimates it.
    monthly_saving: Option<Amount>,
    /// The same after discounts.
    monthly_saving_after_discounts: Option<Amount>,
    /// Days that AWS looked at.
    lookback_days: Option<u32>,
    /// When AWS made it.
    refreshed_at: Option<String>,
}

/// What else would do, beside what is recommended.
#[derive(ToSchema)]
pub(in crate::api) struct OptionList {
    /// `trimtab/v1/rec.options`.
    schema: String,
    /// The recommendation.
    id: String,
    /// The configuration before.
    current: BTreeMap<String, Value>,
    /// What is recommended.
    recommended: BTreeMap<String, Value>,
    /// The configurations that would do.
    items: Vec<OptionOf>,
}

/// A recommendation with what was decided about it.
#[derive(ToSchema)]
pub(in crate::api) struct Decided {
    /// `trimtab/v1/rec.show`.
    schema: String,
    /// The recommendation.
    item: Recommendation,
    /// What was decided; null where it is open.
    disposition: Option<DispositionOf>,
}

/// What was decided about a recommendation.
#[derive(ToSchema)]
struct DispositionOf {
    /// `dismissed` or `snoozed`.
    kind: String,
    /// The reason.
    reason: Option<String>,
    /// The last day on which it holds; null where it holds for ever.
    until: Option<String>,
}
