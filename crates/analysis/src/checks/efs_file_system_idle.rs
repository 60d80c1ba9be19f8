//! Finds EFS file systems that nobody can reach, or that nobody used for a month.
//!
//! **Why it costs.** Storage is charged by the month. Without a mount target no machine can
//! reach a file system; SageMaker domains and clusters that were deleted leave such ones.
//!
//! **What we do.** Back it up with AWS Backup, then delete it. This deletes data: the backup
//! is the only copy, so restore it somewhere once before the file system goes.
//!
//! **What could go wrong.** An archive that is mounted once a year. A copy that EFS replicates to
//! for a disaster often has no mount target; AWS does not delete it before its replication is. The backup is charged per
//! gigabyte as long as it is kept, which is not taken off here.
//!
//! **Where others err.** They look at the bytes alone, or read a missing metric as idle. We
//! take the missing mount targets, or 30 full days without a connection and without a byte.
//!
//! # 한국어
//!
//! 접속할 방법이 없거나 한 달 동안 아무도 쓰지 않은 EFS 파일 시스템을 찾습니다.
//!
//! **비용이 드는 이유.** 스토리지는 매월 과금됩니다. 탑재 대상이 없으면 어떤 서버도 접속할 수 없는데, SageMaker
//! 도메인이나 클러스터를 삭제한 뒤 이런 파일 시스템이 남는 경우가 있습니다.
//!
//! **제안하는 조치.** AWS Backup으로 백업한 뒤 삭제합니다. 데이터가 삭제되는 조치이고 백업이 유일한 사본이 되므로,
//! 삭제 전에 한 번 복원해 확인하세요.
//!
//! **주의할 점.** 1년에 한 번 탑재하는 보관용일 수 있습니다. 재해 복구를 위한 EFS 복제 대상에는 탑재 대상이 없는 경우가
//! 많으며, 복제를 먼저 삭제하지 않으면 AWS가 삭제를 거부합니다. 백업도 보관하는 동안 GB당 과금되며, 이 비용은 절감액에서 빼지
//! 않았습니다.
//!
//! **다른 도구와 다른 점.** 바이트만 보거나 지표가 없는 것을 유휴로 단정하지 않습니다. 탑재 대상이 없거나, 30일 내내
//! 접속과 입출력이 모두 없어야 제안합니다.

use rust_decimal::Decimal;

use trimtab_model::action::{Action, Deletion};
use trimtab_model::evidence::{Evidence, Figure, UnseenSignal};
use trimtab_model::metric::Statistic;
use trimtab_model::recommendation::{
    ActionType, CostComponent, Finding, ImplementationEffort, ReasonCode, Restart, Threshold, Undo,
    Unknown, Verdict,
};
use trimtab_model::resource::file_system::FileSystem;
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::text::{Reason, StaticText, Text};

use crate::check::{Check, Facts, Need, days_between};
use crate::observation::{MIN_COVERAGE_PERCENT, Observation};
use crate::pricing::Tariff;
use crate::saving::{EVERYTHING, deletion};
use crate::verdict::{Proposal, judge_each, pass, risk, unknown};

const SUM: &[Statistic] = &[Statistic::Sum];
const SIGNALS: &[&str] = &["ClientConnections", "DataReadIOBytes", "DataWriteIOBytes"];

