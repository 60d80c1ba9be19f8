//! Finds load balancers without targets or without traffic.
//!
//! **Why it costs.** A load balancer is charged by the hour, and for the public addresses
//! it holds, from its creation to its deletion.
//!
//! **What we do.** Export its configuration, make sure that no DNS record names it, delete
//! it. Deletion protection is respected.
//!
//! **What could go wrong.** This cannot be undone: the DNS name is lost for good. An
//! Application Load Balancer may answer without any target, with a redirect or a fixed
//! response; so requests clear it even where it has no targets, and where the metrics are
//! missing the risk is higher and says so.
//!
//! **Where others err.** They look at the targets of one type only, or read a missing
//! metric as zero. Elastic Load Balancing writes no data while nothing happens, so an absent
//! series proves nothing: without targets' state or a complete series we say *unknown*.
//!
//! # 한국어
//!
//! 대상이 없거나 트래픽이 없는 로드 밸런서를 찾습니다.
//!
//! **비용이 드는 이유.** 로드 밸런서는 만든 때부터 삭제할 때까지 시간당 요금이 부과되고, 가진 퍼블릭
//! 주소에도 요금이 부과됩니다.
//!
//! **제안하는 조치.** 구성을 내보내고, 이 로드 밸런서를 가리키는 DNS 레코드가 없는지 확인한 다음
//! 삭제합니다. 삭제 방지 설정은 존중합니다.
//!
//! **주의할 점.** 되돌릴 수 없습니다. DNS 이름을 영영 잃습니다. Application Load Balancer는 대상이
//! 없어도 리디렉션이나 고정 응답으로 응답할 수 있습니다. 그래서 대상이 없더라도 요청이 있으면 정상으로
//! 보고, 지표가 없으면 위험을 높이고 그 사실을 알립니다.
//!
//! **다른 도구와 다른 점.** 한 종류의 대상만 보거나, 없는 지표를 0으로 읽는 도구가 있습니다. Elastic
//! Load Balancing은 아무 일도 없는 동안에는 데이터를 남기지 않으므로, 데이터가 없다는 것만으로는
//! 아무것도 알 수 없습니다. 대상의 상태나 빠짐없는 지표가 없으면 *판단 보류*로 둡니다.

use trimtab_model::action::Action;
use trimtab_model::evidence::{Evidence, Figure, UnseenSignal};
use trimtab_model::metric::Statistic;
use trimtab_model::period::HOURS_PER_MONTH;
use trimtab_model::recommendation::{
    ActionType, Finding, ImplementationEffort, ReasonCode, Restart, Undo, Unknown, Verdict,
};
use trimtab_model::resource::load_balancer::{LoadBalancer, LoadBalancerType};
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::text::{Reason, StaticText, Text, counted};

use crate::balancer::names;
use crate::check::{Check, Facts, Need, days_between};
use crate::observation::{MIN_COVERAGE_PERCENT, MIN_DAYS, Observation, missing};
use crate::pricing::Tariff;
use crate::saving::{EVERYTHING, deletion};
use crate::verdict::{Proposal, judge_each, pass, risk, unknown};

const SUM: &[Statistic] = &[Statistic::Sum];

/// The check.
pub static CHECK: Check = Check {
    id: "elb-load-balancer-idle",
    title: StaticText {
        en: "Load balancer without targets or traffic",
        ko: "대상이나 트래픽이 없는 로드 밸런서",
    },
    kind: ResourceKind::LoadBalancer,
    action_type: ActionType::Delete,
    needs: &[
        Need::Kind(ResourceKind::LoadBalancer),
        Need::Kind(ResourceKind::ClassicLoadBalancer),
        Need::OptionalMetric("AWS/ApplicationELB", "RequestCount", SUM),
        Need::OptionalMetric("AWS/NetworkELB", "NewFlowCount", SUM),
        Need::OptionalMetric("AWS/NetworkELB", "ProcessedBytes", SUM),
        Need::OptionalMetric("AWS/GatewayELB", "NewFlowCount", SUM),
        Need::OptionalMetric("AWS/GatewayELB", "ProcessedBytes", SUM),
        Need::OptionalMetric("AWS/ELB", "RequestCount", SUM),
        Need::OptionalBilling,
    ],
    thresholds: &[MIN_DAYS, MIN_COVERAGE_PERCENT],
    judge: |check, facts| {
        let of_kind =
            |kind| facts.snapshot.load_balancers.iter().filter(move |one| kind_of(one) == kind);
        [ResourceKind::LoadBalancer, ResourceKind::ClassicLoadBalancer]
            .into_iter()
            .flat_map(|kind| judge_each(check, facts, kind, of_kind(kind), judge))
            .collect()
    },
};

fn kind_of(balancer: &Resource<LoadBalancer>) -> ResourceKind {
    match balancer.kind.load_balancer_type {
        LoadBalancerType::Classic => ResourceKind::ClassicLoadBalancer,
        LoadBalancerType::Application | LoadBalancerType::Network | LoadBalancerType::Gateway => {
            ResourceKind::LoadBalancer
        }
    }
}

