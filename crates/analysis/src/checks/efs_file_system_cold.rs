//! Finds EFS file systems that keep what nobody reads in the Standard class.
//!
//! **Why it costs.** A gigabyte in Standard costs about ten times one in Infrequent Access.
//! Without a lifecycle everything stays in Standard.
//!
//! **What we do.** Set the lifecycle to move files that were not touched for 30 days to
//! Infrequent Access. Files stay where they are in the tree, and are read as before.
//!
//! **What it saves.** In 30 days no more can have been touched than was read and written.
//! What is stored beyond that is cold for certain, and only that is counted.
//!
//! **What could go wrong.** Reading a file from Infrequent Access is charged per gigabyte and
//! is slower by milliseconds. Files below 128 KiB are charged as 128 KiB there.
//!
//! **Where others err.** They take a fixed share of the storage for cold.
//!
//! # 한국어
//!
//! 읽지 않는 데이터를 Standard 클래스에 두고 있는 EFS 파일 시스템을 찾습니다.
//!
//! **비용이 드는 이유.** Standard의 1 GB는 Infrequent Access의 약 10배 요금입니다. 수명 주기를 설정하지 않으면 모두
//! Standard에 남습니다.
//!
//! **제안하는 조치.** 30일 동안 접근하지 않은 파일을 Infrequent Access로 옮기도록 수명 주기를 설정합니다. 파일 경로와
//! 사용 방법은 그대로입니다.
//!
//! **절감액.** 30일 동안 접근한 데이터는 그동안 읽고 쓴 양을 넘을 수 없습니다. 저장량에서 이를 뺀 만큼은 확실히
//! 접근하지 않은 데이터이므로 그만큼만 계산합니다.
//!
//! **주의할 점.** Infrequent Access의 파일을 읽으면 GB당 과금되고 수 밀리초 느려집니다. 128 KiB 미만 파일은 128 KiB로
//! 과금됩니다.
//!
//! **다른 도구와 다른 점.** 저장량의 일정 비율을 접근하지 않는 데이터로 가정하는 도구가 있습니다.

use rust_decimal::Decimal;
use rust_decimal::prelude::{FromPrimitive, ToPrimitive};

use trimtab_model::action::{Action, Setting};
use trimtab_model::evidence::{Evidence, Figure};
use trimtab_model::metric::Statistic;
use trimtab_model::recommendation::{
    ActionType, Finding, ImplementationEffort, ReasonCode, Restart, Threshold, Undo, Unknown,
    Verdict,
};
use trimtab_model::resource::file_system::{FileSystem, FileSystemLifecycle};
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::text::{Reason, StaticText, Text};

use crate::billed::is_usage;
use crate::check::{Check, Facts, Need};
use crate::observation::{MIN_COVERAGE_PERCENT, Observation};
use crate::pricing::Tariff;
use crate::saving::{Commitment, Meter, estimate_of};
use crate::verdict::{Proposal, judge_each, pass, risk, unknown};

const SUM: &[Statistic] = &[Statistic::Sum];

/// Picks the storage in Standard.
const STORAGE: Meter = Meter {
    charges: |charge| is_usage(charge, &["TimedStorage-ByteHrs"]),
    commitment: Commitment::Impossible,
};

/// The check.
pub static CHECK: Check = Check {
    id: "efs-file-system-cold",
    title: StaticText {
        en: "EFS file system with cold data in Standard",
        ko: "접근하지 않는 데이터가 Standard에 있는 EFS 파일 시스템",
    },
    kind: ResourceKind::FileSystem,
    action_type: ActionType::Reconfigure,
    needs: &[
        Need::Kind(ResourceKind::FileSystem),
        Need::Metric("AWS/EFS", "DataReadIOBytes", SUM),
        Need::Metric("AWS/EFS", "DataWriteIOBytes", SUM),
        Need::OptionalBilling,
    ],
    thresholds: &[
        Threshold {
            name: "min_days",
            default: "30",
            unit: "days",
            text: StaticText {
                en: "Days of metrics that must be there: as long as a file must rest before it moves.",
                ko: "필요한 지표 기간입니다. 파일이 옮겨지기 전까지 접근하지 않아야 하는 기간과 같습니다.",
            },
        },
        MIN_COVERAGE_PERCENT,
        Threshold {
            name: "min_cold_gib",
            default: "10",
            unit: "GiB",
            text: StaticText {
                en: "Least cold data that is reported.",
                ko: "보고 대상이 되는 최소 용량입니다.",
            },
        },
    ],
    judge: |check, facts| {
        judge_each(check, facts, ResourceKind::FileSystem, &facts.snapshot.file_systems, judge)
    },
};

