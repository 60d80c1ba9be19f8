//! Changes to how a resource is set up, which leave the resource where it is.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::commands::quoted;
use super::state::entry;
use crate::resource::ResourceRef;
use crate::resource::file_system::FileSystemLifecycle;

/// The fields of a flow log that tell which machines talk across zones, and how much.
const FLOW_LOG_FIELDS: &[&str] =
    &["az-id", "instance-id", "pkt-srcaddr", "pkt-dstaddr", "flow-direction", "bytes"];

/// What is set, from what to what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Setting {
    /// The subnets of an interface endpoint.
    EndpointSubnets {
        /// Those that stay.
        keep: Vec<String>,
        /// Those that go.
        remove: Vec<String>,
    },
    /// A gateway endpoint in place of an interface endpoint.
    EndpointGateway {
        /// The VPC.
        vpc_id: Option<String>,
        /// The service.
        service_name: String,
    },
    /// Gateway endpoints beside a NAT gateway.
    GatewayEndpoints {
        /// The VPC.
        vpc_id: String,
        /// The services that have none yet.
        service_names: Vec<String>,
        /// The tables that lead to the NAT gateway.
        route_table_ids: Vec<String>,
    },
    /// The routes of a NAT gateway, which another one takes over.
    NatRoutes {
        /// The gateway that takes over.
        into: String,
        /// The tables that lead to this one.
        route_table_ids: Vec<String>,
    },
    /// The public address of a network interface.
    PublicAddress {
        /// The address.
        public_ip: String,
        /// Its allocation, where it is an Elastic IP.
        allocation_id: Option<String>,
    },
    /// Cross-zone load balancing, which is switched off.
    CrossZone,
    /// Flow logs of the VPCs, which tell who pays for traffic between zones.
    FlowLogs,
    /// A CloudFront distribution in front of what answers the internet.
    Distribution,
    /// A load balancer of the current API in place of a Classic one.
    CurrentLoadBalancer {
        /// The name of the Classic one.
        name: String,
    },
    /// A rule that is added to a bucket's lifecycle.
    BucketRule {
        /// The rule.
        rule: BucketRule,
        /// How many enabled rules there are already; the API replaces all of them at once.
        existing: u32,
    },
    /// The storage class of a bucket's objects.
    BucketStorageClass {
        /// The class now.
        from: String,
        /// The class afterwards.
        to: String,
    },
    /// The lifecycle of a file system.
    FileSystemLifecycle {
        /// Now.
        from: FileSystemLifecycle,
        /// Afterwards.
        to: FileSystemLifecycle,
    },
    /// The throughput mode of a file system, from provisioned to bursting.
    BurstingThroughput {
        /// `ProvisionedThroughputInMibps` now.
        provisioned_mib_s: String,
    },
    /// Expiry of the untagged images of a repository.
    ExpireUntaggedImages {
        /// Days that they are kept.
        days: u32,
    },
    /// The class of a log group, which a new group has from its beginning.
    LogGroupClass {
        /// The class afterwards.
        to: String,
    },
    /// A trail that stops recording.
    TrailLogging,
}

/// A rule of a bucket's lifecycle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum BucketRule {
    /// Give up uploads that were not completed after so many days.
    AbortIncompleteMultipartUploads {
        /// The days.
        days: u32,
    },
    /// Expire versions so many days after a newer one came.
    ExpireNoncurrentVersions {
        /// The days.
        days: u32,
    },
    /// Move objects to Intelligent-Tiering.
    IntelligentTiering,
}

impl BucketRule {
    fn to_json(self) -> Value {
        match self {
            Self::AbortIncompleteMultipartUploads { days } => json!({
                "ID": "trimtab-abort-multipart", "Status": "Enabled", "Filter": {},
                "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": days},
            }),
            Self::ExpireNoncurrentVersions { days } => json!({
                "ID": "trimtab-expire-noncurrent", "Status": "Enabled", "Filter": {},
                "NoncurrentVersionExpiration": {"NoncurrentDays": days},
            }),
            Self::IntelligentTiering => json!({
                "ID": "trimtab-intelligent-tiering", "Status": "Enabled", "Filter": {},
                "Transitions": [{"Days": 0, "StorageClass": "INTELLIGENT_TIERING"}],
            }),
        }
    }
}

