//! Finds EC2 instances whose processor works on requests that clients had just been answered.
//!
//! **Why it costs.** A client that asks again for what it has just been given doubles the work of
//! the server. The instance is then sized for requests that nobody needed.
//!
//! **What we do.** Count in the access logs that are tied to the instance the requests that the
//! same client repeats at once, though the answer had not failed. Where the processor follows the
//! requests hour by hour, what the repeats cost in the busiest hours is taken off, and the size
//! that would suffice is chosen as for any instance. What a developer needs is shown: the requests,
//! the clients' versions, the times. Its saving depends on the repair: it is in no sum of likely
//! savings, and only what it adds to a change of size that needs no repair counts.
//!
//! **What could go wrong.** Logs do not tell two users behind one address with the same client
//! apart, and some repeats are wanted. Retries, polling and many requests at once are shown but not
//! counted in the size. Memory is taken as it is. The change of type stops the instance, and before
//! the repair it would be too small.
//!
//! **Where others err.** They see a busy machine and call it right, or add more of them.
//!
//! # 한국어
//!
//! 클라이언트가 방금 응답받은 요청을 반복해서 처리하느라 프로세서를 쓰는 EC2 인스턴스를 찾습니다.
//!
//! **비용이 드는 이유.** 방금 받은 것을 다시 요청하는 클라이언트는 서버의 일을 두 배로 만듭니다. 그러면 아무도
//! 필요로 하지 않는 요청에 맞춰 인스턴스 크기를 정하게 됩니다.
//!
//! **제안하는 조치.** 인스턴스에 연결된 접근 로그에서, 응답이 실패하지 않았는데도 같은 클라이언트가 곧바로 반복한
//! 요청을 셉니다. 프로세서 사용률이 시간별 요청을 따라 움직이면 가장 바쁜 시간에 반복이 차지한 몫을 빼고, 다른
//! 인스턴스와 같은 방법으로 필요한 크기를 고릅니다. 개발자에게 필요한 요청, 클라이언트 버전, 시각을 보여 줍니다.
//! 이 절감은 수정에 달려 있으므로 예상 절감 합계에 넣지 않고, 수정 없이 가능한 크기 변경보다 더 줄어드는 만큼만 셉니다.
//!
//! **주의할 점.** 같은 주소에서 같은 클라이언트를 쓰는 두 사용자는 로그로 구분되지 않으며, 의도된 반복도
//! 있습니다. 재시도, 주기적인 조회, 한꺼번에 보낸 여러 요청은 보여 주기만 하고 크기 계산에는 넣지 않습니다. 메모리는
//! 그대로 둡니다. 유형을 바꾸려면 인스턴스를 중지해야 하며, 수정 전에 바꾸면 크기가 부족합니다.
//!
//! **다른 도구와 다른 점.** 바쁜 서버를 보면 적정하다고 하거나 서버를 더 늘립니다.

use trimtab_model::action::ApplicationFault;
use trimtab_model::evidence::Evidence;
use trimtab_model::metric::Statistic;
use trimtab_model::recommendation::{
    ActionType, Finding, ImplementationEffort, ReasonCode, Restart, Threshold, Undo, Unknown,
    Verdict,
};
use trimtab_model::resource::instance::Instance;
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::text::{Reason, StaticText};

use crate::application::duplicates::{Repeats, endpoint_name};
use crate::application::evidence::{add_coverage, add_repeats, repair_first};
use crate::application::repaired::{Without, current, suffices};
use crate::application::service::{self, service_of};
use crate::check::{Check, Facts, Judgement, Need};
use crate::sizing::demand::PEAK_THEN_MEAN;
use crate::sizing::exemption;
use crate::sizing::series::Series;
use crate::verdict::{Proposal, judge_each, pass, unknown};

