//! The traffic of load balancers of which only the metric is known.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use trimtab_model::metric::{MetricKey, Statistic};
use trimtab_model::period::Period;
use trimtab_model::profile::{Profiles, UsageProfile};
use trimtab_model::traffic::{
    ClientBasis, Distinctness, HourTraffic, LineCount, ServiceTraffic, TrafficSource,
};

const NAMESPACE: &str = "AWS/ApplicationELB";
const METRIC: &str = "RequestCount";
const HOUR_SECONDS: i64 = 3600;
/// How far the hours together may be from the sum of the samples.
const TOLERATED: f64 = 0.02;

/// Returns the requests by hour of every load balancer that has `RequestCount`.
///
/// The hours of a profile hold means of samples: an hour has as many requests as its mean times
/// the samples of an hour. Where samples are missing within hours, that would be too many; such a
/// series does not add up to its own sum, and is left out.
pub fn request_counts(profiles: &Profiles, zone: &TimeZone) -> Vec<ServiceTraffic> {
    profiles
        .iter()
        .filter(|(key, _)| {
            key.namespace == NAMESPACE && key.metric == METRIC && key.statistic == Statistic::Sum
        })
        .filter_map(|(key, profile)| traffic(key, profile, zone))
        .collect()
}

fn traffic(key: &MetricKey, profile: &UsageProfile, zone: &TimeZone) -> Option<ServiceTraffic> {
    let hours: Vec<HourTraffic> = profile
        .hours
        .as_ref()?
        .iter()
        .map(|(hour, mean, highest, _)| {
            let per_sample = f64::from(profile.period_seconds);
            HourTraffic {
                hour,
                requests: (mean * HOUR_SECONDS as f64 / per_sample).round().max(0.0) as u64,
                busiest_minute: (profile.period_seconds == 60)
                    .then(|| highest.round().max(0.0) as u64),
                ..HourTraffic::default()
            }
        })
        .collect();
    let sum: f64 = hours.iter().map(|hour| hour.requests as f64).sum();
    if hours.is_empty() || (sum - profile.sum).abs() > profile.sum.max(1.0) * TOLERATED {
        return None;
    }
    let end = profile.last.as_second() + i64::from(profile.period_seconds);
    let moment = |hour: i64| Timestamp::from_second(hour.checked_mul(HOUR_SECONDS)?).ok();
    let gaps = hours
        .iter()
        .zip(hours.iter().skip(1))
        .filter(|(one, next)| next.hour > one.hour + 1)
        .filter_map(|(one, next)| Period::new(moment(one.hour + 1)?, moment(next.hour)?).ok())
        .collect();
    Some(ServiceTraffic {
        service: name(key.resource_id.as_str()).to_owned(),
        source: TrafficSource::RequestCount,
        period: Period::new(profile.first, Timestamp::from_second(end).ok()?).ok()?,
        gaps,
        time_zone: zone.clone(),
        clients: ClientBasis::Unknown,
        distinctness: Distinctness::Exact,
        rules: None,
        duplicates_incomplete: false,
        hours,
        days: Vec::new(),
        endpoints: Vec::new(),
        other_endpoints: None,
        lines: LineCount::default(),
    })
}

/// Returns the name of a load balancer: the part behind `app/` of its ARN or dimension.
fn name(id: &str) -> &str {
    let behind = match id.rsplit_once(":loadbalancer/") {
        Some((_, behind)) => behind,
        None => id,
    };
    match behind.strip_prefix("app/").and_then(|rest| rest.split('/').next()) {
        Some(name) if !name.is_empty() => name,
        _ => id,
    }
}

#[cfg(test)]
mod tests {
    use trimtab_model::profile::Hours;

    use super::*;

    fn check(means: &[Option<f32>], sum: f64, expected: &[(i64, u64)]) {
        let start: Timestamp = "2026-10-01T00:00:00Z".parse().unwrap();
        let first = start.as_second() / HOUR_SECONDS;
        let end = start.as_second() + HOUR_SECONDS * means.len() as i64;
        let window = Period::new(start, Timestamp::from_second(end).unwrap()).unwrap();
        let profile = UsageProfile {
            window,
            period_seconds: 300,
            count: 1,
            covered_seconds: 1,
            coverage: 1.0,
            first: start,
            last: Timestamp::from_second(end - 300).unwrap(),
            longest_gap_seconds: 0,
            mean: 0.0,
            p50: 0.0,
            p90: 0.0,
            p95: 0.0,
            p99: 0.0,
            p99_5: 0.0,
            max: 0.0,
            min: 0.0,
            sum,
            last_value: 0.0,
            trend_per_day: None,
            hour_of_week: Vec::new(),
            local_week: None,
            hours: Some(Hours {
                first,
                mean: means.to_vec(),
                max: means.to_vec(),
                min: means.to_vec(),
            }),
            levels: None,
            bursts: None,
            days: Vec::new(),
        };
        let key = MetricKey {
            origin: None,
            resource_id: "app/lobby/50dc6c495c0c9188".into(),
            namespace: NAMESPACE.to_owned(),
            metric: METRIC.to_owned(),
            statistic: Statistic::Sum,
        };
        let services = request_counts(&Profiles::new([(key, profile)]), &TimeZone::UTC);
        let hours: Vec<(i64, u64)> = services
            .iter()
            .flat_map(|service| &service.hours)
            .map(|hour| (hour.hour - first, hour.requests))
            .collect();
        assert_eq!(hours, expected);
        assert!(services.iter().all(|service| service.service == "lobby"));
    }

    #[test]
    fn an_hour_has_the_requests_of_its_samples() {
        check(&[Some(10.0), Some(2.5), None, Some(0.0)], 150.0, &[(0, 120), (1, 30), (3, 0)]);
    }

    #[test]
    fn a_series_with_holes_in_its_hours_is_left_out() {
        // Six of twelve samples are missing: twice as many requests as there were.
        check(&[Some(10.0)], 60.0, &[]);
    }

    #[test]
    fn a_load_balancer_is_called_by_its_name() {
        for (id, expected) in [
            ("arn:aws:elasticloadbalancing:ap-northeast-2:1:loadbalancer/app/api/50dc", "api"),
            ("app/api/50dc", "api"),
            ("api", "api"),
        ] {
            assert_eq!(name(id), expected);
        }
    }
}
