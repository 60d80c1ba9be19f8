//! Finds EMR clusters that wait without work.
//!
//! **Why it costs.** A waiting cluster pays for every instance and its volumes, and EMR's own
//! charge on top.
//!
//! **What we do.** Terminate the cluster, after a person agreed. Idle means: its state is
//! `WAITING`, and each of EMR's checks in two weeks, every five minutes, found nothing running.
//! A cluster that ends by itself after idle time is left to its policy.
//!
//! **What it saves.** What the bill charges for the cluster, its instances and their volumes.
//! Without a bill the instances at list prices, and neither EMR's charge nor the volumes.
//!
//! **What could go wrong.** What is in HDFS goes with the cluster; what is in S3 stays. EMR sees
//! the work of YARN only: a cluster with HBase, Presto or Trino, which work beside it, is *not*
//! judged. Somebody may be connected to a notebook.
//!
//! **Where others err.** They say idle after half an hour, in which a nightly job only waits for
//! its night, and name no amount.
//!
//! # 한국어
//!
//! 작업 없이 대기만 하는 EMR 클러스터를 찾습니다.
//!
//! **비용이 드는 이유.** 대기 중인 클러스터도 모든 인스턴스와 볼륨 요금에 EMR 요금까지 더해 과금됩니다.
//!
//! **제안하는 조치.** 사람이 동의하면 클러스터를 종료합니다. 상태가 `WAITING`이고, 2주 동안 5분마다 이루어지는 EMR의
//! 확인에서 실행 중인 작업이 한 번도 없었을 때만 해당합니다. 유휴 시간이 지나면 스스로 종료하는 정책이 있는 클러스터는
//! 제외합니다.
//!
//! **절감액.** 청구서에 나온 클러스터와 인스턴스, 볼륨 비용입니다. 청구서가 없으면 인스턴스만 정가로 계산하고 EMR 요금과
//! 볼륨은 넣지 않습니다.
//!
//! **주의할 점.** HDFS의 데이터는 클러스터와 함께 사라지고 S3의 데이터는 남습니다. EMR은 YARN 작업만 볼 수 있으므로, YARN
//! 밖에서 동작하는 HBase, Presto, Trino가 있는 클러스터는 판단하지 않습니다. 노트북에 연결된 사람이 있을 수 있습니다.
//!
//! **다른 도구와 다른 점.** 밤마다 도는 작업이 밤을 기다리는 것뿐인데도 30분이면 유휴라고 하고, 금액은 알려 주지 않는 도구가
//! 있습니다.

use trimtab_model::action::{Action, Removal};
use trimtab_model::evidence::{Evidence, Figure, UnseenSignal};
use trimtab_model::id::ResourceId;
use trimtab_model::metric::Statistic;
use trimtab_model::recommendation::{
    ActionType, CostComponent, Finding, ImplementationEffort, ReasonCode, Restart, Undo, Unknown,
    Verdict,
};
use trimtab_model::resource::emr_cluster::{AutoTermination, EmrCluster};
use trimtab_model::resource::instance::{Instance, InstanceState};
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::text::{Reason, StaticText, Text, counted};

use crate::check::{Check, Facts, Need};
use crate::observation::{MIN_COVERAGE_PERCENT, MIN_DAYS, Observation};
use crate::pricing::Tariff;
use crate::saving::{EVERYTHING_WITH_HOURS, deletion};
use crate::verdict::{Proposal, judge_each, pass, risk, unknown};

const NAMESPACE: &str = "AWS/ElasticMapReduce";
/// The lowest of the checks in a period: one that found work makes it zero.
const LOWEST: &[Statistic] = &[Statistic::Minimum];
/// The tag that EMR gives the instances of a cluster.
const CLUSTER_TAG: &str = "aws:elasticmapreduce:job-flow-id";
/// Applications that work without YARN, whose work EMR does not see.
const BESIDE_YARN: &[&str] = &["HBase", "Phoenix", "Presto", "PrestoSQL", "Trino"];

/// The check.
pub static CHECK: Check = Check {
    id: "emr-cluster-idle",
    title: StaticText {
        en: "EMR cluster that waits without work",
        ko: "작업 없이 대기하는 EMR 클러스터",
    },
    kind: ResourceKind::EmrCluster,
    action_type: ActionType::Delete,
    needs: &[
        Need::Kind(ResourceKind::EmrCluster),
        Need::Kind(ResourceKind::Instance),
        Need::Metric(NAMESPACE, "IsIdle", LOWEST),
        Need::OptionalBilling,
    ],
    thresholds: &[MIN_DAYS, MIN_COVERAGE_PERCENT],
    judge: |check, facts| {
        judge_each(check, facts, ResourceKind::EmrCluster, &facts.snapshot.emr_clusters, judge)
    },
};

