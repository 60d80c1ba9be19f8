//! What is wrong with one change.

use trimtab_model::action::Action;
use trimtab_model::environment::Environment;
use trimtab_model::gate::{Presence, Signal};
use trimtab_model::plan::{Change, ChangeClass, Plan, RecoveryPoint, UnitKind};
use trimtab_model::price::PriceBasis;
use trimtab_model::text::counted;

use super::Finding;
use super::Severity::{Error, Note, Warning};
use crate::plan::inverse::is_way_back;

/// The highest risk that production takes: Compute Optimizer calls it low.
const MOST_RISK: u8 = 1;

/// Lists what is wrong with a change.
pub(super) fn findings(change: &Change, plan: &Plan) -> Vec<Finding> {
    let is_production = change.environment == Environment::Prod;
    let found = [
        saving(change),
        is_production.then(|| risk(change)).flatten(),
        memory(change),
        gates(change, is_production),
        watched(change, is_production),
        quarantine(change, plan),
        recovery(change),
        is_production.then(|| only_member(change)).flatten(),
        migration(change),
        capacity(change),
    ];
    found.into_iter().flatten().map(|finding| finding.of(&change.id)).collect()
}

/// What nobody watches is not proven to be well.
fn watched(change: &Change, is_production: bool) -> Option<Finding> {
    change.soak.is_zero().then(|| {
        Finding::new(
            if is_production { Error } else { Warning },
            "not-watched",
            "It is not watched after the change: `soak` of its stage is nothing.",
            "변경 후 지켜보지 않습니다. 해당 단계의 `soak`가 0입니다.",
        )
    })
}

fn saving(change: &Change) -> Option<Finding> {
    if is_way_back(change) {
        return None;
    }
    let saving = &change.estimated_monthly_savings;
    if !saving.likely.is_positive() {
        return Some(Finding::new(
            Error,
            "no-saving",
            "It saves nothing.",
            "절감 효과가 없습니다.",
        ));
    }
    if saving.basis == PriceBasis::Estimated {
        return Some(Finding::new(
            Warning,
            "saving-estimated",
            "Its saving rests on an estimated price: a bill or a price list would tell.",
            "절감액이 추정 단가에 근거합니다. 청구서나 가격표가 있으면 확인할 수 있습니다.",
        ));
    }
    (!saving.low.is_positive()).then(|| {
        Finding::new(
            Note,
            "saving-uncertain",
            "In the worst case that the data allows it saves nothing.",
            "데이터상 최악의 경우에는 절감 효과가 없습니다.",
        )
    })
}

fn risk(change: &Change) -> Option<Finding> {
    let risk = change.risk.value();
    (risk > MOST_RISK).then(|| {
        Finding::new(
            Error,
            "risk",
            format!("Its performance risk is {risk}: production takes no more than {MOST_RISK}."),
            format!("성능 위험이 {risk}입니다. 운영 환경에서는 {MOST_RISK}까지만 허용합니다."),
        )
    })
}

/// What comes before the stop of a server that a function replaced is done by hand.
fn migration(change: &Change) -> Option<Finding> {
    let migration = change.migration.as_ref()?;
    let (name, days) = (&migration.name, migration.soak_days);
    Some(Finding::new(
        Note,
        "migration",
        format!(
            "It is the stop of the migration {name}: deploying beside, shadow, shift and {} of watching are done before, with the commands of its guide.",
            counted(days, "day")
        ),
        format!(
            "{name} 전환의 중지 단계입니다. 나란히 배포, 섀도 실행, 전환, {days}일간의 지켜보기는 이보다 먼저 전환 안내서의 명령으로 진행합니다."
        ),
    ))
}

/// What is stopped gives its place up: whether it has one again is seen when it is started.
fn capacity(change: &Change) -> Option<Finding> {
    let is_stop = matches!(change.action, Action::StopInstance { .. });
    is_stop.then(|| {
        Finding::new(
            Note,
            "start-needs-capacity",
            "AWS holds no capacity for a stopped instance: the way back needs a start, which is refused where the zone has none of its type. A capacity reservation until the stop is confirmed holds it, at the price of the instance.",
            "AWS는 중지된 인스턴스의 용량을 남겨 두지 않습니다. 되돌리려면 다시 시작해야 하는데, 가용 영역에 같은 유형의 여유가 없으면 거부됩니다. 중지가 확정될 때까지 용량 예약을 두면 용량이 보장되지만 인스턴스와 같은 요금이 듭니다.",
        )
    })
}

