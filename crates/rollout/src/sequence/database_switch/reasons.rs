//! What is said of a deployment.

use trimtab_model::observed::DeploymentObserved;
use trimtab_model::text::Reason;

use crate::sequence::Work;

pub(super) fn ill(deployment: &DeploymentObserved) -> Reason {
    let (status, why) = (&deployment.status, deployment.details.as_deref().unwrap_or("-"));
    Reason::new(
        "deployment-failed",
        format!("The blue/green deployment came to {status}: {why}"),
        format!("블루/그린 배포 상태: {status}. 사유: {why}"),
    )
}

pub(super) fn not_taken() -> Reason {
    Reason::new(
        "deployment-not-taken",
        "No blue/green deployment appears although AWS was asked several times.",
        "여러 번 요청했지만 블루/그린 배포가 만들어지지 않습니다.",
    )
}

pub(super) fn not_switched(why: &str) -> Reason {
    Reason::new(
        "switch-refused",
        format!("AWS did not switch to the copy: {why} The database was not touched."),
        format!("AWS가 복제본으로 전환하지 않았습니다: {why} 기존 데이터베이스는 그대로입니다."),
    )
}

pub(super) fn differs(deployment: &DeploymentObserved) -> Reason {
    let green = deployment.green.as_ref();
    let (class, gib) = green.map_or_else(
        || ("-".to_owned(), "-".to_owned()),
        |green| {
            let gib = green.storage_gib.map_or_else(|| "-".to_owned(), |gib| gib.to_string());
            (green.class.to_string(), gib)
        },
    );
    Reason::new(
        "copy-differs",
        format!("The copy is {class} with {gib} GiB, which is not what was asked for."),
        format!("복제본이 {class}, {gib} GiB로 요청과 다릅니다."),
    )
}

pub(super) fn slow() -> Reason {
    Reason::new(
        "copy-slow",
        "The copy is not ready after two days. It costs meanwhile.",
        "이틀이 지나도 복제본이 준비되지 않았습니다. 그동안 비용이 발생합니다.",
    )
}

pub(super) fn hangs() -> Reason {
    Reason::new(
        "switch-hangs",
        "The switch goes on for hours, far beyond the timeout after which AWS takes it back.",
        "전환이 제한 시간을 훨씬 넘겨 몇 시간째 진행 중입니다.",
    )
}

pub(super) fn no_way_back() -> Reason {
    Reason::new(
        "switched-for-good",
        "The switch is over: the old database lacks what was written since, so no call of ours goes back to it.",
        "전환이 끝났습니다. 기존 데이터베이스에는 이후 기록이 없으므로 자동으로 되돌리지 않습니다.",
    )
}

/// Says that the copy is there and costs.
pub(super) fn copy_left(work: &Work<'_>, deployment: &DeploymentObserved) -> Reason {
    let cost = work.change.estimated_monthly_savings.cost_after.rounded();
    let name = deployment.green.as_ref().map_or("-", |green| green.id.as_str());
    Reason::new(
        "copy-left",
        format!(
            "The database is as it was. Its copy {name} costs about {cost} a month until somebody deletes it."
        ),
        format!(
            "데이터베이스는 그대로입니다. 복제본 {name}은(는) 삭제할 때까지 월 약 {cost}의 비용이 듭니다."
        ),
    )
}

/// Says that what was is there and costs.
pub(super) fn old_left(work: &Work<'_>, deployment: &DeploymentObserved) -> Reason {
    let cost = work.change.estimated_monthly_savings.cost_now.rounded();
    let name = deployment.blue.as_ref().map_or("-", |blue| blue.as_str());
    Reason::new(
        "old-left",
        format!(
            "It is as planned, and its gates passed. What it was before is kept as {name} and costs about {cost} a month until somebody deletes it: a step of its own, once nobody needs it."
        ),
        format!(
            "계획대로 바뀌었고 관문을 통과했습니다. 이전 데이터베이스는 {name}(으)로 남아 있으며 삭제할 때까지 월 약 {cost}의 비용이 듭니다. 필요 없어지면 별도로 삭제하세요."
        ),
    )
}