fn judge(
    check: &Check,
    facts: &Facts<'_>,
    balancer: &Resource<LoadBalancer>,
) -> Result<Verdict, Unknown> {
    let kind = &balancer.kind;
    let min_days = check.threshold_f64(facts, MIN_DAYS.name);
    let age_days = kind.created_time.map(|created| days_between(created, facts.now));
    if let Some(age_days) = age_days.filter(|age| f64::from(*age) < min_days) {
        return Ok(pass(
            "too-young",
            format!(
                "The load balancer is {} old and may not be in use yet.",
                counted(age_days, "day")
            ),
            format!("생성된 지 {age_days}일이라 아직 사용 전일 수 있습니다."),
        ));
    }
    let (namespace, metric, meter) = match kind.load_balancer_type {
        LoadBalancerType::Classic => ("AWS/ELB", "RequestCount", "elb/clb_hour"),
        LoadBalancerType::Application => ("AWS/ApplicationELB", "RequestCount", "elb/alb_hour"),
        LoadBalancerType::Network => ("AWS/NetworkELB", "NewFlowCount", "elb/nlb_hour"),
        LoadBalancerType::Gateway => ("AWS/GatewayELB", "NewFlowCount", "elb/gwlb_hour"),
    };
    let traffic = Observation::find(facts, balancer, &names(balancer), namespace, metric, SUM);
    if let Some(seen) = traffic.filter(|seen| seen.profile.max > 0.0) {
        let sum = seen.profile.sum;
        return Ok(pass(
            "in-use",
            format!(
                "{metric} is {sum:.0} over {}.",
                counted(format_args!("{:.0}", seen.days()), "day")
            ),
            format!("{:.0}일 동안 {metric} 합계가 {sum:.0}입니다.", seen.days()),
        ));
    }
    // A flow that was opened before the window is not new, and its bytes still count.
    let old_flow =
        Observation::find(facts, balancer, &names(balancer), namespace, "ProcessedBytes", SUM)
            .filter(|seen| metric == "NewFlowCount" && seen.profile.max > 0.0);
    if let Some(seen) = old_flow {
        return Ok(pass(
            "in-use",
            format!(
                "ProcessedBytes is {:.0}: flows that were opened earlier go on.",
                seen.profile.sum
            ),
            format!(
                "이전에 열린 플로가 이어지고 있습니다(ProcessedBytes {:.0}).",
                seen.profile.sum
            ),
        ));
    }
    let no_targets = kind.targets.is_some_and(|targets| targets.registered == 0);
    let complete = match traffic {
        Some(seen) => seen.require(check, facts).map(|()| seen),
        None => Err(missing(namespace, metric, SUM)),
    };
    let proven = match complete {
        Ok(seen) => Some(seen),
        Err(_) if no_targets => None,
        Err(mut nothing) => {
            if kind.targets.is_none() {
                nothing.settled_by.push("inventory:describe-target-health".to_owned());
            }
            return Err(nothing);
        }
    };
    // A Classic Load Balancer counts TCP in other metrics, so its targets must be known as well.
    if kind.load_balancer_type == LoadBalancerType::Classic && !no_targets && kind.targets.is_none()
    {
        return Err(unknown(
            "targets-unknown",
            "RequestCount does not count every protocol of a Classic Load Balancer, and its instances are not known.",
            "Classic Load Balancer의 RequestCount에는 빠지는 프로토콜이 있고, 등록된 인스턴스 정보도 없습니다.",
            &["inventory:describe-load-balancers"],
        ));
    }
    let reference = balancer.reference(kind_of(balancer));
    let name = format!("{} load balancer", kind.load_balancer_type.as_str());
    let list = Tariff::of(facts, balancer).meter(&name, HOURS_PER_MONTH.into(), meter);
    let savings =
        deletion(facts, &reference, &names(balancer), EVERYTHING, list.map(|part| vec![part]))?;
    let reason = if no_targets {
        Reason::new(
            "no-targets",
            "Nothing is registered behind the load balancer.",
            "로드 밸런서에 등록된 대상이 없습니다.",
        )
    } else {
        let days = proven.as_ref().map_or(0.0, Observation::days);
        Reason::new(
            "no-traffic",
            format!("{metric} stayed at zero for {}.", counted(format_args!("{days:.0}"), "day")),
            format!("{days:.0}일 동안 {metric} 값이 계속 0이었습니다."),
        )
    };
    Ok(Proposal {
        action: Action::DeleteLoadBalancer { load_balancer_type: kind.load_balancer_type },
        finding: if no_targets { Finding::Unused } else { Finding::Idle },
        reason_codes: [
            no_targets.then_some(ReasonCode::NoTargets),
            proven.is_some().then_some(ReasonCode::NoTraffic),
        ]
        .into_iter()
        .flatten()
        .collect(),
        reason,
        savings,
        performance_risk: risk(balancer.environment, if proven.is_some() { 1 } else { 2 }),
        effort: ImplementationEffort::Low,
        restart_needed: Restart::NotNeeded,
        undo: Undo::Impossible(Text::new(
            "The DNS name, the listeners and the rules are lost.",
            "DNS 이름과 리스너, 규칙이 사라지며 되돌릴 수 없습니다.",
        )),
        evidence: evidence(kind, metric, proven),
    }
    .into_verdict(check, reference))
}

