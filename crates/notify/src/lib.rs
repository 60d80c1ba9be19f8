//! How reports and messages leave: mail over SMTP, Slack, webhooks and files.
//!
//! A channel packs a letter once and hands the parcel to each of its receivers. What came of it is
//! told for each: taken, refused for good, to be tried again, or unknown because the other side
//! never said. Whoever calls decides whether and when to send again; nothing is kept here.

mod address;
mod channel;
mod error;
mod files;
mod http;
mod letter;
mod mail;
mod mime;
mod picture;
mod retry;
mod signature;
mod slack;
mod smtp;
mod webhook;

pub use address::{NotAnAddress, WebAddress, is_loopback, mailbox};
pub use channel::{Channel, Parcel, Repeat, Way};
pub use error::{Finality, SendError};
pub use files::FilesChannel;
pub use letter::{Content, Letter};
pub use lettre::message::Mailbox;
pub use mail::MailChannel;
pub use picture::png;
pub use retry::{Delivered, Pause, Waited};
pub use signature::signature;
pub use slack::SlackChannel;
pub use smtp::{Security, SmtpServer};
pub use webhook::WebhookChannel;
