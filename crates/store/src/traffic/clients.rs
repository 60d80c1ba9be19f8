//! Counts distinct clients by hour, day, week and month, in the order of time.
//!
//! One entry per client is enough for all of it: when it was seen last. A client is new to an hour
//! or a day if it was last seen before, and the clients of the last 30 days are those last seen in
//! them. Beyond [`MOST_EXACT`] clients, sketches of each day take over (HyperLogLog), which need
//! 16 KiB a day however many come.

use std::collections::{BTreeMap, VecDeque};

use datasketches::hll::{HllSketch, HllType, HllUnion};
use trimtab_model::traffic::Distinctness;

use super::intern::{ByDigest, by_digest};

/// Clients that are counted one by one: some 70 MiB of memory.
const MOST_EXACT: usize = 2_000_000;
/// Registers of a sketch, as a power of two.
const REGISTERS_LOG2: u8 = 14;
/// Standard error of a sketch: 1.04 / sqrt(2^14). Joining sketches does not add to it.
pub(super) const STANDARD_ERROR: f64 = 0.008_125;
const WEEK: i32 = 7;
const MONTH: i32 = 30;

/// The clients so far.
pub(super) struct Clients {
    seen: Seen,
    most_exact: usize,
    first_day: Option<i32>,
    hour: Option<(i64, u64)>,
    day: Option<Day>,
    /// The days that are over.
    days: BTreeMap<i32, DayClients>,
}

/// How clients are remembered.
enum Seen {
    /// When each was seen last, and how many were last seen on each day.
    Exactly { last: ByDigest<(i64, i32)>, on_day: BTreeMap<i32, u64> },
    /// Sketches of the present hour, and of the days of a month.
    Sketched { hour: HllSketch, days: VecDeque<(i32, HllSketch)> },
}

/// The day that is counted.
struct Day {
    number: i32,
    clients: u64,
    first_seen: u64,
}

/// What a day had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct DayClients {
    pub(super) clients: u64,
    /// Absent where it is not known: on the first day, and for estimates.
    pub(super) first_seen: Option<u64>,
    pub(super) weekly: Option<u64>,
    pub(super) monthly: Option<u64>,
}

impl Clients {
    pub(super) fn new() -> Self {
        Self::with(MOST_EXACT)
    }

    fn with(most_exact: usize) -> Self {
        Self {
            seen: Seen::Exactly { last: by_digest(), on_day: BTreeMap::new() },
            most_exact,
            first_day: None,
            hour: None,
            day: None,
            days: BTreeMap::new(),
        }
    }

    /// Sees a client in an hour and on a day, neither of which may lie before the one before.
    /// Returns an hour that is over, and its clients.
    pub(super) fn see(&mut self, client: u64, hour: i64, day: i32) -> Option<(i64, u64)> {
        let over = self.turn_hour(hour);
        self.turn_day(day);
        let (is_of_hour, is_of_day, is_new) = match &mut self.seen {
            Seen::Exactly { last, on_day } => match last.insert(client, (hour, day)) {
                None => {
                    *on_day.entry(day).or_default() += 1;
                    (true, true, true)
                }
                Some((last_hour, last_day)) => {
                    if last_day != day {
                        if let Some(count) = on_day.get_mut(&last_day) {
                            *count -= 1;
                        }
                        *on_day.entry(day).or_default() += 1;
                    }
                    (last_hour != hour, last_day != day, false)
                }
            },
            Seen::Sketched { hour, days } => {
                hour.update(client);
                if let Some((_, sketch)) = days.back_mut() {
                    sketch.update(client);
                }
                (false, false, false)
            }
        };
        if let Some((_, clients)) = &mut self.hour {
            *clients += u64::from(is_of_hour);
        }
        if let Some(day) = &mut self.day {
            day.clients += u64::from(is_of_day);
            day.first_seen += u64::from(is_new);
        }
        self.limit(hour, day);
        over
    }

