//! The least that a role needs to be read by us, as documents for people to deploy.

mod cloudformation;
mod statement;
mod terraform;

pub use cloudformation::cloudformation;
pub use statement::{
    BASIC_ACTIONS, CostExplorer, Extras, Organization, ROLE_NAME, Scope, Statement, policy,
    statements,
};
pub use terraform::terraform;
