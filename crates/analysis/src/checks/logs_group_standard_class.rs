//! Finds large log groups in the Standard class that use nothing of what it adds.
//!
//! **Why it costs.** Taking log data in is by far the largest part of what logs cost. The
//! Infrequent Access class takes it in for about half. What it lacks are metric filters,
//! subscriptions, alarms on log data and live tail.
//!
//! **What we do.** Make a group of the other class and point the writer at it; the class of a
//! group cannot be changed. The old group stays until its events expire.
//!
//! **What it saves.** Gigabytes taken in times the difference of the two prices.
//!
//! **What could go wrong.** A dashboard or a person that reads the group by its name. Queries
//! are charged per gigabyte scanned in both classes. Some writers, such as Lambda, must be
//! given the new group's name.
//!
//! **Where others err.** They name every group without a metric filter, and forget the
//! subscriptions.
//!
//! # 한국어
//!
//! Standard 클래스의 기능을 쓰지 않으면서 로그가 많이 들어오는 로그 그룹을 찾습니다.
//!
//! **비용이 드는 이유.** 로그 비용의 대부분은 수집 요금입니다. Infrequent Access 클래스는 수집 요금이 약 절반이며,
//! 대신 지표 필터, 구독, 로그 기반 경보, 실시간 보기를 쓸 수 없습니다.
//!
//! **제안하는 조치.** 다른 클래스의 로그 그룹을 만들고 로그를 그쪽으로 보냅니다. 기존 그룹의 클래스는 바꿀 수 없으므로
//! 로그가 만료될 때까지 남겨 둡니다.
//!
//! **절감액.** 들어온 양(GB)에 두 클래스의 단가 차이를 곱합니다.
//!
//! **주의할 점.** 대시보드나 사람이 그룹 이름으로 조회하고 있을 수 있습니다. 쿼리는 두 클래스 모두 조회량에 따라
//! 과금됩니다. Lambda처럼 새 그룹 이름을 지정해 주어야 하는 경우가 있습니다.
//!
//! **다른 도구와 다른 점.** 구독 필터를 확인하지 않고 지표 필터가 없는 그룹을 모두 보고하는 도구가 있습니다.

use rust_decimal::Decimal;
use rust_decimal::prelude::{FromPrimitive, ToPrimitive};

use trimtab_model::action::{Action, Setting};
use trimtab_model::evidence::{Evidence, Figure, UnseenSignal};
use trimtab_model::id::ResourceId;
use trimtab_model::metric::Statistic;
use trimtab_model::recommendation::{
    ActionType, Finding, ImplementationEffort, ReasonCode, Restart, Threshold, Undo, Unknown,
    Verdict,
};
use trimtab_model::resource::log_group::LogGroup;
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::text::{Reason, StaticText, Text};

use crate::billed::{Billed, is_usage};
use crate::check::{Check, Facts, Need, days_between};
use crate::observation::{MIN_COVERAGE_PERCENT, MIN_DAYS, Observation};
use crate::pricing::Tariff;
use crate::saving::{Commitment, Meter, estimate_of};
use crate::verdict::{Proposal, judge_each, pass, risk, unknown};

const INGESTION: &[&str] = &["DataProcessing-Bytes"];

/// Picks what taking events in costs.
const TAKEN_IN: Meter =
    Meter { charges: |charge| is_usage(charge, INGESTION), commitment: Commitment::Impossible };

/// The check.
pub static CHECK: Check = Check {
    id: "logs-group-standard-class",
    title: StaticText {
        en: "Log group in the Standard class without filters or subscriptions",
        ko: "필터와 구독이 없는 Standard 클래스의 로그 그룹",
    },
    kind: ResourceKind::LogGroup,
    action_type: ActionType::Reconfigure,
    needs: &[
        Need::Kind(ResourceKind::LogGroup),
        Need::OptionalMetric("AWS/Logs", "IncomingBytes", &[Statistic::Sum]),
        Need::OptionalBilling,
    ],
    thresholds: &[
        Threshold {
            name: "min_gb_a_month",
            default: "100",
            unit: "GB",
            text: StaticText {
                en: "Least that is taken in a month.",
                ko: "보고 대상이 되는 월간 최소 수집량입니다.",
            },
        },
        MIN_DAYS,
        MIN_COVERAGE_PERCENT,
    ],
    judge: |check, facts| {
        judge_each(check, facts, ResourceKind::LogGroup, &facts.snapshot.log_groups, judge)
    },
};

