//! The alarms that watch the resource of a change, and what became of them since it began.
//!
//! An alarm whose only actions are scaling policies is a thermostat: it goes on and off as it
//! should, and is none of these.

use std::collections::BTreeMap;
use std::time::Duration;

use aws_sdk_cloudwatch::types::{
    AlarmHistoryItem, AlarmType, CompositeAlarm, Dimension, HistoryItemType, MetricAlarm, ScanBy,
    StateValue,
};
use aws_smithy_types::DateTime;
use jiff::Timestamp;
use serde_json::Value;
use tokio::sync::Mutex;
use tokio::time::Instant;

use trimtab_model::gate::{
    ALARM_NAME, ALARMS, AlarmHistory, AlarmState, Points, PointsStatus, SignalSource,
};

use crate::error::AwsError;
use crate::gate::status_of;
use crate::inventory::alarm::DESCRIBE;
use crate::moment;
use crate::page::pages;
use crate::session::Session;

pub(crate) const DESCRIBE_HISTORY: &str = "cloudwatch:DescribeAlarmHistory";

/// How long the list of all alarms is believed; what they are is asked every time.
const LIST_LASTS: Duration = Duration::from_secs(3600);
/// Alarms, and items of a history, that one page has at the most.
const PAGE: i32 = 100;
/// Names that one call takes (CloudWatch API reference, `DescribeAlarms`).
const NAMES_AT_ONCE: usize = 100;
/// What the actions of a scaling policy have in their ARN, whichever service scales.
const SCALING: &str = ":autoscaling:";

/// An alarm as a listing has it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Listed {
    name: String,
    /// Names and values of all dimensions that it looks at.
    dimensions: Vec<(String, String)>,
}

/// What an alarm is now, and since when.
pub(crate) type Now = (AlarmState, Option<Timestamp>);

/// The alarms of an account and region, as a run knows them.
#[derive(Debug, Default)]
pub struct Alarms {
    listed: Mutex<Option<(Instant, Vec<Listed>)>>,
}

impl Alarms {
    /// Reads what became of the alarms of some sources since a moment. Each source is answered for,
    /// also where it has no alarm.
    pub async fn read(
        &self,
        session: &Session,
        sources: &[SignalSource],
        began: Timestamp,
    ) -> (Vec<AlarmHistory>, Vec<Points>) {
        let own: Vec<&SignalSource> =
            sources.iter().filter(|source| source.namespace == ALARMS).collect();
        if own.is_empty() {
            return (Vec::new(), Vec::new());
        }
        let found = self.found(session, &own).await;
        let status = found.as_ref().err().map_or(PointsStatus::Complete, status_of);
        let answered = own.into_iter().map(|source| Points {
            source: source.clone(),
            status: status.clone(),
            points: Vec::new(),
        });
        let answered = answered.collect();
        let mut histories = Vec::new();
        for (source, name, now) in found.unwrap_or_default() {
            let (states, status) = match history(session, &name, now, began).await {
                Ok(states) => (states, PointsStatus::Complete),
                Err(error) => (Vec::new(), status_of(&error)),
            };
            histories.push(AlarmHistory { source, name, status, states });
        }
        (histories, answered)
    }

    /// Returns the alarms of each source, with what they are now.
    async fn found(
        &self,
        session: &Session,
        sources: &[&SignalSource],
    ) -> Result<Vec<(SignalSource, String, Now)>, AwsError> {
        let mut wanted: Vec<(SignalSource, String)> = Vec::new();
        for source in sources {
            if source.metric == ALARM_NAME {
                wanted.push(((*source).clone(), source.resource.to_string()));
                continue;
            }
            let value = value_of(source.resource.as_str());
            let by = (source.metric.clone(), value.to_owned());
            let all = self.listed(session).await?;
            let own = all.into_iter().filter(|alarm| alarm.dimensions.contains(&by));
            wanted.extend(own.map(|alarm| ((*source).clone(), alarm.name)));
        }
        let names: Vec<String> = wanted.iter().map(|(_, name)| name.clone()).collect();
        let now = states(session, &names).await?;
        let known = |(source, name): (SignalSource, String)| {
            let is_now = *now.get(&name)?;
            Some((source, name, is_now))
        };
        // One that was deleted meanwhile is none any more.
        Ok(wanted.into_iter().filter_map(known).collect())
    }