/// The check.
pub static CHECK: Check = Check {
    id: "efs-file-system-idle",
    title: StaticText {
        en: "EFS file system that nobody uses",
        ko: "아무도 쓰지 않는 EFS 파일 시스템",
    },
    kind: ResourceKind::FileSystem,
    action_type: ActionType::Delete,
    needs: &[
        Need::Kind(ResourceKind::FileSystem),
        Need::OptionalMetric("AWS/EFS", "ClientConnections", SUM),
        Need::OptionalMetric("AWS/EFS", "DataReadIOBytes", SUM),
        Need::OptionalMetric("AWS/EFS", "DataWriteIOBytes", SUM),
        Need::OptionalBilling,
    ],
    thresholds: &[
        Threshold {
            name: "min_days",
            default: "30",
            unit: "days",
            text: StaticText {
                en: "Days without a connection, or of age without a mount target: a month shows what happens once a month.",
                ko: "접속이 없거나 탑재 대상 없이 지난 일수입니다. 한 달이면 매월 한 번 있는 작업이 드러납니다.",
            },
        },
        MIN_COVERAGE_PERCENT,
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
    let min_days = check.threshold_f64(facts, "min_days");
    let Some(created) = kind.creation_time else {
        return Err(unknown(
            "age-unknown",
            "When the file system was made is not known.",
            "파일 시스템의 생성 시각을 알 수 없습니다.",
            &["inventory:describe-file-systems"],
        ));
    };
    let age_days = days_between(created, facts.now);
    if f64::from(age_days) < min_days {
        return Ok(pass(
            "too-young",
            format!("The file system is {age_days} days old and may not be in use yet."),
            format!("생성된 지 {age_days}일이라 아직 사용 전일 수 있습니다."),
        ));
    }
    let names = std::slice::from_ref(&file_system.id);
    let find = |metric| Observation::find(facts, file_system, names, "AWS/EFS", metric, SUM);
    if let Some(seen) =
        SIGNALS.iter().find_map(|metric| find(metric).filter(|seen| seen.profile.max > 0.0))
    {
        return Ok(pass(
            "in-use",
            format!("{} reached {:.0}.", seen.metric, seen.profile.max),
            format!("사용 기록이 있습니다({} 최댓값 {:.0}).", seen.metric, seen.profile.max),
        ));
    }
    let unreachable = kind.number_of_mount_targets == Some(0);
    let seen = if unreachable {
        Vec::new()
    } else {
        SIGNALS
            .iter()
            .map(|metric| {
                Observation::complete(check, facts, file_system, names, "AWS/EFS", metric, SUM)
            })
            .collect::<Result<Vec<_>, Unknown>>()?
    };
    let reference = file_system.reference(ResourceKind::FileSystem);
    let savings = deletion(facts, &reference, names, EVERYTHING, list_cost(facts, file_system))?;
    let reason = if unreachable {
        Reason::new(
            "no-mount-target",
            format!(
                "It has no mount target, so no machine can reach it; it is {age_days} days old."
            ),
            format!("탑재 대상이 없어 접속할 수 없으며, 생성된 지 {age_days}일이 지났습니다."),
        )
    } else {
        Reason::new(
            "no-connection",
            format!("Nobody connected and not one byte was read or written in {min_days:.0} days."),
            format!("{min_days:.0}일 동안 접속도, 입출력도 전혀 없었습니다."),
        )
    };
    Ok(Proposal {
        action: Action::Delete(Deletion::FileSystem {
            file_system_arn: kind.file_system_arn.clone(),
        }),
        finding: if unreachable { Finding::Unattached } else { Finding::Idle },
        reason_codes: vec![if unreachable { ReasonCode::Unreachable } else { ReasonCode::Idle }],
        reason,
        savings,
        performance_risk: risk(file_system.environment, 2),
        effort: ImplementationEffort::Medium,
        restart_needed: Restart::NotNeeded,
        undo: Undo::Compensating(Text::new(
            "The data is gone but for the backup, from which a new file system with another id is restored.",
            "데이터는 백업에만 남으며, 복원하면 ID가 다른 새 파일 시스템이 됩니다.",
        )),
        evidence: evidence(kind, age_days, &seen),
    }
    .into_verdict(check, reference))
}

fn list_cost(
    facts: &Facts<'_>,
    file_system: &Resource<FileSystem>,
) -> Result<Vec<CostComponent>, Unknown> {
    let kind = &file_system.kind;
    let (Some(standard), Some(infrequent), None) =
        (kind.standard_bytes, kind.ia_bytes, kind.availability_zone_name.as_ref())
    else {
        return Err(unknown(
            "price-missing",
            "Its size is not known, or it is in one zone, for which there is no list price.",
            "크기를 알 수 없거나, 정가표에 없는 단일 영역 파일 시스템입니다.",
            &["billing"],
        ));
    };
    let gibibytes = |bytes: u64| Decimal::from(bytes) / Decimal::from(1_u64 << 30);
    let tariff = Tariff::of(facts, file_system);
    Ok(vec![
        tariff.meter("Standard storage", gibibytes(standard), "efs/standard_storage")?,
        tariff.meter("Infrequent Access", gibibytes(infrequent), "efs/ia_storage")?,
    ])
}

fn evidence(kind: &FileSystem, age_days: u32, seen: &[Observation<'_>]) -> Evidence {
    let mut figures = vec![Figure::number(
        "age_days",
        "Age of the file system",
        "생성 후 경과",
        f64::from(age_days),
        "days",
    )];
    if let Some(targets) = kind.number_of_mount_targets {
        figures.push(Figure::number(
            "mount_targets",
            "Mount targets",
            "탑재 대상",
            f64::from(targets),
            "",
        ));
    }
    Evidence {
        window_days: seen.iter().map(|one| one.days() as u32).min(),
        figures,
        coverage: seen.iter().map(Observation::coverage).collect(),
        signals_not_seen: vec![
            UnseenSignal {
                name: "purpose".to_owned(),
                text: Text::new(
                    "Whether it is an archive that is mounted less often than the window.",
                    "관측 기간보다 드물게 탑재하는 보관용인지 알 수 없습니다.",
                ),
            },
            UnseenSignal {
                name: "replication".to_owned(),
                text: Text::new(
                    "Whether it is the copy that another file system replicates to.",
                    "다른 파일 시스템이 복제하는 대상인지 알 수 없습니다.",
                ),
            },
        ],
        notes: vec![Text::new(
            "This deletes data: restore the backup somewhere once before the file system goes. The backup is charged as long as it is kept.",
            "데이터가 삭제됩니다. 삭제 전에 백업을 한 번 복원해 확인하세요. 백업은 보관하는 동안 과금됩니다.",
        )],
    }
}

#[cfg(test)]
mod tests {
    use trimtab_model::metric::Statistic;

    use super::{CHECK, SIGNALS};
    use crate::scene::{Scene, check, days_ago, flat, scene};

    fn watched(value: f64, days: i64) -> Scene {
        SIGNALS.iter().fold(scene().file_system(|_| ()), |scene, metric| {
            scene.metric("fs-1", "AWS/EFS", metric, Statistic::Sum, flat(value, days))
        })
    }

    #[test]
    fn a_file_system_that_nobody_used_fires() {
        check(&CHECK, watched(0.0, 30), "recommend 30.00 / 30.00 / 30.00");
    }

    #[test]
    fn a_file_system_without_mount_targets_fires_without_metrics() {
        let scene = scene().file_system(|one| one.kind.number_of_mount_targets = Some(0));
        check(&CHECK, scene, "recommend 30.00 / 30.00 / 30.00");
    }

    #[test]
    fn a_file_system_with_a_connection_passes() {
        check(&CHECK, watched(1.0, 30), "pass in-use");
    }

    #[test]
    fn a_file_system_of_29_days_is_just_under_the_threshold() {
        let scene = scene().file_system(|one| one.kind.creation_time = Some(days_ago(29)));
        check(&CHECK, scene, "pass too-young");
    }

    #[test]
    fn a_file_system_without_metrics_is_unknown() {
        check(&CHECK, scene().file_system(|_| ()), "unknown metric-missing");
    }
}
