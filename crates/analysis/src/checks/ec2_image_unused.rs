//! Finds images that nothing starts from any more.
//!
//! **Why it costs.** An image costs nothing, but its snapshots are charged until they are deleted.
//!
//! **What we do.** Deregister the image and delete its snapshots, after somebody has said that it is not needed.
//! Unused means: not launched for 90 days by AWS's own record, and no instance, running or
//! stopped, no default or latest version of a launch template and no Auto Scaling group refers to it.
//! Images of AWS Backup, of a lifecycle policy or of Image Builder, public ones and
//! protected ones are left alone.
//!
//! **What could go wrong.** It may be what a disaster plan starts from, or be shared with another account: ask its
//! owner. Older versions of launch templates, launch configurations, Spot fleets, Batch, and tools
//! outside AWS may name it. A Recycle Bin rule made beforehand keeps a way back.
//!
//! **What it saves.** What the bill says of the snapshots; else their `FullSnapshotSizeInBytes`, each divided by the
//! number of snapshots left of its volume, because they share blocks; *low* is then zero.
//!
//! **Where others err.** They go by age alone, miss launch templates, or print the size of the volumes.
//!
//! # 한국어
//!
//! 더 이상 쓰이지 않는 이미지(AMI)를 찾습니다.
//!
//! **비용이 드는 이유.** 이미지 자체는 무료이지만 이미지의 스냅샷은 삭제할 때까지 과금됩니다.
//!
//! **제안하는 조치.** 필요 없는지 확인한 뒤 이미지를 등록 취소하고 스냅샷을 삭제합니다. AWS 기록상 90일 동안 시작된
//! 적이 없고, 실행 중이거나 중지된 인스턴스, 시작 템플릿의 기본 버전과 최신 버전, Auto Scaling 그룹 어디에서도 참조하지
//! 않을 때 제안합니다. AWS Backup, 수명 주기 정책, Image Builder가 만든 이미지와 공개되거나 보호된 이미지는
//! 제외합니다.
//!
//! **주의할 점.** 재해 복구에 쓰거나 다른 계정과 공유하는 이미지일 수 있으므로 담당자에게 확인하세요. 시작 템플릿의
//! 이전 버전, 시작 구성, 스팟 플릿, Batch, AWS 밖의 도구가 참조할 수도 있습니다. 휴지통(Recycle Bin) 규칙을 미리
//! 만들어 두면 되돌릴 수 있습니다.
//!
//! **절감액.** 청구서에 스냅샷 비용이 있으면 그 값을 씁니다. 없으면 `FullSnapshotSizeInBytes`를 같은 볼륨의 남은
//! 스냅샷 수로 나눕니다. 블록을 공유할 수 있으므로 이때 최소 절감액은 0입니다.
//!
//! **다른 도구와 다른 점.** 나이만 보거나, 시작 템플릿을 확인하지 않거나, 볼륨 크기로 금액을 계산하는 도구가
//! 많습니다.

use rust_decimal::Decimal;

use trimtab_model::action::Action;
use trimtab_model::evidence::{Evidence, Figure, UnseenSignal};
use trimtab_model::id::ResourceId;
use trimtab_model::recommendation::{
    ActionType, CostComponent, Finding, ImplementationEffort, ReasonCode, Restart, Threshold, Undo,
    Unknown, Verdict,
};
use trimtab_model::resource::image::Image;
use trimtab_model::resource::snapshot::Snapshot;
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::text::{Reason, StaticText, Text};

use crate::check::{Check, Facts, Need, days_between};
use crate::image_use::{owner, user};
use crate::saving::{EVERYTHING, deletion, narrowed};
use crate::snapshot_owner::{siblings, stored};
use crate::verdict::{Proposal, exempt, judge_each, pass, risk, unknown};

/// The check.
pub static CHECK: Check = Check {
    id: "ec2-image-unused",
    title: StaticText {
        en: "Image that nothing starts from",
        ko: "더 이상 쓰이지 않는 이미지(AMI)",
    },
    kind: ResourceKind::Image,
    action_type: ActionType::Delete,
    needs: &[
        Need::Kind(ResourceKind::Image),
        Need::Kind(ResourceKind::Snapshot),
        Need::Kind(ResourceKind::Instance),
        Need::Kind(ResourceKind::LaunchTemplate),
        Need::Kind(ResourceKind::AutoScalingGroup),
        Need::OptionalBilling,
    ],
    thresholds: &[Threshold {
        name: "min_unused_days",
        default: "90",
        unit: "days",
        text: StaticText {
            en: "Report images that were neither made nor launched in so many days: a quarter shows quarterly work.",
            ko: "이 일수 동안 만들어지지도 시작되지도 않은 이미지를 보고합니다. 90일이면 분기마다 하는 작업이 드러납니다.",
        },
    }],
    judge: |check, facts| {
        judge_each(check, facts, ResourceKind::Image, &facts.snapshot.images, judge)
    },
};

