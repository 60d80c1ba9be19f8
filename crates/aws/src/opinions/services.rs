//! `compute-optimizer:GetECSServiceRecommendations`.

use std::collections::BTreeMap;

use aws_sdk_computeoptimizer::types::{
    EcsServiceRecommendation, EcsServiceRecommendationFinding as Finding,
};

use trimtab_model::opinion::{Advice, Opinion};
use trimtab_model::resource::ResourceKind;

use super::advised::{days, opinion, saving};
use super::listing::{Listed, listed};
use crate::error::AwsError;
use crate::moment;
use crate::number;
use crate::session::Session;

/// The action.
pub(super) const ACTION: &str = "compute-optimizer:GetECSServiceRecommendations";

/// Reads what is said of the ECS services on Fargate of the session's region.
pub(super) async fn read(session: &Session) -> Result<Listed, AwsError> {
    let client = session.compute_optimizer();
    listed(ACTION, |token| {
        let request = client.get_ecs_service_recommendations().set_next_token(token);
        async move {
            let answer = request.send().await.map_err(|error| AwsError::of(ACTION, &error))?;
            let mut page = Listed::default();
            for one in answer.ecs_service_recommendations.unwrap_or_default() {
                page.push(of_service(session, one));
            }
            Ok((page, answer.next_token))
        }
    })
    .await
}

fn of_service(session: &Session, one: EcsServiceRecommendation) -> Option<Opinion> {
    let finding = one.finding?;
    let advice = match finding {
        Finding::Optimized => Advice::Keep,
        Finding::UnderProvisioned => Advice::Enlarge,
        Finding::OverProvisioned => Advice::Change,
        _ => return None,
    };
    let arn = one.service_arn.as_deref();
    let mut made = opinion(session, ResourceKind::EcsService, arn, advice, finding.as_str())?;
    let codes = one.finding_reason_codes.unwrap_or_default();
    made.reason_codes = codes.iter().map(|code| code.as_str().to_owned()).collect();
    made.lookback_days = days(one.lookback_period_in_days);
    made.refreshed_at = moment::optional(one.last_refresh_timestamp.as_ref());
    // Options of services have no rank: the first one is the proposal.
    if let Some(best) = one.service_recommendation_options.unwrap_or_default().into_iter().next() {
        made.recommended = size(best.cpu, best.memory);
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

/// Returns the size of a task as a task definition has it: CPU units and MiB.
fn size(cpu: Option<i32>, memory: Option<i32>) -> BTreeMap<String, String> {
    [("cpu_units", cpu), ("memory_mib", memory)]
        .into_iter()
        .filter_map(|(key, value)| {
            let value: u32 = number::positive(value)?;
            Some((key.to_owned(), value.to_string()))
        })
        .collect()
}
