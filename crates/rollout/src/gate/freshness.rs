//! Whether a reading may be believed at all: its age, and whose clock it is by.

use jiff::SignedDuration;

use trimtab_model::gate::GateReading;
use trimtab_model::text::Reason;

use super::case::Case;

/// How old a reading may be when it is judged.
const YOUNG: SignedDuration = SignedDuration::from_mins(15);
/// How far our clock may be from the source's. Beyond it, the points of the watched time may be
/// of the time before the change.
pub(super) const SKEW: SignedDuration = SignedDuration::from_secs(60);

/// Returns why a reading is not believed.
///
/// Where the source does not say its time, its points do: those of the future tell of a clock
/// that is slow, and old ones of a clock that is fast. `series` looks at both.
pub(super) fn disbelief(case: &Case<'_>, reading: &GateReading) -> Option<Reason> {
    if let Some(offset) = reading.clock_offset
        && offset.abs() > SKEW
    {
        let seconds = offset.abs().as_secs();
        return Some(Reason::new(
            "clock-offset",
            format!("This machine's clock is {seconds} s off. Set it and read again."),
            format!(
                "이 컴퓨터의 시계가 {seconds}초 어긋나 있습니다. 시계를 맞춘 뒤 다시 읽으세요."
            ),
        ));
    }
    let age = case.now.duration_since(reading.at);
    (age > YOUNG || age < -SKEW).then(|| {
        Reason::new(
            "reading-old",
            format!("The metrics were read at {}, not just now.", reading.at),
            format!("지표를 읽은 시각({})이 지금이 아닙니다.", reading.at),
        )
    })
}

#[cfg(test)]
mod tests {
    use trimtab_model::gate::{GateState, Signal};

    use super::super::sample::{Sample, gate};
    use super::*;

    #[test]
    fn a_reading_is_believed_for_a_quarter_of_an_hour_and_a_minute_before_its_time() {
        let with = |seconds: i64| {
            let signal = Signal::StatusCheckFailed;
            let mut sample = Sample::of(gate(signal)).reads(signal, "i-1", |_, _| Some(0.0));
            sample.now += SignedDuration::from_secs(seconds);
            sample
        };
        with(15 * 60).check_state(GateState::Pass);
        with(15 * 60 + 1).check(GateState::Inconclusive, "reading-old");
        // Its soak of a day is over at the very second, and not before it.
        let ahead = |seconds: i64| {
            let mut sample = with(-seconds);
            sample.soak = SignedDuration::from_hours(1);
            sample
        };
        ahead(60).check_state(GateState::Pass);
        ahead(61).check(GateState::Inconclusive, "reading-old");
    }

    #[test]
    fn e24_a_clock_that_is_off_says_by_how_much() {
        let signal = Signal::StatusCheckFailed;
        let mut sample = Sample::of(gate(signal)).reads(signal, "i-1", |_, _| Some(0.0));
        sample.reading.clock_offset = Some(SignedDuration::from_secs(-75));
        sample.check(GateState::Inconclusive, "clock-offset");
        assert!(sample.verdict().reasons.remove(0).text.en.contains("75 s off"));
    }
}
