//! What the function is told by its environment: names of parameters and places, and never a secret.

use std::collections::BTreeSet;
use std::time::Duration;

use aws_credential_types::Credentials;
use thiserror::Error;

use crate::channel::Channel;

/// Is what the function is told by its environment.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The region it runs in.
    pub region: String,
    /// What its role gives it; Lambda renews them by starting another environment.
    pub credentials: Credentials,
    /// Another place than AWS's own for all of its services.
    pub endpoint: Option<String>,
    /// The parameter with the database's address, user and password.
    pub database_parameter: String,
    /// A file with the certificates that sign the database's; without it the system's are used.
    pub database_certificates: Option<String>,
    /// How long a connection to the database is kept.
    pub connection_life: ConnectionLife,
    /// The queue that is told of refused files.
    pub dead_letter_url: String,
    /// The topic of the channel `sns`.
    pub topic: Option<String>,
    /// The parameter with the address and the token of the channel `push`.
    pub push_parameter: Option<String>,
    /// What the push service does with a key that it has seen.
    pub push_repeats: PushRepeats,
    /// The parameter with the address of the channel `slack`.
    pub slack_parameter: Option<String>,
    /// Sender and receiver of the channel `email`.
    pub email: Option<EmailAddresses>,
    /// How long a secret is used before it is read again.
    pub secret_lifetime: Duration,
}

/// Says how long a connection to the database is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConnectionLife {
    /// As long as the environment lives.
    Environment,
    /// For one invocation: RDS Proxy can give its connection to others in between.
    Invocation,
}

/// Says what the push service does with a key that it has seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PushRepeats {
    /// It takes a message of the same key once.
    AreDropped,
    /// It sends every message that it gets.
    AreSent,
}

/// Is sender and receiver of mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmailAddresses {
    /// An identity that SES has verified.
    pub from: String,
    /// The receiver, such as a mailing list.
    pub to: String,
}

/// Says which variable of the environment is missing or wrong.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum SettingsError {
    /// A variable is missing.
    #[error("environment variable {name} is not set; set it to {meaning}")]
    Missing {
        /// Name of the variable.
        name: &'static str,
        /// What belongs into it.
        meaning: &'static str,
    },
    /// A variable says something else than it may.
    #[error("environment variable {name} is `{value}`; it may be {allowed}")]
    Wrong {
        /// Name of the variable.
        name: &'static str,
        /// What it says.
        value: String,
        /// What it may say.
        allowed: &'static str,
    },
}

const SECRET_SECONDS_WITHOUT_VARIABLE: u64 = 300;

impl Settings {
    /// Reads the environment through `variable`.
    ///
    /// # Errors
    ///
    /// With the first variable that is missing or wrong.
    pub fn read(variable: impl Fn(&str) -> Option<String>) -> Result<Self, SettingsError> {
        let set = |name: &'static str| variable(name).filter(|value| !value.is_empty());
        let needed = |name, meaning| set(name).ok_or(SettingsError::Missing { name, meaning });
        let given_by_lambda = "what Lambda sets by itself";
        Ok(Self {
            region: needed("AWS_REGION", given_by_lambda)?,
            credentials: Credentials::new(
                needed("AWS_ACCESS_KEY_ID", given_by_lambda)?,
                needed("AWS_SECRET_ACCESS_KEY", given_by_lambda)?,
                set("AWS_SESSION_TOKEN"),
                None,
                "environment",
            ),
            endpoint: set("AWS_ENDPOINT_URL"),
            database_parameter: needed(
                "NOTICE_DATABASE_PARAMETER",
                "the name of the parameter with the database's address",
            )?,
            database_certificates: set("NOTICE_DATABASE_CERTIFICATES"),
            connection_life: connection_life(set("NOTICE_CONNECTION"))?,
            dead_letter_url: needed(
                "NOTICE_DEAD_LETTER_URL",
                "the URL of the queue that is told of refused files",
            )?,
            topic: set("NOTICE_TOPIC"),
            push_parameter: set("NOTICE_PUSH_PARAMETER"),
            push_repeats: push_repeats(set("NOTICE_PUSH_REPEATS"))?,
            slack_parameter: set("NOTICE_SLACK_PARAMETER"),
            email: email(set("NOTICE_EMAIL_FROM"), set("NOTICE_EMAIL_TO"))?,
            secret_lifetime: secret_lifetime(set("NOTICE_SECRET_SECONDS"))?,
        })
    }

