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

use trimtab_model::metric::Statistic;
use trimtab_model::recommendation::{ActionType, Unknown, Verdict};
use trimtab_model::resource::nat_gateway::NatGateway;
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::text::{StaticText, Text};

use crate::check::{Check, Facts, Need};
use crate::gateway_endpoint::{self, MIN_GB_A_MONTH, Missing, routed, service_name};
use crate::nat::is_served;
use crate::observation::{MIN_COVERAGE_PERCENT, MIN_DAYS};
use crate::verdict::{judge_each, pass, unknown};

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
    thresholds: &[MIN_GB_A_MONTH, MIN_DAYS, MIN_COVERAGE_PERCENT],
    judge: |check, facts| {
        judge_each(check, facts, ResourceKind::NatGateway, &facts.snapshot.nat_gateways, judge)
    },
};

fn judge(
    check: &Check,
    facts: &Facts<'_>,
    gateway: &Resource<NatGateway>,
) -> Result<Verdict, Unknown> {
    let route_table_ids = match routed(facts, gateway)? {
        Ok(ids) => ids,
        Err(verdict) => return Ok(verdict),
    };
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
        .map(|name| service_name(gateway, name))
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
    let missing = Missing {
        service_names,
        route_table_ids,
        seen: Text::new(
            "and S3 has no gateway endpoint there.",
            "는데 S3 게이트웨이 엔드포인트가 없습니다.",
        ),
        figures: Vec::new(),
        unseen: Text::new(
            "How much of it goes to S3 or DynamoDB: flow logs would tell.",
            "이 중 S3나 DynamoDB로 가는 비율을 알 수 없습니다. 흐름 로그로 확인할 수 있습니다.",
        ),
    };
    gateway_endpoint::judge(check, facts, gateway, missing)
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
