//! What the users of the coming weeks will need.

use std::collections::{BTreeMap, BTreeSet};

use trimtab_model::driver::{Driver, Fit, Link};
use trimtab_model::id::ResourceId;
use trimtab_model::metric::Origin;
use trimtab_model::resource::{Resource, ResourceKind};
use trimtab_model::text::{Reason, Text};

use crate::check::Facts;
use crate::sizing::forecast::Forecast;

use super::driver::{Series, by_day, series};
use super::forecast::forecast;
use super::link::links_of;

/// Growth below this share is within what a forecast is off by.
const LEAST_GROWTH: f64 = 1.02;

/// A part of demand that a size must hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Cpu,
    Memory,
    Connections,
}

/// Returns which part of the demand of a kind a metric is; memory of instances may be another
/// source's.
fn part_of(kind: ResourceKind, namespace: &str, metric: &str) -> Option<Part> {
    match (kind, namespace, metric) {
        (ResourceKind::Instance, "AWS/EC2", "CPUUtilization")
        | (ResourceKind::DbInstance, "AWS/RDS", "CPUUtilization")
        | (ResourceKind::EcsService, "AWS/ECS", "CPUUtilization") => Some(Part::Cpu),
        (ResourceKind::Instance, _, "mem_used_percent" | "Memory % Committed Bytes In Use")
        | (ResourceKind::EcsService, "AWS/ECS", "MemoryUtilization") => Some(Part::Memory),
        (ResourceKind::DbInstance, "AWS/RDS", "DatabaseConnections") => Some(Part::Connections),
        _ => None,
    }
}

/// The growth of every resource of a kind whose demand follows users that become more.
#[derive(Debug, Clone, Default)]
pub struct Coming {
    expected: BTreeMap<(Origin, ResourceId), ExpectedGrowth>,
}

/// Demand that is expected to grow with its driver.
#[derive(Debug, Clone, PartialEq)]
pub struct ExpectedGrowth {
    /// How many times the processor demand of the past.
    pub cpu: f64,
    /// The same of memory.
    pub memory: f64,
    /// The same of connections.
    pub connections: f64,
    /// What is expected and why.
    pub note: Text,
}

impl Coming {
    /// Reads what is to come for resources of a kind, whose metrics carry any of `names`. Without
    /// users and requests, that is nothing.
    pub fn of<'a, K: 'a>(
        facts: &Facts<'_>,
        kind: ResourceKind,
        resources: impl IntoIterator<Item = &'a Resource<K>>,
        names: impl Fn(&Resource<K>) -> Vec<ResourceId>,
    ) -> Self {
        let drivers = series(facts.traffic);
        if drivers.is_empty() {
            return Self::default();
        }
        let links = links_of(facts.traffic, facts.profiles, &facts.policy.calendar, |key| {
            part_of(kind, &key.namespace, &key.metric).is_some()
        });
        let mut by_name: BTreeMap<&ResourceId, Vec<&Link>> = BTreeMap::new();
        for link in links.iter().filter(|link| link.explained().is_some()) {
            by_name.entry(&link.resource).or_default().push(link);
        }
        // By driver and days ahead: how many times the users of the last weeks.
        let mut users: BTreeMap<(&Driver, u32), f64> = BTreeMap::new();
        let mut expected = BTreeMap::new();
        for resource in resources {
            let origin = resource.origin();
            let horizon = facts.policy.sizing(resource.environment).horizon.days();
            let names = names(resource);
            let own: Vec<&Link> = names
                .iter()
                .filter_map(|name| by_name.get(name))
                .flatten()
                .copied()
                .filter(|link| link.origin.as_ref().is_none_or(|one| *one == origin))
                .collect();
            let mut times = |part: Part| {
                let is_wanted =
                    |link: &&&Link| part_of(kind, &link.namespace, &link.metric) == Some(part);
                let (driver, fit) = own.iter().find(is_wanted)?.explained()?;
                let users = *users
                    .entry((driver, horizon))
                    .or_insert_with(|| times_users(facts, &drivers, driver, horizon));
                (users >= LEAST_GROWTH).then_some((users, *fit))
            };
            let found = [times(Part::Cpu), times(Part::Memory), times(Part::Connections)];
            if let Some(growth) = ExpectedGrowth::new(kind, found, horizon) {
                expected.insert((origin, resource.id.clone()), growth);
            }
        }
        Self { expected }
    }

