//! Errors of the API: RFC 9457, with what to do next.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use trimtab_app::failure::{Failure, Kind};
use trimtab_model::text::{Language, Text};

/// An error as RFC 9457 has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct Problem {
    /// Always `about:blank`: `code` tells what it is.
    #[serde(rename = "type")]
    pub(crate) kind: &'static str,
    /// What did not work, in a sentence.
    pub(crate) title: String,
    /// The status of the answer.
    pub(crate) status: u16,
    /// A stable word: `failed`, `usage`, `permission`, `stale`, `refused`, `not-found`, `method-not-allowed`,
    /// `unauthorized`, `read-only`, `foreign-origin`, `foreign-host`…
    pub(crate) code: &'static str,
    /// Why, from the outside in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) detail: Option<String>,
    /// What to do next.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) hint: Option<String>,
}

impl Problem {
    /// Makes a problem of our own.
    pub(crate) fn new(
        status: StatusCode,
        code: &'static str,
        title: &Text,
        hint: Option<&Text>,
        language: Language,
    ) -> Self {
        Self {
            kind: "about:blank",
            title: title.get(language).to_owned(),
            status: status.as_u16(),
            code,
            detail: None,
            hint: hint.map(|hint| hint.get(language).to_owned()),
        }
    }

    /// Makes the problem of a failure.
    pub(crate) fn of(failure: &Failure, language: Language) -> Self {
        let causes: Vec<&str> = failure.causes.iter().map(|cause| cause.get(language)).collect();
        Self {
            kind: "about:blank",
            title: failure.message.get(language).to_owned(),
            status: status(failure).as_u16(),
            code: code(failure),
            detail: (!causes.is_empty()).then(|| causes.join(": ")),
            hint: failure.hint.as_ref().map(|hint| hint.get(language).to_owned()),
        }
    }

    /// Makes the problem of something that was asked for and not done. What says what to do instead is a refusal, and
    /// stays one when it is asked again; what cannot be read or written is a failure of ours.
    pub(crate) fn undone(failure: &Failure, language: Language) -> Self {
        let is_refused = match failure.kind {
            Kind::Failed => failure.hint.is_some(),
            Kind::NeedsOperator => true,
            Kind::Usage
            | Kind::Permission
            | Kind::Partial
            | Kind::Stale
            | Kind::RolledBack
            | Kind::Interrupted => false,
        };
        let problem = Self::of(failure, language);
        if !is_refused {
            return problem;
        }
        Self { status: StatusCode::CONFLICT.as_u16(), code: "refused", ..problem }
    }

    /// Returns the status.
    pub(crate) fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

/// Returns the status of an answer about a failure.
fn status(failure: &Failure) -> StatusCode {
    match failure.kind {
        Kind::Usage => StatusCode::BAD_REQUEST,
        Kind::Permission => StatusCode::FORBIDDEN,
        Kind::Stale => StatusCode::CONFLICT,
        Kind::Failed
        | Kind::Partial
        | Kind::RolledBack
        | Kind::NeedsOperator
        | Kind::Interrupted => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

fn code(failure: &Failure) -> &'static str {
    match failure.kind {
        Kind::Failed => "failed",
        Kind::Usage => "usage",
        Kind::Permission => "permission",
        Kind::Partial => "partial",
        Kind::Stale => "stale",
        Kind::RolledBack => "rolled-back",
        Kind::NeedsOperator => "needs-operator",
        Kind::Interrupted => "interrupted",
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = self.status();
        let mut response = (status, Json(self)).into_response();
        let media_type = HeaderValue::from_static("application/problem+json");
        response.headers_mut().insert(header::CONTENT_TYPE, media_type);
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_says_what_to_do_instead_is_refused_and_the_rest_failed() {
        let failed = || Failure::new(Kind::Failed, ("no", "안 됩니다"));
        let status = |failure: &Failure| Problem::undone(failure, Language::En).status;
        assert_eq!(status(&failed()), 500);
        assert_eq!(status(&failed().with_hint(("do that", "이렇게 하세요"))), 409);
        assert_eq!(status(&Failure::usage(("no", "안 됩니다"), ("so", "이렇게"))), 400);
        assert_eq!(status(&Failure::new(Kind::Stale, ("old", "오래되었습니다"))), 409);
    }
}
