//! Finds NAT gateways in VPCs that have no gateway endpoint for S3 or DynamoDB.
//!
//! **Why it costs.** A NAT gateway charges for every gigabyte that it processes. Traffic to S3
//! and DynamoDB of the same region can go through a gateway endpoint, which is free, instead.
//!
//! **What we do.** Add the gateway endpoints that are missing to the route tables that lead
//! to the NAT gateway.
//!
//! **What it saves.** *High* is all that the gateway processes. How much of it goes to S3 or
//! DynamoDB no bill and no metric tells, so *likely* is nothing: read the flow logs, or add
//! the endpoints and look.
//!
//! **What could go wrong.** Open connections to S3 break once when the route changes. Bucket
//! policies that admit the NAT gateway's address refuse what comes through the endpoint.
//!
//! **Where others err.** They print a share of the NAT bill that they made up.
//!
//! # 한국어
//!
//! S3나 DynamoDB용 게이트웨이 엔드포인트가 없는 VPC의 NAT 게이트웨이를 찾습니다.
//!
//! **비용이 드는 이유.** NAT 게이트웨이는 처리한 데이터 1 GB마다 과금됩니다. 같은 리전의 S3와 DynamoDB 트래픽은
//! 무료인 게이트웨이 엔드포인트로 보낼 수 있습니다.
//!
//! **제안하는 조치.** NAT 게이트웨이를 쓰는 라우팅 테이블에 빠져 있는 게이트웨이 엔드포인트를 추가합니다.
//!
//! **절감액.** *최대*는 게이트웨이가 처리한 전체 비용입니다. 이 중 S3나 DynamoDB로 간 비율은 청구서에도
//! 지표에도 없으므로 *예상*은 0으로 둡니다. 흐름 로그를 보거나, 엔드포인트를 추가해 확인하세요.
//!
//! **주의할 점.** 라우팅이 바뀌는 순간 S3로 열려 있던 연결이 한 번 끊어집니다. NAT 게이트웨이의 주소만 허용하는
//! 버킷 정책이 있으면 엔드포인트를 통한 요청이 거부됩니다.
//!
//! **다른 도구와 다른 점.** NAT 비용에 근거 없는 비율을 곱해 절감액을 제시하는 도구가 있습니다.

use trimtab_model::action::{Action, Setting};
use trimtab_model::evidence::{Evidence, Figure, UnseenSignal};
use trimtab_model::metric::Statistic;
use trimtab_model::recommendation::{
    ActionType, Finding, ImplementationEffort, ReasonCode, Restart, Threshold, Undo, Unknown,
    Verdict,
};
use trimtab_model::resource::nat_gateway::NatGateway;
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::text::{Reason, StaticText, Text};

use crate::check::{Check, Facts, Need};
use crate::nat::{PROCESSING, is_served, leading_to, processed_gb, tables_of_vpc};
use crate::observation::{MIN_COVERAGE_PERCENT, MIN_DAYS};
use crate::pricing::Tariff;
use crate::saving::deletion;
use crate::verdict::{Proposal, judge_each, pass, risk, unknown};

/// The check.
pub static CHECK: Check = Check {
    id: "vpc-nat-gateway-s3-traffic",
    title: StaticText {
        en: "NAT gateway without S3 and DynamoDB gateway endpoints beside it",
        ko: "S3, DynamoDB 게이트웨이 엔드포인트가 없는 NAT 게이트웨이",
    },
    kind: ResourceKind::NatGateway,
    action_type: ActionType::Reconfigure,
    needs: &[
        Need::Kind(ResourceKind::NatGateway),
        Need::Kind(ResourceKind::RouteTable),
        Need::Kind(ResourceKind::VpcEndpoint),
        Need::OptionalMetric("AWS/NATGateway", "BytesInFromSource", &[Statistic::Sum]),
        Need::OptionalMetric("AWS/NATGateway", "BytesInFromDestination", &[Statistic::Sum]),
        Need::OptionalBilling,
    ],
    thresholds: &[
        Threshold {
            name: "min_gb_a_month",
            default: "100",
            unit: "GB",
            text: StaticText {
                en: "Least that the gateway processes in a month.",
                ko: "보고 대상이 되는 월간 최소 처리량입니다.",
            },
        },
        MIN_DAYS,
        MIN_COVERAGE_PERCENT,
    ],
    judge: |check, facts| {
        judge_each(check, facts, ResourceKind::NatGateway, &facts.snapshot.nat_gateways, judge)
    },
};

