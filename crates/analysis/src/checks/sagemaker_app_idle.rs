//! Finds apps of SageMaker Studio that run while nobody works with them.
//!
//! **Why it costs.** The instance under a JupyterLab or a Code Editor is charged by the hour until
//! the app is deleted, also with the browser closed.
//!
//! **What we do.** Delete the app, after its owner agreed. The files of the space or the user
//! stay, and the app can be opened again. Nobody means: SageMaker saw the last activity of a user
//! a week ago or longer, and has looked since.
//!
//! **What it saves.** What the bill charges for the app; there is no list price here, so without
//! a bill we say *unknown*.
//!
//! **What could go wrong.** A kernel that computes for days without anybody watching ends with
//! the app. SageMaker may write the time of its own checks where that of the user belongs: where
//! both are equal, or nothing was checked lately, we say *unknown*.
//!
//! **Where others err.** They take every app that runs for one that idles, or a health check for a
//! user.
//!
//! # 한국어
//!
//! 아무도 작업하지 않는데 실행 중인 SageMaker Studio 앱을 찾습니다.
//!
//! **비용이 드는 이유.** JupyterLab이나 Code Editor의 인스턴스는 브라우저를 닫아도 앱을 삭제하기 전까지 시간당 과금됩니다.
//!
//! **제안하는 조치.** 담당자가 동의하면 앱을 삭제합니다. 스페이스나 사용자의 파일은 남고 앱은 다시 열 수 있습니다. SageMaker가
//! 확인한 마지막 사용자 활동이 일주일 이상 지났고 그 뒤에도 확인이 이루어졌을 때만 해당합니다.
//!
//! **절감액.** 청구서에 나온 이 앱의 비용입니다. 정가가 없으므로 청구서가 없으면 알 수 없다고 답합니다.
//!
//! **주의할 점.** 지켜보는 사람 없이 며칠씩 계산하는 커널이 있다면 앱과 함께 끝납니다. SageMaker가 사용자 활동 시각에 자체
//! 상태 확인 시각을 적기도 하므로, 두 시각이 같거나 최근에 확인한 기록이 없으면 알 수 없다고 답합니다.
//!
//! **다른 도구와 다른 점.** 실행 중인 앱을 모두 유휴로 보거나 상태 확인을 사용자 활동으로 보는 도구가 있습니다.

use trimtab_model::action::{Action, Removal};
use trimtab_model::evidence::{Evidence, Figure, UnseenSignal};
use trimtab_model::id::ResourceId;
use trimtab_model::recommendation::{
    ActionType, Finding, ImplementationEffort, ReasonCode, Restart, Threshold, Undo, Unknown,
    Verdict,
};
use trimtab_model::resource::studio_app::StudioApp;
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::text::{Reason, StaticText, Text, counted};

use crate::check::{Check, Facts, Need, days_between};
use crate::saving::{EVERYTHING_WITH_HOURS, deletion};
use crate::verdict::{Proposal, judge_each, pass, risk, unknown};

/// How old the last health check may be, in days before the listing: SageMaker checks a running
/// app all day.
const MOST_DAYS_UNCHECKED: u32 = 1;

/// The check.
pub static CHECK: Check = Check {
    id: "sagemaker-app-idle",
    title: StaticText {
        en: "SageMaker Studio app that nobody works with",
        ko: "아무도 작업하지 않는 SageMaker Studio 앱",
    },
    kind: ResourceKind::StudioApp,
    action_type: ActionType::Delete,
    needs: &[Need::Kind(ResourceKind::StudioApp), Need::OptionalBilling],
    thresholds: &[Threshold {
        name: "min_idle_days",
        default: "7",
        unit: "days",
        text: StaticText {
            en: "Days since a user did anything in it: a week has every working day.",
            ko: "사용자가 마지막으로 활동한 뒤 지난 일수입니다. 일주일이면 모든 근무일이 들어갑니다.",
        },
    }],
    judge: |check, facts| {
        judge_each(check, facts, ResourceKind::StudioApp, &facts.snapshot.studio_apps, judge)
    },
};

