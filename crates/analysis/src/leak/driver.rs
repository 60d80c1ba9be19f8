//! Which requests a leak grows with.
//!
//! The growth of memory in each hour is compared with the calls of each endpoint in that hour.
//! Among hundreds of endpoints some go with anything by chance, so that the rate of false
//! discoveries is controlled (Benjamini and Hochberg); and what was found in the first two thirds
//! of the hours must foretell the last third.

use std::collections::BTreeMap;

use statrs::distribution::{ContinuousCDF as _, StudentsT};

use trimtab_model::profile::Hours;

use super::growth::Leak;

/// The share of false discoveries that is accepted.
const FALSE_DISCOVERIES: f64 = 0.01;

/// Hours of growth from which on endpoints are compared: four days.
const LEAST_HOURS: usize = 96;

/// Two endpoints whose calls correlate so much cannot be told apart.
const ALIKE: f64 = 0.9;

/// Nor can two that explain the growth so nearly alike, as a share of what the better one does.
const AS_GOOD: f64 = 0.95;

/// The share of the unseen growth that an endpoint must foretell.
const FORETOLD: f64 = 0.02;

/// The calls of one endpoint in each hour since 1970.
#[derive(Debug, Clone, PartialEq)]
pub struct Calls {
    /// What people call it, such as `GET /inventory/list`.
    pub name: String,
    /// Calls by hour.
    pub by_hour: BTreeMap<i64, f64>,
}

/// What the growth of memory goes with.
#[derive(Debug, Clone, PartialEq)]
pub enum Follows {
    /// One endpoint, or several that cannot be told apart.
    Endpoint(Driver),
    /// None of so many endpoints.
    Nothing {
        /// How many were compared.
        endpoints: usize,
        /// In how many hours.
        hours: usize,
    },
    /// There are too few hours with both memory and requests.
    TooFewHours(usize),
}

/// The endpoint that the growth goes with.
#[derive(Debug, Clone, PartialEq)]
pub struct Driver {
    /// The endpoint.
    pub name: String,
    /// Growth in percent of the memory per thousand calls.
    pub per_thousand: f64,
    /// The correlation of calls and growth over all hours.
    pub correlation: f64,
    /// The chance of such a correlation without a connection, after the control for the number of
    /// endpoints.
    pub adjusted_p: f64,
    /// The share of the variance of the last third of the hours that the first two foretell.
    pub foretold: f64,
    /// The share of the growth that the calls account for, from 0 to 1.
    pub accounts_for: f64,
    /// Other endpoints that cannot be told apart from it.
    pub alike: Vec<String>,
    /// Hours that were compared.
    pub hours: usize,
    /// Endpoints that were compared.
    pub endpoints: usize,
}

/// Finds the endpoint that a leak grows with.
pub fn driver(memory: &Hours, leak: &Leak, endpoints: &[Calls]) -> Follows {
    let growth = growth_by_hour(memory, leak, endpoints);
    if growth.len() < LEAST_HOURS {
        return Follows::TooFewHours(growth.len());
    }
    let grown: Vec<f64> = growth.iter().map(|(_, grown)| *grown).collect();
    let mut found: Vec<Comparison<'_>> =
        endpoints.iter().filter_map(|calls| compare(calls, &growth, &grown)).collect();
    let nothing = Follows::Nothing { endpoints: endpoints.len(), hours: growth.len() };
    found.sort_by(|a, b| a.p.total_cmp(&b.p).then_with(|| a.calls.name.cmp(&b.calls.name)));
    let all = endpoints.len().max(1) as f64;
    let discovered = found
        .iter()
        .enumerate()
        .rfind(|(rank, one)| one.p <= FALSE_DISCOVERIES * (*rank as f64 + 1.0) / all)
        .map_or(0, |(rank, _)| rank + 1);
    found.truncate(discovered);
    let best = found.iter().filter(|one| foretold(one, &grown) >= FORETOLD).max_by(|a, b| {
        a.correlation.total_cmp(&b.correlation).then_with(|| b.calls.name.cmp(&a.calls.name))
    });
    let Some(best) = best else { return nothing };
    let alike = found
        .iter()
        .filter(|one| one.calls.name != best.calls.name)
        .filter(|one| {
            correlation(&one.values, &best.values).is_some_and(|r| r >= ALIKE)
                || one.correlation.powi(2) >= AS_GOOD * best.correlation.powi(2)
        })
        .map(|one| one.calls.name.clone())
        .collect();
    let line = Line::through(&best.values, &grown);
    let (all_calls, all_growth) = (best.values.iter().sum::<f64>(), grown.iter().sum::<f64>());
    let rank = found.iter().position(|one| one.calls.name == best.calls.name).unwrap_or(0);
    Follows::Endpoint(Driver {
        name: best.calls.name.clone(),
        per_thousand: line.slope * 1000.0,
        correlation: best.correlation,
        adjusted_p: (best.p * all / (rank as f64 + 1.0)).min(1.0),
        foretold: foretold(best, &grown),
        accounts_for: match all_growth > 0.0 {
            true => (line.slope * all_calls / all_growth).clamp(0.0, 1.0),
            false => 0.0,
        },
        alike,
        hours: grown.len(),
        endpoints: endpoints.len(),
    })
}

