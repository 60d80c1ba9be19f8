//! What writes: the journal, the audit log, and the lease that both are written under.

use jiff::{SignedDuration, Timestamp};

use trimtab_model::audit::AuditLine;
use trimtab_model::call::CallResult;
use trimtab_model::gate::GateReading;
use trimtab_model::id::{ChangeId, RunId};
use trimtab_model::journal::{Entry, Event, Journal};
use trimtab_model::plan::{Change, Plan};
use trimtab_rollout::Command;
use trimtab_rollout::gate::courses;
use trimtab_rollout::progress::Progress;
use trimtab_store::audit::{Audit, AuditError};
use trimtab_store::reserve::Reserve;
use trimtab_store::state::{JournalError, Lease, LeaseError, State};

use crate::failure::{Failure, Kind};

/// How long a lease holds without being renewed.
pub(super) const LEASE_LENGTH: SignedDuration = SignedDuration::from_secs(120);
/// How long before its end it is renewed.
const RENEW_BEFORE: SignedDuration = SignedDuration::from_secs(60);

/// How sure it is that the lease is ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hold {
    /// It is.
    Firm,
    /// It still is, and could not be held longer: what is under way goes on, and nothing begins.
    Ending,
}

/// Says what follows from the attempt to hold a lease longer that ends at `until`.
fn held(
    renewed: Result<(), LeaseError>,
    until: Timestamp,
    now: Timestamp,
) -> Result<Hold, Failure> {
    match renewed {
        Ok(()) => Ok(Hold::Firm),
        Err(LeaseError::State(cause)) if now < until => {
            tracing::warn!(%cause, "the lease could not be held longer yet");
            Ok(Hold::Ending)
        }
        Err(cause @ LeaseError::State(_)) => {
            Err(Failure::from_error(Kind::Failed, &cause).with_hint(RESUME))
        }
        Err(cause @ (LeaseError::Lost { .. } | LeaseError::Held { .. })) => {
            Err(Failure::from_error(Kind::Failed, &cause).with_hint(TAKEN_OVER))
        }
    }
}

/// The pens of one run.
#[derive(Debug)]
pub struct Recorder<'a> {
    pub(super) state: &'a State,
    pub(super) run: RunId,
    pub(super) lease: Lease,
    pub(super) audit: Audit,
    pub(super) reserve: Reserve,
    pub(super) operator: String,
    pub(super) journal: Journal,
    pub(super) progress: Progress,
    /// Whether the disk takes nothing more, so that nothing more is done.
    pub(super) is_unwritable: bool,
}

