//! Makes the traffic of a service of its reduction.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use trimtab_model::period::Period;
use trimtab_model::traffic::{
    ClientBasis, DayTraffic, DuplicateRules, ServiceTraffic, TrafficSource,
};

use super::intern::Interner;
use super::reduction::{LocalDays, Reduction};

/// How near to its ends a day must have lines to count as covered.
const NEAR: SignedDuration = SignedDuration::from_hours(1);

/// What a service is called, and how it was read.
pub(super) struct Told<'a> {
    pub(super) service: String,
    pub(super) source: TrafficSource,
    pub(super) zone: &'a TimeZone,
    pub(super) rules: &'a DuplicateRules,
    pub(super) salt: u64,
}

/// Ends a reduction; absent where it has no line that was used.
pub(super) fn finish(
    mut reduction: Reduction,
    interner: &Interner,
    told: Told<'_>,
) -> Option<ServiceTraffic> {
    reduction.end();
    let period = period(reduction.first?, reduction.last?)?;
    let (last_hour, clients_of_days, distinctness) = reduction.clients.finish();
    if let Some((hour, clients)) = last_hour {
        reduction.hours.clients(hour, clients);
    }
    let numbers = reduction.hours.numbers();
    let (endpoints, other_endpoints) =
        reduction.endpoints.finish(&numbers, interner, &reduction.examples, told.salt);
    let days = reduction
        .days
        .iter()
        .filter_map(|(day, requests)| {
            let date = LocalDays::date(*day)?;
            // A day on which bots came alone has no clients.
            let clients = clients_of_days.get(day);
            Some(DayTraffic {
                date,
                complete: is_covered(date, period, told.zone),
                requests: *requests,
                clients: Some(clients.map_or(0, |clients| clients.clients)),
                first_seen: clients.and_then(|clients| clients.first_seen),
                returning: clients.and_then(|of| Some(of.clients.saturating_sub(of.first_seen?))),
                weekly_clients: clients.and_then(|clients| clients.weekly),
                monthly_clients: clients.and_then(|clients| clients.monthly),
            })
        })
        .collect();
    let tells_bots = match told.source {
        TrafficSource::Alb | TrafficSource::CloudFront | TrafficSource::Combined => true,
        TrafficSource::Common | TrafficSource::Events | TrafficSource::RequestCount => false,
    };
    let rules = match told.source {
        TrafficSource::Events | TrafficSource::RequestCount => None,
        TrafficSource::Alb
        | TrafficSource::CloudFront
        | TrafficSource::Combined
        | TrafficSource::Common => Some(told.rules.clone()),
    };
    let clients = if reduction.of_clients == reduction.of_users && reduction.of_users > 0 {
        ClientBasis::User
    } else if tells_bots {
        ClientBasis::AddressAndAgent
    } else {
        ClientBasis::Address
    };
    Some(ServiceTraffic {
        service: told.service,
        source: told.source,
        period,
        gaps: reduction.hours.gaps(),
        time_zone: told.zone.clone(),
        clients,
        distinctness,
        rules,
        duplicates_incomplete: reduction.judge.is_incomplete(),
        hours: reduction.hours.finish(tells_bots),
        days,
        endpoints,
        other_endpoints,
        lines: reduction.lines,
    })
}

/// Returns the stretch from the first event to the end of the second of the last.
fn period(first: i64, last: i64) -> Option<Period> {
    let first = Timestamp::from_microsecond(first).ok()?;
    let end = Timestamp::from_second(last.div_euclid(1_000_000) + 1).ok()?;
    Period::new(first, end).ok()
}

fn is_covered(date: Date, period: Period, zone: &TimeZone) -> bool {
    let start =
        |date: Date| date.to_zoned_datetime(zone.clone()).ok().map(|zoned| zoned.timestamp());
    let (Some(begin), Some(end)) = (start(date), date.tomorrow().ok().and_then(start)) else {
        return false;
    };
    let is_near = |earlier: Timestamp, later: Timestamp| later.duration_since(earlier) <= NEAR;
    is_near(begin, period.start()) && is_near(period.end(), end)
}
