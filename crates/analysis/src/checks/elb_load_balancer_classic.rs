//! Finds Classic Load Balancers that an Application Load Balancer would replace for less.
//!
//! **Why it costs.** The hour of a Classic Load Balancer costs more than that of its
//! successors, and every gigabyte is charged; an Application Load Balancer charges capacity
//! units instead, of which quiet services use few.
//!
//! **What we do.** Make an Application Load Balancer beside it, move the DNS record, delete
//! the Classic one.
//!
//! **What it saves.** Hours and gigabytes now, less the hours and the capacity units
//! afterwards. CloudWatch estimates those units for every Classic Load Balancer with HTTP
//! listeners; without that series we say *unknown*.
//!
//! **What could go wrong.** The DNS name changes and so do the addresses. TCP listeners need a
//! Network Load Balancer, back-end certificates and some ciphers have no counterpart.
//!
//! **Where others err.** They compare the hours alone and leave the capacity units out, which
//! for busy services cost more than the gigabytes did.
//!
//! # 한국어
//!
//! Application Load Balancer로 바꾸면 더 저렴한 Classic Load Balancer를 찾습니다.
//!
//! **비용이 드는 이유.** Classic Load Balancer는 시간 요금이 후속 세대보다 비싸고 처리한 1 GB마다 과금됩니다.
//! Application Load Balancer는 대신 용량 단위(LCU)로 과금되며, 한가한 서비스는 이 단위를 적게 씁니다.
//!
//! **제안하는 조치.** Application Load Balancer를 옆에 만들고 DNS 레코드를 옮긴 뒤 Classic 쪽을 삭제합니다.
//!
//! **절감액.** 현재의 시간 요금과 처리량 요금에서 변경 후의 시간 요금과 용량 단위 요금을 뺍니다. CloudWatch는
//! HTTP 리스너가 있는 Classic Load Balancer마다 용량 단위 추정치를 기록합니다. 이 지표가 없으면 판단하지
//! 않습니다.
//!
//! **주의할 점.** DNS 이름과 IP 주소가 바뀝니다. TCP 리스너는 Network Load Balancer가 필요하며, 백엔드 인증서와
//! 일부 암호 모음은 지원되지 않습니다.
//!
//! **다른 도구와 다른 점.** 시간 요금만 비교하고 용량 단위를 빠뜨리는 도구가 있습니다. 바쁜 서비스에서는 용량 단위
//! 요금이 기존 처리량 요금보다 클 수 있습니다.

use rust_decimal::Decimal;
use rust_decimal::prelude::FromPrimitive;

use trimtab_model::action::{Action, Setting};
use trimtab_model::evidence::{Evidence, Figure, UnseenSignal};
use trimtab_model::id::ResourceId;
use trimtab_model::metric::Statistic;
use trimtab_model::period::HOURS_PER_MONTH;
use trimtab_model::recommendation::{
    ActionType, Finding, ImplementationEffort, ReasonCode, Restart, Undo, Unknown, Verdict,
};
use trimtab_model::resource::load_balancer::{LoadBalancer, LoadBalancerType};
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::text::{Reason, StaticText, Text};

use crate::check::{Check, Facts, Need};
use crate::observation::{MIN_COVERAGE_PERCENT, MIN_DAYS, Observation};
use crate::pricing::Tariff;
use crate::saving::{EVERYTHING, estimate_of};
use crate::verdict::{Proposal, judge_each, risk};

const SUM: &[Statistic] = &[Statistic::Sum];

/// The check.
pub static CHECK: Check = Check {
    id: "elb-load-balancer-classic",
    title: StaticText { en: "Classic Load Balancer", ko: "이전 세대 Classic Load Balancer" },
    kind: ResourceKind::ClassicLoadBalancer,
    action_type: ActionType::Upgrade,
    needs: &[
        Need::Kind(ResourceKind::ClassicLoadBalancer),
        Need::Metric("AWS/ELB", "EstimatedALBConsumedLCUs", SUM),
        Need::OptionalBilling,
    ],
    thresholds: &[MIN_DAYS, MIN_COVERAGE_PERCENT],
    judge: |check, facts| {
        let classic = facts
            .snapshot
            .load_balancers
            .iter()
            .filter(|one| one.kind.load_balancer_type == LoadBalancerType::Classic);
        judge_each(check, facts, ResourceKind::ClassicLoadBalancer, classic, judge)
    },
};

