//! How often a schedule runs.

use super::project::{Scaffold, Template};

/// Minutes of a day.
pub(super) const DAY: u32 = 1440;
/// The longest that CloudWatch keeps figures, in minutes: 455 days.
pub(super) const LONGEST_LOOK_MINUTES: u32 = 455 * DAY;
/// The shortest time that the gate looks at, in minutes: one point of a metric.
const SHORTEST_LOOK_MINUTES: u32 = 5;
/// The longest that a stop is watched, in days: no plan takes more.
const LONGEST_STOP_DAYS: u32 = 365;
/// The years that are walked through: three leap years, so that each of them has its place.
const YEARS: std::ops::Range<u32> = 2024..2036;
const MONTHS: [&str; 12] =
    ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const WEEKDAYS: [&str; 7] = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

impl Scaffold {
    /// Returns the longest time between two runs by the clock in minutes; `None` without a clock, and where
    /// its expression does not tell.
    pub(super) fn clock_minutes(&self) -> Option<u32> {
        match &self.template {
            Template::Schedule { expression } => longest_gap(expression),
            Template::S3Notice { .. } | Template::Http { .. } | Template::Queue => None,
        }
    }

    /// Returns how many minutes the gate looks back at least: two runs by the clock, as far as CloudWatch
    /// keeps figures, and all of that where the expression does not tell how often it runs.
    pub(super) fn look_back_minutes(&self) -> u32 {
        if !matches!(self.template, Template::Schedule { .. }) {
            return SHORTEST_LOOK_MINUTES;
        }
        self.clock_minutes().map_or(LONGEST_LOOK_MINUTES, |period| {
            period.saturating_mul(2).clamp(SHORTEST_LOOK_MINUTES, LONGEST_LOOK_MINUTES)
        })
    }

    /// Returns in how many days the clock has run at least once: one without a clock.
    pub(super) fn clock_days(&self) -> u32 {
        self.clock_minutes().map_or(1, |period| period.div_ceil(DAY).max(1))
    }

    /// Returns how many days the function is watched after the stop: until the clock has called, and where no
    /// clock tells, twice what usually lies between two runs of what it replaces. One where nothing is known.
    pub(super) fn stop_days(&self) -> u32 {
        match (self.clock_minutes(), self.usual_gap_minutes) {
            (Some(_), _) | (None, None) => self.clock_days(),
            (None, Some(gap)) => gap.saturating_mul(2).div_ceil(DAY).clamp(1, LONGEST_STOP_DAYS),
        }
    }

    /// Returns how many minutes the gates of the watch and of the stop look back: all of the stop's days, as far
    /// as CloudWatch keeps figures.
    pub(super) fn stop_minutes(&self) -> u32 {
        self.stop_days().saturating_mul(DAY).min(LONGEST_LOOK_MINUTES)
    }

    /// Returns how many days the function does the work before the stop: no fewer than are watched after it.
    pub(super) fn watch_days(&self) -> u32 {
        self.soak_days.max(self.stop_days())
    }
}

/// Returns the longest time between two runs of `rate(…)` or `cron(…)`, in minutes.
fn longest_gap(expression: &str) -> Option<u32> {
    let inside = |name: &str| expression.strip_prefix(name)?.strip_prefix('(')?.strip_suffix(')');
    if let Some(rate) = inside("rate") {
        let (number, unit) = rate.split_once(' ')?;
        let minutes = match unit.trim_end_matches('s') {
            "minute" => 1,
            "hour" => 60,
            "day" => DAY,
            _ => return None,
        };
        return number.parse::<u32>().ok()?.checked_mul(minutes);
    }
    let fields: Vec<&str> = inside("cron")?.split(' ').collect();
    // In single years it ends some time, and no distance tells when.
    let [minutes, hours, days, months, weekdays, "*"] = fields.as_slice() else { return None };
    let minutes = numbers(minutes, 0, 59, &[])?;
    let hours = numbers(hours, 0, 23, &[])?;
    let clock: Vec<u32> = hours
        .iter()
        .flat_map(|hour| minutes.iter().map(move |minute| hour * 60 + minute))
        .collect();
    let months = numbers(months, 1, 12, &MONTHS)?;
    let (first, last) = (clock.first()?, clock.last()?);
    let within = clock.iter().zip(clock.iter().skip(1)).map(|(earlier, later)| later - earlier);
    let within = within.max().unwrap_or_default();
    let mut longest = None;
    let mut before: Option<u32> = None;
    for (number, day) in (0_u32..).zip(all_days()) {
        if !months.contains(&day.month) || !is_day(days, weekdays, &day)? {
            continue;
        }
        if let Some(before) = before {
            let overnight = (number - before) * DAY + first - last;
            longest = longest.max(Some(overnight.max(within)));
        }
        before = Some(number);
    }
    longest
}

