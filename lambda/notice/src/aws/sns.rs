//! Publishing to a topic.

use bytes::Bytes;
use http::Method;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::client::{Aws, AwsError, Call};

/// Is a message for a topic.
#[derive(Debug)]
pub struct Publication<'a> {
    /// The topic.
    pub topic: &'a str,
    /// The text.
    pub message: &'a str,
    /// The attribute `audience`, by which subscriptions filter.
    pub audience: &'a str,
    /// For a FIFO topic: by which a second message of the same key is dropped for five minutes.
    pub once: Option<Once<'a>>,
}

/// Is how a FIFO topic orders and recognises a message.
#[derive(Debug)]
pub struct Once<'a> {
    /// Messages of one group keep their order.
    pub group: &'a str,
    /// The key.
    pub key: &'a str,
}

const FORM: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Publishes a message and returns its number.
///
/// # Errors
///
/// When the topic does not take it.
pub async fn publish(aws: &Aws, publication: &Publication<'_>) -> Result<String, AwsError> {
    let mut fields = vec![
        ("Action", "Publish"),
        ("Version", "2010-03-31"),
        ("TopicArn", publication.topic),
        ("Message", publication.message),
        ("MessageAttributes.entry.1.Name", "audience"),
        ("MessageAttributes.entry.1.Value.DataType", "String"),
        ("MessageAttributes.entry.1.Value.StringValue", publication.audience),
    ];
    if let Some(once) = &publication.once {
        fields.push(("MessageGroupId", once.group));
        fields.push(("MessageDeduplicationId", once.key));
    }
    let form: Vec<String> = fields
        .into_iter()
        .map(|(name, value)| format!("{name}={}", utf8_percent_encode(value, FORM)))
        .collect();
    let answer = aws
        .call(Call {
            service: "sns",
            host: "sns",
            method: Method::POST,
            path: "/".to_owned(),
            headers: vec![("content-type", "application/x-www-form-urlencoded; charset=utf-8")],
            body: Bytes::from(form.join("&")),
            bytes_at_most: 64 * 1024,
        })
        .await?;
    let body = String::from_utf8_lossy(&answer.body);
    let number =
        body.split_once("<MessageId>").and_then(|(_, rest)| rest.split_once("</MessageId>"));
    number
        .map(|(number, _)| number.to_owned())
        .ok_or(AwsError::Answer { service: "sns", field: "MessageId" })
}
