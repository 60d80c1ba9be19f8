//! What an ECS service runs on Fargate, or why it is not ours to judge.

use rust_decimal::Decimal;
use rust_decimal::prelude::FromPrimitive;

use trimtab_model::id::ResourceId;
use trimtab_model::metric::Statistic;
use trimtab_model::recommendation::{Unknown, Verdict};
use trimtab_model::resource::Resource;
use trimtab_model::resource::ecs_service::{EcsService, TaskDefinition};

use crate::check::Facts;
use crate::fargate::size::Size;
use crate::observation::Observation;
use crate::verdict::{exempt, pass, unknown};

/// The namespace of every metric here.
pub const NAMESPACE: &str = "AWS/ECS";
/// Processor use of the busiest task, in percent of what its definition gives it.
pub const CPU: &str = "CPUUtilization";
/// Memory use of the fullest task, in percent of what its definition gives it.
pub const MEMORY: &str = "MemoryUtilization";
/// The statistic that tells the busiest task; a mean over tasks hides it.
pub const PEAK: &[Statistic] = &[Statistic::Maximum];
/// Of a metric that each task sends once a minute, the number of samples is that of tasks.
pub const TASKS: &[Statistic] = &[Statistic::SampleCount];

/// The processors that Fargate has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Architecture {
    /// `X86_64`.
    X86,
    /// `ARM64`.
    Arm,
}

/// How a service buys its tasks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purchase {
    /// `FARGATE`.
    OnDemand,
    /// `FARGATE_SPOT`.
    Spot,
}

/// What a service runs on Fargate.
#[derive(Debug, Clone, PartialEq)]
pub struct Running<'a> {
    /// The task definition.
    pub task: &'a TaskDefinition,
    /// The size of a task.
    pub size: Size,
    /// The processor of a task.
    pub architecture: Architecture,
    /// How tasks are bought.
    pub purchase: Purchase,
    /// How many tasks are counted: those that run now, or the mean of the window where that is less.
    pub tasks: Decimal,
}

impl Architecture {
    /// Returns ECS's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::X86 => "X86_64",
            Self::Arm => "ARM64",
        }
    }
}

/// Returns what a service runs, or the verdict on one that pays nothing for Fargate.
///
/// # Errors
/// Returns `Unknown` if the listing does not tell.
pub fn running<'a>(
    facts: &Facts<'_>,
    service: &'a Resource<EcsService>,
) -> Result<Result<Running<'a>, Verdict>, Unknown> {
    let kind = &service.kind;
    if kind.status.as_deref().is_some_and(|status| status != "ACTIVE") {
        return Ok(Err(pass(
            "not-active",
            "The service is being deleted.",
            "삭제 중인 서비스입니다.",
        )));
    }
    let Some(purchase) = purchase(kind)? else {
        return Ok(Err(pass(
            "not-fargate",
            "Its tasks run on machines that are charged and judged by themselves.",
            "태스크가 별도로 과금되는 인스턴스에서 실행되므로 인스턴스 쪽에서 점검합니다.",
        )));
    };
    if kind.running_count == 0 {
        return Ok(Err(pass(
            "no-tasks",
            "No task runs, so nothing is charged.",
            "실행 중인 태스크가 없어 요금이 나오지 않습니다.",
        )));
    }
    let Some(task) = &kind.task_definition else {
        return Err(not_told("task-definition-unknown", "task definition", "태스크 정의"));
    };
    let system = task.operating_system_family.as_deref().unwrap_or("LINUX");
    if system != "LINUX" {
        return Ok(Err(exempt(
            "windows",
            format!("Its tasks run {system}, whose licence has a price of its own."),
            format!("{system} 태스크는 라이선스 요금이 별도라 점검하지 않습니다."),
        )));
    }
    let (Some(cpu_units), Some(memory_mib)) = (task.cpu_units, task.memory_mib) else {
        return Err(not_told("size-unknown", "size of its tasks", "태스크 크기"));
    };
    let architecture = match task.cpu_architecture.as_deref() {
        Some("ARM64") => Architecture::Arm,
        _ => Architecture::X86,
    };
    let tasks = tasks(facts, service);
    Ok(Ok(Running { task, size: Size { cpu_units, memory_mib }, architecture, purchase, tasks }))
}

/// Lists the names of metrics and bill: the identifier and the ARN.
pub fn names(service: &Resource<EcsService>) -> Vec<ResourceId> {
    let arn = service.kind.service_arn.as_deref().map(ResourceId::new);
    std::iter::once(service.id.clone()).chain(arn).collect()
}

fn purchase(service: &EcsService) -> Result<Option<Purchase>, Unknown> {
    match service.launch_type.as_deref() {
        Some("FARGATE") => return Ok(Some(Purchase::OnDemand)),
        Some(_) => return Ok(None),
        None => {}
    }
    let providers = &service.capacity_provider_strategy;
    let all = |name: &str| providers.iter().all(|share| share.capacity_provider == name);
    match (providers.is_empty(), all("FARGATE"), all("FARGATE_SPOT")) {
        (true, ..) => Err(not_told("capacity-unknown", "capacity of its tasks", "용량 공급자")),
        (_, true, _) => Ok(Some(Purchase::OnDemand)),
        (_, _, true) => Ok(Some(Purchase::Spot)),
        _ if providers.iter().any(|share| share.capacity_provider.starts_with("FARGATE")) => {
            Err(unknown(
                "capacity-mixed",
                "Its tasks run on several capacity providers, and which of them on which is not known.",
                "여러 용량 공급자를 함께 사용해, 태스크가 어디에서 몇 개 실행되는지 알 수 없습니다.",
                &["billing"],
            ))
        }
        _ => Ok(None),
    }
}

/// Returns how many tasks are counted. The metric may count a task more than once a minute, so
/// that it only ever lowers what runs now.
fn tasks(facts: &Facts<'_>, service: &Resource<EcsService>) -> Decimal {
    let now = Decimal::from(service.kind.running_count);
    let names = names(service);
    let mean = Observation::find(facts, service, &names, NAMESPACE, CPU, TASKS)
        .filter(|seen| seen.profile.covered_seconds > 0)
        .map(|seen| seen.profile.sum * 60.0 / seen.profile.covered_seconds as f64);
    let mean = mean.and_then(Decimal::from_f64).map(|mean| mean.round_dp(4));
    mean.filter(|mean| *mean > Decimal::ZERO).map_or(now, |mean| mean.min(now))
}

fn not_told(code: &str, en: &str, ko: &str) -> Unknown {
    unknown(
        code,
        format!("The listing does not say the {en}."),
        format!("목록에 다음 정보가 없습니다: {ko}."),
        &["inventory:describe-services"],
    )
}
