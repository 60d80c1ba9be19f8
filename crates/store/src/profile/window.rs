//! The window of a reduction, cut into hours of the owner's week.

use std::sync::Arc;

use trimtab_model::calendar::{Calendar, LocalHour};
use trimtab_model::period::Period;

/// A window and its hours: those are the same for every series, so they are made once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Window {
    /// The window.
    pub(super) period: Period,
    /// Its hours in order, without gaps.
    pub(super) hours: Arc<[LocalHour]>,
}

impl Window {
    /// Cuts a window into hours.
    pub(super) fn new(period: Period, calendar: &Calendar) -> Self {
        Self { period, hours: calendar.hours(period).into() }
    }
}
