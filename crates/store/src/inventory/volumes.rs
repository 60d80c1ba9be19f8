//! `describe-volumes`.

use serde::Deserialize;
use trimtab_model::id::ResourceId;
use trimtab_model::resource::volume::{Volume, VolumeAttachment};

use super::moment::Moment;
use super::place::Place;
use super::tables::Found;
use super::tag::{self, Tag};

/// One entry of `Volumes`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Entry {
    volume_id: String,
    volume_type: String,
    size: u32,
    iops: Option<u32>,
    throughput: Option<u32>,
    state: String,
    create_time: Option<Moment>,
    availability_zone: Option<String>,
    snapshot_id: Option<String>,
    encrypted: Option<bool>,
    multi_attach_enabled: Option<bool>,
    attachments: Option<Vec<Attachment>>,
    tags: Option<Vec<Tag>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Attachment {
    instance_id: Option<String>,
    associated_resource: Option<String>,
    device: Option<String>,
    state: Option<String>,
}

/// A volume, and whether the listing says who holds it.
#[derive(Debug)]
pub(super) struct ListedVolume {
    /// The volume.
    pub(super) volume: Volume,
    /// Whether `Attachments` was printed.
    pub(super) attachments: AttachmentsListed,
}

/// Whether `Attachments` was printed: an absent key is not an empty list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AttachmentsListed {
    /// It was.
    Yes,
    /// It was not.
    No,
}

impl From<Entry> for Found<ListedVolume> {
    fn from(entry: Entry) -> Self {
        let attachments = match entry.attachments {
            Some(_) => AttachmentsListed::Yes,
            None => AttachmentsListed::No,
        };
        Self {
            id: entry.volume_id.into(),
            place: Place::of_zone(entry.availability_zone.as_deref()),
            tags: tag::by_key(entry.tags),
            kind: ListedVolume {
                attachments,
                volume: Volume {
                    volume_type: entry.volume_type,
                    size_gib: entry.size,
                    iops: entry.iops,
                    throughput_mib_s: entry.throughput,
                    state: entry.state,
                    create_time: entry.create_time.map(|moment| moment.0),
                    availability_zone: entry.availability_zone,
                    // Printed empty for a volume that was made blank.
                    snapshot_id: entry
                        .snapshot_id
                        .filter(|snapshot| !snapshot.is_empty())
                        .map(ResourceId::from),
                    encrypted: entry.encrypted,
                    multi_attach_enabled: entry.multi_attach_enabled,
                    attachments: entry
                        .attachments
                        .unwrap_or_default()
                        .into_iter()
                        .map(|attachment| VolumeAttachment {
                            // A service that holds the volume itself, such as
                            // Fargate, prints its own resource in place of an instance.
                            instance_id: attachment
                                .instance_id
                                .or(attachment.associated_resource)
                                .unwrap_or_default()
                                .into(),
                            device: attachment.device,
                            state: attachment.state,
                        })
                        .collect(),
                },
            },
        }
    }
}
