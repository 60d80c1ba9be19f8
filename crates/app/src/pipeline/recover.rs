//! What trimtab left in accounts, found by its marks, and runs that lost their journal.

mod adopt;
mod belonging;
mod enter;
mod find;
mod price;

pub use adopt::{AdoptRequest, Adopted, adopt, lost_plans};
pub use find::{Found, RecoverRequest, Recovered, Unread, recover};
