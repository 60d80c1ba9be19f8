//! Finds EFS file systems that pay for throughput which their size already gives.
//!
//! **Why it costs.** Provisioned throughput is charged per MiB/s by the month. In bursting
//! mode a file system has 50 KiB/s for each GiB in Standard, always and without charge.
//!
//! **What we do.** Switch to bursting where the highest demand ever seen stays below what the
//! size alone sustains, without counting on burst credits.
//!
//! **What could go wrong.** A load that the window did not see, or a file system that shrinks.
//! The mode can be changed back, but not within 24 hours of the last change.
//!
//! **Where others err.** They compare averages with what is provisioned, and count on credits.
//!
//! # 한국어
//!
//! 용량만으로도 충분한데 처리량을 따로 구매하고 있는 EFS 파일 시스템을 찾습니다.
//!
//! **비용이 드는 이유.** 프로비저닝된 처리량은 MiB/s 단위로 매월 과금됩니다. 버스팅 모드에서는 Standard 용량 1 GiB마다
//! 50 KiB/s를 추가 요금 없이 항상 쓸 수 있습니다.
//!
//! **제안하는 조치.** 관측된 최대 처리량이 용량에서 나오는 기본 처리량보다 낮으면 버스팅 모드로 바꿉니다. 버스트
//! 크레딧은 계산에 넣지 않습니다.
//!
//! **주의할 점.** 관측 기간에 없던 부하가 있거나 용량이 줄면 부족해질 수 있습니다. 다시 바꿀 수 있지만 마지막 변경 후
//! 24시간이 지나야 합니다.
//!
//! **다른 도구와 다른 점.** 평균값을 구매한 처리량과 비교하거나 버스트 크레딧에 기대지 않습니다.

use trimtab_model::action::{Action, Setting};
use trimtab_model::evidence::{Evidence, Figure};
use trimtab_model::metric::Statistic;
use trimtab_model::recommendation::{
    ActionType, Finding, ImplementationEffort, ReasonCode, Restart, Undo, Unknown, Verdict,
};
use trimtab_model::resource::file_system::FileSystem;
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::text::{Reason, StaticText, Text};

use crate::billed::is_usage;
use crate::check::{Check, Facts, Need};
use crate::observation::{MIN_COVERAGE_PERCENT, MIN_DAYS, Observation};
use crate::saving::{Commitment, Meter, deletion};
use crate::verdict::{Proposal, judge_each, pass, risk, unknown};

const SUM: &[Statistic] = &[Statistic::Sum];
/// What each GiB in Standard sustains in bursting mode (EFS user guide, performance).
const MIB_S_PER_GIB: f64 = 50.0 / 1024.0;
/// Longer samples than this hide a peak.
const LONGEST_SAMPLE_SECONDS: u32 = 300;

/// Picks the provisioned throughput.
const THROUGHPUT: Meter = Meter {
    charges: |charge| is_usage(charge, &["ProvisionedTP-MiBpsHrs"]),
    commitment: Commitment::Impossible,
};

