//! Finds Lambda functions on x86_64 that could run on arm64.
//!
//! **Why it costs.** A GB-second on arm64 costs a fifth less.
//!
//! **What we do.** Build and publish the same code for arm64 and move the alias; taking it
//! back is moving the alias again.
//!
//! **What it saves.** The GB-seconds of the bill, else memory times duration from the
//! metrics, at the difference of both prices. How long the code runs on the other processor
//! is not known before it has run there: *likely* and *high* assume the same duration, and
//! *low* is zero, which is where a quarter longer leads. Requests cost the same on both.
//!
//! **What could go wrong.** Compiled dependencies, layers, extensions and container images
//! must exist for arm64. Where there are layers or an image, the effort is higher.
//!
//! **Where others err.** They list every x86 function, also one that runs twice a month or
//! whose runtime knows no arm64, and name no amount.
//!
//! # 한국어
//!
//! arm64에서 실행할 수 있는 x86_64 Lambda 함수를 찾습니다.
//!
//! **비용이 드는 이유.** arm64의 GB-초 단가는 5분의 1 저렴합니다.
//!
//! **제안하는 조치.** 같은 코드를 arm64용으로 빌드하고 게시한 다음 별칭(alias)을 옮깁니다. 되돌리려면
//! 별칭을 다시 옮기면 됩니다.
//!
//! **절감액.** 청구서의 GB-초에, 없으면 지표에서 구한 메모리와 실행 시간의 곱에 두 단가의 차이를
//! 적용합니다. 다른 프로세서에서 코드가 얼마나 오래 실행될지는 실제로 실행해 보기 전에는 알 수
//! 없습니다. 예상값(*likely*)과 상한(*high*)은 실행 시간이 같다고 가정하고, 하한(*low*)은 실행 시간이
//! 4분의 1 길어질 때의 결과인 0입니다. 요청 요금은 양쪽이 같습니다.
//!
//! **주의할 점.** 컴파일된 의존성, 계층(layer), 확장, 컨테이너 이미지가 arm64용으로도 있어야 합니다.
//! 계층이나 이미지를 쓰는 함수는 작업량을 높게 봅니다.
//!
//! **다른 도구와 다른 점.** 한 달에 두 번 실행되는 함수나 런타임이 arm64를 지원하지 않는 함수까지 x86
//! 함수를 모두 나열하면서, 금액은 알려 주지 않는 도구가 있습니다.

use rust_decimal::Decimal;
use rust_decimal::prelude::{FromPrimitive, ToPrimitive};

use trimtab_model::action::Action;
use trimtab_model::charge::ResourceCharge;
use trimtab_model::evidence::{Evidence, Figure, UnseenSignal};
use trimtab_model::focus::ChargeCategory;
use trimtab_model::id::ResourceId;
use trimtab_model::metric::Statistic;
use trimtab_model::period::HOURS_PER_MONTH;
use trimtab_model::recommendation::{
    ActionType, Finding, ImplementationEffort, ReasonCode, Restart, Threshold, Undo, Unknown,
    Verdict,
};
use trimtab_model::resource::function::{Function, RUNTIMES_WITHOUT_ARM64};
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::text::{Reason, StaticText, Text, counted};

use crate::check::{Check, Facts, Need};
use crate::function::names;
use crate::observation::{Observation, missing};
use crate::pricing::Tariff;
use crate::saving::{Commitment, Meter, estimate_of, narrowed};
use crate::verdict::{Proposal, exempt, judge_each, pass, risk, unknown};

/// Picks the GB-seconds of a function.
const COMPUTE: Meter = Meter { charges: is_compute, commitment: Commitment::Possible };

fn is_compute(charge: &ResourceCharge) -> bool {
    charge
        .usage_type
        .as_deref()
        .is_some_and(|usage| usage == "Lambda-GB-Second" || usage.ends_with("-Lambda-GB-Second"))
}

