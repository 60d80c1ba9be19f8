//! Finds ElastiCache clusters whose data and work fit into smaller nodes.
//!
//! **Why it costs.** A cache is sized for the launch and charged by the node-hour ever after; each
//! size up doubles the price of every node.
//!
//! **What we do.** Propose the smallest size of the same family whose memory holds the most that
//! was in use on any node, and whose processors carry the peak, each with room. Valkey and Redis
//! work on one core, so the engine's own CPU must be low as well: a smaller node has no faster
//! core. Without memory metrics there is no verdict.
//!
//! **What could go wrong.** The change moves the data to new nodes and fails over: connections break
//! for seconds. A cache that fills its memory and evicts is *not* found here, nor are Memcached
//! (whose node type cannot change in place), burstable types, and data tiering. Network bandwidth
//! falls with the size.
//!
//! **Where others err.** They look at the host's CPU, which shows a quarter of the truth on four
//! cores, and at free memory of one node.
//!
//! # 한국어
//!
//! 데이터와 작업량이 더 작은 노드에 들어가는 ElastiCache 클러스터를 찾습니다.
//!
//! **비용이 드는 이유.** 캐시는 출시에 맞춰 크기를 정한 뒤 노드 시간당 계속 과금되며, 한 단계 커질 때마다 모든 노드의 가격이 두 배가
//! 됩니다.
//!
//! **제안하는 조치.** 같은 패밀리에서 모든 노드의 최대 메모리 사용량과 최대 작업량에 여유를 더해도 들어가는 가장 작은 크기를 제안합니다.
//! Valkey와 Redis는 코어 하나에서 동작하고 작은 노드라고 코어가 더 빠르지는 않으므로 엔진 CPU도 낮아야 합니다. 메모리 지표가 없으면
//! 판단하지 않습니다.
//!
//! **주의할 점.** 변경하면 데이터를 새 노드로 옮기고 장애 조치하므로 연결이 몇 초간 끊깁니다. 메모리를 채우고 키를 밀어내는 캐시,
//! 노드 유형을 바꿀 수 없는 Memcached, 버스트 유형, 데이터 계층화는 추천하지 않습니다. 크기가 줄면 네트워크 대역폭도 줄어듭니다.
//!
//! **다른 도구와 다른 점.** 다른 도구는 4코어에서 실제의 4분의 1로 보이는 호스트 CPU와 한 노드의 여유 메모리만 봅니다.

use trimtab_model::action::{Action, Configuration};
use trimtab_model::evidence::{Evidence, Figure, UnseenSignal};
use trimtab_model::metric::Statistic;
use trimtab_model::recommendation::{
    ActionType, Finding, ImplementationEffort, ReasonCode, Restart, Threshold, Undo, Unknown,
    Verdict,
};
use trimtab_model::resource::cache_cluster::CacheCluster;
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::text::{Reason, StaticText, Text};

use crate::cache::capacity;
use crate::cache::group::{Cache, Judged};
use crate::check::{Check, Facts, Need};
use crate::nodes::{NODE_HOURS, series_and_generation};
use crate::observation::{MIN_COVERAGE_PERCENT, MIN_DAYS, Observation};
use crate::pricing::Tariff;
use crate::saving::estimate_of;
use crate::verdict::{Proposal, exempt, judge_each, pass, risk, unknown};

const NAMESPACE: &str = "AWS/ElastiCache";
const PEAKS: &[Statistic] = &[Statistic::Maximum, Statistic::Average];
const MEMORY: &str = "DatabaseMemoryUsagePercentage";
const ENGINE_CPU: &str = "EngineCPUUtilization";
const HOST_CPU: &str = "CPUUtilization";

/// The check.
pub static CHECK: Check = Check {
    id: "elasticache-cluster-oversized",
    title: StaticText {
        en: "ElastiCache cluster whose data fits into smaller nodes",
        ko: "데이터가 더 작은 노드에 들어가는 ElastiCache 클러스터",
    },
    kind: ResourceKind::CacheCluster,
    action_type: ActionType::Rightsize,
    needs: &[
        Need::Kind(ResourceKind::CacheCluster),
        Need::Metric(NAMESPACE, MEMORY, PEAKS),
        Need::Metric(NAMESPACE, ENGINE_CPU, PEAKS),
        Need::Metric(NAMESPACE, HOST_CPU, PEAKS),
        Need::OptionalBilling,
    ],
    thresholds: &[
        Threshold {
            name: "max_memory_percent",
            default: "70",
            unit: "%",
            text: StaticText {
                en: "Share of the new node's memory that the most data may fill: backups and failovers need the rest.",
                ko: "최대 데이터가 새 노드 메모리에서 차지할 수 있는 비율입니다. 나머지는 백업과 장애 조치에 필요합니다.",
            },
        },
        Threshold {
            name: "max_cpu_percent",
            default: "60",
            unit: "%",
            text: StaticText {
                en: "CPU that the peak may reach, of the engine's core and of the new node.",
                ko: "엔진 코어와 새 노드에서 피크가 도달할 수 있는 CPU 사용률입니다.",
            },
        },
        MIN_DAYS,
        MIN_COVERAGE_PERCENT,
    ],
    judge: |check, facts| {
        let kind = ResourceKind::CacheCluster;
        judge_each(check, facts, kind, &facts.snapshot.cache_clusters, judge)
    },
};

