//! Finds instances whose metrics are sent every minute.
//!
//! **Why it costs.** Detailed monitoring sends the seven metrics of an instance every minute, and each
//! is charged like a custom metric. Every five minutes they are free.
//!
//! **What we do.** Turn it off. The seven metrics stay, with a sample every five minutes.
//!
//! **What could go wrong.** An alarm or a scaling policy that looks at single minutes waits up to five
//! times as long. Members of Auto Scaling groups get it from their launch template and are left
//! alone, because scaling on minutes is a good reason for it.
//!
//! **What it saves.** Seven metrics at the price of the first tier, which is what accounts with fewer than
//! 10,000 metrics pay. *Low* is at the price of the last tier, a fifteenth of it (0.02 to 0.30 USD in
//! us-east-1), because the number of metrics in the account is not seen.
//!
//! **Where others err.** They report the setting without its price, or for groups that scale by it.
//!
//! # 한국어
//!
//! 지표를 1분마다 보내는 인스턴스를 찾습니다.
//!
//! **비용이 드는 이유.** 세부 모니터링을 켜면 인스턴스의 지표 7개를 1분마다 보내며, 지표마다 사용자 지정 지표와
//! 같은 요금이 붙습니다. 5분 간격은 무료입니다.
//!
//! **제안하는 조치.** 세부 모니터링을 끕니다. 같은 지표 7개가 5분 간격으로 계속 수집됩니다.
//!
//! **주의할 점.** 1분 단위로 보는 경보나 조정 정책의 반응이 최대 다섯 배 늦어집니다. Auto Scaling 그룹의
//! 인스턴스는 시작 템플릿에서 설정되며 1분 단위 조정은 타당한 이유이므로 제외합니다.
//!
//! **절감액.** 지표 7개에 첫 구간 단가를 곱합니다. 지표가 10,000개 미만인 계정에 적용되는 단가입니다. 계정의 전체
//! 지표 수를 알 수 없으므로, 최소 절감액은 마지막 구간 단가(us-east-1 기준 0.30 USD의 15분의 1인 0.02 USD)로
//! 계산합니다.
//!
//! **다른 도구와 다른 점.** 금액 없이 설정만 보고하거나, 1분 지표로 조정하는 그룹까지 보고하는 도구가 많습니다.

use rust_decimal::Decimal;

use trimtab_model::action::Action;
use trimtab_model::evidence::{Evidence, Figure, UnseenSignal};
use trimtab_model::id::ResourceId;
use trimtab_model::recommendation::{
    ActionType, Finding, ImplementationEffort, ReasonCode, Restart, Undo, Unknown, Verdict,
};
use trimtab_model::resource::instance::{Instance, InstanceState};
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::text::{Reason, StaticText, Text};

use crate::check::{Check, Facts, Need};
use crate::ownership::{Manager, manager};
use crate::pricing::Tariff;
use crate::saving::{EVERYTHING, deletion, narrowed};
use crate::verdict::{Proposal, judge_each, pass, risk, unknown};

/// Metrics of an instance that are charged, by AWS's count.
const METRICS: u32 = 7;

/// The price of the last tier of custom metrics over that of the first: 0.02 of 0.30 USD.
const LAST_TIER: (i64, i64) = (2, 30);

/// The check.
pub static CHECK: Check = Check {
    id: "ec2-instance-detailed-monitoring",
    title: StaticText {
        en: "EC2 instance with metrics every minute",
        ko: "세부 모니터링이 켜진 EC2 인스턴스",
    },
    kind: ResourceKind::Instance,
    action_type: ActionType::Rightsize,
    needs: &[Need::Kind(ResourceKind::Instance), Need::OptionalBilling],
    thresholds: &[],
    judge: |check, facts| {
        judge_each(check, facts, ResourceKind::Instance, &facts.snapshot.instances, judge)
    },
};

