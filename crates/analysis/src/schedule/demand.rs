//! In which hours of the week a resource was used, and in which it certainly was not.

use trimtab_model::calendar::WeekHour;
use trimtab_model::evidence::Figure;
use trimtab_model::recommendation::Unknown;
use trimtab_model::schedule::{WeekPlan, hour_name};
use trimtab_model::text::{Reason, counted};

use crate::observation::Observation;

/// A measure of use, hour by hour.
#[derive(Debug, Clone)]
pub struct Signal<'a> {
    /// The name of the figure.
    pub name: &'static str,
    /// What it is called in English and in Korean.
    pub label: (&'static str, &'static str),
    /// The unit that is shown.
    pub unit: &'static str,
    /// The value at which use begins.
    pub limit: f64,
    /// Whether the limit itself is a use.
    pub bound: Bound,
    /// How samples become values.
    pub scale: Scale,
    /// What the samples can prove.
    pub proof: Proof,
    /// What is watched: of each the series that add up. The busiest one counts.
    pub subjects: Vec<Vec<Observation<'a>>>,
}

/// Whether the limit itself is a use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bound {
    /// From the limit on.
    From,
    /// Above the limit only.
    Above,
}

/// What the samples of a signal can prove.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proof {
    /// Use, and where they stay below the limit that there was none.
    UseAndRest,
    /// Use only: while nothing happens no sample comes, so that silence is not told from a gap.
    UseOnly,
}

/// How samples become values.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Scale {
    /// As they are.
    Plain,
    /// Amounts of a period become amounts a second, shared by so many.
    PerSecondOf(f64),
}

/// What is known of an hour of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hour {
    /// It was used in some week.
    Used,
    /// It was seen often enough, and never used.
    Idle,
    /// It was not seen often enough from end to end, and no use was seen.
    Unproven,
}

/// The demand of a week.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Demand {
    hours: Vec<Hour>,
    /// Weeks in which every idle hour was seen from end to end.
    pub weeks: u16,
}

impl Signal<'_> {
    /// Returns the highest value of an hour over all weeks; absent where nothing was seen.
    pub fn highest(&self, hour: WeekHour) -> Option<f64> {
        let of_subject = |series: &Vec<Observation<'_>>| {
            let seen = series.iter().filter_map(|one| {
                let max = one.profile.local_week.as_ref()?.max(hour)?;
                Some(match self.scale {
                    Scale::Plain => max,
                    Scale::PerSecondOf(sharers) => {
                        max / f64::from(one.profile.period_seconds.max(1)) / sharers.max(1.0)
                    }
                })
            });
            seen.reduce(|sum, value| sum + value)
        };
        self.subjects.iter().filter_map(of_subject).reduce(f64::max)
    }

    fn is_used(&self, hour: WeekHour) -> bool {
        self.highest(hour).is_some_and(|value| match self.bound {
            Bound::From => value >= self.limit,
            Bound::Above => value > self.limit,
        })
    }

    /// Returns how often every series saw the hour from end to end.
    fn complete(&self, hour: WeekHour) -> u16 {
        let times = self
            .subjects
            .iter()
            .flatten()
            .map(|one| one.profile.local_week.as_ref().map_or(0, |week| week.complete(hour)));
        times.min().unwrap_or_default()
    }

    /// Returns the figure of the hours in which a schedule is off, beside the limit.
    pub fn figure(&self, week: &WeekPlan) -> Figure {
        let off = WeekHour::all().filter(|hour| week.is_off(*hour));
        let highest = off.filter_map(|hour| self.highest(hour)).fold(0.0, f64::max);
        let (en, ko) = self.label;
        Figure::number(self.name, en, ko, highest, self.unit).against(self.limit)
    }
}

impl Demand {
    /// Reads the week from signals: one use in any week is a use of that hour.
    pub fn of(signals: &[Signal<'_>], min_weeks: u16) -> Self {
        let complete = |hour| {
            proving_rest(signals).map(|signal| signal.complete(hour)).min().unwrap_or_default()
        };
        let hours: Vec<Hour> = WeekHour::all()
            .map(|hour| {
                if signals.iter().any(|signal| signal.is_used(hour)) {
                    Hour::Used
                } else if complete(hour) >= min_weeks.max(1) {
                    Hour::Idle
                } else {
                    Hour::Unproven
                }
            })
            .collect();
        let idle = WeekHour::all().zip(&hours).filter(|(_, state)| **state == Hour::Idle);
        let weeks = idle.map(|(hour, _)| complete(hour)).min().unwrap_or_default();
        Self { hours, weeks }
    }

    /// Returns what is known of an hour.
    pub fn at(&self, hour: WeekHour) -> Hour {
        self.hours.get(hour.index()).copied().unwrap_or(Hour::Unproven)
    }

    /// Returns whether any hour was used.
    pub fn is_ever_used(&self) -> bool {
        self.hours.contains(&Hour::Used)
    }

    /// Makes sure that every hour was used, or seen often enough.
    ///
    /// # Errors
    /// Returns `Unknown` if some hour was not: `settled_by` would settle it.
    pub fn require_proof(&self, min_weeks: u16, settled_by: Vec<String>) -> Result<(), Unknown> {
        let unproven: Vec<WeekHour> =
            WeekHour::all().filter(|hour| self.at(*hour) == Hour::Unproven).collect();
        let Some(first) = unproven.first() else { return Ok(()) };
        let (count, name) = (unproven.len(), hour_name(*first));
        let reason = Reason::new(
            "hours-unseen",
            format!(
                "Too few weeks have samples throughout {} of the week, such as {}: {min_weeks} are needed, and holidays count as Sundays.",
                counted(count, "hour"),
                name.en
            ),
            format!(
                "일주일 중 {count}개 시간대(예: {})는 빠짐없이 관측된 주가 {min_weeks}주보다 적습니다. 공휴일은 일요일로 계산합니다.",
                name.ko
            ),
        );
        Err(Unknown { reason, settled_by })
    }
}

/// Returns the signals that can prove that there was no use.
pub fn proving_rest<'s, 'a>(signals: &'s [Signal<'a>]) -> impl Iterator<Item = &'s Signal<'a>> {
    signals.iter().filter(|signal| signal.proof == Proof::UseAndRest)
}

/// Returns the idle hour in which the first signal was highest, and that value.
pub fn busiest_off_hour(signals: &[Signal<'_>], week: &WeekPlan) -> Option<(WeekHour, f64)> {
    let signal = signals.first()?;
    WeekHour::all()
        .filter(|hour| week.is_off(*hour))
        .filter_map(|hour| Some((hour, signal.highest(hour)?)))
        .reduce(|busiest, next| if next.1 > busiest.1 { next } else { busiest })
}
