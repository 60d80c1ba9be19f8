//! Finds accounts and regions that pay much for traffic to the internet.
//!
//! **Why it costs.** Each gigabyte that leaves a region for the internet is charged, at a rate that falls slowly with the
//! amount. What comes in is free.
//!
//! **What we do.** Name the cost, its share of the account's bill and the resources that pay most of it, and propose
//! CloudFront in front of what is asked for by HTTP: it is charged less per gigabyte in most regions, what it fetches from
//! an AWS origin is free, and what it has kept is not fetched again. Before that look at what is sent: compression,
//! smaller packets and files that clients keep save as much and cost nothing.
//!
//! **What it saves.** *High* is all of the cost. What of it could be kept by a cache, compressed or left out, no bill
//! tells, so *likely* is nothing: access logs of the load balancer or bucket tell more.
//!
//! **What could go wrong.** What a cache serves may be older than the origin's: set how long each path may be kept. Game
//! traffic by UDP does not go through CloudFront. A contract with AWS may have its own rates for both.
//!
//! **Where others err.** They take the difference of two list prices for all of the traffic as a saving.
//!
//! # 한국어
//!
//! 인터넷으로 나가는 트래픽 요금을 많이 내는 계정과 리전을 찾습니다.
//!
//! **비용이 드는 이유.** 리전에서 인터넷으로 나가는 트래픽은 1 GB마다 과금되며, 단가는 양이 늘어도 조금씩만 내려갑니다. 들어오는 트래픽은
//! 무료입니다.
//!
//! **제안하는 조치.** 비용, 계정 청구액에서 차지하는 비율, 가장 많이 내는 자원을 보여 주고, HTTP로 제공하는 것 앞에 CloudFront를
//! 두도록 제안합니다. 대부분의 리전에서 GB당 요금이 더 낮고, AWS 오리진에서 가져오는 트래픽은 무료이며, 캐시에 있는 것은 다시 가져오지
//! 않습니다. 그 전에 무엇을 보내고 있는지부터 확인하세요. 압축, 더 작은 패킷, 클라이언트에 보관하는 파일만으로도 비용 없이 그만큼 줄일 수
//! 있습니다.
//!
//! **절감액.** *최대*는 이 비용 전체입니다. 그중 얼마를 캐시하거나 압축하거나 보내지 않아도 되는지는 청구서로 알 수 없으므로 *예상*은
//! 0으로 둡니다. 로드 밸런서나 버킷의 액세스 로그로 더 알아볼 수 있습니다.
//!
//! **주의할 점.** 캐시가 오리진보다 오래된 내용을 보낼 수 있으므로 경로마다 보관 시간을 정하세요. UDP를 쓰는 게임 트래픽은 CloudFront를
//! 거치지 않습니다. AWS와 맺은 계약에 양쪽의 단가가 따로 정해져 있을 수 있습니다.
//!
//! **다른 도구와 다른 점.** 전체 트래픽에 두 정가의 차이를 곱해 절감액으로 제시하는 도구가 있습니다.

use trimtab_model::action::{Action, Setting};
use trimtab_model::evidence::{Evidence, UnseenSignal};
use trimtab_model::recommendation::{
    ActionType, Finding, ImplementationEffort, ReasonCode, Restart, Threshold, Undo,
};
use trimtab_model::resource::ResourceKind;
use trimtab_model::text::{Reason, StaticText, Text};

use crate::check::{Check, Facts, Need};
use crate::transfer::{MIN_BILL_DAYS, MIN_SHARE_PERCENT, Traffic, Transferred, judge_transfers};
use crate::verdict::{Proposal, risk};

/// CloudFront's own traffic has usage types of the same name, with a continent before it.
const TO_THE_INTERNET: Traffic =
    Traffic { usage_type: "DataTransfer-Out-Bytes", except: Some("CloudFront") };

/// The check.
pub static CHECK: Check = Check {
    id: "data-transfer-internet-egress",
    title: StaticText {
        en: "Much traffic to the internet", ko: "인터넷 전송 비용이 큰 리전"
    },
    kind: ResourceKind::DataTransfer,
    action_type: ActionType::Reconfigure,
    needs: &[Need::Billing],
    thresholds: &[
        Threshold {
            name: "min_gb_a_month",
            default: "1000",
            unit: "GB",
            text: StaticText {
                en: "Least traffic to the internet in a month that is reported.",
                ko: "보고 대상이 되는 월간 최소 인터넷 전송량입니다.",
            },
        },
        MIN_SHARE_PERCENT,
        MIN_BILL_DAYS,
    ],
    judge: |check, facts| {
        judge_transfers(
            check,
            facts,
            TO_THE_INTERNET,
            |_, _| true,
            |seen| proposal(check, facts, seen),
        )
    },
};

