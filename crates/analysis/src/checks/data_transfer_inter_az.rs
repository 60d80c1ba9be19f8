//! Finds accounts and regions that pay much for traffic between availability zones.
//!
//! **Why it costs.** Each gigabyte that leaves a zone for another is charged on both sides. Traffic that stays within a
//! zone, by private addresses, is free. The same charge falls on traffic to the public address of a machine in the region,
//! even of the same zone.
//!
//! **What we do.** Name the cost, its share of the account's bill and the resources that pay most of it, and propose flow
//! logs that tell which machines talk across zones. What to change follows from them: routing that prefers the own zone
//! (topology aware routing of Kubernetes, a client that reads from the replica of its zone), private addresses in place of
//! public ones, fewer zones outside production.
//!
//! **What it saves.** *High* is all of the cost. How much of it is needed, no bill tells: a copy in another zone is paid
//! with this traffic. So *likely* is nothing until flow logs tell more. What AWS moves between zones itself, for a standby
//! of RDS or a cross-zone Application Load Balancer, is free and not in it. Load balancers that pay for cross-zone
//! balancing are judged by `elb-load-balancer-cross-zone` and not counted here.
//!
//! **What could go wrong.** Flow logs are charged per gigabyte written: log the busiest VPC for a day, then switch them
//! off. What is kept within one zone goes down with it.
//!
//! **Where others err.** They name no payer, or claim a share of the cost that they made up.
//!
//! # 한국어
//!
//! 가용 영역 간 트래픽 요금을 많이 내는 계정과 리전을 찾습니다.
//!
//! **비용이 드는 이유.** 다른 가용 영역으로 나가는 트래픽은 보내는 쪽과 받는 쪽 양쪽에서 1 GB마다 과금됩니다. 같은 영역 안에서 사설
//! 주소로 주고받는 트래픽은 무료입니다. 같은 리전에 있는 서버의 퍼블릭 주소로 보내는 트래픽에는 영역이 같더라도 같은 요금이 붙습니다.
//!
//! **제안하는 조치.** 비용, 계정 청구액에서 차지하는 비율, 가장 많이 내는 자원을 보여 주고, 어떤 서버끼리 영역을 넘어 통신하는지 알 수
//! 있는 흐름 로그를 제안합니다. 무엇을 바꿀지는 그 결과에 따라 정합니다. 같은 영역을 우선하는 라우팅(Kubernetes의 토폴로지 인식 라우팅,
//! 자기 영역의 복제본에서 읽는 클라이언트), 퍼블릭 주소 대신 사설 주소 쓰기, 운영 환경이 아닌 곳의 영역 수 줄이기 등입니다.
//!
//! **절감액.** *최대*는 이 비용 전체입니다. 다른 영역에 복제본을 두려면 꼭 필요한 트래픽이기도 해서, 그중 얼마가 필요한지는
//! 청구서로 알 수 없습니다. 그래서 흐름 로그로 확인하기 전까지 *예상*은 0으로 둡니다. RDS 예비 인스턴스로의 복제나 Application Load
//! Balancer의 교차 영역 분산처럼 AWS가 직접 옮기는 트래픽은 무료이므로 여기에 들어 있지 않습니다. 교차 영역 로드 밸런싱 요금을
//! 내는 로드 밸런서는 `elb-load-balancer-cross-zone`에서 판단하므로 이 금액에서 뺐습니다.
//!
//! **주의할 점.** 흐름 로그는 기록한 1 GB마다 과금됩니다. 트래픽이 가장 많은 VPC를 하루만 기록한 뒤 끄세요. 한 영역에만
//! 두는 것은 그 영역에 장애가 나면 함께 멈춥니다.
//!
//! **다른 도구와 다른 점.** 비용을 내는 자원을 알려 주지 않거나, 근거 없는 비율을 절감액으로 제시하는 도구가 있습니다.

use trimtab_model::action::{Action, Setting};
use trimtab_model::evidence::{Evidence, Figure, UnseenSignal};
use trimtab_model::recommendation::{
    ActionType, Finding, ImplementationEffort, ReasonCode, Restart, Threshold, Undo,
};
use trimtab_model::resource::load_balancer::LoadBalancerType;
use trimtab_model::resource::{ResourceKind, ResourceRef};
use trimtab_model::text::{Reason, StaticText, Text};

