//! Finds public IPv4 addresses in subnets that have no way to the internet gateway.
//!
//! **Why it costs.** Every public IPv4 address in use is charged by the hour. In a subnet
//! whose route table does not lead to an internet gateway an answer never finds its way back,
//! so the address serves nobody: what leaves the subnet goes through a NAT gateway with
//! another address.
//!
//! **What we do.** Take the address off the interface; an Elastic IP address is released.
//!
//! **What could go wrong.** Somebody is about to add the route. Others may admit the address.
//!
//! **Where others err.** They count public addresses and call all of them waste. We look at
//! the routes, and leave alone whatever an appliance, a firewall endpoint or anything else than
//! a NAT gateway, a transit gateway, a VPN or a peering stands in front of.
//!
//! # 한국어
//!
//! 인터넷 게이트웨이로 나갈 경로가 없는 서브넷의 퍼블릭 IPv4 주소를 찾습니다.
//!
//! **비용이 드는 이유.** 사용 중인 퍼블릭 IPv4 주소는 모두 시간 단위로 과금됩니다. 라우팅 테이블에 인터넷 게이트웨이로
//! 가는 경로가 없는 서브넷에서는 응답이 돌아갈 수 없으므로 주소가 쓰이지 않습니다. 외부로 나가는 트래픽은 NAT
//! 게이트웨이의 다른 주소로 나갑니다.
//!
//! **제안하는 조치.** 인터페이스에서 주소를 제거하고, Elastic IP라면 해제합니다.
//!
//! **주의할 점.** 곧 경로를 추가할 예정이거나, 상대방이 이 주소를 허용 목록에 두었을 수 있습니다.
//!
//! **다른 도구와 다른 점.** 퍼블릭 주소의 수만 세어 모두 낭비로 보는 대신 실제 경로를 확인합니다. NAT 게이트웨이,
//! Transit Gateway, VPN, 피어링 외에 방화벽 엔드포인트나 어플라이언스로 가는 경로가 있으면 제안하지 않습니다.

use trimtab_model::action::{Action, Setting};
use trimtab_model::evidence::{Evidence, Figure};
use trimtab_model::id::ResourceId;
use trimtab_model::period::HOURS_PER_MONTH;
use trimtab_model::recommendation::{
    ActionType, Finding, ImplementationEffort, ReasonCode, Restart, Undo, Unknown, Verdict,
};
use trimtab_model::resource::network_interface::NetworkInterface;
use trimtab_model::resource::route_table::RouteTable;
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::text::{Reason, StaticText, Text};

use crate::billed::is_usage;
use crate::check::{Check, Facts, Need};
use crate::pricing::Tariff;
use crate::saving::{Commitment, Meter, deletion};
use crate::verdict::{Proposal, exempt, judge_each, pass, risk, unknown};

/// Picks the address, also where the bill puts it on the instance.
const ADDRESS: Meter = Meter {
    charges: |charge| is_usage(charge, &["PublicIPv4:InUseAddress", "PublicIPv4:IdleAddress"]),
    commitment: Commitment::Impossible,
};

/// Targets through which a public address is never seen: NAT, transit gateway, VPN, peering.
const ELSEWHERE: &[&str] = &["nat-", "tgw-", "vgw-", "pcx-"];

/// The check.
pub static CHECK: Check = Check {
    id: "ec2-public-ipv4-unroutable",
    title: StaticText {
        en: "Public IPv4 address in a subnet without a way to the internet gateway",
        ko: "인터넷 게이트웨이 경로가 없는 서브넷의 퍼블릭 IPv4 주소",
    },
    kind: ResourceKind::NetworkInterface,
    action_type: ActionType::Reconfigure,
    needs: &[
        Need::Kind(ResourceKind::NetworkInterface),
        Need::Kind(ResourceKind::RouteTable),
        Need::Kind(ResourceKind::VpcEndpoint),
        Need::OptionalBilling,
    ],
    thresholds: &[],
    judge: |check, facts| {
        let kind = ResourceKind::NetworkInterface;
        judge_each(check, facts, kind, &facts.snapshot.network_interfaces, judge)
    },
};

