//! What the inventory says of a resource, in words: what people ask for first, then everything.

use jiff::Timestamp;
use maud::{Markup, html};
use serde_json::{Map, Value};

use trimtab_render::{sanitise, time, unit};

use crate::reader::Reader;
use crate::ui::{card, facts};
use crate::view::ResourceDetail;

/// Values of a list that are shown; all of them are in the API.
const VALUES: usize = 6;

/// What people ask for first, and the fields that tell it: the first that is there counts.
const FIRST: [(&str, &[&str]); 18] = [
    (
        "web-fact-state",
        &[
            "state",
            "status",
            "db_instance_status",
            "cluster_status",
            "cache_cluster_status",
            "endpoint_status",
            "life_cycle_state",
            "table_status",
            "state_value",
        ],
    ),
    (
        "web-fact-type",
        &[
            "instance_type",
            "volume_type",
            "db_instance_class",
            "cache_node_type",
            "node_type",
            "load_balancer_type",
            "vpc_endpoint_type",
            "interface_type",
            "connectivity_type",
            "billing_mode",
            "log_group_class",
        ],
    ),
    ("web-fact-engine", &["engine"]),
    ("web-fact-runtime", &["runtime"]),
    ("web-fact-platform", &["platform_details", "instance_platform"]),
    ("web-fact-version", &["engine_version", "version"]),
    (
        "web-fact-size",
        &[
            "size_gib",
            "allocated_storage_gib",
            "volume_size_gib",
            "memory_size_mb",
            "stored_bytes",
            "standard_bytes",
        ],
    ),
    ("web-fact-storage", &["storage_type", "storage_tier"]),
    ("web-fact-iops", &["iops"]),
    ("web-fact-throughput", &["throughput_mib_s", "storage_throughput_mib_s"]),
    (
        "web-fact-capacity",
        &["desired_capacity", "desired_count", "desired_size", "num_cache_nodes"],
    ),
    ("web-fact-architecture", &["architecture", "architectures"]),
    ("web-fact-zone", &["availability_zone", "availability_zones", "availability_zone_name"]),
    ("web-fact-several-zones", &["multi_az"]),
    ("web-fact-address", &["public_ip", "endpoint_address"]),
    (
        "web-fact-created",
        &[
            "create_time",
            "creation_time",
            "creation_date",
            "created_time",
            "created_at",
            "instance_create_time",
            "cluster_create_time",
            "cache_cluster_create_time",
            "snapshot_create_time",
            "creation_date_time",
            "creation_timestamp",
            "create_date",
            "start_time",
            "allocation_time",
        ],
    ),
    ("web-fact-launched", &["launch_time"]),
    ("web-fact-stopped", &["stopped_at"]),
];

/// Units that a field's name ends in.
const UNITS: [(&str, &str); 7] = [
    ("_mib_s", "MiB/s"),
    ("_gib", "GiB"),
    ("_mib", "MiB"),
    ("_mb", "MB"),
    ("_bytes", "bytes"),
    ("_seconds", "seconds"),
    ("_days", "days"),
];

/// What the resource is.
pub(super) fn what(reader: &Reader, detail: &ResourceDetail) -> Markup {
    let resource = &detail.resource;
    let mut rows = vec![
        (reader.text("column-resource-id"), html! { code { (sanitise(resource.id.as_str())) } }),
        (reader.text("web-kind"), html! { (resource.kind.as_str()) }),
        (reader.text("column-account"), html! { (sanitise(resource.account.as_str())) }),
        (reader.text("column-region"), html! { (sanitise(resource.region.as_str())) }),
    ];
    let first = FIRST.iter().filter_map(|(key, fields)| {
        let told = |field: &&str| shown(field, detail.properties.get(*field)?, reader);
        Some((reader.text(key), html! { (fields.iter().find_map(told)?) }))
    });
    rows.extend(first);
    let all = everything(&detail.properties, reader);
    let body = html! {
        (facts(&rows))
        @if !all.is_empty() {
            details {
                summary { (reader.text("web-fact-everything")) }
                (facts(&all))
            }
        }
    };
    card(&reader.text("web-resource"), Some(&reader.text("web-fact-source")), &body)
}

/// Returns every field that is told, by its own name.
fn everything(properties: &Map<String, Value>, reader: &Reader) -> Vec<(String, Markup)> {
    let told = |(field, value): (&String, &Value)| {
        let text = shown(field, value, reader).or_else(|| entries(value, reader))?;
        Some((field.clone(), html! { (text) }))
    };
    properties.iter().filter_map(told).collect()
}

/// Says how many entries a field has that is no plain value.
fn entries(value: &Value, reader: &Reader) -> Option<String> {
    let count = match value {
        Value::Array(all) if !all.is_empty() => all.len(),
        Value::Object(fields) if !fields.is_empty() => fields.len(),
        _ => return None,
    };
    Some(reader.text_with("web-fact-entries", &[("count", &count.to_string())]))
}

/// Returns a value in words; none where nothing is told, and of what is no plain value.
fn shown(field: &str, value: &Value, reader: &Reader) -> Option<String> {
    match value {
        Value::Null | Value::Object(_) => None,
        Value::Bool(true) => Some(reader.text("web-fact-yes")),
        Value::Bool(false) => Some(reader.text("web-fact-no")),
        Value::Number(number) => {
            let unit = UNITS.iter().find(|(end, _)| field.ends_with(end));
            let unit = unit.map_or("", |(_, unit)| unit);
            Some(unit::quantity(&number.to_string(), unit, reader.locale()))
        }
        Value::String(text) if text.is_empty() => None,
        Value::String(text) => Some(match text.parse::<Timestamp>() {
            Ok(moment) => time::date_time(moment, &reader.style.time_zone),
            Err(_) => sanitise(text),
        }),
        Value::Array(all) => {
            let told = all.iter().map(|one| shown(field, one, reader));
            let told: Vec<String> = told.take(VALUES).collect::<Option<_>>()?;
            let rest = all.len().saturating_sub(VALUES);
            let more = if rest > 0 { format!(" +{rest}") } else { String::new() };
            Some(format!("{}{more}", told.join(", "))).filter(|text| !text.is_empty())
        }
    }
}
