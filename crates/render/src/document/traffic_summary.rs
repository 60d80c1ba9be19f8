//! What the traffic of each service comes to.

use trimtab_model::traffic::LineCount;
use trimtab_model::traffic_summary::{
    ClientsSummary, Growth, ServiceSummary, TrafficReport, UsersSummary,
};

use super::page::Page;
use super::traffic_words as words;
use crate::style::Style;
use crate::table::{Cell, Column, Kind, Priority, Table};
use crate::{number, sanitise, time};

/// Steps of a bar that is one letter high.
const STEPS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// Makes the table of services.
pub fn traffic_summary_table(report: &TrafficReport<'_>, style: &Style) -> Table {
    let locale = style.locale();
    let column = |key, title: String, kind, priority| Column::new(key, title, kind, priority);
    let mut table = Table::new(vec![
        column("service", locale.text("column-service"), Kind::Text, Priority::Essential),
        column("source", locale.text("column-source"), Kind::Text, Priority::Normal),
        column("requests", locale.text("column-requests"), Kind::Count, Priority::Essential),
        column("bots", locale.text("column-bots"), Kind::Percent, Priority::High),
        column("duplicates", locale.text("column-duplicates"), Kind::Percent, Priority::High),
        column("busiest_hour", locale.text("column-busiest-hour"), Kind::Timestamp, Priority::Low),
        column(
            "busiest_hour_requests",
            locale.text("column-peak-hour"),
            Kind::Count,
            Priority::Normal,
        ),
        column(
            "busiest_minute_requests",
            locale.text("column-peak-minute"),
            Kind::Count,
            Priority::Wide,
        ),
        column("peak_in_progress", locale.text("column-in-progress"), Kind::Text, Priority::Wide),
        column("dau", "DAU".to_owned(), Kind::Count, Priority::Essential),
        column("wau", "WAU".to_owned(), Kind::Count, Priority::Normal),
        column("mau", "MAU".to_owned(), Kind::Count, Priority::Normal),
        column("stickiness", locale.text("column-stickiness"), Kind::Percent, Priority::Wide),
        column("growth_per_week", locale.text("column-growth"), Kind::Percent, Priority::Low),
        column("server_errors", locale.text("column-server-errors"), Kind::Percent, Priority::Low),
        column("unreadable_lines", locale.text("column-unreadable"), Kind::Count, Priority::Wide),
        column("from", locale.text("column-from"), Kind::Timestamp, Priority::Wide),
        column("until", locale.text("column-until"), Kind::Timestamp, Priority::Wide),
    ]);
    for one in &report.services {
        let clients = one.clients;
        let count = |count: Option<u64>| count.map_or(Cell::Missing, Cell::Count);
        let percent =
            |share: Option<f64>| share.map_or(Cell::Missing, |share| Cell::Percent(share * 100.0));
        let growth = one.client_growth.or(one.request_growth);
        table.row(vec![
            Cell::text(&one.traffic.service),
            Cell::text(words::source(one.traffic.source)),
            Cell::Count(one.requests),
            percent(one.bot_share),
            percent(one.duplicate_share),
            one.busiest_hour.map_or(Cell::Missing, |(hour, _)| Cell::Timestamp(hour)),
            count(one.busiest_hour.map(|(_, requests)| requests)),
            count(one.busiest_minute),
            Cell::optional(one.peak_in_progress.map(number::significant)),
            count(clients.map(|clients| clients.daily)),
            count(clients.and_then(|clients| clients.weekly)),
            count(clients.and_then(|clients| clients.monthly)),
            percent(clients.and_then(|clients| clients.stickiness)),
            percent(growth.map(|growth| growth.per_week)),
            percent(one.server_error_share),
            Cell::Count(one.traffic.lines.unreadable_total()),
            Cell::Timestamp(one.traffic.period.start()),
            Cell::Timestamp(one.traffic.period.end()),
        ]);
    }
    table
}

/// Returns the page: each service in a section, and the users as the owner counts them.
pub fn traffic_summary(report: &TrafficReport<'_>, style: &Style) -> String {
    let locale = style.locale();
    let mut page = Page::new(style);
    for one in &report.services {
        let source = words::source_name(one.traffic.source, locale);
        page.heading(&format!("{} · {source}", sanitise(&one.traffic.service)));
        period(&mut page, one, style);
        requests(&mut page, one, style);
        if let Some(clients) = &one.clients {
            daily_clients(&mut page, one, clients, style);
        }
        growths(&mut page, one, style);
        week(&mut page, one, style);
        lines(&mut page, &one.traffic.lines, style);
    }
    if let Some(users) = &report.users {
        page.heading(&locale.text("traffic-users"));
        owners_users(&mut page, users, style);
    }
    page.finish()
}