impl Recorder<'_> {
    /// Returns what was written so far.
    pub fn journal(&self) -> &Journal {
        &self.journal
    }

    /// Returns how far each change is, by that.
    pub(super) fn progress(&self) -> &Progress {
        &self.progress
    }

    /// Returns the run.
    pub fn run(&self) -> &RunId {
        &self.run
    }

    /// Holds the lease longer, if it ends soon.
    pub(super) fn renew(&mut self, now: Timestamp) -> Result<Hold, Failure> {
        if self.lease.until.duration_since(now) > RENEW_BEFORE {
            return Ok(Hold::Firm);
        }
        let until = self.lease.until;
        let renewed = self.state.renew_lease(&mut self.lease, LEASE_LENGTH, now);
        held(renewed, until, now)
    }

    /// Writes an event. A disk that is full gets the reserve, once; one that is ill gets no
    /// second try, for what it says the second time is not to be believed.
    pub(super) fn write(&mut self, at: Timestamp, event: Event) -> Result<Entry, Failure> {
        let mut written = self.state.append(&self.run, &self.lease, at, event.clone());
        if written.as_ref().is_err_and(JournalError::wants_room) && self.reserve.give_up().is_ok() {
            written = self.state.append(&self.run, &self.lease, at, event);
        }
        let entry = written.map_err(|cause| {
            self.is_unwritable = !matches!(cause, JournalError::Fenced { .. });
            Failure::from_error(Kind::Failed, &cause).with_hint(RESUME)
        })?;
        self.journal.append(entry.at, entry.fence, entry.event.clone());
        self.progress.fold(&entry);
        Ok(entry)
    }

    /// Keeps the points of gates for whoever looks at the run. It goes on without them: they decide
    /// nothing, and what cannot be written stops it with its next entry.
    pub(super) fn keep_courses(
        &self,
        plan: &Plan,
        change: &ChangeId,
        read: (Timestamp, &GateReading),
    ) {
        let Some(courses) = courses(plan, &self.progress, change, read) else { return };
        if let Err(cause) = self.state.keep_courses(&self.run, change, &courses) {
            tracing::warn!(%cause, "the points of gates could not be kept");
        }
    }

    /// Says in the audit log that something was only let pass because somebody said so.
    pub(crate) fn except(&mut self, at: Timestamp, what: &str) -> Result<(), Failure> {
        let line = AuditLine {
            at,
            operator: self.operator.clone(),
            run: self.run.to_string(),
            change: String::new(),
            what: "allowed".to_owned(),
            action: what.to_owned(),
            resource: String::new(),
            request_id: None,
            code: None,
        };
        self.audit.write(&line).map_err(|cause| Failure::from_error(Kind::Failed, &cause))
    }

    /// Announces a call in the audit log. Without it the call is not made.
    pub(super) fn announce(
        &mut self,
        at: Timestamp,
        command: &Command,
        change: &Change,
    ) -> Result<(), Failure> {
        let line = self.line(at, command, change, "intent");
        self.log(&line).map_err(|cause| {
            Failure::from_error(Kind::Failed, &cause).with_hint((
                "nothing was changed; make room or repair the file, then `trimtab run resume`",
                "아무것도 바꾸지 않았습니다. 공간을 확보하거나 파일을 복구한 뒤 `trimtab run resume` 명령을 실행하세요",
            ))
        })
    }

    /// Writes what came of a call into the audit log.
    pub(super) fn report(
        &mut self,
        at: Timestamp,
        command: &Command,
        change: &Change,
        result: &CallResult,
    ) -> Result<(), Failure> {
        let mut line = match result {
            CallResult::Accepted { .. } => self.line(at, command, change, "accepted"),
            CallResult::Refused { .. } => self.line(at, command, change, "refused"),
            CallResult::Unknown { .. } => self.line(at, command, change, "unknown"),
        };
        line.code = result.refusal().map(str::to_owned);
        line.request_id = match result {
            CallResult::Accepted { request_id, .. } | CallResult::Refused { request_id, .. } => {
                request_id.clone()
            }
            CallResult::Unknown { .. } => None,
        };
        self.log(&line).map_err(|cause| Failure::from_error(Kind::Failed, &cause).with_hint(RESUME))
    }

    /// Writes a line of the audit log. A disk that is full gets the reserve, once.
    fn log(&mut self, line: &AuditLine) -> Result<(), AuditError> {
        let mut written = self.audit.write(line);
        if written.as_ref().is_err_and(AuditError::wants_room) && self.reserve.give_up().is_ok() {
            written = self.audit.write(line);
        }
        self.is_unwritable |= written.is_err();
        written
    }

    fn line(&self, at: Timestamp, command: &Command, change: &Change, what: &str) -> AuditLine {
        let resource = &change.resource;
        AuditLine {
            at,
            operator: self.operator.clone(),
            run: self.run.to_string(),
            change: command.change.to_string(),
            what: what.to_owned(),
            action: command.call.iam_action().to_owned(),
            resource: format!("{}/{}/{}", resource.account, resource.region, resource.id),
            request_id: None,
            code: None,
        }
    }
}

const RESUME: (&str, &str) = (
    "run `trimtab run resume`: it looks at what is there and goes on, or back",
    "`trimtab run resume` 명령을 실행하세요. 현재 상태를 확인하고 이어서 진행하거나 되돌립니다",
);

const TAKEN_OVER: (&str, &str) = (
    "another trimtab took over; `trimtab run watch` shows what it does",
    "다른 trimtab이 이어받았습니다. `trimtab run watch` 명령으로 진행 상황을 확인하세요",
);

#[cfg(test)]
mod tests {
    use trimtab_store::state::StateError;

    use super::*;

    #[test]
    fn b04_while_the_lock_is_out_of_reach_what_began_goes_on_and_nothing_else_begins() {
        let at = |second: i64| Timestamp::from_second(1_800_000_000 + second).unwrap();
        let unreached = || {
            let cause = std::io::Error::other("gone");
            Err(LeaseError::State(StateError::Prepare { path: "state.sqlite".into(), cause }))
        };
        assert_eq!(held(Ok(()), at(60), at(0)).unwrap(), Hold::Firm);
        assert_eq!(held(unreached(), at(60), at(59)).unwrap(), Hold::Ending);
        // Once it is over, somebody else may have it.
        assert!(held(unreached(), at(60), at(60)).is_err());
        assert!(held(Err(LeaseError::Lost { fence: 1 }), at(60), at(0)).is_err());
    }
}
