//! A project in the words of AWS SAM.

use super::cloudformation::{access_log, batches, outputs, throttling};
use super::function::description;
use super::node::{Map, Node, attribute, list, reference, yaml};
use super::project::{Scaffold, Template};
use super::resource::{
    MAX_EVENT_AGE_SECONDS, RETRIES, bucket_policy, bucket_properties, log_group, mode_parameter,
    network, resource, retained, shared, tag_map, variables,
};

const HEAD: &str = "Deploy it with ./deploy.sh, which needs the SAM CLI.";

/// Returns `template.yaml`.
pub(super) fn template(scaffold: &Scaffold) -> String {
    let resources = Map::new()
        .with("LogGroup", log_group(scaffold, &scaffold.log_group()))
        .with("Function", function(scaffold))
        .and(source(scaffold))
        .and(shared(scaffold, "HttpApi"));
    let map = Map::new()
        .with("AWSTemplateFormatVersion", "2010-09-09")
        .with("Transform", "AWS::Serverless-2016-10-31")
        .with("Description", description(scaffold))
        .with("Parameters", Map::new().with("Mode", mode_parameter()))
        .with("Resources", resources)
        .with("Outputs", outputs(scaffold, "Function"));
    yaml(HEAD, map)
}

fn function(scaffold: &Scaffold) -> Map {
    let properties = Map::new()
        .with("FunctionName", scaffold.name.as_str())
        .with("Description", description(scaffold))
        .with("Runtime", scaffold.runtime.identifier())
        .with("Handler", scaffold.runtime.handler())
        .with("CodeUri", "build/function.zip")
        .with("Architectures", list([scaffold.architecture.id()]))
        .with("MemorySize", scaffold.memory_mb)
        .with("Timeout", scaffold.timeout_seconds)
        .with_some("ReservedConcurrentExecutions", scaffold.reserved_concurrency)
        .with("Role", attribute("FunctionRole", "Arn"))
        .with_some("VpcConfig", network(scaffold))
        .with("Environment", Map::new().with("Variables", variables(scaffold, &reference("Mode"))))
        .with_some("EventInvokeConfig", invocations(scaffold))
        .with("Events", events(scaffold))
        .with("Tags", tag_map(scaffold));
    resource("AWS::Serverless::Function", properties).noted(
        "Lambda would make a group of its own, which keeps logs for ever.",
        "DependsOn",
        list(["LogGroup"]),
    )
}

fn invocations(scaffold: &Scaffold) -> Option<Map> {
    let failure =
        Map::new().with("Type", "SQS").with("Destination", attribute("DeadLetterQueue", "Arn"));
    scaffold.template.is_asynchronous().then(|| {
        Map::new()
            .with("MaximumEventAgeInSeconds", MAX_EVENT_AGE_SECONDS)
            .with("MaximumRetryAttempts", RETRIES)
            .with("DestinationConfig", Map::new().with("OnFailure", failure))
    })
}

fn events(scaffold: &Scaffold) -> Map {
    let event = |kind: &str, properties: Map| -> Node {
        Map::new().with("Type", kind).with("Properties", properties).into()
    };
    let route = |method: &str, path: &str| {
        let properties = Map::new()
            .with("ApiId", reference("HttpApi"))
            .with("Method", method)
            .with("Path", path)
            .with("PayloadFormatVersion", "2.0");
        event("HttpApi", properties)
    };
    let rule = Map::new().with("Name", "suffix").with("Value", ".json");
    match &scaffold.template {
        Template::S3Notice { .. } => {
            let properties = Map::new()
                .with("Bucket", reference("Bucket"))
                .with("Events", "s3:ObjectCreated:*")
                .with("Filter", Map::new().with("S3Key", Map::new().with("Rules", list([rule]))));
            Map::new().with("ObjectCreated", event("S3", properties))
        }
        Template::Http { .. } => Map::new()
            .with("Notices", route("POST", "/notices"))
            .with("Health", route("GET", "/health")),
        Template::Schedule { expression } => {
            let properties = Map::new()
                .noted("In UTC.", "Schedule", expression.as_str())
                .with("Name", scaffold.name.as_str())
                .with("Description", description(scaffold))
                .with("Enabled", true);
            Map::new().with("Clock", event("Schedule", properties))
        }
        Template::Queue => {
            let properties =
                Map::new().with("Queue", attribute("Queue", "Arn")).and(batches(scaffold));
            Map::new().with("Messages", event("SQS", properties))
        }
    }
}

/// What the events come from, where SAM does not make it of the event.
fn source(scaffold: &Scaffold) -> Map {
    match &scaffold.template {
        Template::S3Notice { bucket } => {
            let properties = bucket_properties(scaffold, bucket);
            Map::new()
                .with("Bucket", retained(resource("AWS::S3::Bucket", properties)))
                .with("BucketPolicy", bucket_policy(bucket, "Bucket"))
        }
        Template::Http { .. } => {
            let api = Map::new()
                .with("Name", scaffold.name.as_str())
                .with("DefaultRouteSettings", throttling())
                .with("AccessLogSettings", access_log())
                .with("Tags", tag_map(scaffold));
            Map::new()
                .with("AccessLogGroup", log_group(scaffold, &scaffold.access_log_group()))
                .with("HttpApi", resource("AWS::Serverless::HttpApi", api))
        }
        Template::Schedule { .. } | Template::Queue => Map::new(),
    }
}
