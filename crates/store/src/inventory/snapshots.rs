//! `describe-snapshots`.

use serde::Deserialize;
use trimtab_model::id::ResourceId;
use trimtab_model::resource::snapshot::Snapshot;

use super::moment::Moment;
use super::place::Place;
use super::tables::Found;
use super::tag::{self, Tag};

/// One entry of `Snapshots`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Entry {
    snapshot_id: String,
    owner_id: Option<String>,
    owner_alias: Option<String>,
    volume_id: Option<String>,
    volume_size: Option<u32>,
    full_snapshot_size_in_bytes: Option<u64>,
    start_time: Option<Moment>,
    state: Option<String>,
    storage_tier: Option<String>,
    description: Option<String>,
    availability_zone: Option<String>,
    tags: Option<Vec<Tag>>,
}

impl Entry {
    /// Returns whether AWS or a seller owns it: a listing without `--owner-ids
    /// self` holds thousands of those, and they cost the reader nothing.
    pub(super) fn is_published(&self) -> bool {
        self.owner_alias.as_deref().is_some_and(|alias| alias != "self")
    }
}

impl From<Entry> for Found<Snapshot> {
    fn from(entry: Entry) -> Self {
        Self {
            id: entry.snapshot_id.into(),
            place: Place::of_zone(entry.availability_zone.as_deref())
                .owned_by(entry.owner_id.as_deref()),
            tags: tag::by_key(entry.tags),
            kind: Snapshot {
                volume_id: entry.volume_id.map(ResourceId::from),
                volume_size_gib: entry.volume_size,
                full_snapshot_size_bytes: entry.full_snapshot_size_in_bytes,
                start_time: entry.start_time.map(|moment| moment.0),
                state: entry.state,
                storage_tier: entry.storage_tier,
                description: entry.description,
            },
        }
    }
}
