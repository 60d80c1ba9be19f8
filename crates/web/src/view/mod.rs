//! What pages and API show, computed once: both are made from the same values.

mod amount;
mod charts;
mod daily;
mod overview;
mod spending;

pub(crate) use charts::{stack, treemap};
pub(crate) use daily::{Basis, before, daily};
pub(crate) use overview::{Found, Mover, Overview, Spent, overview};
pub(crate) use spending::{GROUPINGS, Spending, spending};
