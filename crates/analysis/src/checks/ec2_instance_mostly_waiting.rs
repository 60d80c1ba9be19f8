//! Finds EC2 instances that run all day to work minutes.
//!
//! **Why it costs.** A running instance is charged by the second, whether it works or waits for
//! work. A function is charged for the time in which it works.
//!
//! **What we do.** Samples of five minutes tell working from waiting: an instance works where its CPU stands above what it
//! stands at for most of the time, by four times its noise and two points at least; one that stands at 5 % or more works all
//! of the time. From these stretches come the share
//! of the time in which it works, the longest stretch, the work on the processor and how regularly it comes. The same
//! work is priced as a function of several sizes on both processors, at the most time that it can take. Where it is asked
//! by a load balancer, requests are counted, and where that cannot be the costs are unknown; where its tag `trimtab:queue` names queues in SQS, their messages
//! are the runs, and their depth tells whether it waits for work at all; else each stretch is one run. What would have to change before, what
//! stands against it and what nobody measured is said with it. `trimtab serverless scaffold` writes the function.
//!
//! **What it saves.** The hours of the instance less the list price of the function in full, without the free tier: the discounts
//! of an instance do not hold for a function. *Low* counts the function twice, or with all of the memory that was in use. The saving depends on work that no call of AWS does: it is in no sum of likely savings, and only what it adds to a
//! change that needs no new program counts.
//!
//! **What could go wrong.** A program that keeps state between two runs, holds connections open or needs long to
//! start does not become a function by being moved. How long a run takes there is known only when it has run there.
//! Users who wait for an answer feel the start of a new environment.
//!
//! **Where others err.** No cost service of AWS proposes it. People do the arithmetic by hand, with the free tier in
//! it, and forget what a run takes when it has a seventh of a processor.
//!
//! # 한국어
//!
//! 몇 분의 작업을 위해 온종일 실행되는 EC2 인스턴스를 찾습니다.
//!
//! **비용이 드는 이유.** 실행 중인 인스턴스는 작업을 하든 기다리든 초 단위로 과금됩니다. 함수는 작업한 시간만
//! 과금됩니다.
//!
//! **제안하는 조치.** 5분 간격 지표로 작업과 대기를 구분합니다. CPU가 평소 수준보다 잡음의 4배 이상이면서 최소 2%p
//! 넘게 높으면 작업 중으로 봅니다. 평소 수준이 5% 이상이면 내내 작업하는 것으로 봅니다. 이 구간에서 작업 시간의 비율, 가장 긴 구간, CPU 작업량, 반복의 규칙성을 구하고, 같은
//! 작업을 여러 크기와 두 가지 프로세서의 함수로 처리할 때의 비용을 걸릴 수 있는 최대 시간으로 계산합니다. 로드 밸런서를
//! 통해 호출되면 요청 수를 세고, 셀 수 없으면 비용을 알 수 없음으로 둡니다. `trimtab:queue` 태그에 SQS 대기열이 적혀 있으면 메시지 하나를 실행 한 번으로 세고,
//! 대기열의 길이로 정말 일을 기다리는지 확인합니다. 둘 다 아니면 구간 하나를 실행 한 번으로 봅니다. 먼저 바꿔야 할 것, 맞지 않는 이유, 측정되지 않은
//! 것도 함께 알려 드립니다. 함수는 `trimtab serverless scaffold`로 만듭니다.
//!
//! **절감액.** 인스턴스 시간에서 함수의 정가 전액을 뺀 금액이며 프리 티어는 넣지 않습니다. 인스턴스의 할인은 함수에 적용되지
//! 않습니다. 하한(*low*)은 함수 비용을 두 배로, 또는 사용 중이던 메모리 전부를 가진 함수로 봅니다. 이 절감은 AWS 호출만으로 되지 않는 개발 작업에 달려 있으므로 예상 절감 합계에 넣지 않고, 새 프로그램 없이
//! 가능한 변경보다 더 줄어드는 만큼만 셉니다.
//!
//! **주의할 점.** 실행 사이에 상태를 유지하거나 연결을 계속 열어 두거나 시작이 오래 걸리는 프로그램은 옮긴다고 함수가 되지
//! 않습니다. 실제 소요 시간은 함수로 실행해 봐야 알 수 있고, 응답을 기다리는 사용자는 새 환경이 시작되는 시간을 느낍니다.
//!
//! **다른 도구와 다른 점.** AWS의 비용 서비스는 이런 제안을 하지 않습니다. 손으로 계산할 때는 프리 티어를 넣거나, 프로세서
//! 7분의 1로 실행할 때 얼마나 걸리는지를 빠뜨리기 쉽습니다.

use trimtab_model::metric::Statistic;
use trimtab_model::recommendation::{ActionType, Unknown, Verdict};
use trimtab_model::resource::instance::Instance;
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::text::StaticText;

use crate::check::{Check, Facts, Need};
use crate::observation::{MIN_COVERAGE_PERCENT, MIN_DAYS};
use crate::saving::{INSTANCE_HOURS, estimate_of};
use crate::serverless::{
    MAX_DUTY_PERCENT, QUEUE_DEEPEST, QUEUE_DEPTH, QUEUE_HELD, QUEUE_MESSAGES, instance_candidate,
    verdict,
};
use crate::sizing::demand::{MEAN_THEN_PEAK, PEAK_THEN_MEAN};
use crate::verdict::judge_each;

