//! Finds interface and Gateway Load Balancer endpoints through which nothing passes.
//!
//! **Why it costs.** An endpoint is charged by the hour in every zone that it has a subnet
//! in, whether or not a packet passes. Gateway endpoints are free and not looked at.
//!
//! **What we do.** Delete the endpoint. Where it has private DNS, names of the service
//! resolve to its public addresses again.
//!
//! **What could go wrong.** Something that calls the service once a quarter, from a subnet
//! without another way out. A policy that admits calls through this endpoint only.
//!
//! **Where others err.** PrivateLink writes no metric while nothing passes, so a missing
//! series is read as idle by some and hides the endpoint from others. The bill settles it:
//! hours without one byte, for as long as the bill reaches.
//!
//! # 한국어
//!
//! 트래픽이 전혀 없는 인터페이스 엔드포인트와 Gateway Load Balancer 엔드포인트를 찾습니다.
//!
//! **비용이 드는 이유.** 엔드포인트는 서브넷이 있는 가용 영역마다 시간 단위로 과금되며, 패킷이 없어도
//! 요금은 같습니다. 게이트웨이 엔드포인트는 무료이므로 점검하지 않습니다.
//!
//! **제안하는 조치.** 엔드포인트를 삭제합니다. 프라이빗 DNS를 쓰고 있었다면 서비스 이름이 다시 퍼블릭 주소로
//! 해석됩니다.
//!
//! **주의할 점.** 다른 외부 경로가 없는 서브넷에서 분기에 한 번만 호출하는 작업이 있을 수 있습니다. 이
//! 엔드포인트를 통한 호출만 허용하는 정책이 있는지도 확인하세요.
//!
//! **다른 도구와 다른 점.** PrivateLink는 트래픽이 없으면 지표를 기록하지 않습니다. 그래서 지표가 없는 것을
//! 유휴로 단정하거나 아예 놓치는 도구가 있습니다. 여기서는 청구서에 시간 요금만 있고 처리량이 1바이트도 없는지를
//! 확인합니다.

use trimtab_model::action::Action;
use trimtab_model::metric::Statistic;
use trimtab_model::recommendation::{
    ActionType, Finding, ImplementationEffort, ReasonCode, Restart, Undo, Unknown, Verdict,
};
use trimtab_model::resource::vpc_endpoint::VpcEndpoint;
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::text::{Reason, StaticText, Text};

use crate::check::{Check, Facts, Need, days_between};
use crate::endpoint::{COUNTERS, deletion_of, list_cost};
use crate::observation::{MIN_COVERAGE_PERCENT, MIN_DAYS};
use crate::passage::{Passage, passage};
use crate::saving::{EVERYTHING, deletion};
use crate::verdict::{Proposal, exempt, judge_each, pass, risk};