fn judge(
    check: &Check,
    facts: &Facts<'_>,
    cluster: &Resource<CacheCluster>,
) -> Result<Verdict, Unknown> {
    let cache = match Cache::of(facts, cluster)? {
        Judged::Here(cache) => cache,
        Judged::NotHere(verdict) => return Ok(verdict),
    };
    let node = cache.node_type();
    let Some((family, size)) = node.family_and_size() else { return Err(type_unknown(&node.name)) };
    let Some((series, _)) = series_and_generation(family) else {
        return Err(type_unknown(&node.name));
    };
    let tiering = cluster
        .kind
        .replication_group
        .as_ref()
        .is_some_and(|group| group.data_tiering.as_deref() == Some("enabled"));
    if cluster.kind.engine == "memcached" || series == "t" || tiering {
        return Ok(exempt(
            "not-resizable",
            "Memcached, burstable types and data tiering are not sized here.",
            "Memcached와 버스트 유형, 데이터 계층화는 여기서 크기를 판단하지 않습니다.",
        ));
    }
    if cache.has_pending_modifications() {
        return Ok(exempt(
            "pending-modifications",
            "Other modifications are pending.",
            "대기 중인 다른 변경 사항이 있습니다.",
        ));
    }
    let Some(now) = capacity::of(series, size) else { return Err(type_unknown(&node.name)) };
    let subjects = cache.subjects();
    let highest = |metric: &'static str| -> Result<(f64, Vec<Observation<'_>>), Unknown> {
        let seen = subjects
            .iter()
            .map(|names| {
                Observation::complete(check, facts, cluster, names, NAMESPACE, metric, PEAKS)
            })
            .collect::<Result<Vec<_>, Unknown>>()?;
        Ok((seen.iter().map(|series| series.profile.max).fold(0.0, f64::max), seen))
    };
    let (memory, seen_memory) = highest(MEMORY)?;
    let (engine, seen_engine) = highest(ENGINE_CPU)?;
    let (host, seen_host) = highest(HOST_CPU)?;
    let max_memory = check.threshold_f64(facts, "max_memory_percent");
    let max_cpu = check.threshold_f64(facts, "max_cpu_percent");
    let fits = |other: &capacity::Capacity| {
        other.memory_gib < now.memory_gib
            && memory * now.memory_gib / other.memory_gib <= max_memory
            && engine <= max_cpu
            && host * f64::from(now.vcpu) / f64::from(other.vcpu) <= max_cpu
    };
    let Some(smaller) = capacity::smaller_first(series).find(fits) else {
        return Ok(pass(
            "optimized",
            format!("Memory at {memory:.0} % and the engine at {engine:.0} % need its size."),
            format!("메모리 {memory:.0}%, 엔진 CPU {engine:.0}%로 현재 크기가 필요합니다."),
        ));
    };
    let tariff = Tariff::of(facts, cluster);
    let target = node.sibling(family, smaller.size);
    let reference = cluster.reference(ResourceKind::CacheCluster);
    let savings = estimate_of(
        facts,
        &reference,
        &cache.bill_names(),
        NODE_HOURS,
        vec![node.hours(facts, &tariff, cache.nodes)?],
        vec![target.hours(facts, &tariff, cache.nodes)?],
    )?;
    let seen: Vec<_> = seen_memory.into_iter().chain(seen_engine).chain(seen_host).collect();
    let days = seen.iter().map(Observation::days).fold(f64::MAX, f64::min);
    let setting = |cache_node_type: &str| Configuration::CacheNodeType {
        scope: cache.scope(),
        cache_node_type: cache_node_type.to_owned(),
    };
    let after = memory * now.memory_gib / smaller.memory_gib;
    Ok(Proposal {
        action: Action::Configure { from: setting(&node.name), to: setting(&target.name) },
        finding: Finding::Overprovisioned,
        reason_codes: vec![ReasonCode::MemoryOverprovisioned, ReasonCode::CPUOverprovisioned],
        reason: Reason::new(
            "smaller-node-fits",
            format!("In {days:.0} days memory stayed at {memory:.0} % and the engine at {engine:.0} %: {} suffices.", target.name),
            format!("{days:.0}일 동안 메모리 최대 {memory:.0}%, 엔진 CPU 최대 {engine:.0}%였습니다. {} 노드로 충분합니다.", target.name),
        ),
        savings,
        performance_risk: risk(cluster.environment, 1),
        effort: ImplementationEffort::Medium,
        restart_needed: Restart::Needed,
        undo: Undo::Exact,
        evidence: Evidence {
            window_days: Some(days as u32),
            figures: vec![
                Figure::number("memory_after", "Memory afterwards, maximum", "변경 후 최대 메모리", after.round(), "%").against(max_memory),
                Figure::number("engine_cpu_max", "CPU of the engine, maximum", "엔진 CPU 최댓값", engine.round(), "%").against(max_cpu),
                Figure::number("cpu_max", "CPU of the node, maximum", "노드 CPU 최댓값", host.round(), "%"),
            ],
            coverage: seen.iter().map(Observation::coverage).collect(),
            signals_not_seen: vec![UnseenSignal {
                name: "network".to_owned(),
                text: Text::new(
                    "Whether the peak of the network fits the smaller node's bandwidth.",
                    "네트워크 피크가 더 작은 노드의 대역폭에 들어가는지 확인하지 못했습니다.",
                ),
            }],
            notes: vec![Text::new(
                "`aws elasticache list-allowed-node-type-modifications` says whether AWS allows the change now.",
                "지금 변경할 수 있는지는 `aws elasticache list-allowed-node-type-modifications`로 확인할 수 있습니다.",
            )],
        },
    }
    .into_verdict(check, reference))
}

