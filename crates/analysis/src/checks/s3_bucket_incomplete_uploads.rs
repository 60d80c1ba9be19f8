//! Finds S3 buckets that keep the parts of uploads which nobody completed.
//!
//! **Why it costs.** The parts of a multipart upload are charged as storage from the moment
//! they arrive. Where the upload is neither completed nor aborted they stay for ever, and no
//! listing of objects shows them.
//!
//! **What we do.** Add a lifecycle rule that gives up uploads after seven days. The rules
//! that are there are read and sent back with it, for the API replaces all of them.
//!
//! **What it saves.** The bytes of the parts that were seen, at the price of storage. There
//! may be more than were looked at, never less.
//!
//! **What could go wrong.** An upload that takes more than seven days is given up on its way.
//!
//! **Where others err.** They report every bucket without the rule, and no amount. We look
//! for uploads that were left.
//!
//! # 한국어
//!
//! 완료되지 않은 멀티파트 업로드의 조각이 남아 있는 S3 버킷을 찾습니다.
//!
//! **비용이 드는 이유.** 멀티파트 업로드의 조각은 도착한 순간부터 스토리지로 과금됩니다. 업로드를 완료하거나 중단하지
//! 않으면 계속 남으며, 객체 목록에도 보이지 않습니다.
//!
//! **제안하는 조치.** 7일이 지난 미완료 업로드를 정리하는 수명 주기 규칙을 추가합니다. API가 규칙 전체를 바꾸므로
//! 기존 규칙을 먼저 읽어 함께 보냅니다.
//!
//! **절감액.** 확인한 조각의 용량에 스토리지 단가를 곱합니다. 확인하지 못한 조각이 더 있을 수는 있어도 이보다
//! 적지는 않습니다.
//!
//! **주의할 점.** 7일 넘게 걸리는 업로드가 있다면 도중에 중단됩니다.
//!
//! **다른 도구와 다른 점.** 규칙이 없는 버킷을 금액 없이 모두 보고하는 대신, 실제로 남아 있는 업로드를 찾습니다.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use trimtab_model::action::{Action, BucketRule, Setting};
use trimtab_model::evidence::{Evidence, Figure};
use trimtab_model::recommendation::{
    ActionType, Finding, ImplementationEffort, ReasonCode, Restart, Threshold, Undo, Unknown,
    Verdict,
};
use trimtab_model::resource::bucket::Bucket;
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::text::{Reason, StaticText, Text};

use crate::check::{Check, Facts, Need, days_between};
use crate::pricing::Tariff;
use crate::saving::{Commitment, Meter, deletion};
use crate::verdict::{Proposal, judge_each, pass, risk, unknown};

/// Days after which an upload is given up: what AWS's own examples and Trusted Advisor use.
const ABORT_DAYS: u32 = 7;

/// Picks nothing: the bill does not tell parts from objects.
const UNNAMED: Meter = Meter { charges: |_| false, commitment: Commitment::Impossible };

/// The check.
pub static CHECK: Check = Check {
    id: "s3-bucket-incomplete-uploads",
    title: StaticText {
        en: "S3 bucket with uploads that were never completed",
        ko: "완료되지 않은 멀티파트 업로드가 남아 있는 S3 버킷",
    },
    kind: ResourceKind::Bucket,
    action_type: ActionType::SetRetention,
    needs: &[Need::Kind(ResourceKind::Bucket), Need::OptionalBilling],
    thresholds: &[Threshold {
        name: "min_gib",
        default: "1",
        unit: "GiB",
        text: StaticText {
            en: "Least size of the parts that is reported.",
            ko: "보고 대상이 되는 조각의 최소 용량입니다.",
        },
    }],
    judge: |check, facts| {
        judge_each(check, facts, ResourceKind::Bucket, &facts.snapshot.buckets, judge)
    },
};

