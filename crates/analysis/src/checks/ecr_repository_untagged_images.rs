//! Finds ECR repositories that keep images without a tag for ever.
//!
//! **Why it costs.** Images are charged per gigabyte and month. Every build that moves a tag
//! leaves the image before it without one, and without a lifecycle policy it stays.
//!
//! **What we do.** Set a policy that expires untagged images 14 days after they were pushed.
//!
//! **What it saves.** *High* is all that the bill charges for the repository. *Likely* is the
//! share that untagged images have of the size of all images: layers they share with tagged
//! ones stay, so *low* is zero.
//!
//! **What could go wrong.** Something may pull an image by its digest; an expired one is gone
//! and must be built again.
//!
//! **Where others err.** They report every repository without a policy. Images for several
//! architectures have untagged parts that are in use, so where there are such lists we say
//! *unknown*.
//!
//! # 한국어
//!
//! 태그가 없는 이미지를 계속 보관하는 ECR 리포지토리를 찾습니다.
//!
//! **비용이 드는 이유.** 이미지는 GB 단위로 매월 과금됩니다. 빌드할 때마다 태그가 새 이미지로 옮겨 가고 이전 이미지는
//! 태그 없이 남는데, 수명 주기 정책이 없으면 계속 쌓입니다.
//!
//! **제안하는 조치.** 푸시 후 14일이 지난 태그 없는 이미지를 만료시키는 정책을 설정합니다.
//!
//! **절감액.** *최대*는 청구서에 나온 리포지토리 전체 비용입니다. *예상*은 전체 이미지 크기에서 태그 없는 이미지가
//! 차지하는 비율입니다. 태그 있는 이미지와 공유하는 레이어는 남으므로 *최소*는 0입니다.
//!
//! **주의할 점.** 다이제스트로 이미지를 가져가는 곳이 있을 수 있습니다. 만료된 이미지는 다시 빌드해야 합니다.
//!
//! **다른 도구와 다른 점.** 정책이 없는 리포지토리를 모두 보고하지 않습니다. 멀티 아키텍처 이미지는 사용 중인 하위
//! 이미지에 태그가 없으므로, 그런 목록이 있으면 판단하지 않습니다.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use trimtab_model::action::{Action, Setting};
use trimtab_model::evidence::{Evidence, Figure, UnseenSignal};
use trimtab_model::id::ResourceId;
use trimtab_model::recommendation::{
    ActionType, Finding, ImplementationEffort, ReasonCode, Restart, Threshold, Undo, Unknown,
    Verdict,
};
use trimtab_model::resource::repository::Repository;
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::text::{Reason, StaticText, Text};

use crate::billed::is_usage;
use crate::check::{Check, Facts, Need};
use crate::saving::{Commitment, Meter, deletion, narrowed};
use crate::verdict::{Proposal, judge_each, pass, risk, unknown};

/// Days that an untagged image is kept: two weeks cover a release that is taken back.
const KEEP_DAYS: u32 = 14;

/// Picks the storage, without what pulling costs.
const STORAGE: Meter = Meter {
    charges: |charge| is_usage(charge, &["TimedStorage-ByteHrs"]),
    commitment: Commitment::Impossible,
};

/// The check.
pub static CHECK: Check = Check {
    id: "ecr-repository-untagged-images",
    title: StaticText {
        en: "ECR repository that keeps untagged images for ever",
        ko: "태그 없는 이미지를 계속 보관하는 ECR 리포지토리",
    },
    kind: ResourceKind::Repository,
    action_type: ActionType::SetRetention,
    needs: &[Need::Kind(ResourceKind::Repository), Need::OptionalBilling],
    thresholds: &[Threshold {
        name: "min_untagged_gib",
        default: "1",
        unit: "GiB",
        text: StaticText {
            en: "Least size of the untagged images that is reported.",
            ko: "보고 대상이 되는 태그 없는 이미지의 최소 용량입니다.",
        },
    }],
    judge: |check, facts| {
        judge_each(check, facts, ResourceKind::Repository, &facts.snapshot.repositories, judge)
    },
};

