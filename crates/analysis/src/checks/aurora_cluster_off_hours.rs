//! Finds Aurora clusters outside production to which nobody connects at night or at weekends.
//!
//! **Why it costs.** Every instance of a cluster is charged by the hour while it runs, readers as much as the writer.
//!
//! **What we do.** Stop the cluster as a whole in the hours in which nobody was connected to any member in any week that was
//! read, and start it an hour before the first use. The commands set up EventBridge Scheduler; `trimtab schedule show` draws
//! the week. An hour is idle if no member had a connection and CPU stayed below 20 % everywhere, in at least 2 weeks.
//! A stop must last 6 hours.
//!
//! **What it saves.** The hourly rate of every member for the hours off, at a month of 730 hours. Storage and backups go on costing and
//! are not counted. Where other classes are recommended for members, the hours are counted at what remains.
//!
//! **What could go wrong.** Aurora starts a stopped cluster again after 7 days. Starting takes minutes and needs free capacity of every class.
//! A pool that keeps its connections open at night hides the idleness. Clusters that replicate, belong to a global database, or are
//! serverless are left alone: the first two cannot be stopped, and the last shrinks by itself.
//!
//! **Where others err.** They stop members one by one, which Aurora refuses.
//!
//! # 한국어
//!
//! 운영 환경이 아니면서 밤이나 주말에 아무도 접속하지 않는 Aurora 클러스터를 찾습니다.
//!
//! **비용이 드는 이유.** 클러스터의 모든 인스턴스는 쓰기든 읽기든 실행되는 동안 시간당 과금됩니다.
//!
//! **제안하는 조치.** 읽은 모든 주에서 어떤 멤버에도 접속이 없던 시간에 클러스터 전체를 중지하고, 첫 사용 1시간 전에 시작합니다. 명령은
//! EventBridge Scheduler를 설정하며, `trimtab schedule show`가 한 주를 그려 줍니다. 2주 이상, 어떤 멤버에도 연결이 없고 모든 멤버의
//! CPU가 20% 미만일 때 유휴로 봅니다. 중지는 6시간 이상 이어져야 합니다.
//!
//! **절감액.** 꺼 두는 시간에 모든 멤버의 시간당 요금을 곱하며, 한 달은 730시간입니다. 스토리지와 백업은 계속 과금되므로 포함하지 않습니다. 멤버에
//! 다른 클래스가 추천된 경우에는 그 뒤에 남는 금액으로 계산합니다.
//!
//! **주의할 점.** Aurora는 중지된 클러스터를 7일 뒤에 다시 시작합니다. 시작에는 몇 분이 걸리고 모든 클래스의 여유 용량이 필요합니다. 밤에도 연결을
//! 열어 두는 커넥션 풀이 있으면 유휴 시간이 드러나지 않습니다. 복제 관계에 있거나 글로벌 데이터베이스에 속한 클러스터는 중지할 수 없고,
//! 서버리스 클러스터는 스스로 줄어들므로 제안하지 않습니다.
//!
//! **다른 도구와 다른 점.** 멤버를 하나씩 중지하려는 도구가 있지만 Aurora는 이를 거부합니다.

use trimtab_model::action::ScheduleTarget;
use trimtab_model::id::ResourceId;
use trimtab_model::metric::Statistic;
use trimtab_model::recommendation::{ActionType, Unknown, Verdict};
use trimtab_model::resource::db_cluster::DbCluster;
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::text::{StaticText, Text};

use crate::check::{Check, Facts, Need};
use crate::database::cluster::{bill_names, list_cost, members, not_ours};
use crate::database::{names, off_hours};
use crate::observation::{MIN_COVERAGE_PERCENT, MIN_DAYS};
use crate::saving::{DB_INSTANCE_HOURS, deletion};
use crate::schedule::gate::{MIN_WEEKS, START_LEAD_HOURS, production};
use crate::schedule::proposal::{Case, judge as judge_case, min_off_hours};
use crate::verdict::{exempt, judge_each};

/// The check.
pub static CHECK: Check = Check {
    id: "aurora-cluster-off-hours",
    title: StaticText {
        en: "Aurora cluster outside production that nobody uses at night or at weekends",
        ko: "운영 환경이 아니면서 밤이나 주말에 쓰지 않는 Aurora 클러스터",
    },
    kind: ResourceKind::DbCluster,
    action_type: ActionType::Schedule,
    needs: &[
        Need::Kind(ResourceKind::DbCluster),
        Need::Kind(ResourceKind::DbInstance),
        Need::Metric("AWS/RDS", "DatabaseConnections", &[Statistic::Maximum]),
        Need::Metric("AWS/RDS", "CPUUtilization", &[Statistic::Maximum, Statistic::Average]),
        Need::OptionalBilling,
    ],
    thresholds: &[
        off_hours::MAX_CONNECTIONS,
        off_hours::MAX_CPU_PERCENT,
        MIN_WEEKS,
        min_off_hours("6"),
        START_LEAD_HOURS,
        MIN_DAYS,
        MIN_COVERAGE_PERCENT,
    ],
    judge: |check, facts| {
        let ours = facts
            .snapshot
            .db_clusters
            .iter()
            .filter(|cluster| cluster.kind.engine.starts_with("aurora"));
        judge_each(check, facts, ResourceKind::DbCluster, ours, judge)
    },
};

