//! `compute-optimizer:GetEC2InstanceRecommendations`.

use aws_sdk_computeoptimizer::types::{Finding, InstanceRecommendation, MetricName};

use trimtab_model::opinion::{Advice, Opinion, Sight};
use trimtab_model::resource::ResourceKind;

use super::advised::{days, opinion, saving, target};
use super::listing::{Listed, listed};
use crate::error::AwsError;
use crate::moment;
use crate::session::Session;

/// The action.
pub(super) const ACTION: &str = "compute-optimizer:GetEC2InstanceRecommendations";

/// Reads what is said of the instances of the session's region.
pub(super) async fn read(session: &Session) -> Result<Listed, AwsError> {
    let client = session.compute_optimizer();
    listed(ACTION, |token| {
        let request = client.get_ec2_instance_recommendations().set_next_token(token);
        async move {
            let answer = request.send().await.map_err(|error| AwsError::of(ACTION, &error))?;
            let mut page = Listed::default();
            for one in answer.instance_recommendations.unwrap_or_default() {
                page.push(of_instance(session, one));
            }
            Ok((page, answer.next_token))
        }
    })
    .await
}

fn of_instance(session: &Session, one: InstanceRecommendation) -> Option<Opinion> {
    let finding = one.finding?;
    let advice = advice(&finding)?;
    let arn = one.instance_arn.as_deref();
    let mut made = opinion(session, ResourceKind::Instance, arn, advice, finding.as_str())?;
    made.reason_codes = one
        .finding_reason_codes
        .unwrap_or_default()
        .iter()
        .map(|code| code.as_str().to_owned())
        .collect();
    made.lookback_days = days(one.look_back_period_in_days);
    made.refreshed_at = moment::optional(one.last_refresh_timestamp.as_ref());
    made.memory = one.utilization_metrics.map(|metrics| {
        let is_memory = |name: &MetricName| *name == MetricName::Memory;
        let seen = metrics.iter().any(|metric| metric.name.as_ref().is_some_and(is_memory));
        if seen { Sight::Seen } else { Sight::Unseen }
    });
    let best = one.recommendation_options.unwrap_or_default().into_iter().min_by_key(|it| it.rank);
    if let Some(best) = best {
        made.recommended = target("instance_type", best.instance_type);
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

/// Returns what a finding advises; absent for one that this version does not know.
pub(super) fn advice(finding: &Finding) -> Option<Advice> {
    match finding {
        Finding::Optimized => Some(Advice::Keep),
        Finding::UnderProvisioned => Some(Advice::Enlarge),
        Finding::OverProvisioned | Finding::NotOptimized => Some(Advice::Change),
        _ => None,
    }
}
