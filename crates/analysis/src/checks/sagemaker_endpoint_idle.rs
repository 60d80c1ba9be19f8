//! Finds SageMaker endpoints that nobody calls.
//!
//! **Why it costs.** The instances behind an endpoint are charged by the hour, called or not.
//!
//! **What we do.** Delete the endpoint, after a person agreed. Its configuration and its model
//! stay and cost nothing, so that the same endpoint can be made again in minutes. Nobody means:
//! no invocation in two weeks. Where SageMaker sent no sample of invocations at all, that counts
//! as none only if its CPU was measured all the time and other endpoints have such samples.
//!
//! **What it saves.** What the bill charges for the endpoint; there is no list price here, so
//! without a bill we say *unknown*.
//!
//! **What could go wrong.** Whoever calls it while it is gone gets an error: it may stand by for
//! another one. Serverless endpoints, and those that are scaled to no instance, cost nothing and
//! pass. Asynchronous endpoints and those of inference components count their calls elsewhere
//! and are *not* judged.
//!
//! **Where others err.** They take a metric that nobody read for one that is zero.
//!
//! # 한국어
//!
//! 아무도 호출하지 않는 SageMaker 엔드포인트를 찾습니다.
//!
//! **비용이 드는 이유.** 엔드포인트의 인스턴스는 호출 여부와 관계없이 시간당 과금됩니다.
//!
//! **제안하는 조치.** 사람이 동의하면 엔드포인트를 삭제합니다. 엔드포인트 구성과 모델은 비용 없이 남으므로 몇 분이면 같은
//! 엔드포인트를 다시 만들 수 있습니다. 2주 동안 호출이 없을 때만 해당합니다. SageMaker가 호출 지표를 전혀 보내지 않은
//! 경우에는 CPU가 내내 측정되었고 다른 엔드포인트에 호출 지표가 있을 때만 호출이 없는 것으로 봅니다.
//!
//! **절감액.** 청구서에 나온 이 엔드포인트의 비용입니다. 정가가 없으므로 청구서가 없으면 알 수 없다고 답합니다.
//!
//! **주의할 점.** 삭제된 동안 호출하면 오류가 납니다. 다른 엔드포인트의 대기용일 수 있습니다. 서버리스 엔드포인트와 인스턴스가
//! 0개로 줄어든 엔드포인트는 비용이 들지 않으므로 정상으로 봅니다. 비동기 엔드포인트와 추론 구성 요소를 쓰는 엔드포인트는
//! 호출을 다른 곳에서 세므로 판단하지 않습니다.
//!
//! **다른 도구와 다른 점.** 읽지 않은 지표를 0으로 보는 도구가 있습니다.

use trimtab_model::action::{Action, Removal};
use trimtab_model::evidence::{Evidence, Figure, MetricCoverage, UnseenSignal};
use trimtab_model::id::ResourceId;
use trimtab_model::metric::Statistic;
use trimtab_model::recommendation::{
    ActionType, Finding, ImplementationEffort, ReasonCode, Restart, Undo, Unknown, Verdict,
};
use trimtab_model::resource::model_endpoint::{EndpointVariant, Inference, ModelEndpoint};
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::text::{Reason, StaticText, Text, counted};

use crate::check::{Check, Facts, Need, days_between};
use crate::observation::{MIN_COVERAGE_PERCENT, MIN_DAYS, Observation, missing};
use crate::saving::{EVERYTHING_WITH_HOURS, deletion};
use crate::verdict::{Proposal, judge_each, pass, risk, unknown};

const NAMESPACE: &str = "AWS/SageMaker";
const INVOCATIONS: &str = "Invocations";
const SUM: &[Statistic] = &[Statistic::Sum];
/// What the instances measure of themselves, called or not.
const INSTANCES: &str = "/aws/sagemaker/Endpoints";
const PROCESSOR: &str = "CPUUtilization";
const LEVEL: &[Statistic] = &[Statistic::Maximum, Statistic::Average];

