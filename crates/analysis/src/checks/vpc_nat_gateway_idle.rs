//! Finds NAT gateways through which nothing passes.
//!
//! **Why it costs.** A NAT gateway is charged by the hour from its creation to its
//! deletion, whether or not a packet passes.
//!
//! **What we do.** Delete it after its routes have been taken out of the route tables. Its
//! Elastic IP address stays and is then charged as an idle one: release it too.
//!
//! **What could go wrong.** A standby for another zone, or a job that runs once a quarter.
//! Routes that still name the gateway become black holes. A new gateway has another id
//! and, unless the address was kept, another public address.
//!
//! **Where others err.** Some judge by one metric for seven days. We need the bytes of all
//! four directions and the connection count, without a gap, for 14 days or as long as was
//! read; any one of them above zero clears the gateway at once.
//!
//! # 한국어
//!
//! 트래픽이 전혀 지나가지 않는 NAT 게이트웨이를 찾습니다.
//!
//! **비용이 드는 이유.** NAT 게이트웨이는 패킷이 지나가든 지나가지 않든 만든 때부터 삭제할 때까지
//! 시간당 요금이 부과됩니다.
//!
//! **제안하는 조치.** 라우팅 테이블에서 경로를 먼저 제거한 다음 삭제합니다. Elastic IP 주소는 남아서
//! 유휴 주소로 과금되므로 함께 해제하세요.
//!
//! **주의할 점.** 다른 가용 영역의 대기용이거나 분기에 한 번 도는 작업에 쓰일 수 있습니다. 게이트웨이를
//! 가리키는 경로가 남아 있으면 그 경로의 트래픽은 블랙홀로 사라집니다. 새로 만든 게이트웨이는 ID가
//! 다르고, 주소를 남겨 두지 않았다면 퍼블릭 주소도 다릅니다.
//!
//! **다른 도구와 다른 점.** 지표 하나를 7일 동안만 보고 판단하는 도구가 있습니다. trimtab은 네 방향의
//! 바이트 수와 연결 수가 14일 또는 읽은 기간 전체에 빠짐없이 있어야 판단하며, 그중 하나라도 0보다 크면
//! 바로 정상으로 봅니다.

use trimtab_model::action::Action;
use trimtab_model::evidence::{Evidence, Figure, UnseenSignal};
use trimtab_model::metric::Statistic;
use trimtab_model::period::HOURS_PER_MONTH;
use trimtab_model::recommendation::{
    ActionType, Finding, ImplementationEffort, ReasonCode, Restart, Undo, Unknown, Verdict,
};
use trimtab_model::resource::nat_gateway::NatGateway;
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::text::{Reason, StaticText, Text, counted};

use crate::check::{Check, Facts, Need, days_between};
use crate::observation::{MIN_COVERAGE_PERCENT, MIN_DAYS, Observation};
use crate::pricing::Tariff;
use crate::saving::{EVERYTHING, deletion};
use crate::verdict::{Proposal, judge_each, pass, risk};

/// The metrics that must all be zero, and the statistic of each.
const SIGNALS: &[(&str, &[Statistic])] = &[
    ("BytesOutToDestination", &[Statistic::Sum]),
    ("BytesOutToSource", &[Statistic::Sum]),
    ("BytesInFromSource", &[Statistic::Sum]),
    ("BytesInFromDestination", &[Statistic::Sum]),
    ("ActiveConnectionCount", &[Statistic::Maximum]),
];

