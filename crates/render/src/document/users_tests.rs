//! The pages of users and demand in both languages.

use jiff::tz::TimeZone;

use trimtab_model::driver::{
    Driver, DriverForecast, DriverUnit, EffectBasis, ExpectedEvent, Fit, ForecastError,
    ForecastMethod, ForecastPoint, Link, LinkVerdict, LoadCost, Residuals, ResourceLoad,
};
use trimtab_model::metric::Statistic;
use trimtab_model::money::{Currency, Money};
use trimtab_model::price::PriceBasis;
use trimtab_model::simulation::{Scenario, ScenarioEvent, Simulation, Unchanged};
use trimtab_model::text::{Language, Reason, Text};
use trimtab_model::unit_cost::{UnitBasis, UnitCost, UnitCosts};

use super::{simulation_page, unit_cost_note, unit_cost_table, user_forecast_page, user_load_page};
use crate::contract::{simulation_json, unit_cost_json, user_forecast_json, user_load_json};
use crate::style::Style;

fn driver() -> Driver {
    Driver { unit: DriverUnit::RequestsPerHour, service: Some("lobby".to_owned()) }
}

fn load() -> ResourceLoad {
    let fit = Fit {
        slope: 0.01,
        intercept: 5.0,
        lag_hours: 1,
        r_squared: 0.91,
        explained: 0.95,
        residuals: Residuals { p5: -1.0, absolute_p50: 0.5, p95: 1.0, peak_p95: 4.0 },
        points: 336,
        saturated: 2,
        mean_driver: 2_000.0,
        recent_peak: 3_000.0,
    };
    ResourceLoad {
        link: Link {
            origin: None,
            resource: "i-1".into(),
            namespace: "AWS/EC2".to_owned(),
            metric: "CPUUtilization".to_owned(),
            statistic: Statistic::Average,
            period_seconds: 300,
            verdict: LinkVerdict::Explained { driver: driver(), fit },
        },
        size: Some("m6i.large".to_owned()),
        vcpu_per_thousand: Some(0.2),
        holds: Some(7_100.0),
        ceiling_percent: Some(80.0),
        cost: Some(LoadCost {
            monthly: Money::usd(70.into()),
            per_thousand: Some(Money::usd("0.0479".parse().expect("a decimal"))),
            basis: PriceBasis::List,
        }),
    }
}

fn forecast() -> DriverForecast {
    let date = "2026-12-25".parse().expect("a date");
    DriverForecast {
        driver: Driver { unit: DriverUnit::DailyUsers, service: None },
        is_hourly: false,
        method: ForecastMethod::LogMstl,
        error: Some(ForecastError { steps: 14, chosen: 0.04, seasonal_naive: 0.07 }),
        history: 84,
        recent_mean: 48_000.0,
        points: vec![ForecastPoint { at: 20_812, likely: 50_000.0, low: 45_000.0, high: 56_000.0 }],
        events: vec![ExpectedEvent {
            date,
            name: Text::new("Christmas Day", "성탄절"),
            factor: 1.3,
            basis: EffectBasis::Past { days: 2 },
        }],
    }
}

fn simulation() -> Simulation {
    let event = ScenarioEvent { date: "2031-12-24".parse().expect("a date"), factor: 2.0 };
    Simulation {
        scenario: Scenario { users: 1.5, events: vec![event] },
        horizon_days: 14,
        outside: vec![event],
        scaled: 3,
        moved: Vec::new(),
        stay: 7,
        too_small: Vec::new(),
        unchanged: vec![Unchanged {
            resource: "i-2".to_owned(),
            metric: "AWS/EC2:CPUUtilization".to_owned(),
            reason: Reason::new("not-explained-by-users", "It does not.", "아닙니다."),
        }],
        savings: vec![(Money::usd(100.into()), Money::usd(60.into()))],
        extra_monthly: Money::usd(40.into()),
    }
}

fn unit_costs() -> UnitCosts {
    let row = |units: Option<u64>, per_unit: Option<Money>| UnitCost {
        date: "2026-10-01".parse().expect("a date"),
        service: None,
        currency: Currency::USD,
        is_effective: true,
        cost: Some(Money::usd(10.into())),
        units,
        per_unit,
    };
    let third = Money::usd("3.3333333333333333333333333333".parse().expect("a decimal"));
    UnitCosts {
        per: UnitBasis::Dau,
        counted_in: "users.csv".to_owned(),
        rows: vec![row(Some(3), Some(third)), row(None, None)],
    }
}

#[test]
fn pages_are_complete_in_both_languages() {
    for language in [Language::En, Language::Ko] {
        let style = Style::plain(language);
        let pages = [
            user_load_page(&[load()], &style),
            user_forecast_page(&[forecast()], &TimeZone::UTC, &style),
            simulation_page(&simulation(), &style),
            unit_cost_table(&unit_costs(), &style).terminal(&style),
            unit_cost_note(&unit_costs(), &style),
        ];
        for page in pages {
            assert!(!page.contains('[') && !page.contains("{ $"), "a text is missing: {page}");
        }
    }
}

#[test]
fn machines_read_every_digit_and_missing_is_null() {
    let document = unit_cost_json(&unit_costs());
    assert_eq!(document["items"][0]["per_unit"]["amount"], "3.3333333333333333333333333333");
    assert!(document["items"][1]["per_unit"].is_null() && document["items"][1]["units"].is_null());
    let document = simulation_json(&simulation(), Language::En);
    assert_eq!(document["events"][0]["within_horizon"], false);
    assert_eq!(document["extra_monthly"]["amount"], "40");
}

#[test]
fn figures_are_in_the_unit_that_is_named() {
    let mut network = load();
    network.link.metric = "NetworkOut".to_owned();
    let items = user_load_json(&[load(), network], Language::En);
    assert_eq!(items["items"][0]["fit"]["per_thousand"], 10.0);
    let per_second = items["items"][1]["fit"]["per_thousand"].as_f64().expect("a number");
    assert!((per_second - 10.0 / 300.0).abs() < 1e-12);
    assert_eq!(items["items"][1]["unit"], "bytes/s");
    let forecast = user_forecast_json(&[forecast()], Language::Ko);
    assert_eq!(forecast["items"][0]["points"][0]["time"], "2026-12-25");
    assert_eq!(forecast["items"][0]["events"][0]["name"], "성탄절");
}
