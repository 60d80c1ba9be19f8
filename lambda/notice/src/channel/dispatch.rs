//! Hands a message to its channel.

use std::time::Duration;

use http::{StatusCode, Uri};
use jiff::Timestamp;

use super::{Channel, Message, Outcome, Parcel, Repeat, dead_letter, email, push, slack, sns};
use crate::aws::Aws;
use crate::credentials::Credentials;
use crate::settings::{PushRepeats, Settings};
use crate::web::Web;

/// How long a message may take, less than a lease by far.
pub(super) const TIMEOUT: Duration = Duration::from_secs(10);
/// How much of an answer is read.
pub(super) const ANSWER_BYTES_AT_MOST: u64 = 64 * 1024;
/// Half a minute less than SNS remembers a key, for clocks that differ.
const FIFO_WINDOW: Duration = Duration::from_secs(270);
/// How long a push service that drops repeats is taken to remember a key.
const PUSH_WINDOW: Duration = Duration::from_secs(24 * 3600);

/// Has what the channels need.
#[derive(Debug)]
pub struct Channels {
    pub(super) settings: Settings,
    pub(super) web: Web,
    pub(super) aws: Aws,
}

impl Channels {
    /// Makes the channels; `web` and `aws` must use each connection once.
    pub fn new(settings: Settings, web: Web, aws: Aws) -> Self {
        Self { settings, web, aws }
    }

    /// Returns what a channel does with a second message of the same key.
    pub fn repeat(&self, channel: Channel) -> Repeat {
        match channel {
            Channel::Push => match self.settings.push_repeats {
                PushRepeats::AreDropped => Repeat::DroppedFor(PUSH_WINDOW),
                PushRepeats::AreSent => Repeat::Delivered,
            },
            Channel::Slack | Channel::Email => Repeat::Delivered,
            Channel::Sns => {
                if self.settings.topic.as_deref().is_some_and(|topic| topic.ends_with(".fifo")) {
                    Repeat::DroppedFor(FIFO_WINDOW)
                } else {
                    Repeat::Delivered
                }
            }
            Channel::DeadLetter => Repeat::Harmless,
        }
    }

    /// Sends a message once.
    pub async fn send(
        &self,
        message: &Message,
        credentials: &Credentials,
        now: Timestamp,
    ) -> Outcome {
        match (message.channel, &message.parcel) {
            (Channel::Push, parcel @ Parcel::Notice { .. }) => {
                push::send(self, &message.key, parcel, credentials, now).await
            }
            (Channel::Slack, Parcel::Notice { title, body, .. }) => {
                slack::send(self, title, body, credentials, now).await
            }
            (Channel::Email, Parcel::Notice { title, body, .. }) => {
                email::send(self, &message.key, title, body).await
            }
            (Channel::Sns, parcel @ Parcel::Notice { .. }) => {
                sns::send(self, &message.key, parcel).await
            }
            (Channel::DeadLetter, Parcel::Refusal(text)) => dead_letter::send(self, text).await,
            (Channel::DeadLetter, Parcel::Notice { .. })
            | (
                Channel::Push | Channel::Slack | Channel::Email | Channel::Sns,
                Parcel::Refusal(_),
            ) => Outcome::Refused("the channel does not carry such a message".to_owned()),
        }
    }
}

/// Returns whether an answer says that the address or the token is no longer good.
pub(super) fn is_denied(status: StatusCode) -> bool {
    matches!(
        status,
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN | StatusCode::NOT_FOUND | StatusCode::GONE
    )
}

/// Reads the address of a web service: encrypted, or on this very machine.
pub(super) fn address(text: &str, parameter: &str) -> Result<Uri, Outcome> {
    let refused = |reason: &str| Outcome::NotNow(format!("parameter {parameter} {reason}"));
    let uri: Uri = text.trim().parse().map_err(|_| refused("has no address"))?;
    let is_local = matches!(uri.host(), Some("127.0.0.1" | "localhost" | "[::1]"));
    match uri.scheme_str() {
        Some("https") => Ok(uri),
        Some("http") if is_local => Ok(uri),
        Some(_) | None => Err(refused("has an address that is not https")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_encrypted_or_local() {
        assert!(address("https://hooks.slack.com/x", "/p").is_ok());
        assert!(address("http://127.0.0.1:80/x", "/p").is_ok());
        assert!(address("http://example.com/x", "/p").is_err());
        assert!(address("", "/p").is_err());
    }
}
