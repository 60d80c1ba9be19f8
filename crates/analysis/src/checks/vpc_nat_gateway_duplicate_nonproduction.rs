//! Finds several NAT gateways in one VPC outside production.
//!
//! **Why it costs.** Each NAT gateway is charged by the hour. One per zone keeps the others'
//! way out when a zone fails, which is worth its price in production and rarely elsewhere.
//!
//! **What we do.** Outside production, keep the gateway that processes most, lead the routes
//! of the others to it, delete the others.
//!
//! **What it saves.** The hours of the gateway that goes, less what its traffic then pays for
//! crossing to the other zone: every gigabyte twice, once on each side.
//!
//! **What could go wrong.** A zone that fails takes the way out of all of them with it. Whoever
//! admits callers by the address of the gateway that goes must admit the other one.
//!
//! **Where others err.** They leave out the traffic between zones that the change adds.
//!
//! # 한국어
//!
//! 운영 환경이 아닌데 한 VPC에 여러 개 있는 NAT 게이트웨이를 찾습니다.
//!
//! **비용이 드는 이유.** NAT 게이트웨이는 하나마다 시간 단위로 과금됩니다. 가용 영역마다 두면 한 영역의 장애가 다른
//! 영역에 번지지 않는데, 운영 환경에서는 그 값을 하지만 다른 환경에서는 그렇지 않은 경우가 많습니다.
//!
//! **제안하는 조치.** 운영 환경이 아니면 처리량이 가장 많은 게이트웨이를 남기고, 나머지의 라우팅을 그쪽으로 옮긴 뒤
//! 삭제합니다.
//!
//! **절감액.** 삭제할 게이트웨이의 시간 요금에서, 트래픽이 다른 영역으로 넘어가며 늘어나는 전송 요금을 뺍니다.
//! 영역 간 전송은 양쪽에서 한 번씩, 1 GB당 두 번 과금됩니다.
//!
//! **주의할 점.** 남긴 영역에 장애가 나면 모든 영역의 외부 접속이 함께 끊깁니다. 삭제할 게이트웨이의 주소를 허용한
//! 상대가 있으면 남는 주소를 추가로 허용해야 합니다.
//!
//! **다른 도구와 다른 점.** 변경 후 늘어나는 영역 간 전송 요금을 빠뜨리는 도구가 있습니다.

use rust_decimal::Decimal;

use trimtab_model::action::{Action, Setting};
use trimtab_model::environment::Environment;
use trimtab_model::evidence::{Evidence, Figure};
use trimtab_model::metric::Statistic;
use trimtab_model::period::HOURS_PER_MONTH;
use trimtab_model::recommendation::{
    ActionType, Finding, ImplementationEffort, ReasonCode, Restart, Undo, Unknown, Verdict,
};
use trimtab_model::resource::nat_gateway::NatGateway;
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::text::{Reason, StaticText, Text};

use crate::billed::is_usage;
use crate::check::{Check, Facts, Need};
use crate::nat::{leading_to, processed_gb, tables_of_vpc};
use crate::observation::{MIN_COVERAGE_PERCENT, MIN_DAYS};
use crate::pricing::Tariff;
use crate::saving::{Commitment, Meter, estimate_of};
use crate::verdict::{Proposal, judge_each, pass, risk, unknown};

/// Picks the hours, which end; what is processed moves to the other gateway.
const HOURS: Meter = Meter {
    charges: |charge| is_usage(charge, &["NatGateway-Hours"]),
    commitment: Commitment::Impossible,
};

