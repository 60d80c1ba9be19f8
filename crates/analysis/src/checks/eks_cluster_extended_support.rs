//! Finds EKS clusters whose version of Kubernetes is in paid extended support.
//!
//! **Why it costs.** Fourteen months after EKS offered a version, its standard support ends. From
//! that day on the control plane costs six times as much by the hour, until it runs a version in
//! standard support.
//!
//! **What we do.** Propose the upgrade, one minor version after the other, by a person, after the
//! checks that EKS offers for it. The saving is what the bill charges for extended support of this
//! cluster, else the hours at the price of the region. When support ends is what EKS itself says of
//! the version, else AWS's release calendar; a version that neither knows is *unknown*.
//!
//! **What could go wrong.** A newer version drops interfaces that manifests and controllers may
//! still use, and nodes and add-ons must follow. A control plane never goes back to an older
//! version. Rehearse it on a cluster that serves nobody.
//!
//! **Where others err.** They take the cluster's upgrade policy for its state: a cluster that
//! allows extended support pays nothing for it while its version is young, and one that does not is
//! upgraded by AWS and never pays.
//!
//! # 한국어
//!
//! Kubernetes 버전이 유료 연장 지원(extended support) 상태인 EKS 클러스터를 찾습니다.
//!
//! **비용이 드는 이유.** EKS에서 버전이 제공된 지 14개월이 지나면 표준 지원이 끝납니다. 그날부터 표준 지원 버전으로 올릴 때까지
//! 컨트롤 플레인의 시간당 요금이 여섯 배가 됩니다.
//!
//! **제안하는 조치.** EKS의 업그레이드 점검을 거쳐 사람이 마이너 버전을 하나씩 올리도록 제안합니다. 절감액은 청구서의 연장 지원
//! 비용이며, 없으면 리전의 시간당 가격으로 계산합니다. 지원 종료일은 EKS API의 값을 쓰고, 없으면 AWS의 릴리스 일정을 따릅니다.
//! 둘 다 모르는 버전은 알 수 없다고 답합니다.
//!
//! **주의할 점.** 새 버전에서는 매니페스트와 컨트롤러가 쓰던 API가 없어질 수 있고, 노드와 애드온도 함께 올려야 합니다. 컨트롤
//! 플레인은 이전 버전으로 되돌릴 수 없습니다. 서비스에 쓰지 않는 클러스터에서 먼저 연습하세요.
//!
//! **다른 도구와 다른 점.** 클러스터의 업그레이드 정책을 현재 상태로 착각하는 도구가 있습니다. 연장 지원을 허용한 클러스터도 버전이
//! 표준 지원 중이면 추가 요금이 없고, 허용하지 않은 클러스터는 AWS가 자동으로 업그레이드하므로 요금이 생기지 않습니다.

use jiff::civil::Date;
use jiff::tz::TimeZone;

use trimtab_model::action::{Action, Configuration, ContainerSetting};
use trimtab_model::evidence::{Evidence, Figure, UnseenSignal};
use trimtab_model::period::HOURS_PER_MONTH;
use trimtab_model::recommendation::{
    ActionType, Finding, ImplementationEffort, ReasonCode, Restart, Undo, Unknown, Verdict,
};
use trimtab_model::resource::eks_cluster::{EksCluster, Hosting};
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::text::{Reason, StaticText, Text};

use crate::check::{Check, Facts, Need};
use crate::kubernetes::{Support, names, support};
use crate::pricing::Tariff;
use crate::saving::{Commitment, Meter, deletion};
use crate::verdict::{Proposal, judge_each, pass, risk, unknown};

/// Picks the charge for extended support: `AmazonEKS-Hours:extendedSupport`.
const EXTENDED_SUPPORT: Meter = Meter {
    charges: |charge| {
        charge.usage_type.as_deref().is_some_and(|usage| usage.ends_with("Hours:extendedSupport"))
    },
    commitment: Commitment::Impossible,
};

/// The check.
pub static CHECK: Check = Check {
    id: "eks-cluster-extended-support",
    title: StaticText {
        en: "EKS cluster whose version is in paid extended support",
        ko: "버전이 유료 연장 지원 상태인 EKS 클러스터",
    },
    kind: ResourceKind::EksCluster,
    action_type: ActionType::Upgrade,
    needs: &[Need::Kind(ResourceKind::EksCluster), Need::OptionalBilling],
    thresholds: &[],
    judge: |check, facts| {
        let clusters = &facts.snapshot.eks_clusters;
        judge_each(check, facts, ResourceKind::EksCluster, clusters, judge)
    },
};

