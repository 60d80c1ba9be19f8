//! Finds EKS clusters on which no pod can run.
//!
//! **Why it costs.** The control plane of a cluster is charged by the hour, and more in extended
//! support, whether or not it has a node.
//!
//! **What we do.** Delete the cluster after a person agreed and kept its manifests. Without nodes
//! means: no managed node group with machines, no Fargate profile, no EC2 machine whose tags name
//! the cluster. Where nodes may come by themselves (a node group or an Auto Scaling group at zero,
//! EKS Auto Mode), the scheduler must also have placed no pod in two weeks; without that metric we
//! say *unknown*. Clusters with machines outside AWS are left alone.
//!
//! **What could go wrong.** What the cluster keeps itself, such as custom resources that manage
//! things elsewhere, is lost with it, and a new one has another address and another identity for
//! its roles. Export it first.
//!
//! **Where others err.** They count managed node groups only, and flag clusters on Fargate, on
//! Karpenter or on machines of their owner's own.
//!
//! # 한국어
//!
//! 파드를 실행할 수 없는 EKS 클러스터를 찾습니다.
//!
//! **비용이 드는 이유.** 클러스터의 컨트롤 플레인은 노드가 없어도 시간당 과금되며, 연장 지원 중이면 더 비쌉니다.
//!
//! **제안하는 조치.** 사람이 동의하고 매니페스트를 보관한 뒤 클러스터를 삭제합니다. 인스턴스가 있는 관리형 노드 그룹, Fargate
//! 프로필, 태그가 이 클러스터를 가리키는 EC2 인스턴스가 모두 없을 때만 해당합니다. 노드가 저절로 생길 수 있는 경우(크기가 0인 노드
//! 그룹이나 Auto Scaling 그룹, EKS Auto Mode)에는 2주 동안 스케줄러가 배치한 파드도 없어야 하며, 그 지표가 없으면
//! 알 수 없다고 답합니다. AWS 밖의 노드를 쓸 수 있는 클러스터는 추천하지 않습니다.
//!
//! **주의할 점.** 다른 곳의 자원을 관리하는 커스텀 리소스처럼 클러스터에만 있는 내용은 함께 사라지고, 새 클러스터는 주소와 역할용
//! 자격 증명이 달라집니다. 먼저 내보내 두세요.
//!
//! **다른 도구와 다른 점.** 관리형 노드 그룹만 세어 Fargate나 Karpenter, 직접 운영하는 인스턴스를 쓰는 클러스터까지
//! 보고하는 도구가 있습니다.

use trimtab_model::action::{Action, Removal};
use trimtab_model::evidence::{Evidence, Figure, UnseenSignal};
use trimtab_model::metric::Statistic;
use trimtab_model::period::HOURS_PER_MONTH;
use trimtab_model::recommendation::{
    ActionType, CostComponent, Finding, ImplementationEffort, ReasonCode, Restart, Undo, Unknown,
    Verdict,
};
use trimtab_model::resource::eks_cluster::{EksCluster, Hosting};
use trimtab_model::resource::instance::InstanceState;
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::text::{Reason, StaticText, Text};

use crate::check::{Check, Facts, Need, days_between};
use crate::kubernetes::{belongs_to, names, pays_for_extended_support};
use crate::observation::{MIN_COVERAGE_PERCENT, MIN_DAYS};
use crate::pricing::Tariff;
use crate::quiet::{Quiet, Signal, Use, seen_use, watch};
use crate::saving::{EVERYTHING, deletion};
use crate::verdict::{Proposal, exempt, judge_each, pass, risk, unknown};

const NAMESPACE: &str = "AWS/EKS";
const SCHEDULED: &str = "scheduler_schedule_attempts_SCHEDULED";
const SUM: &[Statistic] = &[Statistic::Sum];
const PLACED: Signal = Signal::any(NAMESPACE, SCHEDULED, SUM, ("Pods placed", "배치된 파드"));