/// The check.
pub static CHECK: Check = Check {
    id: "sagemaker-endpoint-idle",
    title: StaticText {
        en: "SageMaker endpoint that nobody calls",
        ko: "아무도 호출하지 않는 SageMaker 엔드포인트",
    },
    kind: ResourceKind::ModelEndpoint,
    action_type: ActionType::Delete,
    needs: &[
        Need::Kind(ResourceKind::ModelEndpoint),
        Need::Metric(NAMESPACE, INVOCATIONS, SUM),
        Need::OptionalMetric(INSTANCES, PROCESSOR, LEVEL),
        Need::OptionalBilling,
    ],
    thresholds: &[MIN_DAYS, MIN_COVERAGE_PERCENT],
    judge: |check, facts| {
        let kind = ResourceKind::ModelEndpoint;
        judge_each(check, facts, kind, &facts.snapshot.model_endpoints, judge)
    },
};

fn judge(
    check: &Check,
    facts: &Facts<'_>,
    endpoint: &Resource<ModelEndpoint>,
) -> Result<Verdict, Unknown> {
    if let Some(verdict) = not_charged(check, facts, &endpoint.kind)? {
        return Ok(verdict);
    }
    let own = std::slice::from_ref(&endpoint.id);
    let seen = Observation::find(facts, endpoint, own, NAMESPACE, INVOCATIONS, SUM);
    if let Some(calls) = seen.map(|seen| seen.profile.sum).filter(|calls| *calls > 0.0) {
        return Ok(pass(
            "in-use",
            format!("It was called {calls:.0} times."),
            format!("{calls:.0}회 호출되었습니다."),
        ));
    }
    let (days, coverage) = silence(check, facts, endpoint, seen)?;
    let arn = endpoint.kind.endpoint_arn.as_deref().map(ResourceId::new);
    let names: Vec<ResourceId> = std::iter::once(endpoint.id.clone()).chain(arn).collect();
    let list = Err(unknown(
        "price-missing",
        "Instances of SageMaker have no list price here, and the bill does not name the endpoint.",
        "SageMaker 인스턴스의 가격이 없고 청구서에도 이 엔드포인트가 없습니다.",
        &["billing"],
    ));
    let reference = endpoint.reference(ResourceKind::ModelEndpoint);
    let savings = deletion(facts, &reference, &names, EVERYTHING_WITH_HOURS, list)?;
    Ok(Proposal {
        action: Action::Remove {
            removal: Removal::ModelEndpoint {
                endpoint_config_name: endpoint.kind.endpoint_config_name.clone(),
            },
        },
        finding: Finding::Idle,
        reason_codes: vec![ReasonCode::Idle],
        reason: Reason::new(
            "idle",
            format!("Nobody called it in {days:.0} days."),
            format!("{days:.0}일 동안 호출이 없었습니다."),
        ),
        savings,
        performance_risk: risk(endpoint.environment, 2),
        effort: ImplementationEffort::Low,
        restart_needed: Restart::NotNeeded,
        undo: Undo::Compensating(Text::new(
            "The same endpoint is made again from its configuration in minutes, if the instances are to be had then.",
            "구성이 남아 있어 몇 분이면 같은 엔드포인트를 다시 만들 수 있지만, 그때 인스턴스를 확보할 수 있어야 합니다.",
        )),
        evidence: evidence(&endpoint.kind, days, coverage),
    }
    .into_verdict(check, reference))
}

