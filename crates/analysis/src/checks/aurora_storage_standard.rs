//! Finds Aurora clusters on Standard whose I/O costs more than I/O-Optimized would.
//!
//! **Why it costs.** Aurora Standard charges every million reads and writes of storage.
//! I/O-Optimized charges none, but more for instances and storage. For a cluster that reads and
//! writes much the second is cheaper.
//!
//! **What we do.** Take hours, storage and I/O of the cluster from the bill, price hours and
//! storage anew, and leave the I/O away. The storage price is the bill's own where another cluster
//! is on I/O-Optimized; else both follow AWS's published proportion, which is an estimate and
//! needs the policy's consent. Without the I/O on the bill there is no verdict.
//!
//! **What could go wrong.** The change needs no restart, but it can be made to I/O-Optimized only
//! once in 30 days; back to Standard is possible at any time. Reserved instances cover an
//! I/O-Optimized hour for the part of its price that Standard costs. A load that was
//! exceptional in the billed month makes a poor forecast.
//!
//! **Where others err.** They compare I/O with a quarter of the bill instead of computing both.
//!
//! # 한국어
//!
//! I/O 비용이 I/O-Optimized로 바꿨을 때보다 더 나오는 Aurora Standard 클러스터를 찾습니다.
//!
//! **비용이 드는 이유.** Aurora Standard는 스토리지 읽기와 쓰기 100만 건마다 과금합니다. I/O-Optimized는 I/O 요금이 없는 대신
//! 인스턴스와 스토리지가 더 비쌉니다. 읽기와 쓰기가 많은 클러스터에는 후자가 저렴합니다.
//!
//! **제안하는 조치.** 청구서에서 클러스터의 시간, 스토리지, I/O 비용을 가져와 시간과 스토리지를 새 단가로 계산하고 I/O를 뺍니다. 다른
//! 클러스터가 I/O-Optimized를 쓰면 스토리지 단가는 청구서 값을 쓰고, 없으면 AWS가 공개한 비율로 추정하며 정책에서 추정을 허용해야
//! 합니다. 청구서에 I/O 비용이 없으면 판단하지 않습니다.
//!
//! **주의할 점.** 재시작은 필요 없지만 I/O-Optimized로는 30일에 한 번만 바꿀 수 있습니다. Standard로는 언제든 되돌릴 수 있습니다. 예약
//! 인스턴스는 I/O-Optimized 시간 요금 중 Standard 가격에 해당하는 만큼만 덮습니다. 청구된 달의 부하가 예외적이었다면 예측이
//! 어긋납니다.
//!
//! **다른 도구와 다른 점.** 다른 도구는 양쪽을 계산하지 않고 I/O 비용이 전체의 4분의 1을 넘는지만 봅니다.

use trimtab_model::action::{Action, Configuration};
use trimtab_model::evidence::{Evidence, Figure};
use trimtab_model::recommendation::{
    ActionType, CostComponent, Finding, ImplementationEffort, ReasonCode, Restart, Threshold, Undo,
    Unknown, Verdict,
};
use trimtab_model::resource::db_cluster::DbCluster;
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::text::{Reason, StaticText, Text};

use crate::billed;
use crate::check::{Check, Facts, Need};
use crate::database::aurora::{
    IO_OPTIMIZED, Model, PRICE_MODEL, Part, STANDARD, is_hour, is_io, is_storage, price_in,
    unchangeable,
};
use crate::database::cluster::bill_names;
use crate::pricing::Tariff;
use crate::saving::estimate_of;
use crate::verdict::{Proposal, exempt, judge_each, pass, risk, unknown};

/// The check.
pub static CHECK: Check = Check {
    id: "aurora-storage-standard",
    title: StaticText {
        en: "Aurora cluster whose I/O costs more than I/O-Optimized would",
        ko: "I/O-Optimized보다 I/O 비용이 더 나오는 Aurora 클러스터",
    },
    kind: ResourceKind::DbCluster,
    action_type: ActionType::Upgrade,
    needs: &[
        Need::Kind(ResourceKind::DbCluster),
        Need::Kind(ResourceKind::DbInstance),
        Need::OptionalBilling,
    ],
    thresholds: &[Threshold {
        name: "min_billed_days",
        default: "14",
        unit: "days",
        text: StaticText {
            en: "Days that the bill must cover: I/O differs between workdays and weekends.",
            ko: "청구서가 포함해야 하는 일수입니다. 평일과 주말의 I/O가 다르기 때문입니다.",
        },
    }],
    judge: |check, facts| {
        let ours = facts
            .snapshot
            .db_clusters
            .iter()
            .filter(|cluster| cluster.kind.engine.starts_with("aurora"));
        judge_each(check, facts, ResourceKind::DbCluster, ours, judge)
    },
};

