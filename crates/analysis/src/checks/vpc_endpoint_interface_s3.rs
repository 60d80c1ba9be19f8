//! Finds interface endpoints for S3 or DynamoDB where a free gateway endpoint would do.
//!
//! **Why it costs.** An interface endpoint is charged by the hour in every zone, and by the
//! gigabyte. For S3 and DynamoDB there is a gateway endpoint, which is a route and costs
//! nothing.
//!
//! **What we do.** Make a gateway endpoint with the route tables of the subnets, watch the
//! interface fall silent, delete it. A policy that names the interface must name the gateway.
//!
//! **What could go wrong.** A gateway endpoint serves its own VPC only. Whoever comes from
//! elsewhere, over a VPN, Direct Connect, peering or a transit gateway, needs the interface.
//! So a VPC with a route to any of them is left open, and an endpoint that is set up for callers
//! from outside is left alone.
//!
//! **Where others err.** They report every interface endpoint for S3, those that only serve
//! a data centre included.
//!
//! # 한국어
//!
//! 무료 게이트웨이 엔드포인트로 충분한데 S3나 DynamoDB에 인터페이스 엔드포인트를 쓰는 경우를 찾습니다.
//!
//! **비용이 드는 이유.** 인터페이스 엔드포인트는 가용 영역마다 시간 단위로, 그리고 GB 단위로 과금됩니다.
//! S3와 DynamoDB에는 라우팅만으로 동작하는 게이트웨이 엔드포인트가 있으며 요금이 없습니다.
//!
//! **제안하는 조치.** 해당 서브넷의 라우팅 테이블에 게이트웨이 엔드포인트를 연결하고, 인터페이스 엔드포인트의
//! 트래픽이 사라진 것을 확인한 뒤 삭제합니다. 정책에 엔드포인트 ID가 있다면 함께 바꿉니다.
//!
//! **주의할 점.** 게이트웨이 엔드포인트는 자기 VPC 안에서만 쓸 수 있습니다. VPN, Direct Connect, 피어링,
//! Transit Gateway를 거쳐 오는 호출에는 인터페이스 엔드포인트가 필요합니다. 그래서 이런 네트워크로 가는 라우팅이
//! 있는 VPC는 판단을 보류하고, 외부 호출용으로 설정된 엔드포인트는 제외합니다.
//!
//! **다른 도구와 다른 점.** 데이터 센터 전용 엔드포인트까지 모두 낭비로 보고하는 도구가 있습니다.

use trimtab_model::action::{Action, Setting};
use trimtab_model::evidence::{Evidence, Figure, UnseenSignal};
use trimtab_model::recommendation::{
    ActionType, Finding, ImplementationEffort, ReasonCode, Restart, Undo, Unknown, Verdict,
};
use trimtab_model::resource::vpc_endpoint::VpcEndpoint;
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::text::{Reason, StaticText, Text};

use crate::check::{Check, Facts, Need};
use crate::endpoint::list_cost;
use crate::saving::{EVERYTHING, deletion};
use crate::verdict::{Proposal, judge_each, pass, risk, unknown};

/// How the targets of routes to other networks begin: a virtual private gateway (VPN and Direct
/// Connect), a peering, a transit gateway, an Outpost's gateway, a core network.
const OTHER_NETWORKS: &[&str] = &["vgw-", "pcx-", "tgw-", "lgw-", "arn:"];

/// The check.
pub static CHECK: Check = Check {
    id: "vpc-endpoint-interface-s3",
    title: StaticText {
        en: "Interface endpoint where a free gateway endpoint serves",
        ko: "무료 게이트웨이 엔드포인트로 대체할 수 있는 인터페이스 엔드포인트",
    },
    kind: ResourceKind::VpcEndpoint,
    action_type: ActionType::Reconfigure,
    needs: &[
        Need::Kind(ResourceKind::VpcEndpoint),
        Need::Kind(ResourceKind::TransitGatewayAttachment),
        Need::Kind(ResourceKind::RouteTable),
        Need::OptionalBilling,
    ],
    thresholds: &[],
    judge: |check, facts| {
        judge_each(check, facts, ResourceKind::VpcEndpoint, &facts.snapshot.vpc_endpoints, judge)
    },
};