fn judge(
    check: &Check,
    facts: &Facts<'_>,
    cluster: &Resource<EksCluster>,
) -> Result<Verdict, Unknown> {
    if cluster.kind.hosting == Hosting::Connected {
        return Ok(pass(
            "connected",
            "EKS only shows it: its control plane is another provider's.",
            "EKS에 연결만 된 외부 클러스터입니다.",
        ));
    }
    let (Some(version), Some(support)) = (cluster.kind.version.as_deref(), support(&cluster.kind))
    else {
        let version = cluster.kind.version.as_deref().unwrap_or("?");
        return Err(unknown(
            "version-unknown",
            format!("When the standard support of version {version} ends is not known."),
            format!("{version} 버전의 표준 지원 종료일을 알 수 없습니다."),
            &["inventory:describe-cluster"],
        ));
    };
    let today = facts.now.to_zoned_datetime(TimeZone::UTC).date();
    let end = support.end_of_standard;
    if today < end {
        return Ok(pass(
            "standard-support",
            format!("Version {version} is in standard support until {end}."),
            format!("{version} 버전은 {end}까지 표준 지원 대상입니다."),
        ));
    }
    if cluster.kind.support_type.as_deref() == Some("STANDARD") {
        return Ok(pass(
            "not-enrolled",
            "It is not enrolled in extended support: EKS upgrades it by itself.",
            "연장 지원에 등록되지 않아 EKS가 자동으로 업그레이드합니다.",
        ));
    }
    let reference = cluster.reference(ResourceKind::EksCluster);
    let list = Tariff::of(facts, cluster).meter(
        "EKS extended support",
        HOURS_PER_MONTH.into(),
        "eks/cluster_extended_support_hour",
    );
    let list = list.map(|part| vec![part]);
    let savings = deletion(facts, &reference, &names(cluster), EXTENDED_SUPPORT, list)?;
    let at = |version: Option<&str>| {
        let version = version.map(str::to_owned);
        Configuration::Container(ContainerSetting::KubernetesVersion { version })
    };
    Ok(Proposal {
        action: Action::Configure { from: at(Some(version)), to: at(None) },
        finding: Finding::NotOptimized,
        reason_codes: vec![ReasonCode::EngineInExtendedSupport],
        reason: Reason::new(
            "extended-support",
            format!("Kubernetes {version} has been in extended support since {end}."),
            format!("Kubernetes {version} 버전은 {end}부터 연장 지원 요금이 부과됩니다."),
        ),
        savings,
        performance_risk: risk(cluster.environment, 2),
        effort: ImplementationEffort::High,
        restart_needed: Restart::NotNeeded,
        undo: Undo::Impossible(Text::new(
            "A control plane cannot go back to an older version.",
            "컨트롤 플레인은 이전 버전으로 되돌릴 수 없습니다.",
        )),
        evidence: evidence(version, support, today),
    }
    .into_verdict(check, reference))
}

fn evidence(version: &str, support: Support, today: Date) -> Evidence {
    let mut evidence = Evidence {
        figures: vec![
            Figure::word("version", "Version of Kubernetes", "Kubernetes 버전", version),
            Figure::word(
                "charged_from",
                "Charged from",
                "과금 시작일",
                support.end_of_standard.to_string(),
            ),
        ],
        signals_not_seen: vec![UnseenSignal {
            name: "compatibility".to_owned(),
            text: Text::new(
                "Whether manifests, controllers and add-ons work with the next version.",
                "매니페스트와 컨트롤러, 애드온이 다음 버전에서 동작하는지 알 수 없습니다.",
            ),
        }],
        ..Evidence::default()
    };
    match support.end_of_extended {
        Some(end) if today < end => evidence.notes.push(Text::new(
            format!(
                "On {end} extended support ends too, and AWS upgrades the control plane by itself."
            ),
            format!("{end}에는 연장 지원도 끝나 AWS가 컨트롤 플레인을 자동으로 업그레이드합니다."),
        )),
        Some(end) => evidence.notes.push(Text::new(
            format!(
                "Extended support ended on {end}: AWS may upgrade the control plane at any time."
            ),
            format!(
                "연장 지원이 {end}에 끝나 AWS가 언제든 컨트롤 플레인을 업그레이드할 수 있습니다."
            ),
        )),
        None => {}
    }
    evidence
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::scene::{Scene, check, scene};

    fn on(version: &str) -> Scene {
        scene()
            .price("eks/cluster_extended_support_hour", "0.50")
            .eks_cluster(|cluster| cluster.kind.version = Some(version.into()))
    }

    #[test]
    fn a_version_in_extended_support_fires() {
        check(&CHECK, on("1.32"), "recommend 365.00 / 365.00 / 365.00");
    }

    #[test]
    fn a_version_in_standard_support_passes() {
        check(&CHECK, on("1.34"), "pass standard-support");
        let mut standard = on("1.32");
        standard.snapshot.eks_clusters[0].kind.support_type = Some("STANDARD".into());
        check(&CHECK, standard, "pass not-enrolled");
    }

    #[test]
    fn just_under_the_day_on_which_support_ends_nothing_is_charged() {
        // The scene's day is 2026-10-31.
        let ends = |day: &str| {
            let mut scene = on("1.99");
            scene.snapshot.eks_clusters[0].kind.end_of_standard_support = day.parse().ok();
            scene
        };
        check(&CHECK, ends("2026-11-01T00:00:00Z"), "pass standard-support");
        check(&CHECK, ends("2026-10-31T00:00:00Z"), "recommend 365.00 / 365.00 / 365.00");
    }

    #[test]
    fn the_bill_decides_where_it_names_the_charge() {
        let arn = "arn:aws:eks:us-east-1:111122223333:cluster/games";
        let scene = on("1.32")
            .bill(arn, "USE1-AmazonEKS-Hours:extendedSupport", "720", "324")
            .bill(arn, "USE1-AmazonEKS-Hours:perCluster", "720", "72");
        check(&CHECK, scene, "recommend 328.50 / 328.50 / 328.50");
    }

    #[test]
    fn a_version_that_nobody_knows_is_unknown() {
        check(&CHECK, on("1.99"), "unknown version-unknown");
        let scene = on("1.32").without_price("eks/cluster_extended_support_hour");
        check(&CHECK, scene, "unknown price-missing");
    }
}
