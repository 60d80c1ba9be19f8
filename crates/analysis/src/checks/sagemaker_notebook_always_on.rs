//! Finds SageMaker notebook instances that never stop.
//!
//! **Why it costs.** A notebook instance is charged by the hour while it is in service, whether
//! or not anybody has it open.
//!
//! **What we do.** Stop it when nobody works with it, best by a lifecycle configuration that
//! stops it after idle time. The volume with the notebooks stays, and a start brings it back.
//! Never means: the bill charges nearly every hour, day and night, of two weeks.
//!
//! **What it saves.** *High* is what the bill charges for its hours. In how many of them somebody
//! worked, AWS does not tell: a notebook instance has no metric of its use. So *likely* is
//! nothing until its owner says.
//!
//! **What could go wrong.** What runs in a notebook ends when it is stopped, and what was
//! installed outside the home directory is gone.
//!
//! **Where others err.** They take the day of its last start for the day of its last use.
//!
//! # 한국어
//!
//! 멈추지 않고 계속 실행되는 SageMaker 노트북 인스턴스를 찾습니다.
//!
//! **비용이 드는 이유.** 노트북 인스턴스는 서비스 중인 동안 아무도 열어 두지 않아도 시간당 과금됩니다.
//!
//! **제안하는 조치.** 작업하지 않을 때는 중지하세요. 유휴 시간이 지나면 스스로 중지하는 수명 주기 구성을 쓰는 것이 가장
//! 좋습니다. 노트북이 있는 볼륨은 남고, 시작하면 다시 쓸 수 있습니다. 청구서에 2주 동안 밤낮 없이 거의 모든 시간이 과금된
//! 경우에만 해당합니다.
//!
//! **절감액.** *최대*는 청구서에 나온 시간당 요금입니다. 그중 실제로 작업한 시간은 AWS가 알려 주지 않습니다. 노트북
//! 인스턴스에는 사용량 지표가 없기 때문입니다. 그래서 담당자가 확인해 주기 전까지 *예상*은 0입니다.
//!
//! **주의할 점.** 중지하면 실행 중이던 노트북 작업이 끝나고, 홈 디렉터리 밖에 설치한 것은 사라집니다.
//!
//! **다른 도구와 다른 점.** 마지막으로 시작한 날을 마지막으로 사용한 날로 보는 도구가 있습니다.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use trimtab_model::action::{Action, Configuration, NotebookState};
use trimtab_model::charge::ResourceCharge;
use trimtab_model::evidence::{Evidence, Figure, UnseenSignal};
use trimtab_model::id::ResourceId;
use trimtab_model::period::HOURS_PER_MONTH;
use trimtab_model::recommendation::{
    ActionType, Finding, ImplementationEffort, ReasonCode, Restart, Threshold, Undo, Unknown,
    Verdict,
};
use trimtab_model::resource::notebook_instance::NotebookInstance;
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::text::{Reason, StaticText, Text};

use crate::billed::{Billed, require_days};
use crate::check::{Check, Facts, Need};
use crate::pricing::usage_name;
use crate::saving::{Commitment, Meter, deletion};
use crate::verdict::{Proposal, judge_each, pass, risk, unknown};

/// Picks the hours of a notebook instance, which a SageMaker Savings Plan may cover.
const NOTEBOOK_HOURS: Meter = Meter { charges: is_notebook_hour, commitment: Commitment::Possible };

fn is_notebook_hour(charge: &ResourceCharge) -> bool {
    charge.usage_type.as_deref().is_some_and(|usage| usage_name(usage).starts_with("Notebk:ml."))
}

/// The check.
pub static CHECK: Check = Check {
    id: "sagemaker-notebook-always-on",
    title: StaticText {
        en: "SageMaker notebook instance that never stops",
        ko: "멈추지 않는 SageMaker 노트북 인스턴스",
    },
    kind: ResourceKind::NotebookInstance,
    action_type: ActionType::Stop,
    needs: &[Need::Kind(ResourceKind::NotebookInstance), Need::OptionalBilling],
    thresholds: &[
        Threshold {
            name: "min_running_percent",
            default: "95",
            unit: "%",
            text: StaticText {
                en: "Share of the hours of the bill in which it must have run: less shows that somebody stops it.",
                ko: "청구 기간 중 실행된 시간의 비율입니다. 이보다 낮으면 누군가 중지하고 있는 것입니다.",
            },
        },
        Threshold {
            name: "min_bill_days",
            default: "14",
            unit: "days",
            text: StaticText {
                en: "Days that the bill must cover: two full weeks have nights and weekends.",
                ko: "청구서가 포함해야 하는 일수입니다. 2주면 밤과 주말이 모두 들어갑니다.",
            },
        },
    ],
    judge: |check, facts| {
        let kind = ResourceKind::NotebookInstance;
        judge_each(check, facts, kind, &facts.snapshot.notebook_instances, judge)
    },
};