fn judge(
    check: &Check,
    facts: &Facts<'_>,
    endpoint: &Resource<VpcEndpoint>,
) -> Result<Verdict, Unknown> {
    let kind = &endpoint.kind;
    let served = ["s3", "dynamodb"]
        .iter()
        .find(|name| kind.service_name == format!("com.amazonaws.{}.{name}", endpoint.region));
    if !kind.is_interface() || served.is_none() {
        return Ok(pass(
            "no-gateway-for-it",
            "There is no gateway endpoint for this service, or it is one already.",
            "이 서비스에는 게이트웨이 엔드포인트가 없거나 이미 게이트웨이 엔드포인트입니다.",
        ));
    }
    if kind.private_dns_only_for_inbound_resolver_endpoint == Some(true) {
        return Ok(pass(
            "serves-callers-outside",
            "Its DNS answers callers outside the VPC only, whom a gateway endpoint cannot serve.",
            "VPC 외부 호출에만 응답하도록 설정되어 있어 게이트웨이 엔드포인트로 바꿀 수 없습니다.",
        ));
    }
    callers_are_local(facts, endpoint)?;
    let reference = endpoint.reference(ResourceKind::VpcEndpoint);
    let names = std::slice::from_ref(&endpoint.id);
    let savings = deletion(facts, &reference, names, EVERYTHING, list_cost(facts, endpoint))?;
    Ok(Proposal {
        action: Action::Set(Setting::EndpointGateway {
            vpc_id: kind.vpc_id.clone(),
            service_name: kind.service_name.clone(),
        }),
        finding: Finding::NotOptimized,
        reason_codes: vec![ReasonCode::FreeAlternative],
        reason: Reason::new(
            "gateway-is-free",
            format!("{} has a gateway endpoint, which costs nothing.", kind.service_name),
            format!("무료 게이트웨이 엔드포인트를 쓸 수 있는 서비스입니다: {}.", kind.service_name),
        ),
        savings,
        performance_risk: risk(endpoint.environment, 1),
        effort: ImplementationEffort::Medium,
        restart_needed: Restart::NotNeeded,
        undo: Undo::Compensating(Text::new(
            "A new interface endpoint has another identifier and other addresses.",
            "새 인터페이스 엔드포인트는 ID와 IP 주소가 바뀝니다.",
        )),
        evidence: Evidence {
            figures: vec![Figure::number(
                "zones",
                "Zones that are charged",
                "과금되는 가용 영역 수",
                kind.subnet_ids.len() as f64,
                "",
            )],
            signals_not_seen: vec![UnseenSignal {
                name: "callers".to_owned(),
                text: Text::new(
                    "Whether callers come through a machine in the VPC, such as a VPN server or a proxy. No route leads to a VPN, Direct Connect, peering or transit gateway.",
                    "VPC 안의 VPN 서버나 프록시 같은 장비를 거쳐 오는 호출이 있는지 알 수 없습니다. VPN, Direct Connect, 피어링, Transit Gateway로 가는 라우팅은 없습니다.",
                ),
            }],
            notes: vec![Text::new(
                "Open connections break once when the route changes, and security groups must admit the prefix list.",
                "라우팅이 바뀌는 순간 열려 있던 연결이 한 번 끊어지며, 보안 그룹에서 접두사 목록을 허용해야 합니다.",
            )],
            ..Evidence::default()
        },
    }
    .into_verdict(check, reference))
}