/// The check.
pub static CHECK: Check = Check {
    id: "efs-file-system-provisioned-throughput",
    title: StaticText {
        en: "EFS file system with provisioned throughput that its size gives anyway",
        ko: "용량만으로 충분한데 처리량을 구매한 EFS 파일 시스템",
    },
    kind: ResourceKind::FileSystem,
    action_type: ActionType::Reconfigure,
    needs: &[
        Need::Kind(ResourceKind::FileSystem),
        Need::Metric("AWS/EFS", "MeteredIOBytes", SUM),
        Need::OptionalBilling,
    ],
    thresholds: &[MIN_DAYS, MIN_COVERAGE_PERCENT],
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
    let provisioned = kind
        .provisioned_throughput_mib_s
        .filter(|_| kind.throughput_mode.as_deref() == Some("provisioned"));
    let Some(provisioned) = provisioned else {
        return Ok(pass(
            "not-provisioned",
            "No throughput is provisioned.",
            "프로비저닝된 처리량이 없습니다.",
        ));
    };
    let Some(bytes) = kind.standard_bytes else {
        return Err(unknown(
            "size-unknown",
            "The size of the file system is not known.",
            "파일 시스템의 크기를 알 수 없습니다.",
            &["inventory:describe-file-systems"],
        ));
    };
    let names = std::slice::from_ref(&file_system.id);
    let seen =
        Observation::complete(check, facts, file_system, names, "AWS/EFS", "MeteredIOBytes", SUM)?;
    let seconds = seen.profile.period_seconds.max(1);
    if seconds > LONGEST_SAMPLE_SECONDS {
        return Err(unknown(
            "samples-too-long",
            format!(
                "Samples of {seconds} seconds hide the peaks; {LONGEST_SAMPLE_SECONDS} or less are needed."
            ),
            format!(
                "지표 간격이 {seconds}초라 최댓값이 가려집니다. {LONGEST_SAMPLE_SECONDS}초 이하가 필요합니다."
            ),
            &["metrics:AWS/EFS:MeteredIOBytes"],
        ));
    }
    let peak = seen.profile.max / f64::from(seconds) / 1_048_576.0;
    let sustained = (bytes as f64 / 1_073_741_824.0 * MIB_S_PER_GIB).max(1.0);
    if peak > sustained {
        return Ok(pass(
            "needed",
            format!("The peak is {peak:.1} MiB/s; the size sustains {sustained:.1}."),
            format!(
                "최대 처리량이 {peak:.1} MiB/s로 기본 처리량 {sustained:.1} MiB/s보다 높습니다."
            ),
        ));
    }
    let reference = file_system.reference(ResourceKind::FileSystem);
    let unpriced = unknown(
        "price-missing",
        "The price list has no price of provisioned throughput, and the bill does not name this file system.",
        "프로비저닝된 처리량의 가격이 정가표에 없고 청구서에도 이 파일 시스템이 없습니다.",
        &["billing"],
    );
    let savings = deletion(facts, &reference, names, THROUGHPUT, Err(unpriced))?;
    Ok(Proposal {
        action: Action::Set(Setting::BurstingThroughput {
            provisioned_mib_s: provisioned.to_string(),
        }),
        finding: Finding::Overprovisioned,
        reason_codes: vec![ReasonCode::ThroughputOverprovisioned],
        reason: Reason::new(
            "size-suffices",
            format!("The peak is {peak:.1} MiB/s, and the size alone sustains {sustained:.1}."),
            format!("최대 처리량이 {peak:.1} MiB/s인데 용량만으로 {sustained:.1} MiB/s를 쓸 수 있습니다."),
        ),
        savings,
        performance_risk: risk(file_system.environment, 1),
        effort: ImplementationEffort::VeryLow,
        restart_needed: Restart::NotNeeded,
        undo: Undo::Exact,
        evidence: Evidence {
            window_days: Some(seen.days() as u32),
            figures: vec![
                Figure::number("peak", "Highest throughput", "최대 처리량", peak, "MiB/s").against(sustained),
                Figure::number("provisioned", "Provisioned", "프로비저닝된 처리량", provisioned, "MiB/s"),
            ],
            coverage: vec![seen.coverage()],
            notes: vec![Text::new(
                "The mode can be changed again 24 hours later at the earliest.",
                "모드는 변경 후 24시간이 지나야 다시 바꿀 수 있습니다.",
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

    /// 100 GiB sustain 4.88 MiB/s.
    fn provisioned(mib_s: f64) -> Scene {
        let series = flat(mib_s * 300.0 * 1_048_576.0, 14);
        scene()
            .file_system(|one| {
                one.kind.throughput_mode = Some("provisioned".into());
                one.kind.provisioned_throughput_mib_s = Some(64.0);
            })
            .metric("fs-1", "AWS/EFS", "MeteredIOBytes", Statistic::Sum, series)
    }

    fn billed(scene: Scene) -> Scene {
        scene.bill("fs-1", "ProvisionedTP-MiBpsHrs", "43000", "360")
    }

    #[test]
    fn throughput_that_the_size_gives_fires() {
        check(&CHECK, billed(provisioned(4.8)), "recommend 365.00 / 365.00 / 365.00");
    }

    #[test]
    fn a_bursting_file_system_passes() {
        check(&CHECK, scene().file_system(|_| ()), "pass not-provisioned");
    }

    #[test]
    fn a_peak_just_under_the_limit_fires_and_one_above_passes() {
        check(&CHECK, billed(provisioned(4.9)), "pass needed");
    }

    #[test]
    fn without_a_bill_it_is_unknown() {
        check(&CHECK, provisioned(1.0), "unknown price-missing");
    }
}
