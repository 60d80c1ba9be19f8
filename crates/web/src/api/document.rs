//! The description of the API: OpenAPI 3.1, from the handlers.

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use utoipa::openapi::path::{Operation, Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{Object, ObjectBuilder, SchemaType, Type};
use utoipa::openapi::security::{
    ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme,
};
use utoipa::openapi::{
    ContentBuilder, OpenApi as Described, Ref, RefOr, Required, Response as Answer,
    ResponseBuilder, Schema,
};
use utoipa::{Modify, OpenApi};

use super::part::MOST;
use super::{
    anomalies, audit, costs, coverage, events, health, inventory, plans, recommendations, reports,
    runs, settings, views,
};
use crate::cookie;
use crate::problem::Problem;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "trimtab",
        description = "What is spent, what can be saved and how safely. Amounts are decimal texts with their currency, in the currency of the bill; nothing is rounded or converted, and `currency` is refused. Every error is a Problem.",
        license(name = "Apache-2.0", identifier = "Apache-2.0"),
    ),
    paths(
        health::health,
        costs::first,
        costs::scopes,
        costs::costs,
        costs::allocation,
        costs::costs_bridge,
        costs::costs_hours,
        costs::unit_costs,
        costs::all_savings,
        costs::all_commitments,
        anomalies::all_anomalies,
        anomalies::get_anomaly,
        anomalies::ack_anomaly,
        anomalies::reopen_one_anomaly,
        costs::all_budgets,
        recommendations::recommendations,
        recommendations::one_recommendation,
        recommendations::series,
        recommendations::options,
        recommendations::evidence,
        recommendations::patch,
        recommendations::dismiss,
        recommendations::snooze,
        recommendations::reopen,
        coverage::coverage,
        coverage::coverage_places,
        coverage::coverage_gaps,
        coverage::coverage_calls,
        inventory::resources,
        inventory::one_resource,
        inventory::tag_coverage,
        reports::reports,
        plans::all_plans,
        plans::one_plan,
        plans::create_plan,
        plans::approve_plan,
        runs::all_runs,
        runs::one_run,
        events::run_events,
        runs::run_gates,
        runs::pause_run,
        runs::resume_run,
        runs::cancel_run,
        runs::rollback_run,
        audit::audit,
        settings::settings,
        views::all_views,
        views::save_view,
        views::rename_view,
        views::delete_view,
    ),
    components(schemas(Problem)),
    modifiers(&Guarded, &Parts),
)]
struct Description;

/// Returns the description of the API.
pub fn openapi() -> String {
    let mut text = Description::openapi().to_pretty_json().unwrap_or_default();
    text.push('\n');
    text
}

/// Answers with the description.
pub(crate) async fn serve() -> Response {
    ([(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))], openapi())
        .into_response()
}

/// The media type of an error.
const PROBLEM: &str = "application/problem+json";

/// What the guard answers, by name: its status and why.
const REFUSALS: [(&str, &str, &str); 4] = [
    ("unauthorized", "401", "The token is missing or wrong."),
    (
        "forbidden",
        "403",
        "The request comes from a page of another site, or the server only shows.",
    ),
    ("unsupported", "415", "The body is not called JSON."),
    ("misdirected", "421", "The server does not answer to the name in `Host`."),
];

/// Adds to every operation how a reader proves to be allowed, and what is answered to whoever is not.
struct Guarded;

impl Modify for Guarded {
    fn modify(&self, described: &mut Described) {
        let requirement = |name: &str| SecurityRequirement::new(name, Vec::<String>::new());
        described.security = Some(vec![requirement("token"), requirement("session")]);
        let components = described.components.get_or_insert_default();
        let token = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some("The token of the data directory: the file `web-token`."));
        components.add_security_scheme("token", SecurityScheme::Http(token.build()));
        let session = ApiKeyValue::with_description(
            cookie::SESSION,
            "What a browser gets for the token at /login.",
        );
        components.add_security_scheme("session", SecurityScheme::ApiKey(ApiKey::Cookie(session)));
        for (name, _, why) in REFUSALS {
            components.responses.insert(name.to_owned(), RefOr::T(problem(why)));
        }
        for (path, item) in &mut described.paths.paths {
            let is_open = path == "/api/v1/health";
            if let Some(get) = &mut item.get {
                guard(get, is_open, &["unauthorized", "misdirected"]);
            }
            if let Some(post) = &mut item.post {
                let all = ["unauthorized", "forbidden", "unsupported", "misdirected"];
                guard(post, is_open, &all);
            }
            if let Some(delete) = &mut item.delete {
                guard(delete, is_open, &["unauthorized", "forbidden", "misdirected"]);
            }
        }
    }
}

