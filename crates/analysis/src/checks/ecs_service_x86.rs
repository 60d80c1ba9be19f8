//! Finds ECS services on Fargate that run on x86 where arm64 costs less.
//!
//! **Why it costs.** A vCPU-hour and a GB-hour of Fargate cost about a fifth less on arm64,
//! Graviton, than on x86.
//!
//! **What we do.** Build the images for arm64, register a revision of the task definition with that
//! architecture, and let the service roll over to it. The saving is the tasks' vCPUs and memory at
//! the difference of the two prices in the region.
//!
//! **What could go wrong.** Every image of the task, sidecars and agents included, must exist for
//! arm64, or its tasks do not start. How much the code does on the other processor is not known
//! before it has run there: test under load. The service goes back by naming the old revision.
//!
//! **Where others err.** They promise a fixed share whatever the region's prices are, and do not
//! say that the image decides.
//!
//! # 한국어
//!
//! arm64가 더 저렴한데 x86에서 실행 중인 Fargate ECS 서비스를 찾습니다.
//!
//! **비용이 드는 이유.** Fargate의 vCPU-시간과 GB-시간 단가는 arm64(Graviton)가 x86보다 5분의 1가량
//! 저렴합니다.
//!
//! **제안하는 조치.** 이미지를 arm64용으로 빌드하고, 해당 아키텍처로 태스크 정의의 새 개정을 등록한 다음 서비스를 배포합니다.
//! 절감액은 태스크의 vCPU와 메모리에 그 리전의 두 단가 차이를 곱한 값입니다.
//!
//! **주의할 점.** 사이드카와 에이전트를 포함해 태스크의 모든 이미지가 arm64용으로 있어야 하며, 하나라도 없으면 태스크가 시작되지
//! 않습니다. 다른 프로세서에서의 성능은 실행해 보기 전에는 알 수 없으므로 부하 시험을 하세요. 이전 개정을 지정하면 되돌릴 수 있습니다.
//!
//! **다른 도구와 다른 점.** 리전 가격과 관계없이 고정 비율을 약속하면서, 이미지가 있어야 한다는 점은 알려 주지 않는 도구가
//! 있습니다.

use trimtab_model::action::{Action, Configuration, ContainerSetting, TaskShape};
use trimtab_model::evidence::{Evidence, UnseenSignal};
use trimtab_model::recommendation::{
    ActionType, Finding, ImplementationEffort, ReasonCode, Restart, Undo, Unknown, Verdict,
};
use trimtab_model::resource::ecs_service::EcsService;
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::text::{Reason, StaticText, Text};

use crate::check::{Check, Facts, Need};
use crate::fargate::cost::{counting, figures, formula, savings};
use crate::fargate::service::{Architecture, CPU, NAMESPACE, Purchase, TASKS, running};
use crate::pricing::Tariff;
use crate::verdict::{Proposal, judge_each, pass, risk, unknown};

/// The check.
pub static CHECK: Check = Check {
    id: "ecs-service-x86",
    title: StaticText {
        en: "ECS service on Fargate on x86 that arm64 would run for less",
        ko: "arm64로 더 저렴하게 실행할 수 있는 x86 Fargate ECS 서비스",
    },
    kind: ResourceKind::EcsService,
    action_type: ActionType::MigrateToGraviton,
    needs: &[
        Need::Kind(ResourceKind::EcsService),
        Need::OptionalMetric(NAMESPACE, CPU, TASKS),
        Need::OptionalBilling,
    ],
    thresholds: &[],
    judge: |check, facts| {
        let services = &facts.snapshot.ecs_services;
        judge_each(check, facts, ResourceKind::EcsService, services, judge)
    },
};