/// The check.
pub static CHECK: Check = Check {
    id: "vpc-nat-gateway-idle",
    title: StaticText {
        en: "NAT gateway without traffic", ko: "트래픽이 없는 NAT 게이트웨이"
    },
    kind: ResourceKind::NatGateway,
    action_type: ActionType::Delete,
    needs: &[
        Need::Kind(ResourceKind::NatGateway),
        Need::Metric("AWS/NATGateway", "BytesOutToDestination", &[Statistic::Sum]),
        Need::Metric("AWS/NATGateway", "BytesOutToSource", &[Statistic::Sum]),
        Need::Metric("AWS/NATGateway", "BytesInFromSource", &[Statistic::Sum]),
        Need::Metric("AWS/NATGateway", "BytesInFromDestination", &[Statistic::Sum]),
        Need::Metric("AWS/NATGateway", "ActiveConnectionCount", &[Statistic::Maximum]),
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
    if gateway.kind.state != "available" {
        return Ok(pass(
            "not-available",
            format!("The gateway is {}.", gateway.kind.state),
            format!("게이트웨이 상태가 {}입니다.", gateway.kind.state),
        ));
    }
    let names = std::slice::from_ref(&gateway.id);
    // One busy signal settles it, even where the others are missing.
    let busy = SIGNALS.iter().find_map(|(metric, statistics)| {
        Observation::find(facts, gateway, names, "AWS/NATGateway", metric, statistics)
            .filter(|seen| seen.profile.max > 0.0)
    });
    if let Some(seen) = busy {
        return Ok(pass(
            "in-use",
            format!("{} reached {:.0}.", seen.metric, seen.profile.max),
            format!("{} 값이 {:.0}까지 올라간 적이 있습니다.", seen.metric, seen.profile.max),
        ));
    }
    let min_days = check.threshold_f64(facts, MIN_DAYS.name);
    let age_days = gateway.kind.create_time.map(|created| days_between(created, facts.now));
    if let Some(age_days) = age_days.filter(|age| f64::from(*age) < min_days) {
        return Ok(pass(
            "too-young",
            format!("The gateway is {} old and may not be in use yet.", counted(age_days, "day")),
            format!("생성된 지 {age_days}일이라 아직 사용 전일 수 있습니다."),
        ));
    }
    let seen = SIGNALS
        .iter()
        .map(|(metric, statistics)| {
            Observation::complete(
                check,
                facts,
                gateway,
                names,
                "AWS/NATGateway",
                metric,
                statistics,
            )
        })
        .collect::<Result<Vec<_>, Unknown>>()?;
    let days = seen.iter().map(Observation::days).fold(f64::INFINITY, f64::min);

    let reference = gateway.reference(ResourceKind::NatGateway);
    let list =
        Tariff::of(facts, gateway).meter("NAT gateway", HOURS_PER_MONTH.into(), "nat/gateway_hour");
    let savings = deletion(facts, &reference, names, EVERYTHING, list.map(|part| vec![part]))?;
    Ok(Proposal {
        action: Action::DeleteNatGateway {
            subnet_id: gateway.kind.subnet_id.clone(),
            allocation_id: gateway.kind.allocation_ids.first().cloned(),
        },
        finding: Finding::Idle,
        reason_codes: vec![ReasonCode::NoTraffic],
        reason: Reason::new(
            "no-traffic",
            format!("Not one byte and not one connection passed in {}.", counted(format_args!("{days:.0}"), "day")),
            format!("{days:.0}일 동안 단 1바이트, 단 하나의 연결도 없었습니다."),
        ),
        savings,
        performance_risk: risk(gateway.environment, 1),
        effort: ImplementationEffort::Low,
        restart_needed: Restart::NotNeeded,
        undo: Undo::Compensating(Text::new(
            "A new gateway has another id and private address; its routes must be made again.",
            "새 게이트웨이는 ID와 프라이빗 IP가 바뀌며, 라우팅도 다시 설정해야 합니다.",
        )),
        evidence: Evidence {
            window_days: Some(days as u32),
            figures: vec![
                Figure::number("bytes", "Bytes in all directions", "양방향 총 바이트", 0.0, "bytes").against(0.0),
                Figure::number("connections", "Most connections at once", "최대 동시 연결 수", 0.0, "").against(0.0),
            ],
            coverage: seen.iter().map(Observation::coverage).collect(),
            signals_not_seen: vec![UnseenSignal {
                name: "routes".to_owned(),
                text: Text::new(
                    "Which route tables still name the gateway: take those routes out first.",
                    "이 게이트웨이를 가리키는 라우팅 테이블이 남아 있는지 알 수 없습니다. 먼저 경로를 제거하세요.",
                ),
            }],
            notes: vec![Text::new(
                "Its Elastic IP address stays and is charged as idle: release it afterwards.",
                "연결되어 있던 Elastic IP는 남아서 유휴 주소로 과금되므로 이어서 해제하세요.",
            )],
        },
    }
    .into_verdict(check, reference))
}

#[cfg(test)]
mod tests {
    use trimtab_model::profile::UsageProfile;

    use super::{CHECK, SIGNALS};
    use crate::scene::{Scene, check, days_ago, flat, scene};

    fn watched(series: &UsageProfile) -> Scene {
        SIGNALS.iter().fold(scene().nat_gateway(|_| ()), |scene, (metric, statistics)| {
            scene.metric("nat-1", "AWS/NATGateway", metric, statistics[0], series.clone())
        })
    }

    #[test]
    fn a_gateway_without_traffic_fires() {
        check(&CHECK, watched(&flat(0.0, 14)), "recommend 32.85 / 32.85 / 32.85");
    }

    #[test]
    fn a_gateway_with_one_connection_passes() {
        let (metric, statistics) = SIGNALS[4];
        let scene = watched(&flat(0.0, 14)).metric(
            "nat-1",
            "AWS/NATGateway",
            metric,
            statistics[0],
            flat(1.0, 14),
        );
        check(&CHECK, scene, "pass in-use");
    }

    #[test]
    fn a_gateway_watched_for_13_days_is_just_under_the_threshold() {
        check(&CHECK, watched(&flat(0.0, 13)), "unknown window-too-short");
    }

    #[test]
    fn a_gateway_without_metrics_is_unknown() {
        check(&CHECK, scene().nat_gateway(|_| ()), "unknown metric-missing");
    }

    #[test]
    fn a_gateway_with_a_gap_is_unknown() {
        let gappy = UsageProfile { coverage: 0.949, ..flat(0.0, 14) };
        check(&CHECK, watched(&gappy), "unknown coverage-too-low");
    }

    #[test]
    fn a_new_gateway_passes() {
        let scene = scene().nat_gateway(|gateway| gateway.kind.create_time = Some(days_ago(3)));
        check(&CHECK, scene, "pass too-young");
    }
}