/// Returns the verdict on an endpoint that costs nothing, or was changed too recently.
fn not_charged(
    check: &Check,
    facts: &Facts<'_>,
    endpoint: &ModelEndpoint,
) -> Result<Option<Verdict>, Unknown> {
    if endpoint.endpoint_status != "InService" {
        return Ok(Some(pass(
            "not-in-service",
            format!("It is {}.", endpoint.endpoint_status),
            format!("상태가 {}입니다.", endpoint.endpoint_status),
        )));
    }
    if !endpoint.variants.is_empty() && endpoint.variants.iter().all(costs_nothing_idle) {
        return Ok(Some(pass(
            "costs-nothing-idle",
            "It is serverless or has no instance now, and costs nothing while nobody calls.",
            "서버리스이거나 현재 인스턴스가 없어 호출이 없으면 비용이 들지 않습니다.",
        )));
    }
    let changed = endpoint.last_modified_time.max(endpoint.creation_time);
    let age_days = changed.map(|changed| days_between(changed, facts.now));
    let min_days = check.threshold_f64(facts, MIN_DAYS.name);
    if let Some(age_days) = age_days.filter(|age| f64::from(*age) < min_days) {
        return Ok(Some(pass(
            "changed-recently",
            format!("It was made or changed {} ago.", counted(age_days, "day")),
            format!("만들거나 변경한 지 {age_days}일밖에 지나지 않았습니다."),
        )));
    }
    let elsewhere =
        |en, ko| Err(unknown("calls-counted-elsewhere", en, ko, &["application-metrics"]));
    if endpoint.inference == Inference::Asynchronous {
        return elsewhere(
            "It is asynchronous: its requests wait in a queue and are not counted as invocations.",
            "비동기 엔드포인트라 요청이 대기열을 거치며 호출 수로 세지 않습니다.",
        );
    }
    let is_without_model =
        |variant: &EndpointVariant| variant.model_name.is_none() && variant.serverless.is_none();
    if endpoint.variants.is_empty() || endpoint.variants.iter().any(is_without_model) {
        return elsewhere(
            "Inference components may bring its models, whose calls are counted apart.",
            "추론 구성 요소가 모델을 제공할 수 있으며, 그 호출은 따로 집계됩니다.",
        );
    }
    Ok(None)
}

fn costs_nothing_idle(variant: &EndpointVariant) -> bool {
    match variant.serverless {
        Some(serverless) => serverless.provisioned_concurrency.is_none(),
        None => variant.current_instance_count == Some(0),
    }
}

/// Returns for how long nobody called, and what proves it.
///
/// SageMaker sends zeros for some endpoints and nothing for others.
fn silence<'a>(
    check: &Check,
    facts: &Facts<'a>,
    endpoint: &Resource<ModelEndpoint>,
    seen: Option<Observation<'a>>,
) -> Result<(f64, Vec<MetricCoverage>), Unknown> {
    let nothing = match seen {
        Some(seen) => match seen.require(check, facts) {
            Ok(()) => return Ok((seen.days(), vec![seen.coverage()])),
            Err(nothing) => nothing,
        },
        None => missing(NAMESPACE, INVOCATIONS, SUM),
    };
    let own = std::slice::from_ref(&endpoint.id);
    let watched = Observation::find(facts, endpoint, own, INSTANCES, PROCESSOR, LEVEL)
        .filter(|watched| watched.require(check, facts).is_ok());
    let is_read = seen.is_some()
        || facts
            .profiles
            .iter()
            .any(|(key, _)| key.namespace == NAMESPACE && key.metric == INVOCATIONS);
    let watched = watched.filter(|_| is_read).ok_or(nothing)?;
    Ok((watched.days(), vec![watched.coverage()]))
}

