//! What is sent.

use super::Channel;

/// Is one message of the outbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Names it for ever: 64 hexadecimal digits.
    pub key: String,
    /// The way it goes.
    pub channel: Channel,
    /// What is in it.
    pub parcel: Parcel,
}

/// Is what is in a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Parcel {
    /// A notice.
    Notice {
        /// Its key.
        notice_key: String,
        /// Its name in its file.
        id: String,
        /// One line.
        title: String,
        /// The text.
        body: String,
        /// The language of both.
        language: String,
        /// Whom it is for: `all` or traits.
        audience: String,
    },
    /// What is wrong with a file, as JSON.
    Refusal(String),
}