impl Setting {
    /// Returns the configuration before and after for one line, in the API's words, which are
    /// the same in every language.
    pub fn from_and_to(&self) -> (String, String) {
        let none = || "-".to_owned();
        match self {
            Self::EndpointSubnets { keep, remove } => {
                let before = keep.len() + remove.len();
                (format!("{before} AZ"), format!("{} AZ", keep.len()))
            }
            Self::EndpointGateway { .. } => ("Interface".to_owned(), "Gateway".to_owned()),
            Self::GatewayEndpoints { service_names, .. } => (none(), service_names.join(", ")),
            Self::NatRoutes { into, .. } => (none(), into.clone()),
            Self::PublicAddress { public_ip, .. } => (public_ip.clone(), none()),
            Self::CrossZone => ("cross_zone=true".to_owned(), "cross_zone=false".to_owned()),
            Self::FlowLogs => (none(), FLOW_LOG_FIELDS.join(", ")),
            Self::Distribution => (none(), "CloudFront".to_owned()),
            Self::CurrentLoadBalancer { .. } => ("classic".to_owned(), "application".to_owned()),
            Self::BucketRule { rule, .. } => {
                let rule = match rule {
                    BucketRule::AbortIncompleteMultipartUploads { .. } => {
                        "AbortIncompleteMultipartUpload"
                    }
                    BucketRule::ExpireNoncurrentVersions { .. } => "NoncurrentVersionExpiration",
                    BucketRule::IntelligentTiering => "INTELLIGENT_TIERING",
                };
                (none(), rule.to_owned())
            }
            Self::BucketStorageClass { from, to } => (from.clone(), to.clone()),
            Self::FileSystemLifecycle { from, to } => {
                let word = |lifecycle: &FileSystemLifecycle| {
                    lifecycle.transition_to_ia.clone().unwrap_or_else(none)
                };
                (word(from), word(to))
            }
            Self::BurstingThroughput { provisioned_mib_s } => {
                (format!("{provisioned_mib_s} MiB/s"), "bursting".to_owned())
            }
            Self::ExpireUntaggedImages { days } => {
                (none(), format!("tagStatus=untagged, sinceImagePushed={days}"))
            }
            Self::LogGroupClass { to } => ("STANDARD".to_owned(), to.clone()),
            Self::TrailLogging => ("IsLogging=true".to_owned(), "IsLogging=false".to_owned()),
        }
    }

    pub(super) fn current(&self) -> Map<String, Value> {
        entry(self.name(), json!(self.from_and_to().0))
    }

    pub(super) fn recommended(&self) -> Map<String, Value> {
        entry(self.name(), json!(self.from_and_to().1))
    }

