//! Gateway endpoints that would take traffic off a NAT gateway.

use rust_decimal::prelude::ToPrimitive;

use trimtab_model::action::{Action, Setting};
use trimtab_model::evidence::{Evidence, Figure, UnseenSignal};
use trimtab_model::recommendation::{
    Finding, ImplementationEffort, ReasonCode, Restart, Threshold, Undo, Unknown, Verdict,
};
use trimtab_model::resource::nat_gateway::NatGateway;
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::text::{Reason, StaticText, Text};

use crate::check::{Check, Facts};
use crate::nat::{PROCESSING, leading_to, processed_gb, tables_of_vpc};
use crate::pricing::Tariff;
use crate::saving::deletion;
use crate::verdict::{Proposal, pass, risk};

/// Least that a NAT gateway must process for an endpoint to be worth a line.
pub const MIN_GB_A_MONTH: Threshold = Threshold {
    name: "min_gb_a_month",
    default: "100",
    unit: "GB",
    text: StaticText {
        en: "Least that the gateway processes in a month.",
        ko: "보고 대상이 되는 월간 최소 처리량입니다.",
    },
};

/// Endpoints that are missing beside a NAT gateway.
pub struct Missing {
    /// Their services.
    pub service_names: Vec<String>,
    /// The route tables that lead to the gateway.
    pub route_table_ids: Vec<String>,
    /// What was seen, behind "so many gigabytes a month pass".
    pub seen: Text,
    /// The figures that show it.
    pub figures: Vec<Figure>,
    /// What flow logs would tell.
    pub unseen: Text,
}

/// Returns the name of AWS's `service` in the gateway's region.
pub fn service_name(gateway: &Resource<NatGateway>, service: &str) -> String {
    format!("com.amazonaws.{}.{service}", gateway.region)
}

/// Returns the route tables that lead to a gateway, or the verdict where none does.
///
/// # Errors
/// Returns `Unknown` if the routes are not known.
pub fn routed(
    facts: &Facts<'_>,
    gateway: &Resource<NatGateway>,
) -> Result<Result<Vec<String>, Verdict>, Unknown> {
    let ids = leading_to(&tables_of_vpc(facts, gateway)?, gateway);
    Ok(if gateway.kind.state == "available" && !ids.is_empty() {
        Ok(ids)
    } else {
        Err(pass(
            "not-routed",
            "No route of the VPC leads to the gateway.",
            "이 VPC에는 이 게이트웨이로 향하는 경로가 없습니다.",
        ))
    })
}

/// Proposes the endpoints, if the gateway processes enough. How much of it they would take no
/// bill and no metric tells, so only the upper bound is claimed.
///
/// # Errors
/// Returns `Unknown` if what the gateway processes, or its price, is not known.
pub fn judge(
    check: &Check,
    facts: &Facts<'_>,
    gateway: &Resource<NatGateway>,
    missing: Missing,
) -> Result<Verdict, Unknown> {
    let processed = processed_gb(check, facts, gateway)?;
    let min_gb = check.threshold(facts, MIN_GB_A_MONTH.name);
    if processed < min_gb {
        return Ok(pass(
            "too-little",
            format!("{processed:.0} GB are processed in a month, less than {min_gb}."),
            format!("월 처리량이 {processed:.0} GB로 {min_gb} GB보다 적습니다."),
        ));
    }
    let reference = gateway.reference(ResourceKind::NatGateway);
    let names = std::slice::from_ref(&gateway.id);
    let list = Tariff::of(facts, gateway).meter("NAT processing", processed, "nat/data_processed");
    let savings = deletion(facts, &reference, names, PROCESSING, list.map(|part| vec![part]))?;
    let number = |value: rust_decimal::Decimal| value.to_f64().unwrap_or_default();
    let throughput =
        Figure::number("processed_gb", "Processed a month", "월 처리량", number(processed), "GB")
            .against(number(min_gb));
    Ok(Proposal {
        action: Action::Set(Setting::GatewayEndpoints {
            vpc_id: gateway.kind.vpc_id.clone().unwrap_or_default(),
            service_names: missing.service_names,
            route_table_ids: missing.route_table_ids,
        }),
        finding: Finding::NotOptimized,
        reason_codes: vec![ReasonCode::FreeAlternative],
        reason: Reason::new(
            "no-gateway-endpoint",
            format!("{processed:.0} GB a month pass, {}", missing.seen.en),
            format!("월 {processed:.0} GB를 처리하{}", missing.seen.ko),
        ),
        savings,
        performance_risk: risk(gateway.environment, 0),
        effort: ImplementationEffort::Low,
        restart_needed: Restart::NotNeeded,
        undo: Undo::Exact,
        evidence: Evidence {
            figures: std::iter::once(throughput).chain(missing.figures).collect(),
            signals_not_seen: vec![UnseenSignal {
                name: "destinations".to_owned(),
                text: missing.unseen,
            }],
            ..Evidence::default()
        },
    }
    .into_bounded_verdict(check, reference))
}
