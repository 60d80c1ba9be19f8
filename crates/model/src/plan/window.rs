//! When changes may be made, and when not.

use jiff::civil::{Time, Weekday};
use serde::{Deserialize, Serialize};

use crate::environment::Environment;
use crate::period::Period;

/// Hours of some days of the week in which changes may start.
///
/// Outside every window nothing starts. One that ends before it begins ends on the next day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeWindow {
    /// Which environments it opens; all where it names none.
    pub environments: Vec<Environment>,
    /// On which days it begins, Monday as 0; every day where it names none.
    pub days: Vec<u8>,
    /// When it begins, local time.
    pub from: Time,
    /// When it ends, local time; the same as `from` is a whole day.
    pub until: Time,
    /// The zone of the times, as IANA names it.
    pub time_zone: String,
}

impl ChangeWindow {
    /// Returns whether it opens an environment.
    pub fn opens(&self, environment: Environment) -> bool {
        self.environments.is_empty() || self.environments.contains(&environment)
    }

    /// Returns whether it begins on a day.
    pub fn begins_on(&self, day: Weekday) -> bool {
        let day = u8::try_from(day.to_monday_zero_offset()).unwrap_or(u8::MAX);
        self.days.is_empty() || self.days.contains(&day)
    }
}

/// A time in which nothing starts, whatever windows say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Freeze {
    /// Why, in the owner's words.
    pub name: String,
    /// From when to when.
    pub period: Period,
    /// Which environments it closes; all where it names none.
    pub environments: Vec<Environment>,
}
