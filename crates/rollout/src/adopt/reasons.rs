//! What is said of a change whose journal is gone.

use trimtab_model::text::Reason;

pub(super) fn no_mark() -> Reason {
    Reason::new(
        "changed-without-a-mark",
        "It is not what the plan expects, and nothing carries the mark of this change: who changed it cannot be told.",
        "계획과 상태가 다르지만 이 변경의 표시가 있는 것이 없어 누가 바꿨는지 알 수 없습니다.",
    )
}

pub(super) fn foreign(found: impl std::fmt::Display) -> Reason {
    Reason::new(
        "not-of-this-change",
        format!("It is {found} now, which this change sets nowhere."),
        format!("지금 {found}이며, 이 변경이 설정하는 값이 아닙니다."),
    )
}

pub(super) fn ending(state: &str) -> Reason {
    Reason::new(
        "instance-ending",
        format!("The instance is in state {state}."),
        format!("인스턴스 상태: {state}."),
    )
}

pub(super) fn state_unknown() -> Reason {
    Reason::new(
        "state-unknown",
        "Whether it ran when the plan was made does not stand in the plan.",
        "계획을 만들 때 실행 중이었는지 계획에 나와 있지 않습니다.",
    )
}

pub(super) fn registrations() -> Reason {
    Reason::new(
        "registrations-lost",
        "It was behind a load balancer and is registered nowhere now, or not for long. Only the lost journal knew in which target groups, and with which port: register it again by hand.",
        "로드 밸런서 뒤에 있던 인스턴스인데 지금은 어디에도 등록되어 있지 않거나 등록이 해제되는 중입니다. 대상 그룹과 포트는 사라진 기록에만 있었으므로 직접 다시 등록해야 합니다.",
    )
}

pub(super) fn gone() -> Reason {
    Reason::new(
        "resource-gone",
        "The resource does not exist any more.",
        "리소스가 더 이상 없습니다.",
    )
}

pub(super) fn made_already() -> Reason {
    Reason::new(
        "made-by-this-change",
        "Something that this change makes is there: it was begun, and how far it came only the lost journal knew.",
        "이 변경이 만든 것이 있어 이미 시작된 변경이지만, 어디까지 진행되었는지는 사라진 기록에만 있었습니다.",
    )
}
