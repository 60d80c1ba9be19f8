//! What goes wrong, and when.

use jiff::{SignedDuration, Timestamp};

use trimtab_model::id::{ChangeId, InstanceType, ResourceId};

/// Something that goes wrong.
#[derive(Debug, Clone, PartialEq)]
pub struct Fault {
    /// When it happens.
    pub when: Trigger,
    /// The change whose calls and observations are counted; all where it names none.
    pub of: Option<ChangeId>,
    /// The IAM action whose calls are counted, such as `ec2:StopInstances`; all where it names
    /// none.
    pub action: Option<String>,
    /// How often in a row it happens.
    pub times: usize,
    /// What happens.
    pub kind: FaultKind,
}

/// When a fault happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trigger {
    /// At the n-th call that counts, from 1 on: just before it reaches AWS.
    Call(usize),
    /// At the n-th observation that counts, from 1 on: just before it is made.
    Observation(usize),
    /// At a moment.
    At(Timestamp),
}

/// What happens.
#[derive(Debug, Clone, PartialEq)]
pub enum FaultKind {
    /// The call is refused with this code, and nothing is done.
    Refuse(String),
    /// The call is carried out, and its answer is lost.
    LoseResponse,
    /// The call never arrives, and nobody says so.
    LoseRequest,
    /// There is no answer, and the call is carried out so much later.
    DelayApply(SignedDuration),
    /// The call is carried out twice, as by a proxy that tries again.
    Twice,
    /// What is described is so old.
    StaleObservation(SignedDuration),
    /// Reading is refused as too fast, and has to be tried again.
    ThrottleRead,
    /// There is no machine of a type to be had for so long.
    NoCapacity(InstanceType, SignedDuration),
    /// A start is taken, and the machine stops again with this `StateReason`.
    StartFails(String),
    /// So many vCPUs may run in all from now on.
    Quota(u32),
    /// A key is disabled.
    KeyDisabled(String),
    /// Snapshots of the resource end in `error`.
    SnapshotError,
    /// Calls of this IAM action are denied from now on.
    DenyAction(String),
    /// The resource has an ailment from now on; with a type, only while it is of that type.
    Ails(Ailment, Option<InstanceType>),
    /// Somebody else, or AWS, does something to the resource.
    Foreign(ForeignChange),
    /// Somebody pulls the lever that stops everything.
    Halt(String),
    /// Somebody lets go of the lever.
    Unhalt,
    /// The change calendar is closed from now on.
    CalendarClosed(String),
    /// No metric of the resource arrives for so long.
    Silent(SignedDuration),
    /// Metrics may not be read from now on.
    MetricsForbidden,
}

/// What is wrong with a resource for as long as nobody repairs it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ailment {
    /// It never gets from `stopping` to `stopped`.
    StuckStopping,
    /// It never gets from `pending` to `running`.
    StuckPending,
    /// Its connections never end.
    StuckDraining,
    /// Its status checks say `impaired`.
    Impaired,
    /// Its status checks say `initializing` for ever.
    Initializing,
    /// No target group ever finds it healthy.
    NeverHealthy,
    /// A database never leaves `modifying`.
    StuckModifying,
    /// The copy of a database cannot be made.
    CopyFails,
    /// The switch of a database to its copy takes longer than its timeout.
    SwitchHangs,
    /// The refresh of a group cannot be rolled back.
    RollbackFails,
}

/// What somebody else does.
#[derive(Debug, Clone, PartialEq)]
pub enum ForeignChange {
    /// Stops it, at once.
    Stop,
    /// Starts it, at once.
    Start,
    /// Gives it another type, stopping and starting it where it ran.
    SetType(InstanceType),
    /// Moves it to another host: it runs on, and was launched just now.
    MoveHost,
    /// Attaches a volume.
    Attach(ResourceId),
    /// Detaches a volume.
    Detach(ResourceId),
    /// Takes the tag `trimtab:apply` away.
    RemoveTag,
    /// Sets stop protection.
    Protect,
    /// Terminates it.
    Terminate,
    /// Replaces it by another one of the same identifier.
    Replace,
}

impl FaultKind {
    /// Returns whether it changes more than one answer.
    pub(super) fn changes_the_world(&self) -> bool {
        !matches!(
            self,
            Self::Refuse(_)
                | Self::LoseResponse
                | Self::LoseRequest
                | Self::DelayApply(_)
                | Self::Twice
                | Self::StaleObservation(_)
                | Self::ThrottleRead
        )
    }
}

impl Fault {
    /// Makes a fault of one call of an action.
    pub fn of_call(action: &str, number: usize, kind: FaultKind) -> Self {
        let action = Some(action.to_owned());
        Self { when: Trigger::Call(number), of: None, action, times: 1, kind }
    }

    /// Makes a fault at a moment.
    pub fn at(moment: Timestamp, kind: FaultKind) -> Self {
        Self { when: Trigger::At(moment), of: None, action: None, times: 1, kind }
    }

    /// Makes a fault of one observation.
    pub fn of_observation(number: usize, kind: FaultKind) -> Self {
        Self { when: Trigger::Observation(number), of: None, action: None, times: 1, kind }
    }

    /// Lets it happen so often in a row.
    #[must_use]
    pub fn repeated(self, times: usize) -> Self {
        Self { times, ..self }
    }

    /// Lets it count one change only.
    #[must_use]
    pub fn about(self, change: &ChangeId) -> Self {
        Self { of: Some(change.clone()), ..self }
    }
}
