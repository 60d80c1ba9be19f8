//! Finds ECS services on Fargate that run all day to work minutes.
//!
//! **Why it costs.** A task is charged by the second for the vCPUs and the memory that it reserves, whether it works or waits
//! for work. A function is charged for the time in which it works.
//!
//! **What we do.** As for EC2 instances (`ec2-instance-mostly-waiting`): samples of five minutes tell working from
//! waiting, and the same work is priced as a function of several sizes on both processors, at the most time that it can take.
//! What would have to change before, what stands against it and what nobody measured is said with it. Where a scaling policy
//! follows a queue in SQS, or a tag names one, its messages are the runs, and its depth tells whether the service waits for
//! work at all.
//!
//! **What it saves.** The tasks less the function, without the free tier, at the rates of the bill where it has them. *Low* counts
//! the function twice. The saving depends on work that no call of AWS does: it is in no sum of likely savings, and
//! only what it adds to a change that needs no new program counts.
//!
//! **What could go wrong.** A container may hold connections open, keep state between two runs or need long to
//! start. An image runs as a function only with a runtime interface in it. How long a run takes there is known only when it
//! has run there.
//!
//! **Where others err.** They size the task and leave it running: the smallest one costs the same at night.
//!
//! # 한국어
//!
//! 몇 분의 작업을 위해 온종일 실행되는 Fargate의 ECS 서비스를 찾습니다.
//!
//! **비용이 드는 이유.** 태스크는 작업을 하든 기다리든 예약한 vCPU와 메모리만큼 초 단위로 과금됩니다. 함수는 작업한
//! 시간만 과금됩니다.
//!
//! **제안하는 조치.** EC2 인스턴스(`ec2-instance-mostly-waiting`)와 같은 방법을 씁니다. 5분 간격 지표로 작업과 대기를
//! 구분하고, 같은 작업을 여러 크기와 두 가지 프로세서의 함수로 처리할 때의 비용을 걸릴 수 있는 최대 시간으로 계산합니다. 먼저
//! 바꿔야 할 것, 맞지 않는 이유, 측정되지 않은 것도 함께 알려 드립니다. 스케일링 정책이 SQS 대기열 지표를 기준으로
//! 하거나 태그에 대기열이 적혀 있으면 메시지 하나를 실행 한 번으로 세고, 대기열의 길이로 서비스가 정말 일을 기다리는지 확인합니다.
//!
//! **절감액.** 태스크 비용에서 함수 비용을 뺀 금액이며 프리 티어는 넣지 않습니다. 청구서에 단가가 있으면 그 단가를
//! 씁니다. 하한(*low*)은 함수 비용을 두 배로 봅니다. 이 절감은 AWS 호출만으로 되지 않는 개발 작업에 달려 있으므로 예상 절감
//! 합계에 넣지 않고, 새 프로그램 없이 가능한 변경보다 더 줄어드는 만큼만 셉니다.
//!
//! **주의할 점.** 컨테이너가 연결을 계속 열어 두거나 실행 사이에 상태를 유지하거나 시작이 오래 걸릴 수 있습니다. 이미지를
//! 함수로 실행하려면 런타임 인터페이스가 들어 있어야 하고, 실제 소요 시간은 함수로 실행해 봐야 알 수 있습니다.
//!
//! **다른 도구와 다른 점.** 태스크 크기만 줄이고 계속 실행해 둡니다. 가장 작은 태스크도 밤새 같은 요금이 나옵니다.

use trimtab_model::recommendation::{ActionType, Threshold, Unknown, Verdict};
use trimtab_model::resource::ecs_service::EcsService;
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::text::StaticText;

use crate::check::{Check, Facts, Need};
use crate::fargate::cost::savings;
use crate::fargate::service::{CPU, MEMORY, NAMESPACE, TASKS, running};
use crate::observation::{MIN_COVERAGE_PERCENT, MIN_DAYS};
use crate::serverless::{
    MAX_DUTY_PERCENT, QUEUE_DEEPEST, QUEUE_DEPTH, QUEUE_HELD, QUEUE_MESSAGES, service_candidate,
    verdict,
};
use crate::sizing::demand::{MEAN_THEN_PEAK, PEAK_THEN_MEAN};
use crate::verdict::judge_each;

