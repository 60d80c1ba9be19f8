//! Requests of a service, and hours that are not all alike.

use jiff::SignedDuration;
use jiff::tz::TimeZone;

use trimtab_model::period::Period;
use trimtab_model::profile::{DayProfile, Hours, LevelHistory, Levels, UsageProfile};
use trimtab_model::traffic::{
    ClientBasis, Distinctness, DuplicateCounts, DuplicateGroup, DuplicateKind, DuplicateRules,
    EndpointTraffic, HourTraffic, LineCount, ServiceTraffic, TrafficSource,
};

use super::{Scene, days_ago, now};
use crate::leak::tests::Random;

const DAYS: i64 = 28;

/// Of a hundred requests, those that repeat another one.
const REPEATED: u32 = 60;

/// Returns four weeks of access logs: up to 1,600 requests an hour for three endpoints, three
/// fifths of which repeat another one.
pub(crate) fn logs(service: &str) -> ServiceTraffic {
    let first = days_ago(DAYS).as_second() / 3600;
    let mut random = Random(5);
    let mut endpoints = vec![
        endpoint("GET", "/inventory/{}"),
        endpoint("GET", "/ranking"),
        endpoint("POST", "/match"),
    ];
    let mut hours = Vec::new();
    for hour in first..first + DAYS * 24 {
        let season = 1.0 + 0.8 * (hour as f64 / 24.0 * std::f64::consts::TAU).sin();
        let (mut requests, mut repeats) = (0, 0);
        for (endpoint, usual) in endpoints.iter_mut().zip([500.0, 300.0, 100.0]) {
            let count = (usual * season * random.between(0.85, 1.15)) as u32;
            let repeated = count * REPEATED / 100;
            endpoint.requests.push(count);
            endpoint.duplicate_requests.push(repeated);
            endpoint.duplicates.repeat += u64::from(repeated);
            requests += u64::from(count);
            repeats += u64::from(repeated);
        }
        hours.push(HourTraffic {
            hour,
            requests,
            duplicates: Some(DuplicateCounts { repeat: repeats, ..DuplicateCounts::default() }),
            ..HourTraffic::default()
        });
    }
    if let Some(inventory) = endpoints.first_mut() {
        inventory.examples.push(DuplicateGroup {
            kind: DuplicateKind::Repeat,
            requests: 3,
            times: (0..3).map(|at| days_ago(1) + SignedDuration::from_millis(400 * at)).collect(),
            client: Some("c0ffee".to_owned()),
            client_version: Some("Starfall/3.2.1".to_owned()),
            request: "/inventory/{}".to_owned(),
        });
    }
    ServiceTraffic {
        service: service.to_owned(),
        source: TrafficSource::Alb,
        period: Period::new(days_ago(DAYS), now()).expect("in order"),
        gaps: Vec::new(),
        time_zone: TimeZone::UTC,
        clients: ClientBasis::AddressAndAgent,
        distinctness: Distinctness::Exact,
        rules: Some(DuplicateRules::default()),
        duplicates_incomplete: false,
        hours,
        days: Vec::new(),
        endpoints,
        other_endpoints: None,
        lines: LineCount::default(),
    }
}

fn endpoint(method: &str, template: &str) -> EndpointTraffic {
    EndpointTraffic {
        method: method.to_owned(),
        template: template.to_owned(),
        requests: Vec::new(),
        bot_requests: 0,
        duplicate_requests: Vec::new(),
        duplicates: DuplicateCounts::default(),
        timed_requests: 0,
        server_seconds: None,
        duplicate_seconds: None,
        bytes: None,
        duplicate_bytes: None,
        server_errors: None,
        examples: Vec::new(),
    }
}

/// Returns a series whose hours up to the scene's moment are these.
pub(crate) fn with_hours(profile: UsageProfile, values: &[f64]) -> UsageProfile {
    let row: Vec<Option<f32>> = values.iter().map(|value| Some(*value as f32)).collect();
    let count = i64::try_from(values.len()).expect("few hours");
    let hours = Hours {
        first: now().as_second() / 3600 - count,
        mean: row.clone(),
        max: row.clone(),
        min: row,
    };
    let max = values.iter().copied().fold(0.0, f64::max);
    let highest = |of: &[f64]| of.iter().copied().fold(0.0, f64::max);
    let days = profile.days.iter().zip(values.chunks(24));
    let days = days.map(|(day, of)| DayProfile { max: highest(of), ..*day }).collect();
    let whole = Levels::new(values.iter().map(|value| (*value, 3_600)));
    let levels = Some(LevelHistory { whole, ..LevelHistory::default() });
    UsageProfile { max, days, levels, hours: Some(hours), ..profile }
}

impl Scene {
    /// Adds the requests of a service.
    pub(crate) fn requests(mut self, service: ServiceTraffic) -> Self {
        self.traffic.services.push(service);
        self
    }
}
