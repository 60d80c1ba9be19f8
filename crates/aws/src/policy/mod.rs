//! The least that a role needs to be read by us, as documents for people to deploy.

mod cloudformation;
mod statement;
mod terraform;

pub use cloudformation::cloudformation;
pub use statement::{BASIC_ACTIONS, Organization, ROLE_NAME, Statement, policy, statements};
pub use terraform::terraform;
