//! The conversation with a database server: what its statistics say of its queries, read only.
//!
//! One connection, whose session the server itself keeps from writing, and short limits for
//! every statement. `address` is where to connect, `client` the conversation, `mysql` and
//! `postgres` what each product is asked, `row` an answer, `error` what can go wrong.

pub mod address;
pub mod client;
pub mod error;
mod mysql;
mod postgres;
mod row;

pub use address::{Address, AddressError, Password, Product};
pub use client::{Client, Limits};
pub use error::DatabaseError;
