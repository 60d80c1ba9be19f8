//! Finds provisioned concurrency of Lambda that no call ever uses.
//!
//! **Why it costs.** Environments that are kept ready are charged by the GB-second, day and
//! night, whether or not a call comes.
//!
//! **What we do.** Take the configuration away. The alias or version stays and answers as any
//! other function does, with a cold start. Unused means: no call went into these environments in
//! two weeks, by the metric of such calls or by the bill, which charges them apart.
//!
//! **What it saves.** What the bill charges for keeping the environments ready; without a bill,
//! memory times environments at the list price. A Compute Savings Plan may cover it.
//!
//! **What could go wrong.** Somebody made the environments ready for an event that has not come
//! yet. Application Auto Scaling or a deployment tool may set them again.
//!
//! **Where others err.** They report every function with provisioned concurrency, also where it
//! is busy all day.
//!
//! # 한국어
//!
//! 호출이 한 번도 쓰지 않은 Lambda 프로비저닝된 동시성을 찾습니다.
//!
//! **비용이 드는 이유.** 준비해 둔 실행 환경은 호출이 없어도 밤낮으로 GB-초 단위로 과금됩니다.
//!
//! **제안하는 조치.** 프로비저닝된 동시성 설정을 지웁니다. 별칭이나 버전은 그대로 남아 다른 함수처럼 콜드 스타트로
//! 응답합니다. 2주 동안 이 실행 환경으로 들어온 호출이 없을 때만 해당하며, 전용 지표나 따로 과금되는 청구서 항목으로
//! 확인합니다.
//!
//! **절감액.** 청구서에 나온 실행 환경 준비 비용입니다. 청구서가 없으면 메모리와 실행 환경 수에 정가를 곱합니다. Compute
//! Savings Plan이 덮고 있을 수 있습니다.
//!
//! **주의할 점.** 아직 시작되지 않은 이벤트를 위해 미리 준비해 둔 것일 수 있습니다. Application Auto Scaling이나 배포
//! 도구가 다시 설정할 수도 있습니다.
//!
//! **다른 도구와 다른 점.** 종일 바쁜 함수까지, 프로비저닝된 동시성을 쓰는 함수를 모두 보고하는 도구가 있습니다.

use trimtab_model::action::{Action, Configuration};
use trimtab_model::evidence::{Evidence, Figure, UnseenSignal};
use trimtab_model::metric::Statistic;
use trimtab_model::recommendation::{
    ActionType, Finding, ImplementationEffort, ReasonCode, Restart, Undo, Unknown, Verdict,
};
use trimtab_model::resource::provisioned_concurrency::ProvisionedConcurrency;
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::text::{Reason, StaticText, Text};

use crate::check::{Check, Facts, Need};
use crate::concurrency::{COUNTERS, READINESS, cost, names, not_settled};
use crate::observation::{MIN_COVERAGE_PERCENT, MIN_DAYS};
use crate::passage::{Passage, passage};
use crate::saving::deletion;
use crate::verdict::{Proposal, judge_each, pass, risk, unknown};

