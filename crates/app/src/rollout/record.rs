//! Opening a run: the plan as approved, the lease, the pens.

use jiff::Timestamp;

use trimtab_model::id::RunId;
use trimtab_model::journal::{Event, Journal};
use trimtab_model::plan::{Change, Plan};
use trimtab_rollout::adopt::Adoption;
use trimtab_rollout::progress::Progress;
use trimtab_store::audit::Audit;
use trimtab_store::guard::guarded;
use trimtab_store::reserve::Reserve;
use trimtab_store::state::{Holder, Lease, LeaseError, RunRecord, State, StateError, StoredPlan};

use super::process;
use super::recorder::{LEASE_LENGTH, Recorder};
use crate::failure::{Failure, Kind};

/// What the lease is of: one run acts at a time in one data directory.
pub const LEASE: &str = "apply";

/// Who runs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    /// The person.
    pub operator: String,
    /// The machine.
    pub host: String,
}

/// Begins a run of a plan.
///
/// # Errors
/// Fails when the plan is not as it was approved, somebody else is acting, or the disk has no
/// room for the way back.
pub fn open_run<'a>(
    state: &'a State,
    stored: &StoredPlan,
    who: &Opened,
    (run, is_simulated): (RunId, bool),
    now: Timestamp,
) -> Result<Recorder<'a>, Failure> {
    verify(&stored.plan, &stored.hash)?;
    let mut recorder = pens(state, run.clone(), who, now)?;
    let record =
        RunRecord { id: run.clone(), plan: stored.id.clone(), started_at: now, is_simulated };
    let started = Event::RunStarted {
        run,
        plan: stored.id.clone(),
        hash: stored.hash.clone(),
        operator: who.operator.clone(),
        host: who.host.clone(),
    };
    let begun = kept(state.save_run(&record)).and_then(|()| recorder.write(now, started));
    or_given_back(state, &recorder.lease, begun)?;
    Ok(recorder)
}

/// Begins a run whose journal was lost, with what was found in its place. Nothing of AWS is
/// called.
///
/// # Errors
/// Fails when the plan is not as it was approved, somebody else is acting, another run is busy
/// with one of the resources, or the journal cannot be written.
pub fn adopt_run(
    state: &State,
    stored: &StoredPlan,
    who: &Opened,
    record: &RunRecord,
    (found, lost): (&Adoption, &[RunId]),
) -> Result<(), Failure> {
    verify(&stored.plan, &stored.hash)?;
    let now = record.started_at;
    let recorder = pens(state, record.id.clone(), who, now)?;
    let started = Event::RunStarted {
        run: record.id.clone(),
        plan: stored.id.clone(),
        hash: stored.hash.clone(),
        operator: who.operator.clone(),
        host: who.host.clone(),
    };
    let events = std::iter::once(started).chain(found.events.iter().cloned()).collect();
    let unclear = found.unclear.iter().map(|(id, _)| id);
    let changes = found.begun.iter().chain(unclear).filter_map(|id| stored.plan.change(id));
    let changes: Vec<&Change> = changes.collect();
    let begun = free(state, &changes, lost).and_then(|()| {
        let taken: Vec<_> = changes.iter().map(|one| (&one.resource, &one.id)).collect();
        let begun = state.begin(record, &recorder.lease, events, &taken);
        begun.map_err(|cause| Failure::from_error(Kind::Failed, &cause))
    });
    kept(state.release_lease(&recorder.lease))?;
    begun
}

/// Frees the resources of changes from runs that cannot give them back any more; refuses what
/// another run has.
fn free(state: &State, changes: &[&Change], lost: &[RunId]) -> Result<(), Failure> {
    for change in changes {
        let resource = &change.resource;
        for run in lost {
            kept(state.unlock_resource(resource, run))?;
        }
        if let Some(lock) = kept(state.resource_lock(resource))? {
            return Err(busy(resource.id.as_str(), lock.run.as_str()));
        }
    }
    Ok(())
}

fn kept<T>(result: Result<T, StateError>) -> Result<T, Failure> {
    result.map_err(|cause| Failure::from_error(Kind::Failed, &cause))
}

fn busy(resource: &str, run: &str) -> Failure {
    let message = (
        format!("{run} is busy with {resource}"),
        format!("{run} 실행이 {resource} 리소스를 작업하고 있습니다"),
    );
    Failure::new(Kind::Failed, message).with_hint((
        format!("`trimtab run show {run}` says how far it is"),
        format!("`trimtab run show {run}` 명령으로 진행 상황을 확인하세요"),
    ))
}

/// Goes on with a run.
///
/// # Errors
/// Fails when its journal is damaged, its plan is not as it was approved, or somebody else is
/// acting.
pub fn resume_run<'a>(
    state: &'a State,
    record: &RunRecord,
    stored: &StoredPlan,
    who: &Opened,
    now: Timestamp,
) -> Result<Recorder<'a>, Failure> {
    verify(&stored.plan, &stored.hash)?;
    // One that cannot be trusted is not taken over.
    journal(state, &record.id)?;
    let mut recorder = pens(state, record.id.clone(), who, now)?;
    let gone_on = go_on(&mut recorder, who, now);
    or_given_back(state, &recorder.lease, gone_on)?;
    Ok(recorder)
}

