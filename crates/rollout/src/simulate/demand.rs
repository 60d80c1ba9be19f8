//! How what users ask follows the hours of a week, and what a smaller size makes of it.

use jiff::Timestamp;

/// Hours of a week.
const HOURS: usize = 7 * 24;
const HOUR: i64 = 3600;
/// 1970-01-01 was a Thursday: the Monday of its week lies three days before.
const MONDAY: i64 = -3 * 24 * HOUR;

/// How the demand for a resource goes.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Demand {
    /// The share of the busiest hour's demand at the start of each hour of a week, from Monday
    /// 00:00 UTC on; an even day, the same all week, where it does not have all 168 of them.
    pub week: Vec<f64>,
    /// Work that only comes up when a machine is full; none where absent.
    pub contention: Option<Contention>,
}

/// Work that threads make for each other: where they wait for the same lock, the fuller a
/// machine is, the more of its time goes into waiting. Nothing of it is to be seen as long as
/// the machine is large.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Contention {
    /// The share of its vCPUs in use from which on it shows.
    pub from: f64,
    /// What each share above that adds.
    pub growth: f64,
}

impl Demand {
    /// Returns the share of the busiest hour at a moment, if the week is known.
    pub(super) fn share(&self, at: Timestamp) -> Option<f64> {
        if self.week.len() != HOURS {
            return None;
        }
        let second = (at.as_second() - MONDAY).rem_euclid(HOUR * HOURS as i64);
        let hour = usize::try_from(second / HOUR).ok()?;
        let part = f64::from(i32::try_from(second % HOUR).ok()?) / 3600.0;
        let (this, next) = (self.week.get(hour)?, self.week.get((hour + 1) % HOURS)?);
        Some((next - this).mul_add(part, *this))
    }

    /// Returns how full a machine is whose users alone would fill it so far.
    pub(super) fn load(&self, asked: f64) -> f64 {
        let added = |one: Contention| (asked - one.from).max(0.0) * one.growth;
        asked + self.contention.map_or(0.0, added)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_week_begins_on_monday_and_goes_on_between_its_hours() {
        let mut week = vec![0.0; HOURS];
        week[0] = 0.5;
        week[1] = 1.0;
        let demand = Demand { week, contention: None };
        // 2026-11-02 is a Monday.
        assert_eq!(demand.share(at("2026-11-02T00:00:00Z")), Some(0.5));
        assert_eq!(demand.share(at("2026-11-02T00:30:00Z")), Some(0.75));
        assert_eq!(demand.share(at("2026-11-09T01:00:00Z")), Some(1.0));
        assert_eq!(demand.share(at("2026-11-03T00:00:00Z")), Some(0.0));
        assert_eq!(Demand::default().share(at("2026-11-02T00:00:00Z")), None);
    }

    #[test]
    fn contention_shows_on_a_full_machine_only() {
        let contention = Some(Contention { from: 0.4, growth: 5.0 });
        let demand = Demand { contention, ..Demand::default() };
        assert!((demand.load(0.3) - 0.3).abs() < 1e-9);
        assert!((demand.load(0.5) - 1.0).abs() < 1e-9);
    }
}