fn problem(why: &str) -> Answer {
    let schema = RefOr::Ref(Ref::from_schema_name("Problem"));
    let content = ContentBuilder::new().schema(Some(schema)).build();
    ResponseBuilder::new().description(why).content(PROBLEM, content).build()
}

fn guard(operation: &mut Operation, is_open: bool, refusals: &[&str]) {
    if is_open {
        operation.security = Some(Vec::new());
    }
    for (name, status, _) in REFUSALS {
        if refusals.contains(&name) && !(is_open && name == "unauthorized") {
            let answer = RefOr::Ref(Ref::from_response_name(name));
            operation.responses.responses.insert(status.to_owned(), answer);
        }
    }
    for (status, answer) in &mut operation.responses.responses {
        let RefOr::T(answer) = answer else { continue };
        // Errors have a media type of their own.
        if !status.starts_with('2') {
            let content = std::mem::take(&mut answer.content);
            answer.content =
                content.into_values().map(|content| (PROBLEM.to_owned(), content)).collect();
        }
        if answer.description.is_empty() {
            answer.description = usual(status).to_owned();
        }
    }
}

/// Says what a status means where no answer says it better.
fn usual(status: &str) -> &'static str {
    match status {
        "200" => "It is there.",
        "400" => "The request says something that cannot be.",
        "404" => "There is no such thing, or no data for it yet.",
        _ => "It could not be done.",
    }
}

/// The lists, and the schemas of their answers that do not say by themselves which part they are.
const LISTS: [(&str, Option<&str>); 19] = [
    ("/api/v1/costs", Some("Spending")),
    ("/api/v1/allocation", Some("Allocated")),
    ("/api/v1/costs/hours", Some("Hours")),
    ("/api/v1/unit-costs", Some("UnitCosts")),
    ("/api/v1/savings", Some("Savings")),
    ("/api/v1/commitments", Some("Commitments")),
    ("/api/v1/anomalies", Some("Anomalies")),
    ("/api/v1/budgets", Some("Budgets")),
    ("/api/v1/recommendations", None),
    ("/api/v1/recommendations/{id}/options", Some("OptionList")),
    ("/api/v1/resources", None),
    ("/api/v1/tags/coverage", Some("TagCoverage")),
    ("/api/v1/coverage/places", Some("PlaceList")),
    ("/api/v1/coverage/calls", Some("CallList")),
    ("/api/v1/reports", Some("ReportList")),
    ("/api/v1/plans", Some("PlanList")),
    ("/api/v1/runs", Some("RunList")),
    ("/api/v1/audit", None),
    ("/api/v1/views", Some("ViewList")),
];

/// Adds to every list how a part of it is asked for, and to its answer which part it is.
struct Parts;

impl Modify for Parts {
    fn modify(&self, described: &mut Described) {
        for (path, schema) in LISTS {
            let item = described.paths.paths.get_mut(path);
            if let Some(operation) = item.and_then(|item| item.get.as_mut()) {
                let parameters = operation.parameters.get_or_insert_default();
                let cursor = "`next` of the answer before; the beginning where absent";
                parameters.push(RefOr::T(parameter("cursor", cursor)));
                let limit = format!("How many items at most: 1 to {MOST}; {MOST} where absent");
                let limit = match path {
                    "/api/v1/recommendations" => format!("How many items at most: 1 to {MOST}"),
                    _ => limit,
                };
                parameters.push(RefOr::T(parameter("limit", &limit)));
            }
            let schemas = described.components.as_mut().map(|components| &mut components.schemas);
            let schema = schemas.zip(schema).and_then(|(all, name)| all.get_mut(name));
            if let Some(RefOr::T(Schema::Object(object))) = schema {
                tell_part(object);
            }
        }
    }
}

fn parameter(name: &str, about: &str) -> Parameter {
    let number = ObjectBuilder::new().schema_type(Type::Integer).build();
    ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Query)
        .required(Required::False)
        .description(Some(about))
        .schema(Some(Schema::Object(number)))
        .build()
}

