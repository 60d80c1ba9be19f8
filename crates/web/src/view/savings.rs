//! What the savings page says: how far savings have come, and what became of each change.

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use trimtab_analysis::report::{
    ChangeOutcome, ChangeSummary, PlanSummary, ReportFacts, SavingsStage, SavingsStages,
};
use trimtab_app::failure::Failure;
use trimtab_app::pipeline::{demo, now, report};
use trimtab_model::money::{Currency, Money};
use trimtab_model::text::Text;

use super::amount::{Amount, amount_or_none, english_or_none};
use crate::shared::{Shared, Visible};

/// What the savings page says.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Savings {
    /// The moment that changes count until.
    #[schema(value_type = String, format = DateTime)]
    pub(crate) as_of: Timestamp,
    /// The currency of every sum.
    pub(crate) currency: String,
    /// What the analysis found, overlaps removed, a month of 730 hours; null where nothing was analysed.
    pub(crate) found: Option<StageOf>,
    /// What plans that live save by their own sums.
    pub(crate) planned: StageOf,
    /// Estimates of changes that were made and stayed.
    pub(crate) applied: StageOf,
    /// What the bill shows; null where no change was verified, which is not zero.
    pub(crate) verified: Option<StageOf>,
    /// How many changes were made and taken back.
    pub(crate) taken_back: u64,
    /// How many changes wait for a person.
    pub(crate) need_person: u64,
    /// Every change of every plan, the latest first; those that wait come last.
    pub(crate) items: Vec<SavedChange>,
}

/// How far some savings have come.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, ToSchema)]
pub(crate) struct StageOf {
    /// How many recommendations or changes.
    pub(crate) count: u64,
    /// What they save a month; null where one of them has no estimate in this currency.
    #[serde(serialize_with = "amount_or_none")]
    #[schema(value_type = Option<Amount>)]
    pub(crate) amount: Option<Money>,
}

/// How a change stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ChangeStatus {
    /// Nothing was changed yet.
    Waiting,
    /// It is being made, or taken back.
    UnderWay,
    /// It was made and stayed.
    Applied,
    /// It was made and taken back.
    TakenBack,
    /// Only a person can say what is left of it.
    NeedsPerson,
    /// It could not be made.
    Failed,
}

/// One change of a plan.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub(crate) struct SavedChange {
    /// The plan.
    pub(crate) plan: String,
    /// The recommendation that it comes from.
    pub(crate) recommendation: String,
    /// The resource.
    pub(crate) resource: String,
    /// What people call it.
    pub(crate) name: Option<String>,
    /// The account.
    pub(crate) account: String,
    /// The environment.
    pub(crate) environment: String,
    /// How it stands.
    pub(crate) status: ChangeStatus,
    /// When it came to that; null where it waits.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(crate) at: Option<Timestamp>,
    /// Why, where it did not go as planned.
    #[serde(serialize_with = "english_or_none")]
    #[schema(value_type = Option<String>)]
    pub(crate) reason: Option<Text>,
    /// What it was expected to save a month; null where it has no estimate.
    #[serde(serialize_with = "amount_or_none")]
    #[schema(value_type = Option<Amount>)]
    pub(crate) estimated_monthly_savings: Option<Money>,
    /// What the bill shows that it saves a month; null where it was not verified.
    #[serde(serialize_with = "amount_or_none")]
    #[schema(value_type = Option<Amount>)]
    pub(crate) verified_monthly_savings: Option<Money>,
    /// What gates said; null where none was judged.
    pub(crate) gates: Option<GatesOf>,
}

/// How often gates of a change were well.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct GatesOf {
    /// All was well.
    pub(crate) passed: u64,
    /// Something was not.
    pub(crate) failed: u64,
    /// That could not be said.
    pub(crate) undecided: u64,
}

/// Makes what the savings page says; none where nothing was analysed and nothing planned.
///
/// # Errors
/// Fails if the store cannot be read.
pub(crate) fn savings(shared: &Shared) -> Result<Option<Savings>, Failure> {
    let visible = shared.analysis()?;
    let moment = moment(visible.as_ref());
    let plans = report::plan_summaries(shared.state(), moment)?;
    if visible.is_none() && plans.is_empty() {
        return Ok(None);
    }
    let currency = currency(visible.as_ref(), &plans);
    let stages = stages(shared, visible.as_ref(), &plans, (currency, moment));
    Ok(Some(Savings::of(&stages, &plans, moment)))
}

/// Returns the moment that changes count until: that of the story where an analysis is of it.
pub(crate) fn moment(visible: Option<&Visible>) -> Timestamp {
    let now = now();
    visible.map_or(now, |visible| demo::clock_of(&visible.whole, now))
}

/// Says how far savings have come, in one currency.
pub(crate) fn stages(
    shared: &Shared,
    visible: Option<&Visible>,
    plans: &[PlanSummary],
    (currency, moment): (Currency, Timestamp),
) -> SavingsStages {
    let facts = ReportFacts {
        analysis: visible.map(|visible| visible.open.as_ref()),
        plans,
        ..ReportFacts::empty(moment, &shared.settings.timezone)
    };
    SavingsStages::of(&facts, currency, Timestamp::MIN)
}

/// The currency of most recommendations, else that of the first change that has an estimate.
fn currency(visible: Option<&Visible>, plans: &[PlanSummary]) -> Currency {
    let found = visible.and_then(|visible| {
        let totals = visible.open.totals.iter();
        let most = totals.max_by_key(|(_, total)| total.recommendations);
        most.map(|(currency, _)| *currency)
    });
    let planned = || {
        let mut changes = plans.iter().flat_map(|plan| &plan.changes);
        changes.find_map(|change| Some(change.estimated_monthly_savings?.currency))
    };
    found.or_else(planned).unwrap_or(Currency::USD)
}

