//! Every key of the configuration file, once: the reference page, the JSON schema
//! and `config show` are made from this list.

use serde_json::{Map, Value, json};

use super::budget::BUDGET_KEYS;
use super::notify_keys::NOTIFY_KEYS;
use super::rollout_keys::ROLLOUT_KEYS;
use super::tag_keys::TAG_KEYS;

/// A key of the configuration file.
#[derive(Debug, Clone, Copy)]
pub struct Key {
    /// The key with its tables, such as `sizing.dev.lookback`. `<…>` stands for any name.
    pub path: &'static str,
    /// What it may hold.
    pub kind: KeyKind,
    /// The default, as it would be written in the file; empty for none.
    pub default: &'static str,
    /// One sentence.
    pub text: &'static str,
}

/// What a key may hold.
#[derive(Debug, Clone, Copy)]
pub enum KeyKind {
    /// Any text.
    Text,
    /// One of these words.
    Word(&'static [&'static str]),
    /// A list of texts.
    TextList,
    /// A decimal number, quoted or not.
    Decimal,
    /// `true` or `false`.
    Boolean,
    /// A day such as `2026-10-31`.
    Date,
    /// A list of days.
    DateList,
    /// A list of whole numbers.
    NumberList,
}

const PERMISSION: KeyKind = KeyKind::Word(&["allow", "deny"]);
pub(super) const ENVIRONMENT: KeyKind = KeyKind::Word(&["dev", "staging", "prod"]);

/// Every key.
pub fn keys() -> impl Iterator<Item = &'static Key> {
    KEYS.iter().chain(BUDGET_KEYS).chain(TAG_KEYS).chain(ROLLOUT_KEYS).chain(NOTIFY_KEYS)
}

