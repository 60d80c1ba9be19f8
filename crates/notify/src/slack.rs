//! An incoming webhook of Slack.

use crate::address::WebAddress;
use crate::channel::Repeat;
use crate::error::SendError;
use crate::http::Poster;
use crate::letter::Letter;

/// An incoming webhook of Slack. Its address is a secret: whoever has it can write there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SlackChannel {
    /// The address.
    pub address: WebAddress,
}

impl SlackChannel {
    pub(crate) fn poster(&self, letter: &Letter<'_>) -> Result<Poster, SendError> {
        let body = letter.slack().to_string().into_bytes();
        Poster::new(&self.address, &[], body, (Repeat::Harmful, None))
    }
}
