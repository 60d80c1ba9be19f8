//! Whether an alarm of the owner's went off that was not on before the change.
//!
//! An alarm is on where it is for more than half of a quarter of an hour, so that one that goes
//! on and off every minute is decided once. While it is on for less, nothing passes. An alarm
//! that was on before the change began says nothing about the change: it is named, and not
//! counted. A strict one fails as soon as it is on, and one that was on before lets nothing pass.

use jiff::{SignedDuration, Timestamp};

use trimtab_model::gate::{
    AlarmHistory, AlarmState, Blame, GateReading, HealthGate, Presence, Signal,
};
use trimtab_model::period::Period;
use trimtab_model::text::Reason;

use super::case::Case;
use super::finding::Findings;
use super::series::{Series, incomplete};

const MINUTE: SignedDuration = SignedDuration::from_mins(1);
/// The minutes that are looked at together.
const STRETCH: usize = 15;

/// Adds what the alarms of a gate say.
pub(super) fn look(
    case: &Case<'_>,
    gate: &HealthGate,
    settled: Period,
    reading: &GateReading,
    findings: &mut Findings,
) {
    let (_, wrong) = Series::of(Signal::Alarm, &gate.source, reading);
    for reason in wrong {
        findings.inconclusive(reason);
    }
    let found: Vec<&AlarmHistory> =
        reading.alarms.iter().filter(|one| one.source == gate.source).collect();
    findings.figure(Signal::Alarm, "watching", found.len() as f64);
    if found.is_empty() && gate.presence == Presence::Required {
        findings.inconclusive(gone(gate));
    }
    for alarm in found {
        if let Some(reason) = incomplete(Signal::Alarm, &alarm.source, &alarm.status) {
            findings.inconclusive(reason);
        }
        one(case, gate, alarm, settled, findings);
    }
}

fn one(
    case: &Case<'_>,
    gate: &HealthGate,
    alarm: &AlarmHistory,
    settled: Period,
    findings: &mut Findings,
) {
    let before = state_at(alarm, case.began);
    if gate.is_strict && before == Some(AlarmState::Alarm) {
        findings.inconclusive(was_on_and_blinds(alarm));
        return;
    }
    if before == Some(AlarmState::Alarm) {
        findings.say(was_on(alarm));
        return;
    }
    let minutes = minutes(alarm, settled);
    let is_on = |part: &[bool]| part.iter().filter(|on| **on).count();
    let longest = minutes.windows(STRETCH).map(is_on).max().unwrap_or(0);
    let latest = minutes.get(minutes.len().saturating_sub(STRETCH)..).map_or(0, is_on);
    let now = state_at(alarm, settled.end());
    // Of what is shorter than a stretch, all is one.
    let any = is_on(&minutes);
    let is_on_now = now == Some(AlarmState::Alarm);
    if gate.is_strict && (any > 0 || is_on_now) {
        findings.fail(Blame::Change, rang(alarm));
    } else if longest > STRETCH / 2 {
        findings.fail(Blame::Change, went_off(alarm, longest));
    } else if latest > 0 || is_on_now {
        findings.inconclusive(still_on(alarm));
    } else if longest > 0 {
        findings.say(was_on_shortly(alarm, longest));
    }
    let is_silent = !matches!(now, Some(AlarmState::Ok | AlarmState::Alarm));
    let was_silent = before == Some(AlarmState::InsufficientData);
    if is_silent && was_silent && gate.presence == Presence::Optional {
        findings.say(never_knew(alarm));
    } else if is_silent {
        findings.inconclusive(knows_nothing(alarm));
    }
}

/// Returns what an alarm was at a moment.
fn state_at(alarm: &AlarmHistory, at: Timestamp) -> Option<AlarmState> {
    let latest = alarm.states.iter().filter(|(since, _)| *since <= at).max_by_key(|one| one.0);
    let first = || alarm.states.iter().min_by_key(|one| one.0);
    latest.or_else(first).map(|(_, state)| *state)
}

/// Returns for each minute of a period whether an alarm was on in it at any time.
fn minutes(alarm: &AlarmHistory, period: Period) -> Vec<bool> {
    let mut minutes = Vec::new();
    let mut start = period.start();
    while let Ok(end) = start.saturating_add(MINUTE) {
        if end > period.end() {
            break;
        }
        let turned_on = alarm
            .states
            .iter()
            .any(|(since, state)| (start..end).contains(since) && *state == AlarmState::Alarm);
        minutes.push(turned_on || state_at(alarm, start) == Some(AlarmState::Alarm));
        start = end;
    }
    minutes
}

fn went_off(alarm: &AlarmHistory, minutes: usize) -> Reason {
    let name = &alarm.name;
    Reason::new(
        "alarm",
        format!(
            "Alarm {name} was on for {minutes} of {STRETCH} minutes, and not before the change."
        ),
        format!(
            "변경 전에는 정상이던 {name} 알람이 {STRETCH}분 중 {minutes}분 동안 ALARM 상태였습니다."
        ),
    )
}

