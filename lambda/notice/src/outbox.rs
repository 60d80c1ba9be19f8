//! The messages that wait: taken under a lease, and marked with what became of them.
//!
//! A row goes from `pending` to `sending` and then to `sent`, `failed` (given up), `uncertain` (nobody knows whether it
//! arrived, and the channel cannot tell a repeated message), or back to `pending`. `cancelled` and `expired` rows wait
//! for nothing: their notice was withdrawn, or ended before they went out.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use sqlx::{Connection, MySqlConnection, Row};
use thiserror::Error;

use crate::channel::{Channel, Message, Outcome, Parcel, Repeat};
use crate::connection;
use crate::moment;

/// How long a claimed row belongs to who claimed it: far longer than a message may take.
pub const LEASE: Duration = Duration::from_secs(60);
/// How many rows are claimed at once.
const BATCH: i64 = 10;
/// How often rows are asked for that others are in the way of.
const ATTEMPTS_OF_CLAIM: u32 = 4;
/// How often a message is tried that a channel does not take for now.
const ATTEMPTS_AT_MOST: i32 = 12;
/// How long a message waits after its first failure; twice as long after each other one, up to a quarter of an hour.
const FIRST_PAUSE: SignedDuration = SignedDuration::from_secs(20);
const LONGEST_PAUSE: SignedDuration = SignedDuration::from_mins(15);
/// How soon a message of which nobody knows is sent again under its key.
const PAUSE_OF_KEYED: SignedDuration = SignedDuration::from_secs(10);
const REASON_CHARACTERS_AT_MOST: usize = 1000;

/// Is a message that somebody is about to send.
#[derive(Debug)]
pub struct Claim {
    /// What is sent.
    pub message: Message,
    /// The oldest earlier attempt that may have arrived.
    pub tried_at: Option<Timestamp>,
    /// How many attempts there are with this one; it names the claim.
    attempts: i32,
    /// When the notice ends.
    pub until: Option<Timestamp>,
}

/// Says what to do with a message that was claimed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Send it.
    Send,
    /// Leave it: an earlier attempt may have arrived, and the channel would deliver a second one.
    LeaveUncertain,
    /// Leave it: its notice has ended before it was sent.
    LeaveExpired,
}

/// Is what becomes of a row after an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mark {
    /// It was taken; with the channel's own number.
    Sent(Option<String>),
    /// It is given up.
    Failed(String),
    /// Nobody knows.
    Uncertain(String),
    /// Its notice has ended.
    Expired,
    /// It is due again.
    Again {
        /// From when.
        due: Timestamp,
        /// The oldest attempt that may have arrived.
        tried_at: Option<Timestamp>,
        /// Why it did not go out.
        reason: String,
    },
}

