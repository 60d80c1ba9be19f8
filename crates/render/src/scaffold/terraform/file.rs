//! The files of a Terraform project.

use super::super::hcl::{Block, Expression, code, hcl, list, object};
use super::super::project::{Scaffold, Template};
use super::{alarm, function, trigger};

/// Returns the files of a project, by name.
pub(in super::super) fn files(scaffold: &Scaffold) -> Vec<(&'static str, String)> {
    vec![
        ("versions.tf", hcl(&versions(scaffold))),
        ("variables.tf", hcl(&variables(scaffold))),
        ("function.tf", hcl(&function::blocks(scaffold))),
        ("trigger.tf", hcl(&trigger::blocks(scaffold))),
        ("alarms.tf", hcl(&alarm::blocks(scaffold))),
        ("outputs.tf", hcl(&outputs(scaffold))),
    ]
}

fn versions(scaffold: &Scaffold) -> Vec<Block> {
    let provider = object([
        ("source".to_owned(), Expression::from("hashicorp/aws")),
        ("version".to_owned(), Expression::from(">= 6.0, < 7.0")),
    ]);
    let tags = scaffold.tags.iter().map(|(key, value)| (key.clone(), value.as_str()));
    vec![
        Block::new("terraform", &[])
            .with("required_version", ">= 1.9")
            .inside(Block::new("required_providers", &[]).with("aws", provider)),
        Block::new("provider", &["aws"])
            .with("region", code("var.region"))
            .inside(Block::new("default_tags", &[]).with("tags", object(tags))),
        Block::new("data", &["aws_partition", "current"]),
        Block::new("data", &["aws_caller_identity", "current"]),
    ]
}

fn variables(scaffold: &Scaffold) -> Vec<Block> {
    let choices = code("contains([\"shadow\", \"live\"], var.mode)");
    vec![
        Block::new("variable", &["region"])
            .with("description", "Region of everything")
            .with("type", code("string"))
            .with("default", scaffold.region.as_str()),
        Block::new("variable", &["mode"])
            .noted("No default: nothing that is live goes to shadow because no mode was named.")
            .with("description", "In shadow the function does all its work and keeps none of it")
            .with("type", code("string"))
            .inside(
                Block::new("validation", &[])
                    .with("condition", choices)
                    .with("error_message", "The mode is shadow or live."),
            ),
        Block::new("variable", &["artifact"])
            .with("description", "The archive that ./build.sh makes")
            .with("type", code("string"))
            .with("default", "build/function.zip"),
    ]
}

fn outputs(scaffold: &Scaffold) -> Vec<Block> {
    let output =
        |name: &'static str, value: &str| Block::new("output", &[name]).with("value", code(value));
    let mut blocks = vec![
        output("function_arn", "aws_lambda_function.function.arn"),
        output("alarm_topic_arn", "aws_sns_topic.alarms.arn"),
    ];
    match scaffold.template {
        Template::S3Notice { .. } => {
            blocks.push(output("notice_topic_arn", "aws_sns_topic.notices.arn"));
        }
        Template::Http { .. } => {
            blocks.push(output("endpoint", "aws_apigatewayv2_api.api.api_endpoint"));
        }
        Template::Queue => blocks.push(output("queue_url", "aws_sqs_queue.queue.url")),
        Template::Schedule { .. } => {}
    }
    blocks
}

/// Returns a list of texts as Terraform writes it.
pub(super) fn texts<'a>(items: impl IntoIterator<Item = &'a String>) -> Expression {
    list(items.into_iter().map(String::as_str))
}