fn period(page: &mut Page<'_>, one: &ServiceSummary<'_>, style: &Style) {
    let locale = style.locale();
    let period = one.traffic.period;
    let shown = format!(
        "{} – {}",
        time::date_time(period.start(), &style.time_zone),
        time::date_time(period.end(), &style.time_zone)
    );
    let gaps: u64 = one
        .traffic
        .gaps
        .iter()
        .map(|gap| u64::try_from(gap.seconds() / 3600).unwrap_or_default())
        .sum();
    if gaps > 0 {
        let hours = number::count(gaps);
        let line = locale.text_with("traffic-gaps", &[("period", &shown), ("hours", &hours)]);
        page.labelled(&locale.text("traffic-period"), &line);
    } else {
        page.labelled(&locale.text("traffic-period"), &shown);
    }
}

fn requests(page: &mut Page<'_>, one: &ServiceSummary<'_>, style: &Style) {
    let locale = style.locale();
    let mut parts = vec![number::count(one.requests)];
    let share = |share: f64| number::percent(share * 100.0);
    if let Some(bots) = one.bot_share {
        parts.push(locale.text_with("traffic-bots", &[("share", &share(bots))]));
    }
    if let Some(errors) = one.server_error_share {
        parts.push(locale.text_with("traffic-errors", &[("share", &share(errors))]));
    }
    page.labelled(&locale.text("traffic-requests"), &parts.join(" · "));
    if let (Some(part), Some(counts)) = (one.duplicate_share, &one.duplicates) {
        let kinds = words::kinds(counts, locale);
        let mut text = share(part);
        if !kinds.is_empty() {
            text = format!("{text} · {kinds}");
        }
        if one.traffic.duplicates_incomplete {
            text = format!("{text} · {}", locale.text("traffic-at-least"));
        }
        page.labelled(&locale.text("traffic-duplicates"), &text);
    }
    if let (Some(seconds), Some(mean)) = (one.server_seconds, one.mean_seconds) {
        let milliseconds = number::significant(mean * 1_000.0);
        let hours = number::significant(seconds / 3_600.0);
        let arguments = [("hours", hours.as_str()), ("mean", milliseconds.as_str())];
        let mut parts = vec![locale.text_with("traffic-work", &arguments)];
        if let Some(part) = one.duplicate_second_share {
            parts.push(locale.text_with("traffic-work-duplicates", &[("share", &share(part))]));
        }
        if let Some(peak) = one.peak_in_progress {
            let peak = number::significant(peak);
            parts.push(locale.text_with("traffic-in-progress", &[("count", &peak)]));
        }
        page.labelled(&locale.text("traffic-server"), &parts.join(" · "));
    }
    if let Some((hour, count)) = one.busiest_hour {
        let hour = time::date_time(hour, &style.time_zone);
        let count = number::count(count);
        let mut parts =
            vec![locale.text_with("traffic-busiest-hour", &[("hour", &hour), ("count", &count)])];
        if let Some(minute) = one.busiest_minute {
            let count = number::count(minute);
            parts.push(locale.text_with("traffic-busiest-minute", &[("count", &count)]));
        }
        page.labelled(&locale.text("traffic-busiest"), &parts.join(" · "));
    }
}

fn daily_clients(
    page: &mut Page<'_>,
    one: &ServiceSummary<'_>,
    clients: &ClientsSummary,
    style: &Style,
) {
    let locale = style.locale();
    let known = |count: Option<u64>| count.map_or_else(|| locale.text("not-known"), number::count);
    let text = locale.text_with(
        "traffic-clients-day",
        &[
            ("date", &clients.date.to_string()),
            ("daily", &number::count(clients.daily)),
            ("weekly", &known(clients.weekly)),
            ("monthly", &known(clients.monthly)),
        ],
    );
    let mut parts = vec![text];
    if let Some(stickiness) = clients.stickiness {
        let share = number::percent(stickiness * 100.0);
        parts.push(locale.text_with("traffic-stickiness", &[("share", &share)]));
    }
    page.labelled(&locale.text("traffic-clients"), &parts.join(" · "));
    let basis = words::basis_name(one.traffic.clients, one.traffic.distinctness, locale);
    page.labelled(&locale.text("traffic-basis"), &basis);
}

