//! What of the requests need not have been made, and what they cost the processor.

use std::collections::BTreeMap;

use trimtab_model::profile::Hours;
use trimtab_model::traffic::{DuplicateGroup, DuplicateKind, EndpointTraffic, ServiceTraffic};

use crate::leak::Calls;

/// Hours of both processor and requests from which on the two are compared: four days.
const LEAST_HOURS: usize = 96;

/// The correlation of processor and requests from which on the one follows the other: half of its
/// variance.
const FOLLOWS: f64 = 0.71;

/// The busiest hours, as a share of all: those that a size is chosen for.
const BUSIEST: f64 = 0.05;

/// How many groups are shown as examples.
const EXAMPLES: usize = 3;

/// The requests of a service that the same client had just been given the answer to.
#[derive(Debug, Clone, PartialEq)]
pub struct Repeats<'a> {
    /// The service.
    pub service: &'a ServiceTraffic,
    /// All requests.
    pub requests: u64,
    /// Those that repeat another one.
    pub repeats: u64,
    /// Duplicates of other kinds, by kind, in the order of the kinds.
    pub others: Vec<(DuplicateKind, u64)>,
    /// The server's time on a duplicate in terms of that on any request; absent where the source
    /// does not tell.
    pub relative_work: Option<f64>,
    /// The endpoint with most repeats.
    pub worst: Option<&'a EndpointTraffic>,
}

impl<'a> Repeats<'a> {
    /// Counts the repeats of a service; absent where the source has none to count.
    pub fn of(service: &'a ServiceTraffic) -> Option<Self> {
        service.rules.as_ref()?;
        let mut counts = BTreeMap::new();
        for hour in &service.hours {
            let duplicates = hour.duplicates?;
            for kind in DuplicateKind::ALL {
                *counts.entry(kind).or_insert(0) += duplicates.of(kind);
            }
        }
        let of = |kind: DuplicateKind| counts.get(&kind).copied().unwrap_or_default();
        let others = DuplicateKind::ALL
            .into_iter()
            .filter(|kind| *kind != DuplicateKind::Repeat && of(*kind) > 0)
            .map(|kind| (kind, of(kind)))
            .collect();
        let worst = service
            .endpoints
            .iter()
            .max_by_key(|endpoint| (endpoint.duplicates.repeat, &endpoint.template));
        Some(Self {
            service,
            requests: service.hours.iter().map(|hour| hour.requests).sum(),
            repeats: of(DuplicateKind::Repeat),
            others,
            relative_work: relative_work(service),
            worst: worst.filter(|endpoint| endpoint.duplicates.repeat > 0),
        })
    }

    /// Returns the share of the requests that repeat another one, in percent.
    pub fn percent(&self) -> f64 {
        percent(self.repeats, self.requests)
    }

    /// Returns the share of the processor that is left in the busiest hours without the repeats,
    /// from 0 to 1: the highest of these hours, so that no hour needs more.
    ///
    /// What an hour of the processor costs beside the requests stays. Absent where the processor
    /// does not follow the requests, so that nobody can tell.
    pub fn processor_left(&self, processor: &Hours) -> Option<f64> {
        let requests: BTreeMap<i64, (f64, f64)> = self
            .service
            .hours
            .iter()
            .filter_map(|hour| {
                let repeats = hour.duplicates?.repeat;
                Some((hour.hour, (hour.requests as f64, repeats as f64)))
            })
            .collect();
        let mut both: Vec<(f64, f64, f64)> = processor
            .iter()
            .filter_map(|(hour, mean, ..)| {
                let (requests, repeats) = requests.get(&hour)?;
                Some((mean, *requests, *repeats))
            })
            .collect();
        let per_request = per_request(&both)?;
        both.sort_by(|a, b| b.0.total_cmp(&a.0));
        both.truncate(((both.len() as f64 * BUSIEST).ceil() as usize).max(1));
        // Without the server's time a repeat is taken to cost what any request costs.
        let of_repeat = per_request * self.relative_work.unwrap_or(1.0).min(1.0);
        let left = both
            .iter()
            .filter(|(used, ..)| *used > 0.0)
            .map(|(used, requests, repeats)| {
                // No more than what the requests of the hour cost can go.
                let most = (per_request * requests).min(*used);
                1.0 - (of_repeat * repeats).min(most) / used
            })
            .fold(0.0, f64::max);
        (left > 0.0).then_some(left)
    }

    /// Returns groups of repeats to show, those of `endpoint` first.
    pub fn examples(&self, endpoint: Option<&EndpointTraffic>) -> Vec<&'a DuplicateGroup> {
        let first = endpoint.and_then(|wanted| {
            self.service
                .endpoints
                .iter()
                .find(|one| one.method == wanted.method && one.template == wanted.template)
        });
        first
            .into_iter()
            .chain(self.worst)
            .flat_map(|endpoint| &endpoint.examples)
            .filter(|group| group.kind == DuplicateKind::Repeat)
            .fold(Vec::new(), |mut groups, group| {
                if groups.len() < EXAMPLES && !groups.contains(&group) {
                    groups.push(group);
                }
                groups
            })
    }
}

