//! What pages and API show, computed once: both are made from the same values.

mod allocated;
mod amount;
mod charts;
mod course;
mod daily;
mod overview;
mod spending;

pub(crate) use allocated::{Allocated, allocated};
pub(crate) use charts::{stack, treemap};
pub(crate) use course::{Course, course};
pub(crate) use daily::{Basis, before, daily};
pub(crate) use overview::{Found, Mover, Overview, Spent, overview};
pub(crate) use spending::{GROUPINGS, Spending, spending};
