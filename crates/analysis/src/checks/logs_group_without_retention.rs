//! Finds log groups that keep their events for ever.
//!
//! **Why it costs.** Stored log data is charged by the month, and without a retention
//! setting it only grows. CloudWatch's default is to keep everything.
//!
//! **What we do.** Set a retention, 90 days unless configured otherwise: a quarter answers
//! most questions after an incident. Only what is older than that is freed, so the saving
//! is a share of what is stored.
//!
//! **What it saves.** *High* is all that is stored. *Likely* is the share older than the
//! retention if events came evenly since the group was made; the metric IncomingBytes, where
//! there is one, tells better how much stays. *Low* is zero, because a group may have grown
//! in the last weeks only.
//!
//! **What could go wrong.** Expired events are gone and cannot be brought back. Export
//! first what the law, an audit or a contract asks to keep.
//!
//! **Where others err.** They print all that is stored as the saving, or nothing.
//!
//! # 한국어
//!
//! 이벤트를 무기한 보관하는 로그 그룹을 찾습니다.
//!
//! **비용이 드는 이유.** 저장된 로그 데이터는 매달 요금이 부과되고, 보존 기간을 설정하지 않으면
//! 늘어나기만 합니다. CloudWatch의 기본값은 모두 보관하는 것입니다.
//!
//! **제안하는 조치.** 보존 기간을 설정합니다. 따로 설정하지 않으면 90일을 제안합니다. 장애 뒤에 생기는
//! 의문은 대부분 한 분기의 로그로 풀립니다. 그보다 오래된 것만 지워지므로 절감액은 저장량의 일부입니다.
//!
//! **절감액.** 상한(*high*)은 저장된 전부입니다. 예상값(*likely*)은 로그 그룹을 만든 뒤로 이벤트가
//! 고르게 들어왔다고 볼 때 보존 기간보다 오래된 몫이며, IncomingBytes 지표가 있으면 얼마나 남을지 더
//! 정확하게 알 수 있습니다. 최근 몇 주 사이에 늘어난 그룹일 수도 있으므로 하한(*low*)은 0입니다.
//!
//! **주의할 점.** 만료된 이벤트는 사라지며 되살릴 수 없습니다. 법률, 감사, 계약에 따라 보관해야 하는
//! 것은 먼저 내보내세요.
//!
//! **다른 도구와 다른 점.** 저장된 전부를 절감액으로 표시하거나, 아예 금액을 표시하지 않습니다.

use rust_decimal::Decimal;
use rust_decimal::prelude::FromPrimitive;

use trimtab_model::action::Action;
use trimtab_model::evidence::{Evidence, Figure, UnseenSignal};
use trimtab_model::id::ResourceId;
use trimtab_model::metric::Statistic;
use trimtab_model::recommendation::{
    ActionType, Finding, ImplementationEffort, ReasonCode, Restart, Threshold, Undo, Unknown,
    Verdict,
};
use trimtab_model::resource::log_group::LogGroup;
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::text::{Reason, StaticText, Text, counted};

use crate::check::{Check, Facts, Need, days_between};
use crate::observation::Observation;
use crate::pricing::Tariff;
use crate::saving::{Commitment, Meter, deletion, narrowed};
use crate::verdict::{Proposal, judge_each, pass, risk, unknown};

/// The retentions that PutRetentionPolicy accepts, in days.
const ALLOWED_DAYS: &[u32] = &[
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922,
    3288, 3653,
];

/// Picks what storing the events costs, without what taking them in costs.
const STORAGE: Meter = Meter {
    charges: |charge| {
        charge.usage_type.as_deref().is_none_or(|usage_type| usage_type.contains("TimedStorage"))
    },
    commitment: Commitment::Impossible,
};

