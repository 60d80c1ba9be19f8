//! What each action does, step by step, decided from what is seen.
//!
//! A sequence is no list that is worked through. It is a function from what a resource is now
//! to the one thing that brings it nearer to where it should be: forward, back, or, once all is
//! well, to give back what was only held for the way. So it does not matter where the last run
//! ended, nor whether a call was made twice.

mod instance_type;
mod work;

use jiff::SignedDuration;

use trimtab_model::action::Action;
use trimtab_model::call::Call;
use trimtab_model::text::Reason;

pub use work::Work;

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

/// How one action is done.
#[derive(Debug, Clone, Copy)]
pub struct Sequence {
    /// The way to the plan.
    pub forward: fn(&Work<'_>) -> Decision,
    /// The way back to what was.
    pub back: fn(&Work<'_>) -> Decision,
    /// What is given back once all is well, or once it is as it was.
    pub release: fn(&Work<'_>) -> Decision,
    /// Whether the resource is out of service now, so that one must not stop here.
    pub is_disrupted: fn(&Work<'_>) -> bool,
    /// What became of the resource since the planned state was reached.
    pub watch: fn(&Work<'_>) -> Watch,
    /// What follows from a refusal, by step and error code.
    pub react: fn(&str, &str) -> Reaction,
    /// Commands with which a person would bring the resource back into service.
    pub manual: fn(&Work<'_>) -> Vec<String>,
}

impl Sequence {
    /// Returns how an action is done; absent for one that trimtab does not do itself.
    pub fn of(action: &Action) -> Option<&'static Self> {
        match action {
            Action::ModifyInstanceType { .. } => Some(&instance_type::SEQUENCE),
            _ => None,
        }
    }
}
