//! A question to the API: who asks, and how it is answered.

use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde::Serialize;

use trimtab_app::failure::Failure;
use trimtab_model::text::{Language, Text};

use super::answer::{made, nothing};
use super::part::{MOST, Part, json_of};
use crate::blocking;
use crate::problem::Problem;
use crate::reader::Reader;
use crate::repeats::is_key;
use crate::shared::Shared;

/// The header by which a request that is sent again is known.
const KEY: &str = "idempotency-key";

/// A question, and what it is answered from.
pub(crate) struct Asked {
    shared: Arc<Shared>,
    reader: Reader,
    headers: HeaderMap,
}

impl Asked {
    /// Answers with what `work` makes, away from the threads that serve; with why not, or that there is no such thing.
    pub(crate) async fn answered<T: Serialize + Send + 'static>(
        self,
        work: impl FnOnce(&Shared, &Reader) -> Result<Option<T>, Failure> + Send + 'static,
    ) -> Response {
        let reader = self.reader.clone();
        let found = blocking::read(&self.shared, move |shared| work(shared, &reader)).await;
        made(&self.headers, self.reader.style.language, found)
    }

    /// Answers as [`Asked::answered`] does, with the part of the `items` that the address asks for.
    pub(crate) async fn listed<T: Serialize + Send + 'static>(
        self,
        work: impl FnOnce(&Shared, &Reader) -> Result<Option<T>, Failure> + Send + 'static,
    ) -> Response {
        self.answered(move |shared, reader| {
            let part = Part::of(&reader.query, MOST)?;
            let Some(found) = work(shared, reader)? else { return Ok(None) };
            let mut answer = json_of(&found)?;
            part.of_answer(&mut answer);
            Ok(Some(answer))
        })
        .await
    }

    /// Does what `work` does, and returns what became of it.
    ///
    /// # Errors
    /// Says why it was not done, or that there is no such thing.
    pub(crate) async fn acted<T: Send + 'static>(
        self,
        work: impl FnOnce(&Shared, &Reader) -> Result<Option<T>, Failure> + Send + 'static,
    ) -> Result<T, Problem> {
        let (reader, language) = (self.reader.clone(), self.reader.style.language);
        let done = blocking::read(&self.shared, move |shared| work(shared, &reader)).await;
        match done {
            Err(failure) => Err(Problem::undone(&failure, language)),
            Ok(None) => Err(nothing(language)),
            Ok(Some(value)) => Ok(value),
        }
    }

    /// Returns the key by which a request that is sent again is known, letter by letter as it was sent; none where it
    /// is not given.
    ///
    /// # Errors
    /// Fails on what may be no key.
    pub(crate) fn key(&self) -> Result<Option<String>, Problem> {
        let given = self.headers.get(KEY);
        let key = given.map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
        match key {
            Some(key) if !is_key(&key) => Err(wrong_key(self.language())),
            key => Ok(key),
        }
    }

    /// Returns the language of whoever asks.
    pub(crate) fn language(&self) -> Language {
        self.reader.style.language
    }
}

impl FromRequestParts<Arc<Shared>> for Asked {
    type Rejection = Infallible;

    async fn from_request_parts(
        parts: &mut Parts,
        shared: &Arc<Shared>,
    ) -> Result<Self, Infallible> {
        let reader = Reader::from_request_parts(parts, shared).await?;
        Ok(Self { shared: Arc::clone(shared), reader, headers: parts.headers.clone() })
    }
}

fn wrong_key(language: Language) -> Problem {
    let title = Text::new("this is no idempotency key", "Idempotency-Key로 쓸 수 없는 값입니다");
    let hint = Text::new(
        "send up to 200 printable characters without spaces, such as a UUID",
        "UUID처럼 공백 없는 인쇄 가능한 ASCII 문자를 200자 이내로 보내세요",
    );
    Problem::new(StatusCode::BAD_REQUEST, "usage", &title, Some(&hint), language)
}