    /// Ends the count. Returns the last hour, the days, and how sure all of it is.
    pub(super) fn finish(
        mut self,
    ) -> (Option<(i64, u64)>, BTreeMap<i32, DayClients>, Distinctness) {
        let over = self.end_hour();
        self.end_day();
        let distinctness = match self.seen {
            Seen::Exactly { .. } => Distinctness::Exact,
            Seen::Sketched { .. } => Distinctness::Estimated { standard_error: STANDARD_ERROR },
        };
        (over, self.days, distinctness)
    }

    fn turn_hour(&mut self, hour: i64) -> Option<(i64, u64)> {
        if self.hour.is_some_and(|(present, _)| present == hour) {
            return None;
        }
        let over = self.end_hour();
        self.hour = Some((hour, 0));
        if let Seen::Sketched { hour, .. } = &mut self.seen {
            *hour = sketch();
        }
        over
    }

    fn end_hour(&mut self) -> Option<(i64, u64)> {
        let (hour, counted) = self.hour.take()?;
        let clients = match &self.seen {
            Seen::Exactly { .. } => counted,
            Seen::Sketched { hour, .. } => rounded(hour.estimate()),
        };
        Some((hour, clients))
    }

    fn turn_day(&mut self, day: i32) {
        if self.day.as_ref().is_some_and(|present| present.number == day) {
            return;
        }
        self.end_day();
        self.first_day.get_or_insert(day);
        self.day = Some(Day { number: day, clients: 0, first_seen: 0 });
        if let Seen::Sketched { days, .. } = &mut self.seen {
            days.push_back((day, sketch()));
            while days.front().is_some_and(|(first, _)| *first <= day - MONTH) {
                days.pop_front();
            }
        }
    }

    fn end_day(&mut self) {
        let Some(day) = self.day.take() else { return };
        let first = self.first_day.unwrap_or(day.number);
        let of_days = |length: i32| {
            (day.number - first >= length - 1).then(|| self.within(day.number, length))
        };
        let counted = match &self.seen {
            Seen::Exactly { .. } => DayClients {
                clients: day.clients,
                first_seen: (day.number > first).then_some(day.first_seen),
                weekly: of_days(WEEK),
                monthly: of_days(MONTH),
            },
            Seen::Sketched { .. } => DayClients {
                clients: self.within(day.number, 1),
                first_seen: None,
                weekly: of_days(WEEK),
                monthly: of_days(MONTH),
            },
        };
        self.days.insert(day.number, counted);
    }

    /// Counts the clients of so many days up to `day`, the latest of all.
    fn within(&self, day: i32, length: i32) -> u64 {
        match &self.seen {
            Seen::Exactly { on_day, .. } => {
                on_day.range(day - length + 1..=day).map(|(_, clients)| clients).sum()
            }
            Seen::Sketched { days, .. } => {
                let mut union = union();
                for (_, sketch) in days.iter().filter(|(of, _)| *of > day - length) {
                    union.update(sketch);
                }
                rounded(union.estimate())
            }
        }
    }

    /// Turns to sketches where there are too many clients. A client that came on several days is
    /// put into the last of them: every window that ends today or later and holds another of its
    /// days holds this one.
    fn limit(&mut self, present_hour: i64, present_day: i32) {
        let Seen::Exactly { last, .. } = &mut self.seen else { return };
        if last.len() <= self.most_exact {
            return;
        }
        let mut hour = sketch();
        let mut days: BTreeMap<i32, HllSketch> = BTreeMap::new();
        for (client, (last_hour, last_day)) in last.iter() {
            if *last_hour == present_hour {
                hour.update(*client);
            }
            if *last_day > present_day - MONTH {
                days.entry(*last_day).or_insert_with(sketch).update(*client);
            }
        }
        days.entry(present_day).or_insert_with(sketch);
        self.seen = Seen::Sketched { hour, days: days.into_iter().collect() };
    }
}

fn sketch() -> HllSketch {
    HllSketch::new(REGISTERS_LOG2, HllType::Hll8).expect("14 is a size that sketches have")
}

fn union() -> HllUnion {
    HllUnion::new(REGISTERS_LOG2).expect("14 is a size that sketches have")
}

