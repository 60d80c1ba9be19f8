//! What can go wrong in a conversation with AWS, sorted by what a person can do about it.

use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::display::DisplayErrorContext;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;

use trimtab_model::explain::Explain;
use trimtab_model::text::Text;

use crate::credentials::{self, CredentialProblem};
use crate::probe::CutShort;

/// A call that did not give what it was made for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AwsError {
    /// The caller lacks a permission.
    #[error("{action} was denied")]
    Denied {
        /// The IAM action.
        action: String,
    },
    /// AWS asked for fewer calls, and kept asking after all retries.
    #[error("{action} was throttled")]
    Throttled {
        /// The IAM action.
        action: String,
    },
    /// The region or the service is switched off in this account.
    #[error("{action} is not available: the region or service is not enabled ({code})")]
    OptedOut {
        /// The IAM action.
        action: String,
        /// AWS's error code.
        code: String,
    },
    /// The credentials are missing, expired or not accepted.
    #[error("{}{}", problem.text().en, code.as_ref().map(|code| format!(" ({action}: {code})")).unwrap_or_default())]
    Credentials {
        /// The IAM action.
        action: String,
        /// What is wrong with them.
        problem: CredentialProblem,
        /// AWS's error code, where AWS was asked at all.
        code: Option<String>,
    },
    /// No answer came.
    #[error("{action} got no answer: {problem}")]
    Unreachable {
        /// The IAM action.
        action: String,
        /// What the SDK says.
        problem: String,
    },
    /// A listing that does not end: its tokens go round in a circle.
    #[error("{action} lists without end")]
    Endless {
        /// The IAM action.
        action: String,
    },
    /// Anything else that AWS answered.
    #[error("{action} failed with {code}: {message}")]
    Failed {
        /// The IAM action.
        action: String,
        /// AWS's error code.
        code: String,
        /// AWS's message.
        message: String,
    },
    /// Not asked: a probe asks each question once.
    #[error("{action} was not asked again")]
    CutShort {
        /// The IAM action.
        action: String,
    },
}

/// Codes by which AWS's services refuse for want of a permission.
const DENIED: &[&str] = &[
    "AccessDenied",
    "AccessDeniedException",
    "UnauthorizedOperation",
    "AuthorizationError",
    "AuthorizationErrorException",
    "Client.UnauthorizedOperation",
    "NotAuthorized",
    "NotAuthorizedException",
    "403",
];

/// Codes by which AWS's services ask for fewer calls.
const THROTTLED: &[&str] = &[
    "Throttling",
    "ThrottlingException",
    "ThrottledException",
    "RequestThrottled",
    "RequestThrottledException",
    "RequestLimitExceeded",
    "TooManyRequestsException",
    "LimitExceededException",
    "SlowDown",
    "PriorRequestNotComplete",
    "EC2ThrottledException",
    "429",
];

/// Codes of a region or service that the account has not switched on.
const OPTED_OUT: &[&str] = &[
    "OptInRequired",
    "OptInRequiredException",
    "SubscriptionRequiredException",
    "RegionDisabledException",
];

/// Codes of a place in a listing that is not valid any more.
const PAGE: &[&str] = &[
    "InvalidNextToken",
    "InvalidNextTokenException",
    "InvalidPaginationToken",
    "InvalidPaginationTokenException",
    "InvalidMarker",
    "ExpiredNextTokenException",
    "ExpiredPaginationTokenException",
    "RequestChangedException",
];

/// Codes of credentials that were good once.
const EXPIRED: &[&str] = &["ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired"];

/// Codes that reject the credentials themselves. A clock that is minutes off gives them too.
const CREDENTIALS: &[&str] = &[
    "AuthFailure",
    "InvalidClientTokenId",
    "InvalidToken",
    "RequestExpired",
    "RequestTimeTooSkewed",
    "SignatureDoesNotMatch",
    "UnrecognizedClientException",
    "InvalidSignatureException",
    "MissingAuthenticationToken",
];

impl AwsError {
    /// Sorts the SDK's error for a call that needs the IAM `action`.
    pub fn of<E, R>(action: &str, error: &SdkError<E, R>) -> Self
    where
        E: ProvideErrorMetadata + std::error::Error + 'static,
        R: std::fmt::Debug,
    {
        let action = action.to_owned();
        match error {
            SdkError::ServiceError(context) => {
                let answer = context.err();
                let code = answer.code().unwrap_or("no error code");
                let message = answer.message().unwrap_or("no explanation");
                Self::of_code(&action, code, message)
            }
            SdkError::DispatchFailure(failure) => {
                let words = DisplayErrorContext(error).to_string();
                let cause = failure.as_connector_error();
                if cause.is_some_and(|cause| CutShort::is_cause_of(cause)) {
                    return Self::CutShort { action };
                }
                // The SDK's chain of causes is for who asks for it; see `--verbose`.
                tracing::debug!(action, cause = words, "no answer");
                match cause.and_then(|cause| credentials::problem_of(cause)) {
                    Some(problem) => Self::Credentials { action, problem, code: None },
                    None => Self::Unreachable { action, problem: shortened(&words) },
                }
            }
            SdkError::TimeoutError(_) => {
                Self::Unreachable { action, problem: "it took too long".to_owned() }
            }
            _ => {
                let problem = DisplayErrorContext(error).to_string();
                Self::Failed {
                    action,
                    code: "no readable answer".to_owned(),
                    message: shortened(&problem),
                }
            }
        }
    }

