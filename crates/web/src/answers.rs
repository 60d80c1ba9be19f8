//! Whole answers that are kept: one is made once for all who want it the same way.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use jiff::civil::Date;
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use tokio::sync::Semaphore;

use trimtab_app::pipeline;
use trimtab_model::money::Currency;
use trimtab_model::text::Language;
use trimtab_store::state::Mark;

use crate::blocking;
use crate::etag;
use crate::reader::{Reader, Theme};
use crate::scope::Scope;
use crate::shared::Shared;

/// Bytes of answers that are held at most: pages and lists have some tens of kilobytes.
const MOST: u64 = 64 << 20;
/// How many that may be about.
const ANSWERS: usize = 2_000;
/// An answer of more bytes is made anew each time.
const LARGEST: usize = 4 << 20;
/// Seconds after which one is made anew though nothing has changed: some say how old something is.
const SECONDS: i64 = 60;
/// Seconds after which nobody is given it any more: until then whoever comes has it while it is made anew.
const LONGEST: i64 = 120;
/// How many are made anew at a time behind the backs of readers, who come first.
const AT_ONCE: usize = 1;
/// The headers of an answer that are kept with it.
const KEPT: [HeaderName; 5] = [
    header::CONTENT_TYPE,
    header::CONTENT_ENCODING,
    header::CONTENT_DISPOSITION,
    header::VARY,
    header::CACHE_CONTROL,
];

/// Answers that are kept.
pub(crate) struct Answers {
    kept: Cache<Question, Answer, Bodies>,
    renewing: Semaphore,
}

/// All that an answer depends on.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Question {
    of: Mark,
    day: Date,
    address: String,
    language: Language,
    currency: Option<Currency>,
    theme: Theme,
    /// What was chosen for every page: a page that does not follow it says so.
    chosen: Scope,
    /// Every `Accept-Encoding`: what is compressed is so for who takes it.
    encodings: Vec<Vec<u8>>,
}

#[derive(Clone)]
struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
    /// When it was made, in seconds since 1970.
    made_at: i64,
    /// Whether it is being made anew.
    is_renewed: Arc<AtomicBool>,
}

/// Answers weigh what their bodies do.
#[derive(Clone)]
struct Bodies;

impl Weighter<Question, Answer> for Bodies {
    fn weight(&self, question: &Question, answer: &Answer) -> u64 {
        (answer.body.len() + question.address.len()) as u64 + 1024
    }
}

impl Answers {
    /// Holds none yet.
    pub(crate) fn new() -> Self {
        let kept = Cache::with_weighter(ANSWERS, MOST, Bodies);
        Self { kept, renewing: Semaphore::new(AT_ONCE) }
    }
}

impl Question {
    fn of(shared: &Shared, reader: &Reader, request: &Request, mark: Mark) -> Self {
        let encodings = request.headers().get_all(header::ACCEPT_ENCODING).iter();
        Self {
            of: mark,
            day: pipeline::today(&shared.settings),
            address: reader.address(),
            language: reader.style.language,
            currency: reader.style.currency,
            theme: reader.theme,
            chosen: reader.chosen.clone(),
            encodings: encodings.map(|value| value.as_bytes().to_vec()).collect(),
        }
    }
}

/// Answers with what is kept; has the answer made and kept where there is none.
pub(crate) async fn keep(
    State(shared): State<Arc<Shared>>,
    reader: Reader,
    mut request: Request,
    next: Next,
) -> Response {
    if request.method() != Method::GET {
        return next.run(request).await;
    }
    let Ok(mark) = blocking::read(&shared, Shared::mark).await else {
        // Whatever it is that cannot be read, the page says it.
        return next.run(request).await;
    };
    // What is kept is whole, whatever this reader has already.
    let known = request.headers_mut().remove(header::IF_NONE_MATCH);
    let question = Question::of(&shared, &reader, &request, mark);
    if let Some(answer) = shared.answers.kept.get(&question) {
        let age = now() - answer.made_at;
        if age < LONGEST {
            if age >= SECONDS && !answer.is_renewed.swap(true, Ordering::Relaxed) {
                tokio::spawn(renewed(Arc::clone(&shared), question, request, next));
            }
            return answer.given(known.as_ref());
        }
        shared.answers.kept.remove_if(&question, |kept| kept.made_at == answer.made_at);
    }
    // It is made to its end though this reader may leave: others wait for it, or will come.
    let making = tokio::spawn(async move { made(&shared, question, request, next).await });
    match making.await {
        Ok(Ok(answer)) => answer.given(known.as_ref()),
        Ok(Err(response)) => response,
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

fn now() -> i64 {
    Timestamp::now().as_second()
}

/// Makes an answer anew that is kept. Where that fails, the next reader after its end has it made, and sees why.
async fn renewed(shared: Arc<Shared>, question: Question, request: Request, next: Next) {
    let Ok(_turn) = shared.answers.renewing.acquire().await else { return };
    if let Ok(answer) = Answer::of(next.run(request).await).await {
        shared.answers.kept.insert(question, answer);
    }
}

/// Makes an answer and keeps it, or waits for whoever makes it.
///
/// # Errors
/// Gives back an answer that is not kept: a failure, or one that is large.
async fn made(
    shared: &Shared,
    question: Question,
    request: Request,
    next: Next,
) -> Result<Answer, Response> {
    let guard = match shared.answers.kept.get_value_or_guard_async(&question).await {
        Ok(answer) => return Ok(answer),
        Err(guard) => guard,
    };
    let answer = Answer::of(next.run(request).await).await?;
    // Where it has no room any more it was still made.
    drop(guard.insert(answer.clone()));
    Ok(answer)
}

impl Answer {
    /// Takes what can be kept of a response: what there is, that there is nothing, and that the question is none.
    ///
    /// # Errors
    /// Gives back what is not kept: a failure, or a large answer.
    async fn of(response: Response) -> Result<Self, Response> {
        let status = response.status();
        if !matches!(status, StatusCode::OK | StatusCode::NOT_FOUND | StatusCode::BAD_REQUEST) {
            return Err(response);
        }
        let (parts, body) = response.into_parts();
        let Ok(body) = to_bytes(body, usize::MAX).await else {
            return Err(StatusCode::INTERNAL_SERVER_ERROR.into_response());
        };
        if body.len() > LARGEST || parts.headers.contains_key(header::SET_COOKIE) {
            return Err(Response::from_parts(parts, Body::from(body)));
        }
        let mut headers: HeaderMap = KEPT
            .iter()
            .filter_map(|name| parts.headers.get(name).map(|value| (name.clone(), value.clone())))
            .collect();
        let tag = parts.headers.get(header::ETAG).cloned();
        headers.insert(header::ETAG, tag.unwrap_or_else(|| etag::of(&body)));
        Ok(Self { status, headers, body, made_at: now(), is_renewed: Arc::default() })
    }

    /// Gives it to a reader, or says that the reader has it.
    fn given(self, known: Option<&HeaderValue>) -> Response {
        if self.status != StatusCode::OK {
            return (self.status, self.headers, self.body).into_response();
        }
        if self.headers.get(header::ETAG).is_some_and(|tag| etag::is_known(known, tag)) {
            return (StatusCode::NOT_MODIFIED, self.headers).into_response();
        }
        (self.headers, self.body).into_response()
    }
}