fn proposal(check: &Check, facts: &Facts<'_>, seen: &Transferred) -> Proposal {
    let (cost, currency) = (seen.cost.rounded().amount, seen.cost.currency);
    let gigabytes = seen.gigabytes;
    Proposal {
        action: Action::Set(Setting::Distribution),
        finding: Finding::NotOptimized,
        reason_codes: vec![ReasonCode::CheaperPricingAvailable],
        reason: Reason::new(
            "much-egress",
            format!(
                "{gigabytes:.0} GB a month go to the internet and cost {cost:.2} {}.",
                currency.code()
            ),
            format!(
                "월 {gigabytes:.0} GB가 인터넷으로 나가며 {cost:.2} {}의 비용이 듭니다.",
                currency.code()
            ),
        ),
        savings: seen.savings(),
        performance_risk: risk(seen.reference.environment, 0),
        effort: ImplementationEffort::Medium,
        restart_needed: Restart::NotNeeded,
        undo: Undo::Exact,
        evidence: Evidence {
            figures: seen.figures(check, facts),
            signals_not_seen: vec![UnseenSignal {
                name: "requests".to_owned(),
                text: Text::new(
                    "What is sent, how often the same, and whether it is compressed: access logs of the load balancer or bucket would tell.",
                    "무엇을 보내는지, 같은 내용을 얼마나 자주 보내는지, 압축되어 있는지 알 수 없습니다. 로드 밸런서나 버킷의 액세스 로그로 확인할 수 있습니다.",
                ),
            }],
            notes: vec![Text::new(
                "CloudFront helps with what is asked for by HTTP. What instances send by UDP becomes less by smaller packets only.",
                "CloudFront는 HTTP로 제공하는 것에만 도움이 됩니다. 인스턴스가 UDP로 보내는 트래픽은 패킷을 줄여야만 줄어듭니다.",
            )],
            ..Evidence::default()
        },
    }
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::scene::{Scene, check, recommended, scene};

    const USAGE: &str = "APN2-DataTransfer-Out-Bytes";

    /// An account of 1,000 dollars in 30 days, of which so much is for so many gigabytes.
    fn sending(gigabytes: &str, usd: &str) -> Scene {
        scene().account_cost("1000").meter(USAGE, gigabytes, Some(usd))
    }

    #[test]
    fn fires_with_the_cost_as_upper_bound_and_nothing_likely() {
        check(&CHECK, sending("3000", "300"), "recommend 0.00 / 0.00 / 304.17");
    }

    #[test]
    fn passes_what_cloudfront_sends() {
        let mut scene = sending("3000", "300");
        scene.charges.meters[0].service_name = "Amazon CloudFront".to_owned();
        check(&CHECK, scene, "pass no-transfer");
    }

    #[test]
    fn just_under_a_threshold_it_passes() {
        check(&CHECK, sending("986", "98.6"), "pass too-little");
        check(&CHECK, sending("3000", "19"), "pass small-share");
    }

    #[test]
    fn unknown_without_a_bill_or_a_quantity() {
        check(&CHECK, scene().instance(|_| {}), "unknown bill-missing");
        let mut scene = sending("3000", "300");
        scene.charges.meters[0].pricing_quantity = None;
        check(&CHECK, scene, "unknown transfer-cost-missing");
    }

    #[test]
    fn the_formula_is_the_quantity_at_the_rate_of_the_bill() {
        let savings = recommended(&CHECK, &sending("3000", "300")).estimated_monthly_savings;
        let component = &savings.formula_now[0];
        assert_eq!(component.price.usd.normalize().to_string(), "0.1");
        let amount = component.amount().expect("fits").rounded();
        assert_eq!(amount, savings.cost_now.rounded());
        assert_eq!(savings.cost_after, savings.cost_now);
    }

    #[test]
    fn both_kinds_of_traffic_stand_beside_each_other() {
        let scene =
            sending("3000", "300").meter("APN2-DataTransfer-Regional-Bytes", "30000", Some("300"));
        let analysis = crate::analyze(&scene.facts());
        let checks: Vec<&str> = analysis.items.iter().map(|item| item.check.as_str()).collect();
        assert_eq!(checks.len(), 2, "{checks:?}");
    }
}
