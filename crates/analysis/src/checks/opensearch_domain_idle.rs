//! Finds OpenSearch domains that nobody searches or fills.
//!
//! **Why it costs.** Data nodes, dedicated masters and UltraWarm nodes are charged by the hour, and
//! their volumes by the GB-month, whether anything is asked or not.
//!
//! **What we do.** Delete the domain, after a person agreed and after a manual snapshot to S3 where
//! the data matters: there is no final snapshot, and the automatic ones go with the domain. Nobody
//! means: no search and no indexing in two weeks. Without a bill only the data nodes are counted.
//!
//! **What could go wrong.** The deletion is final. Dashboards and the service itself search their
//! own indexes now and then, which makes an idle domain look used: such a domain is *not* found.
//!
//! **Where others err.** They look at the CPU, which garbage collection keeps busy.
//!
//! # 한국어
//!
//! 아무도 검색하거나 색인하지 않는 OpenSearch 도메인을 찾습니다.
//!
//! **비용이 드는 이유.** 데이터 노드와 전용 마스터, UltraWarm 노드는 시간당, 볼륨은 GB당 사용 여부와 관계없이 과금됩니다.
//!
//! **제안하는 조치.** 사람이 동의하면 도메인을 삭제합니다. 데이터가 필요하면 먼저 S3에 수동 스냅샷을 만드세요. 최종 스냅샷이 없고 자동
//! 스냅샷도 도메인과 함께 사라집니다. 2주 동안 검색과 색인이 전혀 없을 때만 해당합니다. 청구서가 없으면 데이터 노드만 계산합니다.
//!
//! **주의할 점.** 삭제하면 되돌릴 수 없습니다. Dashboards와 서비스 자체가 이따금 자기 인덱스를 검색하므로 유휴 도메인도 사용 중으로 보일 수
//! 있으며, 그런 도메인은 찾지 못합니다.
//!
//! **다른 도구와 다른 점.** 다른 도구는 가비지 컬렉션 때문에 높게 나오는 CPU를 기준으로 판단합니다.

use trimtab_model::action::{Action, Removal};
use trimtab_model::evidence::{Evidence, UnseenSignal};
use trimtab_model::id::ResourceId;
use trimtab_model::metric::Statistic;
use trimtab_model::recommendation::{
    ActionType, CostComponent, Finding, ImplementationEffort, ReasonCode, Restart, Undo, Unknown,
    Verdict,
};
use trimtab_model::resource::search_domain::SearchDomain;
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::text::{Reason, StaticText, Text};

use crate::check::{Check, Facts, Need};
use crate::nodes::{NodeService, NodeType};
use crate::observation::{MIN_COVERAGE_PERCENT, MIN_DAYS};
use crate::pricing::Tariff;
use crate::quiet::{Signal, Use, watch};
use crate::saving::{EVERYTHING_WITH_HOURS, deletion};
use crate::verdict::{Proposal, judge_each, pass, risk, unknown};

const MEAN: &[Statistic] = &[Statistic::Maximum, Statistic::Average];
const NAMESPACE: &str = "AWS/ES";

const SIGNALS: &[Signal] = &[
    Signal::any(NAMESPACE, "SearchRate", MEAN, ("Most searches a minute", "분당 최대 검색 수")),
    Signal::any(NAMESPACE, "IndexingRate", MEAN, ("Most writes a minute", "분당 최대 색인 수")),
];

/// The check.
pub static CHECK: Check = Check {
    id: "opensearch-domain-idle",
    title: StaticText {
        en: "OpenSearch domain that nobody searches or fills",
        ko: "아무도 검색하거나 색인하지 않는 OpenSearch 도메인",
    },
    kind: ResourceKind::SearchDomain,
    action_type: ActionType::Delete,
    needs: &[
        Need::Kind(ResourceKind::SearchDomain),
        Need::Metric(NAMESPACE, "SearchRate", MEAN),
        Need::Metric(NAMESPACE, "IndexingRate", MEAN),
        Need::OptionalBilling,
    ],
    thresholds: &[MIN_DAYS, MIN_COVERAGE_PERCENT],
    judge: |check, facts| {
        judge_each(check, facts, ResourceKind::SearchDomain, &facts.snapshot.search_domains, judge)
    },
};

