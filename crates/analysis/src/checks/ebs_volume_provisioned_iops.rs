//! Finds io1 and io2 volumes whose IOPS and throughput gp3 can carry.
//!
//! **Why it costs.** An IOPS of io1 or io2 costs more than ten times what gp3 asks above
//! its included 3,000, and a GiB costs half as much again.
//!
//! **What we do.** Change the type in place, online, to gp3 with the same IOPS, and with
//! the throughput that the metrics show plus a quarter; without two weeks of complete
//! five-minute metrics, with all that the volume could give. The limit of 16,000 IOPS and 1,000 MiB/s is gp3's classic one, which
//! every region and instance type supports.
//!
//! **What could go wrong.** io2 promises a durability of 99.999 % and latency well below a
//! millisecond; gp3 promises 99.8 to 99.9 % and single-digit milliseconds. A database that
//! waits for every commit may feel it, so production gets a higher risk. Volumes with
//! Multi-Attach are left alone: gp3 has none.
//!
//! **Where others err.** Many look at IOPS only and hand out gp3's default of 125 MiB/s.
//!
//! # 한국어
//!
//! IOPS와 처리량을 gp3로 감당할 수 있는 io1, io2 볼륨을 찾습니다.
//!
//! **비용이 드는 이유.** io1과 io2의 IOPS 단가는 gp3에서 기본 제공 3,000을 넘는 IOPS에 내는 단가의
//! 10배가 넘고, GiB 단가는 1.5배입니다.
//!
//! **제안하는 조치.** 볼륨을 사용하는 중에 그대로 gp3로 유형을 바꿉니다. IOPS는 같게 하고, 처리량은
//! 지표에 나타난 값에 4분의 1을 더하며, 빠짐없는 2주간의 5분 지표가 없으면 볼륨이 낼 수 있던 최대 처리량으로 합니다. 상한인
//! 16,000 IOPS와 1,000 MiB/s는 모든 리전과 인스턴스 유형이 지원하는 gp3의 기존 한도입니다.
//!
//! **주의할 점.** io2는 99.999%의 내구성과 1밀리초보다 훨씬 짧은 지연 시간을 약속하고, gp3는 99.8–99.9
//! %의 내구성과 한 자릿수 밀리초의 지연 시간을 약속합니다. 커밋마다 응답을 기다리는 데이터베이스는
//! 차이를 느낄 수 있으므로 운영 환경에서는 위험을 높입니다. gp3에는 Multi-Attach가 없으므로
//! Multi-Attach를 쓰는 볼륨은 건드리지 않습니다.
//!
//! **다른 도구와 다른 점.** IOPS만 보고 처리량은 gp3의 기본값인 125 MiB/s로 두는 도구가 많습니다.

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
use crate::observation::proven_throughput_mib_s;
use crate::pricing::{GP3_INCLUDED_IOPS, GP3_INCLUDED_THROUGHPUT};
use crate::saving::volume_change;
use crate::verdict::{Proposal, exempt, judge_each, pass, risk, unknown};

/// MiB/s that every gp3 volume may be given.
const GP3_MAX_THROUGHPUT: f64 = 1000.0;

/// MiB/s that io1 gives up to 32,000 IOPS.
const IO1_MAX_THROUGHPUT: f64 = 500.0;

/// MiB/s that io2 gives.
const IO2_MAX_THROUGHPUT: f64 = 4000.0;

/// MiB/s that one IOPS of io1 or io2 can carry: one request of 256 KiB.
const MIB_PER_IO: f64 = 0.25;

/// The check.
pub static CHECK: Check = Check {
    id: "ebs-volume-provisioned-iops",
    title: StaticText {
        en: "EBS volume of type io1 or io2 that gp3 can carry",
        ko: "gp3로 충분한 io1/io2 EBS 볼륨",
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
        name: "max_iops",
        default: "16000",
        unit: "IOPS",
        text: StaticText {
            en: "Most provisioned IOPS that gp3 is trusted with.",
            ko: "gp3로 옮겨도 된다고 보는 프로비저닝 IOPS의 상한입니다.",
        },
    }],
    judge: |check, facts| {
        judge_each(check, facts, ResourceKind::Volume, &facts.snapshot.volumes, judge)
    },
};