fn judge(
    check: &Check,
    facts: &Facts<'_>,
    cluster: &Resource<EmrCluster>,
) -> Result<Verdict, Unknown> {
    if let Some(verdict) = not_ours(&cluster.kind)? {
        return Ok(verdict);
    }
    let own = std::slice::from_ref(&cluster.id);
    let found = Observation::find(facts, cluster, own, NAMESPACE, "IsIdle", LOWEST);
    if found.is_some_and(|seen| seen.profile.min < 1.0) {
        return Ok(pass(
            "in-use",
            "IsIdle was 0 at some moment: something ran.",
            "IsIdle이 0인 적이 있어 작업이 실행되었습니다.",
        ));
    }
    let seen = Observation::complete(check, facts, cluster, own, NAMESPACE, "IsIdle", LOWEST)?;
    let members = members(facts, cluster)?;
    let mut member_ids: Vec<ResourceId> = Vec::new();
    for member in &members {
        member_ids.push(member.id.clone());
        member_ids.extend(member.kind.volume_ids.iter().cloned());
    }
    let arn = cluster.kind.cluster_arn.as_deref().map(ResourceId::new);
    let names: Vec<ResourceId> =
        std::iter::once(cluster.id.clone()).chain(arn).chain(member_ids.iter().cloned()).collect();
    let reference = cluster.reference(ResourceKind::EmrCluster);
    let list = hours(facts, &members);
    let savings = deletion(facts, &reference, &names, EVERYTHING_WITH_HOURS, list)?;
    let days = seen.days();
    let protected = cluster.kind.termination_protected == Some(true);
    Ok(Proposal {
        action: Action::Remove {
            removal: Removal::EmrCluster {
                release_label: cluster.kind.release_label.clone(),
                termination_protected: protected,
                member_ids,
            },
        },
        finding: Finding::Idle,
        reason_codes: vec![ReasonCode::Idle],
        reason: Reason::new(
            "idle",
            format!("Nothing ran on the cluster in {days:.0} days."),
            format!("{days:.0}일 동안 클러스터에서 실행된 작업이 없습니다."),
        ),
        savings,
        performance_risk: risk(cluster.environment, 2),
        effort: ImplementationEffort::Low,
        restart_needed: Restart::NotNeeded,
        undo: Undo::Impossible(Text::new(
            "What is in HDFS is lost. A cluster made anew has another address and reads what is in S3.",
            "HDFS의 데이터는 사라집니다. 새로 만든 클러스터는 주소가 다르며 S3의 데이터는 그대로 읽을 수 있습니다.",
        )),
        evidence: evidence(&seen, members.len(), protected),
    }
    .into_verdict(check, reference))
}

/// Returns the verdict on a cluster that works, ends by itself, or works where EMR does not look.
fn not_ours(cluster: &EmrCluster) -> Result<Option<Verdict>, Unknown> {
    if cluster.state != "WAITING" {
        return Ok(Some(pass(
            "not-waiting",
            format!("The cluster is {}.", cluster.state),
            format!("클러스터 상태가 {}입니다.", cluster.state),
        )));
    }
    let beside = cluster
        .applications
        .iter()
        .find(|name| BESIDE_YARN.iter().any(|other| other.eq_ignore_ascii_case(name)));
    if let Some(name) = beside {
        return Err(unknown(
            "work-not-seen",
            format!("{name} works without YARN, and EMR does not see whether it does."),
            format!(
                "YARN 없이 동작하는 애플리케이션이 있어 EMR이 작업 여부를 볼 수 없습니다: {name}."
            ),
            &["application-metrics"],
        ));
    }
    match cluster.auto_termination {
        Some(AutoTermination::Never) => Ok(None),
        Some(AutoTermination::AfterIdleSeconds(_)) => Ok(Some(pass(
            "ends-by-itself",
            "It has a policy to end after idle time.",
            "유휴 시간이 지나면 스스로 종료하는 정책이 있습니다.",
        ))),
        None => Err(unknown(
            "policy-unknown",
            "Whether it ends by itself is not known.",
            "스스로 종료하는 정책이 있는지 알 수 없습니다.",
            &["inventory:get-auto-termination-policy"],
        )),
    }
}

/// Returns the instances of the cluster, which EMR tags.
fn members<'a>(
    facts: &Facts<'a>,
    cluster: &Resource<EmrCluster>,
) -> Result<Vec<&'a Resource<Instance>>, Unknown> {
    let members: Vec<&Resource<Instance>> = facts
        .snapshot
        .instances
        .iter()
        .filter(|instance| {
            instance.account == cluster.account
                && instance.region == cluster.region
                && instance.kind.state == InstanceState::Running
                && instance.tags.get(CLUSTER_TAG).map(String::as_str) == Some(cluster.id.as_str())
        })
        .collect();
    if members.is_empty() {
        return Err(unknown(
            "members-unknown",
            "The instances of the cluster are not known.",
            "클러스터의 인스턴스 정보가 없습니다.",
            &["inventory:describe-instances"],
        ));
    }
    Ok(members)
}

