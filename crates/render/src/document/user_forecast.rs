//! What is expected of users and requests.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use trimtab_model::driver::{DriverForecast, EffectBasis, ExpectedEvent, ForecastMethod};

use super::page::Page;
use super::user_load::counted_name;
use crate::locale::Locale;
use crate::style::Style;
use crate::table::{Cell, Column, Kind, Priority, Table};
use crate::{number, sanitise};

/// Makes the table of hours or days ahead, of each driver in turn.
pub fn user_forecast_table(forecasts: &[DriverForecast], zone: &TimeZone, style: &Style) -> Table {
    let locale = style.locale();
    let column =
        |key, name: &str, kind, priority| Column::new(key, locale.text(name), kind, priority);
    let mut table = Table::new(vec![
        column("driver", "column-driver", Kind::Text, Priority::Essential),
        column("time", "column-forecast-time", Kind::Text, Priority::Essential),
        column("likely", "column-likely", Kind::Count, Priority::Essential),
        column("low", "column-low", Kind::Count, Priority::High),
        column("high", "column-high", Kind::Count, Priority::High),
        column("event", "column-event-name", Kind::Text, Priority::Normal),
    ]);
    for forecast in forecasts {
        for point in &forecast.points {
            let count = |value: f64| Cell::Count(value.round().max(0.0) as u64);
            let (shown, day) = moment(forecast.is_hourly, point.at, zone);
            let event = forecast.events.iter().find(|event| Some(event.date) == day);
            table.row(vec![
                Cell::text(counted_name(&forecast.driver, forecast.is_hourly, locale)),
                Cell::text(shown),
                count(point.likely),
                count(point.low),
                count(point.high),
                Cell::optional(event.map(|event| event.name.get(style.language))),
            ]);
        }
    }
    table
}

/// Makes the page: each driver with how its forecast was made and how far it was off.
pub fn user_forecast_page(forecasts: &[DriverForecast], zone: &TimeZone, style: &Style) -> String {
    let locale = style.locale();
    let mut page = Page::new(style);
    for forecast in forecasts {
        page.heading(&counted_name(&forecast.driver, forecast.is_hourly, locale));
        let sum: f64 = forecast.points.iter().map(|point| point.likely).sum();
        let mean = sum / (forecast.points.len() as f64).max(1.0);
        let change = (mean / forecast.recent_mean - 1.0) * 100.0;
        page.sentence(&locale.text_with(
            "user-forecast-mean",
            &[
                ("mean", &number::significant(mean)),
                ("recent", &number::significant(forecast.recent_mean)),
                ("change", &number::percent(change)),
            ],
        ));
        page.sentence(&made(forecast, locale));
        for event in &forecast.events {
            page.bullet(&event_line(event, style));
        }
        page.gap();
        let table = user_forecast_table(std::slice::from_ref(forecast), zone, style);
        page.block(&table.terminal(style));
    }
    page.gap();
    page.faint(&locale.text("user-forecast-interval"));
    page.finish()
}

fn made(forecast: &DriverForecast, locale: Locale) -> String {
    let method = match forecast.method {
        ForecastMethod::Mstl => locale.text("forecast-method-mstl"),
        ForecastMethod::LogMstl => locale.text("forecast-method-log-mstl"),
        ForecastMethod::SeasonalNaive => locale.text("forecast-method-seasonal-naive"),
    };
    let history = number::count(forecast.history);
    match forecast.error {
        Some(error) => locale.text_with(
            "user-forecast-made",
            &[
                ("method", &method),
                ("history", &history),
                ("steps", &number::count(error.steps)),
                ("error", &number::percent(error.chosen * 100.0)),
                ("naive", &number::percent(error.seasonal_naive * 100.0)),
            ],
        ),
        None => {
            locale.text_with("user-forecast-untried", &[("method", &method), ("history", &history)])
        }
    }
}

fn event_line(event: &ExpectedEvent, style: &Style) -> String {
    let locale = style.locale();
    let (date, name) = (event.date.to_string(), sanitise(event.name.get(style.language)));
    let factor = number::significant(event.factor);
    let arguments = [("date", date.as_str()), ("name", name.as_str()), ("factor", factor.as_str())];
    match event.basis {
        EffectBasis::Given => locale.text_with("user-event-given", &arguments),
        EffectBasis::NotKnown => locale.text_with("user-event-not-known", &arguments),
        EffectBasis::Past { days } => {
            let days = number::count(days);
            let [date, name, factor] = arguments;
            locale.text_with("user-event-past", &[date, name, factor, ("days", &days)])
        }
    }
}

/// Returns an hour or a day as it is shown, and the day it lies in.
fn moment(is_hourly: bool, at: i64, zone: &TimeZone) -> (String, Option<Date>) {
    let epoch = Date::constant(1970, 1, 1);
    if is_hourly {
        let start = at.checked_mul(3600).and_then(|second| Timestamp::from_second(second).ok());
        let local = start.map(|start| zone.to_datetime(start));
        let shown = local.map(|local| local.strftime("%Y-%m-%d %H:00").to_string());
        return (shown.unwrap_or_default(), local.map(|local| local.date()));
    }
    let day = epoch.checked_add(jiff::SignedDuration::from_hours(at.saturating_mul(24))).ok();
    (day.map(|day| day.to_string()).unwrap_or_default(), day)
}
