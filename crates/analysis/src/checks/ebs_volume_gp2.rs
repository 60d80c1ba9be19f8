//! Finds EBS volumes of type gp2, which gp3 serves for less.
//!
//! **Why it costs.** gp3 costs about a fifth less per GiB, and its performance does not
//! depend on the size.
//!
//! **What we do.** Change the type in place, online, and provision at least what gp2 gave:
//! 3 IOPS per GiB, not below 3,000 and not above 16,000; 250 MiB/s from 334 GiB on and
//! 125 MiB/s below. The cost of IOPS and throughput above gp3's included 3,000 and 125 is
//! part of the saving. Where metrics show that less is used, trim after the change has
//! soaked: a volume may be modified only four times in 24 hours.
//!
//! **What could go wrong.** While the volume optimises, it cannot be modified again, so
//! there is no quick way back; that is why it is provisioned generously first. Between 171
//! and 333 GiB gp2 may burst to 250 MiB/s as long as its credits last: where the metrics
//! show more than 125 MiB/s, 250 is provisioned; where two weeks of them do not show
//! that it stays below, the risk is higher by one. Up to 170 GiB gp2 gives 128 MiB/s and gp3 125.
//!
//! **Where others err.** The default of 125 MiB/s on a large volume halves its throughput,
//! and a saving that leaves out the IOPS to be bought is too high.
//!
//! # 한국어
//!
//! gp3로 바꾸면 더 저렴한 gp2 유형의 EBS 볼륨을 찾습니다.
//!
//! **비용이 드는 이유.** gp3는 GiB당 요금이 약 5분의 1 저렴하고, 성능이 볼륨 크기에 좌우되지 않습니다.
//!
//! **제안하는 조치.** 볼륨을 사용하는 중에 그대로 유형을 바꾸고, 성능은 최소한 gp2가 제공하던 만큼
//! 할당합니다. IOPS는 GiB당 3이되 3,000 이상 16,000 이하이고, 처리량은 334 GiB부터 250 MiB/s, 그보다
//! 작으면 125 MiB/s입니다. gp3에 포함된 3,000 IOPS와 125 MiB/s를 넘는 만큼의 요금도 절감액 계산에
//! 들어갑니다. 지표상 사용량이 더 적다면 변경 후 충분히 지켜본 다음에 줄이세요. 볼륨은 24시간에 네
//! 번까지만 수정할 수 있습니다.
//!
//! **주의할 점.** 볼륨이 최적화되는 동안에는 다시 수정할 수 없어 빠르게 되돌릴 방법이 없습니다. 처음에
//! 넉넉하게 할당하는 것은 그 때문입니다. 171 GiB에서 333 GiB 사이의 gp2는 크레딧이 남아 있는 동안 250
//! MiB/s까지 버스트할 수 있습니다. 지표가 125 MiB/s를 넘으면 250을 할당하고, 2주간의 지표로 그 이하임이
//! 확인되지 않으면 위험을 한 단계 높입니다. 170 GiB까지는 gp2가 128 MiB/s, gp3가 125 MiB/s를 제공합니다.
//!
//! **다른 도구와 다른 점.** 큰 볼륨에 기본값인 125 MiB/s를 그대로 주면 처리량이 절반으로 줄고, 따로
//! 사야 하는 IOPS를 빼면 절감액이 실제보다 커집니다.

use rust_decimal::Decimal;

use trimtab_model::action::{Action, VolumeSettings};
use trimtab_model::evidence::{Evidence, Figure, UnseenSignal};
use trimtab_model::metric::Statistic;
use trimtab_model::recommendation::{
    ActionType, Finding, ImplementationEffort, ReasonCode, Restart, Threshold, Undo, Unknown,
    Verdict,
};
use trimtab_model::resource::volume::Volume;
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::text::{Reason, StaticText, Text};

use crate::check::{Check, Facts, Need};
use crate::observation::{proven_throughput_mib_s, volume_throughput_mib_s};
use crate::pricing::{GP3_INCLUDED_IOPS, GP3_INCLUDED_THROUGHPUT};
use crate::saving::volume_change;
use crate::verdict::{Proposal, judge_each, pass, risk};

/// IOPS of the largest gp2 volume.
const GP2_MAX_IOPS: u32 = 16_000;