/// The check.
pub static CHECK: Check = Check {
    id: "lambda-function-x86",
    title: StaticText {
        en: "Lambda function on x86 that arm64 would run for less",
        ko: "arm64로 더 저렴하게 실행할 수 있는 x86 Lambda 함수",
    },
    kind: ResourceKind::Function,
    action_type: ActionType::MigrateToGraviton,
    needs: &[
        Need::Kind(ResourceKind::Function),
        Need::OptionalMetric("AWS/Lambda", "Invocations", &[Statistic::Sum]),
        Need::OptionalMetric("AWS/Lambda", "Duration", &[Statistic::Sum, Statistic::Average]),
        Need::OptionalBilling,
    ],
    thresholds: &[Threshold {
        name: "min_invocations",
        default: "50",
        unit: "invocations",
        text: StaticText {
            en: "Fewest invocations in the window, as Compute Optimizer asks for.",
            ko: "관측 기간의 최소 호출 수입니다(Compute Optimizer와 같은 기준).",
        },
    }],
    judge: |check, facts| {
        judge_each(check, facts, ResourceKind::Function, &facts.snapshot.functions, judge)
    },
};

fn judge(
    check: &Check,
    facts: &Facts<'_>,
    function: &Resource<Function>,
) -> Result<Verdict, Unknown> {
    let kind = &function.kind;
    if kind.architectures.is_empty() {
        return Err(unknown(
            "architecture-unknown",
            "The architecture of the function is not known.",
            "함수의 아키텍처를 알 수 없습니다.",
            &["inventory:list-functions"],
        ));
    }
    if kind.architectures.iter().any(|architecture| architecture == "arm64") {
        return Ok(pass(
            "arm64",
            "The function runs on arm64.",
            "이미 arm64에서 실행되는 함수입니다.",
        ));
    }
    let without_arm64 = |runtime: &&str| RUNTIMES_WITHOUT_ARM64.contains(runtime);
    if let Some(runtime) = kind.runtime.as_deref().filter(without_arm64) {
        return Ok(exempt(
            "runtime-without-arm64",
            format!("The runtime {runtime} does not exist for arm64: a newer one comes first."),
            format!("{runtime} 런타임은 arm64를 지원하지 않습니다. 런타임을 먼저 올려야 합니다."),
        ));
    }
    let names = names(function);
    let invocations =
        Observation::find(facts, function, &names, "AWS/Lambda", "Invocations", &[Statistic::Sum]);
    let min_invocations = check.threshold_f64(facts, "min_invocations");
    if let Some(seen) = invocations.filter(|seen| seen.profile.sum < min_invocations) {
        return Ok(pass(
            "hardly-used",
            format!(
                "{} in {}, fewer than {min_invocations}.",
                counted(format_args!("{:.0}", seen.profile.sum), "invocation"),
                counted(format_args!("{:.0}", seen.days()), "day")
            ),
            format!(
                "{:.0}일 동안 호출이 {:.0}회로 {min_invocations}회보다 적습니다.",
                seen.days(),
                seen.profile.sum
            ),
        ));
    }
    let gb_seconds = match billed_gb_seconds(facts, function, &names) {
        Some(billed) => billed,
        None => measured_gb_seconds(facts, function, &names, invocations)?,
    };
    let tariff = Tariff::of(facts, function);
    let reference = function.reference(ResourceKind::Function);
    let savings = estimate_of(
        facts,
        &reference,
        &names,
        COMPUTE,
        vec![tariff.meter("GB-seconds on x86_64", gb_seconds, "lambda/gb_second_x86")?],
        vec![tariff.meter("GB-seconds on arm64", gb_seconds, "lambda/gb_second_arm")?],
    )?;
    let savings = narrowed(savings, Decimal::ZERO, Decimal::ONE)?;
    let is_image = kind.package_type.as_deref() == Some("Image");
    Ok(Proposal {
        action: Action::UpdateFunctionArchitecture {
            from: "x86_64".to_owned(),
            to: "arm64".to_owned(),
        },
        finding: Finding::NotOptimized,
        reason_codes: vec![ReasonCode::GravitonAvailable],
        reason: Reason::new(
            "x86",
            format!("{gb_seconds:.0} GB-seconds a month would cost less on arm64."),
            format!("월 {gb_seconds:.0} GB-초를 arm64로 실행하면 더 저렴합니다."),
        ),
        savings,
        performance_risk: risk(function.environment, 1),
        effort: if is_image || kind.layer_count > 0 {
            ImplementationEffort::High
        } else {
            ImplementationEffort::Medium
        },
        restart_needed: Restart::NotNeeded,
        undo: Undo::Exact,
        evidence: evidence(function, gb_seconds, min_invocations, invocations),
    }
    .into_verdict(check, reference))
}