fn judge(
    check: &Check,
    facts: &Facts<'_>,
    cluster: &Resource<DbCluster>,
) -> Result<Verdict, Unknown> {
    if let Some(verdict) = not_ours(&cluster.kind) {
        return Ok(verdict);
    }
    if is_serverless(facts, cluster) {
        return Ok(exempt(
            "serverless",
            "It has serverless capacity, which shrinks by itself: aurora-serverless-minimum-high judges it.",
            "서버리스 용량은 스스로 줄어듭니다. aurora-serverless-minimum-high에서 판단합니다.",
        ));
    }
    if let Some(verdict) = production(cluster.environment)? {
        return Ok(verdict);
    }
    let ids: Vec<ResourceId> = cluster
        .kind
        .db_cluster_members
        .iter()
        .map(|member| member.db_instance_identifier.clone())
        .collect();
    let each: Vec<Vec<ResourceId>> = ids.iter().map(|id| vec![id.clone()]).collect();
    let whole = [names::of_cluster(cluster)];
    let signals = off_hours::signals(check, facts, cluster, &each).or_else(|missing| {
        off_hours::signals(check, facts, cluster, &whole).map_err(|_| missing)
    })?;
    let reference = cluster.reference(ResourceKind::DbCluster);
    let case = Case {
        signals,
        stopped: deletion(
            facts,
            &reference,
            &bill_names(facts, cluster),
            DB_INSTANCE_HOURS,
            list_cost(facts, cluster),
        ),
        resource: reference,
        target: ScheduleTarget::DbCluster { members: ids },
        idle_check: "aurora-cluster-idle",
        base_risk: 1,
        loss: Text::new(
            "Starting takes minutes and needs free capacity of every class.",
            "시작에는 몇 분이 걸리고 모든 클래스의 여유 용량이 필요합니다.",
        ),
        unseen: off_hours::unseen(),
        notes: off_hours::notes(),
    };
    judge_case(check, facts, case)
}

fn is_serverless(facts: &Facts<'_>, cluster: &Resource<DbCluster>) -> bool {
    cluster.kind.engine_mode.as_deref() == Some("serverless")
        || members(facts, cluster)
            .iter()
            .any(|member| member.kind.db_instance_class.as_str() == "db.serverless")
}

#[cfg(test)]
mod tests {
    use trimtab_model::metric::Statistic;
    use trimtab_model::resource::db_cluster::DbClusterMember;

    use super::CHECK;
    use crate::scene::{Scene, check, office, scene};

    /// A cluster of two, used at work, with so many connections and this CPU otherwise.
    fn cluster(connections: f64, cpu: f64, days: i64) -> Scene {
        let mut scene = scene().db_cluster(|cluster| {
            cluster.kind.db_cluster_members.push(DbClusterMember {
                db_instance_identifier: "reader".into(),
                is_cluster_writer: Some(false),
            });
        });
        for (id, connections, cpu) in [("db", 0.0, 2.0), ("reader", connections, cpu)] {
            scene = scene
                .db_instance(|db| {
                    db.id = id.into();
                    db.kind.engine = "aurora-mysql".into();
                    db.kind.db_cluster_identifier = Some("game".into());
                })
                .bill(id, "InstanceUsage:db.r6g.large", "720", "93.60")
                .metric(
                    id,
                    "AWS/RDS",
                    "DatabaseConnections",
                    Statistic::Maximum,
                    office(9.0, connections, days),
                )
                .metric(
                    id,
                    "AWS/RDS",
                    "CPUUtilization",
                    Statistic::Maximum,
                    office(50.0, cpu, days),
                );
        }
        scene.bill(
            "arn:aws:rds:us-east-1:111122223333:cluster:cluster-ABC",
            "Aurora:StorageUsage",
            "100",
            "10.00",
        )
    }

    #[test]
    fn a_cluster_that_rests_at_night_fires_without_its_storage() {
        // 118 of 168 hours of twice 93.60 USD in 720 hours.
        check(&CHECK, cluster(0.0, 4.0, 14), "recommend 133.31 / 133.31 / 133.31");
    }

    #[test]
    fn a_cluster_whose_reader_is_used_passes() {
        check(&CHECK, cluster(1.0, 4.0, 14), "pass no-off-hours");
    }

    #[test]
    fn just_under_the_threshold_of_cpu_it_fires_and_at_it_passes() {
        check(&CHECK, cluster(0.0, 19.9, 14), "recommend 133.31 / 133.31 / 133.31");
        check(&CHECK, cluster(0.0, 20.0, 14), "pass no-off-hours");
    }

    #[test]
    fn without_enough_weeks_or_metrics_of_a_member_it_is_unknown() {
        check(&CHECK, cluster(0.0, 4.0, 13), "unknown window-too-short");
        let mut silent = cluster(0.0, 4.0, 14);
        silent.profiles = Default::default();
        check(&CHECK, silent, "unknown metric-missing");
    }

    #[test]
    fn what_cannot_be_stopped_or_shrinks_by_itself_is_exempt() {
        let mut global = cluster(0.0, 4.0, 14);
        global.snapshot.db_clusters[0].kind.global_cluster_identifier = Some("world".into());
        check(&CHECK, global, "exempt replication");
        let mut serverless = cluster(0.0, 4.0, 14);
        serverless.snapshot.db_instances[1].kind.db_instance_class = "db.serverless".into();
        check(&CHECK, serverless, "exempt serverless");
    }
}