fn judge(
    check: &Check,
    facts: &Facts<'_>,
    file_system: &Resource<FileSystem>,
) -> Result<Verdict, Unknown> {
    let kind = &file_system.kind;
    let (Some(lifecycle), Some(bytes)) = (&kind.lifecycle, kind.standard_bytes) else {
        return Err(unknown(
            "lifecycle-unknown",
            "The file system's lifecycle or its size was not read.",
            "파일 시스템의 수명 주기나 크기를 읽지 못했습니다.",
            &["inventory:describe-lifecycle-configuration"],
        ));
    };
    if lifecycle.transition_to_ia.is_some() {
        return Ok(pass(
            "has-lifecycle",
            "Files that rest move to Infrequent Access already.",
            "접근하지 않는 파일을 Infrequent Access로 옮기도록 이미 설정되어 있습니다.",
        ));
    }
    if kind.availability_zone_name.is_some() {
        return Err(unknown(
            "price-missing",
            "The price list has no price of a file system in one zone.",
            "단일 영역 파일 시스템의 가격이 정가표에 없습니다.",
            &["prices:efs/one_zone"],
        ));
    }
    let stored = Decimal::from(bytes) / Decimal::from(1_u64 << 30);
    let min_cold_gib = check.threshold(facts, "min_cold_gib");
    let names = std::slice::from_ref(&file_system.id);
    let watch =
        |metric| Observation::complete(check, facts, file_system, names, "AWS/EFS", metric, SUM);
    let small = |cold: Decimal| {
        pass(
            "too-little",
            format!("{cold:.1} GiB at most are known to be cold, less than {min_cold_gib}."),
            format!(
                "접근하지 않은 것이 확실한 용량이 {cold:.1} GiB로 {min_cold_gib} GiB보다 적습니다."
            ),
        )
    };
    if stored < min_cold_gib {
        return Ok(small(stored));
    }
    let (read, written) = (watch("DataReadIOBytes")?, watch("DataWriteIOBytes")?);
    let touched = Decimal::from_f64((read.profile.sum + written.profile.sum) / 1_073_741_824.0)
        .unwrap_or(stored);
    let cold = (stored - touched).max(Decimal::ZERO).round_dp(3);
    if cold < min_cold_gib {
        return Ok(small(cold));
    }
    let tariff = Tariff::of(facts, file_system);
    let reference = file_system.reference(ResourceKind::FileSystem);
    let now = vec![tariff.meter("Standard storage", stored, "efs/standard_storage")?];
    let after = vec![
        tariff.meter("Standard storage", stored - cold, "efs/standard_storage")?,
        tariff.meter("Infrequent Access", cold, "efs/ia_storage")?,
    ];
    let savings = estimate_of(facts, &reference, names, STORAGE, now, after)?;
    let days = read.days().min(written.days());
    let number = |value: Decimal| value.to_f64().unwrap_or_default();
    Ok(Proposal {
        action: Action::Set(Setting::FileSystemLifecycle {
            from: lifecycle.clone(),
            to: FileSystemLifecycle {
                transition_to_ia: Some("AFTER_30_DAYS".to_owned()),
                ..lifecycle.clone()
            },
        }),
        finding: Finding::NotOptimized,
        reason_codes: vec![ReasonCode::NoLifecycle],
        reason: Reason::new(
            "cold-in-standard",
            format!("{cold:.0} of {stored:.0} GiB cannot have been touched in {days:.0} days."),
            format!("저장량 {stored:.0} GiB 중 {cold:.0} GiB는 {days:.0}일 동안 접근했을 수 없습니다."),
        ),
        savings,
        performance_risk: risk(file_system.environment, 1),
        effort: ImplementationEffort::VeryLow,
        restart_needed: Restart::NotNeeded,
        undo: Undo::Compensating(Text::new(
            "The lifecycle can be taken back; files that moved return when they are read, if that is set.",
            "수명 주기는 되돌릴 수 있지만, 이미 옮겨진 파일은 접근 시 복귀를 설정해야 Standard로 돌아옵니다.",
        )),
        evidence: Evidence {
            window_days: Some(days as u32),
            figures: vec![
                Figure::number("standard_gib", "In Standard", "Standard 저장량", number(stored), "GiB"),
                Figure::number("touched_gib", "Read and written", "읽고 쓴 양", number(touched), "GiB"),
                Figure::number("cold_gib", "Cold for certain", "접근하지 않은 것이 확실한 용량", number(cold), "GiB")
                    .against(number(min_cold_gib)),
            ],
            coverage: vec![read.coverage(), written.coverage()],
            notes: vec![Text::new(
                "Reading a file from Infrequent Access is charged per gigabyte.",
                "Infrequent Access의 파일을 읽으면 GB당 요금이 나옵니다.",
            )],
            ..Evidence::default()
        },
    }
    .into_verdict(check, reference))
}

#[cfg(test)]
mod tests {
    use trimtab_model::metric::Statistic;

    use super::CHECK;
    use crate::scene::{Scene, check, flat, scene};

    /// 100 GiB in Standard, of which `gibibytes` were read and nothing was written.
    fn reading(gibibytes: f64, days: i64) -> Scene {
        let sample = gibibytes * 1_073_741_824.0 / (288.0 * days as f64);
        scene()
            .file_system(|_| ())
            .metric("fs-1", "AWS/EFS", "DataReadIOBytes", Statistic::Sum, flat(sample, days))
            .metric("fs-1", "AWS/EFS", "DataWriteIOBytes", Statistic::Sum, flat(0.0, days))
    }

    #[test]
    fn what_cannot_have_been_read_fires() {
        check(&CHECK, reading(20.0, 30), "recommend 22.00 / 22.00 / 22.00");
    }

    #[test]
    fn a_file_system_with_a_lifecycle_passes() {
        let mut scene = reading(20.0, 30);
        let lifecycle = scene.snapshot.file_systems[0].kind.lifecycle.as_mut().expect("read");
        lifecycle.transition_to_ia = Some("AFTER_30_DAYS".into());
        check(&CHECK, scene, "pass has-lifecycle");
    }

    #[test]
    fn cold_data_just_under_the_threshold_of_10_gib_passes() {
        check(&CHECK, reading(90.1, 30), "pass too-little");
    }

    #[test]
    fn a_window_of_29_days_or_no_lifecycle_is_unknown() {
        check(&CHECK, reading(20.0, 29), "unknown window-too-short");
        let scene = scene().file_system(|one| one.kind.lifecycle = None);
        check(&CHECK, scene, "unknown lifecycle-unknown");
    }
}
