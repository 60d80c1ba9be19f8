//! Finds RDS DB instances outside production to which nobody connects at night or at weekends.
//!
//! **Why it costs.** A DB instance is charged by the hour while it runs, twice with a standby, and seldom is there anybody
//! in development to use it at night.
//!
//! **What we do.** Stop it in the hours in which nobody was connected in any week that was read, and start it an hour before the
//! first use. The commands set up EventBridge Scheduler; `trimtab schedule show` draws the week. An hour is idle if there
//! was not one connection and CPU stayed below 20 %, in at least 2 weeks. A stop must last 6 hours.
//!
//! **What it saves.** The hourly rate of the bill, licence included, for the hours off, at a month of 730 hours. Storage, backups
//! and provisioned IOPS go on costing and are not counted. Where another class is recommended too, the hours are counted at its price.
//!
//! **What could go wrong.** RDS starts a stopped instance again after 7 days, so a schedule that somebody switches off comes
//! undone by itself. Starting takes minutes and needs free capacity of the class; nothing can be modified while it is stopped. RDS
//! cannot stop replicas, their sources, and SQL Server with a standby: those are left alone. A pool that keeps its connections
//! open at night hides the idleness. Jobs that run inside the database without a connection do not run while it is off.
//!
//! **Where others err.** They average the connections, so that one nightly report disappears. The highest number counts here.
//!
//! # 한국어
//!
//! 운영 환경이 아니면서 밤이나 주말에 아무도 접속하지 않는 RDS DB 인스턴스를 찾습니다.
//!
//! **비용이 드는 이유.** DB 인스턴스는 실행되는 동안 시간당 과금되고, 대기 인스턴스가 있으면 두 배입니다. 개발 환경에서 밤에 DB를 쓰는
//! 사람은 드뭅니다.
//!
//! **제안하는 조치.** 읽은 모든 주에서 접속이 없던 시간에 중지하고, 첫 사용 1시간 전에 시작합니다. 명령은 EventBridge Scheduler를 설정하며,
//! `trimtab schedule show`가 한 주를 그려 줍니다. 2주 이상, 연결이 하나도 없고 CPU가 20% 미만일 때 유휴로 봅니다. 중지는
//! 6시간 이상 이어져야 합니다.
//!
//! **절감액.** 꺼 두는 시간에 청구서의 시간당 요금(라이선스 포함)을 곱하며, 한 달은 730시간입니다. 스토리지, 백업, 프로비저닝한 IOPS는 계속
//! 과금되므로 포함하지 않습니다. 다른 클래스도 추천된 경우에는 그 가격으로 계산합니다.
//!
//! **주의할 점.** RDS는 중지된 인스턴스를 7일 뒤에 다시 시작하므로, 누군가 일정을 끄면 저절로 원래대로 돌아갑니다. 시작에는 몇 분이
//! 걸리고 그 클래스의 여유 용량이 필요하며, 중지된 동안에는 아무것도 변경할 수 없습니다. RDS는 읽기 전용 복제본과 그 원본, 대기
//! 인스턴스가 있는 SQL Server를 중지할 수 없어 제안하지 않습니다. 밤에도 연결을 열어 두는 커넥션 풀이 있으면 유휴 시간이
//! 드러나지 않습니다. 연결 없이 데이터베이스 안에서 도는 작업은 꺼 둔 동안 실행되지 않습니다.
//!
//! **다른 도구와 다른 점.** 연결 수를 평균하면 야간 보고서 한 번이 사라집니다. trimtab은 최댓값을 봅니다.

use trimtab_model::action::ScheduleTarget;
use trimtab_model::metric::Statistic;
use trimtab_model::recommendation::{ActionType, Unknown, Verdict};
use trimtab_model::resource::db_instance::DbInstance;
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::text::{StaticText, Text};

use crate::check::{Check, Facts, Need};
use crate::database::{names, off_hours};
use crate::observation::{MIN_COVERAGE_PERCENT, MIN_DAYS};
use crate::pricing::Tariff;
use crate::saving::{DB_INSTANCE_HOURS, deletion};
use crate::schedule::gate::{MIN_WEEKS, START_LEAD_HOURS, production};
use crate::schedule::proposal::{Case, judge as judge_case, min_off_hours};
use crate::verdict::{exempt, judge_each, pass};

/// The check.
pub static CHECK: Check = Check {
    id: "rds-instance-off-hours",
    title: StaticText {
        en: "RDS DB instance outside production that nobody uses at night or at weekends",
        ko: "운영 환경이 아니면서 밤이나 주말에 쓰지 않는 RDS DB 인스턴스",
    },
    kind: ResourceKind::DbInstance,
    action_type: ActionType::Schedule,
    needs: &[
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
        judge_each(check, facts, ResourceKind::DbInstance, &facts.snapshot.db_instances, judge)
    },
};

