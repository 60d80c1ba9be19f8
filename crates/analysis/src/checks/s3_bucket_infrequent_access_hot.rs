//! Finds S3 buckets in Standard-IA whose reading costs more than the cheaper storage saves.
//!
//! **Why it costs.** Standard-IA stores for less and charges for every gigabyte that is read.
//! Where data is read again and again, storage and reading together cost more than Standard.
//!
//! **What we do.** Copy the objects back to Standard in place, and take out the rule that
//! moves them.
//!
//! **What it saves.** What the bill charges for storage and reading in Standard-IA, less the
//! same storage at the price of Standard.
//!
//! **What could go wrong.** Copying reads everything once more and is charged for it. Objects
//! younger than 30 days in the class are charged for the rest of the 30 days.
//!
//! # 한국어
//!
//! 읽기 요금이 저장 요금 절감분보다 커진 Standard-IA 클래스의 S3 버킷을 찾습니다.
//!
//! **비용이 드는 이유.** Standard-IA는 저장 단가가 낮은 대신 읽은 1 GB마다 과금됩니다. 반복해서 읽는 데이터라면 저장과
//! 읽기를 합한 비용이 Standard보다 커집니다.
//!
//! **제안하는 조치.** 객체를 제자리에서 Standard로 복사하고, 옮기는 규칙을 제거합니다.
//!
//! **절감액.** 청구서에 나온 Standard-IA의 저장 및 읽기 요금에서, 같은 저장량의 Standard 요금을 뺍니다.
//!
//! **주의할 점.** 복사하면 전체를 한 번 더 읽으므로 그만큼 과금됩니다. 클래스에 들어온 지 30일이 안 된 객체는 남은
//! 기간의 요금이 나옵니다.

use rust_decimal::prelude::ToPrimitive;

use trimtab_model::action::{Action, Setting};
use trimtab_model::evidence::{Evidence, Figure};
use trimtab_model::recommendation::{
    ActionType, Finding, ImplementationEffort, ReasonCode, Restart, Threshold, Undo, Unknown,
    Verdict,
};
use trimtab_model::resource::bucket::Bucket;
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::text::{Reason, StaticText, Text};

use crate::billed::{Billed, is_usage};
use crate::check::{Check, Facts, Need};
use crate::pricing::Tariff;
use crate::saving::{Commitment, Meter, estimate_of};
use crate::verdict::{Proposal, judge_each, pass, risk, unknown};

const STORED: &[&str] = &["TimedStorage-SIA-ByteHrs"];
const READ: &[&str] = &["Retrieval-SIA"];

/// Picks storage and reading in Standard-IA.
const INFREQUENT: Meter = Meter {
    charges: |charge| is_usage(charge, STORED) || is_usage(charge, READ),
    commitment: Commitment::Impossible,
};

/// The check.
pub static CHECK: Check = Check {
    id: "s3-bucket-infrequent-access-hot",
    title: StaticText {
        en: "S3 bucket in Standard-IA that is read too often",
        ko: "너무 자주 읽는 Standard-IA 클래스의 S3 버킷",
    },
    kind: ResourceKind::Bucket,
    action_type: ActionType::Reconfigure,
    needs: &[Need::Kind(ResourceKind::Bucket), Need::OptionalBilling],
    thresholds: &[Threshold {
        name: "min_bill_days",
        default: "28",
        unit: "days",
        text: StaticText {
            en: "Days that the bill must cover: a monthly reading must be within.",
            ko: "청구서가 포함해야 하는 일수입니다. 월 1회 읽기까지 포함되어야 합니다.",
        },
    }],
    judge: |check, facts| {
        judge_each(check, facts, ResourceKind::Bucket, &facts.snapshot.buckets, judge)
    },
};

