//! How old what is shown is: the bill by its last day, the analysis by its moment.

use jiff::Timestamp;
use jiff::civil::Date;

use trimtab_app::failure::Failure;
use trimtab_app::pipeline;
use trimtab_app::pipeline::demo::clock_of;

use crate::shared::Shared;

/// Days behind its last day from which on a bill is old: AWS closes a day within two.
const BILL_DAYS: i32 = 3;
/// Days after which an analysis is old: it is made every week.
const ANALYSIS_DAYS: i32 = 8;

/// What is old of what is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Age {
    /// The last day of the bill, and how many days ago it was, where that is long.
    pub(crate) bill: Option<(Date, i32)>,
    /// How many days ago the analysis was made, where that is long.
    pub(crate) analysis: Option<i32>,
}

/// Returns what is old today.
///
/// # Errors
/// Fails if the store cannot be read.
pub(crate) fn age(shared: &Shared) -> Result<Age, Failure> {
    let bill = if shared.has_bills()? { shared.covered()?.map(|days| days.last) } else { None };
    let zone = &shared.settings.timezone;
    let visible = shared.analysis()?;
    let in_zone = |moment: Timestamp| moment.to_zoned_datetime(zone.clone()).date();
    // A story ends when it ends, and is not old on the day after.
    let now = pipeline::now();
    let now = visible.as_ref().map_or(now, |visible| clock_of(&visible.whole, now));
    let made = visible.map(|visible| in_zone(visible.whole.as_of));
    Ok(Age::on(in_zone(now), bill, made))
}

impl Age {
    fn on(today: Date, bill: Option<Date>, analysis: Option<Date>) -> Self {
        let days = |day: Date| today.since(day).map_or(0, |span| span.get_days());
        let old = |day: Date, most: i32| Some(days(day)).filter(|days| *days > most);
        Self {
            bill: bill.and_then(|day| Some((day, old(day, BILL_DAYS)?))),
            analysis: analysis.and_then(|day| old(day, ANALYSIS_DAYS)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bill_is_old_after_three_days_and_an_analysis_after_eight() {
        let date = |text: &str| text.parse::<Date>().unwrap();
        let on =
            |bill, analysis| Age::on(date("2026-11-27"), Some(date(bill)), Some(date(analysis)));
        assert_eq!(on("2026-11-24", "2026-11-19"), Age::default());
        let old = on("2026-11-23", "2026-11-18");
        assert_eq!(old, Age { bill: Some((date("2026-11-23"), 4)), analysis: Some(9) });
        assert_eq!(Age::on(date("2026-11-27"), None, None), Age::default());
    }
}
