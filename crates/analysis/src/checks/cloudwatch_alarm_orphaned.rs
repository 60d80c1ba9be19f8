//! Finds alarms on resources that are gone.
//!
//! **Why it costs.** An alarm is charged by the month and metric, also when it has nothing to
//! watch. Alarms are rarely deleted with the machine they were made for.
//!
//! **What we do.** Delete the alarm, after a look at what it called.
//!
//! **What could go wrong.** The resource may be made again under the same name, as databases,
//! functions and load balancers are; then the alarm has to be made again too.
//!
//! **Where others err.** They take INSUFFICIENT_DATA for orphaned. A machine that is stopped
//! looks the same. We ask the inventory whether what the alarm names is still there.
//!
//! # 한국어
//!
//! 이미 없어진 자원을 감시하는 경보를 찾습니다.
//!
//! **비용이 드는 이유.** 경보는 감시할 대상이 없어도 지표 수에 따라 매월 과금됩니다. 서버를 지울 때 경보까지 함께 지우는
//! 경우는 드뭅니다.
//!
//! **제안하는 조치.** 경보가 호출하던 대상을 확인한 뒤 삭제합니다.
//!
//! **주의할 점.** 데이터베이스, 함수, 로드 밸런서처럼 같은 이름으로 다시 만들어지는 자원이라면 경보도 다시 만들어야
//! 합니다.
//!
//! **다른 도구와 다른 점.** INSUFFICIENT_DATA 상태만으로 판단하면 중지된 서버의 경보까지 포함됩니다. 경보가 가리키는
//! 자원이 실제로 남아 있는지 인벤토리에서 확인합니다.

use rust_decimal::Decimal;

use trimtab_model::action::{Action, Deletion};
use trimtab_model::evidence::{Evidence, Figure};
use trimtab_model::id::ResourceId;
use trimtab_model::recommendation::{
    ActionType, Finding, ImplementationEffort, ReasonCode, Restart, Threshold, Undo, Unknown,
    Verdict,
};
use trimtab_model::resource::alarm::Alarm;
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::text::{Reason, StaticText, Text};

use crate::check::{Check, Facts, Need, days_between};
use crate::pricing::Tariff;
use crate::saving::{EVERYTHING, deletion};
use crate::verdict::{Proposal, judge_each, pass, risk, unknown};

/// The dimension that names one resource of a kind, per namespace.
const NAMED_BY: &[(&str, &str, ResourceKind)] = &[
    ("AWS/EC2", "InstanceId", ResourceKind::Instance),
    ("CWAgent", "InstanceId", ResourceKind::Instance),
    ("AWS/EBS", "VolumeId", ResourceKind::Volume),
    ("AWS/RDS", "DBInstanceIdentifier", ResourceKind::DbInstance),
    ("AWS/NATGateway", "NatGatewayId", ResourceKind::NatGateway),
    ("AWS/Lambda", "FunctionName", ResourceKind::Function),
    ("AWS/ELB", "LoadBalancerName", ResourceKind::ClassicLoadBalancer),
    ("AWS/ApplicationELB", "LoadBalancer", ResourceKind::LoadBalancer),
    ("AWS/NetworkELB", "LoadBalancer", ResourceKind::LoadBalancer),
    ("AWS/Logs", "LogGroupName", ResourceKind::LogGroup),
    ("AWS/EFS", "FileSystemId", ResourceKind::FileSystem),
];

/// The check.
pub static CHECK: Check = Check {
    id: "cloudwatch-alarm-orphaned",
    title: StaticText {
        en: "CloudWatch alarm on a resource that is gone",
        ko: "없어진 자원을 감시하는 CloudWatch 경보",
    },
    kind: ResourceKind::Alarm,
    action_type: ActionType::Delete,
    needs: &[
        Need::Kind(ResourceKind::Alarm),
        Need::Kind(ResourceKind::Instance),
        Need::Kind(ResourceKind::Volume),
        Need::Kind(ResourceKind::DbInstance),
        Need::Kind(ResourceKind::NatGateway),
        Need::Kind(ResourceKind::Function),
        Need::Kind(ResourceKind::ClassicLoadBalancer),
        Need::Kind(ResourceKind::LoadBalancer),
        Need::Kind(ResourceKind::LogGroup),
        Need::Kind(ResourceKind::FileSystem),
        Need::OptionalBilling,
    ],
    thresholds: &[Threshold {
        name: "min_days",
        default: "14",
        unit: "days",
        text: StaticText {
            en: "Days for which the alarm must have been without data.",
            ko: "경보에 데이터가 없어야 하는 일수입니다.",
        },
    }],
    judge: |check, facts| {
        judge_each(check, facts, ResourceKind::Alarm, &facts.snapshot.alarms, judge)
    },
};

