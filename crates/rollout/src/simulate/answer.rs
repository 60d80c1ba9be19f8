//! What a control plane says to a call.

use std::collections::BTreeMap;

use trimtab_model::call::CallResult;

/// What was made by a call that was taken, or why it was refused.
pub(super) type Answer = Result<BTreeMap<String, String>, Refusal>;

/// A refusal in AWS's own code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refusal {
    code: String,
    message: String,
}

/// Refuses.
pub(super) fn refuse<T>(code: &str, message: impl Into<String>) -> Result<T, Refusal> {
    Err(Refusal { code: code.to_owned(), message: message.into() })
}

/// Takes a call that makes nothing new.
pub(super) fn taken() -> Answer {
    Ok(BTreeMap::new())
}

/// Takes a call that made something with an identifier.
pub(super) fn made(what: &str, id: &str) -> Answer {
    Ok(BTreeMap::from([(what.to_owned(), id.to_owned())]))
}

/// Writes an answer as a caller gets it.
pub(super) fn result(answer: Answer, request: usize) -> CallResult {
    let request_id = Some(format!("request-{request}"));
    match answer {
        Ok(made) => CallResult::Accepted { request_id, made },
        Err(Refusal { code, message }) => CallResult::Refused { code, message, request_id },
    }
}
