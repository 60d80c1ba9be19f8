//! Finds log groups that receive nothing any more and keep what they have for long.
//!
//! **Why it costs.** Stored log data is charged by the month until it expires. The group of a
//! service that is gone keeps its events for ever, or for as many years as its retention says.
//!
//! **What we do.** Export the events that must be kept to S3, then delete the group. This
//! deletes the events.
//!
//! **What could go wrong.** An audit asks for these logs later. A service that writes once a
//! quarter makes its group anew, without its settings.
//!
//! **Where others err.** They list streams that were silent for 90 days, one by one. CloudWatch
//! writes no metric for a silent group, so we look at when the last event came; and a group
//! that will soon be empty by its retention is left alone.
//!
//! # 한국어
//!
//! 더 이상 로그가 들어오지 않는데 기존 로그를 오래 보관하는 로그 그룹을 찾습니다.
//!
//! **비용이 드는 이유.** 저장된 로그는 만료될 때까지 매월 과금됩니다. 없어진 서비스의 로그 그룹은 보존 기간이 없으면
//! 영구히, 있으면 그 기간만큼 로그를 보관합니다.
//!
//! **제안하는 조치.** 보관해야 할 로그를 S3로 내보낸 뒤 로그 그룹을 삭제합니다. 로그가 삭제되는 조치입니다.
//!
//! **주의할 점.** 나중에 감사에서 요구할 수 있습니다. 분기에 한 번 쓰는 서비스라면 로그 그룹이 설정 없이 다시
//! 만들어집니다.
//!
//! **다른 도구와 다른 점.** 90일간 조용한 스트림을 하나씩 나열하는 대신, 마지막 로그가 들어온 시각으로 그룹 전체를
//! 판단합니다. 보존 기간에 따라 곧 비워질 그룹은 제외합니다.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use trimtab_model::action::{Action, Deletion};
use trimtab_model::evidence::{Evidence, Figure, UnseenSignal};
use trimtab_model::recommendation::{
    ActionType, Finding, ImplementationEffort, ReasonCode, Restart, Threshold, Undo, Unknown,
    Verdict,
};
use trimtab_model::resource::log_group::LogGroup;
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::text::{Reason, StaticText, Text};

use crate::check::{Check, Facts, Need, days_between};
use crate::pricing::Tariff;
use crate::saving::{EVERYTHING, deletion};
use crate::verdict::{Proposal, judge_each, pass, risk, unknown};

/// The check.
pub static CHECK: Check = Check {
    id: "logs-group-idle",
    title: StaticText {
        en: "Log group that receives nothing any more",
        ko: "더 이상 로그가 들어오지 않는 로그 그룹",
    },
    kind: ResourceKind::LogGroup,
    action_type: ActionType::Delete,
    needs: &[Need::Kind(ResourceKind::LogGroup), Need::OptionalBilling],
    thresholds: &[
        Threshold {
            name: "min_silent_days",
            default: "90",
            unit: "days",
            text: StaticText {
                en: "Days without an event: a quarter shows what happens once a quarter.",
                ko: "로그가 들어오지 않은 일수입니다. 한 분기를 봐야 분기별 작업이 드러납니다.",
            },
        },
        Threshold {
            name: "min_stored_gib",
            default: "1",
            unit: "GiB",
            text: StaticText {
                en: "Smallest log group that is reported.",
                ko: "보고 대상이 되는 로그 그룹의 최소 저장량입니다.",
            },
        },
    ],
    judge: |check, facts| {
        judge_each(check, facts, ResourceKind::LogGroup, &facts.snapshot.log_groups, judge)
    },
};