fn judge(check: &Check, facts: &Facts<'_>, volume: &Resource<Volume>) -> Result<Verdict, Unknown> {
    let volume_type = volume.kind.volume_type.as_str();
    let type_throughput = match volume_type {
        "io1" => IO1_MAX_THROUGHPUT,
        "io2" => IO2_MAX_THROUGHPUT,
        _ => {
            return Ok(pass(
                "not-provisioned",
                "The volume is not of type io1 or io2.",
                "io1/io2 유형이 아닙니다.",
            ));
        }
    };
    if volume.kind.multi_attach_enabled == Some(true) || volume.kind.attachments.len() > 1 {
        return Ok(exempt(
            "multi-attach",
            "Several instances may use the volume at once; gp3 cannot do that.",
            "여러 인스턴스가 함께 쓰는 볼륨(Multi-Attach)이며 gp3는 이를 지원하지 않습니다.",
        ));
    }
    let Some(iops) = volume.kind.iops else {
        return Err(unknown(
            "iops-unknown",
            "The provisioned IOPS are not known.",
            "프로비저닝된 IOPS 값이 없습니다.",
            &["inventory:describe-volumes"],
        ));
    };
    let max_iops = check.threshold(facts, "max_iops");
    if Decimal::from(iops) > max_iops {
        return Ok(pass(
            "too-many-iops",
            format!(
                "The volume has {iops} IOPS, more than the {max_iops} that gp3 is trusted with."
            ),
            format!(
                "프로비저닝된 IOPS가 {iops}로, gp3로 옮길 수 있는 상한({max_iops})을 넘습니다."
            ),
        ));
    }
    let peak = proven_throughput_mib_s(facts, volume);
    let possible = (f64::from(iops) * MIB_PER_IO).min(type_throughput);
    let needed = peak.map_or(possible, |peak| (peak * 1.25).min(possible));
    if needed > GP3_MAX_THROUGHPUT {
        return if peak.is_some() {
            Ok(pass(
                "too-much-throughput",
                format!("The volume needs {needed:.0} MiB/s, more than the 1000 of gp3."),
                format!("필요한 처리량이 {needed:.0} MiB/s로 gp3의 1000 MiB/s를 넘습니다."),
            ))
        } else {
            Err(unknown(
                "throughput-unknown",
                format!(
                    "The volume could carry {possible:.0} MiB/s and gp3 1000; its use was not read."
                ),
                format!(
                    "이 볼륨은 {possible:.0} MiB/s까지 낼 수 있고 gp3는 1000 MiB/s입니다. 실제 사용량 지표가 없습니다."
                ),
                &["metrics:AWS/EBS:VolumeReadBytes", "metrics:AWS/EBS:VolumeWriteBytes"],
            ))
        };
    }
    let from = VolumeSettings {
        volume_type: volume_type.to_owned(),
        iops: Some(iops),
        throughput_mib_s: None,
    };
    let to = VolumeSettings {
        volume_type: "gp3".to_owned(),
        iops: Some(iops.max(GP3_INCLUDED_IOPS)),
        // Below 1,000 by the comparison above, so the conversion keeps the value.
        throughput_mib_s: Some((needed.ceil() as u32).max(GP3_INCLUDED_THROUGHPUT)),
    };
    let size_gib = volume.kind.size_gib;
    let reference = volume.reference(ResourceKind::Volume);
    let savings = volume_change(facts, volume, &from, &to)?;
    Ok(Proposal {
        reason: Reason::new(
            "gp3-carries-it",
            format!("gp3 carries the {iops} IOPS of this {volume_type} volume for less."),
            format!("이 {volume_type} 볼륨의 {iops} IOPS는 gp3로 더 저렴하게 제공할 수 있습니다."),
        ),
        action: Action::ModifyVolume { from, to, size_gib },
        finding: Finding::NotOptimized,
        reason_codes: vec![ReasonCode::NewGenerationStorageTypeAvailable],
        savings,
        performance_risk: risk(volume.environment, 1),
        effort: ImplementationEffort::Low,
        restart_needed: Restart::NotNeeded,
        undo: Undo::Exact,
        evidence: evidence(iops, max_iops, peak),
    }
    .into_verdict(check, reference))
}

