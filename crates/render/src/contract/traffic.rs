//! `trimtab traffic … -o json`.

use serde_json::{Value, json};

use trimtab_model::traffic::{
    DayTraffic, Distinctness, DuplicateCounts, DuplicateGroup, DuplicateKind, EndpointTraffic,
    HourTraffic, LineCount, ServiceTraffic,
};
use trimtab_model::traffic_summary::{Growth, ServiceSummary, TrafficReport};

use crate::document::traffic_words as words;

/// The name and version of what `traffic summary` prints.
pub const SUMMARY_SCHEMA: &str = "trimtab/v1/traffic.summary";
/// The name and version of what `traffic endpoints` prints.
pub const ENDPOINTS_SCHEMA: &str = "trimtab/v1/traffic.endpoints";
/// The name and version of what `traffic duplicates` prints.
pub const DUPLICATES_SCHEMA: &str = "trimtab/v1/traffic.duplicates";

/// Returns what services come to, with their hours and days.
pub fn traffic_summary_json(report: &TrafficReport<'_>) -> Value {
    let users = report.users.map(|users| {
        json!({
            "days": users.days,
            "date": users.last.date.to_string(),
            "dau": users.last.dau,
            "mean_dau": users.mean_daily,
            "highest_dau": users.highest_daily,
            "peak_concurrent_users": users.peak_concurrent,
            "growth": users.growth.map(growth),
        })
    });
    json!({
        "schema": SUMMARY_SCHEMA,
        "items": report.services.iter().map(service).collect::<Vec<_>>(),
        "users": users,
    })
}

/// Returns the endpoints of services, those with most requests first.
pub fn traffic_endpoints_json(services: &[&ServiceTraffic]) -> Value {
    let items: Vec<Value> = services
        .iter()
        .flat_map(|service| service.endpoints.iter().map(|endpoint| of(service, endpoint)))
        .collect();
    let others: Vec<Value> = services
        .iter()
        .filter_map(|service| {
            let other = service.other_endpoints?;
            Some(json!({
                "service": service.service,
                "source": words::source(service.source),
                "requests": other.requests,
                "duplicates": counts(&other.duplicates),
            }))
        })
        .collect();
    json!({ "schema": ENDPOINTS_SCHEMA, "items": items, "others": others })
}

/// Returns the duplicates of services by endpoint and kind, with examples.
pub fn traffic_duplicates_json(services: &[&ServiceTraffic]) -> Value {
    let mut items = Vec::new();
    for service in services {
        for endpoint in &service.endpoints {
            for kind in DuplicateKind::ALL {
                let duplicates = endpoint.duplicates.of(kind);
                if duplicates > 0 {
                    items.push((duplicates, duplicate(service, endpoint, kind)));
                }
            }
        }
    }
    items.sort_by_key(|(duplicates, _)| std::cmp::Reverse(*duplicates));
    let items: Vec<Value> = items.into_iter().map(|(_, item)| item).collect();
    json!({ "schema": DUPLICATES_SCHEMA, "items": items })
}

fn service(one: &ServiceSummary<'_>) -> Value {
    let traffic = one.traffic;
    let clients = one.clients.map(|clients| {
        json!({
            "date": clients.date.to_string(),
            "dau": clients.daily,
            "wau": clients.weekly,
            "mau": clients.monthly,
            "stickiness": clients.stickiness,
            "mean_dau": clients.mean_daily,
            "highest_dau": clients.highest_daily,
        })
    });
    let standard_error = match traffic.distinctness {
        Distinctness::Exact => None,
        Distinctness::Estimated { standard_error } => Some(standard_error),
    };
    json!({
        "service": traffic.service,
        "source": words::source(traffic.source),
        "from": traffic.period.start().to_string(),
        "until": traffic.period.end().to_string(),
        "time_zone": traffic.time_zone.iana_name(),
        "gaps": traffic.gaps.iter().map(|gap| json!({
            "from": gap.start().to_string(), "until": gap.end().to_string(),
        })).collect::<Vec<_>>(),
        "requests": one.requests,
        "bot_share": one.bot_share,
        "duplicates": one.duplicates.as_ref().map(counts),
        "duplicate_share": one.duplicate_share,
        "duplicates_incomplete": traffic.duplicates_incomplete,
        "server_seconds": one.server_seconds,
        "duplicate_second_share": one.duplicate_second_share,
        "mean_seconds": one.mean_seconds,
        "bytes": one.bytes,
        "server_error_share": one.server_error_share,
        "busiest_hour": one.busiest_hour.map(|(hour, requests)| json!({
            "from": hour.to_string(), "requests": requests,
        })),
        "busiest_minute_requests": one.busiest_minute,
        "peak_in_progress": one.peak_in_progress,
        "client_basis": words::basis(traffic.clients),
        "client_standard_error": standard_error,
        "clients": clients,
        "client_growth": one.client_growth.map(growth),
        "request_growth": one.request_growth.map(growth),
        "week": one.week,
        "hours": traffic.hours.iter().map(hour).collect::<Vec<_>>(),
        "days": traffic.days.iter().map(day).collect::<Vec<_>>(),
        "lines": lines(&traffic.lines),
    })
}

