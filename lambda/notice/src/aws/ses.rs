//! Sending mail by SES.

use bytes::Bytes;
use http::Method;
use serde_json::{Value, json};

use super::client::{Aws, AwsError, Call};

/// Is a mail of plain text.
#[derive(Debug)]
pub struct Mail<'a> {
    /// An identity that SES has verified.
    pub from: &'a str,
    /// The receiver.
    pub to: &'a str,
    /// One line.
    pub subject: &'a str,
    /// The text.
    pub text: &'a str,
    /// The key of the message, as a tag by which SES's events name it.
    pub key: &'a str,
}

/// Sends a mail and returns its number.
///
/// # Errors
///
/// When SES does not take it.
pub async fn send_mail(aws: &Aws, mail: &Mail<'_>) -> Result<String, AwsError> {
    let body = json!({
        "FromEmailAddress": mail.from,
        "Destination": {"ToAddresses": [mail.to]},
        "Content": {"Simple": {
            "Subject": {"Data": mail.subject, "Charset": "UTF-8"},
            "Body": {"Text": {"Data": mail.text, "Charset": "UTF-8"}},
        }},
        "EmailTags": [{"Name": "notice", "Value": mail.key}],
    });
    let answer = aws
        .call(Call {
            service: "ses",
            host: "email",
            method: Method::POST,
            path: "/v2/email/outbound-emails".to_owned(),
            headers: vec![("content-type", "application/json")],
            body: Bytes::from(body.to_string()),
            bytes_at_most: 64 * 1024,
        })
        .await?;
    let body: Option<Value> = serde_json::from_slice(&answer.body).ok();
    let number = body.as_ref().and_then(|body| body.get("MessageId")?.as_str());
    number.map(str::to_owned).ok_or(AwsError::Answer { service: "ses", field: "MessageId" })
}
