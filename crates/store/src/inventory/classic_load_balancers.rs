//! `elb describe-load-balancers`: Classic Load Balancers.

use serde::Deserialize;
use trimtab_model::resource::load_balancer::{LoadBalancer, LoadBalancerType, TargetCount};

use super::moment::Moment;
use super::place::Place;
use super::tables::Found;
use super::tag::{self, Tag};

/// One entry of `LoadBalancerDescriptions`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Entry {
    load_balancer_name: String,
    #[serde(rename = "DNSName")]
    dns_name: Option<String>,
    scheme: Option<String>,
    created_time: Option<Moment>,
    availability_zones: Option<Vec<String>>,
    instances: Option<Vec<Member>>,
    tags: Option<Vec<Tag>>,
}

/// One entry of `Instances`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Member {
    instance_id: Option<String>,
}

impl From<Entry> for Found<LoadBalancer> {
    fn from(entry: Entry) -> Self {
        let zone = entry.availability_zones.as_ref().and_then(|zones| zones.first());
        // `name-123.ap-northeast-2.elb.amazonaws.com`
        let host = entry.dns_name.as_deref().and_then(|name| name.split('.').nth(1));
        Self {
            id: entry.load_balancer_name.clone().into(),
            place: Place::of_zone(zone.map(String::as_str)).or(Place::of_zone(host)),
            tags: tag::by_key(entry.tags),
            kind: LoadBalancer {
                load_balancer_name: entry.load_balancer_name,
                load_balancer_type: LoadBalancerType::Classic,
                state: None,
                scheme: entry.scheme,
                created_time: entry.created_time.map(|moment| moment.0),
                cross_zone: None,
                target_groups: None,
                target_ids: entry.instances.as_ref().map(|instances| {
                    let mut ids: Vec<String> =
                        instances.iter().filter_map(|member| member.instance_id.clone()).collect();
                    ids.sort();
                    ids
                }),
                targets: entry.instances.map(|instances| TargetCount {
                    registered: u32::try_from(instances.len()).unwrap_or(u32::MAX),
                    healthy: None,
                }),
            },
        }
    }
}
