//! Finds ElastiCache Serverless caches that nobody uses.
//!
//! **Why it costs.** A serverless cache charges its data by the GB-hour with a minimum (100 MB for
//! Valkey, 1 GB for the others), and more where a minimum of data or of processing was set.
//!
//! **What we do.** Delete the cache, after a person agreed; Valkey and Redis leave a final backup.
//! Nobody means: no processing unit consumed and no connection in two weeks. The saving is what
//! the bill charges for the cache; without a bill we say *unknown*.
//!
//! **What could go wrong.** The address of a cache made anew differs, and Memcached starts empty.
//!
//! **Where others err.** They take "serverless" for "costs nothing when idle".
//!
//! # 한국어
//!
//! 아무도 사용하지 않는 ElastiCache Serverless 캐시를 찾습니다.
//!
//! **비용이 드는 이유.** 서버리스 캐시도 데이터는 GB-시간으로 과금되고 최소 요금(Valkey 100 MB, 그 외 1 GB)이 있으며, 데이터나 처리량의
//! 최솟값을 지정했다면 그만큼 더 나옵니다.
//!
//! **제안하는 조치.** 사람이 동의하면 캐시를 삭제합니다. Valkey와 Redis는 최종 백업을 남깁니다. 2주 동안 처리 단위 사용과 연결이 전혀 없을
//! 때만 해당합니다. 절감액은 청구서에 나온 이 캐시의 비용이며, 청구서가 없으면 알 수 없다고 답합니다.
//!
//! **주의할 점.** 다시 만든 캐시는 주소가 달라지고, Memcached는 빈 상태로 시작합니다.
//!
//! **다른 도구와 다른 점.** 다른 도구는 서버리스라면 유휴 상태에서 비용이 들지 않는다고 봅니다.

use trimtab_model::action::{Action, Removal};
use trimtab_model::evidence::{Evidence, UnseenSignal};
use trimtab_model::id::ResourceId;
use trimtab_model::metric::Statistic;
use trimtab_model::recommendation::{
    ActionType, Finding, ImplementationEffort, ReasonCode, Restart, Undo, Unknown, Verdict,
};
use trimtab_model::resource::serverless_cache::ServerlessCache;
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::text::{Reason, StaticText, Text};

use crate::check::{Check, Facts, Need};
use crate::observation::{MIN_COVERAGE_PERCENT, MIN_DAYS};
use crate::quiet::{Signal, Use, watch};
use crate::saving::{EVERYTHING, deletion};
use crate::verdict::{Proposal, judge_each, pass, risk, unknown};

const SUM: &[Statistic] = &[Statistic::Sum];
const PEAK: &[Statistic] = &[Statistic::Maximum];
const NAMESPACE: &str = "AWS/ElastiCache";

const SIGNALS: &[Signal] = &[
    Signal::any(NAMESPACE, "ElastiCacheProcessingUnits", SUM, ("Processing units", "처리 단위")),
    Signal::any(
        NAMESPACE,
        "CurrConnections",
        PEAK,
        ("Most connections at once", "최대 동시 연결 수"),
    ),
];

/// The check.
pub static CHECK: Check = Check {
    id: "elasticache-serverless-idle",
    title: StaticText {
        en: "ElastiCache Serverless cache that nobody uses",
        ko: "아무도 사용하지 않는 ElastiCache Serverless 캐시",
    },
    kind: ResourceKind::ServerlessCache,
    action_type: ActionType::Delete,
    needs: &[
        Need::Kind(ResourceKind::ServerlessCache),
        Need::Metric(NAMESPACE, "ElastiCacheProcessingUnits", SUM),
        Need::Metric(NAMESPACE, "CurrConnections", PEAK),
        Need::OptionalBilling,
    ],
    thresholds: &[MIN_DAYS, MIN_COVERAGE_PERCENT],
    judge: |check, facts| {
        judge_each(
            check,
            facts,
            ResourceKind::ServerlessCache,
            &facts.snapshot.serverless_caches,
            judge,
        )
    },
};