/// Makes sure that no other network reaches the VPC.
///
/// # Errors
/// Returns `Unknown` if one does, or if that cannot be seen.
fn callers_are_local(facts: &Facts<'_>, endpoint: &Resource<VpcEndpoint>) -> Result<(), Unknown> {
    let here = endpoint.origin();
    for kind in [ResourceKind::TransitGatewayAttachment, ResourceKind::RouteTable] {
        if !facts.snapshot.was_listed(kind, &endpoint.account, &endpoint.region) {
            return Err(unknown(
                "callers-unknown",
                "Whether another network leads to the VPC is not known.",
                "이 VPC에 연결된 다른 네트워크가 있는지 알 수 없습니다.",
                &[&format!("inventory:{}", kind.operation())],
            ));
        }
    }
    let vpc = endpoint.kind.vpc_id.as_ref();
    let attached =
        facts.snapshot.transit_gateway_attachments.iter().any(|one| {
            one.origin() == here && vpc.is_some() && one.kind.attached_id.as_ref() == vpc
        });
    // Whoever calls from elsewhere needs a way back, which a route table of the VPC has: routes
    // that a gateway propagates stand there too.
    let way_back = facts
        .snapshot
        .route_tables
        .iter()
        .filter(|table| table.origin() == here && table.kind.vpc_id.as_ref() == vpc)
        .flat_map(|table| &table.kind.targets)
        .find(|target| OTHER_NETWORKS.iter().any(|start| target.starts_with(start)));
    if !attached && way_back.is_none() {
        return Ok(());
    }
    let target = way_back.map_or("tgw", String::as_str);
    Err(unknown(
        "callers-unknown",
        format!(
            "The VPC leads to another network ({target}): callers there may need the interface."
        ),
        format!(
            "다른 네트워크로 연결된 VPC({target})라 그쪽에서 이 엔드포인트를 쓰고 있을 수 있습니다."
        ),
        &["flow-logs"],
    ))
}

#[cfg(test)]
mod tests {
    use trimtab_model::resource::ResourceKind;

    use super::CHECK;
    use crate::scene::{Scene, check, scene};

    fn interface_for(service: &str) -> Scene {
        scene().vpc_endpoint(|one| {
            one.kind.service_name = format!("com.amazonaws.us-east-1.{service}");
        })
    }

    #[test]
    fn an_interface_for_s3_fires() {
        check(&CHECK, interface_for("s3"), "recommend 14.60 / 14.60 / 14.60");
    }

    #[test]
    fn an_interface_for_another_service_passes() {
        check(&CHECK, interface_for("logs"), "pass no-gateway-for-it");
    }

    #[test]
    fn a_service_whose_name_only_begins_so_is_just_under() {
        check(&CHECK, interface_for("s3-outposts"), "pass no-gateway-for-it");
    }

    #[test]
    fn a_vpc_behind_a_transit_gateway_is_unknown() {
        let scene = interface_for("s3").transit_gateway_attachment(|_| ());
        check(&CHECK, scene, "unknown callers-unknown");
    }

    #[test]
    fn a_vpc_with_a_route_to_another_network_is_unknown() {
        for target in
            ["vgw-1", "pcx-1", "tgw-1", "lgw-1", "arn:aws:networkmanager::1:core-network/1"]
        {
            let scene = interface_for("s3")
                .route_table(|table| table.kind.targets = vec!["igw-1".into(), target.into()]);
            check(&CHECK, scene, "unknown callers-unknown");
        }
        let elsewhere = interface_for("s3").route_table(|table| {
            table.kind.vpc_id = Some("vpc-2".into());
            table.kind.targets = vec!["pcx-1".into()];
        });
        check(&CHECK, elsewhere, "recommend 14.60 / 14.60 / 14.60");
    }

    #[test]
    fn without_the_route_tables_it_is_unknown() {
        let mut scene = interface_for("s3");
        scene.snapshot.listed.remove(&ResourceKind::RouteTable);
        check(&CHECK, scene, "unknown callers-unknown");
    }

    #[test]
    fn without_the_attachments_it_is_unknown() {
        let mut scene = interface_for("dynamodb");
        scene.snapshot.listed.remove(&ResourceKind::TransitGatewayAttachment);
        check(&CHECK, scene, "unknown callers-unknown");
    }

    #[test]
    fn an_endpoint_for_callers_outside_passes() {
        let scene = scene().vpc_endpoint(|one| {
            one.kind.service_name = "com.amazonaws.us-east-1.s3".into();
            one.kind.private_dns_only_for_inbound_resolver_endpoint = Some(true);
        });
        check(&CHECK, scene, "pass serves-callers-outside");
    }
}
