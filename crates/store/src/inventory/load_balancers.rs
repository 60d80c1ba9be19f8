//! `elbv2 describe-load-balancers`: Application, Network and Gateway Load Balancers.

use serde::Deserialize;
use trimtab_model::resource::load_balancer::{LoadBalancer, LoadBalancerType};

use super::moment::Moment;
use super::place::Place;
use super::tables::Found;
use super::tag::{self, Tag};

/// One entry of `LoadBalancers`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Entry {
    load_balancer_arn: String,
    load_balancer_name: Option<String>,
    #[serde(rename = "Type")]
    load_balancer_type: Type,
    state: Option<State>,
    scheme: Option<String>,
    created_time: Option<Moment>,
    tags: Option<Vec<Tag>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Type {
    Application,
    Network,
    Gateway,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct State {
    code: Option<String>,
}

impl From<Entry> for Found<LoadBalancer> {
    fn from(entry: Entry) -> Self {
        // `…:loadbalancer/app/<name>/<id>`
        let named = entry.load_balancer_arn.rsplit('/').nth(1).unwrap_or_default().to_owned();
        Self {
            place: Place::of_arn(Some(&entry.load_balancer_arn)),
            id: entry.load_balancer_arn.into(),
            tags: tag::by_key(entry.tags),
            kind: LoadBalancer {
                load_balancer_name: entry.load_balancer_name.unwrap_or(named),
                load_balancer_type: match entry.load_balancer_type {
                    Type::Application => LoadBalancerType::Application,
                    Type::Network => LoadBalancerType::Network,
                    Type::Gateway => LoadBalancerType::Gateway,
                },
                state: entry.state.and_then(|state| state.code),
                scheme: entry.scheme,
                created_time: entry.created_time.map(|moment| moment.0),
                cross_zone: None,
                targets: None,
                target_ids: None,
                target_groups: None,
            },
        }
    }
}
