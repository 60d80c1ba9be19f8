//! Finds Aurora clusters on I/O-Optimized that read and write too little for it.
//!
//! **Why it costs.** I/O-Optimized charges more for instances and storage so that I/O is
//! included. A cluster with little I/O pays for what it does not use.
//!
//! **What we do.** Take hours and storage from the bill, price them as Standard, and add the I/O
//! that CloudWatch counted (`VolumeReadIOPs`, `VolumeWriteIOPs`) at the rate that the bill shows
//! for another cluster of the region. Without that rate there is no verdict. Hours follow AWS's
//! published proportion, which is an estimate and needs the policy's consent.
//!
//! **What could go wrong.** After the change every scan and every missing index costs money again.
//! The way back to I/O-Optimized is open once in 30 days. The two counters are metered a little
//! differently from the bill, so a tenth more I/O is assumed.
//!
//! **Where others err.** They look at one direction only.
//!
//! # 한국어
//!
//! I/O가 적은데도 I/O-Optimized를 쓰는 Aurora 클러스터를 찾습니다.
//!
//! **비용이 드는 이유.** I/O-Optimized는 I/O 요금을 포함하는 대신 인스턴스와 스토리지가 더 비쌉니다. I/O가 적은 클러스터는 쓰지 않는
//! 것에 비용을 냅니다.
//!
//! **제안하는 조치.** 청구서의 시간과 스토리지를 Standard 단가로 계산하고, CloudWatch가 센 I/O(`VolumeReadIOPs`,
//! `VolumeWriteIOPs`)에 같은 리전 다른 클러스터의 청구 단가를 곱해 더합니다. 그 단가가 없으면 판단하지 않습니다. 시간 단가는 AWS가
//! 공개한 비율로 추정하며 정책에서 추정을 허용해야 합니다.
//!
//! **주의할 점.** 변경 후에는 전체 스캔이나 인덱스 누락이 다시 비용이 됩니다. I/O-Optimized로는 30일에 한 번만 되돌릴 수 있습니다. 지표와
//! 청구의 집계 방식이 조금 다르므로 I/O를 10% 더 많게 가정합니다.
//!
//! **다른 도구와 다른 점.** 다른 도구는 한쪽 방향만 봅니다.

use rust_decimal::Decimal;

use trimtab_model::action::{Action, Configuration};
use trimtab_model::evidence::{Evidence, Figure};
use trimtab_model::metric::Statistic;
use trimtab_model::period::HOURS_PER_MONTH;
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
    IO_OPTIMIZED, Model, PRICE_MODEL, Part, STANDARD, is_hour, is_storage, price_in, unchangeable,
};
use crate::database::cluster::bill_names;
use crate::database::names;
use crate::observation::{MIN_COVERAGE_PERCENT, MIN_DAYS, Observation};
use crate::pricing::Tariff;
use crate::saving::estimate_of;
use crate::verdict::{Proposal, judge_each, pass, risk, unknown};

const SUM: &[Statistic] = &[Statistic::Sum];