/// The check.
pub static CHECK: Check = Check {
    id: "vpc-nat-gateway-duplicate-nonproduction",
    title: StaticText {
        en: "Several NAT gateways in one VPC outside production",
        ko: "운영 환경이 아닌 VPC에 여러 개 있는 NAT 게이트웨이",
    },
    kind: ResourceKind::NatGateway,
    action_type: ActionType::ScaleIn,
    needs: &[
        Need::Kind(ResourceKind::NatGateway),
        Need::Kind(ResourceKind::RouteTable),
        Need::OptionalMetric("AWS/NATGateway", "BytesInFromSource", &[Statistic::Sum]),
        Need::OptionalMetric("AWS/NATGateway", "BytesInFromDestination", &[Statistic::Sum]),
        Need::OptionalBilling,
    ],
    thresholds: &[MIN_DAYS, MIN_COVERAGE_PERCENT],
    judge: |check, facts| {
        judge_each(check, facts, ResourceKind::NatGateway, &facts.snapshot.nat_gateways, judge)
    },
};

fn judge(
    check: &Check,
    facts: &Facts<'_>,
    gateway: &Resource<NatGateway>,
) -> Result<Verdict, Unknown> {
    let siblings: Vec<_> = facts
        .snapshot
        .nat_gateways
        .iter()
        .filter(|other| is_sibling(other, gateway) && other.kind.vpc_id.is_some())
        .collect();
    if !is_public(&gateway.kind) || siblings.is_empty() {
        return Ok(pass(
            "the-only-one",
            "It is the only public NAT gateway of its VPC.",
            "이 VPC의 유일한 퍼블릭 NAT 게이트웨이입니다.",
        ));
    }
    match gateway.environment {
        Environment::Prod => {
            return Ok(pass(
                "production",
                "Production keeps a gateway in every zone.",
                "운영 환경은 가용 영역마다 게이트웨이를 유지합니다.",
            ));
        }
        Environment::Unknown => {
            return Err(unknown(
                "environment-unknown",
                "No tag says whether this is production.",
                "운영 환경인지 알 수 있는 태그가 없습니다.",
                &["tags"],
            ));
        }
        Environment::Dev | Environment::Staging => {}
    }
    let tables = tables_of_vpc(facts, gateway)?;
    let own = processed_gb(check, facts, gateway)?;
    let mut kept = (own, gateway);
    for sibling in siblings {
        let processed = processed_gb(check, facts, sibling)?;
        if (processed, &kept.1.id) > (kept.0, &sibling.id) {
            kept = (processed, sibling);
        }
    }
    if kept.1.id == gateway.id || own.is_zero() {
        return Ok(pass(
            "stays",
            "It processes most of them, or nothing at all, which another check looks at.",
            "처리량이 가장 많아 남길 게이트웨이이거나, 처리량이 없어 다른 점검에서 다룹니다.",
        ));
    }
    let reference = gateway.reference(ResourceKind::NatGateway);
    let tariff = Tariff::of(facts, gateway);
    let crossing = tariff.meter(
        "traffic between zones",
        own * Decimal::TWO,
        "data_transfer/intra_region_both_directions",
    )?;
    let savings = estimate_of(
        facts,
        &reference,
        std::slice::from_ref(&gateway.id),
        HOURS,
        vec![tariff.meter("NAT gateway", HOURS_PER_MONTH.into(), "nat/gateway_hour")?],
        vec![crossing],
    )?;
    Ok(Proposal {
        action: Action::Set(Setting::NatRoutes {
            into: kept.1.id.as_str().to_owned(),
            route_table_ids: leading_to(&tables, gateway),
        }),
        finding: Finding::Overprovisioned,
        reason_codes: vec![ReasonCode::OneZoneSuffices],
        reason: Reason::new(
            "several-gateways",
            format!("{} of the same VPC can carry its traffic.", kept.1.id),
            format!(
                "같은 VPC의 다른 게이트웨이가 트래픽을 대신 처리할 수 있습니다: {}.",
                kept.1.id
            ),
        ),
        savings,
        performance_risk: risk(gateway.environment, 1),
        effort: ImplementationEffort::Medium,
        restart_needed: Restart::NotNeeded,
        undo: Undo::Compensating(Text::new(
            "A new gateway has another id and private address; open connections break again.",
            "새 게이트웨이는 ID와 프라이빗 IP가 바뀌며, 열려 있던 연결이 다시 끊어집니다.",
        )),
        evidence: evidence(own, kept.0),
    }
    .into_verdict(check, reference))
}

