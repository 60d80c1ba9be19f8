//! One signed request to a service of AWS.

use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{
    PayloadChecksumKind, PercentEncodingMode, SignableBody, SignableRequest, SigningSettings,
    UriPathNormalizationMode, sign,
};
use aws_sigv4::sign::v4;
use bytes::Bytes;
use http::header::HOST;
use http::{HeaderValue, Method, Request, StatusCode};
use http_body_util::Full;
use thiserror::Error;

use crate::settings::Settings;
use crate::web::{Answer, Web, WebError};

/// Calls AWS in one region by one role.
#[derive(Debug, Clone)]
pub struct Aws {
    web: Web,
    region: String,
    credentials: Credentials,
    endpoint: Option<String>,
}

/// Is a request that is not signed yet.
pub(super) struct Call<'a> {
    /// Name in the signature, such as `s3`.
    pub service: &'static str,
    /// Name in the address, such as `email` for SES.
    pub host: &'static str,
    pub method: Method,
    /// Path and query, encoded.
    pub path: String,
    pub headers: Vec<(&'static str, &'a str)>,
    pub body: Bytes,
    pub bytes_at_most: u64,
}

/// Says why a call to AWS did not succeed.
#[derive(Debug, Error)]
pub enum AwsError {
    /// There is no answer.
    #[error("{service} of AWS did not answer")]
    Web {
        /// The service.
        service: &'static str,
        /// Why.
        #[source]
        cause: WebError,
    },
    /// AWS said no.
    #[error("{service} of AWS answered {status} {code}")]
    Refused {
        /// The service.
        service: &'static str,
        /// The status.
        status: StatusCode,
        /// AWS's own word for it, such as `AccessDeniedException`.
        code: String,
    },
    /// The request cannot be signed.
    #[error("request to {service} of AWS could not be signed")]
    Signature {
        /// The service.
        service: &'static str,
        /// Why.
        #[source]
        cause: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The answer is not what it should be.
    #[error("{service} of AWS answered without `{field}`")]
    Answer {
        /// The service.
        service: &'static str,
        /// What is missing.
        field: &'static str,
    },
}

impl AwsError {
    /// Returns whether the call can have had its effect.
    pub fn may_have_arrived(&self) -> bool {
        match self {
            Self::Web { cause, .. } => cause.may_have_arrived(),
            Self::Refused { status, .. } => status.is_server_error(),
            Self::Signature { .. } => false,
            Self::Answer { .. } => true,
        }
    }

    /// Returns whether the same call may succeed later.
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Web { .. } => true,
            Self::Refused { status, code, .. } => {
                // Rights and limits are mended without a change of the message.
                status.is_server_error()
                    || matches!(
                        *status,
                        StatusCode::TOO_MANY_REQUESTS
                            | StatusCode::FORBIDDEN
                            | StatusCode::UNAUTHORIZED
                    )
                    || code.contains("Throttl")
                    || code.contains("TooManyRequests")
                    || code.contains("ExpiredToken")
                    || code.contains("AccessDenied")
            }
            Self::Signature { .. } | Self::Answer { .. } => false,
        }
    }
}

/// How long an answer of AWS is waited for.
const TIMEOUT: Duration = Duration::from_secs(8);

impl Aws {
    /// Makes a client over `web`.
    pub fn new(settings: &Settings, web: Web) -> Self {
        Self {
            web,
            region: settings.region.clone(),
            credentials: settings.credentials.clone(),
            endpoint: settings.endpoint.clone(),
        }
    }

    /// Makes one call and returns the answer if AWS says yes.
    pub(super) async fn call(&self, call: Call<'_>) -> Result<Answer, AwsError> {
        let service = call.service;
        let bytes_at_most = call.bytes_at_most;
        let request = self.signed(call).map_err(|cause| AwsError::Signature { service, cause })?;
        let answer = self.web.send(request, TIMEOUT, bytes_at_most).await;
        let answer = answer.map_err(|cause| AwsError::Web { service, cause })?;
        if answer.status.is_success() {
            return Ok(answer);
        }
        let code = code(&String::from_utf8_lossy(&answer.body));
        Err(AwsError::Refused { service, status: answer.status, code })
    }

    fn signed(
        &self,
        call: Call<'_>,
    ) -> Result<Request<Full<Bytes>>, Box<dyn std::error::Error + Send + Sync>> {
        let base = self.base(call.host);
        let uri = format!("{}{}", base.trim_end_matches('/'), call.path);
        let authority = http::Uri::try_from(uri.as_str())?
            .authority()
            .map(ToString::to_string)
            .unwrap_or_default();
        let mut request = Request::builder()
            .method(call.method.clone())
            .uri(&uri)
            .body(Full::new(call.body.clone()))?;
        for (name, value) in &call.headers {
            request.headers_mut().insert(*name, HeaderValue::from_str(value)?);
        }
        let identity = self.credentials.clone().into();
        let mut settings = SigningSettings::default();
        if call.service == "s3" {
            settings.percent_encoding_mode = PercentEncodingMode::Single;
            settings.payload_checksum_kind = PayloadChecksumKind::XAmzSha256;
            settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
        }
        let parameters = v4::SigningParams::builder()
            .identity(&identity)
            .region(&self.region)
            .name(call.service)
            .time(SystemTime::now())
            .settings(settings)
            .build()?
            .into();
        let headers = call.headers.iter().copied().chain([("host", authority.as_str())]);
        let signable = SignableRequest::new(
            call.method.as_str(),
            &uri,
            headers,
            SignableBody::Bytes(&call.body),
        )?;
        let (instructions, _) = sign(signable, &parameters)?.into_parts();
        instructions.apply_to_request_http1x(&mut request);
        request.headers_mut().insert(HOST, HeaderValue::from_str(&authority)?);
        Ok(request)
    }

    fn base(&self, host: &str) -> String {
        if let Some(endpoint) = &self.endpoint {
            return endpoint.clone();
        }
        let ending =
            if self.region.starts_with("cn-") { "amazonaws.com.cn" } else { "amazonaws.com" };
        format!("https://{host}.{}.{ending}", self.region)
    }
}

/// Finds AWS's word for an error in JSON or XML; none of the rest is kept, for it may repeat what was sent.
fn code(body: &str) -> String {
    let from_json = serde_json::from_str::<serde_json::Value>(body).ok().and_then(|body| {
        let code = body.get("__type").or_else(|| body.get("code")).or_else(|| body.get("Code"))?;
        code.as_str().map(|code| code.rsplit('#').next().unwrap_or(code).to_owned())
    });
    let from_xml =
        || body.split_once("<Code>")?.1.split_once("</Code>").map(|(code, _)| code.to_owned());
    let code = from_json.or_else(from_xml).unwrap_or_default();
    code.chars()
        .filter(|character| character.is_ascii_alphanumeric() || matches!(character, '.' | '_'))
        .take(80)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(body: &str, expected: &str) {
        assert_eq!(code(body), expected);
    }

    #[test]
    fn a_code_is_found_in_json_and_in_xml() {
        check(r#"{"__type":"com.amazonaws.ssm#ParameterNotFound"}"#, "ParameterNotFound");
        check("<Error><Code>NoSuchKey</Code><Message>x</Message></Error>", "NoSuchKey");
        check("<html>", "");
    }
}
