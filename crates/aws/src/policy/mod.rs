//! The least that a role needs to be read by us, as documents for people to deploy.

mod cloudformation;
mod statement;
mod terraform;

pub use cloudformation::cloudformation;
pub use statement::{BASIC_ACTIONS, Organization, Statement, policy, statements};
pub use terraform::terraform;

/// The name of the role in every document.
pub const ROLE_NAME: &str = "trimtab-read";
