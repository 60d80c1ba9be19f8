//! Finds provisioned concurrency of Lambda with more environments than calls ever use at once.
//!
//! **Why it costs.** Every environment that is kept ready is charged by the GB-second, used or
//! not.
//!
//! **What we do.** Lower their number to what the busiest interval used, with room above it.
//! Calls beyond the number are served as well, with a cold start.
//!
//! **What it saves.** The environments that go, at the price of keeping them ready. What calls
//! pay for the time they run does not change.
//!
//! **What could go wrong.** A peak that comes less often than we looked meets cold starts. Where
//! Application Auto Scaling moves the number, its limits have to change and not the number; what
//! was changed within the days that we look at is left alone.
//!
//! **Where others err.** They look at the mean of the utilization, which hides the peaks that
//! the environments are there for.
//!
//! # 한국어
//!
//! 동시에 쓰이는 것보다 실행 환경이 많은 Lambda 프로비저닝된 동시성을 찾습니다.
//!
//! **비용이 드는 이유.** 준비해 둔 실행 환경은 사용하지 않아도 하나하나 GB-초 단위로 과금됩니다.
//!
//! **제안하는 조치.** 가장 바쁜 구간에 쓰인 수에 여유를 더한 값으로 줄입니다. 그보다 많은 호출도 처리되지만 콜드 스타트가
//! 생깁니다.
//!
//! **절감액.** 줄어드는 실행 환경을 준비해 두는 비용입니다. 호출이 실행되는 동안의 요금은 달라지지 않습니다.
//!
//! **주의할 점.** 관측 기간보다 드물게 오는 피크에는 콜드 스타트가 생길 수 있습니다. Application Auto Scaling이 값을 바꾸고
//! 있다면 값이 아니라 한도를 조정해야 합니다. 관측 기간 안에 변경된 설정은 제외합니다.
//!
//! **다른 도구와 다른 점.** 사용률의 평균만 보는 도구가 있는데, 평균에는 실행 환경을 준비해 둔 이유인 피크가 드러나지 않습니다.

use trimtab_model::action::{Action, Configuration};
use trimtab_model::evidence::{Evidence, Figure, UnseenSignal};
use trimtab_model::metric::Statistic;
use trimtab_model::recommendation::{
    ActionType, Finding, ImplementationEffort, ReasonCode, Restart, Threshold, Undo, Unknown,
    Verdict,
};
use trimtab_model::resource::provisioned_concurrency::ProvisionedConcurrency;
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::text::{Reason, StaticText, Text};

use crate::check::{Check, Facts, Need};
use crate::concurrency::{READINESS, cost, names, not_settled};
use crate::observation::{MIN_COVERAGE_PERCENT, MIN_DAYS, Observation};
use crate::saving::estimate_of;
use crate::verdict::{Proposal, judge_each, pass, risk, unknown};

const METRIC: &str = "ProvisionedConcurrentExecutions";

/// The check.
pub static CHECK: Check = Check {
    id: "lambda-provisioned-concurrency-oversized",
    title: StaticText {
        en: "Provisioned concurrency with more environments than calls use",
        ko: "사용량보다 실행 환경이 많은 프로비저닝된 동시성",
    },
    kind: ResourceKind::ProvisionedConcurrency,
    action_type: ActionType::Rightsize,
    needs: &[
        Need::Kind(ResourceKind::ProvisionedConcurrency),
        Need::Metric("AWS/Lambda", METRIC, &[Statistic::Maximum]),
        Need::OptionalBilling,
    ],
    thresholds: &[
        Threshold {
            name: "target_utilization_percent",
            default: "70",
            unit: "%",
            text: StaticText {
                en: "Share of the remaining environments that the busiest interval may use: the target of AWS's examples of scaling them.",
                ko: "가장 바쁜 구간이 줄인 뒤의 실행 환경에서 쓸 수 있는 비율입니다. AWS의 자동 조정 예시와 같은 목표입니다.",
            },
        },
        MIN_DAYS,
        MIN_COVERAGE_PERCENT,
    ],
    judge: |check, facts| {
        let kind = ResourceKind::ProvisionedConcurrency;
        judge_each(check, facts, kind, &facts.snapshot.provisioned_concurrency, judge)
    },
};

