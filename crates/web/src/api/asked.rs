//! A question to the API: who asks, and how it is answered.

use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::request::Parts;
use axum::response::Response;
use serde::Serialize;

use trimtab_app::failure::Failure;

use super::answer::made;
use crate::blocking;
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
