//! Finds ElastiCache replication groups on Redis OSS where Valkey costs less.
//!
//! **Why it costs.** AWS sells nodes of Valkey, the open continuation of Redis, for less than nodes
//! of Redis OSS of the same type. The commands and the protocol are the same.
//!
//! **What we do.** Upgrade the group to Valkey in place. The saving is the difference of the two
//! prices of this node type, from the region's price list or from the bill, where a cache of either
//! engine shows it. Reserved nodes of Redis OSS stay valid for Valkey.
//!
//! **What could go wrong.** The upgrade fails over: connections break for seconds. It cannot be
//! taken back in place; the way back is a new cache from a backup taken before. A group with a
//! parameter group of its own needs one of Valkey's family. Clusters outside a replication group
//! must be moved into one first, and are left alone.
//!
//! **Where others err.** They promise a fixed fifth.
//!
//! # 한국어
//!
//! Valkey가 더 저렴한데 Redis OSS를 쓰는 ElastiCache 복제 그룹을 찾습니다.
//!
//! **비용이 드는 이유.** AWS는 Redis를 잇는 오픈 소스인 Valkey 노드를 같은 유형의 Redis OSS 노드보다 저렴하게 제공합니다. 명령과
//! 프로토콜은 같습니다.
//!
//! **제안하는 조치.** 그룹을 그 자리에서 Valkey로 업그레이드합니다. 절감액은 이 노드 유형의 두 가격 차이이며, 리전의 정가표나 해당 엔진을
//! 쓰는 캐시의 청구 단가를 사용합니다. Redis OSS 예약 노드는 Valkey에도 적용됩니다.
//!
//! **주의할 점.** 업그레이드할 때 장애 조치로 연결이 몇 초간 끊깁니다. 그 자리에서 되돌릴 수 없으며, 되돌리려면 이전 백업으로 새 캐시를
//! 만들어야 합니다. 사용자 지정 파라미터 그룹을 쓴다면 Valkey 계열의 그룹이 필요합니다. 복제 그룹에 속하지 않은 클러스터는 먼저 그룹에
//! 넣어야 하므로 추천하지 않습니다.
//!
//! **다른 도구와 다른 점.** 다른 도구는 고정 20% 절감을 약속합니다.

use trimtab_model::action::{Action, Configuration};
use trimtab_model::evidence::{Evidence, Figure, UnseenSignal};
use trimtab_model::recommendation::{
    ActionType, Finding, ImplementationEffort, ReasonCode, Restart, Undo, Unknown, Verdict,
};
use trimtab_model::resource::cache_cluster::CacheCluster;
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::text::{Reason, StaticText, Text};

use crate::cache::group::{Cache, Judged};
use crate::check::{Check, Facts, Need};
use crate::nodes::{NODE_HOURS, NodeType};
use crate::pricing::Tariff;
use crate::saving::estimate_of;
use crate::verdict::{Proposal, exempt, judge_each, pass, risk};

/// The version of Valkey that takes the place of Redis OSS 7 and older.
const VALKEY_VERSION: &str = "7.2";

