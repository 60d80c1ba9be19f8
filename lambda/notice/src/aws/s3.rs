//! Reading an object of S3.

use bytes::Bytes;
use http::{Method, StatusCode};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::client::{Aws, AwsError, Call};
use crate::web::WebError;

/// Is what became of an object that was asked for.
#[derive(Debug)]
pub enum ObjectAnswer {
    /// It is there as it was asked for.
    Here(Bytes),
    /// It is gone, or another one is in its place.
    Gone,
    /// It is longer than asked for.
    TooLong,
}

/// What a path of S3 leaves as it is.
const PATH: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');
const QUERY: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Reads an object: the version that is named, else the one with the content that is named.
///
/// # Errors
///
/// When S3 cannot be asked or refuses.
pub async fn object(
    aws: &Aws,
    bucket: &str,
    object_key: &str,
    version_id: Option<&str>,
    etag: Option<&str>,
    bytes_at_most: u64,
) -> Result<ObjectAnswer, AwsError> {
    let mut path = format!("/{bucket}/{}", utf8_percent_encode(object_key, PATH));
    if let Some(version_id) = version_id {
        path.push_str(&format!("?versionId={}", utf8_percent_encode(version_id, QUERY)));
    }
    let quoted = etag.map(|etag| format!("\"{}\"", etag.trim_matches('"')));
    let mut headers = Vec::new();
    if let (Some(etag), None) = (&quoted, version_id) {
        headers.push(("if-match", etag.as_str()));
    }
    let call = Call {
        service: "s3",
        host: "s3",
        method: Method::GET,
        path,
        headers,
        body: Bytes::new(),
        bytes_at_most,
    };
    match aws.call(call).await {
        Ok(answer) => Ok(ObjectAnswer::Here(answer.body)),
        Err(AwsError::Refused { status: StatusCode::PRECONDITION_FAILED, .. }) => {
            Ok(ObjectAnswer::Gone)
        }
        Err(AwsError::Refused { code, .. })
            if matches!(code.as_str(), "NoSuchKey" | "NoSuchVersion") =>
        {
            Ok(ObjectAnswer::Gone)
        }
        Err(AwsError::Web { cause: WebError::TooLong(_), .. }) => Ok(ObjectAnswer::TooLong),
        Err(error) => Err(error),
    }
}
