//! Whether a signal got worse than it is for others, or than it was in earlier weeks.
//!
//! Others that are not changed come first: they share the day. Only where there are none, the
//! earlier weeks of the resource itself stand in for them.

use trimtab_model::gate::{Blame, HealthGate, Presence};
use trimtab_model::text::Reason;

use super::case::Case;
use super::finding::Findings;
use super::hours::{self, Hours};
use super::series::Series;
use super::signal::{is_comparable, name};
use super::{control, history};

/// Adds how a signal is beside others, or beside earlier weeks.
pub(super) fn look(
    case: &Case<'_>,
    gate: &HealthGate,
    series: &Series,
    controls: &[Series],
    findings: &mut Findings,
) {
    let signal = gate.signal;
    if !is_comparable(signal) {
        return;
    }
    let watched = case.hours();
    let limits = case.limits;
    let (by, percent, effects, than, than_ko) = if gate.controls.is_empty() {
        (
            "history",
            limits.history_difference_percent,
            history::effects(series, &watched),
            "in the same hours of earlier weeks",
            "지난 4주 같은 시간대",
        )
    } else {
        (
            "control",
            limits.control_difference_percent,
            control::effects(series, controls, &watched),
            "others of its kind let expect",
            "변경하지 않은 같은 종류의 리소스",
        )
    };
    findings.figure(signal, &format!("{by}-limit"), percent);
    let (en, ko) = name(signal);
    match hours::judge(&effects, percent / 100.0) {
        Hours::Worse { from, effect } => {
            findings.figure(signal, &format!("{by}-worst"), effect * 100.0);
            findings.fail(
                Blame::Change,
                Reason::new(
                    format!("worse-than-{by}"),
                    format!(
                        "{en} is worse than {than} by up to {:.0} % in most hours from {from} on; {percent:.0} % are allowed.",
                        effect * 100.0
                    ),
                    format!(
                        "{ko}: {from}부터 대부분의 시간이 {than_ko} 대비 최대 {:.0}% 나빠졌습니다. 허용 범위는 {percent:.0}%입니다.",
                        effect * 100.0
                    ),
                ),
            );
        }
        Hours::Well { worst } => findings.figure(signal, &format!("{by}-worst"), worst * 100.0),
        Hours::Undecided { worst } => {
            findings.figure(signal, &format!("{by}-worst"), worst * 100.0);
            findings.inconclusive(Reason::new(
                format!("{by}-undecided"),
                format!("{en}: some hours were worse than {than}. Later hours decide, or a person."),
                format!("{ko}: 일부 시간이 {than_ko}보다 나빴습니다. 이후 시간을 더 보거나 사람이 판단해야 합니다."),
            ));
        }
        Hours::Few { compared, of } => {
            let hours = hours::needed().as_hours();
            let reason = Reason::new(
                format!("{by}-too-short"),
                format!(
                    "{en}: {compared} of {of} hours can be compared; it takes {hours}, and three quarters of all."
                ),
                format!(
                    "{ko}: {of}시간 중 {compared}시간만 {than_ko}와 비교할 수 있습니다. {hours}시간 이상, 전체의 4분의 3이 필요합니다."
                ),
            );
            match gate.presence {
                Presence::Required => findings.inconclusive(reason),
                Presence::Optional => findings.say(reason),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use trimtab_model::gate::{GateState, Signal};

    use super::super::sample::{Sample, Shape as _, gate};

    /// A day without others, that is so much worse than earlier weeks in its hours.
    fn sample(factor: impl Fn(f64) -> f64) -> Sample {
        let signal = Signal::LatencyP95;
        Sample::of(gate(signal)).reads(signal, "i-1", move |hour, week| {
            Some(100.0 * if week == 0 { factor(hour) } else { 1.0 })
        })
    }

    fn check(sample: &Sample, state: GateState, percent: i64) {
        let verdict = sample.verdict();
        let figure = |name: &str| verdict.figures.get(name).map(|value| value.round() as i64);
        let found = (verdict.state, figure("latency-p95.history-worst"));
        assert_eq!(found, (state, Some(percent)), "{verdict:#?}");
        assert_eq!(figure("latency-p95.history-limit"), Some(25));
    }

    #[test]
    fn by_how_much_the_worst_hour_is_worse_is_kept_whatever_the_verdict_is() {
        check(&sample(|_| 1.1), GateState::Pass, 10);
        check(&sample(|hour| if hour > 22.5 { 1.4 } else { 1.0 }), GateState::Inconclusive, 40);
        check(&sample(|_| 1.3), GateState::Fail, 30);
    }

    #[test]
    fn by_how_much_it_is_worse_is_said_in_percent() {
        let text = sample(|_| 1.3).verdict().reasons.remove(0).text;
        assert!(
            text.en.contains("by up to 30 %") && text.en.contains("25 % are allowed"),
            "{text:?}"
        );
        assert!(text.ko.contains("최대 30%") && text.ko.contains("25%입니다"), "{text:?}");
    }

    #[test]
    fn use_in_percent_of_a_size_is_not_compared() {
        let signal = Signal::CpuUtilization;
        Sample::of(gate(signal))
            .reads(signal, "i-1", |_, week| Some(if week == 0 { 60.0 } else { 20.0 }))
            .check(GateState::Pass, "well");
    }

    #[test]
    fn too_few_hours_keep_what_must_be_known_from_passing_and_are_said_of_what_need_not() {
        let signal = Signal::LatencyP95;
        let with = |one| Sample::of(one).reads(signal, "i-1", |_, week| (week == 0).then_some(9.0));
        with(gate(signal)).check(GateState::Inconclusive, "history-too-short");
        with(gate(signal).optional()).check_state(GateState::Pass);
    }
}