fn growths(page: &mut Page<'_>, one: &ServiceSummary<'_>, style: &Style) {
    let locale = style.locale();
    if let Some(growth) = &one.client_growth {
        page.labelled(&locale.text("traffic-growth-clients"), &growth_text(growth, style));
    }
    if let Some(growth) = &one.request_growth {
        page.labelled(&locale.text("traffic-growth-requests"), &growth_text(growth, style));
    }
}

fn growth_text(growth: &Growth, style: &Style) -> String {
    let locale = style.locale();
    let signed = |share: f64| {
        let text = number::percent(share * 100.0);
        if share > 0.0 { format!("+{text}") } else { text }
    };
    let (week, low, high) = (signed(growth.per_week), signed(growth.low), signed(growth.high));
    let days = number::count(growth.days);
    let arguments = [
        ("week", week.as_str()),
        ("low", low.as_str()),
        ("high", high.as_str()),
        ("days", days.as_str()),
    ];
    if growth.is_unclear() {
        locale.text_with("traffic-growth-unclear", &arguments)
    } else {
        locale.text_with("traffic-growth", &arguments)
    }
}

fn week(page: &mut Page<'_>, one: &ServiceSummary<'_>, style: &Style) {
    let locale = style.locale();
    let shape = &one.week;
    if let Some(bar) = bar(&shape.hours_of_day) {
        let mut text = locale.text_with("traffic-day-bar", &[("bar", &bar)]);
        if let Some(ratio) = shape.peak_to_mean {
            let ratio = number::significant(ratio);
            text = format!("{text} · {}", locale.text_with("traffic-peak", &[("ratio", &ratio)]));
        }
        page.labelled(&locale.text("traffic-day"), &text);
    }
    if let Some(bar) = bar(&shape.weekdays) {
        let text = locale.text_with("traffic-week-bar", &[("bar", &bar)]);
        page.labelled(&locale.text("traffic-week"), &text);
    }
}

/// Draws values as a row of bars, those that are not known as a dot; absent where none is known.
fn bar(values: &[Option<f64>]) -> Option<String> {
    let highest = values.iter().flatten().copied().fold(0.0, f64::max);
    if highest <= 0.0 {
        return None;
    }
    let step = |value: f64| {
        let place = (value / highest * (STEPS.len() - 1) as f64).round() as usize;
        STEPS.get(place).copied().unwrap_or('·')
    };
    Some(values.iter().map(|value| value.map_or('·', step)).collect())
}

fn lines(page: &mut Page<'_>, lines: &LineCount, style: &Style) {
    let locale = style.locale();
    if lines.read == 0 {
        return;
    }
    let read = number::count(lines.read);
    let used = number::count(lines.used);
    let mut parts =
        vec![locale.text_with("traffic-lines-read", &[("read", &read), ("used", &used)])];
    if lines.repeated > 0 {
        let count = number::count(lines.repeated);
        parts.push(locale.text_with("traffic-lines-repeated", &[("count", &count)]));
    }
    if lines.late > 0 {
        let count = number::count(lines.late);
        parts.push(locale.text_with("traffic-lines-late", &[("count", &count)]));
    }
    page.labelled(&locale.text("traffic-lines"), &parts.join(" · "));
    for (problem, unreadable) in &lines.unreadable {
        let text = locale.text_with(
            "traffic-lines-unreadable",
            &[
                ("count", &number::count(unreadable.lines)),
                ("problem", &words::problem_name(*problem, locale)),
                ("file", &sanitise(&unreadable.file)),
                ("row", &unreadable.row.to_string()),
            ],
        );
        page.bullet(&text);
    }
}

fn owners_users(page: &mut Page<'_>, users: &UsersSummary, style: &Style) {
    let locale = style.locale();
    let text = locale.text_with(
        "traffic-users-day",
        &[
            ("date", &users.last.date.to_string()),
            ("daily", &number::count(users.last.dau)),
            ("mean", &number::count(users.mean_daily.round().max(0.0) as u64)),
            ("highest", &number::count(users.highest_daily)),
            ("days", &number::count(users.days)),
        ],
    );
    page.labelled("DAU", &text);
    if let Some(peak) = users.peak_concurrent {
        page.labelled(&locale.text("traffic-concurrent"), &number::count(peak));
    }
    if let Some(growth) = &users.growth {
        page.labelled(&locale.text("traffic-growth-clients"), &growth_text(growth, style));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_is_as_high_as_its_value() {
        assert_eq!(bar(&[Some(0.0), None, Some(5.0), Some(10.0)]).unwrap(), "▁·▅█");
        assert_eq!(bar(&[None, Some(0.0)]), None);
    }
}
