//! Mail: one letter, handed over for each receiver by itself.
//!
//! Each receiver has a conversation with the server of its own, so that one address that is
//! refused keeps the letter from nobody else, and what became of each is known.

use lettre::Address;
use lettre::message::Mailbox;

use crate::error::SendError;
use crate::letter::Letter;
use crate::mime::Envelope;
use crate::smtp::SmtpServer;

/// A mail server, whom letters are from and whom they are for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailChannel {
    /// The server.
    pub server: SmtpServer,
    /// Whom letters are from.
    pub from: Mailbox,
    /// Whom they are for.
    pub to: Vec<Mailbox>,
}

impl MailChannel {
    pub(crate) fn envelope(
        &self,
        letter: &Letter<'_>,
        identity: &str,
    ) -> Result<Envelope, SendError> {
        Envelope::of(&letter.mail(), (&self.from, &self.to), identity, letter.at)
    }

    pub(crate) fn send(&self, envelope: &Envelope, receiver: &str) -> Result<String, SendError> {
        let receiver: Address = receiver
            .parse()
            .map_err(|_| SendError::Message { problem: "a receiver is no address".to_owned() })?;
        self.server.deliver(&self.from.email, &receiver, &envelope.message)
    }
}
