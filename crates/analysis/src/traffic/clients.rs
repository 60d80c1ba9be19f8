//! Clients of a day, a week and a month.

use trimtab_model::traffic::{ClientBasis, DayTraffic, ServiceTraffic};
use trimtab_model::traffic_summary::ClientsSummary;

/// Returns the clients of the last day that the data covers; absent where the source does not
/// tell clients apart, or no day is covered.
pub(super) fn clients(service: &ServiceTraffic) -> Option<ClientsSummary> {
    if service.clients == ClientBasis::Unknown {
        return None;
    }
    let covered: Vec<(&DayTraffic, u64)> = service
        .days
        .iter()
        .filter(|day| day.complete)
        .filter_map(|day| Some((day, day.clients?)))
        .collect();
    let (last, daily) = covered.last()?;
    let sum: u64 = covered.iter().map(|(_, clients)| clients).sum();
    Some(ClientsSummary {
        date: last.date,
        daily: *daily,
        weekly: last.weekly_clients,
        monthly: last.monthly_clients,
        stickiness: last.stickiness(),
        mean_daily: sum as f64 / covered.len() as f64,
        highest_daily: covered.iter().map(|(_, clients)| *clients).max().unwrap_or_default(),
    })
}
