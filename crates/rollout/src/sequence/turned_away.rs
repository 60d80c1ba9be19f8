//! Refusals that tell only of the request, or of who makes it: whatever the resource is, nothing was
//! done to it, and the same may be taken another time.

/// Errors that say nothing but later.
const LATER: &[&str] = &[
    "RequestLimitExceeded",
    "Throttling",
    "ThrottlingException",
    "ThrottledException",
    "TooManyRequestsException",
    "ServiceUnavailable",
    "Unavailable",
    "InternalError",
    "InternalFailure",
    "InternalServiceError",
    "ServiceException",
];
/// Errors of credentials: whoever makes the call asks for new ones before the next.
const CREDENTIALS: &[&str] = &[
    "ExpiredToken",
    "ExpiredTokenException",
    "RequestExpired",
    "AuthFailure",
    "CredentialsUnavailable",
];
/// The refusal to take something out of service with credentials that end before it could be
/// brought back. Their source may give others within the half hour that is waited.
const ENDS_SOON: &str = "CredentialsEndSoon";

/// Why a request was turned away, whatever it was about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TurnedAway {
    /// There were too many of them, or it was no good moment.
    Later,
    /// The credentials do not count.
    Credentials,
    /// The credentials do not last.
    CredentialsEndSoon,
}

impl TurnedAway {
    /// Returns why; nothing where the code tells of the resource.
    pub(crate) fn of(code: &str) -> Option<Self> {
        if LATER.contains(&code) {
            Some(Self::Later)
        } else if CREDENTIALS.contains(&code) {
            Some(Self::Credentials)
        } else {
            (code == ENDS_SOON).then_some(Self::CredentialsEndSoon)
        }
    }
}