fn judge(
    check: &Check,
    facts: &Facts<'_>,
    service: &Resource<EcsService>,
) -> Result<Verdict, Unknown> {
    let running = match running(facts, service)? {
        Ok(running) => running,
        Err(verdict) => return Ok(verdict),
    };
    if running.architecture == Architecture::Arm {
        return Ok(pass(
            "arm64",
            "Its tasks run on arm64.",
            "이미 arm64에서 실행되는 서비스입니다.",
        ));
    }
    if running.purchase == Purchase::Spot {
        return Err(unknown(
            "price-missing",
            "Spare capacity on arm64 has no list price, and the bill has none of it.",
            "Fargate Spot의 arm64 가격은 정가표에도 청구서에도 없습니다.",
            &["billing"],
        ));
    }
    let tariff = Tariff::of(facts, service);
    let now = formula(&tariff, &running, running.size, Architecture::X86)?;
    let after = formula(&tariff, &running, running.size, Architecture::Arm)?;
    let mut evidence = Evidence {
        figures: figures(&running),
        signals_not_seen: vec![UnseenSignal {
            name: "images".to_owned(),
            text: Text::new(
                "Whether every image of the task exists for arm64, and how fast its code is there.",
                "태스크의 모든 이미지가 arm64용으로 있는지, 그 위에서 얼마나 빠른지 알 수 없습니다.",
            ),
        }],
        notes: vec![counting()],
        ..Evidence::default()
    };
    let savings = savings(facts, service, running.purchase, now, after, &mut evidence)?;
    let task = running.task;
    let shape = |revision, architecture: Architecture| {
        Configuration::Container(ContainerSetting::Task(TaskShape {
            family: task.family.clone(),
            revision,
            cpu_units: running.size.cpu_units,
            memory_mib: running.size.memory_mib,
            cpu_architecture: architecture.as_str().to_owned(),
        }))
    };
    Ok(Proposal {
        action: Action::Configure {
            from: shape(Some(task.revision), Architecture::X86),
            to: shape(None, Architecture::Arm),
        },
        finding: Finding::NotOptimized,
        reason_codes: vec![ReasonCode::GravitonAvailable],
        reason: Reason::new(
            "x86",
            format!(
                "{} of {} run on x86; arm64 costs less here.",
                running.tasks.normalize(),
                task.name()
            ),
            format!(
                "{} 태스크 {}개가 x86에서 실행됩니다. 이 리전에서는 arm64가 더 저렴합니다.",
                task.name(),
                running.tasks.normalize()
            ),
        ),
        savings,
        performance_risk: risk(service.environment, 1),
        effort: ImplementationEffort::High,
        restart_needed: Restart::NotNeeded,
        undo: Undo::Exact,
        evidence,
    }
    .into_verdict(check, service.reference(ResourceKind::EcsService)))
}

#[cfg(test)]
mod tests {
    use trimtab_model::recommendation::ImplementationEffort;

    use super::CHECK;
    use crate::scene::{Scene, check, recommended, scene};

    fn priced(vcpu_arm: &str, gb_arm: &str) -> Scene {
        scene()
            .price("fargate/vcpu_hour_x86", "0.04048")
            .price("fargate/gb_hour_x86", "0.004445")
            .price("fargate/vcpu_hour_arm", vcpu_arm)
            .price("fargate/gb_hour_arm", gb_arm)
            .ecs_service(|_| ())
    }

    fn usual() -> Scene {
        priced("0.03238", "0.00356")
    }

    #[test]
    fn a_service_on_x86_fires() {
        // Two tasks of 1 vCPU and 2 GB.
        check(&CHECK, usual(), "recommend 9.01 / 14.41 / 14.41");
        let effort = recommended(&CHECK, &usual()).implementation_effort;
        assert_eq!(effort, ImplementationEffort::High);
    }

    #[test]
    fn a_service_on_arm_passes() {
        let mut scene = usual();
        let task = scene.snapshot.ecs_services[0].kind.task_definition.as_mut();
        task.expect("one").cpu_architecture = Some("ARM64".into());
        check(&CHECK, scene, "pass arm64");
    }

    #[test]
    fn just_under_the_price_of_x86_is_a_saving_and_the_same_price_is_none() {
        check(&CHECK, priced("0.0404", "0.004445"), "recommend 0.07 / 0.12 / 0.12");
        check(&CHECK, priced("0.04048", "0.004445"), "pass no-saving");
    }

    #[test]
    fn windows_has_no_arm() {
        let mut scene = usual();
        let task = scene.snapshot.ecs_services[0].kind.task_definition.as_mut();
        task.expect("one").operating_system_family = Some("WINDOWS_SERVER_2022_CORE".into());
        check(&CHECK, scene, "exempt windows");
    }

    #[test]
    fn without_a_task_definition_or_a_price_it_is_unknown() {
        let mut scene = usual();
        scene.snapshot.ecs_services[0].kind.task_definition = None;
        check(&CHECK, scene, "unknown task-definition-unknown");
        check(&CHECK, usual().without_price("fargate/gb_hour_arm"), "unknown price-missing");
    }
}
