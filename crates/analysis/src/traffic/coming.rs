//! What the users of the coming weeks will need.

use std::collections::BTreeMap;

use trimtab_model::driver::{Driver, Fit, Link};
use trimtab_model::metric::MetricKey;
use trimtab_model::resource::Resource;
use trimtab_model::resource::instance::Instance;
use trimtab_model::text::Text;

use crate::check::Facts;
use crate::sizing::forecast::Forecast;

use super::driver::{by_day, series};
use super::forecast::forecast;
use super::link::links_of;

/// Growth below this share is within what a forecast is off by.
const LEAST_GROWTH: f64 = 1.02;

/// Processor and memory of instances; memory may be another source's.
fn is_of_instance(key: &MetricKey) -> bool {
    match key.metric.as_str() {
        "CPUUtilization" => key.namespace == "AWS/EC2",
        "mem_used_percent" | "Memory % Committed Bytes In Use" => true,
        _ => false,
    }
}

/// The growth of every driver that something follows, and what follows it.
#[derive(Debug, Clone, Default)]
pub struct Coming {
    links: Vec<Link>,
    /// By driver and days ahead: how many times the users of the last weeks.
    growth: BTreeMap<(Driver, u32), f64>,
}

/// Demand that is expected to grow with its driver.
#[derive(Debug, Clone, PartialEq)]
pub struct ExpectedGrowth {
    /// How many times the processor demand of the past.
    pub cpu: f64,
    /// The same of memory.
    pub memory: f64,
    /// What is expected and why.
    pub note: Text,
}

impl Coming {
    /// Reads what is to come for instances. Without users and requests, that is nothing.
    pub fn of(facts: &Facts<'_>) -> Self {
        let calendar = &facts.policy.calendar;
        let drivers = series(facts.traffic);
        if drivers.is_empty() {
            return Self::default();
        }
        let links: Vec<Link> = links_of(facts.traffic, facts.profiles, calendar, is_of_instance)
            .into_iter()
            .filter(|link| link.explained().is_some())
            .collect();
        let mut growth = BTreeMap::new();
        for instance in &facts.snapshot.instances {
            let horizon = facts.policy.sizing(instance.environment).horizon.days();
            let of_instance = links.iter().filter(|link| link.resource == instance.id);
            for (driver, _) in of_instance.filter_map(Link::explained) {
                if growth.contains_key(&(driver.clone(), horizon)) {
                    continue;
                }
                let Some(series) = drivers.iter().find(|series| series.driver == *driver) else {
                    continue;
                };
                let daily = by_day(series, facts.traffic, calendar);
                let ahead = horizon as usize;
                let forecast = forecast(&daily, facts.traffic, calendar, ahead, false)
                    // What could not be tried on the past is no reason to buy.
                    .filter(|forecast| forecast.error.is_some() && forecast.recent_mean > 0.0);
                let times = forecast.map_or(1.0, |forecast| {
                    let sum: f64 = forecast.points.iter().map(|point| point.likely).sum();
                    sum / (forecast.points.len() as f64).max(1.0) / forecast.recent_mean
                });
                growth.insert((driver.clone(), horizon), times);
            }
        }
        Self { links, growth }
    }

    /// Returns the growth of an instance; absent where none is expected. A fall is not counted
    /// on.
    pub fn growth(&self, instance: &Resource<Instance>, horizon: u32) -> Option<ExpectedGrowth> {
        let cpu = self.times(instance, horizon, |metric| metric == "CPUUtilization");
        let memory = self.times(instance, horizon, |metric| {
            metric == "mem_used_percent" || metric == "Memory % Committed Bytes In Use"
        });
        let (users, fit) = cpu.or(memory)?;
        let times = |found: Option<(f64, Fit)>| {
            found.map_or(1.0, |(users, fit)| 1.0 + fit.following_share() * (users - 1.0))
        };
        let (cpu, memory) = (times(cpu), times(memory));
        let (more, share) = ((users - 1.0) * 100.0, fit.following_share() * 100.0);
        let note = Text::new(
            format!(
                "Users are expected to be {more:.0} % more over the next {horizon} days than over the last 28, and {share:.0} % of its demand follows them: demand was taken {cpu:.2} times as high for the processor, {memory:.2} times for memory. A fall would not have been counted on."
            ),
            format!(
                "앞으로 {horizon}일 동안 사용자가 최근 28일보다 {more:.0}% 늘어날 것으로 예상되고, 수요의 {share:.0}%가 사용자 수를 따릅니다. 그래서 프로세서 수요를 {cpu:.2}배, 메모리 수요를 {memory:.2}배로 보았습니다. 사용자가 줄어든다는 예상은 반영하지 않습니다."
            ),
        );
        Some(ExpectedGrowth { cpu, memory, note })
    }

    fn times(
        &self,
        instance: &Resource<Instance>,
        horizon: u32,
        is_wanted: impl Fn(&str) -> bool,
    ) -> Option<(f64, Fit)> {
        let origin = instance.origin();
        let link = self.links.iter().find(|link| {
            link.resource == instance.id
                && link.origin.as_ref().is_none_or(|one| *one == origin)
                && is_wanted(&link.metric)
        })?;
        let (driver, fit) = link.explained()?;
        let users = *self.growth.get(&(driver.clone(), horizon))?;
        (users >= LEAST_GROWTH).then_some((users, *fit))
    }
}

impl ExpectedGrowth {
    /// Returns a forecast with the growth in it.
    pub fn applied(&self, forecast: &Forecast) -> Forecast {
        forecast.grown(self.cpu, self.memory)
    }
}
