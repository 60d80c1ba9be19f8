//! Credentials for a bucket, asked for again before they expire.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use futures::future::BoxFuture;
use jiff::{SignedDuration, Timestamp};
use object_store::CredentialProvider;
use object_store::aws::AwsCredential;

use trimtab_model::explain::Explained;
use trimtab_model::text::Text;

/// How long before they expire credentials are asked for again: longer than one download.
const EARLY: SignedDuration = SignedDuration::from_mins(5);

/// Credentials of AWS. Never shown and never stored.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    /// The access key ID.
    pub access_key_id: String,
    /// The secret.
    pub secret_access_key: String,
    /// The session token of temporary ones.
    pub session_token: Option<String>,
    /// When temporary ones end.
    pub expires_at: Option<Timestamp>,
}

impl fmt::Debug for Credentials {
    /// Writes when they end: the values are secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials").field("expires_at", &self.expires_at).finish_non_exhaustive()
    }
}

/// Where credentials come from.
pub type CredentialSource =
    Arc<dyn Fn() -> BoxFuture<'static, Result<Credentials, Text>> + Send + Sync>;

/// Hands credentials to the object store, the same ones until they are about to end.
pub(super) struct Renewed {
    source: CredentialSource,
    known: Mutex<Option<(Arc<AwsCredential>, Option<Timestamp>)>>,
}

impl Renewed {
    /// Starts without any.
    pub(super) fn new(source: CredentialSource) -> Self {
        Self { source, known: Mutex::new(None) }
    }

    fn known(&self) -> Option<Arc<AwsCredential>> {
        // A thread that panicked while it held the lock has left the value sound.
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let (credential, expires_at) = known.as_ref()?;
        let soon = Timestamp::now().saturating_add(EARLY).ok()?;
        expires_at.is_none_or(|end| end > soon).then(|| Arc::clone(credential))
    }
}

impl fmt::Debug for Renewed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Renewed").finish_non_exhaustive()
    }
}

#[async_trait]
impl CredentialProvider for Renewed {
    type Credential = AwsCredential;

    async fn get_credential(&self) -> object_store::Result<Arc<AwsCredential>> {
        if let Some(known) = self.known() {
            return Ok(known);
        }
        let fresh = (self.source)().await.map_err(|text| object_store::Error::Generic {
            store: "S3",
            source: Box::new(Explained(text)),
        })?;
        let credential = Arc::new(AwsCredential {
            key_id: fresh.access_key_id,
            secret_key: fresh.secret_access_key,
            token: fresh.session_token,
        });
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        *known = Some((Arc::clone(&credential), fresh.expires_at));
        Ok(credential)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    fn asked_twice(expires_at: Option<Timestamp>) -> u32 {
        let asked = Arc::new(AtomicU32::new(0));
        let count = Arc::clone(&asked);
        let source: CredentialSource = Arc::new(move || {
            count.fetch_add(1, Ordering::Relaxed);
            let credentials = Credentials {
                access_key_id: "id".to_owned(),
                secret_access_key: "hunter2".to_owned(),
                session_token: None,
                expires_at,
            };
            assert!(!format!("{credentials:?}").contains("hunter2"));
            Box::pin(async move { Ok(credentials) })
        });
        let renewed = Renewed::new(source);
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        for _ in 0..2 {
            runtime.block_on(renewed.get_credential()).unwrap();
        }
        asked.load(Ordering::Relaxed)
    }

    #[test]
    fn credentials_are_asked_for_again_before_they_end() {
        assert_eq!(asked_twice(None), 1);
        let at = |hours| Timestamp::now() + SignedDuration::from_hours(hours);
        assert_eq!(asked_twice(Some(at(1))), 1);
        assert_eq!(asked_twice(Some(at(0))), 2);
    }
}