    /// Returns the growth of a resource; absent where none is expected. A fall is not counted on.
    pub fn growth<K>(&self, resource: &Resource<K>) -> Option<&ExpectedGrowth> {
        self.expected.get(&(resource.origin(), resource.id.clone()))
    }

    /// Returns the growth of resources any of which may have to do the work of the others: the
    /// highest of each figure.
    pub fn highest<'a, K: 'a>(
        &self,
        resources: impl IntoIterator<Item = &'a Resource<K>>,
    ) -> Option<ExpectedGrowth> {
        let found = resources.into_iter().filter_map(|resource| self.growth(resource));
        found.cloned().reduce(|one, other| {
            let (cpu, memory) = (one.cpu.max(other.cpu), one.memory.max(other.memory));
            let connections = one.connections.max(other.connections);
            let notes: BTreeSet<_> =
                [(one.note.en, one.note.ko), (other.note.en, other.note.ko)].into_iter().collect();
            let (en, ko): (Vec<String>, Vec<String>) = notes.into_iter().unzip();
            let note = Text::new(en.join(" "), ko.join(" "));
            ExpectedGrowth { cpu, memory, connections, note }
        })
    }
}

/// Returns how many times the users of the last weeks those of the days ahead are likely to be.
fn times_users(facts: &Facts<'_>, drivers: &[Series], driver: &Driver, horizon: u32) -> f64 {
    let calendar = &facts.policy.calendar;
    let Some(series) = drivers.iter().find(|series| series.driver == *driver) else { return 1.0 };
    let daily = by_day(series, facts.traffic, calendar);
    let forecast = forecast(&daily, facts.traffic, calendar, horizon as usize, false)
        // What could not be tried on the past is no reason to buy.
        .filter(|forecast| forecast.error.is_some() && forecast.recent_mean > 0.0);
    forecast.map_or(1.0, |forecast| {
        let sum: f64 = forecast.points.iter().map(|point| point.likely).sum();
        sum / (forecast.points.len() as f64).max(1.0) / forecast.recent_mean
    })
}

impl ExpectedGrowth {
    /// Puts together what grows: processor, memory and connections, with the users and the line of
    /// each; absent where nothing does.
    fn new(kind: ResourceKind, found: [Option<(f64, Fit)>; 3], horizon: u32) -> Option<Self> {
        let (users, fit) = found.into_iter().flatten().next()?;
        let [cpu, memory, connections] = found.map(|found| {
            found.map_or(1.0, |(users, fit)| 1.0 + fit.following_share() * (users - 1.0))
        });
        let (more, share) = ((users - 1.0) * 100.0, fit.following_share() * 100.0);
        let (taken_en, taken_ko) = if kind == ResourceKind::DbInstance {
            (
                format!(
                    "demand was taken {cpu:.2} times as high for the processor and for sessions at work, {connections:.2} times for connections. Memory and storage were left as they were"
                ),
                format!(
                    "프로세서와 활성 세션 수요를 {cpu:.2}배, 연결 수를 {connections:.2}배로 보았습니다. 메모리와 스토리지는 관측한 값 그대로입니다"
                ),
            )
        } else {
            (
                format!(
                    "demand was taken {cpu:.2} times as high for the processor, {memory:.2} times for memory"
                ),
                format!("프로세서 수요를 {cpu:.2}배, 메모리 수요를 {memory:.2}배로 보았습니다"),
            )
        };
        let note = Text::new(
            format!(
                "Users are expected to be {more:.0} % more over the next {horizon} days than over the last 28, and {share:.0} % of its demand follows them: {taken_en}. A fall would not have been counted on."
            ),
            format!(
                "앞으로 {horizon}일 동안 사용자가 최근 28일보다 {more:.0}% 늘어날 것으로 예상되고, 수요의 {share:.0}%가 사용자 수를 따릅니다. 그래서 {taken_ko}. 사용자가 줄어든다는 예상은 반영하지 않습니다."
            ),
        );
        Some(Self { cpu, memory, connections, note })
    }

    /// Returns a forecast with the growth in it.
    pub fn applied(&self, forecast: &Forecast) -> Forecast {
        forecast.grown(self.cpu, self.memory)
    }

    /// Says that a cheaper size would do today, and not for the users that are expected.
    pub fn held(&self) -> Reason {
        Reason::new(
            "users-expected-to-grow",
            format!("A cheaper size covers today's use and not what is to come. {}", self.note.en),
            format!(
                "지금 사용량에는 더 저렴한 크기로 충분하지만 앞으로의 수요에는 부족합니다. {}",
                self.note.ko
            ),
        )
    }
}
