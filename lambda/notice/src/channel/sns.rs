//! A topic of SNS. A FIFO topic drops a second message of the same key for five minutes; another one does not.

use serde_json::json;

use super::{Channels, Outcome, Parcel};
use crate::aws::{self, Once, Publication};

/// Publishes a notice as JSON.
pub(super) async fn send(channels: &Channels, key: &str, parcel: &Parcel) -> Outcome {
    let Some(topic) = &channels.settings.topic else {
        return Outcome::NotNow("sns is not set up for this function".to_owned());
    };
    let Parcel::Notice { notice_key, id, title, body, language, audience } = parcel else {
        return Outcome::Refused("sns carries notices only".to_owned());
    };
    let message = json!({"id": id, "title": title, "body": body, "language": language, "audience": audience, "key": key});
    let message = message.to_string();
    let once = topic.ends_with(".fifo").then_some(Once { group: notice_key, key });
    let publication = Publication { topic, message: &message, audience, once };
    match aws::publish(&channels.aws, &publication).await {
        Ok(number) => Outcome::Taken(Some(number)),
        Err(error) => error.into(),
    }
}
