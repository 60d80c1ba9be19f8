//! Finds Amazon Neptune clusters that nobody uses.
//!
//! **Why it costs.** Every instance of a cluster is charged by the hour, and its storage by the
//! GB-month, whether anybody comes or not.
//!
//! **What we do.** Delete the instances and then the cluster, which leaves a final snapshot, after
//! a person agreed. Nobody means: no request of any kind
//! (Gremlin, openCypher, SPARQL, loader) in two weeks, and hardly any CPU.
//!
//! **What could go wrong.** A restore is a new cluster with new instances. A report may run once a
//! quarter. A graph may be kept for an investigation that comes seldom. Clusters that replicate or belong to a global database are left alone.
//!
//! **Where others err.** They look at instances alone and forget the storage of the cluster.
//!
//! # 한국어
//!
//! 아무도 사용하지 않는 Amazon Neptune 클러스터를 찾습니다.
//!
//! **비용이 드는 이유.** 클러스터의 인스턴스는 시간당, 스토리지는 GB당 사용 여부와 관계없이 과금됩니다.
//!
//! **제안하는 조치.** 사람이 동의하면 인스턴스와 클러스터를 차례로 삭제하고 최종 스냅샷을 남깁니다. 2주 동안 Gremlin, openCypher, SPARQL, 로더를 포함한
//! 어떤 요청도 없고 CPU 사용량이 거의 없을 때만 해당합니다.
//!
//! **주의할 점.** 복원하면 새 클러스터와 새 인스턴스가 됩니다. 분기에 한 번 도는 보고서가 있을 수 있습니다. 드물게 하는 조사용 그래프일 수 있습니다. 복제 관계에 있거나
//! 글로벌 데이터베이스에 속한 클러스터는 추천하지 않습니다.
//!
//! **다른 도구와 다른 점.** 다른 도구는 인스턴스만 보고 클러스터 스토리지를 빠뜨립니다.

use trimtab_model::metric::Statistic;
use trimtab_model::recommendation::ActionType;
use trimtab_model::resource::ResourceKind;
use trimtab_model::text::StaticText;

use crate::check::Check;
use crate::database::idle_cluster::{THRESHOLDS, Watched, judge, needs};
use crate::quiet::Signal;

const WATCHED: Watched = Watched {
    is_ours: |engine| engine == "neptune",
    used: Signal::any(
        "AWS/Neptune",
        "TotalRequestsPerSec",
        &[Statistic::Maximum],
        ("Most requests a second", "초당 최대 요청 수"),
    ),
};

/// The check.
pub static CHECK: Check = Check {
    id: "neptune-cluster-idle",
    title: StaticText {
        en: "Neptune cluster that nobody asks",
        ko: "아무도 질의하지 않는 Neptune 클러스터",
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
        watched_cluster("neptune", "AWS/Neptune", "TotalRequestsPerSec", (used, cpu, days))
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
