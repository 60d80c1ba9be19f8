//! What a check says of a scene, as a line to compare.

use rust_decimal::Decimal;

use trimtab_model::money::Money;
use trimtab_model::recommendation::{Recommendation, Verdict};

use crate::check::Check;
use crate::scene::Scene;

/// Judges the scene and compares the first verdict with `expected`.
///
/// The verdict reads `recommend 4.50 / 9.00 / 9.00` (low, likely, high), `pass too-young`,
/// `exempt managed` or `unknown price-missing`.
#[track_caller]
pub(crate) fn check(check: &Check, scene: Scene, expected: &str) {
    assert_eq!(outcome(check, &scene), expected);
}

/// Returns the recommendation for the scene's first resource.
#[track_caller]
pub(crate) fn recommended(check: &Check, scene: &Scene) -> Recommendation {
    match (check.judge)(check, &scene.facts()).into_iter().next().map(|judgement| judgement.verdict)
    {
        Some(Verdict::Recommend(recommendation)) => *recommendation,
        other => panic!("no recommendation but {other:?}"),
    }
}

pub(crate) fn outcome(check: &Check, scene: &Scene) -> String {
    let judgements = (check.judge)(check, &scene.facts());
    let Some(judgement) = judgements.first() else { return "nothing".to_owned() };
    match &judgement.verdict {
        Verdict::Recommend(recommendation) => {
            let estimate = &recommendation.estimated_monthly_savings;
            assert!(estimate.low.amount >= Decimal::ZERO, "{estimate:?}");
            assert!(estimate.low.amount <= estimate.likely.amount, "{estimate:?}");
            assert!(estimate.likely.amount <= estimate.high.amount, "{estimate:?}");
            assert!(estimate.high.amount <= estimate.cost_now.amount, "{estimate:?}");
            let round = |money: Money| money.rounded().amount;
            let (low, likely, high) =
                (round(estimate.low), round(estimate.likely), round(estimate.high));
            format!("recommend {low:.2} / {likely:.2} / {high:.2}")
        }
        Verdict::Increase(increase) => {
            let day = increase.from.strftime("%Y-%m-%d");
            format!("increase {:.2} from {day}", increase.monthly.rounded().amount)
        }
        Verdict::Pass(reason) => format!("pass {}", reason.code),
        Verdict::Exempt(reason) => format!("exempt {}", reason.code),
        Verdict::Unknown(unknown) => format!("unknown {}", unknown.reason.code),
    }
}
