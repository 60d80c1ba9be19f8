//! `ec2:DescribeLaunchTemplateVersions`, of the versions that groups pin by number.
//!
//! The default and the latest version of every template are read with the templates.
//! Of a version the image is kept; its user data is dropped with the answer.

use std::collections::{BTreeMap, BTreeSet};

use crate::error::AwsError;
use crate::part::Part;
use crate::session::Session;

pub(super) const DESCRIBE: &str = "ec2:DescribeLaunchTemplateVersions";

/// Versions that one call takes.
const VERSIONS_AT_ONCE: usize = 200;

type Version = (String, String);

/// Adds to each pinned version the image that it names.
pub(super) async fn read(session: &Session, part: &mut Part) {
    let mut wanted: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for group in &part.snapshot.auto_scaling_groups {
        for one in group.kind.launch_templates.iter().flatten() {
            let number = one.version.as_ref().filter(|version| !version.starts_with('$'));
            if let (Some(id), Some(number)) = (&one.launch_template_id, number) {
                wanted.entry(id.clone()).or_default().insert(number.clone());
            }
        }
    }
    let mut images = BTreeMap::new();
    for (template, versions) in wanted {
        let versions: Vec<String> = versions.into_iter().collect();
        for versions in versions.chunks(VERSIONS_AT_ONCE) {
            let found = of_versions(session, &template, versions).await;
            images.extend(part.detail(found).into_iter().flatten());
        }
    }
    for group in &mut part.snapshot.auto_scaling_groups {
        for one in group.kind.launch_templates.iter_mut().flatten() {
            if let (Some(id), Some(number)) = (&one.launch_template_id, &one.version)
                && let Some(image) = images.get(&(id.clone(), number.clone()))
            {
                one.image_id = Some(image.clone());
            }
        }
    }
}

async fn of_versions(
    session: &Session,
    template: &str,
    versions: &[String],
) -> Result<BTreeMap<Version, String>, AwsError> {
    let answer = session
        .ec2()
        .describe_launch_template_versions()
        .launch_template_id(template)
        .set_versions(Some(versions.to_vec()))
        .send()
        .await
        .map_err(|error| AwsError::of(DESCRIBE, &error))?;
    let versions = answer.launch_template_versions.unwrap_or_default().into_iter();
    Ok(versions
        .filter_map(|version| {
            let image = version.launch_template_data?.image_id?;
            Some(((template.to_owned(), version.version_number?.to_string()), image))
        })
        .collect())
}
