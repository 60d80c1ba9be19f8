//! Finds S3 buckets whose Standard objects are hardly read.
//!
//! **Why it costs.** Standard charges the same for an object that nobody reads. Intelligent-
//! Tiering has the same price for what is read, a lower one for what was not read for 30 days,
//! no fee for reading it again, and a small fee per object that it watches.
//!
//! **What we do.** Add a rule that moves the bucket's objects to Intelligent-Tiering.
//!
//! **What it saves.** A read touches one object, so at most as many objects were read as the
//! bill charges reads. The share of the objects that cannot have been read moves to the
//! cheaper tier; the fee for watching all of them is taken off. Objects may differ in size, so
//! *low* is zero.
//!
//! **What could go wrong.** Moving costs a request per object, once. Objects below 128 KiB gain
//! nothing, so buckets of small objects are left alone.
//!
//! **Where others err.** They take the class to be wrong wherever there is no rule, and leave
//! out the fee per object.
//!
//! # 한국어
//!
//! Standard 클래스에 있지만 거의 읽지 않는 객체가 많은 S3 버킷을 찾습니다.
//!
//! **비용이 드는 이유.** Standard는 아무도 읽지 않는 객체도 같은 요금입니다. Intelligent-Tiering은 자주 읽는 객체의
//! 단가는 같고, 30일 동안 읽지 않은 객체는 더 저렴하며, 다시 읽을 때의 요금이 없습니다. 대신 객체마다 작은
//! 모니터링 요금이 붙습니다.
//!
//! **제안하는 조치.** 버킷의 객체를 Intelligent-Tiering으로 옮기는 규칙을 추가합니다.
//!
//! **절감액.** 읽기 요청 한 번은 객체 하나를 읽으므로, 읽은 객체 수는 청구된 읽기 요청 수를 넘지 않습니다. 읽었을
//! 리 없는 객체의 비율만 저렴한 계층으로 계산하고 전체 객체의 모니터링 요금을 뺍니다. 객체 크기가 서로 다를 수
//! 있어 *최소*는 0입니다.
//!
//! **주의할 점.** 옮길 때 객체마다 요청 요금이 한 번 나옵니다. 128 KiB 미만 객체는 이득이 없으므로 작은 객체가 많은
//! 버킷은 제외합니다.
//!
//! **다른 도구와 다른 점.** 규칙이 없으면 무조건 낭비로 보거나 객체당 모니터링 요금을 빠뜨리는 도구가 있습니다.

use rust_decimal::Decimal;
use rust_decimal::prelude::{FromPrimitive, ToPrimitive};

use trimtab_model::action::{Action, BucketRule, Setting};
use trimtab_model::evidence::{Evidence, Figure, UnseenSignal};
use trimtab_model::metric::Statistic;
use trimtab_model::recommendation::{
    ActionType, Finding, ImplementationEffort, ReasonCode, Restart, Threshold, Undo, Unknown,
    Verdict,
};
use trimtab_model::resource::bucket::Bucket;
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::text::{Reason, StaticText, Text};

use crate::billed::{Billed, is_usage};
use crate::check::{Check, Facts, Need};
use crate::observation::{Observation, missing};
use crate::pricing::Tariff;
use crate::saving::{Commitment, Meter, estimate_of, narrowed};
use crate::verdict::{Proposal, judge_each, pass, risk, unknown};

const STANDARD: &[&str] = &["TimedStorage-ByteHrs"];
/// Reads of every kind; a few others are counted with them, which only makes the share smaller.
const READS: &[&str] = &["Requests-Tier2"];
const DAILY: &[Statistic] = &[Statistic::Average, Statistic::Maximum];
/// The smallest object that Intelligent-Tiering moves, in GiB.
const SMALLEST_GIB: f64 = 128.0 / 1_048_576.0;

/// Picks the storage in Standard.
const STORAGE: Meter =
    Meter { charges: |charge| is_usage(charge, STANDARD), commitment: Commitment::Impossible };

