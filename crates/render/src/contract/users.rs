//! `trimtab traffic drivers`, `traffic forecast`, `simulate` and `cost unit` with `-o json`.

use serde_json::{Value, json};

use trimtab_model::action::Action;
use trimtab_model::driver::{Driver, DriverForecast, EffectBasis, Fit, LinkVerdict, ResourceLoad};
use trimtab_model::resource::ResourceRef;
use trimtab_model::simulation::{Moved, ScenarioEvent, Simulation, TooSmall};
use trimtab_model::text::{Language, Reason};
use trimtab_model::unit_cost::UnitCosts;

use super::text::money;
use crate::document::user_load::{scale, unit};

/// The name and version of what `traffic drivers` prints.
pub const DRIVERS_SCHEMA: &str = "trimtab/v1/traffic.drivers";
/// The name and version of what `traffic forecast` prints.
pub const FORECAST_SCHEMA: &str = "trimtab/v1/traffic.forecast";
/// The name and version of what `simulate` prints.
pub const SIMULATION_SCHEMA: &str = "trimtab/v1/simulation";
/// The name and version of what `cost unit` prints.
pub const UNIT_COST_SCHEMA: &str = "trimtab/v1/cost.unit";

/// Returns what each resource follows, carries and costs.
pub fn user_load_json(loads: &[ResourceLoad], language: Language) -> Value {
    let items: Vec<Value> = loads
        .iter()
        .map(|load| {
            let link = &load.link;
            let scale = scale(&link.metric, link.period_seconds);
            let (verdict, why) = match &link.verdict {
                LinkVerdict::Explained { .. } => ("explained", None),
                LinkVerdict::NotExplained { .. } => ("not_explained", None),
                LinkVerdict::Unknown { reason: why } => ("unknown", Some(reason(why, language))),
            };
            json!({
                "resource": link.resource.as_str(),
                "account": link.origin.as_ref().map(|origin| origin.account.as_str()),
                "region": link.origin.as_ref().map(|origin| origin.region.as_str()),
                "size": load.size,
                "namespace": link.namespace,
                "metric": link.metric,
                "statistic": link.statistic.as_str(),
                "unit": unit(&link.metric),
                "verdict": verdict,
                "reason": why,
                "driver": link.nearest().map(|(one, _)| driver(one)),
                "fit": link.nearest().map(|(_, one)| fit(one, scale)),
                "vcpu_per_thousand": load.vcpu_per_thousand,
                "holds": load.holds,
                "ceiling_percent": load.ceiling_percent,
                "headroom": load.headroom(),
                "cost": load.cost.map(|cost| json!({
                    "monthly": money(cost.monthly),
                    "per_thousand": cost.per_thousand.map(money),
                    "basis": cost.basis,
                })),
            })
        })
        .collect();
    json!({ "schema": DRIVERS_SCHEMA, "items": items })
}

fn driver(driver: &Driver) -> Value {
    json!({ "unit": driver.unit.as_str(), "service": driver.service })
}

fn fit(fit: &Fit, scale: f64) -> Value {
    json!({
        "per_thousand": fit.slope * 1_000.0 * scale,
        "intercept": fit.intercept * scale,
        "lag_hours": fit.lag_hours,
        "r_squared": fit.r_squared,
        "explained": fit.explained,
        "residual_p5": fit.residuals.p5 * scale,
        "residual_absolute_p50": fit.residuals.absolute_p50 * scale,
        "residual_p95": fit.residuals.p95 * scale,
        "residual_peak_p95": fit.residuals.peak_p95 * scale,
        "points": fit.points,
        "saturated": fit.saturated,
        "mean_driver": fit.mean_driver,
        "recent_peak": fit.recent_peak,
    })
}

fn reason(reason: &Reason, language: Language) -> Value {
    json!({ "code": reason.code, "text": reason.text.get(language) })
}

