//! Who made a snapshot, and what part of its volume's chain it stands for.

use rust_decimal::Decimal;

use trimtab_model::recommendation::{CostComponent, Unknown};
use trimtab_model::resource::Resource;
use trimtab_model::resource::snapshot::Snapshot;

use crate::check::Facts;
use crate::pricing::Tariff;
use crate::verdict::unknown;

/// The volume that stands in the listing of a copied snapshot.
pub const COPY_OF_A_SNAPSHOT: &str = "vol-ffffffff";

/// Bytes in the GB of the price, which is a binary one.
const GIBIBYTE: u64 = 1 << 30;

/// How the description begins that EC2 writes for the snapshot of an image, up to the image.
const IMAGE_MARKS: &[&str] = &["Created by CreateImage(", "Copied for DestinationAmi "];

/// The owner of what was made for an image.
const IMAGE: &str = "AMI";

/// Words of the description, or starts of tag keys, by which another service marks its snapshots.
const OWNERS: &[(&str, &str)] = &[
    ("Created by CreateImage", IMAGE),
    ("Copied for DestinationAmi", IMAGE),
    ("AWS Backup", "AWS Backup"),
    ("aws:backup:", "AWS Backup"),
    ("aws:dlm:", "Data Lifecycle Manager"),
    ("dlm:managed", "Data Lifecycle Manager"),
];

/// Returns the service that made the snapshot, where it left its mark.
pub fn owner(snapshot: &Resource<Snapshot>) -> Option<&'static str> {
    OWNERS.iter().find_map(|(mark, owner)| has_mark(snapshot, mark).then_some(*owner))
}

/// Returns the service that also deletes the snapshot by a plan of its own.
pub fn scheduler(snapshot: &Resource<Snapshot>) -> Option<&'static str> {
    OWNERS
        .iter()
        .filter(|(_, owner)| *owner != IMAGE)
        .find_map(|(mark, owner)| has_mark(snapshot, mark).then_some(*owner))
}

fn has_mark(snapshot: &Resource<Snapshot>, mark: &str) -> bool {
    let description = snapshot.kind.description.as_deref().unwrap_or_default();
    description.contains(mark) || snapshot.tags.keys().any(|key| key.starts_with(mark))
}

/// Returns whether an image that was read uses the snapshot, whoever made the two.
pub fn is_of_image(facts: &Facts<'_>, snapshot: &Resource<Snapshot>) -> bool {
    facts.snapshot.images.iter().any(|image| image.kind.snapshot_ids.contains(&snapshot.id))
}

/// Returns the image that the snapshot was made for: the first one its description names.
pub fn image_named(snapshot: &Resource<Snapshot>) -> Option<&str> {
    let description = snapshot.kind.description.as_deref()?;
    if !IMAGE_MARKS.iter().any(|mark| description.starts_with(mark)) {
        return None;
    }
    description
        .split(|c: char| !(c.is_ascii_alphanumeric() || c == '-'))
        .find(|word| word.starts_with("ami-"))
}

/// Returns how many snapshots are left of the same volume, this one included.
pub fn siblings(facts: &Facts<'_>, snapshot: &Resource<Snapshot>) -> usize {
    let Some(volume) = &snapshot.kind.volume_id else { return 1 };
    if volume.as_str() == COPY_OF_A_SNAPSHOT {
        return 1;
    }
    let of_volume = |other: &&Resource<Snapshot>| other.kind.volume_id.as_ref() == Some(volume);
    facts.snapshot.snapshots.iter().filter(of_volume).count().max(1)
}

/// Returns the part of what the volume's snapshots store that this one stands for.
///
/// # Errors
/// Returns `Unknown` where the size is not listed or has no price.
pub fn stored(
    facts: &Facts<'_>,
    snapshot: &Resource<Snapshot>,
    siblings: usize,
) -> Result<Vec<CostComponent>, Unknown> {
    let Some(bytes) = snapshot.kind.full_snapshot_size_bytes else {
        return Err(unknown(
            "stored-size-unknown",
            "How much the snapshot stores is not known.",
            "스냅샷이 실제로 차지하는 용량을 알 수 없습니다.",
            &["billing", "inventory:describe-snapshots"],
        ));
    };
    let size = Decimal::from(bytes) / Decimal::from(GIBIBYTE);
    let tariff = Tariff::of(facts, snapshot);
    let component = if snapshot.kind.storage_tier.as_deref() == Some("archive") {
        // An archived snapshot is a full one and shares nothing.
        tariff.meter("archived snapshot storage", size, "ebs/snapshot_archive_storage")?
    } else {
        let share = size / Decimal::from(siblings.max(1));
        tariff.meter("snapshot storage", share, "ebs/snapshot_storage")?
    };
    Ok(vec![component])
}
