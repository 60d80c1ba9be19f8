//! `describe-addresses`.

use serde::Deserialize;
use trimtab_model::resource::address::Address;

use super::place::Place;
use super::tables::Found;
use super::tag::{self, Tag};

/// One entry of `Addresses`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Entry {
    allocation_id: Option<String>,
    public_ip: String,
    association_id: Option<String>,
    instance_id: Option<String>,
    network_interface_id: Option<String>,
    public_ipv4_pool: Option<String>,
    network_border_group: Option<String>,
    tags: Option<Vec<Tag>>,
}

impl From<Entry> for Found<Address> {
    fn from(entry: Entry) -> Self {
        // The API prints an empty InstanceId for an address that none holds.
        let set = |value: Option<String>| value.filter(|value| !value.is_empty());
        Self {
            // An address of EC2-Classic has no allocation; its IP names it.
            id: entry.allocation_id.unwrap_or_else(|| entry.public_ip.clone()).into(),
            place: Place::of_zone(entry.network_border_group.as_deref()),
            tags: tag::by_key(entry.tags),
            kind: Address {
                public_ip: Some(entry.public_ip),
                association_id: set(entry.association_id),
                instance_id: set(entry.instance_id),
                network_interface_id: set(entry.network_interface_id),
                public_ipv4_pool: entry.public_ipv4_pool,
            },
        }
    }
}
