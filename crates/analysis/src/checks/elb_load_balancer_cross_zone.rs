//! Finds Network and Gateway Load Balancers that pay for traffic between zones.
//!
//! **Why it costs.** With cross-zone load balancing a load balancer sends to the targets of
//! all zones, and on a Network or Gateway Load Balancer each gigabyte that leaves its zone is
//! charged. An Application Load Balancer does the same without charge.
//!
//! **What we do.** Switch it off where every zone has healthy targets, so that each zone
//! serves itself. It takes effect at once and can be switched on again.
//!
//! **What could go wrong.** A zone with few targets gets as many requests as one with many.
//! A zone whose targets all fail is taken out of DNS, which clients notice for a minute.
//!
//! **Where others err.** They estimate the traffic. We take what the bill charges this load
//! balancer, and recommend nothing without it.
//!
//! # 한국어
//!
//! 가용 영역 간 전송 요금을 내고 있는 Network Load Balancer와 Gateway Load Balancer를 찾습니다.
//!
//! **비용이 드는 이유.** 교차 영역 로드 밸런싱을 켜면 모든 영역의 대상으로 트래픽을 보냅니다. Network Load
//! Balancer와 Gateway Load Balancer에서는 다른 영역으로 나간 1 GB마다 과금됩니다. Application Load
//! Balancer에는 이 요금이 없습니다.
//!
//! **제안하는 조치.** 모든 영역에 정상 대상이 있으면 교차 영역 로드 밸런싱을 끄고 영역마다 자체 처리하게 합니다. 바로
//! 적용되며 언제든 다시 켤 수 있습니다.
//!
//! **주의할 점.** 대상이 적은 영역도 같은 양의 요청을 받습니다. 한 영역의 대상이 모두 비정상이 되면 DNS에서 빠지며,
//! 클라이언트에는 1분 정도 영향이 있습니다.
//!
//! **다른 도구와 다른 점.** 트래픽을 추정하지 않고 청구서에 나온 이 로드 밸런서의 요금만 사용합니다.

use trimtab_model::action::{Action, Setting};
use trimtab_model::evidence::{Evidence, Figure, UnseenSignal};
use trimtab_model::id::ResourceId;
use trimtab_model::recommendation::{
    ActionType, Finding, ImplementationEffort, ReasonCode, Restart, Threshold, Undo, Unknown,
    Verdict,
};
use trimtab_model::resource::load_balancer::{LoadBalancer, LoadBalancerType};
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::text::{Reason, StaticText, Text};

use crate::billed::{Billed, is_usage};
use crate::check::{Check, Facts, Need};
use crate::saving::{Commitment, Meter, deletion};
use crate::verdict::{Proposal, judge_each, pass, risk, unknown};

/// Picks the traffic between zones.
const CROSSING: Meter =
    Meter { charges: |charge| is_usage(charge, USAGE), commitment: Commitment::Impossible };

const USAGE: &[&str] = &["DataTransfer-Regional-Bytes"];

/// The check.
pub static CHECK: Check = Check {
    id: "elb-load-balancer-cross-zone",
    title: StaticText {
        en: "Load balancer that pays for traffic between zones",
        ko: "가용 영역 간 전송 요금이 나오는 로드 밸런서",
    },
    kind: ResourceKind::LoadBalancer,
    action_type: ActionType::Reconfigure,
    needs: &[Need::Kind(ResourceKind::LoadBalancer), Need::OptionalBilling],
    thresholds: &[Threshold {
        name: "min_gb_a_month",
        default: "100",
        unit: "GB",
        text: StaticText {
            en: "Least traffic between zones in a month that is reported.",
            ko: "보고 대상이 되는 월간 최소 영역 간 전송량입니다.",
        },
    }],
    judge: |check, facts| {
        let charged = facts.snapshot.load_balancers.iter().filter(|one| {
            matches!(
                one.kind.load_balancer_type,
                LoadBalancerType::Network | LoadBalancerType::Gateway
            )
        });
        judge_each(check, facts, ResourceKind::LoadBalancer, charged, judge)
    },
};

