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