fn judge(
    check: &Check,
    facts: &Facts<'_>,
    cluster: &Resource<DbCluster>,
) -> Result<Verdict, Unknown> {
    if cluster.kind.storage_type.as_deref() == Some(IO_OPTIMIZED) {
        return Ok(pass("io-optimized", "It is on I/O-Optimized.", "이미 I/O-Optimized입니다."));
    }
    if let Some(verdict) = unchangeable(cluster) {
        return Ok(verdict);
    }
    if let Some(next) =
        cluster.kind.io_optimized_next_allowed_modification_time.filter(|next| *next > facts.now)
    {
        return Ok(exempt(
            "changed-recently",
            format!("AWS allows the next change to I/O-Optimized at {next}."),
            format!("{next} 이후에야 I/O-Optimized로 다시 바꿀 수 있습니다."),
        ));
    }
    billed::require_days(facts, check.threshold(facts, "min_billed_days"))?;
    let reference = cluster.reference(ResourceKind::DbCluster);
    let names = bill_names(facts, cluster);
    let (Some(hours), Some(storage)) = (
        billed::part(facts, &reference, &names, "instance hours", is_hour),
        billed::part(facts, &reference, &names, "storage", is_storage),
    ) else {
        return Err(unknown(
            "cluster-not-billed",
            "The bill does not name the hours and the storage of the cluster.",
            "청구서에 이 클러스터의 시간과 스토리지 비용이 없습니다.",
            &["billing"],
        ));
    };
    let Some(io) = billed::part(facts, &reference, &names, "I/O", is_io) else {
        return Ok(pass(
            "no-io-charge",
            "The bill has no I/O of the cluster, so there is none to save.",
            "청구서에 이 클러스터의 I/O 비용이 없어 절감할 것이 없습니다.",
        ));
    };
    let tariff = Tariff::of(facts, cluster);
    let priced = |part, component: &CostComponent| {
        let price = price_in(&tariff, Model::IoOptimized, part, &component.price)?;
        let name = format!("{} on I/O-Optimized", component.name);
        Ok(CostComponent { name, quantity: component.quantity, price })
    };
    let after = vec![priced(Part::Hours, &hours)?, priced(Part::Storage, &storage)?];
    let savings =
        estimate_of(facts, &reference, &names, PRICE_MODEL, vec![hours, storage, io], after)?;
    let setting = |storage_type: &str| Configuration::ClusterStorageType(storage_type.to_owned());
    Ok(Proposal {
        action: Action::Configure { from: setting(STANDARD), to: setting(IO_OPTIMIZED) },
        finding: Finding::NotOptimized,
        reason_codes: vec![ReasonCode::CheaperPricingAvailable],
        reason: Reason::new(
            "io-dearer-than-included",
            "Its I/O costs more than I/O-Optimized adds to instances and storage.",
            "I/O 비용이 I/O-Optimized로 늘어나는 인스턴스와 스토리지 비용보다 큽니다.",
        ),
        savings,
        performance_risk: risk(cluster.environment, 0),
        effort: ImplementationEffort::VeryLow,
        restart_needed: Restart::NotNeeded,
        undo: Undo::Exact,
        evidence: Evidence {
            figures: vec![Figure::word("storage_type", "Storage now", "현재 스토리지", STANDARD)],
            notes: vec![Text::new(
                "Aurora MySQL 3.03.1 and PostgreSQL 13.10, 14.7 and 15.2 are the first versions with I/O-Optimized.",
                "I/O-Optimized는 Aurora MySQL 3.03.1과 PostgreSQL 13.10, 14.7, 15.2부터 지원합니다.",
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

    fn cluster(io_usd: &str) -> Scene {
        let arn = "arn:aws:rds:us-east-1:111122223333:cluster:cluster-ABC";
        scene()
            .allowing_estimates()
            .db_cluster(|_| ())
            .bill("db", "InstanceUsage:db.r6g.large", "720", "200")
            .bill(arn, "Aurora:StorageUsage", "1000", "100")
            .bill(arn, "Aurora:StorageIOUsage", "1000000000", io_usd)
    }

    #[test]
    fn io_that_costs_more_than_it_would_add_fires() {
        // 300 of I/O against 60 and 125 more, per 30 days.
        check(&CHECK, cluster("300"), "recommend 116.60 / 116.60 / 116.60");
    }

    #[test]
    fn little_io_passes() {
        check(&CHECK, cluster("50"), "pass no-saving");
        let optimized =
            scene().db_cluster(|one| one.kind.storage_type = Some("aurora-iopt1".into()));
        check(&CHECK, optimized, "pass io-optimized");
    }

    #[test]
    fn just_under_the_break_even_passes() {
        check(&CHECK, cluster("184.99"), "pass no-saving");
        check(&CHECK, cluster("186"), "recommend 1.01 / 1.01 / 1.01");
    }

    #[test]
    fn without_a_bill_or_consent_it_is_unknown() {
        check(&CHECK, scene().db_cluster(|_| ()), "unknown bill-too-short");
        let mut careful = cluster("300");
        careful.policy = Default::default();
        check(&CHECK, careful, "unknown price-only-estimated");
    }
}