/// The check.
pub static CHECK: Check = Check {
    id: "eks-cluster-without-nodes",
    title: StaticText {
        en: "EKS cluster on which no pod can run",
        ko: "파드를 실행할 노드가 없는 EKS 클러스터",
    },
    kind: ResourceKind::EksCluster,
    action_type: ActionType::Delete,
    needs: &[
        Need::Kind(ResourceKind::EksCluster),
        Need::Kind(ResourceKind::EksNodegroup),
        Need::Kind(ResourceKind::Instance),
        Need::Kind(ResourceKind::AutoScalingGroup),
        Need::OptionalMetric(NAMESPACE, SCHEDULED, SUM),
        Need::OptionalBilling,
    ],
    thresholds: &[MIN_DAYS, MIN_COVERAGE_PERCENT],
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
    if let Some(verdict) = not_ours(check, facts, cluster) {
        return Ok(verdict);
    }
    require_listed(facts, cluster)?;
    if let Some(verdict) = with_nodes(facts, cluster)? {
        return Ok(verdict);
    }
    let subjects = [vec![cluster.id.clone()]];
    if let Some(verdict) = seen_use(facts, cluster, &subjects, &[PLACED]) {
        return Ok(verdict);
    }
    let quiet = match nodes_may_come(facts, cluster) {
        false => None,
        true => match watch(check, facts, cluster, &subjects, &[PLACED])? {
            Use::Seen(verdict) => return Ok(verdict),
            Use::Quiet(quiet) => Some(quiet),
        },
    };
    let reference = cluster.reference(ResourceKind::EksCluster);
    let list = hours(facts, cluster);
    let savings = deletion(facts, &reference, &names(cluster), EVERYTHING, list)?;
    let nodegroups = cluster.kind.nodegroups.clone().unwrap_or_default();
    Ok(Proposal {
        action: Action::Remove {
            removal: Removal::EksCluster {
                version: cluster.kind.version.clone().unwrap_or_default(),
                nodegroups,
            },
        },
        finding: Finding::Unused,
        reason_codes: vec![ReasonCode::Unused],
        reason: Reason::new(
            "without-nodes",
            "It has no node and no Fargate profile, so that no pod can run.",
            "노드와 Fargate 프로필이 없어 파드를 실행할 수 없습니다.",
        ),
        savings,
        performance_risk: risk(cluster.environment, 1),
        effort: ImplementationEffort::Medium,
        restart_needed: Restart::NotNeeded,
        undo: Undo::Compensating(Text::new(
            "A new cluster of the same name has another address; what only the old one kept is lost.",
            "같은 이름으로 다시 만들어도 주소가 다르며, 기존 클러스터에만 있던 내용은 사라집니다.",
        )),
        evidence: evidence(cluster, quiet),
    }
    .into_verdict(check, reference))
}

/// Returns the verdict on a cluster that is not in order, young, or partly somewhere else.
fn not_ours(check: &Check, facts: &Facts<'_>, cluster: &Resource<EksCluster>) -> Option<Verdict> {
    let kind = &cluster.kind;
    match kind.hosting {
        Hosting::Cloud => {}
        Hosting::Connected | Hosting::Hybrid | Hosting::Outpost => {
            return Some(exempt(
                "machines-elsewhere",
                "Its machines may be outside AWS, where nobody can see them.",
                "AWS 밖의 노드를 쓸 수 있는 클러스터라 노드 유무를 확인할 수 없습니다.",
            ));
        }
    }
    if let Some(status) = kind.status.as_deref().filter(|status| *status != "ACTIVE") {
        return Some(pass(
            "not-active",
            format!("Its status is {status}."),
            format!("상태가 {status}입니다."),
        ));
    }
    let age = kind.created_at.map(|created| days_between(created, facts.now))?;
    (f64::from(age) < check.threshold_f64(facts, MIN_DAYS.name)).then(|| {
        pass(
            "too-young",
            format!("The cluster is {age} days old and may not be in use yet."),
            format!("생성된 지 {age}일이라 아직 사용 전일 수 있습니다."),
        )
    })
}

