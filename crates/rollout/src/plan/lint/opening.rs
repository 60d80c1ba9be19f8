//! Whether there is a time at which each stage may run.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use trimtab_model::plan::{Change, ChangeWindow, Plan, RolloutRules, Stage};

use super::{Finding, Severity};
use crate::plan::export::line;
use crate::window;

/// Lists what is wrong with the windows.
pub(super) fn findings(plan: &Plan, now: Timestamp) -> Vec<Finding> {
    let zones = plan.rules.windows.iter().filter(|window| !has_zone(window)).map(|window| {
        let zone = line(&window.time_zone);
        Finding::new(
            Severity::Error,
            "unknown-zone",
            format!("The time zone {zone:?} of a window is not known: name one such as Asia/Seoul."),
            format!("변경 시간대의 표준 시간대 {zone:?}을(를) 알 수 없습니다. Asia/Seoul처럼 지정하세요."),
        )
    });
    let stages = plan.stages.iter().enumerate();
    zones.chain(stages.filter_map(|(index, stage)| of_stage(plan, index, stage, now))).collect()
}

fn of_stage(plan: &Plan, index: usize, stage: &Stage, now: Timestamp) -> Option<Finding> {
    let environment = stage.environment;
    let lengths =
        plan.rules.windows.iter().filter(|window| window.opens(environment) && has_zone(window));
    let Some(longest) = lengths.map(length).max() else {
        return Some(Finding::new(
            Severity::Error,
            "no-window",
            format!("No window opens {environment}: without one, nothing ever starts."),
            format!(
                "{environment} 환경에 열리는 변경 시간대가 없습니다. 없으면 아무것도 시작되지 않습니다."
            ),
        ));
    };
    let changes = stage.waves.iter().flat_map(|wave| &wave.changes);
    let slowest: &Change = changes.max_by_key(|change| change.duration)?;
    if slowest.duration > longest {
        let (needed, given) = (slowest.duration.as_mins(), longest.as_mins());
        let finding = Finding::new(
            Severity::Error,
            "short-window",
            format!(
                "It takes up to {needed} minutes, the way back included, and the longest window of {environment} has {given}."
            ),
            format!(
                "되돌리기를 포함해 최대 {needed}분이 걸리지만 {environment} 환경의 가장 긴 변경 시간대는 {given}분입니다."
            ),
        );
        return Some(finding.of(&slowest.id));
    }
    // A later stage starts when the one before is proven, whenever that is.
    let due = if index == 0 { plan.expires_at } else { Timestamp::MAX };
    let opens = |rules: &RolloutRules| {
        window::opening(rules, environment, slowest.duration, now).is_some_and(|at| at <= due)
    };
    if opens(&plan.rules) {
        return None;
    }
    let thawed = RolloutRules { freezes: Vec::new(), ..plan.rules.clone() };
    if opens(&thawed) {
        return Some(Finding::new(
            Severity::Error,
            "frozen",
            format!("Freezes close every window of {environment} that would be in time."),
            format!("동결 기간 때문에 {environment} 환경의 변경 시간대를 제때 쓸 수 없습니다."),
        ));
    }
    Some(Finding::new(
        Severity::Error,
        "no-opening",
        format!("No window of {environment} opens before the plan expires."),
        format!("계획이 만료되기 전에 열리는 {environment} 환경의 변경 시간대가 없습니다."),
    ))
}

fn has_zone(window: &ChangeWindow) -> bool {
    TimeZone::get(&window.time_zone).is_ok()
}

/// Returns how long a window is by its clock.
fn length(window: &ChangeWindow) -> SignedDuration {
    let length = window.from.duration_until(window.until);
    if length.is_positive() { length } else { length + SignedDuration::from_hours(24) }
}
