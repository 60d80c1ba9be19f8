//! Mail by SES. SES knows no key: what it was given twice it sends twice.

use super::{Channels, Outcome};
use crate::aws::{self, Mail};

/// Sends a mail.
pub(super) async fn send(channels: &Channels, key: &str, title: &str, body: &str) -> Outcome {
    let Some(addresses) = &channels.settings.email else {
        return Outcome::NotNow("email is not set up for this function".to_owned());
    };
    let mail = Mail { from: &addresses.from, to: &addresses.to, subject: title, text: body, key };
    match aws::send_mail(&channels.aws, &mail).await {
        Ok(number) => Outcome::Taken(Some(number)),
        Err(error) => error.into(),
    }
}