fn judge(
    check: &Check,
    facts: &Facts<'_>,
    balancer: &Resource<LoadBalancer>,
) -> Result<Verdict, Unknown> {
    match balancer.kind.cross_zone {
        Some(true) => {}
        Some(false) => {
            return Ok(pass(
                "per-zone",
                "Each zone serves itself.",
                "영역마다 자체 처리하도록 설정되어 있습니다.",
            ));
        }
        None => {
            return Err(unknown(
                "setting-unknown",
                "Whether it balances across zones was not read.",
                "교차 영역 로드 밸런싱 설정을 알 수 없습니다.",
                &["inventory:describe-load-balancer-attributes"],
            ));
        }
    }
    let reference = balancer.reference(ResourceKind::LoadBalancer);
    let name = ResourceId::new(balancer.kind.load_balancer_name.as_str());
    let names = [balancer.id.clone(), name];
    let crossed = Billed::find(facts, &reference, &names).and_then(|bill| bill.quantity(USAGE));
    let Some(crossed) = crossed else {
        return Err(unknown(
            "traffic-unknown",
            "Only the bill tells what crosses between zones.",
            "영역 간 전송량은 청구서로만 알 수 있습니다.",
            &["billing"],
        ));
    };
    let min_gb = check.threshold(facts, "min_gb_a_month");
    if crossed < min_gb {
        return Ok(pass(
            "too-little",
            format!("{crossed:.0} GB a month cross between zones, less than {min_gb}."),
            format!("월간 영역 간 전송량이 {crossed:.0} GB로 {min_gb} GB보다 적습니다."),
        ));
    }
    let unpriced = unknown(
        "traffic-unknown",
        "The bill does not charge traffic between zones.",
        "청구서에 영역 간 전송 요금이 없습니다.",
        &["billing"],
    );
    let savings = deletion(facts, &reference, &names, CROSSING, Err(unpriced))?;
    use rust_decimal::prelude::ToPrimitive;
    let gigabytes = crossed.to_f64().unwrap_or_default();
    Ok(Proposal {
        action: Action::Set(Setting::CrossZone),
        finding: Finding::NotOptimized,
        reason_codes: vec![ReasonCode::FreeAlternative],
        reason: Reason::new(
            "crosses-zones",
            format!("{crossed:.0} GB a month are charged for crossing between zones."),
            format!("월 {crossed:.0} GB가 영역 간 전송으로 과금됩니다."),
        ),
        savings,
        performance_risk: risk(balancer.environment, 1),
        effort: ImplementationEffort::VeryLow,
        restart_needed: Restart::NotNeeded,
        undo: Undo::Exact,
        evidence: Evidence {
            figures: vec![
                Figure::number("crossed_gb", "Crossed between zones a month", "월간 영역 간 전송량", gigabytes, "GB")
                    .against(min_gb.to_f64().unwrap_or_default()),
            ],
            signals_not_seen: vec![UnseenSignal {
                name: "targets_per_zone".to_owned(),
                text: Text::new(
                    "How many healthy targets each zone has: every zone must have its share.",
                    "영역별 정상 대상 수를 알 수 없습니다. 모든 영역에 충분한 대상이 있어야 합니다.",
                ),
            }],
            ..Evidence::default()
        },
    }
    .into_verdict(check, reference))
}

#[cfg(test)]
mod tests {
    use trimtab_model::resource::load_balancer::LoadBalancerType;

    use super::CHECK;
    use crate::scene::{Scene, check, scene};

    const ARN: &str =
        "arn:aws:elasticloadbalancing:us-east-1:111122223333:loadbalancer/app/web/50dc6c495c0c9188";

    fn network(cross_zone: Option<bool>) -> Scene {
        scene().load_balancer(|balancer| {
            balancer.kind.load_balancer_type = LoadBalancerType::Network;
            balancer.kind.cross_zone = cross_zone;
        })
    }

    fn crossing(gigabytes: &str, usd: &str) -> Scene {
        network(Some(true)).bill(ARN, "LoadBalancerUsage", "720", "16.2").bill(
            ARN,
            "DataTransfer-Regional-Bytes",
            gigabytes,
            usd,
        )
    }

    #[test]
    fn what_the_bill_charges_fires() {
        check(&CHECK, crossing("1000", "10"), "recommend 10.14 / 10.14 / 10.14");
    }

    #[test]
    fn one_that_serves_each_zone_passes() {
        check(&CHECK, network(Some(false)), "pass per-zone");
    }

    #[test]
    fn traffic_just_under_the_threshold_of_100_gb_passes() {
        check(&CHECK, crossing("98", "0.98"), "pass too-little");
    }

    #[test]
    fn without_a_bill_or_the_setting_it_is_unknown() {
        check(&CHECK, network(Some(true)), "unknown traffic-unknown");
        check(&CHECK, network(None), "unknown setting-unknown");
    }
}