fn judge(
    check: &Check,
    facts: &Facts<'_>,
    one: &Resource<ProvisionedConcurrency>,
) -> Result<Verdict, Unknown> {
    if let Some(verdict) = not_settled(check, facts, one)? {
        return Ok(verdict);
    }
    let Some(allocated) = one.kind.allocated else {
        return Err(unknown(
            "size-unknown",
            "How many environments are ready is not known.",
            "준비된 실행 환경 수를 알 수 없습니다.",
            &["inventory:list-provisioned-concurrency-configs"],
        ));
    };
    let own = std::slice::from_ref(&one.id);
    let statistics = &[Statistic::Maximum];
    let share = check.threshold_f64(facts, "target_utilization_percent") / 100.0;
    // One busy interval settles it, however short the series is.
    let peak = Observation::find(facts, one, own, "AWS/Lambda", METRIC, statistics)
        .map_or(0.0, |seen| seen.profile.max);
    let needed = (peak / share).ceil();
    if needed >= f64::from(allocated) {
        return Ok(pass(
            "optimized",
            format!("{peak:.0} of {allocated} environments were used at once."),
            format!("실행 환경 {allocated}개 중 {peak:.0}개가 동시에 쓰였습니다."),
        ));
    }
    let seen = Observation::complete(check, facts, one, own, "AWS/Lambda", METRIC, statistics)?;
    if needed < 1.0 {
        return Ok(pass(
            "idle",
            "No environment was used: another check speaks of that.",
            "쓰인 실행 환경이 없습니다. 다른 점검에서 다룹니다.",
        ));
    }
    let needed = needed as u32;
    let reference = one.reference(ResourceKind::ProvisionedConcurrency);
    let savings = estimate_of(
        facts,
        &reference,
        &names(facts, one),
        READINESS,
        vec![cost(facts, one, allocated)?],
        vec![cost(facts, one, needed)?],
    )?;
    let setting = |executions| Configuration::ProvisionedConcurrency {
        function_name: one.kind.function_name.clone(),
        qualifier: one.kind.qualifier.clone(),
        executions,
    };
    let days = seen.days();
    Ok(Proposal {
        action: Action::Configure { from: setting(allocated), to: setting(needed) },
        finding: Finding::Overprovisioned,
        reason_codes: vec![ReasonCode::ThroughputOverprovisioned],
        reason: Reason::new(
            "environments-unused",
            format!("At most {peak:.0} of {allocated} environments were used at once in {days:.0} days; {needed} suffice."),
            format!("{days:.0}일 동안 실행 환경 {allocated}개 중 최대 {peak:.0}개가 동시에 쓰였습니다. {needed}개면 충분합니다."),
        ),
        savings,
        performance_risk: risk(one.environment, 1),
        effort: ImplementationEffort::VeryLow,
        restart_needed: Restart::NotNeeded,
        undo: Undo::Exact,
        evidence: Evidence {
            window_days: Some(days as u32),
            figures: vec![
                Figure::number(
                    "used_at_once",
                    "Most environments used at once",
                    "동시에 쓰인 실행 환경 최댓값",
                    peak,
                    "",
                )
                .against(f64::from(allocated)),
            ],
            coverage: vec![seen.coverage()],
            signals_not_seen: vec![UnseenSignal {
                name: "auto_scaling".to_owned(),
                text: Text::new(
                    "Whether Application Auto Scaling has limits for it: it would undo the change.",
                    "Application Auto Scaling 한도가 설정되어 있는지 알 수 없습니다. 설정되어 있다면 변경이 되돌려집니다.",
                ),
            }],
            ..Evidence::default()
        },
    }
    .into_verdict(check, reference))
}

#[cfg(test)]
mod tests {
    use trimtab_model::metric::Statistic;

    use super::CHECK;
    use crate::scene::{Scene, check, days_ago, flat, scene};

    fn used(at_once: f64, days: i64) -> Scene {
        scene().provisioned_concurrency(|_| ()).metric(
            "resize:live",
            "AWS/Lambda",
            "ProvisionedConcurrentExecutions",
            Statistic::Maximum,
            flat(at_once, days),
        )
    }

    #[test]
    fn environments_beyond_the_peak_fires() {
        // 2 used at once need 3 of 10: 7 x 1 GB for 730 hours go.
        check(&CHECK, used(2.0, 14), "recommend 47.91 / 76.65 / 76.65");
    }

    #[test]
    fn the_bill_decides_where_it_names_the_function() {
        let arn = "arn:aws:lambda:us-east-1:111122223333:function:resize";
        let scene =
            used(2.0, 14).committed(arn, "Lambda-Provisioned-Concurrency", "25920000", "90");
        check(&CHECK, scene, "pass covered-by-commitment");
    }

    #[test]
    fn environments_in_use_passes() {
        check(&CHECK, used(8.0, 14), "pass optimized");
        check(&CHECK, used(0.0, 14), "pass idle");
        let mut scene = used(2.0, 14);
        scene.snapshot.provisioned_concurrency[0].kind.last_modified = Some(days_ago(3));
        check(&CHECK, scene, "pass changed-recently");
    }

    #[test]
    fn just_under_the_target_one_environment_goes_and_at_it_none() {
        check(&CHECK, used(6.3, 14), "recommend 6.84 / 10.95 / 10.95");
        check(&CHECK, used(6.4, 14), "pass optimized");
    }

    #[test]
    fn without_metrics_or_memory_it_is_unknown() {
        check(&CHECK, scene().provisioned_concurrency(|_| ()), "unknown metric-missing");
        check(&CHECK, used(2.0, 13), "unknown window-too-short");
        let mut scene = used(2.0, 14);
        scene.snapshot.provisioned_concurrency[0].kind.memory_size_mb = None;
        check(&CHECK, scene, "unknown memory-unknown");
    }
}