fn judge(check: &Check, facts: &Facts<'_>, db: &Resource<DbInstance>) -> Result<Verdict, Unknown> {
    if let Some(verdict) = not_stoppable(&db.kind) {
        return Ok(verdict);
    }
    if let Some(verdict) = production(db.environment)? {
        return Ok(verdict);
    }
    let names = names::of_instance(db);
    let reference = db.reference(ResourceKind::DbInstance);
    let list = Tariff::of(facts, db).db_instance_hours(&db.kind).map(|hours| vec![hours]);
    let case = Case {
        signals: off_hours::signals(check, facts, db, std::slice::from_ref(&names))?,
        stopped: deletion(facts, &reference, &names, DB_INSTANCE_HOURS, list),
        resource: reference,
        target: ScheduleTarget::DbInstance,
        idle_check: "rds-instance-idle",
        base_risk: 1,
        loss: Text::new(
            "Starting takes minutes and needs free capacity of the class.",
            "시작에는 몇 분이 걸리고 그 클래스의 여유 용량이 필요합니다.",
        ),
        unseen: off_hours::unseen(),
        notes: off_hours::notes(),
    };
    judge_case(check, facts, case)
}

fn not_stoppable(db: &DbInstance) -> Option<Verdict> {
    let status = &db.db_instance_status;
    if status != "available" {
        return Some(pass(
            "not-available",
            format!("The DB instance is {status}."),
            format!("DB 인스턴스 상태가 {status}입니다."),
        ));
    }
    if db.db_cluster_identifier.is_some() {
        return Some(exempt(
            "cluster-member",
            "A member of a cluster is not stopped alone: the cluster stops as a whole.",
            "클러스터 멤버는 따로 중지하지 않습니다. 클러스터 전체를 중지해야 합니다.",
        ));
    }
    if db.read_replica_source.is_some() || !db.read_replicas.is_empty() {
        return Some(exempt(
            "replication",
            "It replicates from or to another DB instance, and RDS does not stop such instances.",
            "다른 DB 인스턴스와 복제 관계에 있어 RDS가 중지할 수 없습니다.",
        ));
    }
    (db.engine.starts_with("sqlserver") && db.multi_az != Some(false)).then(|| {
        exempt(
            "sqlserver-standby",
            "It is SQL Server with a standby, or it may have one: RDS does not stop it.",
            "대기 인스턴스가 있거나 있을 수 있는 SQL Server라 RDS가 중지할 수 없습니다.",
        )
    })
}

#[cfg(test)]
mod tests {
    use trimtab_model::environment::Environment;
    use trimtab_model::metric::Statistic;

    use super::CHECK;
    use crate::scene::{Scene, check, flat, office, scene};

    /// A database used at work, with so many connections and this CPU otherwise.
    fn database(connections: f64, cpu: f64, days: i64) -> Scene {
        let connected = office(20.0, connections, days);
        scene()
            .db_instance(|_| ())
            .db_class("db.m5.large", "0.171")
            .metric("db", "AWS/RDS", "DatabaseConnections", Statistic::Maximum, connected)
            .metric("db", "AWS/RDS", "CPUUtilization", Statistic::Maximum, office(50.0, cpu, days))
    }

    #[test]
    fn a_database_that_rests_at_night_fires() {
        // 118 of 168 hours of 124.83 USD.
        check(&CHECK, database(0.0, 8.0, 14), "recommend 54.80 / 87.68 / 87.68");
    }

    #[test]
    fn a_database_with_a_pool_that_stays_open_passes() {
        check(&CHECK, database(1.0, 8.0, 14), "pass no-off-hours");
        check(
            &CHECK,
            database(0.0, 8.0, 14).metric(
                "db",
                "AWS/RDS",
                "DatabaseConnections",
                Statistic::Maximum,
                flat(0.0, 14),
            ),
            "recommend 54.80 / 87.68 / 87.68",
        );
    }

    #[test]
    fn just_under_the_threshold_of_cpu_it_fires_and_at_it_passes() {
        check(&CHECK, database(0.0, 19.9, 14), "recommend 54.80 / 87.68 / 87.68");
        check(&CHECK, database(0.0, 20.0, 14), "pass no-off-hours");
    }

    #[test]
    fn without_enough_weeks_or_a_metric_it_is_unknown() {
        check(&CHECK, database(0.0, 8.0, 13), "unknown window-too-short");
        check(&CHECK, scene().db_instance(|_| ()), "unknown metric-missing");
    }

    #[test]
    fn what_rds_cannot_stop_is_exempt() {
        let with = |change: fn(&mut Scene)| {
            let mut scene = database(0.0, 8.0, 14);
            change(&mut scene);
            scene
        };
        let source =
            with(|scene| scene.snapshot.db_instances[0].kind.read_replicas = vec!["copy".into()]);
        check(&CHECK, source, "exempt replication");
        let member = with(|scene| {
            scene.snapshot.db_instances[0].kind.db_cluster_identifier = Some("game".into());
        });
        check(&CHECK, member, "exempt cluster-member");
        let standby = with(|scene| {
            scene.snapshot.db_instances[0].kind.engine = "sqlserver-se".into();
            scene.snapshot.db_instances[0].kind.multi_az = Some(true);
        });
        check(&CHECK, standby, "exempt sqlserver-standby");
        let production =
            with(|scene| scene.snapshot.db_instances[0].environment = Environment::Prod);
        check(&CHECK, production, "pass production");
    }

    #[test]
    fn a_standby_doubles_what_is_saved() {
        let mut scene = database(0.0, 8.0, 14);
        scene.snapshot.db_instances[0].kind.multi_az = Some(true);
        check(&CHECK, scene, "recommend 109.60 / 175.36 / 175.36");
    }
}