/// The check.
pub static CHECK: Check = Check {
    id: "s3-bucket-standard-cold",
    title: StaticText {
        en: "S3 bucket in Standard that is hardly read",
        ko: "거의 읽지 않는 Standard 클래스의 S3 버킷",
    },
    kind: ResourceKind::Bucket,
    action_type: ActionType::Reconfigure,
    needs: &[
        Need::Kind(ResourceKind::Bucket),
        Need::Metric("AWS/S3", "NumberOfObjects", DAILY),
        Need::OptionalBilling,
    ],
    thresholds: &[
        Threshold {
            name: "min_gib",
            default: "100",
            unit: "GiB",
            text: StaticText {
                en: "Least storage in Standard that is reported.",
                ko: "보고 대상이 되는 Standard 최소 저장량입니다.",
            },
        },
        Threshold {
            name: "min_bill_days",
            default: "28",
            unit: "days",
            text: StaticText {
                en: "Days that the bill must cover: an object counts as cold after a month.",
                ko: "청구서가 포함해야 하는 일수입니다. 한 달 동안 읽지 않아야 저렴한 계층으로 옮겨집니다.",
            },
        },
    ],
    judge: |check, facts| {
        judge_each(check, facts, ResourceKind::Bucket, &facts.snapshot.buckets, judge)
    },
};

fn judge(check: &Check, facts: &Facts<'_>, bucket: &Resource<Bucket>) -> Result<Verdict, Unknown> {
    let Some(rules) = &bucket.kind.lifecycle_rules else {
        return Err(unknown(
            "lifecycle-unknown",
            "The bucket's lifecycle was not read.",
            "버킷의 수명 주기 설정을 읽지 못했습니다.",
            &["inventory:get-bucket-lifecycle-configuration"],
        ));
    };
    if rules.iter().any(|rule| rule.has_transitions || (rule.whole_bucket && rule.has_expiration)) {
        return Ok(pass(
            "has-lifecycle",
            "Rules move or expire the bucket's objects already.",
            "객체를 옮기거나 만료시키는 규칙이 이미 있습니다.",
        ));
    }
    let reference = bucket.reference(ResourceKind::Bucket);
    let names = std::slice::from_ref(&bucket.id);
    let billed = Billed::find(facts, &reference, names)
        .filter(|bill| bill.days >= check.threshold(facts, "min_bill_days"));
    let figures =
        billed.as_ref().and_then(|bill| Some((bill.quantity(STANDARD)?, bill.quantity(READS)?)));
    let Some((gibibytes, reads)) = figures else {
        return Err(unknown(
            "reads-unknown",
            "How much is stored in Standard and how often it is read only the bill tells, over a month.",
            "Standard 저장량과 읽기 횟수는 한 달치 청구서로만 알 수 있습니다.",
            &["billing"],
        ));
    };
    let min_gib = check.threshold(facts, "min_gib");
    if gibibytes < min_gib {
        return Ok(pass(
            "too-small",
            format!("{gibibytes:.1} GiB are in Standard, less than {min_gib}."),
            format!("Standard 저장량이 {gibibytes:.1} GiB로 {min_gib} GiB보다 적습니다."),
        ));
    }
    let seen = Observation::find(facts, bucket, names, "AWS/S3", "NumberOfObjects", DAILY)
        .ok_or_else(|| missing("AWS/S3", "NumberOfObjects", DAILY))?;
    let objects = Decimal::from_f64(seen.profile.last_value).unwrap_or_default();
    let mean_gib = gibibytes.to_f64().unwrap_or_default() / seen.profile.last_value.max(1.0);
    if mean_gib < SMALLEST_GIB || reads >= objects {
        return Ok(pass(
            "small-or-read",
            "The objects are too small to be moved, or may all have been read.",
            "객체가 작아 옮길 수 없거나, 모두 읽혔을 수 있습니다.",
        ));
    }
    let cold = Decimal::ONE - reads / objects;
    let tariff = Tariff::of(facts, bucket);
    let standard = "s3/standard_storage_first_50tb";
    let after = vec![
        tariff.meter("frequent tier", gibibytes * (Decimal::ONE - cold), standard)?,
        tariff.meter("infrequent tier", gibibytes * cold, "s3/int_ia_storage")?,
        tariff.meter("objects watched", objects / Decimal::from(1000), "s3/int_monitoring")?,
    ];
    let now = vec![tariff.meter("Standard storage", gibibytes, standard)?];
    let whole = estimate_of(facts, &reference, names, STORAGE, now, after)?;
    let savings = if whole.likely.is_positive() {
        narrowed(whole, Decimal::ZERO, Decimal::ONE)?
    } else {
        whole
    };
    let percent = (cold * Decimal::ONE_HUNDRED).round_dp(0);
    Ok(Proposal {
        action: Action::Set(Setting::BucketRule {
            rule: BucketRule::IntelligentTiering,
            existing: u32::try_from(rules.len()).unwrap_or(u32::MAX),
        }),
        finding: Finding::NotOptimized,
        reason_codes: vec![ReasonCode::CheaperClass],
        reason: Reason::new(
            "hardly-read",
            format!("At least {percent} % of the objects were not read in a month."),
            format!("객체의 {percent}% 이상을 한 달 동안 읽지 않았습니다."),
        ),
        savings,
        performance_risk: risk(bucket.environment, 0),
        effort: ImplementationEffort::VeryLow,
        restart_needed: Restart::NotNeeded,
        undo: Undo::Compensating(Text::new(
            "The rule can be taken out; objects that were moved stay until they are copied back.",
            "규칙은 되돌릴 수 있지만 이미 옮겨진 객체는 다시 복사해야 Standard로 돌아옵니다.",
        )),
        evidence: Evidence {
            window_days: billed.and_then(|bill| bill.days.to_u32()),
            figures: vec![
                Figure::number(
                    "standard_gib",
                    "In Standard",
                    "Standard 저장량",
                    gibibytes.to_f64().unwrap_or_default(),
                    "GiB",
                )
                .against(min_gib.to_f64().unwrap_or_default()),
                Figure::number("objects", "Objects", "객체 수", seen.profile.last_value, ""),
                Figure::number(
                    "reads",
                    "Reads a month",
                    "월 읽기 요청",
                    reads.to_f64().unwrap_or_default(),
                    "",
                ),
            ],
            coverage: vec![seen.coverage()],
            signals_not_seen: vec![UnseenSignal {
                name: "sizes".to_owned(),
                text: Text::new(
                    "Whether the objects that are read are the large ones.",
                    "읽는 객체가 큰 객체인지 알 수 없습니다.",
                ),
            }],
            notes: vec![Text::new(
                "Moving is charged once, per object, and is not taken off.",
                "옮길 때 객체마다 한 번 나오는 요청 요금은 절감액에서 빼지 않았습니다.",
            )],
        },
    }
    .into_verdict(check, reference))
}

