//! `cloudtrail:DescribeTrails`, with the status and the event selectors of each.
//!
//! A trail of all regions is listed in each of them; it is read where it was made.

use aws_sdk_cloudtrail::operation::get_event_selectors::GetEventSelectorsOutput;
use futures::FutureExt;

use trimtab_model::resource::trail::Trail;
use trimtab_model::resource::{ResourceKind, Tags};

use crate::collector::{Collector, Reach};
use crate::error::AwsError;
use crate::part::Part;
use crate::session::Session;
use crate::tagging;

const DESCRIBE: &str = "cloudtrail:DescribeTrails";
const GET_STATUS: &str = "cloudtrail:GetTrailStatus";
const GET_SELECTORS: &str = "cloudtrail:GetEventSelectors";

/// The collector.
pub static COLLECTOR: Collector = Collector {
    kind: ResourceKind::Trail,
    reach: Reach::Region,
    actions: &[DESCRIBE, GET_STATUS, GET_SELECTORS, tagging::GET_RESOURCES],
    collect: |session, part| collect(session, part).boxed(),
};

async fn collect(session: &Session, part: &mut Part) -> Result<(), AwsError> {
    // With shadows, for an organisation's trail is one in its members' accounts.
    let answer = session
        .cloudtrail()
        .describe_trails()
        .include_shadow_trails(true)
        .send()
        .await
        .map_err(|error| AwsError::of(DESCRIBE, &error))?;
    for trail in answer.trail_list.unwrap_or_default() {
        let Some(name) = trail.name else { continue };
        if trail.home_region.as_deref().is_some_and(|home| home != session.region().as_str()) {
            continue;
        }
        let asked = trail.trail_arn.clone().unwrap_or_else(|| name.clone());
        let is_logging = part.detail(is_logging(session, &asked).await).flatten();
        let recorded = part.detail(recorded(session, &asked).await);
        let insights = trail.has_insight_selectors == Some(true);
        let kind = Trail {
            trail_arn: trail.trail_arn,
            home_region: trail.home_region.map(Into::into),
            is_multi_region_trail: trail.is_multi_region_trail,
            is_organization_trail: trail.is_organization_trail,
            s3_bucket_name: trail.s3_bucket_name,
            is_logging,
            management_events: recorded.map(|recorded| recorded.management),
            other_events: recorded.map(|recorded| recorded.others || insights),
        };
        part.snapshot.trails.push(session.resource(name, Tags::new(), kind));
    }
    Ok(())
}

async fn is_logging(session: &Session, name: &str) -> Result<Option<bool>, AwsError> {
    let answer = session.cloudtrail().get_trail_status().name(name).send().await;
    answer.map(|status| status.is_logging).map_err(|error| AwsError::of(GET_STATUS, &error))
}

/// What a trail's selectors let through.
#[derive(Debug, Clone, Copy)]
struct Recorded {
    management: bool,
    others: bool,
}

async fn recorded(session: &Session, name: &str) -> Result<Recorded, AwsError> {
    let answer = session.cloudtrail().get_event_selectors().trail_name(name).send().await;
    answer.map(|selectors| of(&selectors)).map_err(|error| AwsError::of(GET_SELECTORS, &error))
}

fn of(selectors: &GetEventSelectorsOutput) -> Recorded {
    let basic = selectors.event_selectors.as_deref().unwrap_or_default();
    let advanced = selectors.advanced_event_selectors.as_deref().unwrap_or_default();
    let is_management = |selector: &&aws_sdk_cloudtrail::types::AdvancedEventSelector| {
        selector.field_selectors.iter().any(|field| {
            field.field == "eventCategory"
                && field.equals.iter().flatten().any(|category| category == "Management")
        })
    };
    Recorded {
        // A trail without selectors records what a new one does: management events.
        management: (basic.is_empty() && advanced.is_empty())
            || basic.iter().any(|one| one.include_management_events != Some(false))
            || advanced.iter().any(|one| is_management(&one)),
        others: basic.iter().any(|one| one.data_resources.iter().flatten().count() > 0)
            || advanced.iter().any(|one| !is_management(&one)),
    }
}