/// Returns a month of the instances; a price of Spot is known to the bill only.
fn hours(
    facts: &Facts<'_>,
    members: &[&Resource<Instance>],
) -> Result<Vec<CostComponent>, Unknown> {
    members
        .iter()
        .map(|member| match &member.kind.instance_lifecycle {
            Some(lifecycle) => Err(unknown(
                "price-missing",
                format!("An instance of the life cycle {lifecycle} has no list price."),
                format!("구매 옵션이 {lifecycle}인 인스턴스는 정가가 없습니다."),
                &["billing"],
            )),
            None => Tariff::of(facts, member).running_hours(&member.kind),
        })
        .collect()
}

fn evidence(seen: &Observation<'_>, instances: usize, protected: bool) -> Evidence {
    let mut notes = Vec::new();
    if protected {
        notes.push(Text::new(
            "It is protected from termination: somebody wanted it to stay.",
            "종료 방지가 설정되어 있습니다. 누군가 유지하려고 한 클러스터입니다.",
        ));
    }
    let count = u32::try_from(instances).unwrap_or(u32::MAX);
    Evidence {
        window_days: Some(seen.days() as u32),
        figures: vec![
            Figure::number("is_idle", "IsIdle, lowest", "IsIdle 최솟값", seen.profile.min, "")
                .against(1.0),
            Figure::number("instances", "Instances", "인스턴스 수", f64::from(count), ""),
        ],
        coverage: vec![seen.coverage()],
        signals_not_seen: vec![UnseenSignal {
            name: "hdfs".to_owned(),
            text: Text::new(
                format!(
                    "What HDFS on its {} holds, and who is connected.",
                    counted(count, "instance")
                ),
                format!(
                    "인스턴스 {count}대의 HDFS에 무엇이 있는지, 누가 연결되어 있는지 알 수 없습니다."
                ),
            ),
        }],
        notes,
    }
}

#[cfg(test)]
mod tests {
    use trimtab_model::metric::Statistic;
    use trimtab_model::resource::emr_cluster::AutoTermination;

    use super::CHECK;
    use crate::scene::{Scene, check, flat, instance_facts, scene};

    fn cluster(is_idle: f64, days: i64) -> Scene {
        scene()
            .instance_type(instance_facts("m5.large", 2, 8), "0.096")
            .emr_cluster(|_| ())
            .instance(|one| {
                one.kind.volume_ids = vec!["vol-1".into()];
                one.tags.insert("aws:elasticmapreduce:job-flow-id".into(), "j-1".into());
            })
            .metric(
                "j-1",
                "AWS/ElasticMapReduce",
                "IsIdle",
                Statistic::Minimum,
                flat(is_idle, days),
            )
    }

    #[test]
    fn a_cluster_without_work_fires() {
        check(&CHECK, cluster(1.0, 14), "recommend 43.80 / 70.08 / 70.08");
    }

    #[test]
    fn the_bill_counts_the_charge_of_emr_and_the_volumes_too() {
        let scene = cluster(1.0, 14)
            .bill(
                "arn:aws:elasticmapreduce:us-east-1:111122223333:cluster/j-1",
                "BoxUsage:m5.large",
                "720",
                "17.28",
            )
            .bill("i-1", "BoxUsage:m5.large", "720", "69.12")
            .bill("vol-1", "EBS:VolumeUsage.gp3", "100", "8");
        check(&CHECK, scene, "recommend 95.71 / 95.71 / 95.71");
    }

    #[test]
    fn a_cluster_that_works_or_ends_by_itself_passes() {
        check(&CHECK, cluster(0.0, 14), "pass in-use");
        let mut ends = cluster(1.0, 14);
        ends.snapshot.emr_clusters[0].kind.auto_termination =
            Some(AutoTermination::AfterIdleSeconds(3600));
        check(&CHECK, ends, "pass ends-by-itself");
        let mut running = cluster(1.0, 14);
        running.snapshot.emr_clusters[0].kind.state = "RUNNING".into();
        check(&CHECK, running, "pass not-waiting");
    }

    #[test]
    fn just_under_two_weeks_nothing_is_proven() {
        check(&CHECK, cluster(1.0, 13), "unknown window-too-short");
    }

    #[test]
    fn without_metrics_members_or_sight_it_is_unknown() {
        check(&CHECK, scene().emr_cluster(|_| ()), "unknown metric-missing");
        let mut alone = cluster(1.0, 14);
        alone.snapshot.instances.clear();
        check(&CHECK, alone, "unknown members-unknown");
        let mut beside = cluster(1.0, 14);
        beside.snapshot.emr_clusters[0].kind.applications.push("HBase".into());
        check(&CHECK, beside, "unknown work-not-seen");
        let mut spot = cluster(1.0, 14);
        spot.snapshot.instances[0].kind.instance_lifecycle = Some("spot".into());
        check(&CHECK, spot, "unknown price-missing");
    }
}
