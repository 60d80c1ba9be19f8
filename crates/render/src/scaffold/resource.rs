//! Resources that every template of CloudFormation has, be it of SAM, of the Serverless Framework or bare.

use super::alarm::{MISSING, PERIOD_SECONDS, Subject, alarms};
use super::function::{Setting, environment};
use super::grant::{Grant, grants};
use super::node::{Map, Node, filled, list, reference};
use super::project::{Scaffold, Template};

/// The fields of a line of the log of accesses, and where the gateway finds them.
pub(super) const ACCESS_FIELDS: [(&str, &str); 6] = [
    ("requestId", "$context.requestId"),
    ("time", "$context.requestTime"),
    ("route", "$context.routeKey"),
    ("status", "$context.status"),
    ("latency_ms", "$context.responseLatency"),
    ("error", "$context.integrationErrorMessage"),
];
/// Requests in one second that the API takes for long, and at once.
pub(super) const RATE_LIMIT: u32 = 25;
pub(super) const BURST_LIMIT: u32 = 50;
/// How often a message is tried before it goes to the dead-letter queue.
pub(super) const MAX_RECEIVES: u32 = 5;
/// Seconds that failed messages are kept: fourteen days, the longest that SQS takes.
pub(super) const KEPT_SECONDS: u32 = 1_209_600;
/// Seconds that an event waits at most for the function.
pub(super) const MAX_EVENT_AGE_SECONDS: u32 = 3600;
/// How often Lambda tries an event again.
pub(super) const RETRIES: u32 = 2;
/// Days that a version of an object is kept after it is replaced.
pub(super) const OLD_VERSION_DAYS: u32 = 30;

/// Returns a resource of a type with properties.
pub(super) fn resource(kind: &str, properties: Map) -> Map {
    Map::new().with("Type", kind).with("Properties", properties)
}

/// Returns the tags of a project as CloudFormation writes most of them.
pub(super) fn tag_list(scaffold: &Scaffold) -> Node {
    list(
        scaffold
            .tags
            .iter()
            .map(|(key, value)| Map::new().with("Key", key.as_str()).with("Value", value.as_str())),
    )
}

/// Returns the tags of a project as a map.
pub(super) fn tag_map(scaffold: &Scaffold) -> Map {
    scaffold.tags.iter().fold(Map::new(), |map, (key, value)| map.with(key, value.as_str()))
}

/// Returns the resources that do not depend on who makes the function: its role, where failures and
/// alarms go, what it takes from, and the alarms.
pub(super) fn shared(scaffold: &Scaffold, api_id: &str) -> Map {
    let mut map = Map::new().noted(
        "The least that the function needs: single actions on single resources.",
        "FunctionRole",
        role(scaffold),
    );
    if scaffold.template.has_dead_letters() {
        map = map.noted(
            "What failed for good, kept for fourteen days.",
            "DeadLetterQueue",
            dead_letter_queue(scaffold),
        );
    }
    map = match &scaffold.template {
        Template::S3Notice { .. } => {
            let name = scaffold.notice_topic();
            map.with("NoticeTopic", topic(scaffold, &name))
        }
        Template::Queue => map.with("Queue", queue(scaffold)),
        Template::Http { .. } | Template::Schedule { .. } => map,
    };
    map = map.with("AlarmTopic", topic(scaffold, &scaffold.alarm_topic()));
    alarms(scaffold).into_iter().fold(map, |map, alarm| {
        let name = alarm.name(scaffold);
        let (dimension, of) = match alarm.subject {
            Subject::Named(dimension, name) => (dimension, Node::from(name)),
            Subject::Api => ("ApiId", reference(api_id)),
        };
        let properties = Map::new()
            .with("AlarmName", name)
            .with("AlarmDescription", alarm.description)
            .with("Namespace", alarm.namespace)
            .with("MetricName", alarm.metric)
            .with("Dimensions", list([Map::new().with("Name", dimension).with("Value", of)]));
        let properties = match alarm.statistic.name() {
            percentile @ "p95" => properties.with("ExtendedStatistic", percentile),
            statistic => properties.with("Statistic", statistic),
        };
        let properties = properties
            .with("Period", PERIOD_SECONDS)
            .with("EvaluationPeriods", 1_u32)
            .with("ComparisonOperator", "GreaterThanThreshold")
            .with("Threshold", alarm.threshold)
            .with("TreatMissingData", MISSING)
            .with("AlarmActions", list([reference("AlarmTopic")]))
            .with("OKActions", list([reference("AlarmTopic")]))
            .with("Tags", tag_list(scaffold));
        map.with(alarm.logical_id, resource("AWS::CloudWatch::Alarm", properties))
    })
}

fn role(scaffold: &Scaffold) -> Map {
    let statements = grants(scaffold);
    let policy = Map::new()
        .with("PolicyName", "least")
        .with("PolicyDocument", document(statements.iter().map(Grant::node)));
    let trust = Map::new()
        .with("Effect", "Allow")
        .with("Principal", Map::new().with("Service", "lambda.amazonaws.com"))
        .with("Action", "sts:AssumeRole");
    let properties = Map::new()
        .with("AssumeRolePolicyDocument", document([trust]))
        .with("Policies", list([policy]))
        .with("Tags", tag_list(scaffold));
    resource("AWS::IAM::Role", properties)
}

fn document<T: Into<Node>>(statements: impl IntoIterator<Item = T>) -> Map {
    Map::new().with("Version", "2012-10-17").with("Statement", list(statements))
}

