//! A way out, by the name that the configuration gives it.

use crate::error::SendError;
use crate::files::{self, FilesChannel};
use crate::http::Poster;
use crate::letter::Letter;
use crate::mail::MailChannel;
use crate::mime::Envelope;
use crate::retry::{Delivered, Pause, with_retries};
use crate::slack::SlackChannel;
use crate::webhook::WebhookChannel;

/// What a second copy of the same letter does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Repeat {
    /// It is read twice.
    Harmful,
    /// It takes the place of the first, or is known for what it is.
    Harmless,
}

/// A kind of way out.
#[derive(Debug)]
pub enum Way {
    /// Mail.
    Mail(MailChannel),
    /// An incoming webhook of Slack.
    Slack(SlackChannel),
    /// A program that takes JSON.
    Webhook(WebhookChannel),
    /// A directory.
    Files(FilesChannel),
}

/// A way out.
#[derive(Debug)]
pub struct Channel {
    /// Its name.
    pub name: String,
    /// Its kind.
    pub way: Way,
}

/// A letter as a channel takes it, ready to be handed to each receiver.
#[derive(Debug)]
pub enum Parcel<'a> {
    /// A mail.
    Mail {
        /// The channel.
        channel: &'a MailChannel,
        /// All of it but the receiver.
        envelope: Envelope,
    },
    /// A request over HTTP.
    Post {
        /// What it is sent with.
        poster: Box<Poster>,
    },
    /// Files.
    Files {
        /// The channel.
        channel: &'a FilesChannel,
        /// Names and contents.
        files: Vec<(String, Vec<u8>)>,
    },
}

impl Channel {
    /// Writes a letter as this channel takes it. Nothing leaves yet.
    ///
    /// # Errors
    /// Fails if the letter cannot be written so.
    pub fn packed(&self, letter: &Letter<'_>) -> Result<Parcel<'_>, SendError> {
        Ok(match &self.way {
            Way::Mail(channel) => {
                let identity = letter.identity(&self.name);
                Parcel::Mail { channel, envelope: channel.envelope(letter, &identity)? }
            }
            Way::Slack(channel) => Parcel::Post { poster: Box::new(channel.poster(letter)?) },
            Way::Webhook(channel) => {
                let identity = letter.identity(&self.name);
                Parcel::Post { poster: Box::new(channel.poster(letter, &identity)?) }
            }
            Way::Files(channel) => Parcel::Files { channel, files: channel.files(letter)? },
        })
    }
}

impl Parcel<'_> {
    /// Hands it to a receiver, of which only mail has several.
    pub fn send(&self, receiver: &str, pause: Pause<'_>) -> Delivered {
        match self {
            Self::Mail { channel, envelope } => {
                with_retries(Repeat::Harmful, pause, || channel.send(envelope, receiver))
            }
            Self::Post { poster } => with_retries(poster.repeat(), pause, || poster.post()),
            Self::Files { channel, files } => with_retries(Repeat::Harmless, pause, || {
                files::write_all(&channel.directory, files)
            }),
        }
    }
}
