//! What AWS says, beside our recommendations and alone.

use serde_json::{Map, Value, json};

use trimtab_model::opinion::{OnlyAws, Opinion, SecondOpinion};
use trimtab_model::text::Language;

use super::analysis::{reason, resource};
use super::text::money;

/// Returns how AWS stands to a recommendation, as in `second_opinion`.
pub(super) fn stance(second: &SecondOpinion, language: Language) -> Value {
    json!({
        "stance": second.stance.as_str(),
        "reason": reason(&second.reason, language),
        "differences": second.differences.iter().map(|one| reason(one, language)).collect::<Vec<_>>(),
        "opinions": second.opinions.iter().map(opinion).collect::<Vec<_>>(),
    })
}

/// Returns something that AWS alone recommends, as in `only_aws`.
pub(super) fn only_aws(one: &OnlyAws, language: Language) -> Value {
    let mut object: Map<String, Value> = resource(&one.resource);
    object.insert("opinion".to_owned(), opinion(&one.opinion));
    object.insert("reason".to_owned(), reason(&one.reason, language));
    Value::Object(object)
}

fn opinion(opinion: &Opinion) -> Value {
    json!({
        "source": opinion.source.as_str(),
        "advice": opinion.advice.as_str(),
        "finding": opinion.finding,
        "reason_codes": opinion.reason_codes,
        "recommended": opinion.recommended,
        "summary": opinion.summary,
        "monthly_saving": opinion.monthly_saving.map(money),
        "monthly_saving_after_discounts": opinion.monthly_saving_after_discounts.map(money),
        "lookback_days": opinion.lookback_days,
        "refreshed_at": opinion.refreshed_at.map(|moment| moment.to_string()),
    })
}
