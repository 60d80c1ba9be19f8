//! What kind of change each action is: how far back, what is kept, how long, how long down.

use jiff::SignedDuration;

use trimtab_model::action::{Action, ScheduleTarget};
use trimtab_model::plan::{ChangeClass, RecoveryPoint, RolloutRules};
use trimtab_model::resource::instance::InstanceState;
use trimtab_model::text::Text;

use super::subject::Subject;

/// How long RDS takes for a change of class, one way. Observed with a standby: 20 minutes in
/// all, 77 seconds of them out of service.
const DB_CLASS: SignedDuration = SignedDuration::from_mins(20);
/// Taking an instance out of its target groups, which wait 300 seconds unless set otherwise,
/// and reserving capacity, which may take 5 minutes to be seen.
const BEFORE_STOP: SignedDuration = SignedDuration::from_mins(10);
/// Asking for a change of storage, which then goes on by itself while the volume serves.
const STORAGE_REQUEST: SignedDuration = SignedDuration::from_mins(15);
/// A change of a function's code is done in minutes, there and back.
const FUNCTION: SignedDuration = SignedDuration::from_mins(10);
/// Draining 300 seconds each way, and a warm-up of 300 seconds on the way back.
const GROUP: SignedDuration = SignedDuration::from_mins(20);
/// A few calls; on the way back a start, which takes a database many minutes.
const SCHEDULE: SignedDuration = SignedDuration::from_mins(30);
/// Draining for 300 seconds and warming up for 300, of each batch; a tenth of a group is one.
const BATCH: SignedDuration = SignedDuration::from_mins(10);
const MOST_BATCHES: u32 = 10;
/// The checkpoints at the first instance, at 5 and at 25 %.
const PAUSES: SignedDuration = SignedDuration::from_mins(30);
/// Asking for a copy or for the switch, and the switch itself with its timeout.
const SWITCH: SignedDuration = SignedDuration::from_mins(15);
/// Draining for 300 seconds and a stop; on the way back a start, its checks and its registration.
const STOP: SignedDuration = SignedDuration::from_mins(30);
/// One call, and what must be seen before it.
const ONE_CALL: SignedDuration = SignedDuration::from_mins(5);

/// What kind of change an action is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Nature {
    pub(super) class: ChangeClass,
    pub(super) recovery: RecoveryPoint,
    pub(super) downtime_budget: SignedDuration,
    pub(super) duration: SignedDuration,
}

impl Nature {
    /// Returns what kind of change an action on a resource is; absent for one that trimtab
    /// does not make itself, or not on such a resource.
    pub(super) fn of(action: &Action, subject: Subject<'_>, rules: &RolloutRules) -> Option<Self> {
        let none = SignedDuration::ZERO;
        let (class, recovery, downtime_budget) = match (action, subject) {
            (Action::ModifyInstanceType { .. }, Subject::Instance(instance)) => {
                // What is stopped serves nobody, and stays stopped.
                let is_down = instance.kind.state == InstanceState::Stopped;
                let budget = if is_down { none } else { rules.instance_downtime };
                (ChangeClass::Reversible, RecoveryPoint::InstanceSnapshots, budget)
            }
            (Action::ModifyVolume { .. }, Subject::Volume(_)) => {
                (ChangeClass::Slow, RecoveryPoint::VolumeSnapshot, none)
            }
            (Action::DeleteVolume { .. }, Subject::Volume(_)) => {
                (ChangeClass::Destructive, RecoveryPoint::VolumeSnapshot, none)
            }
            (Action::ReleaseAddress { .. }, Subject::Address(_))
            | (Action::PutRetentionPolicy { .. }, Subject::LogGroup(_)) => {
                (ChangeClass::Destructive, RecoveryPoint::Settings, none)
            }
            (
                Action::ModifyDbInstanceClass { .. } | Action::SwitchDatabase(_),
                Subject::DbInstance(_),
            ) => (ChangeClass::Slow, RecoveryPoint::DbSnapshot, rules.database_downtime),
            (Action::ModifyDbStorage { .. }, Subject::DbInstance(_)) => {
                (ChangeClass::Slow, RecoveryPoint::DbSnapshot, none)
            }
            (
                Action::ResizeAutoScalingGroup { .. } | Action::RefreshInstances(_),
                Subject::Group(_),
            )
            | (
                Action::UpdateFunctionArchitecture { .. } | Action::UpdateFunctionMemory { .. },
                Subject::Function(_),
            )
            | (
                Action::StopInstance { .. }
                | Action::ApplySchedule { target: ScheduleTarget::Instance, .. },
                Subject::Instance(_),
            )
            | (
                Action::ApplySchedule { target: ScheduleTarget::DbInstance, .. },
                Subject::DbInstance(_),
            )
            | (
                Action::ApplySchedule { target: ScheduleTarget::DbCluster { .. }, .. },
                Subject::DbCluster(_),
            )
            | (
                Action::ApplySchedule { target: ScheduleTarget::AutoScalingGroup { .. }, .. },
                Subject::Group(_),
            ) => (ChangeClass::Reversible, RecoveryPoint::Settings, none),
            _ => return None,
        };
        let duration = stated(action, rules)?.0;
        Some(Self { class, recovery, downtime_budget, duration })
    }

