//! `describe-nat-gateways`.

use serde::Deserialize;
use trimtab_model::resource::nat_gateway::NatGateway;

use super::moment::Moment;
use super::place::Place;
use super::tables::Found;
use super::tag::{self, Tag};

/// One entry of `NatGateways`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Entry {
    nat_gateway_id: String,
    state: String,
    create_time: Option<Moment>,
    vpc_id: Option<String>,
    subnet_id: Option<String>,
    connectivity_type: Option<String>,
    nat_gateway_addresses: Option<Vec<GatewayAddress>>,
    tags: Option<Vec<Tag>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct GatewayAddress {
    allocation_id: Option<String>,
    availability_zone: Option<String>,
}

impl From<Entry> for Found<NatGateway> {
    fn from(entry: Entry) -> Self {
        let addresses = entry.nat_gateway_addresses.unwrap_or_default();
        let zone = addresses.iter().find_map(|address| address.availability_zone.as_deref());
        Self {
            id: entry.nat_gateway_id.into(),
            place: Place::of_zone(zone),
            tags: tag::by_key(entry.tags),
            kind: NatGateway {
                state: entry.state,
                create_time: entry.create_time.map(|moment| moment.0),
                vpc_id: entry.vpc_id,
                subnet_id: entry.subnet_id,
                connectivity_type: entry.connectivity_type,
                allocation_ids: addresses
                    .into_iter()
                    .filter_map(|address| address.allocation_id)
                    .collect(),
            },
        }
    }
}