use crate::check::{Check, Facts, Need};
use crate::transfer::{
    MIN_BILL_DAYS, MIN_SHARE_PERCENT, Payer, Traffic, Transferred, judge_transfers,
};
use crate::verdict::{Proposal, risk};

/// AWS's guide to the Cost and Usage Report names this usage type for traffic between zones.
const BETWEEN_ZONES: Traffic = Traffic { usage_type: "DataTransfer-Regional-Bytes", except: None };

/// The check.
pub static CHECK: Check = Check {
    id: "data-transfer-inter-az",
    title: StaticText {
        en: "Much traffic between availability zones",
        ko: "가용 영역 간 트래픽 비용이 큰 리전",
    },
    kind: ResourceKind::DataTransfer,
    action_type: ActionType::Reconfigure,
    needs: &[Need::Kind(ResourceKind::LoadBalancer), Need::Billing],
    thresholds: &[
        Threshold {
            name: "min_gb_a_month",
            default: "5000",
            unit: "GB",
            text: StaticText {
                en: "Least traffic between zones in a month that is reported, both directions counted.",
                ko: "보고 대상이 되는 월간 최소 영역 간 전송량입니다(양방향 합계).",
            },
        },
        MIN_SHARE_PERCENT,
        MIN_BILL_DAYS,
    ],
    judge: |check, facts| {
        judge_transfers(
            check,
            facts,
            BETWEEN_ZONES,
            |payer, place| !is_judged_elsewhere(facts, payer, place),
            |seen| proposal(check, facts, seen),
        )
    },
};

/// Returns whether a payer is a load balancer whose cross-zone balancing has a check of its own.
fn is_judged_elsewhere(facts: &Facts<'_>, payer: &Payer, place: &ResourceRef) -> bool {
    facts.snapshot.load_balancers.iter().any(|balancer| {
        let kind = balancer.kind.load_balancer_type;
        matches!(kind, LoadBalancerType::Network | LoadBalancerType::Gateway)
            && balancer.kind.cross_zone == Some(true)
            && balancer.account == place.account
            && balancer.region == place.region
            && (balancer.id == payer.id || balancer.kind.load_balancer_name == payer.id.as_str())
    })
}

fn proposal(check: &Check, facts: &Facts<'_>, seen: &Transferred) -> Proposal {
    let mut figures = seen.figures(check, facts);
    figures.extend(groups(facts, seen));
    let (cost, currency) = (seen.cost.rounded().amount, seen.cost.currency);
    let gigabytes = seen.gigabytes;
    Proposal {
        action: Action::Set(Setting::FlowLogs),
        finding: Finding::NotOptimized,
        reason_codes: vec![ReasonCode::FreeAlternative],
        reason: Reason::new(
            "crosses-zones",
            format!(
                "{gigabytes:.0} GB a month cross between zones and cost {cost:.2} {}.",
                currency.code()
            ),
            format!(
                "월 {gigabytes:.0} GB가 영역을 넘나들며 {cost:.2} {}의 비용이 듭니다.",
                currency.code()
            ),
        ),
        savings: seen.savings(),
        performance_risk: risk(seen.reference.environment, 0),
        effort: ImplementationEffort::Medium,
        restart_needed: Restart::NotNeeded,
        undo: Undo::Exact,
        evidence: Evidence {
            figures,
            signals_not_seen: vec![UnseenSignal {
                name: "flows".to_owned(),
                text: Text::new(
                    "Which machines talk across zones, and whether they must: flow logs of a day would tell.",
                    "어떤 서버끼리 영역을 넘어 통신하는지, 그 통신이 꼭 필요한지 알 수 없습니다. 하루치 흐름 로그로 확인할 수 있습니다.",
                ),
            }],
            notes: vec![Text::new(
                "A copy in another zone needs its part of this traffic. Traffic within a zone is free by private addresses only.",
                "다른 영역에 복제본을 두려면 이 트래픽 일부는 꼭 필요합니다. 같은 영역 안의 트래픽도 사설 주소를 쓸 때만 무료입니다.",
            )],
            ..Evidence::default()
        },
    }
}

