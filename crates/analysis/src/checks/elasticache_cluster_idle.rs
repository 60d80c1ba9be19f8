//! Finds ElastiCache clusters and replication groups that nobody uses.
//!
//! **Why it costs.** Every node is charged by the hour, whether it holds a key or not.
//!
//! **What we do.** Delete all nodes together, after a person agreed; Valkey and Redis leave a final
//! backup. Nobody means: on no node was there a key read or written, or a message passed on, in two weeks.
//! The nodes of a replication group are judged together and reported once, under the first of them.
//!
//! **What could go wrong.** A cache holds nothing that cannot be made again, unless somebody uses
//! it as a database. Memcached has no backup: its content is gone. The address of a cache made
//! anew differs.
//!
//! **Where others err.** They count connections, which monitoring and pools keep open, so that a
//! cache without a single command looks used; or they judge replicas, which serve nobody by
//! design, apart from their primary.
//!
//! # 한국어
//!
//! 아무도 사용하지 않는 ElastiCache 클러스터와 복제 그룹을 찾습니다.
//!
//! **비용이 드는 이유.** 키가 있든 없든 노드마다 시간당 요금이 부과됩니다.
//!
//! **제안하는 조치.** 사람이 동의하면 모든 노드를 함께 삭제합니다. Valkey와 Redis는 최종 백업을 남깁니다. 2주 동안 어떤 노드에서도 키를
//! 읽거나 쓰거나 메시지를 전달한 적이 없을 때만 해당합니다. 복제 그룹의 노드는 함께 판단하고 첫 노드에 한 번만 보고합니다.
//!
//! **주의할 점.** 캐시의 내용은 다시 만들 수 있지만, 데이터베이스처럼 쓰고 있다면 그렇지 않습니다. Memcached에는 백업이 없어 내용이
//! 사라집니다. 다시 만든 캐시는 주소가 달라집니다.
//!
//! **다른 도구와 다른 점.** 다른 도구는 모니터링과 커넥션 풀이 열어 두는 연결 수를 세므로 명령이 하나도 없는 캐시도 사용 중으로 보거나,
//! 원래 요청을 받지 않는 복제 노드를 따로 판단합니다.

use trimtab_model::action::Action;
use trimtab_model::evidence::{Evidence, UnseenSignal};
use trimtab_model::metric::Statistic;
use trimtab_model::recommendation::{
    ActionType, Finding, ImplementationEffort, ReasonCode, Restart, Undo, Unknown, Verdict,
};
use trimtab_model::resource::cache_cluster::CacheCluster;
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::text::{Reason, StaticText, Text};

use crate::cache::group::{Cache, Judged};
use crate::check::{Check, Facts, Judgement, Need};
use crate::observation::{MIN_COVERAGE_PERCENT, MIN_DAYS};
use crate::ownership;
use crate::pricing::Tariff;
use crate::quiet::{Signal, Use, seen_use, watch};
use crate::saving::{EVERYTHING_WITH_HOURS, deletion};
use crate::verdict::{Proposal, judge_each, risk};

const SUM: &[Statistic] = &[Statistic::Sum];
const NAMESPACE: &str = "AWS/ElastiCache";
const HITS: (&str, &str) = ("Keys found", "찾은 키");
const MISSES: (&str, &str) = ("Keys not found", "찾지 못한 키");
const WRITES: (&str, &str) = ("Writes", "쓰기");

/// Every read of a key is a hit or a miss, so these three see every use of keys.
const REDIS: &[Signal] = &[
    Signal::any(NAMESPACE, "CacheHits", SUM, HITS),
    Signal::any(NAMESPACE, "CacheMisses", SUM, MISSES),
    Signal::any(NAMESPACE, "SetTypeCmds", SUM, WRITES),
];

/// Messages touch no key. An older export lacks this metric, so it proves use and never the lack of it.
const MESSAGES: Signal =
    Signal::any(NAMESPACE, "PubSubBasedCmds", SUM, ("Commands of messages", "메시지 명령"));

