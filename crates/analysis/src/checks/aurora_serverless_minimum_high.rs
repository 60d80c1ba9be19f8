//! Finds Aurora Serverless v2 clusters that idle at a minimum capacity above what they need.
//!
//! **Why it costs.** Every instance of the cluster is charged for its minimum capacity, day and
//! night. Where the capacity sits at the minimum nearly always, the minimum is what is paid.
//!
//! **What we do.** Where the capacity stood at the minimum for nine tenths of the time, lower the
//! minimum to what the processor used at the 99th percentile, with room, in steps of a half, never
//! below what the threshold says. Scaling up stays as it is. The price is the bill's own rate of a
//! capacity unit.
//!
//! **What could go wrong.** A lower minimum has less memory for cached pages, and scales up from
//! further below: the first minutes of a peak are slower. Features such as Global Database or
//! Performance Insights want a higher minimum; the threshold is where to say so. How much memory
//! the engine would give back is not measured, so `low` counts nothing.
//!
//! **Where others err.** They look at the capacity, which never falls below the minimum, and find
//! that the minimum is needed.
//!
//! # 한국어
//!
//! 필요 이상으로 높은 최소 용량에 머무는 Aurora Serverless v2 클러스터를 찾습니다.
//!
//! **비용이 드는 이유.** 클러스터의 모든 인스턴스는 밤낮없이 최소 용량만큼 과금됩니다. 용량이 거의 항상 최솟값이라면 그 최솟값이 곧
//! 비용입니다.
//!
//! **제안하는 조치.** 관측 시간의 90% 동안 용량이 최솟값이었다면, 프로세서 사용량 99 백분위에 여유를 더한 값까지 0.5 단위로 최솟값을
//! 낮춥니다. 임곗값 아래로는 내리지 않으며 확장 방식은 그대로입니다. 단가는 청구서의 용량 단위 단가를 씁니다.
//!
//! **주의할 점.** 최솟값이 낮아지면 캐시할 메모리가 줄고 더 낮은 곳에서부터 확장하므로 피크 초반이 느려집니다. Global Database나
//! Performance Insights 같은 기능에는 더 높은 최솟값이 필요하며 임곗값으로 지정할 수 있습니다. 엔진이 메모리를 얼마나 돌려줄지는 측정할
//! 수 없어 최소 절감액(`low`)은 0으로 둡니다.
//!
//! **다른 도구와 다른 점.** 다른 도구는 최솟값 아래로 내려가지 않는 용량 지표만 보고 현재 최솟값이 필요하다고 판단합니다.

use rust_decimal::Decimal;

use trimtab_model::action::{Action, Configuration};
use trimtab_model::evidence::{Evidence, Figure, UnseenSignal};
use trimtab_model::metric::Statistic;
use trimtab_model::period::HOURS_PER_MONTH;
use trimtab_model::recommendation::{
    ActionType, CostComponent, Finding, ImplementationEffort, ReasonCode, Restart, Threshold, Undo,
    Unknown, Verdict,
};
use trimtab_model::resource::db_cluster::DbCluster;
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::text::{Reason, StaticText, Text};

use crate::check::{Check, Facts, Need};
use crate::database::cluster::{bill_names, members};
use crate::database::names;
use crate::observation::{MIN_COVERAGE_PERCENT, MIN_DAYS, Observation};
use crate::pricing::{Tariff, usage_name};
use crate::saving::{Commitment, Meter, estimate_of, narrowed};
use crate::verdict::{Proposal, judge_each, pass, risk, unknown};

const LEVEL: &[Statistic] = &[Statistic::Maximum, Statistic::Average];
const PEAKS: &[Statistic] = &[Statistic::Maximum, Statistic::Average];

/// Picks the hours of capacity units.
const CAPACITY_HOURS: Meter = Meter {
    charges: |charge| {
        charge
            .usage_type
            .as_deref()
            .is_some_and(|usage| usage_name(usage).starts_with("Aurora:ServerlessV2"))
    },
    commitment: Commitment::Impossible,
};

/// Share of the time for which the capacity must stand at the minimum: its 90th percentile.
const AT_MINIMUM: &str = "0.9";

