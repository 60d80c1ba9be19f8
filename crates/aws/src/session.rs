//! One account and region, and a client of every service there.

use aws_types::SdkConfig;

use trimtab_model::environment::Environment;
use trimtab_model::id::{RegionId, SubAccountId};
use trimtab_model::resource::{Resource, Tags};

use crate::partition::Partition;
use crate::transport::Marker;

/// A conversation with one account in one region.
#[derive(Debug, Clone)]
pub struct Session {
    account: SubAccountId,
    region: RegionId,
    config: SdkConfig,
}

impl Session {
    pub(crate) fn new(account: SubAccountId, region: RegionId, config: SdkConfig) -> Self {
        Self { account, region, config }
    }

    /// Returns the account.
    pub fn account(&self) -> &SubAccountId {
        &self.account
    }

    /// Returns the region.
    pub fn region(&self) -> &RegionId {
        &self.region
    }

    /// Returns the partition that the region belongs to.
    pub fn partition(&self) -> Partition {
        Partition::of_region(self.region.as_str())
    }

    /// Returns the same conversation in another region.
    pub(crate) fn in_region(&self, region: &str) -> Self {
        let place = aws_types::region::Region::new(region.to_owned());
        Self {
            account: self.account.clone(),
            region: region.into(),
            config: self.config.to_builder().region(place).build(),
        }
    }

    /// Returns a client of `aws_sdk_s3`.
    pub(crate) fn s3(&self) -> aws_sdk_s3::Client {
        // A bucket's name is part of the host's, but for an endpoint that somebody names.
        let config = aws_sdk_s3::config::Builder::from(&self.config)
            .force_path_style(self.config.endpoint_url().is_some())
            .interceptor(Marker);
        aws_sdk_s3::Client::from_conf(config.build())
    }

    /// Makes a resource of this place. Its environment is named later, by the policy.
    pub(crate) fn resource<K>(&self, id: impl Into<String>, tags: Tags, kind: K) -> Resource<K> {
        Resource {
            id: id.into().into(),
            account: self.account.clone(),
            region: self.region.clone(),
            environment: Environment::Unknown,
            tags,
            kind,
        }
    }
}

// A macro because forty clients are made in the same way and their types share no trait.
macro_rules! clients {
    ($($service:ident: $sdk:ident;)+) => {
        impl Session {
            $(
                #[doc = concat!("Returns a client of `", stringify!($sdk), "`.")]
                pub(crate) fn $service(&self) -> $sdk::Client {
                    let config = $sdk::config::Builder::from(&self.config).interceptor(Marker);
                    $sdk::Client::from_conf(config.build())
                }
            )+
        }
    };
}

clients! {
    autoscaling: aws_sdk_autoscaling;
    cloudtrail: aws_sdk_cloudtrail;
    cloudwatch: aws_sdk_cloudwatch;
    dynamodb: aws_sdk_dynamodb;
    ec2: aws_sdk_ec2;
    ecr: aws_sdk_ecr;
    ecs: aws_sdk_ecs;
    efs: aws_sdk_efs;
    eks: aws_sdk_eks;
    elasticache: aws_sdk_elasticache;
    elb: aws_sdk_elasticloadbalancing;
    elbv2: aws_sdk_elasticloadbalancingv2;
    lambda: aws_sdk_lambda;
    logs: aws_sdk_cloudwatchlogs;
    memorydb: aws_sdk_memorydb;
    opensearch: aws_sdk_opensearch;
    organizations: aws_sdk_organizations;
    rds: aws_sdk_rds;
    redshift: aws_sdk_redshift;
    secretsmanager: aws_sdk_secretsmanager;
    sts: aws_sdk_sts;
    tagging: aws_sdk_resourcegroupstagging;
}
