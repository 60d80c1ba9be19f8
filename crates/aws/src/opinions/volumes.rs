//! `compute-optimizer:GetEBSVolumeRecommendations`.

use std::collections::BTreeMap;

use aws_sdk_computeoptimizer::types::{EbsFinding, VolumeConfiguration, VolumeRecommendation};

use trimtab_model::opinion::{Advice, Opinion};
use trimtab_model::resource::ResourceKind;

use super::advised::{days, opinion, saving};
use super::listing::{Listed, listed};
use crate::error::AwsError;
use crate::moment;
use crate::number;
use crate::session::Session;

/// The action.
pub(super) const ACTION: &str = "compute-optimizer:GetEBSVolumeRecommendations";

/// Reads what is said of the volumes of the session's region.
pub(super) async fn read(session: &Session) -> Result<Listed, AwsError> {
    let client = session.compute_optimizer();
    listed(ACTION, |token| {
        let request = client.get_ebs_volume_recommendations().set_next_token(token);
        async move {
            let answer = request.send().await.map_err(|error| AwsError::of(ACTION, &error))?;
            let mut page = Listed::default();
            for one in answer.volume_recommendations.unwrap_or_default() {
                page.push(of_volume(session, one));
            }
            Ok((page, answer.next_token))
        }
    })
    .await
}

fn of_volume(session: &Session, one: VolumeRecommendation) -> Option<Opinion> {
    let finding = one.finding?;
    let advice = match finding {
        EbsFinding::Optimized => Advice::Keep,
        EbsFinding::NotOptimized => Advice::Change,
        _ => return None,
    };
    let arn = one.volume_arn.as_deref();
    let mut made = opinion(session, ResourceKind::Volume, arn, advice, finding.as_str())?;
    made.lookback_days = days(one.look_back_period_in_days);
    made.refreshed_at = moment::optional(one.last_refresh_timestamp.as_ref());
    let options = one.volume_recommendation_options.unwrap_or_default();
    if let Some(best) = options.into_iter().min_by_key(|it| it.rank) {
        made.recommended = best.configuration.map(configuration).unwrap_or_default();
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

fn configuration(volume: VolumeConfiguration) -> BTreeMap<String, String> {
    let count = |value: i32| number::positive(Some(value)).map(|value| value.to_string());
    [
        ("volume_type", volume.volume_type),
        ("size_gib", count(volume.volume_size)),
        ("iops", count(volume.volume_baseline_iops)),
        ("throughput_mib_s", count(volume.volume_baseline_throughput)),
    ]
    .into_iter()
    .filter_map(|(key, value)| Some((key.to_owned(), value?)))
    .collect()
}