const KEYS: &[Key] = &[
    Key {
        path: "lang",
        kind: KeyKind::Word(&["en", "ko"]),
        default: "from LANG",
        text: "Language of everything that people read.",
    },
    Key {
        path: "currency",
        kind: KeyKind::Text,
        default: "the bill's",
        text: "Currency that amounts are shown in. Needs an exchange rate where the bill has another one; nothing is ever stored converted.",
    },
    Key {
        path: "timezone",
        kind: KeyKind::Text,
        default: "UTC",
        text: "IANA time zone that moments are shown in, such as Asia/Seoul, in which schedules have their hours and exemptions their days. AWS bills in UTC days whatever this says.",
    },
    Key {
        path: "data_dir",
        kind: KeyKind::Text,
        default: "the platform's data directory",
        text: "Where trimtab keeps what it read: a local directory.",
    },
    Key {
        path: "lake",
        kind: KeyKind::Text,
        default: "inside data_dir",
        text: "Where charges are kept as Parquet: a directory or s3://bucket/prefix. A bucket takes region, endpoint and credentials from the environment variables of AWS (AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_ENDPOINT_URL), never from a file of trimtab.",
    },
    Key {
        path: "exchange_rate[].from",
        kind: KeyKind::Text,
        default: "",
        text: "Currency of the bill.",
    },
    Key { path: "exchange_rate[].to", kind: KeyKind::Text, default: "", text: "Currency to show." },
    Key {
        path: "exchange_rate[].rate",
        kind: KeyKind::Decimal,
        default: "",
        text: "How much of `to` one unit of `from` is.",
    },
    Key {
        path: "exchange_rate[].date",
        kind: KeyKind::Date,
        default: "",
        text: "The day of the rate; shown with every converted amount.",
    },
    Key {
        path: "exchange_rate[].source",
        kind: KeyKind::Text,
        default: "",
        text: "Who published the rate; shown with every converted amount.",
    },
    Key {
        path: "profile",
        kind: KeyKind::Text,
        default: "",
        text: "Profile of the AWS configuration that `scan` and `doctor` start from. `--profile` and credentials or a profile in the environment stand before it.",
    },
    Key {
        path: "account[].id",
        kind: KeyKind::Text,
        default: "the account of the credentials",
        text: "An account to scan: its twelve digits, quoted. One `[[account]]` each.",
    },
    Key {
        path: "account[].alias",
        kind: KeyKind::Text,
        default: "",
        text: "A name for people, which `--account` takes too.",
    },
    Key {
        path: "account[].role",
        kind: KeyKind::Text,
        default: "",
        text: "The role to take on in that account: its ARN or its name. Without it the credentials are used as they are.",
    },
    Key {
        path: "account[].external_id_env",
        kind: KeyKind::Text,
        default: "",
        text: "The environment variable that holds the external ID of the role's trust policy. The ID itself never stands in a file.",
    },
    Key {
        path: "account[].regions",
        kind: KeyKind::TextList,
        default: "every region that is enabled",
        text: "The regions to scan in that account.",
    },
    Key {
        path: "organization.role",
        kind: KeyKind::Text,
        default: "",
        text: "With it, the accounts of the AWS organisation are scanned: the name of the role to take on in each.",
    },
    Key {
        path: "organization.external_id_env",
        kind: KeyKind::Text,
        default: "",
        text: "The environment variable that holds the external ID of those roles.",
    },
    Key {
        path: "scan.share_percent",
        kind: KeyKind::Decimal,
        default: "30",
        text: "How much of AWS's default request limits a scan uses, in percent; the rest is for your own automation. Above 100 only where AWS has raised your limits.",
    },
    Key {
        path: "prometheus.url",
        kind: KeyKind::Text,
        default: "",
        text: "A Prometheus server, or what answers like one, that `scan` asks besides AWS: http://host:9090 or https://host/path, without a password. `scan --prometheus` takes its place.",
    },
    Key {
        path: "prometheus.bearer_token_file",
        kind: KeyKind::Text,
        default: "",
        text: "A file with the bearer token to send. The token itself never stands in the configuration.",
    },
    Key {
        path: "prometheus.bearer_token_env",
        kind: KeyKind::Text,
        default: "",
        text: "The environment variable that holds the bearer token, where no file does.",
    },
    Key {
        path: "prometheus.username",
        kind: KeyKind::Text,
        default: "",
        text: "The user of basic authentication.",
    },
    Key {
        path: "prometheus.password_file",
        kind: KeyKind::Text,
        default: "",
        text: "A file with that user's password.",
    },
    Key {
        path: "prometheus.password_env",
        kind: KeyKind::Text,
        default: "",
        text: "The environment variable that holds the password, where no file does.",
    },
    Key {
        path: "prometheus.ca_file",
        kind: KeyKind::Text,
        default: "",
        text: "Certificates (PEM) that vouch for the server, besides those that the system trusts.",
    },
    Key {
        path: "prometheus.match",
        kind: KeyKind::Text,
        default: "",
        text: "Label matchers that every query has besides, such as 'cluster=\"live\"': for a server that sees more than these accounts.",
    },
    Key {
        path: "prometheus.instance_label",
        kind: KeyKind::Text,
        default: "\"instance_id\"",
        text: "The label that holds an instance's id or private address. Where a target has no such label, the host in `instance` is compared with private addresses.",
    },
    Key {
        path: "prometheus.database_label",
        kind: KeyKind::Text,
        default: "\"dbinstance_identifier\"",
        text: "The label that holds a DB instance's identifier or endpoint. Where a target has no such label, the host in `instance` is compared with endpoints.",
    },
    Key {
        path: "sizing.method",
        kind: KeyKind::Word(&["expected-cost", "percentile"]),
        default: "\"expected-cost\"",
        text: "How a size is chosen: by the least expected cost, harm included, or by a percentile of what was seen with headroom. Who sets a preset, a percentile or a headroom gets the latter. Every key of `sizing` may also stand in `sizing.dev`, `sizing.staging`, `sizing.prod` or `sizing.unknown`.",
    },
    Key {
        path: "sizing.horizon",
        kind: KeyKind::Word(&["14d", "30d", "90d"]),
        default: "\"14d\"",
        text: "How far ahead a size must hold.",
    },
    Key {
        path: "sizing.harm_cpu_above_80",
        kind: KeyKind::Decimal,
        default: "1; 0.5 in staging, 0.25 in dev",
        text: "Machine-hours that an hour with CPU demand above 80 % of a size counts as.",
    },
    Key {
        path: "sizing.harm_cpu_above_100",
        kind: KeyKind::Decimal,
        default: "10; 5 in staging, 2.5 in dev",
        text: "Machine-hours that an hour with CPU demand above all of a size counts as, on top of the former; an hour with network or EBS demand above what it sustains counts as much.",
    },
    Key {
        path: "sizing.harm_memory_above_100",
        kind: KeyKind::Decimal,
        default: "100; 50 in staging, 25 in dev",
        text: "Machine-hours that an hour with memory demand above a size's memory counts as.",
    },
    Key {
        path: "sizing.preset",
        kind: KeyKind::Word(&["maximum-savings", "balanced", "default", "maximum-performance"]),
        default: "none",
        text: "AWS Compute Optimizer's preset: sizes by its percentile and its headrooms, which the keys below change.",
    },
    Key {
        path: "sizing.cpu_threshold",
        kind: KeyKind::Word(&["p90", "p95", "p99.5"]),
        default: "\"p99.5\"",
        text: "Percentile of the 5-minute CPU maxima that a size must cover.",
    },
    Key {
        path: "sizing.cpu_headroom",
        kind: KeyKind::Word(&["0%", "10%", "20%", "30%"]),
        default: "\"20%\"",
        text: "Spare CPU above that percentile.",
    },
    Key {
        path: "sizing.memory_headroom",
        kind: KeyKind::Word(&["0%", "10%", "20%", "30%"]),
        default: "\"20%\"",
        text: "Spare memory above the maximum seen.",
    },
    Key {
        path: "sizing.lookback",
        kind: KeyKind::Word(&["14d", "32d", "93d"]),
        default: "\"14d\"",
        text: "How far back demand is read.",
    },
    Key {
        path: "sizing.previous_generation",
        kind: PERMISSION,
        default: "\"deny\"",
        text: "Whether types of an older generation may be proposed.",
    },
    Key {
        path: "sizing.other_architecture",
        kind: PERMISSION,
        default: "\"deny\"",
        text: "Whether another processor architecture may be proposed.",
    },
    Key {
        path: "sizing.burstable",
        kind: PERMISSION,
        default: "\"allow\"",
        text: "Whether burstable types may be proposed.",
    },
    Key {
        path: "sizing.estimated_prices",
        kind: PERMISSION,
        default: "\"deny\"",
        text: "Whether prices that are derived and not published may decide.",
    },
    Key {
        path: "calendar.country",
        kind: KeyKind::Word(&["KR", "none"]),
        default: "KR in the time zone Asia/Seoul, else none",
        text: "Whose public holidays count as Sundays where hours of use are learnt: South Korea's, substitute and lunar ones included, for 2025 to 2030.",
    },
    Key {
        path: "calendar.holidays",
        kind: KeyKind::DateList,
        default: "",
        text: "Further days on which nobody works: an election, a day that the government or the company adds.",
    },
    Key {
        path: "exempt[].account",
        kind: KeyKind::Text,
        default: "",
        text: "Accounts that the rule is about. One `[[exempt]]` is one rule; all its conditions must hold, and `*` and `?` may stand in each but `environment`.",
    },
    Key {
        path: "exempt[].region",
        kind: KeyKind::Text,
        default: "",
        text: "Regions that the rule is about.",
    },
    Key {
        path: "exempt[].environment",
        kind: KeyKind::Word(&["dev", "staging", "prod", "unknown"]),
        default: "",
        text: "The environment that the rule is about.",
    },
    Key {
        path: "exempt[].tag",
        kind: KeyKind::Text,
        default: "",
        text: "A tag of the resources, as `Key` or `Key=value`.",
    },
    Key {
        path: "exempt[].resource",
        kind: KeyKind::Text,
        default: "",
        text: "Resources by their identifier, such as `i-0abc` or `arn:aws:*:loadbalancer/app/web/*`.",
    },
    Key {
        path: "exempt[].check",
        kind: KeyKind::Text,
        default: "",
        text: "Checks, such as `ebs-volume-unattached` or `rds-*`. A check that does not exist is an error.",
    },
    Key {
        path: "exempt[].reason",
        kind: KeyKind::Text,
        default: "",
        text: "Why, in your own words. Required; shown with everything that the rule takes out.",
    },
    Key {
        path: "exempt[].until",
        kind: KeyKind::Date,
        default: "for good",
        text: "The last day on which the rule holds, in `timezone`. A rule that is over is shown as expired by `config validate` and `coverage`.",
    },
    Key {
        path: "checks.<check>.enabled",
        kind: KeyKind::Boolean,
        default: "true",
        text: "Whether the check runs.",
    },
    Key {
        path: "checks.<check>.<threshold>",
        kind: KeyKind::Decimal,
        default: "see the check's page",
        text: "A threshold of the check.",
    },
];

