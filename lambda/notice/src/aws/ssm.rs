//! Reading a parameter of the Parameter Store, decrypted.

use bytes::Bytes;
use http::Method;
use serde_json::{Value, json};

use super::client::{Aws, AwsError, Call};

/// How long a parameter may be, with what is around it.
const BYTES_AT_MOST: u64 = 64 * 1024;

/// Reads a parameter.
///
/// # Errors
///
/// When it is not there, or may not be read.
pub async fn parameter(aws: &Aws, name: &str) -> Result<String, AwsError> {
    let body = json!({"Name": name, "WithDecryption": true}).to_string();
    let answer = aws
        .call(Call {
            service: "ssm",
            host: "ssm",
            method: Method::POST,
            path: "/".to_owned(),
            headers: vec![
                ("content-type", "application/x-amz-json-1.1"),
                ("x-amz-target", "AmazonSSM.GetParameter"),
            ],
            body: Bytes::from(body),
            bytes_at_most: BYTES_AT_MOST,
        })
        .await?;
    let body: Option<Value> = serde_json::from_slice(&answer.body).ok();
    let value = body.as_ref().and_then(|body| body.get("Parameter")?.get("Value")?.as_str());
    value.map(str::to_owned).ok_or(AwsError::Answer { service: "ssm", field: "Value" })
}