fn judge(
    check: &Check,
    facts: &Facts<'_>,
    one: &Resource<ServerlessCache>,
) -> Result<Verdict, Unknown> {
    if one.kind.status != "available" {
        return Ok(pass(
            "not-available",
            format!("It is {}.", one.kind.status),
            format!("상태가 {}입니다.", one.kind.status),
        ));
    }
    let quiet = match watch(check, facts, one, &[names(one)], SIGNALS)? {
        Use::Seen(verdict) => return Ok(verdict),
        Use::Quiet(quiet) => quiet,
    };
    let days = quiet.days;
    let reference = one.reference(ResourceKind::ServerlessCache);
    let list = Err(unknown(
        "price-missing",
        "Stored GB-hours of a serverless cache have no list price here, and the bill does not name it.",
        "서버리스 캐시의 저장 용량 가격이 없고 청구서에도 이 캐시가 없습니다.",
        &["billing"],
    ));
    let savings = deletion(facts, &reference, &names(one), EVERYTHING, list)?;
    Ok(Proposal {
        action: Action::Remove { removal: Removal::ServerlessCache { engine: one.kind.engine.clone() } },
        finding: Finding::Idle,
        reason_codes: vec![ReasonCode::Idle],
        reason: Reason::new("idle", format!("No processing unit was consumed and nobody was connected in {days:.0} days."), format!("{days:.0}일 동안 처리 단위 사용과 연결이 모두 없었습니다.")),
        savings,
        performance_risk: risk(one.environment, 1),
        effort: ImplementationEffort::Low,
        restart_needed: Restart::NotNeeded,
        undo: Undo::Compensating(Text::new(
            "A new cache has another address; Valkey and Redis can be filled from the final backup, Memcached starts empty.",
            "새 캐시는 주소가 달라집니다. Valkey와 Redis는 최종 백업으로 채울 수 있고 Memcached는 빈 상태로 시작합니다.",
        )),
        evidence: Evidence {
            window_days: Some(days as u32),
            figures: quiet.figures,
            coverage: quiet.coverage,
            signals_not_seen: vec![UnseenSignal {
                name: "purpose".to_owned(),
                text: Text::new(
                    "Whether it waits for an event that has not come yet.",
                    "아직 시작되지 않은 이벤트를 위해 준비해 둔 캐시인지 알 수 없습니다.",
                ),
            }],
            notes: Vec::new(),
        },
    }
    .into_verdict(check, reference))
}

/// Lists the names of metrics and bill: the identifier and the ARN.
fn names(one: &Resource<ServerlessCache>) -> Vec<ResourceId> {
    let arn = one.kind.arn.as_deref().map(ResourceId::new);
    std::iter::once(one.id.clone()).chain(arn).collect()
}

#[cfg(test)]
mod tests {
    use trimtab_model::metric::Statistic;

    use super::CHECK;
    use crate::scene::{Scene, check, flat, scene};

    fn cache(units: f64, connections: f64, days: i64) -> Scene {
        scene()
            .serverless_cache(|_| ())
            .bill("feed", "ElastiCache:ServerlessCachedData", "720", "60.48")
            .metric(
                "feed",
                "AWS/ElastiCache",
                "ElastiCacheProcessingUnits",
                Statistic::Sum,
                flat(units, days),
            )
            .metric(
                "feed",
                "AWS/ElastiCache",
                "CurrConnections",
                Statistic::Maximum,
                flat(connections, days),
            )
    }

    #[test]
    fn a_cache_that_nobody_uses_fires() {
        check(&CHECK, cache(0.0, 0.0, 14), "recommend 61.32 / 61.32 / 61.32");
    }

    #[test]
    fn a_cache_in_use_passes() {
        check(&CHECK, cache(5.0, 0.0, 14), "pass in-use");
        check(&CHECK, cache(0.0, 1.0, 14), "pass in-use");
    }

    #[test]
    fn just_under_two_weeks_nothing_is_proven() {
        check(&CHECK, cache(0.0, 0.0, 13), "unknown window-too-short");
    }

    #[test]
    fn without_metrics_or_a_bill_it_is_unknown() {
        check(&CHECK, scene().serverless_cache(|_| ()), "unknown metric-missing");
        let mut unbilled = cache(0.0, 0.0, 14);
        unbilled.charges = Default::default();
        check(&CHECK, unbilled, "unknown price-missing");
    }
}