/// MiB/s of gp2 from `FULL_THROUGHPUT_GIB` on.
const GP2_MAX_THROUGHPUT: u32 = 250;

/// The size from which gp2 gives its full throughput without burst credits.
const FULL_THROUGHPUT_GIB: u32 = 334;

/// The largest size at which gp2 never gives more than 128 MiB/s.
const NO_BURST_GIB: u32 = 170;

/// The check.
pub static CHECK: Check = Check {
    id: "ebs-volume-gp2",
    title: StaticText {
        en: "EBS volume of the older type gp2", ko: "구형 gp2 유형의 EBS 볼륨"
    },
    kind: ResourceKind::Volume,
    action_type: ActionType::Upgrade,
    needs: &[
        Need::Kind(ResourceKind::Volume),
        Need::OptionalMetric("AWS/EBS", "VolumeReadBytes", &[Statistic::Sum]),
        Need::OptionalMetric("AWS/EBS", "VolumeWriteBytes", &[Statistic::Sum]),
        Need::OptionalBilling,
    ],
    thresholds: &[Threshold {
        name: "min_size_gib",
        default: "1",
        unit: "GiB",
        text: StaticText {
            en: "Smallest volume that is reported.",
            ko: "보고 대상이 되는 볼륨의 최소 크기입니다.",
        },
    }],
    judge: |check, facts| {
        judge_each(check, facts, ResourceKind::Volume, &facts.snapshot.volumes, judge)
    },
};

fn judge(check: &Check, facts: &Facts<'_>, volume: &Resource<Volume>) -> Result<Verdict, Unknown> {
    if volume.kind.volume_type != "gp2" {
        return Ok(pass("not-gp2", "The volume is not of type gp2.", "gp2 유형이 아닙니다."));
    }
    let size_gib = volume.kind.size_gib;
    let min_size_gib = check.threshold(facts, "min_size_gib");
    if Decimal::from(size_gib) < min_size_gib {
        return Ok(pass(
            "too-small",
            format!("The volume has {size_gib} GiB, less than {min_size_gib}."),
            format!("볼륨 크기가 {size_gib} GiB로 {min_size_gib} GiB보다 작습니다."),
        ));
    }
    let peak = volume_throughput_mib_s(facts, volume);
    let from = VolumeSettings {
        volume_type: "gp2".to_owned(),
        iops: volume.kind.iops,
        throughput_mib_s: None,
    };
    let to = as_good_as_gp2(size_gib, peak);

    let reference = volume.reference(ResourceKind::Volume);
    let savings = volume_change(facts, volume, &from, &to)?;

    // Bursts that were seen are provisioned for; that there are none takes a whole window.
    let may_burst = size_gib > NO_BURST_GIB
        && to.throughput_mib_s == Some(GP3_INCLUDED_THROUGHPUT)
        && proven_throughput_mib_s(facts, volume).is_none();
    let (iops, throughput) = (to.iops.unwrap_or_default(), to.throughput_mib_s.unwrap_or_default());
    Ok(Proposal {
        action: Action::ModifyVolume { from, to, size_gib },
        finding: Finding::NotOptimized,
        reason_codes: vec![ReasonCode::NewGenerationStorageTypeAvailable],
        reason: Reason::new(
            "gp2",
            format!("gp3 with {iops} IOPS and {throughput} MiB/s replaces gp2 for less."),
            format!("{iops} IOPS, {throughput} MiB/s의 gp3로 바꾸면 gp2보다 저렴합니다."),
        ),
        savings,
        performance_risk: risk(volume.environment, u8::from(may_burst)),
        effort: ImplementationEffort::VeryLow,
        restart_needed: Restart::NotNeeded,
        undo: Undo::Exact,
        evidence: evidence(size_gib, peak),
    }
    .into_verdict(check, reference))
}

/// Returns gp3 settings that give what gp2 of this size gives.
fn as_good_as_gp2(size_gib: u32, peak_mib_s: Option<f64>) -> VolumeSettings {
    let bursts = peak_mib_s.is_some_and(|peak| peak > f64::from(GP3_INCLUDED_THROUGHPUT));
    let full = size_gib >= FULL_THROUGHPUT_GIB || (size_gib > NO_BURST_GIB && bursts);
    VolumeSettings {
        volume_type: "gp3".to_owned(),
        iops: Some(size_gib.saturating_mul(3).clamp(GP3_INCLUDED_IOPS, GP2_MAX_IOPS)),
        throughput_mib_s: Some(if full { GP2_MAX_THROUGHPUT } else { GP3_INCLUDED_THROUGHPUT }),
    }
}