/// Names the Auto Scaling groups of the payers that spread over several zones.
fn groups(facts: &Facts<'_>, seen: &Transferred) -> Option<Figure> {
    let spread: Vec<String> = facts
        .snapshot
        .auto_scaling_groups
        .iter()
        .filter(|group| {
            group.account == seen.reference.account
                && group.region == seen.reference.region
                && group
                    .kind
                    .instance_ids
                    .iter()
                    .any(|id| seen.payers.iter().any(|payer| payer.id == *id))
        })
        .filter_map(|group| {
            let zones = group.kind.availability_zones.as_ref().filter(|zones| zones.len() > 1)?;
            Some(format!("{} ({})", group.id, zones.join(", ")))
        })
        .collect();
    (!spread.is_empty()).then(|| {
        Figure::word(
            "groups_in_zones",
            "Auto Scaling groups of payers in several zones",
            "여러 영역에 걸친 Auto Scaling 그룹",
            spread.join("; "),
        )
    })
}

#[cfg(test)]
mod tests {
    use trimtab_model::evidence::FigureValue;
    use trimtab_model::resource::load_balancer::LoadBalancerType;

    use super::CHECK;
    use crate::scene::{Scene, check, recommended, scene};

    const USAGE: &str = "APN2-DataTransfer-Regional-Bytes";
    const BALANCER: &str =
        "arn:aws:elasticloadbalancing:us-east-1:111122223333:loadbalancer/app/web/50dc6c495c0c9188";

    /// An account of 1,000 dollars in 30 days, of which so much is for so many gigabytes.
    fn crossing(gigabytes: &str, usd: &str) -> Scene {
        scene().account_cost("1000").meter(USAGE, gigabytes, Some(usd))
    }

    #[test]
    fn fires_with_the_cost_as_upper_bound_and_nothing_likely() {
        check(&CHECK, crossing("30000", "300"), "recommend 0.00 / 0.00 / 304.17");
    }

    #[test]
    fn passes_a_region_without_such_traffic() {
        let scene = scene().account_cost("1000").meter("BoxUsage:m5.large", "720", Some("72"));
        check(&CHECK, scene, "pass no-transfer");
    }

    #[test]
    fn just_under_a_threshold_it_passes() {
        check(&CHECK, crossing("4930", "49.3"), "pass too-little");
        check(&CHECK, crossing("30000", "19"), "pass small-share");
        check(&CHECK, crossing("30000", "20"), "recommend 0.00 / 0.00 / 20.28");
    }

    #[test]
    fn unknown_without_a_bill_a_usage_type_or_a_cost() {
        check(&CHECK, scene().instance(|_| {}), "unknown bill-missing");
        let mut scene = crossing("30000", "300");
        scene.charges.meters[0].usage_type = None;
        check(&CHECK, scene, "unknown usage-type-missing");
        let scene = scene_without_cost();
        check(&CHECK, scene, "unknown transfer-cost-missing");
    }

    fn scene_without_cost() -> Scene {
        scene().account_cost("1000").meter(USAGE, "30000", None)
    }

    #[test]
    fn the_largest_payers_are_named_with_their_zone_and_group() {
        let scene = crossing("30000", "300")
            .instance(|instance| instance.kind.auto_scaling_group_name = Some("lobby".into()))
            .group(|group| group.kind.instance_ids = vec!["i-1".into()])
            .bill("i-1", USAGE, "20000", "200");
        let recommendation = recommended(&CHECK, &scene);
        let word = |name: &str| {
            let figures = &recommendation.evidence.figures;
            let figure = figures.iter().find(|figure| figure.name == name).expect("there");
            match &figure.value {
                FigureValue::Word(word) => word.clone(),
                FigureValue::Number(number) => number.to_string(),
            }
        };
        assert_eq!(word("payer_1"), "i-1 (m5.large, us-east-1a, lobby): 202.78 USD");
        assert_eq!(word("groups_in_zones"), "lobby (us-east-1a, us-east-1b)");
    }

    #[test]
    fn what_a_load_balancer_pays_for_crossing_is_left_to_its_own_check() {
        let balanced = |load_balancer_type| {
            crossing("30000", "300")
                .load_balancer(|balancer| {
                    balancer.kind.load_balancer_type = load_balancer_type;
                    balancer.kind.cross_zone = Some(true);
                })
                .bill(BALANCER, USAGE, "20000", "200")
        };
        check(&CHECK, balanced(LoadBalancerType::Network), "recommend 0.00 / 0.00 / 101.39");
        // That check does not judge an Application Load Balancer.
        check(&CHECK, balanced(LoadBalancerType::Application), "recommend 0.00 / 0.00 / 304.17");
    }
}
