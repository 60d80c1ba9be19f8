//! Addresses, log groups and groups that are not changed.

use trimtab_model::action::GroupSizes;
use trimtab_model::resource::Resource;
use trimtab_model::resource::address::Address;
use trimtab_model::resource::auto_scaling_group::AutoScalingGroup;
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
