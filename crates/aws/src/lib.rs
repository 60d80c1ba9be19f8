//! The conversation with AWS: who we are there, what an account holds, what it measured.
//!
//! The only crate that names the SDK. Everything here reads; what comes back is a
//! [`trimtab_model::snapshot::Snapshot`] and what could not be read, as data.

pub mod access;
pub mod account;
pub mod calls;
pub mod collect;
pub mod collector;
pub mod error;
pub mod inventory;
mod moment;
pub mod pace;
mod number;
mod page;
pub mod part;
pub mod partition;
pub mod region;
pub mod session;
mod tags;
mod transport;

/// What every scan calls, whatever it reads: who we are, which regions and accounts there are.
pub const BASIC_ACTIONS: &[&str] = &[
    "sts:GetCallerIdentity",
    "sts:AssumeRole",
    region::DESCRIBE_REGIONS,
    account::LIST_ACCOUNTS,
];