fn judge(check: &Check, facts: &Facts<'_>, group: &Resource<LogGroup>) -> Result<Verdict, Unknown> {
    let kind = &group.kind;
    if kind.log_group_class.as_deref().is_some_and(|class| class != "STANDARD") {
        return Ok(pass(
            "another-class",
            "The group is in another class already.",
            "이미 다른 클래스의 로그 그룹입니다.",
        ));
    }
    let used = |count: Option<u32>| count.is_some_and(|count| count > 0);
    if used(kind.metric_filter_count) || used(kind.subscription_filter_count) {
        return Ok(pass(
            "needs-standard",
            "Metric filters or subscriptions read the group, which need the Standard class.",
            "Standard 클래스가 필요한 지표 필터나 구독을 쓰고 있습니다.",
        ));
    }
    let min_gb = check.threshold(facts, "min_gb_a_month");
    if holds_too_little(facts, kind, min_gb) {
        return Ok(pass(
            "too-little",
            "What it keeps of a month or more is too small for a group that takes in so much.",
            "한 달 이상 보관한 양이 매우 적어 많은 로그가 들어오는 그룹이 아닙니다.",
        ));
    }
    let gigabytes = taken_in_gb(check, facts, group)?;
    if gigabytes < min_gb {
        return Ok(pass(
            "too-little",
            format!("{gigabytes:.1} GB a month are taken in, less than {min_gb}."),
            format!("월 수집량이 {gigabytes:.1} GB로 {min_gb} GB보다 적습니다."),
        ));
    }
    if kind.metric_filter_count.is_none() || kind.subscription_filter_count.is_none() {
        return Err(unknown(
            "filters-unknown",
            "Whether metric filters or subscriptions read the group is not known.",
            "이 로그 그룹에 지표 필터나 구독이 있는지 알 수 없습니다.",
            &["inventory:describe-subscription-filters"],
        ));
    }
    let tariff = Tariff::of(facts, group);
    let now = tariff.meter("taken in, Standard", gigabytes, "cloudwatch/logs_ingestion")?;
    let after =
        tariff.meter("taken in, Infrequent Access", gigabytes, "cloudwatch/logs_ingestion_ia")?;
    let reference = group.reference(ResourceKind::LogGroup);
    let savings = estimate_of(facts, &reference, &names(group), TAKEN_IN, vec![now], vec![after])?;
    let number = |value: Decimal| value.to_f64().unwrap_or_default();
    Ok(Proposal {
        action: Action::Set(Setting::LogGroupClass { to: "INFREQUENT_ACCESS".to_owned() }),
        finding: Finding::NotOptimized,
        reason_codes: vec![ReasonCode::CheaperClass],
        reason: Reason::new(
            "nothing-needs-standard",
            format!("{gigabytes:.0} GB a month come in, and no filter or subscription reads them."),
            format!("월 {gigabytes:.0} GB가 들어오는데 이를 읽는 필터나 구독이 없습니다."),
        ),
        savings,
        performance_risk: risk(group.environment, 1),
        effort: ImplementationEffort::Medium,
        restart_needed: Restart::NotNeeded,
        undo: Undo::Compensating(Text::new(
            "Point the writer at the old group again; events stay in the group that took them in.",
            "다시 기존 그룹으로 보내면 됩니다. 이미 들어온 로그는 각 그룹에 남습니다.",
        )),
        evidence: Evidence {
            figures: vec![
                Figure::number(
                    "taken_in_gb",
                    "Taken in a month",
                    "월 수집량",
                    number(gigabytes),
                    "GB",
                )
                .against(number(min_gb)),
            ],
            signals_not_seen: vec![UnseenSignal {
                name: "readers".to_owned(),
                text: Text::new(
                    "Whether dashboards, alarms on queries or live tail read the group.",
                    "대시보드, 쿼리 기반 경보, 실시간 보기에서 쓰는지 알 수 없습니다.",
                ),
            }],
            ..Evidence::default()
        },
    }
    .into_verdict(check, reference))
}