    fn name(&self) -> &'static str {
        match self {
            Self::EndpointSubnets { .. } => "zones",
            Self::EndpointGateway { .. } => "vpc_endpoint_type",
            Self::GatewayEndpoints { .. } => "gateway_endpoints",
            Self::NatRoutes { .. } => "routes",
            Self::PublicAddress { .. } => "public_ip",
            Self::CrossZone => "load_balancing",
            Self::FlowLogs => "flow_logs",
            Self::Distribution => "distribution",
            Self::CurrentLoadBalancer { .. } => "load_balancer_type",
            Self::BucketRule { .. } => "lifecycle_rule",
            Self::BucketStorageClass { .. } => "storage_class",
            Self::FileSystemLifecycle { .. } => "transition_to_ia",
            Self::BurstingThroughput { .. } => "throughput_mode",
            Self::ExpireUntaggedImages { .. } => "lifecycle_policy",
            Self::LogGroupClass { .. } => "log_group_class",
            Self::TrailLogging => "state",
        }
    }

    /// Returns the commands without `aws` and region: the change, then its inverse.
    pub(super) fn commands(&self, target: &ResourceRef) -> (Vec<String>, Vec<String>) {
        let id = quoted(target.id.as_str());
        match self {
            Self::EndpointSubnets { remove, .. } => {
                let subnets = words(remove);
                let of = |option: &str| {
                    vec![format!(
                        "ec2 modify-vpc-endpoint --vpc-endpoint-id {id} --{option}-subnet-ids {subnets}"
                    )]
                };
                (of("remove"), of("add"))
            }
            Self::EndpointGateway { vpc_id, service_name } => (
                vec![
                    format!(
                        "ec2 create-vpc-endpoint --vpc-endpoint-type Gateway --vpc-id {} --service-name {} --route-table-ids <the tables of the subnets that use it>",
                        vpc_id.as_deref().map_or_else(|| "<its VPC>".to_owned(), quoted),
                        quoted(service_name),
                    ),
                    format!("ec2 delete-vpc-endpoints --vpc-endpoint-ids {id}"),
                ],
                vec![format!(
                    "ec2 create-vpc-endpoint --vpc-endpoint-type Interface --vpc-id {} --service-name {} --subnet-ids <its subnets>",
                    vpc_id.as_deref().map_or_else(|| "<its VPC>".to_owned(), quoted),
                    quoted(service_name),
                )],
            ),
            Self::GatewayEndpoints { vpc_id, service_names, route_table_ids } => (
                service_names
                    .iter()
                    .map(|service| {
                        format!(
                            "ec2 create-vpc-endpoint --vpc-endpoint-type Gateway --vpc-id {} --service-name {} --route-table-ids {}",
                            quoted(vpc_id),
                            quoted(service),
                            words(route_table_ids),
                        )
                    })
                    .collect(),
                vec![
                    "ec2 delete-vpc-endpoints --vpc-endpoint-ids <the endpoints made above>"
                        .to_owned(),
                ],
            ),
            Self::NatRoutes { into, route_table_ids } => {
                let routes = |gateway: &str| -> Vec<String> {
                    route_table_ids
                        .iter()
                        .map(|table| {
                            format!(
                                "ec2 replace-route --route-table-id {} --destination-cidr-block 0.0.0.0/0 --nat-gateway-id {gateway}",
                                quoted(table),
                            )
                        })
                        .collect()
                };
                let mut apply = routes(&quoted(into));
                apply.push(format!("ec2 delete-nat-gateway --nat-gateway-id {id}"));
                let mut undo = vec![
                    "ec2 create-nat-gateway --subnet-id <its subnet> --allocation-id <its address>"
                        .to_owned(),
                ];
                undo.extend(routes("<the gateway made above>"));
                (apply, undo)
            }
            Self::PublicAddress { allocation_id, public_ip } => match allocation_id {
                Some(allocation) => (
                    vec![
                        format!("ec2 disassociate-address --public-ip {}", quoted(public_ip)),
                        format!("ec2 release-address --allocation-id {}", quoted(allocation)),
                    ],
                    vec![format!("ec2 allocate-address --address {}", quoted(public_ip))],
                ),
                None => (
                    vec![format!(
                        "ec2 modify-network-interface-attribute --network-interface-id {id} --no-associate-public-ip-address"
                    )],
                    vec![format!(
                        "ec2 modify-network-interface-attribute --network-interface-id {id} --associate-public-ip-address"
                    )],
                ),
            },
            Self::CrossZone => {
                let of = |value: &str| {
                    vec![format!(
                        "elbv2 modify-load-balancer-attributes --load-balancer-arn {id} --attributes Key=load_balancing.cross_zone.enabled,Value={value}"
                    )]
                };
                (of("false"), of("true"))
            }
            Self::FlowLogs => {
                let fields: Vec<String> =
                    FLOW_LOG_FIELDS.iter().map(|field| format!("${{{field}}}")).collect();
                (
                    vec![format!(
                        "ec2 create-flow-logs --resource-type VPC --resource-ids <the VPC> --traffic-type ACCEPT --log-destination-type s3 --log-destination <ARN of a bucket> --log-format {}",
                        quoted(&fields.join(" ")),
                    )],
                    vec!["ec2 delete-flow-logs --flow-log-ids <made above>".to_owned()],
                )
            }
            Self::Distribution => (
                vec![
                    "cloudfront create-distribution --origin-domain-name <the load balancer or bucket>"
                        .to_owned(),
                ],
                vec![
                    "cloudfront update-distribution --id <made above> --if-match <its ETag> --distribution-config <its configuration with Enabled=false>".to_owned(),
                    "cloudfront wait distribution-deployed --id <made above>".to_owned(),
                    "cloudfront delete-distribution --id <made above> --if-match <its ETag>"
                        .to_owned(),
                ],
            ),
            Self::CurrentLoadBalancer { name } => (
                vec![
                    format!("elb describe-load-balancers --load-balancer-names={}", quoted(name)),
                    format!(
                        "elbv2 create-load-balancer --name={} --subnets <its subnets> --security-groups <its security groups>",
                        quoted(&format!("{name}-v2")),
                    ),
                    "elbv2 create-target-group --name <a name> --protocol <of its listener> --port <of its listener> --vpc-id <its VPC>".to_owned(),
                    "elbv2 create-listener --load-balancer-arn <made above> --protocol <of its listener> --port <of its listener> --default-actions Type=forward,TargetGroupArn=<made above>".to_owned(),
                    format!("elb delete-load-balancer --load-balancer-name={}", quoted(name)),
                ],
                Vec::new(),
            ),
            Self::BucketRule { rule, existing } => bucket_rule(&id, *rule, *existing),
            Self::BucketStorageClass { from, to } => {
                let of = |class: &str| {
                    let bucket = quoted(&format!("s3://{}", target.id));
                    vec![format!(
                        "s3 cp {bucket} {bucket} --recursive --storage-class {}",
                        quoted(class)
                    )]
                };
                (of(to), of(from))
            }
            Self::FileSystemLifecycle { from, to } => {
                (vec![put_lifecycle(&id, to)], vec![put_lifecycle(&id, from)])
            }
            Self::BurstingThroughput { provisioned_mib_s } => (
                vec![format!("efs update-file-system --file-system-id {id} --throughput-mode bursting")],
                vec![format!(
                    "efs update-file-system --file-system-id {id} --throughput-mode provisioned --provisioned-throughput-in-mibps {}",
                    quoted(provisioned_mib_s)
                )],
            ),
            Self::ExpireUntaggedImages { days } => {
                let policy = json!({"rules": [{
                    "rulePriority": 1,
                    "description": "trimtab: untagged images",
                    "selection": {
                        "tagStatus": "untagged", "countType": "sinceImagePushed",
                        "countUnit": "days", "countNumber": days,
                    },
                    "action": {"type": "expire"},
                }]});
                (
                    vec![format!(
                        "ecr put-lifecycle-policy --repository-name {id} --lifecycle-policy-text {}",
                        quoted(&policy.to_string())
                    )],
                    vec![format!("ecr delete-lifecycle-policy --repository-name {id}")],
                )
            }
            Self::LogGroupClass { to } => {
                let name = quoted(&format!("{}-infrequent", target.id));
                (
                    vec![format!(
                        "logs create-log-group --log-group-name={name} --log-group-class {}",
                        quoted(to)
                    )],
                    vec![format!("logs delete-log-group --log-group-name={name}")],
                )
            }
            Self::TrailLogging => (
                vec![format!("cloudtrail stop-logging --name {id}")],
                vec![format!("cloudtrail start-logging --name {id}")],
            ),
        }
    }
}