    /// Lists the alarms of the region, once an hour.
    async fn listed(&self, session: &Session) -> Result<Vec<Listed>, AwsError> {
        let mut listed = self.listed.lock().await;
        if let Some((at, all)) = listed.as_ref()
            && at.elapsed() < LIST_LASTS
        {
            return Ok(all.clone());
        }
        let request = session
            .cloudwatch()
            .describe_alarms()
            .alarm_types(AlarmType::MetricAlarm)
            .max_records(PAGE);
        let mut all = Vec::new();
        pages(DESCRIBE, request.into_paginator().send(), |page| {
            let alarms = page.metric_alarms.unwrap_or_default().into_iter();
            all.extend(alarms.filter(|alarm| !is_thermostat(alarm)).filter_map(one));
        })
        .await?;
        *listed = Some((Instant::now(), all.clone()));
        Ok(all)
    }
}

/// Returns how a dimension names a resource: a load balancer and a target group by the end of
/// their ARN.
fn value_of(resource: &str) -> &str {
    if let Some((_, name)) = resource.split_once(":loadbalancer/") {
        return name;
    }
    match resource.find("targetgroup/") {
        Some(at) => resource.get(at..).unwrap_or(resource),
        None => resource,
    }
}

fn is_thermostat(alarm: &MetricAlarm) -> bool {
    let actions = alarm.alarm_actions();
    !actions.is_empty() && actions.iter().all(|action| action.contains(SCALING))
}

fn one(alarm: MetricAlarm) -> Option<Listed> {
    let of_queries = alarm
        .metrics()
        .iter()
        .filter_map(|query| query.metric_stat()?.metric())
        .flat_map(|metric| metric.dimensions());
    let pair = |one: &Dimension| Some((one.name()?.to_owned(), one.value()?.to_owned()));
    let dimensions = alarm.dimensions().iter().chain(of_queries).filter_map(pair).collect();
    Some(Listed { dimensions, name: alarm.alarm_name? })
}

/// Asks what some alarms are, composite ones among them. One that is not there is not in the answer.
pub(crate) async fn states(
    session: &Session,
    names: &[String],
) -> Result<BTreeMap<String, Now>, AwsError> {
    let mut found = BTreeMap::new();
    for names in names.chunks(NAMES_AT_ONCE) {
        let request = session
            .cloudwatch()
            .describe_alarms()
            .set_alarm_names(Some(names.to_vec()))
            .alarm_types(AlarmType::MetricAlarm)
            .alarm_types(AlarmType::CompositeAlarm)
            .max_records(PAGE);
        pages(DESCRIBE, request.into_paginator().send(), |page| {
            for alarm in page.metric_alarms.unwrap_or_default() {
                found.extend(of_metric(alarm));
            }
            for alarm in page.composite_alarms.unwrap_or_default() {
                found.extend(of_composite(alarm));
            }
        })
        .await?;
    }
    Ok(found)
}

fn of_metric(alarm: MetricAlarm) -> Option<(String, Now)> {
    let since = alarm.state_transitioned_timestamp.or(alarm.state_updated_timestamp);
    Some((alarm.alarm_name?, (state(alarm.state_value.as_ref()), moment::optional(since.as_ref()))))
}

fn of_composite(alarm: CompositeAlarm) -> Option<(String, Now)> {
    let since = alarm.state_transitioned_timestamp.or(alarm.state_updated_timestamp);
    Some((alarm.alarm_name?, (state(alarm.state_value.as_ref()), moment::optional(since.as_ref()))))
}

fn state(value: Option<&StateValue>) -> AlarmState {
    word(value.map(StateValue::as_str).unwrap_or_default())
}

/// Returns a state by its word; one that this version does not know is no good news.
fn word(word: &str) -> AlarmState {
    match word {
        "OK" => AlarmState::Ok,
        "ALARM" => AlarmState::Alarm,
        _ => AlarmState::InsufficientData,
    }
}

/// Returns the states of an alarm since a moment, oldest first.
async fn history(
    session: &Session,
    name: &str,
    now: Now,
    began: Timestamp,
) -> Result<Vec<(Timestamp, AlarmState)>, AwsError> {
    let request = session
        .cloudwatch()
        .describe_alarm_history()
        .alarm_name(name)
        .alarm_types(AlarmType::MetricAlarm)
        .alarm_types(AlarmType::CompositeAlarm)
        .history_item_type(HistoryItemType::StateUpdate)
        .start_date(DateTime::from_secs(began.as_second()))
        .scan_by(ScanBy::TimestampAscending)
        .max_records(PAGE);
    let mut items = Vec::new();
    pages(DESCRIBE_HISTORY, request.into_paginator().send(), |page| {
        items.extend(page.alarm_history_items.unwrap_or_default());
    })
    .await?;
    Ok(in_order(&items, now, began))
}