fn judge(
    check: &Check,
    facts: &Facts<'_>,
    balancer: &Resource<LoadBalancer>,
) -> Result<Verdict, Unknown> {
    let name = &balancer.kind.load_balancer_name;
    let names = [balancer.id.clone(), ResourceId::new(name.as_str())];
    let seen = Observation::complete(
        check,
        facts,
        balancer,
        &names,
        "AWS/ELB",
        "EstimatedALBConsumedLCUs",
        SUM,
    )?;
    // The sum of an hour is what that hour would be charged.
    let units = seen.profile.sum / seen.days().max(1.0) * 730.0 / 24.0;
    let units = Decimal::from_f64(units).unwrap_or_default().round_dp(3);
    let tariff = Tariff::of(facts, balancer);
    let hours = Decimal::from(HOURS_PER_MONTH);
    let reference = balancer.reference(ResourceKind::ClassicLoadBalancer);
    let mut now = vec![tariff.meter("Classic Load Balancer", hours, "elb/clb_hour")?];
    let after = vec![
        tariff.meter("Application Load Balancer", hours, "elb/alb_hour")?,
        tariff.meter("capacity units", units, "elb/alb_lcu")?,
    ];
    // The price list has no price of a gigabyte; the bill's own rate counts where it has one.
    let billed = crate::billed::Billed::find(facts, &reference, &names);
    let gigabytes = billed.as_ref().and_then(|bill| bill.rated(&["DataProcessing-Bytes"]));
    now.extend(gigabytes);
    let savings = estimate_of(facts, &reference, &names, EVERYTHING, now, after)?;
    Ok(Proposal {
        action: Action::Set(Setting::CurrentLoadBalancer { name: name.clone() }),
        finding: Finding::NotOptimized,
        reason_codes: vec![ReasonCode::NewGenerationAvailable],
        reason: Reason::new(
            "previous-generation",
            format!("An Application Load Balancer would use {units:.1} capacity units a month."),
            format!("Application Load Balancer로 바꾸면 월 {units:.1} LCU를 사용합니다."),
        ),
        savings,
        performance_risk: risk(balancer.environment, 2),
        effort: ImplementationEffort::High,
        restart_needed: Restart::NotNeeded,
        undo: Undo::Impossible(Text::new(
            "The DNS name of the Classic one is lost when it is deleted; keep it until nothing asks for it.",
            "Classic 쪽을 삭제하면 DNS 이름을 되찾을 수 없으므로, 조회가 사라질 때까지 남겨 두세요.",
        )),
        evidence: Evidence {
            window_days: Some(seen.days() as u32),
            figures: vec![Figure::number(
                "capacity_units",
                "Capacity units a month",
                "월 용량 단위",
                seen.profile.sum / seen.days().max(1.0) * 730.0 / 24.0,
                "LCU",
            )],
            coverage: vec![seen.coverage()],
            signals_not_seen: vec![UnseenSignal {
                name: "listeners".to_owned(),
                text: Text::new(
                    "Whether its listeners have counterparts: TCP ones need a Network Load Balancer.",
                    "리스너를 그대로 옮길 수 있는지 알 수 없습니다. TCP 리스너는 Network Load Balancer가 필요합니다.",
                ),
            }],
            notes: vec![Text::new(
                "Both are charged while they stand side by side.",
                "둘을 함께 운영하는 동안에는 양쪽 모두 과금됩니다.",
            )],
        },
    }
    .into_verdict(check, reference))
}

#[cfg(test)]
mod tests {
    use trimtab_model::metric::Statistic;
    use trimtab_model::resource::load_balancer::LoadBalancerType;

    use super::CHECK;
    use crate::scene::{Scene, check, flat, scene};

    fn classic() -> Scene {
        scene().load_balancer(|balancer| {
            balancer.id = "old".into();
            balancer.kind.load_balancer_name = "old".into();
            balancer.kind.load_balancer_type = LoadBalancerType::Classic;
        })
    }

    /// A series of five minutes: 1/12 of it is the capacity of a sample.
    fn using(units: f64, days: i64) -> Scene {
        let series = flat(units / 12.0, days);
        classic().metric("old", "AWS/ELB", "EstimatedALBConsumedLCUs", Statistic::Sum, series)
    }

    #[test]
    fn a_quiet_classic_one_fires() {
        check(&CHECK, using(0.1, 14), "recommend 1.24 / 1.24 / 1.24");
    }

    #[test]
    fn the_gigabytes_of_the_bill_count() {
        let scene = using(0.1, 14).bill("old", "LoadBalancerUsage", "720", "18").bill(
            "old",
            "DataProcessing-Bytes",
            "1000",
            "8",
        );
        check(&CHECK, scene, "recommend 9.35 / 9.35 / 9.35");
    }

    #[test]
    fn a_busy_one_that_would_cost_more_passes() {
        check(&CHECK, using(1.0, 14), "pass no-saving");
    }

    #[test]
    fn a_series_of_13_days_is_just_under_the_threshold() {
        check(&CHECK, using(0.1, 13), "unknown window-too-short");
    }

    #[test]
    fn without_the_series_it_is_unknown() {
        check(&CHECK, classic(), "unknown metric-missing");
    }
}
