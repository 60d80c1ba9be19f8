//! Finds OpenSearch domains on gp2 volumes where gp3 costs less.
//!
//! **Why it costs.** gp3 costs less per GiB than gp2 in OpenSearch Service and gives 3,000 IOPS
//! whatever the size.
//!
//! **What we do.** Change the volume type of every data node in place. The saving is size times the
//! difference of the two prices, which come from the bill: the price list here has neither, and
//! without a bill that shows both in this region we say *unknown*.
//!
//! **What could go wrong.** gp2 of 170 GiB and more delivers up to 250 MiB/s, gp3 includes 125 per
//! volume: where nodes move more, throughput must be bought, so the risk is higher there. Above
//! 1,000 GiB gp2 gives more IOPS than gp3 includes, and we say *unknown*. Old instance types know
//! no gp3. The change may move every shard to new nodes.
//!
//! **Where others err.** They promise the fifth that gp3 saves on EC2 volumes.
//!
//! # 한국어
//!
//! gp3가 더 저렴한데 gp2 볼륨을 쓰는 OpenSearch 도메인을 찾습니다.
//!
//! **비용이 드는 이유.** OpenSearch Service에서 gp3는 GiB당 가격이 gp2보다 낮고 크기와 관계없이 3,000 IOPS를 제공합니다.
//!
//! **제안하는 조치.** 모든 데이터 노드의 볼륨 유형을 변경합니다. 절감액은 크기에 두 가격의 차이를 곱한 값이며 가격은 청구서에서 가져옵니다.
//! 정가표에는 두 가격이 없으므로, 이 리전에서 둘 다 나오는 청구서가 없으면 알 수 없다고 답합니다.
//!
//! **주의할 점.** 170 GiB 이상의 gp2는 최대 250 MiB/s를 내지만 gp3는 볼륨당 125 MiB/s만 포함합니다. 그보다 많이 쓰면 처리량을 따로
//! 구매해야 하므로 위험을 더 높게 봅니다. 1,000 GiB를 넘으면 gp2의 IOPS가 gp3 기본 제공량보다 많아 알 수 없다고 답합니다. 오래된
//! 인스턴스 유형은 gp3를 지원하지 않습니다. 변경할 때 모든 샤드가 새 노드로 옮겨질 수 있습니다.
//!
//! **다른 도구와 다른 점.** 다른 도구는 EC2 볼륨의 gp3 절감률 20%를 그대로 약속합니다.

use rust_decimal::Decimal;

use trimtab_model::action::{Action, Configuration};
use trimtab_model::evidence::{Evidence, Figure, UnseenSignal};
use trimtab_model::id::ResourceId;
use trimtab_model::recommendation::{
    ActionType, Finding, ImplementationEffort, ReasonCode, Restart, Threshold, Undo, Unknown,
    Verdict,
};
use trimtab_model::resource::search_domain::{EbsOptions, SearchDomain};
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::text::{Reason, StaticText, Text};

use crate::check::{Check, Facts, Need};
use crate::pricing::{GP3_INCLUDED_IOPS, Tariff, usage_name};
use crate::saving::{Commitment, Meter, estimate_of};
use crate::verdict::{Proposal, judge_each, pass, risk, unknown};

/// Picks the volumes of a domain.
const VOLUMES: Meter = Meter {
    charges: |charge| {
        charge.usage_type.as_deref().is_some_and(|usage| usage_name(usage) == "ES:GP2-Storage")
    },
    commitment: Commitment::Impossible,
};

/// The size from which gp2 may deliver more than gp3 includes. Source: Amazon EBS user guide.
const FAST_FROM_GIB: u32 = 170;

