//! Finds ElastiCache nodes of an older generation, or on x86, whose successor costs less.
//!
//! **Why it costs.** A node of the same size on a newer family, Graviton's above all, costs less and
//! does more. A managed cache runs on either without a change to any client.
//!
//! **What we do.** Change all nodes of the cache to the cheapest newer family of the same series and
//! size. Both prices come from the region's price list or the bill; without the two we say
//! *unknown*.
//!
//! **What could go wrong.** The data moves to new nodes and the cache fails over: connections break
//! for seconds. Engines before Redis 5.0.6 do not run on Graviton. Reserved nodes cover one family.
//! Memcached's node type cannot change in place.
//!
//! **Where others err.** They list old families without a price.
//!
//! # 한국어
//!
//! 후속 세대가 더 저렴한데도 이전 세대나 x86을 쓰는 ElastiCache 노드를 찾습니다.
//!
//! **비용이 드는 이유.** 같은 크기라도 새 패밀리, 특히 Graviton 노드가 더 저렴하고 성능도 좋습니다. 관리형 캐시는 클라이언트를 바꾸지
//! 않아도 어느 쪽에서나 실행됩니다.
//!
//! **제안하는 조치.** 캐시의 모든 노드를 시리즈와 크기가 같은 더 새로운 패밀리 중 가장 저렴한 것으로 변경합니다. 두 가격 모두 리전의
//! 정가표나 청구서에서 가져오며, 없으면 알 수 없다고 답합니다.
//!
//! **주의할 점.** 데이터를 새 노드로 옮기고 장애 조치하므로 연결이 몇 초간 끊깁니다. Redis 5.0.6보다 낮은 엔진은 Graviton에서 실행되지
//! 않습니다. 예약 노드는 패밀리 단위로 적용됩니다. Memcached는 노드 유형을 그 자리에서 바꿀 수 없습니다.
//!
//! **다른 도구와 다른 점.** 다른 도구는 가격 없이 오래된 패밀리만 나열합니다.

use trimtab_model::action::{Action, Configuration};
use trimtab_model::evidence::{Evidence, Figure};
use trimtab_model::recommendation::{
    ActionType, Finding, ImplementationEffort, ReasonCode, Restart, Undo, Unknown, Verdict,
};
use trimtab_model::resource::cache_cluster::CacheCluster;
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::text::{Reason, StaticText, Text};

use crate::cache::group::{Cache, Judged};
use crate::check::{Check, Facts, Need};
use crate::nodes::{NODE_HOURS, newer_type};
use crate::pricing::Tariff;
use crate::saving::estimate_of;
use crate::verdict::{Proposal, exempt, judge_each, pass, risk};

/// Families that ElastiCache sells now. Source: ElastiCache user guide, "Supported node types", 2026-10.
const FAMILIES: &[&str] = &["m5", "m6g", "m7g", "r5", "r6g", "r7g", "t3", "t4g"];

/// The check.
pub static CHECK: Check = Check {
    id: "elasticache-previous-generation",
    title: StaticText {
        en: "ElastiCache nodes whose newer family costs less",
        ko: "더 새로운 패밀리가 저렴한 ElastiCache 노드",
    },
    kind: ResourceKind::CacheCluster,
    action_type: ActionType::Upgrade,
    needs: &[Need::Kind(ResourceKind::CacheCluster), Need::OptionalBilling],
    thresholds: &[],
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
    if cluster.kind.engine == "memcached" || cache.has_pending_modifications() {
        return Ok(exempt(
            "not-changeable",
            "Memcached's node type cannot change in place, or other modifications are pending.",
            "Memcached라서 노드 유형을 바꿀 수 없거나 대기 중인 다른 변경 사항이 있습니다.",
        ));
    }
    let tariff = Tariff::of(facts, cluster);
    let node = cache.node_type();
    let Some((newer, cost_after)) = newer_type(&node, FAMILIES, cache.nodes, facts, &tariff)?
    else {
        return Ok(pass(
            "latest-generation",
            format!("There is no newer family of the size of {}.", node.name),
            format!("{} 크기의 더 새로운 패밀리가 없습니다.", node.name),
        ));
    };
    let reference = cluster.reference(ResourceKind::CacheCluster);
    let savings = estimate_of(
        facts,
        &reference,
        &cache.bill_names(),
        NODE_HOURS,
        vec![node.hours(facts, &tariff, cache.nodes)?],
        vec![cost_after],
    )?;
    let setting = |cache_node_type: &str| Configuration::CacheNodeType {
        scope: cache.scope(),
        cache_node_type: cache_node_type.to_owned(),
    };
    Ok(Proposal {
        action: Action::Configure { from: setting(&node.name), to: setting(&newer.name) },
        finding: Finding::NotOptimized,
        reason_codes: vec![ReasonCode::NewGenerationAvailable],
        reason: Reason::new(
            "newer-family-cheaper",
            format!("{} holds as much as {} for less.", newer.name, node.name),
            format!("{} 노드는 {} 노드와 같은 크기이면서 더 저렴합니다.", newer.name, node.name),
        ),
        savings,
        performance_risk: risk(cluster.environment, 1),
        effort: ImplementationEffort::Medium,
        restart_needed: Restart::Needed,
        undo: Undo::Exact,
        evidence: Evidence {
            figures: vec![Figure::number("nodes", "Nodes", "노드", f64::from(cache.nodes), "")],
            notes: vec![Text::new(
                "Graviton needs Redis 5.0.6 or later; upgrade an older engine first.",
                "Graviton에는 Redis 5.0.6 이상이 필요합니다. 더 낮은 엔진은 먼저 업그레이드하세요.",
            )],
            ..Evidence::default()
        },
    }
    .into_verdict(check, reference))
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::scene::{Scene, check, instance_facts, scene};

    fn cache(node_type: &str) -> Scene {
        scene()
            .instance_type(instance_facts("r5.large", 2, 16), "0.126")
            .instance_type(instance_facts("r6g.large", 2, 16), "0.1008")
            .price("elasticache/redis_cache.r5.large", "0.216")
            .price("elasticache/redis_cache.r6g.large", "0.206")
            .cache_cluster(|one| one.kind.cache_node_type = node_type.into())
    }

    #[test]
    fn an_older_family_fires() {
        // 0.010 USD for 730 hours.
        check(&CHECK, cache("cache.r5.large"), "recommend 4.56 / 7.30 / 7.30");
    }

    #[test]
    fn the_latest_family_passes() {
        check(&CHECK, cache("cache.r6g.large"), "pass latest-generation");
    }

    #[test]
    fn just_under_no_saving_passes() {
        let same = cache("cache.r5.large").price("elasticache/redis_cache.r6g.large", "0.216");
        check(&CHECK, same, "pass no-saving");
    }

    #[test]
    fn without_a_price_it_is_unknown() {
        check(&CHECK, cache("cache.r4.large"), "unknown price-missing");
        let unpriced = cache("cache.r5.large").without_price("elasticache/redis_cache.r6g.large");
        check(&CHECK, unpriced, "unknown price-missing");
    }
}