fn judge(check: &Check, facts: &Facts<'_>, image: &Resource<Image>) -> Result<Verdict, Unknown> {
    if let Some(verdict) = left_alone(image) {
        return Ok(verdict);
    }
    let Some(created) = image.kind.creation_date else {
        return Err(unknown(
            "age-unknown",
            "When the image was made is not known.",
            "이미지가 언제 만들어졌는지 알 수 없습니다.",
            &["inventory:describe-images"],
        ));
    };
    let last = image.kind.last_launched_time.map_or(created, |launched| launched.max(created));
    let unused_days = days_between(last, facts.now);
    let min_days = check.threshold_f64(facts, "min_unused_days");
    if f64::from(unused_days) < min_days {
        return Ok(pass(
            "used-recently",
            format!("It was made or launched {unused_days} days ago."),
            format!("{unused_days}일 전에 만들어졌거나 시작된 이미지입니다."),
        ));
    }
    if let Some(user) = user(facts, image)? {
        return Ok(pass(
            "in-use",
            format!("{user} refers to it."),
            format!("이 이미지를 참조하는 자원이 있습니다: {user}."),
        ));
    }
    let snapshots = own_snapshots(facts, image)?;
    if snapshots.is_empty() {
        return Ok(pass(
            "no-snapshots",
            "It has no snapshots of its own, so it costs nothing.",
            "자체 스냅샷이 없어 비용이 들지 않습니다.",
        ));
    }
    let snapshot_ids: Vec<ResourceId> = snapshots.iter().map(|one| one.id.clone()).collect();
    let list = snapshots.iter().try_fold(Vec::<CostComponent>::new(), |mut sum, one| {
        sum.extend(stored(facts, one, siblings(facts, one))?);
        Ok(sum)
    });
    let shares = snapshots.iter().any(|one| siblings(facts, one) > 1);
    let reference = image.reference(ResourceKind::Image);
    let savings = deletion(facts, &reference, &snapshot_ids, EVERYTHING, list)?;
    let low = if shares { Decimal::ZERO } else { Decimal::ONE };
    let count = snapshot_ids.len();
    Ok(Proposal {
        action: Action::DeregisterImage { name: image.kind.name.clone(), snapshot_ids },
        finding: Finding::Unused,
        reason_codes: vec![ReasonCode::Unused],
        reason: Reason::new(
            "unused",
            format!("Nothing was launched from it for {unused_days} days, and nothing that was read refers to it."),
            format!("{unused_days}일 동안 시작된 적이 없으며, 조회된 자원 중 이 이미지를 참조하는 것이 없습니다."),
        ),
        savings: narrowed(savings, low, Decimal::ONE)?,
        performance_risk: risk(image.environment, 0),
        effort: ImplementationEffort::VeryLow,
        restart_needed: Restart::NotNeeded,
        undo: Undo::Impossible(Text::new(
            "Image and snapshots are gone, unless Recycle Bin rules for both were made before.",
            "이미지와 스냅샷의 휴지통(Recycle Bin) 규칙을 미리 만들어 두지 않으면 되살릴 수 없습니다.",
        )),
        evidence: Evidence {
            window_days: Some(unused_days),
            figures: vec![
                Figure::number("unused_days", "Not launched for", "시작되지 않은 기간", f64::from(unused_days), "days").against(min_days),
                Figure::number("snapshots", "Snapshots", "스냅샷 수", count as f64, ""),
            ],
            signals_not_seen: vec![UnseenSignal {
                name: "other_users".to_owned(),
                text: Text::new(
                    "Whether another account, an older launch template version, Batch, a fleet or a disaster plan names it.",
                    "다른 계정, 시작 템플릿의 이전 버전, Batch, 플릿, 재해 복구 계획에서 쓰는지 알 수 없습니다.",
                ),
            }],
            ..Evidence::default()
        },
    }
    .into_verdict(check, reference))
}