/// Returns whether a group that is and keeps its events for a month holds less than a hundredth of
/// the threshold: no log compresses so well.
fn holds_too_little(facts: &Facts<'_>, group: &LogGroup, min_gb: Decimal) -> bool {
    let old = group.creation_time.is_some_and(|created| days_between(created, facts.now) >= 30);
    let keeps_a_month = group.retention_in_days.is_none_or(|days| days >= 30);
    let stored = group.stored_bytes.map(|bytes| Decimal::from(bytes) / Decimal::from(1_u64 << 30));
    old && keeps_a_month && stored.is_some_and(|stored| stored * Decimal::ONE_HUNDRED < min_gb)
}

/// Returns the gigabytes taken in a month: the bill's, else the metric's.
fn taken_in_gb(
    check: &Check,
    facts: &Facts<'_>,
    group: &Resource<LogGroup>,
) -> Result<Decimal, Unknown> {
    let names = names(group);
    let billed = Billed::find(facts, &group.reference(ResourceKind::LogGroup), &names);
    if let Some(quantity) = billed.and_then(|bill| bill.quantity(INGESTION)) {
        return Ok(quantity);
    }
    let seen = Observation::complete(
        check,
        facts,
        group,
        &names,
        "AWS/Logs",
        "IncomingBytes",
        &[Statistic::Sum],
    )?;
    let gigabytes = seen.profile.sum / seen.days().max(1.0) * 730.0 / 24.0 / 1_073_741_824.0;
    Ok(Decimal::from_f64(gigabytes).unwrap_or_default().round_dp(3))
}

fn names(group: &Resource<LogGroup>) -> Vec<ResourceId> {
    let arn = group.kind.arn.as_deref().map(|arn| ResourceId::new(arn.trim_end_matches(":*")));
    std::iter::once(group.id.clone()).chain(arn).collect()
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::scene::{Scene, check, days_ago, scene};

    fn group(metric_filters: u32, subscriptions: Option<u32>) -> Scene {
        scene()
            .price("cloudwatch/logs_ingestion", "0.50")
            .price("cloudwatch/logs_ingestion_ia", "0.25")
            .log_group(|group| {
                group.kind.metric_filter_count = Some(metric_filters);
                group.kind.subscription_filter_count = subscriptions;
            })
    }

    fn taking_in(scene: Scene, gigabytes: &str, usd: &str) -> Scene {
        scene.bill("/app/game", "DataProcessing-Bytes", gigabytes, usd)
    }

    #[test]
    fn a_busy_group_that_nothing_filters_fires() {
        let scene = taking_in(group(0, Some(0)), "1000", "500");
        check(&CHECK, scene, "recommend 253.47 / 253.47 / 253.47");
    }

    #[test]
    fn a_group_with_a_subscription_passes() {
        check(&CHECK, taking_in(group(0, Some(1)), "1000", "500"), "pass needs-standard");
        check(&CHECK, taking_in(group(2, None), "1000", "500"), "pass needs-standard");
    }

    #[test]
    fn a_group_just_under_the_threshold_of_100_gb_passes() {
        check(&CHECK, taking_in(group(0, Some(0)), "98", "49"), "pass too-little");
    }

    #[test]
    fn a_group_that_holds_nothing_passes_without_metrics() {
        let scene_of = |age| {
            scene().log_group(|group| {
                group.kind.stored_bytes = Some(1000);
                group.kind.creation_time = Some(days_ago(age));
            })
        };
        check(&CHECK, scene_of(30), "pass too-little");
        check(&CHECK, scene_of(29), "unknown metric-missing");
    }

    #[test]
    fn without_the_subscriptions_or_a_price_it_is_unknown() {
        check(&CHECK, taking_in(group(0, None), "1000", "500"), "unknown filters-unknown");
        let scene = group(0, Some(0)).without_price("cloudwatch/logs_ingestion_ia");
        check(&CHECK, taking_in(scene, "1000", "500"), "unknown price-missing");
    }
}