/// Says why the outbox cannot be read or written.
#[derive(Debug, Error)]
pub enum OutboxError {
    /// The rows cannot be claimed.
    #[error("could not take messages from the outbox")]
    Claim(#[source] sqlx::Error),
    /// A row has what this program does not write.
    #[error("could not understand message {message_key} of the outbox")]
    Row {
        /// The row.
        message_key: String,
    },
    /// A result cannot be written.
    #[error("could not mark message {message_key} of the outbox")]
    Mark {
        /// The row.
        message_key: String,
        /// Why.
        #[source]
        cause: sqlx::Error,
    },
}

/// Decides about a message before it is sent.
pub fn next(claim: &Claim, repeat: Repeat, now: Timestamp) -> Next {
    let is_uncertain = match (claim.tried_at, repeat) {
        (None, _) | (Some(_), Repeat::Harmless) => false,
        (Some(_), Repeat::Delivered) => true,
        (Some(tried_at), Repeat::DroppedFor(window)) => {
            now.duration_since(tried_at)
                >= SignedDuration::try_from(window).unwrap_or(SignedDuration::MAX)
        }
    };
    if is_uncertain {
        Next::LeaveUncertain
    } else if claim.until.is_some_and(|until| until <= now) {
        // What may have arrived already is settled even after the end, because it may have failed.
        if claim.tried_at.is_some() { Next::LeaveUncertain } else { Next::LeaveExpired }
    } else {
        Next::Send
    }
}

/// Decides about a message after an attempt that began at `began`.
pub fn mark(
    claim: &Claim,
    repeat: Repeat,
    outcome: Outcome,
    began: Timestamp,
    now: Timestamp,
) -> Mark {
    match outcome {
        Outcome::Taken(receipt) => Mark::Sent(receipt),
        Outcome::Refused(reason) => match claim.tried_at {
            None => Mark::Failed(reason),
            Some(_) => Mark::Uncertain(reason),
        },
        Outcome::NotNow(reason) if claim.attempts < ATTEMPTS_AT_MOST => {
            Mark::Again { due: later(now, pause(claim.attempts)), tried_at: claim.tried_at, reason }
        }
        Outcome::NotNow(reason) => match claim.tried_at {
            None => Mark::Failed(reason),
            Some(_) => Mark::Uncertain(reason),
        },
        Outcome::Unknown(reason) => match repeat {
            Repeat::Delivered => Mark::Uncertain(reason),
            Repeat::DroppedFor(_) | Repeat::Harmless if claim.attempts < ATTEMPTS_AT_MOST => {
                let tried_at = Some(claim.tried_at.unwrap_or(began));
                Mark::Again { due: later(now, PAUSE_OF_KEYED), tried_at, reason }
            }
            Repeat::DroppedFor(_) | Repeat::Harmless => Mark::Uncertain(reason),
        },
    }
}

fn pause(attempts: i32) -> SignedDuration {
    let doublings = u32::try_from(attempts.clamp(1, 10) - 1).unwrap_or(0);
    FIRST_PAUSE.saturating_mul(2_i32.saturating_pow(doublings)).min(LONGEST_PAUSE)
}

fn later(now: Timestamp, pause: SignedDuration) -> Timestamp {
    now.saturating_add(pause).unwrap_or(now)
}

/// Claims messages that are due, and those whose lease has run out because whoever held it died.
///
/// # Errors
///
/// When the database fails; nothing is claimed then.
pub async fn claim(
    connection: &mut MySqlConnection,
    now: Timestamp,
) -> Result<Vec<Claim>, OutboxError> {
    for _ in 1..ATTEMPTS_OF_CLAIM {
        match claim_once(connection, now).await {
            Err(OutboxError::Claim(cause)) if connection::is_contention(&cause) => {}
            other => return other,
        }
    }
    claim_once(connection, now).await
}

async fn claim_once(
    connection: &mut MySqlConnection,
    now: Timestamp,
) -> Result<Vec<Claim>, OutboxError> {
    let mut transaction = connection.begin().await.map_err(OutboxError::Claim)?;
    // Rows that another environment is just taking are left to it.
    let rows = sqlx::query(
        "SELECT message_key, notice_key, channel, payload, attempts + 1, TIMESTAMPDIFF(MICROSECOND, '1970-01-01', tried_at) \
         FROM outbox WHERE state IN ('pending', 'sending') AND due_at <= ? ORDER BY due_at LIMIT ? \
         FOR UPDATE SKIP LOCKED",
    )
    .bind(moment::to_sql(now))
    .bind(BATCH)
    .fetch_all(&mut *transaction)
    .await
    .map_err(OutboxError::Claim)?;
    let mut claims = Vec::new();
    for row in &rows {
        claims.push(read_claim(&mut transaction, row).await?);
        lease(&mut transaction, row, now).await.map_err(OutboxError::Claim)?;
    }
    transaction.commit().await.map_err(OutboxError::Claim)?;
    Ok(claims)
}

async fn lease(
    connection: &mut MySqlConnection,
    row: &sqlx::mysql::MySqlRow,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    let message_key: String = row.try_get(0)?;
    let end = later(now, SignedDuration::try_from(LEASE).unwrap_or(SignedDuration::MAX));
    // From here on it may arrive: if nobody marks the row, that is what is known.
    sqlx::query(
        "UPDATE outbox SET state = 'sending', due_at = ?, attempts = attempts + 1, tried_at = COALESCE(tried_at, ?), \
         changed_at = ? WHERE message_key = ?",
    )
    .bind(moment::to_sql(end))
    .bind(moment::to_sql(now))
    .bind(moment::to_sql(now))
    .bind(message_key)
    .execute(connection)
    .await?;
    Ok(())
}

async fn read_claim(
    connection: &mut MySqlConnection,
    row: &sqlx::mysql::MySqlRow,
) -> Result<Claim, OutboxError> {
    let message_key: String = row.try_get(0).map_err(OutboxError::Claim)?;
    let strange = || OutboxError::Row { message_key: message_key.clone() };
    let notice_key: Option<String> = row.try_get(1).map_err(OutboxError::Claim)?;
    let channel: String = row.try_get(2).map_err(OutboxError::Claim)?;
    let payload: Option<String> = row.try_get(3).map_err(OutboxError::Claim)?;
    let attempts: i64 = row.try_get(4).map_err(OutboxError::Claim)?;
    let tried_at: Option<i64> = row.try_get(5).map_err(OutboxError::Claim)?;
    let channel = Channel::named(&channel).ok_or_else(strange)?;
    let (parcel, until) = match (notice_key, payload) {
        (Some(notice_key), _) => {
            read_notice(connection, &notice_key).await.map_err(OutboxError::Claim)?
        }
        (None, Some(payload)) => (Parcel::Refusal(payload), None),
        (None, None) => return Err(strange()),
    };
    Ok(Claim {
        message: Message { key: message_key.clone(), channel, parcel },
        tried_at: tried_at.and_then(moment::from_microseconds),
        attempts: i32::try_from(attempts).map_err(|_| strange())?,
        until,
    })
}

async fn read_notice(
    connection: &mut MySqlConnection,
    notice_key: &str,
) -> Result<(Parcel, Option<Timestamp>), sqlx::Error> {
    let row = sqlx::query(
        "SELECT id, title, body, language, audience, TIMESTAMPDIFF(MICROSECOND, '1970-01-01', publish_until) \
         FROM notices WHERE notice_key = ?",
    )
    .bind(notice_key)
    .fetch_one(connection)
    .await?;
    let until: Option<i64> = row.try_get(5)?;
    let parcel = Parcel::Notice {
        notice_key: notice_key.to_owned(),
        id: row.try_get(0)?,
        title: row.try_get(1)?,
        body: row.try_get(2)?,
        language: row.try_get(3)?,
        audience: row.try_get(4)?,
    };
    Ok((parcel, until.and_then(moment::from_microseconds)))
}

/// Writes what became of a message.
///
/// # Errors
///
/// When the database fails; the lease then runs out.
pub async fn write_mark(
    connection: &mut MySqlConnection,
    claim: &Claim,
    mark: &Mark,
    now: Timestamp,
) -> Result<(), OutboxError> {
    let (state, receipt, reason) = match mark {
        Mark::Sent(receipt) => ("sent", receipt.as_deref(), None),
        Mark::Failed(reason) => ("failed", None, Some(reason.as_str())),
        Mark::Uncertain(reason) => ("uncertain", None, Some(reason.as_str())),
        Mark::Expired => ("expired", None, Some("its notice had ended")),
        Mark::Again { reason, .. } => ("pending", None, Some(reason.as_str())),
    };
    let (due, tried_at) = match mark {
        Mark::Again { due, tried_at, .. } => (*due, *tried_at),
        Mark::Expired => (now, None),
        Mark::Sent(_) | Mark::Failed(_) | Mark::Uncertain(_) => (now, claim.tried_at),
    };
    let reason =
        reason.map(|reason| reason.chars().take(REASON_CHARACTERS_AT_MOST).collect::<String>());
    // Of two who hold the same message, because a lease ran out, the later claim decides; that it was taken is true
    // whoever says it.
    let statement = if state == "sent" {
        "UPDATE outbox SET state = ?, due_at = ?, tried_at = ?, receipt = ?, reason = ?, changed_at = ? \
         WHERE message_key = ? AND attempts >= ?"
    } else {
        "UPDATE outbox SET state = ?, due_at = ?, tried_at = ?, receipt = ?, reason = ?, changed_at = ? \
         WHERE message_key = ? AND attempts = ? AND state = 'sending'"
    };
    sqlx::query(statement)
        .bind(state)
        .bind(moment::to_sql(due))
        .bind(tried_at.map(moment::to_sql))
        .bind(receipt.map(|receipt| receipt.chars().take(255).collect::<String>()))
        .bind(reason)
        .bind(moment::to_sql(now))
        .bind(&claim.message.key)
        .bind(claim.attempts)
        .execute(connection)
        .await
        .map_err(|cause| OutboxError::Mark { message_key: claim.message.key.clone(), cause })?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + seconds).expect("a moment")
    }

    fn claim(tried_at: Option<i64>, attempts: i32) -> Claim {
        let message = Message {
            key: "key".to_owned(),
            channel: Channel::Push,
            parcel: Parcel::Refusal("{}".to_owned()),
        };
        Claim { message, tried_at: tried_at.map(at), attempts, until: None }
    }

    const WINDOW: Repeat = Repeat::DroppedFor(Duration::from_secs(300));

    #[test]
    fn a_first_attempt_is_sent_by_every_channel() {
        for repeat in [Repeat::Delivered, WINDOW, Repeat::Harmless] {
            assert_eq!(next(&claim(None, 1), repeat, at(0)), Next::Send);
        }
    }

    #[test]
    fn a_message_of_a_crash_is_sent_again_only_where_a_second_one_is_dropped() {
        assert_eq!(next(&claim(Some(0), 2), Repeat::Delivered, at(60)), Next::LeaveUncertain);
        assert_eq!(next(&claim(Some(0), 2), WINDOW, at(299)), Next::Send);
        assert_eq!(next(&claim(Some(0), 2), WINDOW, at(300)), Next::LeaveUncertain);
        assert_eq!(next(&claim(Some(0), 2), Repeat::Harmless, at(9999)), Next::Send);
    }

    #[test]
    fn a_message_of_a_notice_that_ended_stays() {
        let ended = Claim { until: Some(at(0)), ..claim(None, 1) };
        assert_eq!(next(&ended, WINDOW, at(0)), Next::LeaveExpired);
    }

    #[test]
    fn an_answer_that_never_came_is_uncertain_where_it_would_be_delivered_twice() {
        let lost = || Outcome::Unknown("late".to_owned());
        assert_eq!(
            mark(&claim(None, 1), Repeat::Delivered, lost(), at(0), at(9)),
            Mark::Uncertain("late".to_owned())
        );
        assert_eq!(
            mark(&claim(None, 1), WINDOW, lost(), at(0), at(9)),
            Mark::Again { due: at(19), tried_at: Some(at(0)), reason: "late".to_owned() }
        );
    }

    #[test]
    fn a_channel_that_is_busy_is_asked_later_and_not_for_ever() {
        let busy = || Outcome::NotNow("busy".to_owned());
        assert_eq!(
            mark(&claim(None, 3), Repeat::Delivered, busy(), at(0), at(0)),
            Mark::Again { due: at(80), tried_at: None, reason: "busy".to_owned() }
        );
        assert_eq!(
            mark(&claim(None, ATTEMPTS_AT_MOST), Repeat::Delivered, busy(), at(0), at(0)),
            Mark::Failed("busy".to_owned())
        );
    }

    #[test]
    fn a_refusal_after_an_attempt_that_may_have_arrived_says_nothing_about_that_one() {
        let refused = Outcome::Refused("no".to_owned());
        assert_eq!(
            mark(&claim(Some(0), 2), WINDOW, refused, at(60), at(61)),
            Mark::Uncertain("no".to_owned())
        );
    }
}