fn judge(
    check: &Check,
    facts: &Facts<'_>,
    one: &Resource<SearchDomain>,
) -> Result<Verdict, Unknown> {
    if one.kind.is_changing {
        return Ok(pass(
            "changing",
            "The domain is being made, changed or deleted.",
            "도메인이 생성, 변경 또는 삭제되는 중입니다.",
        ));
    }
    let quiet = match watch(check, facts, one, &[names(one)], SIGNALS)? {
        Use::Seen(verdict) => return Ok(verdict),
        Use::Quiet(quiet) => quiet,
    };
    let days = quiet.days;
    let reference = one.reference(ResourceKind::SearchDomain);
    let list = data_nodes(facts, one);
    let savings = deletion(facts, &reference, &names(one), EVERYTHING_WITH_HOURS, list)?;
    Ok(Proposal {
        action: Action::Remove { removal: Removal::SearchDomain { instance_type: one.kind.instance_type.clone().unwrap_or_default() } },
        finding: Finding::Idle,
        reason_codes: vec![ReasonCode::Idle],
        reason: Reason::new("idle", format!("Nothing was searched and nothing was indexed in {days:.0} days."), format!("{days:.0}일 동안 검색과 색인이 전혀 없었습니다.")),
        savings,
        performance_risk: risk(one.environment, 2),
        effort: ImplementationEffort::Low,
        restart_needed: Restart::NotNeeded,
        undo: Undo::Impossible(Text::new(
            "The indexes and the automatic snapshots go with the domain. Only a manual snapshot in S3, taken before, brings them back.",
            "인덱스와 자동 스냅샷이 도메인과 함께 사라집니다. 미리 S3에 만든 수동 스냅샷이 있어야만 되살릴 수 있습니다.",
        )),
        evidence: Evidence {
            window_days: Some(days as u32),
            figures: quiet.figures,
            coverage: quiet.coverage,
            signals_not_seen: vec![UnseenSignal {
                name: "purpose".to_owned(),
                text: Text::new(
                    "Whether its indexes are kept as an archive.",
                    "보관용 인덱스인지 알 수 없습니다.",
                ),
            }],
            notes: Vec::new(),
        },
    }
    .into_verdict(check, reference))
}

/// Lists the names of metrics and bill: the identifier and the ARN.
fn names(one: &Resource<SearchDomain>) -> Vec<ResourceId> {
    let arn = one.kind.arn.as_deref().map(ResourceId::new);
    std::iter::once(one.id.clone()).chain(arn).collect()
}

/// Returns the hours of the data nodes; masters, UltraWarm and volumes have no price here.
fn data_nodes(
    facts: &Facts<'_>,
    one: &Resource<SearchDomain>,
) -> Result<Vec<CostComponent>, Unknown> {
    let (Some(name), Some(count)) = (one.kind.instance_type.clone(), one.kind.instance_count)
    else {
        return Err(unknown(
            "nodes-unknown",
            "The listing does not say which data nodes the domain has.",
            "목록에 도메인의 데이터 노드 정보가 없습니다.",
            &["inventory:describe-domains", "billing"],
        ));
    };
    let node = NodeType { service: NodeService::OpenSearch, engine: "", name };
    Ok(vec![node.hours(facts, &Tariff::of(facts, one), count)?])
}

#[cfg(test)]
mod tests {
    use trimtab_model::metric::Statistic;

    use super::CHECK;
    use crate::scene::{Scene, check, flat, scene};

    fn domain(searches: f64, days: i64) -> Scene {
        scene()
            .price("opensearch/m5.large.search", "0.142")
            .search_domain(|_| ())
            .metric("logs", "AWS/ES", "SearchRate", Statistic::Average, flat(searches, days))
            .metric("logs", "AWS/ES", "IndexingRate", Statistic::Average, flat(0.0, days))
    }

    #[test]
    fn a_domain_that_nobody_asks_fires() {
        // Two nodes for 730 hours.
        check(&CHECK, domain(0.0, 14), "recommend 129.58 / 207.32 / 207.32");
    }

    #[test]
    fn a_domain_in_use_passes() {
        check(&CHECK, domain(0.5, 14), "pass in-use");
    }

    #[test]
    fn just_under_two_weeks_nothing_is_proven() {
        check(&CHECK, domain(0.0, 13), "unknown window-too-short");
    }

    #[test]
    fn without_metrics_or_a_price_it_is_unknown() {
        check(&CHECK, scene().search_domain(|_| ()), "unknown metric-missing");
        let unpriced = domain(0.0, 14).without_price("opensearch/m5.large.search");
        check(&CHECK, unpriced, "unknown price-missing");
    }

    #[test]
    fn the_bill_counts_masters_and_volumes_too() {
        let scene = domain(0.0, 14).bill("logs", "ESInstance:m5.large", "1440", "204.48").bill(
            "logs",
            "ES:GP2-Storage",
            "200",
            "27.00",
        );
        check(&CHECK, scene, "recommend 234.70 / 234.70 / 234.70");
    }
}