fn evidence(size_gib: u32, peak: Option<f64>) -> Evidence {
    let mut evidence = Evidence {
        figures: vec![Figure::number("size_gib", "Size", "크기", f64::from(size_gib), "GiB")],
        notes: vec![Text::new(
            "The change runs online and takes hours; a volume may be modified four times in 24 hours.",
            "변경은 무중단으로 진행되며 몇 시간이 걸릴 수 있습니다. 한 볼륨은 24시간에 네 번까지만 변경할 수 있습니다.",
        )],
        ..Evidence::default()
    };
    match peak {
        Some(peak) => {
            evidence.figures.push(Figure::number(
                "throughput_peak",
                "Highest throughput seen",
                "관측된 최대 처리량",
                peak,
                "MiB/s",
            ));
            evidence.notes.push(Text::new(
                "Trim IOPS and throughput to the observed use once the change has soaked.",
                "변경 후 안정되면 관측된 사용량에 맞춰 IOPS와 처리량을 줄일 수 있습니다.",
            ));
        }
        None => evidence.signals_not_seen.push(UnseenSignal {
            name: "throughput".to_owned(),
            text: Text::new(
                "VolumeReadBytes and VolumeWriteBytes would show how much throughput is needed.",
                "VolumeReadBytes, VolumeWriteBytes 지표가 있으면 필요한 처리량을 알 수 있습니다.",
            ),
        }),
    }
    evidence
}

#[cfg(test)]
mod tests {
    use trimtab_model::metric::Statistic;

    use super::{CHECK, as_good_as_gp2};
    use crate::scene::{Scene, check, flat, scene};

    fn gp2(size_gib: u32) -> Scene {
        scene().volume(|volume| volume.kind.size_gib = size_gib)
    }

    #[test]
    fn a_gp2_volume_fires() {
        check(&CHECK, gp2(100), "recommend 2.00 / 2.00 / 2.00");
    }

    #[test]
    fn what_gp3_charges_extra_is_part_of_the_saving() {
        // 1,100 GiB: 20 % of 110 USD, less 300 IOPS and 125 MiB/s.
        check(&CHECK, gp2(1100), "recommend 15.50 / 15.50 / 15.50");
    }

    #[test]
    fn a_gp3_volume_passes() {
        check(
            &CHECK,
            scene().volume(|volume| volume.kind.volume_type = "gp3".into()),
            "pass not-gp2",
        );
    }

    #[test]
    fn a_volume_below_the_owners_size_is_just_under_the_threshold() {
        let mut scene = gp2(99);
        let sizes = [("min_size_gib".to_owned(), 100.into())].into();
        scene.policy.thresholds.insert(CHECK.check_id(), sizes);
        check(&CHECK, scene, "pass too-small");
    }

    #[test]
    fn a_region_without_a_price_of_throughput_is_unknown_from_334_gib_on() {
        let unpriced = |size| gp2(size).without_price("ebs/gp3_throughput_over_125");
        check(&CHECK, unpriced(334), "unknown price-missing");
        check(&CHECK, unpriced(333), "recommend 6.66 / 6.66 / 6.66");
    }

    #[test]
    fn a_saving_that_throughput_eats_up_passes() {
        let busy = || flat(100.0 * 1_048_576.0 * 300.0, 14);
        let scene = gp2(200)
            .metric("vol-1", "AWS/EBS", "VolumeReadBytes", Statistic::Sum, busy())
            .metric("vol-1", "AWS/EBS", "VolumeWriteBytes", Statistic::Sum, busy());
        check(&CHECK, scene, "pass no-saving");
    }

    #[test]
    fn gp3_is_never_slower_than_gp2_without_burst() {
        for size_gib in 1..=16_384 {
            let to = as_good_as_gp2(size_gib, None);
            let gp2_iops = (3 * size_gib).clamp(100, 16_000);
            let gp2_throughput = if size_gib >= 334 { 250 } else { 125 };
            assert!(to.iops >= Some(gp2_iops), "{size_gib}");
            assert!(to.throughput_mib_s >= Some(gp2_throughput), "{size_gib}");
        }
    }
}