fn judge(check: &Check, facts: &Facts<'_>, bucket: &Resource<Bucket>) -> Result<Verdict, Unknown> {
    let (Some(rules), Some(uploads)) =
        (&bucket.kind.lifecycle_rules, bucket.kind.multipart_uploads)
    else {
        return Err(unknown(
            "uploads-unknown",
            "The bucket's lifecycle or its uploads were not read.",
            "버킷의 수명 주기나 업로드 목록을 읽지 못했습니다.",
            &["inventory:list-multipart-uploads"],
        ));
    };
    if rules.iter().any(|rule| rule.whole_bucket && rule.abort_incomplete_multipart_days.is_some())
    {
        return Ok(pass(
            "has-rule",
            "A rule gives up uploads that are not completed.",
            "미완료 업로드를 정리하는 규칙이 이미 있습니다.",
        ));
    }
    let gibibytes = Decimal::from(uploads.stale_bytes) / Decimal::from(1_u64 << 30);
    let min_gib = check.threshold(facts, "min_gib");
    if gibibytes < min_gib {
        return Ok(pass(
            "too-little",
            format!("The parts that were left are {gibibytes:.2} GiB, less than {min_gib}."),
            format!("남은 조각이 {gibibytes:.2} GiB로 {min_gib} GiB보다 적습니다."),
        ));
    }
    let reference = bucket.reference(ResourceKind::Bucket);
    let list = Tariff::of(facts, bucket).meter(
        "parts of uploads",
        gibibytes,
        "s3/standard_storage_first_50tb",
    );
    let names = std::slice::from_ref(&bucket.id);
    let savings = deletion(facts, &reference, names, UNNAMED, list.map(|part| vec![part]))?;
    let oldest_days = uploads.oldest.map(|oldest| days_between(oldest, facts.now));
    let count = uploads.stale;
    Ok(Proposal {
        action: Action::Set(Setting::BucketRule {
            rule: BucketRule::AbortIncompleteMultipartUploads { days: ABORT_DAYS },
            existing: u32::try_from(rules.len()).unwrap_or(u32::MAX),
        }),
        finding: Finding::NotOptimized,
        reason_codes: vec![ReasonCode::NoLifecycle],
        reason: Reason::new(
            "uploads-left",
            format!("{count} uploads of more than a week hold {gibibytes:.1} GiB."),
            format!("1주일 넘은 미완료 업로드 {count}건이 {gibibytes:.1} GiB를 차지합니다."),
        ),
        savings,
        performance_risk: risk(bucket.environment, 0),
        effort: ImplementationEffort::VeryLow,
        restart_needed: Restart::NotNeeded,
        undo: Undo::Impossible(Text::new(
            "The parts are gone; the rule itself can be taken out again. They were never an object.",
            "조각은 삭제되며 규칙만 되돌릴 수 있습니다. 객체로 완성된 적이 없는 데이터입니다.",
        )),
        evidence: Evidence {
            window_days: oldest_days,
            figures: vec![
                Figure::number("parts_gib", "Parts of uploads", "업로드 조각", gibibytes.to_f64().unwrap_or_default(), "GiB")
                    .against(min_gib.to_f64().unwrap_or_default()),
                Figure::number("uploads", "Uploads older than a week", "1주일 넘은 업로드", f64::from(count), ""),
            ],
            notes: vec![Text::new(
                "Priced as Standard storage, which parts are charged at unless the upload names another class.",
                "업로드에 다른 클래스를 지정하지 않으면 조각은 Standard 요금으로 과금되므로 그 단가로 계산했습니다.",
            )],
            ..Evidence::default()
        },
    }
    .into_verdict(check, reference))
}

#[cfg(test)]
mod tests {
    use trimtab_model::resource::bucket::{LifecycleRule, MultipartUploads};

    use super::CHECK;
    use crate::scene::{Scene, check, days_ago, scene};

    fn holding(stale_bytes: u64) -> Scene {
        scene().bucket(|bucket| {
            bucket.kind.multipart_uploads =
                Some(MultipartUploads { stale: 3, stale_bytes, oldest: Some(days_ago(100)) });
        })
    }

    #[test]
    fn a_bucket_with_parts_fires() {
        check(&CHECK, holding(100 << 30), "recommend 2.30 / 2.30 / 2.30");
    }

    #[test]
    fn a_bucket_with_the_rule_passes() {
        let mut scene = holding(100 << 30);
        scene.snapshot.buckets[0].kind.lifecycle_rules = Some(vec![LifecycleRule {
            whole_bucket: true,
            abort_incomplete_multipart_days: Some(7),
            ..LifecycleRule::default()
        }]);
        check(&CHECK, scene, "pass has-rule");
    }

    #[test]
    fn parts_just_under_the_threshold_of_1_gib_pass() {
        check(&CHECK, holding((1 << 30) - 1), "pass too-little");
    }

    #[test]
    fn a_bucket_whose_uploads_were_not_read_is_unknown() {
        check(&CHECK, scene().bucket(|_| ()), "unknown uploads-unknown");
    }
}