/// Returns what is expected of each driver. Hours and days are counted from 1970 on.
pub fn user_forecast_json(forecasts: &[DriverForecast], language: Language) -> Value {
    let items: Vec<Value> = forecasts
        .iter()
        .map(|forecast| {
            let events: Vec<Value> = forecast
                .events
                .iter()
                .map(|event| {
                    let (basis, days) = match event.basis {
                        EffectBasis::Given => ("given", None),
                        EffectBasis::Past { days } => ("past", Some(days)),
                        EffectBasis::NotKnown => ("not_known", None),
                    };
                    json!({
                        "date": event.date.to_string(),
                        "name": event.name.get(language),
                        "factor": event.factor,
                        "basis": basis,
                        "past_days": days,
                    })
                })
                .collect();
            let points: Vec<Value> = forecast
                .points
                .iter()
                .map(|point| {
                    json!({
                        "time": time(forecast.is_hourly, point.at),
                        "likely": point.likely,
                        "low": point.low,
                        "high": point.high,
                    })
                })
                .collect();
            json!({
                "driver": driver(&forecast.driver),
                "step": if forecast.is_hourly { "hour" } else { "day" },
                "method": forecast.method.as_str(),
                "error": forecast.error.map(|error| json!({
                    "steps": error.steps,
                    "chosen": error.chosen,
                    "seasonal_naive": error.seasonal_naive,
                })),
                "history": forecast.history,
                "recent_mean": forecast.recent_mean,
                "points": points,
                "events": events,
            })
        })
        .collect();
    json!({ "schema": FORECAST_SCHEMA, "items": items })
}

/// An hour as a moment, a day as a date.
fn time(is_hourly: bool, at: i64) -> Option<String> {
    let second = at.checked_mul(if is_hourly { 3_600 } else { 86_400 })?;
    let moment = jiff::Timestamp::from_second(second).ok()?;
    let day = || moment.strftime("%Y-%m-%d").to_string();
    Some(if is_hourly { moment.to_string() } else { day() })
}

/// Returns what a scenario comes to.
pub fn simulation_json(simulation: &Simulation, language: Language) -> Value {
    let event = |event: &ScenarioEvent| {
        let is_outside = simulation.outside.contains(event);
        json!({
            "date": event.date.to_string(),
            "factor": event.factor,
            "within_horizon": !is_outside,
        })
    };
    let savings: Vec<Value> = simulation
        .savings
        .iter()
        .map(|(now, then)| json!({ "now": money(*now), "then": money(*then) }))
        .collect();
    let unchanged: Vec<Value> = simulation
        .unchanged
        .iter()
        .map(|one| {
            json!({
                "resource": one.resource,
                "metric": one.metric,
                "reason": reason(&one.reason, language),
            })
        })
        .collect();
    json!({
        "schema": SIMULATION_SCHEMA,
        "users": simulation.scenario.users,
        "events": simulation.scenario.events.iter().map(event).collect::<Vec<_>>(),
        "horizon_days": simulation.horizon_days,
        "scaled": simulation.scaled,
        "savings": savings,
        "extra_monthly": money(simulation.extra_monthly),
        "moved": simulation.moved.iter().map(moved).collect::<Vec<_>>(),
        "stay": simulation.stay,
        "too_small":
            simulation.too_small.iter().map(|one| too_small(one, language)).collect::<Vec<_>>(),
        "unchanged": unchanged,
    })
}

fn moved(moved: &Moved) -> Value {
    let action = |action: &Option<Action>| action.as_ref().map(Action::recommended);
    json!({
        "outcome": moved.outcome.as_str(),
        "check": moved.check.as_str(),
        "resource": resource(&moved.resource),
        "action_now": action(&moved.action_now),
        "action_then": action(&moved.action_then),
        "savings_now": moved.savings_now.map(money),
        "savings_then": moved.savings_then.map(money),
    })
}

fn resource(resource: &ResourceRef) -> Value {
    json!({
        "id": resource.id.as_str(),
        "account": resource.account.as_str(),
        "region": resource.region.as_str(),
        "environment": resource.environment.as_str(),
        "name": resource.name,
    })
}

fn too_small(one: &TooSmall, language: Language) -> Value {
    let remedy =
        one.remedy.as_ref().ok().map(
            |remedy| json!({ "size": remedy.size, "extra_monthly": money(remedy.extra_monthly) }),
        );
    json!({
        "resource": resource(&one.resource),
        "size": one.size,
        "short": one.short,
        "remedy": remedy,
        "reason": one.remedy.as_ref().err().map(|why| reason(why, language)),
    })
}

/// Returns the series of unit costs, to 28 digits.
pub fn unit_cost_json(costs: &UnitCosts) -> Value {
    let items: Vec<Value> = costs
        .rows
        .iter()
        .map(|row| {
            json!({
                "date": row.date.to_string(),
                "service": row.service,
                "currency": row.currency.code(),
                "basis": row.cost.map(|_| if row.is_effective { "effective" } else { "billed" }),
                "cost": row.cost.map(money),
                "units": row.units,
                "per_unit": row.per_unit.map(money),
            })
        })
        .collect();
    json!({
        "schema": UNIT_COST_SCHEMA,
        "per": costs.per.as_str(),
        "counted_in": costs.counted_in,
        "items": items,
    })
}