/// Returns the GB-seconds a month that the bill has for the function.
fn billed_gb_seconds(
    facts: &Facts<'_>,
    function: &Resource<Function>,
    names: &[ResourceId],
) -> Option<Decimal> {
    let factor = facts.charges.monthly_factor()?;
    let sum = names
        .iter()
        .flat_map(|name| facts.charges.of_resource(name))
        .filter(|charge| charge.charge_category == ChargeCategory::Usage && is_compute(charge))
        .filter(|charge| charge.account.as_ref().is_none_or(|account| *account == function.account))
        .filter(|charge| charge.region.as_ref().is_none_or(|region| *region == function.region))
        .filter_map(|charge| charge.pricing_quantity)
        .try_fold(Decimal::ZERO, |sum, quantity| sum.checked_add(quantity))?;
    (sum > Decimal::ZERO).then_some(sum)?.checked_mul(factor)
}

/// Returns the GB-seconds a month that the metrics give.
///
/// Lambda writes nothing while a function rests, so gaps are not a lack here: what was not
/// seen is not counted, which errs on the low side.
fn measured_gb_seconds(
    facts: &Facts<'_>,
    function: &Resource<Function>,
    names: &[ResourceId],
    invocations: Option<Observation<'_>>,
) -> Result<Decimal, Unknown> {
    let statistics = &[Statistic::Sum, Statistic::Average];
    let Some(duration) =
        Observation::find(facts, function, names, "AWS/Lambda", "Duration", statistics)
    else {
        let mut nothing = missing("AWS/Lambda", "Duration", statistics);
        nothing.settled_by.push("billing".to_owned());
        return Err(nothing);
    };
    let Some(memory_mb) = function.kind.memory_size_mb else {
        return Err(unknown(
            "memory-unknown",
            "The memory of the function is not known.",
            "함수의 메모리 크기를 알 수 없습니다.",
            &["inventory:list-functions"],
        ));
    };
    let milliseconds = match (duration.statistic, invocations) {
        (Statistic::Sum, _) => duration.profile.sum,
        (_, Some(invocations)) => duration.profile.mean * invocations.profile.sum,
        (_, None) => return Err(missing("AWS/Lambda", "Invocations", &[Statistic::Sum])),
    };
    let months = duration.days() * 24.0 / f64::from(HOURS_PER_MONTH);
    let gb_seconds = milliseconds / 1000.0 * f64::from(memory_mb) / 1024.0 / months;
    Decimal::from_f64(gb_seconds)
        .map(|value| value.round_dp(3))
        .ok_or_else(|| missing("AWS/Lambda", "Duration", statistics))
}