/// The check.
pub static CHECK: Check = Check {
    id: "aurora-storage-io-optimized",
    title: StaticText {
        en: "Aurora cluster on I/O-Optimized with little I/O",
        ko: "I/O가 적은데 I/O-Optimized를 쓰는 Aurora 클러스터",
    },
    kind: ResourceKind::DbCluster,
    action_type: ActionType::Rightsize,
    needs: &[
        Need::Kind(ResourceKind::DbCluster),
        Need::Kind(ResourceKind::DbInstance),
        Need::Metric("AWS/RDS", "VolumeReadIOPs", SUM),
        Need::Metric("AWS/RDS", "VolumeWriteIOPs", SUM),
        Need::OptionalBilling,
    ],
    thresholds: &[
        Threshold {
            name: "io_margin_percent",
            default: "10",
            unit: "%",
            text: StaticText {
                en: "I/O that is assumed above what was counted.",
                ko: "집계된 값보다 더 많게 가정하는 I/O 비율입니다.",
            },
        },
        MIN_DAYS,
        MIN_COVERAGE_PERCENT,
    ],
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
    if cluster.kind.storage_type.as_deref() != Some(IO_OPTIMIZED) {
        return Ok(pass("standard", "It is on Standard.", "Standard 요금을 씁니다."));
    }
    if let Some(verdict) = unchangeable(cluster) {
        return Ok(verdict);
    }
    let own = names::of_cluster(cluster);
    let seen = |metric| Observation::complete(check, facts, cluster, &own, "AWS/RDS", metric, SUM);
    let counted = [seen("VolumeReadIOPs")?, seen("VolumeWriteIOPs")?];
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
    let days = counted.iter().map(Observation::days).fold(f64::MAX, f64::min);
    let margin = 1.0 + check.threshold_f64(facts, "io_margin_percent") / 100.0;
    let monthly = counted
        .iter()
        .map(|series| series.profile.sum / (series.days() * 24.0) * f64::from(HOURS_PER_MONTH))
        .sum::<f64>()
        * margin;
    let quantity = Decimal::try_from(monthly.ceil()).map_err(|_| {
        unknown(
            "io-not-computable",
            "The I/O that was counted is no number.",
            "집계된 I/O 값을 계산할 수 없습니다.",
            &["metrics:AWS/RDS:VolumeReadIOPs"],
        )
    })?;
    let tariff = Tariff::of(facts, cluster);
    let io = tariff.meter("I/O", quantity, "aurora/io")?;
    let priced = |part, component: &CostComponent| {
        let price = price_in(&tariff, Model::Standard, part, &component.price)?;
        let name = format!("{} on Standard", component.name);
        Ok(CostComponent { name, quantity: component.quantity, price })
    };
    let after = vec![priced(Part::Hours, &hours)?, priced(Part::Storage, &storage)?, io];
    let savings = estimate_of(facts, &reference, &names, PRICE_MODEL, vec![hours, storage], after)?;
    let setting = |storage_type: &str| Configuration::ClusterStorageType(storage_type.to_owned());
    Ok(Proposal {
        action: Action::Configure { from: setting(IO_OPTIMIZED), to: setting(STANDARD) },
        finding: Finding::NotOptimized,
        reason_codes: vec![ReasonCode::CheaperPricingAvailable],
        reason: Reason::new(
            "little-io",
            format!("It would make about {monthly:.0} charged operations a month, which cost less than I/O-Optimized adds."),
            format!("월 약 {monthly:.0}건의 I/O가 과금되며, I/O-Optimized로 늘어나는 비용보다 저렴합니다."),
        ),
        savings,
        performance_risk: risk(cluster.environment, 0),
        effort: ImplementationEffort::VeryLow,
        restart_needed: Restart::NotNeeded,
        undo: Undo::Compensating(Text::new(
            "It can go back to I/O-Optimized once 30 days have passed since its last change to it.",
            "마지막으로 I/O-Optimized로 변경한 뒤 30일이 지나야 되돌릴 수 있습니다.",
        )),
        evidence: Evidence {
            window_days: Some(days as u32),
            figures: vec![Figure::number("io_per_month", "I/O a month", "월 I/O", monthly.ceil(), "")],
            coverage: counted.iter().map(Observation::coverage).collect(),
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

    fn cluster(reads_per_period: f64) -> Scene {
        let arn = "arn:aws:rds:us-east-1:111122223333:cluster:cluster-ABC";
        let mut scene = scene()
            .allowing_estimates()
            .db_cluster(|one| one.kind.storage_type = Some("aurora-iopt1".into()))
            .bill("db", "InstanceUsageIOOptimized:db.r6g.large", "720", "260")
            .bill(arn, "Aurora:IO-OptimizedStorageUsage", "1000", "225")
            .bill("other", "Aurora:StorageIOUsage", "1000000", "0.2");
        for (metric, value) in [("VolumeReadIOPs", reads_per_period), ("VolumeWriteIOPs", 0.0)] {
            scene = scene.metric("game", "AWS/RDS", metric, Statistic::Sum, flat(value, 14));
        }
        scene
    }

    #[test]
    fn a_cluster_with_little_io_fires() {
        // 485 against 200 and 100, per 30 days; 9.636 million operations at 0.2.
        check(&CHECK, cluster(1000.0), "recommend 185.64 / 185.64 / 185.64");
    }

    #[test]
    fn a_cluster_with_much_io_passes() {
        check(&CHECK, cluster(1_000_000.0), "pass no-saving");
        check(&CHECK, scene().db_cluster(|_| ()), "pass standard");
    }

    #[test]
    fn just_under_the_break_even_it_fires_and_above_it_passes() {
        check(&CHECK, cluster(97_000.0), "recommend 0.63 / 0.63 / 0.63");
        check(&CHECK, cluster(97_500.0), "pass no-saving");
    }

    #[test]
    fn without_a_rate_of_io_it_is_unknown() {
        let mut scene = cluster(1000.0);
        scene.charges.resources.retain(|charge| charge.resource_id.as_str() != "other");
        check(&CHECK, scene, "unknown price-missing");
        let unmeasured = scene_without_metrics();
        check(&CHECK, unmeasured, "unknown metric-missing");
    }

    fn scene_without_metrics() -> Scene {
        scene().db_cluster(|one| one.kind.storage_type = Some("aurora-iopt1".into()))
    }
}
