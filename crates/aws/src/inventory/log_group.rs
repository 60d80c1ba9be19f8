//! `logs:DescribeLogGroups`.

use futures::FutureExt;

use trimtab_model::resource::log_group::LogGroup;
use trimtab_model::resource::{ResourceKind, Tags};

use crate::collector::{Collector, Reach};
use crate::error::AwsError;
use crate::page::pages;
use crate::part::Part;
use crate::session::Session;
use crate::{moment, number};

const DESCRIBE: &str = "logs:DescribeLogGroups";

/// The collector.
pub static COLLECTOR: Collector = Collector {
    kind: ResourceKind::LogGroup,
    reach: Reach::Region,
    actions: &[DESCRIBE],
    collect: |session, part| collect(session, part).boxed(),
};

async fn collect(session: &Session, part: &mut Part) -> Result<(), AwsError> {
    let stream = session.logs().describe_log_groups().limit(50).into_paginator().send();
    pages(DESCRIBE, stream, |page| {
        for group in page.log_groups.unwrap_or_default() {
            let Some(name) = group.log_group_name else { continue };
            let kind = LogGroup {
                arn: group.arn,
                retention_in_days: number::positive(group.retention_in_days),
                stored_bytes: number::count(group.stored_bytes),
                creation_time: group.creation_time.and_then(moment::of_millis),
                log_group_class: group.log_group_class.map(|word| word.as_str().to_owned()),
            };
            // The listing has no tags; those come from the tagging API.
            part.snapshot.log_groups.push(session.resource(name, Tags::new(), kind));
        }
    })
    .await
}
