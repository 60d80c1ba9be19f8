//! `ec2:DescribeLaunchTemplates`, with the default and the latest version of each.
//!
//! Of a version the image and the type are kept; its user data, which may hold secrets, is
//! dropped with the answer.

use std::collections::BTreeMap;

use aws_sdk_ec2::types;
use futures::FutureExt;

use trimtab_model::resource::ResourceKind;
use trimtab_model::resource::launch_template::{LaunchTemplate, LaunchTemplateVersion};

use crate::collector::{Collector, Reach};
use crate::error::AwsError;
use crate::page::pages;
use crate::part::Part;
use crate::session::Session;
use crate::{moment, number, tags};

const DESCRIBE: &str = "ec2:DescribeLaunchTemplates";
const DESCRIBE_VERSIONS: &str = "ec2:DescribeLaunchTemplateVersions";

/// The collector.
pub static COLLECTOR: Collector = Collector {
    kind: ResourceKind::LaunchTemplate,
    reach: Reach::Region,
    actions: &[DESCRIBE, DESCRIBE_VERSIONS],
    collect: |session, part| collect(session, part).boxed(),
};

async fn collect(session: &Session, part: &mut Part) -> Result<(), AwsError> {
    let stream = session.ec2().describe_launch_templates().max_results(200).into_paginator().send();
    let mut found = Vec::new();
    let listed =
        pages(DESCRIBE, stream, |page| found.extend(page.launch_templates.unwrap_or_default()))
            .await;
    let versions = if found.is_empty() { Ok(BTreeMap::new()) } else { versions(session).await };
    let mut versions = part.detail(versions);
    for template in found {
        let Some(id) = template.launch_template_id else { continue };
        let kind = LaunchTemplate {
            launch_template_name: template.launch_template_name,
            create_time: moment::optional(template.create_time.as_ref()),
            default_version_number: number::count(template.default_version_number),
            latest_version_number: number::count(template.latest_version_number),
            versions: versions.as_mut().map(|all| all.remove(&id).unwrap_or_default()),
        };
        let tags = tags::ec2(template.tags);
        part.snapshot.launch_templates.push(session.resource(id, tags, kind));
    }
    listed
}

/// Reads the default and the latest version of every template at once.
async fn versions(
    session: &Session,
) -> Result<BTreeMap<String, Vec<LaunchTemplateVersion>>, AwsError> {
    let listing = session
        .ec2()
        .describe_launch_template_versions()
        .versions("$Default")
        .versions("$Latest")
        .max_results(200);
    let mut all: BTreeMap<String, Vec<LaunchTemplateVersion>> = BTreeMap::new();
    pages(DESCRIBE_VERSIONS, listing.into_paginator().send(), |page| {
        for version in page.launch_template_versions.unwrap_or_default() {
            let Some((id, version)) = of_template(version) else { continue };
            let versions = all.entry(id).or_default();
            // The default version may be the latest one.
            if !versions.contains(&version) {
                versions.push(version);
            }
        }
    })
    .await?;
    Ok(all)
}

fn of_template(version: types::LaunchTemplateVersion) -> Option<(String, LaunchTemplateVersion)> {
    let data = version.launch_template_data;
    let kept = LaunchTemplateVersion {
        version_number: number::count(version.version_number)?,
        image_id: data.as_ref().and_then(|data| data.image_id.clone()),
        instance_type: data.and_then(|data| data.instance_type).map(|word| word.as_str().into()),
    };
    Some((version.launch_template_id?, kept))
}