fn judge(check: &Check, facts: &Facts<'_>, bucket: &Resource<Bucket>) -> Result<Verdict, Unknown> {
    let reference = bucket.reference(ResourceKind::Bucket);
    let names = std::slice::from_ref(&bucket.id);
    let billed = Billed::find(facts, &reference, names)
        .filter(|bill| bill.days >= check.threshold(facts, "min_bill_days"));
    let Some(billed) = billed else {
        return Err(unknown(
            "reads-unknown",
            "What is stored and read in Standard-IA only the bill tells, over a month.",
            "Standard-IA의 저장량과 읽은 양은 한 달치 청구서로만 알 수 있습니다.",
            &["billing"],
        ));
    };
    let (Some(stored), Some(read)) = (billed.rated(STORED), billed.rated(READ)) else {
        return Ok(pass(
            "not-read",
            "Nothing is stored in Standard-IA, or nothing is read there.",
            "Standard-IA에 저장하거나 읽은 데이터가 없습니다.",
        ));
    };
    let (gibibytes, read_gib) = (stored.quantity, read.quantity);
    let after = Tariff::of(facts, bucket).meter(
        "Standard storage",
        gibibytes,
        "s3/standard_storage_first_50tb",
    )?;
    let savings =
        estimate_of(facts, &reference, names, INFREQUENT, vec![stored, read], vec![after])?;
    let number = |value: rust_decimal::Decimal| value.to_f64().unwrap_or_default();
    Ok(Proposal {
        action: Action::Set(Setting::BucketStorageClass {
            from: "STANDARD_IA".to_owned(),
            to: "STANDARD".to_owned(),
        }),
        finding: Finding::NotOptimized,
        reason_codes: vec![ReasonCode::CheaperClass],
        reason: Reason::new(
            "read-too-often",
            format!("Of {gibibytes:.0} GiB in Standard-IA, {read_gib:.0} GiB are read in a month."),
            format!("Standard-IA 저장량 {gibibytes:.0} GiB에 월 읽기량이 {read_gib:.0} GiB입니다."),
        ),
        savings,
        performance_risk: risk(bucket.environment, 0),
        effort: ImplementationEffort::Medium,
        restart_needed: Restart::NotNeeded,
        undo: Undo::Compensating(Text::new(
            "Copying back to Standard-IA is charged per object.",
            "Standard-IA로 되돌리는 복사도 객체마다 과금됩니다.",
        )),
        evidence: Evidence {
            window_days: billed.days.to_u32(),
            figures: vec![
                Figure::number("stored_gib", "In Standard-IA", "Standard-IA 저장량", number(gibibytes), "GiB"),
                Figure::number("read_gib", "Read a month", "월 읽기량", number(read_gib), "GiB"),
            ],
            notes: vec![Text::new(
                "Copying reads everything once more, which is charged once and is not taken off. Take out the rule that moves objects first.",
                "복사할 때 전체를 한 번 더 읽는 요금은 절감액에서 빼지 않았습니다. 객체를 옮기는 규칙을 먼저 제거하세요.",
            )],
            ..Evidence::default()
        },
    }
    .into_verdict(check, reference))
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::scene::{Scene, check, scene};

    fn reading(gibibytes: &str, usd: &str) -> Scene {
        scene().bucket(|_| ()).bill("game-assets", "TimedStorage-SIA-ByteHrs", "1000", "12.5").bill(
            "game-assets",
            "Retrieval-SIA",
            gibibytes,
            usd,
        )
    }

    #[test]
    fn a_bucket_read_three_times_a_month_fires() {
        check(&CHECK, reading("3000", "30"), "recommend 19.77 / 19.77 / 19.77");
    }

    #[test]
    fn a_bucket_that_is_not_read_passes() {
        let scene =
            scene().bucket(|_| ()).bill("game-assets", "TimedStorage-SIA-ByteHrs", "1", "1");
        check(&CHECK, scene, "pass not-read");
    }

    #[test]
    fn reading_just_under_what_the_class_saves_passes() {
        check(&CHECK, reading("1040", "10.4"), "pass no-saving");
    }

    #[test]
    fn without_a_bill_it_is_unknown() {
        check(&CHECK, scene().bucket(|_| ()), "unknown reads-unknown");
    }
}
