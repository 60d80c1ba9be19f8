//! The metrics of an account with other users.

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::Date;

use trimtab_model::driver::{Link, LinkVerdict};
use trimtab_model::environment::Environment;
use trimtab_model::id::ResourceId;
use trimtab_model::metric::Statistic;
use trimtab_model::profile::Profiles;
use trimtab_model::simulation::{Scenario, ScenarioEvent, Unchanged};
use trimtab_model::text::Reason;

use crate::check::Facts;

use super::link::links;
use super::scale::{Part, scaled};

/// Metrics as a scenario would have them.
#[derive(Debug, Clone)]
pub(super) struct Staged {
    /// Every series, those that follow users scaled.
    pub(super) profiles: Profiles,
    /// How many metrics were scaled.
    pub(super) scaled: u64,
    /// What was left as it is, and why.
    pub(super) unchanged: Vec<Unchanged>,
}

/// Scales what follows users.
pub(super) fn stage(facts: &Facts<'_>, scenario: &Scenario) -> Staged {
    let links = links(facts.traffic, facts.profiles, &facts.policy.calendar);
    let environments = environments(facts);
    let today = facts.policy.calendar.day_of(facts.now);
    let parts_of = |resource: &ResourceId| {
        let environment = environments.get(resource).copied().unwrap_or(Environment::Unknown);
        parts(scenario, today, facts.policy.sizing(environment).horizon.days())
    };
    let mut by_name: BTreeMap<_, &Link> = BTreeMap::new();
    for link in &links {
        by_name.insert((&link.origin, &link.resource, &link.namespace, &link.metric), link);
    }
    let series = facts.profiles.iter().map(|(key, profile)| {
        let link = by_name.get(&(&key.origin, &key.resource_id, &key.namespace, &key.metric));
        let fit = link.and_then(|link| Some((*link, link.explained()?.1)));
        let profile = match fit {
            Some((link, fit)) if key.statistic != Statistic::SampleCount => {
                // An amount is one of a sample's length.
                let length = if key.statistic.adds_up() {
                    f64::from(profile.period_seconds) / f64::from(link.period_seconds.max(1))
                } else {
                    1.0
                };
                scaled(profile, fit.intercept * length, &parts_of(&key.resource_id))
            }
            Some(_) | None => profile.clone(),
        };
        (key.clone(), profile)
    });
    let profiles = Profiles::new(series);
    let explained = links.iter().filter(|link| link.explained().is_some()).count();
    Staged { profiles, scaled: explained as u64, unchanged: unchanged(&links) }
}

fn environments(facts: &Facts<'_>) -> BTreeMap<ResourceId, Environment> {
    let instances = facts.snapshot.instances.iter().map(|one| (one.id.clone(), one.environment));
    let databases = facts.snapshot.db_instances.iter().map(|one| (one.id.clone(), one.environment));
    instances.chain(databases).collect()
}

/// Returns whether a day lies within so many days from today on.
pub(super) fn lies_within(date: Date, today: Date, horizon_days: u32) -> bool {
    let end = today.checked_add(i64::from(horizon_days).days());
    date >= today && end.is_ok_and(|end| date < end)
}

/// Returns the parts of the horizon: usual days first, then each day of an event.
pub(super) fn parts(scenario: &Scenario, today: Date, horizon_days: u32) -> Vec<Part> {
    let mut days: BTreeMap<Date, f64> = BTreeMap::new();
    for ScenarioEvent { date, factor } in &scenario.events {
        if lies_within(*date, today, horizon_days) {
            *days.entry(*date).or_insert(1.0) *= factor;
        }
    }
    let share = 1.0 / f64::from(horizon_days.max(1));
    let usual = Part { share: 1.0 - share * days.len() as f64, factor: scenario.users };
    let events = days.values().map(|factor| Part { share, factor: scenario.users * factor });
    std::iter::once(usual).chain(events).collect()
}

fn unchanged(links: &[Link]) -> Vec<Unchanged> {
    links
        .iter()
        .filter_map(|link| {
            let reason = match &link.verdict {
                LinkVerdict::Explained { .. } => return None,
                LinkVerdict::NotExplained { fit, .. } => {
                    let share = (fit.explained.max(0.0)) * 100.0;
                    Reason::new(
                        "not-explained-by-users",
                        format!("It does not follow users: they explain {share:.0} % of its ups and downs."),
                        format!("사용자 수를 따르지 않습니다. 사용자 수로 설명되는 변동은 {share:.0}%입니다."),
                    )
                }
                LinkVerdict::Unknown { reason } => reason.clone(),
            };
            Some(Unchanged {
                resource: link.resource.to_string(),
                metric: format!("{}:{}", link.namespace, link.metric),
                reason,
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_takes_the_share_of_its_day() {
        let day = |text: &str| text.parse::<Date>().unwrap();
        let event = |date: &str, factor| ScenarioEvent { date: day(date), factor };
        let scenario = Scenario {
            users: 1.5,
            events: vec![event("2026-12-24", 2.0), event("2027-06-01", 5.0)],
        };
        let parts = parts(&scenario, day("2026-12-20"), 10);
        let shown: Vec<(f64, f64)> = parts.iter().map(|part| (part.share, part.factor)).collect();
        assert_eq!(shown, [(0.9, 1.5), (0.1, 3.0)]);
        assert!(!lies_within(day("2026-12-30"), day("2026-12-20"), 10));
        assert!(!lies_within(day("2026-12-19"), day("2026-12-20"), 10));
    }
}