fn judge(
    check: &Check,
    facts: &Facts<'_>,
    gateway: &Resource<NatGateway>,
) -> Result<Verdict, Unknown> {
    let tables = tables_of_vpc(facts, gateway)?;
    let route_table_ids = leading_to(&tables, gateway);
    if gateway.kind.state != "available" || route_table_ids.is_empty() {
        return Ok(pass(
            "not-routed",
            "No route of the VPC leads to the gateway.",
            "이 VPC에는 이 게이트웨이로 향하는 경로가 없습니다.",
        ));
    }
    let endpoints = ResourceKind::VpcEndpoint;
    if !facts.snapshot.was_listed(endpoints, &gateway.account, &gateway.region) {
        return Err(unknown(
            "endpoints-unknown",
            "Which endpoints the VPC has is not known.",
            "이 VPC의 엔드포인트 정보가 없습니다.",
            &["inventory:describe-vpc-endpoints"],
        ));
    }
    let service_names: Vec<String> = ["s3", "dynamodb"]
        .iter()
        .map(|name| format!("com.amazonaws.{}.{name}", gateway.region))
        .filter(|service| !is_served(facts, gateway, service, &route_table_ids))
        .collect();
    // DynamoDB alone is missing in most VPCs that do not use it.
    if !service_names.iter().any(|service| service.ends_with(".s3")) {
        return Ok(pass(
            "has-gateway-endpoint",
            "The tables that lead to the gateway have a gateway endpoint for S3.",
            "이 게이트웨이를 쓰는 라우팅 테이블에 S3 게이트웨이 엔드포인트가 이미 있습니다.",
        ));
    }
    let processed = processed_gb(check, facts, gateway)?;
    let min_gb = check.threshold(facts, "min_gb_a_month");
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
    Ok(Proposal {
        action: Action::Set(Setting::GatewayEndpoints {
            vpc_id: gateway.kind.vpc_id.clone().unwrap_or_default(),
            service_names,
            route_table_ids,
        }),
        finding: Finding::NotOptimized,
        reason_codes: vec![ReasonCode::FreeAlternative],
        reason: Reason::new(
            "no-gateway-endpoint",
            format!("{processed:.0} GB a month pass, and S3 has no gateway endpoint there."),
            format!("월 {processed:.0} GB를 처리하는데 S3 게이트웨이 엔드포인트가 없습니다."),
        ),
        savings,
        performance_risk: risk(gateway.environment, 0),
        effort: ImplementationEffort::Low,
        restart_needed: Restart::NotNeeded,
        undo: Undo::Exact,
        evidence: evidence(processed, min_gb),
    }
    .into_bounded_verdict(check, reference))
}

fn evidence(processed: rust_decimal::Decimal, min_gb: rust_decimal::Decimal) -> Evidence {
    use rust_decimal::prelude::ToPrimitive;
    let number = |value: rust_decimal::Decimal| value.to_f64().unwrap_or_default();
    Evidence {
        figures: vec![
            Figure::number(
                "processed_gb",
                "Processed a month",
                "월 처리량",
                number(processed),
                "GB",
            )
            .against(number(min_gb)),
        ],
        signals_not_seen: vec![UnseenSignal {
            name: "destinations".to_owned(),
            text: Text::new(
                "How much of it goes to S3 or DynamoDB: flow logs would tell.",
                "이 중 S3나 DynamoDB로 가는 비율을 알 수 없습니다. 흐름 로그로 확인할 수 있습니다.",
            ),
        }],
        ..Evidence::default()
    }
}

#[cfg(test)]
mod tests {
    use trimtab_model::resource::ResourceKind;

    use super::CHECK;
    use crate::scene::{Scene, check, recommended, scene};

    fn processing(gigabytes: &str, usd: &str) -> Scene {
        scene()
            .nat_gateway(|_| ())
            .route_table(|_| ())
            .bill("nat-1", "NatGateway-Hours", "720", "32.40")
            .bill("nat-1", "NatGateway-Bytes", gigabytes, usd)
    }

    #[test]
    fn a_gateway_without_the_endpoints_fires_with_an_upper_bound() {
        let scene = processing("1000", "45");
        check(&CHECK, scene.clone(), "recommend 0.00 / 0.00 / 45.62");
        let commands = recommended(&CHECK, &scene).action.commands(&scene.reference("nat-1"));
        assert!(commands.apply[0].contains("com.amazonaws.us-east-1.s3"), "{commands:?}");
    }

    #[test]
    fn a_gateway_with_an_s3_endpoint_on_its_tables_passes() {
        let scene = processing("1000", "45").vpc_endpoint(|one| {
            one.kind.vpc_endpoint_type = "Gateway".into();
            one.kind.service_name = "com.amazonaws.us-east-1.s3".into();
            one.kind.route_table_ids = vec!["rtb-1".into()];
        });
        check(&CHECK, scene, "pass has-gateway-endpoint");
    }

    #[test]
    fn a_gateway_just_under_the_threshold_of_100_gb_passes() {
        check(&CHECK, processing("98", "4.41"), "pass too-little");
    }

    #[test]
    fn without_route_tables_it_is_unknown() {
        let mut scene = processing("1000", "45");
        scene.snapshot.listed.remove(&ResourceKind::RouteTable);
        check(&CHECK, scene, "unknown routes-unknown");
    }
}