/// The API replaces all rules at once: where there are some, they are read and sent back.
fn bucket_rule(id: &str, rule: BucketRule, existing: u32) -> (Vec<String>, Vec<String>) {
    let put = format!("s3api put-bucket-lifecycle-configuration --bucket {id}");
    let rule = rule.to_json();
    if existing == 0 {
        let all = quoted(&json!({"Rules": [rule]}).to_string());
        return (
            vec![format!("{put} --lifecycle-configuration {all}")],
            vec![format!("s3api delete-bucket-lifecycle --bucket {id}")],
        );
    }
    (
        vec![
            format!("s3api get-bucket-lifecycle-configuration --bucket {id} --output json"),
            format!(
                "{put} --lifecycle-configuration <the {existing} rules read above, and {rule}>"
            ),
        ],
        vec![format!("{put} --lifecycle-configuration <the rules read above>")],
    )
}

fn put_lifecycle(id: &str, lifecycle: &FileSystemLifecycle) -> String {
    let policies: Vec<String> = [
        ("TransitionToIA", &lifecycle.transition_to_ia),
        ("TransitionToArchive", &lifecycle.transition_to_archive),
        ("TransitionToPrimaryStorageClass", &lifecycle.transition_to_primary_storage_class),
    ]
    .into_iter()
    .filter_map(|(name, value)| value.as_ref().map(|value| format!(" {name}={}", quoted(value))))
    .collect();
    let policies = if policies.is_empty() { " []".to_owned() } else { policies.concat() };
    format!("efs put-lifecycle-configuration --file-system-id {id} --lifecycle-policies{policies}")
}

fn words(values: &[String]) -> String {
    values.iter().map(|value| quoted(value)).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_that_are_there_are_read_and_sent_back() {
        let rule = BucketRule::AbortIncompleteMultipartUploads { days: 7 };
        let (alone, undo) = bucket_rule("b", rule, 0);
        assert_eq!((alone.len(), undo.len()), (1, 1));
        let (merged, _) = bucket_rule("b", rule, 2);
        assert!(merged[0].contains("get-bucket-lifecycle-configuration"), "{merged:?}");
        assert!(merged[1].contains("<the 2 rules read above"), "{merged:?}");
    }

    #[test]
    fn a_lifecycle_without_policies_is_an_empty_list() {
        let command = put_lifecycle("fs-1", &FileSystemLifecycle::default());
        assert!(command.ends_with("--lifecycle-policies []"), "{command}");
    }
}