/// The check.
pub static CHECK: Check = Check {
    id: "aurora-serverless-minimum-high",
    title: StaticText {
        en: "Aurora Serverless cluster whose minimum capacity is above its use",
        ko: "최소 용량이 사용량보다 높은 Aurora Serverless 클러스터",
    },
    kind: ResourceKind::DbCluster,
    action_type: ActionType::Rightsize,
    needs: &[
        Need::Kind(ResourceKind::DbCluster),
        Need::Kind(ResourceKind::DbInstance),
        Need::Metric("AWS/RDS", "ServerlessDatabaseCapacity", LEVEL),
        Need::Metric("AWS/RDS", "CPUUtilization", PEAKS),
        Need::OptionalBilling,
    ],
    thresholds: &[
        Threshold {
            name: "least_acu",
            default: "0.5",
            unit: "ACU",
            text: StaticText {
                en: "The lowest minimum that is proposed.",
                ko: "제안할 수 있는 가장 낮은 최소 용량입니다.",
            },
        },
        Threshold {
            name: "room_percent",
            default: "50",
            unit: "%",
            text: StaticText {
                en: "Room above the processor that was used: scaling up takes time.",
                ko: "사용한 프로세서 위의 여유입니다. 확장에는 시간이 걸립니다.",
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
            .filter(|cluster| cluster.kind.serverless_v2_scaling.is_some());
        judge_each(check, facts, ResourceKind::DbCluster, ours, judge)
    },
};

fn judge(
    check: &Check,
    facts: &Facts<'_>,
    cluster: &Resource<DbCluster>,
) -> Result<Verdict, Unknown> {
    let scaling = cluster.kind.serverless_v2_scaling.as_ref();
    let range = scaling.and_then(|scaling| scaling.min_capacity.zip(scaling.max_capacity));
    let listed = members(facts, cluster);
    let serverless: Vec<_> =
        listed.iter().filter(|db| db.kind.db_instance_class.as_str() == "db.serverless").collect();
    let (Some((min, max)), true) = (range, listed.len() == cluster.kind.db_cluster_members.len())
    else {
        return Err(unknown(
            "scaling-unknown",
            "The range of capacity or a member of the cluster is not known.",
            "용량 범위나 클러스터 멤버 정보를 알 수 없습니다.",
            &["inventory:describe-db-clusters", "inventory:describe-db-instances"],
        ));
    };
    let least = check.threshold(facts, "least_acu").max(Decimal::new(5, 1));
    if serverless.is_empty() || min <= least {
        return Ok(pass(
            "minimum-low",
            format!("Its minimum is {} capacity units, or no member scales.", min.normalize()),
            format!("최소 용량이 {} ACU이거나 확장하는 멤버가 없습니다.", min.normalize()),
        ));
    }
    let (min_f64, max_f64) = (to_f64(min), to_f64(max));
    let (mut busiest, mut p90, mut days) = (0.0_f64, 0.0_f64, f64::MAX);
    let mut coverage = Vec::new();
    for member in &serverless {
        // The cluster's own series is the highest of its members.
        let mut names = names::of_instance(member);
        names.extend(names::of_cluster(cluster));
        let capacity = Observation::complete(
            check,
            facts,
            cluster,
            &names,
            "AWS/RDS",
            "ServerlessDatabaseCapacity",
            LEVEL,
        )?;
        let cpu = Observation::complete(
            check,
            facts,
            cluster,
            &names,
            "AWS/RDS",
            "CPUUtilization",
            PEAKS,
        )?;
        // CPUUtilization of a serverless instance is a share of the maximum capacity.
        busiest = busiest.max(cpu.profile.p99 / 100.0 * max_f64);
        p90 = p90.max(capacity.profile.p90);
        days = days.min(capacity.days()).min(cpu.days());
        coverage.extend([capacity.coverage(), cpu.coverage()]);
    }
    if p90 > min_f64 + 0.25 {
        return Ok(pass(
            "scales",
            format!("It needs more than its minimum: {p90:.1} units at the 90th percentile."),
            format!("90 백분위에서 {p90:.1} ACU를 쓰므로 최솟값보다 더 필요합니다."),
        ));
    }
    let room = 1.0 + check.threshold_f64(facts, "room_percent") / 100.0;
    let halves = Decimal::try_from((busiest * room * 2.0).ceil()).unwrap_or(min * Decimal::TWO);
    let target = (halves / Decimal::TWO).max(least);
    if target >= min {
        return Ok(pass(
            "minimum-used",
            format!("Its processor needs {busiest:.1} capacity units."),
            format!("프로세서가 {busiest:.1} ACU를 필요로 합니다."),
        ));
    }
    let share: Decimal = AT_MINIMUM.parse().expect("a decimal constant of this file");
    let hours = Decimal::from(HOURS_PER_MONTH) * Decimal::from(serverless.len() as u64) * share;
    let price = Tariff::of(facts, cluster).meter_price("aurora/acu_hour")?;
    let component = |capacity: Decimal| CostComponent {
        name: format!("{} ACU at the minimum", capacity.normalize()),
        quantity: hours * capacity,
        price: price.clone(),
    };
    let reference = cluster.reference(ResourceKind::DbCluster);
    let savings = estimate_of(
        facts,
        &reference,
        &bill_names(facts, cluster),
        CAPACITY_HOURS,
        vec![component(min)],
        vec![component(target)],
    )?;
    let savings = narrowed(savings, Decimal::ZERO, Decimal::ONE)?;
    let setting = |min_capacity| Configuration::ClusterCapacity { min_capacity, max_capacity: max };
    Ok(Proposal {
        action: Action::Configure { from: setting(min), to: setting(target) },
        finding: Finding::Overprovisioned,
        reason_codes: vec![ReasonCode::CPUOverprovisioned],
        reason: Reason::new(
            "minimum-above-use",
            format!("The capacity stood at its minimum of {} for nine tenths of {days:.0} days.", min.normalize()),
            format!("{days:.0}일 중 90%의 시간 동안 용량이 최솟값 {} ACU에 머물렀습니다.", min.normalize()),
        ),
        savings,
        performance_risk: risk(cluster.environment, 1),
        effort: ImplementationEffort::VeryLow,
        restart_needed: Restart::NotNeeded,
        undo: Undo::Exact,
        evidence: Evidence {
            window_days: Some(days as u32),
            figures: vec![
                Figure::number("capacity_p90", "Capacity, 90th percentile", "용량 90 백분위", p90, "ACU")
                    .against(min_f64),
                Figure::number("cpu_p99_acu", "Processor, 99th percentile", "프로세서 99 백분위", (busiest * 100.0).round() / 100.0, "ACU")
                    .against(to_f64(target)),
            ],
            coverage,
            signals_not_seen: vec![UnseenSignal {
                name: "memory".to_owned(),
                text: Text::new(
                    "How much memory the working set needs: it may keep the capacity up.",
                    "작업 집합에 필요한 메모리를 알 수 없으며, 그 때문에 용량이 내려가지 않을 수 있습니다.",
                ),
            }],
            notes: Vec::new(),
        },
    }
    .into_verdict(check, reference))
}

fn to_f64(value: Decimal) -> f64 {
    use rust_decimal::prelude::ToPrimitive;
    value.to_f64().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use trimtab_model::metric::Statistic;
    use trimtab_model::resource::db_cluster::ServerlessV2Scaling;

    use super::CHECK;
    use crate::scene::{Scene, check, flat, scene};

    fn cluster(min: u32, capacity: f64, cpu: f64) -> Scene {
        scene()
            .price("aurora/acu_hour", "0.12")
            .db_cluster(|one| {
                one.kind.serverless_v2_scaling = Some(ServerlessV2Scaling {
                    min_capacity: Some(min.into()),
                    max_capacity: Some(32.into()),
                });
            })
            .db_instance(|db| {
                db.kind.db_instance_class = "db.serverless".into();
                db.kind.engine = "aurora-mysql".into();
            })
            .metric(
                "db",
                "AWS/RDS",
                "ServerlessDatabaseCapacity",
                Statistic::Average,
                flat(capacity, 14),
            )
            .metric("db", "AWS/RDS", "CPUUtilization", Statistic::Maximum, flat(cpu, 14))
    }

    #[test]
    fn a_minimum_that_is_never_needed_fires() {
        // From 8 to 1 units for 657 hours at 0.12.
        check(&CHECK, cluster(8, 8.0, 2.0), "recommend 0.00 / 551.88 / 551.88");
    }

    #[test]
    fn a_cluster_that_scales_passes() {
        check(&CHECK, cluster(8, 12.0, 20.0), "pass scales");
    }

    #[test]
    fn just_under_its_minimum_it_fires_and_at_it_passes() {
        check(&CHECK, cluster(8, 8.0, 16.6), "pass minimum-used");
        check(&CHECK, cluster(8, 8.0, 15.6), "recommend 0.00 / 39.42 / 39.42");
    }

    #[test]
    fn without_metrics_or_a_price_it_is_unknown() {
        check(
            &CHECK,
            cluster(8, 8.0, 2.0).without_price("aurora/acu_hour"),
            "unknown price-missing",
        );
        let mut unlisted = cluster(8, 8.0, 2.0);
        unlisted.snapshot.db_instances.clear();
        check(&CHECK, unlisted, "unknown scaling-unknown");
    }
}
