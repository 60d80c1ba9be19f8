//! Adds requests up by method and template.

use trimtab_model::traffic::{DuplicateCounts, DuplicateKind, EndpointTraffic, OtherEndpoints};

use super::event::{AskedEvent, Event};
use super::examples::Examples;
use super::intern::Interner;

const MICROS: f64 = 1e6;
/// Figures of endpoints by hour that are kept: 64 MiB.
const MOST_FIGURES: usize = 8 << 20;
/// Endpoints that are kept whatever the hours.
const LEAST_KEPT: usize = 50;

/// Requests by endpoint.
#[derive(Debug, Default)]
pub(super) struct Endpoints {
    endpoints: Vec<Endpoint>,
    other: OtherEndpoints,
}

#[derive(Debug, Default)]
struct Endpoint {
    /// Hour, requests and duplicates, sorted by hour.
    hours: Vec<(i64, u32, u32)>,
    requests: u64,
    bots: u64,
    duplicates: DuplicateCounts,
    timed: u64,
    server: u64,
    duplicate_server: u64,
    bytes: Option<u64>,
    duplicate_bytes: u64,
    errors: u64,
}

impl Endpoints {
    /// Adds a request; the order does not matter.
    pub(super) fn add(&mut self, event: &Event, asked: &AskedEvent) {
        let Some(endpoint) = self.at(asked.endpoint) else {
            self.other.requests += 1;
            return;
        };
        endpoint.requests += 1;
        endpoint.bots += u64::from(event.is_bot);
        endpoint.errors += u64::from(asked.is_server_error());
        if let Some(bytes) = asked.bytes {
            endpoint.bytes = Some(endpoint.bytes.unwrap_or_default().saturating_add(bytes));
        }
        if let Some(server) = asked.server {
            endpoint.timed += 1;
            endpoint.server = endpoint.server.saturating_add(server);
        }
        if let Some((_, requests, _)) = endpoint.hour(event.hour()) {
            *requests = requests.saturating_add(1);
        }
    }

    /// Says that a request was a duplicate.
    pub(super) fn duplicate(&mut self, event: &Event, asked: &AskedEvent, kind: DuplicateKind) {
        let Some(endpoint) = self.at(asked.endpoint) else {
            self.other.duplicates.add(kind, 1);
            return;
        };
        endpoint.duplicates.add(kind, 1);
        let server = asked.server.unwrap_or_default();
        endpoint.duplicate_server = endpoint.duplicate_server.saturating_add(server);
        let bytes = asked.bytes.unwrap_or_default();
        endpoint.duplicate_bytes = endpoint.duplicate_bytes.saturating_add(bytes);
        if let Some((_, _, duplicates)) = endpoint.hour(event.hour()) {
            *duplicates = duplicates.saturating_add(1);
        }
    }

    /// Returns the endpoints, most requests first, and what there was besides.
    pub(super) fn finish(
        self,
        hours: &[i64],
        interner: &Interner,
        examples: &Examples,
        salt: u64,
    ) -> (Vec<EndpointTraffic>, Option<OtherEndpoints>) {
        let mut named: Vec<_> = (0_u32..)
            .zip(self.endpoints)
            .zip(interner.endpoints())
            .filter(|((_, endpoint), _)| endpoint.requests > 0)
            .collect();
        named.sort_by(|((_, a), a_name), ((_, b), b_name)| {
            let names =
                || (&a_name.method, &a_name.template).cmp(&(&b_name.method, &b_name.template));
            b.requests.cmp(&a.requests).then_with(names)
        });
        let kept = (MOST_FIGURES / hours.len().max(1)).max(LEAST_KEPT);
        let mut other = self.other;
        for ((_, endpoint), _) in named.iter().skip(kept) {
            other.requests += endpoint.requests;
            other.duplicates.add_all(&endpoint.duplicates);
        }
        named.truncate(kept);
        let endpoints = named
            .into_iter()
            .map(|((number, endpoint), name)| EndpointTraffic {
                method: name.method.clone(),
                template: name.template.clone(),
                examples: examples.of(number, name, interner, salt),
                ..endpoint.finish(hours)
            })
            .collect();
        (endpoints, Some(other).filter(|other| other.requests > 0))
    }

    fn at(&mut self, number: u32) -> Option<&mut Endpoint> {
        if number == super::event::OTHER {
            return None;
        }
        let number = usize::try_from(number).ok()?;
        if self.endpoints.len() <= number {
            self.endpoints.resize_with(number + 1, Endpoint::default);
        }
        self.endpoints.get_mut(number)
    }
}

impl Endpoint {
    fn hour(&mut self, hour: i64) -> Option<&mut (i64, u32, u32)> {
        let at = match self.hours.last() {
            Some((last, ..)) if *last == hour => self.hours.len() - 1,
            _ => match self.hours.binary_search_by_key(&hour, |(of, ..)| *of) {
                Ok(at) => at,
                Err(at) => {
                    self.hours.insert(at, (hour, 0, 0));
                    at
                }
            },
        };
        self.hours.get_mut(at)
    }

    /// Returns everything but the names and the examples.
    fn finish(self, hours: &[i64]) -> EndpointTraffic {
        let mut requests = vec![0; hours.len()];
        let mut duplicates = vec![0; hours.len()];
        for (hour, asked, again) in &self.hours {
            let Ok(at) = hours.binary_search(hour) else { continue };
            if let (Some(all), Some(some)) = (requests.get_mut(at), duplicates.get_mut(at)) {
                *all = *asked;
                *some = *again;
            }
        }
        let is_timed = self.timed > 0;
        EndpointTraffic {
            method: String::new(),
            template: String::new(),
            requests,
            bot_requests: self.bots,
            duplicate_requests: duplicates,
            duplicates: self.duplicates,
            timed_requests: self.timed,
            server_seconds: is_timed.then(|| self.server as f64 / MICROS),
            duplicate_seconds: is_timed.then(|| self.duplicate_server as f64 / MICROS),
            bytes: self.bytes,
            duplicate_bytes: self.bytes.map(|_| self.duplicate_bytes),
            server_errors: Some(self.errors),
            examples: Vec::new(),
        }
    }
}