const THRESHOLDS: &[Threshold] = &[MAX_DUTY_PERCENT, MIN_DAYS, MIN_COVERAGE_PERCENT];

/// The check.
pub static CHECK: Check = Check {
    id: "ecs-service-mostly-waiting",
    title: StaticText {
        en: "ECS service on Fargate that runs all day to work minutes",
        ko: "몇 분의 작업을 위해 온종일 실행되는 Fargate ECS 서비스",
    },
    kind: ResourceKind::EcsService,
    action_type: ActionType::ConvertServerless,
    needs: &[
        Need::Kind(ResourceKind::EcsService),
        Need::Kind(ResourceKind::ScalableTarget),
        Need::Kind(ResourceKind::Alarm),
        Need::Kind(ResourceKind::LoadBalancer),
        Need::Metric(NAMESPACE, CPU, MEAN_THEN_PEAK),
        Need::OptionalMetric(NAMESPACE, MEMORY, PEAK_THEN_MEAN),
        Need::OptionalMetric(NAMESPACE, CPU, TASKS),
        QUEUE_MESSAGES,
        QUEUE_DEPTH,
        QUEUE_DEEPEST,
        QUEUE_HELD,
        Need::OptionalBilling,
    ],
    thresholds: THRESHOLDS,
    judge: |check, facts| {
        judge_each(check, facts, ResourceKind::EcsService, &facts.snapshot.ecs_services, judge)
    },
};

fn judge(
    check: &Check,
    facts: &Facts<'_>,
    service: &Resource<EcsService>,
) -> Result<Verdict, Unknown> {
    let found = service_candidate(check, facts, service)?;
    let purchase = match running(facts, service)? {
        Ok(running) => running.purchase,
        Err(verdict) => return Ok(verdict),
    };
    verdict(check, found, |now, evidence| {
        savings(facts, service, purchase, now, Vec::new(), evidence)
    })
}

#[cfg(test)]
mod tests {
    use trimtab_model::metric::Statistic;

    use super::CHECK;
    use crate::scene::{Scene, check, flat, now_and_then, scene};

    fn service(profile: trimtab_model::profile::UsageProfile) -> Scene {
        scene()
            .price("fargate/vcpu_hour_x86", "0.04048")
            .price("fargate/gb_hour_x86", "0.004445")
            .price("lambda/request", "0.0000002")
            .price("lambda/gb_second_arm", "0.0000133334")
            .price("lambda/gb_second_x86", "0.0000166667")
            .price("cloudwatch/logs_ingestion", "0.5")
            .ecs_service(|_| ())
            .metric("arena/match", "AWS/ECS", "CPUUtilization", Statistic::Average, profile)
    }

    #[test]
    fn a_service_that_works_minutes_a_day_fires() {
        check(&CHECK, service(now_and_then(30.0, 1.0, 14)), "recommend 42.12 / 70.62 / 70.62");
    }

    #[test]
    fn a_service_that_works_all_day_passes() {
        check(&CHECK, service(flat(40.0, 14)), "pass busy");
    }

    #[test]
    fn work_just_under_an_hour_at_a_stretch_fits_and_above_it_does_not() {
        for (seconds, expected) in [(3_600, "recommend"), (3_601, "pass long-runs")] {
            let mut profile = now_and_then(30.0, 1.0, 14);
            if let Some(bursts) = &mut profile.bursts {
                bursts.longest_seconds = seconds;
            }
            let found = crate::scene::outcome(&CHECK, &service(profile));
            assert!(found.starts_with(expected), "{seconds}: {found}");
        }
    }

    #[test]
    fn a_service_without_metrics_is_unknown() {
        let scene = scene().ecs_service(|_| ());
        check(&CHECK, scene, "unknown metric-missing");
    }
}
