//! Runs of plans: begun, gone on with, looked at, asked to stop, taken back.

mod apply;
mod find;
mod reach;
mod rollback;
mod wish;

pub(super) use apply::new_id;
pub use apply::{ApplyRequest, Carried, Ready, carry_out, ready, ready_again};
pub use find::{Run, find, list, of_plan, unfinished};
pub use reach::{LastStage, Reach, WindowWish, coming_stage, reach};
pub use rollback::{RolledBack, leads_back, roll_back};
pub use trimtab_rollout::progress::{ChangeProgress, Phase, Progress};
pub use wish::{ask, is_paused, unhold, unpause};

pub use crate::pipeline::acting::{Actor, LongLivedKeys};
pub use crate::rollout::{Ended, Observer, Patience, clear_halt, halt_reason, set_halt};
pub use trimtab_rollout::Halt;
pub use trimtab_store::state::WishWord;
