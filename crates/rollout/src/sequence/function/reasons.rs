//! Reasons that several steps give.

use trimtab_model::text::Reason;

use super::setting::Setting;

pub(super) fn gone() -> Reason {
    Reason::new(
        "function-gone",
        "The function does not exist any more.",
        "함수가 더 이상 없습니다.",
    )
}

pub(super) fn drift() -> Reason {
    Reason::new(
        "function-changed-by-others",
        "Somebody changed the function since it was looked at.",
        "확인한 뒤에 다른 사람이 함수를 변경했습니다.",
    )
}

pub(super) fn foreign(found: &Setting) -> Reason {
    let found = found.words();
    Reason::new(
        "setting-changed-by-others",
        format!("Somebody set {found} meanwhile."),
        format!("작업 중에 다른 사람이 {found}(으)로 바꿨습니다."),
    )
}

pub(super) fn foreign_alias(name: &str, version: &str) -> Reason {
    Reason::new(
        "alias-moved-by-others",
        format!("Somebody moved the alias {name} to version {version} meanwhile."),
        format!("작업 중에 다른 사람이 별칭 {name}을(를) 버전 {version}(으)로 옮겼습니다."),
    )
}

pub(super) fn update_failed() -> Reason {
    Reason::new(
        "update-failed",
        "Lambda could not finish the update of the function.",
        "Lambda가 함수 업데이트를 끝내지 못했습니다.",
    )
}

pub(super) fn slow() -> Reason {
    Reason::new(
        "update-slow",
        "The update of the function did not end in time.",
        "함수 업데이트가 제한 시간 안에 끝나지 않았습니다.",
    )
}

pub(super) fn not_taken() -> Reason {
    Reason::new(
        "update-not-taken",
        "The function does not change although AWS was asked several times.",
        "여러 번 요청했지만 함수가 바뀌지 않습니다.",
    )
}