    /// Returns the channels that notices may name.
    pub fn open_channels(&self) -> BTreeSet<Channel> {
        let mut open = BTreeSet::new();
        if self.push_parameter.is_some() {
            open.insert(Channel::Push);
        }
        if self.slack_parameter.is_some() {
            open.insert(Channel::Slack);
        }
        if self.email.is_some() {
            open.insert(Channel::Email);
        }
        if self.topic.is_some() {
            open.insert(Channel::Sns);
        }
        open
    }
}

fn connection_life(value: Option<String>) -> Result<ConnectionLife, SettingsError> {
    match value.as_deref() {
        None | Some("environment") => Ok(ConnectionLife::Environment),
        Some("invocation") => Ok(ConnectionLife::Invocation),
        Some(value) => Err(wrong("NOTICE_CONNECTION", value, "`environment` or `invocation`")),
    }
}

fn push_repeats(value: Option<String>) -> Result<PushRepeats, SettingsError> {
    match value.as_deref() {
        // What is not known to be dropped is taken to be sent.
        None | Some("sent") => Ok(PushRepeats::AreSent),
        Some("dropped") => Ok(PushRepeats::AreDropped),
        Some(value) => Err(wrong("NOTICE_PUSH_REPEATS", value, "`sent` or `dropped`")),
    }
}

fn email(
    from: Option<String>,
    to: Option<String>,
) -> Result<Option<EmailAddresses>, SettingsError> {
    match (from, to) {
        (Some(from), Some(to)) => Ok(Some(EmailAddresses { from, to })),
        (None, None) => Ok(None),
        (Some(_), None) => {
            Err(SettingsError::Missing { name: "NOTICE_EMAIL_TO", meaning: "the receiver of mail" })
        }
        (None, Some(_)) => {
            Err(SettingsError::Missing { name: "NOTICE_EMAIL_FROM", meaning: "the sender of mail" })
        }
    }
}

fn secret_lifetime(value: Option<String>) -> Result<Duration, SettingsError> {
    let Some(value) = value else {
        return Ok(Duration::from_secs(SECRET_SECONDS_WITHOUT_VARIABLE));
    };
    match value.parse() {
        Ok(seconds) if seconds <= 86_400 => Ok(Duration::from_secs(seconds)),
        Ok(_) | Err(_) => {
            Err(wrong("NOTICE_SECRET_SECONDS", &value, "a number of seconds up to 86400"))
        }
    }
}

fn wrong(name: &'static str, value: &str, allowed: &'static str) -> SettingsError {
    SettingsError::Wrong { name, value: value.to_owned(), allowed }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(changes: &[(&str, &str)], expected: Result<&[Channel], &str>) {
        let mut variables = vec![
            ("AWS_REGION", "ap-northeast-2"),
            ("AWS_ACCESS_KEY_ID", "key"),
            ("AWS_SECRET_ACCESS_KEY", "hidden"),
            ("NOTICE_DATABASE_PARAMETER", "/notice/database"),
            ("NOTICE_DEAD_LETTER_URL", "https://queue"),
        ];
        variables.extend(changes);
        let read = |name: &str| {
            variables
                .iter()
                .rev()
                .find(|(known, _)| *known == name)
                .map(|(_, value)| (*value).to_owned())
        };
        match (Settings::read(read), expected) {
            (Ok(settings), Ok(open)) => {
                assert_eq!(settings.open_channels().into_iter().collect::<Vec<_>>(), open);
                assert!(!format!("{settings:?}").contains("hidden"));
            }
            (Err(error), Err(part)) => assert!(error.to_string().contains(part), "{error}"),
            (found, expected) => panic!("{found:?} instead of {expected:?}"),
        }
    }

    #[test]
    fn a_channel_is_open_when_it_is_set_up() {
        check(&[], Ok(&[]));
        check(&[("NOTICE_SLACK_PARAMETER", "/notice/slack")], Ok(&[Channel::Slack]));
    }

    #[test]
    fn what_is_missing_or_wrong_is_named() {
        check(&[("NOTICE_DATABASE_PARAMETER", "")], Err("NOTICE_DATABASE_PARAMETER is not set"));
        check(&[("NOTICE_CONNECTION", "forever")], Err("`environment` or `invocation`"));
        check(&[("NOTICE_EMAIL_FROM", "a@example.com")], Err("NOTICE_EMAIL_TO"));
        check(&[("NOTICE_SECRET_SECONDS", "-1")], Err("NOTICE_SECRET_SECONDS"));
    }
}