fn evidence(
    function: &Resource<Function>,
    gb_seconds: Decimal,
    min_invocations: f64,
    invocations: Option<Observation<'_>>,
) -> Evidence {
    let kind = &function.kind;
    let mut evidence = Evidence {
        window_days: invocations.as_ref().map(|seen| seen.days() as u32),
        figures: vec![
            Figure::number(
                "gb_seconds",
                "GB-seconds a month",
                "월간 GB-초",
                gb_seconds.to_f64().unwrap_or_default(),
                "GB-s",
            ),
            Figure::word(
                "runtime",
                "Runtime",
                "런타임",
                kind.runtime.as_deref().unwrap_or("container image"),
            ),
        ],
        coverage: invocations.iter().map(Observation::coverage).collect(),
        signals_not_seen: vec![UnseenSignal {
            name: "duration_on_arm64".to_owned(),
            text: Text::new(
                "How long the code runs on arm64: the saving is gone where it takes a quarter longer.",
                "arm64에서의 실행 시간은 알 수 없습니다. 25% 이상 길어지면 절감액이 사라집니다.",
            ),
        }],
        ..Evidence::default()
    };
    if let Some(seen) = invocations {
        evidence.figures.push(
            Figure::number("invocations", "Invocations", "호출 수", seen.profile.sum, "")
                .against(min_invocations),
        );
    }
    if kind.layer_count > 0 {
        evidence.notes.push(Text::new(
            format!("Its {} must exist for arm64.", counted(kind.layer_count, "layer")),
            format!("사용 중인 레이어 {}개가 arm64용으로도 있어야 합니다.", kind.layer_count),
        ));
    }
    if kind.package_type.as_deref() == Some("Image") {
        evidence.notes.push(Text::new(
            "The container image must be built for arm64.",
            "컨테이너 이미지를 arm64용으로 다시 빌드해야 합니다.",
        ));
    }
    evidence
}

#[cfg(test)]
mod tests {
    use trimtab_model::metric::Statistic;
    use trimtab_model::recommendation::ImplementationEffort;

    use super::CHECK;
    use crate::scene::{Scene, check, flat, recommended, scene};

    /// A function with so many invocations in 14 days, of a second each, at 1 GB.
    fn invoked(invocations: f64) -> Scene {
        let per_sample = invocations / (14.0 * 288.0);
        scene()
            .function(|_| ())
            .metric("resize", "AWS/Lambda", "Invocations", Statistic::Sum, flat(per_sample, 14))
            .metric(
                "resize",
                "AWS/Lambda",
                "Duration",
                Statistic::Sum,
                flat(per_sample * 1000.0, 14),
            )
    }

    #[test]
    fn a_busy_x86_function_fires() {
        // 2,172,619 GB-seconds a month.
        check(&CHECK, invoked(1_000_000.0), "recommend 0.00 / 7.24 / 7.24");
    }

    #[test]
    fn the_bill_decides_where_it_names_the_function() {
        let scene = scene().function(|_| ()).bill("resize", "Lambda-GB-Second", "1000000", "10");
        check(&CHECK, scene, "recommend 0.00 / 2.03 / 2.03");
    }

    #[test]
    fn a_function_on_arm64_passes() {
        check(
            &CHECK,
            scene().function(|function| function.kind.architectures = vec!["arm64".into()]),
            "pass arm64",
        );
    }

    #[test]
    fn a_function_with_49_invocations_is_just_under_the_threshold() {
        check(&CHECK, invoked(49.0), "pass hardly-used");
        check(&CHECK, invoked(51.0), "pass no-saving");
    }

    #[test]
    fn a_function_without_metrics_and_bill_is_unknown() {
        check(&CHECK, scene().function(|_| ()), "unknown metric-missing");
    }

    #[test]
    fn an_old_runtime_is_exempt() {
        let scene = scene().function(|function| function.kind.runtime = Some("go1.x".into()));
        check(&CHECK, scene, "exempt runtime-without-arm64");
    }

    #[test]
    fn layers_make_it_more_work() {
        let mut scene = invoked(1_000_000.0);
        scene.snapshot.functions[0].kind.layer_count = 1;
        assert_eq!(recommended(&CHECK, &scene).implementation_effort, ImplementationEffort::High);
    }
}
