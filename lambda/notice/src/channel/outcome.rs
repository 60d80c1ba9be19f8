//! What becomes of a message, and what a channel does with a second one.

use std::time::Duration;

use http::StatusCode;

use crate::aws::AwsError;
use crate::credentials::CredentialsError;
use crate::web::WebError;

/// Says what became of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The channel took it; with its own number for it.
    Taken(Option<String>),
    /// The channel will never take it.
    Refused(String),
    /// The channel did not take it, and may later.
    NotNow(String),
    /// Nobody knows whether the channel took it.
    Unknown(String),
}

/// Says what a channel does with a message whose key it has seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Repeat {
    /// It delivers it: there is no key.
    Delivered,
    /// It drops it for this long after the first.
    DroppedFor(Duration),
    /// It delivers it, and nobody minds.
    Harmless,
}

impl Outcome {
    /// Judges the answer of a web service whose address or token may be wrong for a while.
    pub(super) fn of_answer(status: StatusCode, receipt: Option<String>) -> Self {
        let reason = format!("answered {status}");
        if status.is_success() {
            return Self::Taken(receipt);
        }
        match status {
            StatusCode::TOO_MANY_REQUESTS
            | StatusCode::UNAUTHORIZED
            | StatusCode::FORBIDDEN
            | StatusCode::NOT_FOUND
            | StatusCode::GONE => Self::NotNow(reason),
            // It may have been taken before whatever went wrong.
            status if status.is_server_error() || status == StatusCode::REQUEST_TIMEOUT => {
                Self::Unknown(reason)
            }
            _ => Self::Refused(reason),
        }
    }
}

impl From<WebError> for Outcome {
    fn from(error: WebError) -> Self {
        if error.may_have_arrived() {
            Self::Unknown(error.to_string())
        } else {
            Self::NotNow(error.to_string())
        }
    }
}

impl From<AwsError> for Outcome {
    fn from(error: AwsError) -> Self {
        let reason = error.to_string();
        if error.may_have_arrived() {
            Self::Unknown(reason)
        } else if error.is_passing() {
            Self::NotNow(reason)
        } else {
            Self::Refused(reason)
        }
    }
}

impl From<CredentialsError> for Outcome {
    fn from(error: CredentialsError) -> Self {
        Self::NotNow(error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(status: u16, expected: &str) {
        let outcome = Outcome::of_answer(StatusCode::from_u16(status).expect("a status"), None);
        let name = match outcome {
            Outcome::Taken(_) => "taken",
            Outcome::Refused(_) => "refused",
            Outcome::NotNow(_) => "not now",
            Outcome::Unknown(_) => "unknown",
        };
        assert_eq!(name, expected);
    }

    #[test]
    fn a_status_says_whether_a_message_was_taken() {
        check(200, "taken");
        check(400, "refused");
        check(401, "not now");
        check(429, "not now");
        check(500, "unknown");
        check(503, "unknown");
    }
}