    /// Sorts an answer by AWS's error code.
    pub(crate) fn of_code(action: &str, code: &str, message: &str) -> Self {
        let action = action.to_owned();
        let bare = code.strip_prefix("Client.").unwrap_or(code);
        let is = |codes: &[&str]| codes.contains(&bare);
        if is(DENIED) {
            Self::Denied { action }
        } else if is(THROTTLED) {
            Self::Throttled { action }
        } else if is(OPTED_OUT) {
            Self::OptedOut { action, code: bare.to_owned() }
        } else if is(EXPIRED) {
            let problem = CredentialProblem::Expired;
            Self::Credentials { action, problem, code: Some(bare.to_owned()) }
        } else if is(CREDENTIALS) {
            let problem = CredentialProblem::NotAccepted;
            Self::Credentials { action, problem, code: Some(bare.to_owned()) }
        } else {
            Self::Failed { action, code: bare.to_owned(), message: shortened(message) }
        }
    }

    /// Returns the IAM action of the call.
    pub fn action(&self) -> &str {
        match self {
            Self::Denied { action }
            | Self::Throttled { action }
            | Self::OptedOut { action, .. }
            | Self::Credentials { action, .. }
            | Self::Unreachable { action, .. }
            | Self::Endless { action }
            | Self::CutShort { action }
            | Self::Failed { action, .. } => action,
        }
    }

    /// Returns AWS's error code where the answer was neither a refusal nor a throttle.
    pub fn code(&self) -> Option<&str> {
        match self {
            Self::OptedOut { code, .. } | Self::Failed { code, .. } => Some(code),
            Self::Credentials { code, .. } => code.as_deref(),
            Self::Denied { .. }
            | Self::Throttled { .. }
            | Self::Unreachable { .. }
            | Self::CutShort { .. }
            | Self::Endless { .. } => None,
        }
    }
}

impl AwsError {
    /// Returns whether a listing broke off because the place in it is not valid any more.
    pub(crate) fn is_of_a_page(&self) -> bool {
        matches!(self, Self::Failed { code, .. } if PAGE.contains(&code.as_str()))
    }
}

impl Explain for AwsError {
    fn text(&self) -> Text {
        let korean = match self {
            Self::Denied { action } => format!("권한이 없어 거부되었습니다: {action}"),
            Self::Throttled { action } => format!("AWS가 호출을 제한했습니다: {action}"),
            Self::OptedOut { action, code } => {
                format!("사용하도록 설정되지 않은 리전 또는 서비스입니다: {action}({code})")
            }
            Self::Credentials { action, problem, code: Some(code) } => {
                format!("{}({action}: {code})", problem.text().ko)
            }
            Self::Credentials { problem, code: None, .. } => problem.text().ko.to_owned(),
            Self::CutShort { action } => format!("다시 조회하지 않았습니다: {action}"),
            Self::Unreachable { action, problem } => {
                format!("응답이 없습니다: {action}({problem})")
            }
            Self::Endless { action } => format!("목록이 끝나지 않습니다: {action}"),
            Self::Failed { action, code, message } => {
                format!("호출이 실패했습니다: {action}({code}: {message})")
            }
        };
        Text::new(self.to_string(), korean)
    }
}

/// Keeps a message to a length that a person reads; an HTML page of a proxy is not one.
pub(crate) fn shortened(text: &str) -> String {
    const MOST: usize = 240;
    let line: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= MOST {
        return line;
    }
    line.chars().take(MOST).chain("…".chars()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sorted(code: &str) -> AwsError {
        AwsError::of_code("ec2:DescribeVolumes", code, "")
    }

    #[test]
    fn refusals_of_all_protocols_are_denied() {
        for code in [
            "AccessDenied",
            "AccessDeniedException",
            "NotAuthorizedException",
            "UnauthorizedOperation",
            "403",
        ] {
            assert!(matches!(sorted(code), AwsError::Denied { .. }), "{code}");
        }
    }

    #[test]
    fn a_throttle_an_opt_in_and_a_rejected_key_are_told_apart() {
        assert!(matches!(sorted("RequestLimitExceeded"), AwsError::Throttled { .. }));
        assert!(matches!(sorted("OptInRequired"), AwsError::OptedOut { .. }));
        let problem = |code| match sorted(code) {
            AwsError::Credentials { problem, .. } => Some(problem),
            _ => None,
        };
        assert_eq!(problem("ExpiredToken"), Some(CredentialProblem::Expired));
        assert_eq!(problem("InvalidClientTokenId"), Some(CredentialProblem::NotAccepted));
        assert_eq!(problem("Client.AuthFailure"), Some(CredentialProblem::NotAccepted));
        assert!(matches!(sorted("InternalError"), AwsError::Failed { .. }));
    }

    #[test]
    fn a_page_of_a_proxy_is_cut() {
        assert!(shortened(&"<html> ".repeat(1000)).chars().count() <= 241);
    }
}
