//! What happens in a run, told while it happens: server-sent events.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Path, State};
use axum::http::{HeaderMap, header};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures::stream;
use tokio::sync::watch;

use trimtab_app::failure::Failure;
use trimtab_render::contract::{compact, entry_json};

use super::answer::not_found;
use crate::blocking;
use crate::pages::run::found;
use crate::problem::Problem;
use crate::reader::Reader;
use crate::shared::Shared;

/// How often the journal is looked at.
const EVERY: Duration = Duration::from_secs(1);

/// What happens in one run: what the client has not seen yet, then everything that comes. Each `entry` is a line of
/// `trimtab run watch -o jsonl`; `end` says that nothing comes any more.
#[utoipa::path(get, path = "/api/v1/runs/{id}/events", tag = "runs",
    params(
        ("id" = String, Path),
        ("after" = Option<u64>, Query, description = "The number of the last entry that was seen"),
        ("Last-Event-ID" = Option<u64>, Header, description = "The same, as browsers send it"),
    ),
    responses(
        (status = 200, content_type = "text/event-stream", description = "`entry`, `failure` (a problem), `end`"),
        (status = 404, body = Problem),
    ))]
pub(crate) async fn run_events(
    State(shared): State<Arc<Shared>>,
    reader: Reader,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Response {
    let language = reader.style.language;
    let wanted = id.clone();
    match blocking::read(&shared, move |shared| found(shared, &wanted)).await {
        Err(failure) => return Problem::of(&failure, language).into_response(),
        Ok(None) => return not_found(language),
        Ok(Some(_)) => {}
    }
    let again = headers.get("last-event-id").and_then(|value| value.to_str().ok());
    let seen = again.or(reader.query.get("after")).and_then(|text| text.parse().ok());
    let closing = shared.closing();
    let watch =
        Watch { shared, reader, id, seen, pending: VecDeque::new(), stage: Stage::Fresh, closing };
    let events = stream::unfold(watch, |mut watch| async {
        watch.next().await.map(|event| (Ok::<_, Infallible>(event), watch))
    });
    // A proxy that gathers an answer before it passes it on would make it late.
    let unbuffered = [(header::HeaderName::from_static("x-accel-buffering"), "no")];
    (unbuffered, Sse::new(events).keep_alive(KeepAlive::default())).into_response()
}

/// How far somebody has been told.
struct Watch {
    shared: Arc<Shared>,
    reader: Reader,
    id: String,
    /// The number of the last entry that was told.
    seen: Option<u64>,
    pending: VecDeque<Event>,
    stage: Stage,
    closing: watch::Receiver<bool>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// Nothing was looked at yet.
    Fresh,
    /// More may come.
    Open,
    /// Nothing comes any more.
    Over,
}

impl Watch {
    async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some(event) = self.pending.pop_front() {
                return Some(event);
            }
            match self.stage {
                Stage::Over => return None,
                Stage::Fresh => {}
                Stage::Open => {
                    // A server that ends does not wait for those who watch.
                    tokio::select! {
                        () = tokio::time::sleep(EVERY) => {}
                        _ = self.closing.wait_for(|is_closing| *is_closing) => return None,
                    }
                }
            }
            self.look().await;
        }
    }

    /// Gathers what has happened since.
    async fn look(&mut self) {
        let (id, seen, style) = (self.id.clone(), self.seen, self.reader.style.clone());
        let told = blocking::read(&self.shared, move |shared| {
            let Some((run, stored)) = found(shared, &id)? else { return Ok((Vec::new(), false)) };
            let entries = match &run.journal {
                Ok(journal) => journal.entries(),
                Err(cause) => {
                    return Err(Failure::new(trimtab_app::failure::Kind::Failed, cause.clone()));
                }
            };
            let fresh = entries.iter().filter(|entry| seen.is_none_or(|seen| entry.number > seen));
            let told: Vec<(u64, String)> = fresh
                .map(|entry| (entry.number, compact(&entry_json(entry, &stored.plan, &style))))
                .collect();
            Ok((told, run.is_open()))
        })
        .await;
        self.stage = Stage::Open;
        match told {
            Ok((entries, is_open)) => {
                for (number, text) in entries {
                    self.seen = Some(number);
                    let event = Event::default().event("entry").id(number.to_string());
                    self.pending.push_back(event.data(text));
                }
                if !is_open {
                    self.pending.push_back(Event::default().event("end").data("{}"));
                    self.stage = Stage::Over;
                }
            }
            Err(failure) => {
                let problem = Problem::of(&failure, self.reader.style.language);
                let text = serde_json::to_string(&problem).unwrap_or_default();
                self.pending.push_back(Event::default().event("failure").data(text));
                self.stage = Stage::Over;
            }
        }
    }
}
