//! Who we are: a profile, and in other accounts a role.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use aws_config::profile::ProfileFileCredentialsProvider;
use aws_config::provider_config::ProviderConfig;
use aws_config::sts::AssumeRoleProvider;
use aws_config::{BehaviorVersion, Region};
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider};
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::display::DisplayErrorContext;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use aws_smithy_types::retry::RetryConfig;
use aws_smithy_types::timeout::TimeoutConfig;
use aws_types::SdkConfig;
use aws_types::service_config::ServiceConfigKey;

use crate::calls::Calls;
use crate::clock::Clock;
use crate::credentials::{self, CredentialProblem, Credentials, KeyLife, Remembering};
use crate::error::AwsError;
use crate::pace::Pace;
use crate::partition::Partition;
use crate::session::Session;
use crate::transport;

/// How often a call is tried in all. The SDK waits longer each time, and slows every call
/// down while AWS throttles.
const ATTEMPTS: u32 = 5;
/// How long one attempt may take.
const ATTEMPT_SECONDS: u64 = 60;

/// A role to take on in an account.
#[derive(Clone, PartialEq, Eq)]
pub struct Role {
    /// The role's ARN.
    pub arn: String,
    /// The external ID that its trust policy asks for.
    pub external_id: Option<String>,
}

impl fmt::Debug for Role {
    /// Writes the ARN only: the SDK logs what it works with, and the external ID is a secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Role").field("arn", &self.arn).finish_non_exhaustive()
    }
}

/// The way into AWS: where credentials come from, and how fast we ask.
#[derive(Debug, Clone)]
pub struct Access {
    config: SdkConfig,
    http: SharedHttpClient,
    pace: Arc<Pace>,
    calls: Arc<Calls>,
    clock: Arc<Clock>,
    key: Option<Remembering>,
}

/// Who the credentials belong to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// The account.
    pub account: String,
    /// The ARN of the user or role.
    pub arn: String,
    /// The partition that the ARN names.
    pub partition: Partition,
}

impl Access {
    /// Finds credentials as the AWS CLI does: environment, profile, SSO, container, instance.
    ///
    /// Nothing is called yet. `profile` and `region` stand before the environment's: also before
    /// keys in the environment, which may be of another account.
    pub async fn find(profile: Option<&str>, region: Option<&str>, share_percent: u32) -> Self {
        let http = transport::https();
        let mut loader = aws_config::defaults(BehaviorVersion::latest())
            .http_client(http.clone())
            .retry_config(RetryConfig::adaptive().with_max_attempts(ATTEMPTS))
            .timeout_config(
                TimeoutConfig::builder()
                    .connect_timeout(std::time::Duration::from_secs(10))
                    .operation_attempt_timeout(std::time::Duration::from_secs(ATTEMPT_SECONDS))
                    .build(),
            );
        if let Some(profile) = profile {
            loader = loader.profile_name(profile);
        }
        if let Some(region) = region {
            loader = loader.region(Region::new(region.to_owned()));
        }
        let mut config = loader.load().await;
        let provider = match profile {
            Some(profile) => Some(of_profile(profile, config.region(), &http)),
            None => config.credentials_provider(),
        };
        let key = provider.map(Remembering::new);
        if let Some(key) = &key {
            let provider = SharedCredentialsProvider::new(key.clone());
            config = config.into_builder().credentials_provider(provider).build();
        }
        Self {
            config,
            http,
            pace: Arc::new(Pace::new(share_percent)),
            calls: Arc::new(Calls::default()),
            clock: Arc::new(Clock::default()),
            key,
        }
    }

    /// Returns how long the key is good for; absent before the first call.
    pub fn key_life(&self) -> Option<KeyLife> {
        self.key.as_ref()?.life()
    }

    /// Returns what AWS's answers said of the time.
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// Returns the region that the profile or the environment names.
    pub fn region(&self) -> Option<&str> {
        self.config.region().map(Region::as_ref)
    }

    /// Returns what was called so far.
    pub fn calls(&self) -> &Calls {
        &self.calls
    }

    /// Asks AWS who we are. This needs no permission.
    ///
    /// # Errors
    /// Fails without credentials that AWS accepts.
    pub async fn caller(&self) -> Result<Caller, AwsError> {
        const ACTION: &str = "sts:GetCallerIdentity";
        let region = self.region().unwrap_or(Partition::Aws.home_region()).to_owned();
        let session = self.session("", &region, None);
        let identity = session
            .sts()
            .get_caller_identity()
            .send()
            .await
            .map_err(|error| AwsError::of(ACTION, &error))?;
        let (Some(account), Some(arn)) = (identity.account, identity.arn) else {
            return Err(AwsError::Failed {
                action: ACTION.to_owned(),
                code: "IncompleteAnswer".to_owned(),
                message: "the answer names no account".to_owned(),
            });
        };
        let partition = Partition::of_arn(&arn).unwrap_or_else(|| Partition::of_region(&region));
        Ok(Caller { account, arn, partition })
    }