/// Returns the JSON schema (draft 2020-12) of the configuration file.
#[expect(
    clippy::indexing_slicing,
    reason = "indexing a JSON object makes the entry that is missing"
)]
pub fn schema() -> Value {
    let mut root = object();
    for key in keys() {
        insert(&mut root, &key.path.split('.').collect::<Vec<_>>(), leaf(key));
    }
    // Sizing per environment has the keys of `sizing` again.
    if let Some(sizing) =
        root.pointer_mut("/properties/sizing/properties").and_then(Value::as_object_mut)
    {
        let keys = sizing.clone();
        for environment in ["dev", "staging", "prod", "unknown"] {
            let mut table = object();
            table["properties"] = Value::Object(keys.clone());
            sizing.insert(environment.to_owned(), table);
        }
    }
    let mut schema = Map::new();
    schema.insert("$schema".into(), json!("https://json-schema.org/draft/2020-12/schema"));
    schema.insert("title".into(), json!("trimtab.toml"));
    if let Value::Object(rest) = root {
        schema.extend(rest);
    }
    Value::Object(schema)
}

fn object() -> Value {
    json!({"type": "object", "properties": {}, "additionalProperties": false})
}

#[expect(
    clippy::indexing_slicing,
    reason = "indexing a JSON object makes the entry that is missing"
)]
fn leaf(key: &Key) -> Value {
    let mut value = match key.kind {
        KeyKind::Text => json!({"type": "string"}),
        KeyKind::Word(words) => json!({"enum": words}),
        KeyKind::TextList => json!({"type": "array", "items": {"type": "string"}}),
        KeyKind::Decimal => json!({"type": ["string", "number"]}),
        KeyKind::Boolean => json!({"type": "boolean"}),
        KeyKind::Date => json!({"type": "string", "format": "date"}),
        KeyKind::DateList => {
            json!({"type": "array", "items": {"type": "string", "format": "date"}})
        }
        KeyKind::NumberList => json!({"type": "array", "items": {"type": "integer"}}),
    };
    value["description"] = json!(key.text);
    value
}