fn judge(
    check: &Check,
    facts: &Facts<'_>,
    interface: &Resource<NetworkInterface>,
) -> Result<Verdict, Unknown> {
    let kind = &interface.kind;
    let Some(public_ip) = &kind.public_ip else {
        return Ok(pass(
            "no-public-address",
            "The interface has no public address.",
            "퍼블릭 주소가 없는 인터페이스입니다.",
        ));
    };
    if kind.requester_managed == Some(true) || kind.instance_id.is_none() {
        return Ok(exempt(
            "managed-by-service",
            "An AWS service manages this interface and its address.",
            "AWS 서비스가 인터페이스와 주소를 관리합니다.",
        ));
    }
    let table = table_of(facts, interface)?;
    let gateway_endpoint = |target: &str| {
        facts
            .snapshot
            .vpc_endpoints
            .iter()
            .any(|one| one.id.as_str() == target && one.kind.is_gateway())
    };
    let leads_out = table.kind.targets.iter().find(|target| {
        !ELSEWHERE.iter().any(|prefix| target.starts_with(prefix)) && !gateway_endpoint(target)
    });
    if let Some(target) = leads_out {
        return Ok(pass(
            "routable",
            format!("A route of the subnet leads to {target}."),
            format!("서브넷의 라우팅에 다음 대상이 있습니다: {target}."),
        ));
    }
    if table.kind.targets.is_empty() {
        return Ok(pass(
            "isolated",
            "The subnet leads nowhere at all: it may be under construction.",
            "외부로 나가는 경로가 전혀 없는 서브넷이라 아직 구성 중일 수 있습니다.",
        ));
    }
    let reference = interface.reference(ResourceKind::NetworkInterface);
    let hours = HOURS_PER_MONTH.into();
    let list = Tariff::of(facts, interface).meter("public IPv4", hours, "vpc/public_ipv4_in_use");
    let names: Vec<ResourceId> = std::iter::once(interface.id.clone())
        .chain(kind.allocation_id.as_deref().map(ResourceId::new))
        .collect();
    let savings = deletion(facts, &reference, &names, ADDRESS, list.map(|part| vec![part]))?;
    Ok(Proposal {
        action: Action::Set(Setting::PublicAddress {
            public_ip: public_ip.clone(),
            allocation_id: kind.allocation_id.clone(),
        }),
        finding: Finding::Unused,
        reason_codes: vec![ReasonCode::Unreachable],
        reason: Reason::new(
            "no-way-out",
            format!("{} leads to no internet gateway, so the address cannot be used.", table.id),
            format!(
                "인터넷 게이트웨이 경로가 없어 쓸 수 없는 주소입니다. 라우팅 테이블: {}.",
                table.id
            ),
        ),
        savings,
        performance_risk: risk(interface.environment, 1),
        effort: ImplementationEffort::Low,
        restart_needed: Restart::NotNeeded,
        undo: Undo::Compensating(Text::new(
            "The interface gets another public address when it is given one again.",
            "다시 퍼블릭 주소를 붙이면 다른 주소가 됩니다.",
        )),
        evidence: Evidence {
            figures: vec![
                Figure::word("public_ip", "Public address", "퍼블릭 주소", public_ip.as_str()),
                Figure::word("route_table", "Route table", "라우팅 테이블", table.id.as_str()),
            ],
            ..Evidence::default()
        },
    }
    .into_verdict(check, reference))
}

/// Returns the table of the interface's subnet: its own, else the VPC's main one.
fn table_of<'a>(
    facts: &Facts<'a>,
    interface: &Resource<NetworkInterface>,
) -> Result<&'a Resource<RouteTable>, Unknown> {
    let of_vpc = |table: &&Resource<RouteTable>| {
        table.account == interface.account
            && table.region == interface.region
            && table.kind.vpc_id.is_some()
            && table.kind.vpc_id == interface.kind.vpc_id
    };
    let tables = || facts.snapshot.route_tables.iter().filter(of_vpc);
    let subnet = interface.kind.subnet_id.as_ref();
    tables()
        .find(|table| subnet.is_some_and(|subnet| table.kind.subnet_ids.contains(subnet)))
        .or_else(|| tables().find(|table| table.kind.main))
        .ok_or_else(|| {
            unknown(
                "routes-unknown",
                "The route table of the subnet was not read.",
                "이 서브넷의 라우팅 테이블 정보가 없습니다.",
                &["inventory:describe-route-tables"],
            )
        })
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::scene::{Scene, check, scene};

    fn routed_to(target: &str) -> Scene {
        scene()
            .network_interface(|_| ())
            .route_table(|table| table.kind.targets = vec![target.into()])
    }

    #[test]
    fn an_address_behind_a_nat_gateway_fires() {
        check(&CHECK, routed_to("nat-1"), "recommend 3.65 / 3.65 / 3.65");
    }

    #[test]
    fn an_address_with_an_internet_gateway_passes() {
        check(&CHECK, routed_to("igw-1"), "pass routable");
    }

    #[test]
    fn a_subnet_that_leads_nowhere_passes() {
        let scene =
            scene().network_interface(|_| ()).route_table(|table| table.kind.targets.clear());
        check(&CHECK, scene, "pass isolated");
    }

    #[test]
    fn a_firewall_endpoint_in_front_is_just_under_and_passes() {
        check(&CHECK, routed_to("vpce-9"), "pass routable");
    }

    #[test]
    fn a_subnet_with_a_table_of_its_own_is_judged_by_that_one() {
        let scene = routed_to("igw-1").route_table(|table| {
            table.id = "rtb-2".into();
            table.kind.main = false;
            table.kind.subnet_ids = vec!["subnet-1".into()];
        });
        check(&CHECK, scene, "recommend 3.65 / 3.65 / 3.65");
    }

    #[test]
    fn without_the_table_it_is_unknown() {
        check(&CHECK, scene().network_interface(|_| ()), "unknown routes-unknown");
    }

    #[test]
    fn the_address_of_a_service_is_exempt() {
        let scene = scene().network_interface(|one| one.kind.requester_managed = Some(true));
        check(&CHECK, scene, "exempt managed-by-service");
    }
}