/// The check.
pub static CHECK: Check = Check {
    id: "logs-group-without-retention",
    title: StaticText {
        en: "Log group that keeps its events for ever",
        ko: "보존 기간이 없는 로그 그룹",
    },
    kind: ResourceKind::LogGroup,
    action_type: ActionType::SetRetention,
    needs: &[
        Need::Kind(ResourceKind::LogGroup),
        Need::OptionalMetric("AWS/Logs", "IncomingBytes", &[Statistic::Sum]),
        Need::OptionalBilling,
    ],
    thresholds: &[
        Threshold {
            name: "retention_days",
            default: "90",
            unit: "days",
            text: StaticText {
                en: "The retention that is proposed; rounded up to one that CloudWatch accepts.",
                ko: "제안할 보존 기간입니다. CloudWatch가 허용하는 값으로 올림합니다.",
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
    if let Some(days) = group.kind.retention_in_days {
        return Ok(pass(
            "has-retention",
            format!("Events are kept for {}.", counted(days, "day")),
            format!("보존 기간이 {days}일로 설정되어 있습니다."),
        ));
    }
    let (Some(stored_bytes), Some(created)) = (group.kind.stored_bytes, group.kind.creation_time)
    else {
        return Err(unknown(
            "size-unknown",
            "How much is stored, or since when, is not known.",
            "저장된 용량이나 생성 시각을 알 수 없습니다.",
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
    let retention_days = retention(check.threshold(facts, "retention_days"));
    let age_days = days_between(created, facts.now);
    if age_days <= retention_days {
        return Ok(pass(
            "younger-than-retention",
            format!(
                "The group is {} old: a retention of {} frees nothing yet.",
                counted(age_days, "day"),
                counted(retention_days, "day")
            ),
            format!(
                "만든 지 {age_days}일이라 보존 기간을 {retention_days}일로 해도 아직 지워지는 것이 없습니다."
            ),
        ));
    }
    let reference = group.reference(ResourceKind::LogGroup);
    let list =
        Tariff::of(facts, group).meter("stored log data", stored_gib, "cloudwatch/logs_storage");
    let whole = deletion(facts, &reference, &names(group), STORAGE, list.map(|part| vec![part]))?;
    let (share, incoming) = expired_share(facts, group, stored_bytes, age_days, retention_days);
    let savings = narrowed(whole, Decimal::ZERO, share)?;
    Ok(Proposal {
        action: Action::PutRetentionPolicy { retention_in_days: retention_days },
        finding: Finding::NotOptimized,
        reason_codes: vec![ReasonCode::NoRetention],
        reason: Reason::new(
            "no-retention",
            format!(
                "{stored_gib:.1} GiB were stored in {} without a retention.",
                counted(age_days, "day")
            ),
            format!("보존 기간 없이 {age_days}일 동안 쌓인 로그가 {stored_gib:.1} GiB입니다."),
        ),
        savings,
        performance_risk: risk(group.environment, 0),
        effort: ImplementationEffort::VeryLow,
        restart_needed: Restart::NotNeeded,
        undo: Undo::Impossible(Text::new(
            "Expired events are gone; the setting itself can be taken back.",
            "설정은 되돌릴 수 있지만 만료된 로그는 복구할 수 없습니다.",
        )),
        evidence: evidence(stored_gib, min_stored_gib, age_days, retention_days, share, incoming),
    }
    .into_verdict(check, reference))
}

/// Returns the smallest retention that CloudWatch accepts and that is not shorter.
fn retention(wanted: Decimal) -> u32 {
    ALLOWED_DAYS.iter().copied().find(|days| Decimal::from(*days) >= wanted).unwrap_or(3653)
}

/// Returns the share of what is stored that is older than the retention, and what it rests on.
fn expired_share<'a>(
    facts: &Facts<'a>,
    group: &Resource<LogGroup>,
    stored_bytes: u64,
    age_days: u32,
    retention_days: u32,
) -> (Decimal, Option<Observation<'a>>) {
    let evenly = Decimal::ONE - Decimal::from(retention_days) / Decimal::from(age_days.max(1));
    let incoming = Observation::find(
        facts,
        group,
        &names(group),
        "AWS/Logs",
        "IncomingBytes",
        &[Statistic::Sum],
    );
    let share = incoming.and_then(|seen| {
        // Taken in uncompressed, stored compressed: this counts too much as kept, never too little.
        let kept = seen.profile.sum / seen.days().max(1.0) * f64::from(retention_days);
        Decimal::from_f64((1.0 - kept / stored_bytes as f64).max(0.0))
    });
    match share {
        // A group that receives nothing any more has no bound from its metric.
        Some(share) if share > evenly => (share.min(Decimal::ONE), incoming),
        _ => (evenly, None),
    }
}

fn names(group: &Resource<LogGroup>) -> Vec<ResourceId> {
    let arn = group.kind.arn.as_deref();
    let plain = arn.map(|arn| arn.trim_end_matches(":*")).map(ResourceId::new);
    std::iter::once(group.id.clone()).chain(arn.map(ResourceId::new)).chain(plain).collect()
}

fn evidence(
    stored_gib: Decimal,
    min_stored_gib: Decimal,
    age_days: u32,
    retention_days: u32,
    share: Decimal,
    incoming: Option<Observation<'_>>,
) -> Evidence {
    use rust_decimal::prelude::ToPrimitive;
    let number = |value: Decimal| value.to_f64().unwrap_or_default();
    let mut evidence = Evidence {
        window_days: Some(age_days),
        figures: vec![
            Figure::number("stored_gib", "Stored", "저장량", number(stored_gib), "GiB")
                .against(number(min_stored_gib)),
            Figure::number(
                "age_days",
                "Age of the group",
                "로그 그룹 생성 후 경과",
                f64::from(age_days),
                "days",
            )
            .against(f64::from(retention_days)),
            Figure::number(
                "expired_percent",
                "Older than the retention",
                "보존 기간을 넘긴 비율",
                number(share) * 100.0,
                "%",
            ),
        ],
        coverage: incoming.iter().map(Observation::coverage).collect(),
        notes: vec![Text::new(
            "Export first what must be kept: deletion follows within about 72 hours.",
            "보관해야 할 로그는 먼저 내보내세요. 설정 후 약 72시간 안에 삭제됩니다.",
        )],
        ..Evidence::default()
    };
    if incoming.is_none() {
        evidence.signals_not_seen.push(UnseenSignal {
            name: "incoming_bytes".to_owned(),
            text: Text::new(
                "How much comes in: the share rests on even growth since the group was made.",
                "유입량을 알 수 없어, 생성 후 로그가 고르게 쌓였다고 보고 비율을 계산했습니다.",
            ),
        });
    }
    evidence
}

#[cfg(test)]
mod tests {
    use trimtab_model::metric::Statistic;

    use super::CHECK;
    use crate::scene::{Scene, check, days_ago, flat, scene};

    fn group(stored_bytes: u64) -> Scene {
        scene().log_group(|group| group.kind.stored_bytes = Some(stored_bytes))
    }

    #[test]
    fn a_large_group_without_retention_fires() {
        check(&CHECK, group(100 << 30), "recommend 0.00 / 2.63 / 3.00");
    }

    #[test]
    fn a_group_with_retention_passes() {
        check(
            &CHECK,
            scene().log_group(|group| group.kind.retention_in_days = Some(30)),
            "pass has-retention",
        );
    }

    #[test]
    fn a_group_just_under_the_threshold_of_1_gib_passes() {
        check(&CHECK, group((1 << 30) - 1), "pass too-small");
    }

    #[test]
    fn a_region_without_price_is_unknown() {
        check(
            &CHECK,
            group(100 << 30).without_price("cloudwatch/logs_storage"),
            "unknown price-missing",
        );
    }

    #[test]
    fn the_bill_gives_the_price_and_leaves_ingestion_out() {
        let scene = group(100 << 30)
            .without_price("cloudwatch/logs_storage")
            .bill("/app/game", "TimedStorage-ByteHrs", "100", "1.44")
            .bill("/app/game", "DataProcessing-Bytes", "1000", "760");
        check(&CHECK, scene, "recommend 0.00 / 1.28 / 1.46");
    }

    #[test]
    fn a_group_that_receives_nothing_any_more_is_freed_as_a_whole() {
        let scene = group(100 << 30).metric(
            "/app/game",
            "AWS/Logs",
            "IncomingBytes",
            Statistic::Sum,
            flat(0.0, 14),
        );
        check(&CHECK, scene, "recommend 0.00 / 3.00 / 3.00");
    }

    #[test]
    fn a_group_younger_than_the_retention_passes() {
        let scene = scene().log_group(|group| group.kind.creation_time = Some(days_ago(90)));
        check(&CHECK, scene, "pass younger-than-retention");
    }
}
