//! Takes messages out of the outbox, sends them, and writes down what became of them.

use std::time::Duration;

use futures_util::future::join_all;
use jiff::Timestamp;
use serde::Serialize;
use thiserror::Error;

use crate::channel::Channels;
use crate::connection::{ConnectionError, Database};
use crate::credentials::Credentials;
use crate::outbox::{self, Claim, Mark, Next, OutboxError};
use crate::settings::Settings;

/// Counts what became of messages.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Delivered {
    /// Their channels took them.
    pub sent: u32,
    /// They were given up.
    pub failed: u32,
    /// Nobody knows whether they arrived.
    pub uncertain: u32,
    /// Their notices had ended.
    pub expired: u32,
    /// They are due again.
    pub again: u32,
}

/// How much time has to be left before more messages are taken: they could not be finished.
const RESERVE: Duration = Duration::from_secs(20);
/// How much of its time an invocation spends on messages at most, so that the next event is not kept waiting.
const SPAN: Duration = Duration::from_secs(40);

/// How long the database may take for one thing that is asked of it: more than it waits for a lock.
const DATABASE_TIMEOUT: Duration = Duration::from_secs(15);
/// How often a result is written when the database fails, and how long after.
const MARK_ATTEMPTS: u32 = 5;
const MARK_PAUSE: Duration = Duration::from_secs(2);

/// Says why messages were not worked on.
#[derive(Debug, Error)]
pub enum DeliveryError {
    /// There is no database.
    #[error("could not use the database")]
    Connection(#[from] ConnectionError),
    /// The outbox cannot be read or written.
    #[error("could not work on the outbox")]
    Outbox(#[from] OutboxError),
    /// The database does not answer.
    #[error("the database did not answer within {} seconds", DATABASE_TIMEOUT.as_secs())]
    Late,
}

/// Is what is needed to deliver messages.
#[derive(Debug)]
pub struct Delivery<'a> {
    /// The database with the outbox.
    pub database: &'a mut Database,
    /// Where that is.
    pub settings: &'a Settings,
    /// The secrets.
    pub credentials: &'a Credentials,
    /// The ways out.
    pub channels: &'a Channels,
}

impl Delivery<'_> {
    /// Sends what is due until nothing is, or until time runs short; `deadline` counts from 1970.
    ///
    /// # Errors
    ///
    /// When the database fails. What was sent and could not be marked is found again when its lease has run out.
    pub async fn deliver(
        mut self,
        deadline: Duration,
        clock: impl Fn() -> Timestamp,
    ) -> Result<Delivered, DeliveryError> {
        let mut delivered = Delivered::default();
        let began = clock();
        loop {
            let now = clock();
            let spent = Duration::try_from(now.duration_since(began)).unwrap_or_default();
            if since_1970(now) + RESERVE > deadline || spent > SPAN {
                return Ok(delivered);
            }
            let connection = self.database.connection(self.settings, self.credentials, now).await?;
            let claims = in_time(outbox::claim(connection, now)).await?;
            if claims.is_empty() {
                return Ok(delivered);
            }
            let (channels, credentials) = (self.channels, self.credentials);
            let marks =
                join_all(claims.iter().map(|claim| attempt(claim, channels, credentials, &clock)))
                    .await;
            for (claim, mark) in claims.iter().zip(&marks) {
                self.write_mark(claim, mark, &clock).await?;
                delivered.count(claim, mark);
            }
        }
    }

    /// Writes down what became of a message. It is known now and by nobody else, so a failing database is asked again.
    async fn write_mark(
        &mut self,
        claim: &Claim,
        mark: &Mark,
        clock: impl Fn() -> Timestamp,
    ) -> Result<(), DeliveryError> {
        for _ in 1..MARK_ATTEMPTS {
            match self.write_mark_once(claim, mark, clock()).await {
                Ok(()) => return Ok(()),
                Err(error) => {
                    tracing::warn!(key = claim.message.key, %error, "result is written again")
                }
            }
            tokio::time::sleep(MARK_PAUSE).await;
        }
        self.write_mark_once(claim, mark, clock()).await
    }

    async fn write_mark_once(
        &mut self,
        claim: &Claim,
        mark: &Mark,
        now: Timestamp,
    ) -> Result<(), DeliveryError> {
        let connection = self.database.connection(self.settings, self.credentials, now).await?;
        let written = in_time(outbox::write_mark(connection, claim, mark, now)).await;
        if written.is_err() {
            self.database.forget();
        }
        written
    }
}

async fn in_time<T>(
    work: impl Future<Output = Result<T, OutboxError>>,
) -> Result<T, DeliveryError> {
    match tokio::time::timeout(DATABASE_TIMEOUT, work).await {
        Ok(done) => Ok(done?),
        Err(_) => Err(DeliveryError::Late),
    }
}

async fn attempt(
    claim: &Claim,
    channels: &Channels,
    credentials: &Credentials,
    clock: impl Fn() -> Timestamp,
) -> Mark {
    let began = clock();
    let repeat = channels.repeat(claim.message.channel);
    match outbox::next(claim, repeat, began) {
        Next::Send => {
            let outcome = channels.send(&claim.message, credentials, began).await;
            outbox::mark(claim, repeat, outcome, began, clock())
        }
        Next::LeaveUncertain => {
            Mark::Uncertain("the sender stopped before it could write down the answer".to_owned())
        }
        Next::LeaveExpired => Mark::Expired,
    }
}

fn since_1970(now: Timestamp) -> Duration {
    Duration::try_from(now.as_duration()).unwrap_or_default()
}

impl Delivered {
    fn count(&mut self, claim: &Claim, mark: &Mark) {
        let channel = claim.message.channel.name();
        let key = claim.message.key.as_str();
        match mark {
            Mark::Sent(_) => self.sent += 1,
            Mark::Expired => self.expired += 1,
            Mark::Again { reason, .. } => {
                self.again += 1;
                tracing::warn!(channel, key, %reason, "message is tried again");
            }
            Mark::Failed(reason) => {
                self.failed += 1;
                tracing::error!(channel, key, %reason, "message is given up");
            }
            Mark::Uncertain(reason) => {
                self.uncertain += 1;
                tracing::error!(channel, key, %reason, "message is uncertain");
            }
        }
    }
}
