//! `compute-optimizer:GetAutoScalingGroupRecommendations`.

use aws_sdk_computeoptimizer::types::AutoScalingGroupRecommendation;

use trimtab_model::opinion::Opinion;
use trimtab_model::resource::ResourceKind;

use super::advised::{days, opinion, saving, target};
use super::instances::advice;
use super::listing::{Listed, listed};
use crate::error::AwsError;
use crate::moment;
use crate::session::Session;

/// The action.
pub(super) const ACTION: &str = "compute-optimizer:GetAutoScalingGroupRecommendations";

/// Reads what is said of the Auto Scaling groups of the session's region.
pub(super) async fn read(session: &Session) -> Result<Listed, AwsError> {
    let client = session.compute_optimizer();
    listed(ACTION, |token| {
        let request = client.get_auto_scaling_group_recommendations().set_next_token(token);
        async move {
            let answer = request.send().await.map_err(|error| AwsError::of(ACTION, &error))?;
            let mut page = Listed::default();
            for one in answer.auto_scaling_group_recommendations.unwrap_or_default() {
                page.push(of_group(session, one));
            }
            Ok((page, answer.next_token))
        }
    })
    .await
}

fn of_group(session: &Session, one: AutoScalingGroupRecommendation) -> Option<Opinion> {
    let finding = one.finding?;
    let advice = advice(&finding)?;
    let arn = one.auto_scaling_group_arn.as_deref();
    let mut made = opinion(session, ResourceKind::AutoScalingGroup, arn, advice, finding.as_str())?;
    made.lookback_days = days(one.look_back_period_in_days);
    made.refreshed_at = moment::optional(one.last_refresh_timestamp.as_ref());
    let best = one.recommendation_options.unwrap_or_default().into_iter().min_by_key(|it| it.rank);
    if let Some(best) = best {
        let instance_type = best.configuration.and_then(|it| it.instance_type);
        made.recommended = target("instance_type", instance_type);
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
