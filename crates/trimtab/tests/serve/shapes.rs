//! Every answer of the API is what its description says, and every list can be read in parts.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use crate::client::{Answer, get, post};
use crate::company::company;
use crate::server::Server;

/// Says what of a value is not as a schema has it.
fn faults(described: &Value, schema: &Value, value: &Value, place: &str, found: &mut Vec<String>) {
    if let Some(name) = schema["$ref"].as_str() {
        let name = name.trim_start_matches("#/components/schemas/");
        let schema = &described["components"]["schemas"][name];
        assert!(schema.is_object(), "{place}: there is no schema {name}");
        return faults(described, schema, value, place, found);
    }
    if let Some(all) = schema["oneOf"].as_array().or(schema["anyOf"].as_array()) {
        let fits = |one: &Value| {
            let mut own = Vec::new();
            faults(described, one, value, place, &mut own);
            own
        };
        let tried: Vec<Vec<String>> = all.iter().map(fits).collect();
        if tried.iter().all(|own| !own.is_empty()) {
            found.extend(tried.into_iter().flatten());
        }
        return;
    }
    let types: Vec<&str> = match &schema["type"] {
        Value::String(one) => vec![one.as_str()],
        Value::Array(all) => all.iter().filter_map(Value::as_str).collect(),
        _ => return,
    };
    let is_of = |kind: &&str| match *kind {
        "string" => value.is_string(),
        "integer" => value.is_u64() || value.is_i64(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => value.is_null(),
    };
    if !types.iter().any(is_of) {
        found.push(format!("{place}: {value} is no {types:?}"));
        return;
    }
    if let Some(words) = schema["enum"].as_array()
        && !words.contains(value)
    {
        found.push(format!("{place}: {value} is none of {words:?}"));
    }
    for (index, item) in value.as_array().into_iter().flatten().enumerate() {
        faults(described, &schema["items"], item, &format!("{place}[{index}]"), found);
    }
    let Some(fields) = value.as_object() else { return };
    let empty = Map::new();
    let known = schema["properties"].as_object().unwrap_or(&empty);
    for (name, field) in fields {
        let place = format!("{place}.{name}");
        match known.get(name).or(schema.get("additionalProperties")) {
            Some(schema) => faults(described, schema, field, &place, found),
            None => found.push(format!("{place} is not described")),
        }
    }
    for name in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        if !fields.contains_key(name) {
            found.push(format!("{place}.{name} is missing"));
        }
    }
}

/// Holds an answer against the description of its address.
pub fn conforms(server: &Server, method: &str, path: &str, status: &str, answer: &Answer) {
    assert_eq!(answer.status.to_string(), status, "{method} {path}: {}", answer.body);
    let described = get(server, "/api/openapi.json").json();
    let content = &described["paths"][path][method]["responses"][status]["content"];
    let schema = &content["application/json"]["schema"];
    assert!(schema.is_object(), "{method} {path} {status} has no schema");
    let mut found = Vec::new();
    faults(&described, schema, &answer.json(), path, &mut found);
    found.truncate(20);
    assert!(found.is_empty(), "{method} {path}: {found:#?}");
}