/// Finds instances whose requests need not have been made.
pub static CHECK: Check = Check {
    id: "ec2-instance-duplicate-calls",
    title: StaticText {
        en: "EC2 instance that answers the same client twice",
        ko: "같은 클라이언트의 중복 호출을 처리하는 EC2 인스턴스",
    },
    kind: ResourceKind::Instance,
    action_type: ActionType::FixApplication,
    needs: &[
        Need::Kind(ResourceKind::Instance),
        Need::Metric("AWS/EC2", "CPUUtilization", PEAK_THEN_MEAN),
        Need::OptionalMetric("CWAgent", "mem_used_percent", PEAK_THEN_MEAN),
        Need::OptionalBilling,
    ],
    thresholds: &[Threshold {
        name: "min_repeated_percent",
        default: "20",
        unit: "%",
        text: StaticText {
            en: "Share of the requests that repeat another one from which on the clients are at fault: a fifth of the load is what a size's headroom holds.",
            ko: "클라이언트의 문제로 보는 반복 요청의 비율. 부하의 5분의 1은 크기의 여유분에 해당합니다.",
        },
    }],
    judge,
};

fn judge(check: &Check, facts: &Facts<'_>) -> Vec<Judgement> {
    // Without logs nothing can be said of any instance, which coverage says once.
    if facts.traffic.services.iter().all(|service| service.endpoints.is_empty()) {
        return Vec::new();
    }
    judge_each(check, facts, ResourceKind::Instance, &facts.snapshot.instances, verdict)
}

fn verdict(
    check: &Check,
    facts: &Facts<'_>,
    instance: &Resource<Instance>,
) -> Result<Verdict, Unknown> {
    if let Some(verdict) = exemption::verdict(instance) {
        return Ok(verdict);
    }
    let Some((service, tie)) = service_of(facts, instance) else {
        let text = service::unseen(facts).text;
        return Ok(pass("no-requests-tied", text.en, text.ko));
    };
    let name = &service.service;
    let repeats = Repeats::of(service).ok_or_else(|| {
        unknown(
            "clients-unknown",
            format!(
                "The logs of {name} do not tell clients apart, so that nobody can see a repeat."
            ),
            format!("{name}의 로그로는 클라이언트를 구분할 수 없어 반복을 알 수 없습니다."),
            &[&format!("traffic:{name}")],
        )
    })?;
    let share = repeats.percent();
    if share < check.threshold_f64(facts, "min_repeated_percent") {
        return Ok(pass(
            "few-repeats",
            format!("{share:.0} % of the requests to {name} repeat another one."),
            format!("{name} 요청 중 반복은 {share:.0}%입니다."),
        ));
    }
    let type_now = current(facts, instance)?;
    if let Some(verdict) = exemption::instance_store(type_now) {
        return Ok(verdict);
    }
    let means = &[Statistic::Average, Statistic::Maximum];
    let cpu = Series::find(facts, instance, "AWS/EC2", "CPUUtilization", means);
    let left = cpu
        .and_then(|series| series.profile.hours.as_ref())
        .and_then(|hours| repeats.processor_left(hours))
        .ok_or_else(|| {
            unknown(
                "processor-does-not-follow",
                format!("{share:.0} % of the requests to {name} repeat another one, but its processor does not follow the requests hour by hour, so that nobody can tell what they cost."),
                format!("{name} 요청 중 {share:.0}%가 반복이지만, 프로세서 사용률이 시간별 요청을 따라가지 않아 그 비용을 알 수 없습니다."),
                &["metrics:AWS/EC2:CPUUtilization", &format!("traffic:{name}")],
            )
        })?;
    let without = Without { memory_percent: None, processor_left: Some(left) };
    let Some(best) = suffices(facts, instance, type_now, without)? else {
        return Ok(pass(
            "repeats-without-saving",
            format!(
                "{share:.0} % of the requests to {name} repeat another one, but no cheaper type suffices without them either."
            ),
            format!(
                "{name} 요청 중 {share:.0}%가 반복이지만, 없애도 더 저렴한 유형으로는 부족합니다."
            ),
        ));
    };
    let faults = [ApplicationFault::DuplicateCalls];
    let endpoint = repeats.worst.map(endpoint_name);
    let mut evidence =
        Evidence { window_days: cpu.map(|series| series.window_days()), ..Evidence::default() };
    if let Some(series) = cpu {
        add_coverage(&mut evidence, series.coverage());
    }
    evidence.notes.push(tie.text(name));
    add_repeats(&mut evidence, &repeats, Some(left));
    evidence.notes.push(repair_first());
    let (from, to) = (&best.from, &best.to);
    let proposal = Proposal {
        action: best.action(&faults, endpoint.clone()),
        finding: Finding::NotOptimized,
        reason_codes: vec![ReasonCode::DuplicateCalls],
        reason: Reason::new(
            "duplicate-calls",
            format!(
                "{share:.0} % of the requests to {name} repeat another one of the same client. Without them {to} suffices instead of {from}."
            ),
            format!(
                "{name} 요청 중 {share:.0}%는 같은 클라이언트가 반복한 것입니다. 없애면 {from} 대신 {to} 유형으로 충분합니다."
            ),
        ),
        savings: best.savings.clone(),
        performance_risk: best.risk,
        effort: ImplementationEffort::High,
        restart_needed: Restart::Needed,
        undo: Undo::Exact,
        evidence,
    };
    let reference = instance.reference(ResourceKind::Instance);
    Ok(proposal.into_verdict(check, reference).with(|recommendation| {
        recommendation.options = vec![best.option(&faults, endpoint)];
        recommendation.projected = best.projected;
    }))
}

