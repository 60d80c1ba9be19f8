//! A profile as a list of figures: how it travels on the engine.
//!
//! Counts and seconds stay below 2^53, so that a float holds them exactly. What is
//! absent is NaN, which no sample can be.

use jiff::Timestamp;
use trimtab_model::calendar::HOURS_PER_WEEK;
use trimtab_model::period::Period;
use trimtab_model::profile::{
    Bursts, DayProfile, Hours, LevelHistory, Levels, LocalWeek, UsageProfile,
};

/// What became of the samples of one series.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Outcome {
    /// How many samples cannot be read.
    pub(super) bad: u64,
    /// The lowest of the others, those included that do not count; infinite without any.
    pub(super) lowest: f64,
    /// The profile of those that count.
    pub(super) profile: Option<UsageProfile>,
}

/// The length of levels that are absent.
const ABSENT: f64 = -1.0;

/// Returns the figures of a profile, behind what must be known of all samples.
pub(super) fn write(outcome: &Outcome) -> Vec<f64> {
    let Outcome { bad, lowest, profile } = outcome;
    let mut figures = vec![*bad as f64, *lowest];
    let Some(profile) = profile else { return figures };
    figures.extend([
        f64::from(profile.period_seconds),
        profile.count as f64,
        profile.covered_seconds as f64,
        profile.coverage,
        profile.first.as_second() as f64,
        profile.last.as_second() as f64,
        profile.longest_gap_seconds as f64,
        profile.mean,
        profile.p50,
        profile.p90,
        profile.p95,
        profile.p99,
        profile.p99_5,
        profile.max,
        profile.min,
        profile.sum,
        profile.last_value,
        profile.trend_per_day.unwrap_or(f64::NAN),
    ]);
    figures.extend(profile.hour_of_week.iter().map(|mean| mean.unwrap_or(f64::NAN)));
    let absent = LocalWeek { max: vec![None; HOURS_PER_WEEK], complete: vec![0; HOURS_PER_WEEK] };
    let week = profile.local_week.as_ref().unwrap_or(&absent);
    figures.extend(week.max.iter().map(|max| max.unwrap_or(f64::NAN)));
    figures.extend(week.complete.iter().map(|complete| f64::from(*complete)));
    let none = Hours::default();
    let hours = profile.hours.as_ref().unwrap_or(&none);
    figures.extend([hours.first as f64, hours.mean.len() as f64]);
    for row in [&hours.mean, &hours.max, &hours.min] {
        figures.extend(row.iter().map(|figure| figure.map_or(f64::NAN, f64::from)));
    }
    let history = profile.levels.as_ref();
    for levels in [
        history.map(|history| &history.whole),
        history.and_then(|history| history.last_14_days.as_ref()),
        history.and_then(|history| history.last_3_days.as_ref()),
    ] {
        figures.push(levels.map_or(ABSENT, |levels| levels.len() as f64));
        for (level, seconds) in levels.into_iter().flat_map(Levels::iter) {
            figures.extend([f64::from(level), f64::from(seconds)]);
        }
    }
    figures.extend(written_bursts(profile.bursts.as_ref()));
    for day in &profile.days {
        figures.extend([f64::from(day.day), f64::from(day.count), day.mean, day.max, day.sum]);
    }
    figures
}

