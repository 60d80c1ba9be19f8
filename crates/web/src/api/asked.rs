//! A question to the API: who asks, and how it is answered.

use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::request::Parts;
use axum::response::Response;
use serde::Serialize;

use trimtab_app::failure::Failure;
use trimtab_model::text::Language;

use super::answer::{made, nothing};
use super::part::{MOST, Part, json_of};
use crate::blocking;
use crate::problem::Problem;
use crate::reader::Reader;
use crate::shared::Shared;

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

    /// Returns a header of the request, letter by letter as it was sent; none where it is not given.
    pub(crate) fn header(&self, name: &str) -> Option<String> {
        self.headers.get(name).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
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