    /// Returns whether trimtab makes such a change at all.
    pub(super) fn is_known(action: &Action, rules: &RolloutRules) -> bool {
        stated(action, rules).is_some()
    }
}

/// Returns how long a change takes in all but rare cases, the way back included, and how that
/// is known; absent for an action that trimtab does not make itself.
pub fn stated(action: &Action, rules: &RolloutRules) -> Option<(SignedDuration, Text)> {
    let stated = |length: SignedDuration, en: &str, ko: &str| Some((length, Text::new(en, ko)));
    match action {
        Action::ModifyInstanceType { .. } => stated(
            BEFORE_STOP + rules.instance_downtime * 2,
            "10 minutes for draining and capacity, then the allowed downtime once forward and once back: beyond it the change turns back by itself.",
            "연결 드레이닝과 용량 확보에 10분, 그 뒤로는 허용 중단 시간이 적용 한 번, 되돌리기 한 번입니다. 이를 넘기면 스스로 되돌립니다.",
        ),
        Action::StopInstance { .. } => stated(
            STOP,
            "Draining and the stop take minutes; going back, it starts, passes its checks and takes its traffic again.",
            "연결 드레이닝과 중지는 몇 분이면 끝납니다. 되돌릴 때는 다시 시작해 상태 검사를 통과하고 트래픽을 받습니다.",
        ),
        Action::ModifyDbInstanceClass { .. } => stated(
            DB_CLASS.max(rules.database_downtime) + DB_CLASS,
            "A change of class with a standby was seen to take 20 minutes; after the allowed downtime it turns back, which takes as long again.",
            "대기 인스턴스가 있는 DB의 클래스 변경에 20분이 걸린 관측이 있습니다. 허용 중단 시간을 넘기면 되돌리며, 되돌리는 데도 같은 시간이 걸립니다.",
        ),
        Action::ModifyDbStorage { .. } | Action::ModifyVolume { .. } => stated(
            STORAGE_REQUEST,
            "The request takes minutes; the storage then changes by itself for hours and serves meanwhile.",
            "요청은 몇 분이면 끝나며, 이후 스토리지는 서비스를 유지한 채 몇 시간에 걸쳐 바뀝니다.",
        ),
        Action::ApplySchedule { target, .. } => match target {
            ScheduleTarget::Instance
            | ScheduleTarget::DbInstance
            | ScheduleTarget::DbCluster { .. }
            | ScheduleTarget::AutoScalingGroup { .. } => stated(
                SCHEDULE,
                "Setting schedules up takes a few calls; taking them back starts the resource again where it was running.",
                "일정은 호출 몇 번으로 만듭니다. 되돌릴 때는 실행 중이던 리소스를 다시 시작합니다.",
            ),
            ScheduleTarget::EcsService { .. } => None,
        },
        Action::UpdateFunctionArchitecture { .. } | Action::UpdateFunctionMemory { .. } => stated(
            FUNCTION,
            "An update of a function is done in minutes, there and back.",
            "함수 업데이트는 되돌리기를 포함해 몇 분이면 끝납니다.",
        ),
        Action::ResizeAutoScalingGroup { .. } => stated(
            GROUP,
            "Draining takes 300 seconds unless set otherwise, and new instances warm up for 300.",
            "드레이닝 기본값 300초와 새 인스턴스 준비 시간 300초를 기준으로 합니다.",
        ),
        Action::SwitchDatabase(_) => stated(
            SWITCH,
            "The copy is made and follows for hours while the database serves, window or not; the switch ends or is taken back within 5 minutes, and is asked for in a window.",
            "복제본 생성과 동기화는 몇 시간 걸리지만 그동안 데이터베이스는 계속 서비스합니다. 전환은 변경 시간대에 요청하며 5분 안에 끝나거나 취소됩니다.",
        ),
        Action::RefreshInstances(refresh) => stated(
            PAUSES
                + BATCH * i32::try_from(refresh.instances.clamp(1, MOST_BATCHES)).unwrap_or(1) * 2,
            "A tenth of the instances is replaced at a time, each in about 10 minutes, once forward and once back; it pauses three times for 10 minutes. The group serves meanwhile.",
            "인스턴스의 10분의 1씩 교체하며 한 번에 약 10분이 걸립니다. 적용과 되돌리기 각 한 번에, 10분씩 세 번의 일시 정지를 더한 시간입니다. 그동안 그룹은 서비스를 유지합니다.",
        ),
        Action::DeleteVolume { .. }
        | Action::ReleaseAddress { .. }
        | Action::PutRetentionPolicy { .. } => stated(
            ONE_CALL,
            "It is one call; the quarantine before it needs no window.",
            "호출 한 번이며, 그 전의 격리 기간에는 변경 시간대가 필요 없습니다.",
        ),
        _ => None,
    }
}
