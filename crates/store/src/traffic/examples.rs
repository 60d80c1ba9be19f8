//! Some groups of duplicates, to show what was found.

use std::collections::BTreeMap;

use jiff::Timestamp;
use sha2::{Digest, Sha256};
use trimtab_model::traffic::{DuplicateGroup, DuplicateKind};

use super::event::{AskedEvent, Event};
use super::intern::{Endpoint, Interner};

/// Groups of one endpoint and kind.
const MOST_GROUPS: usize = 3;
/// Times of one group.
const MOST_TIMES: usize = 10;
/// How long a chain may pause, in microseconds: ten minutes.
const CHAIN_PAUSE: i64 = 600_000_000;
/// Digits of a client's digest.
const DIGITS: usize = 10;

/// The groups, by endpoint and kind.
#[derive(Debug, Default)]
pub(super) struct Examples {
    of: BTreeMap<(u32, DuplicateKind), Vec<Example>>,
}

#[derive(Debug)]
struct Example {
    requests: u32,
    times: Vec<i64>,
    last: i64,
    client: Option<u64>,
    version: Option<u32>,
    request: u64,
    query: u32,
}

impl Examples {
    /// Adds a request to the chain of the same request, or begins one behind `before`.
    pub(super) fn chain(
        &mut self,
        kind: DuplicateKind,
        before: Vec<i64>,
        event: &Event,
        asked: &AskedEvent,
    ) {
        let groups = self.of.entry((asked.endpoint, kind)).or_default();
        let own = groups.iter_mut().find(|group| {
            group.client == Some(event.client)
                && group.request == asked.request
                && event.time - group.last <= CHAIN_PAUSE
        });
        if let Some(group) = own {
            group.requests = group.requests.saturating_add(1);
            group.last = event.time;
            if group.times.len() < MOST_TIMES {
                group.times.push(event.time);
            }
        } else if groups.len() < MOST_GROUPS {
            let mut times = before;
            times.push(event.time);
            groups.push(Example {
                requests: u32::try_from(times.len()).unwrap_or(u32::MAX),
                times,
                last: event.time,
                client: Some(event.client),
                version: Some(event.version),
                request: asked.request,
                query: asked.query,
            });
        }
    }

    /// Adds a whole group, where it is among the largest.
    pub(super) fn group(&mut self, kind: DuplicateKind, events: &[Event], asked: &AskedEvent) {
        let Some(first) = events.first() else { return };
        let groups = self.of.entry((asked.endpoint, kind)).or_default();
        let requests = u32::try_from(events.len()).unwrap_or(u32::MAX);
        if groups.len() >= MOST_GROUPS {
            // The largest stay; of equal ones those that came first.
            match groups.iter().position(|group| group.requests < requests) {
                Some(_) => groups.pop(),
                None => return,
            };
        }
        let is_of_one = kind != DuplicateKind::Herd;
        groups.push(Example {
            requests,
            times: events.iter().take(MOST_TIMES).map(|event| event.time).collect(),
            last: first.time,
            client: is_of_one.then_some(first.client),
            version: is_of_one.then_some(first.version),
            request: asked.request,
            query: asked.query,
        });
        groups.sort_by_key(|group| std::cmp::Reverse(group.requests));
    }

    /// Returns the groups of an endpoint.
    pub(super) fn of(
        &self,
        number: u32,
        endpoint: &Endpoint,
        interner: &Interner,
        salt: u64,
    ) -> Vec<DuplicateGroup> {
        let mut shown = Vec::new();
        for kind in DuplicateKind::ALL {
            let groups = self.of.get(&(number, kind)).map(Vec::as_slice).unwrap_or_default();
            let mut groups: Vec<&Example> = groups.iter().collect();
            groups.sort_by_key(|group| {
                (std::cmp::Reverse(group.requests), group.times.first().copied())
            });
            shown.extend(groups.into_iter().map(|group| {
                DuplicateGroup {
                    kind,
                    requests: group.requests,
                    times: group
                        .times
                        .iter()
                        .filter_map(|time| Timestamp::from_microsecond(*time).ok())
                        .collect(),
                    client: group.client.map(|client| masked(client, salt)),
                    client_version: group
                        .version
                        .and_then(|version| interner.version(version))
                        .map(str::to_owned),
                    request: format!("{}{}", endpoint.template, interner.query(group.query)),
                }
            }));
        }
        shown
    }
}

/// Returns a name for a client from which nobody finds back to it.
fn masked(client: u64, salt: u64) -> String {
    let mut digest = Sha256::new();
    digest.update(salt.to_be_bytes());
    digest.update(client.to_be_bytes());
    let digits = digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    digits.chars().take(DIGITS).collect()
}
