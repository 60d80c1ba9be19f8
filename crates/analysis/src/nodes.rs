//! Node-hours of caches, warehouses and search domains: their price, and cheaper types.
//!
//! The catalogue has list prices of these services for few regions. Elsewhere the rate is
//! the one that the bill shows there for nodes of the same type; there is no other.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use trimtab_model::charge::ResourceCharge;
use trimtab_model::id::{InstanceType, ResourceId};
use trimtab_model::period::HOURS_PER_MONTH;
use trimtab_model::price::InstanceTypeFacts;
use trimtab_model::recommendation::{CostComponent, Unknown};

use crate::check::Facts;
use crate::pricing::{Tariff, usage_name};
use crate::saving::{Commitment, Meter};

pub mod redshift;

/// Picks the hours of nodes, which reservations may cover.
pub const NODE_HOURS: Meter = Meter { charges: is_node_hour, commitment: Commitment::Possible };

/// A service that is paid by the node-hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NodeService {
    /// ElastiCache, whose prices differ by engine.
    ElastiCache,
    /// Redshift.
    Redshift,
    /// OpenSearch Service.
    OpenSearch,
}

/// A node type of a service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NodeType<'a> {
    /// The service.
    pub service: NodeService,
    /// The engine, where the price depends on it; else empty.
    pub engine: &'a str,
    /// The type as the service spells it, such as `cache.r6g.large`.
    pub name: String,
}

impl NodeType<'_> {
    /// Returns the EC2 type it is made of, such as `r6g.large`.
    pub fn instance_type(&self) -> &str {
        let name = self.name.as_str();
        let name = name.strip_prefix("cache.").unwrap_or(name);
        ["search", "elasticsearch"]
            .iter()
            .find_map(|end| name.strip_suffix(end)?.strip_suffix('.'))
            .unwrap_or(name)
    }

    /// Returns family and size, such as `r6g` and `large`.
    pub fn family_and_size(&self) -> Option<(&str, &str)> {
        self.instance_type().split_once('.')
    }

    /// Returns another type of the same service and engine, made of `family` and `size`.
    pub fn sibling(&self, family: &str, size: &str) -> Self {
        let name = match self.service {
            NodeService::ElastiCache => format!("cache.{family}.{size}"),
            NodeService::Redshift => format!("{family}.{size}"),
            NodeService::OpenSearch => format!("{family}.{size}.search"),
        };
        Self { name, ..self.clone() }
    }

    /// Returns a month of `count` such nodes.
    ///
    /// # Errors
    /// Returns `Unknown` if neither the region's price list nor the bill has a price.
    pub fn hours(
        &self,
        facts: &Facts<'_>,
        tariff: &Tariff<'_>,
        count: u32,
    ) -> Result<CostComponent, Unknown> {
        let engine_of = match self.service {
            NodeService::ElastiCache => Some(bill_names_of_engine(facts, self.engine)),
            NodeService::Redshift | NodeService::OpenSearch => None,
        };
        let price = tariff.price_or_billed(&self.meter(), |charge| {
            charge.usage_type.as_deref().is_some_and(|usage| self.is_charged_as(usage))
                && engine_of.as_ref().is_none_or(|names| names.contains(&charge.resource_id))
        })?;
        Ok(CostComponent {
            name: self.name.clone(),
            quantity: Decimal::from(HOURS_PER_MONTH) * Decimal::from(count),
            price,
        })
    }

    fn meter(&self) -> String {
        let (engine, name) = (self.engine, &self.name);
        match self.service {
            NodeService::ElastiCache => format!("elasticache/{engine}_{name}"),
            NodeService::Redshift => format!("redshift/{name}"),
            NodeService::OpenSearch => format!("opensearch/{}.search", self.instance_type()),
        }
    }

    fn is_charged_as(&self, usage_type: &str) -> bool {
        let (start, name) = match self.service {
            NodeService::ElastiCache => ("NodeUsage:", self.name.as_str()),
            NodeService::Redshift => ("Node:", self.name.as_str()),
            NodeService::OpenSearch => ("ESInstance:", self.instance_type()),
        };
        let Some(charged) = usage_name(usage_type).strip_prefix(start) else { return false };
        // Some usage types shorten `2xlarge` to `2xl`.
        charged == name || (charged.ends_with("xl") && format!("{charged}arge") == name)
    }
}

fn is_node_hour(charge: &ResourceCharge) -> bool {
    charge.usage_type.as_deref().is_some_and(|usage| {
        let name = usage_name(usage);
        ["NodeUsage:", "Node:", "ESInstance:"].iter().any(|start| name.starts_with(start))
    })
}

