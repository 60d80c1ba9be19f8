//! A project in the words of CloudFormation alone.

use super::function::description;
use super::node::{Map, Node, attribute, filled, list, reference, yaml};
use super::project::{Scaffold, Template};
use super::resource::{
    BURST_LIMIT, MAX_EVENT_AGE_SECONDS, RATE_LIMIT, RETRIES, access_format, bucket_policy,
    bucket_properties, log_group, mode_parameter, network, resource, retained, shared, tag_list,
    tag_map, variables,
};

const HEAD: &str = "Deploy it with ./deploy.sh, which puts the code into a bucket first.";

/// Returns `template.yaml`.
pub(super) fn template(scaffold: &Scaffold) -> String {
    let resources = Map::new()
        .with("LogGroup", log_group(scaffold, &scaffold.log_group()))
        .with("Function", function(scaffold))
        .and(trigger(scaffold))
        .and(shared(scaffold, "HttpApi"));
    let parameters = Map::new()
        .with("Mode", mode_parameter())
        .with("CodeBucket", text_parameter("The bucket that holds the code"))
        .with("CodeKey", text_parameter("The key of the code in its bucket"));
    let map = Map::new()
        .with("AWSTemplateFormatVersion", "2010-09-09")
        .with("Description", description(scaffold))
        .with("Parameters", parameters)
        .with("Resources", resources)
        .with("Outputs", outputs(scaffold, "Function"));
    yaml(HEAD, map)
}

/// Returns what a stack says of itself when it is deployed.
pub(super) fn outputs(scaffold: &Scaffold, function_id: &str) -> Map {
    let output = |value: Node| Map::new().with("Value", value);
    let map = Map::new()
        .with("FunctionArn", output(attribute(function_id, "Arn")))
        .with("AlarmTopicArn", output(reference("AlarmTopic")));
    match scaffold.template {
        Template::Http { .. } => map.with(
            "Endpoint",
            output(filled(
                "https://${HttpApi}.execute-api.${AWS::Region}.${AWS::URLSuffix}".to_owned(),
            )),
        ),
        Template::S3Notice { .. } => map.with("NoticeTopicArn", output(reference("NoticeTopic"))),
        Template::Queue => map.with("QueueUrl", output(reference("Queue"))),
        Template::Schedule { .. } => map,
    }
}

fn text_parameter(description: &str) -> Map {
    Map::new().with("Type", "String").with("MinLength", 1_u32).with("Description", description)
}

fn function(scaffold: &Scaffold) -> Map {
    let code =
        Map::new().with("S3Bucket", reference("CodeBucket")).with("S3Key", reference("CodeKey"));
    let properties = Map::new()
        .with("FunctionName", scaffold.name.as_str())
        .with("Description", description(scaffold))
        .with("Runtime", scaffold.runtime.identifier())
        .with("Handler", scaffold.runtime.handler())
        .with("Code", code)
        .with("Architectures", list([scaffold.architecture.id()]))
        .with("MemorySize", scaffold.memory_mb)
        .with("Timeout", scaffold.timeout_seconds)
        .with_some("ReservedConcurrentExecutions", scaffold.reserved_concurrency)
        .with("Role", attribute("FunctionRole", "Arn"))
        .with_some("VpcConfig", network(scaffold))
        .with("Environment", Map::new().with("Variables", variables(scaffold, &reference("Mode"))))
        .with("Tags", tag_list(scaffold));
    resource("AWS::Lambda::Function", properties).noted(
        "Lambda would make a group of its own, which keeps logs for ever.",
        "DependsOn",
        list(["LogGroup"]),
    )
}

/// What starts the function.
fn trigger(scaffold: &Scaffold) -> Map {
    let map = match &scaffold.template {
        Template::S3Notice { bucket } => objects(scaffold, bucket),
        Template::Http { .. } => api(scaffold),
        Template::Schedule { expression } => clock(scaffold, expression),
        Template::Queue => messages(scaffold),
    };
    if !scaffold.template.is_asynchronous() {
        return map;
    }
    let properties = Map::new()
        .with("FunctionName", reference("Function"))
        .with("Qualifier", "$LATEST")
        .with("MaximumEventAgeInSeconds", MAX_EVENT_AGE_SECONDS)
        .with("MaximumRetryAttempts", RETRIES)
        .with(
            "DestinationConfig",
            Map::new().with(
                "OnFailure",
                Map::new().with("Destination", attribute("DeadLetterQueue", "Arn")),
            ),
        );
    map.with("EventInvokeConfig", resource("AWS::Lambda::EventInvokeConfig", properties))
}

fn permission(service: &str, source: impl Into<Node>) -> Map {
    Map::new()
        .with("FunctionName", attribute("Function", "Arn"))
        .with("Action", "lambda:InvokeFunction")
        .with("Principal", service)
        .with("SourceArn", source)
}