/// The check.
pub static CHECK: Check = Check {
    id: "elasticache-engine-redis",
    title: StaticText {
        en: "ElastiCache group on Redis OSS where Valkey costs less",
        ko: "Valkey가 더 저렴한데 Redis OSS를 쓰는 ElastiCache 그룹",
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
    if cluster.kind.engine != "redis" {
        return Ok(pass("not-redis", "It does not run Redis OSS.", "Redis OSS를 쓰지 않습니다."));
    }
    let Some(group) = cluster.kind.replication_group_id.clone() else {
        return Ok(exempt(
            "not-in-a-group",
            "Only a replication group can be upgraded to Valkey in place.",
            "복제 그룹만 그 자리에서 Valkey로 업그레이드할 수 있습니다.",
        ));
    };
    let cache = match Cache::of(facts, cluster)? {
        Judged::Here(cache) => cache,
        Judged::NotHere(verdict) => return Ok(verdict),
    };
    if cache.has_pending_modifications() {
        return Ok(exempt(
            "pending-modifications",
            "Other modifications are pending.",
            "대기 중인 다른 변경 사항이 있습니다.",
        ));
    }
    let tariff = Tariff::of(facts, cluster);
    let redis = cache.node_type();
    let valkey = NodeType { engine: "valkey", ..redis.clone() };
    let reference = cluster.reference(ResourceKind::CacheCluster);
    let mut after = valkey.hours(facts, &tariff, cache.nodes)?;
    after.name = format!("{} with Valkey", after.name);
    let savings = estimate_of(
        facts,
        &reference,
        &cache.bill_names(),
        NODE_HOURS,
        vec![redis.hours(facts, &tariff, cache.nodes)?],
        vec![after],
    )?;
    let setting = |engine: &str, version: Option<&str>| Configuration::CacheEngine {
        replication_group_id: group.clone(),
        engine: engine.to_owned(),
        engine_version: version.map(str::to_owned),
    };
    Ok(Proposal {
        action: Action::Configure {
            from: setting("redis", cluster.kind.engine_version.as_deref()),
            to: setting("valkey", Some(VALKEY_VERSION)),
        },
        finding: Finding::NotOptimized,
        reason_codes: vec![ReasonCode::CheaperEngineAvailable],
        reason: Reason::new(
            "valkey-cheaper",
            format!("{} with Valkey costs less than with Redis OSS.", redis.name),
            format!("{} 노드는 Redis OSS보다 Valkey가 더 저렴합니다.", redis.name),
        ),
        savings,
        performance_risk: risk(cluster.environment, 1),
        effort: ImplementationEffort::Medium,
        restart_needed: Restart::Needed,
        undo: Undo::Compensating(Text::new(
            "The engine cannot go back in place; a backup taken before makes a new cache of Redis OSS, without what was written since.",
            "엔진은 그 자리에서 되돌릴 수 없습니다. 이전 백업으로 Redis OSS 캐시를 새로 만들 수 있지만 그 뒤의 변경 내용은 없습니다.",
        )),
        evidence: Evidence {
            figures: vec![
                Figure::number("nodes", "Nodes", "노드", f64::from(cache.nodes), ""),
                Figure::word("engine_version", "Engine version", "엔진 버전", cluster.kind.engine_version.as_deref().unwrap_or("-")),
            ],
            signals_not_seen: vec![UnseenSignal {
                name: "modules".to_owned(),
                text: Text::new(
                    "Whether clients depend on behaviour that Redis changed after version 7.2.",
                    "Redis 7.2 이후에 바뀐 동작에 클라이언트가 의존하는지 알 수 없습니다.",
                ),
            }],
            ..Evidence::default()
        },
    }
    .into_verdict(check, reference))
}

#[cfg(test)]
mod tests {
    use trimtab_model::resource::cache_cluster::ReplicationGroup;

    use super::CHECK;
    use crate::scene::{Scene, check, scene};

    fn group(engine: &str) -> Scene {
        scene()
            .price("elasticache/redis_cache.r6g.xlarge", "0.411")
            .price("elasticache/valkey_cache.r6g.xlarge", "0.3288")
            .cache_cluster(|one| {
                one.kind.engine = engine.into();
                one.kind.replication_group_id = Some("game".into());
                one.kind.replication_group = Some(ReplicationGroup {
                    arn: None,
                    status: Some("available".into()),
                    member_clusters: vec!["sessions".into()],
                    node_group_count: 1,
                    cluster_enabled: Some(false),
                    automatic_failover: Some("disabled".into()),
                    global_replication_group_id: None,
                    data_tiering: None,
                });
            })
    }

    #[test]
    fn a_group_on_redis_fires() {
        // 0.0822 USD for 730 hours.
        check(&CHECK, group("redis"), "recommend 37.50 / 60.01 / 60.01");
    }

    #[test]
    fn a_group_on_valkey_passes() {
        check(&CHECK, group("valkey"), "pass not-redis");
    }

    #[test]
    fn just_under_no_saving_passes() {
        let same = group("redis").price("elasticache/valkey_cache.r6g.xlarge", "0.411");
        check(&CHECK, same, "pass no-saving");
    }

    #[test]
    fn without_a_price_it_is_unknown() {
        let unpriced = group("redis").without_price("elasticache/valkey_cache.r6g.xlarge");
        check(&CHECK, unpriced, "unknown price-missing");
    }

    #[test]
    fn a_cluster_alone_is_exempt() {
        check(&CHECK, scene().cache_cluster(|_| ()), "exempt not-in-a-group");
    }
}
