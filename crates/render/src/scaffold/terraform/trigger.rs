//! What starts the function.

use super::super::function::description;
use super::super::hcl::{Block, Expression, code, list};
use super::super::project::{Scaffold, Template};
use super::super::resource::{
    ACCESS_FIELDS, BURST_LIMIT, KEPT_SECONDS, MAX_RECEIVES, OLD_VERSION_DAYS, RATE_LIMIT,
};

pub(super) fn blocks(scaffold: &Scaffold) -> Vec<Block> {
    match &scaffold.template {
        Template::S3Notice { bucket } => objects(scaffold, bucket),
        Template::Http { .. } => api(scaffold),
        Template::Schedule { expression } => clock(scaffold, expression),
        Template::Queue => messages(scaffold),
    }
}

fn permission(service: &str, source: Expression) -> Block {
    Block::resource("aws_lambda_permission", "trigger")
        .with("function_name", code("aws_lambda_function.function.function_name"))
        .with("action", "lambda:InvokeFunction")
        .with("principal", service)
        .with("source_arn", source)
}

fn objects(scaffold: &Scaffold, bucket: &str) -> Vec<Block> {
    let of_bucket = |kind: &'static str| {
        Block::resource(kind, "notices").with("bucket", code("aws_s3_bucket.notices.id"))
    };
    let default =
        Block::new("apply_server_side_encryption_by_default", &[]).with("sse_algorithm", "AES256");
    let rule = Block::new("rule", &[])
        .with("id", "old-versions")
        .with("status", "Enabled")
        .inside(Block::new("filter", &[]))
        .inside(
            Block::new("noncurrent_version_expiration", &[])
                .with("noncurrent_days", OLD_VERSION_DAYS),
        )
        .inside(
            Block::new("abort_incomplete_multipart_upload", &[])
                .with("days_after_initiation", 7_u32),
        );
    let notification = Block::new("lambda_function", &[])
        .with("lambda_function_arn", code("aws_lambda_function.function.arn"))
        .with("events", list(["s3:ObjectCreated:*"]))
        .with("filter_suffix", ".json");
    let allowed = permission("s3.amazonaws.com", code("aws_s3_bucket.notices.arn"))
        .with("source_account", code("data.aws_caller_identity.current.account_id"));
    vec![
        Block::resource("aws_s3_bucket", "notices").with("bucket", bucket),
        of_bucket("aws_s3_bucket_public_access_block")
            .with("block_public_acls", true)
            .with("block_public_policy", true)
            .with("ignore_public_acls", true)
            .with("restrict_public_buckets", true),
        of_bucket("aws_s3_bucket_server_side_encryption_configuration")
            .inside(Block::new("rule", &[]).inside(default)),
        of_bucket("aws_s3_bucket_versioning")
            .inside(Block::new("versioning_configuration", &[]).with("status", "Enabled")),
        of_bucket("aws_s3_bucket_lifecycle_configuration").inside(rule),
        only_over_tls(),
        of_bucket("aws_s3_bucket_policy")
            .with("policy", code("data.aws_iam_policy_document.notices.json")),
        allowed,
        of_bucket("aws_s3_bucket_notification")
            .with("depends_on", list([code("aws_lambda_permission.trigger")]))
            .inside(notification),
        Block::resource("aws_sns_topic", "notices").with("name", scaffold.notice_topic()),
    ]
}

fn only_over_tls() -> Block {
    let everything = [
        code("aws_s3_bucket.notices.arn"),
        Expression::Template("${aws_s3_bucket.notices.arn}/*".to_owned()),
    ];
    let statement = Block::new("statement", &[])
        .with("sid", "OnlyOverTls")
        .with("effect", "Deny")
        .with("actions", list(["s3:*"]))
        .with("resources", list(everything))
        .inside(Block::new("principals", &[]).with("type", "*").with("identifiers", list(["*"])))
        .inside(
            Block::new("condition", &[])
                .with("test", "Bool")
                .with("variable", "aws:SecureTransport")
                .with("values", list(["false"])),
        );
    Block::new("data", &["aws_iam_policy_document", "notices"]).inside(statement)
}

