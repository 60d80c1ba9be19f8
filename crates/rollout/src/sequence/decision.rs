//! What a sequence can want, and what can follow from what AWS says.

use jiff::SignedDuration;

use trimtab_model::call::Call;
use trimtab_model::text::Reason;

/// What a sequence wants.
#[derive(Debug, Clone, PartialEq)]
pub enum Decision {
    /// This call, as part of this step.
    Call {
        /// The step, for the journal and for people.
        step: &'static str,
        /// The call.
        call: Call,
    },
    /// Nothing, until it is looked at again.
    Wait {
        /// What is waited for.
        why: Reason,
        /// When it is looked at again.
        poll: SignedDuration,
    },
    /// There is nothing left to do in this direction.
    Done,
    /// Forward: go back. Back: this cannot be had.
    Abort(Reason),
    /// Nothing goes on until a person lets it: the resource serves, and is left as it is.
    Hold(Reason),
    /// A person must look; these are the commands to begin with.
    Operator {
        /// Why.
        reason: Reason,
        /// Exact commands.
        manual: Vec<String>,
    },
}

/// What became of a resource while it is watched.
#[derive(Debug, Clone, PartialEq)]
pub enum Watch {
    /// Nothing.
    Undisturbed,
    /// AWS moved or restarted it: what was watched so far was of another machine.
    Restart(Reason),
    /// Somebody else changed it. Whoever that is must be asked; nobody is fought.
    Hold(Reason),
    /// It is not alive any more, by itself.
    Ill(Reason),
    /// It is going away for good: there is nothing to go back to.
    Lost(Reason),
}

/// What follows from a refusal of AWS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reaction {
    /// Try again, so many times in all, with a pause that doubles.
    Retry {
        /// The most attempts.
        attempts: usize,
        /// The first pause.
        pause: SignedDuration,
        /// What follows the last.
        then: Afterwards,
    },
    /// Look again: what was asked may hold already, or somebody else was there.
    Observe,
    /// Do this.
    Give(Afterwards),
}

/// What follows when AWS does not do it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Afterwards {
    /// The sequence decides; it sees the refusals.
    Decide,
    /// Go back, or refuse where nothing was done.
    Abort,
    /// A person must look.
    Operator,
}

/// Returns a call as part of a step.
pub(super) fn call(step: &'static str, call: Call) -> Decision {
    Decision::Call { step, call }
}

/// Returns a wait for `en`, in Korean a phrase before `를 기다립니다`.
pub(super) fn wait(code: &str, en: &str, ko: &str, poll: SignedDuration) -> Decision {
    let why = Reason::new(code, format!("Waiting for {en}."), format!("{ko}를 기다립니다."));
    Decision::Wait { why, poll }
}
