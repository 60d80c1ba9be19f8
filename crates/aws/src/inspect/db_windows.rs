//! Whether a change reaches into a window in which RDS itself works on a database.

use jiff::{SignedDuration, Timestamp};

const DAY: i64 = 24 * 60;
const WEEK: i64 = 7 * DAY;
/// 1970 began on a Thursday: so many days behind a Monday.
const FIRST_DAY: i64 = 3;
const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// Returns whether a change from now on meets the backup window (`18:00-18:30`, every day) or the
/// maintenance window (`sun:17:00-sun:17:30`), both UTC; absent where one of them is not told or
/// cannot be read.
pub(super) fn meets(
    backup: Option<&str>,
    maintenance: Option<&str>,
    now: Timestamp,
    length: SignedDuration,
) -> Option<bool> {
    let (backup, maintenance) = (backup?.split_once('-')?, maintenance?.split_once('-')?);
    let from = now.as_second().div_euclid(60) + FIRST_DAY * DAY;
    let length = length.as_mins().max(0) + 1;
    let daily = (minute(backup.0)?, minute(backup.1)?);
    let weekly = (of_week(maintenance.0)?, of_week(maintenance.1)?);
    Some(overlaps(from, length, daily, DAY) || overlaps(from, length, weekly, WEEK))
}

/// Returns whether a stretch meets a window that comes again each round.
fn overlaps(from: i64, length: i64, (start, end): (i64, i64), round: i64) -> bool {
    if length >= round {
        return true;
    }
    let from = from.rem_euclid(round);
    let lasts = (end - start).rem_euclid(round);
    // The window began before, or it begins before the stretch is over.
    let since = (from - start).rem_euclid(round);
    let until = (start - from).rem_euclid(round);
    since < lasts || until < length
}

fn minute(text: &str) -> Option<i64> {
    let (hour, minute) = text.trim().split_once(':')?;
    Some(hour.parse::<i64>().ok()? * 60 + minute.parse::<i64>().ok()?)
}

fn of_week(text: &str) -> Option<i64> {
    let (day, time) = text.trim().split_once(':')?;
    let day = DAYS.iter().position(|one| day.eq_ignore_ascii_case(one))?;
    Some(i64::try_from(day).ok()? * DAY + minute(time)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(backup: &str, maintenance: &str, at: &str, minutes: i64, expected: Option<bool>) {
        let now = at.parse().expect("a moment");
        let length = SignedDuration::from_mins(minutes);
        assert_eq!(meets(Some(backup), Some(maintenance), now, length), expected, "{at}");
    }

    #[test]
    fn a_change_keeps_away_from_both_windows() {
        // 27 November 2026 is a Friday.
        let (backup, weekly) = ("18:00-18:30", "fri:23:45-sat:00:15");
        check(backup, weekly, "2026-11-27T16:00:00Z", 60, Some(false));
        check(backup, weekly, "2026-11-27T17:30:00Z", 60, Some(true));
        check(backup, weekly, "2026-11-27T18:10:00Z", 5, Some(true));
        check(backup, weekly, "2026-11-27T18:31:00Z", 60, Some(false));
        // Across midnight, and across the end of the week.
        check(backup, weekly, "2026-11-28T00:10:00Z", 5, Some(true));
        check(backup, "sun:23:45-mon:00:15", "2026-11-30T00:05:00Z", 5, Some(true));
        check("23:50-00:20", weekly, "2026-11-25T00:10:00Z", 5, Some(true));
        check(backup, weekly, "2026-11-26T16:00:00Z", 10 * 24 * 60, Some(true));
    }

    #[test]
    fn a_window_that_cannot_be_read_is_not_known() {
        check("18:00", "fri:23:45-sat:00:15", "2026-11-27T16:00:00Z", 60, None);
        check("18:00-18:30", "someday:23:45-sat:00:15", "2026-11-27T16:00:00Z", 60, None);
        assert_eq!(meets(None, Some("a-b"), Timestamp::UNIX_EPOCH, SignedDuration::ZERO), None);
    }
}
