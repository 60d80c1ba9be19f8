//! How a check speaks: one verdict per resource, and a recommendation that saves something.

use trimtab_model::action::Action;
use trimtab_model::environment::Environment;
use trimtab_model::evidence::Evidence;
use trimtab_model::id::RecommendationId;
use trimtab_model::money::Money;
use trimtab_model::price::PriceBasis;
use trimtab_model::recommendation::{
    Estimate, Finding, ImplementationEffort, PerformanceRisk, ReasonCode, Recommendation, Restart,
    Undo, Unknown, Verdict,
};
use trimtab_model::resource::{Resource, ResourceKind, ResourceRef};
use trimtab_model::text::{Reason, Text};

use crate::check::{Check, Facts, Judgement};
use crate::ownership;

/// Judges each resource, except those that their owner's tag takes out.
///
/// A recommendation for a resource that a stack or a cluster made says so.
pub fn judge_each<'a, K: 'a>(
    check: &Check,
    facts: &Facts<'_>,
    kind: ResourceKind,
    resources: impl IntoIterator<Item = &'a Resource<K>>,
    judge: impl Fn(&Check, &Facts<'_>, &Resource<K>) -> Result<Verdict, Unknown>,
) -> Vec<Judgement> {
    resources
        .into_iter()
        .map(|resource| {
            let verdict = match ownership::ignored(&resource.tags, facts.now) {
                Some(reason) => Verdict::Exempt(reason),
                None => judge(check, facts, resource).unwrap_or_else(Verdict::Unknown),
            };
            let verdict = match (verdict, ownership::manager(&resource.tags)) {
                (Verdict::Recommend(mut recommendation), Some(manager)) => {
                    recommendation.evidence.notes.push(manager.note());
                    Verdict::Recommend(recommendation)
                }
                (verdict, _) => verdict,
            };
            Judgement { resource: resource.reference(kind), verdict }
        })
        .collect()
}

/// Makes a verdict that leaves the resource as it is.
pub fn pass(code: &str, en: impl Into<String>, ko: impl Into<String>) -> Verdict {
    Verdict::Pass(Reason::new(code, en, ko))
}

/// Makes a verdict that somebody else decides.
pub fn exempt(code: &str, en: impl Into<String>, ko: impl Into<String>) -> Verdict {
    Verdict::Exempt(Reason::new(code, en, ko))
}

/// Makes the admission that data is missing, and names the data.
pub fn unknown(
    code: &str,
    en: impl Into<String>,
    ko: impl Into<String>,
    settled_by: &[&str],
) -> Unknown {
    Unknown {
        reason: Reason::new(code, en, ko),
        settled_by: settled_by.iter().map(|name| (*name).to_owned()).collect(),
    }
}

/// Returns `base` outside production, and one more where users may notice.
///
/// An environment that no tag names is treated as carefully as production.
pub fn risk(environment: Environment, base: u8) -> PerformanceRisk {
    match environment {
        Environment::Dev | Environment::Staging => PerformanceRisk::new(base),
        Environment::Prod | Environment::Unknown => PerformanceRisk::new(base + 1),
    }
}

/// What a check proposes for one resource, before it is known whether it saves anything.
#[derive(Debug, Clone)]
pub struct Proposal {
    /// The change.
    pub action: Action,
    /// What was found.
    pub finding: Finding,
    /// Why, in codes.
    pub reason_codes: Vec<ReasonCode>,
    /// Why, in a sentence.
    pub reason: Reason,
    /// What it saves.
    pub savings: Estimate,
    /// How likely users notice.
    pub performance_risk: PerformanceRisk,
    /// How much work it is.
    pub effort: ImplementationEffort,
    /// Whether it interrupts the resource.
    pub restart_needed: Restart,
    /// Whether it can be taken back.
    pub undo: Undo,
    /// The figures.
    pub evidence: Evidence,
}

impl Proposal {
    /// Returns the recommendation where only the upper bound of the saving is known, or Pass
    /// where even that is nothing.
    ///
    /// The estimate goes from nothing to its `high`, and a note says so.
    pub fn into_bounded_verdict(mut self, check: &Check, resource: ResourceRef) -> Verdict {
        if !self.savings.high.rounded().is_positive() {
            return self.into_verdict(check, resource);
        }
        let nothing = Money::zero(self.savings.high.currency);
        (self.savings.low, self.savings.likely) = (nothing, nothing);
        self.savings.cost_after = self.savings.cost_now;
        self.evidence.notes.push(Text::new(
            "Only the upper bound of the saving is known: it counts as nothing until the data tells the share.",
            "절감액의 상한만 알 수 있습니다. 실제 비율을 알 수 있는 데이터가 없어 예상 절감액은 0으로 계산했습니다.",
        ));
        self.recommendation(check, resource)
    }

    /// Returns the recommendation, or Pass where nothing is likely saved.
    pub fn into_verdict(self, check: &Check, resource: ResourceRef) -> Verdict {
        // Less than the smallest coin of the currency is nothing.
        if !self.savings.likely.rounded().is_positive() {
            let covered = self.savings.likely.amount.is_zero();
            return if covered && self.savings.high.rounded().is_positive() {
                pass(
                    "covered-by-commitment",
                    "A commitment covers this use: the change saves nothing until the commitment finds other use.",
                    "약정 할인이 이 사용량을 덮고 있어, 약정이 다른 곳에 쓰이기 전에는 절감액이 없습니다.",
                )
            } else {
                pass(
                    "no-saving",
                    "The change would not save anything at the prices of this region.",
                    "이 리전의 가격으로는 변경해도 절감액이 없습니다.",
                )
            };
        }
        self.recommendation(check, resource)
    }

    fn recommendation(mut self, check: &Check, resource: ResourceRef) -> Verdict {
        self.evidence.notes.extend(estimated_prices(&self.savings));
        Verdict::Recommend(Box::new(Recommendation {
            id: RecommendationId::of(
                &check.check_id(),
                &resource.account,
                &resource.region,
                &resource.id,
            ),
            check: check.check_id(),
            resource,
            action: self.action,
            action_type: check.action_type,
            finding: self.finding,
            reason_codes: self.reason_codes,
            reason: self.reason,
            estimated_monthly_savings: self.savings,
            performance_risk: self.performance_risk,
            projected: Vec::new(),
            options: Vec::new(),
            implementation_effort: self.effort,
            restart_needed: self.restart_needed,
            undo: self.undo,
            evidence: self.evidence,
            second_opinion: None,
        }))
    }
}

/// Says which prices of the formulas are derived.
fn estimated_prices(savings: &Estimate) -> Option<Text> {
    let mut names: Vec<&str> = savings
        .formula_now
        .iter()
        .chain(&savings.formula_after)
        .filter(|component| component.price.basis == PriceBasis::Estimated)
        .map(|component| component.name.as_str())
        .collect();
    names.sort_unstable();
    names.dedup();
    let names = names.join(", ");
    (!names.is_empty()).then(|| {
        Text::new(
            format!(
                "No price list has a price for {names} here: it is derived from a similar one."
            ),
            format!("{names}의 가격은 정가표에 없어 비슷한 항목에서 추정한 값입니다."),
        )
    })
}