fn still_on(alarm: &AlarmHistory) -> Reason {
    let name = &alarm.name;
    Reason::new(
        "alarm-on",
        format!("Alarm {name} is on, or was a moment ago: the next minutes decide."),
        format!("{name} 알람이 ALARM 상태이거나 방금까지 그랬습니다. 몇 분 더 지켜봅니다."),
    )
}

fn was_on_shortly(alarm: &AlarmHistory, minutes: usize) -> Reason {
    let name = &alarm.name;
    Reason::new(
        "alarm-shortly",
        format!("Alarm {name} was on for {minutes} of {STRETCH} minutes: too shortly to count."),
        format!("{name} 알람이 {STRETCH}분 중 {minutes}분만 ALARM 상태여서 계산에 넣지 않습니다."),
    )
}

fn was_on(alarm: &AlarmHistory) -> Reason {
    let name = &alarm.name;
    Reason::new(
        "alarm-before",
        format!("Alarm {name} was on before the change: it is not counted."),
        format!("{name} 알람은 변경 전부터 ALARM 상태여서 계산에 넣지 않습니다."),
    )
}

fn was_on_and_blinds(alarm: &AlarmHistory) -> Reason {
    let name = &alarm.name;
    Reason::new(
        "alarm-blind",
        format!(
            "Alarm {name} was on before the change, so that it cannot tell what goes wrong after it: clear what it rings for first."
        ),
        format!(
            "{name} 알람이 변경 전부터 ALARM 상태라 변경 뒤의 문제를 알아낼 수 없습니다. 알람의 원인부터 해결하세요."
        ),
    )
}

fn rang(alarm: &AlarmHistory) -> Reason {
    let name = &alarm.name;
    Reason::new(
        "alarm",
        format!("Alarm {name} went off, and was not on before the change."),
        format!("변경 전에는 정상이던 {name} 알람이 ALARM 상태가 되었습니다."),
    )
}

fn knows_nothing(alarm: &AlarmHistory) -> Reason {
    let name = &alarm.name;
    Reason::new(
        "alarm-insufficient-data",
        format!("Alarm {name} has insufficient data: what it watches is not known."),
        format!("{name} 알람이 INSUFFICIENT_DATA 상태라 감시 대상의 상태를 알 수 없습니다."),
    )
}

fn never_knew(alarm: &AlarmHistory) -> Reason {
    let name = &alarm.name;
    Reason::new(
        "alarm-never-known",
        format!("Alarm {name} had insufficient data before the change as well: it is not counted."),
        format!("{name} 알람은 변경 전부터 INSUFFICIENT_DATA 상태여서 계산에 넣지 않습니다."),
    )
}

fn gone(gate: &HealthGate) -> Reason {
    let name = &gate.source.resource;
    Reason::new(
        "alarm-missing",
        format!(
            "There is no alarm {name}, which rollout.gate.alarms or the project of a function names."
        ),
        format!("rollout.gate.alarms나 함수 프로젝트에 적힌 {name} 알람이 없습니다."),
    )
}

#[cfg(test)]
mod tests {
    use trimtab_model::gate::{GateState, PointsStatus};

    use super::super::sample::{Sample, Shape as _, gate};
    use super::*;

    const OK: AlarmState = AlarmState::Ok;
    const ON: AlarmState = AlarmState::Alarm;
    const NO_DATA: AlarmState = AlarmState::InsufficientData;

    /// A day in which an alarm is in these states, each from so many minutes after the beginning
    /// on. The change itself began ten minutes before watching did.
    fn sample(states: &[(i64, AlarmState)], gate: HealthGate) -> Sample {
        let mut sample = Sample::of(gate);
        let at = |minutes| sample.since + SignedDuration::from_mins(minutes);
        sample.reading.alarms = vec![AlarmHistory {
            source: sample.gates[0].source.clone(),
            name: "lobby-slow".to_owned(),
            status: PointsStatus::Complete,
            states: states.iter().map(|(minutes, state)| (at(*minutes), *state)).collect(),
        }];
        sample
    }

    fn check(states: &[(i64, AlarmState)], state: GateState, code: &str) {
        let states: Vec<_> = states.iter().map(|(minute, state)| (minute * 60, *state)).collect();
        check_seconds(&states, state, code);
    }

    fn check_seconds(states: &[(i64, AlarmState)], state: GateState, code: &str) {
        let mut sample = sample(&[], gate(Signal::Alarm).optional());
        let at = |second| sample.since + SignedDuration::from_secs(second);
        let states = states.iter().map(|(second, state)| (at(*second), *state)).collect();
        sample.reading.alarms[0].states = states;
        let verdict = sample.verdict();
        let states = &sample.reading.alarms[0].states;
        assert_eq!(verdict.state, state, "{states:?} {verdict:#?}");
        let codes: Vec<&str> = verdict.reasons.iter().map(|one| one.code.as_str()).collect();
        assert_eq!(codes.first().copied().unwrap_or_default(), code, "{states:?}");
    }

    #[test]
    fn an_alarm_that_goes_off_after_the_change_fails_and_one_that_was_on_before_does_not() {
        check(&[(-60, OK)], GateState::Pass, "");
        check(&[(-60, OK), (300, ON)], GateState::Fail, "alarm");
        check(&[(-60, ON)], GateState::Pass, "alarm-before");
        check(&[(-60, ON), (100, OK), (300, ON)], GateState::Pass, "alarm-before");
    }

