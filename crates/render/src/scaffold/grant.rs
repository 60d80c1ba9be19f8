//! What the role of a function may do: single actions on single resources.

use super::hcl::{self, Block, Expression};
use super::node::{Map, Node, filled, list};
use super::project::{Scaffold, Template};

/// A statement of the role's policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Grant {
    sid: &'static str,
    effect: &'static str,
    actions: Vec<&'static str>,
    resources: Vec<Arn>,
    condition: Option<Condition>,
}

/// What a grant is bound to.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Condition {
    operator: &'static str,
    key: &'static str,
    values: Vec<Arn>,
}

/// Which resources, named by what stands in their ARN.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Arn {
    /// Of this account and region: the service and the resource.
    Here(&'static str, String),
    /// Of S3, whose ARNs name neither account nor region.
    Bucket(String),
    /// As it was given, or of no resource.
    Whole(String),
    /// The endpoint of SSM in this region, which is what calls KMS.
    Ssm,
}

/// In whose words an ARN is written.
struct Words {
    partition: &'static str,
    region: &'static str,
    account: &'static str,
    suffix: &'static str,
}

const CLOUDFORMATION: Words = Words {
    partition: "${AWS::Partition}",
    region: "${AWS::Region}",
    account: "${AWS::AccountId}",
    suffix: "${AWS::URLSuffix}",
};
const TERRAFORM: Words = Words {
    partition: "${data.aws_partition.current.partition}",
    region: "${var.region}",
    account: "${data.aws_caller_identity.current.account_id}",
    suffix: "${data.aws_partition.current.dns_suffix}",
};

/// The calls by which Lambda puts a function into a network.
const NETWORK: [&str; 4] = [
    "ec2:AssignPrivateIpAddresses",
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:UnassignPrivateIpAddresses",
];

/// Returns the least that the function of a project needs.
pub(super) fn grants(scaffold: &Scaffold) -> Vec<Grant> {
    let mut grants = vec![
        Grant::new(
            "WriteLogs",
            &["logs:CreateLogStream", "logs:PutLogEvents"],
            vec![Arn::Here("logs", format!("log-group:{}:*", scaffold.log_group()))],
        ),
        Grant::new("ReadSecrets", &["ssm:GetParameter"], parameters(scaffold)),
    ];
    if let Some(arn) = &scaffold.kms_key_arn {
        let mut decrypt =
            Grant::new("DecryptSecrets", &["kms:Decrypt"], vec![Arn::Whole(arn.clone())]);
        let values = vec![Arn::Ssm];
        decrypt.condition =
            Some(Condition { operator: "StringEquals", key: "kms:ViaService", values });
        grants.push(decrypt);
    }
    grants.extend(of_template(scaffold));
    if scaffold.template.is_asynchronous() {
        let queue = vec![Arn::Here("sqs", scaffold.dead_letter_queue())];
        grants.push(Grant::new("KeepFailures", &["sqs:SendMessage"], queue));
    }
    if scaffold.vpc.is_some() {
        grants.extend(of_network(scaffold));
    }
    grants
}

fn parameters(scaffold: &Scaffold) -> Vec<Arn> {
    let names = scaffold.parameters().into_iter();
    names.map(|name| Arn::Here("ssm", format!("parameter{name}"))).collect()
}

fn of_template(scaffold: &Scaffold) -> Vec<Grant> {
    match &scaffold.template {
        Template::S3Notice { bucket } => vec![
            Grant::new("ReadObjects", &["s3:GetObject"], vec![Arn::Bucket(format!("{bucket}/*"))]),
            // Without it S3 says of an object that is gone what it says of one that may not be read. No
            // prefix binds it: notices may lie anywhere in the bucket, which is the function's own.
            Grant::new("TellGoneObjects", &["s3:ListBucket"], vec![Arn::Bucket(bucket.clone())]),
            Grant::new(
                "Announce",
                &["sns:Publish"],
                vec![Arn::Here("sns", scaffold.notice_topic())],
            ),
        ],
        Template::Queue => vec![Grant::new(
            "TakeMessages",
            &[
                "sqs:ChangeMessageVisibility",
                "sqs:DeleteMessage",
                "sqs:GetQueueAttributes",
                "sqs:ReceiveMessage",
            ],
            vec![Arn::Here("sqs", scaffold.name.clone())],
        )],
        Template::Http { .. } | Template::Schedule { .. } => Vec::new(),
    }
}

/// What Lambda does with the role to join a network, and what the code in it may not do with that.
fn of_network(scaffold: &Scaffold) -> Vec<Grant> {
    let everything = || vec![Arn::Whole("*".to_owned())];
    // Listing has no resource; Lambda checks the rest on the whole account before there is an interface.
    let look = ["ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets"];
    let mut deny = Grant::new("KeepCodeOutOfNetwork", &NETWORK, everything());
    deny.effect = "Deny";
    let values = vec![Arn::Here("lambda", format!("function:{}", scaffold.name))];
    deny.condition =
        Some(Condition { operator: "ArnEquals", key: "lambda:SourceFunctionArn", values });
    vec![
        Grant::new("LookAtNetwork", &look, everything()),
        Grant::new("JoinNetwork", &NETWORK, vec![Arn::Here("ec2", "*/*".to_owned())]),
        deny,
    ]
}

impl Grant {
    fn new(sid: &'static str, actions: &[&'static str], resources: Vec<Arn>) -> Self {
        let actions = actions.to_vec();
        Self { sid, effect: "Allow", actions, resources, condition: None }
    }

    /// Returns the statement as CloudFormation writes it.
    pub(super) fn node(&self) -> Node {
        let node = Map::new()
            .with("Sid", self.sid)
            .with("Effect", self.effect)
            .with("Action", list(self.actions.iter().copied()))
            .with("Resource", list(self.resources.iter().map(Arn::node)));
        let condition = self.condition.as_ref().map(|condition| {
            let values = list(condition.values.iter().map(Arn::node));
            Map::new().with(condition.operator, Map::new().with(condition.key, values))
        });
        node.with_some("Condition", condition).into()
    }

    /// Returns the statement as Terraform writes it.
    pub(super) fn block(&self) -> Block {
        let block = Block::new("statement", &[])
            .with("sid", self.sid)
            .with("effect", self.effect)
            .with("actions", hcl::list(self.actions.iter().copied()))
            .with("resources", hcl::list(self.resources.iter().map(Arn::expression)));
        match &self.condition {
            Some(condition) => block.inside(
                Block::new("condition", &[])
                    .with("test", condition.operator)
                    .with("variable", condition.key)
                    .with("values", hcl::list(condition.values.iter().map(Arn::expression))),
            ),
            None => block,
        }
    }
}

impl Arn {
    fn node(&self) -> Node {
        match self {
            Self::Whole(text) => text.as_str().into(),
            Self::Here(..) | Self::Bucket(_) | Self::Ssm => filled(self.text(&CLOUDFORMATION)),
        }
    }

    fn expression(&self) -> Expression {
        match self {
            Self::Whole(text) => text.as_str().into(),
            Self::Here(..) | Self::Bucket(_) | Self::Ssm => {
                Expression::Template(self.text(&TERRAFORM))
            }
        }
    }

    fn text(&self, words: &Words) -> String {
        let Words { partition, region, account, suffix } = words;
        match self {
            Self::Here(service, resource) => {
                format!("arn:{partition}:{service}:{region}:{account}:{resource}")
            }
            Self::Bucket(resource) => format!("arn:{partition}:s3:::{resource}"),
            Self::Whole(text) => text.clone(),
            Self::Ssm => format!("ssm.{region}.{suffix}"),
        }
    }
}
