//! Finds Amazon DocumentDB clusters that nobody uses.
//!
//! **Why it costs.** Every instance of a cluster is charged by the hour, and its storage by the
//! GB-month, whether anybody comes or not.
//!
//! **What we do.** Delete the instances and then the cluster, which leaves a final snapshot, after
//! a person agreed. Nobody means: no connection in two
//! weeks, and no CPU but what the engine itself uses.
//!
//! **What could go wrong.** A restore is a new cluster with new instances. A report may run once a
//! quarter. Drivers keep connections open even when nobody asks anything: such a cluster is *not* found here. Clusters that replicate or belong to a global database are left alone.
//!
//! **Where others err.** They stop at seven days, which miss what runs once a week.
//!
//! # 한국어
//!
//! 아무도 사용하지 않는 Amazon DocumentDB 클러스터를 찾습니다.
//!
//! **비용이 드는 이유.** 클러스터의 인스턴스는 시간당, 스토리지는 GB당 사용 여부와 관계없이 과금됩니다.
//!
//! **제안하는 조치.** 사람이 동의하면 인스턴스와 클러스터를 차례로 삭제하고 최종 스냅샷을 남깁니다. 2주 동안 연결이 없고 CPU 사용량이 엔진 자체
//! 작업 수준일 때만 해당합니다.
//!
//! **주의할 점.** 복원하면 새 클러스터와 새 인스턴스가 됩니다. 분기에 한 번 도는 보고서가 있을 수 있습니다. 드라이버는 요청이 없어도 연결을 유지하므로 그런 클러스터는 찾지 못합니다. 복제 관계에 있거나
//! 글로벌 데이터베이스에 속한 클러스터는 추천하지 않습니다.
//!
//! **다른 도구와 다른 점.** 다른 도구는 7일만 보므로 매주 한 번 있는 작업을 놓칩니다.

use trimtab_model::metric::Statistic;
use trimtab_model::recommendation::ActionType;
use trimtab_model::resource::ResourceKind;
use trimtab_model::text::StaticText;

use crate::check::Check;
use crate::database::idle_cluster::{THRESHOLDS, Watched, judge, needs};
use crate::quiet::Signal;

const WATCHED: Watched = Watched {
    is_ours: |engine| engine == "docdb",
    used: Signal::any(
        "AWS/DocDB",
        "DatabaseConnections",
        &[Statistic::Maximum],
        ("Most connections at once", "최대 동시 연결 수"),
    ),
};

/// The check.
pub static CHECK: Check = Check {
    id: "documentdb-cluster-idle",
    title: StaticText {
        en: "DocumentDB cluster to which nobody connects",
        ko: "아무도 접속하지 않는 DocumentDB 클러스터",
    },
    kind: ResourceKind::DbCluster,
    action_type: ActionType::Delete,
    needs: &needs(&WATCHED),
    thresholds: THRESHOLDS,
    judge: |check, facts| judge(check, facts, &WATCHED),
};

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::scene::{Scene, check, watched_cluster};

    fn cluster(used: f64, cpu: f64, days: i64) -> Scene {
        watched_cluster("docdb", "AWS/DocDB", "DatabaseConnections", (used, cpu, days))
    }

    #[test]
    fn a_cluster_that_nobody_uses_fires() {
        check(&CHECK, cluster(0.0, 4.0, 14), "recommend 0.00 / 199.94 / 199.94");
    }

    #[test]
    fn a_cluster_in_use_passes() {
        check(&CHECK, cluster(2.0, 4.0, 14), "pass in-use");
    }

    #[test]
    fn just_under_the_threshold_of_cpu_it_fires_and_above_it_passes() {
        check(&CHECK, cluster(0.0, 20.0, 14), "recommend 0.00 / 199.94 / 199.94");
        check(&CHECK, cluster(0.0, 20.1, 14), "pass cpu-in-use");
    }

    #[test]
    fn without_two_weeks_of_metrics_it_is_unknown() {
        check(&CHECK, cluster(0.0, 4.0, 13), "unknown window-too-short");
    }
}