/// Lists the names under which the bill may know caches of an engine: the usage type does not
/// tell engines apart, and their prices differ.
fn bill_names_of_engine(facts: &Facts<'_>, engine: &str) -> BTreeSet<ResourceId> {
    facts
        .snapshot
        .cache_clusters
        .iter()
        .filter(|cluster| cluster.kind.engine == engine)
        .flat_map(|cluster| {
            let arn = cluster.kind.arn.as_deref().map(ResourceId::new);
            std::iter::once(cluster.id.clone()).chain(arn)
        })
        .collect()
}

/// Returns the cheapest of `families` that is newer than the family of `now`, in the same
/// series and size, with at least its processors and memory.
///
/// # Errors
/// Returns `Unknown` if there is such a type and none of them has a price here.
pub fn newer_type<'a>(
    now: &NodeType<'a>,
    families: &[&str],
    count: u32,
    facts: &Facts<'_>,
    tariff: &Tariff<'_>,
) -> Result<Option<(NodeType<'a>, CostComponent)>, Unknown> {
    let Some((family, size)) = now.family_and_size() else { return Ok(None) };
    let Some((series, generation)) = series_and_generation(family) else { return Ok(None) };
    let current = ec2(facts, now.instance_type());
    // Local disks hold data that a family without them has no room for.
    if current.is_some_and(|facts| facts.attributes.contains('d')) {
        return Ok(None);
    }
    let mut missing = None;
    let mut best: Option<(Decimal, NodeType<'a>, CostComponent)> = None;
    for candidate in families {
        let newer = series_and_generation(candidate)
            .is_some_and(|(other, number)| other == series && number > generation);
        let other = now.sibling(candidate, size);
        let offered = ec2(facts, other.instance_type());
        // A size that EC2 does not know for the family does not exist there either.
        let fits = match (current, offered) {
            (Some(now), Some(other)) => {
                other.vcpu >= now.vcpu
                    && other.memory_mib.saturating_mul(100) >= now.memory_mib.saturating_mul(99)
            }
            (None, Some(_)) => true,
            (_, None) => false,
        };
        if !newer || !fits {
            continue;
        }
        match other.hours(facts, tariff, count) {
            Ok(hours) => {
                let usd = hours.price.usd;
                if best.as_ref().is_none_or(|(least, ..)| usd < *least) {
                    best = Some((usd, other, hours));
                }
            }
            Err(nothing) => missing = missing.or(Some(nothing)),
        }
    }
    match (best, missing) {
        (Some((_, node, hours)), _) => Ok(Some((node, hours))),
        (None, Some(nothing)) => Err(nothing),
        (None, None) => Ok(None),
    }
}

/// Returns the facts of the EC2 type of a name.
pub fn ec2<'a>(facts: &Facts<'a>, name: &str) -> Option<&'a InstanceTypeFacts> {
    facts.prices.instance_types.get(&InstanceType::new(name))
}

/// Reads `r` and 6 out of `r6g`.
pub fn series_and_generation(family: &str) -> Option<(&str, u32)> {
    let start = family.find(|c: char| c.is_ascii_digit())?;
    let (series, rest) = family.split_at(start);
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    Some((series, digits.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node(service: NodeService, name: &str) -> NodeType<'static> {
        NodeType { service, engine: "", name: name.to_owned() }
    }

    #[test]
    fn a_node_is_found_on_the_bill_under_its_own_type_only() {
        let cache = node(NodeService::ElastiCache, "cache.r6g.2xlarge");
        assert!(cache.is_charged_as("APN2-NodeUsage:cache.r6g.2xlarge"));
        assert!(cache.is_charged_as("NodeUsage:cache.r6g.2xl"));
        assert!(!cache.is_charged_as("NodeUsage:cache.r6g.xlarge"));
        let search = node(NodeService::OpenSearch, "r5.large.search");
        assert!(search.is_charged_as("EU-ESInstance:r5.large"));
    }

    #[test]
    fn a_type_is_read_whatever_its_service_calls_it() {
        let family = |service, name| {
            let node = node(service, name);
            node.family_and_size().map(|(family, size)| format!("{family} {size}"))
        };
        let expected = |text: &str| Some(text.to_owned());
        assert_eq!(family(NodeService::ElastiCache, "cache.t4g.small"), expected("t4g small"));
        assert_eq!(family(NodeService::OpenSearch, "m4.large.elasticsearch"), expected("m4 large"));
        assert_eq!(family(NodeService::Redshift, "ra3.xlplus"), expected("ra3 xlplus"));
        assert_eq!(series_and_generation("r6gd"), Some(("r", 6)));
    }
}
