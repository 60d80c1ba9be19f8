//! Push messages to phones, in the form of FCM's HTTP interface.
//!
//! The key goes along three times: as the header by which a service can drop a second message, and as the tags by which
//! Android and iOS show one message in the place of another of the same tag.

use bytes::Bytes;
use http::{Method, Request};
use http_body_util::Full;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use super::dispatch::{ANSWER_BYTES_AT_MOST, TIMEOUT, address, is_denied};
use super::{Channels, Outcome, Parcel};
use crate::audience::Audience;
use crate::credentials::{Credentials, Freshness};

/// Is where the service is, as its parameter says it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Service {
    url: String,
    token: String,
}

/// How many bytes a tag of iOS may have.
const TAG_BYTES: usize = 64;
/// How much of the text a message carries: it is read in the game.
const TEXT_CHARACTERS: usize = 200;

/// Sends a message; if the token is refused, once more with the one of this moment.
pub(super) async fn send(
    channels: &Channels,
    key: &str,
    parcel: &Parcel,
    credentials: &Credentials,
    now: Timestamp,
) -> Outcome {
    let Some(body) = body(key, parcel) else {
        return Outcome::Refused("its audience cannot be written as a condition".to_owned());
    };
    let mut outcome = Outcome::NotNow("was not sent".to_owned());
    for freshness in [Freshness::Held, Freshness::New] {
        let request = match request(channels, key, &body, credentials, freshness, now).await {
            Ok(request) => request,
            Err(outcome) => return outcome,
        };
        let answer = match channels.web.send(request, TIMEOUT, ANSWER_BYTES_AT_MOST).await {
            Ok(answer) => answer,
            Err(error) => return error.into(),
        };
        let receipt = serde_json::from_slice::<Value>(&answer.body).ok();
        let receipt = receipt.and_then(|receipt| Some(receipt.get("name")?.as_str()?.to_owned()));
        outcome = Outcome::of_answer(answer.status, receipt);
        if !is_denied(answer.status) {
            break;
        }
    }
    outcome
}

async fn request(
    channels: &Channels,
    key: &str,
    body: &Value,
    credentials: &Credentials,
    freshness: Freshness,
    now: Timestamp,
) -> Result<Request<Full<Bytes>>, Outcome> {
    let Some(parameter) = &channels.settings.push_parameter else {
        return Err(Outcome::NotNow("push is not set up for this function".to_owned()));
    };
    let secret = credentials.read(parameter, freshness, now).await?;
    let service: Service = secret.parse(parameter, "JSON with url and token")?;
    Request::builder()
        .method(Method::POST)
        .uri(address(&service.url, parameter)?)
        .header("content-type", "application/json; charset=utf-8")
        .header("authorization", format!("Bearer {}", service.token))
        .header("idempotency-key", key)
        .body(Full::new(Bytes::from(body.to_string())))
        .map_err(|_| {
            Outcome::NotNow(format!("parameter {parameter} has a token that no header can carry"))
        })
}

fn body(key: &str, parcel: &Parcel) -> Option<Value> {
    let Parcel::Notice { id, title, body, language, audience, .. } = parcel else { return None };
    let condition = Audience::parse(audience.split(' ')).ok()?.condition();
    let tag: String = key.chars().take(TAG_BYTES).collect();
    let text: String = body.chars().take(TEXT_CHARACTERS).collect();
    let mut message = json!({
        "notification": {"title": title, "body": text},
        "data": {"notice": id, "language": language, "key": key},
        "android": {"notification": {"tag": tag}},
        "apns": {"headers": {"apns-collapse-id": tag}},
    });
    let fields = message.as_object_mut()?;
    match condition {
        Some(condition) => fields.insert("condition".to_owned(), condition.into()),
        None => fields.insert("topic".to_owned(), "all".into()),
    };
    Some(json!({"message": message}))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(audience: &str, pointer: &str, expected: &str) {
        let parcel = Parcel::Notice {
            notice_key: "n".to_owned(),
            id: "a".to_owned(),
            title: "점검".to_owned(),
            body: "가".repeat(300),
            language: "ko".to_owned(),
            audience: audience.to_owned(),
        };
        let body = body("key", &parcel).expect("a body");
        assert_eq!(body.pointer(pointer).and_then(Value::as_str), Some(expected));
    }

    #[test]
    fn everybody_is_a_topic_and_others_are_a_condition() {
        check("all", "/message/topic", "all");
        check("platform:ios", "/message/condition", "'platform-ios' in topics");
    }

    #[test]
    fn the_text_is_cut_between_characters() {
        check("all", "/message/notification/body", &"가".repeat(200));
    }
}
