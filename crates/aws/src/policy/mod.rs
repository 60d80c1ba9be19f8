//! The least that a role needs to be read by us, or to apply a plan, as documents for people to
//! deploy.

mod apply;
mod cloudformation;
mod condition;
mod scheduler;
mod session;
mod statement;
mod terraform;
mod trust;

pub use apply::{ChangingRole, DEFAULT_TYPES, SCHEDULER_ROLE_NAME, boundary};
pub use cloudformation::cloudformation;
pub use scheduler::scheduler_policy;
pub(crate) use session::{of_call, of_marks, of_reading};
pub use statement::{
    BASIC_ACTIONS, CostExplorer, Extras, Organization, ROLE_NAME, Scope, Statement, policy,
    statements,
};
pub use terraform::terraform;
pub use trust::Trust;
