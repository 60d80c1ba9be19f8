//! What several checks ask of a NAT gateway: its routes and what it processes.

use rust_decimal::Decimal;
use rust_decimal::prelude::FromPrimitive;

use trimtab_model::metric::Statistic;
use trimtab_model::recommendation::Unknown;
use trimtab_model::resource::nat_gateway::NatGateway;
use trimtab_model::resource::route_table::RouteTable;
use trimtab_model::resource::{Resource, ResourceKind};

use crate::billed::{Billed, is_usage};
use crate::check::{Check, Facts};
use crate::observation::Observation;
use crate::passage::Counters;
use crate::saving::{Commitment, Meter};
use crate::verdict::unknown;

/// Where the traffic of a NAT gateway is counted.
pub const COUNTERS: Counters = Counters {
    namespace: "AWS/NATGateway",
    metrics: &["BytesInFromSource", "BytesInFromDestination"],
    held: &["NatGateway-Hours"],
    moved: &["NatGateway-Bytes"],
};

/// Picks what is charged per gigabyte.
pub const PROCESSING: Meter = Meter {
    charges: |charge| is_usage(charge, &["NatGateway-Bytes"]),
    commitment: Commitment::Impossible,
};

/// Days of a month of 730 hours.
const DAYS_PER_MONTH: f64 = 730.0 / 24.0;

/// Returns the route tables of the gateway's VPC.
///
/// # Errors
/// Returns `Unknown` if the tables were not listed, or the gateway's VPC is not known.
pub fn tables_of_vpc<'a>(
    facts: &Facts<'a>,
    gateway: &Resource<NatGateway>,
) -> Result<Vec<&'a Resource<RouteTable>>, Unknown> {
    let listed =
        facts.snapshot.was_listed(ResourceKind::RouteTable, &gateway.account, &gateway.region);
    if !listed || gateway.kind.vpc_id.is_none() {
        return Err(unknown(
            "routes-unknown",
            "The route tables of the VPC are not known.",
            "이 VPC의 라우팅 테이블 정보가 없습니다.",
            &["inventory:describe-route-tables"],
        ));
    }
    Ok(facts
        .snapshot
        .route_tables
        .iter()
        .filter(|table| {
            table.account == gateway.account
                && table.region == gateway.region
                && table.kind.vpc_id == gateway.kind.vpc_id
        })
        .collect())
}

/// Returns the identifiers of those tables that lead to the gateway.
pub fn leading_to(tables: &[&Resource<RouteTable>], gateway: &Resource<NatGateway>) -> Vec<String> {
    tables
        .iter()
        .filter(|table| table.kind.targets.iter().any(|target| *target == gateway.id.as_str()))
        .map(|table| table.id.as_str().to_owned())
        .collect()
}

/// Returns whether every one of the tables has a gateway endpoint for the service.
pub fn is_served(
    facts: &Facts<'_>,
    gateway: &Resource<NatGateway>,
    service: &str,
    tables: &[String],
) -> bool {
    tables.iter().all(|table| {
        facts.snapshot.vpc_endpoints.iter().any(|endpoint| {
            endpoint.account == gateway.account
                && endpoint.region == gateway.region
                && endpoint.kind.is_gateway()
                && endpoint.kind.service_name == service
                && endpoint.kind.route_table_ids.contains(table)
        })
    })
}

/// Returns the gigabytes that the gateway processes a month: the bill's, else the metrics'.
///
/// # Errors
/// Returns `Unknown` if neither the bill nor complete metrics tell.
pub fn processed_gb(
    check: &Check,
    facts: &Facts<'_>,
    gateway: &Resource<NatGateway>,
) -> Result<Decimal, Unknown> {
    let names = std::slice::from_ref(&gateway.id);
    let billed = Billed::find(facts, &gateway.reference(ResourceKind::NatGateway), names);
    let on_bill = billed.and_then(|bill| bill.moved(COUNTERS.held, COUNTERS.moved, 0.0));
    if let Some(quantity) = on_bill {
        return Ok(quantity);
    }
    let mut bytes_a_day = 0.0;
    for metric in COUNTERS.metrics {
        let seen = Observation::complete(
            check,
            facts,
            gateway,
            names,
            COUNTERS.namespace,
            metric,
            &[Statistic::Sum],
        )
        .map_err(|mut nothing| {
            nothing.settled_by.push("billing".to_owned());
            nothing
        })?;
        bytes_a_day += seen.profile.sum / seen.days().max(1.0);
    }
    let gigabytes = bytes_a_day * DAYS_PER_MONTH / 1_073_741_824.0;
    Ok(Decimal::from_f64(gigabytes).unwrap_or_default().round_dp(3))
}