#[test]
fn every_answer_is_what_its_description_says() {
    let exports = company("");
    let server = Server::start(&exports);
    let described = get(&server, "/api/openapi.json").json();

    // A plan of the API is approved by its hash, and the answers on the way are as described.
    let filter = "check in (ec2-instance-oversized, ebs-volume-gp2) and risk<=high and (env!=prod or risk<=low)";
    let made = post(&server, "/api/v1/plans", &json!({"by": "kim", "filter": filter}));
    conforms(&server, "post", "/api/v1/plans", "201", &made);
    let plan = made.json();
    let id = plan["plan"].as_str().expect("a plan");
    let approve = format!("/api/v1/plans/{id}/approve");
    let stages: Vec<(&str, &str)> = plan["stages"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|stage| Some((stage["stage"].as_str()?, stage["approval"].as_str()?)))
        .collect();
    let (stage, _) = stages.iter().find(|(_, needs)| *needs == "hash").expect("a stage");
    let wrong = json!({"stage": stage, "hash": "0123456789abcdef", "by": "lee"});
    let refused = post(&server, &approve, &wrong);
    assert_eq!((refused.status, &refused.json()["code"]), (409, &json!("stale")));
    let right = json!({"stage": stage, "hash": plan["hash"], "by": "lee"});
    let approved = post(&server, &approve, &right);
    conforms(&server, "post", "/api/v1/plans/{id}/approve", "200", &approved);
    assert_eq!(approved.json()["approvals"][0]["by"], json!("lee"));
    assert!(get(&server, &format!("/plans/{id}?lang=en")).body.contains("lee"));
    if let Some((stage, _)) = stages.iter().find(|(_, needs)| *needs == "hash-and-alias") {
        let unnamed = json!({"stage": stage, "hash": plan["hash"], "by": "lee"});
        assert_eq!(post(&server, &approve, &unnamed).status, 409);
    }

    // Every recommendation, so that each kind of them is held against the description.
    let all = get(&server, "/api/v1/recommendations?limit=500");
    conforms(&server, "get", "/api/v1/recommendations", "200", &all);
    let listed = all.json();
    let items = listed["items"].as_array().expect("recommendations");
    let ids: Vec<&str> = items.iter().filter_map(|item| item["id"].as_str()).collect();
    let found = get(&server, "/api/v1/anomalies").json()["items"].clone();
    let anomalies: Vec<&str> =
        found.as_array().into_iter().flatten().filter_map(|item| item["id"].as_str()).collect();
    let of_path = |path: &str| match path {
        _ if path.starts_with("/api/v1/anomalies/") => {
            anomalies.iter().map(|id| path.replace("{id}", id)).collect()
        }
        _ if path.starts_with("/api/v1/plans/") => vec![path.replace("{id}", id)],
        _ if path.contains("{id}") => ids.iter().map(|id| path.replace("{id}", id)).collect(),
        "/api/v1/resource" => resource_addresses(&server),
        "/api/v1/costs/hours" => vec![format!("{path}?day=2026-10-02")],
        _ => vec![path.to_owned()],
    };
    let mut read = BTreeSet::new();
    for (path, methods) in described["paths"].as_object().expect("addresses") {
        // Runs are looked at where there are some.
        if methods["get"].is_null() || path.starts_with("/api/v1/runs/") {
            continue;
        }
        for address in of_path(path) {
            let answer = get(&server, &address);
            // Not everything that is recommended has samples.
            if path.ends_with("/series") && answer.status == 404 {
                continue;
            }
            conforms(&server, "get", path, "200", &answer);
            read.insert(path.as_str());
        }
    }
    assert!(read.len() >= 24, "{read:?}");
    parts(&server, &described);
    resources_and_tags(&server);
    patches(&server, &ids);
    labels(&server);
    let dismissed = format!("/api/v1/recommendations/{}/dismiss", ids[0]);
    let dismissed = post(&server, &dismissed, &json!({"reason": "no"}));
    conforms(&server, "post", "/api/v1/recommendations/{id}/dismiss", "200", &dismissed);
}

/// Returns the address of one resource of each kind.
fn resource_addresses(server: &Server) -> Vec<String> {
    let all = get(server, "/api/v1/resources?limit=500").json();
    let items = all["items"].as_array().cloned().unwrap_or_default();
    let kinds: BTreeMap<String, Value> =
        items.into_iter().map(|item| (item["resource_type"].to_string(), item)).collect();
    kinds.values().map(resource_address).collect()
}

/// Returns the address of a resource of the list.
pub fn resource_address(item: &Value) -> String {
    let part = |name: &str| item[name].as_str().expect("a text").to_owned();
    let (kind, account, region) = (part("resource_type"), part("account"), part("region"));
    let id = part("resource_id").replace('%', "%25").replace('#', "%23").replace('&', "%26");
    format!("/api/v1/resource?kind={kind}&account={account}&region={region}&id={id}")
}