/// A day of the calendar.
struct Day {
    month: u32,
    day: u32,
    /// The last day of its month.
    last: u32,
    /// From 1 for Sunday to 7.
    weekday: u32,
}

fn all_days() -> impl Iterator<Item = Day> {
    let months = YEARS.flat_map(|year| (1..=12).map(move |month| (month, last_day(year, month))));
    let days = months.flat_map(|(month, last)| (1..=last).map(move |day| (month, day, last)));
    // The first of them is a Monday.
    days.zip((1..=7).cycle().skip(1)).map(|((month, day, last), weekday)| Day {
        month,
        day,
        last,
        weekday,
    })
}

fn last_day(year: u32, month: u32) -> u32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        // No year in the range is one of a century.
        2 if year.is_multiple_of(4) => 29,
        2 => 28,
        _ => 31,
    }
}

/// Returns whether a day is one of the days of the month, or of the week where those are not asked for.
fn is_day(days: &str, weekdays: &str, day: &Day) -> Option<bool> {
    let (field, is_of_week) = if days == "?" { (weekdays, true) } else { (days, false) };
    for item in field.split(',') {
        let is_it = if is_of_week { is_weekday(item, day) } else { is_day_of_month(item, day) };
        if is_it? {
            return Some(true);
        }
    }
    Some(false)
}

fn is_day_of_month(item: &str, day: &Day) -> Option<bool> {
    if item == "L" {
        return Some(day.day == day.last);
    }
    let Some(nearest) = item.strip_suffix('W') else {
        return Some(numbers(item, 1, 31, &[])?.contains(&day.day));
    };
    let wanted = if nearest == "L" { day.last } else { nearest.parse().ok()? };
    if wanted > day.last {
        return Some(false);
    }
    // Counted from a Sunday, so that nothing is below zero.
    let weekday = (day.weekday + 69 + wanted - day.day) % 7 + 1;
    let working = match weekday {
        7 if wanted == 1 => 3,
        7 => wanted - 1,
        1 if wanted == day.last => wanted.saturating_sub(2),
        1 => wanted + 1,
        _ => wanted,
    };
    Some(day.day == working)
}

fn is_weekday(item: &str, day: &Day) -> Option<bool> {
    if item == "L" {
        return Some(day.weekday == 7);
    }
    if let Some((weekday, place)) = item.split_once('#') {
        let is_place = (day.day - 1) / 7 + 1 == place.parse::<u32>().ok()?;
        return Some(is_place && number(weekday, &WEEKDAYS)? == day.weekday);
    }
    if let Some(weekday) = item.strip_suffix('L') {
        return Some(number(weekday, &WEEKDAYS)? == day.weekday && day.day + 7 > day.last);
    }
    Some(numbers(item, 1, 7, &WEEKDAYS)?.contains(&day.weekday))
}

/// Returns the numbers of a field in order: `*`, `5`, `1-5`, `0/15`, `MON-FRI`, and lists of them.
fn numbers(field: &str, lowest: u32, highest: u32, names: &[&str]) -> Option<Vec<u32>> {
    let mut found = Vec::new();
    for item in field.split(',') {
        let (span, step) = match item.split_once('/') {
            Some((span, step)) => {
                (span, Some(step.parse::<usize>().ok().filter(|step| *step > 0)?))
            }
            None => (item, None),
        };
        let (first, last) = match span.split_once('-') {
            _ if span == "*" => (lowest, highest),
            Some((first, last)) => (number(first, names)?, number(last, names)?),
            None if step.is_some() => (number(span, names)?, highest),
            None => (number(span, names)?, number(span, names)?),
        };
        if first < lowest || last > highest || first > last {
            return None;
        }
        found.extend((first..=last).step_by(step.unwrap_or(1)));
    }
    found.sort_unstable();
    found.dedup();
    Some(found)
}