fn judge(check: &Check, facts: &Facts<'_>, group: &Resource<LogGroup>) -> Result<Verdict, Unknown> {
    let Some(stored_bytes) = group.kind.stored_bytes else {
        return Err(unknown(
            "size-unknown",
            "How much is stored is not known.",
            "저장된 용량을 알 수 없습니다.",
            &["inventory:describe-log-groups"],
        ));
    };
    let stored_gib = Decimal::from(stored_bytes) / Decimal::from(1_u64 << 30);
    let min_stored_gib = check.threshold(facts, "min_stored_gib");
    if stored_gib < min_stored_gib {
        return Ok(pass(
            "too-small",
            format!("{stored_gib:.2} GiB are stored, less than {min_stored_gib}."),
            format!("저장량이 {stored_gib:.2} GiB로 {min_stored_gib} GiB보다 적습니다."),
        ));
    }
    let Some(last) = group.kind.last_ingestion_time else {
        return Err(unknown(
            "last-event-unknown",
            "When the last event came was not read.",
            "마지막 로그가 들어온 시각을 읽지 못했습니다.",
            &["inventory:describe-log-streams"],
        ));
    };
    let silent_days = days_between(last, facts.now);
    let min_silent_days = check.threshold(facts, "min_silent_days");
    if Decimal::from(silent_days) < min_silent_days {
        return Ok(pass(
            "in-use",
            format!("The last event came {silent_days} days ago."),
            format!("마지막 로그가 {silent_days}일 전에 들어왔습니다."),
        ));
    }
    // What expires within another quarter needs no hand.
    let left_days = group.kind.retention_in_days.map(|days| days.saturating_sub(silent_days));
    if let Some(left) = left_days.filter(|left| Decimal::from(*left) < min_silent_days) {
        return Ok(pass(
            "expires-soon",
            format!("Its retention empties it within {left} days."),
            format!("보존 기간에 따라 {left}일 안에 모두 만료됩니다."),
        ));
    }
    let reference = group.reference(ResourceKind::LogGroup);
    let list =
        Tariff::of(facts, group).meter("stored log data", stored_gib, "cloudwatch/logs_storage");
    let names = std::slice::from_ref(&group.id);
    let savings = deletion(facts, &reference, names, EVERYTHING, list.map(|part| vec![part]))?;
    let number = |value: Decimal| value.to_f64().unwrap_or_default();
    Ok(Proposal {
        action: Action::Delete(Deletion::LogGroup),
        finding: Finding::Idle,
        reason_codes: vec![ReasonCode::Idle],
        reason: Reason::new(
            "silent",
            format!("The last event came {silent_days} days ago, and {stored_gib:.1} GiB stay."),
            format!("마지막 로그가 {silent_days}일 전이며 {stored_gib:.1} GiB가 남아 있습니다."),
        ),
        savings,
        performance_risk: risk(group.environment, 1),
        effort: ImplementationEffort::Low,
        restart_needed: Restart::NotNeeded,
        undo: Undo::Impossible(Text::new(
            "The events are gone but for what was exported.",
            "내보낸 것 외의 로그는 복구할 수 없습니다.",
        )),
        evidence: Evidence {
            window_days: Some(silent_days),
            figures: vec![
                Figure::number(
                    "silent_days",
                    "Days without an event",
                    "로그가 없는 일수",
                    f64::from(silent_days),
                    "days",
                )
                .against(number(min_silent_days)),
                Figure::number("stored_gib", "Stored", "저장량", number(stored_gib), "GiB")
                    .against(number(min_stored_gib)),
            ],
            signals_not_seen: vec![UnseenSignal {
                name: "duty".to_owned(),
                text: Text::new(
                    "Whether a law, an audit or a contract asks to keep these events.",
                    "법규, 감사, 계약상 보관해야 하는 로그인지 알 수 없습니다.",
                ),
            }],
            notes: vec![Text::new(
                "This deletes the events: export first what must be kept.",
                "로그가 삭제되므로 보관해야 할 로그는 먼저 내보내세요.",
            )],
            ..Evidence::default()
        },
    }
    .into_verdict(check, reference))
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::scene::{Scene, check, days_ago, scene};

    fn silent_for(days: i64, retention: Option<u32>) -> Scene {
        scene().log_group(|group| {
            group.kind.stored_bytes = Some(100 << 30);
            group.kind.last_ingestion_time = Some(days_ago(days));
            group.kind.retention_in_days = retention;
        })
    }

    #[test]
    fn a_silent_group_fires() {
        check(&CHECK, silent_for(90, None), "recommend 3.00 / 3.00 / 3.00");
        check(&CHECK, silent_for(90, Some(3653)), "recommend 3.00 / 3.00 / 3.00");
    }

    #[test]
    fn a_group_that_is_about_to_be_empty_passes() {
        check(&CHECK, silent_for(90, Some(120)), "pass expires-soon");
    }

    #[test]
    fn a_group_silent_for_89_days_is_just_under_the_threshold() {
        check(&CHECK, silent_for(89, None), "pass in-use");
    }

    #[test]
    fn a_group_whose_last_event_was_not_read_is_unknown() {
        check(&CHECK, scene().log_group(|_| ()), "unknown last-event-unknown");
    }
}
