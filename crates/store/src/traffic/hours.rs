//! Adds requests up by UTC hour and by minute.

use std::collections::BTreeMap;

use jiff::Timestamp;
use trimtab_model::period::Period;
use trimtab_model::traffic::{DuplicateCounts, DuplicateKind, HourTraffic};

use super::event::Event;

const MICROS: f64 = 1e6;
const HOUR_SECONDS: i64 = 3600;

/// Requests by hour.
#[derive(Debug, Default)]
pub(super) struct Hours {
    hours: BTreeMap<i64, Hour>,
}

#[derive(Debug)]
struct Hour {
    requests: u64,
    bots: u64,
    bytes: Option<u64>,
    timed: u64,
    server: u64,
    errors: u64,
    asked: u64,
    duplicates: DuplicateCounts,
    clients: Option<u64>,
    minutes: [u32; 60],
    server_minutes: [u64; 60],
}

impl Default for Hour {
    fn default() -> Self {
        Self {
            requests: 0,
            bots: 0,
            bytes: None,
            timed: 0,
            server: 0,
            errors: 0,
            asked: 0,
            duplicates: DuplicateCounts::default(),
            clients: None,
            minutes: [0; 60],
            server_minutes: [0; 60],
        }
    }
}

impl Hours {
    /// Adds a request; the order does not matter.
    pub(super) fn add(&mut self, event: &Event) {
        let hour = self.hours.entry(event.hour()).or_default();
        let minute = usize::try_from(event.minute().rem_euclid(60)).unwrap_or_default();
        hour.requests += 1;
        hour.bots += u64::from(event.is_bot);
        if let Some(count) = hour.minutes.get_mut(minute) {
            *count = count.saturating_add(1);
        }
        let Some(asked) = &event.asked else { return };
        hour.asked += 1;
        hour.errors += u64::from(asked.is_server_error());
        if let Some(bytes) = asked.bytes {
            hour.bytes = Some(hour.bytes.unwrap_or_default().saturating_add(bytes));
        }
        if let Some(server) = asked.server {
            hour.timed += 1;
            hour.server = hour.server.saturating_add(server);
            if let Some(sum) = hour.server_minutes.get_mut(minute) {
                *sum = sum.saturating_add(server);
            }
        }
    }

    /// Says that a request of an hour was a duplicate.
    pub(super) fn duplicate(&mut self, hour: i64, kind: DuplicateKind) {
        if let Some(hour) = self.hours.get_mut(&hour) {
            hour.duplicates.add(kind, 1);
        }
    }

    /// Says how many clients an hour had.
    pub(super) fn clients(&mut self, hour: i64, clients: u64) {
        if let Some(hour) = self.hours.get_mut(&hour) {
            hour.clients = Some(clients);
        }
    }

    /// Returns the hours, in order.
    pub(super) fn numbers(&self) -> Vec<i64> {
        self.hours.keys().copied().collect()
    }

    /// Returns the whole hours between the first and the last that have no request.
    pub(super) fn gaps(&self) -> Vec<Period> {
        let moment = |hour: i64| Timestamp::from_second(hour * HOUR_SECONDS).ok();
        self.hours
            .keys()
            .zip(self.hours.keys().skip(1))
            .filter(|(hour, next)| **next > **hour + 1)
            .filter_map(|(hour, next)| Period::new(moment(hour + 1)?, moment(*next)?).ok())
            .collect()
    }

    /// Returns what the hours saw. `tells_bots` says whether the source has user agents.
    pub(super) fn finish(self, tells_bots: bool) -> Vec<HourTraffic> {
        self.hours.into_iter().map(|(number, hour)| hour.finish(number, tells_bots)).collect()
    }
}

impl Hour {
    fn finish(self, number: i64, tells_bots: bool) -> HourTraffic {
        let is_asked = self.asked > 0;
        let is_timed = self.timed > 0;
        let peak = self.server_minutes.iter().max().copied().unwrap_or_default();
        HourTraffic {
            hour: number,
            requests: self.requests,
            bot_requests: tells_bots.then_some(self.bots),
            duplicates: is_asked.then_some(self.duplicates),
            // Where bots came alone, nobody was counted.
            clients: self.clients.or((self.bots == self.requests).then_some(0)),
            bytes: self.bytes,
            timed_requests: self.timed,
            server_seconds: is_timed.then(|| self.server as f64 / MICROS),
            server_errors: is_asked.then_some(self.errors),
            busiest_minute: self.minutes.iter().max().copied().map(u64::from),
            peak_in_progress: is_timed.then(|| peak as f64 / MICROS / 60.0),
        }
    }
}