fn judge(
    check: &Check,
    facts: &Facts<'_>,
    notebook: &Resource<NotebookInstance>,
) -> Result<Verdict, Unknown> {
    let status = &notebook.kind.notebook_instance_status;
    if status != "InService" {
        return Ok(pass(
            "not-in-service",
            format!("It is {status}."),
            format!("상태가 {status}입니다."),
        ));
    }
    let reference = notebook.reference(ResourceKind::NotebookInstance);
    let arn = notebook.kind.notebook_instance_arn.as_deref().map(ResourceId::new);
    let names: Vec<ResourceId> = std::iter::once(notebook.id.clone()).chain(arn).collect();
    let not_billed = || {
        unknown(
            "hours-unknown",
            "The bill does not say for how many hours it ran.",
            "청구서에 실행 시간이 없습니다.",
            &["billing"],
        )
    };
    let instance_type = notebook.kind.instance_type.as_deref().ok_or_else(not_billed)?;
    let billed = Billed::find(facts, &reference, &names).ok_or_else(not_billed)?;
    require_days(facts, check.threshold(facts, "min_bill_days"))?;
    let hours = billed.quantity(&[&format!("Notebk:{instance_type}")]).ok_or_else(not_billed)?;
    let percent = (hours * Decimal::ONE_HUNDRED / Decimal::from(HOURS_PER_MONTH)).round_dp(1);
    let min_percent = check.threshold(facts, "min_running_percent");
    if percent < min_percent {
        return Ok(pass(
            "stops-at-times",
            format!("It ran in {percent} % of the hours of the bill."),
            format!("청구 기간의 {percent}%만 실행되었습니다."),
        ));
    }
    let savings = deletion(facts, &reference, &names, NOTEBOOK_HOURS, Err(not_billed()))?;
    let days = billed.days.to_u32().unwrap_or_default();
    let number = |value: Decimal| value.to_f64().unwrap_or_default();
    Ok(Proposal {
        action: Action::Configure {
            from: Configuration::NotebookState(NotebookState::InService),
            to: Configuration::NotebookState(NotebookState::Stopped),
        },
        finding: Finding::NotOptimized,
        reason_codes: vec![ReasonCode::RarelyUsed],
        reason: Reason::new(
            "never-stops",
            format!("It ran in {percent} % of the hours of {days} days, nights included."),
            format!("{days}일 동안 밤을 포함해 전체 시간의 {percent}%에 실행되었습니다."),
        ),
        savings,
        performance_risk: risk(notebook.environment, 1),
        effort: ImplementationEffort::Low,
        restart_needed: Restart::Needed,
        undo: Undo::Compensating(Text::new(
            "A start brings the volume back; what was in memory or installed elsewhere is gone.",
            "시작하면 볼륨은 그대로 돌아오지만 메모리에 있던 것과 다른 곳에 설치한 것은 사라집니다.",
        )),
        evidence: Evidence {
            window_days: Some(days),
            figures: vec![
                Figure::number(
                    "running_percent",
                    "Hours in which it ran",
                    "실행된 시간 비율",
                    number(percent),
                    "%",
                )
                .against(number(min_percent)),
            ],
            signals_not_seen: vec![UnseenSignal {
                name: "use".to_owned(),
                text: Text::new(
                    "In which of the hours somebody worked: AWS has no metric of it.",
                    "그중 실제로 작업한 시간은 알 수 없습니다. AWS에 이 지표가 없습니다.",
                ),
            }],
            ..Evidence::default()
        },
    }
    .into_bounded_verdict(check, reference))
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::scene::{Scene, check, recommended, scene};

    const ARN: &str = "arn:aws:sagemaker:us-east-1:111122223333:notebook-instance/research";

    fn ran(hours: &str, usd: &str) -> Scene {
        scene().notebook_instance(|_| ()).bill(ARN, "APN2-Notebk:ml.t3.medium", hours, usd)
    }

    #[test]
    fn a_notebook_that_never_stops_fires_with_an_upper_bound() {
        let scene = ran("720", "36").bill(ARN, "Notebk:VolumeUsage.gp2", "5", "0.70");
        check(&CHECK, scene.clone(), "recommend 0.00 / 0.00 / 36.50");
        let commands = recommended(&CHECK, &scene).action.commands(&scene.reference("research"));
        assert!(commands.apply[0].contains("stop-notebook-instance"), "{commands:?}");
        assert!(commands.undo[0].contains("start-notebook-instance"), "{commands:?}");
    }

    #[test]
    fn a_notebook_that_is_stopped_at_times_passes() {
        check(&CHECK, ran("200", "10"), "pass stops-at-times");
        let stopped =
            scene().notebook_instance(|one| one.kind.notebook_instance_status = "Stopped".into());
        check(&CHECK, stopped, "pass not-in-service");
    }

    #[test]
    fn just_under_the_threshold_of_95_percent_it_passes() {
        check(&CHECK, ran("683", "34.15"), "pass stops-at-times");
        check(&CHECK, ran("684", "34.20"), "recommend 0.00 / 0.00 / 34.68");
    }

    #[test]
    fn without_a_bill_it_is_unknown() {
        check(&CHECK, scene().notebook_instance(|_| ()), "unknown hours-unknown");
    }
}