fn left_alone(image: &Resource<Image>) -> Option<Verdict> {
    let kind = &image.kind;
    if kind.state.as_deref().is_some_and(|state| !matches!(state, "available" | "disabled")) {
        return Some(pass(
            "not-available",
            "The image is not available.",
            "사용 가능 상태의 이미지가 아닙니다.",
        ));
    }
    if kind.public == Some(true) {
        return Some(exempt(
            "public",
            "The image is public: anybody may use it.",
            "공개 이미지라 누구나 쓸 수 있습니다.",
        ));
    }
    if kind.is_protected == Some(true) {
        return Some(exempt(
            "protected",
            "The image is protected from deregistration.",
            "등록 취소 방지가 켜진 이미지입니다.",
        ));
    }
    owner(image).map(|owner| {
        exempt(
            "owned-by-service",
            format!("{owner} made this image and decides about it."),
            format!("이미지를 만들고 관리하는 주체: {owner}."),
        )
    })
}

/// Finds the snapshots that no other image uses.
fn own_snapshots<'a>(
    facts: &Facts<'a>,
    image: &Resource<Image>,
) -> Result<Vec<&'a Resource<Snapshot>>, Unknown> {
    let is_shared = |id: &ResourceId| {
        facts
            .snapshot
            .images
            .iter()
            .any(|other| other.id != image.id && other.kind.snapshot_ids.contains(id))
    };
    image
        .kind
        .snapshot_ids
        .iter()
        .filter(|id| !is_shared(id))
        .map(|id| {
            facts.snapshot.snapshots.iter().find(|one| one.id == *id).ok_or_else(|| {
                unknown(
                    "snapshots-unknown",
                    format!("The snapshot {id} of the image was not read."),
                    format!("이미지의 스냅샷 정보가 없습니다: {id}."),
                    &["inventory:describe-snapshots"],
                )
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use trimtab_model::resource::auto_scaling_group::LaunchTemplateSpecification;
    use trimtab_model::resource::launch_template::LaunchTemplateVersion;

    use super::CHECK;
    use crate::scene::{Scene, check, days_ago, scene};

    fn image(launched_days_ago: i64) -> Scene {
        scene()
            .image(|image| image.kind.last_launched_time = Some(days_ago(launched_days_ago)))
            .volume_snapshot(|_| ())
    }

    fn version(image: &str) -> LaunchTemplateVersion {
        LaunchTemplateVersion {
            version_number: 1,
            image_id: Some(image.into()),
            instance_type: None,
        }
    }

    #[test]
    fn an_image_that_nothing_starts_from_fires() {
        check(&CHECK, image(90), "recommend 2.00 / 2.00 / 2.00");
    }

    #[test]
    fn an_image_of_an_instance_or_a_template_passes() {
        check(&CHECK, image(90).instance(|_| ()), "pass in-use");
        let template =
            image(90).launch_template(|one| one.kind.versions = Some(vec![version("ami-1")]));
        check(&CHECK, template, "pass in-use");
    }

    #[test]
    fn an_image_launched_89_days_ago_is_just_under_the_threshold() {
        check(&CHECK, image(89), "pass used-recently");
    }

    #[test]
    fn a_parameter_that_may_name_the_image_is_unknown() {
        let template = |parameter| {
            image(90).launch_template(|one| one.kind.versions = Some(vec![version(parameter)]))
        };
        check(&CHECK, template("resolve:ssm:/golden/lobby"), "unknown template-image-unknown");
        let public = "resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023";
        check(&CHECK, template(public), "recommend 2.00 / 2.00 / 2.00");
    }

    #[test]
    fn a_group_that_pins_a_version_nobody_read_is_unknown() {
        let pinned = |image_id: Option<&str>| {
            image(90).group(|group| {
                group.kind.launch_templates = Some(vec![LaunchTemplateSpecification {
                    launch_template_id: Some("lt-1".into()),
                    launch_template_name: None,
                    version: Some("7".into()),
                    image_id: image_id.map(str::to_owned),
                }]);
            })
        };
        check(&CHECK, pinned(None), "unknown template-image-unknown");
        check(&CHECK, pinned(Some("ami-1")), "pass in-use");
        check(&CHECK, pinned(Some("ami-2")), "recommend 2.00 / 2.00 / 2.00");
    }

    #[test]
    fn where_templates_were_not_listed_the_verdict_is_unknown() {
        let mut scene = image(90);
        scene.snapshot.listed.clear();
        check(&CHECK, scene, "unknown users-not-listed");
    }

    #[test]
    fn an_image_of_a_backup_is_exempt() {
        let mut scene = image(90);
        scene.snapshot.images[0].tags.insert("aws:backup:source-resource".into(), "i-1".into());
        check(&CHECK, scene, "exempt owned-by-service");
    }
}