fn judge(
    check: &Check,
    facts: &Facts<'_>,
    repository: &Resource<Repository>,
) -> Result<Verdict, Unknown> {
    let kind = &repository.kind;
    if kind.has_lifecycle_policy == Some(true) {
        return Ok(pass(
            "has-policy",
            "A lifecycle policy is set.",
            "수명 주기 정책이 설정되어 있습니다.",
        ));
    }
    let (Some(false), Some(images)) = (kind.has_lifecycle_policy, kind.images) else {
        return Err(unknown(
            "images-unknown",
            "The repository's policy or its images were not read.",
            "리포지토리의 정책이나 이미지 목록을 읽지 못했습니다.",
            &["inventory:describe-images"],
        ));
    };
    let gibibytes = |bytes: u64| Decimal::from(bytes) / Decimal::from(1_u64 << 30);
    let untagged = gibibytes(images.untagged_bytes);
    let min_gib = check.threshold(facts, "min_untagged_gib");
    if untagged < min_gib {
        return Ok(pass(
            "too-little",
            format!("Untagged images are {untagged:.2} GiB, less than {min_gib}."),
            format!("태그 없는 이미지가 {untagged:.2} GiB로 {min_gib} GiB보다 적습니다."),
        ));
    }
    if images.list_count > 0 {
        return Err(unknown(
            "several-architectures",
            "Images for several architectures have untagged parts that are in use.",
            "멀티 아키텍처 이미지가 있어, 태그 없는 하위 이미지가 사용 중일 수 있습니다.",
            &["manifests"],
        ));
    }
    let reference = repository.reference(ResourceKind::Repository);
    let arn = kind.repository_arn.as_deref().map(ResourceId::new);
    let names: Vec<ResourceId> = std::iter::once(repository.id.clone()).chain(arn).collect();
    let unpriced = unknown(
        "price-missing",
        "The price list has no price of image storage, and the bill does not name this repository.",
        "이미지 스토리지 가격이 정가표에 없고 청구서에도 이 리포지토리가 없습니다.",
        &["billing"],
    );
    let whole = deletion(facts, &reference, &names, STORAGE, Err(unpriced))?;
    let share = Decimal::from(images.untagged_bytes) / Decimal::from(images.bytes.max(1));
    let savings = narrowed(whole, Decimal::ZERO, share)?;
    let count = images.untagged_count;
    Ok(Proposal {
        action: Action::Set(Setting::ExpireUntaggedImages { days: KEEP_DAYS }),
        finding: Finding::NotOptimized,
        reason_codes: vec![ReasonCode::NoLifecycle],
        reason: Reason::new(
            "untagged-images",
            format!("{count} untagged images hold {untagged:.1} GiB, and no policy expires them."),
            format!("만료 정책 없이 남은 태그 없는 이미지가 {count}개, {untagged:.1} GiB입니다."),
        ),
        savings,
        performance_risk: risk(repository.environment, 1),
        effort: ImplementationEffort::VeryLow,
        restart_needed: Restart::NotNeeded,
        undo: Undo::Impossible(Text::new(
            "Expired images are gone and must be built again; the policy itself can be taken out.",
            "만료된 이미지는 다시 빌드해야 하며 정책만 되돌릴 수 있습니다.",
        )),
        evidence: Evidence {
            figures: vec![
                Figure::number("untagged_gib", "Untagged images", "태그 없는 이미지", untagged.to_f64().unwrap_or_default(), "GiB")
                    .against(min_gib.to_f64().unwrap_or_default()),
                Figure::number("all_gib", "All images", "전체 이미지", gibibytes(images.bytes).to_f64().unwrap_or_default(), "GiB"),
            ],
            signals_not_seen: vec![
                UnseenSignal {
                    name: "layers".to_owned(),
                    text: Text::new(
                        "Which layers untagged images share with tagged ones: those stay.",
                        "태그 있는 이미지와 공유하는 레이어를 알 수 없습니다. 공유 레이어는 남습니다.",
                    ),
                },
                UnseenSignal {
                    name: "digests".to_owned(),
                    text: Text::new(
                        "Whether something pulls an image by its digest.",
                        "다이제스트로 이미지를 가져가는 곳이 있는지 알 수 없습니다.",
                    ),
                },
            ],
            ..Evidence::default()
        },
    }
    .into_verdict(check, reference))
}

#[cfg(test)]
mod tests {
    use trimtab_model::resource::repository::ImageTotals;

    use super::CHECK;
    use crate::scene::{Scene, check, scene};

    fn images(untagged_bytes: u64, list_count: u32) -> Scene {
        scene().repository(|one| {
            one.kind.images = Some(ImageTotals {
                count: 100,
                bytes: 100 << 30,
                untagged_count: 80,
                untagged_bytes,
                list_count,
            });
        })
    }

    fn billed(scene: Scene) -> Scene {
        scene.bill("game/server", "TimedStorage-ByteHrs", "30", "3")
    }

    #[test]
    fn a_repository_of_untagged_images_fires() {
        check(&CHECK, billed(images(80 << 30, 0)), "recommend 0.00 / 2.43 / 3.04");
    }

    #[test]
    fn a_repository_with_a_policy_passes() {
        let scene = scene().repository(|one| one.kind.has_lifecycle_policy = Some(true));
        check(&CHECK, scene, "pass has-policy");
    }

    #[test]
    fn images_just_under_the_threshold_of_1_gib_pass() {
        check(&CHECK, billed(images((1 << 30) - 1, 0)), "pass too-little");
    }

    #[test]
    fn lists_of_architectures_or_no_bill_are_unknown() {
        check(&CHECK, billed(images(80 << 30, 1)), "unknown several-architectures");
        check(&CHECK, images(80 << 30, 0), "unknown price-missing");
    }
}