fn rounded(estimate: f64) -> u64 {
    estimate.round().max(0.0) as u64
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use foldhash::quality::FixedState;
    use proptest::prelude::*;
    use std::hash::BuildHasher;

    use super::*;

    /// Sees clients, given by hour; returns the clients of hours and days.
    fn count(
        seen: &[(i64, u64)],
        most_exact: usize,
    ) -> (BTreeMap<i64, u64>, BTreeMap<i32, DayClients>, Distinctness) {
        let mut clients = Clients::with(most_exact);
        let mut hours = BTreeMap::new();
        let digest = FixedState::with_seed(7);
        for (hour, client) in seen {
            let day = i32::try_from(hour.div_euclid(24)).unwrap();
            hours.extend(clients.see(digest.hash_one(client), *hour, day));
        }
        let (last, days, distinctness) = clients.finish();
        hours.extend(last);
        (hours, days, distinctness)
    }

    /// Counts the clients of some hours one by one.
    fn naive(seen: &[(i64, u64)], hours: std::ops::Range<i64>) -> u64 {
        let of: BTreeSet<u64> = seen
            .iter()
            .filter(|(hour, _)| hours.contains(hour))
            .map(|(_, client)| *client)
            .collect();
        of.len() as u64
    }

    fn is_near(estimated: u64, counted: u64) -> bool {
        // Four standard errors: one estimate in sixteen thousand may lie outside.
        (estimated as f64 - counted as f64).abs()
            <= (counted as f64 * STANDARD_ERROR * 4.0).max(1.0)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        #[test]
        fn every_count_is_that_of_counting_one_by_one(
            mut seen in prop::collection::vec((0_i64..24 * 45, 0_u64..40), 1..400)
        ) {
            seen.sort();
            let (hours, days, distinctness) = count(&seen, 1_000);
            prop_assert_eq!(distinctness, Distinctness::Exact);
            for (hour, clients) in hours {
                prop_assert_eq!(clients, naive(&seen, hour..hour + 1));
            }
            let first = seen.first().map(|(hour, _)| hour / 24).unwrap();
            for (day, counted) in days {
                let day = i64::from(day);
                let of = |length: i64| naive(&seen, (day - length + 1) * 24..(day + 1) * 24);
                let before = naive(&seen, 0..day * 24);
                prop_assert_eq!(counted.clients, of(1));
                prop_assert_eq!(
                    counted.first_seen,
                    (day > first).then(|| naive(&seen, 0..(day + 1) * 24) - before)
                );
                prop_assert_eq!(counted.weekly, (day - first >= 6).then(|| of(7)));
                prop_assert_eq!(counted.monthly, (day - first >= 29).then(|| of(30)));
            }
        }

    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(8))]

        #[test]
        fn an_estimate_is_within_four_of_its_standard_errors(
            per_day in 200_u64..1_500,
            stay in 1_u64..4,
            seed in 0_u64..1_000_000,
        ) {
            // Clients come and go over 32 days; of each day's some were there the day before.
            let seen: Vec<(i64, u64)> = (0..32_u64)
                .flat_map(|day| {
                    (0..per_day).map(move |client| {
                        let hour = day * 24 + client * 24 / per_day;
                        (hour as i64, seed + day * per_day / stay + client)
                    })
                })
                .collect();
            let (hours, days, distinctness) = count(&seen, 100);
            prop_assert_eq!(distinctness, Distinctness::Estimated { standard_error: STANDARD_ERROR });
            for (hour, clients) in hours {
                prop_assert!(is_near(clients, naive(&seen, hour..hour + 1)));
            }
            for (day, counted) in days {
                let day = i64::from(day);
                let of = |length: i64| naive(&seen, (day - length + 1) * 24..(day + 1) * 24);
                prop_assert!(is_near(counted.clients, of(1)));
                for (estimated, length) in [(counted.weekly, 7), (counted.monthly, 30)] {
                    if let Some(estimated) = estimated {
                        prop_assert!(is_near(estimated, of(length)), "{} {}", estimated, of(length));
                    }
                }
            }
        }
    }
}
