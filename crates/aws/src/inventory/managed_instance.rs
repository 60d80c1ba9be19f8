//! `ssm:DescribeInstanceInformation`.

use futures::FutureExt;

use trimtab_model::resource::managed_instance::ManagedInstance;
use trimtab_model::resource::{ResourceKind, Tags};

use crate::collector::{Collector, Reach};
use crate::error::AwsError;
use crate::page::pages;
use crate::part::Part;
use crate::session::Session;

const DESCRIBE: &str = "ssm:DescribeInstanceInformation";

/// The collector.
pub static COLLECTOR: Collector = Collector {
    kind: ResourceKind::ManagedInstance,
    reach: Reach::Region,
    actions: &[DESCRIBE],
    collect: |session, part| collect(session, part).boxed(),
};

async fn collect(session: &Session, part: &mut Part) -> Result<(), AwsError> {
    let listing = session.ssm().describe_instance_information().max_results(50);
    pages(DESCRIBE, listing.into_paginator().send(), |page| {
        for one in page.instance_information_list.unwrap_or_default() {
            let Some(id) = one.instance_id else { continue };
            let kind = ManagedInstance {
                ping_status: one.ping_status.map(|word| word.as_str().to_owned()),
                agent_version: one.agent_version,
                platform_type: one.platform_type.map(|word| word.as_str().to_owned()),
            };
            part.snapshot.managed_instances.push(session.resource(id, Tags::new(), kind));
        }
    })
    .await
}