    /// Takes `role` on. Its credentials are renewed before they expire.
    ///
    /// # Errors
    /// Fails if the role's trust policy or our own permissions refuse.
    pub async fn assume(&self, role: &Role) -> Result<Credentials, AwsError> {
        let mut provider = AssumeRoleProvider::builder(&role.arn)
            .session_name("trimtab-read")
            .configure(&self.config);
        if let Some(external_id) = &role.external_id {
            provider = provider.external_id(external_id);
        }
        let provider = SharedCredentialsProvider::new(provider.build().await);
        provider.provide_credentials().await.map_err(|error| refusal(&error))?;
        Ok(provider)
    }

    /// Asks the source of our own credentials for them, now: what it gives is good for as long as
    /// it can be.
    ///
    /// # Errors
    /// Fails where the source gives none.
    pub(crate) async fn fresh(&self) -> Result<aws_credential_types::Credentials, AwsError> {
        const ACTION: &str = "sts:GetCallerIdentity";
        let Some(key) = &self.key else {
            let problem = CredentialProblem::NoneFound;
            return Err(AwsError::Credentials { action: ACTION.to_owned(), problem, code: None });
        };
        key.provide_credentials().await.map_err(|error| refusal(&error))
    }

    /// Returns the addresses other than AWS's own that the environment or the profile names, for
    /// everything or for one of `services`, by AWS's identifiers of services.
    pub fn foreign_endpoints(&self, services: &[&str]) -> BTreeSet<String> {
        let everywhere = self.config.endpoint_url().map(str::to_owned);
        let of_service = |service: &&str| {
            let key = ServiceConfigKey::builder()
                .service_id(service)
                .env("AWS_ENDPOINT_URL")
                .profile("endpoint_url")
                .build()
                .ok()?;
            self.config.service_config()?.load_config(key)
        };
        everywhere.into_iter().chain(services.iter().filter_map(of_service)).collect()
    }

    /// Opens a session in one account and region; without `credentials`, with our own.
    pub fn session(
        &self,
        account: &str,
        region: &str,
        credentials: Option<Credentials>,
    ) -> Session {
        let transport = transport::Transport::new(
            self.http.clone(),
            Arc::clone(&self.pace),
            Arc::clone(&self.calls),
            Arc::clone(&self.clock),
            account,
            region,
        );
        let mut config = self
            .config
            .to_builder()
            .region(Region::new(region.to_owned()))
            .http_client(SharedHttpClient::new(transport));
        if let Some(credentials) = credentials {
            config = config.credentials_provider(credentials);
        }
        Session::new(
            account.into(),
            region.into(),
            config.build(),
            Arc::clone(&self.pace),
            Arc::clone(&self.clock),
        )
    }
}

/// Returns the credentials of a profile, whatever the environment holds.
fn of_profile(
    profile: &str,
    region: Option<&Region>,
    http: &SharedHttpClient,
) -> SharedCredentialsProvider {
    // A role that the profile names is taken on at an endpoint of some region.
    let region = region.cloned().unwrap_or_else(|| Region::new(Partition::Aws.home_region()));
    let config =
        ProviderConfig::without_region().with_region(Some(region)).with_http_client(http.clone());
    let provider =
        ProfileFileCredentialsProvider::builder().configure(&config).profile_name(profile).build();
    SharedCredentialsProvider::new(provider)
}

/// Finds STS's answer in the error of a credentials provider, which wraps it.
fn refusal(error: &CredentialsError) -> AwsError {
    use aws_sdk_sts::operation::assume_role::AssumeRoleError;
    const ACTION: &str = "sts:AssumeRole";
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(one) = cause {
        if let Some(answer) = one.downcast_ref::<SdkError<AssumeRoleError, HttpResponse>>() {
            return AwsError::of(ACTION, answer);
        }
        if let Some(answer) = one.downcast_ref::<AssumeRoleError>() {
            let code = answer.code().unwrap_or("no error code");
            return AwsError::of_code(ACTION, code, answer.message().unwrap_or_default());
        }
        cause = one.source();
    }
    tracing::debug!(action = ACTION, cause = %DisplayErrorContext(error), "no credentials");
    match credentials::problem_of(error) {
        Some(problem) => AwsError::Credentials { action: ACTION.to_owned(), problem, code: None },
        None => AwsError::Unreachable {
            action: ACTION.to_owned(),
            problem: CredentialProblem::Unavailable.text().en.to_owned(),
        },
    }
}
