//! What AWS's own services recommend, place by place, several at once.

use std::pin::Pin;

use futures::StreamExt;
use futures::stream;

use trimtab_aws::collector::Reach;
use trimtab_aws::opinions::{self, Read};
use trimtab_aws::session::Session;
use trimtab_model::opinion::OpinionReading;
use trimtab_store::state::State;

use super::places::Places;
use crate::failure::{Failure, Kind};
use crate::pipeline::state::now;

/// Places that are asked at once.
const AT_ONCE: usize = 8;

/// What asking gave, over all places.
#[derive(Debug, Default)]
pub(super) struct Asked {
    /// How asking ended, place by place.
    pub(super) readings: Vec<OpinionReading>,
    /// Whether all places were asked.
    pub(super) finished: bool,
}

/// Asks everywhere and keeps each answer as it comes.
pub(super) async fn ask(
    state: &State,
    places: &Places,
    mut interruption: Pin<&mut impl Future<Output = ()>>,
) -> Result<Asked, Failure> {
    let jobs: Vec<(Session, Reach)> = places.sessions.clone();
    let mut running = stream::iter(jobs.into_iter().map(|(session, reach)| async move {
        tokio::spawn(async move { read(&session, reach).await }).await
    }))
    .buffer_unordered(AT_ONCE);
    let mut asked = Asked::default();
    loop {
        let next = tokio::select! {
            () = interruption.as_mut() => return Ok(asked),
            next = running.next() => next,
        };
        match next {
            Some(Ok(read)) => {
                state
                    .keep_opinions(&read.reading, &read.opinions)
                    .map_err(|cause| Failure::from_error(Kind::Failed, &cause))?;
                asked.readings.push(read.reading);
            }
            Some(Err(cause)) => {
                let message =
                    ("a listing ended unexpectedly", "목록 조회가 예기치 않게 끝났습니다");
                return Err(Failure::new(Kind::Failed, message).because(&cause));
            }
            None => {
                asked.finished = true;
                asked.readings.sort_by(|left, right| {
                    (&left.account, &left.region, left.source).cmp(&(
                        &right.account,
                        &right.region,
                        right.source,
                    ))
                });
                return Ok(asked);
            }
        }
    }
}

/// Cost Optimization Hub answers for all regions of an account, Compute Optimizer for one.
async fn read(session: &Session, reach: Reach) -> Read {
    match reach {
        Reach::Account => opinions::hub(session, now()).await,
        Reach::Region => opinions::compute_optimizer(session, now()).await,
    }
}
