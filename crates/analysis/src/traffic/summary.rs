//! What the traffic of each service comes to.

use jiff::civil::Date;
use trimtab_model::calendar::Calendar;
use trimtab_model::traffic::{DuplicateCounts, HourTraffic, ServiceTraffic, Traffic};
use trimtab_model::traffic_summary::{ServiceSummary, TrafficReport};

use super::clients::clients;
use super::growth::growth;
use super::users::users;
use super::week::{shape, whole_days};

/// Returns what traffic comes to, of one service where `service` names it.
pub fn summarise<'a>(
    traffic: &'a Traffic,
    service: Option<&str>,
    calendar: &Calendar,
) -> TrafficReport<'a> {
    let services = traffic
        .services
        .iter()
        .filter(|one| service.is_none_or(|wanted| one.service == wanted))
        .map(|one| summary(one, calendar))
        .collect();
    let users = if service.is_none() { users(&traffic.days) } else { None };
    TrafficReport { services, users }
}

fn summary<'a>(traffic: &'a ServiceTraffic, calendar: &Calendar) -> ServiceSummary<'a> {
    let hours = &traffic.hours;
    let requests: u64 = hours.iter().map(|hour| hour.requests).sum();
    let bots: Option<u64> = all(hours, |hour| hour.bot_requests);
    let judged = requests - bots.unwrap_or_default().min(requests);
    let duplicates = duplicates(hours);
    let timed: u64 = hours.iter().map(|hour| hour.timed_requests).sum();
    let seconds: Option<f64> = some(hours, |hour| hour.server_seconds);
    let duplicate_seconds: f64 =
        traffic.endpoints.iter().filter_map(|endpoint| endpoint.duplicate_seconds).sum();
    let busiest = hours
        .iter()
        .filter_map(|hour| Some((hour.start()?, hour.requests)))
        // Of equal hours the first counts.
        .rev()
        .max_by_key(|(_, requests)| *requests);
    let peaks = hours.iter().filter_map(|hour| hour.peak_in_progress);
    ServiceSummary {
        traffic,
        requests,
        bot_share: bots.and_then(|bots| share(bots as f64, requests as f64)),
        duplicates,
        duplicate_share: duplicates
            .and_then(|duplicates| share(duplicates.total() as f64, judged as f64)),
        server_seconds: seconds,
        // What was left out of the endpoints has no seconds of its own.
        duplicate_second_share: seconds
            .filter(|_| traffic.other_endpoints.is_none())
            .and_then(|seconds| share(duplicate_seconds, seconds)),
        mean_seconds: seconds.and_then(|seconds| share(seconds, timed as f64)),
        bytes: some(hours, |hour| hour.bytes),
        server_error_share: all(hours, |hour| hour.server_errors)
            .and_then(|errors: u64| share(errors as f64, requests as f64)),
        busiest_hour: busiest,
        busiest_minute: hours.iter().filter_map(|hour| hour.busiest_minute).max(),
        peak_in_progress: peaks.reduce(f64::max),
        clients: clients(traffic),
        request_growth: growth(&requests_by_day(traffic, calendar)),
        client_growth: growth(&clients_by_day(traffic)),
        week: shape(traffic, calendar),
    }
}

/// Returns the sum of a figure that every hour must have.
fn all<T: std::iter::Sum>(
    hours: &[HourTraffic],
    figure: impl Fn(&HourTraffic) -> Option<T>,
) -> Option<T> {
    if hours.is_empty() { None } else { hours.iter().map(figure).sum() }
}

/// Returns the sum of a figure over the hours that have it; absent where none has.
fn some<T: std::iter::Sum>(
    hours: &[HourTraffic],
    figure: impl Fn(&HourTraffic) -> Option<T>,
) -> Option<T> {
    let figures: Vec<T> = hours.iter().filter_map(figure).collect();
    if figures.is_empty() { None } else { Some(figures.into_iter().sum()) }
}

fn duplicates(hours: &[HourTraffic]) -> Option<DuplicateCounts> {
    let mut sum: Option<DuplicateCounts> = None;
    for counts in hours.iter().filter_map(|hour| hour.duplicates.as_ref()) {
        sum.get_or_insert_default().add_all(counts);
    }
    sum
}

fn share(part: f64, whole: f64) -> Option<f64> {
    (whole > 0.0).then(|| part / whole)
}

/// Returns the requests of covered days. Bots are not told by day, so they are in it.
fn requests_by_day(traffic: &ServiceTraffic, calendar: &Calendar) -> Vec<(Date, f64)> {
    if traffic.days.is_empty() {
        return whole_days(traffic, calendar);
    }
    let covered = traffic.days.iter().filter(|day| day.complete);
    covered.map(|day| (day.date, day.requests as f64)).collect()
}

fn clients_by_day(traffic: &ServiceTraffic) -> Vec<(Date, f64)> {
    let covered = traffic.days.iter().filter(|day| day.complete);
    covered.filter_map(|day| Some((day.date, day.clients? as f64))).collect()
}