fn number(text: &str, names: &[&str]) -> Option<u32> {
    let named = (1_u32..).zip(names).find(|(_, name)| **name == text);
    named.map(|(number, _)| number).or_else(|| text.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_time_between_two_runs_is_told() {
        for (expression, days) in [
            ("rate(5 days)", 5),
            ("cron(0 18 * * ? *)", 1),
            ("cron(0 18 ? * MON-FRI *)", 3),
            ("cron(0 18 ? * 2 *)", 7),
            ("cron(0 18 1 * ? *)", 31),
            ("cron(0 18 31 * ? *)", 61),
            ("cron(0 18 L * ? *)", 31),
            ("cron(0 18 LW * ? *)", 33),
            ("cron(0 18 1W * ? *)", 33),
            ("cron(0 18 ? * MON#1 *)", 35),
            ("cron(0 18 ? * 6L *)", 35),
            ("cron(0 18 1 1/3 ? *)", 92),
            ("cron(0 18 1 JAN ? *)", 366),
            ("cron(0 18 29 2 ? *)", 4 * 365 + 1),
        ] {
            assert_eq!(longest_gap(expression), Some(days * DAY), "{expression}");
        }
        for (expression, minutes) in [
            ("rate(1 minute)", 1),
            ("rate(12 hours)", 720),
            ("cron(0/15 * * * ? *)", 15),
            // Ten of one morning, and the evening before.
            ("cron(0 10,18 * * ? *)", 960),
            ("cron(5,50 * * * ? *)", 45),
        ] {
            assert_eq!(longest_gap(expression), Some(minutes), "{expression}");
        }
    }

    #[test]
    fn what_does_not_tell_is_not_guessed() {
        for expression in [
            "cron(0 18 1 1 ? 2030)",
            "cron(0 18 30 2 ? *)",
            "cron(61 18 * * ? *)",
            "cron(0 18 ? * FRI-MON *)",
            "cron(0/0 18 * * ? *)",
            "rate(99999 years)",
        ] {
            assert_eq!(longest_gap(expression), None, "{expression}");
        }
    }

    #[test]
    fn a_stop_is_watched_for_twice_what_usually_lies_between_two_runs() {
        let (runtime, iac) = (super::super::Runtime::Rust, super::super::Iac::Sam);
        let mut project = Scaffold::new("notice", Template::Queue, runtime, iac);
        for (gap, stop, watch) in [
            (None, 1, 14),
            (Some(0), 1, 14),
            (Some(DAY / 2), 1, 14),
            (Some(DAY / 2 + 1), 2, 14),
            // Twice a week.
            (Some(5040), 7, 14),
            (Some(20 * DAY), 40, 40),
            (Some(u32::MAX), 365, 365),
        ] {
            project.usual_gap_minutes = gap;
            assert_eq!((project.stop_days(), project.watch_days()), (stop, watch), "{gap:?}");
            assert_eq!(project.stop_minutes(), stop * DAY);
        }
        // The clock is the function's own.
        let expression = "cron(0 18 * * ? *)".to_owned();
        project.template = Template::Schedule { expression };
        assert_eq!(project.stop_days(), 1);
        let expression = "cron(0 18 1 1 ? 2030)".to_owned();
        project.template = Template::Schedule { expression };
        assert_eq!(project.stop_days(), 365, "it does not tell how often it runs");
    }

    #[test]
    fn the_gate_looks_back_two_runs_and_no_further_than_figures_are_kept() {
        let project = |expression: &str| {
            let template = Template::Schedule { expression: expression.to_owned() };
            let (runtime, iac) = (super::super::Runtime::Rust, super::super::Iac::Sam);
            Scaffold::new("notice", template, runtime, iac)
        };
        for (expression, minutes, days) in [
            ("rate(1 minute)", 5, 1),
            ("rate(1 day)", 2 * DAY, 1),
            ("cron(0 18 1 * ? *)", 62 * DAY, 31),
            ("cron(0 18 1 1 ? *)", LONGEST_LOOK_MINUTES, 366),
            ("cron(0 18 1 1 ? 2030)", LONGEST_LOOK_MINUTES, 1),
        ] {
            let project = project(expression);
            let told = (project.look_back_minutes(), project.clock_days());
            assert_eq!(told, (minutes, days), "{expression}");
        }
    }
}
