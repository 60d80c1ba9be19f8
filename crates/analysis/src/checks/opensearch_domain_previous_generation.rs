//! Finds OpenSearch domains whose data nodes have a cheaper successor.
//!
//! **Why it costs.** Data nodes of an older family, or on x86, cost more than newer ones of the same
//! size, and do less.
//!
//! **What we do.** Change the data nodes to the cheapest newer family of the same series and size.
//! Graviton is proposed from Elasticsearch 7.9 and in every OpenSearch version, which is where AWS
//! offers it. Both prices come from the region's price list or the bill; without them we say
//! *unknown*. Dedicated masters and UltraWarm nodes are not touched.
//!
//! **What could go wrong.** The service builds new nodes beside the old ones and moves every shard:
//! that takes hours and loads the domain. Reserved instances cover one type. Domains on local disks
//! are left alone.
//!
//! **Where others err.** They name old families without a price.
//!
//! # 한국어
//!
//! 데이터 노드의 후속 세대가 더 저렴한 OpenSearch 도메인을 찾습니다.
//!
//! **비용이 드는 이유.** 이전 세대나 x86 데이터 노드는 같은 크기의 새 노드보다 비싸고 성능은 낮습니다.
//!
//! **제안하는 조치.** 데이터 노드를 시리즈와 크기가 같은 더 새로운 패밀리 중 가장 저렴한 것으로 변경합니다. Graviton은 AWS가 제공하는
//! Elasticsearch 7.9 이상과 모든 OpenSearch 버전에서만 제안합니다. 두 가격 모두 리전의 정가표나 청구서에서 가져오며, 없으면 알 수
//! 없다고 답합니다. 전용 마스터와 UltraWarm 노드는 그대로 둡니다.
//!
//! **주의할 점.** 서비스가 새 노드를 만들고 모든 샤드를 옮기므로 몇 시간이 걸리고 도메인에 부하가 생깁니다. 예약 인스턴스는 유형 단위로
//! 적용됩니다. 로컬 디스크를 쓰는 도메인은 추천하지 않습니다.
//!
//! **다른 도구와 다른 점.** 다른 도구는 가격 없이 오래된 패밀리만 나열합니다.

use trimtab_model::action::{Action, Configuration};
use trimtab_model::evidence::{Evidence, Figure};
use trimtab_model::id::ResourceId;
use trimtab_model::recommendation::{
    ActionType, Finding, ImplementationEffort, ReasonCode, Restart, Undo, Unknown, Verdict,
};
use trimtab_model::resource::search_domain::SearchDomain;
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::text::{Reason, StaticText, Text};

use crate::check::{Check, Facts, Need};
use crate::nodes::{NODE_HOURS, NodeService, NodeType, newer_type};
use crate::pricing::Tariff;
use crate::saving::estimate_of;
use crate::verdict::{Proposal, exempt, judge_each, pass, risk, unknown};

/// Families with EBS volumes that the service sells now, x86 first.
///
/// Source: Amazon OpenSearch Service developer guide, "Supported instance types", 2026-10.
const X86: &[&str] = &["m5", "r5", "c5", "t3"];
const ALL: &[&str] = &["m5", "r5", "c5", "t3", "m6g", "r6g", "c6g", "m7g", "r7g", "c7g"];

/// The check.
pub static CHECK: Check = Check {
    id: "opensearch-domain-previous-generation",
    title: StaticText {
        en: "OpenSearch domain whose newer data nodes cost less",
        ko: "더 새로운 데이터 노드가 저렴한 OpenSearch 도메인",
    },
    kind: ResourceKind::SearchDomain,
    action_type: ActionType::Upgrade,
    needs: &[Need::Kind(ResourceKind::SearchDomain), Need::OptionalBilling],
    thresholds: &[],
    judge: |check, facts| {
        let kind = ResourceKind::SearchDomain;
        judge_each(check, facts, kind, &facts.snapshot.search_domains, judge)
    },
};

