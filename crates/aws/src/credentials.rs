//! Credentials: what kind they are, and why there are none that AWS accepts.

use std::error::Error;
use std::sync::{Arc, Mutex, PoisonError};

use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider, future};
use aws_smithy_runtime_api::client::result::ConnectorError;

use trimtab_model::text::StaticText;

/// Credentials of one account, renewed before they expire.
pub type Credentials = SharedCredentialsProvider;

/// What is wrong with credentials, by what a person can do about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CredentialProblem {
    /// Nobody has given any.
    NoneFound,
    /// They were good once: a login or a session that is over.
    Expired,
    /// AWS does not know them, or their signature is wrong.
    NotAccepted,
    /// The AWS configuration names a source that cannot be used.
    Misconfigured,
    /// Their source was asked and gave none: a program, a role, a metadata service.
    Unavailable,
}

impl CredentialProblem {
    /// Returns it in words: a lower-case fragment.
    pub fn text(self) -> StaticText {
        match self {
            Self::NoneFound => StaticText {
                en: "no AWS credentials were found",
                ko: "AWS 자격 증명을 찾지 못했습니다",
            },
            Self::Expired => StaticText {
                en: "the login to AWS has expired",
                ko: "AWS 로그인이 만료되었습니다",
            },
            Self::NotAccepted => StaticText {
                en: "AWS does not accept the credentials",
                ko: "AWS가 자격 증명을 받아들이지 않습니다",
            },
            Self::Misconfigured => StaticText {
                en: "the AWS configuration names credentials that cannot be used",
                ko: "AWS 설정에 적힌 자격 증명을 쓸 수 없습니다",
            },
            Self::Unavailable => StaticText {
                en: "the source of the AWS credentials gave none",
                ko: "AWS 자격 증명을 주는 곳에서 자격 증명을 받지 못했습니다",
            },
        }
    }

    /// Returns a word for machines.
    pub fn code(self) -> &'static str {
        match self {
            Self::NoneFound => "credentials-none",
            Self::Expired => "credentials-expired",
            Self::NotAccepted => "credentials-not-accepted",
            Self::Misconfigured => "credentials-misconfigured",
            Self::Unavailable => "credentials-unavailable",
        }
    }
}

/// What the SDK says where a login is over or was never made: its own types for that are private.
const LOGIN: &[&str] = &[
    "SSO token has expired",
    "cached SSO token",
    "sso/cache",
    "Login token",
    "UnauthorizedException",
    "ExpiredToken",
];

/// Finds in a chain of causes why there are no credentials; nothing where that is not the cause.
pub(crate) fn problem_of(error: &(dyn Error + 'static)) -> Option<CredentialProblem> {
    let mut cause: Vec<&(dyn Error + 'static)> = Vec::new();
    let mut next = Some(error);
    while let Some(one) = next {
        if !cause.is_empty() || one.is::<CredentialsError>() {
            cause.push(one);
        }
        next = one.source();
    }
    let outermost = cause.first()?.downcast_ref::<CredentialsError>()?;
    let words: Vec<String> = cause.iter().map(ToString::to_string).collect();
    if LOGIN.iter().any(|login| words.iter().any(|word| word.contains(login))) {
        return Some(CredentialProblem::Expired);
    }
    match outermost {
        // Each source that was tried has a reason of its own, a metadata service that is not
        // there included.
        CredentialsError::CredentialsNotLoaded(_) => Some(CredentialProblem::NoneFound),
        CredentialsError::InvalidConfiguration(_) => Some(CredentialProblem::Misconfigured),
        _ if cause.iter().any(|one| is_no_answer(*one)) => None,
        _ => Some(CredentialProblem::Unavailable),
    }
}

fn is_no_answer(error: &(dyn Error + 'static)) -> bool {
    error.downcast_ref::<ConnectorError>().is_some_and(|one| one.is_io() || one.is_timeout())
}

/// How long a key is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyLife {
    /// Until somebody deletes it: an IAM user's.
    Long,
    /// For hours.
    Short,
}

/// Hands credentials through and remembers what kind they are, never the credentials.
#[derive(Debug, Clone)]
pub(crate) struct Remembering {
    inner: SharedCredentialsProvider,
    life: Arc<Mutex<Option<KeyLife>>>,
}

impl Remembering {
    pub(crate) fn new(inner: SharedCredentialsProvider) -> Self {
        Self { inner, life: Arc::default() }
    }

    /// Returns how long the key is good for; absent before it was needed.
    pub(crate) fn life(&self) -> Option<KeyLife> {
        // A thread that panicked while it held the lock has left the word sound.
        *self.life.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl ProvideCredentials for Remembering {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(async {
            let credentials = self.inner.provide_credentials().await?;
            // The prefix of an access key of an IAM user (IAM user guide, unique identifiers).
            let is_long = credentials.access_key_id().starts_with("AKIA");
            let life = if is_long { KeyLife::Long } else { KeyLife::Short };
            *self.life.lock().unwrap_or_else(PoisonError::into_inner) = Some(life);
            Ok(credentials)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(error: CredentialsError, expected: Option<CredentialProblem>) {
        let outer = ConnectorError::other(error.into(), None);
        assert_eq!(problem_of(&outer), expected);
    }

    #[test]
    fn what_the_sdk_says_of_credentials_is_sorted() {
        check(CredentialsError::not_loaded_no_source(), Some(CredentialProblem::NoneFound));
        check(
            CredentialsError::provider_error("the SSO token has expired and cannot be refreshed"),
            Some(CredentialProblem::Expired),
        );
        check(
            CredentialsError::invalid_configuration("a loop of profiles"),
            Some(CredentialProblem::Misconfigured),
        );
        check(
            CredentialsError::provider_error("exit code 1"),
            Some(CredentialProblem::Unavailable),
        );
        let offline = ConnectorError::io("no route to host".into());
        check(CredentialsError::provider_error(offline), None);
    }

    #[test]
    fn another_failure_is_not_one_of_credentials() {
        assert_eq!(problem_of(&ConnectorError::io("no route to host".into())), None);
    }
}