#[cfg(test)]
mod tests {
    use trimtab_model::metric::Statistic;

    use super::CHECK;
    use crate::scene::{Scene, check, flat, scene};

    /// A bucket of so many GiB and objects that is read so often in 30 days.
    fn bucket(gibibytes: &str, usd: &str, objects: f64, reads: &str) -> Scene {
        scene()
            .price("s3/int_ia_storage", "0.0125")
            .price("s3/int_monitoring", "0.0025")
            .bucket(|_| ())
            .bill("game-assets", "TimedStorage-ByteHrs", gibibytes, usd)
            .bill("game-assets", "Requests-Tier2", reads, "0.01")
            .metric(
                "game-assets",
                "AWS/S3",
                "NumberOfObjects",
                Statistic::Average,
                flat(objects, 14),
            )
    }

    #[test]
    fn a_large_bucket_that_is_hardly_read_fires() {
        // 1013.9 GiB a month, 99 % of which cost 0.0105 less; watching 100,000 objects is 0.25.
        check(&CHECK, bucket("1000", "23", 100_000.0, "1000"), "recommend 0.00 / 10.29 / 10.29");
    }

    #[test]
    fn a_bucket_whose_objects_may_all_have_been_read_passes() {
        check(&CHECK, bucket("1000", "23", 100_000.0, "100000"), "pass small-or-read");
    }

    #[test]
    fn a_bucket_of_small_objects_passes() {
        check(&CHECK, bucket("1000", "23", 100_000_000.0, "10"), "pass small-or-read");
    }

    #[test]
    fn a_bucket_just_under_the_threshold_of_100_gib_passes() {
        check(&CHECK, bucket("98", "2.25", 1000.0, "10"), "pass too-small");
    }

    #[test]
    fn without_a_bill_or_a_price_it_is_unknown() {
        check(&CHECK, scene().bucket(|_| ()), "unknown reads-unknown");
        let scene = bucket("1000", "23", 100_000.0, "1000").without_price("s3/int_monitoring");
        check(&CHECK, scene, "unknown price-missing");
    }
}
