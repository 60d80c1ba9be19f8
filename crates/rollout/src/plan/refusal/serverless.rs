//! Addresses, log groups, functions and groups that are not changed.

use trimtab_model::action::GroupSizes;
use trimtab_model::resource::Resource;
use trimtab_model::resource::address::Address;
use trimtab_model::resource::auto_scaling_group::AutoScalingGroup;
use trimtab_model::resource::function::Function;
use trimtab_model::resource::log_group::LogGroup;
use trimtab_model::text::Reason;

use super::{changed, refuse};

/// Returns why an address is not released.
pub(super) fn of_address(address: &Resource<Address>) -> Option<Reason> {
    let kind = &address.kind;
    let holder = kind
        .association_id
        .as_deref()
        .or(kind.instance_id.as_deref())
        .or(kind.network_interface_id.as_deref());
    let holder = holder?;
    refuse(
        "address-in-use",
        format!("{holder} holds the address."),
        format!("{holder}에서 사용 중인 주소입니다."),
    )
}

/// Returns why the retention of a log group is not set.
pub(super) fn of_retention(group: &Resource<LogGroup>, days: u32) -> Option<Reason> {
    let is = group.kind.retention_in_days?;
    if is == days {
        return refuse(
            "already-so",
            "Its retention is that already.",
            "이미 해당 보존 기간으로 설정되어 있습니다.",
        );
    }
    changed("retentionInDays", "never", is)
}

/// Returns why a function does not get another amount of memory.
pub(super) fn of_memory(function: &Resource<Function>, from_mb: u32) -> Option<Reason> {
    let has = function.kind.memory_size_mb?;
    if has == from_mb { None } else { changed("MemorySize", from_mb, has) }
}

/// Returns why a function does not get another architecture from the code that it has.
pub(super) fn of_function(function: &Resource<Function>, from: &str) -> Option<Reason> {
    let kind = &function.kind;
    if !kind.architectures.iter().any(|one| one == from) {
        return changed("Architectures", from, kind.architectures.join(", "));
    }
    if kind.package_type.as_deref() == Some("Image") {
        return refuse(
            "container-image",
            "It runs from a container image, which must be built for the other architecture.",
            "컨테이너 이미지로 실행되며, 이미지를 새 아키텍처로 다시 빌드해야 합니다.",
        );
    }
    if kind.layer_count > 0 {
        return refuse(
            "layers",
            "It uses layers, whose native parts are of one architecture.",
            "레이어를 사용하며, 네이티브 부분은 한 아키텍처용입니다.",
        );
    }
    let is_compiled = kind
        .runtime
        .as_deref()
        .is_none_or(|runtime| runtime.starts_with("provided") || runtime.starts_with("go"));
    if is_compiled {
        return refuse(
            "compiled-code",
            "Its code is compiled for one architecture, or its runtime is not known.",
            "코드가 한 아키텍처용으로 컴파일되어 있거나 런타임을 알 수 없습니다.",
        );
    }
    None
}

/// Returns why a group is not resized.
pub(super) fn of_group(
    group: &Resource<AutoScalingGroup>,
    from: GroupSizes,
    to: GroupSizes,
) -> Option<Reason> {
    let kind = &group.kind;
    if (kind.min_size, kind.max_size) != (from.min_size, from.max_size) {
        return changed(
            "MinSize-MaxSize",
            format!("{}-{}", from.min_size, from.max_size),
            format!("{}-{}", kind.min_size, kind.max_size),
        );
    }
    if to.min_size > to.max_size || !(to.min_size..=to.max_size).contains(&to.desired_capacity) {
        return refuse(
            "sizes-out-of-order",
            "The sizes are not in order: minimum, desired capacity, maximum.",
            "최소, 희망, 최대 용량의 순서가 맞지 않습니다.",
        );
    }
    None
}
