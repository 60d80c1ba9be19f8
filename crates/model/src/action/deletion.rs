//! Deletions of resources that need no recovery point first, or for which there is none.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::commands::quoted;
use super::state::entry;
use crate::resource::ResourceRef;

/// What is deleted, and what its inverse needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Deletion {
    /// A VPC endpoint.
    VpcEndpoint {
        /// `VpcEndpointType`.
        vpc_endpoint_type: String,
        /// The VPC, which the inverse needs.
        vpc_id: Option<String>,
        /// The service, which the inverse needs.
        service_name: String,
        /// The subnets, which the inverse needs.
        subnet_ids: Vec<String>,
    },
    /// An attachment of a VPC to a transit gateway.
    TransitGatewayAttachment {
        /// The gateway, which the inverse needs.
        transit_gateway_id: Option<String>,
        /// The VPC, which the inverse needs.
        vpc_id: Option<String>,
    },
    /// A Site-to-Site VPN connection.
    VpnConnection,
    /// An Elastic IP address that something holds.
    AssociatedAddress {
        /// The association, which ends first.
        association_id: Option<String>,
        /// The address.
        public_ip: Option<String>,
    },
    /// A file system, after a backup.
    FileSystem {
        /// Its ARN, which the backup needs.
        file_system_arn: Option<String>,
    },
    /// A log group.
    LogGroup,
    /// An alarm.
    Alarm,
    /// A secret, which waits 30 days before it is gone.
    Secret,
}

impl Deletion {
    /// Returns a word for what is deleted, which the pages translate.
    pub fn thing(&self) -> &'static str {
        match self {
            Self::VpcEndpoint { .. } => "thing-vpc-endpoint",
            Self::TransitGatewayAttachment { .. } => "thing-transit-gateway-attachment",
            Self::VpnConnection => "thing-vpn-connection",
            Self::AssociatedAddress { .. } => "thing-address",
            Self::FileSystem { .. } => "thing-file-system",
            Self::LogGroup => "thing-log-group",
            Self::Alarm => "thing-alarm",
            Self::Secret => "thing-secret",
        }
    }

    pub(super) fn current(&self) -> Map<String, Value> {
        match self {
            Self::VpcEndpoint { service_name, subnet_ids, .. } => {
                let mut map = entry("service_name", json!(service_name));
                map.insert("subnet_ids".into(), json!(subnet_ids));
                map
            }
            Self::TransitGatewayAttachment { .. } | Self::VpnConnection => {
                entry("state", json!("available"))
            }
            Self::AssociatedAddress { public_ip, .. } => {
                public_ip.as_ref().map(|ip| entry("public_ip", json!(ip))).unwrap_or_default()
            }
            Self::FileSystem { .. } | Self::LogGroup | Self::Alarm | Self::Secret => {
                entry("state", json!("present"))
            }
        }
    }

    /// Returns the commands without `aws` and region: the change, then its inverse.
    pub(super) fn commands(&self, target: &ResourceRef) -> (Vec<String>, Vec<String>) {
        let id = quoted(target.id.as_str());
        match self {
            Self::VpcEndpoint { vpc_endpoint_type, vpc_id, service_name, subnet_ids } => (
                vec![format!("ec2 delete-vpc-endpoints --vpc-endpoint-ids {id}")],
                vec![format!(
                    "ec2 create-vpc-endpoint --vpc-endpoint-type {} --vpc-id {} --service-name {}{}",
                    quoted(vpc_endpoint_type),
                    vpc_id.as_deref().map_or_else(|| "<its VPC>".to_owned(), quoted),
                    quoted(service_name),
                    subnets(subnet_ids),
                )],
            ),
            Self::TransitGatewayAttachment { transit_gateway_id, vpc_id } => (
                vec![format!(
                    "ec2 delete-transit-gateway-vpc-attachment --transit-gateway-attachment-id {id}"
                )],
                vec![format!(
                    "ec2 create-transit-gateway-vpc-attachment --transit-gateway-id {} --vpc-id {} --subnet-ids <one subnet per zone>",
                    transit_gateway_id.as_deref().map_or_else(|| "<its gateway>".to_owned(), quoted),
                    vpc_id.as_deref().map_or_else(|| "<its VPC>".to_owned(), quoted),
                )],
            ),
            Self::VpnConnection => (
                vec![format!("ec2 delete-vpn-connection --vpn-connection-id {id}")],
                Vec::new(),
            ),
            Self::AssociatedAddress { association_id, public_ip } => (
                association_id
                    .iter()
                    .map(|association| {
                        format!("ec2 disassociate-address --association-id {}", quoted(association))
                    })
                    .chain([format!("ec2 release-address --allocation-id {id}")])
                    .collect(),
                public_ip
                    .iter()
                    .map(|ip| format!("ec2 allocate-address --address {}", quoted(ip)))
                    .collect(),
            ),
            Self::FileSystem { file_system_arn } => (
                vec![
                    format!(
                        "backup start-backup-job --backup-vault-name Default --resource-arn {} --iam-role-arn <a role that AWS Backup may use>",
                        file_system_arn.as_deref().map_or_else(|| "<its ARN>".to_owned(), quoted),
                    ),
                    "backup describe-backup-job --backup-job-id <the job started above, until it is COMPLETED>".to_owned(),
                    "efs delete-mount-target --mount-target-id <each of its mount targets>".to_owned(),
                    format!("efs delete-file-system --file-system-id {id}"),
                ],
                vec![
                    "backup start-restore-job --recovery-point-arn <the recovery point made above> --metadata newFileSystem=true --iam-role-arn <a role that AWS Backup may use>".to_owned(),
                ],
            ),
            Self::LogGroup => {
                (vec![format!("logs delete-log-group --log-group-name={id}")], Vec::new())
            }
            Self::Alarm => {
                (vec![format!("cloudwatch delete-alarms --alarm-names={id}")], Vec::new())
            }
            Self::Secret => (
                vec![format!(
                    "secretsmanager delete-secret --secret-id {id} --recovery-window-in-days 30"
                )],
                vec![format!("secretsmanager restore-secret --secret-id {id}")],
            ),
        }
    }
}

fn subnets(subnet_ids: &[String]) -> String {
    if subnet_ids.is_empty() {
        return String::new();
    }
    let list: Vec<String> = subnet_ids.iter().map(|subnet| quoted(subnet)).collect();
    format!(" --subnet-ids {}", list.join(" "))
}
