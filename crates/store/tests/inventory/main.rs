//! Reads inventories as the AWS CLI prints them.
#![expect(clippy::unwrap_used, reason = "a helper of a test may panic too")]

mod compute;
mod damage;
mod listings;
mod network;
mod services;
mod support;