/// The check.
pub static CHECK: Check = Check {
    id: "lambda-provisioned-concurrency-unused",
    title: StaticText {
        en: "Provisioned concurrency that no call uses",
        ko: "호출이 쓰지 않는 프로비저닝된 동시성",
    },
    kind: ResourceKind::ProvisionedConcurrency,
    action_type: ActionType::Delete,
    needs: &[
        Need::Kind(ResourceKind::ProvisionedConcurrency),
        Need::OptionalMetric("AWS/Lambda", "ProvisionedConcurrencyInvocations", &[Statistic::Sum]),
        Need::OptionalBilling,
    ],
    thresholds: &[MIN_DAYS, MIN_COVERAGE_PERCENT],
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
    let names = names(facts, one);
    let kind = ResourceKind::ProvisionedConcurrency;
    let silence = match passage(check, facts, one, kind, &names, &COUNTERS)? {
        Passage::Something { counter, units } => {
            return Ok(pass(
                "in-use",
                format!("{counter} counts {units:.0}."),
                format!("{counter} 값이 {units:.0}입니다."),
            ));
        }
        Passage::Nothing(silence) => silence,
    };
    let Some(allocated) = one.kind.allocated else {
        return Err(unknown(
            "size-unknown",
            "How many environments are ready is not known.",
            "준비된 실행 환경 수를 알 수 없습니다.",
            &["inventory:list-provisioned-concurrency-configs"],
        ));
    };
    let reference = one.reference(kind);
    let list = cost(facts, one, allocated).map(|cost| vec![cost]);
    let savings = deletion(facts, &reference, &names, READINESS, list)?;
    let days = silence.days;
    let mut evidence = Evidence {
        signals_not_seen: vec![UnseenSignal {
            name: "purpose".to_owned(),
            text: Text::new(
                "Whether it waits for an event that has not come yet, and whether a tool sets it.",
                "아직 시작되지 않은 이벤트를 위한 것인지, 다른 도구가 설정하는 값인지 알 수 없습니다.",
            ),
        }],
        ..silence.evidence()
    };
    evidence.figures.push(Figure::number(
        "environments",
        "Environments kept ready",
        "준비해 둔 실행 환경",
        f64::from(allocated),
        "",
    ));
    let setting = |executions| Configuration::ProvisionedConcurrency {
        function_name: one.kind.function_name.clone(),
        qualifier: one.kind.qualifier.clone(),
        executions,
    };
    Ok(Proposal {
        action: Action::Configure { from: setting(allocated), to: setting(0) },
        finding: Finding::Unused,
        reason_codes: vec![ReasonCode::Unused],
        reason: Reason::new(
            "unused",
            format!(
                "{allocated} environments were kept ready for {days:.0} days, and no call used one."
            ),
            format!(
                "실행 환경 {allocated}개를 {days:.0}일 동안 준비해 두었지만 사용한 호출이 없습니다."
            ),
        ),
        savings,
        performance_risk: risk(one.environment, 0),
        effort: ImplementationEffort::VeryLow,
        restart_needed: Restart::NotNeeded,
        undo: Undo::Exact,
        evidence,
    }
    .into_verdict(check, reference))
}

#[cfg(test)]
mod tests {
    use trimtab_model::metric::Statistic;

    use super::CHECK;
    use crate::scene::{Scene, check, days_ago, flat, recommended, scene};

    const ARN: &str = "arn:aws:lambda:us-east-1:111122223333:function:resize";

    fn called(calls: f64, days: i64) -> Scene {
        scene().provisioned_concurrency(|_| ()).metric(
            "resize:live",
            "AWS/Lambda",
            "ProvisionedConcurrencyInvocations",
            Statistic::Sum,
            flat(calls, days),
        )
    }

    fn billed() -> Scene {
        scene().provisioned_concurrency(|_| ()).bill(
            ARN,
            "APN2-Lambda-Provisioned-Concurrency",
            "25920000",
            "108",
        )
    }

    #[test]
    fn environments_that_no_call_uses_fires() {
        // 10 x 1 GB for 730 hours: 26,280,000 GB-seconds.
        check(&CHECK, called(0.0, 14), "recommend 68.44 / 109.50 / 109.50");
        let scene = called(0.0, 14);
        let commands = recommended(&CHECK, &scene).action.commands(&scene.reference("resize:live"));
        assert!(
            commands.apply[0].contains(
                "delete-provisioned-concurrency-config --function-name resize --qualifier live"
            ),
            "{commands:?}"
        );
        assert!(commands.undo[0].contains("--provisioned-concurrent-executions 10"));
    }

    #[test]
    fn the_bill_proves_it_where_no_call_was_charged() {
        check(&CHECK, billed(), "recommend 109.50 / 109.50 / 109.50");
    }

    #[test]
    fn environments_that_calls_use_passes() {
        check(&CHECK, called(1.0, 14), "pass in-use");
        let used = billed().bill(ARN, "Lambda-Provisioned-GB-Second", "1000", "0.01");
        check(&CHECK, used, "pass in-use");
    }

    #[test]
    fn what_was_set_just_under_two_weeks_ago_passes() {
        let mut scene = billed();
        scene.snapshot.provisioned_concurrency[0].kind.last_modified = Some(days_ago(13));
        check(&CHECK, scene, "pass changed-recently");
        check(&CHECK, called(0.0, 13), "unknown window-too-short");
    }

    #[test]
    fn without_metrics_and_a_bill_it_is_unknown() {
        check(&CHECK, scene().provisioned_concurrency(|_| ()), "unknown metric-missing");
        let unpriced = called(0.0, 14).without_price("lambda/provisioned_gb_second_x86");
        check(&CHECK, unpriced, "unknown price-missing");
    }

    #[test]
    fn a_bill_does_not_tell_two_aliases_apart() {
        let two = billed().provisioned_concurrency(|one| {
            one.id = "resize:beta".into();
            one.kind.qualifier = "beta".into();
        });
        check(&CHECK, two, "unknown metric-missing");
    }
}
