//! The reduction of one service: what happens with each of its events.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use trimtab_model::traffic::{DuplicateRules, LineCount};

use super::clients::Clients;
use super::duplicates::{Found, Judge};
use super::endpoints::Endpoints;
use super::event::Event;
use super::examples::Examples;
use super::hours::Hours;
use super::ordered::{Ordered, Repeats};

/// Whether several files may hold the same line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Files {
    /// There is one.
    One,
    /// There are several.
    Several,
}

/// The reduction of one service.
pub(super) struct Reduction {
    ordered: Ordered,
    repeats: Option<Repeats>,
    pub(super) hours: Hours,
    pub(super) endpoints: Endpoints,
    pub(super) examples: Examples,
    pub(super) clients: Clients,
    pub(super) judge: Judge,
    pub(super) lines: LineCount,
    /// Requests by local day.
    pub(super) days: BTreeMap<i32, u64>,
    pub(super) first: Option<i64>,
    pub(super) last: Option<i64>,
    /// Requests of which the client is no bot.
    pub(super) of_clients: u64,
    /// Those of them that name a user.
    pub(super) of_users: u64,
    pub(super) local: LocalDays,
    latest_day: i32,
    found: Vec<Found>,
}

impl Reduction {
    pub(super) fn new(zone: &TimeZone, rules: &DuplicateRules, files: Files) -> Self {
        Self {
            ordered: Ordered::default(),
            repeats: (files == Files::Several).then(Repeats::new),
            hours: Hours::default(),
            endpoints: Endpoints::default(),
            examples: Examples::default(),
            clients: Clients::new(),
            judge: Judge::new(rules),
            lines: LineCount::default(),
            days: BTreeMap::new(),
            first: None,
            last: None,
            of_clients: 0,
            of_users: 0,
            local: LocalDays::new(zone),
            latest_day: i32::MIN,
            found: Vec::new(),
        }
    }

    /// Takes an event of a file in.
    pub(super) fn push(&mut self, event: Event, file: u32) {
        if self.repeats.as_mut().is_some_and(|repeats| repeats.is_repeated(&event, file)) {
            self.lines.repeated += 1;
            return;
        }
        self.lines.used += 1;
        self.first = Some(self.first.map_or(event.time, |first| first.min(event.time)));
        self.last = Some(self.last.map_or(event.time, |last| last.max(event.time)));
        self.hours.add(&event);
        *self.days.entry(self.local.day(event.time)).or_default() += 1;
        if let Some(asked) = &event.asked {
            self.endpoints.add(&event, asked);
        }
        if !event.is_bot {
            self.of_clients += 1;
            self.of_users += u64::from(event.names_user);
        }
        if self.ordered.push(event).is_err() {
            self.lines.late += 1;
        }
        while let Some(event) = self.ordered.ready() {
            self.see(&event);
        }
    }

    /// Ends: what waits is counted.
    pub(super) fn end(&mut self) {
        while let Some(event) = self.ordered.next() {
            self.see(&event);
        }
        self.judge.finish(&mut self.found);
        self.tell();
    }

    /// Sees an event when everything before it was seen.
    fn see(&mut self, event: &Event) {
        if event.is_bot {
            return;
        }
        // Where clocks are put back over midnight, the second run of the hour stays on the new day.
        let day = self.local.day(event.time).max(self.latest_day);
        self.latest_day = day;
        if let Some((hour, clients)) = self.clients.see(event.client, event.hour(), day) {
            self.hours.clients(hour, clients);
        }
        if let Some(asked) = &event.asked {
            self.judge.see(event, asked, &mut self.found);
            self.tell();
        }
    }

    fn tell(&mut self) {
        for found in self.found.drain(..) {
            match found {
                Found::Duplicate(kind, event, asked) => {
                    self.hours.duplicate(event.hour(), kind);
                    self.endpoints.duplicate(&event, &asked, kind);
                }
                Found::Chain(kind, before, event, asked) => {
                    self.examples.chain(kind, before, &event, &asked);
                }
                Found::Group(kind, events, asked) => self.examples.group(kind, &events, &asked),
            }
        }
    }
}

/// Local days, as days since 1970-01-01. A quarter of an hour lies within one day everywhere.
#[derive(Debug)]
pub(super) struct LocalDays {
    zone: TimeZone,
    quarter: i64,
    day: i32,
}

const QUARTER_MICROS: i64 = 900_000_000;

impl LocalDays {
    fn new(zone: &TimeZone) -> Self {
        Self { zone: zone.clone(), quarter: i64::MIN, day: 0 }
    }

    fn day(&mut self, time: i64) -> i32 {
        let quarter = time.div_euclid(QUARTER_MICROS);
        if quarter != self.quarter {
            let moment = Timestamp::from_microsecond(quarter * QUARTER_MICROS).unwrap_or_default();
            let date = self.zone.to_datetime(moment).date();
            let days = date.duration_since(EPOCH).as_hours() / 24;
            self.day = i32::try_from(days).unwrap_or_default();
            self.quarter = quarter;
        }
        self.day
    }

    /// Returns the date of a day.
    pub(super) fn date(day: i32) -> Option<Date> {
        EPOCH.checked_add(jiff::Span::new().try_days(day).ok()?).ok()
    }
}

const EPOCH: Date = Date::constant(1970, 1, 1);