fn evidence(kind: &LoadBalancer, metric: &str, proven: Option<Observation<'_>>) -> Evidence {
    let mut evidence = Evidence {
        window_days: proven.as_ref().map(|seen| seen.days() as u32),
        coverage: proven.iter().map(Observation::coverage).collect(),
        signals_not_seen: vec![UnseenSignal {
            name: "dns".to_owned(),
            text: Text::new(
                "Whether a DNS record still names the load balancer.",
                "이 로드 밸런서를 가리키는 DNS 레코드가 남아 있는지 알 수 없습니다.",
            ),
        }],
        ..Evidence::default()
    };
    if let Some(targets) = kind.targets {
        evidence.figures.push(
            Figure::number(
                "targets",
                "Registered targets",
                "등록된 대상",
                f64::from(targets.registered),
                "",
            )
            .against(0.0),
        );
    }
    match proven {
        Some(_) => evidence
            .figures
            .push(Figure::number("traffic", "Requests or flows", "요청 또는 플로 수", 0.0, "").against(0.0)),
        None => evidence.signals_not_seen.push(UnseenSignal {
            name: "traffic".to_owned(),
            text: Text::new(
                format!("{metric} was not read in full: redirects and fixed responses need no target."),
                format!("{metric} 지표가 충분하지 않습니다. 리디렉션이나 고정 응답은 대상 없이도 동작합니다."),
            ),
        }),
    }
    evidence
}

#[cfg(test)]
mod tests {
    use trimtab_model::metric::Statistic;
    use trimtab_model::profile::UsageProfile;
    use trimtab_model::resource::load_balancer::{LoadBalancerType, TargetCount};

    use super::CHECK;
    use crate::scene::{Scene, check, days_ago, flat, recommended, scene};

    fn with_targets(registered: u32) -> Scene {
        scene().load_balancer(|balancer| {
            balancer.kind.targets = Some(TargetCount { registered, healthy: Some(registered) });
        })
    }

    fn requests(scene: Scene, series: UsageProfile) -> Scene {
        let name = "app/web/50dc6c495c0c9188";
        scene.metric(name, "AWS/ApplicationELB", "RequestCount", Statistic::Sum, series)
    }

    #[test]
    fn a_load_balancer_without_targets_fires() {
        check(&CHECK, with_targets(0), "recommend 16.42 / 16.42 / 16.42");
        assert_eq!(recommended(&CHECK, &with_targets(0)).performance_risk.value(), 2);
    }

    #[test]
    fn a_load_balancer_without_requests_fires() {
        check(&CHECK, requests(with_targets(2), flat(0.0, 14)), "recommend 16.42 / 16.42 / 16.42");
    }

    #[test]
    fn a_redirect_without_targets_passes() {
        check(&CHECK, requests(with_targets(0), flat(1.0, 14)), "pass in-use");
    }

    #[test]
    fn a_load_balancer_watched_for_13_days_is_just_under_the_threshold() {
        check(&CHECK, requests(with_targets(2), flat(0.0, 13)), "unknown window-too-short");
    }

    #[test]
    fn an_absent_series_is_unknown_and_not_zero() {
        check(&CHECK, with_targets(2), "unknown metric-missing");
    }

    #[test]
    fn a_flow_that_was_opened_before_the_window_passes() {
        let name = "app/web/50dc6c495c0c9188";
        let scene = with_targets(2).metric(
            name,
            "AWS/NetworkELB",
            "NewFlowCount",
            Statistic::Sum,
            flat(0.0, 14),
        );
        let mut scene =
            scene.metric(name, "AWS/NetworkELB", "ProcessedBytes", Statistic::Sum, flat(64.0, 14));
        let kind = &mut scene.snapshot.load_balancers[0].kind;
        kind.load_balancer_type = LoadBalancerType::Network;
        check(&CHECK, scene, "pass in-use");
    }

    #[test]
    fn a_new_load_balancer_passes() {
        let scene =
            scene().load_balancer(|balancer| balancer.kind.created_time = Some(days_ago(13)));
        check(&CHECK, scene, "pass too-young");
    }

    #[test]
    fn a_classic_one_is_judged_by_its_own_metric_and_price() {
        let scene = scene().load_balancer(|balancer| {
            balancer.id = "old".into();
            balancer.kind.load_balancer_name = "old".into();
            balancer.kind.load_balancer_type = LoadBalancerType::Classic;
            balancer.kind.targets = Some(TargetCount { registered: 1, healthy: None });
        });
        let scene = scene.metric("old", "AWS/ELB", "RequestCount", Statistic::Sum, flat(0.0, 14));
        check(&CHECK, scene, "recommend 18.25 / 18.25 / 18.25");
    }
}
