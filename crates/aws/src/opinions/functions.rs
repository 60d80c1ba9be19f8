//! `compute-optimizer:GetLambdaFunctionRecommendations`.

use aws_sdk_computeoptimizer::types::{
    LambdaFunctionRecommendation, LambdaFunctionRecommendationFinding as Finding,
    LambdaFunctionRecommendationFindingReasonCode as Code,
};

use trimtab_model::opinion::{Advice, Opinion};
use trimtab_model::resource::ResourceKind;

use super::advised::{days, opinion, saving, target};
use super::listing::{Listed, listed};
use crate::error::AwsError;
use crate::moment;
use crate::number;
use crate::session::Session;

/// The action.
pub(super) const ACTION: &str = "compute-optimizer:GetLambdaFunctionRecommendations";

/// Reads what is said of the functions of the session's region.
pub(super) async fn read(session: &Session) -> Result<Listed, AwsError> {
    let client = session.compute_optimizer();
    listed(ACTION, |token| {
        let request = client.get_lambda_function_recommendations().set_next_token(token);
        async move {
            let answer = request.send().await.map_err(|error| AwsError::of(ACTION, &error))?;
            let mut page = Listed::default();
            for one in answer.lambda_function_recommendations.unwrap_or_default() {
                // A function with too few invocations is listed without a finding.
                if one.finding != Some(Finding::Unavailable) {
                    page.push(of_function(session, one));
                }
            }
            Ok((page, answer.next_token))
        }
    })
    .await
}

fn of_function(session: &Session, one: LambdaFunctionRecommendation) -> Option<Opinion> {
    let finding = one.finding?;
    let codes = one.finding_reason_codes.unwrap_or_default();
    let advice = match finding {
        Finding::Optimized => Advice::Keep,
        Finding::NotOptimized if codes.contains(&Code::MemoryUnderProvisioned) => Advice::Enlarge,
        Finding::NotOptimized => Advice::Change,
        _ => return None,
    };
    let arn = one.function_arn.as_deref();
    let mut made = opinion(session, ResourceKind::Function, arn, advice, finding.as_str())?;
    made.reason_codes = codes.iter().map(|code| code.as_str().to_owned()).collect();
    made.lookback_days = days(one.lookback_period_in_days);
    made.refreshed_at = moment::optional(one.last_refresh_timestamp.as_ref());
    let options = one.memory_size_recommendation_options.unwrap_or_default();
    if let Some(best) = options.into_iter().min_by_key(|it| it.rank) {
        let memory = number::positive(Some(best.memory_size)).map(|size| size.to_string());
        made.recommended = target("memory_size_mb", memory);
        made.monthly_saving = best
            .savings_opportunity
            .and_then(|it| it.estimated_monthly_savings)
            .and_then(|it| saving(it.value, it.currency.as_ref().map(|code| code.as_str())));
        made.monthly_saving_after_discounts = best
            .savings_opportunity_after_discounts
            .and_then(|it| it.estimated_monthly_savings)
            .and_then(|it| saving(it.value, it.currency.as_ref().map(|code| code.as_str())));
    }
    Some(made)
}