/// Reads what was written down until now, when nobody else writes, and says who writes from now.
fn go_on(recorder: &mut Recorder<'_>, who: &Opened, now: Timestamp) -> Result<(), Failure> {
    let journal = journal(recorder.state, &recorder.run)?;
    recorder.progress = Progress::of(&journal);
    recorder.journal = journal;
    let from = recorder.lease.from.clone();
    let taken = Event::LeaseTaken { operator: who.operator.clone(), host: who.host.clone(), from };
    recorder.write(now, taken).map(|_| ())
}

fn journal(state: &State, run: &RunId) -> Result<Journal, Failure> {
    state.journal(run).map_err(|cause| {
        Failure::from_error(Kind::Failed, &cause).with_hint((
            "nothing was changed now; `trimtab recover` finds what the run made in the accounts",
            "지금은 아무것도 바꾸지 않았습니다. `trimtab recover` 명령으로 실행이 계정에 만든 것을 찾으세요",
        ))
    })
}

/// Gives a lease back under which nothing is done, for something failed.
fn or_given_back<T>(
    state: &State,
    lease: &Lease,
    result: Result<T, Failure>,
) -> Result<T, Failure> {
    if result.is_err()
        && let Err(cause) = state.release_lease(lease)
    {
        // It ends by itself; why nothing is done is the better thing to tell.
        tracing::warn!(%cause, "the lease could not be given back");
    }
    result
}

fn pens<'a>(
    state: &'a State,
    run: RunId,
    who: &Opened,
    now: Timestamp,
) -> Result<Recorder<'a>, Failure> {
    guarded(state.data_dir()).map_err(|cause| {
        Failure::from_error(Kind::Failed, &cause).with_hint((
            "nothing was changed; let its owner alone write it (chmod o-w), or name the real directory with --data-dir",
            "아무것도 바꾸지 않았습니다. 소유자만 쓸 수 있게 하거나(chmod o-w) --data-dir로 실제 디렉터리를 지정하세요",
        ))
    })?;
    // First the lease: whoever has it is writing what is opened next.
    let lease = leased(state, who, now)?;
    let opened = audit(state).and_then(|audit| Ok((audit, reserve(state)?)));
    let (audit, reserve) = or_given_back(state, &lease, opened)?;
    let operator = format!("{}@{}", who.operator, who.host);
    Ok(Recorder {
        state,
        run,
        lease,
        audit,
        reserve,
        operator,
        journal: Journal::default(),
        progress: Progress::default(),
        is_unwritable: false,
    })
}

fn leased(state: &State, who: &Opened, now: Timestamp) -> Result<Lease, Failure> {
    let process = process::ours();
    let holder = Holder { name: &who.operator, host: &who.host, process: &process };
    let taken = state.take_lease(LEASE, holder, (LEASE_LENGTH, now), |host, process| {
        host == who.host && process::has_ended(process)
    });
    taken.map_err(|cause| match cause {
        LeaseError::Held { .. } => Failure::from_error(Kind::Failed, &cause).with_hint((
            "wait for it, or watch it with `trimtab run watch`; a lease whose holder died ends by itself after two minutes",
            "끝날 때까지 기다리거나 `trimtab run watch` 명령으로 확인하세요. 비정상 종료된 점유는 2분 뒤에 저절로 풀립니다",
        )),
        LeaseError::Lost { .. } | LeaseError::State(_) => {
            Failure::from_error(Kind::Failed, &cause)
        }
    })
}

fn audit(state: &State) -> Result<Audit, Failure> {
    Audit::open(state.data_dir()).map_err(|cause| {
        Failure::from_error(Kind::Failed, &cause).with_hint((
            "nothing is changed while the audit log cannot be trusted; keep the file for whoever investigates and move it away",
            "감사 기록을 믿을 수 없는 동안에는 아무것도 바꾸지 않습니다. 조사할 수 있도록 파일을 보관하고 다른 곳으로 옮기세요",
        ))
    })
}

fn reserve(state: &State) -> Result<Reserve, Failure> {
    Reserve::make(state.data_dir()).map_err(|cause| {
        let message = (
            "there is no room on the disk for the way back",
            "되돌리기에 필요한 디스크 공간이 없습니다",
        );
        Failure::new(Kind::Failed, message).because(&cause).with_hint((
            "free 16 MiB in the data directory; nothing was changed",
            "데이터 디렉터리에 16MiB를 확보하세요. 아무것도 바꾸지 않았습니다",
        ))
    })
}

/// Refuses a plan that is not the one whose hash was approved.
fn verify(plan: &Plan, hash: &str) -> Result<(), Failure> {
    let found = plan.hash().map_err(|cause| {
        Failure::new(Kind::Failed, ("the plan cannot be read back", "계획을 다시 읽을 수 없습니다"))
            .because(&cause)
    })?;
    if found == hash {
        return Ok(());
    }
    Err(Failure::new(
        Kind::Stale,
        ("the plan is not the one that was approved", "승인한 계획과 내용이 다릅니다"),
    )
    .with_hint((
        "make it again with `trimtab plan create`, and have it approved",
        "`trimtab plan create` 명령으로 다시 만들고 승인을 받으세요",
    )))
}