fn is_public(gateway: &NatGateway) -> bool {
    gateway.state == "available" && gateway.connectivity_type.as_deref() != Some("private")
}

fn is_sibling(other: &Resource<NatGateway>, gateway: &Resource<NatGateway>) -> bool {
    other.id != gateway.id
        && other.account == gateway.account
        && other.region == gateway.region
        && other.kind.vpc_id == gateway.kind.vpc_id
        && is_public(&other.kind)
}

fn evidence(own: Decimal, kept: Decimal) -> Evidence {
    use rust_decimal::prelude::ToPrimitive;
    let number = |value: Decimal| value.to_f64().unwrap_or_default();
    Evidence {
        figures: vec![
            Figure::number("processed_gb", "Processed a month", "월 처리량", number(own), "GB"),
            Figure::number(
                "kept_processed_gb",
                "Processed by the one that stays",
                "남는 게이트웨이의 월 처리량",
                number(kept),
                "GB",
            ),
        ],
        notes: vec![Text::new(
            "Open connections break once when the routes change; whoever admits its address must admit the other one.",
            "라우팅이 바뀌는 순간 열려 있던 연결이 한 번 끊어집니다. 이 주소를 허용한 상대에게 남는 주소를 알려야 합니다.",
        )],
        ..Evidence::default()
    }
}

#[cfg(test)]
mod tests {
    use trimtab_model::environment::Environment;

    use super::CHECK;
    use crate::scene::{Scene, check, scene};

    /// Two gateways; the first processes `gigabytes` in 30 days and the second 1000.
    fn two(gigabytes: &str) -> Scene {
        scene()
            .route_table(|_| ())
            .nat_gateway(|_| ())
            .nat_gateway(|gateway| gateway.id = "nat-2".into())
            .bill("nat-1", "NatGateway-Hours", "720", "32.40")
            .bill("nat-1", "NatGateway-Bytes", gigabytes, "1")
            .bill("nat-2", "NatGateway-Hours", "720", "32.40")
            .bill("nat-2", "NatGateway-Bytes", "1000", "45")
    }

    #[test]
    fn the_less_used_of_two_fires_less_the_traffic_between_zones() {
        // 720/730 of a month: 100 GB on the bill are 101.39 a month, twice at 0.01.
        check(&CHECK, two("100"), "recommend 30.82 / 30.82 / 30.82");
    }

    #[test]
    fn in_production_it_passes() {
        let mut scene = two("100");
        scene.snapshot.nat_gateways[0].environment = Environment::Prod;
        check(&CHECK, scene, "pass production");
    }

    #[test]
    fn one_gateway_is_just_under_the_threshold() {
        check(&CHECK, scene().nat_gateway(|_| ()), "pass the-only-one");
    }

    #[test]
    fn traffic_between_zones_that_costs_more_than_the_hours_passes() {
        check(&CHECK, two("900"), "recommend 14.60 / 14.60 / 14.60");
        let mut scene = two("2000");
        scene.charges.resources.retain(|one| one.resource_id.as_str() != "nat-2");
        let scene = scene.bill("nat-2", "NatGateway-Hours", "720", "32.40").bill(
            "nat-2",
            "NatGateway-Bytes",
            "3000",
            "135",
        );
        check(&CHECK, scene, "pass no-saving");
    }

    #[test]
    fn without_figures_it_is_unknown() {
        let scene = scene()
            .route_table(|_| ())
            .nat_gateway(|_| ())
            .nat_gateway(|gateway| gateway.id = "nat-2".into());
        check(&CHECK, scene, "unknown metric-missing");
    }
}