impl From<SavingsStage> for StageOf {
    fn from(SavingsStage { count, amount }: SavingsStage) -> Self {
        Self { count, amount }
    }
}

impl Savings {
    fn of(stages: &SavingsStages, plans: &[PlanSummary], as_of: Timestamp) -> Self {
        let mut items: Vec<SavedChange> = plans
            .iter()
            .flat_map(|plan| plan.changes.iter().map(move |change| SavedChange::of(plan, change)))
            .collect();
        items.sort_by_key(|item| std::cmp::Reverse(item.at));
        let count = |status| items.iter().filter(|item| item.status == status).count() as u64;
        Self {
            as_of,
            currency: stages.currency.code().to_owned(),
            found: stages.found.map(StageOf::from),
            planned: stages.planned.into(),
            applied: stages.applied.into(),
            verified: stages.verified.map(StageOf::from),
            taken_back: count(ChangeStatus::TakenBack),
            need_person: count(ChangeStatus::NeedsPerson),
            items,
        }
    }
}

impl SavedChange {
    /// Makes it of what reports say.
    pub(super) fn of(plan: &PlanSummary, change: &ChangeSummary) -> Self {
        let (status, at, reason) = match &change.outcome {
            ChangeOutcome::Waiting => (ChangeStatus::Waiting, None, None),
            ChangeOutcome::UnderWay { since } => (ChangeStatus::UnderWay, Some(*since), None),
            ChangeOutcome::Applied { at } => (ChangeStatus::Applied, Some(*at), None),
            ChangeOutcome::TakenBack { at, reason, .. } => {
                (ChangeStatus::TakenBack, Some(*at), Some(reason.clone()))
            }
            ChangeOutcome::NeedsPerson { at, reason } => {
                (ChangeStatus::NeedsPerson, Some(*at), Some(reason.clone()))
            }
            ChangeOutcome::Failed { at, reason } => {
                (ChangeStatus::Failed, Some(*at), Some(reason.clone()))
            }
        };
        let gates = plan.gates.iter().find(|gate| gate.resource == change.resource);
        Self {
            plan: plan.id.as_str().to_owned(),
            recommendation: change.recommendation.as_str().to_owned(),
            resource: change.resource.id.as_str().to_owned(),
            name: change.resource.name.clone(),
            account: change.resource.account.as_str().to_owned(),
            environment: change.resource.environment.as_str().to_owned(),
            status,
            at,
            reason,
            estimated_monthly_savings: change.estimated_monthly_savings,
            verified_monthly_savings: None,
            gates: gates.map(|gate| GatesOf {
                passed: gate.passed,
                failed: gate.failed,
                undecided: gate.undecided,
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use trimtab_analysis::report::{GateSummary, PlanStatus};
    use trimtab_model::environment::Environment;
    use trimtab_model::resource::{ResourceKind, ResourceRef};

    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn resource(id: &str) -> ResourceRef {
        ResourceRef {
            id: id.into(),
            kind: ResourceKind::Volume,
            account: "111122223333".into(),
            region: "ap-northeast-2".into(),
            environment: Environment::Dev,
            name: None,
        }
    }

    fn change(id: &str, outcome: ChangeOutcome, saves: i64) -> ChangeSummary {
        ChangeSummary {
            recommendation: "R-0".into(),
            resource: resource(id),
            outcome,
            estimated_monthly_savings: Some(Money::usd(saves.into())),
        }
    }

    #[test]
    fn only_what_stayed_is_applied_and_every_change_is_listed_with_what_gates_said() {
        let why = Text::verbatim("p99");
        let (first, later) = (at("2026-10-01T00:00:00Z"), at("2026-10-02T00:00:00Z"));
        let plan = PlanSummary {
            id: "PLAN-12".into(),
            title: Text::verbatim("PLAN-12"),
            stage: Environment::Dev,
            status: PlanStatus::Done,
            changes: vec![
                change("vol-1", ChangeOutcome::Applied { at: first }, 100),
                change("vol-2", ChangeOutcome::Waiting, 7),
                change(
                    "vol-3",
                    ChangeOutcome::TakenBack { applied: first, at: later, reason: why },
                    50,
                ),
            ],
            estimated_monthly_savings: None,
            next_window: None,
            decide_by: None,
            gates: vec![GateSummary {
                resource: resource("vol-3"),
                passed: 1,
                failed: 2,
                undecided: 0,
            }],
        };
        let (plans, now) = ([plan], at("2026-10-03T00:00:00Z"));
        let zone = TimeZone::UTC;
        let facts = ReportFacts { plans: &plans, ..ReportFacts::empty(now, &zone) };
        let stages = SavingsStages::of(&facts, Currency::USD, Timestamp::MIN);
        let shown = Savings::of(&stages, &plans, now);
        let applied = StageOf { count: 1, amount: Some(Money::usd(100.into())) };
        assert_eq!((shown.applied, shown.taken_back, shown.verified), (applied, 1, None));
        let listed: Vec<&str> = shown.items.iter().map(|item| item.resource.as_str()).collect();
        assert_eq!(listed, ["vol-3", "vol-1", "vol-2"]);
        assert_eq!(shown.items[0].gates, Some(GatesOf { passed: 1, failed: 2, undecided: 0 }));
        assert!(shown.items.iter().all(|item| item.verified_monthly_savings.is_none()));
    }
}