fn evidence(endpoint: &ModelEndpoint, days: f64, coverage: Vec<MetricCoverage>) -> Evidence {
    let instances: u32 =
        endpoint.variants.iter().filter_map(|variant| variant.current_instance_count).sum();
    let types: Vec<&str> =
        endpoint.variants.iter().filter_map(|variant| variant.instance_type.as_deref()).collect();
    Evidence {
        window_days: Some(days as u32),
        figures: vec![
            Figure::number("invocations", "Invocations", "호출 수", 0.0, "").against(0.0),
            Figure::number("instances", "Instances", "인스턴스 수", f64::from(instances), ""),
            Figure::word("types", "Instance types", "인스턴스 유형", types.join(", ")),
        ],
        coverage,
        signals_not_seen: vec![UnseenSignal {
            name: "purpose".to_owned(),
            text: Text::new(
                "Whether it stands by for another endpoint or region.",
                "다른 엔드포인트나 리전의 대기용인지 알 수 없습니다.",
            ),
        }],
        notes: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use trimtab_model::metric::Statistic;
    use trimtab_model::resource::model_endpoint::{Inference, ServerlessVariant};

    use super::CHECK;
    use crate::scene::{Scene, check, days_ago, flat, recommended, scene};

    const ARN: &str = "arn:aws:sagemaker:us-east-1:111122223333:endpoint/ranker";

    fn billed() -> Scene {
        scene().model_endpoint(|_| ()).bill(ARN, "APN2-Host:ml.m5.large", "720", "82.80")
    }

    fn calls(scene: Scene, id: &str, value: f64, days: i64) -> Scene {
        scene.metric(id, "AWS/SageMaker", "Invocations", Statistic::Sum, flat(value, days))
    }

    #[test]
    fn an_endpoint_that_nobody_calls_fires() {
        let scene = calls(billed(), "ranker", 0.0, 14);
        check(&CHECK, scene.clone(), "recommend 83.95 / 83.95 / 83.95");
        let commands = recommended(&CHECK, &scene).action.commands(&scene.reference("ranker"));
        assert!(commands.undo[0].contains("--endpoint-config-name ranker-3"), "{commands:?}");
    }

    #[test]
    fn silence_counts_where_the_instances_were_measured_and_others_have_calls() {
        let silent = || {
            billed().metric(
                "ranker",
                "/aws/sagemaker/Endpoints",
                "CPUUtilization",
                Statistic::Maximum,
                flat(1.0, 14),
            )
        };
        check(&CHECK, silent(), "unknown metric-missing");
        check(&CHECK, calls(silent(), "other", 3.0, 14), "recommend 83.95 / 83.95 / 83.95");
    }

    #[test]
    fn an_endpoint_that_is_called_or_costs_nothing_passes() {
        check(&CHECK, calls(billed(), "ranker", 2.0, 14), "pass in-use");
        let mut serverless = billed();
        serverless.snapshot.model_endpoints[0].kind.variants[0].serverless =
            Some(ServerlessVariant { memory_size_mb: Some(2048), provisioned_concurrency: None });
        check(&CHECK, serverless, "pass costs-nothing-idle");
        let mut scaled_in = billed();
        scaled_in.snapshot.model_endpoints[0].kind.variants[0].current_instance_count = Some(0);
        check(&CHECK, scaled_in, "pass costs-nothing-idle");
    }

    #[test]
    fn just_under_two_weeks_nothing_is_proven() {
        check(&CHECK, calls(billed(), "ranker", 0.0, 13), "unknown window-too-short");
        let mut young = calls(billed(), "ranker", 0.0, 14);
        young.snapshot.model_endpoints[0].kind.last_modified_time = Some(days_ago(13));
        check(&CHECK, young, "pass changed-recently");
    }

    #[test]
    fn without_metrics_a_bill_or_sight_it_is_unknown() {
        check(&CHECK, billed(), "unknown metric-missing");
        let unbilled = calls(scene().model_endpoint(|_| ()), "ranker", 0.0, 14);
        check(&CHECK, unbilled, "unknown price-missing");
        let mut queued = calls(billed(), "ranker", 0.0, 14);
        queued.snapshot.model_endpoints[0].kind.inference = Inference::Asynchronous;
        check(&CHECK, queued, "unknown calls-counted-elsewhere");
        let mut components = calls(billed(), "ranker", 0.0, 14);
        components.snapshot.model_endpoints[0].kind.variants[0].model_name = None;
        check(&CHECK, components, "unknown calls-counted-elsewhere");
    }
}
