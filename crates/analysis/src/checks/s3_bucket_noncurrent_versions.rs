//! Finds S3 buckets that keep every older version of their objects for ever.
//!
//! **Why it costs.** With versioning, an object that is overwritten or deleted stays as an
//! older version and is charged in full. Without a rule these only grow.
//!
//! **What we do.** Add a rule that expires versions 30 days after a newer one came, unless
//! configured otherwise. The rules that are there are read and sent back with it.
//!
//! **What it saves.** *High* is all that older versions hold. *Likely* is the share older than
//! the rule's days, if versions came evenly since the bucket was made. *Low* is zero, for they
//! may all be recent.
//!
//! **What could go wrong.** An expired version cannot be brought back. Do not set this where
//! versions are the backup, or where the law asks for them.
//!
//! **Where others err.** They report every versioned bucket without the rule, whatever its
//! older versions hold. S3 Storage Lens tells that figure; without it we say *unknown*.
//!
//! # 한국어
//!
//! 객체의 이전 버전을 영구히 보관하는 S3 버킷을 찾습니다.
//!
//! **비용이 드는 이유.** 버전 관리를 켜면 덮어쓰거나 삭제한 객체도 이전 버전으로 남아 전부 과금됩니다. 규칙이 없으면
//! 계속 늘어나기만 합니다.
//!
//! **제안하는 조치.** 새 버전이 생기고 30일(설정 가능)이 지난 이전 버전을 만료시키는 규칙을 추가합니다. 기존 규칙은
//! 먼저 읽어 함께 보냅니다.
//!
//! **절감액.** *최대*는 이전 버전 전체의 비용입니다. *예상*은 버킷 생성 후 고르게 쌓였다고 볼 때 규칙의 일수보다
//! 오래된 비율입니다. 모두 최근 버전일 수 있으므로 *최소*는 0입니다.
//!
//! **주의할 점.** 만료된 버전은 복구할 수 없습니다. 버전을 백업으로 쓰거나 법적 보관 의무가 있으면 적용하지 마세요.
//!
//! **다른 도구와 다른 점.** 이전 버전의 용량을 보지 않고 규칙이 없는 버킷을 모두 보고하는 대신, S3 Storage Lens의
//! 용량을 사용합니다. 이 값이 없으면 판단하지 않습니다.

use rust_decimal::Decimal;
use rust_decimal::prelude::{FromPrimitive, ToPrimitive};

use trimtab_model::action::{Action, BucketRule, Setting};
use trimtab_model::evidence::{Evidence, Figure, UnseenSignal};
use trimtab_model::metric::Statistic;
use trimtab_model::recommendation::{
    ActionType, Finding, ImplementationEffort, ReasonCode, Restart, Threshold, Undo, Unknown,
    Verdict,
};
use trimtab_model::resource::bucket::{Bucket, Versioning};
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::text::{Reason, StaticText, Text};

use crate::check::{Check, Facts, Need, days_between};
use crate::observation::{Observation, missing};
use crate::pricing::Tariff;
use crate::saving::{Commitment, Meter, deletion, narrowed};
use crate::verdict::{Proposal, judge_each, pass, risk, unknown};

const NAMESPACE: &str = "AWS/S3/Storage-Lens";
const METRIC: &str = "NonCurrentVersionStorageBytes";
const DAILY: &[Statistic] = &[Statistic::Average, Statistic::Maximum];

/// Picks nothing: the bill does not tell older versions from current ones.
const UNNAMED: Meter = Meter { charges: |_| false, commitment: Commitment::Impossible };

/// The check.
pub static CHECK: Check = Check {
    id: "s3-bucket-noncurrent-versions",
    title: StaticText {
        en: "S3 bucket that keeps older versions for ever",
        ko: "이전 버전을 영구히 보관하는 S3 버킷",
    },
    kind: ResourceKind::Bucket,
    action_type: ActionType::SetRetention,
    needs: &[Need::Kind(ResourceKind::Bucket), Need::Metric(NAMESPACE, METRIC, DAILY)],
    thresholds: &[
        Threshold {
            name: "keep_days",
            default: "30",
            unit: "days",
            text: StaticText {
                en: "How long the proposed rule keeps a version after a newer one came.",
                ko: "제안할 규칙이 새 버전 이후 이전 버전을 보관하는 일수입니다.",
            },
        },
        Threshold {
            name: "min_gib",
            default: "10",
            unit: "GiB",
            text: StaticText {
                en: "Least size of the older versions that is reported.",
                ko: "보고 대상이 되는 이전 버전의 최소 용량입니다.",
            },
        },
    ],
    judge: |check, facts| {
        judge_each(check, facts, ResourceKind::Bucket, &facts.snapshot.buckets, judge)
    },
};

