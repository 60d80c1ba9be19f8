//! Requests as they leave, and answers as they come, over a wire that is none.

mod kinds;
mod observed;
mod packages;
mod requests;
mod schedules;