/// Returns what memory grew by in each hour that has requests: half of the difference between the
/// hour after and the hour before, all three between the same restarts.
fn growth_by_hour(memory: &Hours, leak: &Leak, endpoints: &[Calls]) -> Vec<(i64, f64)> {
    let level: BTreeMap<i64, f64> = memory.iter().map(|(hour, mean, ..)| (hour, mean)).collect();
    let (first, last) = endpoints
        .iter()
        .filter_map(|calls| {
            Some((*calls.by_hour.first_key_value()?.0, *calls.by_hour.last_key_value()?.0))
        })
        .fold((i64::MAX, i64::MIN), |(first, last), (one, other)| {
            (first.min(one), last.max(other))
        });
    let mut growth = Vec::new();
    for (from, until) in &leak.stretches {
        for hour in from.saturating_add(1).max(first)..(*until).min(last.saturating_add(1)) {
            if let (Some(before), Some(after)) = (level.get(&(hour - 1)), level.get(&(hour + 1))) {
                growth.push((hour, (after - before) / 2.0));
            }
        }
    }
    growth
}

/// One endpoint beside the growth.
struct Comparison<'a> {
    calls: &'a Calls,
    values: Vec<f64>,
    correlation: f64,
    p: f64,
}

fn compare<'a>(calls: &'a Calls, growth: &[(i64, f64)], grown: &[f64]) -> Option<Comparison<'a>> {
    // Means of hours move by half of what their own hour brings and by a quarter of each
    // neighbour's, so that calls are taken in the same way.
    let of = |hour: i64| calls.by_hour.get(&hour).copied().unwrap_or_default();
    let values: Vec<f64> = growth
        .iter()
        .map(|(hour, _)| of(hour - 1) / 4.0 + of(*hour) / 2.0 + of(hour + 1) / 4.0)
        .collect();
    let correlation = correlation(&values, grown)?;
    // Neighbouring hours are alike, and share half of their growth: they count as fewer.
    let alike = follows_itself(&values) * follows_itself(grown);
    let independent = values.len() as f64 / 2.0 * (1.0 - alike) / (1.0 + alike);
    let freedom = (independent - 2.0).max(1.0);
    let t = correlation * (freedom / (1.0 - correlation.powi(2)).max(1e-12)).sqrt();
    let p = StudentsT::new(0.0, 1.0, freedom).ok()?.sf(t);
    Some(Comparison { calls, values, correlation, p })
}

/// Returns how much each value is like the one before it, from 0 to 1.
fn follows_itself(values: &[f64]) -> f64 {
    let (earlier, later) = (values.get(..values.len().saturating_sub(1)), values.get(1..));
    match (earlier, later) {
        (Some(earlier), Some(later)) => {
            correlation(earlier, later).unwrap_or_default().clamp(0.0, 0.99)
        }
        _ => 0.0,
    }
}

/// Returns the share of the variance of the last third that the first two thirds foretell.
fn foretold(one: &Comparison<'_>, grown: &[f64]) -> f64 {
    let cut = grown.len() * 2 / 3;
    let (Some(x), Some(y)) = (one.values.get(..cut), grown.get(..cut)) else { return 0.0 };
    let line = Line::through(x, y);
    let mean = y.iter().sum::<f64>() / y.len().max(1) as f64;
    let (mut wrong, mut all) = (0.0, 0.0);
    for (x, y) in one.values.iter().zip(grown).skip(cut) {
        wrong += (y - line.start - line.slope * x).powi(2);
        all += (y - mean).powi(2);
    }
    if all > 0.0 { 1.0 - wrong / all } else { 0.0 }
}

/// The least squares of one on the other.
struct Line {
    start: f64,
    slope: f64,
}

impl Line {
    fn through(x: &[f64], y: &[f64]) -> Self {
        let n = x.len().max(1) as f64;
        let (mean_x, mean_y) = (x.iter().sum::<f64>() / n, y.iter().sum::<f64>() / n);
        let xx: f64 = x.iter().map(|x| (x - mean_x).powi(2)).sum();
        let xy: f64 = x.iter().zip(y).map(|(x, y)| (x - mean_x) * (y - mean_y)).sum();
        let slope = if xx > 0.0 { xy / xx } else { 0.0 };
        Self { start: mean_y - slope * mean_x, slope }
    }
}

