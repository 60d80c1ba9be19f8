//! A project in the words of the Serverless Framework, as its open fork `osls` reads them.

use super::cloudformation::{outputs, throttling};
use super::function::description;
use super::node::{Map, Node, attribute, list, yaml};
use super::project::{Scaffold, Template};
use super::resource::{
    MAX_EVENT_AGE_SECONDS, OLD_VERSION_DAYS, RETRIES, access_format, bucket_policy, retained,
    shared, tag_map, variables,
};

const HEAD: &str = "Deploy it with ./deploy.sh, or: npx osls deploy --param=\"mode=shadow\"";
/// What a deployment may name as its mode.
const MODES: [&str; 2] = ["shadow", "live"];
/// The name of the function in the file, from which the framework makes its logical ids.
const FUNCTION: &str = "handler";
const FUNCTION_ID: &str = "HandlerLambdaFunction";
/// The name of the bucket in the file.
const BUCKET: &str = "notices";
const BUCKET_ID: &str = "S3BucketNotices";

/// Returns `serverless.yml`.
pub(super) fn configuration(scaffold: &Scaffold) -> String {
    let modes = Map::new().noted(
        "In shadow the function does all its work and keeps none of it. Every deployment names its mode: without --param the framework refuses.",
        "modes",
        MODES.iter().fold(Map::new(), |map, mode| map.with(mode, *mode)),
    );
    let map = Map::new()
        .with("service", scaffold.name.as_str())
        .with("configValidationMode", "error")
        .with("custom", modes)
        .with("provider", provider(scaffold))
        .with("package", Map::new().with("artifact", "build/function.zip"))
        .with("functions", Map::new().with(FUNCTION, function(scaffold)))
        .with("resources", resources(scaffold));
    yaml(HEAD, map)
}

fn provider(scaffold: &Scaffold) -> Map {
    let tags = tag_map(scaffold);
    let map = Map::new()
        .with("name", "aws")
        .with("runtime", scaffold.runtime.identifier())
        .with("region", scaffold.region.as_str())
        .with("stage", "main")
        .with("stackName", scaffold.name.as_str())
        .with("architecture", scaffold.architecture.id())
        .with("memorySize", scaffold.memory_mb)
        .with("timeout", scaffold.timeout_seconds)
        .with("logRetentionInDays", scaffold.log_retention_days)
        .with("versionFunctions", false)
        .with("deploymentBucket", Map::new().with("blockPublicAccess", true))
        .with("tags", tags.clone())
        .with("stackTags", tags)
        .noted(
            "No secret is here: only the names of the parameters that hold them.",
            "environment",
            variables(scaffold, &Node::from("${self:custom.modes.${param:mode}}")),
        );
    match &scaffold.template {
        Template::S3Notice { bucket } => {
            map.with("s3", Map::new().with(BUCKET, bucket_settings(scaffold, bucket)))
        }
        Template::Http { .. } => map
            .with("httpApi", Map::new().with("name", scaffold.name.as_str()).with("payload", "2.0"))
            .with("logs", Map::new().with("httpApi", Map::new().with("format", access_format()))),
        Template::Schedule { .. } | Template::Queue => map,
    }
}

fn bucket_settings(scaffold: &Scaffold, bucket: &str) -> Map {
    let encryption =
        Map::new().with("ServerSideEncryptionByDefault", Map::new().with("SSEAlgorithm", "AES256"));
    let access =
        ["BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"]
            .iter()
            .fold(Map::new(), |map, name| map.with(name, true));
    let rule = Map::new()
        .with("Id", "old-versions")
        .with("Status", "Enabled")
        .with("NoncurrentVersionExpirationInDays", OLD_VERSION_DAYS)
        .with("AbortIncompleteMultipartUpload", Map::new().with("DaysAfterInitiation", 7_u32));
    Map::new()
        .with("name", bucket)
        .with(
            "bucketEncryption",
            Map::new().with("ServerSideEncryptionConfiguration", list([encryption])),
        )
        .with("publicAccessBlockConfiguration", access)
        .with("versioningConfiguration", Map::new().with("Status", "Enabled"))
        .with("lifecycleConfiguration", Map::new().with("Rules", list([rule])))
        .with("tags", super::resource::tag_list(scaffold))
}

fn function(scaffold: &Scaffold) -> Map {
    let map = Map::new()
        .with("name", scaffold.name.as_str())
        .with("description", description(scaffold))
        .with("handler", scaffold.runtime.handler())
        .noted("A role of its own, below.", "role", "FunctionRole")
        .with_some("reservedConcurrency", scaffold.reserved_concurrency)
        .with_some("vpc", network(scaffold))
        .with("events", list(events(scaffold)));
    if !scaffold.template.is_asynchronous() {
        return map;
    }
    let failure = Map::new().with("type", "sqs").with("arn", attribute("DeadLetterQueue", "Arn"));
    map.with("maximumEventAge", MAX_EVENT_AGE_SECONDS)
        .with("maximumRetryAttempts", RETRIES)
        .with("destinations", Map::new().with("onFailure", failure))
}

fn network(scaffold: &Scaffold) -> Option<Map> {
    scaffold.vpc.as_ref().map(|vpc| {
        Map::new()
            .with("securityGroupIds", list(vpc.security_group_ids.iter().map(String::as_str)))
            .with("subnetIds", list(vpc.subnet_ids.iter().map(String::as_str)))
    })
}

fn events(scaffold: &Scaffold) -> Vec<Map> {
    let event = |kind: &str, settings: Map| Map::new().with(kind, settings);
    match &scaffold.template {
        Template::S3Notice { .. } => {
            let settings = Map::new()
                .noted("Its name and its settings are above, in provider.s3.", "bucket", BUCKET)
                .with("event", "s3:ObjectCreated:*")
                .with("rules", list([Map::new().with("suffix", ".json")]));
            vec![event("s3", settings)]
        }
        Template::Http { .. } => [("POST", "/notices"), ("GET", "/health")]
            .map(|(method, path)| {
                event("httpApi", Map::new().with("method", method).with("path", path))
            })
            .to_vec(),
        Template::Schedule { expression } => {
            let settings = Map::new()
                .with("name", scaffold.name.as_str())
                .with("description", description(scaffold))
                .noted("In UTC.", "rate", list([expression.as_str()]))
                .with("enabled", true);
            vec![event("schedule", settings)]
        }
        Template::Queue => {
            let settings = Map::new()
                .with("arn", attribute("Queue", "Arn"))
                .with("batchSize", scaffold.batch_size)
                .with("functionResponseType", "ReportBatchItemFailures")
                .with_some("maximumConcurrency", scaffold.reserved_concurrency);
            vec![event("sqs", settings)]
        }
    }
}

/// What the framework has no words for, in those of CloudFormation.
fn resources(scaffold: &Scaffold) -> Map {
    let resources = shared(scaffold, "HttpApi");
    let kept = retained(Map::new());
    let limits = Map::new().with("DefaultRouteSettings", throttling());
    let (resources, extensions) = match &scaffold.template {
        Template::S3Notice { bucket } => {
            let resources = resources.with("BucketPolicy", bucket_policy(bucket, BUCKET_ID));
            (resources, Some(Map::new().with(BUCKET_ID, kept)))
        }
        Template::Http { .. } => {
            let stage = Map::new().with("Properties", limits);
            (resources, Some(Map::new().with("HttpApiStage", stage)))
        }
        Template::Schedule { .. } | Template::Queue => (resources, None),
    };
    Map::new()
        .with("Resources", resources)
        .with_some("extensions", extensions)
        .with("Outputs", outputs(scaffold, FUNCTION_ID))
}
