//! Users and requests, reduced: `users.csv`, `events.csv`, `events/` and `logs/<service>/` of `traffic/`.
//!
//! Files are read line by line, all files of a service at once in the order of their times. No
//! line is kept: what is held is bounded by what a stretch of time can hold, and by fixed caps.
//!
//! One line goes through [`lines`] (unfolding, in a thread of its own where [`ahead`] does it, and limits), a format ([`combined`], [`alb`],
//! [`cloudfront`], [`events`]; rows of a table come from [`event_table`]), [`intern`] (to an [`event::Event`] of fixed size), [`merge`] and
//! [`ordered`] (order of time, lines that two files hold), and ends in [`reduction`], where
//! [`clients`] and [`duplicates`] look at it.

mod agent;
mod ahead;
mod alb;
mod clients;
mod clock;
mod cloudfront;
mod combined;
mod coming;
mod duplicates;
mod endpoints;
mod event;
mod event_table;
mod events;
mod examples;
mod fields;
mod format;
mod hours;
mod intern;
mod kept;
mod lines;
mod merge;
mod ordered;
mod read;
mod records;
mod reduction;
mod request;
mod service;
mod template;
mod users;

pub use coming::read as read_events;
pub use kept::{keep, kept};
pub use read::{Reading, read};
pub use users::read as read_users;
