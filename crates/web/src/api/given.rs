//! What is sent to the API: a JSON object of fields that are known.

use std::sync::Arc;

use axum::body::to_bytes;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::{HeaderMap, StatusCode, header};
use serde::de::DeserializeOwned;

use trimtab_model::text::{Language, Text};

use crate::problem::Problem;
use crate::reader::Reader;
use crate::shared::Shared;

/// Bytes of a body at most: some thousand identifiers have room.
const LARGEST: usize = 256 << 10;

/// A body that was read. One that is empty counts as an object without fields.
pub(super) struct Given<T>(pub(super) T);

impl<T: DeserializeOwned> FromRequest<Arc<Shared>> for Given<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, shared: &Arc<Shared>) -> Result<Self, Problem> {
        let (mut parts, body) = request.into_parts();
        let Ok(reader) = Reader::from_request_parts(&mut parts, shared).await;
        let language = reader.style.language;
        let bytes = to_bytes(body, LARGEST).await.map_err(|_| too_large(language))?;
        if bytes.is_empty() {
            return read(b"{}", language).map(Self);
        }
        if !is_json(&parts.headers) {
            return Err(no_json(language));
        }
        read(&bytes, language).map(Self)
    }
}

fn read<T: DeserializeOwned>(bytes: &[u8], language: Language) -> Result<T, Problem> {
    serde_json::from_slice(bytes).map_err(|cause| {
        let title = Text::new("the body cannot be read", "본문을 읽을 수 없습니다");
        let hint = Text::new(
            "send a JSON object with the fields that /api/openapi.json names",
            "/api/openapi.json에 있는 필드로 된 JSON 객체를 보내세요",
        );
        let problem = Problem::new(StatusCode::BAD_REQUEST, "usage", &title, Some(&hint), language);
        Problem { detail: Some(cause.to_string()), ..problem }
    })
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let kind = kind.and_then(|kind| kind.split(';').next()).unwrap_or_default().trim();
    kind.eq_ignore_ascii_case("application/json")
}

fn no_json(language: Language) -> Problem {
    let title = Text::new("the body is not called JSON", "본문이 JSON 형식이 아닙니다");
    let hint = Text::new(
        "send it with `Content-Type: application/json`",
        "`Content-Type: application/json` 헤더와 함께 보내세요",
    );
    let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
    Problem::new(status, "unsupported-media-type", &title, Some(&hint), language)
}

fn too_large(language: Language) -> Problem {
    let title = Text::new("the body is too large", "본문이 너무 큽니다");
    let hint = Text::new(
        format!("send {LARGEST} bytes at most; a filter is shorter than identifiers"),
        format!("{LARGEST}바이트 이내로 보내세요. 식별자를 나열하는 대신 필터를 쓰면 짧아집니다"),
    );
    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", &title, Some(&hint), language)
}