const MEMCACHED: &[Signal] = &[
    Signal::any(NAMESPACE, "GetHits", SUM, HITS),
    Signal::any(NAMESPACE, "GetMisses", SUM, MISSES),
    Signal::any(NAMESPACE, "CmdSet", SUM, WRITES),
];

/// The check.
pub static CHECK: Check = Check {
    id: "elasticache-cluster-idle",
    title: StaticText {
        en: "ElastiCache cluster that nobody uses",
        ko: "아무도 사용하지 않는 ElastiCache 클러스터",
    },
    kind: ResourceKind::CacheCluster,
    action_type: ActionType::Delete,
    needs: &[
        Need::Kind(ResourceKind::CacheCluster),
        Need::OptionalMetric(NAMESPACE, "CacheHits", SUM),
        Need::OptionalMetric(NAMESPACE, "CacheMisses", SUM),
        Need::OptionalMetric(NAMESPACE, "SetTypeCmds", SUM),
        Need::OptionalMetric(NAMESPACE, "PubSubBasedCmds", SUM),
        Need::OptionalMetric(NAMESPACE, "GetHits", SUM),
        Need::OptionalMetric(NAMESPACE, "GetMisses", SUM),
        Need::OptionalMetric(NAMESPACE, "CmdSet", SUM),
        Need::OptionalBilling,
    ],
    thresholds: &[MIN_DAYS, MIN_COVERAGE_PERCENT],
    judge: judge_all,
};

fn judge_all(check: &Check, facts: &Facts<'_>) -> Vec<Judgement> {
    let kind = ResourceKind::CacheCluster;
    judge_each(check, facts, kind, &facts.snapshot.cache_clusters, judge)
}

fn judge(
    check: &Check,
    facts: &Facts<'_>,
    cluster: &Resource<CacheCluster>,
) -> Result<Verdict, Unknown> {
    let cache = match Cache::of(facts, cluster)? {
        Judged::Here(cache) => cache,
        Judged::NotHere(verdict) => return Ok(verdict),
    };
    // What an owner takes out of a group takes the group out.
    if let Some(reason) =
        cache.members.iter().find_map(|member| ownership::ignored(&member.tags, facts.now))
    {
        return Ok(Verdict::Exempt(reason));
    }
    let signals = if cluster.kind.engine == "memcached" { MEMCACHED } else { REDIS };
    if let Some(verdict) = seen_use(facts, cluster, &cache.subjects(), &[MESSAGES]) {
        return Ok(verdict);
    }
    let quiet = match watch(check, facts, cluster, &cache.subjects(), signals)? {
        Use::Seen(verdict) => return Ok(verdict),
        Use::Quiet(quiet) => quiet,
    };
    let (days, nodes) = (quiet.days, cache.nodes);
    let reference = cluster.reference(ResourceKind::CacheCluster);
    let tariff = Tariff::of(facts, cluster);
    let list = cache.node_type().hours(facts, &tariff, nodes).map(|hours| vec![hours]);
    let savings = deletion(facts, &reference, &cache.bill_names(), EVERYTHING_WITH_HOURS, list)?;
    let undo = match cluster.kind.engine.as_str() {
        "memcached" => Undo::Compensating(Text::new(
            "A new cluster starts empty and has another address.",
            "새 클러스터는 빈 상태로 시작하며 주소가 달라집니다.",
        )),
        _ => Undo::Compensating(Text::new(
            "A restore from the final backup is a new cache with another address.",
            "최종 백업에서 복원하면 주소가 다른 새 캐시가 됩니다.",
        )),
    };
    Ok(Proposal {
        action: Action::Remove { removal: cache.removal() },
        finding: Finding::Idle,
        reason_codes: vec![ReasonCode::Idle],
        reason: Reason::new(
            "idle",
            format!("No key was read or written on any of {nodes} nodes in {days:.0} days."),
            format!("{days:.0}일 동안 노드 {nodes}개 어디에서도 키를 읽거나 쓴 적이 없습니다."),
        ),
        savings,
        performance_risk: risk(cluster.environment, 1),
        effort: ImplementationEffort::Low,
        restart_needed: Restart::NotNeeded,
        undo,
        evidence: Evidence {
            window_days: Some(days as u32),
            figures: quiet.figures,
            coverage: quiet.coverage,
            signals_not_seen: vec![UnseenSignal {
                name: "other_commands".to_owned(),
                text: Text::new(
                    "Whether it serves only commands that touch no key, such as messages where their metric was not read.",
                    "키를 다루지 않는 명령에만 쓰는지 알 수 없습니다. 메시지 지표를 읽지 못했다면 메시지 전달도 여기에 속합니다.",
                ),
            }],
            notes: Vec::new(),
        },
    }
    .into_verdict(check, reference))
}

