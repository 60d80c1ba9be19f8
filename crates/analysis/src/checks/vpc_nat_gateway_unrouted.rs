//! Finds NAT gateways that no route table leads to.
//!
//! **Why it costs.** A NAT gateway is charged by the hour from its creation to its deletion.
//! Without a route to it no packet can reach it: often the routes were moved to a newer
//! gateway and the old one was left.
//!
//! **What we do.** Delete it, and release its Elastic IP address if nothing else needs it.
//!
//! **What could go wrong.** A script that moves the routes to a standby gateway when a zone
//! fails. A new gateway has another identifier.
//!
//! **Where others err.** They wait for weeks of metrics. The route tables tell at once, and
//! any traffic on the bill or in the metrics still clears the gateway.
//!
//! # 한국어
//!
//! 어떤 라우팅 테이블에서도 쓰지 않는 NAT 게이트웨이를 찾습니다.
//!
//! **비용이 드는 이유.** NAT 게이트웨이는 생성부터 삭제까지 시간 단위로 과금됩니다. 라우팅이 없으면 패킷이 도달할
//! 수 없는데, 새 게이트웨이로 라우팅을 옮긴 뒤 이전 것을 지우지 않은 경우가 많습니다.
//!
//! **제안하는 조치.** 게이트웨이를 삭제하고, 쓸 곳이 없으면 Elastic IP도 해제합니다.
//!
//! **주의할 점.** 영역 장애 시 스크립트로 라우팅을 바꾸는 예비 게이트웨이일 수 있습니다. 다시 만들면 ID가 바뀝니다.
//!
//! **다른 도구와 다른 점.** 몇 주치 지표를 기다리지 않고 라우팅 테이블로 바로 판단합니다. 청구서나 지표에 트래픽이
//! 조금이라도 있으면 제안하지 않습니다.

use trimtab_model::action::Action;
use trimtab_model::evidence::{Evidence, Figure, UnseenSignal};
use trimtab_model::metric::Statistic;
use trimtab_model::period::HOURS_PER_MONTH;
use trimtab_model::recommendation::{
    ActionType, Finding, ImplementationEffort, ReasonCode, Restart, Threshold, Undo, Unknown,
    Verdict,
};
use trimtab_model::resource::nat_gateway::NatGateway;
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::text::{Reason, StaticText, Text};

use crate::check::{Check, Facts, Need, days_between};
use crate::nat::{COUNTERS, leading_to, tables_of_vpc};
use crate::observation::{MIN_COVERAGE_PERCENT, MIN_DAYS};
use crate::passage::{Passage, passage};
use crate::pricing::Tariff;
use crate::saving::{EVERYTHING, deletion};
use crate::verdict::{Proposal, judge_each, pass, risk, unknown};