fn type_unknown(name: &str) -> Unknown {
    unknown(
        "node-type-unknown",
        format!("How much memory {name} has is not known."),
        format!("{name} 노드의 메모리 크기를 알 수 없습니다."),
        &["catalogue:cache-nodes"],
    )
}

#[cfg(test)]
mod tests {
    use trimtab_model::metric::Statistic;

    use super::CHECK;
    use crate::scene::{Scene, check, flat, scene};

    fn cache(memory: f64, engine: f64, host: f64) -> Scene {
        let mut scene = scene()
            .price("elasticache/redis_cache.r6g.xlarge", "0.411")
            .price("elasticache/redis_cache.r6g.large", "0.206")
            .cache_cluster(|_| ());
        for (metric, value) in [
            ("DatabaseMemoryUsagePercentage", memory),
            ("EngineCPUUtilization", engine),
            ("CPUUtilization", host),
        ] {
            scene = scene.metric(
                "sessions",
                "AWS/ElastiCache",
                metric,
                Statistic::Maximum,
                flat(value, 14),
            );
        }
        scene
    }

    #[test]
    fn data_that_fits_into_half_the_memory_fires() {
        // 0.205 USD for 730 hours.
        check(&CHECK, cache(30.0, 20.0, 10.0), "recommend 93.53 / 149.65 / 149.65");
    }

    #[test]
    fn a_full_or_busy_cache_passes() {
        check(&CHECK, cache(60.0, 20.0, 10.0), "pass optimized");
        check(&CHECK, cache(30.0, 61.0, 10.0), "pass optimized");
    }

    #[test]
    fn just_under_the_memory_of_the_smaller_node_it_fires() {
        check(&CHECK, cache(34.7, 20.0, 30.0), "recommend 93.53 / 149.65 / 149.65");
        check(&CHECK, cache(34.8, 20.0, 30.0), "pass optimized");
    }

    #[test]
    fn without_metrics_or_a_price_it_is_unknown() {
        check(&CHECK, scene().cache_cluster(|_| ()), "unknown metric-missing");
        let unpriced = cache(30.0, 20.0, 10.0).without_price("elasticache/redis_cache.r6g.large");
        check(&CHECK, unpriced, "unknown price-missing");
    }

    #[test]
    fn the_bill_gives_the_rate_of_another_cache_of_the_engine() {
        let scene = cache(30.0, 20.0, 10.0)
            .without_price("elasticache/redis_cache.r6g.large")
            .cache_cluster(|one| one.id = "other".into())
            .bill("other", "APN2-NodeUsage:cache.r6g.large", "720", "144");
        check(&CHECK, scene, "recommend 96.27 / 154.03 / 154.03");
    }
}