fn judge(check: &Check, facts: &Facts<'_>, app: &Resource<StudioApp>) -> Result<Verdict, Unknown> {
    let kind = &app.kind;
    let instance_type = kind.instance_type.as_deref().filter(|name| name.starts_with("ml."));
    let Some(instance_type) = instance_type.filter(|_| kind.status == "InService") else {
        return Ok(pass(
            "no-instance",
            "It does not run on an instance that is charged.",
            "과금되는 인스턴스에서 실행 중인 앱이 아닙니다.",
        ));
    };
    let idle_days = idle_days(check, facts, kind)?;
    let idle_days = match idle_days {
        Some(days) => days,
        None => {
            return Ok(pass(
                "in-use",
                "Somebody worked with it within these days.",
                "최근에 사용자가 작업한 기록이 있습니다.",
            ));
        }
    };
    let arn = kind.app_arn.as_deref().map(ResourceId::new);
    let names: Vec<ResourceId> = std::iter::once(app.id.clone()).chain(arn).collect();
    let list = Err(unknown(
        "price-missing",
        "Instances of SageMaker have no list price here, and the bill does not name the app.",
        "SageMaker 인스턴스의 가격이 없고 청구서에도 이 앱이 없습니다.",
        &["billing"],
    ));
    let reference = app.reference(ResourceKind::StudioApp);
    let savings = deletion(facts, &reference, &names, EVERYTHING_WITH_HOURS, list)?;
    Ok(Proposal {
        action: Action::Remove {
            removal: Removal::StudioApp {
                domain_id: kind.domain_id.clone(),
                owner: kind.owner.clone(),
                app_type: kind.app_type.clone(),
                app_name: kind.app_name.clone(),
                instance_type: instance_type.to_owned(),
            },
        },
        finding: Finding::Idle,
        reason_codes: vec![ReasonCode::Idle],
        reason: Reason::new(
            "idle",
            format!("Nobody worked with it for {}.", counted(idle_days, "day")),
            format!("{idle_days}일 동안 사용자의 활동이 없었습니다."),
        ),
        savings,
        performance_risk: risk(app.environment, 1),
        effort: ImplementationEffort::VeryLow,
        restart_needed: Restart::NotNeeded,
        undo: Undo::Compensating(Text::new(
            "The app can be opened again with the same files; what its kernels held in memory is gone.",
            "같은 파일로 앱을 다시 열 수 있지만 커널의 메모리에 있던 것은 사라집니다.",
        )),
        evidence: Evidence {
            window_days: Some(idle_days),
            figures: vec![
                Figure::number(
                    "idle_days",
                    "Days since a user did anything",
                    "마지막 사용자 활동 뒤 지난 일수",
                    f64::from(idle_days),
                    "days",
                )
                .against(check.threshold_f64(facts, "min_idle_days")),
                Figure::word("type", "Instance type", "인스턴스 유형", instance_type),
            ],
            signals_not_seen: vec![UnseenSignal {
                name: "computation".to_owned(),
                text: Text::new(
                    "Whether a kernel computes in it without anybody watching.",
                    "지켜보는 사람 없이 계산 중인 커널이 있는지 알 수 없습니다.",
                ),
            }],
            ..Evidence::default()
        },
    }
    .into_verdict(check, reference))
}

/// Returns for how many days nobody worked with the app; absent where somebody did.
fn idle_days(check: &Check, facts: &Facts<'_>, app: &StudioApp) -> Result<Option<u32>, Unknown> {
    let not_told = |en, ko| unknown("activity-unknown", en, ko, &["inventory:describe-app"]);
    let (Some(activity), Some(checked)) = (app.last_user_activity, app.last_health_check) else {
        return Err(not_told(
            "When a user did anything in it last is not known.",
            "사용자의 마지막 활동 시각을 알 수 없습니다.",
        ));
    };
    if activity == checked {
        return Err(not_told(
            "SageMaker wrote the time of its own check where that of the user belongs.",
            "SageMaker가 사용자 활동 시각에 자체 상태 확인 시각을 적었습니다.",
        ));
    }
    // What was seen is as old as the listing, and the listing may be older than the analysis.
    let seen_at = facts.snapshot.taken_at;
    let idle_days = days_between(activity, seen_at);
    if f64::from(idle_days) < check.threshold_f64(facts, "min_idle_days") {
        return Ok(None);
    }
    match days_between(checked, seen_at) <= MOST_DAYS_UNCHECKED {
        true => Ok(Some(idle_days)),
        false => Err(not_told(
            "SageMaker has not looked at it lately, so that activity may have gone unseen.",
            "SageMaker가 최근에 확인한 기록이 없어 그 뒤의 활동을 알 수 없습니다.",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::scene::{Scene, check, days_ago, recommended, scene};

    const ARN: &str = "arn:aws:sagemaker:us-east-1:111122223333:app/d-1/kim/jupyterlab/default";

    fn billed() -> Scene {
        let usage = "APN2-Studio:JupyterLab-ml.g4dn.xlarge";
        scene().studio_app(|_| ()).bill(ARN, usage, "720", "530.06")
    }

    fn active(days: i64) -> Scene {
        let mut scene = billed();
        scene.snapshot.studio_apps[0].kind.last_user_activity = Some(days_ago(days));
        scene
    }

    #[test]
    fn an_app_that_nobody_works_with_fires() {
        check(&CHECK, billed(), "recommend 537.42 / 537.42 / 537.42");
        let scene = billed();
        let commands = recommended(&CHECK, &scene).action.commands(&scene.reference("app"));
        assert!(
            commands.apply[0].contains("--space-name kim --app-type JupyterLab"),
            "{commands:?}"
        );
    }

    #[test]
    fn an_app_in_use_or_without_an_instance_passes() {
        check(&CHECK, active(1), "pass in-use");
        let system = scene().studio_app(|app| app.kind.instance_type = Some("system".into()));
        check(&CHECK, system, "pass no-instance");
    }

    #[test]
    fn just_under_a_week_it_passes() {
        check(&CHECK, active(6), "pass in-use");
        check(&CHECK, active(7), "recommend 537.42 / 537.42 / 537.42");
    }

    #[test]
    fn without_a_bill_or_a_user_it_is_unknown() {
        check(&CHECK, scene().studio_app(|_| ()), "unknown price-missing");
        check(&CHECK, active(0), "unknown activity-unknown");
        let mut unchecked = billed();
        unchecked.snapshot.studio_apps[0].kind.last_health_check = Some(days_ago(19));
        check(&CHECK, unchecked, "unknown activity-unknown");
    }
}
