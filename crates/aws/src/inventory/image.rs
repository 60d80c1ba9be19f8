//! `ec2:DescribeImages`, of the account's own.

use aws_sdk_ec2::types;
use futures::FutureExt;
use jiff::Timestamp;

use trimtab_model::resource::ResourceKind;
use trimtab_model::resource::image::Image;

use crate::collector::{Collector, Reach};
use crate::error::AwsError;
use crate::page::pages;
use crate::part::Part;
use crate::session::Session;
use crate::tags;

const DESCRIBE: &str = "ec2:DescribeImages";

/// The collector.
pub static COLLECTOR: Collector = Collector {
    kind: ResourceKind::Image,
    reach: Reach::Region,
    actions: &[DESCRIBE],
    collect: |session, part| collect(session, part).boxed(),
};

async fn collect(session: &Session, part: &mut Part) -> Result<(), AwsError> {
    // Without an owner the listing holds every public image there is; without the two
    // switches it hides images that still have snapshots.
    let listing = session
        .ec2()
        .describe_images()
        .owners("self")
        .include_deprecated(true)
        .include_disabled(true)
        .max_results(1000);
    pages(DESCRIBE, listing.into_paginator().send(), |page| {
        for image in page.images.unwrap_or_default() {
            let owner = image.owner_id.as_deref();
            if owner.is_some_and(|owner| owner != session.account().as_str()) {
                continue;
            }
            let Some(id) = image.image_id.clone() else { continue };
            let tags = tags::ec2(image.tags.clone());
            part.snapshot.images.push(session.resource(id, tags, kind(image)));
        }
    })
    .await
}

fn kind(image: types::Image) -> Image {
    let moment = |text: Option<String>| text.and_then(|text| text.parse::<Timestamp>().ok());
    Image {
        name: image.name,
        state: image.state.map(|word| word.as_str().to_owned()),
        creation_date: moment(image.creation_date),
        last_launched_time: moment(image.last_launched_time),
        deprecation_time: moment(image.deprecation_time),
        // `enabled-with-cooldown` and the hours after a cool-down began protect as well.
        is_protected: image.deregistration_protection.map(|word| word != "disabled"),
        public: image.public,
        source_image_id: image.source_image_id.map(Into::into),
        snapshot_ids: image
            .block_device_mappings
            .unwrap_or_default()
            .into_iter()
            .filter_map(|mapping| Some(mapping.ebs?.snapshot_id?.into()))
            .collect(),
    }
}