fn tell_part(object: &mut Object) {
    let count = ObjectBuilder::new()
        .schema_type(Type::Integer)
        .description(Some("How many items the whole list has."));
    let next = ObjectBuilder::new()
        .schema_type(SchemaType::from_iter([Type::String, Type::Null]))
        .description(Some("`cursor` of the next part; null after the last."));
    for (name, schema) in [("count", count), ("next", next)] {
        object.properties.insert(name.to_owned(), RefOr::T(Schema::Object(schema.build())));
    }
    object.required.push("count".to_owned());
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::Value;

    use super::*;

    fn described() -> Value {
        serde_json::from_str(&openapi()).unwrap()
    }

    /// Returns every operation with its path and method.
    fn operations(described: &Value) -> Vec<(&str, &str, &Value)> {
        let paths = described["paths"].as_object().unwrap();
        paths
            .iter()
            .flat_map(|(path, item)| {
                let methods = item.as_object().unwrap().iter();
                methods.map(move |(method, operation)| (path.as_str(), method.as_str(), operation))
            })
            .collect()
    }

    #[test]
    fn every_address_is_described() {
        let described = described();
        let known: BTreeSet<&str> =
            operations(&described).into_iter().map(|(path, ..)| path).collect();
        let source = include_str!("routes.rs");
        let routes: BTreeSet<&str> =
            source.split('"').filter(|text| text.starts_with("/api/v1/")).collect();
        assert_eq!(routes, known);
    }

    #[test]
    fn every_answer_has_a_schema_and_says_what_it_means() {
        let described = described();
        for (path, method, operation) in operations(&described) {
            let answers = operation["responses"].as_object().unwrap();
            for (status, answer) in answers.iter().filter(|(_, one)| one.get("$ref").is_none()) {
                let place = format!("{method} {path} {status}");
                assert_ne!(answer["description"], Value::from(""), "{place}");
                let content = answer["content"].as_object().unwrap();
                let (kind, body) = content.iter().next().unwrap();
                let is_stream = kind == "text/event-stream";
                assert!(is_stream || body["schema"]["$ref"].is_string(), "{place}");
                assert_eq!(kind == PROBLEM, !status.starts_with('2'), "{place}: {kind}");
            }
        }
    }

    #[test]
    fn every_operation_says_who_may_and_what_others_are_answered() {
        let described = described();
        assert_eq!(described["security"].as_array().unwrap().len(), 2);
        let schemes = described["components"]["securitySchemes"].as_object().unwrap();
        assert_eq!(schemes["token"]["scheme"], "bearer");
        assert_eq!(schemes["session"]["in"], "cookie");
        for (path, method, operation) in operations(&described) {
            let has = |status: &str| !operation["responses"][status].is_null();
            assert!(has("421"), "{method} {path}");
            assert_eq!(has("401"), path != "/api/v1/health", "{method} {path}");
            assert_eq!(has("403"), method != "get", "{method} {path}");
            assert_eq!(has("415"), method == "post", "{method} {path}");
        }
    }

    #[test]
    fn every_list_can_be_read_in_parts() {
        let described = described();
        let names = |operation: &Value| -> BTreeSet<String> {
            let all = operation["parameters"].as_array().cloned().unwrap_or_default();
            all.iter().filter_map(|one| one["name"].as_str().map(str::to_owned)).collect()
        };
        let lists: BTreeSet<&str> = LISTS.into_iter().map(|(path, _)| path).collect();
        for (path, method, operation) in operations(&described) {
            let names = names(operation);
            let is_list = method == "get" && lists.contains(path);
            assert_eq!(names.contains("cursor") && names.contains("limit"), is_list, "{path}");
            let schema =
                operation["responses"]["200"]["content"]["application/json"]["schema"]["$ref"]
                    .as_str()
                    .and_then(|name| name.rsplit('/').next())
                    .map(|name| &described["components"]["schemas"][name]["properties"]);
            let has = |name: &str| schema.is_some_and(|fields| !fields[name].is_null());
            // A run has changes as items, and is one thing; so are its gates.
            let is_run = path.starts_with("/api/v1/runs/{id}");
            let has_items = method == "get" && has("items") && !is_run;
            assert_eq!(has_items, is_list, "{path}");
            assert_eq!(has("count") && has("next"), is_list, "{path}");
        }
    }
}