#[cfg(test)]
mod tests {
    use trimtab_model::traffic::ServiceTraffic;

    use super::*;
    use crate::scene::{Scene, check, flat, logs, recommended, scene, with_hours};
    use crate::sizing::fit::tests::instance_type;

    /// An m5.xlarge behind the load balancer `web`, whose processor follows the requests.
    fn serving(service: ServiceTraffic) -> Scene {
        let used: Vec<f64> =
            service.hours.iter().map(|hour| 10.0 + hour.requests as f64 / 40.0).collect();
        let mut profile = with_hours(flat(50.0, 28), &used);
        profile.hours.as_mut().expect("hours").first = service.hours[0].hour;
        scene()
            .instance_type(instance_type("m5.large", 2, 8 << 10), "0.096")
            .instance_type(instance_type("m5.xlarge", 4, 16 << 10), "0.192")
            .instance(|instance| instance.kind.instance_type = "m5.xlarge".into())
            .load_balancer(|balancer| balancer.kind.target_ids = Some(vec!["i-1".to_owned()]))
            .metric("i-1", "AWS/EC2", "CPUUtilization", Statistic::Maximum, profile)
            .metric("i-1", "CWAgent", "mem_used_percent", Statistic::Maximum, flat(30.0, 28))
            .requests(service)
    }

    #[test]
    fn a_server_of_mostly_repeats_fires() {
        // 50 % of 4 vCPU need m5.xlarge; without three fifths of the requests m5.large is enough.
        let scene = serving(logs("web"));
        check(&CHECK, scene.clone(), "recommend 43.80 / 70.08 / 70.08");
        let found = recommended(&CHECK, &scene);
        assert!(found.is_conditional());
        assert!(found.evidence.notes.iter().any(|note| note.en.starts_with("Example:")));
    }

    #[test]
    fn an_instance_without_requests_passes() {
        let mut scene = serving(logs("web"));
        scene.snapshot.load_balancers.clear();
        check(&CHECK, scene, "pass no-requests-tied");
    }

    #[test]
    fn repeats_just_under_the_threshold_pass() {
        let mut scene = serving(logs("web"));
        scene
            .policy
            .thresholds
            .entry(CHECK.check_id())
            .or_default()
            .insert("min_repeated_percent".to_owned(), rust_decimal::Decimal::from(61));
        check(&CHECK, scene, "pass few-repeats");
    }

    #[test]
    fn what_repeats_cost_is_unknown_where_the_processor_does_not_follow() {
        let scene = serving(logs("web")).metric(
            "i-1",
            "AWS/EC2",
            "CPUUtilization",
            Statistic::Maximum,
            flat(50.0, 28),
        );
        check(&CHECK, scene, "unknown processor-does-not-follow");
        let anonymous = ServiceTraffic { rules: None, ..logs("web") };
        check(&CHECK, serving(anonymous), "unknown clients-unknown");
    }
}