/// Makes sure that everything was listed that could run a pod.
fn require_listed(facts: &Facts<'_>, cluster: &Resource<EksCluster>) -> Result<(), Unknown> {
    let not_known = |source: &str| {
        unknown(
            "nodes-unknown",
            "Not everything was listed that could run its pods.",
            "파드를 실행할 수 있는 자원의 목록이 모두 있지 않습니다.",
            &[source],
        )
    };
    if cluster.kind.nodegroups.is_none() || cluster.kind.fargate_profiles.is_none() {
        return Err(not_known("inventory:describe-cluster"));
    }
    for kind in [ResourceKind::EksNodegroup, ResourceKind::Instance, ResourceKind::AutoScalingGroup]
    {
        if !facts.snapshot.was_listed(kind, &cluster.account, &cluster.region) {
            return Err(not_known(&format!("inventory:{}", kind.operation())));
        }
    }
    Ok(())
}

/// Returns the verdict on a cluster that has something to run pods on.
fn with_nodes(
    facts: &Facts<'_>,
    cluster: &Resource<EksCluster>,
) -> Result<Option<Verdict>, Unknown> {
    if cluster.kind.fargate_profiles.iter().flatten().next().is_some() {
        return Ok(Some(pass(
            "fargate-profiles",
            "It has Fargate profiles, by which pods run without nodes.",
            "Fargate 프로필이 있어 노드 없이도 파드를 실행할 수 있습니다.",
        )));
    }
    for name in cluster.kind.nodegroups.iter().flatten() {
        let id = format!("{}/{name}", cluster.id);
        let mut groups = facts.snapshot.eks_nodegroups.iter();
        let group = groups.find(|group| {
            group.id.as_str() == id
                && group.account == cluster.account
                && group.region == cluster.region
        });
        match group.and_then(|group| group.kind.desired_size) {
            Some(0) => {}
            Some(_) => return Ok(Some(has_nodes())),
            None => {
                return Err(unknown(
                    "nodes-unknown",
                    format!("How many machines the node group {name} has is not known."),
                    format!("노드 그룹 {name}의 인스턴스 수를 알 수 없습니다."),
                    &["inventory:describe-nodegroup"],
                ));
            }
        }
    }
    let machine = facts.snapshot.instances.iter().any(|instance| {
        instance.account == cluster.account
            && instance.region == cluster.region
            && !matches!(
                instance.kind.state,
                InstanceState::Terminated | InstanceState::ShuttingDown
            )
            && belongs_to(&instance.tags, cluster.id.as_str())
    });
    Ok(machine.then(has_nodes))
}

fn has_nodes() -> Verdict {
    pass("has-nodes", "It has machines to run pods on.", "파드를 실행할 인스턴스가 있습니다.")
}

/// Returns whether machines may come by themselves.
fn nodes_may_come(facts: &Facts<'_>, cluster: &Resource<EksCluster>) -> bool {
    let group = facts.snapshot.auto_scaling_groups.iter().any(|group| {
        group.account == cluster.account
            && group.region == cluster.region
            && belongs_to(&group.tags, cluster.id.as_str())
    });
    cluster.kind.auto_mode || group || cluster.kind.nodegroups.iter().flatten().next().is_some()
}

/// Returns a month of the control plane at list prices.
fn hours(facts: &Facts<'_>, cluster: &Resource<EksCluster>) -> Result<Vec<CostComponent>, Unknown> {
    let of = |name, meter| Tariff::of(facts, cluster).meter(name, HOURS_PER_MONTH.into(), meter);
    let mut hours = vec![of("EKS cluster", "eks/cluster_hour")?];
    if pays_for_extended_support(&cluster.kind, facts.now) == Some(true) {
        hours.push(of("EKS extended support", "eks/cluster_extended_support_hour")?);
    }
    Ok(hours)
}