fn judge(
    check: &Check,
    facts: &Facts<'_>,
    instance: &Resource<Instance>,
) -> Result<Verdict, Unknown> {
    if instance.kind.state != InstanceState::Running {
        return Ok(pass(
            "not-running",
            "The instance does not run.",
            "실행 중인 인스턴스가 아닙니다.",
        ));
    }
    if instance.kind.auto_scaling_group_name.is_some() {
        return Ok(Verdict::Exempt(Manager::AutoScaling.reason()));
    }
    if let Some(manager) = manager(&instance.tags).filter(|manager| manager.replaces()) {
        return Ok(Verdict::Exempt(manager.reason()));
    }
    match instance.kind.monitoring.as_deref() {
        Some("enabled") => {}
        Some(_) => {
            return Ok(pass(
                "basic",
                "Its metrics are sent every five minutes, without charge.",
                "지표를 5분마다 무료로 수집합니다.",
            ));
        }
        None => {
            return Err(unknown(
                "monitoring-unknown",
                "Whether detailed monitoring is on is not known.",
                "세부 모니터링이 켜져 있는지 알 수 없습니다.",
                &["inventory:describe-instances"],
            ));
        }
    }
    let metrics = Decimal::from(METRICS);
    let reference = instance.reference(ResourceKind::Instance);
    let price = Tariff::of(facts, instance).meter(
        "metrics every minute",
        metrics,
        "cloudwatch/custom_metric_first_10000",
    )?;
    // The bill has these metrics under no resource of their own.
    let nameless: [ResourceId; 0] = [];
    let savings = deletion(facts, &reference, &nameless, EVERYTHING, Ok(vec![price]))?;
    let (last, first) = LAST_TIER;
    let low = Decimal::from(last) / Decimal::from(first);
    Ok(Proposal {
        action: Action::UnmonitorInstance,
        finding: Finding::NotOptimized,
        reason_codes: vec![ReasonCode::DetailedMonitoring],
        reason: Reason::new(
            "detailed-monitoring",
            format!("Its {metrics} metrics are sent every minute and charged like custom metrics."),
            format!("지표 {metrics}개를 1분마다 보내며 사용자 지정 지표와 같은 요금이 붙습니다."),
        ),
        savings: narrowed(savings, low, Decimal::ONE)?,
        performance_risk: risk(instance.environment, 0),
        effort: ImplementationEffort::VeryLow,
        restart_needed: Restart::NotNeeded,
        undo: Undo::Exact,
        evidence: Evidence {
            figures: vec![Figure::word("monitoring", "Monitoring", "모니터링", "enabled")],
            signals_not_seen: vec![UnseenSignal {
                name: "alarms".to_owned(),
                text: Text::new(
                    "Whether an alarm or a dashboard needs a sample every minute, and how many metrics the account has.",
                    "1분 간격이 필요한 경보나 대시보드가 있는지, 계정의 전체 지표 수가 몇 개인지 알 수 없습니다.",
                ),
            }],
            ..Evidence::default()
        },
    }
    .into_verdict(check, reference))
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::scene::{Scene, check, scene};

    fn monitored(state: Option<&str>) -> Scene {
        scene().instance(|instance| instance.kind.monitoring = state.map(str::to_owned))
    }

    #[test]
    fn an_instance_with_metrics_every_minute_fires() {
        check(&CHECK, monitored(Some("enabled")), "recommend 0.14 / 2.10 / 2.10");
    }

    #[test]
    fn an_instance_with_basic_monitoring_passes() {
        check(&CHECK, monitored(Some("disabled")), "pass basic");
    }

    #[test]
    fn a_state_just_under_enabled_passes() {
        check(&CHECK, monitored(Some("disabling")), "pass basic");
    }

    #[test]
    fn a_member_of_a_group_is_exempt() {
        let mut scene = monitored(Some("enabled"));
        scene.snapshot.instances[0].kind.auto_scaling_group_name = Some("lobby".into());
        check(&CHECK, scene, "exempt managed");
    }

    #[test]
    fn a_state_that_was_not_read_is_unknown() {
        check(&CHECK, monitored(None), "unknown monitoring-unknown");
    }
}