/// Returns the correlation of two lists of the same length; absent where one does not vary.
fn correlation(x: &[f64], y: &[f64]) -> Option<f64> {
    let n = x.len() as f64;
    let (mean_x, mean_y) = (x.iter().sum::<f64>() / n, y.iter().sum::<f64>() / n);
    let (mut xx, mut yy, mut xy) = (0.0, 0.0, 0.0);
    for (x, y) in x.iter().zip(y) {
        let (x, y) = (x - mean_x, y - mean_y);
        xx += x * x;
        yy += y * y;
        xy += x * y;
    }
    (xx > 0.0 && yy > 0.0).then(|| xy / (xx * yy).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::leak::tests::{Random, hours};
    use crate::leak::{Growth, growth};

    /// Four weeks of calls of three endpoints, and memory that grows with the second one's.
    fn story(leaking: usize) -> (Hours, Vec<Calls>) {
        let mut random = Random(7);
        let mut endpoints: Vec<Calls> = ["GET /ranking", "GET /inventory", "POST /match"]
            .map(|name| Calls { name: name.to_owned(), by_hour: BTreeMap::new() })
            .into();
        let (mut used, mut grown) = (30.0, 0.0);
        let mut memory = Vec::new();
        for hour in 0..28 * 24_i64 {
            let season = 1.0 + 0.8 * (hour as f64 / 24.0 * std::f64::consts::TAU).sin();
            for (index, calls) in endpoints.iter_mut().enumerate() {
                let count = 1000.0 * season * random.between(0.4, 1.6);
                calls.by_hour.insert(hour, count);
                if index == leaking {
                    grown = count / 1000.0 * 0.15;
                }
            }
            if hour % 168 == 100 {
                used = 30.0;
            }
            // The mean of the hour.
            memory.push(used + grown / 2.0 + random.between(-0.05, 0.05));
            used += grown;
        }
        (hours(&memory), endpoints)
    }

    fn found(memory: &Hours, endpoints: &[Calls]) -> Follows {
        let Growth::Leak(leak) = growth(memory, None) else { panic!("a leak") };
        driver(memory, &leak, endpoints)
    }

    #[test]
    fn the_endpoint_that_leaks_is_named() {
        let (memory, endpoints) = story(1);
        let Follows::Endpoint(driver) = found(&memory, &endpoints) else { panic!("a driver") };
        assert_eq!(driver.name, "GET /inventory");
        assert_eq!(driver.alike, Vec::<String>::new());
        assert!((driver.per_thousand - 0.15).abs() < 0.02, "{driver:?}");
        assert!(driver.accounts_for > 0.85, "{driver:?}");
        assert!(driver.foretold > 0.3, "{driver:?}");
    }

    #[test]
    fn endpoints_that_rise_and_fall_together_are_not_told_apart() {
        let (memory, mut endpoints) = story(1);
        let mut twin = endpoints[1].clone();
        twin.name = "GET /wallet".to_owned();
        endpoints.push(twin);
        let Follows::Endpoint(driver) = found(&memory, &endpoints) else { panic!("a driver") };
        assert_eq!(driver.alike, ["GET /wallet"]);
    }

    #[test]
    fn a_leak_that_goes_with_no_request_has_no_driver() {
        // It grows by the clock.
        let memory: Vec<f64> =
            (0..28 * 24).map(|hour| 30.0 + f64::from(hour % 168) * 0.2).collect();
        let (_, endpoints) = story(1);
        let followed = found(&hours(&memory), &endpoints);
        assert!(matches!(followed, Follows::Nothing { endpoints: 3, .. }), "{followed:?}");
    }

    #[test]
    fn by_chance_hardly_anything_is_found() {
        let mut wrong = 0;
        for seed in 0..20 {
            let mut random = Random(seed);
            let memory: Vec<f64> = (0..28 * 24)
                .map(|hour| 30.0 + f64::from(hour % 168) * 0.2 + random.between(-0.5, 0.5))
                .collect();
            let endpoints: Vec<Calls> = (0..40)
                .map(|index| Calls {
                    name: format!("GET /{index}"),
                    by_hour: (0..28 * 24).map(|hour| (hour, random.between(0.0, 100.0))).collect(),
                })
                .collect();
            wrong += i32::from(matches!(found(&hours(&memory), &endpoints), Follows::Endpoint(_)));
        }
        assert!(wrong <= 1, "{wrong} of 20");
    }

    #[test]
    fn a_few_hours_are_too_few() {
        let (memory, endpoints) = story(1);
        let short: Vec<Calls> = endpoints
            .into_iter()
            .map(|mut calls| {
                calls.by_hour.retain(|hour, _| *hour < 60);
                calls
            })
            .collect();
        assert!(matches!(found(&memory, &short), Follows::TooFewHours(_)));
    }
}
