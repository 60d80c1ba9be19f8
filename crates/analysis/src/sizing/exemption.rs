//! Instances that cannot be sized one by one, and why.

use trimtab_model::price::InstanceTypeFacts;
use trimtab_model::recommendation::Verdict;
use trimtab_model::resource::Resource;
use trimtab_model::resource::instance::{Instance, InstanceState};
use trimtab_model::text::Reason;

use crate::ownership;

/// Returns the verdict on an instance whose size is not ours to judge.
pub fn verdict(instance: &Resource<Instance>) -> Option<Verdict> {
    let kind = &instance.kind;
    if let Some(reason) = state(&kind.state) {
        return Some(Verdict::Pass(reason));
    }
    let exempt = |code, en: String, ko: String| Some(Verdict::Exempt(Reason::new(code, en, ko)));
    if let Some(group) = &kind.auto_scaling_group_name {
        return exempt(
            "auto-scaling-group-member",
            format!("The Auto Scaling group {group} decides about its type."),
            format!("Auto Scaling 그룹 {group}이 인스턴스 유형을 결정합니다."),
        );
    }
    if let Some(lifecycle) = &kind.instance_lifecycle {
        return exempt(
            "instance-lifecycle",
            format!("Its life cycle is {lifecycle}; such an instance cannot change its type."),
            format!("구매 옵션이 {lifecycle}이므로 유형을 변경할 수 없습니다."),
        );
    }
    if let Some(manager) = ownership::manager(&instance.tags).filter(|manager| manager.replaces()) {
        return Some(Verdict::Exempt(manager.reason()));
    }
    if kind.root_device_type.as_deref() == Some("instance-store") {
        return exempt(
            "instance-store-root",
            "Its root device is an instance store, so it cannot be stopped.".to_owned(),
            "루트 장치가 인스턴스 스토어이므로 중지할 수 없습니다.".to_owned(),
        );
    }
    if let Some(tenancy) = kind.tenancy.as_deref().filter(|tenancy| *tenancy != "default") {
        return exempt(
            "tenancy",
            format!("Its tenancy is {tenancy}; shared-tenancy prices do not apply."),
            format!("테넌시가 {tenancy}이므로 공유 테넌시 가격을 적용할 수 없습니다."),
        );
    }
    None
}

/// Returns the verdict on a type whose change would lose data.
pub fn instance_store(current: &InstanceTypeFacts) -> Option<Verdict> {
    let size = current.instance_store_gb?;
    Some(Verdict::Exempt(Reason::new(
        "instance-store-data",
        format!("Its {size} GB of instance store are erased by the stop that a resize needs."),
        format!(
            "크기를 변경하려면 중지해야 하며, 이때 인스턴스 스토어 {size}GB의 데이터가 삭제됩니다."
        ),
    )))
}

fn state(state: &InstanceState) -> Option<Reason> {
    let word = match state {
        InstanceState::Running => return None,
        InstanceState::Pending => "pending",
        InstanceState::ShuttingDown => "shutting-down",
        InstanceState::Terminated => "terminated",
        InstanceState::Stopping => "stopping",
        InstanceState::Stopped => "stopped",
        InstanceState::Other(word) => word,
    };
    Some(Reason::new(
        "not-running",
        format!("It is {word}, so its hours are not billed."),
        format!("{word} 상태이므로 인스턴스 시간이 청구되지 않습니다."),
    ))
}