/// The check.
pub static CHECK: Check = Check {
    id: "opensearch-domain-gp2",
    title: StaticText {
        en: "OpenSearch domain on volumes of the older type gp2",
        ko: "구형 gp2 볼륨을 쓰는 OpenSearch 도메인",
    },
    kind: ResourceKind::SearchDomain,
    action_type: ActionType::Upgrade,
    needs: &[Need::Kind(ResourceKind::SearchDomain), Need::OptionalBilling],
    thresholds: &[Threshold {
        name: "min_size_gib",
        default: "10",
        unit: "GiB",
        text: StaticText {
            en: "Smallest volume that is reported.",
            ko: "보고 대상이 되는 볼륨의 최소 크기입니다.",
        },
    }],
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
    let Some(volume) = domain.kind.ebs_options.as_ref().filter(|_| !domain.kind.is_changing) else {
        return Ok(pass(
            "no-volumes",
            "It has no EBS volumes, or it is changing.",
            "EBS 볼륨이 없거나 변경 중입니다.",
        ));
    };
    let (Some(volume_type), Some(size_gib), Some(count)) =
        (volume.volume_type.as_deref(), volume.volume_size_gib, domain.kind.instance_count)
    else {
        return Err(unknown(
            "volume-unknown",
            "The listing does not say type, size or number of the volumes.",
            "목록에 볼륨의 유형이나 크기, 개수가 없습니다.",
            &["inventory:describe-domains"],
        ));
    };
    let min_size = check.threshold_f64(facts, "min_size_gib");
    if volume_type != "gp2" || f64::from(size_gib) < min_size {
        return Ok(pass(
            "not-gp2",
            "Its volumes are not gp2, or too small to report.",
            "gp2 볼륨이 아니거나 보고 대상보다 작습니다.",
        ));
    }
    if size_gib.saturating_mul(3) > GP3_INCLUDED_IOPS {
        return Err(unknown(
            "iops-price-missing",
            "gp2 gives more IOPS here than gp3 includes, and the price of the rest is not known.",
            "gp2의 IOPS가 gp3 기본 제공량보다 많으며, 나머지의 가격이 없습니다.",
            &["prices:opensearch/gp3_iops"],
        ));
    }
    let tariff = Tariff::of(facts, domain);
    let quantity = Decimal::from(size_gib) * Decimal::from(count);
    let now = tariff.meter("gp2 storage", quantity, "opensearch/storage_gp2")?;
    let after = tariff.meter("gp3 storage", quantity, "opensearch/storage_gp3")?;
    let reference = domain.reference(ResourceKind::SearchDomain);
    let arn = domain.kind.arn.as_deref().map(ResourceId::new);
    let names: Vec<_> = std::iter::once(domain.id.clone()).chain(arn).collect();
    let savings = estimate_of(facts, &reference, &names, VOLUMES, vec![now], vec![after])?;
    let fast = size_gib >= FAST_FROM_GIB;
    let setting = |volume_type: &str| {
        Configuration::DomainVolume(EbsOptions {
            volume_type: Some(volume_type.to_owned()),
            volume_size_gib: Some(size_gib),
            iops: None,
            throughput_mib_s: None,
        })
    };
    Ok(Proposal {
        action: Action::Configure { from: setting("gp2"), to: setting("gp3") },
        finding: Finding::NotOptimized,
        reason_codes: vec![ReasonCode::NewGenerationStorageTypeAvailable],
        reason: Reason::new(
            "gp2",
            format!("gp3 stores the {count} x {size_gib} GiB for less."),
            format!("{size_gib} GiB 볼륨 {count}개를 gp3로 바꾸면 더 저렴합니다."),
        ),
        savings,
        performance_risk: risk(domain.environment, if fast { 2 } else { 0 }),
        effort: ImplementationEffort::Low,
        restart_needed: Restart::NotNeeded,
        undo: Undo::Exact,
        evidence: Evidence {
            figures: vec![
                Figure::number("size_gib", "Volume of a node", "노드당 볼륨", f64::from(size_gib), "GiB").against(min_size),
                Figure::number("nodes", "Data nodes", "데이터 노드", f64::from(count), ""),
            ],
            signals_not_seen: fast
                .then(|| UnseenSignal {
                    name: "throughput".to_owned(),
                    text: Text::new(
                        "Whether a node moves more than 125 MiB/s: gp2 of this size bursts to 250.",
                        "이 크기의 gp2는 250 MiB/s까지 버스트하는데, 노드가 125 MiB/s를 넘게 쓰는지 알 수 없습니다.",
                    ),
                })
                .into_iter()
                .collect(),
            ..Evidence::default()
        },
    }
    .into_verdict(check, reference))
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::scene::{Scene, check, scene};

    fn domain(size_gib: u32) -> Scene {
        scene()
            .price("opensearch/storage_gp2", "0.135")
            .price("opensearch/storage_gp3", "0.122")
            .search_domain(|one| {
                one.kind.ebs_options.as_mut().expect("volumes").volume_size_gib = Some(size_gib);
            })
    }

    #[test]
    fn a_domain_on_gp2_fires() {
        // Two of 100 GiB, 0.013 USD each.
        check(&CHECK, domain(100), "recommend 2.60 / 2.60 / 2.60");
    }

    #[test]
    fn a_domain_on_gp3_passes() {
        let mut scene = domain(100);
        scene.snapshot.search_domains[0].kind.ebs_options.as_mut().expect("volumes").volume_type =
            Some("gp3".into());
        check(&CHECK, scene, "pass not-gp2");
    }

    #[test]
    fn just_under_the_smallest_volume_passes() {
        check(&CHECK, domain(9), "pass not-gp2");
        check(&CHECK, domain(10), "recommend 0.26 / 0.26 / 0.26");
    }

    #[test]
    fn without_both_prices_or_above_the_included_iops_it_is_unknown() {
        check(&CHECK, domain(100).without_price("opensearch/storage_gp3"), "unknown price-missing");
        check(&CHECK, domain(1001), "unknown iops-price-missing");
    }

    #[test]
    fn the_bill_has_both_rates() {
        let scene = domain(100)
            .without_price("opensearch/storage_gp2")
            .without_price("opensearch/storage_gp3")
            .bill("logs", "ES:GP2-Storage", "200", "27.00")
            .bill("other", "ES:GP3-Storage", "100", "12.20");
        // 27 USD in 30 days, of which 0.013/0.135.
        check(&CHECK, scene, "recommend 2.64 / 2.64 / 2.64");
    }
}
