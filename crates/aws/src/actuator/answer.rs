//! What an answer of the SDK says of a call: done, refused, or nobody knows.
//!
//! Refused means that nothing was changed, so that the next decision may rely on it. An answer
//! that does not say so for certain is unknown, and the resource is looked at again.

use std::collections::BTreeMap;

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::display::DisplayErrorContext;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use aws_types::request_id::RequestId;

use trimtab_model::call::CallResult;

use crate::credentials;
use crate::error::shortened;

/// Names and values of what a call made.
pub(super) type Made = BTreeMap<String, String>;

/// Errors of AWS's own: it may have begun, or even be done.
const ITS_OWN: &[&str] = &[
    "InternalError",
    "InternalFailure",
    "InternalFault",
    "InternalServerError",
    "InternalServiceError",
    "InternalServiceException",
    "ServiceException",
    "ServiceUnavailable",
    "ServiceUnavailableException",
    "Unavailable",
];

/// Starts of codes that AWS sends with a status of its own fault, and yet say that nothing was
/// done: it had no room, or no time (EC2 API reference, server error codes).
const NOTHING_DONE: &[&str] =
    &["Insufficient", "RequestLimitExceeded", "Throttl", "RequestThrottled", "TooManyRequests"];

/// What a message of AWS carries that nobody may see: what was asked in full, by whom.
const ENCODED: &str = "Encoded authorization failure message:";
/// How identifiers of access keys begin (IAM user guide, unique identifiers).
const KEY_STARTS: &[&str] = &["AKIA", "ASIA", "ABIA", "ACCA"];
/// How long they are at the least.
const KEY_LENGTH: usize = 16;

/// Sorts the answer to a call; `made` names what it made.
pub(super) fn result<O, E>(
    answer: Result<O, SdkError<E, HttpResponse>>,
    made: impl FnOnce(&O) -> Made,
) -> CallResult
where
    O: RequestId,
    E: ProvideErrorMetadata + std::error::Error + 'static,
{
    match answer {
        Ok(output) => CallResult::Accepted {
            request_id: output.request_id().map(str::to_owned),
            made: made(&output),
        },
        Err(error) => failure(&error),
    }
}

/// Says that a call makes nothing.
pub(super) fn nothing<O>(_: &O) -> Made {
    Made::new()
}

/// Names one thing that a call made.
pub(super) fn one(name: &str, value: Option<&str>) -> Made {
    value.map(|value| (name.to_owned(), value.to_owned())).into_iter().collect()
}

/// Says that AWS answered, and yet did not do it.
pub(super) fn refused(code: &str, message: &str, request_id: Option<&str>) -> CallResult {
    CallResult::Refused {
        code: code.to_owned(),
        message: sanitised(message),
        request_id: request_id.map(str::to_owned),
    }
}

/// Sorts what went wrong with a call.
pub(super) fn failure<E>(error: &SdkError<E, HttpResponse>) -> CallResult
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
{
    match error {
        SdkError::ServiceError(context) => {
            let request_id = error.request_id();
            let is_its_fault = context.raw().status().is_server_error();
            let message = context.err().message().unwrap_or_default();
            of_service(context.err().code(), message, is_its_fault, request_id)
        }
        SdkError::DispatchFailure(failure) => {
            let cause = failure.as_connector_error();
            match cause.and_then(|cause| credentials::problem_of(cause)) {
                // Without credentials there was nothing to sign, and nothing was sent.
                Some(problem) => refused("CredentialsUnavailable", problem.text().en, None),
                None => unknown(&DisplayErrorContext(error).to_string()),
            }
        }
        SdkError::TimeoutError(_) => unknown("no answer in time"),
        // Built wrong, and so never sent.
        SdkError::ConstructionFailure(_) => {
            refused("NotSent", &DisplayErrorContext(error).to_string(), None)
        }
        _ => unknown(&DisplayErrorContext(error).to_string()),
    }
}

fn of_service(
    code: Option<&str>,
    message: &str,
    is_its_fault: bool,
    request_id: Option<&str>,
) -> CallResult {
    let Some(code) = code else {
        return unknown(&format!("an answer without an error code: {message}"));
    };
    let bare = code.strip_prefix("Client.").or_else(|| code.strip_prefix("Server."));
    let bare = bare.unwrap_or(code);
    let says_nothing_done = NOTHING_DONE.iter().any(|start| bare.starts_with(start));
    if ITS_OWN.contains(&bare) || (is_its_fault && !says_nothing_done) {
        let request = request_id.map(|id| format!(" (request {id})")).unwrap_or_default();
        return unknown(&format!("{bare}: {message}{request}"));
    }
    refused(bare, message, request_id)
}

fn unknown(why: &str) -> CallResult {
    CallResult::Unknown { why: sanitised(why) }
}

/// Shortens a message, and takes out what says more than a journal should hold.
fn sanitised(text: &str) -> String {
    let text = text.split_once(ENCODED).map_or(text, |(before, _)| before);
    let is_key = |word: &str| {
        let word = word.trim_matches(|letter: char| !letter.is_ascii_alphanumeric());
        word.len() >= KEY_LENGTH && KEY_STARTS.iter().any(|start| word.starts_with(start))
    };
    let words: Vec<&str> =
        text.split_whitespace().map(|word| if is_key(word) { "[key]" } else { word }).collect();
    let line: String = words.join(" ").chars().filter(|letter| !letter.is_control()).collect();
    shortened(&line)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sorted(code: &str, is_its_fault: bool) -> CallResult {
        of_service(Some(code), "words", is_its_fault, Some("r-1"))
    }

    #[test]
    fn what_aws_refuses_was_not_done() {
        for (code, is_its_fault) in [
            ("IncorrectInstanceState", false),
            ("UnauthorizedOperation", false),
            // EC2 sends these as if they were faults of its own.
            ("InsufficientInstanceCapacity", true),
            ("RequestLimitExceeded", true),
            ("ThrottlingException", false),
        ] {
            assert_eq!(sorted(code, is_its_fault).refusal(), Some(code));
        }
        assert_eq!(sorted("Client.AuthFailure", false).refusal(), Some("AuthFailure"));
    }

    #[test]
    fn a_fault_of_aws_may_have_been_done() {
        for (code, is_its_fault) in [
            ("InternalError", true),
            ("InternalFailure", false),
            ("Unavailable", true),
            ("502", true),
        ] {
            let CallResult::Unknown { why } = sorted(code, is_its_fault) else {
                unreachable!("{code}");
            };
            assert!(why.contains(code) && why.contains("r-1"), "{why}");
        }
        assert!(matches!(of_service(None, "<html>", false, None), CallResult::Unknown { .. }));
    }

    #[test]
    fn no_key_and_no_encoded_request_is_kept() {
        let message = "You are not authorized. Encoded authorization failure message: 1hQx9secret";
        assert_eq!(sanitised(message), "You are not authorized.");
        assert_eq!(sanitised("the key (AKIAIOSFODNN7EXAMPLE) is old"), "the key [key] is old");
    }
}
