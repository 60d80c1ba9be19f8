//! Secrets from the Parameter Store: held for a while, and never written anywhere.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use serde::de::DeserializeOwned;
use thiserror::Error;

use crate::aws::{self, Aws, AwsError};

/// Is a text that nothing prints.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Returns the text, for the one who must send it.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// Reads the text as JSON.
    ///
    /// # Errors
    ///
    /// When it is not what is expected; the error tells nothing of the text.
    pub fn parse<T: DeserializeOwned>(
        &self,
        parameter: &str,
        expected: &'static str,
    ) -> Result<T, CredentialsError> {
        // The cause would repeat a part of the secret.
        serde_json::from_str(&self.0)
            .map_err(|_| CredentialsError::Shape { parameter: parameter.to_owned(), expected })
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secret(…)")
    }
}

/// Says why a secret cannot be had.
#[derive(Debug, Error)]
pub enum CredentialsError {
    /// The Parameter Store does not give it.
    #[error("could not read parameter {parameter}")]
    Read {
        /// Name of the parameter.
        parameter: String,
        /// Why.
        #[source]
        cause: AwsError,
    },
    /// It is something else.
    #[error("parameter {parameter} is not {expected}")]
    Shape {
        /// Name of the parameter.
        parameter: String,
        /// What it should be.
        expected: &'static str,
    },
}

/// Says whether a secret that is held will do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Freshness {
    /// It will, within its lifetime.
    Held,
    /// It will not: it was just refused, so it may have been changed.
    New,
}

/// Reads secrets and holds them.
#[derive(Debug)]
pub struct Credentials {
    aws: Aws,
    lifetime: Duration,
    held: Mutex<BTreeMap<String, (Secret, Timestamp)>>,
}

impl Credentials {
    /// Makes an empty store whose secrets live for `lifetime`.
    pub fn new(aws: Aws, lifetime: Duration) -> Self {
        Self { aws, lifetime, held: Mutex::default() }
    }

    /// Returns the value of a parameter.
    ///
    /// # Errors
    ///
    /// When the Parameter Store does not give it.
    pub async fn read(
        &self,
        parameter: &str,
        freshness: Freshness,
        now: Timestamp,
    ) -> Result<Secret, CredentialsError> {
        if let (Freshness::Held, Some(secret)) = (freshness, self.held(parameter, now)) {
            return Ok(secret);
        }
        let secret = aws::parameter(&self.aws, parameter)
            .await
            .map_err(|cause| CredentialsError::Read { parameter: parameter.to_owned(), cause })?;
        let secret = Secret::from(secret);
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        held.insert(parameter.to_owned(), (secret.clone(), now));
        Ok(secret)
    }

    fn held(&self, parameter: &str, now: Timestamp) -> Option<Secret> {
        let held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let (secret, since) = held.get(parameter)?;
        let age = Duration::try_from(now.duration_since(*since)).unwrap_or(Duration::MAX);
        (age < self.lifetime).then(|| secret.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_prints_a_secret() {
        let secret = Secret::from("hidden".to_owned());
        assert!(!format!("{secret:?}").contains("hidden"));
        let error = secret.parse::<u64>("/notice/database", "a number").expect_err("no number");
        assert_eq!(error.to_string(), "parameter /notice/database is not a number");
    }
}
