//! The queue that is told of refused files.

use super::{Channels, Outcome};
use crate::aws;

/// Sends what is wrong with a file.
pub(super) async fn send(channels: &Channels, text: &str) -> Outcome {
    match aws::send_message(&channels.aws, &channels.settings.dead_letter_url, text).await {
        Ok(number) => Outcome::Taken(Some(number)),
        Err(error) => error.into(),
    }
}