/// Reads every list in parts of two, and finds the whole of it.
fn parts(server: &Server, described: &Value) {
    let paths = described["paths"].as_object().expect("addresses");
    let takes_part = |operation: &Value| {
        let all = operation["parameters"].as_array().into_iter().flatten();
        all.filter(|one| one["name"] == "cursor").count() == 1
    };
    let lists = paths.iter().filter(|(path, item)| takes_part(&item["get"]) && !path.contains('{'));
    let mut looked = 0;
    for (path, _) in lists {
        let first = if path.ends_with("/hours") { "?day=2026-10-02&" } else { "?" };
        let whole = get(server, &format!("{path}{first}limit=500")).json();
        let (mut items, mut cursor) = (Vec::new(), "0".to_owned());
        for _ in 0..3 {
            let part = get(server, &format!("{path}{first}limit=2&cursor={cursor}")).json();
            assert_eq!(part["count"], whole["count"], "{path}");
            let own = part["items"].as_array().cloned().unwrap_or_default();
            assert!(own.len() <= 2, "{path}");
            items.extend(own);
            let Some(next) = part["next"].as_str() else { break };
            next.clone_into(&mut cursor);
        }
        let all = whole["items"].as_array().cloned().unwrap_or_default();
        assert_eq!(items[..], all[..items.len()], "{path}");
        assert_eq!(get(server, &format!("{path}{first}limit=0")).status, 400, "{path}");
        looked += 1;
    }
    assert!(looked >= 14, "{looked}");
}

fn resources_and_tags(server: &Server) {
    let all = get(server, "/api/v1/resources").json();
    let kind = all["items"][0]["resource_type"].as_str().expect("a kind").to_owned();
    let some = get(server, &format!("/api/v1/resources?kind={kind}&limit=500")).json();
    let kinds = some["items"].as_array().into_iter().flatten().map(|one| &one["resource_type"]);
    assert!(kinds.into_iter().all(|one| *one == json!(kind)));
    assert!(some["count"].as_u64() > Some(0) && some["count"].as_u64() < all["count"].as_u64());
    let tags = get(server, "/api/v1/tags/coverage").json();
    assert_eq!(tags["resources"], all["count"]);
    let reports = get(server, "/api/v1/reports").json();
    for report in reports["items"].as_array().into_iter().flatten() {
        let href = report["formats"][4]["href"].as_str().expect("an address");
        let file = get(server, href).json();
        assert_eq!(file["period"]["first"], report["from"], "{href}");
        assert_eq!(get(server, report["href"].as_str().expect("an address")).status, 200);
    }
}

/// What a plan would do of a recommendation is done, or said why not.
fn patches(server: &Server, ids: &[&str]) {
    let mut planned = 0;
    for id in ids {
        let patch = get(server, &format!("/api/v1/recommendations/{id}/patch")).json();
        let is_planned = patch["is_planned"] == json!(true);
        assert!(is_planned || patch["reason"]["code"].is_string(), "{patch}");
        planned += usize::from(is_planned);
        let item = get(server, &format!("/api/v1/recommendations/{id}")).json();
        assert_eq!(patch["commands"], item["commands"]);
        let evidence = get(server, &format!("/api/v1/recommendations/{id}/evidence")).json();
        assert_eq!(evidence["evidence"], item["evidence"]);
        let options = get(server, &format!("/api/v1/recommendations/{id}/options")).json();
        assert_eq!(options["items"], item["options"]);
    }
    assert!(planned > 0);
}

/// What metrics say by a name adds up to what they say of the whole, and to what the API says.
fn labels(server: &Server) {
    let metrics = get(server, "/metrics").body;
    let decimal = |text: &str| -> rust_decimal::Decimal { text.parse().expect("a number") };
    let sum = |name: &str| -> rust_decimal::Decimal {
        let lines = metrics.lines().filter_map(|line| line.strip_prefix(&format!("{name}{{")));
        lines.filter_map(|line| line.rsplit_once(' ')).map(|(_, value)| decimal(value)).sum()
    };
    let whole = get(server, "/api/v1/overview").json();
    let whole = decimal(whole["spending"]["last_month"]["amount"].as_str().expect("an amount"));
    for by in ["", "_by_service", "_by_account", "_by_environment"] {
        assert_eq!(sum(&format!("trimtab_cost_effective{by}")), whole, "{metrics}");
    }
    let costs = get(server, "/api/v1/unit-costs?limit=500").json();
    let rows = costs["items"].as_array().into_iter().flatten();
    let last = rows.filter_map(|row| row["per_unit"]["amount"].as_str()).next_back();
    let line =
        format!("trimtab_unit_cost{{currency=\"USD\",per=\"dau\"}} {}", last.expect("users"));
    assert!(metrics.contains(&line), "{line}\n{metrics}");
    // Nothing is verified, which is not zero.
    assert!(!metrics.contains("stage=\"verified\"") && metrics.contains("stage=\"planned\""));
}