fn judge(check: &Check, facts: &Facts<'_>, alarm: &Resource<Alarm>) -> Result<Verdict, Unknown> {
    let kind = &alarm.kind;
    if kind.state_value.as_deref() != Some("INSUFFICIENT_DATA") {
        return Ok(pass("has-data", "The alarm has data.", "경보에 데이터가 들어오고 있습니다."));
    }
    let named = kind.namespace.as_deref().and_then(|namespace| {
        NAMED_BY
            .iter()
            .filter(|(of, ..)| *of == namespace)
            .find_map(|(_, dimension, of)| Some((kind.dimensions.get(*dimension)?, *of)))
    });
    let Some((name, of)) = named else {
        return Ok(pass(
            "names-no-resource",
            "It watches an expression, or no single resource whose kind is read.",
            "수식을 감시하거나, 인벤토리에서 확인할 수 있는 단일 자원을 가리키지 않습니다.",
        ));
    };
    if !facts.snapshot.was_listed(of, &alarm.account, &alarm.region) {
        return Err(unknown(
            "resource-unknown",
            format!("Whether {name} still exists is not known: {of} was not listed here."),
            format!("자원이 남아 있는지 알 수 없습니다({name}). 이 위치의 {of} 목록이 없습니다."),
            &[&format!("inventory:{}", of.operation())],
        ));
    }
    let exists = facts.snapshot.references(of).iter().any(|one| {
        one.account == alarm.account
            && one.region == alarm.region
            && (one.id.as_str() == name
                || one.id.as_str().ends_with(&format!("loadbalancer/{name}")))
    });
    if exists {
        return Ok(pass(
            "resource-exists",
            format!("{name} is still there."),
            format!("감시하는 자원이 남아 있습니다({name})."),
        ));
    }
    let Some(since) = kind.state_since else {
        return Err(unknown(
            "since-unknown",
            "Since when the alarm is without data is not known.",
            "언제부터 데이터가 없는지 알 수 없습니다.",
            &["inventory:describe-alarms"],
        ));
    };
    let days = days_between(since, facts.now);
    let min_days = check.threshold_f64(facts, "min_days");
    if f64::from(days) < min_days {
        return Ok(pass(
            "silent-recently",
            format!("It has been without data for {days} days only."),
            format!("데이터가 없어진 지 {days}일밖에 되지 않았습니다."),
        ));
    }
    let reference = alarm.reference(ResourceKind::Alarm);
    // Alarms on periods below a minute have another price.
    let list = if kind.period_seconds.is_some_and(|seconds| seconds < 60) {
        Err(unknown(
            "price-missing",
            "The price list has no price of a high-resolution alarm.",
            "고해상도 경보의 가격이 정가표에 없습니다.",
            &["billing"],
        ))
    } else {
        let metrics = Decimal::from(kind.metric_count.max(1));
        Tariff::of(facts, alarm).meter("alarm", metrics, "cloudwatch/alarm_standard")
    };
    let arn = kind.alarm_arn.as_deref().map(ResourceId::new);
    let names: Vec<ResourceId> = std::iter::once(alarm.id.clone()).chain(arn).collect();
    let savings = deletion(facts, &reference, &names, EVERYTHING, list.map(|part| vec![part]))?;
    Ok(Proposal {
        action: Action::Delete(Deletion::Alarm),
        finding: Finding::Unused,
        reason_codes: vec![ReasonCode::SourceDeleted],
        reason: Reason::new(
            "resource-gone",
            format!("{name} no longer exists, and the alarm has had no data for {days} days."),
            format!("감시하던 자원이 없어졌고 {days}일째 데이터가 없습니다: {name}."),
        ),
        savings,
        performance_risk: risk(alarm.environment, 0),
        effort: ImplementationEffort::VeryLow,
        restart_needed: Restart::NotNeeded,
        undo: Undo::Compensating(Text::new(
            "The alarm can be made again from its description; its history is lost.",
            "설정을 보고 다시 만들 수 있지만 기록은 사라집니다.",
        )),
        evidence: Evidence {
            window_days: Some(days),
            figures: vec![
                Figure::word("resource", "Resource that is gone", "없어진 자원", name.as_str()),
                Figure::number(
                    "silent_days",
                    "Days without data",
                    "데이터가 없는 일수",
                    f64::from(days),
                    "days",
                )
                .against(min_days),
            ],
            ..Evidence::default()
        },
    }
    .into_verdict(check, reference))
}

#[cfg(test)]
mod tests {
    use trimtab_model::resource::ResourceKind;

    use super::CHECK;
    use crate::scene::{check, days_ago, scene};

    #[test]
    fn an_alarm_on_an_instance_that_is_gone_fires() {
        check(&CHECK, scene().alarm(|_| ()), "recommend 0.10 / 0.10 / 0.10");
    }

    #[test]
    fn an_alarm_on_a_stopped_instance_passes() {
        let scene = scene().instance(|one| one.id = "i-gone".into()).alarm(|_| ());
        check(&CHECK, scene, "pass resource-exists");
    }

    #[test]
    fn a_load_balancer_is_found_by_the_end_of_its_arn() {
        let scene = scene().load_balancer(|_| ()).alarm(|one| {
            one.kind.namespace = Some("AWS/ApplicationELB".into());
            one.kind.dimensions =
                [("LoadBalancer".to_owned(), "app/web/50dc6c495c0c9188".to_owned())].into();
        });
        check(&CHECK, scene, "pass resource-exists");
    }

    #[test]
    fn thirteen_days_without_data_are_just_under_the_threshold() {
        let scene = scene().alarm(|one| one.kind.state_since = Some(days_ago(13)));
        check(&CHECK, scene, "pass silent-recently");
    }

    #[test]
    fn without_the_kind_it_is_unknown() {
        let mut scene = scene().alarm(|_| ());
        scene.snapshot.listed.remove(&ResourceKind::Instance);
        check(&CHECK, scene, "unknown resource-unknown");
    }
}