#[cfg(test)]
mod tests {
    use trimtab_model::metric::Statistic;
    use trimtab_model::resource::cache_cluster::ReplicationGroup;

    use super::CHECK;
    use crate::scene::{Scene, check, flat, scene};

    fn watched(mut scene: Scene, id: &str, hits: f64, days: i64) -> Scene {
        for (metric, value) in [("CacheHits", hits), ("CacheMisses", 0.0), ("SetTypeCmds", 0.0)] {
            scene = scene.metric(id, "AWS/ElastiCache", metric, Statistic::Sum, flat(value, days));
        }
        scene
    }

    fn cache(hits: f64, days: i64) -> Scene {
        let scene =
            scene().price("elasticache/redis_cache.r6g.xlarge", "0.411").cache_cluster(|_| ());
        watched(scene, "sessions", hits, days)
    }

    /// Two nodes of one group.
    fn group(hits_of_the_second: f64) -> Scene {
        let names = ["game-001", "game-002"];
        let mut scene = scene().price("elasticache/redis_cache.r6g.xlarge", "0.411");
        for name in names {
            scene = scene.cache_cluster(|one| {
                one.id = name.into();
                one.kind.replication_group_id = Some("game".into());
                one.kind.replication_group = Some(ReplicationGroup {
                    arn: None,
                    status: Some("available".into()),
                    member_clusters: names.iter().map(|name| (*name).into()).collect(),
                    node_group_count: 1,
                    cluster_enabled: Some(false),
                    automatic_failover: Some("enabled".into()),
                    global_replication_group_id: None,
                    data_tiering: None,
                });
            });
        }
        watched(watched(scene, names[0], 0.0, 14), names[1], hits_of_the_second, 14)
    }

    #[test]
    fn a_cache_without_commands_fires() {
        check(&CHECK, cache(0.0, 14), "recommend 187.52 / 300.03 / 300.03");
    }

    #[test]
    fn a_cache_in_use_passes() {
        check(&CHECK, cache(1.0, 14), "pass in-use");
    }

    #[test]
    fn a_cache_that_only_passes_messages_on_is_in_use() {
        let messages = |count| {
            let series = flat(count, 14);
            let metric = "PubSubBasedCmds";
            cache(0.0, 14).metric("sessions", "AWS/ElastiCache", metric, Statistic::Sum, series)
        };
        check(&CHECK, messages(1.0), "pass in-use");
        check(&CHECK, messages(0.0), "recommend 187.52 / 300.03 / 300.03");
    }

    #[test]
    fn just_under_two_weeks_nothing_is_proven() {
        check(&CHECK, cache(0.0, 13), "unknown window-too-short");
    }

    #[test]
    fn without_metrics_or_the_group_it_is_unknown() {
        check(&CHECK, scene().cache_cluster(|_| ()), "unknown metric-missing");
        let scene = scene().cache_cluster(|one| one.kind.replication_group_id = Some("g".into()));
        check(&CHECK, scene, "unknown group-not-read");
    }

    #[test]
    fn a_group_is_judged_once_and_as_a_whole() {
        check(&CHECK, group(0.0), "recommend 375.04 / 600.06 / 600.06");
        check(&CHECK, group(5.0), "pass in-use");
        let mut second = group(0.0);
        second.snapshot.cache_clusters.reverse();
        check(&CHECK, second, "exempt with-its-group");
    }
}