/// The check.
pub static CHECK: Check = Check {
    id: "vpc-nat-gateway-unrouted",
    title: StaticText {
        en: "NAT gateway without a route to it",
        ko: "라우팅 테이블에서 쓰지 않는 NAT 게이트웨이",
    },
    kind: ResourceKind::NatGateway,
    action_type: ActionType::Delete,
    needs: &[
        Need::Kind(ResourceKind::NatGateway),
        Need::Kind(ResourceKind::RouteTable),
        Need::OptionalMetric("AWS/NATGateway", "BytesInFromSource", &[Statistic::Sum]),
        Need::OptionalMetric("AWS/NATGateway", "BytesInFromDestination", &[Statistic::Sum]),
        Need::OptionalBilling,
    ],
    thresholds: &[
        Threshold {
            name: "min_age_days",
            default: "2",
            unit: "days",
            text: StaticText {
                en: "Age from which a gateway is judged: its routes may still be on their way.",
                ko: "판단 대상이 되는 최소 생성 후 일수입니다. 막 만든 게이트웨이는 라우팅 전일 수 있습니다.",
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
    if gateway.kind.state != "available" {
        return Ok(pass(
            "not-available",
            format!("The gateway is {}.", gateway.kind.state),
            format!("게이트웨이 상태가 {}입니다.", gateway.kind.state),
        ));
    }
    let tables = tables_of_vpc(facts, gateway)?;
    if tables.is_empty() {
        // Every VPC has a main table; in a shared one it belongs to the owner's account.
        return Err(unknown(
            "routes-unknown",
            "The VPC's route tables belong to another account.",
            "라우팅 테이블이 다른 계정의 소유라 확인할 수 없습니다.",
            &["inventory:describe-route-tables"],
        ));
    }
    if !leading_to(&tables, gateway).is_empty() {
        return Ok(pass(
            "routed",
            "A route table leads to the gateway.",
            "라우팅 테이블에서 이 게이트웨이를 사용하고 있습니다.",
        ));
    }
    let min_age_days = check.threshold_f64(facts, "min_age_days");
    let age_days = gateway.kind.create_time.map(|created| days_between(created, facts.now));
    if let Some(age_days) = age_days.filter(|age| f64::from(*age) < min_age_days) {
        return Ok(pass(
            "too-young",
            format!("The gateway is {age_days} days old; its routes may follow."),
            format!("생성된 지 {age_days}일이라 아직 라우팅 전일 수 있습니다."),
        ));
    }
    let names = std::slice::from_ref(&gateway.id);
    let passed = passage(check, facts, gateway, ResourceKind::NatGateway, names, &COUNTERS);
    if let Ok(Passage::Something { counter, .. }) = passed {
        return Ok(pass(
            "in-use",
            format!("{counter} shows traffic within the window."),
            format!("관측 기간에 트래픽이 있었습니다({counter})."),
        ));
    }
    let reference = gateway.reference(ResourceKind::NatGateway);
    let list =
        Tariff::of(facts, gateway).meter("NAT gateway", HOURS_PER_MONTH.into(), "nat/gateway_hour");
    let savings = deletion(facts, &reference, names, EVERYTHING, list.map(|part| vec![part]))?;
    let tables = tables.len();
    Ok(Proposal {
        action: Action::DeleteNatGateway {
            subnet_id: gateway.kind.subnet_id.clone(),
            allocation_id: gateway.kind.allocation_ids.first().cloned(),
        },
        finding: Finding::Unused,
        reason_codes: vec![ReasonCode::Unreachable],
        reason: Reason::new(
            "no-route",
            format!("None of the VPC's {tables} route tables leads to it."),
            format!("이 VPC의 라우팅 테이블 {tables}개 모두 이 게이트웨이를 쓰지 않습니다."),
        ),
        savings,
        performance_risk: risk(gateway.environment, 0),
        effort: ImplementationEffort::VeryLow,
        restart_needed: Restart::NotNeeded,
        undo: Undo::Compensating(Text::new(
            "A new gateway has another id and private address.",
            "새 게이트웨이는 ID와 프라이빗 IP가 바뀝니다.",
        )),
        evidence: Evidence {
            figures: vec![
                Figure::number("routes", "Routes to it", "연결된 경로 수", 0.0, "").against(0.0),
            ],
            signals_not_seen: vec![UnseenSignal {
                name: "failover".to_owned(),
                text: Text::new(
                    "Whether a script moves routes to it when another zone fails.",
                    "장애 시 이 게이트웨이로 라우팅을 바꾸는 스크립트가 있는지 알 수 없습니다.",
                ),
            }],
            notes: vec![Text::new(
                "Its Elastic IP address stays and is charged as idle: release it afterwards.",
                "연결되어 있던 Elastic IP는 남아서 유휴 주소로 과금되므로 이어서 해제하세요.",
            )],
            ..Evidence::default()
        },
    }
    .into_verdict(check, reference))
}

#[cfg(test)]
mod tests {
    use trimtab_model::resource::ResourceKind;

    use super::CHECK;
    use crate::scene::{Scene, check, days_ago, scene};

    fn leads_to(target: &str) -> Scene {
        scene().nat_gateway(|_| ()).route_table(|table| table.kind.targets = vec![target.into()])
    }

    #[test]
    fn a_gateway_that_no_table_names_fires() {
        check(&CHECK, leads_to("nat-2"), "recommend 32.85 / 32.85 / 32.85");
    }

    #[test]
    fn a_gateway_with_a_route_passes() {
        check(&CHECK, leads_to("nat-1"), "pass routed");
    }

    #[test]
    fn a_gateway_of_one_day_is_just_under_the_threshold() {
        let scene = scene()
            .nat_gateway(|gateway| gateway.kind.create_time = Some(days_ago(1)))
            .route_table(|table| table.kind.targets.clear());
        check(&CHECK, scene, "pass too-young");
    }

    #[test]
    fn a_gateway_with_traffic_on_the_bill_passes() {
        let scene = leads_to("igw-1").bill("nat-1", "NatGateway-Hours", "720", "32.4").bill(
            "nat-1",
            "NatGateway-Bytes",
            "1",
            "0.045",
        );
        check(&CHECK, scene, "pass in-use");
    }

    #[test]
    fn without_route_tables_it_is_unknown() {
        let mut scene = leads_to("nat-2");
        scene.snapshot.listed.remove(&ResourceKind::RouteTable);
        check(&CHECK, scene, "unknown routes-unknown");
        check(&CHECK, alone(), "unknown routes-unknown");
    }

    fn alone() -> Scene {
        scene().nat_gateway(|_| ())
    }
}