/// Returns a part in percent of a whole; nothing of nothing is nothing.
pub fn percent(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 * 100.0 }
}

fn relative_work(service: &ServiceTraffic) -> Option<f64> {
    let (mut seconds, mut timed, mut duplicate_seconds, mut duplicates) = (0.0, 0.0, 0.0, 0.0);
    for endpoint in &service.endpoints {
        seconds += endpoint.server_seconds.unwrap_or_default();
        timed += endpoint.timed_requests as f64;
        duplicate_seconds += endpoint.duplicate_seconds.unwrap_or_default();
        duplicates += endpoint.duplicates.total() as f64;
    }
    (seconds > 0.0 && timed > 0.0 && duplicates > 0.0)
        .then(|| (duplicate_seconds / duplicates) / (seconds / timed))
}

/// Returns the least-squares processor use of a request; absent where it does not follow them.
fn per_request(both: &[(f64, f64, f64)]) -> Option<f64> {
    if both.len() < LEAST_HOURS {
        return None;
    }
    let n = both.len() as f64;
    let mean_used = both.iter().map(|one| one.0).sum::<f64>() / n;
    let mean_requests = both.iter().map(|one| one.1).sum::<f64>() / n;
    let (mut uu, mut rr, mut ur) = (0.0, 0.0, 0.0);
    for (used, requests, _) in both {
        let (used, requests) = (used - mean_used, requests - mean_requests);
        uu += used * used;
        rr += requests * requests;
        ur += used * requests;
    }
    (uu > 0.0 && rr > 0.0 && ur / (uu * rr).sqrt() >= FOLLOWS).then(|| ur / rr)
}

/// Returns the calls of each endpoint in each hour.
pub fn calls(service: &ServiceTraffic) -> Vec<Calls> {
    service
        .endpoints
        .iter()
        .map(|endpoint| Calls {
            name: endpoint_name(endpoint),
            by_hour: service
                .hours
                .iter()
                .zip(&endpoint.requests)
                .map(|(hour, requests)| (hour.hour, f64::from(*requests)))
                .collect(),
        })
        .collect()
}

/// Returns what people call an endpoint, such as `GET /inventory/{}`.
pub fn endpoint_name(endpoint: &EndpointTraffic) -> String {
    format!("{} {}", endpoint.method, endpoint.template)
}

/// Returns the endpoint of a name.
pub fn endpoint_of<'a>(service: &'a ServiceTraffic, name: &str) -> Option<&'a EndpointTraffic> {
    service.endpoints.iter().find(|endpoint| endpoint_name(endpoint) == name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::leak::tests::hours;
    use crate::scene::logs;

    /// Logs whose requests follow the hours, two thirds of them repeats.
    fn repeated() -> ServiceTraffic {
        logs("web")
    }

    #[test]
    fn repeats_are_counted_and_shown() {
        let service = repeated();
        let repeats = Repeats::of(&service).expect("counted");
        assert!((repeats.percent() - 60.0).abs() < 0.3, "{}", repeats.percent());
        assert_eq!(repeats.worst.map(endpoint_name).as_deref(), Some("GET /inventory/{}"));
        assert_eq!(repeats.examples(None).len(), 1);
    }

    #[test]
    fn the_processor_keeps_what_no_request_costs() {
        let service = repeated();
        // Ten percent whatever comes, and a hundredth of a percent for each request.
        let used: Vec<f64> =
            service.hours.iter().map(|hour| 10.0 + hour.requests as f64 / 100.0).collect();
        let mut processor = hours(&used);
        processor.first = service.hours[0].hour;
        let repeats = Repeats::of(&service).expect("counted");
        let left = repeats.processor_left(&processor).expect("it follows");
        // At 1,600 requests: 10 and 16 %, of which 60 % go.
        assert!((left - (1.0 - 0.6 * 16.0 / 26.0)).abs() < 0.03, "{left}");
    }

    #[test]
    fn a_processor_that_does_not_follow_the_requests_says_nothing() {
        let service = repeated();
        let flat: Vec<f64> =
            service.hours.iter().enumerate().map(|(at, _)| 10.0 + (at % 7) as f64).collect();
        let mut processor = hours(&flat);
        processor.first = service.hours[0].hour;
        assert_eq!(Repeats::of(&service).expect("counted").processor_left(&processor), None);
    }

    #[test]
    fn a_source_without_clients_has_no_repeats_to_count() {
        let service = ServiceTraffic { rules: None, ..repeated() };
        assert_eq!(Repeats::of(&service), None);
    }
}