/// Puts the changes of state in order, behind what it was before the first of them.
fn in_order(
    items: &[AlarmHistoryItem],
    (is_now, since): Now,
    began: Timestamp,
) -> Vec<(Timestamp, AlarmState)> {
    let mut changes: Vec<(Timestamp, AlarmState, AlarmState)> =
        items.iter().filter_map(change).filter(|one| one.0 >= began).collect();
    changes.sort_by_key(|one| one.0);
    let first = match (changes.first(), since) {
        (Some((_, before, _)), _) => *before,
        // It changed after the moment, and the history does not have it yet.
        (None, Some(since)) if since > began => AlarmState::InsufficientData,
        (None, _) => is_now,
    };
    let mut states = vec![(began, first)];
    states.extend(changes.iter().map(|(at, _, after)| (*at, *after)));
    let latest = states.last().map(|(at, state)| (*at, *state));
    // The listing may know more than the history does.
    if let Some((at, state)) = latest
        && state != is_now
    {
        states.push((since.unwrap_or(at).max(at), is_now));
    }
    states
}

/// Returns when an alarm changed, from what and to what, as the history's own data says.
fn change(item: &AlarmHistoryItem) -> Option<(Timestamp, AlarmState, AlarmState)> {
    let at = moment::moment(item.timestamp()?)?;
    let data: Value = serde_json::from_str(item.history_data()?).ok()?;
    let of = |key: &str| data.get(key)?.get("stateValue")?.as_str().map(word);
    Some((at, of("oldState")?, of("newState")?))
}

#[cfg(test)]
mod tests {
    use super::*;

    const OK: AlarmState = AlarmState::Ok;
    const ON: AlarmState = AlarmState::Alarm;
    const NO_DATA: AlarmState = AlarmState::InsufficientData;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).expect("a moment")
    }

    fn item(second: i64, from: &str, to: &str) -> AlarmHistoryItem {
        let data = serde_json::json!({
            "version": "1.0",
            "oldState": {"stateValue": from, "stateReason": "x"},
            "newState": {"stateValue": to},
        });
        AlarmHistoryItem::builder()
            .alarm_name("lobby-slow")
            .timestamp(DateTime::from_secs(second))
            .history_data(data.to_string())
            .build()
    }

    fn check(items: &[AlarmHistoryItem], now: Now, expected: &[(i64, AlarmState)]) {
        let states = in_order(items, now, at(1_000));
        let expected: Vec<_> =
            expected.iter().map(|(second, state)| (at(*second), *state)).collect();
        assert_eq!(states, expected);
    }

    #[test]
    fn a_history_begins_with_what_was_before_its_first_change() {
        check(&[], (OK, Some(at(10))), &[(1_000, OK)]);
        check(&[], (ON, None), &[(1_000, ON)]);
        check(
            &[item(1_300, "ALARM", "OK"), item(1_200, "OK", "ALARM")],
            (OK, Some(at(1_300))),
            &[(1_000, OK), (1_200, ON), (1_300, OK)],
        );
        // What happened before the moment is not asked for.
        check(&[item(900, "OK", "ALARM")], (ON, Some(at(900))), &[(1_000, ON)]);
    }

    #[test]
    fn what_the_history_does_not_have_yet_is_taken_from_the_listing() {
        let items = [item(1_200, "INSUFFICIENT_DATA", "OK")];
        check(&items, (ON, Some(at(1_400))), &[(1_000, NO_DATA), (1_200, OK), (1_400, ON)]);
        // From what it changed is not known then.
        check(&[], (ON, Some(at(1_400))), &[(1_000, NO_DATA), (1_400, ON)]);
    }

    #[test]
    fn a_word_that_is_not_known_is_no_good_news() {
        assert_eq!((word("OK"), word("ALARM"), word("MUTED")), (OK, ON, NO_DATA));
    }

    #[test]
    fn an_alarm_that_only_scales_is_a_thermostat() {
        let with = |actions: &[&str]| {
            let actions = actions.iter().map(|&one| one.to_owned()).collect();
            MetricAlarm::builder().alarm_name("a").set_alarm_actions(Some(actions)).build()
        };
        let scales =
            "arn:aws:autoscaling:r:1:scalingPolicy:x:autoScalingGroupName/web:policyName/p";
        assert!(is_thermostat(&with(&[scales])));
        assert!(!is_thermostat(&with(&[scales, "arn:aws:sns:r:1:oncall"])));
        assert!(!is_thermostat(&with(&[])));
    }

    #[test]
    fn a_resource_is_named_as_its_dimension_names_it() {
        for (resource, expected) in [
            ("i-1", "i-1"),
            ("arn:aws:elasticloadbalancing:r:1:targetgroup/web/0a1b", "targetgroup/web/0a1b"),
            ("arn:aws:elasticloadbalancing:r:1:loadbalancer/app/web/0a1b", "app/web/0a1b"),
        ] {
            assert_eq!(value_of(resource), expected);
        }
    }
}
