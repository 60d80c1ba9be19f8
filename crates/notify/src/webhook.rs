//! A program that takes a report as JSON.

use std::fmt;

use crate::address::WebAddress;
use crate::channel::Repeat;
use crate::error::SendError;
use crate::http::Poster;
use crate::letter::Letter;
use crate::signature::{Stamp, fingerprint};

/// A program that takes a report as JSON.
#[derive(Clone, PartialEq, Eq)]
pub struct WebhookChannel {
    /// Where it listens.
    pub address: WebAddress,
    /// What both sides know, and nobody else.
    pub secret: Option<String>,
}

impl fmt::Debug for WebhookChannel {
    /// Writes the place only.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WebhookChannel").field("address", &self.address).finish_non_exhaustive()
    }
}

impl WebhookChannel {
    /// The body is the contract of the report. A second copy has the same `Idempotency-Key`.
    pub(crate) fn poster(&self, letter: &Letter<'_>, identity: &str) -> Result<Poster, SendError> {
        let body = letter.json().to_string().into_bytes();
        let headers = [
            ("idempotency-key", format!("trimtab-{}-{}", letter.name(), fingerprint(identity))),
            ("x-trimtab-event", letter.event()),
        ];
        let stamp = Stamp { secret: self.secret.clone() };
        Poster::new(&self.address, &headers, body, (Repeat::Harmless, Some(stamp)))
    }
}