fn evidence(cluster: &Resource<EksCluster>, quiet: Option<Quiet>) -> Evidence {
    let length = |names: &Option<Vec<String>>| names.as_ref().map_or(0, Vec::len) as f64;
    let mut evidence = Evidence {
        figures: vec![
            Figure::number(
                "nodegroups",
                "Node groups, all empty",
                "노드 그룹(모두 비어 있음)",
                length(&cluster.kind.nodegroups),
                "",
            ),
            Figure::number(
                "fargate_profiles",
                "Fargate profiles",
                "Fargate 프로필",
                length(&cluster.kind.fargate_profiles),
                "",
            ),
        ],
        signals_not_seen: vec![UnseenSignal {
            name: "objects".to_owned(),
            text: Text::new(
                "What the cluster itself keeps: manifests, secrets, custom resources that manage things elsewhere.",
                "매니페스트와 시크릿, 외부 자원을 관리하는 커스텀 리소스 등 클러스터 안의 내용은 확인할 수 없습니다.",
            ),
        }],
        ..Evidence::default()
    };
    if cluster.kind.deletion_protection == Some(true) {
        evidence.notes.push(Text::new(
            "Deletion protection is on: its owner switches it off first.",
            "삭제 방지가 켜져 있으므로 소유자가 먼저 꺼야 합니다.",
        ));
    }
    if let Some(quiet) = quiet {
        evidence.window_days = Some(quiet.days as u32);
        evidence.figures.extend(quiet.figures);
        evidence.coverage = quiet.coverage;
    }
    evidence
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::{Scene, check, days_ago, flat, scene};

    fn cluster() -> Scene {
        scene().price("eks/cluster_hour", "0.10").eks_cluster(|_| ())
    }

    /// A cluster with a node group at zero.
    fn scaled_down() -> Scene {
        let mut scene = cluster().eks_nodegroup(|_| ());
        scene.snapshot.eks_clusters[0].kind.nodegroups = Some(vec!["workers".into()]);
        scene
    }

    fn placed(scene: Scene, pods: f64, days: i64) -> Scene {
        scene.metric("games", NAMESPACE, SCHEDULED, Statistic::Sum, flat(pods, days))
    }

    #[test]
    fn a_cluster_without_nodes_fires() {
        check(&CHECK, cluster(), "recommend 73.00 / 73.00 / 73.00");
        check(&CHECK, placed(scaled_down(), 0.0, 14), "recommend 73.00 / 73.00 / 73.00");
    }

    #[test]
    fn extended_support_goes_with_the_cluster() {
        let mut scene = cluster().price("eks/cluster_extended_support_hour", "0.50");
        scene.snapshot.eks_clusters[0].kind.version = Some("1.32".into());
        check(&CHECK, scene, "recommend 438.00 / 438.00 / 438.00");
    }

    #[test]
    fn a_cluster_with_something_to_run_pods_on_passes() {
        let mut fargate = cluster();
        fargate.snapshot.eks_clusters[0].kind.fargate_profiles = Some(vec!["default".into()]);
        check(&CHECK, fargate, "pass fargate-profiles");
        let mut group = scaled_down();
        group.snapshot.eks_nodegroups[0].kind.desired_size = Some(2);
        check(&CHECK, group, "pass has-nodes");
        let own = cluster().instance(|instance| {
            instance.tags.insert("kubernetes.io/cluster/games".into(), "owned".into());
        });
        check(&CHECK, own, "pass has-nodes");
    }

    #[test]
    fn just_under_two_weeks_a_cluster_is_new_and_a_silence_no_proof() {
        let mut young = cluster();
        young.snapshot.eks_clusters[0].kind.created_at = Some(days_ago(13));
        check(&CHECK, young, "pass too-young");
        check(&CHECK, placed(scaled_down(), 0.0, 13), "unknown window-too-short");
    }

    #[test]
    fn a_pod_that_was_placed_is_a_use() {
        check(&CHECK, placed(scaled_down(), 1.0, 14), "pass in-use");
        check(&CHECK, placed(cluster(), 1.0, 2), "pass in-use");
    }

    #[test]
    fn where_nodes_may_come_by_themselves_it_is_unknown_without_the_metric() {
        check(&CHECK, scaled_down(), "unknown metric-missing");
        let mut auto = cluster();
        auto.snapshot.eks_clusters[0].kind.auto_mode = true;
        check(&CHECK, auto, "unknown metric-missing");
        let mut unlisted = cluster();
        unlisted.snapshot.eks_clusters[0].kind.fargate_profiles = None;
        check(&CHECK, unlisted, "unknown nodes-unknown");
    }

    #[test]
    fn a_cluster_with_machines_elsewhere_is_left_alone() {
        let mut scene = cluster();
        scene.snapshot.eks_clusters[0].kind.hosting = Hosting::Hybrid;
        check(&CHECK, scene, "exempt machines-elsewhere");
    }
}