fn evidence(iops: u32, max_iops: Decimal, peak: Option<f64>) -> Evidence {
    use rust_decimal::prelude::ToPrimitive;
    let limit = max_iops.to_f64().unwrap_or_default();
    let mut evidence = Evidence {
        figures: vec![
            Figure::number("iops", "Provisioned IOPS", "프로비저닝 IOPS", f64::from(iops), "IOPS")
                .against(limit),
        ],
        signals_not_seen: vec![UnseenSignal {
            name: "latency".to_owned(),
            text: Text::new(
                "Whether the application needs latency below a millisecond.",
                "애플리케이션이 1밀리초 미만의 지연 시간을 요구하는지 알 수 없습니다.",
            ),
        }],
        notes: vec![Text::new(
            "io2 promises 99.999 % durability, gp3 99.8 to 99.9 %: keep snapshots.",
            "내구성은 io2가 99.999%, gp3는 99.8~99.9%입니다. 스냅샷을 유지하세요.",
        )],
        ..Evidence::default()
    };
    match peak {
        Some(peak) => evidence.figures.push(
            Figure::number("throughput_peak", "Highest throughput seen", "관측된 최대 처리량", peak, "MiB/s")
                .against(GP3_MAX_THROUGHPUT),
        ),
        None => evidence.signals_not_seen.push(UnseenSignal {
            name: "throughput".to_owned(),
            text: Text::new(
                "Without VolumeReadBytes and VolumeWriteBytes all throughput of the old type is bought.",
                "VolumeReadBytes, VolumeWriteBytes 지표가 없어 기존 유형의 최대 처리량만큼 설정합니다.",
            ),
        }),
    }
    evidence
}

#[cfg(test)]
mod tests {
    use trimtab_model::metric::Statistic;

    use super::CHECK;
    use crate::scene::{Scene, check, flat, scene};

    fn provisioned(volume_type: &str, iops: u32) -> Scene {
        scene().volume(|volume| {
            volume.kind.volume_type = volume_type.to_owned();
            volume.kind.iops = Some(iops);
        })
    }

    #[test]
    fn an_io1_volume_within_the_reach_of_gp3_fires() {
        // 12.50 + 260 becomes 8 + 5 + 15.
        check(&CHECK, provisioned("io1", 4000), "recommend 244.50 / 244.50 / 244.50");
    }

    #[test]
    fn a_gp3_volume_passes() {
        check(&CHECK, provisioned("gp3", 4000), "pass not-provisioned");
    }

    #[test]
    fn a_volume_of_16000_iops_is_just_under_the_threshold_and_16001_passes() {
        check(&CHECK, provisioned("io1", 16_000), "recommend 964.50 / 964.50 / 964.50");
        check(&CHECK, provisioned("io1", 16_001), "pass too-many-iops");
    }

    #[test]
    fn an_io2_volume_whose_throughput_nobody_watched_is_unknown() {
        check(&CHECK, provisioned("io2", 8000), "unknown throughput-unknown");
    }

    #[test]
    fn an_io2_volume_with_little_throughput_fires() {
        let calm = || flat(10.0 * 1_048_576.0 * 300.0, 14);
        let scene = provisioned("io2", 8000)
            .metric("vol-1", "AWS/EBS", "VolumeReadBytes", Statistic::Sum, calm())
            .metric("vol-1", "AWS/EBS", "VolumeWriteBytes", Statistic::Sum, calm());
        check(&CHECK, scene, "recommend 499.50 / 499.50 / 499.50");
    }

    #[test]
    fn a_series_that_is_short_sparse_or_coarse_lowers_no_throughput() {
        let calm = |days, coverage, period_seconds| {
            let mut series = flat(10.0 * 1_048_576.0 * 300.0, days);
            (series.coverage, series.period_seconds) = (coverage, period_seconds);
            let of = |scene: Scene, metric| {
                scene.metric("vol-1", "AWS/EBS", metric, Statistic::Sum, series.clone())
            };
            of(of(provisioned("io2", 8000), "VolumeReadBytes"), "VolumeWriteBytes")
        };
        check(&CHECK, calm(14, 0.95, 300), "recommend 499.50 / 499.50 / 499.50");
        check(&CHECK, calm(13, 0.95, 300), "unknown throughput-unknown");
        check(&CHECK, calm(14, 0.94, 300), "unknown throughput-unknown");
        check(&CHECK, calm(14, 0.95, 3600), "unknown throughput-unknown");
    }

    #[test]
    fn a_shared_volume_is_exempt() {
        let scene = scene().volume(|volume| {
            volume.kind.volume_type = "io2".into();
            volume.kind.multi_attach_enabled = Some(true);
        });
        check(&CHECK, scene, "exempt multi-attach");
    }
}
