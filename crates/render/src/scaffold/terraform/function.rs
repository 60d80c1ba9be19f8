//! The function with its role, its logs and where its failures go.

use super::super::function::{Setting, description, environment};
use super::super::grant::{Grant, grants};
use super::super::hcl::{Block, Expression, code, list, object};
use super::super::project::Scaffold;
use super::super::resource::{KEPT_SECONDS, MAX_EVENT_AGE_SECONDS, RETRIES};
use super::file::texts;

/// The longest beginning of a role's name that Terraform takes.
const ROLE_PREFIX: usize = 37;

pub(super) fn blocks(scaffold: &Scaffold) -> Vec<Block> {
    let mut blocks = vec![
        Block::resource("aws_cloudwatch_log_group", "function")
            .noted("Lambda would make a group of its own, which keeps logs for ever.")
            .with("name", scaffold.log_group())
            .with("retention_in_days", scaffold.log_retention_days),
        trust(),
        policy(scaffold),
        role(scaffold),
        Block::resource("aws_iam_role_policy", "function")
            .with("name", "least")
            .with("role", code("aws_iam_role.function.id"))
            .with("policy", code("data.aws_iam_policy_document.function.json")),
        function(scaffold),
    ];
    if scaffold.template.has_dead_letters() {
        blocks.push(
            Block::resource("aws_sqs_queue", "dead_letter")
                .noted("What failed for good, kept for fourteen days.")
                .with("name", scaffold.dead_letter_queue())
                .with("message_retention_seconds", KEPT_SECONDS)
                .with("sqs_managed_sse_enabled", true),
        );
    }
    if scaffold.template.is_asynchronous() {
        blocks.push(invocations());
    }
    blocks
}

fn trust() -> Block {
    let principals = Block::new("principals", &[])
        .with("type", "Service")
        .with("identifiers", list(["lambda.amazonaws.com"]));
    Block::new("data", &["aws_iam_policy_document", "trust"]).inside(
        Block::new("statement", &[]).with("actions", list(["sts:AssumeRole"])).inside(principals),
    )
}

fn policy(scaffold: &Scaffold) -> Block {
    let document = Block::new("data", &["aws_iam_policy_document", "function"])
        .noted("The least that the function needs: single actions on single resources.");
    grants(scaffold).iter().map(Grant::block).fold(document, Block::inside)
}

fn role(scaffold: &Scaffold) -> Block {
    let prefix: String = scaffold.name.chars().take(ROLE_PREFIX).collect();
    Block::resource("aws_iam_role", "function")
        .with("name_prefix", format!("{prefix}-"))
        .with("assume_role_policy", code("data.aws_iam_policy_document.trust.json"))
}

fn function(scaffold: &Scaffold) -> Block {
    let variables = environment(scaffold).into_iter().map(|(name, setting)| {
        let value = match setting {
            Setting::Mode => code("var.mode"),
            Setting::Topic => code("aws_sns_topic.notices.arn"),
            Setting::Known(text) => Expression::from(text),
        };
        (name.to_owned(), value)
    });
    let block = Block::resource("aws_lambda_function", "function")
        .with("function_name", scaffold.name.as_str())
        .with("description", description(scaffold))
        .with("runtime", scaffold.runtime.identifier())
        .with("handler", scaffold.runtime.handler())
        .with("filename", code("var.artifact"))
        .with("source_code_hash", code("filebase64sha256(var.artifact)"))
        .with("architectures", list([scaffold.architecture.id()]))
        .with("memory_size", scaffold.memory_mb)
        .with("timeout", scaffold.timeout_seconds)
        .with_some("reserved_concurrent_executions", scaffold.reserved_concurrency)
        .with("role", code("aws_iam_role.function.arn"))
        .with(
            "depends_on",
            list([code("aws_cloudwatch_log_group.function"), code("aws_iam_role_policy.function")]),
        )
        .inside(Block::new("environment", &[]).with("variables", object(variables)));
    match &scaffold.vpc {
        Some(vpc) => block.inside(
            Block::new("vpc_config", &[])
                .with("security_group_ids", texts(&vpc.security_group_ids))
                .with("subnet_ids", texts(&vpc.subnet_ids)),
        ),
        None => block,
    }
}

fn invocations() -> Block {
    let failure =
        Block::new("on_failure", &[]).with("destination", code("aws_sqs_queue.dead_letter.arn"));
    Block::resource("aws_lambda_function_event_invoke_config", "function")
        .with("function_name", code("aws_lambda_function.function.function_name"))
        .with("maximum_event_age_in_seconds", MAX_EVENT_AGE_SECONDS)
        .with("maximum_retry_attempts", RETRIES)
        .inside(Block::new("destination_config", &[]).inside(failure))
}
