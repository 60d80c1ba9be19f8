//! `autoscaling:DescribeScalingActivities`, of all groups at once, latest first.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use crate::error::AwsError;
use crate::moment;
use crate::part::Part;
use crate::session::Session;

pub(super) const DESCRIBE: &str = "autoscaling:DescribeScalingActivities";

/// How far back activities count.
const RECENT: SignedDuration = SignedDuration::from_hours(24 * 30);

/// Pages of a hundred that are read at most: busy groups fill more than anybody needs.
const MOST_PAGES: usize = 20;

/// Whether the listing was read back to the moment that was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reached {
    Yes,
    No,
}

/// Adds to each group how many activities it had of late.
pub(super) async fn read(session: &Session, part: &mut Part) {
    let since = part.snapshot.taken_at.checked_sub(RECENT).unwrap_or(Timestamp::UNIX_EPOCH);
    let counted = counted(session, since).await;
    let Some((mut counts, reached)) = part.detail(counted) else { return };
    for group in &mut part.snapshot.auto_scaling_groups {
        // Of a listing that was cut off, a group without activity may have had some.
        group.kind.recent_activities = match (counts.remove(group.id.as_str()), reached) {
            (None, Reached::Yes) => Some(0),
            (count, _) => count,
        };
    }
}

async fn counted(
    session: &Session,
    since: Timestamp,
) -> Result<(BTreeMap<String, u32>, Reached), AwsError> {
    let mut counts: BTreeMap<String, u32> = BTreeMap::new();
    let listing = session.autoscaling().describe_scaling_activities().max_records(100);
    let mut stream = listing.into_paginator().send();
    for _ in 0..MOST_PAGES {
        let Some(page) = stream.next().await else { return Ok((counts, Reached::Yes)) };
        let page = page.map_err(|error| AwsError::of(DESCRIBE, &error))?;
        for activity in page.activities.unwrap_or_default() {
            let started = moment::optional(activity.start_time.as_ref());
            if started.is_some_and(|started| started < since) {
                return Ok((counts, Reached::Yes));
            }
            if let Some(group) = activity.auto_scaling_group_name {
                let count = counts.entry(group).or_default();
                *count = count.saturating_add(1);
            }
        }
    }
    Ok((counts, Reached::No))
}