    #[test]
    fn what_the_change_itself_sets_off_is_over_once_it_has_settled() {
        check(&[(-60, OK), (-5, ON), (10, OK)], GateState::Pass, "alarm-before");
        check(&[(-60, OK), (2, ON), (12, OK)], GateState::Pass, "");
        check(&[(-60, OK), (2, ON)], GateState::Fail, "alarm");
    }

    #[test]
    fn e08_an_alarm_that_flaps_every_minute_is_decided_once_and_stays_so() {
        let flaps = |from: i64, until: i64| {
            let mut states = vec![(-60, OK)];
            states.extend(
                (from..until).map(|minute| (minute, if minute % 2 == 0 { ON } else { OK })),
            );
            states
        };
        // Every second minute of a quarter of an hour: eight of fifteen.
        check(&flaps(100, 130), GateState::Fail, "alarm");
        // However much is read behind it, it is the same decision.
        check(&flaps(100, 1_440), GateState::Fail, "alarm");
        // Seven of fifteen are not enough.
        check(&flaps(102, 116), GateState::Pass, "alarm-shortly");
        check(&[(-60, OK), (100, ON), (107, OK)], GateState::Pass, "alarm-shortly");
        check(&[(-60, OK), (100, ON), (108, OK)], GateState::Fail, "alarm");
    }

    #[test]
    fn e08_an_alarm_that_is_on_for_a_moment_neither_fails_nor_passes() {
        check(&[(-60, OK), (1_436, ON)], GateState::Inconclusive, "alarm-on");
        check(&[(-60, OK), (1_436, ON), (1_438, OK)], GateState::Inconclusive, "alarm-on");
        check(&[(-60, OK), (1_400, ON), (1_403, OK)], GateState::Pass, "alarm-shortly");
        // The last quarter of an hour is what counts as a moment ago.
        check(&[(-60, OK), (1_439, ON), (1_440, OK)], GateState::Inconclusive, "alarm-on");
        check(&[(-60, OK), (1_425, ON), (1_426, OK)], GateState::Inconclusive, "alarm-on");
        check(&[(-60, OK), (1_424, ON), (1_425, OK)], GateState::Pass, "alarm-shortly");
        check(&[(-60, OK), (1_440, ON)], GateState::Inconclusive, "alarm-on");
        // Within a minute is one minute.
        check_seconds(&[(-3_600, OK), (6_030, ON), (6_040, OK)], GateState::Pass, "alarm-shortly");
    }

    #[test]
    fn a_strict_alarm_fails_at_once_and_one_that_was_on_before_never_passes() {
        let strict = |states: &[(i64, AlarmState)], state, code| {
            let mut one = sample(states, gate(Signal::Alarm));
            one.gates[0].is_strict = true;
            one.check(state, code);
        };
        strict(&[(-60, OK), (100, ON), (101, OK)], GateState::Fail, "alarm");
        strict(&[(-60, OK), (1_436, ON)], GateState::Fail, "alarm");
        // The first minutes count too.
        strict(&[(-60, OK), (2, ON), (4, OK)], GateState::Fail, "alarm");
        strict(&[(-60, ON)], GateState::Inconclusive, "alarm-blind");
        strict(&[(-60, ON), (100, OK), (300, ON)], GateState::Inconclusive, "alarm-blind");
        let mut well = sample(&[(-60, OK)], gate(Signal::Alarm));
        well.gates[0].is_strict = true;
        well.check_state(GateState::Pass);
    }

    #[test]
    fn alarms_of_others_are_not_looked_at_and_those_found_are_counted() {
        let mut sample = sample(&[(-60, OK), (300, ON)], gate(Signal::Alarm));
        assert_eq!(sample.verdict().figures.get("alarm.watching"), Some(&1.0));
        sample.reading.alarms[0].source.metric = "another".to_owned();
        sample.check(GateState::Inconclusive, "alarm-missing");
        sample.gates[0].presence = Presence::Optional;
        sample.check_state(GateState::Pass);
    }

    #[test]
    fn insufficient_data_is_inconclusive_unless_it_never_had_any() {
        check(&[(-60, OK), (200, NO_DATA)], GateState::Inconclusive, "alarm-insufficient-data");
        check(&[(-60, NO_DATA)], GateState::Pass, "alarm-never-known");
        let named = sample(&[(-60, NO_DATA)], gate(Signal::Alarm));
        named.check(GateState::Inconclusive, "alarm-insufficient-data");
    }

    #[test]
    fn alarms_that_cannot_be_read_never_pass() {
        let mut sample = sample(&[(-60, OK)], gate(Signal::Alarm).optional());
        sample.reading.alarms[0].status = PointsStatus::Failed("InternalError".to_owned());
        sample.check(GateState::Inconclusive, "read-failed");
        sample.reading.alarms.clear();
        sample.check_state(GateState::Pass);
        sample.gates[0].presence = Presence::Required;
        sample.check(GateState::Inconclusive, "alarm-missing");
    }
}
