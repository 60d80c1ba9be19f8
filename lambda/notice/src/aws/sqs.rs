//! Sending a message to a queue.

use bytes::Bytes;
use http::Method;
use serde_json::{Value, json};

use super::client::{Aws, AwsError, Call};

/// Sends a message to a queue and returns its number.
///
/// # Errors
///
/// When the queue does not take it.
pub async fn send_message(aws: &Aws, queue_url: &str, text: &str) -> Result<String, AwsError> {
    let body = json!({"QueueUrl": queue_url, "MessageBody": text}).to_string();
    let answer = aws
        .call(Call {
            service: "sqs",
            host: "sqs",
            method: Method::POST,
            path: "/".to_owned(),
            headers: vec![
                ("content-type", "application/x-amz-json-1.0"),
                ("x-amz-target", "AmazonSQS.SendMessage"),
            ],
            body: Bytes::from(body),
            bytes_at_most: 64 * 1024,
        })
        .await?;
    let body: Option<Value> = serde_json::from_slice(&answer.body).ok();
    let number = body.as_ref().and_then(|body| body.get("MessageId")?.as_str());
    number.map(str::to_owned).ok_or(AwsError::Answer { service: "sqs", field: "MessageId" })
}