/// Reads what [`write`] wrote.
pub(super) fn read(figures: &[f64], window: Period) -> Option<Outcome> {
    let ([bad, lowest], figures) = figures.split_first_chunk::<2>()?;
    let (bad, lowest) = (*bad as u64, *lowest);
    if figures.is_empty() {
        return Some(Outcome { bad, lowest, profile: None });
    }
    let (scalars, figures) = figures.split_first_chunk::<18>()?;
    let (hours, figures) = figures.split_at_checked(HOURS_PER_WEEK)?;
    let (highest, figures) = figures.split_at_checked(HOURS_PER_WEEK)?;
    let (complete, figures) = figures.split_at_checked(HOURS_PER_WEEK)?;
    let ([first_hour, length], figures) = figures.split_first_chunk::<2>()?;
    let (mean_of_hours, figures) = figures.split_at_checked(*length as usize)?;
    let (max_of_hours, figures) = figures.split_at_checked(*length as usize)?;
    let (min_of_hours, figures) = figures.split_at_checked(*length as usize)?;
    let (whole, figures) = levels(figures)?;
    let (last_14_days, figures) = levels(figures)?;
    let (last_3_days, figures) = levels(figures)?;
    let (bursts, days) = figures.split_first_chunk::<BURSTS>()?;
    let (days, []) = days.as_chunks::<5>() else { return None };
    let [
        period_seconds,
        count,
        covered_seconds,
        coverage,
        first,
        last,
        longest_gap_seconds,
        mean,
        p50,
        p90,
        p95,
        p99,
        p99_5,
        max,
        min,
        sum,
        last_value,
        trend,
    ] = *scalars;
    let present = |figure: f64| (!figure.is_nan()).then_some(figure);
    let row = |figures: &[f64]| figures.iter().map(|one| present(*one).map(|f| f as f32)).collect();
    let profile = UsageProfile {
        window,
        period_seconds: period_seconds as u32,
        count: count as u64,
        covered_seconds: covered_seconds as u64,
        coverage,
        first: Timestamp::from_second(first as i64).ok()?,
        last: Timestamp::from_second(last as i64).ok()?,
        longest_gap_seconds: longest_gap_seconds as u64,
        mean,
        p50,
        p90,
        p95,
        p99,
        p99_5,
        max,
        min,
        sum,
        last_value,
        trend_per_day: present(trend),
        hour_of_week: hours.iter().map(|mean| present(*mean)).collect(),
        local_week: Some(LocalWeek {
            max: highest.iter().map(|max| present(*max)).collect(),
            complete: complete.iter().map(|times| *times as u16).collect(),
        }),
        hours: Some(Hours {
            first: *first_hour as i64,
            mean: row(mean_of_hours),
            max: row(max_of_hours),
            min: row(min_of_hours),
        }),
        levels: whole.map(|whole| LevelHistory { whole, last_14_days, last_3_days }),
        bursts: read_bursts(bursts),
        days: days
            .iter()
            .map(|&[day, count, mean, max, sum]| DayProfile {
                day: day as i32,
                count: count as u32,
                mean,
                max,
                sum,
            })
            .collect(),
    };
    Some(Outcome { bad, lowest, profile: Some(profile) })
}

/// How many figures stretches of work have.
const BURSTS: usize = 9;

/// Returns the figures of stretches of work; the first is NaN where there are none.
fn written_bursts(bursts: Option<&Bursts>) -> [f64; BURSTS] {
    let Some(bursts) = bursts else { return [f64::NAN; BURSTS] };
    [
        bursts.works_above,
        bursts.waiting_mean,
        bursts.working_mean.unwrap_or(f64::NAN),
        bursts.working_seconds as f64,
        bursts.seconds as f64,
        bursts.stretches as f64,
        bursts.longest_seconds as f64,
        bursts.usual_distance_seconds.map_or(f64::NAN, |distance| distance as f64),
        bursts.regularity.unwrap_or(f64::NAN),
    ]
}

fn read_bursts(figures: &[f64; BURSTS]) -> Option<Bursts> {
    let present = |figure: f64| (!figure.is_nan()).then_some(figure);
    let [
        above,
        waiting,
        working,
        working_seconds,
        seconds,
        stretches,
        longest,
        distance,
        regularity,
    ] = *figures;
    Some(Bursts {
        works_above: present(above)?,
        waiting_mean: waiting,
        working_mean: present(working),
        working_seconds: working_seconds as u64,
        seconds: seconds as u64,
        stretches: stretches as u64,
        longest_seconds: longest as u64,
        usual_distance_seconds: present(distance).map(|distance| distance as u64),
        regularity: present(regularity),
    })
}

/// Reads levels, and returns what stands behind them.
fn levels(figures: &[f64]) -> Option<(Option<Levels>, &[f64])> {
    let (length, figures) = figures.split_first()?;
    if *length < 0.0 {
        return Some((None, figures));
    }
    let (pairs, figures) = figures.split_at_checked(*length as usize * 2)?;
    let (pairs, []) = pairs.as_chunks::<2>() else { return None };
    let pairs = pairs.iter().map(|&[level, seconds]| (level as u16, seconds as u32)).collect();
    Some((Some(Levels::from_pairs(pairs)), figures))
}
