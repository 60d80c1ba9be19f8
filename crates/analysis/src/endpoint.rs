//! What several checks ask of a VPC endpoint: its price, its traffic, its neighbours.

use rust_decimal::Decimal;

use trimtab_model::action::Deletion;
use trimtab_model::period::HOURS_PER_MONTH;
use trimtab_model::recommendation::{CostComponent, Unknown};
use trimtab_model::resource::Resource;
use trimtab_model::resource::vpc_endpoint::VpcEndpoint;

use crate::check::Facts;
use crate::passage::Counters;
use crate::pricing::Tariff;
use crate::verdict::unknown;

/// Where the traffic of an endpoint is counted.
pub const COUNTERS: Counters = Counters {
    namespace: "AWS/PrivateLinkEndpoints",
    metrics: &["BytesProcessed"],
    held: &["VpcEndpoint-Hours", "VpcEndpoint-GWLBE-Hours"],
    moved: &["VpcEndpoint-Bytes", "VpcEndpoint-GWLBE-Bytes"],
};

/// Returns a month of an interface endpoint in so many zones.
///
/// # Errors
/// Returns `Unknown` if the region has no price.
pub fn zone_hours(
    facts: &Facts<'_>,
    endpoint: &Resource<VpcEndpoint>,
    zones: usize,
) -> Result<CostComponent, Unknown> {
    let hours = Decimal::from(HOURS_PER_MONTH) * Decimal::from(zones);
    Tariff::of(facts, endpoint).meter("endpoint zones", hours, "vpc/interface_endpoint_hour")
}

/// Returns what the whole endpoint costs at list prices; the price list has interfaces only.
///
/// # Errors
/// Returns `Unknown` for another type of endpoint and where the region has no price.
pub fn list_cost(
    facts: &Facts<'_>,
    endpoint: &Resource<VpcEndpoint>,
) -> Result<Vec<CostComponent>, Unknown> {
    if !endpoint.kind.is_interface() || endpoint.kind.subnet_ids.is_empty() {
        return Err(unknown(
            "price-missing",
            "The price list has no price of an endpoint of this type.",
            "이 유형의 엔드포인트 가격이 정가표에 없습니다.",
            &["billing"],
        ));
    }
    Ok(vec![zone_hours(facts, endpoint, endpoint.kind.subnet_ids.len())?])
}

/// Returns the deletion of an endpoint.
pub fn deletion_of(endpoint: &VpcEndpoint) -> Deletion {
    Deletion::VpcEndpoint {
        vpc_endpoint_type: endpoint.vpc_endpoint_type.clone(),
        vpc_id: endpoint.vpc_id.clone(),
        service_name: endpoint.service_name.clone(),
        subnet_ids: endpoint.subnet_ids.clone(),
    }
}

/// Returns the other endpoints of the same VPC, account and region.
pub fn neighbours<'a>(
    facts: &Facts<'a>,
    endpoint: &'a Resource<VpcEndpoint>,
) -> impl Iterator<Item = &'a Resource<VpcEndpoint>> + use<'a> {
    facts.snapshot.vpc_endpoints.iter().filter(move |other| {
        other.id != endpoint.id
            && other.account == endpoint.account
            && other.region == endpoint.region
            && other.kind.vpc_id.is_some()
            && other.kind.vpc_id == endpoint.kind.vpc_id
    })
}
