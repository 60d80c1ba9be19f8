//! Users as the owner counts them.

use jiff::civil::Date;
use trimtab_model::traffic::UserDay;
use trimtab_model::traffic_summary::UsersSummary;

use super::growth::growth;

/// Returns what days of users come to; absent without any.
pub(super) fn users(days: &[UserDay]) -> Option<UsersSummary> {
    let last = days.last()?;
    let sum: u64 = days.iter().map(|day| day.dau).sum();
    let daily: Vec<(Date, f64)> = days.iter().map(|day| (day.date, day.dau as f64)).collect();
    Some(UsersSummary {
        days: days.len() as u64,
        last: *last,
        mean_daily: sum as f64 / days.len() as f64,
        highest_daily: days.iter().map(|day| day.dau).max().unwrap_or_default(),
        peak_concurrent: days.iter().filter_map(|day| day.peak_concurrent_users).max(),
        growth: growth(&daily),
    })
}
