//! The shape of the local week.

use std::collections::BTreeMap;

use jiff::civil::Date;
use trimtab_model::calendar::{Calendar, WeekHour};
use trimtab_model::traffic::ServiceTraffic;
use trimtab_model::traffic_summary::WeekShape;

const HOURS_OF_DAY: usize = 24;
const DAYS_OF_WEEK: usize = 7;

/// A sum and how many there are in it.
#[derive(Debug, Clone, Copy, Default)]
struct Mean {
    sum: f64,
    count: u64,
}

impl Mean {
    fn add(&mut self, value: f64) {
        self.sum += value;
        self.count += 1;
    }

    fn value(self) -> Option<f64> {
        (self.count > 0).then(|| self.sum / self.count as f64)
    }
}

/// Returns the shape of the week of a service, of the hours that have a request: whether nobody
/// came in the others, or logs are missing, is not known.
///
/// An hour of UTC belongs to the local hour in which it begins.
pub(super) fn shape(service: &ServiceTraffic, calendar: &Calendar) -> WeekShape {
    let mut hours = [Mean::default(); HOURS_OF_DAY * DAYS_OF_WEEK];
    let mut hours_of_day = [Mean::default(); HOURS_OF_DAY];
    let mut all = Mean::default();
    for hour in &service.hours {
        let Some(start) = hour.start() else { continue };
        let local = calendar.time_zone.to_datetime(start);
        let of_day = usize::try_from(local.hour()).unwrap_or_default();
        let place = WeekHour::of(calendar.weekday_of(local.date()), of_day);
        let requests = hour.requests as f64;
        all.add(requests);
        for mean in
            [hours.get_mut(place.index()), hours_of_day.get_mut(of_day)].into_iter().flatten()
        {
            mean.add(requests);
        }
    }
    let hours: Vec<Option<f64>> = hours.into_iter().map(Mean::value).collect();
    let peak = hours.iter().flatten().copied().fold(0.0, f64::max);
    WeekShape {
        peak_to_mean: all.value().filter(|mean| *mean > 0.0).map(|mean| peak / mean),
        hours,
        hours_of_day: hours_of_day.into_iter().map(Mean::value).collect(),
        weekdays: weekdays(service, calendar),
    }
}

fn weekdays(service: &ServiceTraffic, calendar: &Calendar) -> Vec<Option<f64>> {
    let mut weekdays = [Mean::default(); DAYS_OF_WEEK];
    for (date, requests) in covered(service, calendar) {
        let day = WeekHour::of(calendar.weekday_of(date), 0).day();
        if let Some(mean) = weekdays.get_mut(day) {
            mean.add(requests);
        }
    }
    weekdays.into_iter().map(Mean::value).collect()
}

/// Returns the requests of the days that the data covers. A source without days has its hours
/// added up where it has all of them.
fn covered(service: &ServiceTraffic, calendar: &Calendar) -> Vec<(Date, f64)> {
    if !service.days.is_empty() {
        return service
            .days
            .iter()
            .filter(|day| day.complete)
            .map(|day| (day.date, day.requests as f64))
            .collect();
    }
    whole_days(service, calendar)
}

/// Returns the requests of local days that have at least as many hours as a day.
pub(super) fn whole_days(service: &ServiceTraffic, calendar: &Calendar) -> Vec<(Date, f64)> {
    let mut days: BTreeMap<Date, (usize, f64)> = BTreeMap::new();
    for hour in &service.hours {
        let Some(start) = hour.start() else { continue };
        let day = days.entry(calendar.day_of(start)).or_default();
        day.0 += 1;
        day.1 += hour.requests as f64;
    }
    // Where clocks are put forward a day has an hour less.
    days.into_iter()
        .filter(|(_, (hours, _))| *hours >= HOURS_OF_DAY - 1)
        .map(|(date, (_, requests))| (date, requests))
        .collect()
}
