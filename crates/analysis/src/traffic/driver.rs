//! The series of users and requests that demand may follow.

use std::collections::BTreeMap;

use jiff::civil::Date;

use trimtab_model::calendar::Calendar;
use trimtab_model::driver::{Driver, DriverUnit};
use trimtab_model::traffic::{ClientBasis, HourTraffic, ServiceTraffic, Traffic};

use super::week::whole_days;

const HOUR_SECONDS: i64 = 3600;
/// A line this near to the end of an hour shows that the hour is there.
const NEAR_SECONDS: i64 = 60;

/// A driver, hour by hour or day by day.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Series {
    pub(super) driver: Driver,
    /// By hours since 1970, or by days of the owner's calendar since then.
    pub(super) values: BTreeMap<i64, f64>,
}

/// Returns every series there is: of each service its hours, of the whole the owner's days.
pub(super) fn series(traffic: &Traffic) -> Vec<Series> {
    let hourly = traffic
        .services
        .iter()
        .flat_map(|service| [requests(service), users(service)].into_iter().flatten());
    let daily =
        [days(traffic, DriverUnit::PeakConcurrentUsers), days(traffic, DriverUnit::DailyUsers)];
    hourly.chain(daily.into_iter().flatten()).collect()
}

/// Returns the same series day by day, for what lies weeks ahead.
pub(super) fn by_day(series: &Series, traffic: &Traffic, calendar: &Calendar) -> Series {
    let service = traffic
        .services
        .iter()
        .find(|service| Some(&service.service) == series.driver.service.as_ref());
    let values = match (series.driver.unit, service) {
        (DriverUnit::RequestsPerHour, Some(service)) => whole_days(service, calendar)
            .into_iter()
            .map(|(date, sum)| (number(date), sum))
            .collect(),
        // Who comes in two hours of a day is one user of it: the source counts them by day too.
        (DriverUnit::UsersPerHour, Some(service)) => service
            .days
            .iter()
            .filter(|day| day.complete)
            .filter_map(|day| Some((number(day.date), day.clients? as f64)))
            .collect(),
        (DriverUnit::RequestsPerHour | DriverUnit::UsersPerHour, None)
        | (DriverUnit::PeakConcurrentUsers | DriverUnit::DailyUsers, _) => series.values.clone(),
    };
    Series { driver: series.driver.clone(), values }
}

/// Returns the days since 1970-01-01.
pub(super) fn number(date: Date) -> i64 {
    date.duration_since(Date::constant(1970, 1, 1)).as_hours() / 24
}

/// Returns the day so many days since 1970-01-01.
pub(super) fn date(number: i64) -> Option<Date> {
    Date::constant(1970, 1, 1).checked_add(jiff::SignedDuration::from_hours(24 * number)).ok()
}

fn requests(service: &ServiceTraffic) -> Option<Series> {
    let values = whole_hours(service).map(|hour| (hour.hour, hour.requests as f64)).collect();
    of(DriverUnit::RequestsPerHour, Some(&service.service), values)
}

/// Returns the hours that the data covers: of the first and the last one a part is missing,
/// unless a line lies near their ends.
fn whole_hours(service: &ServiceTraffic) -> impl Iterator<Item = &HourTraffic> {
    let (start, end) = (service.period.start().as_second(), service.period.end().as_second());
    service.hours.iter().filter(move |hour| {
        let first = hour.hour.saturating_mul(HOUR_SECONDS);
        first + NEAR_SECONDS >= start && first + HOUR_SECONDS <= end + NEAR_SECONDS
    })
}

/// Addresses are not users: only a source that names them counts them.
fn users(service: &ServiceTraffic) -> Option<Series> {
    if service.clients != ClientBasis::User {
        return None;
    }
    let clients = whole_hours(service).filter_map(|hour| Some((hour.hour, hour.clients? as f64)));
    of(DriverUnit::UsersPerHour, Some(&service.service), clients.collect())
}

fn days(traffic: &Traffic, unit: DriverUnit) -> Option<Series> {
    let values = traffic.days.iter().filter_map(|day| {
        let users = match unit {
            DriverUnit::PeakConcurrentUsers => day.peak_concurrent_users?,
            DriverUnit::DailyUsers | DriverUnit::RequestsPerHour | DriverUnit::UsersPerHour => {
                day.dau
            }
        };
        Some((number(day.date), users as f64))
    });
    of(unit, None, values.collect())
}

fn of(unit: DriverUnit, service: Option<&String>, values: BTreeMap<i64, f64>) -> Option<Series> {
    // What nobody ever asked for drives nothing.
    values
        .values()
        .any(|value| *value > 0.0)
        .then(|| Series { driver: Driver { unit, service: service.cloned() }, values })
}