fn objects(scaffold: &Scaffold, bucket: &str) -> Map {
    // The bucket by its name: a reference would make bucket and permission wait for each other.
    let arn = filled(format!("arn:${{AWS::Partition}}:s3:::{bucket}"));
    let allowed =
        permission("s3.amazonaws.com", arn).with("SourceAccount", reference("AWS::AccountId"));
    let rule = Map::new().with("Name", "suffix").with("Value", ".json");
    let notification = Map::new()
        .with("Event", "s3:ObjectCreated:*")
        .with("Function", attribute("Function", "Arn"))
        .with("Filter", Map::new().with("S3Key", Map::new().with("Rules", list([rule]))));
    let properties = bucket_properties(scaffold, bucket).with(
        "NotificationConfiguration",
        Map::new().with("LambdaConfigurations", list([notification])),
    );
    let notifying = retained(resource("AWS::S3::Bucket", properties))
        .with("DependsOn", list(["BucketPermission"]));
    Map::new()
        .with("BucketPermission", resource("AWS::Lambda::Permission", allowed))
        .with("Bucket", notifying)
        .with("BucketPolicy", bucket_policy(bucket, "Bucket"))
}

fn api(scaffold: &Scaffold) -> Map {
    let api = Map::new()
        .with("Name", scaffold.name.as_str())
        .with("ProtocolType", "HTTP")
        .with("Tags", tag_map(scaffold));
    let integration = Map::new()
        .with("ApiId", reference("HttpApi"))
        .with("IntegrationType", "AWS_PROXY")
        .with("IntegrationUri", attribute("Function", "Arn"))
        .with("PayloadFormatVersion", "2.0");
    let route = |key: &str| {
        let target = filled("integrations/${Integration}".to_owned());
        let properties = Map::new()
            .with("ApiId", reference("HttpApi"))
            .with("RouteKey", key)
            .with("Target", target);
        resource("AWS::ApiGatewayV2::Route", properties)
    };
    let stage = Map::new()
        .with("ApiId", reference("HttpApi"))
        .with("StageName", "$default")
        .with("AutoDeploy", true)
        .with("DefaultRouteSettings", throttling())
        .with("AccessLogSettings", access_log())
        .with("Tags", tag_map(scaffold));
    let source = "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${HttpApi}/*"
        .to_owned();
    let allowed = permission("apigateway.amazonaws.com", filled(source));
    Map::new()
        .with("HttpApi", resource("AWS::ApiGatewayV2::Api", api))
        .with("Integration", resource("AWS::ApiGatewayV2::Integration", integration))
        .with("NoticesRoute", route("POST /notices"))
        .with("HealthRoute", route("GET /health"))
        .with("AccessLogGroup", log_group(scaffold, &scaffold.access_log_group()))
        .with("Stage", resource("AWS::ApiGatewayV2::Stage", stage))
        .with("ApiPermission", resource("AWS::Lambda::Permission", allowed))
}

/// Returns how many requests an API takes.
pub(super) fn throttling() -> Map {
    Map::new().with("ThrottlingBurstLimit", BURST_LIMIT).with("ThrottlingRateLimit", RATE_LIMIT)
}

/// Returns where an API logs its accesses.
pub(super) fn access_log() -> Map {
    Map::new()
        .with("DestinationArn", attribute("AccessLogGroup", "Arn"))
        .with("Format", access_format())
}

fn clock(scaffold: &Scaffold, expression: &str) -> Map {
    let target = Map::new().with("Id", "function").with("Arn", attribute("Function", "Arn"));
    let rule = Map::new()
        .with("Name", scaffold.name.as_str())
        .with("Description", description(scaffold))
        .noted("In UTC.", "ScheduleExpression", expression)
        .with("State", "ENABLED")
        .with("Targets", list([target]));
    let allowed = permission("events.amazonaws.com", attribute("Rule", "Arn"));
    Map::new()
        .with("Rule", resource("AWS::Events::Rule", rule))
        .with("RulePermission", resource("AWS::Lambda::Permission", allowed))
}

fn messages(scaffold: &Scaffold) -> Map {
    let mapping = Map::new()
        .with("FunctionName", reference("Function"))
        .with("EventSourceArn", attribute("Queue", "Arn"))
        .and(batches(scaffold));
    Map::new().with("Messages", resource("AWS::Lambda::EventSourceMapping", mapping))
}

/// Returns how messages are taken from the queue.
pub(super) fn batches(scaffold: &Scaffold) -> Map {
    // No more at once than may run: else messages would be turned away until they count as failed.
    let scaling = scaffold
        .reserved_concurrency
        .map(|reserved| Map::new().with("MaximumConcurrency", reserved));
    Map::new()
        .with("BatchSize", scaffold.batch_size)
        .with("FunctionResponseTypes", list(["ReportBatchItemFailures"]))
        .with_some("ScalingConfig", scaling)
}