/// The check.
pub static CHECK: Check = Check {
    id: "vpc-endpoint-idle",
    title: StaticText {
        en: "VPC endpoint without traffic", ko: "트래픽이 없는 VPC 엔드포인트"
    },
    kind: ResourceKind::VpcEndpoint,
    action_type: ActionType::Delete,
    needs: &[
        Need::Kind(ResourceKind::VpcEndpoint),
        Need::OptionalMetric("AWS/PrivateLinkEndpoints", "BytesProcessed", &[Statistic::Sum]),
        Need::OptionalBilling,
    ],
    thresholds: &[MIN_DAYS, MIN_COVERAGE_PERCENT],
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
    if !matches!(kind.vpc_endpoint_type.as_str(), "Interface" | "GatewayLoadBalancer") {
        return Ok(pass(
            "not-charged",
            "An endpoint of this type has no hourly charge here.",
            "이 유형의 엔드포인트에는 시간 요금이 없습니다.",
        ));
    }
    if kind.requester_managed == Some(true) {
        return Ok(exempt(
            "managed-by-service",
            "Another AWS service made this endpoint and manages it.",
            "다른 AWS 서비스가 만들어 관리하는 엔드포인트입니다.",
        ));
    }
    let min_days = check.threshold_f64(facts, MIN_DAYS.name);
    let age_days = kind.creation_timestamp.map(|created| days_between(created, facts.now));
    if let Some(age_days) = age_days.filter(|age| f64::from(*age) < min_days) {
        return Ok(pass(
            "too-young",
            format!("The endpoint is {age_days} days old and may not be in use yet."),
            format!("생성된 지 {age_days}일이라 아직 사용 전일 수 있습니다."),
        ));
    }
    let reference = endpoint.reference(ResourceKind::VpcEndpoint);
    let names = std::slice::from_ref(&endpoint.id);
    let silence =
        match passage(check, facts, endpoint, ResourceKind::VpcEndpoint, names, &COUNTERS)? {
            Passage::Something { counter, units } => {
                return Ok(pass(
                    "in-use",
                    format!("{counter} counted {units:.0}."),
                    format!("트래픽이 있습니다({counter}: {units:.0})."),
                ));
            }
            Passage::Nothing(silence) => silence,
        };
    let savings = deletion(facts, &reference, names, EVERYTHING, list_cost(facts, endpoint))?;
    let days = silence.days;
    let mut evidence = silence.evidence();
    evidence.notes.push(Text::new(
        "A policy may admit calls through this endpoint only (aws:SourceVpce): look for its identifier first.",
        "이 엔드포인트를 통한 호출만 허용하는 정책(aws:SourceVpce)이 없는지 ID로 먼저 검색하세요.",
    ));
    Ok(Proposal {
        action: Action::Delete(deletion_of(kind)),
        finding: Finding::Idle,
        reason_codes: vec![ReasonCode::NoTraffic],
        reason: Reason::new(
            "no-traffic",
            format!("Not one byte passed in {days:.0} days."),
            format!("{days:.0}일 동안 단 1바이트도 통과하지 않았습니다."),
        ),
        savings,
        performance_risk: risk(endpoint.environment, 1),
        effort: ImplementationEffort::Low,
        restart_needed: Restart::NotNeeded,
        undo: Undo::Compensating(Text::new(
            "A new endpoint has another identifier and other addresses.",
            "새 엔드포인트는 ID와 IP 주소가 바뀝니다.",
        )),
        evidence,
    }
    .into_verdict(check, reference))
}

#[cfg(test)]
mod tests {
    use trimtab_model::metric::Statistic;

    use super::CHECK;
    use crate::scene::{check, days_ago, flat, scene};

    const NAMESPACE: &str = "AWS/PrivateLinkEndpoints";

    #[test]
    fn an_endpoint_with_hours_and_no_bytes_on_the_bill_fires() {
        let scene =
            scene().vpc_endpoint(|_| ()).bill("vpce-1", "VpcEndpoint-Hours", "1440", "14.40");
        check(&CHECK, scene, "recommend 14.60 / 14.60 / 14.60");
    }

    #[test]
    fn an_endpoint_whose_metric_is_zero_fires_at_list_price() {
        let series = flat(0.0, 14);
        let scene = scene().vpc_endpoint(|_| ());
        let scene = scene.metric("vpce-1", NAMESPACE, "BytesProcessed", Statistic::Sum, series);
        check(&CHECK, scene, "recommend 14.60 / 14.60 / 14.60");
    }

    #[test]
    fn an_endpoint_with_bytes_on_the_bill_passes() {
        let scene = scene()
            .vpc_endpoint(|_| ())
            .bill("vpce-1", "VpcEndpoint-Hours", "1440", "14.40")
            .bill("vpce-1", "VpcEndpoint-Bytes", "0.5", "0.01");
        check(&CHECK, scene, "pass in-use");
    }

    #[test]
    fn an_endpoint_watched_for_13_days_is_just_under_the_threshold() {
        let series = flat(0.0, 13);
        let scene = scene().vpc_endpoint(|_| ());
        let scene = scene.metric("vpce-1", NAMESPACE, "BytesProcessed", Statistic::Sum, series);
        check(&CHECK, scene, "unknown window-too-short");
    }

    #[test]
    fn an_endpoint_that_nothing_counts_is_unknown() {
        check(&CHECK, scene().vpc_endpoint(|_| ()), "unknown metric-missing");
    }

    #[test]
    fn a_gateway_endpoint_and_a_new_one_pass() {
        let gateway = |one: &mut trimtab_model::resource::Resource<_>| {
            let kind: &mut trimtab_model::resource::vpc_endpoint::VpcEndpoint = &mut one.kind;
            kind.vpc_endpoint_type = "Gateway".into();
        };
        check(&CHECK, scene().vpc_endpoint(gateway), "pass not-charged");
        let scene = scene().vpc_endpoint(|one| one.kind.creation_timestamp = Some(days_ago(3)));
        check(&CHECK, scene, "pass too-young");
    }
}
