//! Whether Application Auto Scaling moves the tasks of a service.

use trimtab_model::action::TaskLimits;
use trimtab_model::evidence::UnseenSignal;
use trimtab_model::resource::ecs_service::EcsService;
use trimtab_model::resource::scalable_target::ScalableTarget;
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::text::Text;

use crate::check::Facts;

/// What decides how many tasks a service runs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Scaling<'a> {
    /// It was not read.
    Unknown,
    /// Only its desired count.
    Fixed,
    /// A target of Application Auto Scaling.
    Target(&'a ScalableTarget),
}

impl<'a> Scaling<'a> {
    /// Finds what decides about a service.
    pub fn of(facts: &Facts<'a>, service: &Resource<EcsService>) -> Self {
        let (account, region) = (&service.account, &service.region);
        let resource_id = format!("service/{}/{}", service.kind.cluster, service.kind.service_name);
        let target = facts.snapshot.scalable_targets.iter().find(|target| {
            target.account == *account
                && target.region == *region
                && target.kind.resource_id == resource_id
        });
        match target {
            Some(target) => Self::Target(&target.kind),
            None if facts.snapshot.was_listed(ResourceKind::ScalableTarget, account, region) => {
                Self::Fixed
            }
            None => Self::Unknown,
        }
    }

    /// Returns between how many tasks the service is kept, where a target does.
    pub fn limits(self) -> Option<TaskLimits> {
        match self {
            Self::Unknown | Self::Fixed => None,
            Self::Target(target) => Some(TaskLimits {
                min_capacity: target.min_capacity,
                max_capacity: target.max_capacity,
            }),
        }
    }

    /// Says that tasks may start again, where nobody looked.
    pub fn unseen(self) -> Option<UnseenSignal> {
        matches!(self, Self::Unknown).then(|| UnseenSignal {
            name: "auto_scaling".to_owned(),
            text: Text::new(
                "Whether Application Auto Scaling keeps a minimum of tasks: it would start them again.",
                "Application Auto Scaling이 최소 태스크 수를 유지하는지 알 수 없습니다. 그렇다면 태스크가 다시 시작됩니다.",
            ),
        })
    }
}