fn dead_letter_queue(scaffold: &Scaffold) -> Map {
    let properties = Map::new()
        .with("QueueName", scaffold.dead_letter_queue())
        .with("MessageRetentionPeriod", KEPT_SECONDS)
        .with("SqsManagedSseEnabled", true)
        .with("Tags", tag_list(scaffold));
    removed(resource("AWS::SQS::Queue", properties))
}

fn queue(scaffold: &Scaffold) -> Map {
    let redrive = Map::new()
        .with("deadLetterTargetArn", super::node::attribute("DeadLetterQueue", "Arn"))
        .with("maxReceiveCount", MAX_RECEIVES);
    let properties = Map::new()
        .with("QueueName", scaffold.name.as_str())
        .with("VisibilityTimeout", scaffold.visibility_timeout_seconds())
        .with("MessageRetentionPeriod", KEPT_SECONDS)
        .with("SqsManagedSseEnabled", true)
        .with("RedrivePolicy", redrive)
        .with("Tags", tag_list(scaffold));
    removed(resource("AWS::SQS::Queue", properties))
}

fn topic(scaffold: &Scaffold, name: &str) -> Map {
    resource("AWS::SNS::Topic", Map::new().with("TopicName", name).with("Tags", tag_list(scaffold)))
}

/// Returns what is kept when the stack is removed: it may hold the only copy of something. Where making
/// the stack fails it goes, and is not in the way of the next try.
pub(super) fn retained(resource: Map) -> Map {
    resource.with("DeletionPolicy", "RetainExceptOnCreate").with("UpdateReplacePolicy", "Retain")
}

/// Returns what goes with the stack: it has a name, and would be in the way of the next one.
fn removed(resource: Map) -> Map {
    resource.with("DeletionPolicy", "Delete").with("UpdateReplacePolicy", "Delete")
}

/// Returns a group of logs.
pub(super) fn log_group(scaffold: &Scaffold, name: &str) -> Map {
    let properties = Map::new()
        .with("LogGroupName", name)
        .with("RetentionInDays", scaffold.log_retention_days)
        .with("Tags", tag_list(scaffold));
    removed(resource("AWS::Logs::LogGroup", properties))
}

/// Returns the properties of a bucket, without what it notifies.
pub(super) fn bucket_properties(scaffold: &Scaffold, bucket: &str) -> Map {
    let encryption =
        Map::new().with("ServerSideEncryptionByDefault", Map::new().with("SSEAlgorithm", "AES256"));
    let access =
        ["BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"]
            .iter()
            .fold(Map::new(), |map, name| map.with(name, true));
    let rule = Map::new()
        .with("Id", "old-versions")
        .with("Status", "Enabled")
        .with("NoncurrentVersionExpiration", Map::new().with("NoncurrentDays", OLD_VERSION_DAYS))
        .with("AbortIncompleteMultipartUpload", Map::new().with("DaysAfterInitiation", 7_u32));
    Map::new()
        .with("BucketName", bucket)
        .with(
            "BucketEncryption",
            Map::new().with("ServerSideEncryptionConfiguration", list([encryption])),
        )
        .with("PublicAccessBlockConfiguration", access)
        .with("VersioningConfiguration", Map::new().with("Status", "Enabled"))
        .with("LifecycleConfiguration", Map::new().with("Rules", list([rule])))
        .with("Tags", tag_list(scaffold))
}

/// Returns the policy that lets nobody at a bucket without TLS.
pub(super) fn bucket_policy(bucket: &str, bucket_id: &str) -> Map {
    let all = [bucket.to_owned(), format!("{bucket}/*")];
    let statement = Map::new()
        .with("Sid", "OnlyOverTls")
        .with("Effect", "Deny")
        .with("Principal", "*")
        .with("Action", "s3:*")
        .with("Resource", list(all.map(|of| filled(format!("arn:${{AWS::Partition}}:s3:::{of}")))))
        .with(
            "Condition",
            Map::new().with("Bool", Map::new().with("aws:SecureTransport", "false")),
        );
    let properties = Map::new()
        .with("Bucket", reference(bucket_id))
        .with("PolicyDocument", document([statement]));
    resource("AWS::S3::BucketPolicy", properties)
}

/// Returns the environment of the function; `mode` is how the file names what is chosen at deployment.
pub(super) fn variables(scaffold: &Scaffold, mode: &Node) -> Map {
    environment(scaffold).into_iter().fold(Map::new(), |map, (name, setting)| match setting {
        Setting::Mode => map.with(name, mode.clone()),
        Setting::Topic => map.with(name, reference("NoticeTopic")),
        Setting::Known(text) => map.with(name, text),
    })
}

/// Returns the network of the function, as CloudFormation writes it.
pub(super) fn network(scaffold: &Scaffold) -> Option<Map> {
    scaffold.vpc.as_ref().map(|vpc| {
        Map::new()
            .with("SecurityGroupIds", list(vpc.security_group_ids.iter().map(String::as_str)))
            .with("SubnetIds", list(vpc.subnet_ids.iter().map(String::as_str)))
    })
}

/// Returns the format of a line of the log of accesses.
pub(super) fn access_format() -> String {
    let fields = ACCESS_FIELDS.iter().map(|(name, place)| format!("\"{name}\":\"{place}\""));
    format!("{{{}}}", fields.collect::<Vec<String>>().join(","))
}

/// Returns the parameter by which a stack is told its mode. It has no default: the first deployment names
/// one, and a later one that names none keeps what is deployed.
pub(super) fn mode_parameter() -> Map {
    Map::new()
        .with("Type", "String")
        .with("AllowedValues", list(["shadow", "live"]))
        .with("Description", "In shadow the function does all its work and keeps none of it")
}
