//! One account and region, and a client of every service there.

use std::sync::Arc;

use aws_smithy_runtime_api::client::http::SharedHttpClient;
use aws_smithy_types::retry::RetryConfig;
use aws_smithy_types::timeout::TimeoutConfig;
use aws_types::SdkConfig;
use jiff::SignedDuration;

use trimtab_model::environment::Environment;
use trimtab_model::id::{RegionId, SubAccountId};
use trimtab_model::resource::{Resource, Tags};

use crate::clock::Clock;
use crate::credentials::Credentials;
use crate::keys::KeySource;
use crate::pace::Pace;
use crate::partition::Partition;
use crate::transport::Marker;

/// How long a call that changes something may take until its answer counts as lost.
const ANSWER_SECONDS: u64 = 60;

/// A conversation with one account in one region.
#[derive(Debug, Clone)]
pub struct Session {
    account: SubAccountId,
    region: RegionId,
    config: SdkConfig,
    pace: Arc<Pace>,
    clock: Arc<Clock>,
}

impl Session {
    pub(crate) fn new(
        account: SubAccountId,
        region: RegionId,
        config: SdkConfig,
        pace: Arc<Pace>,
        clock: Arc<Clock>,
    ) -> Self {
        Self { account, region, config, pace, clock }
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

    /// Returns where the credentials come from.
    pub fn key_source(&self) -> KeySource {
        KeySource::new(self.config.credentials_provider())
    }

    /// Returns where AWS answers, if somebody named another place than AWS's own.
    pub fn endpoint(&self) -> Option<&str> {
        self.config.endpoint_url()
    }

    /// Returns how far this machine's clock is ahead of AWS's; absent before the first answer.
    pub fn clock_offset(&self) -> Option<SignedDuration> {
        self.clock.seconds_ahead().map(SignedDuration::from_secs)
    }

    /// Returns the same conversation, in which every request is sent once and no more, and has
    /// its answer within a minute or none.
    ///
    /// For calls that change something: whether one is made again is decided by whoever wrote
    /// down that it was made.
    pub(crate) fn once(&self) -> Self {
        let answer = std::time::Duration::from_secs(ANSWER_SECONDS);
        let timeouts = TimeoutConfig::builder()
            .connect_timeout(std::time::Duration::from_secs(10))
            .operation_timeout(answer)
            .operation_attempt_timeout(answer);
        let config = self.config.to_builder();
        Self {
            config: config
                .retry_config(RetryConfig::disabled())
                .timeout_config(timeouts.build())
                .build(),
            ..self.clone()
        }
    }

    /// Returns the same conversation with other credentials.
    pub(crate) fn with_credentials(&self, credentials: Credentials) -> Self {
        let config = self.config.to_builder().credentials_provider(credentials).build();
        Self { config, ..self.clone() }
    }

    /// Returns the same conversation in another region.
    pub(crate) fn in_region(&self, region: &str) -> Self {
        let place = aws_types::region::Region::new(region.to_owned());
        Self {
            account: self.account.clone(),
            region: region.into(),
            config: self.config.to_builder().region(place).build(),
            pace: Arc::clone(&self.pace),
            clock: Arc::clone(&self.clock),
        }
    }

    /// Waits until `count` samples of metrics that were read here have been earned.
    pub(crate) async fn earn_samples(&self, count: u64) {
        self.pace.samples(self.account.as_str(), self.region.as_str(), count).await;
    }

    /// Returns the same conversation through another HTTP client, which gets this one's.
    pub(crate) fn through(
        &self,
        client: impl FnOnce(SharedHttpClient) -> SharedHttpClient,
    ) -> Self {
        let mut config = self.config.to_builder();
        if let Some(own) = self.config.http_client() {
            config = config.http_client(client(own));
        }
        Self {
            account: self.account.clone(),
            region: self.region.clone(),
            config: config.build(),
            pace: Arc::clone(&self.pace),
            clock: Arc::clone(&self.clock),
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
    application_autoscaling: aws_sdk_applicationautoscaling;
    autoscaling: aws_sdk_autoscaling;
    cloudtrail: aws_sdk_cloudtrail;
    cloudwatch: aws_sdk_cloudwatch;
    compute_optimizer: aws_sdk_computeoptimizer;
    cost_explorer: aws_sdk_costexplorer;
    cost_optimization_hub: aws_sdk_costoptimizationhub;
    data_exports: aws_sdk_bcmdataexports;
    dynamodb: aws_sdk_dynamodb;
    ec2: aws_sdk_ec2;
    ecr: aws_sdk_ecr;
    ecs: aws_sdk_ecs;
    efs: aws_sdk_efs;
    eks: aws_sdk_eks;
    elasticache: aws_sdk_elasticache;
    elb: aws_sdk_elasticloadbalancing;
    elbv2: aws_sdk_elasticloadbalancingv2;
    emr: aws_sdk_emr;
    kms: aws_sdk_kms;
    lambda: aws_sdk_lambda;
    logs: aws_sdk_cloudwatchlogs;
    memorydb: aws_sdk_memorydb;
    opensearch: aws_sdk_opensearch;
    organizations: aws_sdk_organizations;
    pi: aws_sdk_pi;
    rds: aws_sdk_rds;
    recycle_bin: aws_sdk_rbin;
    redshift: aws_sdk_redshift;
    savingsplans: aws_sdk_savingsplans;
    sagemaker: aws_sdk_sagemaker;
    scheduler: aws_sdk_scheduler;
    reports: aws_sdk_costandusagereport;
    secretsmanager: aws_sdk_secretsmanager;
    service_quotas: aws_sdk_servicequotas;
    ssm: aws_sdk_ssm;
    sts: aws_sdk_sts;
    tagging: aws_sdk_resourcegroupstagging;
}