fn judge(check: &Check, facts: &Facts<'_>, bucket: &Resource<Bucket>) -> Result<Verdict, Unknown> {
    let (Some(versioning), Some(rules)) = (bucket.kind.versioning, &bucket.kind.lifecycle_rules)
    else {
        return Err(unknown(
            "versioning-unknown",
            "The bucket's versioning or its lifecycle was not read.",
            "버킷의 버전 관리나 수명 주기 설정을 읽지 못했습니다.",
            &["inventory:get-bucket-versioning"],
        ));
    };
    if versioning == Versioning::Off
        || rules.iter().any(|rule| rule.noncurrent_expiration_days.is_some())
    {
        return Ok(pass(
            "expires",
            "The bucket keeps no older versions, or a rule expires them.",
            "이전 버전을 보관하지 않거나 만료시키는 규칙이 있습니다.",
        ));
    }
    if rules.iter().any(|rule| rule.has_transitions) {
        return Err(unknown(
            "class-unknown",
            "Rules move objects to other classes, so the price of the older versions is not known.",
            "객체를 다른 클래스로 옮기는 규칙이 있어 이전 버전의 단가를 알 수 없습니다.",
            &["billing"],
        ));
    }
    let names = std::slice::from_ref(&bucket.id);
    let seen = Observation::find(facts, bucket, names, NAMESPACE, METRIC, DAILY)
        .ok_or_else(|| missing(NAMESPACE, METRIC, DAILY))?;
    let bytes = Decimal::from_f64(seen.profile.last_value).unwrap_or_default();
    let gibibytes = bytes / Decimal::from(1_u64 << 30);
    let min_gib = check.threshold(facts, "min_gib");
    if gibibytes < min_gib {
        return Ok(pass(
            "too-little",
            format!("Older versions hold {gibibytes:.1} GiB, less than {min_gib}."),
            format!("이전 버전이 {gibibytes:.1} GiB로 {min_gib} GiB보다 적습니다."),
        ));
    }
    let keep_days = check.threshold(facts, "keep_days");
    let Some(created) = bucket.kind.creation_date else {
        return Err(unknown(
            "age-unknown",
            "When the bucket was made is not known, so neither is how much has grown old.",
            "버킷의 생성 시각을 알 수 없어 오래된 버전의 비율도 알 수 없습니다.",
            &["inventory:list-buckets"],
        ));
    };
    let age_days = days_between(created, facts.now);
    let share = Decimal::ONE - keep_days / Decimal::from(age_days.max(1));
    let reference = bucket.reference(ResourceKind::Bucket);
    let list = Tariff::of(facts, bucket).meter(
        "older versions",
        gibibytes,
        "s3/standard_storage_first_50tb",
    );
    let whole = deletion(facts, &reference, names, UNNAMED, list.map(|part| vec![part]))?;
    let savings = narrowed(whole, Decimal::ZERO, share)?;
    Ok(Proposal {
        action: Action::Set(Setting::BucketRule {
            rule: BucketRule::ExpireNoncurrentVersions {
                days: keep_days.to_u32().unwrap_or(30).max(1),
            },
            existing: u32::try_from(rules.len()).unwrap_or(u32::MAX),
        }),
        finding: Finding::NotOptimized,
        reason_codes: vec![ReasonCode::NoLifecycle],
        reason: Reason::new(
            "versions-kept",
            format!("Older versions hold {gibibytes:.0} GiB and nothing expires them."),
            format!("만료 규칙 없이 쌓인 이전 버전이 {gibibytes:.0} GiB입니다."),
        ),
        savings,
        performance_risk: risk(bucket.environment, 1),
        effort: ImplementationEffort::Low,
        restart_needed: Restart::NotNeeded,
        undo: Undo::Impossible(Text::new(
            "Expired versions are gone; the rule itself can be taken out again.",
            "만료된 버전은 복구할 수 없으며 규칙만 되돌릴 수 있습니다.",
        )),
        evidence: Evidence {
            window_days: Some(age_days),
            figures: vec![
                Figure::number("noncurrent_gib", "Older versions", "이전 버전", gibibytes.to_f64().unwrap_or_default(), "GiB")
                    .against(min_gib.to_f64().unwrap_or_default()),
            ],
            coverage: vec![seen.coverage()],
            signals_not_seen: vec![UnseenSignal {
                name: "age".to_owned(),
                text: Text::new(
                    "How old the versions are: the share rests on even growth since the bucket was made.",
                    "버전별 나이를 알 수 없어, 버킷 생성 후 고르게 쌓였다고 보고 비율을 계산했습니다.",
                ),
            }],
            ..Evidence::default()
        },
    }
    .into_verdict(check, reference))
}

#[cfg(test)]
mod tests {
    use trimtab_model::metric::Statistic;
    use trimtab_model::resource::bucket::{LifecycleRule, Versioning};

    use super::{CHECK, METRIC, NAMESPACE};
    use crate::scene::{Scene, check, flat, scene};

    fn versioned() -> Scene {
        scene().bucket(|bucket| bucket.kind.versioning = Some(Versioning::Enabled))
    }

    fn holding(gibibytes: f64) -> Scene {
        let series = flat(gibibytes * 1_073_741_824.0, 14);
        versioned().metric("game-assets", NAMESPACE, METRIC, Statistic::Average, series)
    }

    #[test]
    fn a_bucket_with_older_versions_fires() {
        check(&CHECK, holding(1000.0), "recommend 0.00 / 21.11 / 23.00");
    }

    #[test]
    fn a_bucket_that_expires_them_passes() {
        let mut scene = holding(1000.0);
        let rule =
            LifecycleRule { noncurrent_expiration_days: Some(90), ..LifecycleRule::default() };
        scene.snapshot.buckets[0].kind.lifecycle_rules = Some(vec![rule]);
        check(&CHECK, scene, "pass expires");
    }

    #[test]
    fn versions_just_under_the_threshold_of_10_gib_pass() {
        check(&CHECK, holding(9.9), "pass too-little");
    }

    #[test]
    fn without_storage_lens_it_is_unknown() {
        check(&CHECK, versioned(), "unknown metric-missing");
        let mut undated = holding(1000.0);
        undated.snapshot.buckets[0].kind.creation_date = None;
        check(&CHECK, undated, "unknown age-unknown");
    }
}
