//! What decides whether a volume may be changed, besides a look at it.

use trimtab_model::metric::Statistic;
use trimtab_model::observed::{Observed, VolumePreflight};

use super::measured::{self, Asked, Measured, PERIOD};
use super::whole::Reading;
use crate::error::AwsError;
use crate::observe::unless_absent;

const DESCRIBE_INSTANCES: &str = crate::inventory::instance::DESCRIBE;
const DESCRIBE_VOLUMES: &str = crate::inventory::volume::DESCRIBE;

/// What is read besides a look.
pub(crate) const READS: &[&str] = &[DESCRIBE_INSTANCES, measured::READS[0], measured::READS[1]];

const EBS: &str = "AWS/EBS";
const MIB: f64 = 1_048_576.0;

/// Adds what a look does not tell.
pub(super) async fn complete(
    reading: &mut Reading<'_>,
    observed: &Observed,
    facts: &mut VolumePreflight,
) {
    let Observed::Volume(volume) = observed else { return };
    let latest = volume.modification.as_ref().map(|one| one.state.clone());
    facts.modification = Some(latest.unwrap_or_else(|| "none".to_owned()));
    // What is not made yet is used by nobody.
    facts.snapshot_uses = volume.snapshots.is_empty().then(Vec::new);
    if !volume.is_attached {
        // Nothing can ask it for anything.
        facts.is_root = Some(false);
        (facts.iops, facts.mib_s) = (Some(0.0), Some(0.0));
        return;
    }
    let is_root = is_root(reading).await;
    facts.is_root = reading.noted(is_root).flatten();
    let id = &reading.change.resource.id;
    let metrics = ["VolumeReadOps", "VolumeWriteOps", "VolumeReadBytes", "VolumeWriteBytes"];
    let asked = metrics.map(|metric| Asked::of(id, EBS, metric, Statistic::Sum));
    let found = Measured::of(reading, &asked).await;
    let seconds = f64::from(PERIOD);
    let count = found.p99(&["VolumeReadOps", "VolumeWriteOps"]);
    facts.iops = count.map(|count| count / seconds);
    let bytes = found.p99(&["VolumeReadBytes", "VolumeWriteBytes"]);
    facts.mib_s = bytes.map(|bytes| bytes / seconds / MIB);
}

/// Returns whether the volume is the root of an instance; absent where no instance says so.
async fn is_root(reading: &Reading<'_>) -> Result<Option<bool>, AwsError> {
    let id = reading.change.resource.id.as_str();
    let client = reading.session.ec2();
    let answer = client.describe_volumes().volume_ids(id).send().await;
    let answer = answer.map_err(|error| AwsError::of(DESCRIBE_VOLUMES, &error))?;
    let volumes = answer.volumes.unwrap_or_default().into_iter();
    let attachments = volumes.flat_map(|one| one.attachments.unwrap_or_default());
    let mut is_root = None;
    for one in attachments {
        let (Some(instance), Some(device)) = (one.instance_id, one.device) else { continue };
        let answer = client.describe_instances().instance_ids(&instance).send().await;
        let answer = answer.map_err(|error| AwsError::of(DESCRIBE_INSTANCES, &error));
        let answer = unless_absent(answer, &["InvalidInstanceID.NotFound"])?;
        let all = answer.and_then(|answer| answer.reservations).unwrap_or_default().into_iter();
        let mut all = all.flat_map(|one| one.instances.unwrap_or_default());
        let Some(root) = all.find_map(|one| one.root_device_name) else { continue };
        is_root = Some(is_root == Some(true) || root == device);
    }
    Ok(is_root)
}