/// The check.
pub static CHECK: Check = Check {
    id: "ec2-instance-mostly-waiting",
    title: StaticText {
        en: "EC2 instance that runs all day to work minutes",
        ko: "몇 분의 작업을 위해 온종일 실행되는 EC2 인스턴스",
    },
    kind: ResourceKind::Instance,
    action_type: ActionType::ConvertServerless,
    needs: &[
        Need::Kind(ResourceKind::Instance),
        Need::Kind(ResourceKind::LoadBalancer),
        Need::Metric("AWS/EC2", "CPUUtilization", MEAN_THEN_PEAK),
        Need::OptionalMetric("CWAgent", "mem_used_percent", PEAK_THEN_MEAN),
        Need::OptionalMetric("AWS/EC2", "NetworkOut", &[Statistic::Sum]),
        QUEUE_MESSAGES,
        QUEUE_DEPTH,
        QUEUE_DEEPEST,
        QUEUE_HELD,
        // Requests are series of the load balancer, which `elb-load-balancer-idle` has read.
        Need::OptionalBilling,
    ],
    thresholds: &[MAX_DUTY_PERCENT, MIN_DAYS, MIN_COVERAGE_PERCENT],
    judge: |check, facts| {
        judge_each(check, facts, ResourceKind::Instance, &facts.snapshot.instances, judge)
    },
};

fn judge(
    check: &Check,
    facts: &Facts<'_>,
    instance: &Resource<Instance>,
) -> Result<Verdict, Unknown> {
    let found = instance_candidate(check, facts, instance)?;
    let reference = instance.reference(ResourceKind::Instance);
    let names = std::slice::from_ref(&instance.id);
    verdict(check, found, |now, _| {
        estimate_of(facts, &reference, names, INSTANCE_HOURS, now, Vec::new())
    })
}

#[cfg(test)]
mod tests {
    use trimtab_model::action::Action;
    use trimtab_model::metric::Statistic;
    use trimtab_model::serverless::{FunctionArchitecture, Trigger};

    use super::CHECK;
    use crate::scene::{
        Scene, check, flat, instance_facts, now_and_then, outcome, recommended, scene,
    };

    /// An instance of two vCPUs that works so for five minutes of every two hours.
    fn works(percent: f64) -> Scene {
        scene()
            .instance(|_| ())
            .instance_type(instance_facts("m5.large", 2, 8), "0.096")
            .price("lambda/request", "0.0000002")
            .price("lambda/gb_second_arm", "0.0000133334")
            .price("lambda/gb_second_x86", "0.0000166667")
            .price("cloudwatch/logs_ingestion", "0.5")
            .metric(
                "i-1",
                "AWS/EC2",
                "CPUUtilization",
                Statistic::Average,
                now_and_then(percent, 1.0, 14),
            )
    }

    #[test]
    fn an_instance_that_works_minutes_a_day_fires() {
        // 365 runs a month of 300 s at 0.58 vCPU, which take 512 MB twice as long: 109,716 GB-seconds, 1.46 USD.
        check(&CHECK, works(30.0), "recommend 40.87 / 68.62 / 68.62");
        let found = recommended(&CHECK, &works(30.0));
        let Action::ConvertServerless(conversion) = &found.action else { panic!("a conversion") };
        assert_eq!(conversion.trigger, Trigger::Event);
        assert_eq!(conversion.architecture, FunctionArchitecture::Arm64);
        assert!(found.is_conditional());
    }

    #[test]
    fn an_instance_that_works_all_day_passes() {
        let scene = works(30.0).metric(
            "i-1",
            "AWS/EC2",
            "CPUUtilization",
            Statistic::Average,
            flat(40.0, 14),
        );
        check(&CHECK, scene, "pass busy");
    }

    #[test]
    fn an_instance_that_does_nothing_is_no_candidate() {
        let scene = works(30.0).metric(
            "i-1",
            "AWS/EC2",
            "CPUUtilization",
            Statistic::Average,
            flat(1.0, 14),
        );
        check(&CHECK, scene, "pass no-work");
    }

    #[test]
    fn work_just_under_a_quarter_of_the_time_is_still_waiting() {
        for (share, expected) in [(0.249, "recommend"), (0.251, "pass busy")] {
            let mut profile = now_and_then(30.0, 1.0, 14);
            if let Some(bursts) = &mut profile.bursts {
                bursts.working_seconds = (bursts.seconds as f64 * share) as u64;
                // Every twenty minutes, so that each run of it ends in time.
                bursts.stretches = bursts.seconds / 1_200;
            }
            let scene =
                works(30.0).metric("i-1", "AWS/EC2", "CPUUtilization", Statistic::Average, profile);
            let verdict = outcome(&CHECK, &scene);
            assert!(verdict.starts_with(expected), "{share}: {verdict}");
        }
    }

    #[test]
    fn work_of_more_than_an_hour_at_a_stretch_does_not_fit() {
        let mut profile = now_and_then(30.0, 1.0, 14);
        if let Some(bursts) = &mut profile.bursts {
            bursts.longest_seconds = 3_601;
        }
        let scene =
            works(30.0).metric("i-1", "AWS/EC2", "CPUUtilization", Statistic::Average, profile);
        check(&CHECK, scene, "pass long-runs");
    }

    #[test]
    fn an_instance_whose_use_was_measured_by_the_hour_is_unknown() {
        let mut profile = now_and_then(30.0, 1.0, 14);
        profile.period_seconds = 3_600;
        let scene =
            works(30.0).metric("i-1", "AWS/EC2", "CPUUtilization", Statistic::Average, profile);
        check(&CHECK, scene, "unknown period-too-long");
    }

    #[test]
    fn an_instance_without_metrics_is_unknown() {
        let scene =
            scene().instance(|_| ()).instance_type(instance_facts("m5.large", 2, 8), "0.096");
        check(&CHECK, scene, "unknown metric-missing");
    }

    #[test]
    fn another_system_than_linux_does_not_fit() {
        let mut scene = works(30.0);
        scene.snapshot.instances[0].kind.platform_details = Some("Windows".into());
        check(&CHECK, scene, "pass system");
    }
}