#[expect(
    clippy::indexing_slicing,
    reason = "indexing a JSON object makes the entry that is missing"
)]
fn insert(table: &mut Value, path: &[&str], leaf: Value) {
    let Some((first, rest)) = path.split_first() else { return };
    if first.starts_with('<') {
        if rest.is_empty() {
            table["additionalProperties"] = leaf;
        } else {
            if !table["additionalProperties"].is_object() {
                table["additionalProperties"] = object();
            }
            insert(&mut table["additionalProperties"], rest, leaf);
        }
        return;
    }
    let (name, is_list) = match first.strip_suffix("[]") {
        Some(name) => (name, true),
        None => (*first, false),
    };
    if rest.is_empty() {
        table["properties"][name] = leaf;
        return;
    }
    if table["properties"][name].is_null() {
        table["properties"][name] =
            if is_list { json!({"type": "array", "items": object()}) } else { object() };
    }
    let inner = if is_list {
        &mut table["properties"][name]["items"]
    } else {
        &mut table["properties"][name]
    };
    insert(inner, rest, leaf);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_schema_has_a_place_for_every_key() {
        let schema = schema();
        assert_eq!(
            schema["properties"]["sizing"]["properties"]["dev"]["properties"]["lookback"]["enum"]
                [0],
            "14d"
        );
        assert_eq!(
            schema["properties"]["exchange_rate"]["items"]["properties"]["date"]["format"],
            "date"
        );
        assert_eq!(
            schema["properties"]["checks"]["additionalProperties"]["properties"]["enabled"]["type"],
            "boolean"
        );
    }
}