fn hour(hour: &HourTraffic) -> Value {
    json!({
        "from": hour.start().map(|start| start.to_string()),
        "requests": hour.requests,
        "bot_requests": hour.bot_requests,
        "duplicates": hour.duplicates.map(|duplicates| duplicates.total()),
        "clients": hour.clients,
        "bytes": hour.bytes,
        "timed_requests": hour.timed_requests,
        "server_seconds": hour.server_seconds,
        "server_errors": hour.server_errors,
        "busiest_minute_requests": hour.busiest_minute,
        "peak_in_progress": hour.peak_in_progress,
    })
}

fn day(day: &DayTraffic) -> Value {
    json!({
        "date": day.date.to_string(),
        "complete": day.complete,
        "requests": day.requests,
        "dau": day.clients,
        "first_seen": day.first_seen,
        "returning": day.returning,
        "wau": day.weekly_clients,
        "mau": day.monthly_clients,
        "stickiness": day.stickiness(),
    })
}

fn lines(lines: &LineCount) -> Value {
    let unreadable: Vec<Value> = lines
        .unreadable
        .iter()
        .map(|(problem, unreadable)| {
            json!({
                "problem": words::problem(*problem),
                "lines": unreadable.lines,
                "first_file": unreadable.file,
                "first_row": unreadable.row,
            })
        })
        .collect();
    json!({
        "read": lines.read,
        "used": lines.used,
        "repeated": lines.repeated,
        "late": lines.late,
        "unreadable": unreadable,
    })
}

fn growth(growth: Growth) -> Value {
    json!({
        "per_week": growth.per_week,
        "low": growth.low,
        "high": growth.high,
        "days": growth.days,
    })
}

fn counts(counts: &DuplicateCounts) -> Value {
    let kinds = DuplicateKind::ALL
        .into_iter()
        .map(|kind| (words::kind(kind).to_owned(), json!(counts.of(kind))));
    Value::Object(kinds.collect())
}

fn of(service: &ServiceTraffic, endpoint: &EndpointTraffic) -> Value {
    json!({
        "service": service.service,
        "source": words::source(service.source),
        "method": endpoint.method,
        "path": endpoint.template,
        "requests": endpoint.total(),
        "bot_requests": endpoint.bot_requests,
        "duplicates": counts(&endpoint.duplicates),
        "duplicate_share": endpoint.duplicate_share(),
        "timed_requests": endpoint.timed_requests,
        "server_seconds": endpoint.server_seconds,
        "duplicate_seconds": endpoint.duplicate_seconds,
        "bytes": endpoint.bytes,
        "duplicate_bytes": endpoint.duplicate_bytes,
        "server_errors": endpoint.server_errors,
    })
}

fn duplicate(service: &ServiceTraffic, endpoint: &EndpointTraffic, kind: DuplicateKind) -> Value {
    let groups = endpoint.examples.iter().filter(|group| group.kind == kind);
    json!({
        "service": service.service,
        "source": words::source(service.source),
        "kind": words::kind(kind),
        "method": endpoint.method,
        "path": endpoint.template,
        "duplicates": endpoint.duplicates.of(kind),
        "requests": endpoint.total(),
        "examples": groups.map(example).collect::<Vec<_>>(),
    })
}

fn example(group: &DuplicateGroup) -> Value {
    json!({
        "requests": group.requests,
        "times": group.times.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "client": group.client,
        "client_version": group.client_version,
        "request": group.request,
    })
}