/// Memory that nobody measured is not taken away.
fn memory(change: &Change) -> Option<Finding> {
    let is_measured = change.projected.iter().any(|one| one.name == "memory_max");
    if is_measured {
        return None;
    }
    match change.action {
        Action::ModifyInstanceType { .. } | Action::RefreshInstances(_) => {
            let is_less = change.gates.iter().any(|gate| {
                gate.signal == Signal::MemoryUtilization
                    && gate.presence == Presence::Required
                    && gate.expected.is_none()
            });
            is_less.then(|| {
                Finding::new(
                    Error,
                    "memory-unmeasured",
                    "The new type has less memory and nobody measured its use: mem_used_percent of the CloudWatch agent would tell.",
                    "새 유형의 메모리가 더 적은데 사용률이 측정되지 않았습니다. CloudWatch 에이전트의 mem_used_percent가 필요합니다.",
                )
            })
        }
        Action::SwitchDatabase(ref switch) if switch.class().is_none() => None,
        Action::ModifyDbInstanceClass { .. } | Action::SwitchDatabase(_) => Some(Finding::new(
            Warning,
            "memory-unknown",
            "What memory it will use in the new class is not known: FreeableMemory would tell.",
            "새 클래스에서의 메모리 사용량을 알 수 없습니다. FreeableMemory가 필요합니다.",
        )),
        _ => None,
    }
}

fn gates(change: &Change, is_production: bool) -> Option<Finding> {
    let is_watched = change.gates.iter().any(|gate| gate.presence == Presence::Required);
    let is_disruptive = change.downtime_budget.is_positive();
    (is_disruptive && !is_watched).then(|| {
        Finding::new(
            if is_production { Error } else { Warning },
            "no-gates",
            "It takes the resource out of service, and no gate would see whether it is well afterwards.",
            "서비스를 중단시키는 변경인데, 이후 상태를 확인할 관문이 없습니다.",
        )
    })
}

fn quarantine(change: &Change, plan: &Plan) -> Option<Finding> {
    let is_at_once = !plan.rules.quarantine.is_positive();
    (change.class == ChangeClass::Destructive && is_at_once).then(|| {
        Finding::new(
            Error,
            "no-quarantine",
            "It destroys something at once: set a quarantine.",
            "격리 기간 없이 바로 삭제됩니다. 격리 기간을 설정하세요.",
        )
    })
}

fn recovery(change: &Change) -> Option<Finding> {
    let is_lost =
        change.class == ChangeClass::Destructive && change.recovery == RecoveryPoint::Settings;
    is_lost.then(|| {
        Finding::new(
            Warning,
            "no-recovery-point",
            "What it removes cannot be had back: export it before, if anybody may want it.",
            "삭제된 내용은 되찾을 수 없습니다. 필요할 수 있으면 먼저 내보내세요.",
        )
    })
}

/// Says that a change takes down all that there is. A load balancer would have nowhere to send
/// to; a service of one machine may be meant to be one.
fn only_member(change: &Change) -> Option<Finding> {
    if !change.downtime_budget.is_positive() {
        return None;
    }
    let alone = change.units.iter().filter(|unit| unit.members <= 1);
    let unit = alone
        .filter(|unit| unit.kind != UnitKind::Machine)
        .max_by_key(|unit| unit.kind == UnitKind::TargetGroup)?;
    let is_target = unit.kind == UnitKind::TargetGroup;
    Some(Finding::new(
        if is_target { Error } else { Warning },
        "only-member",
        format!("It is the only one of {}: while it is down, nothing serves.", unit.name),
        format!("{}에 하나뿐인 자원이라, 변경하는 동안 서비스가 멈춥니다.", unit.name),
    ))
}
