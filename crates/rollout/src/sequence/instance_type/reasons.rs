//! Reasons that several steps give.

use trimtab_model::call::Target;
use trimtab_model::observed::InstanceObserved;
use trimtab_model::text::Reason;

pub(super) fn no_capacity() -> Reason {
    Reason::new(
        "no-capacity",
        "AWS has no capacity for the type in this zone now.",
        "지금 이 가용 영역에 해당 유형의 여유 용량이 없습니다.",
    )
}

pub(super) fn retried() -> Reason {
    Reason::new(
        "start-retried",
        "The start failed and is tried again.",
        "시작에 실패하여 다시 시도합니다.",
    )
}

pub(super) fn slow_start() -> Reason {
    Reason::new("start-slow", "It did not start in time.", "제한 시간 안에 시작되지 않았습니다.")
}

pub(super) fn started_by_others() -> Reason {
    Reason::new(
        "started-by-others",
        "Somebody started the instance meanwhile.",
        "작업 중에 다른 사람이 인스턴스를 시작했습니다.",
    )
}

pub(super) fn foreign_type(now: &InstanceObserved) -> Reason {
    Reason::new(
        "type-changed-by-others",
        format!("Somebody set the type {} meanwhile.", now.instance_type),
        format!("작업 중에 다른 사람이 유형을 {}(으)로 바꿨습니다.", now.instance_type),
    )
}

pub(super) fn unknown_state(now: &InstanceObserved) -> Reason {
    Reason::new(
        "unexpected-state",
        format!("The instance is in state {:?}.", now.state),
        format!("인스턴스 상태: {:?}.", now.state),
    )
}

pub(super) fn key_refused() -> Reason {
    Reason::new(
        "key-refused",
        "It starts and stops at once with Client.InternalError: most often the key of an encrypted volume is disabled, or kms:CreateGrant is missing.",
        "시작하자마자 Client.InternalError로 중지됩니다. 암호화된 볼륨의 키가 비활성화되었거나 kms:CreateGrant 권한이 없는 경우가 대부분입니다.",
    )
}

pub(super) fn stopped_by_others() -> Reason {
    Reason::new(
        "stopped-by-others",
        "Somebody else stopped the instance.",
        "다른 사람이 인스턴스를 중지했습니다.",
    )
}

pub(super) fn type_not_taken() -> Reason {
    Reason::new(
        "type-not-taken",
        "The type does not change although AWS accepted it.",
        "AWS가 요청을 받아들였지만 유형이 바뀌지 않습니다.",
    )
}

pub(super) fn target_ill(target: &Target) -> Reason {
    Reason::new(
        "target-unhealthy",
        format!("It does not become healthy in {}.", target.group),
        format!("{} 대상 그룹에서 정상이 되지 않습니다.", target.group),
    )
}