fn api(scaffold: &Scaffold) -> Vec<Block> {
    let route = |name: &'static str, key: &str| {
        let target = Expression::Template(
            "integrations/${aws_apigatewayv2_integration.function.id}".to_owned(),
        );
        Block::resource("aws_apigatewayv2_route", name)
            .with("api_id", code("aws_apigatewayv2_api.api.id"))
            .with("route_key", key)
            .with("target", target)
    };
    let fields = ACCESS_FIELDS
        .iter()
        .map(|(name, place)| format!("{name} = \"{place}\""))
        .collect::<Vec<String>>()
        .join(", ");
    let stage = Block::resource("aws_apigatewayv2_stage", "default")
        .with("api_id", code("aws_apigatewayv2_api.api.id"))
        .with("name", "$default")
        .with("auto_deploy", true)
        .inside(
            Block::new("default_route_settings", &[])
                .with("throttling_burst_limit", BURST_LIMIT)
                .with("throttling_rate_limit", RATE_LIMIT),
        )
        .inside(
            Block::new("access_log_settings", &[])
                .with("destination_arn", code("aws_cloudwatch_log_group.access.arn"))
                .with("format", code(&format!("jsonencode({{ {fields} }})"))),
        );
    let source = Expression::Template("${aws_apigatewayv2_api.api.execution_arn}/*".to_owned());
    vec![
        Block::resource("aws_apigatewayv2_api", "api")
            .with("name", scaffold.name.as_str())
            .with("protocol_type", "HTTP"),
        Block::resource("aws_apigatewayv2_integration", "function")
            .with("api_id", code("aws_apigatewayv2_api.api.id"))
            .with("integration_type", "AWS_PROXY")
            .with("integration_uri", code("aws_lambda_function.function.invoke_arn"))
            .with("payload_format_version", "2.0"),
        route("notices", "POST /notices"),
        route("health", "GET /health"),
        Block::resource("aws_cloudwatch_log_group", "access")
            .with("name", scaffold.access_log_group())
            .with("retention_in_days", scaffold.log_retention_days),
        stage,
        permission("apigateway.amazonaws.com", source),
    ]
}

fn clock(scaffold: &Scaffold, expression: &str) -> Vec<Block> {
    vec![
        Block::resource("aws_cloudwatch_event_rule", "clock")
            .noted("In UTC.")
            .with("name", scaffold.name.as_str())
            .with("description", description(scaffold))
            .with("schedule_expression", expression),
        Block::resource("aws_cloudwatch_event_target", "function")
            .with("rule", code("aws_cloudwatch_event_rule.clock.name"))
            .with("arn", code("aws_lambda_function.function.arn")),
        permission("events.amazonaws.com", code("aws_cloudwatch_event_rule.clock.arn")),
    ]
}

fn messages(scaffold: &Scaffold) -> Vec<Block> {
    let redrive = format!(
        "jsonencode({{ deadLetterTargetArn = aws_sqs_queue.dead_letter.arn, maxReceiveCount = {MAX_RECEIVES} }})"
    );
    let mapping = Block::resource("aws_lambda_event_source_mapping", "messages")
        .with("function_name", code("aws_lambda_function.function.arn"))
        .with("event_source_arn", code("aws_sqs_queue.queue.arn"))
        .with("batch_size", scaffold.batch_size)
        .with("function_response_types", list(["ReportBatchItemFailures"]));
    // No more at once than may run: else messages would be turned away until they count as failed.
    let mapping = match scaffold.reserved_concurrency {
        Some(reserved) => {
            mapping.inside(Block::new("scaling_config", &[]).with("maximum_concurrency", reserved))
        }
        None => mapping,
    };
    vec![
        Block::resource("aws_sqs_queue", "queue")
            .with("name", scaffold.name.as_str())
            .with("visibility_timeout_seconds", scaffold.visibility_timeout_seconds())
            .with("message_retention_seconds", KEPT_SECONDS)
            .with("sqs_managed_sse_enabled", true)
            .with("redrive_policy", code(&redrive)),
        mapping,
    ]
}
