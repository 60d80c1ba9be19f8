//! What is going to be changed, frozen: stages, waves, changes, and the rules that they run by.
//!
//! A plan is made once and never altered. Its identifier is the hash of all that it holds, so
//! that an approval of it approves exactly this.

mod change;
mod content;
mod rules;
mod stage;
mod window;

pub use change::{Ancestry, BudgetUnit, Change, ChangeClass, Fingerprint, RecoveryPoint, UnitKind};
pub use content::{LeftOut, OwnerPatch, PLAN_FORMAT, Plan, PlanError};
pub use rules::{GateLimits, RolloutRules, SchedulerRole, StageRules, StagingProof};
pub use stage::{Approval, Stage, Wave, WaveName};
pub use window::{ChangeWindow, Freeze};
