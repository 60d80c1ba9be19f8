//! The credentials of a session, for a reader of S3 that is not the SDK's.

use std::fmt;

use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider};
use jiff::Timestamp;

use crate::credentials::{CredentialProblem, problem_of};
use crate::error::AwsError;

/// What a bucket is read for, as IAM calls it.
const GET_OBJECT: &str = "s3:GetObject";

/// Credentials as they are. Never shown and never stored.
#[derive(Clone, PartialEq, Eq)]
pub struct Keys {
    /// The access key ID.
    pub access_key_id: String,
    /// The secret.
    pub secret_access_key: String,
    /// The session token of temporary ones.
    pub session_token: Option<String>,
    /// When temporary ones end.
    pub expires_at: Option<Timestamp>,
}

impl fmt::Debug for Keys {
    /// Writes when they end: the values are secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keys").field("expires_at", &self.expires_at).finish_non_exhaustive()
    }
}

/// Where a session's credentials come from; it renews them.
#[derive(Debug, Clone)]
pub struct KeySource(Option<SharedCredentialsProvider>);

impl KeySource {
    pub(crate) fn new(provider: Option<SharedCredentialsProvider>) -> Self {
        Self(provider)
    }

    /// Returns credentials that are valid now.
    ///
    /// # Errors
    /// Fails if there are none, or they cannot be renewed.
    pub async fn keys(&self) -> Result<Keys, AwsError> {
        let failed = |problem: CredentialProblem| {
            let action = GET_OBJECT.to_owned();
            AwsError::Credentials { action, problem, code: None }
        };
        let provider = self.0.as_ref().ok_or_else(|| failed(CredentialProblem::NoneFound))?;
        let found = provider.provide_credentials().await.map_err(|cause| {
            failed(problem_of(&cause).unwrap_or(CredentialProblem::Unavailable))
        })?;
        let expires_at = found.expiry().and_then(|end| Timestamp::try_from(end).ok());
        Ok(Keys {
            access_key_id: found.access_key_id().to_owned(),
            secret_access_key: found.secret_access_key().to_owned(),
            session_token: found.session_token().map(str::to_owned),
            expires_at,
        })
    }
}