fn judge(
    check: &Check,
    facts: &Facts<'_>,
    domain: &Resource<SearchDomain>,
) -> Result<Verdict, Unknown> {
    let kind = &domain.kind;
    if kind.is_changing {
        return Ok(pass(
            "changing",
            "The domain is being made, changed or deleted.",
            "도메인이 생성, 변경 또는 삭제되는 중입니다.",
        ));
    }
    let (Some(name), Some(count)) = (kind.instance_type.clone(), kind.instance_count) else {
        return Err(unknown(
            "nodes-unknown",
            "The listing does not say which data nodes the domain has.",
            "목록에 도메인의 데이터 노드 정보가 없습니다.",
            &["inventory:describe-domains"],
        ));
    };
    if kind.ebs_options.is_none() {
        return Ok(exempt(
            "local-disks",
            "Its data is on local disks, whose size changes with the type.",
            "데이터가 로컬 디스크에 있으며, 유형을 바꾸면 디스크 크기도 달라집니다.",
        ));
    }
    let families = if runs_on_arm(kind.engine_version.as_deref()) { ALL } else { X86 };
    let tariff = Tariff::of(facts, domain);
    let node = NodeType { service: NodeService::OpenSearch, engine: "", name };
    let Some((newer, cost_after)) = newer_type(&node, families, count, facts, &tariff)? else {
        return Ok(pass(
            "latest-generation",
            format!("There is no newer family of the size of {}.", node.name),
            format!("{} 크기의 더 새로운 패밀리가 없습니다.", node.name),
        ));
    };
    let reference = domain.reference(ResourceKind::SearchDomain);
    let arn = kind.arn.as_deref().map(ResourceId::new);
    let names: Vec<_> = std::iter::once(domain.id.clone()).chain(arn).collect();
    let cost_now = node.hours(facts, &tariff, count)?;
    let savings =
        estimate_of(facts, &reference, &names, NODE_HOURS, vec![cost_now], vec![cost_after])?;
    let setting = |instance_type: &str| Configuration::DomainInstances {
        instance_type: instance_type.to_owned(),
        instance_count: count,
    };
    Ok(Proposal {
        action: Action::Configure { from: setting(&node.name), to: setting(&newer.name) },
        finding: Finding::NotOptimized,
        reason_codes: vec![ReasonCode::NewGenerationAvailable],
        reason: Reason::new(
            "newer-family-cheaper",
            format!("{} offers what {} does, for less.", newer.name, node.name),
            format!("{} 노드는 {} 노드와 같은 사양을 더 저렴하게 제공합니다.", newer.name, node.name),
        ),
        savings,
        performance_risk: risk(domain.environment, 1),
        effort: ImplementationEffort::Medium,
        restart_needed: Restart::NotNeeded,
        undo: Undo::Exact,
        evidence: Evidence {
            figures: vec![Figure::number("nodes", "Data nodes", "데이터 노드", f64::from(count), "")],
            notes: vec![Text::new(
                "The change builds new nodes and moves every shard; make it when the domain is quiet.",
                "변경할 때 새 노드를 만들고 모든 샤드를 옮기므로 부하가 적은 시간에 진행하세요.",
            )],
            ..Evidence::default()
        },
    }
    .into_verdict(check, reference))
}

/// Reads `OpenSearch_2.11` and `Elasticsearch_7.10`; an unknown version counts as too old.
fn runs_on_arm(version: Option<&str>) -> bool {
    let Some((engine, number)) = version.and_then(|version| version.split_once('_')) else {
        return false;
    };
    let mut parts = number.split('.').map(|part| part.parse::<u32>().unwrap_or(0));
    let number = (parts.next().unwrap_or(0), parts.next().unwrap_or(0));
    engine == "OpenSearch" || (engine == "Elasticsearch" && number >= (7, 9))
}

#[cfg(test)]
mod tests {
    use super::{CHECK, runs_on_arm};
    use crate::scene::{Scene, check, instance_facts, scene};

    fn domain(instance_type: &str) -> Scene {
        scene()
            .instance_type(instance_facts("m5.large", 2, 8), "0.096")
            .instance_type(instance_facts("m6g.large", 2, 8), "0.077")
            .price("opensearch/m5.large.search", "0.142")
            .price("opensearch/m6g.large.search", "0.128")
            .search_domain(|one| one.kind.instance_type = Some(instance_type.into()))
    }

    #[test]
    fn a_domain_on_older_nodes_fires() {
        // 0.014 USD on two nodes for 730 hours.
        check(&CHECK, domain("m5.large.search"), "recommend 12.78 / 20.44 / 20.44");
    }

    #[test]
    fn the_latest_family_passes() {
        check(&CHECK, domain("m6g.large.search"), "pass latest-generation");
    }

    #[test]
    fn just_under_the_version_that_runs_on_arm_it_stays() {
        assert!(runs_on_arm(Some("Elasticsearch_7.10")) && !runs_on_arm(Some("Elasticsearch_7.8")));
        let mut old = domain("m5.large.search");
        old.snapshot.search_domains[0].kind.engine_version = Some("Elasticsearch_7.8".into());
        check(&CHECK, old, "pass latest-generation");
    }

    #[test]
    fn without_a_price_it_is_unknown() {
        check(&CHECK, domain("m4.large.search"), "unknown price-missing");
    }
}
