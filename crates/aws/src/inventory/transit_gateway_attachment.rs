//! `ec2:DescribeTransitGatewayAttachments`.

use futures::FutureExt;

use trimtab_model::resource::ResourceKind;
use trimtab_model::resource::transit_gateway_attachment::TransitGatewayAttachment;

use crate::collector::{Collector, Reach};
use crate::error::AwsError;
use crate::page::pages;
use crate::part::Part;
use crate::session::Session;
use crate::{moment, tags};

const DESCRIBE: &str = "ec2:DescribeTransitGatewayAttachments";

/// The collector.
pub static COLLECTOR: Collector = Collector {
    kind: ResourceKind::TransitGatewayAttachment,
    reach: Reach::Region,
    actions: &[DESCRIBE],
    collect: |session, part| collect(session, part).boxed(),
};

async fn collect(session: &Session, part: &mut Part) -> Result<(), AwsError> {
    let request = session.ec2().describe_transit_gateway_attachments().max_results(1000);
    pages(DESCRIBE, request.into_paginator().send(), |page| {
        for attachment in page.transit_gateway_attachments.unwrap_or_default() {
            let Some(id) = attachment.transit_gateway_attachment_id else { continue };
            let kind = TransitGatewayAttachment {
                transit_gateway_id: attachment.transit_gateway_id,
                resource_type: attachment.resource_type.map(|word| word.as_str().to_owned()),
                attached_id: attachment.resource_id,
                resource_owner_id: attachment.resource_owner_id.map(Into::into),
                state: attachment.state.map(|word| word.as_str().to_owned()),
                creation_time: moment::optional(attachment.creation_time.as_ref()),
            };
            let tags = tags::ec2(attachment.tags);
            part.snapshot.transit_gateway_attachments.push(session.resource(id, tags, kind));
        }
    })
    .await
}
